"""XLSX and ODS as tables, by calamine. Read in a process of its own (`geo.files.apart`): a workbook is a zip of XML."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import python_calamine as calamine

from geo.errors import InputError, Problem
from geo.files.tables import cellmarks
from geo.files.tables.grid import MOST_CELLS, Cell, CellGrid, GridRow, MergedCells, letter

_BROKEN: Final = "the workbook cannot be read"
_WHOLE: Final = 15
"""Digits that a spreadsheet keeps of a number."""


def read(path: Path, *, file: str, sheet: str = "") -> CellGrid:
    """Read one sheet of a workbook; the names of rows are those that the spreadsheet shows.

    file: how messages name it. sheet: the name of the sheet, "" where only one that can be seen has cells. A cell that is formatted as
    percent is the number that is shown: 0.88 is 88. Raises InputError when the workbook cannot be read, when it is not clear which
    sheet is meant, and for cells that show an error.
    """
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            name = _chosen(book, sheet, file)
            page = book.get_sheet_by_name(name)
            if page.total_height * page.total_width > MOST_CELLS:
                described = f"{page.total_height:,} rows and {page.total_width:,} columns"
                raise InputError(Problem(file, "too many cells", found=described, expected=f"at most {MOST_CELLS:,} cells"))
            values = page.to_python(skip_empty_area=False)
            merged = page.merged_cell_ranges
    except (calamine.CalamineError, OSError, ValueError) as error:
        expected = "a workbook without a password, saved anew as XLSX, or the sheet saved as CSV"
        raise InputError(Problem(file, _BROKEN, found=str(error).split("\n")[0][:200], expected=expected)) from None
    form = "ODS" if path.suffix.lower() == ".ods" else "XLSX"
    marks = cellmarks.of_sheet(path, name)
    _check_errors(values, marks, file)
    rows = tuple(
        GridRow(number, tuple(_cell(value, (number, place) in marks.percents) for place, value in enumerate(row, 1)))
        for number, row in enumerate(values, 1)
    )
    notes = [f"sheet {name!r}"]
    if marks.percents:
        columns = sorted({place for _, place in marks.percents})
        notes.append(f"formatted as percent, taken as shown (0.88 is 88): columns {', '.join(letter(place - 1) for place in columns)}")
    if hidden := sorted(row for row in marks.hidden if row <= len(rows)):
        notes.append(f"rows that the sheet hides are taken too: {', '.join(map(str, hidden[:10]))}{' ...' if len(hidden) > 10 else ''}")
    width = max((len(row.cells) for row in rows), default=0)
    if hidden := sorted(place for place in marks.hidden_columns if place <= width):
        notes.append(f"columns that the sheet hides are taken too: {', '.join(letter(place - 1) for place in hidden)}")
    rectangles = None if merged is None else tuple(MergedCells(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in merged)
    return CellGrid(form, rows, tuple(notes), rectangles, percents=bool(marks.percents))


def _check_errors(values: Sequence[Sequence[object]], marks: cellmarks.CellMarks, file: str) -> None:
    """Refuse a sheet in which a cell shows an error or was never computed: calamine would give an empty cell, or a text."""
    texts = {
        (number, place): cell
        for number, row in enumerate(values, 1)
        for place, cell in enumerate(row, 1)
        if isinstance(cell, str) and cellmarks.is_error(cell)
    }
    places = sorted(marks.errors | texts.keys())
    if places:
        row, column = places[0]
        described = ", ".join(f"{letter(place - 1)}{number}" for number, place in places[:10])
        expected = "a value in each cell; open the workbook, let it compute, mend the formula or empty the cell, and save it"
        what = "a cell with an error, or a formula that was never computed"
        raise InputError(Problem(file, what, row, f"column {letter(column - 1)}", described, expected, more=len(places) - 1))


def _chosen(book: calamine.CalamineWorkbook, sheet: str, file: str) -> str:
    names = [
        each.name
        for each in book.sheets_metadata
        if each.typ == calamine.SheetTypeEnum.WorkSheet and each.visible == calamine.SheetVisibleEnum.Visible
    ]
    filled = [name for name in names if book.get_sheet_by_name(name).total_height]
    if sheet and sheet not in book.sheet_names:
        raise InputError(Problem(file, "no such sheet", found=repr(sheet), expected=", ".join(map(repr, names))))
    if sheet or len(filled) == 1:
        return sheet or filled[0]
    what = "more than one sheet with cells" if filled else "a workbook without cells"
    raise InputError(Problem(file, what, found=", ".join(map(repr, filled)), expected="the option --sheet with the name of one"))


def _cell(value: object, percent: bool) -> Cell:
    """A cell as text or number; days are written 2027-01-01."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        number = float(f"{value * 100:.{_WHOLE}g}") if percent else value
        return None if not math.isfinite(number) else int(number) if number == int(number) and abs(number) < 10**_WHOLE else number
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    text = str(value)
    return text if text.strip() else None
