"""Tables that leave the house: no cell of CSV or XLSX is a formula, whatever a layer calls its areas; and the order of a table."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from zipfile import ZipFile

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from flask.testing import FlaskClient

from geo.disclosure.protect import Protected
from geo.editions import edition
from geo.editions.contents import AudiencePart, Contents
from geo.editions.edition import Edition
from geo.model.results import OBSERVATION_COLUMNS, InputFile
from geo.model.vocabulary import Audience
from tests.readers.parsed import parse
from tests.readers.parsed import words as text_of
from tests.towns import maptown, webtown
from webmap.app import create_app
from webmap.maps import sorting
from webmap.maps.sorting import Sort
from webmap.settings import Settings

DANGEROUS = (
    "=1+1", "+45 12 34", "-2+3", "@SUM(A1)", "=HYPERLINK(\"http://x\",\"y\")", "=cmd|' /C calc'!A0", "\t=1", "\r=1", "\n=1", "  =1+1",
    "\u00a0=1", "\u3000=1", "＝1+1", "＋1", "－1", "＠A1", "|calc", "=\u0000", "\"=1\"", "';=1", "{=1}",
    "%0A=1", "http://x", "mailto:x", "0101", "1e5",
    "1-2", "TRUE", "#REF!", "<script>alert(1)</script>", "Æblehaven, =1", "a\n=1",
)  # fmt: skip


def publish(editions: Path) -> Edition:
    """A town of as many squares as there are dangerous names, each named by one."""
    shapes = [shapely.box(720_000 + 100 * place, 6_170_000, 720_090 + 100 * place, 6_170_090) for place in range(len(DANGEROUS))]
    codes = [f"{place:04d}" for place in range(len(DANGEROUS))]
    squares = gpd.GeoDataFrame({"area_id": codes, "name": list(DANGEROUS)}, geometry=shapes, crs="EPSG:25832")
    rows = [maptown.observation(area_id=code, value=float(place)) for place, code in enumerate(codes)]
    table = pd.DataFrame(rows, columns=list(OBSERVATION_COLUMNS))
    contents = Contents(
        catalogue=webtown.catalogue(),
        layers=[maptown.layer("square", squares)],
        overlaps=(),
        parts=[AudiencePart(Protected(Audience.PUBLIC, table, ()), (), {"tryg": maptown.BREAKS})],
        inputs=[InputFile(path="x", kind="observations", sha256="0", rows=1, retrieved=maptown.DAY)],
        leftovers=(),
    )
    return edition.read(editions, edition.publish(editions, contents).id, Audience.PUBLIC)


@pytest.fixture(scope="module")
def danger(tmp_path_factory: pytest.TempPathFactory) -> tuple[FlaskClient, str]:
    folder = tmp_path_factory.mktemp("danger")
    made = publish(folder / "editions")
    return create_app(Settings(workspace=folder)).test_client(), made.id


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[FlaskClient, str]:
    folder = tmp_path_factory.mktemp("workbook")
    made = webtown.publish(folder / "editions")
    return create_app(Settings(workspace=folder)).test_client(), made.id


def book(site: tuple[FlaskClient, str], indicator: str = "tryg", prefix: str = "") -> openpyxl.Workbook:
    client, edition_id = site
    answer = client.get(f"{prefix}/udgave/{edition_id}/hent/{indicator}/square.xlsx")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    return openpyxl.load_workbook(io.BytesIO(answer.get_data()))


# --- no formula ---------------------------------------------------------------------------------------------------------


def test_no_cell_of_a_csv_begins_a_formula(danger: tuple[FlaskClient, str]) -> None:
    client, edition_id = danger
    text = client.get(f"/udgave/{edition_id}/hent/tryg/square.csv").get_data().decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(DANGEROUS)
    cells = {cell for row in rows for cell in row.values()}
    assert not [cell for cell in cells if cell.lstrip()[:1] in set("=+@|＝＋－＠") or cell[:1] in set("\t\r\n")]
    assert not [cell for cell in cells if cell.lstrip().startswith("-") and not cell.lstrip("- ").replace(".", "").isdigit()]
    for name, row in zip(DANGEROUS, rows, strict=True):
        assert row["area_name"] in {name, f"'{name}".replace("\0", "")}  # nothing but an apostrophe is added


def test_every_text_of_a_workbook_is_a_text_cell(danger: tuple[FlaskClient, str]) -> None:
    made = book(danger)
    types = {cell.data_type for sheet in made for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert types <= {"s", "n"}
    named = [row[0] for row in made.worksheets[0].iter_rows(min_row=2)]
    for name, cell in zip(DANGEROUS, named, strict=True):
        assert cell.data_type == "s", name
        assert cell.quotePrefix, name
        assert not cell.hyperlink
    codes = [row[1].value for row in made.worksheets[0].iter_rows(min_row=2)]
    assert codes[:2] == ["0000", "0001"]  # a code is text


def test_a_workbook_holds_no_formula_no_link_and_no_macro(danger: tuple[FlaskClient, str]) -> None:
    client, edition_id = danger
    with ZipFile(io.BytesIO(client.get(f"/udgave/{edition_id}/hent/tryg/square.xlsx").get_data())) as parts:
        assert not [name for name in parts.namelist() if "vba" in name.lower() or "externalLink" in name or "hyperlink" in name.lower()]
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet or b"<hyperlink" in sheet]


def test_the_same_edition_gives_the_same_bytes(danger: tuple[FlaskClient, str]) -> None:
    client, edition_id = danger
    first, again = (client.get(f"/udgave/{edition_id}/hent/tryg/square.xlsx").get_data() for _ in range(2))
    assert first == again


# --- what the workbook says -----------------------------------------------------------------------------------------------


def test_the_figures_are_numbers_and_gaps_are_empty_with_the_reason_in_words(town: tuple[FlaskClient, str]) -> None:
    sheet = book(town).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    rows = {(row[1].value, row[2].value): dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)}
    shown = rows["0102", "2010"]
    assert (shown["Værdi"], shown["Nedre grænse"], shown["Øvre grænse"], shown["Antal svar"]) == (50, 40, 60, 100)
    hidden = rows["0103", "2010"]
    assert hidden["Værdi"] is None
    assert hidden["Status"] == "skjult for at beskytte enkeltpersoner: for få svar"
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref


def test_the_second_sheet_says_what_the_figures_are_and_where_they_come_from(town: tuple[FlaskClient, str]) -> None:
    sheet = book(town).worksheets[1]
    said = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert {"Indikator", "Enhed", "Hvad tallet betyder", "Grænser", "Kilde", "Udgave", "Tal hentet senest", "Varigt link"} <= set(said)
    assert said["Udgave"] == town[1]
    assert f"udgave={town[1]}" in said["Varigt link"]
    assert "aldrig nul" in str(sheet.cell(sheet.max_row, 2).value)
    english = book(town, prefix="/en").worksheets[1]
    assert "Permanent link" in {row[0].value for row in english.iter_rows()}


def test_below_a_prefix_the_link_has_it_once(town: tuple[FlaskClient, str]) -> None:
    client, edition_id = town
    answer = client.get(f"/udgave/{edition_id}/hent/tryg/square.xlsx", environ_overrides={"SCRIPT_NAME": "/under"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).worksheets[1]
    said = {row[0].value: str(row[1].value) for row in sheet.iter_rows()}
    assert said["Varigt link"].startswith("/under/kort/tryg?")


def test_demo_figures_say_so_in_the_sheets_name_its_column_and_the_files_name(town: tuple[FlaskClient, str]) -> None:
    made = book(town, "uden")
    assert made.sheetnames[0] == "Demodata"
    column = next(cell.column for cell in made.worksheets[0][1] if cell.value == "Demodata")
    assert {row[column - 1].value for row in made.worksheets[0].iter_rows(min_row=2)} == {"Demodata"}
    assert made.worksheets[1]["A1"].value == "Demodata"
    answer = town[0].get(f"/udgave/{town[1]}/hent/uden/square.xlsx")
    assert "demodata_" in answer.headers["Content-Disposition"]
    assert "Demodata" not in book(town).sheetnames


# --- the order of a table -------------------------------------------------------------------------------------------------


def names(site: tuple[FlaskClient, str], sort: str, period: str = "2010") -> list[str]:
    page = parse(site[0].get("/kort/tryg", query_string={"sorter": sort, "periode": period, "inddeling": "square"}).text)
    return [row.attrib["data-key"] for row in page.findall(".//table[@class='tal']/tbody/tr") if row.attrib["data-key"] != "by"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("vaerdi", ["0104", "0103", "0101", "0102"]),  # the public has no league table: the order is by name
        ("-vaerdi", ["0104", "0103", "0101", "0102"]),
        ("usikkerhed", ["0104", "0103", "0101", "0102"]),  # nor this one: of equally many answers it is the order of the shares
        ("-usikkerhed", ["0104", "0103", "0101", "0102"]),
        ("antal", ["0101", "0102", "0104", "0103"]),  # the unmeasured and the hidden last, by name
        ("", ["0104", "0103", "0101", "0102"]),  # <img ..., Nordvest, Sydvest, Sydøst: ø is after v
        ("nix", ["0104", "0103", "0101", "0102"]),
        ("-navn", ["0102", "0101", "0103", "0104"]),
        ("status", ["0101", "0102", "0104", "0103"]),  # endelig, endelig, ikke målt, skjult
    ],
)
def test_a_table_is_sorted_by_what_is_asked_and_gaps_are_last(town: tuple[FlaskClient, str], sort: str, order: list[str]) -> None:
    assert names(town, sort) == order


def test_the_heading_says_the_order_and_offers_the_other_one(town: tuple[FlaskClient, str]) -> None:
    page = parse(town[0].get("/kort/tryg?sorter=-antal&periode=2010").text)
    headings = page.findall(".//table[@class='tal']/thead//th")
    said = {head.find("a").attrib["id"]: head.get("aria-sort") for head in headings if head.find("a") is not None}
    assert said == {f"sorter-{name}": "descending" if name == "antal" else None for name in sorting.columns(Audience.PUBLIC)}
    heads = {head.attrib["id"]: head.attrib["href"] for head in page.findall(".//th/a[@class='sorter']")}
    assert not {"sorter-vaerdi", "sorter-usikkerhed"} & heads.keys()
    assert "sorter=antal" in heads["sorter-antal"]
    assert heads["sorter-navn"].count("sorter") == 0
    assert "Værdi, pct." in text_of(page.find(".//thead"))
    assert all("sorter=-antal" in link.attrib["href"] for link in page.findall(".//a[@class='show']"))


@pytest.mark.parametrize("text", ["", "navn", "-", "--vaerdi", "vaerdi,navn", "<b>", "VAERDI"])
def test_an_order_that_is_none_is_by_name(text: str) -> None:
    assert sorting.parse(text, Audience.STAFF) == sorting.BY_NAME


def test_the_order_by_value_is_for_those_who_work_with_the_places() -> None:
    assert sorting.parse("-vaerdi", Audience.PUBLIC) == sorting.BY_NAME
    assert sorting.parse("-vaerdi", Audience.STAFF) == Sort("vaerdi", down=True)
    assert {*sorting.COLUMNS} - {*sorting.columns(Audience.PUBLIC)} == {"vaerdi", "usikkerhed"}
    assert sorting.columns(Audience.SSP) == sorting.COLUMNS


def test_a_second_press_turns_the_order_round() -> None:
    assert Sort("vaerdi").after("vaerdi").code == "-vaerdi"
    assert Sort("vaerdi", down=True).after("vaerdi").code == "vaerdi"
    assert Sort("vaerdi").after("navn").code == ""
    assert sorting.parse("navn", Audience.STAFF).code == ""
