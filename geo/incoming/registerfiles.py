"""The files of a register that nobody has described yet: their columns and types, and their rows in batches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from geo.errors import CrsError, InputError, Problem
from geo.files import limits
from geo.files.tables import dialects, hivefolders
from geo.model import periods
from geo.model.areas import Register
from geo.registers import files, geometries
from geo.registers.files import Shard
from geo.spatial import crs

_NUMBER: Final = re.compile(r"[-+]?[0-9][0-9 .,-]*")
_BLOCK: Final = 1 << 22
_WORKBOOKS: Final = (".xlsx", ".xls", ".xlsm", ".ods")
_UNREADABLE: Final = (pa.ArrowException, OSError, UnicodeError)


@dataclass(frozen=True)
class RegisterPart:
    """One file of a register. below: its path inside the register. kinds: what each column holds, in words. points: as in Shard."""

    path: Path
    below: str
    kinds: Mapping[str, str]
    rows: int
    crs: str
    points: str

    def batches(self, columns: Sequence[str], register: Register) -> Iterator[pa.RecordBatch]:
        """Read the named columns, as `files.batches` does.

        Raises InputError for what cannot be read; no message names the file by a folder, which may say a value of a row.
        """
        try:
            yield from files.batches(Shard(self.path, self.below, register, self.rows, points=self.points), columns)
        except InputError as error:
            raise InputError([replace(problem, file=self.path.name) for problem in error.problems]) from None


def parts(paths: Sequence[Path]) -> tuple[RegisterPart, ...]:
    """Open the files of a register: one file, several, or a folder. Raises InputError for each that is none, CrsError for two CRSs."""
    opened_parts: list[RegisterPart] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            opened_parts += [_part(inside, below) for inside, below in _inside(path)]
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    said = {part.crs for part in opened_parts}
    if len(said) > 1:
        names = ", ".join(sorted(crs.title(name) if name else "none" for name in said))
        raise CrsError(Problem(paths[0].name, "files that say different coordinate reference systems", None, "crs", names, "one"))
    return tuple(opened_parts)


def _inside(path: Path) -> list[tuple[Path, str]]:
    """The files of a path with their paths inside the register."""
    if path.is_dir():
        every = [each for each in sorted(path.rglob("*")) if each.suffix.lower() in files.FORMATS and not each.name.startswith((".", "_"))]
        if not every:
            raise InputError(Problem(path.name, "a folder without files of a register", expected=" or ".join(files.FORMATS)))
        return [(each, each.relative_to(path).as_posix()) for each in every]
    if path.suffix.lower() in _WORKBOOKS:
        raise InputError(Problem(path.name, "a register in a workbook is not read", expected="the sheet saved as CSV, or as Parquet"))
    if path.suffix.lower() not in files.FORMATS:
        raise InputError(Problem(path.name, "a format that is not read", found=path.suffix, expected=" or ".join(files.FORMATS)))
    return [(path, path.name)]


def _is_a_value(name: str) -> bool:
    """Whether what stands where a column is named is no name: a file without a header has a row of a person there."""
    text = name.strip()
    return not text or _NUMBER.fullmatch(text) is not None or periods.read(text) is not None


def _part(path: Path, below: str) -> RegisterPart:
    limits.see(path, file=path.name, setting="register_mb")
    anything = Register(crs=crs.MEASURE)
    try:
        if dialects.is_csv(path):
            with dialects.stream(path, block=_BLOCK) as stream:
                schema, rows = stream.schema, dialects.rows(path)
        else:
            with pq.ParquetFile(path) as opened:
                schema, rows = opened.schema_arrow, opened.metadata.num_rows
    except _UNREADABLE:
        what = "the file cannot be read"
        expected = "a whole Parquet file" if path.suffix.lower() == ".parquet" else "a CSV in UTF-8 or Windows-1252, with names of columns"
        raise InputError(Problem(path.name, what, expected=expected)) from None
    if dialects.is_csv(path) and any(_is_a_value(name) for name in schema.names):
        what = "a first line without names of columns: a number, a period or nothing stands in it"
        raise InputError(Problem(path.name, what, expected="names of columns in the first line"))  # which may be a person's row: not shown
    points = geometries.column(schema, anything)
    said = geometries.said_crs(schema, points)
    if said:
        crs.check_name(said, file=path.name)
    twice = [name for name in schema.names if schema.names.count(name) > 1]
    if twice:
        raise InputError(Problem(path.name, "a column that stands twice", column=twice[0], expected="each column once"))
    schema = geometries.described(hivefolders.described(schema, hivefolders.columns(below)), anything)
    kinds = {field.name: files.kind_of(field.type) for field in schema if field.name != points}
    return RegisterPart(path, below, kinds, rows, said, points)
