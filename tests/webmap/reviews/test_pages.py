"""The room's pages without a browser: who comes in, drafts, forms without script, both languages."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from geo.model.vocabulary import Audience
from tests.readers.parsed import all_of, parse
from tests.readers.parsed import words as text_of
from tests.readers.reviewforms import draft, sign_all
from tests.readers.signed import sign_in, ssp, staff, token
from tests.towns.reviewtown import DEPARTMENTS, PAGE, PLAN, PROGRAMME, ROUND, address, room, save
from webmap.access import Role
from webmap.app import create_app
from webmap.reviews import writing
from webmap.reviews.paper import document
from webmap.reviews.store import database, rounds
from webmap.settings import Settings

PATHS = ("/gennemgang", ROUND, PAGE, PLAN, PROGRAMME, f"{PAGE}/historik")


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return room(tmp_path)


@pytest.fixture
def anna(app: Flask) -> FlaskClient:
    return staff(app)


def written(app: Flask, own_id: str = "nord", set_id: str = "udsat_boligomraade") -> writing.Writing:
    with database.reading(address(app)) as session:
        return writing.decode(rounds.page(session, "2026H1", set_id, own_id).content)


# --- who comes in -------------------------------------------------------------------------------------------------------

READ = (*PATHS, "/gennemgang/2026H1/gennemgang.pdf", "/gennemgang/2026H1/gennemgang.xlsx")
WRITE = (
    "/gennemgang",
    PAGE,
    f"{PAGE}/gem",
    f"{PAGE}/flet/1",
    "/gennemgang/2026H1/underskriv",
    "/gennemgang/2026H1/tilfoejelse",
    "/gennemgang/2026H1/halvaar",
    "/gennemgang/2026H1/udgave",
    "/gennemgang/2026H1/aflys",
)


@pytest.mark.parametrize("path", [*READ, *(f"/en{path}" for path in READ)])
def test_only_staff_and_admin_read(app: Flask, path: str) -> None:
    for client in (staff(app), sign_in(app, Role.ADMIN)):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert app.test_client().get(path).status_code == 302
    for client in (ssp(app), sign_in(app, Role.STAFF, Role.SSP, audience=Audience.SSP, purpose="indsats", name="begge")):
        assert client.get(path).status_code in {302, 403}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_admin_reads_what_people_wrote_and_no_figure_of_the_staffs(app: Flask, anna: FlaskClient, prefix: str) -> None:
    save(address(app), 1, 1, note="Et notat")
    admin = sign_in(app, Role.ADMIN, name="olga")
    for path in ("/gennemgang/2026H1", PAGE):
        theirs, ours = (client.get(f"{prefix}{path}").get_data(as_text=True) for client in (admin, anna))
        assert "Trygge" in ours
        assert not [words for words in ("Trygge", "80 %", "75–84 %", "+5") if words in theirs]
    assert "Et notat" in admin.get(f"{prefix}{PAGE}").get_data(as_text=True)
    book = f"{prefix}/gennemgang/2026H1/gennemgang.xlsx"
    theirs, ours = (cells(client.get(book).get_data()) for client in (admin, anna))
    assert {"Trygge", "Trygge (en)"} & ours
    assert "Et notat" in theirs
    assert not {"Trygge", "Trygge (en)", 80.0} & theirs
    with database.reading(address(app)) as session:
        paper = document.document(rounds.find(session, "2026H1"), "da", DEPARTMENTS, figures=False)
    assert "Trygge" not in repr(paper)
    assert "Et notat" in repr(paper)


def test_the_workbook_of_a_round_is_dated_to_the_round_so_that_the_same_round_gives_the_same_bytes(app: Flask, anna: FlaskClient) -> None:
    book = anna.get("/gennemgang/2026H1/gennemgang.xlsx").get_data()
    with database.reading(address(app)) as session:
        opened = rounds.find(session, "2026H1").opened_at
    created = load_workbook(io.BytesIO(book)).properties.created
    assert created is not None
    assert created.strftime("%Y-%m-%dT%H:%M:%SZ") == opened


def cells(book: bytes) -> set[object]:
    return {cell for sheet in load_workbook(io.BytesIO(book)) for row in sheet.iter_rows(values_only=True) for cell in row}


@pytest.mark.parametrize("path", WRITE)
def test_only_staff_writes_and_only_from_our_own_forms(app: Flask, path: str) -> None:
    for client in (app.test_client(), ssp(app), sign_in(app, Role.ADMIN), staff(app)):
        assert client.post(path, data={"csrf": "0" * 64}).status_code in {400, 401, 403}
        assert client.post(path, json={"base": "1", "fields": {"note": "x"}}).status_code in {400, 401, 403}
    assert written(app) == writing.Writing()


def test_the_menu_names_the_room_to_those_who_may_come_in(app: Flask, anna: FlaskClient) -> None:
    assert "Gennemgang" in text_of(parse(anna.get("/gennemgang").get_data(as_text=True)).findall(".//nav")[0])
    assert "Gennemgang" not in app.test_client().get("/tilgaengelighed").get_data(as_text=True)


@pytest.mark.parametrize("path", [
    "/gennemgang/2026H2", "/gennemgang/x", "/gennemgang/2026H1/a/b", "/gennemgang/2026H1/udsat_boligomraade/syd", f"{PAGE}/flet/99",
    "/gennemgang/2026H1/gennemgang.exe", "/gennemgang/2026H1/gennemgang.", "/gennemgang/%00", "/gennemgang/..%2f..", f"{PAGE}/historik/1",
])  # fmt: skip
def test_what_is_not_there_is_not_found(anna: FlaskClient, path: str) -> None:
    assert anna.get(path).status_code == 404


def test_a_database_that_is_not_up_to_date_closes_the_room_and_says_so(tmp_path: Path) -> None:
    answer = staff(create_app(Settings(workspace=tmp_path))).get("/gennemgang")
    assert answer.status_code == 503
    assert "omraadekort reviews upgrade" in answer.get_data(as_text=True)


# --- pages --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PATHS, *(f"/en{path}" for path in PATHS)])
def test_a_page_is_well_formed_with_one_heading_and_every_field_has_a_name(anna: FlaskClient, app: Flask, path: str) -> None:
    save(address(app), 1, 1, note="Note", actions__a__text="Ring", actions__a__due="i morgen", ready="yes")
    answer = anna.get(path)
    page = parse(answer.get_data(as_text=True))
    assert page.get("lang") == ("en" if path.startswith("/en") else "da")
    assert len(page.findall(".//h1")) == 1
    ids = all_of(page, "id")
    assert len(ids) == len(set(ids))
    labels = {one.get("for") for one in page.iter("label")}
    for tag in ("input", "select", "textarea"):
        for one in page.iter(tag):
            assert one.get("type") == "hidden" or one.get("id") in labels, one.attrib
    described = {one for words in all_of(page, "aria-describedby") for one in words.split()}
    assert described <= set(ids)
    assert not [name for element in page.iter() for name in element.attrib if name == "style" or name.startswith("on")]


def test_the_page_says_what_changed_and_why_it_stands_where_it_does(anna: FlaskClient) -> None:
    said = text_of(parse(anna.get(PAGE).get_data(as_text=True)).findall(".//main")[0])
    assert "Trygge: +5" in said
    assert "80 % 75–84 %" in said
    agenda = text_of(parse(anna.get("/gennemgang/2026H1").get_data(as_text=True)).findall(".//main")[0])
    assert "ikke en rangliste" in agenda
    assert "intet ændret" in agenda


def test_a_plan_without_money_in_the_sources_says_so_and_takes_what_the_team_knows(anna: FlaskClient, app: Flask) -> None:
    assert "ikke i kilderne" in anna.get(PLAN).get_data(as_text=True)
    row = {"what": "Café", "unit": "kr", "promised": "1.000.000", "delivered": "250.000,50", "source": "Brev"}
    assert draft(anna, 1, PLAN, **{f"money__m__{name}": words for name, words in row.items()}).get_json()["faults"] == {}
    sign_all(app)
    said = text_of(parse(anna.get(PLAN).get_data(as_text=True)).findall(".//main")[0])
    assert "250.000,50" in said
    assert "Brev tastet ind" in said


# --- drafts -------------------------------------------------------------------------------------------------------------


def test_a_draft_is_saved_and_answers_with_what_the_page_holds(anna: FlaskClient, app: Flask) -> None:
    answer = draft(anna, 1, note="Hej\r\nder", actions__a__text="Ring", actions__a__due="snart")
    assert answer.status_code == 200
    assert answer.get_json()["version"] == 2
    assert re.fullmatch(r"\d\d\.\d\d", answer.get_json()["saved"])
    assert answer.get_json()["fields"]["note"] == "Hej\nder"
    assert list(answer.get_json()["faults"]) == ["actions/a/due"]
    assert written(app).note == "Hej\nder"


def test_a_conflict_is_told_and_leads_to_where_it_is_merged(anna: FlaskClient, app: Flask) -> None:
    draft(anna, 1, note="Annas")
    bo = staff(app, "bo")
    answer = draft(bo, 1, note="Bos")
    assert answer.status_code == 409
    address = answer.get_json()["merge"]
    page = bo.get(address)
    said = text_of(parse(page.get_data(as_text=True)).findall(".//main")[0])
    assert "Annas" in said
    assert "Bos" in said
    refused = bo.post(address, data={"csrf": token(page), "version": "2"})
    assert refused.status_code == 409
    done = bo.post(address, data={"csrf": token(page), "version": "2", "valg/note": "own", "own/note": "Annas\r\n\r\nBos"})
    assert done.status_code == 303
    assert written(app).note == "Annas\n\nBos"
    assert "Bos" in bo.get(f"{PAGE}/historik").get_data(as_text=True)


@pytest.mark.parametrize(
    "sent",
    [None, [], "x", 5, {}, {"base": 1}, {"base": "1", "fields": []}, {"base": "x", "fields": {}}, {"base": "-1", "fields": {}},
     {"base": "²", "fields": {}},
     {"base": "9" * 30, "fields": {}}, {"fields": {"note": "x"}}],
)  # fmt: skip
def test_a_draft_of_another_shape_is_refused(anna: FlaskClient, app: Flask, sent: object) -> None:
    answer = anna.post(f"{PAGE}/gem", json=sent, headers={"X-CSRF-Token": token(anna.get(PAGE))})
    assert answer.status_code == 400
    assert written(app) == writing.Writing()


def test_a_draft_that_is_nested_without_end_is_refused(anna: FlaskClient) -> None:
    deep = '{"base": "1", "fields": ' + '{"a":' * 20_000 + "1" + "}" * 20_001
    headers = {"X-CSRF-Token": token(anna.get(PAGE))}
    assert anna.post(f"{PAGE}/gem", data=deep, content_type="application/json", headers=headers).status_code == 400


@pytest.mark.parametrize("fields", [{"facts": "x"}, {"note": 5}, {"note": "x" * 20_001}, {"actions/../text": "x"}])
def test_what_no_page_can_hold_is_named_and_not_saved(anna: FlaskClient, app: Flask, fields: dict[str, object]) -> None:
    answer = anna.post(f"{PAGE}/gem", json={"base": "1", "fields": fields}, headers={"X-CSRF-Token": token(anna.get(PAGE))})
    assert answer.status_code == 422
    assert list(answer.get_json()["fields"]) == list(fields)
    assert written(app) == writing.Writing()


def test_a_signed_round_takes_no_draft_but_an_addendum(anna: FlaskClient, app: Flask) -> None:
    stale = {"X-CSRF-Token": token(anna.get(PAGE))}
    sign_all(app)
    answer = anna.post(f"{PAGE}/gem", json={"base": "1", "fields": {"note": "x"}}, headers=stale)
    assert answer.status_code == 423
    assert "underskrevet" in answer.get_json()["message"]
    assert "<form" not in anna.get(PAGE).get_data(as_text=True).partition("<main")[2]
    page = anna.get("/gennemgang/2026H1")
    empty = anna.post("/gennemgang/2026H1/tilfoejelse", data={"csrf": token(page), "text": " "})
    assert empty.status_code == 422
    assert anna.post("/gennemgang/2026H1/tilfoejelse", data={"csrf": token(page), "text": "Rettelse", "page": "1"}).status_code == 303
    assert "Rettelse" in anna.get(PAGE).get_data(as_text=True)


def test_a_form_that_comes_after_the_last_signature_keeps_its_words_and_says_so(anna: FlaskClient, app: Flask) -> None:
    before = anna.get(PAGE)
    sign_all(app)
    typed = {"note": "Skrevet for sent", "actions/a1/text": "Ring <b>nu</b>"}
    answer = anna.post(PAGE, data={"csrf": token(before), "base": "1", **typed})
    said = answer.get_data(as_text=True)
    assert answer.status_code == 423
    assert "Runden er underskrevet og kan ikke ændres" in said
    kept = re.search(r'<textarea id="skrevet"[^>]*>\n(.*?)</textarea>', said, re.DOTALL)
    assert kept
    words = html.unescape(kept[1])
    assert "Vurdering: Skrevet for sent" in words
    assert "Ring <b>nu</b>" in words
    added = anna.post(f"{ROUND}/tilfoejelse", data={"csrf": token(answer), "page": "1", "text": words})
    assert added.status_code == 303
    assert "Skrevet for sent" in anna.get(PAGE).get_data(as_text=True)
    assert written(app) == writing.Writing()


def test_a_form_that_is_refused_comes_back_with_all_that_was_typed(anna: FlaskClient, app: Flask) -> None:
    page, long = anna.get(PAGE), "æ" * (writing.LONG + 1)
    answer = anna.post(PAGE, data={"csrf": token(page), "base": "1", "note": long, "decision": "Fortsæt", "actions/b2/text": "Ring"})
    said = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Teksten er for lang" in said
    assert long in said
    assert "Fortsæt</textarea>" in said
    assert 'name="actions/b2/text"' in said
    assert 'name="base" value="1"' in said
    assert written(app) == writing.Writing()


def test_a_choice_between_two_texts_that_comes_too_late_is_shown_again(anna: FlaskClient, app: Flask) -> None:
    draft(anna, 1, note="Annas")
    bo = staff(app, "bo")
    address = draft(bo, 1, note="Bos").get_json()["merge"]
    page = bo.get(address)
    sign_all(app)
    answer = bo.post(address, data={"csrf": token(page), "version": "2", "valg/note": "own", "own/note": "Begge dele"})
    assert answer.status_code == 423
    assert "Vurdering: Begge dele" in answer.get_data(as_text=True)


def test_a_choice_between_two_texts_that_is_too_long_is_refused_and_never_cut(anna: FlaskClient, app: Flask) -> None:
    draft(anna, 1, note="Annas")
    bo = staff(app, "bo")
    address = draft(bo, 1, note="Bos").get_json()["merge"]
    both = "å" * writing.LONG + "\n\nSLUT"
    answer = bo.post(address, data={"csrf": token(bo.get(address)), "version": "2", "valg/note": "own", "own/note": both})
    said = answer.get_data(as_text=True)
    assert (answer.status_code, f"Teksten er for lang ({len(both)})" in said, both in said) == (422, True, True)
    assert written(app).note == "Annas"


@pytest.mark.parametrize("number", ["0", "2147483648", "9223372036854775808", "9" * 40])
def test_a_number_of_something_set_aside_that_no_database_has_is_not_there(anna: FlaskClient, number: str) -> None:
    assert anna.get(f"{PAGE}/flet/{number}").status_code == 404
    assert anna.post(f"{PAGE}/flet/{number}", data={"csrf": token(anna.get(PAGE)), "version": "1"}).status_code == 404


def test_a_signature_of_a_round_that_moved_is_refused_in_words(app: Flask) -> None:
    anna = staff(app, department=DEPARTMENTS[0])
    page = anna.get("/gennemgang/2026H1")
    save(address(app), 1, 1, note="Imens")
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page.get_data(as_text=True))
    assert seen
    answer = anna.post("/gennemgang/2026H1/underskriv", data={"csrf": token(page), "department": DEPARTMENTS[0], "seen": seen[1]})
    assert answer.status_code == 422
    assert "Runden er ændret, siden du så den" in answer.get_data(as_text=True)


def test_a_round_that_cannot_be_opened_is_explained(anna: FlaskClient) -> None:
    asked = {"csrf": token(anna.get("/gennemgang")), "period": "2026H2"}
    answer = anna.post("/gennemgang", data=asked)
    assert answer.status_code == 422
    assert "En anden runde er åben" in answer.get_data(as_text=True)


# --- without script -----------------------------------------------------------------------------------------------------


def test_without_script_rows_are_added_filled_removed_and_faults_are_shown(anna: FlaskClient, app: Flask) -> None:
    page = anna.get(PAGE)
    added = anna.post(PAGE, data={"csrf": token(page), "base": "1", "note": "Note", "add": "actions"})
    assert added.headers["Location"].endswith("?ny=actions#ny-actions")
    page = anna.get(added.headers["Location"])
    blank = re.findall(r'name="(actions/[0-9a-f]{16}/text)"', page.get_data(as_text=True))
    assert len(blank) == 1
    saved = anna.post(
        PAGE, data={"csrf": token(page), "base": "2", "note": "Note", blank[0]: "Ring", blank[0].replace("text", "due"): "snart"}
    )
    shown = anna.get(saved.headers["Location"]).get_data(as_text=True)
    assert "Datoen kan ikke læses" in shown
    assert re.search(r"Gemt kl\. \d\d\.\d\d", shown)
    row = blank[0].rsplit("/", 1)[0]
    anna.post(PAGE, data={"csrf": token(page), "base": "3", "note": "Note", blank[0]: "Ring", "remove": row})
    assert written(app) == writing.Writing(note="Note")
