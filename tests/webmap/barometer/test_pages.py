"""The barometer against the papers' own table: every row with its figures, its answer or why there is none, as page, files and API."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient

from geo import pipeline
from geo.files import workspace
from omraadekort.exposure import answers
from tests.readers.parsed import parse, words
from webmap.app import create_app
from webmap.edition import chosen
from webmap.settings import Settings

ROOT = Path(__file__).parents[3]
SEEDS = ROOT.parent / "shared" / "seeds"

PAPER = {  # goal: start, latest, target of the status report of 2009 and the line of its table
    "2006-H": (54.40, 59.90, 64.00, 15),
    "2006-H-kvinder": (48.50, 55.00, None, 16),
    "2006-H-maend": (59.90, 63.90, None, 17),
    "2006-H-brancher": (31.70, 39.10, 58.90, 18),
    "2006-H-ansatte": (9.54, 10.70, None, 19),
    "2006-H-erhvervsudd": (6.4, 7.10, None, 20),
}
"""Typed from the paper. The column of targets says "Andel skal stige" where there is no number."""
UNMEASURED = {"M1", "M2", "M3", "M4", "O", "2006-K", "2006-T"}
"""Goals that no paper has a figure for."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The embedded figures without the demo register."""
    place = workspace.create(tmp_path_factory.mktemp("barometer") / "var", default=ROOT)
    pipeline.build(place)
    return create_app(Settings(workspace=place.folder)).test_client()


def records(client: FlaskClient, ask: str = "") -> list[dict[str, object]]:
    listed: list[dict[str, object]] = client.get(f"/api/v1/barometer{ask}").get_json()["barometer"]
    return listed


def rows(client: FlaskClient, address: str = "/barometer") -> dict[str, str]:
    """What each row of the page says, by the last part of its goal's address."""
    page = client.get(address).get_data(as_text=True)
    tables = re.findall(r'<table class="fold barometer">.*?</table>', page, re.DOTALL)
    found = [row for table in tables for row in re.findall(r"<tr[ >].*?</tr>", table.partition("<tbody>")[2], re.DOTALL)]
    assert found
    named = {re.search(r'<th scope="row"><a href="[^"]*?/(?:maal/)?([\w-]+)"', row): row for row in found}
    return {name[1]: words(parse(row)).replace("\u00a0", " ") for name, row in named.items() if name}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the policy papers do not lie beside the project")
def test_the_papers_figures_are_typed_from_their_lines() -> None:
    lines = next(SEEDS.glob("002*.txt")).read_text("utf-8").split("\n")
    for start, latest, target, line in PAPER.values():
        numbers = [float(number.replace(",", ".")) for number in re.findall(r"(\d+,\d+) pct\.", lines[line - 1])]
        assert numbers == [number for number in (start, latest, target) if number is not None]


@pytest.mark.parametrize("goal", PAPER)
def test_all_six_rows_of_employment_have_the_papers_figures(client: FlaskClient, goal: str) -> None:
    start, latest, target, line = PAPER[goal]
    record = next(record for record in records(client) if record["goal"] == goal)
    assert (record["baseline"], record["latest"], record["target_value"]) == (start, latest, target)
    assert (record["baseline_period"], record["rhythm"], record["direction"]) == ("2007H1", "half_year", "up")
    assert record["latest_period"] == ("2008-08" if goal == "2006-H" else "2008")
    assert re.search(rf"\b({line}|130)\b", str(record["locator"]))
    said = rows(client)[goal]
    for number in (start, latest):
        places = 2 if goal == "2006-H-ansatte" else 1
        assert f"{number:.{places}f} %".replace(".", ",") in said
    assert "skal op" in said
    assert "Måles hvert halve år" in said


def test_every_goal_of_both_policies_has_an_answer_or_says_why_not(client: FlaskClient) -> None:
    listed = records(client)
    assert {record["goal"] for record in listed} == {
        *PAPER, *UNMEASURED, "M5", "M6", "M7", "2006-B1", "2006-B2", "2006-I", "2006-I-andel", "2006-D"
    }  # fmt: skip
    assert {record["goal"] for record in listed if record["verdict"] is None} == UNMEASURED
    said = rows(client)
    for record in listed:
        assert record["verdict"] or record["reason"] == "no_indicator"
        assert record["verdict"] in (None, "on_track", "off_track", "reached", "not_reached") or record["reason"]
        address = str(record["goal"]).removeprefix("M").replace("2006-B2", "arbejdsmarked")
        why = "ingen nye på listen til og med 2009" if record["goal"] == "2006-B1" else str(record["why"])  # the page tells the names
        assert why.casefold() in said[address].casefold(), record["goal"]
    assert {record["policy"] for record in records(client, "?policy=2006-2010")} == {"2006-2010"}


def test_goals_stand_under_the_policys_headings_on_the_page_and_in_files(client: FlaskClient) -> None:
    """The four headings of the policy of 2011-2014 (kk-001, l. 152-182), each once, with its goals under it; then those of 2006-2010."""
    wanted = {
        "En god start på livet": ["1"],
        "Mangfoldighed og ligebehandling i arbejdslivet": ["2", "3"],
        "En særlig hånd til udsatte grupper og områder": ["4", "5"],
        "Den inddragende by": ["6", "7"],
        "Den overordnede målsætning": ["O"],
    }
    page = parse(client.get("/barometer").get_data(as_text=True))
    under = {}
    for body in page.findall(".//table[@class='fold barometer']/tbody"):
        heading = body.find("tr/th[@scope='rowgroup']")
        assert heading is not None
        assert words(heading) not in under
        under[words(heading)] = [link.get("href", "").rpartition("/")[2] for link in body.findall("tr/th[@scope='row']/a")]
    assert list(under.items())[: len(wanted)] == list(wanted.items())
    assert list(under)[len(wanted) :] == ["Beskæftigelse", "Bolig", "Inklusion og diskrimination", "Kultur og fritid", "Tryghed"]
    assert list(dict.fromkeys(record["theme"] for record in records(client))) == list(under)
    assert records(client, "?lang=en")[0]["theme"] == "A good start in life"
    file = client.get("/api/v1/barometer.csv").get_data(as_text=True)
    assert next(csv.DictReader(io.StringIO(file.lstrip("\ufeff"))))["theme"] == "En god start på livet"
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/v1/barometer.xlsx").get_data()))
    assert "Tema" in [cell.value for sheet in book for cell in sheet[1]]


def test_a_figure_from_before_the_deadline_decides_neither_reading(client: FlaskClient) -> None:
    """42.1 percent in June 2008, the goal is of the end of 2010 (kk-002, l. 132): neither reached nor not reached."""
    both = [record for record in records(client) if record["goal"] == "2006-B2"]
    assert {(record["latest"], record["latest_period"], record["deadline"]) for record in both} == {(42.1, "2008-06", "2010-12-31")}
    assert [record["target_value"] for record in both] == [pytest.approx(49.5 * 0.9), 39.5]
    assert {record["verdict"] for record in both} == {"undecided"}
    said = rows(client)["arbejdsmarked"]
    assert "44,55 %" in said
    assert "39,5 %" in said
    assert "ikke dateret" in said
    assert "kke nået" not in said


def test_nobody_is_said_to_be_counted_where_no_source_says_so(client: FlaskClient) -> None:
    assert not [row for row in rows(client).values() if "alle er talt med" in row.casefold()]
    assert "everyone is counted" not in client.get("/en/barometer").get_data(as_text=True)


def test_the_restated_target_is_told_with_both_methods(client: FlaskClient) -> None:
    """57 percent without all recipients of student grants, 64 with them (kk-002, l. 22 and 134)."""
    record = next(record for record in records(client) if (record["goal"], record["target"]) == ("2006-H", "niveau"))
    assert (record["restated"], record["target_value"]) == (57.0, 64.0)
    assert [record["goal"] for record in records(client) if record["restated"] is not None] == ["2006-H"]
    note = client.get("/barometer").get_data(as_text=True).partition('id="maalemetoder"')[2].partition("</section>")[0]
    before, now = note.split("<dt>")[1:]
    assert before.startswith("57")
    assert "uden alle SU-modtagere" in before
    assert "l. 22 og 134" in before
    assert now.startswith("64")
    assert "Med alle SU-modtagere" in now


def test_the_break_of_the_exposed_areas_is_drawn_and_the_old_count_told(client: FlaskClient) -> None:
    """From 5 to 2 in March 2008 (kk-002, l. 131) by the old criteria; the list of 2010 is another."""
    page = client.get("/barometer").get_data(as_text=True)
    row = next(row for row in re.findall(r"<tr[ >].*?</tr>", page, re.DOTALL) if "/maal/2006-B1" in row)
    assert 'class="brud"' in row
    assert "efter den gamle: 2\u00a0områder (2009)" in row
    assert "Brud i serien" in row


def test_csv_xlsx_and_api_say_the_same(client: FlaskClient) -> None:
    listed = records(client)
    table = list(csv.DictReader(io.StringIO(client.get("/api/v1/barometer.csv").get_data(as_text=True))))
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/v1/barometer.xlsx").get_data()))
    head, *cells = book.worksheets[0].iter_rows(values_only=True)
    sheet = [dict(zip(head, row, strict=True)) for row in cells]
    assert [(row["goal"], row["target"]) for row in table] == [(record["goal"], record["target"]) for record in listed]
    for name, heading in (("baseline", "Start"), ("latest", "Seneste"), ("target_value", "Målets tal")):
        numbers = [record[name] for record in listed]
        assert [float(row[name]) if row[name] else None for row in table] == pytest.approx(numbers)
        assert [row[heading] for row in sheet] == pytest.approx(numbers)
    assert [row["Svar"] for row in sheet] == [record["answer"] for record in listed]
    assert client.get("/api/v1/barometer.geojson").status_code == 404
    assert client.get("/api/v1/barometer?policy=1999").status_code == 400
    page = client.get("/barometer").get_data(as_text=True)
    for address in re.findall(r'<a href="([^"]+)" download="integrationsbarometer', page):
        assert client.get(address.replace("&amp;", "&")).status_code == 200


def test_the_page_is_found_from_the_front_page_and_the_menu_in_both_languages(client: FlaskClient) -> None:
    for home, address, heading in (("/", "/barometer", "Hvor langt er byen"), ("/en/", "/en/barometer", "How far is the city")):
        front = client.get(home).get_data(as_text=True)
        assert front.count(f'href="{address}"') == 2
        assert "2006-H-kvinder" not in front  # sub-goals stand in the barometer
        assert heading in client.get(address).get_data(as_text=True)


def test_an_answer_that_the_edition_has_not_is_a_finding_of_the_audit(client: FlaskClient) -> None:
    with client.application.test_request_context("/barometer"):
        edition = chosen.reader().edition
    listed = records(client)
    assert not list(answers.in_file("/api/v1/barometer", listed, edition))
    made_up = [record | {"verdict": "reached"} for record in listed if record["goal"] in ("M4", "2006-H")]
    assert len(list(answers.in_file("/api/v1/barometer", made_up, edition))) == len(made_up) == 3


def test_answers_are_counted_in_words(client: FlaskClient) -> None:
    assert "Af 21 mål og delmål:" in client.get("/barometer").get_data(as_text=True)
    assert "7 er ikke målt" in client.get("/barometer").get_data(as_text=True)
    assert "7 not measured" in client.get("/en/barometer").get_data(as_text=True)
