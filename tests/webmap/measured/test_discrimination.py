"""The page of discrimination: three measures beside each other, hidden counts said to be hidden, empty states that say who knows."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient

from tests.readers.parsed import parse
from tests.readers.parsed import words as text_of
from tests.towns import webtown
from webmap.app import create_app
from webmap.settings import Settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("discrimination") / "var"
    webtown.publish(folder / "editions")
    return create_app(Settings(workspace=folder)).test_client()


def test_hidden_is_said_and_is_not_zero(client: FlaskClient) -> None:
    page = parse(client.get("/diskrimination").get_data(as_text=True))
    years, grounds, places = page.findall(".//main//table")
    (line,) = years.findall(".//tbody/tr")
    cells = [text_of(cell) for cell in line]
    assert cells[0].strip() == "2009"
    assert "ingen tal" in cells[1]
    assert "40" in cells[2]
    assert "skjult" in cells[3]
    by_ground = {text_of(row[0]).strip(): text_of(row[1]).strip() for row in grounds.findall(".//tbody/tr")}
    assert by_ground["Religion eller tro"] == "25"
    assert {value for name, value in by_ground.items() if name != "Religion eller tro"} == {"skjult"}
    assert len(places.findall(".//tbody/tr")) == 10
    assert "Det er ikke nul" in text_of(page)


def test_programs_read_the_status_of_what_is_hidden(client: FlaskClient) -> None:
    rows = client.get("/api/v1/discrimination.csv").get_data(as_text=True).splitlines()
    assert rows[0] == "cases,measure,year,divided_by,kind,kind_name,count,status,withheld,source,locator,edition"
    assert sum(",suppressed," in row for row in rows) == 9  # eight grounds, and the ombudsman's total
    (web, _) = client.get("/api/v1/discrimination").get_json(force=True)["cases"]
    assert web["grounds"]["age"] is None


def test_without_figures_the_page_says_who_has_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = webtown.catalogue()
    monkeypatch.setattr(webtown, "catalogue", lambda: msgspec.structs.replace(whole, shown_cases=()))
    webtown.publish(tmp_path / "editions")
    asked = create_app(Settings(workspace=tmp_path)).test_client()
    said = text_of(parse(asked.get("/diskrimination").get_data(as_text=True)))
    assert "Der er ingen tal endnu." in said
    assert "Beskæftigelses- og Integrationsforvaltningen har tallene" in said
    assert "skjult" not in said
    assert "There are no figures yet." in text_of(parse(asked.get("/en/diskrimination").get_data(as_text=True)))
