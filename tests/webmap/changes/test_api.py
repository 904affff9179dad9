"""What changed, for programs: JSON and CSV of the same differences, counted by hand; errors in the API's one shape."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo.editions import edition
from geo.editions.edition import Edition
from geo.model.vocabulary import Audience
from omraadekort.exposure.stranger import read_as_stranger
from tests.readers.signed import ssp, staff
from tests.towns import newstown
from webmap.app import create_app
from webmap.changes import comparing
from webmap.changes.api import records
from webmap.settings import Settings

Three = tuple[Edition, Edition, Edition]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("newsapi") / "var"


@pytest.fixture(scope="module")
def three(folder: Path) -> Three:
    return newstown.publish_all(folder / "editions")


@pytest.fixture
def client(folder: Path, three: Three) -> FlaskClient:
    edition.point(folder / "editions", three[2].id)
    return create_app(Settings(workspace=folder)).test_client()


def asked(client: FlaskClient, new: Edition, old: Edition, more: str = "") -> dict[str, Any]:
    answer = client.get(f"/api/v1/editions/{new.id}/changes?since={old.id}{more}")
    assert answer.status_code == 200
    content: dict[str, Any] = answer.get_json()
    return content


def lines(client: FlaskClient, new: Edition, old: Edition, more: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/api/v1/editions/{new.id}/changes.csv?since={old.id}{more}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


# --- the editions -----------------------------------------------------------------------------------------------------


def test_the_editions_are_listed_newest_first(client: FlaskClient, three: Three) -> None:
    told = client.get("/api/v1/editions").get_json()
    assert told["current"] == three[2].id
    assert [(each["id"], each["as_of"], each["written"], each["current"]) for each in told["editions"]] == [
        (three[2].id, "2021-01-01", "2021-01-01T00:00:00Z", True),
        (three[1].id, "2020-07-01", "2020-07-01T00:00:00Z", False),
        (three[0].id, "2020-01-01", "2020-01-01T00:00:00Z", False),
    ]
    assert told == client.get("/api/v1/editions.json").get_json()
    as_csv = list(csv.DictReader(io.StringIO(client.get("/api/v1/editions.csv").text)))
    assert [(line["id"], line["current"]) for line in as_csv] == [(three[2].id, "1"), (three[1].id, ""), (three[0].id, "")]
    assert client.get(client.get("/api/v1/").get_json()["editions"]).status_code == 200


# --- what differs -----------------------------------------------------------------------------------------------------


def test_figures_are_told_from_what_to_what(client: FlaskClient, three: Three) -> None:
    told = asked(client, three[2], three[1])
    assert told["counts"] == {"new": 0, "revised": 1, "lost": 1, "hidden": 1, "shown": 0, "other_reason": 0, "other_origin": 0}
    by_kind = {figure["change"]: figure for figure in told["figures"]}
    revised = by_kind["revised"]
    place = ("indicator", "area_set", "area_id", "area_name", "period", "by", "demo")
    assert [revised[name] for name in place] == ["uden", "square", "0101", "Sydvest", "2010", 2.0, "Demodata"]
    assert (revised["before"]["value"], revised["now"]["value"]) == (10.0, 12.0)
    assert (told["as_of"], told["since_as_of"], told["current"]) == ("2021-01-01", "2020-07-01", three[2].id)
    assert told["summary"][0] == "1 tal er rettet, 1 er væk, 1 er skjult nu."
    assert asked(client, three[2], three[1], "&lang=en")["summary"][0] == "1 figure is revised, 1 is gone, 1 is hidden now."


def test_the_csv_has_the_same_differences_a_row_each(client: FlaskClient, three: Three) -> None:
    rows = lines(client, three[2], three[1])
    assert [*rows[0]] == [*records.COLUMNS]
    figures = [(row["change"], row["area_id"], row["before_value"], row["value"], row["by"]) for row in rows if row["part"] == "figure"]
    assert figures == [("hidden", "0102", "", "", ""), ("lost", "0104", "", "", ""), ("revised", "0101", "10", "12", "2")]
    assert {(row["part"], row["change"], row["id"]) for row in rows if row["id"]} == {
        ("list", "gone", "list-2010"), ("plan", "new", "ny"), ("hotspot", "changed", "0102"), ("goal", "changed", "M5"),
    }  # fmt: skip
    (verdict,) = (row for row in rows if row["part"] == "verdict")
    assert (verdict["before_verdict"], verdict["verdict"], verdict["reason"]) == ("", "undecided", "hidden")


def test_new_figures_and_answers_are_told(client: FlaskClient, three: Three) -> None:
    told = asked(client, three[2], three[0])
    new = [(figure["area_id"], figure["period"], figure["now"]["value"]) for figure in told["figures"] if figure["change"] == "new"]
    assert new == [("0101", "2012H1", 81.0), ("0104", "2012H1", 62.0)]
    whole = next(verdict for verdict in told["verdicts"] if not verdict["area_id"])
    assert whole["before"] == {"verdict": "undecided", "reason": "no_baseline", "period": "2010", "repeated": True}
    assert whole["now"] == {"verdict": "reached", "reason": None, "period": "2010", "repeated": True}


def test_entries_say_which_fields_differ(client: FlaskClient, three: Three) -> None:
    entries = {(each["part"], each["id"]): each for each in asked(client, three[2], three[1])["entries"]}
    deadline = next(field for field in entries["goal", "M5"]["fields"] if field["name"] == "deadline")
    assert (deadline["before"], deadline["now"]) == ("2014-12-31", "2016-12-31")
    assert entries["plan", "ny"]["came"] == ["square/0102"]


def test_a_part_can_be_asked_for(client: FlaskClient, three: Three) -> None:
    of_indicator = asked(client, three[2], three[1], "&indicator=uden")
    assert [figure["indicator"] for figure in of_indicator["figures"]] == ["uden"]
    assert of_indicator["entries"] == []
    of_area = lines(client, three[2], three[1], "&area_set=square&area_id=0104")
    assert [(row["part"], row["change"]) for row in of_area] == [("figure", "lost")]


def test_an_edition_beside_itself_differs_in_nothing(client: FlaskClient, three: Three) -> None:
    told = asked(client, three[1], three[1])
    assert (told["figures"], told["verdicts"], told["entries"], told["summary"]) == ([], [], [], [])
    assert lines(client, three[1], three[1]) == []


def test_no_text_is_a_formula_for_a_spreadsheet(tmp_path: Path) -> None:
    newstown.publish(tmp_path / "editions", 0, rows=[newstown.observation(area_id="0101", locator="=1+1")])
    newstown.publish(tmp_path / "editions", 1, rows=[newstown.observation(area_id="0101", value=81.0, locator="=1+2")])
    client = create_app(Settings(workspace=tmp_path)).test_client()
    new, old = (each["id"] for each in client.get("/api/v1/editions").get_json()["editions"])
    (row,) = list(csv.DictReader(io.StringIO(client.get(f"/api/v1/editions/{new}/changes.csv?since={old}&indicator=tryg").text)))[:1]
    assert (row["before_locator"], row["locator"]) == ("'=1+1", "'=1+2")


# --- hidden now, not repeated -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_what_is_hidden_now_is_told_of_no_pair(client: FlaskClient, three: Three, kind: str) -> None:
    for old in three:
        for new in three:
            text = client.get(f"/api/v1/editions/{new.id}/changes.{kind}?since={old.id}&area_set=square&area_id=0102").text
            assert not [
                number
                for number in ("48", "55", "45.0", "52.0", "58.0", "7.0")
                if f"{number}" in text.replace(new.id, "").replace(old.id, "").replace(three[2].id, "")
            ]


def test_what_is_not_repeated_keeps_why(client: FlaskClient, three: Three) -> None:
    told = asked(client, three[1], three[0])
    (revised,) = (figure for figure in told["figures"] if figure["change"] == "revised")
    assert {name: value for name, value in revised["before"].items() if value not in (None, "")} == {"status": "final", "definition": "old"}
    assert revised["by"] is None
    of_area = next(verdict for verdict in told["verdicts"] if verdict["area_id"])
    assert of_area["before"] == of_area["now"] == {"verdict": None, "reason": None, "period": None, "repeated": False}


def test_who_is_shown_it_is_told_it_and_nobody_else(folder: Path, three: Three) -> None:
    edition.point(folder / "editions", three[2].id)
    app, address = create_app(Settings(workspace=folder)), f"/api/v1/editions/{three[1].id}/changes?since={three[0].id}"
    answer = staff(app).get(f"{address}&audience=staff")
    (revised,) = (figure for figure in answer.get_json()["figures"] if figure["change"] == "revised")
    assert (revised["before"]["value"], revised["now"]["value"], revised["by"]) == (48.0, 55.0, 7.0)
    assert answer.headers["Cache-Control"] == "private, no-store"
    for client, status in ((app.test_client(), 401), (ssp(app), 403)):
        refused = client.get(f"{address}&audience=staff")
        assert (refused.status_code, refused.get_json()["error"]["status"]) == (status, status)
    public = staff(app).get(address)  # what an address gives does not depend on who asks
    assert public.get_json() == app.test_client().get(address).get_json()


@pytest.mark.parametrize("audience", list(Audience))
def test_a_stranger_who_asks_every_address_finds_nothing(folder: Path, three: Three, audience: Audience) -> None:
    pages = ["editions.changes", "changes.page"]
    read = read_as_stranger(Settings(workspace=folder), three[2].id, audience, every=True, pages=pages)
    assert read.findings == ()
    assert read.seen


def test_a_stranger_finds_what_is_repeated(folder: Path, three: Three, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "without_hidden", lambda made, *_editions: made)
    read = read_as_stranger(Settings(workspace=folder), three[2].id, every=True, pages=["editions.changes"])
    leaks = {(each.what, each.area) for each in read.findings}
    assert ("a number of a figure that is hidden: before_value", "square/0102") in leaks
    assert {each.where.partition("?")[0].rpartition("/")[2] for each in read.findings} == {"changes.json", "changes.csv"}


# --- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "status", "code", "where"),
    [
        ("", 400, "missing_parameter", "since"),
        ("?since={old}&color=red", 400, "unknown_parameter", "color"),
        ("?since={old}&udgave={old}", 400, "unknown_parameter", "udgave"),
        ("?since={old}&since={old}", 400, "repeated_parameter", "since"),
        ("?since={old}&indicator=nope", 400, "unknown_value", "indicator"),
        ("?since={old}&area_set=nope&area_id=1", 400, "unknown_value", "area_set"),
        ("?since={old}&area_set=square", 400, "missing_parameter", "area_id"),
        ("?since={old}&area_id=0102", 400, "missing_parameter", "area_set"),
        ("?since={old}&area_set=square&area_id=9", 404, "not_found", "square/9"),
        ("?since={old}&lang=fr", 400, "unknown_value", "lang"),
        ("?since={old}&audience=police", 400, "unknown_value", "audience"),
        ("?since=0123456789abcdef", 410, "edition_gone", "0123456789abcdef"),
        ("?since=../../etc", 410, "edition_gone", "../../etc"),
        (".xlsx?since={old}", 404, "unknown_format", "/api/v1/editions/{new}/changes.xlsx"),
    ],
)
def test_errors_have_one_shape(  # noqa: PLR0917 - a row of the table above
    client: FlaskClient, three: Three, more: str, status: int, code: str, where: str
) -> None:
    names = {"old": three[0].id, "new": three[2].id}
    answer = client.get(f"/api/v1/editions/{three[2].id}/changes{more.format(**names)}")
    error = answer.get_json()["error"]
    assert set(error) == {"status", "code", "message", "where", "expected"}
    assert (answer.status_code, error["status"], error["code"], error["where"]) == (status, status, code, where.format(**names))
    assert answer.headers["Cache-Control"] == "no-store"


def test_json_is_the_ending_that_need_not_be_said(client: FlaskClient, three: Three) -> None:
    address, query = f"/api/v1/editions/{three[2].id}/changes", f"since={three[0].id}"
    assert client.get(f"{address}.json?{query}").data == client.get(f"{address}?{query}").data


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/editions/0123456789abcdef/changes?since={old}", 410, "edition_gone"),
        ("/api/v1/editions.xml", 404, "unknown_format"),
        ("/api/v1/editions?edition={old}", 400, "unknown_parameter"),
        ("/api/v1/editions/{old}", 404, "not_found"),
    ],
)
def test_other_addresses_are_refused_in_the_same_shape(client: FlaskClient, three: Three, path: str, status: int, code: str) -> None:
    answer = client.get(path.format(old=three[0].id))
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)
    assert client.post("/api/v1/editions").get_json()["error"]["code"] == "method_not_allowed"


def test_a_damaged_older_edition_is_refused_in_words(tmp_path: Path) -> None:
    three = newstown.publish_all(tmp_path / "editions")
    path = tmp_path / "editions" / three[1].id / "public" / "judgements.json"
    path.write_bytes(path.read_bytes() + b" ")
    client = create_app(Settings(workspace=tmp_path)).test_client()
    answer = client.get(f"/api/v1/editions/{three[2].id}/changes?since={three[1].id}")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (503, "edition_damaged")
    assert three[1].id not in client.get("/api/v1/editions").text


def test_nothing_built_is_told(tmp_path: Path) -> None:
    client = create_app(Settings(workspace=tmp_path)).test_client()
    for path in ("/api/v1/editions", "/api/v1/editions/0123456789abcdef/changes?since=0123456789abcdef"):
        answer = client.get(path)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (503, "no_edition")


def test_an_edition_that_was_taken_away_is_gone_from_memory_too(tmp_path: Path) -> None:
    three = newstown.publish_all(tmp_path / "editions")
    client = create_app(Settings(workspace=tmp_path)).test_client()
    addresses = [
        f"/api/v1/editions/{three[2].id}/changes?since={three[0].id}",
        f"/api/v1/editions/{three[0].id}/changes.csv?since={three[1].id}",
    ]
    assert [client.get(address).status_code for address in addresses * 2] == [200] * 4
    shutil.rmtree(tmp_path / "editions" / three[0].id)
    assert [client.get(address).status_code for address in addresses] == [410, 410]


# --- kept by caches ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/v1/editions", "/api/v1/editions/{new}/changes.csv?since={old}"])
def test_the_same_answer_is_not_sent_twice(client: FlaskClient, three: Three, path: str) -> None:
    address = path.format(new=three[2].id, old=three[0].id)
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_answer_changes_when_another_edition_is_shown(client: FlaskClient, folder: Path, three: Three) -> None:
    address = f"/api/v1/editions/{three[1].id}/changes?since={three[0].id}"
    first = client.get(address)
    edition.point(folder / "editions", three[1].id)  # nothing of it is hidden there
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "48.0" in again.text


def test_the_document_names_every_column_and_part() -> None:
    text = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
    named = {
        *records.EDITION_COLUMNS,
        "since",
        "edition",
        "summary",
        "counts",
        "figures",
        "areas",
        "verdicts",
        "entries",
        "area_sets",
        "breaks",
    }
    assert [name for name in named if f"`{name}`" not in text] == []
