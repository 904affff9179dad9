"""What a file holds, by its name, its first bytes and the names of its columns; what nobody can tell is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from geo.drafts.draft import FileKind
from geo.errors import InputError
from geo.files.layers import formats
from geo.files.tables import reading
from geo.files.tables.grid import SourceTable
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
    if ending in (".csv", ".txt", ".tsv") and describing.is_of_people(_first_line(path)):
        return "register"
    return kind_of_table(reading.read(path, file=path.name, known=addressrows.HEADERS), profiles)


def kind_of_table(table: SourceTable, profiles: Sequence[TableProfile]) -> FileKind:
    """Return what a table holds, by the names of its columns and by whether one holds geometries."""
    names = {folded(name) for name in table.columns}
    if any(names >= header for header in addressrows.HEADERS):
        return "addresses"
    if wkttables.has_geometries(table):
        return "areas"
    if any(names >= header for header in tableprofiles.known_headers(profiles)):
        return "figures"
    return next((kind for kind in _ENTRY_KINDS if rows.fits(kind, table)), "figures")


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
    """Return a file as a table, None when it is none that can be read."""
    try:
        return reading.read(path, file=path.name, sheet=sheet, known=addressrows.HEADERS)
    except InputError:
        return None
