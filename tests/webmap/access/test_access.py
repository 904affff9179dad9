"""The door: signing in and out, sessions, forms that only we can send, and every cell of the table."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from geo.model.vocabulary import Audience
from tests.readers.signed import PASSWORD, Clock, access_of, cookie, sign_in, ssp, staff, token
from webmap import roles as role_names
from webmap.access import Field, Role, people, table
from webmap.access.people import Presence, User
from webmap.access.store import accounts, sessions
from webmap.access.store.accounts import Account

# --- the table --------------------------------------------------------------------------------------------------------

P, T, S, D, A = Role.PUBLIC, Role.STAFF, Role.SSP, Role.DATA, Role.ADMIN
F, K = Role.DEPARTMENT, Role.SECRETARIAT
EVERYONE = {P, T, S, D, A, F, K}
FIGURES = {Field.OPEN: EVERYONE, Field.STAFF: {T}, Field.SSP: {S}}
FORM = {Field.OPEN: EVERYONE, Field.WRITE: EVERYONE}
PLAIN = {Field.OPEN: EVERYONE}
BY_HAND = {
    "lists.index_edition": FIGURES, "lists.index": FIGURES, "lists.housing_list": FIGURES, "lists.housing_lists": FIGURES,
    "measured.city_index": FIGURES, "measured.discrimination_page": FIGURES,
    "front.start": FIGURES, "goals.goal": FIGURES, "goals.labour": FIGURES, "barometer.page": FIGURES,
    "areas.plans": FIGURES, "areas.plan": FIGURES, "areas.review": FIGURES, "areas.hotspots": FIGURES,
    "areas.hotspot_report": FIGURES, "areas.areas": FIGURES, "areas.area": FIGURES, "figures.sources": FIGURES,
    "maps.index": FIGURES, "maps.page": FIGURES, "maps.values": FIGURES, "maps.download": FIGURES,
    "figures.origin": FIGURES, "maps.side_by_side": FIGURES, "maps.download_pair": FIGURES, "maps.periods": FIGURES,
    "pictures.map_picture": FIGURES, "pictures.curve": FIGURES, "pictures.spread": FIGURES, "goals.way": FIGURES,
    "api.index": FIGURES, "api.resource": FIGURES, "areas.where": FIGURES, "areas.suggest": FIGURES,
    "efforts.listing": FIGURES, "efforts.projects": FIGURES, "efforts.effort": FIGURES, "efforts.economy": FIGURES,
    "efforts.plans": FIGURES, "efforts.calendar": PLAIN, "efforts.calendar_feed": PLAIN,
    "efforts.status": FIGURES, "efforts.status_file": FIGURES,
    "changes.page": FIGURES, "editions.editions": PLAIN, "changes.city_feed": PLAIN,
    "changes.indicator_feed": PLAIN, "changes.area_feed": PLAIN, "editions.changes": FIGURES,
    "front.goal_sheet": FIGURES, "front.area_sheet": FIGURES,
    "front.about": PLAIN, "front.glossary_page": PLAIN, "front.accessibility": PLAIN, "front.statement": PLAIN,
    "maps.ground": PLAIN, "maps.orientation": PLAIN, "maps.layer": PLAIN, "maps.leaflet_file": PLAIN,
    "static": PLAIN, "healthz": PLAIN, "livez": PLAIN,
    "access.login": FORM, "access.logout": FORM, "access.purpose": FORM, "access.provider": PLAIN, "access.returned": PLAIN,
    "follow.page": FORM, "follow.sent": PLAIN, "follow.confirm": FORM, "follow.stop": FORM,
    "ssp": {Field.OPEN: {S}, Field.SSP: {S}, Field.EXPORT: {S}},
    "review": {
        Field.OPEN: {T, A}, Field.STAFF: {T}, Field.NOTES: {T, A}, Field.PEOPLE: {T, A}, Field.EXPORT: {T, A},
        Field.WRITE: {T}, Field.SIGN: {T},
    },
    "status": {Field.OPEN: {F, K}, Field.NOTES: {F, K}, Field.PEOPLE: {F, K}, Field.WRITE: {F, K}, Field.SIGN: {K}},
    "workroom": {
        Field.OPEN: {D}, Field.WRITE: {D}, Field.STAFF: {D}, Field.SSP: {S}, Field.NOTES: {D}, Field.PEOPLE: {D}, Field.SIGN: {D},
        Field.EXPORT: {D}, Field.PUBLISH: {D},
    },
    "workroom.files": {Field.OPEN: {D}, Field.WRITE: {D}},
    "publish": {Field.OPEN: {A}, Field.WRITE: {A}, Field.PUBLISH: {A}},
}  # fmt: skip
"""The table once more, as somebody would read it aloud: a change is made in both places, knowingly."""


@pytest.mark.parametrize("page", sorted(table.TABLE.keys() | BY_HAND.keys()))
def test_every_cell_of_the_table_is_as_written_down(page: str) -> None:
    found = {(field, role): table.may(frozenset({role}), page, field) for field in Field for role in Role}
    assert found == {(field, role): role in BY_HAND[page].get(field, set()) for field in Field for role in Role}


def test_what_the_table_does_not_know_is_nobodys() -> None:
    everybody = frozenset(Role)
    assert not table.may(everybody, "pages.nix")
    assert not table.may(everybody, "")
    assert not table.may(everybody, "front.start", Field.SIGN)


def test_every_route_has_a_page_in_the_table(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        assert getattr(view, "page", rule.endpoint.removeprefix("en_")) in table.TABLE, rule


def test_a_route_that_nobody_wrote_in_the_table_is_refused(app: Flask) -> None:
    app.add_url_rule("/ny", view_func=lambda: "secret", endpoint="ny")
    for client in (app.test_client(), staff(app), ssp(app), sign_in(app, *role_names.GIVEN)):
        answer = client.get("/ny")
        assert answer.status_code == 403
        assert b"secret" not in answer.data


@pytest.mark.parametrize(
    ("roles", "audience", "acting"),
    [
        ((), Audience.PUBLIC, {P}),
        ((T,), Audience.PUBLIC, {P}),
        ((T,), Audience.STAFF, {P, T}),
        ((T,), Audience.SSP, {P}),
        ((T, S), Audience.SSP, {P, S}),
        ((T, S, A), Audience.STAFF, {P, T, A}),
        ((A,), Audience.STAFF, {P, A}),
    ],
)
def test_a_person_acts_as_the_audience_they_chose_and_no_other(roles: tuple[Role, ...], audience: Audience, acting: set[Role]) -> None:
    assert people.acting(Presence(User("u", "U", frozenset(roles)), audience)) == acting


# --- signing in -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("anna")
def test_a_person_signs_in_says_what_for_works_and_signs_out(app: Flask) -> None:
    client = app.test_client()
    form = client.get("/log-ind?next=/kort/tryg")
    before = cookie(client)
    answer = client.post("/log-ind", data={"csrf": token(form), "navn": "Anna", "adgangskode": PASSWORD, "next": "/kort/tryg"})
    assert answer.headers["Location"] == "/formaal?next=/kort/tryg"
    assert cookie(client) not in {"", before}
    asked = client.get(answer.headers["Location"])
    answer = client.post("/formaal", data={"csrf": token(asked), "rolle": "staff", "formaal": "staff-kontrol", "next": "/kort/tryg"})
    assert answer.headers["Location"] == "/kort/tryg"
    page = client.get("/om").get_data(as_text=True)
    assert "Anna Holm" in page
    assert "Helhedsplanteamet" in page
    answer = client.post("/log-ud", data={"csrf": token(client.get("/om"))})
    assert answer.headers["Location"] == "/log-ud"
    assert cookie(client) == ""
    assert "Anna Holm" not in client.get("/om").get_data(as_text=True)


@pytest.mark.usefixtures("anna")
def test_the_cookie_is_bound_to_this_host_and_unreadable_for_scripts(app: Flask) -> None:
    header = app.test_client().get("/log-ind").headers["Set-Cookie"]
    assert header.startswith("__Host-omraadekort=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(header.split("; "))
    assert "Domain" not in header
    assert "Max-Age" not in header


@pytest.mark.parametrize(
    ("name", "password"), [("anna", "forkert adgangskode"), ("bent", PASSWORD), ("", ""), ("anna", ""), ("\0", "\0" * 300)]
)
@pytest.mark.usefixtures("anna")
def test_a_wrong_name_and_a_wrong_password_look_the_same(app: Flask, name: str, password: str) -> None:
    client = app.test_client()
    answer = client.post("/log-ind", data={"csrf": token(client.get("/log-ind")), "navn": name, "adgangskode": password})
    assert answer.status_code == 401
    assert "Navn eller adgangskode passer ikke." in answer.get_data(as_text=True)
    assert not sessions.listing(access_of(app).store, sessions.SessionLimits(1e9, 1e9), now=0)


def test_only_hashes_are_kept(app: Flask, anna: Account, tmp_path: Path) -> None:
    client = staff(app)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "access").iterdir())
    assert PASSWORD.encode() not in kept
    assert cookie(client).encode() not in kept
    assert sessions.digest(cookie(client)).encode() in kept
    assert b"$argon2id$" in kept
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "access").iterdir()} == {0}
    assert anna.name.encode() in kept


# --- sessions ---------------------------------------------------------------------------------------------------------


def signed_in(client: object) -> bool:
    return client.get("/ssp").status_code == 200  # type: ignore[attr-defined]


def test_a_session_ends_when_it_is_not_used_and_in_any_case(app: Flask, clock: Clock) -> None:
    client = ssp(app)
    for _ in range(20):
        clock.now += 29 * 60
        assert signed_in(client)
    clock.now += 29 * 60  # now ten hours after signing in
    assert not signed_in(client)
    idle = ssp(app)
    clock.now += 31 * 60
    assert not signed_in(idle)


def test_a_clock_that_was_set_back_keeps_no_session_alive(app: Flask, clock: Clock) -> None:
    few, many = ssp(app), ssp(app, "tove")
    clock.now -= 29 * 60
    assert signed_in(few)  # seen now, and from now on its time runs as before
    clock.now += 31 * 60
    assert not signed_in(few)
    late = ssp(app, "ulla")
    clock.now -= 86400
    assert not signed_in(many)  # nobody can tell how old it is
    assert not signed_in(late)
    clock.now += 86400
    assert not signed_in(late)


def test_a_revoked_session_ends_at_once(app: Flask) -> None:
    one, other, third = ssp(app), ssp(app), ssp(app, "tove")
    store = access_of(app).store
    assert sessions.revoke(store, sessions.digest(cookie(one))[:12]) == 1
    assert [signed_in(client) for client in (one, other, third)] == [False, True, True]
    assert sessions.revoke(store, "test:sven") == 1
    assert [signed_in(client) for client in (one, other, third)] == [False, False, True]
    assert sessions.revoke(store, "") == 0
    assert sessions.revoke(store, "%") == 0


def test_a_local_role_that_is_taken_away_is_gone_with_the_next_click(app: Flask, anna: Account) -> None:
    store = access_of(app).store
    client = app.test_client()
    client.post("/log-ind", data={"csrf": token(client.get("/log-ind")), "navn": "anna", "adgangskode": PASSWORD})
    client.post("/formaal", data={"csrf": token(client.get("/formaal")), "rolle": "staff", "formaal": "staff-kontrol"})
    assert "Helhedsplanteamet" in client.get("/om").get_data(as_text=True)
    accounts.change_roles(store, anna.name, ["ssp"])
    assert "Helhedsplanteamet" not in client.get("/om").get_data(as_text=True)
    accounts.remove(store, anna.name)
    assert "Anna Holm" not in client.get("/om").get_data(as_text=True)


@pytest.mark.usefixtures("anna")
def test_an_id_that_somebody_else_chose_is_never_signed_in(app: Flask) -> None:
    client = app.test_client()
    planted = "A" * 43
    client.set_cookie(sessions.COOKIE, planted, secure=True)
    client.post("/log-ind", data={"csrf": token(client.get("/log-ind")), "navn": "anna", "adgangskode": PASSWORD})
    assert cookie(client) != planted
    thief = app.test_client()
    thief.set_cookie(sessions.COOKIE, planted, secure=True)
    assert "Anna Holm" not in thief.get("/om").get_data(as_text=True)


@pytest.mark.parametrize("value", ["", "x", "A" * 42, "A" * 44, "A" * 42 + "=", "../../etc/passwd", "' OR 1=1 --", "A" * 4000, "å" * 43])
def test_a_cookie_that_is_no_id_is_no_session(app: Flask, value: str) -> None:
    client = app.test_client()
    client.set_cookie(sessions.COOKIE, value, secure=True)
    assert client.get("/om").status_code == 200
    assert client.get("/ssp").status_code == 302


def test_the_public_touches_no_database(app: Flask, tmp_path: Path) -> None:
    client = app.test_client()
    for path in ("/", "/kort/tryg", "/api/v1/areas", "/healthz", "/log-ud"):
        assert client.get(path).status_code == 200
    assert not (tmp_path / "access").exists()
