"""What a file holds, by its name, its first bytes and the names of its columns; what nobody can tell is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from geo.drafts.draft import FileKind
from geo.errors import InputError, Problem
from geo.files.layers import formats
from geo.files.tables import reading
from geo.files.tables.grid import SourceTable, shown
from geo.files.tables.layout import folded
from geo.incoming import describing
from geo.inputs.entries import rows
from geo.inputs.layers import wkttables
from geo.inputs.tables import addressrows, tableprofiles
from geo.inputs.tables.tableprofiles import TableProfile

_JSON: Final = (".json",)
_PARQUET: Final = (".parquet", ".geoparquet")
_LAYER_WORDS: Final = (b"FeatureCollection", b'"Topology"', b'"Feature"')
_START: Final = 65_536
_PERSON_NUMBER: Final = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)")
"""How a Danish person number is written."""
_NO_NAME: Final = re.compile(r"[-+]?\d+[.,]\d+|[-+]?\d{5,}")
"""A number that names no column: with decimals, or longer than a year."""
_LOOK: Final = 200
"""Rows that are looked at for person numbers."""
_ENTRY_KINDS: Final[tuple[FileKind, ...]] = ("lists", "hotspots", "plans")
"""The kind that asks for most columns first."""


def kind_of(path: Path, profiles: Sequence[TableProfile]) -> FileKind:
    """Return what a file holds; a table that is nothing else is taken for figures.

    path: with the ending that its owner gave it. profiles: of the tables that the workspace knows. Raises InputError when it cannot be
    read.
    """
    ending = path.suffix.lower()
    if ending in _PARQUET:
        return _of_parquet(path)
    if ending in _JSON:
        return "areas" if any(word in _start(path) for word in _LAYER_WORDS) else "figures"
    if ending in formats.ENDINGS:
        return "areas"
    if ending in (".csv", ".txt", ".tsv") and _of_people(_first_line(path)):
        return "register"
    return kind_of_table(reading.read(path, file=path.name, known=addressrows.HEADERS), profiles)


def kind_of_table(table: SourceTable, profiles: Sequence[TableProfile]) -> FileKind:
    """Return what a table holds, by the names of its columns and by whether one holds geometries."""
    if _of_people(table.columns) or _has_person_numbers(table):
        return "register"
    names = {folded(name) for name in table.columns}
    if any(names >= header for header in addressrows.HEADERS):
        return "addresses"
    if wkttables.has_geometries(table):
        return "areas"
    if any(names >= header for header in tableprofiles.known_headers(profiles)):
        return "figures"
    return next((kind for kind in _ENTRY_KINDS if rows.fits(kind, table)), "figures")


def check_no_people(table: SourceTable) -> None:
    """Raise InputError for a table whose rows are people, whatever somebody says it is: nothing of it may be shown or told."""
    if _of_people(table.columns) or _has_person_numbers(table):
        what = "rows of people, or a first line without names of columns"
        raise InputError(Problem(table.file, what, expected="a register, with names of columns in its first line; nothing of it is shown"))


def _of_people(names: Iterable[str]) -> bool:
    """Whether a first line names a column of persons, or is itself a row of one: a number with decimals or a long one is no name."""
    every = [name.strip() for name in names]
    return describing.is_of_people(every) or any(_NO_NAME.fullmatch(name) or _PERSON_NUMBER.search(name) for name in every)


def _has_person_numbers(table: SourceTable) -> bool:
    return any(_PERSON_NUMBER.fullmatch(shown(cell).strip()) for row in table.rows[:_LOOK] for cell in row.cells)


def _of_parquet(path: Path) -> FileKind:
    try:
        with pq.ParquetFile(path) as opened:
            schema = opened.schema_arrow
    except (OSError, pa.ArrowException):
        return "figures"  # what is wrong with it is said by whoever reads it
    if describing.is_of_people(schema.names):
        return "register"
    return "areas" if b"geo" in (schema.metadata or {}) else "figures"


def _start(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_START)


def _first_line(path: Path) -> list[str]:
    """The names in the first line of a text, whatever stands between them."""
    line = _start(path).removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", errors="replace")
    sign = max(";,\t", key=line.count)
    return [name.strip().strip('"') for name in line.split(sign)]


def preview(path: Path, *, sheet: str = "") -> SourceTable | None:
    """Return a file as a table, None when it is none that can be read. Raises InputError when its rows are people."""
    try:
        table = reading.read(path, file=path.name, sheet=sheet, known=addressrows.HEADERS)
    except InputError:
        return None
    check_no_people(table)
    return table
