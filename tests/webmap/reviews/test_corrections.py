"""A round put right: another half-year, a newer edition, cancelled; and who may sign for whom, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DatabaseError
from typer.testing import CliRunner
from werkzeug.test import TestResponse

from geo.errors import GeoError, InputError
from omraadekort import cli
from tests.readers.parsed import parse
from tests.readers.parsed import words as text_of
from tests.readers.reviewforms import draft, sign_all
from tests.readers.signed import access_of, enrol, sign_in, staff, token
from tests.towns import webtown
from tests.towns.reviewtown import AGREED, DEPARTMENTS, NOBODY, PAGE, ROUND, address, author, open_round, page_id, room, run, save, subject
from tests.towns.reviewtown import sign_all as sign_everything
from webmap.access import Role, oidc
from webmap.access.store import accounts
from webmap.app import create_app
from webmap.reviews import facts, views, writing
from webmap.reviews.store import correcting, database, rounds, saving
from webmap.reviews.store.saving import FrozenError
from webmap.settings import Settings, read

NEWER = (subject("helhedsplan", "plan-a", "Plan A, ny"), AGREED[0], subject("hotspot", "ny", "En ny hotspot"))


def states(url: str) -> dict[str, str]:
    with database.reading(url) as session:
        return {listed.period: listed.state for listed in rounds.listing(session)}


def move(url: str, edition: str = "def456", agreed: tuple[facts.Facts, ...] = NEWER) -> None:
    with database.writing(url) as session:
        correcting.move(session, "2026H1", edition_id=edition, left=NOBODY, agreed=agreed, who=author("bo", 5))


# --- the database ---------------------------------------------------------------------------------------------------------


def test_a_mistyped_half_year_is_put_right_and_signatures_lapse(url: str) -> None:
    with database.writing(url) as session:
        correcting.rename(session, "2026H1", "2027H1", who=author("bo"))
    assert states(url) == {"2027H1": "open"}
    with database.writing(url) as session:
        for wanted in ("2027", "", "x"):
            with pytest.raises(InputError, match="not a half-year"):
                correcting.rename(session, "2027H1", wanted, who=author())
        correcting.rename(session, "2027H1", "2026H2", who=author())
    sign_everything(url, "2026H2")
    open_round(url, "2027H1", left=_left(url))
    with database.writing(url) as session:
        with pytest.raises(InputError, match="or a later one is there"):
            correcting.rename(session, "2027H1", "2026H2", who=author())
        with pytest.raises(FrozenError, match="signed"):
            correcting.rename(session, "2026H2", "2030H1", who=author())


def _left(url: str) -> rounds.LastRound:
    with database.reading(url) as session:
        return rounds.past(session)


def test_a_cancelled_round_is_read_and_its_half_year_is_free(url: str) -> None:
    save(url, page_id(url), 1, note="Skrevet i den forkerte runde")
    for number in (1, 2):
        with database.writing(url) as session:
            freed = correcting.cancel(session, "2026H1", who=author("bo")).period
        assert freed == f"2026H1-x{number}"
        open_round(url)
    assert states(url) == {"2026H1-x2": "cancelled", "2026H1-x1": "cancelled", "2026H1": "open"}
    with database.reading(url) as session:
        page = rounds.page(session, "2026H1-x1", "udsat_boligomraade", "nord")
        assert writing.decode(page.content).note == "Skrevet i den forkerte runde"
    with pytest.raises(FrozenError, match="cancelled"):
        save(url, page.id, 2, note="Mere")
    for statement in (
        "UPDATE review_page SET content = '{}' WHERE id = 1", "UPDATE review_round SET state = 'open' WHERE id = 1",
        "UPDATE review_round SET period = '2031H1' WHERE id = 1",
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match=r"signed or cancelled|never changes|only with a row"):
            run(url, statement)


def test_a_round_moved_to_a_newer_edition_keeps_its_words_and_takes_drafts_that_were_begun_before(url: str) -> None:
    page = page_id(url)
    save(url, page, 1, note="Annas", decision="Fortsæt")
    save(url, page_id(url, "hotspotprogram"), 1, note="Om programmet")
    move(url)
    with database.reading(url) as session:
        moved = rounds.find(session, "2026H1")
        view = views.round_view(moved, figures=True)
        gone = rounds.page(session, "2026H1", "hotspotprogram", "hotspotprogram")
        happened = [row.kind for row in saving.history(session, page)]
    assert moved.edition == "def456"
    assert [(line.set, line.id, line.facts.name.da, line.state) for line in view.lines] == [
        ("helhedsplan", "plan-a", "Plan A, ny", "untouched"), ("udsat_boligomraade", "nord", "Nord", "begun"),
        ("hotspot", "ny", "En ny hotspot", "untouched"), ("hotspotprogram", "hotspotprogram", "Hotspotprogrammet", "begun"),
    ]  # fmt: skip
    assert (writing.decode(gone.content).note, facts.decode(gone.facts).changes[0].kind) == ("Om programmet", "gone")
    assert happened == ["moved", "saved", "opened"]
    done = save(url, page, 2, "bo", note="Annas", decision="Fortsæt", owner="Bo")  # begun before the move
    assert not done.conflicts
    assert (done.content.note, done.content.owner) == ("Annas", "Bo")


def test_moving_lets_signatures_lapse_and_is_refused_where_it_says_nothing(url: str) -> None:
    with pytest.raises(InputError, match="rests on that edition"):
        move(url, "abc123")
    with database.writing(url) as session, pytest.raises(InputError, match="meanwhile"):
        correcting.move(session, "2026H1", edition_id="x", left=rounds.LastRound(99, {}, {}), agreed=NEWER, who=author())
    sign_everything(url)
    with pytest.raises(FrozenError):
        move(url)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE review_round SET edition = 'x'", "UPDATE review_round SET period = '2030H1'", "UPDATE review_page SET facts = 'x'",
        "UPDATE review_page SET position = 7", "UPDATE review_round SET opened_name = 'x'",
    ],
)  # fmt: skip
def test_what_a_round_rests_on_changes_only_with_a_row_of_its_history(url: str, statement: str) -> None:
    move(url)
    with pytest.raises(DatabaseError, match=r"never changes|only with a row of its history"):
        run(url, statement)


def test_a_database_of_the_revision_before_is_brought_up_to_date_with_its_rounds(empty: str) -> None:
    database.upgrade(empty, "r0002")
    run(empty, "INSERT INTO review_round (period, edition, opened_at, opened_by, opened_name, state, signed_at, digest)"
               " VALUES ('2025H2', 'e', 'a', 'b', 'c', 'open', '', '')")  # fmt: skip
    assert database.upgrade(empty) == database.newest()
    with database.writing(empty) as session:
        correcting.rename(session, "2025H2", "2026H1", who=author())
    assert states(empty) == {"2026H1": "open"}


# --- the pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return room(tmp_path)


@pytest.fixture
def anna(app: Flask) -> FlaskClient:
    return staff(app, department=DEPARTMENTS[0])


def said(answer: TestResponse) -> str:
    return text_of(parse(answer.get_data(as_text=True)).findall(".//main")[0])


def seen(page: TestResponse) -> str:
    match = re.search(r'name="seen" value="([0-9a-f]{64})"', page.get_data(as_text=True))
    assert match
    return match[1]


@pytest.mark.parametrize(("prefix", "words"), [("", ("Ret runden", "aflyst")), ("/en", ("Correct the round", "cancelled"))])
def test_a_round_is_renamed_and_cancelled_by_form(anna: FlaskClient, app: Flask, prefix: str, words: tuple[str, str]) -> None:
    page = anna.get(f"{prefix}{ROUND}")
    assert words[0] in said(page)
    wrong = anna.post(f"{prefix}{ROUND}/halvaar", data={"csrf": token(page), "period": "2027"})
    assert (wrong.status_code, 'value="2027"' in wrong.get_data(as_text=True)) == (422, True)
    done = anna.post(f"{prefix}{ROUND}/halvaar", data={"csrf": token(page), "period": "2027H1"})
    assert done.headers["Location"] == f"{prefix}/gennemgang/2027H1#ret"
    assert draft(anna, 1, PAGE, note="Begyndt før").status_code == 200  # under the address that the round had before
    assert draft(anna, 2, PAGE.replace("2026H1", "2027H1"), note="Begyndt efter").status_code == 200
    assert anna.get("/gennemgang/2026").status_code == anna.get("/gennemgang/2026H%").status_code == 404
    unsure = anna.post(f"{prefix}/gennemgang/2027H1/aflys", data={"csrf": token(page)})
    assert unsure.status_code == 422
    cancelled = anna.post(f"{prefix}/gennemgang/2027H1/aflys", data={"csrf": token(page), "sure": "yes"})
    shown = anna.get(cancelled.headers["Location"])
    assert words[1] in said(shown)
    assert "<form" not in shown.get_data(as_text=True).partition("<main")[2].partition("</main")[0]
    assert words[1] in said(anna.get(f"{prefix}/gennemgang")).lower()
    for kind in ("pdf", "xlsx"):
        assert anna.get(f"{cancelled.headers['Location']}/gennemgang.{kind}").status_code == 200
    assert states(address(app)) == {"2027H1-x1": "cancelled"}


def test_a_round_is_moved_to_the_current_edition_by_form(tmp_path: Path) -> None:
    old = webtown.publish(tmp_path / "editions").id
    app = create_app(Settings(workspace=tmp_path))
    database.upgrade(address(app))
    anna = staff(app)
    assert anna.post("/gennemgang", data={"csrf": token(anna.get("/gennemgang")), "period": "2026H1"}).status_code == 303
    page = anna.get(ROUND)
    assert "Runden hviler på den aktuelle udgave" in said(page)
    assert anna.post(f"{ROUND}/udgave", data={"csrf": token(page)}).status_code == 422
    new = webtown.publish(tmp_path / "editions", as_of=dt.date(2026, 11, 1)).id
    page = anna.get(ROUND)
    assert old != new
    assert f"Runden hviler på udgave {old}; den aktuelle er {new}." in said(page)
    assert anna.post(f"{ROUND}/udgave", data={"csrf": token(page)}).status_code == 303
    with database.reading(address(app)) as session:
        assert rounds.find(session, "2026H1").edition == new


def test_what_is_saved_to_a_cancelled_round_by_form_is_shown_again(anna: FlaskClient) -> None:
    page = anna.get(PAGE)
    anna.post(f"{ROUND}/aflys", data={"csrf": token(page), "sure": "yes"})
    answer = anna.post(PAGE, data={"csrf": token(page), "base": "1", "note": "For sent"})
    assert answer.status_code == 423
    assert "Vurdering: For sent" in answer.get_data(as_text=True)
    assert "Runden er aflyst" in said(answer)


def test_somebody_signs_for_their_own_department_only(anna: FlaskClient, app: Flask) -> None:
    page = anna.get(ROUND)
    assert f"Du skriver under for {DEPARTMENTS[0]}" in said(page)
    form = {"csrf": token(page), "seen": seen(page), "unready": "yes"}
    for asked in (DEPARTMENTS[1], "", "Skat"):
        answer = anna.post(f"{ROUND}/underskriv", data={**form, "department": asked})
        assert (answer.status_code, "kun skrive under for din egen forvaltning" in said(answer)) == (422, True)
    assert anna.post(f"{ROUND}/underskriv", data={**form, "department": DEPARTMENTS[0]}).status_code == 303
    assert "har skrevet under" in said(anna.get(ROUND))
    nobody = staff(app, "ulla")
    page = nobody.get(ROUND)
    assert "hører ikke til nogen forvaltning" in said(page)
    answer = nobody.post(f"{ROUND}/underskriv", data={**form, "csrf": token(page), "department": DEPARTMENTS[1]})
    assert answer.status_code == 422


def test_a_round_is_signed_when_its_pages_are_ready_or_after_a_second_question(anna: FlaskClient, app: Flask) -> None:
    page = anna.get(ROUND)
    form = {"csrf": token(page), "seen": seen(page), "department": DEPARTMENTS[0]}
    answer = anna.post(f"{ROUND}/underskriv", data=form)
    assert (answer.status_code, "ikke er klar" in said(answer)) == (422, True)
    for own in ("nord", "plan-a", "hotspotprogram"):
        save(address(app), page_id(address(app), own), 1, ready="yes")
    page = anna.get(ROUND)
    assert 'name="unready"' not in page.get_data(as_text=True)
    assert anna.post(f"{ROUND}/underskriv", data={**form, "seen": seen(page)}).status_code == 303


def test_a_draft_to_a_cancelled_round_says_so(anna: FlaskClient) -> None:
    headers = {"X-CSRF-Token": token(anna.get(PAGE))}
    anna.post(f"{ROUND}/aflys", data={"csrf": headers["X-CSRF-Token"], "sure": "yes"})
    answer = anna.post(f"{PAGE}/gem", json={"base": "1", "fields": {"note": "x"}}, headers=headers)
    assert (answer.status_code, "aflyst" in answer.get_json()["message"]) == (423, True)


def test_administrators_correct_nothing(app: Flask) -> None:
    admin = sign_in(app, Role.ADMIN, name="olga")
    assert "Ret runden" not in said(admin.get(ROUND))
    for what in ("halvaar", "udgave", "aflys"):
        assert admin.post(f"{ROUND}/{what}", data={"csrf": "0" * 64, "sure": "yes", "period": "2027H1"}).status_code == 403


# --- whose department -------------------------------------------------------------------------------------------------------


def test_a_local_account_has_a_department_until_it_is_removed(app: Flask) -> None:
    store = access_of(app).store
    enrol(app, "bo")
    accounts.change_department(store, "bo", DEPARTMENTS[1])
    assert [account.department for account in accounts.listing(store)] == [DEPARTMENTS[1]]
    accounts.remove(store, "bo")
    enrol(app, "bo")
    assert [account.department for account in accounts.listing(store)] == [""]
    with pytest.raises(GeoError, match="no such account"):
        accounts.change_department(store, "ingen", DEPARTMENTS[1])


def test_the_command_knows_the_departments_that_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMRAADEKORT_WORKSPACE", raising=False)
    folder = str(tmp_path / "var")
    assert CliRunner().invoke(cli.app, ["init", "-w", folder]).exit_code == 0
    typed = "en lang adgangskode\n" * 2
    made = CliRunner().invoke(cli.app, ["users", "add", "bo", "--role", "staff", "-w", folder], input=typed)
    assert made.exit_code == 0
    assert CliRunner().invoke(cli.app, ["users", "department", "bo", "Skat", "-w", folder]).exit_code == 1
    assert CliRunner().invoke(cli.app, ["users", "department", "bo", "Socialforvaltningen", "-w", folder]).exit_code == 0
    assert "Socialforvaltningen" in CliRunner().invoke(cli.app, ["users", "list", "-w", folder]).output


@pytest.mark.parametrize(
    ("groups", "department"),
    [(["kk-sof"], "Socialforvaltningen"), (["kk-sof", "kk-tmf"], ""), ([], ""), ("kk-tmf x", "Teknik- og Miljøforvaltningen")],
)
def test_a_provider_s_groups_say_the_department_and_two_say_none(tmp_path: Path, groups: object, department: str) -> None:
    told = "kk-tmf=Teknik- og Miljøforvaltningen; kk-sof=Socialforvaltningen"
    settings = read({"OMRAADEKORT_WORKSPACE": str(tmp_path), "OMRAADEKORT_OIDC_DEPARTMENT_MAP": told})
    assert oidc.person({"sub": "1", "roles": groups}, settings).department == department


@pytest.mark.parametrize("told", ["kk-tmf", "=Socialforvaltningen", "kk-skat=Skat"])
def test_a_map_to_no_department_is_refused(tmp_path: Path, told: str) -> None:
    with pytest.raises(GeoError, match="oidc_department_map"):
        read({"OMRAADEKORT_WORKSPACE": str(tmp_path), "OMRAADEKORT_OIDC_DEPARTMENT_MAP": told})


def test_signing_by_all_departments_still_freezes(app: Flask, anna: FlaskClient) -> None:
    draft(anna, 1, note="Note")
    sign_all(app)
    assert "Underskrevet af alle forvaltninger" in said(anna.get(ROUND))
    assert isinstance(app.extensions["omraadekort"], Settings)
