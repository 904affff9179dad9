"""Lists of places and addresses: what is written by hand, what an import takes, and everything that can be wrong with either."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo.errors import InputError
from geo.files import workspace
from geo.files.workspace import Workspace
from geo.inputs import addresses as address_lists
from geo.inputs import places
from geo.inputs.places import HEADER
from geo.inputs.tables.taking import TableChoices
from geo.spatial.gazetteer import KINDS
from omraadekort import cli
from tests.records import tables

ROOT = Path(__file__).parent.parent.parent.parent
LINE = "square,Torvet,,,12.5572,55.6867,EPSG:4326,60"
REGISTER = "id,vejnavn,husnr,postnr,postnrnavn,etrs89koordinat_øst,etrs89koordinat_nord,etage"
ROWS = (
    "a,Nørrebrogade,45,2200,København N,723500.12,6177300.5,",
    "b,Nørrebrogade,45B,2200,København N,723510,6177310,2",
    "c,Ågade,1,2200,København N,,,",
)


def table(*rows: str) -> bytes:
    return "\n".join((",".join(HEADER), *rows, "")).encode()


@pytest.fixture
def room(tmp_path: Path) -> Workspace:
    return workspace.create(tmp_path / "var", default=ROOT)


def addresses(folder: Path, *rows: str, header: str = REGISTER, name: str = "adgangsadresser.csv") -> Path:
    path = folder / name
    path.write_text("\n".join((header, *rows, "")), encoding="utf-8")
    return path


def kept(room: Workspace, day: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((room.data / "steder" / day / "adgangsadresser.csv").read_text(encoding="utf-8"))))


# --- lists as they lie in the workspace ----------------------------------------------------------------------------------


def test_degrees_and_metres_give_the_same_point() -> None:
    (spot,) = places.read_text(table(LINE), file="x")
    (again,) = places.read_text(table(f"square,Torvet,,,{spot.x:.1f},{spot.y:.1f},EPSG:25832,60"), file="x")
    assert abs(spot.x - again.x) < 0.1
    assert 723_000 < spot.x < 724_000  # by an independent conversion: 723,5 km east, 6177,2 km north
    assert 6_176_500 < spot.y < 6_178_000


def test_what_is_written_is_read_again() -> None:
    spots = places.read_text(table(LINE, "address,Ågade,1A,2200,723500.1,6177300.5,EPSG:25832,"), file="x")
    again = places.read_text(places.write_text(spots), file="x")
    assert places.write_text(again) == places.write_text(spots)


@pytest.mark.parametrize(
    ("rows", "column", "row"),
    [
        (["kro" + LINE[6:]], "kind", 2), ([LINE, "square,,,,12.5,55.6,EPSG:4326,"], "name", 3),
        (["square,A,0x,,12.5,55.6,EPSG:4326,"], "number", 2), (["square,A,,22,12.5,55.6,EPSG:4326,"], "postcode", 2),
        (["square,A,,,øst,55.6,EPSG:4326,"], "x", 2), (["square,A,,,12.5,nan,EPSG:4326,"], "y", 2),
        (["square,A,,,12.5,inf,EPSG:4326,"], "y", 2), (["square,A,,,12.5,55.6,EPSG:0,"], "crs", 2), (["square,A,,,12.5,55.6,,"], "crs", 2),
        (["square,A,,,12.5,55.6,EPSG:4326,-5"], "within", 2), (["square,A,,,55.6,12.5,EPSG:4326,"], "x", 2),
        (["square,A,,,12.5,55.6,EPSG:25832,"], "x", 2), (["square,A,,,0,0,EPSG:4326,"], "x", 2),
    ],
)  # fmt: skip
def test_a_fault_in_a_list_names_its_row_and_column(rows: Sequence[str], column: str, row: int) -> None:
    with pytest.raises(InputError) as error:
        places.read_text(table(*rows), file="steder.csv")
    assert (error.value.problems[0].column, error.value.problems[0].row) == (column, row)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "header"),
        (b"name,x,y\n", "header"),
        (b"\xff\xfe", "UTF-8"),
        (table("square,A"), "number of fields"),
        (table('square,"A'), "not CSV"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        places.read_text(content, file="steder.csv")


def test_the_embedded_places_say_that_they_are_rough() -> None:
    listed = places.read(ROOT / "data")
    assert 60 <= len(listed.points) <= 120
    assert {spot.kind for spot in listed.points} <= set(KINDS) - {"address"}
    assert all(50 <= spot.within <= 3000 for spot in listed.points)
    assert all("omtrentligt" in file.changed for file in listed.inputs)


def test_the_list_retrieved_later_holds(room: Workspace, tmp_path: Path) -> None:
    address_lists.take(room, addresses(tmp_path, ROWS[0]), retrieved=dt.date(2025, 1, 1))
    address_lists.take(room, addresses(tmp_path, ROWS[0].replace("723500.12", "723555")), retrieved=dt.date(2026, 1, 1))
    (house,) = [spot for spot in places.read(room.data).points if spot.number == "45"]
    assert house.x == 723_555.0


# --- the import --------------------------------------------------------------------------------------------------------


def test_an_import_keeps_street_number_postcode_and_point_and_nothing_else(room: Workspace, tmp_path: Path) -> None:
    taken = address_lists.take(room, addresses(tmp_path, *ROWS), retrieved=dt.date(2026, 1, 2))
    assert (taken.rows, taken.without) == (2, 1)
    assert kept(room, "2026-01-02")[0] == {
        "kind": "address", "name": "Nørrebrogade", "number": "45", "postcode": "2200", "x": "723500.1", "y": "6177300.5",
        "crs": "EPSG:25832", "within": "",
    }  # fmt: skip
    sidecar = (room.data / "steder" / "2026-01-02" / "adgangsadresser.toml").read_text(encoding="utf-8")
    assert "kun vejnavn, husnummer, postnummer og punkt" in sidecar
    assert "København N" not in (room.data / "steder" / "2026-01-02" / "adgangsadresser.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "header",
    [
        "vejnavn;husnr;postnr;wgs84koordinat_bredde;wgs84koordinat_længde",
        "VEJNAVN;husnummer;postnummer;y;x",
        "vejnavn;husnr;postnr;bredde;længde",
    ],
)
def test_other_columns_and_semicolons_are_known(room: Workspace, tmp_path: Path, header: str) -> None:
    address_lists.take(room, addresses(tmp_path, "Ågade;12;2200;55.6867;12.5572", header=header), retrieved=dt.date(2026, 1, 2))
    (row,) = kept(room, "2026-01-02")
    assert 723_000 < float(row["x"]) < 724_000


def test_the_doors_of_a_house_are_one_address(room: Workspace, tmp_path: Path) -> None:
    taken = address_lists.take(room, addresses(tmp_path, ROWS[0], ROWS[0].replace("a,", "d,")), retrieved=dt.date(2026, 1, 2))
    assert taken.rows == 1


@pytest.mark.parametrize(
    ("header", "rows", "words"),
    [
        ("vejnavn,husnr", ["A,1"], "missing column"),
        ("vejnavn,husnr,postnr", ["A,1,2200"], "missing column"),
        (REGISTER, [ROWS[2]], "an address that has a point"),
        (REGISTER, ["a,,45,2200,K,723500,6177300,"], "vejnavn"),
        (REGISTER, ["a,A\u202e,45,2200,K,723500,6177300,"], "vejnavn"),
        (REGISTER, [f"a,{'A' * 201},45,2200,K,723500,6177300,"], "vejnavn"),
        (REGISTER, ["a,A,45,22,K,723500,6177300,"], "postnr"),
        (REGISTER, ["a,A,4500,2200,K,723500,6177300,"], "husnr"),
        (REGISTER, ["a,A,45,2200,K,øst,6177300,"], "etrs89koordinat_øst"),
        (REGISTER, ["a,A,45,2200,K,6177300,723500,"], "outside Denmark"),
        (REGISTER, ["a,A,45"], "number of fields"),
        ("", [], "the file is empty"),
        (REGISTER, ["a,A,45-47,2200,K,723500,6177300,"], "not 45-47"),
    ],
)
def test_a_bad_list_changes_nothing(room: Workspace, tmp_path: Path, header: str, rows: Sequence[str], words: str) -> None:
    before = sorted(path for path in room.folder.rglob("*"))
    with pytest.raises(InputError, match=words):
        address_lists.take(room, addresses(tmp_path, *rows, header=header))
    assert sorted(path for path in room.folder.rglob("*")) == before


@pytest.mark.parametrize("typed", ["12a", "12 A", "012B", "0012", "12A"])
def test_house_numbers_as_other_registers_write_them(room: Workspace, tmp_path: Path, typed: str) -> None:
    address_lists.take(room, addresses(tmp_path, ROWS[0].replace(",45,", f",{typed},")), retrieved=dt.date(2026, 1, 2))
    (row,) = kept(room, "2026-01-02")
    assert row["number"] == typed.upper().replace(" ", "").lstrip("0")


def test_two_points_of_one_address_are_asked_about(room: Workspace, tmp_path: Path) -> None:
    path = addresses(tmp_path, ROWS[0], ROWS[1], ROWS[0].replace("723500.12", "724300.12").replace("6177300.5", "6178200.5"))
    with pytest.raises(InputError) as caught:
        address_lists.take(room, path, retrieved=dt.date(2026, 1, 2))
    (problem,) = caught.value.problems
    assert (problem.row, problem.found) == (4, "Nørrebrogade 45: 1,204 m from row 2")
    taken = address_lists.take(room, path, retrieved=dt.date(2026, 1, 2), choices=TableChoices(confirm=True))
    assert (taken.rows, kept(room, "2026-01-02")[0]["x"]) == (2, "723500.1")


@pytest.mark.parametrize(("x", "y", "system"), [("723500", "6177300", "EPSG:25832"), ("12.5572", "55.6867", "EPSG:4326")])
def test_x_and_y_are_metres_or_degrees_and_it_is_said_which(room: Workspace, tmp_path: Path, x: str, y: str, system: str) -> None:
    taken = address_lists.take(room, addresses(tmp_path, f"Ågade,1,2200,{x},{y}", header="vejnavn,husnr,postnr,x,y"))
    assert system in str(taken)


def test_todays_national_register(room: Workspace, tmp_path: Path) -> None:
    header = "adgangsadressebetegnelse;husnummertekst;postnr;position"
    rows = [
        '"Vej med 2 ord 1, 2200 København N";1;2200;POINT (723500.5 6177300)',
        '"Ågade 12B, st, 2200 København N";012B;2200;POINT Z(723510 6177310 4.5)',
    ]
    address_lists.take(room, addresses(tmp_path, *rows, header=header), retrieved=dt.date(2026, 1, 2))
    assert [(row["name"], row["number"], row["x"]) for row in kept(room, "2026-01-02")] == [
        ("Vej med 2 ord", "1", "723500.5"), ("Ågade", "12B", "723510.0"),
    ]  # fmt: skip


def test_a_workbook_with_a_source_below(room: Workspace, tmp_path: Path) -> None:
    rows = [
        ["vejnavn", "husnr", "postnr", "etrs89koordinat_øst", "etrs89koordinat_nord"],
        ["Ågade", 1, 2200, 723500, 6177300],
        [],
        ["Kilde: os"],
    ]
    taken = address_lists.take(room, tables.workbook(tmp_path / "adresser.xlsx", rows), retrieved=dt.date(2026, 1, 2))
    assert (taken.rows, taken.new, taken.moved) == (1, 1, 0)
    assert "row 4 'Kilde: os'" in str(taken)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_danish_csv(room: Workspace, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "adgangsadresser.csv"
    path.write_text("vejnavn;husnr;postnr;etrs89koordinat_øst;etrs89koordinat_nord\nÅgade;1;2200;723500,5;6177300\n", encoding=encoding)
    address_lists.take(room, path, retrieved=dt.date(2026, 1, 2))
    assert [(row["name"], row["x"]) for row in kept(room, "2026-01-02")] == [("Ågade", "723500.5")]


def test_two_lists_of_one_day_are_both_kept_and_none_is_written_over(room: Workspace, tmp_path: Path) -> None:
    day = dt.date(2026, 1, 2)
    address_lists.take(room, addresses(tmp_path, ROWS[0]), retrieved=day)
    address_lists.take(room, addresses(tmp_path, ROWS[1], name="frederiksberg.csv"), retrieved=day)
    assert {point.number for point in places.read(room.data).points if point.kind == "address"} == {"45", "45B"}
    address_lists.take(room, addresses(tmp_path, ROWS[0]), retrieved=day)  # the same bytes again
    with pytest.raises(InputError, match=r"nothing is written over it.*--retrieved"):
        address_lists.take(room, addresses(tmp_path, ROWS[1]), retrieved=day)
    moved = address_lists.take(
        room, addresses(tmp_path, ROWS[0].replace("723500.12", "723540"), name="ny.csv"), retrieved=dt.date(2026, 1, 3)
    )
    assert (moved.new, moved.moved) == (0, 1)


def test_rows_are_counted_as_the_owner_sees_them(room: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        address_lists.take(room, addresses(tmp_path, ROWS[0], "", "d,Ågade,x,2200,K,723500,6177300,"))
    assert (caught.value.problems[0].row, caught.value.problems[0].column) == (4, "husnr")


def test_the_command_says_what_is_kept(room: Workspace, tmp_path: Path) -> None:
    words = ["import", "addresses", str(addresses(tmp_path, *ROWS)), "-w", str(room.folder), "--retrieved", "2026-01-02"]
    answer = CliRunner().invoke(cli.app, words)
    assert answer.exit_code == 0, answer.output
    assert "2 addresses; 1 rows without a point left out" in answer.output
    assert "nothing else" in answer.output
    checked = CliRunner().invoke(cli.app, ["check", "-w", str(room.folder)])
    assert "103 names with a point" in checked.output


def test_figures_are_not_read_as_places_nor_places_as_figures(room: Workspace) -> None:
    (room.data / "steder" / "2026-11-21" / "kendte-steder.toml").unlink()
    answer = CliRunner().invoke(cli.app, ["check", "-w", str(room.folder)])
    assert answer.exit_code == 1
    assert "data/steder/2026-11-21/kendte-steder.csv" in answer.output


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("d,Ågade,\uff14\uff15,2200,København N,723500,6177300,", "husnr"),
        ("d,Ågade,45,\u0662\u0662\u0660\u0660,København N,723500,6177300,", "postnr"),
        ("d,Ågade,45,2200,København N,\u0667\u0662\u0663\u0665\u0660\u0660,6177300,", "etrs89koordinat_øst"),
        (f"d,Ågade,45,2200,København N,{'7' * 400},6177300,", "etrs89koordinat_øst"),
        ("d,Ågade,45,2200,København N,723_500,6177300,", "etrs89koordinat_øst"),
    ],
)
def test_digits_of_other_scripts_and_hundreds_of_digits_are_told(room: Workspace, tmp_path: Path, row: str, column: str) -> None:
    with pytest.raises(InputError) as caught:
        address_lists.take(room, addresses(tmp_path, row))
    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (2, column)


@pytest.mark.parametrize("number", ["\u0661\u0662.5", "1" * 400, "1_2.5", "infinity", "nan"])
def test_a_hand_written_list_takes_plain_numbers_alone(number: str) -> None:
    with pytest.raises(InputError, match="column x: a value that cannot be taken"):
        places.read_text(table(LINE.replace("12.5572", number)), file="steder.csv")
