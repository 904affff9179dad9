"""The agenda by places: each once with all its pages, what has ended folded, a way to the next; and the round at a glance on paper."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace

from geo.editions import edition as editions
from tests.readers.parsed import parse, words
from tests.readers.reviewforms import staff
from tests.towns import webtown
from tests.towns.reviewtown import DEPARTMENTS, NOBODY, ROUND, author, figure, save, seal, subject, text
from webmap.app import create_app
from webmap.reviews import writing
from webmap.reviews.facts import Change, Last, rests
from webmap.reviews.store import database, rounds
from webmap.settings import Settings

HOME = (("udsat_boligomraade", "nord", "Nord"),)
WHY = (Change(kind="figure", text=text("Trygge: +5")),)
HOUSING = subject("udsat_boligomraade", "nord", "Nord", areas=HOME, figures=(figure(),), changes=WHY)
HOTSPOT = subject("hotspot", "nord", "Nord", areas=(("hotspot", "nord", "Nord"),), changes=WHY)
PLAN = subject("helhedsplan", "plan-a", "Plan A", areas=HOME)
ELSEWHERE = subject("udsat_boligomraade", "syd", "Syd", areas=(("udsat_boligomraade", "syd", "Syd"),))
OVER = subject("helhedsplan", "gammel", "Gammel plan", ended=True)
MOVED = replace(OVER, subject_id="rort", name=text("Rørt plan"), changes=(Change(kind="list", text=text("Står ikke længere på listen")),))
AGREED = (HOUSING, ELSEWHERE, OVER, HOTSPOT, MOVED, PLAN)


def opened(folder: Path, edition_id: str = "abc123") -> Flask:
    settings = Settings(workspace=folder, reviews_departments=DEPARTMENTS)
    database.upgrade(settings.reviews_address)
    with database.writing(settings.reviews_address) as session:
        rounds.start(session, "2026H1", edition_id=edition_id, left=NOBODY, agreed=AGREED, who=author())
    return create_app(settings)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return opened(tmp_path)


@pytest.fixture
def anna(app: Flask) -> FlaskClient:
    return staff(app)


def page_of(app: Flask, subject_set: str, subject_id: str) -> int:
    with database.reading(address(app)) as session:
        return rounds.page(session, "2026H1", subject_set, subject_id).id


def address(app: Flask) -> str:
    return str(app.extensions["omraadekort"].reviews_address)


def test_a_place_stands_once_with_all_that_it_is(anna: FlaskClient) -> None:
    page = parse(anna.get(ROUND).get_data(as_text=True))
    tables = [[words(row) for row in table.findall(".//tbody/tr")] for table in page.iter("table") if table.get("class") == "fold agenda"]
    named, resting = tables
    assert [row.startswith(name) for row, name in zip(named, ("Nord", "Syd", "Rørt"), strict=True)] == [True] * 3
    assert named[0].count("Trygge: +5") == 1
    links = [link.get("href") for link in page.iter("a") if link.get("class") == "hat"]
    assert sorted(links) == sorted(f"{ROUND}/{each.subject_set}/{each.subject_id}" for each in AGREED)
    assert ["Gammel plan" in row for row in resting] == [True]


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_way_from_page_to_page_visits_each_once_and_ends_at_the_round(anna: FlaskClient, language: str) -> None:
    path, seen = f"{language}{ROUND}/udsat_boligomraade/nord", list[str]()
    while path != f"{language}{ROUND}":
        seen.append(path)
        page = parse(anna.get(path).get_data(as_text=True))
        ways = {link.get("rel"): str(link.get("href")) for link in page.findall(".//nav[@class='ways']/a")}
        assert ways.get("prev") == (seen[-2] if len(seen) > 1 else None)
        path = ways.get("next", f"{language}{ROUND}")
    assert sorted(seen) == sorted(f"{language}{ROUND}/{each.subject_set}/{each.subject_id}" for each in AGREED)


def test_what_has_ended_rests_only_while_nothing_is_open() -> None:
    open_action = writing.read({"actions/a/text": "Ring", "actions/a/status": "begun"})
    assert rests(OVER, writing.Writing())
    assert not rests(MOVED, writing.Writing())
    assert not rests(OVER, open_action)
    assert not rests(HOUSING, writing.Writing())
    assert rests(replace(OVER, changes=(Change(kind="figure", text=text("Demo"), demo=True),)), writing.Writing())


def test_whoever_signs_is_not_asked_about_pages_that_rest(anna: FlaskClient, app: Flask) -> None:
    for each in AGREED:
        if each is not OVER:
            save(address(app), page_of(app, each.subject_set, each.subject_id), 1, ready="yes")
    answer = anna.get(ROUND).get_data(as_text=True)
    assert "Alle sider er klar." in answer
    assert 'name="unready"' not in answer
    save(address(app), page_of(app, "helhedsplan", "gammel"), 1, note="Se på den igen")
    answer = anna.get(ROUND).get_data(as_text=True)
    assert "5 af 6 sider er klar." in answer
    assert seal(address(app))


def test_the_first_page_on_paper_holds_decisions_owners_and_dates(anna: FlaskClient, app: Flask) -> None:
    page = page_of(app, "udsat_boligomraade", "nord")
    save(
        address(app), page, 1, decision="Flere lamper. " + "x" * 500, owner="Vej og Park", due="2026-12-01",
        **{"actions__a__text": "Tæl lamperne", "actions__a__owner": "Bo", "actions__a__due": "2026-10-15", "actions__a__status": "begun",
           "actions__b__text": "Færdig for længst", "actions__b__status": "done"},
    )  # fmt: skip
    first = pypdf.PdfReader(io.BytesIO(anna.get(f"{ROUND}/gennemgang.pdf").data)).pages[0].extract_text()
    for said in ("Flere lamper.", "Vej og Park", "1. december 2026", "Tæl lamperne", "Bo", "15. oktober 2026"):
        assert said in first, said
    assert "Færdig for længst" not in first.partition("Underskrifter")[0]
    assert "x" * 300 not in first.partition("Underskrifter")[0].replace("\n", "")


def test_numbers_in_the_spreadsheet_say_how_they_are_written(anna: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(anna.get(f"{ROUND}/gennemgang.xlsx").data))
    numbers = [cell for row in book["Tal"].iter_rows(min_row=2) for cell in row if isinstance(cell.value, int | float)]
    assert numbers
    assert {cell.number_format for cell in numbers} <= {"#,##0", "#,##0.0##"}


def test_where_a_place_lies_is_drawn_while_the_edition_is_kept(tmp_path: Path) -> None:
    webtown.publish(tmp_path / "editions")
    known = editions.current(tmp_path / "editions")
    settings = Settings(workspace=tmp_path, reviews_departments=DEPARTMENTS)
    drawn = subject(
        "square", "0101", "SW", areas=(("square", "0101", "SW"),), figures=(figure(area_set="square", area_id="0101", area="SW"),)
    )  # fmt: skip
    database.upgrade(settings.reviews_address)
    with database.writing(settings.reviews_address) as session:
        rounds.start(session, "2026H1", edition_id=known, left=NOBODY, agreed=(drawn,), who=author())
    app = create_app(settings)
    page = parse(staff(app).get(f"{ROUND}/square/0101").get_data(as_text=True))
    assert page.findall(".//figure[@class='where']//svg") or page.findall(".//figure[@class='where']/svg")
    gone = opened(tmp_path / "gone")
    answer = staff(gone).get(f"{ROUND}/udsat_boligomraade/nord")
    assert answer.status_code == 200
    assert 'class="where"' not in answer.get_data(as_text=True)


def test_last_decisions_stand_on_the_page(tmp_path: Path) -> None:
    last = Last(period="2025H2", signed="2025-12-20T10:00:00Z", writing=writing.read({"decision": "Lys ved stationen"}))
    settings = Settings(workspace=tmp_path, reviews_departments=DEPARTMENTS)
    database.upgrade(settings.reviews_address)
    with database.writing(settings.reviews_address) as session:
        rounds.start(session, "2026H1", edition_id="abc123", left=NOBODY, agreed=(replace(ELSEWHERE, last=last),), who=author())
    assert "Lys ved stationen" in staff(create_app(settings)).get(f"{ROUND}/udsat_boligomraade/syd").get_data(as_text=True)
