"""One door for every table: the format is known by its bytes, and what strangers zipped or packed is parsed in a process of its own."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from geo.errors import InputError, Problem
from geo.files import apart, limits
from geo.files.tables import delimited, jsonstat, layout, letters
from geo.files.tables.grid import CellGrid, SourceTable

ENDINGS: Final = (".csv", ".txt", ".tsv", ".xlsx", ".ods", ".parquet", ".json")
_ZIP: Final = b"PK\x03\x04"
_PARQUET: Final = b"PAR1"
_OLD: Final = b"\xd0\xcf\x11\xe0"
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".ods")
_LOOK: Final = 64


def read(path: Path, *, file: str, sheet: str = "", known: Collection[frozenset[str]] = ()) -> SourceTable:
    """Read a table: CSV, XLSX, ODS, Parquet or JSON-stat.

    file: how messages name it. sheet: the sheet of a workbook, "" where only one has cells. known: sets of names of columns by which a
    header is known for certain, see `layout.table`. Raises InputError with what is wrong, in the row of the user's own file.
    """
    return layout.table(_grid(path, file=file, sheet=sheet), file=file, known=known)


def _grid(path: Path, *, file: str, sheet: str) -> CellGrid:
    limits.see(path, file=file, setting="table_mb")
    try:
        with path.open("rb") as stream:
            start = stream.read(_LOOK)
    except OSError as error:
        raise InputError(Problem(file, "the file cannot be read", found=error.strerror or "")) from None
    if start.startswith(_PARQUET):
        return apart.read_grid(path, file=file, kind="parquet")
    if start.startswith(_ZIP):
        if path.suffix.lower() not in _WORKBOOKS:
            expected = f"an ending of a workbook ({', '.join(_WORKBOOKS)}), or the file unpacked"
            raise InputError(Problem(file, "a zip file that is not named as a workbook", found=path.suffix, expected=expected))
        return apart.read_grid(path, file=file, kind="workbook", sheet=sheet)
    if start.startswith(_OLD):
        expected = "the workbook saved as XLSX, without a password"
        raise InputError(Problem(file, "a workbook of the old form XLS, or one with a password", expected=expected))
    _check_name(path, file)
    text = letters.read(limits.content(path, file=file, setting="table_mb"), file=file)
    if text.text.lstrip()[:1] == "<":
        raise InputError(Problem(file, "a page of HTML or XML, and no table", row=1, expected=f"one of {', '.join(ENDINGS)}"))
    if text.text.lstrip()[:1] in ("{", "["):
        return jsonstat.read(text, file=file)
    return delimited.read(text, file=file)


def _check_name(path: Path, file: str) -> None:
    """Refuse text under the name of a workbook or of Parquet: it is a page of a web site, or a download that failed."""
    if path.suffix.lower() in (*_WORKBOOKS, ".parquet"):
        raise InputError(Problem(file, "the file is not what its name says", found="text", expected=path.suffix.lower()[1:].upper()))
