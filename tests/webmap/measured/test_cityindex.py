"""The page of the city index: an empty state that says who has the figures, cities by name, and no change without two values."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient

from geo.editions import edition as store
from tests.readers.parsed import parse
from tests.readers.parsed import words as text_of
from tests.towns import maptown, webtown
from webmap.app import create_app
from webmap.settings import Settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("cityindex") / "var"
    webtown.publish(folder / "editions")
    return create_app(Settings(workspace=folder)).test_client()


def cells(client: FlaskClient, path: str) -> list[list[str]]:
    """The rows of the first dimension's table."""
    table = parse(client.get(path).get_data(as_text=True)).find(".//main//table")
    assert table is not None
    return [[text_of(cell).strip() for cell in row][:4] for row in table.findall(".//tbody/tr")]


def test_cities_stand_by_name_with_the_change_between_two_years(client: FlaskClient) -> None:
    rows = cells(client, "/byindeks")
    assert [row[1:] for row in rows] == [["71,0", "ikke målt", "–"], ["58,0", "60,5", "−2,5"]]
    assert rows[1][0] == "København"
    assert cells(client, "/byindeks?aar=2011&mod=2012")[1][1:] == ["60,5", "58,0", "+2,5"]
    assert cells(client, "/en/byindeks")[1][1:] == ["58.0", "60.5", "−2.5"]


def test_the_doubt_and_what_is_not_named_are_said(client: FlaskClient) -> None:
    said = text_of(parse(client.get("/byindeks").get_data(as_text=True)))
    assert "Usikkerheden kendes ikke." in said
    assert "7 nævner den ikke" in said  # two of nine are in the town's catalogue
    assert "Ingen by har en værdi her" in said  # of the dimension without a scale
    assert "Hvem har tallene?" not in said


@pytest.mark.parametrize("query", ["?aar=1999", "?aar=2012&mod=x", "?aar=%3Cscript%3E"])
def test_a_year_without_values_is_not_found(client: FlaskClient, query: str) -> None:
    assert client.get(f"/byindeks{query}").status_code == 404


def test_programs_get_a_row_a_value(client: FlaskClient) -> None:
    rows = client.get("/api/v1/cityindex.csv").get_data(as_text=True).splitlines()
    assert rows[0] == "score,city,year,dimension,dimension_name,value,scale_low,scale_high,source,locator,edition"
    assert len(rows) == 4
    made = client.get("/api/v1/cityindex").get_json(force=True)
    assert [score["values"] for score in made["scores"]] == [{"velkomst": 60.5}, {"velkomst": 58.0}, {"velkomst": 71.0}]


def test_without_values_the_page_says_who_has_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = webtown.catalogue()
    monkeypatch.setattr(webtown, "catalogue", lambda: msgspec.structs.replace(whole, city_scores=()))
    webtown.publish(tmp_path / "editions", as_of=maptown.DAY)
    said = text_of(parse(create_app(Settings(workspace=tmp_path)).test_client().get("/byindeks").get_data(as_text=True)))
    assert "Det kan ikke siges endnu" in said
    assert "Hvem har tallene?" in said
    assert "Usikkerheden kendes ikke." not in said
    assert store.current(tmp_path / "editions") is not None
