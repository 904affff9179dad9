"""The API: one shape for errors, unknown parameters refused, nothing invented, CSV that no spreadsheet runs."""

import csv
import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo.editions.edition import Edition
from geo.files.workspace import Workspace
from tests.towns.maptown import HOSTILE, ROWS, publish
from webmap.app import create_app
from webmap.figures import records
from webmap.figures.api import parameters
from webmap.figures.formats import csv_text, listed
from webmap.settings import Settings

ONE_MAP = "?indicator=tryg&area_set=square&period=2010"
TRACED = "?indicator=tryg&area_set=square&area_id=0102&period=2010"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("town")


@pytest.fixture(scope="module")
def town(workspace: Path) -> Edition:
    return publish(workspace / "editions")


@pytest.fixture(scope="module")
def client(workspace: Path, town: Edition) -> FlaskClient:
    assert town
    return create_app(Settings(workspace=workspace)).test_client()


def test_the_index_lists_every_resource(client: FlaskClient) -> None:
    resources = client.get("/api/v1/").get_json()["resources"]
    assert {one["resource"] for one in resources} == set(parameters.PARAMETERS) - {""}
    for one in resources:
        for ending in one["formats"]:
            of_one = one["resource"] == "trace" or ("period" in one["parameters"] and listed.named(ending).one_map)
            asked = "" if not of_one else TRACED if one["resource"] == "trace" else ONE_MAP
            assert client.get(f"{one['url']}.{ending}{asked}").status_code == 200


def test_observations_are_all_there_and_absent_values_are_null(client: FlaskClient) -> None:
    found = client.get("/api/v1/observations").get_json()["observations"]
    assert len(found) == len(ROWS)
    hidden = [row for row in found if row["status"] == "suppressed"]
    assert [(row["value"], row["low"], row["n"], row["reason"]) for row in hidden] == [(None, None, None, "few_answers")]
    assert all(row["demo"] == "Demodata" for row in found if row["status"] == "demo")


def test_observations_can_be_asked_for_one_by_one(client: FlaskClient) -> None:
    found = client.get("/api/v1/observations?indicator=tryg&area_set=kommune&period=2011").get_json()["observations"]
    assert [(row["area_id"], row["value"], row["area_name"]) for row in found] == [("0101", 66.0, "Byen")]


def test_modelled_shares_say_so_and_take_nothing_from_what_is_hidden(client: FlaskClient) -> None:
    told = client.get("/api/v1/modelled").get_json()["modelled"]
    shown = {(r["indicator"], r["area_set"], r["area_id"], r["period"]) for r in _observed(client) if r["value"] is not None}
    assert told
    assert all(row["model"].startswith("modelleret") for row in told)
    assert {(row["indicator"], row["area_set"], row["area_id"], row["period"]) for row in told} <= shown
    assert "modelled" not in records.COLUMNS


def _observed(client: FlaskClient) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = client.get("/api/v1/observations").get_json()["observations"]
    return rows


def test_csv_has_the_columns_that_may_leave_the_house_and_no_other(client: FlaskClient) -> None:
    answer = client.get("/api/v1/observations.csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert tuple(rows[0]) == records.COLUMNS
    assert answer.mimetype == "text/csv"
    assert "note" not in rows[0]
    assert {row[3] for row in rows[1:]} == {"0101", "0102", "0103", "0104"}  # codes stay text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    line = csv_text.text([{"a": text}], ["a"])
    assert next(csv.reader(io.StringIO(line.split("\r\n", 1)[1], newline="")))[0].startswith("'")


def test_numbers_are_left_alone() -> None:
    assert csv_text.text([{"a": -1.5, "b": None}], ["a", "b"]) == "a,b\r\n-1.5,\r\n"


def test_geometry_comes_with_names_as_text(client: FlaskClient) -> None:
    answer = client.get("/api/v1/areas.geojson?area_set=square")
    names = [feature["properties"]["name"] for feature in answer.get_json()["features"]]
    assert len(names) == 4
    assert HOSTILE in names
    assert answer.mimetype == "application/geo+json"


def test_goals_come_with_wording_and_judgements(client: FlaskClient) -> None:
    goal = client.get("/api/v1/goals").get_json()["goals"][0]
    assert goal["wording"] == "Det skal stige."
    assert goal["judgements"] == []


def test_goals_as_csv_are_a_row_a_judgement_and_say_demodata(built: Workspace) -> None:
    client = create_app(Settings(workspace=built.folder)).test_client()
    lines = list(csv.DictReader(io.StringIO(client.get("/api/v1/goals.csv").text)))
    judgements = [one for goal in client.get("/api/v1/goals").get_json()["goals"] for one in goal["judgements"]]
    assert [(line["goal"], line["target"], line["area_id"]) for line in lines] == [
        (j["goal"], j["target"], j.get("area_id", "")) for j in judgements
    ]
    assert {line["demo"] for line in lines} == {"", "Demodata"}


@pytest.mark.parametrize("name", ["indicators", "sources"])
def test_what_stands_in_json_stands_in_csv(client: FlaskClient, name: str) -> None:
    lines = list(csv.DictReader(io.StringIO(client.get(f"/api/v1/{name}.csv").text)))
    assert [line["id"] for line in lines] == [one["id"] for one in client.get(f"/api/v1/{name}").get_json()[name]]


def test_an_edition_is_asked_for_once(client: FlaskClient) -> None:
    first = client.get("/api/v1/indicators")
    again = client.get("/api/v1/indicators", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status", "code", "where"),
    [
        ("/api/v1/observations?color=red", 400, "unknown_parameter", "color"),
        ("/api/v1/indicators?period=2010", 400, "unknown_parameter", "period"),
        ("/api/v1/observations?indicator=nope", 400, "unknown_value", "indicator"),
        ("/api/v1/observations?area_set=vand", 400, "unknown_value", "area_set"),
        ("/api/v1/observations?period=2010'--", 400, "unknown_value", "period"),
        ("/api/v1/observations?period=2010&period=2011", 400, "repeated_parameter", "period"),
        ("/api/v1/breaks?indicator=nope", 400, "unknown_value", "indicator"),
        ("/api/v1/trace?indicator=tryg", 400, "missing_parameter", "area_set"),
        ("/api/v1/observations.geojson?area_set=square&period=2010", 400, "missing_parameter", "indicator"),
        ("/api/v1/modelled.geojson?indicator=tryg&area_set=square", 400, "missing_parameter", "period"),
        ("/api/v1/modelled.xlsx", 404, "unknown_format", "/api/v1/modelled.xlsx"),
        (f"/api/v1/trace{TRACED.replace('2010', '1999')}", 404, "not_found", "1999"),
        (f"/api/v1/trace{TRACED.replace('0102', '9999')}", 404, "not_found", "9999"),
        (f"/api/v1/trace{TRACED.replace('tryg', 'nope')}", 404, "not_found", "nope"),
        (f"/api/v1/trace{TRACED.replace('square', 'vand')}", 404, "not_found", "vand"),
        ("/api/v1/areas?lang=fr", 400, "unknown_value", "lang"),
        ("/api/v1/areas.xml", 404, "unknown_format", "/api/v1/areas.xml"),
        ("/api/v1/nowhere", 404, "unknown_resource", "/api/v1/nowhere"),
        ("/api/v1/a/b/c", 404, "not_found", "/api/v1/a/b/c"),
        ("/api/v1/areas?edition=0000", 410, "edition_gone", "0000"),
        ("/api/v1/areas?edition=../../etc", 410, "edition_gone", "../../etc"),
    ],
)
def test_errors_have_one_shape(client: FlaskClient, path: str, status: int, code: str, where: str) -> None:
    answer = client.get(path)
    error = answer.get_json()["error"]
    assert set(error) == {"status", "code", "message", "where", "expected"}
    assert (answer.status_code, error["status"], error["code"], error["where"]) == (status, status, code, where)
    assert isinstance(error["expected"], list)


def test_a_wrong_method_is_refused_in_the_same_shape(client: FlaskClient) -> None:
    answer = client.post("/api/v1/areas")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (405, "method_not_allowed")


def test_the_document_names_every_resource_parameter_and_column() -> None:
    text = (Path(__file__).parent.parent.parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
    named = {*parameters.PARAMETERS, *(name for names in parameters.PARAMETERS.values() for name in names), *records.COLUMNS}
    assert [name for name in named if name and name not in text] == []


@pytest.mark.parametrize("kind", ["areas", "observations", "indicators"])
@pytest.mark.parametrize("length", [255, 256, 5_000])
def test_an_edition_with_a_name_that_no_file_can_have_is_not_here(client: FlaskClient, kind: str, length: int) -> None:
    assert client.get(f"/api/v1/{kind}?edition={'a' * length}").status_code == 410
