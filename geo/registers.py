"""Registers: files of one row a person and period. They are counted by area and leave `geo` as counts only.

Three steps, so that reading and joining stay apart: `addresses` reads where people live, the caller finds the areas of each address,
`count` counts the people of each area.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geo import crs, provenance
from geo.errors import CrsError, InputError, Problem
from geo.model import RegisterMeasure
from geo.results import InputFile, Leftover

CODED: Final = ("age_group", "origin", "labour", "day_care", "social", "leisure")
COLUMNS: Final = ("period", "address", "x", "y", *CODED)
COUNTS: Final = ("indicator", "area_set", "area_id", "period", "numerator", "denominator")

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Addresses:
    """The distinct addresses of a register, sorted by key. x and y in metres (EPSG:25832), NaN where the coordinate is unknown."""

    key: Ints
    x: Floats
    y: Floats


@dataclass(frozen=True)
class Membership:
    """Which areas of one set each address lies in: address number `address[i]` lies in area number `area[i]` of `area_ids`."""

    area_ids: Sequence[str]
    address: Ints
    area: Ints


@dataclass(frozen=True)
class Counted:
    """Counts (columns COUNTS; numerator and denominator are persons, int64), and the rows and areas that found no partner."""

    table: pd.DataFrame
    leftovers: tuple[Leftover, ...]
    inputs: tuple[InputFile, ...]


def addresses(path: Path, *, file: str = "") -> Addresses:
    """Read the distinct addresses of a register.

    Raises InputError when a column is missing or an address has two coordinates, CrsError when the file does not say EPSG:25832.
    """
    file = file or path.name
    register = _open(path, file=file)
    parts = [register.read_row_group(number, columns=["address", "x", "y"]) for number in range(register.num_row_groups)]
    key = np.concatenate([np.empty(0, np.int64), *(part["address"].to_numpy().astype(np.int64) for part in parts)])
    x, y = (np.concatenate([np.empty(0), *(part[name].to_numpy() for part in parts)]) for name in ("x", "y"))
    distinct, first, number = np.unique(key, return_index=True, return_inverse=True)
    for name, values in (("x", x), ("y", y)):
        moved = (values != values[first][number]) & ~(np.isnan(values) & np.isnan(values[first][number]))
        if moved.any():
            row = int(np.flatnonzero(moved)[0])
            problem = Problem(
                file,
                "an address with two coordinates",
                row + 1,
                name,
                f"address {key[row]}",
                "one coordinate an address",
                int(moved.sum()) - 1,
            )
            raise InputError(problem)
    return Addresses(distinct, x[first], y[first])


def count(
    path: Path, where: Addresses, memberships: Mapping[str, Membership], measures: Mapping[str, RegisterMeasure], *, file: str = ""
) -> Counted:
    """Count the people of each area and period: one row an indicator, area and period, zero where nobody is counted.

    where: what `addresses` returned for this file. memberships: by area set. measures: by indicator; the denominator counts rows
    where `where` holds, the numerator those of them where `having` holds too. Rows without a coordinate, and rows outside every area
    of a set, are left over and counted. Raises InputError when a measure names a column or word that the register does not have.
    """
    file = file or path.name
    register = _open(path, file=file)
    _check_columns(measures, file=file)
    tally = _Tally(len(where.key), measures)
    for number in range(register.num_row_groups):
        tally.add(register.read_row_group(number, columns=["period", "address", *_columns_of(measures)]), where.key)
    tally.check_words(file=file)
    tables = [
        _areas(tally, indicator, period, area_set, member)
        for indicator in measures
        for area_set, member in memberships.items()
        for period in sorted(tally.people)
    ]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COUNTS))
    sidecar = provenance.check(path, file=file)
    used = provenance.input_file(path, sidecar, root=path.parent.parent, kind="register", rows=register.metadata.num_rows)
    return Counted(table[list(COUNTS)], tuple(_leftovers(tally, where, memberships)), (used,))


class _Tally:
    """Running counts by address: how many rows of each period and measure each address has."""

    def __init__(self, size: int, measures: Mapping[str, RegisterMeasure]) -> None:
        self.size, self.measures = size, measures
        self.people: dict[str, Ints] = {}
        self.counts: dict[tuple[str, str], tuple[Ints, Ints]] = {}
        self.words: dict[str, set[str]] = {name: set() for name in _columns_of(measures)}

    def add(self, rows: pa.Table, keys: Ints) -> None:
        """Add the rows of one row group."""
        address = np.searchsorted(keys, rows["address"].to_numpy())
        period, codes = _coded(rows["period"])
        columns = {name: _coded(rows[name]) for name in self.words}
        for name, (words, _) in columns.items():
            self.words[name].update(words)
        masks = {name: _masks(measure, columns, len(address)) for name, measure in self.measures.items()}
        for number, code in enumerate(period):
            here = codes == number
            if here.any():
                self.people[code] = self.people.get(code, 0) + self._by_address(address, here)
                for name, (base, part) in masks.items():
                    before = self.counts.get((name, code), (0, 0))
                    self.counts[name, code] = (
                        before[0] + self._by_address(address, here & part),
                        before[1] + self._by_address(address, here & base),
                    )

    def check_words(self, *, file: str) -> None:
        """Refuse a measure that asks for a word the register never declares: a misspelt word would count nobody, and look like zero."""
        problems = [
            Problem(file, f"the indicator {name} asks for a word the register does not have", None, column, repr(word), _listed(known))
            for name, measure in self.measures.items()
            for asked in (measure.where, measure.having)
            for column, words in asked.items()
            for word in words
            if word not in (known := self.words[column])
        ]
        if problems:
            raise InputError(problems)

    def _by_address(self, address: Ints, mask: Bools) -> Ints:
        return np.bincount(address[mask], minlength=self.size)


def _open(path: Path, *, file: str) -> pq.ParquetFile:
    try:
        register = pq.ParquetFile(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(Problem(file, "the register cannot be read", found=str(error).split(".")[0], expected="a Parquet file")) from None
    schema = register.schema_arrow
    missing = [name for name in COLUMNS if name not in schema.names]
    if missing:
        raise InputError(Problem(file, "a missing column", column=missing[0], expected=", ".join(COLUMNS), more=len(missing) - 1))
    said = (schema.metadata or {}).get(b"crs", b"").decode()
    if said != crs.MEASURE:
        problem = Problem(file, "the register does not say its coordinate reference system", found=said, expected=f"crs = {crs.MEASURE}")
        raise CrsError(problem)
    return register


def _columns_of(measures: Mapping[str, RegisterMeasure]) -> list[str]:
    asked = {column for measure in measures.values() for column in (*measure.where, *measure.having)}
    return [name for name in CODED if name in asked]


def _check_columns(measures: Mapping[str, RegisterMeasure], *, file: str) -> None:
    problems = [
        Problem(file, f"the indicator {name} asks for a column the register does not have", column=column, expected=", ".join(CODED))
        for name, measure in measures.items()
        for column in (*measure.where, *measure.having)
        if column not in CODED
    ]
    if problems:
        raise InputError(problems)


def _coded(column: pa.ChunkedArray) -> tuple[list[str], Ints]:
    """The words of a text column and, for each row, the number of its word; -1 where there is none."""
    array = column.combine_chunks()
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    if isinstance(array, pa.ChunkedArray):
        array = array.unify_dictionaries().chunk(0)
    return array.dictionary.to_pylist(), array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def _masks(measure: RegisterMeasure, columns: Mapping[str, tuple[list[str], Ints]], rows: int) -> tuple[Bools, Bools]:
    """Which rows are in the denominator, and which of those in the numerator too."""
    base = np.ones(rows, dtype=bool)
    for name, words in measure.where.items():
        base &= _holds(columns[name], words)
    part = base.copy()
    for name, words in measure.having.items():
        part &= _holds(columns[name], words)
    return base, part


def _holds(column: tuple[list[str], Ints], words: Sequence[str]) -> Bools:
    known, codes = column
    # The last place stands for "no word" (code -1), which is never what a measure asks for.
    wanted = np.array([*(word in words for word in known), False])
    found: Bools = wanted[codes]
    return found


def _areas(tally: _Tally, indicator: str, period: str, area_set: str, member: Membership) -> pd.DataFrame:
    part, base = (by_address[member.address] for by_address in tally.counts[indicator, period])
    size = len(member.area_ids)
    return pd.DataFrame(
        {
            "indicator": indicator,
            "area_set": area_set,
            "area_id": list(member.area_ids),
            "period": period,
            # Sums of small whole numbers: exact in the float64 that bincount weighs with.
            "numerator": np.bincount(member.area, weights=part, minlength=size).astype(np.int64),
            "denominator": np.bincount(member.area, weights=base, minlength=size).astype(np.int64),
        }
    )


def _leftovers(tally: _Tally, where: Addresses, memberships: Mapping[str, Membership]) -> Iterator[Leftover]:
    """Rows without a coordinate, rows outside every area of a set, and areas in which nobody lives."""
    people = sum(tally.people.values(), np.zeros(tally.size, dtype=np.int64))
    unknown = np.isnan(where.x) | np.isnan(where.y)
    if people[unknown].any():
        yield Leftover(join="point", area_set="", side="row", count=int(people[unknown].sum()), names=("no_coordinate",))
    for area_set, member in memberships.items():
        outside = ~unknown
        outside[member.address] = False
        if people[outside].any():
            yield Leftover(join="point", area_set=area_set, side="row", count=int(people[outside].sum()), names=("outside",))
        empty = np.setdiff1d(np.arange(len(member.area_ids)), member.area)
        if len(empty):
            names = tuple(member.area_ids[number] for number in empty)
            yield Leftover(join="point", area_set=area_set, side="area", count=len(empty), names=names)


def _listed(words: set[str]) -> str:
    return ", ".join(repr(word) for word in sorted(words))
