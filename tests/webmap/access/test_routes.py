"""Every route of the application over HTTP, by everybody: who is let in is who the table lets in."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from geo.editions.edition import current
from geo.model.vocabulary import Audience
from tests.readers.signed import Clock, access_of, opened, sign_in, token
from webmap.access import Field, Role, log, table
from webmap.access.store import sessions

PEOPLE: dict[str, tuple[tuple[Role, ...], Audience]] = {
    "nobody": ((), Audience.PUBLIC),
    "without a role": ((), Audience.PUBLIC),
    "staff": ((Role.STAFF,), Audience.STAFF),
    "staff before the purpose": ((Role.STAFF,), Audience.PUBLIC),
    "ssp": ((Role.SSP,), Audience.SSP),
    "both, as staff": ((Role.STAFF, Role.SSP), Audience.STAFF),
    "both, as ssp": ((Role.STAFF, Role.SSP), Audience.SSP),
    "admin": ((Role.ADMIN,), Audience.PUBLIC),
}
"""Roles held and the audience chosen."""

ACTING = {
    "nobody": {Role.PUBLIC}, "without a role": {Role.PUBLIC}, "staff": {Role.PUBLIC, Role.STAFF},
    "staff before the purpose": {Role.PUBLIC}, "ssp": {Role.PUBLIC, Role.SSP}, "both, as staff": {Role.PUBLIC, Role.STAFF},
    "both, as ssp": {Role.PUBLIC, Role.SSP}, "admin": {Role.PUBLIC, Role.ADMIN},
}  # fmt: skip
KNOWN = {"area_set": "square", "area_id": "0103", "indicator": "tryg", "period": "2010", "number": "5", "resource": "areas"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return opened(tmp_path_factory.mktemp("routes"), Clock())


@pytest.fixture(scope="module")
def clients(app: Flask) -> dict[str, FlaskClient]:
    known = {
        who: sign_in(app, *roles, audience=audience, name=f"p{number}") for number, (who, (roles, audience)) in enumerate(PEOPLE.items())
    }
    return {**known, "nobody": app.test_client()}


def address(app: Flask, rule: Rule) -> str:
    """An address of a route, of something that is there where we know a name."""
    known = {**KNOWN, "edition_id": current(access_of(app).folder.parent / "editions")}

    def value(part: re.Match[str]) -> str:
        return "1" if part["kind"] == "int" else known.get(part["name"], "x")

    return re.sub(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>", value, rule.rule)


def wanted(app: Flask, rule: Rule, method: str) -> tuple[str, set[Field]]:
    view = app.view_functions[rule.endpoint]
    fields = {Field.OPEN, getattr(view, "field", Field.OPEN)} | (set() if method == "GET" else {Field.WRITE})
    return getattr(view, "page", rule.endpoint.removeprefix("en_")), fields


@pytest.mark.parametrize("who", PEOPLE)
def test_every_route_lets_in_who_the_table_lets_in(app: Flask, clients: dict[str, FlaskClient], who: str) -> None:
    wrong = []
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "DELETE", "PATCH"}):
            page, fields = wanted(app, rule, method)
            allowed = all(ACTING[who] & table.allowed(page, field) for field in fields)
            answer = clients[who].open(address(app, rule), method=method)
            sent = answer.headers.get("Location", "")
            kept_out = answer.status_code in {401, 403} or "/log-ind?next=" in sent or "/formaal?next=" in sent
            if rule.endpoint.endswith("access.purpose") and who == "nobody":
                continue  # everybody may ask; nobody is sent to sign in first
            without = page in table.BY_ADDRESS  # its address is a secret, and no token is asked for
            if allowed == kept_out or (allowed and method != "GET" and answer.status_code != (200 if without else 400)):  # 400: no token
                wrong.append(f"{method} {rule} {answer.status_code} {sent}")
    assert not wrong


def test_being_refused_leaves_a_line_and_being_sent_to_the_door_none(app: Flask, clients: dict[str, FlaskClient]) -> None:
    before = log.verify(access_of(app).folder).n
    clients["nobody"].get("/ssp")
    clients["staff before the purpose"].get("/gennemgang")
    assert log.verify(access_of(app).folder).n == before
    clients["staff"].get("/ssp")
    assert [line.entry.event for line in log.lines(access_of(app).folder)][before:] == ["refused"]


@pytest.mark.parametrize(
    "fields",
    [
        {"rolle": "ssp", "formaal": "ssp-indsats"}, {"rolle": "admin", "formaal": "staff-kontrol"}, {"rolle": "STAFF"},
        {"rolle": "staff"}, {"rolle": "staff", "formaal": ""}, {"rolle": "staff", "formaal": "ssp-indsats"},
        {"rolle": "staff", "formaal": "nix"},
        {"rolle": "staff", "formaal": "andet"}, {"rolle": "staff", "formaal": "andet", "andet": "ja"},
        {"rolle": "staff", "formaal": "andet", "andet": "  \t\n a  "}, {"rolle": "staff", "andet": "et godt formål"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_hat_that_is_not_ones_own_or_without_a_purpose_is_not_put_on(app: Flask, prefix: str, fields: dict[str, str]) -> None:
    client = sign_in(app, Role.STAFF, name="gro")
    answer = client.post(f"{prefix}/formaal", data={"csrf": token(client.get("/om")), **fields})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)
    (row,) = access_of(app).store.ask("SELECT hat FROM sessions WHERE digest = ?", sessions.digest(client_id(client)))
    assert row["hat"] == "public"


def client_id(client: FlaskClient) -> str:
    found = client.get_cookie(sessions.COOKIE)
    assert found
    return found.value


def test_a_hat_is_changed_with_a_new_purpose_and_put_off(app: Flask) -> None:
    client = sign_in(app, Role.STAFF, Role.SSP, audience=Audience.STAFF, name="ulla")
    form = {"csrf": token(client.get("/om"))}
    assert client.post("/formaal", data={**form, "rolle": "ssp", "formaal": "andet", "andet": "møde  i\nlokalrådet"}).status_code == 302
    last = list(log.lines(access_of(app).folder))[-1].entry
    assert (last.event, last.audience, last.purpose) == ("hat", "ssp", "andet: møde i lokalrådet")
    assert client.get("/ssp").status_code == 200
    assert client.get("/gennemgang").status_code == 302  # to choose the other audience
    assert client.post("/formaal", data={**form, "rolle": "public"}).status_code == 302
    assert client.get("/ssp").status_code == 302
