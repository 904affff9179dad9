"""From a grid to a table: which row holds the names, what above it is a title and what below it is a footnote, and merged cells."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from geo.errors import InputError, Problem
from geo.files.tables.grid import MOST_COLUMNS, Cell, CellGrid, GridRow, MergedCells, SourceTable, letter, shown

BELOW: Final = "left out below the rows, as footnotes"
"""How the note begins that names the lines below a table's rows."""


def table(grid: CellGrid, *, file: str, known: Collection[frozenset[str]] = ()) -> SourceTable:
    """Find the header, the rows and what is neither. What was left out is said in the table's notes, row by row.

    file: how messages name it. known: sets of names, folded by `folded`; the first row that has all names of one set is the header.
    Without such a row it is the first row with two filled cells, or with one that is not the first: in a matrix of one year the name
    of the first column is left empty. Raises InputError when there is no such row, no row below it, a row with too many fields, or more
    columns than a table of figures has.
    """
    _check_columns(grid, file=file)
    rows = [GridRow(row.number, tuple(_tidy(cell) for cell in row.cells)) for row in grid.rows]
    rows = [row for row in _spread(rows, grid.merged or ()) if any(cell is not None for cell in row.cells)]
    margin = min((_first(row) for row in rows), default=0)
    start = _header(rows, known, margin)
    if start is None:
        described = shown(next((cell for row in rows for cell in row.cells if cell is not None), None))[:80]
        raise InputError(Problem(file, "no row with names of columns", found=repr(described), expected="a header with two names or more"))
    top, body, notes = rows[start], rows[start + 1 :], []
    names = _names(top)
    under = _second_row(top, grid.merged or ())
    if under and body:
        names = _joined(names, _names(body[0]))
        notes.append(f"rows {top.number} and {body[0].number} taken together as names of columns")
        body = body[1:]
    if start:
        notes.append(f"left out above the names: {_listed(rows[:start])}")
    body, below = _split(body, margin)
    if below:
        notes.append(f"{BELOW}: {_listed(below)}")
    _check_merged(rows, grid.merged or (), below=top.number, file=file)
    if grid.even:
        _check_widths(body, file=file, names=names)
    if not body:
        raise InputError(Problem(file, "a table without rows", row=top.number + 1, expected="at least one row below the names"))
    kept = _kept(names, body)
    columns = tuple((names[place] if place < len(names) else "") or f"column {letter(place)}" for place in kept)
    even = [[row.cells[place] if place < len(row.cells) else None for place in kept] for row in body]
    notes += _filled_down(even, columns)
    rows = [GridRow(row.number, tuple(cells)) for row, cells in zip(body, even, strict=True)]
    return SourceTable(file, grid.form, columns, top.number, tuple(rows), (*grid.notes, *notes), grid.percents)


def _check_columns(grid: CellGrid, *, file: str) -> None:
    widest = max(grid.rows, key=lambda row: len(row.cells), default=None)
    if widest is not None and len(widest.cells) > MOST_COLUMNS:
        width = f"{len(widest.cells):,}"
        raise InputError(Problem(file, "too many columns", row=widest.number, found=width, expected=f"{MOST_COLUMNS:,} at most"))


def folded(name: str) -> str:
    """Return a name of a column as it is compared: without spaces around it, in small letters."""
    return " ".join(name.split()).casefold()


def _tidy(cell: Cell) -> Cell:
    """A cell without spaces and invisible marks around it; one that holds nothing else is empty."""
    if not isinstance(cell, str):
        return cell
    return cell.strip().strip("\ufeff\u200b").strip() or None


def _first(row: GridRow) -> int:
    """The place of the first filled cell."""
    return next(place for place, cell in enumerate(row.cells) if cell is not None)


def _names(row: GridRow) -> list[str]:
    return [" ".join(shown(cell).split()) for cell in row.cells]


def _header(rows: Sequence[GridRow], known: Collection[frozenset[str]], margin: int) -> int | None:
    """The place of the row with the names of columns. margin: how many columns at the left are empty in every row."""
    for place, row in enumerate(rows):
        names = {folded(shown(cell)) for cell in row.cells if cell is not None}
        if any(names >= wanted for wanted in known):
            return place
    for place, row in enumerate(rows):
        if sum(cell is not None for cell in row.cells) > 1 or _first(row) > margin:
            return place
    return None


def _spread(rows: Sequence[GridRow], merged: Sequence[MergedCells]) -> list[GridRow]:
    """Rows in which each merged rectangle has its text in all its cells, as the reader of the sheet sees it."""
    cells = {row.number: list(row.cells) for row in rows}
    for each in merged:
        first = cells.get(each.top, [])
        text = first[each.left - 1] if each.left <= len(first) else None
        if text is None:
            continue
        for number in range(each.top, each.bottom + 1):
            row = cells.get(number)
            if row is not None:
                row[each.left - 1 : each.right] = [text] * (each.right - each.left + 1)
    # a title that is merged over a whole row is still one text
    alone = {each.top: each.right for each in merged if each.left == 1 and each.top == each.bottom}
    return [
        GridRow(row.number, (cells[row.number][0],) if _is_title(cells[row.number], alone.get(row.number, 0)) else tuple(cells[row.number]))
        for row in rows
    ]


def _check_merged(rows: Sequence[GridRow], merged: Sequence[MergedCells], *, below: int, file: str) -> None:
    """Refuse numbers in merged cells below the names: nobody knows of which row or column such a number is."""
    cells = {row.number: row.cells for row in rows}
    wrong = [
        each
        for each in merged
        if each.top > below and len(at := cells.get(each.top, ())) >= each.left and isinstance(at[each.left - 1], (int, float))
    ]
    if wrong:
        where = ", ".join(f"{letter(each.left - 1)}{each.top}:{letter(each.right - 1)}{each.bottom}" for each in wrong[:10])
        expected = "one number in one cell"
        first = wrong[0]
        column = f"column {letter(first.left - 1)}"
        raise InputError(Problem(file, "a number in merged cells", first.top, column, where, expected, more=len(wrong) - 1))


def _is_title(cells: Sequence[Cell], merged_to: int) -> bool:
    return merged_to > 1 and not any(cell is not None for cell in cells[merged_to:])


def _second_row(top: GridRow, merged: Sequence[MergedCells]) -> bool:
    """Whether the names stand in two rows: some cell of the first is merged over several columns."""
    return any(each.top <= top.number <= each.bottom and each.right > each.left and each.bottom == top.number for each in merged)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    pairs = zip((*upper, *[""] * width)[:width], (*lower, *[""] * width)[:width], strict=True)
    return [first if first == second or not second else f"{first} {second}".strip() for first, second in pairs]


def _split(body: Sequence[GridRow], margin: int) -> tuple[list[GridRow], list[GridRow]]:
    """The rows of the table, and the lines below it: those after the last row with two filled cells that have text in the first alone."""
    end = len(body)
    while end and _is_line(body[end - 1], margin):
        end -= 1
    return (list(body[:end]), list(body[end:])) if end else (list(body), [])


def _is_line(row: GridRow, margin: int) -> bool:
    return _first(row) == margin and isinstance(row.cells[margin], str) and sum(cell is not None for cell in row.cells) == 1


def _kept(names: Sequence[str], body: Sequence[GridRow]) -> list[int]:
    """The places of the columns that have a name or a filled cell."""
    filled = {place for row in body for place, cell in enumerate(row.cells) if cell is not None}
    return sorted(filled | {place for place, name in enumerate(names) if name})


def _filled_down(rows: Sequence[list[Cell]], columns: Sequence[str]) -> Iterator[str]:
    """Fill the empty cells of leading columns without names, where there are several, with the cell above: a matrix writes a text once."""
    unnamed = list(itertools.takewhile(lambda place: columns[place].startswith("column "), range(len(columns))))
    for place in unnamed if len(unnamed) > 1 else ():
        if rows[0][place] is None or all(row[place] is not None for row in rows):
            continue
        for above, row in itertools.pairwise(rows):
            row[place] = above[place] if row[place] is None else row[place]
        yield f"empty cells of {columns[place]} are taken to repeat the cell above"


def _check_widths(body: Sequence[GridRow], *, file: str, names: Sequence[str]) -> None:
    """Refuse rows with more fields than the header, also empty ones, or fewer than it has names: a field is not where it should be."""
    named = max(place + 1 for place, name in enumerate(names) if name)
    wrong = [row for row in body if not named <= len(row.cells) <= len(names)]
    if not wrong:
        return
    first = wrong[0]
    column = names[min(len(first.cells), named) - 1] if len(first.cells) < named else f"column {letter(len(names))}"
    expected = f"{named} fields" + ("; a decimal comma, or a comma in a text without quotes?" if len(first.cells) > named else "")
    described = f"{len(first.cells)} fields"
    raise InputError(Problem(file, "a wrong number of fields", first.number, column, described, expected, len(wrong) - 1))


def _listed(rows: Sequence[GridRow]) -> str:
    texts = [f"row {row.number} {shown(next(cell for cell in row.cells if cell is not None))[:60]!r}" for row in rows[:10]]
    return "; ".join(texts) + (f"; and {len(rows) - 10} more" if len(rows) > 10 else "")
