"""The plain values that every table becomes: first a grid of cells as they lie in the file, then columns with names and rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

Cell = str | int | float | None
"""A text as it was typed, a number where the format has numbers, or None where the cell is empty. A day is text: 2027-01-01."""

MOST_COLUMNS: Final = 2_000
"""Columns of a table at most: months of a century and a half, one a column."""
MOST_CELLS: Final = 4_000_000
"""Cells of one table at most: a table of figures has far fewer, and a file of a few bytes can claim more than any memory holds."""


class GridRow(msgspec.Struct, frozen=True):
    """One row of a file. number: as the user's own program counts it, the first line or row being 1."""

    number: int
    cells: tuple[Cell, ...]


class MergedCells(msgspec.Struct, frozen=True):
    """A rectangle of cells that a workbook shows as one; rows and columns are counted from 1 and included."""

    top: int
    left: int
    bottom: int
    right: int


class CellGrid(msgspec.Struct, frozen=True):
    """The cells of one table before anybody knows which row is the header.

    form: the format, in words. notes: what was taken for what. merged: rectangles shown as one cell, None where the format does not
    tell. even: whether every row has a field for each column, so that another number of fields is a fault. percents: whether some cells
    are shown as percent, and were taken so.
    """

    form: str
    rows: tuple[GridRow, ...]
    notes: tuple[str, ...] = ()
    merged: tuple[MergedCells, ...] | None = ()
    even: bool = False
    percents: bool = False


class SourceTable(msgspec.Struct, frozen=True):
    """A table as its owner sees it: each column under its own name, each row with its number in the file.

    file: how messages name it. form: the format, in words. columns: names in the order of the file; a column without a name is called
    `column C` by its letter in a spreadsheet. header: the row that the names stand in, 0 where the format keeps names apart. rows: as
    many cells as there are columns. notes: what was taken for what, for the person who gave the file. percents: as in CellGrid.
    """

    file: str
    form: str
    columns: tuple[str, ...]
    header: int
    rows: tuple[GridRow, ...]
    notes: tuple[str, ...] = ()
    percents: bool = False

    def place(self, name: str) -> int:
        """Return where a column stands. Raises ValueError when there is none of that name."""
        return self.columns.index(name)

    def cells(self, name: str) -> Iterator[tuple[int, Cell]]:
        """Give the number of each row and its cell in one column."""
        place = self.place(name)
        return ((row.number, row.cells[place]) for row in self.rows)


def letter(place: int) -> str:
    """Return the letters of a column in a spreadsheet; the first column is 0.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    rest, letters = place + 1, ""
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


def shown(cell: Cell) -> str:
    """Return a cell as text: a whole number without decimals, others with the 15 digits that a spreadsheet shows at most, "" for none."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    return str(cell) if isinstance(cell, int) else _decimal(cell)


def _decimal(number: float) -> str:
    if number.is_integer() and abs(number) < 10**15:
        return str(int(number))
    text = f"{number:.15g}"
    return text if "e" not in text else f"{number:.20f}".rstrip("0")
