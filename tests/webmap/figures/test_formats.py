"""The list of formats: what is written in each is read back as it was, and a format that is put on the list is everywhere at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo.editions.edition import Edition
from geo.errors import NotFoundError
from tests.readers.tabbed import TABBED
from tests.towns import maptown, webtown
from webmap.app import create_app
from webmap.edition.reader import Reader
from webmap.edition.rows import rows_of
from webmap.figures import modelled, records
from webmap.figures.formats import csv_text, listed
from webmap.figures.formats.table import Format
from webmap.settings import Settings

PERIOD = "2010"
IN_WORDS = {"xlsx": {"interval", "status"}}
"""Columns that a format tells in the reader's words."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return webtown.publish(tmp_path_factory.mktemp("formats") / "editions")


@pytest.fixture(scope="module")
def client(town: Edition) -> FlaskClient:
    return client_of(town)


def client_of(town: Edition) -> FlaskClient:
    return create_app(Settings(workspace=town.folder.parent.parent)).test_client()


def written(town: Edition, kind: Format, indicator: str) -> list[dict[str, Any]]:
    """The records that a download should hold, each with the columns that the format keeps, as far as they are no words."""
    rows = rows_of(town, indicator, "square", PERIOD if kind.one_map else None)
    return list(records.records(Reader(town, "da"), rows))


def read(client: FlaskClient, town: Edition, kind: Format, indicator: str) -> list[dict[str, Any]]:
    answer = client.get(f"/udgave/{town.id}/hent/{indicator}/square.{kind.ending}?periode={PERIOD}")
    assert answer.status_code == 200
    assert answer.mimetype == kind.media
    assert answer.headers["Content-Disposition"].endswith(f'.{kind.ending}"')
    return [dict(record) for record in kind.read(answer.get_data())]


def key(record: dict[str, Any]) -> tuple[str, ...]:
    return tuple(record[name] for name in ("indicator", "area_set", "area_id", "period"))


@pytest.mark.parametrize("indicator", ["tryg", "uden"])
@pytest.mark.parametrize("kind", listed.FORMATS, ids=lambda kind: kind.ending)
def test_what_is_written_is_read_back_as_it_was(client: FlaskClient, town: Edition, kind: Format, indicator: str) -> None:
    known = {key(record): record for record in written(town, kind, indicator)}
    back = {key(record): record for record in read(client, town, kind, indicator)}
    assert back.keys() == known.keys()
    for cell, record in back.items():
        kept = {name: content for name, content in record.items() if name not in IN_WORDS.get(kind.ending, ())}
        assert {"value", "low", "high", "n", "unit", "trace"} <= kept.keys()
        assert kept == {name: known[cell][name] for name in kept}


@pytest.mark.parametrize("kind", listed.FORMATS, ids=lambda kind: kind.ending)
def test_a_hidden_figure_is_in_no_format(client: FlaskClient, town: Edition, kind: Format) -> None:
    hidden = [record for record in written(town, kind, "tryg") if record["status"] == "suppressed"]
    back = {key(record): record for record in read(client, town, kind, "tryg")}
    assert hidden
    for record in hidden:
        assert {back[key(record)].get(name) for name in ("value", "low", "high", "n", "numerator", "denominator", "class")} == {None}


@pytest.mark.parametrize("kind", listed.FORMATS, ids=lambda kind: kind.ending)
def test_the_api_gives_the_observations_in_every_format(client: FlaskClient, town: Edition, kind: Format) -> None:
    answer = client.get(f"/api/v1/observations.{kind.ending}?indicator=tryg&area_set=square&period={PERIOD}")
    known = {key(record) for record in records.records(Reader(town, "da"), rows_of(town, "tryg", "square", PERIOD))}
    assert answer.mimetype == kind.media
    assert {key(dict(record)) for record in kind.read(answer.get_data())} == known


def test_a_workbook_of_several_area_sets_says_which(client: FlaskClient, town: Edition) -> None:
    back = [dict(record) for record in listed.named("xlsx").read(client.get("/api/v1/observations.xlsx").get_data())]
    assert {key(record) for record in back} == {key(record) for record in records.records(Reader(town, "da"), town.observations)}
    assert {record["area_set"] for record in back} > {"square"}
    assert b"xl/worksheets" in client.get("/api/v1/observations.xlsx?indicator=uden&area_set=kommune").get_data()  # without a figure


def test_modelled_shares_are_in_the_formats_that_have_room_for_their_columns(tmp_path: Path) -> None:
    client = client_of(maptown.publish(tmp_path / "editions"))
    indicator, area_set, _, period = key(client.get("/api/v1/modelled").get_json()["modelled"][0])
    ask = f"?indicator={indicator}&area_set={area_set}&period={period}"
    formats = listed.holding(modelled.COLUMNS, one_map=True)
    assert [each.ending for each in formats] == ["csv", "geojson", "json"]
    csv, geojson, json = (
        {key(dict(record)): record["modelled"] for record in each.read(client.get(f"/api/v1/modelled.{each.ending}{ask}").get_data())}
        for each in formats
    )
    assert json
    assert csv == pytest.approx(json)
    assert geojson == json


def test_a_format_on_the_list_is_everywhere_at_once(town: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    """Route, button, pair and API; `tests/omraadekort/test_leaks.py` shows that the audit has it too."""
    monkeypatch.setattr(listed, "FORMATS", (*listed.FORMATS, TABBED))
    client = client_of(town)
    (button,) = re.findall(r'<a href="([^"]+)" download>TSV</a>', client.get("/kort/tryg?inddeling=square").text)
    answer = client.get(button)
    assert (answer.status_code, answer.content_type) == (200, "text/tab-separated-values; charset=utf-8")
    assert [key(dict(record)) for record in TABBED.read(answer.get_data())] == [key(record) for record in written(town, TABBED, "tryg")]
    pair = client.get("/en/kort/sammenlign?a=tryg&b=uden&inddeling=square&omraade=0102").text
    (button,) = re.findall(r'<a href="([^"]+)" download>TSV</a>', pair)
    assert {record["area_id"] for record in TABBED.read(client.get(button.replace("&amp;", "&")).get_data())} == {"0102"}
    resources = {each["resource"]: each["formats"] for each in client.get("/api/v1/").get_json()["resources"]}
    assert [name for name, formats in resources.items() if "tsv" in formats] == ["observations", "modelled", "barometer"]
    assert client.get("/api/v1/observations.tsv").mimetype == "text/tab-separated-values"


def test_a_format_that_is_not_on_the_list_has_no_address(client: FlaskClient, town: Edition) -> None:
    for path in (f"/udgave/{town.id}/hent/tryg/square.tsv", "/kort/sammenlign.tsv", "/kort/sammenlign.", "/api/v1/observations.tsv"):
        assert client.get(path).status_code == 404
    with pytest.raises(NotFoundError, match="no such format"):
        listed.named("tsv")


def test_every_module_of_a_format_is_on_the_list() -> None:
    folder = Path(csv_text.__file__).parent
    formats = [path.stem for path in folder.glob("*.py") if "= Format(" in path.read_text(encoding="utf-8")]
    text = (folder / "listed.py").read_text(encoding="utf-8")
    assert len(formats) == len(listed.FORMATS) == len({each.ending for each in listed.FORMATS})
    assert [name for name in formats if f"    {name}." not in text] == []


@pytest.mark.parametrize("trace", ["", "x", "/kilde/a/b", "/kilde/a/b/c/d/e/f"])
def test_what_is_no_address_of_a_figure_has_no_key(trace: str) -> None:
    assert records.key_of(trace) == {}


def test_the_key_of_a_figure_is_in_its_address() -> None:
    row = {"indicator": "a/b", "area_set": "s", "area_id": "ø 1", "period": "2008H1-2009H2"}
    assert records.key_of("https://x/under" + records.trace_path("0" * 16, row, "en")) == row
