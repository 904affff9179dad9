"""Parquet as a table: names and types come from the file. Read in a process of its own (`geo.files.apart`)."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from geo.errors import InputError, Problem
from geo.files.tables.grid import MOST_CELLS, Cell, CellGrid, GridRow


def read(path: Path, *, file: str) -> CellGrid:
    """Read a Parquet file of one table. Raises InputError when it cannot be read, is too large, or has lists and tables in its cells.

    file: how messages name it. Its first row is row 1; the names of columns are row 0.
    """
    try:
        with pq.ParquetFile(path) as opened:
            shape = (opened.metadata.num_rows, opened.metadata.num_columns)
            if shape[0] * shape[1] > MOST_CELLS:
                raise InputError(Problem(file, "too many cells", found=f"{shape[0]:,} rows", expected=f"at most {MOST_CELLS:,} cells"))
            nested = [field.name for field in opened.schema_arrow if pa.types.is_nested(field.type) or pa.types.is_binary(field.type)]
            if nested:
                raise InputError(Problem(file, "a column that holds no texts, numbers or days", column=nested[0], more=len(nested) - 1))
            columns = [column.to_pylist() for column in opened.read().columns]
            names = tuple(opened.schema_arrow.names)
    except (pa.ArrowException, OSError, UnicodeError, ValueError) as error:
        described = str(error).split("\n")[0][:200]
        raise InputError(Problem(file, "the file cannot be read to its end", found=described, expected="a whole Parquet file")) from None
    # what pandas keeps its row numbers in is no column of anybody's
    kept = [place for place, name in enumerate(names) if not name.startswith("__index_level_")]
    rows = [GridRow(number + 1, tuple(_cell(columns[place][number]) for place in kept)) for number in range(shape[0])]
    return CellGrid("Parquet", (GridRow(0, tuple(names[place] for place in kept)), *rows))


def _cell(value: object) -> Cell:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return _day(value) if isinstance(value, dt.date) else value if isinstance(value, (str, int, float)) else str(value)


def _day(value: dt.date) -> str:
    """A day or a moment in text; a moment at midnight without a time zone is its day."""
    if isinstance(value, dt.datetime) and value.tzinfo is None and value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat()
