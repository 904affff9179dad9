"""Workbooks and datasets that are made to stop their reader: refused in words, within the limits, and nothing else is read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from geo.errors import InputError
from geo.files.tables import reading
from tests.records import tables

SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<?xml version="1.0"?>{dtd}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FOOT = "</sheetData></worksheet>"
ENTITIES = '<!ENTITY a0 "lollollol">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))


def sheet(cells: str, dtd: str = "") -> str:
    return HEAD.format(dtd=dtd) + cells + FOOT


def text(of: str) -> str:
    return f'<row r="1"><c r="A1" t="inlineStr"><is><t>{of}</t></is></c><c r="B1"><v>1</v></c></row>'


def with_parts(tmp_path: Path, ending: str, changes: dict[str, str | None]) -> Path:
    """A sound workbook in which some parts are others, or gone."""
    sound = (tables.workbook if ending == "xlsx" else tables.ods)(tmp_path / f"sound.{ending}", [["a", "b"], [1, 2]])
    path = tmp_path / f"tal.{ending}"
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys((*old.namelist(), *changes)):
            content = changes[name] if name in changes else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        (
            {SHEET: sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')},
            "too much to read",
        ),
        ({SHEET: sheet(text("a" * 300_000_000))}, "too much to read"),
        ({SHEET: sheet(text("&a11;"), f"<!DOCTYPE x [{ENTITIES}]>")}, "cannot be read"),
        ({"xl/styles.xml": f"<!DOCTYPE x [{ENTITIES}]><styleSheet>&a11;</styleSheet>"}, "cannot be read"),
        ({SHEET: sheet(text("&f;"), '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>')}, "cannot be read"),
        ({"xl/_rels/workbook.xml.rels": None}, "cannot be read"),
        ({SHEET: sheet('<row r="1"><c r="ZZZZ99999999"><v>1</v></c></row>')}, "too many cells"),
        ({SHEET: sheet('<row r="1"><c r="A0"><v>1</v></c></row>')}, "cannot be read"),
    ],
)
def test_a_workbook_that_would_stop_its_reader(tmp_path: Path, changes: dict[str, str | None], what: str) -> None:
    path = with_parts(tmp_path, "xlsx", changes)
    with pytest.raises(InputError, match=what) as caught:
        reading.read(path, file=path.name)
    assert {problem.file for problem in caught.value.problems} == {"tal.xlsx"}


@pytest.mark.parametrize("repeated", ['table:number-rows-repeated="1048576"', 'table:number-rows-repeated="x"'])
def test_an_ods_that_claims_more_than_it_holds(tmp_path: Path, repeated: str) -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="percentage" office:value="1"/>'
    table = f'<table:table table:name="Tal"><table:table-row {repeated}>{cell}</table:table-row></table:table>'
    content = f"{tables.ODS_HEAD}{table}</office:spreadsheet></office:body></office:document-content>"
    path = with_parts(tmp_path, "ods", {"content.xml": content})
    with pytest.raises(InputError, match="cannot be read"):
        reading.read(path, file=path.name)


def test_cells_that_are_formatted_and_empty_far_away_are_no_table(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
    rows += '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    path = with_parts(tmp_path, "xlsx", {SHEET: sheet(rows)})
    table = reading.read(path, file=path.name)
    assert (table.columns, [row.cells for row in table.rows]) == (("a", "b"), [(1, 2)])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("[" * 200_000, "lists in lists"),
        ('{"dimension":{"a":{"category":{"index":["1"]}}},"id":["a","a"],"size":[1,1000000000],"value":{}}', "not whole"),
        ('{"dimension":{"a":{"category":{"index":{"x":true}}}},"id":["a"],"size":[1],"value":[1]}', "not numbered"),
    ],
)
def test_a_dataset_that_would_stop_its_reader(tmp_path: Path, content: str, what: str) -> None:
    path = tmp_path / "tal.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=what):
        reading.read(path, file=path.name)
