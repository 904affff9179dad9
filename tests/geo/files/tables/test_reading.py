"""Tables as programs write them: each becomes the same plain value, and what was taken for what is said."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from geo.errors import InputError, Problem
from geo.files import limits
from geo.files.limits import FileLimits
from geo.files.tables import numbers, reading
from geo.files.tables.grid import SourceTable, shown
from geo.files.tables.numbers import TypedNumber
from tests.records import tables

ROWS = [["Sted", "Tid", "Antal"], ["Nordøst", "2026", 88.5], ["Sydøst", "2026", 90]]


def read(path: Path, **more: str) -> SourceTable:
    return reading.read(path, file=path.name, **more)  # type: ignore[arg-type]  # words of the case


def written(tmp_path: Path, content: str | bytes, name: str = "tal.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(path: Path, **more: str) -> Problem:
    with pytest.raises(InputError) as caught:
        read(path, **more)
    (problem,) = caught.value.problems
    assert problem.file == path.name
    return problem


def texts(table: SourceTable) -> list[list[str]]:
    return [[shown(cell) for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ("Sted,Tid,Antal\nNordøst,2026,88.5\n".encode(), "CSV in UTF-8 with commas"),
        ("\ufeffSted;Tid;Antal\r\nNordøst;2026;88.5\r\n".encode(), "CSV in UTF-8 with semicolons"),
        ("Sted\tTid\tAntal\nNordøst\t2026\t88.5\n".encode("utf-16"), "CSV in UTF-16 with tabs"),
        ("Sted;Tid;Antal\nNordøst;2026;88.5\n".encode("cp1252"), "CSV in Windows-1252 with semicolons"),
        ("sep=;\nSted;Tid;Antal\nNordøst;2026;88.5\n".encode(), "CSV in UTF-8 with semicolons"),
        ('"Sted","Tid","Antal"\n"Nordøst","2026","88.5"\n'.encode(), "CSV in UTF-8 with commas"),
        ("Sted;Tid;Antal;\nNordøst ;2026;\u00a088.5;\n;;;\n".encode(), "CSV in UTF-8 with semicolons"),
    ],
)
def test_a_csv_however_it_was_saved(tmp_path: Path, content: bytes, form: str) -> None:
    table = read(written(tmp_path, content))
    assert (table.form, table.columns, texts(table)) == (form, ("Sted", "Tid", "Antal"), [["Nordøst", "2026", "88.5"]])
    assert table.rows[0].number == table.header + 1


def test_decimal_commas_are_not_taken_for_fields(tmp_path: Path) -> None:
    table = read(written(tmp_path, "a;b\n1,5;2,5\n3,5;4,5\n"))
    assert texts(table) == [["1,5", "2,5"], ["3,5", "4,5"]]


def test_titles_footnotes_and_a_matrix_with_periods_across(tmp_path: Path) -> None:
    text = '"Trygge efter sted og tid"\n""\n"";"2026";"2027"\n"Nordøst";88,5;87\n"Sydøst";..;-\n""\n"Kilde: Byen"\n"1) Skøn"\n'
    table = read(written(tmp_path, text.encode("cp1252")))
    assert (table.header, table.columns) == (3, ("column A", "2026", "2027"))
    assert [(row.number, row.cells[1]) for row in table.rows] == [(4, "88,5"), (5, "..")]
    assert table.notes == (
        "left out above the names: row 1 'Trygge efter sted og tid'",
        "left out below the rows, as footnotes: row 7 'Kilde: Byen'; row 8 '1) Skøn'",
    )


def test_hidden_rows_and_columns_are_taken_and_said(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "tal.xlsx")
    sheet = book.add_worksheet("Tal")
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.set_column("C:D", None, None, {"hidden": True})
    book.close()
    table = read(tmp_path / "tal.xlsx")
    assert len(table.rows) == 2
    assert table.notes[1:] == ("rows that the sheet hides are taken too: 2", "columns that the sheet hides are taken too: C")


def test_a_table_that_begins_in_another_column_and_row(tmp_path: Path) -> None:
    rows = [[], [None, "Titel"], [None, "Sted", None, "Antal\ni alt"], [None, "Nord", None, 5], [None, "Kilde: Byen"]]
    table = read(tables.workbook(tmp_path / "tal.xlsx", rows))
    assert (table.header, table.columns, [row.cells for row in table.rows]) == (3, ("Sted", "Antal i alt"), [("Nord", 5)])
    assert "row 5 'Kilde: Byen'" in table.notes[-1]


def test_a_matrix_that_writes_each_text_once(tmp_path: Path) -> None:
    table = read(written(tmp_path, '"";"";"2026"\n"Nord";"Mænd";1\n"";"Kvinder";2\n"Syd";"Mænd";3\n'))
    assert texts(table) == [["Nord", "Mænd", "1"], ["Nord", "Kvinder", "2"], ["Syd", "Mænd", "3"]]
    assert "empty cells of column A are taken to repeat the cell above" in table.notes
    alone = read(written(tmp_path, '"";"2026";"2027"\n"Nord";1;2\n"";2;3\n'))
    assert texts(alone)[1][0] == ""


@pytest.mark.parametrize(
    ("content", "row", "what"),
    [
        (b"<html><table>a,b</table></html>", 1, "a page of HTML or XML, and no table"),
        (b"a,b\n1,2,3\n", 2, "a wrong number of fields"),
        (b"a,b,c\n1,2,3\n1,2,3,\n", 3, "a wrong number of fields"),
        (b"a,b,c\n1,2\n", 2, "a wrong number of fields"),
        (b'a,b\n"1,2\n', 2, "not CSV"),
        (b"one\ntwo\n", 1, "no columns"),
        (b"a,b\n", 2, "a table without rows"),
        (b"", 1, "the file is empty"),
        (b"a;b\nN\x81;1\n", 2, "letters of an encoding that is not known"),
        ("a;b\nBispebjerg, NÃ¸rrebro;1\n".encode(), 2, "letters that were read in the wrong encoding before, and saved so"),
        ("a;b\nved ørkenen;1\n".encode("cp850"), 2, "letters that are neither UTF-8 nor Windows-1252"),
        ("a;b\nNørrebro;1\n".encode("cp850"), 2, "letters that are neither UTF-8 nor Windows-1252"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "the file is not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), None, "a workbook of the old form XLS, or one with a password"),
        (b"PK\x03\x04" + bytes(64), None, "a zip file that is not named as a workbook"),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, content: bytes, row: int | None, what: str) -> None:
    problem = refused(written(tmp_path, content))
    assert (problem.row, problem.what) == (row, what)
    assert problem.expected or what == "not CSV"


def test_a_download_that_failed_is_no_workbook(tmp_path: Path) -> None:
    assert refused(written(tmp_path, "<html>", "tal.xlsx")).what == "the file is not what its name says"


# --- workbooks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [tables.workbook, tables.ods])
def test_a_workbook_with_title_percent_and_footnote(tmp_path: Path, write: object) -> None:
    rows = [["Trygge"], [], ["Sted", "Antal", "Andel"], ["Nordøst", 3596, 0.885], ["Sydøst", 12.5, 0.07], [], ["Kilde: Byen"]]
    name = "tal.xlsx" if write is tables.workbook else "tal.ods"
    table = read(write(tmp_path / name, rows, percent=[(3, 2), (4, 2)]))  # type: ignore[operator]  # words of the case
    assert (table.header, table.columns) == (3, ("Sted", "Antal", "Andel"))
    assert [(row.number, *row.cells) for row in table.rows] == [(4, "Nordøst", 3596, 88.5), (5, "Sydøst", 12.5, 7)]
    assert "formatted as percent, taken as shown (0.88 is 88): columns C" in table.notes


def test_merged_names_in_two_rows_and_days(tmp_path: Path) -> None:
    rows = [[], ["Sted", None, None, "Dag"], ["", "Antal", "Andel"], ["Nord", 1, 2, dt.date(2027, 1, 1)]]
    table = read(tables.workbook(tmp_path / "tal.xlsx", rows, merged={"A1:D1": "Titel", "B2:C2": "2026", "A2:A3": "Sted"}))
    assert table.columns == ("Sted", "2026 Antal", "2026 Andel", "Dag")
    assert [row.cells for row in table.rows] == [("Nord", 1, 2, "2027-01-01")]


def test_which_sheet_is_asked_where_several_have_cells(tmp_path: Path) -> None:
    path = tables.workbook(tmp_path / "tal.xlsx", ROWS, more={"Andre": ROWS, "Tom": []})
    problem = refused(path)
    assert (problem.what, problem.found) == ("more than one sheet with cells", "'Tal', 'Andre'")
    assert read(path, sheet="Andre").columns == ("Sted", "Tid", "Antal")
    assert refused(path, sheet="Nej").what == "no such sheet"


def test_a_formula_that_was_never_computed_is_no_empty_cell(tmp_path: Path) -> None:
    problem = refused(tables.workbook(tmp_path / "tal.xlsx", [*ROWS, ["Nord", "2026", "=1+1"]]))
    assert (problem.row, problem.column, problem.found) == (4, "column C", "C4")


@pytest.mark.parametrize(
    "parts",
    [
        {"x": b"no workbook"},
        {"[Content_Types].xml": b"<", "xl/workbook.xml": b"<"},
        {"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;&b;">]><workbook>&d;</workbook>'},
    ],
)
def test_a_broken_workbook_is_told_in_words(tmp_path: Path, parts: dict[str, bytes]) -> None:
    problem = refused(written(tmp_path, tables.zipped(parts), "tal.xlsx"))
    assert "cannot be read" in problem.what


def test_a_workbook_that_takes_too_much_is_refused_with_the_setting(tmp_path: Path) -> None:
    path = tables.workbook(tmp_path / "tal.xlsx", [[f"{n}-{m}" for m in range(50)] for n in range(4000)])
    limits.choose(FileLimits(table_memory_mb=1))
    try:
        assert "table_memory_mb" in refused(path).expected
    finally:
        limits.choose(FileLimits())


# --- parquet and json-stat ------------------------------------------------------------------------------------------------


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "tal.parquet"
    day = pd.Timestamp("2027-01-01")
    pd.DataFrame({"sted": ["Nord", None], "tal": [1.5, float("nan")], "antal": [3, 4], "dag": [day, day]}).to_parquet(path)
    table = read(path)
    assert (table.form, table.columns, table.header) == ("Parquet", ("sted", "tal", "antal", "dag"), 0)
    assert [(row.number, *row.cells) for row in table.rows] == [(1, "Nord", 1.5, 3, "2027-01-01"), (2, None, None, 4, "2027-01-01")]
    pd.DataFrame({"a": [Decimal("1.234")], "b": [Decimal("3.000")]}).to_parquet(path)
    assert read(path).rows[0].cells == (1.234, 3)
    pd.DataFrame({"sted": [["a"]], "b": [1]}).to_parquet(path)
    assert refused(path).what == "a column that holds no texts, numbers or days"
    assert "cannot be read to its end" in refused(written(tmp_path, b"PAR1 and no more", "x.parquet")).what


STAT = {
    "version": "2.0", "class": "dataset", "id": ["sted", "tid"], "size": [2, 2],
    "dimension": {
        "sted": {"category": {"index": {"0102": 1, "0101": 0}, "label": {"0101": "Sydvest", "0102": "Sydøst"}}},
        "tid": {"category": {"index": ["2026K1", "2026K2"]}},
    },
    "value": [1, 2.5, None, 4], "status": {"2": ".."},
}  # fmt: skip


def test_json_stat(tmp_path: Path) -> None:
    table = read(written(tmp_path, json.dumps(STAT), "tal.json"))
    assert table.columns == ("sted", "sted (text)", "tid", "value", "status")
    assert texts(table) == [
        ["0101", "Sydvest", "2026K1", "1", ""], ["0101", "Sydvest", "2026K2", "2.5", ""],
        ["0102", "Sydøst", "2026K1", "", ".."], ["0102", "Sydøst", "2026K2", "4", ""],
    ]  # fmt: skip
    older = {"dataset": {"dimension": {**STAT["dimension"], "id": STAT["id"], "size": STAT["size"]}, "value": STAT["value"]}}  # type: ignore[dict-item]  # words of the case
    assert texts(read(written(tmp_path, json.dumps(older), "tal.json")))[1][3] == "2.5"


@pytest.mark.parametrize(
    "change",
    [
        {"size": [2, 3]},
        {"value": [1]},
        {"value": {"9": 1}},
        {"dimension": {}},
        {"id": ["sted"]},
        {"size": [10**9, 10**9]},
        {"value": [[1]] * 4},
    ],
)
def test_a_dataset_that_is_not_whole_is_told(tmp_path: Path, change: dict[str, object]) -> None:
    assert "JSON-stat" in refused(written(tmp_path, json.dumps(STAT | change), "tal.json")).what


def test_other_json_is_told(tmp_path: Path) -> None:
    assert "JSON" in refused(written(tmp_path, '{"type": "FeatureCollection"}', "a.json")).what
    assert refused(written(tmp_path, '{"a"', "a.json")).what == "not JSON"


# --- numbers ------------------------------------------------------------------------------------------------------------


def decided(*typed: str, **more: str) -> str:
    return numbers.decided([TypedNumber(row, "tal", text) for row, text in enumerate(typed, 2)], file="f", **more)


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        (["88,5", "3.596"], ","), (["88.5", "3,596"], "."), (["1.234.567"], ","), (["1.234,5"], ","), (["1,234.5"], "."),
        (["0.123"], "."), (["0,123"], ","), (["1234,5", "12"], ","), (["12", "7"], ""), (["1 234", "x"], ""), (["1234.567"], "."),
    ],
)  # fmt: skip
def test_what_stands_before_decimals_is_decided_for_the_whole_file(typed: list[str], sign: str) -> None:
    assert decided(*typed) == sign


def test_what_can_be_read_in_two_ways_is_asked_about() -> None:
    with pytest.raises(InputError) as caught:
        decided("12", "3.596", "1.394")
    (problem,) = caught.value.problems
    assert (problem.row, problem.found, problem.more) == (3, "'3.596', '1.394'", 1)
    assert "--decimal , for 3596" in problem.expected
    assert decided("3.596", said=",") == ","


def test_commas_and_points_in_one_file_are_refused() -> None:
    with pytest.raises(InputError, match=r"'88,5' with a decimal comma, and '87\.5' with a decimal point in row 3"):
        decided("88,5", "87.5")


@pytest.mark.parametrize(
    ("text", "sign", "plain"),
    [
        ("1.234,5", ",", "1234.5"), ("3.596", ",", "3596"), ("3.596", ".", "3.596"), ("1 234,5", ",", "1234.5"),
        ("\u221212,5", ",", "-12.5"),
        ("1\u202f234", "", "1234"), ("12.5", ",", None), ("1.23.4", ",", None), ("12,", ",", None), ("1e3", ".", None), ("٨٨", ".", None),
        ("0.596", ",", None), ("+5", ".", None), ("", ".", None),
    ],
)  # fmt: skip
def test_a_number_as_programs_write_it(text: str, sign: str, plain: str | None) -> None:
    assert numbers.plain(text, sign) == plain
