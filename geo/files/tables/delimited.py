"""CSV as Danish and English programs save it: comma, semicolon or tab, found by which one makes a table of the lines."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Final, NamedTuple

from geo.errors import InputError, Problem
from geo.files.tables.grid import MOST_CELLS, CellGrid, GridRow
from geo.files.tables.letters import Letters

_DELIMITERS: Final = {"\t": "tabs", ";": "semicolons", ",": "commas"}
_SAMPLE: Final = 200
"""Rows that are looked at to find the delimiter."""
_MOST_LETTERS: Final = 1 << 20


class _Parsed(NamedTuple):
    rows: list[GridRow]
    fault: Problem | None


def read(letters: Letters, *, file: str) -> CellGrid:
    """Read a CSV. Raises InputError when no delimiter makes a table of it, or when its quotes do not close.

    file: how messages name it. A first line `sep=;`, as Excel writes and reads it, says the delimiter. Rows without any field are left
    out; the others keep the number of the line that each ends on.
    """
    text, said = letters.text, ""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=") + 1:
        said, text = first.strip()[-1], rest
    csv.field_size_limit(_MOST_LETTERS)
    delimiter = said or _delimiter(text, file=file)
    parsed = _parsed(text, delimiter, file=file, start=1 if said else 0)
    if parsed.fault is not None:
        raise InputError(parsed.fault)
    words = _DELIMITERS.get(delimiter, repr(delimiter))
    return CellGrid(f"CSV in {letters.encoding} with {words}", tuple(parsed.rows), even=True)


def _delimiter(text: str, *, file: str) -> str:
    """The delimiter by which most lines have the same number of fields, at least two; tab and semicolon before comma where they tie."""
    scores: dict[str, int] = {}
    faults = []
    for delimiter in _DELIMITERS:
        parsed = _parsed(text, delimiter, file=file, most=_SAMPLE)
        if parsed.fault is not None:
            faults.append(parsed.fault)
            continue
        widths = Counter(len(row.cells) for row in parsed.rows if len(row.cells) > 1)
        scores[delimiter] = max(widths.values(), default=0)
    best = max(scores, key=lambda delimiter: scores[delimiter], default="")
    if best and scores[best]:
        return best
    if faults:
        raise InputError(faults[-1])
    line = text.lstrip().split("\n", 1)[0].strip()[:80]
    raise InputError(
        Problem(file, "no columns", row=1, found=repr(line), expected="a table with commas, semicolons or tabs between fields")
    )


def _parsed(text: str, delimiter: str, *, file: str, start: int = 0, most: int = 0) -> _Parsed:
    """The rows that have a field, with the line each ends on. start: lines before the text. most: rows to read at most, 0 for all."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[GridRow] = []
    cells = 0
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                rows.append(GridRow(reader.line_num + start, tuple(fields)))
                cells += len(fields)
            if len(rows) == most > 0 or cells > MOST_CELLS:
                break
    except csv.Error as error:
        row = reader.line_num + start
        return _Parsed(rows, Problem(file, "not CSV", row=row, found=str(error), expected="quotes that close, and double quotes inside"))
    if cells > MOST_CELLS:
        counted = f"more than {MOST_CELLS:,}"
        return _Parsed(rows, Problem(file, "too many cells", found=counted, expected="a smaller table, or several files"))
    return _Parsed(rows, None)
