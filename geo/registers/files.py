"""The files of a register: opened and checked before the first row is read, then read in batches that are forgotten one by one.

No message here holds a value of a row: no coordinate, no key, and nothing of what could not be read as a number.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from geo.errors import CrsError, InputError, Problem
from geo.files import limits
from geo.files.tables import dialects, hivefolders
from geo.model.areas import Register
from geo.registers import geometries
from geo.registers.columns import floats, in_words, plain
from geo.spatial import crs
from geo.spatial.crs import Box, Floats

BATCH: Final = 1 << 17
"""Rows read at a time."""

FORMATS: Final = (".parquet", ".csv")
_WORKBOOKS: Final = (".xlsx", ".xls", ".ods")
_BLOCK: Final = 1 << 22
_SAMPLE: Final = 1 << 16
_UNREADABLE: Final = (pa.ArrowException, OSError, UnicodeError)
_WHERE: Final = ("a number", "a whole number")
_KEYS: Final = ("text", "a whole number")


@dataclass(frozen=True)
class Shard:
    """A part of a register that can be counted alone: some row groups of a Parquet file (none named: all), or a CSV.

    file: how messages name it. rows: estimated for a CSV. points: the column of points of a GeoParquet file without x and y, else "".
    """

    path: Path
    file: str
    register: Register
    rows: int
    groups: tuple[int, ...] = ()
    points: str = ""


@dataclass(frozen=True)
class AddressList:
    """A list of addresses: keys without duplicates, and their coordinates in the declared CRS, NaN where unknown; shape (addresses,)."""

    keys: pd.Index
    x: Floats
    y: Floats


def find(folder: Path, name: str) -> Path | None:
    """Return where a register lies: `<name>.parquet`, `<name>.csv` (also in capitals), or the folder `<name>`; None when there is none.

    Raises InputError when there is only a workbook of that name: registers are streamed, and a workbook cannot be.
    """
    named = sorted((path for path in folder.glob(f"{glob.escape(name)}.*") if path.stem == name), key=lambda path: path.suffix.lower())
    there = {path.suffix.lower(): path for path in named if path.is_file()}
    where = next((there[ending] for ending in FORMATS if ending in there), folder / name)
    if where.exists():
        return where
    workbook = next((there[ending] for ending in _WORKBOOKS if ending in there), None)
    if workbook is not None:
        raise InputError(Problem(workbook.name, "a register in a workbook is not read", expected="the sheet saved as CSV, or as Parquet"))
    return None


def files(path: Path, register: Register) -> tuple[Path, ...]:
    """Return the files of a register sorted by name, without its list of addresses. Raises InputError when there is none."""
    paths = [path]
    if path.is_dir():
        paths = sorted(
            path_of_file
            for path_of_file in path.rglob("*")
            if path_of_file.suffix.lower() in FORMATS and not path_of_file.name.startswith((".", "_"))
        )
    paths = [path_of_file for path_of_file in paths if path_of_file != addresses_path(path, register)]
    if not paths:
        raise InputError(Problem(path.name, "a register without files", expected=" or ".join(FORMATS)))
    return tuple(paths)


def addresses_path(path: Path, register: Register) -> Path | None:
    """Return the path of the register's list of addresses, beside the file or in the folder; None when it has no such list."""
    return (path if path.is_dir() else path.parent) / register.addresses if register.addresses else None


def shards(path: Path, register: Register, *, columns: Sequence[str], extent: Box | None = None) -> tuple[Shard, ...]:
    """Open every file of a register and check it: its columns and their types, its CRS, and a sample of its coordinates.

    columns: the coded columns that will be read. extent: where coordinates may be expected (metres, EPSG:25832). Raises InputError
    or CrsError with all that is wrong in all files.
    """
    crs.check_name(register.crs, file=path.name)
    wrong: list[InputError] = []
    shards_of_files: list[Shard] = []
    kinds: dict[str, tuple[str, str]] = {}
    for path_of_shard in files(path, register):
        file = path_of_shard.name if path_of_shard == path else path_of_shard.relative_to(path.parent).as_posix()
        try:
            schema, parts = _open(path_of_shard, file, register)
            _check_names(schema, file, tuple(_wanted(register, columns)))
            if not dialects.is_csv(path_of_shard):  # in a CSV everything is text, until it is read as the wanted type
                _check_types(schema, file, _wanted(register, columns), kinds)
            if not register.addresses:
                check_sample(path_of_shard, file, register, extent)
            shards_of_files += parts
        except InputError as error:
            wrong.append(error)
    if wrong:
        kind = CrsError if all(isinstance(error, CrsError) for error in wrong) else InputError
        raise kind([problem for error in wrong for problem in error.problems])
    return tuple(shards_of_files)


def names(shard: Shard) -> tuple[str, ...]:
    """Return the names of the columns in a shard's file. Raises InputError as `shards` does."""
    return tuple(_opened(shard.path, shard.file, shard.register)[0].names)


def batches(shard: Shard, columns: Sequence[str], *, rows: int = BATCH, keys: pa.DataType | None = None) -> Iterator[pa.RecordBatch]:
    """Read the named columns of a shard, at most `rows` rows at a time; text comes as a dictionary.

    keys: the type of the address column. Raises InputError when the file cannot be read to its end, without quoting what it holds.
    """
    said = {name: text for name, text in hivefolders.columns(shard.file).items() if name in columns}
    made = {shard.register.x, shard.register.y} & set(columns) if shard.points else set()
    try:
        own = [name for name in columns if name not in made and (name not in said or name in names(shard))]
        own = [*own, shard.points] if made else own or list(names(shard)[:1])  # some column has the rows
        read = _csv(shard, own, keys) if dialects.is_csv(shard.path) else _parquet(shard, own, rows)
        read = (geometries.with_x_and_y(batch, shard.points, shard.register) for batch in read) if made else read
        yield from (hivefolders.filled(batch, said, columns) for batch in read) if said or made else read
    except _UNREADABLE as error:
        raise _unreadable(shard.path, shard.file, error) from None


def read_addresses(path: Path, register: Register, *, extent: Box | None = None) -> AddressList:
    """Read the register's list of addresses. Raises InputError when an address stands in it twice, CrsError for wrong coordinates.

    extent: where coordinates may be expected (metres, EPSG:25832).
    """
    where = addresses_path(path, register)
    if where is None or not where.is_file():
        raise InputError(Problem(path.name, "the list of addresses is not there", column="addresses", expected=register.addresses))
    listed = Register(crs=register.crs, x=register.x, y=register.y)
    names = (register.address, register.x, register.y)
    schema, parts = _open(where, where.name, listed)
    _check_names(schema, where.name, names)
    if not dialects.is_csv(where):
        _check_types(schema, where.name, {register.address: _KEYS, register.x: _WHERE, register.y: _WHERE}, {})
    check_sample(where, where.name, listed, extent)
    with in_words(where.name):
        table = pa.Table.from_batches([batch for shard in parts for batch in batches(shard, names)] or _empty(schema, names))
        addresses = plain(table[register.address])
        x, y = floats(table[register.x]), floats(table[register.y])
    keys = pd.Index(addresses, dtype=addresses.dtype)
    if keys.has_duplicates:
        again = int(keys.duplicated().sum())
        problem = Problem(where.name, "an address stands twice in the list of addresses", column=register.address, more=again - 1)
        raise InputError(problem)
    return AddressList(keys, x, y)


def check_sample(path: Path, file: str, register: Register, extent: Box | None) -> None:
    """Raise CrsError when the first coordinates of a file contradict the declared CRS, or have their axes swapped.

    extent: where coordinates may be expected (metres, EPSG:25832); None checks nothing.
    """
    schema, parts = _open(path, file, register)
    if extent is None or not parts or not {register.x, register.y} <= set(schema.names):
        return
    first = next(batches(parts[0], (register.x, register.y), rows=_SAMPLE), None)
    if first is None:
        return
    with in_words(file):
        words = crs.doubt(floats(first[register.x]), floats(first[register.y]), declared=register.crs, extent=extent)
    if words:
        expected = f"x and y of {register.crs}: easting or longitude first"
        raise CrsError(Problem(file, "the coordinates are not what is declared", None, f"{register.x}, {register.y}", words, expected))


# --- one file ---------------------------------------------------------------------------------------------------------


def _open(path: Path, file: str, register: Register) -> tuple[pa.Schema, list[Shard]]:
    """The schema of a file, with the columns that its folders say, and its shards. Raises InputError as `_opened` does."""
    schema, parts = _opened(path, file, register)
    return geometries.described(hivefolders.described(schema, hivefolders.columns(file)), register), parts


def _opened(path: Path, file: str, register: Register) -> tuple[pa.Schema, list[Shard]]:
    """The schema of a file and its shards, one a row group. Raises InputError when it is not what its name says."""
    limits.see(path, file=file, setting="register_mb")
    try:
        if dialects.is_csv(path):
            with dialects.stream(path, block=_BLOCK) as stream:
                return stream.schema, [Shard(path, file, register, dialects.rows(path))]
        with pq.ParquetFile(path) as opened:
            sizes = [opened.metadata.row_group(number).num_rows for number in range(opened.num_row_groups)]
            schema = opened.schema_arrow
    except _UNREADABLE as error:
        raise _unreadable(path, file, error) from None
    points = geometries.column(schema, register)
    geometries.check_crs(schema, points, register, file=file)
    return schema, [Shard(path, file, register, rows, (number,), points) for number, rows in enumerate(sizes) if rows]


def _check_types(schema: pa.Schema, file: str, wanted: Mapping[str, tuple[str, ...]], kinds: dict[str, tuple[str, str]]) -> None:
    """Check the types of a file's columns; `kinds` remembers the type of each, and the file that had it first."""
    problems = []
    for name in wanted:
        kind = kind_of(schema.field(name).type)
        before, first = kinds.setdefault(name, (kind, file))
        if kind not in wanted[name]:
            problems.append(Problem(file, "a column of the wrong type", None, name, kind, " or ".join(wanted[name])))
        elif kind != before:
            problems.append(Problem(file, "a column that changes its type between files", None, name, kind, f"{before}, as in {first}"))
    if problems:
        raise InputError(problems)


def _wanted(register: Register, columns: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """The columns that will be read, and the types each may have."""
    codes: dict[str, tuple[str, ...]] = dict.fromkeys(columns, ("text", "a whole number", "true or false"))
    where = {register.address: _KEYS} if register.addresses else dict.fromkeys((register.x, register.y), _WHERE)
    return {register.period: ("text", "a whole number", "a date"), **where, **codes}


def _check_names(schema: pa.Schema, file: str, names: Sequence[str]) -> None:
    missing = [name for name in names if name not in schema.names]
    if missing:
        raise InputError(Problem(file, "a missing column", column=missing[0], expected=", ".join(names), more=len(missing) - 1))
    twice = [name for name in names if schema.names.count(name) > 1]
    if twice:
        raise InputError(Problem(file, "a column that stands twice", column=twice[0], expected="each column once", more=len(twice) - 1))


def kind_of(kind: pa.DataType) -> str:
    """Return in words what a column holds: text, a whole number, a number, true or false, a date; else the name of its type."""
    if pa.types.is_dictionary(kind):
        return kind_of(kind.value_type)
    tests = {
        "text": (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
        "a whole number": (pa.types.is_integer,),
        "a number": (pa.types.is_floating, pa.types.is_decimal),
        "true or false": (pa.types.is_boolean,),
        "a date": (pa.types.is_date, pa.types.is_timestamp),
    }
    return next((name for name, any_of in tests.items() if any(test(kind) for test in any_of)), str(kind))


def _parquet(shard: Shard, columns: Sequence[str], rows: int) -> Iterator[pa.RecordBatch]:
    # Text is left in the dictionary it has in the file; one thread, because shards are read side by side.
    with pq.ParquetFile(shard.path, read_dictionary=list(columns)) as opened:
        groups = list(shard.groups or range(opened.num_row_groups))
        yield from opened.iter_batches(rows, row_groups=groups, columns=list(columns), use_threads=False)


def _csv(shard: Shard, columns: Sequence[str], keys: pa.DataType | None) -> Iterator[pa.RecordBatch]:
    register = shard.register
    kinds = {name: pa.dictionary(pa.int32(), pa.string()) for name in columns}
    kinds |= {name: pa.float64() for name in (register.x, register.y) if name in columns}
    kinds |= {register.address: keys} if keys is not None and register.address in columns else {}
    with dialects.stream(shard.path, block=_BLOCK, include_columns=list(columns), column_types=kinds) as stream:
        yield from stream


def _empty(schema: pa.Schema, names: Sequence[str]) -> list[pa.RecordBatch]:
    chosen = pa.schema([schema.field(name) for name in names])
    return [pa.RecordBatch.from_pylist([], schema=chosen)]


def _unreadable(path: Path, file: str, error: Exception) -> InputError:
    """Arrow's message may quote what it could not read, so nothing of it is passed on but which column it was, and the type wanted."""
    place = re.search(r"column #(\d+).*conversion error to ([\w<>]+)", str(error))
    if place is None or place[2] == "string":
        expected = "a whole CSV, all of it in UTF-8 or all of it in Windows-1252" if dialects.is_csv(path) else "a whole Parquet file"
        return InputError(Problem(file, "the file cannot be read to its end", expected=expected))
    with dialects.stream(path, block=_BLOCK) as stream:
        column = stream.schema.names[int(place[1])]
    return InputError(Problem(file, "a value of the wrong type", column=column, expected=place[2]))
