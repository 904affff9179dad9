"""Pages of efforts: what the lists are narrowed to, sums beside printed ones, projects at their end, files of the report."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterator
from pathlib import Path

import docx
import msgspec
import pikepdf
import pytest
from flask.testing import FlaskClient

from geo.editions import edition as store
from geo.model.programmes import AreaRef
from geo.model.vocabulary import Audience
from tests.readers.parsed import parse
from tests.readers.parsed import words as text_of
from tests.towns import webtown
from webmap.app import create_app
from webmap.edition.reader import Reader
from webmap.efforts import view
from webmap.settings import Settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("efforts") / "var"
    webtown.publish(made / "editions")
    return made


@pytest.fixture
def client(folder: Path) -> Iterator[FlaskClient]:
    store.current(folder / "editions")
    return create_app(Settings(workspace=folder)).test_client()


def names(client: FlaskClient, path: str) -> list[str]:
    """What the rows of a list lead to."""
    page = parse(client.get(path).get_data(as_text=True))
    return [link.get("href", "").rpartition("/")[2] for link in page.findall(".//tbody//th[@scope='row']/a")]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", ["hjaelp", "projekt", "venter", "tom"]),
        ("?slags=project", ["projekt", "venter"]),
        ("?udvalg=SUD", ["hjaelp"]),
        ("?maal=M5", ["hjaelp"]),
        ("?omraade=square/0102", ["hjaelp", "projekt", "venter"]),
        ("?omraade=square/0102&slags=project", ["projekt", "venter"]),
        ("?q=projekt+til", ["venter"]),
        ("?q=2.1", ["hjaelp"]),
        ("?q=findes-ikke", []),
        ("?udvalg=' OR 1=1", []),
    ],
)
def test_the_list_is_narrowed_by_what_is_asked(client: FlaskClient, query: str, left: list[str]) -> None:
    assert names(client, f"/indsatser{query}") == left


def test_projects_say_whether_it_was_decided_how_they_go_on(client: FlaskClient) -> None:
    assert names(client, "/projektbank") == ["projekt", "venter"]
    assert names(client, "/projektbank?tilstand=open") == ["venter"]
    assert names(client, "/projektbank?tilstand=decided") == ["projekt"]
    page = client.get("/projektbank").get_data(as_text=True)
    assert "Perioden er slut; beslutningen mangler" in page
    assert "Afsluttet" in page
    assert "31. januar 2010" in client.get("/indsatser/projekt").get_data(as_text=True)


def test_a_printed_sum_that_does_not_add_up_has_the_computed_one_beside_it(client: FlaskClient) -> None:
    said = text_of(parse(client.get("/oekonomi").get_data(as_text=True)))
    assert "linjerne giver 7,9" in said  # 6.9 + 1.0, printed 9.9
    assert "årene giver 11,9" in said  # 9.9 + 2.0, printed 9.9
    assert "+2,0" in said
    assert "−2,0" in said


def test_the_economy_as_csv_has_printed_and_computed_beside_each_other(client: FlaskClient) -> None:
    rows = client.get("/api/v1/economy.csv").get_data(as_text=True).splitlines()
    assert rows[0] == "table,row,name,within,effort,year,printed,computed_parts,computed_lines,computed_years"
    assert [row.split(",")[-4:] for row in rows if ",ALT,I alt," in row] == [
        ["9.9", "7.9", "", ""],
        ["2", "2", "", ""],
        ["9.9", "9.9", "", "11.9"],
    ]


def test_money_of_an_effort_is_what_it_says_and_what_is_printed(client: FlaskClient) -> None:
    page = parse(client.get("/indsatser/hjaelp").get_data(as_text=True))
    rows = [[text_of(cell) for cell in row] for row in page.iter("tr")]
    assert ["2,5", "–", "2,5"] in [row[-3:] for row in rows]
    assert ["–", "0,25", "0,25"] in [row[-3:] for row in rows]
    assert ["6,9", "–", "6,9"] in [row[-3:] for row in rows]


def test_an_effort_that_nobody_wrote_is_not_found(client: FlaskClient) -> None:
    assert client.get("/indsatser/nix").status_code == 404
    assert client.get("/statusrapport/1999").status_code == 404
    assert client.get("/statusrapport/2009.exe").status_code == 404


def test_areas_and_goals_lead_to_their_efforts(client: FlaskClient) -> None:
    assert "/indsatser/hjaelp" in client.get("/omraade/square/0102").get_data(as_text=True)
    assert "/indsatser/hjaelp" not in client.get("/omraade/square/0103").get_data(as_text=True)
    assert "/indsatser/hjaelp" in client.get("/maal/5").get_data(as_text=True)


def test_the_report_is_the_same_on_screen_on_paper_and_in_word(client: FlaskClient) -> None:
    page = client.get("/statusrapport/2009").get_data(as_text=True)
    heading = "3. "
    assert heading in page
    printed = client.get("/statusrapport/2009.pdf")
    assert printed.mimetype == "application/pdf"
    with pikepdf.open(io.BytesIO(printed.data)) as paper:
        assert paper.Root.MarkInfo.Marked
        assert str(paper.Root.Lang) == "da"
        assert "pdfuaid" in str(paper.Root.Metadata.read_bytes())
    word = client.get("/statusrapport/2009.docx")
    made = docx.Document(io.BytesIO(word.data))
    assert [line.text for line in made.paragraphs if line.style is not None and line.style.name == "Heading 1"][:2] == [
        "1. Status på politikkens mål", "2. Indsatserne",
    ]  # fmt: skip
    assert webtown.HOSTILE in "\n".join(line.text for line in made.paragraphs)
    cells = [[cell.text for cell in row.cells] for row in made.tables[-1].rows]
    assert cells[0] == ["Linje", "År", "Trykt", "Regnet", "Forskel", "Regnet som"]
    assert client.get("/statusrapport/2009.docx").data == word.data
    order = [element.tag.rpartition("}")[2] for element in made.element.body]
    assert order[:4] == ["p", "p", "p", "tbl"]  # title, how it stands, heading, the goals: a table stands where the document has it
    assert order[-2:] == ["tbl", "sectPr"]


@pytest.mark.parametrize("no", ["²", "1.²", "9" * 5000, "٣.1"])
def test_a_number_that_nobody_counts_to_is_no_error(folder: Path, no: str) -> None:
    read = store.read(folder / "editions", store.current(folder / "editions"), Audience.PUBLIC)
    efforts = tuple(msgspec.structs.replace(effort, no=no) for effort in read.catalogue.efforts)
    changed = dataclasses.replace(read, catalogue=msgspec.structs.replace(read.catalogue, efforts=efforts))
    assert len(view.listed(Reader(changed, "da"), view.EffortFilter()).lines) == len(efforts)


def test_an_area_that_is_not_on_the_map_is_named_and_leads_nowhere(folder: Path) -> None:
    """A project in an area of a set that nobody has drawn yet lies there all the same: it never says that it lies nowhere."""
    read = store.read(folder / "editions", store.current(folder / "editions"), Audience.PUBLIC)
    away = AreaRef(area_set="kvarter", area_id="9999")
    efforts = tuple(msgspec.structs.replace(effort, areas=(*effort.areas, away)) for effort in read.catalogue.efforts)
    changed = dataclasses.replace(read, catalogue=msgspec.structs.replace(read.catalogue, efforts=efforts))
    for language, name in (("da", "9999 (ikke på kortet)"), ("en", "9999 (not on the map)")):
        lines = view.listed(Reader(changed, language), view.EffortFilter()).lines
        assert {line.areas[-1].name for line in lines} == {name}
        assert {line.areas[-1].drawn for line in lines} == {False}


def test_the_api_says_of_an_effort_what_its_page_says(client: FlaskClient) -> None:
    """An approved form stands in the place of the catalogue's fields, and brings the newest status."""
    rows = csv.DictReader(io.StringIO(client.get("/api/v1/efforts.csv").get_data(as_text=True)))
    (row,) = (row for row in rows if row["id"] == "tom")
    assert (row["aim"], row["status_period"], row["status"]) == ("Flere i job", "2010H1", "Fire nye <i>forløb</i>")
    assert "Flere i job" in text_of(parse(client.get("/indsatser/tom").get_data(as_text=True)))
    (form,) = client.get("/api/v1/efforts.json").get_json()["status_forms"]
    assert (form["effort"], form["aim"], form["approved"]) == ("tom", "Flere i job", "2010-07-03")


def test_offers_in_geojson_and_csv(client: FlaskClient) -> None:
    (feature,) = client.get("/api/v1/facilities.geojson").get_json(force=True)["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [12.55, 55.69]}
    assert client.get("/api/v1/facilities.csv").get_data(as_text=True).count("\n") == 2
