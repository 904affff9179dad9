"""What calamine does not tell of a workbook's cells: which are shown as percent, which hold an error, and which rows are hidden."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, Literal
from xml.etree import ElementTree as Xml

from geo.errors import InputError, Problem

Place = tuple[int, int]
"""Row and column of a cell, counted from 1."""

_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_BUILT_IN: Final = frozenset({9, 10})
"""Formats 0% and 0.00%, which every workbook has."""
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.')
_ERROR: Final = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|I/T|DIVISION/0!|NAVN\?|REFERENCE!|VÆRDI!)|Err:[0-9]{3}")
_MOST: Final = 1 << 16
"""A row of an ODS may be repeated to the last row of the sheet; a table has fewer."""


@dataclass
class CellMarks:
    """Cells shown as percent (they hold 0.88 and show 88 %), cells that show an error or were never computed, hidden rows and columns."""

    percents: set[Place] = field(default_factory=set)
    errors: set[Place] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def is_error(text: str) -> bool:
    """Return whether a text is what a spreadsheet shows in place of a value that cannot be computed: #DIV/0!, Err:502."""
    return bool(_ERROR.fullmatch(text.strip()))


def of_sheet(path: Path, sheet: str) -> CellMarks:
    """Return the marks of a sheet's cells. Raises InputError when the workbook's parts do not fit together.

    path: an XLSX or ODS, by the ending of its name. Runs in the process that reads the workbook, within its limits.
    """
    try:
        with zipfile.ZipFile(path) as parts:
            if path.suffix.lower() == ".ods":
                with parts.open("content.xml") as content:
                    return _of_ods(content, sheet)
            return _of_xlsx(parts, sheet)
    except (zipfile.BadZipFile, Xml.ParseError, KeyError, ValueError, OSError, NotImplementedError, StopIteration) as error:
        described = str(error)[:200]
        raise InputError(
            Problem(path.name, "the formats of the workbook cannot be read", found=described, expected="it saved anew")
        ) from None


def _elements(content: IO[bytes], *events: Literal["start", "end"]) -> Iterator[tuple[str, Xml.Element]]:
    """The elements of a part, each at its end or as `events` say."""
    return Xml.iterparse(content, events=events or ("end",))  # noqa: S314 - in a process of its own, within limits of time and memory


def _of_xlsx(parts: zipfile.ZipFile, sheet: str) -> CellMarks:
    styles = _percent_styles(parts)
    marks = CellMarks()
    with parts.open(_sheet_part(parts, sheet)) as content:
        for _, each in _elements(content):
            if _local(each) == "c":
                _mark_xlsx(each, styles, marks)
            elif _local(each) == "col" and each.get("hidden") in ("1", "true"):
                first, last = int(each.get("min", "1")), int(each.get("max", "1"))
                marks.hidden_columns.update(range(first, min(last, first + _MOST) + 1))
            elif _local(each) == "row":
                if each.get("hidden") in ("1", "true"):
                    marks.hidden.add(int(each.get("r", "0")))
                each.clear()
    return marks


def _mark_xlsx(cell: Xml.Element, styles: frozenset[int], marks: CellMarks) -> None:
    inner = {_local(each): each.text for each in cell}
    kind = cell.get("t", "n")
    if kind == "e" or ("f" in inner and inner.get("v") is None and kind == "n"):
        marks.errors.add(_place(cell.get("r", "")))
    elif kind == "n" and int(cell.get("s", "0")) in styles:
        marks.percents.add(_place(cell.get("r", "")))


def _percent_styles(parts: zipfile.ZipFile) -> frozenset[int]:
    """The numbers of cell styles whose format of numbers is one of percent."""
    if "xl/styles.xml" not in parts.namelist():
        return frozenset()
    formats: dict[int, bool] = {}
    used: list[int] = []
    with parts.open("xl/styles.xml") as content:
        for _, each in _elements(content):
            if _local(each) == "numFmt":
                formats[int(each.get("numFmtId", "-1"))] = "%" in _QUOTED.sub("", each.get("formatCode", ""))
            elif _local(each) == "cellXfs":
                used = [int(style.get("numFmtId", "0")) for style in each if _local(style) == "xf"]
    return frozenset(number for number, kind in enumerate(used) if formats.get(kind, kind in _BUILT_IN))


def _sheet_part(parts: zipfile.ZipFile, sheet: str) -> str:
    """The name of the part of an XLSX that holds a sheet."""
    with parts.open("xl/workbook.xml") as content:
        entry = next(each.attrib for _, each in _elements(content) if _local(each) == "sheet" and each.get("name") == sheet)
    relation = next(text for name, text in entry.items() if name.rpartition("}")[2] == "id")
    with parts.open("xl/_rels/workbook.xml.rels") as content:
        target = next(each.get("Target", "") for _, each in _elements(content) if each.get("Id") == relation)
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _place(reference: str) -> Place:
    match = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", reference)
    if match is None:
        raise ValueError(reference)
    column = 0
    for sign in match[1]:
        column = column * 26 + ord(sign) - ord("A") + 1
    return int(match[2]), column


def _of_ods(content: IO[bytes], sheet: str) -> CellMarks:
    marks = CellMarks()
    inside, row, column = False, 0, 0
    for event, each in _elements(content, "start", "end"):
        if each.tag == f"{_TABLE}table":
            inside, row, column = event == "start" and each.get(f"{_TABLE}name") == sheet, 0, 0
        elif event == "end" and each.tag == f"{_TABLE}table-column":
            again = int(each.get(f"{_TABLE}number-columns-repeated", "1"))
            if inside and each.get(f"{_TABLE}visibility", "visible") != "visible":
                marks.hidden_columns.update(range(column + 1, column + min(again, _MOST) + 1))
            column += again
        elif event == "end" and each.tag == f"{_TABLE}table-row":
            again = int(each.get(f"{_TABLE}number-rows-repeated", "1"))
            rows = range(row + 1, row + min(again, _MOST) + 1) if inside else range(0)
            columns = list(_percent_columns(each))
            marks.percents.update((number, place) for number in rows for place in columns)
            if each.get(f"{_TABLE}visibility", "visible") != "visible" and len(each):
                marks.hidden.update(rows)
            row += again
            each.clear()
    return marks


def _percent_columns(row: Xml.Element) -> Iterator[int]:
    column = 0
    for cell in row:
        again = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        if cell.get(f"{_OFFICE}value-type") == "percentage":
            yield from range(column + 1, column + min(again, _MOST) + 1)
        column += again


def _local(element: Xml.Element) -> str:
    return element.tag.rpartition("}")[2]
