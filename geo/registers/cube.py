"""What a register counts: one additive array of area x period x indicator x group. The cubes of two shards add up to that of both.

Besides the counts of areas a cube keeps those of *atoms*: an atom is a combination of areas, over all sets at once, that some rows
share. The disclosure control calculates with atoms (geo.disclosure); they never leave `geo`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.model.indicators import RegisterMeasure
from geo.model.results import Leftover
from geo.registers.keys import RANGE

COUNTS: Final = ("indicator", "area_set", "area_id", "period", "numerator", "denominator")

REASONS: Final = ("outside", "no_coordinate", "no_address")
"""Why a row is in no area of a set; each reason has a row of its own after the areas. no_address: the list of addresses lacks it."""

ALL: Final = ""
"""The name of a set without areas that every cube has: what is counted there is the whole register, each row once."""

NO_PERIOD: Final = ""
"""The period of the rows whose period cannot be read."""


Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

Inside = tuple[int, ...]
"""The areas that an atom lies in, ascending, numbered through all sets of the question in their order; never empty."""


class CubeLine(NamedTuple):
    """Something that is counted: all rows, rows with an unknown code in the column `name`, or one count of the indicator `name`."""

    what: Literal["rows", "unknown_code", "denominator", "numerator"]
    name: str = ""
    group: str = ""


@dataclass(frozen=True)
class Kinds:
    """The kinds of rows that a question's lines distinguish: rows of one kind count for the same lines.

    worth: shape (kinds, lines), 1 where a row of the kind counts. group: shape (kinds,); kinds of one group have the same values in
    the columns that an outsider may know.
    """

    lines: tuple[CubeLine, ...]
    worth: Ints
    group: Ints

    def __eq__(self, other: object) -> bool:
        """Whether the lines, what counts for them, and the groups are the same."""
        same = isinstance(other, Kinds) and self.lines == other.lines
        return same and isinstance(other, Kinds) and np.array_equal(self.worth, other.worth) and np.array_equal(self.group, other.group)

    def __hash__(self) -> int:
        """A hash of the lines."""
        return hash(self.lines)


@dataclass(frozen=True)
class CubeQuestion:
    """What is asked of a register: its measures by indicator, for area sets of so many areas, in groups by a coded column or not.

    measures: the denominator of a measure counts the rows where `where` holds, its numerator those of them where `having` holds too.
    A row with an unknown code in a column that a measure asks for is in neither of them, and is counted as unknown. known: columns,
    such as the age, in which an outsider may know everybody's value; the kinds of rows keep them apart. seed: of the record keys
    (geo.registers.keys), "" where no keys are wanted.
    """

    measures: Mapping[str, RegisterMeasure]
    areas: Mapping[str, int]
    by: str = ""
    known: tuple[str, ...] = ()
    seed: str = field(default="", repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The coded columns that have to be read."""
        asked = {column for measure in self.measures.values() for column in (*measure.where, *measure.having)}
        return tuple(sorted(asked | ({self.by} - {""})))


@dataclass(frozen=True)
class Coding:
    """The profiles of rows that a question distinguishes, and the kinds of rows that they are.

    A row's profile is the sum of `parts[column][word]` over the columns; `unknown[column]` stands for a word that is not declared.
    kind: shape (profiles,), the number of each profile's kind: profiles that count alike and that an outsider cannot tell apart are
    one kind.
    """

    kinds: Kinds
    parts: Mapping[str, Mapping[str, int]]
    unknown: Mapping[str, int]
    kind: Ints

    @property
    def lines(self) -> tuple[CubeLine, ...]:
        """What is counted."""
        return self.kinds.lines

    @property
    def profiles(self) -> int:
        """How many profiles there are."""
        return len(self.kind)


@dataclass(frozen=True)
class Atoms:
    """Counts by atom. `counts` has shape (atoms, kinds), with rows in the order of `inside`, which is sorted. No row is all zero."""

    inside: tuple[Inside, ...]
    counts: Ints

    @classmethod
    def of(cls, inside: Sequence[Inside], counts: Ints) -> Atoms:
        """Return the atoms among places, in order. inside: the areas of each place. counts: shape (places, kinds), in persons.

        A place in no area is no atom; one where nobody is counted is left out.
        """
        areas = sorted((inside[place], place) for place in np.flatnonzero(counts.any(axis=1)).tolist() if inside[place])
        return cls(tuple(key for key, _ in areas), counts[[place for _, place in areas]])

    def __add__(self, other: Atoms) -> Atoms:
        """Return the counts of both."""
        if self.inside == other.inside:
            return Atoms(self.inside, self.counts + other.counts)
        every = sorted({*self.inside, *other.inside})
        place = {key: number for number, key in enumerate(every)}
        counts = np.zeros((len(every), self.counts.shape[1]), dtype=np.int64)
        for part in (self, other):
            counts[[place[key] for key in part.inside]] += part.counts
        return Atoms(tuple(every), counts)


@dataclass(frozen=True)
class Cube:
    """Counts of rows: `counts[period][area set]` has shape (areas + reasons, lines), the areas in the order of their ids.

    atoms: the same rows by atom and kind, for each period; rows in no area at all are in none. keys: the sums of the rows' record
    keys in the place of their counts, modulo geo.registers.keys.RANGE; empty where the question has no seed.
    """

    kinds: Kinds
    counts: Mapping[str, Mapping[str, Ints]]
    atoms: Mapping[str, Atoms] = field(default_factory=dict)
    keys: Mapping[str, Mapping[str, Ints]] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[CubeLine, ...]:
        """What is counted."""
        return self.kinds.lines

    def __add__(self, other: Cube) -> Cube:
        """Return the counts of both. Raises ValueError when they answer different questions."""
        if self.kinds != other.kinds:
            raise ValueError("the cubes answer different questions")
        atoms = dict(self.atoms)
        for period, more in other.atoms.items():
            atoms[period] = atoms[period] + more if period in atoms else more
        keys = {period: {name: of_set % RANGE for name, of_set in sets.items()} for period, sets in _both(self.keys, other.keys).items()}
        return Cube(self.kinds, _both(self.counts, other.counts), atoms, keys)

    @property
    def rows(self) -> int:
        """How many rows were counted, each once."""
        return sum(int(sets[ALL][:, 0].sum()) for sets in self.counts.values())

    @property
    def periods(self) -> list[str]:
        """The periods that could be read, as text in order."""
        return sorted(self.counts.keys() - {NO_PERIOD})


def _both(first: Mapping[str, Mapping[str, Ints]], other: Mapping[str, Mapping[str, Ints]]) -> dict[str, Mapping[str, Ints]]:
    """The sums of both, by period and area set."""
    summed = dict(first)
    for period, sets in other.items():
        before = summed.get(period)
        summed[period] = {name: before[name] + more for name, more in sets.items()} if before else sets
    return summed


def table(
    cube: Cube, area_ids: Mapping[str, Sequence[str]], *, sets: Mapping[str, Sequence[str]] | None = None, group: str = ""
) -> pd.DataFrame:
    """Return the counts of one group as a table (columns COUNTS; numbers of rows, int64).

    There is a row for every indicator, area set, period of the register and area, zero where nobody is counted. area_ids: the codes
    of each set in the order of their numbers. sets: the area sets of each indicator (default: all). group: a word of the column that
    the question groups by.
    """
    sides = {(line.what, line.name): place for place, line in enumerate(cube.lines) if line.group == group}
    asked = [
        (indicator, area_set, period, place)
        for (what, indicator), place in sides.items()
        if what == "denominator" and (sets is None or indicator in sets)
        for area_set in area_ids
        if sets is None or area_set in sets[indicator]
        for period in cube.periods
    ]
    if not asked:
        return pd.DataFrame(columns=list(COUNTS))
    sizes = [len(area_ids[area_set]) for _, area_set, _, _ in asked]

    def counts(side: Literal["numerator", "denominator"]) -> Ints:
        parts = [(cube.counts[period][area_set], len(area_ids[area_set]), sides[side, name]) for name, area_set, period, _ in asked]
        return np.concatenate([rows[:size, place] for rows, size, place in parts])

    indicators, area_sets, periods, _ = zip(*asked, strict=True)
    words = {"indicator": _repeated(indicators, sizes), "area_set": _repeated(area_sets, sizes), "period": _repeated(periods, sizes)}
    ids = pd.Series([area_id for _, area_set, _, _ in asked for area_id in area_ids[area_set]], dtype="str")
    table = pd.DataFrame({**words, "area_id": ids, "numerator": counts("numerator"), "denominator": counts("denominator")})
    return table[list(COUNTS)]


def _repeated(words: Sequence[str], times: Sequence[int]) -> pd.Series:
    """Each word so many times, as a column of text."""
    number, kinds = pd.factorize(np.array(words, dtype=object))
    return pd.Series(pd.Categorical.from_codes(np.repeat(number, times), pd.Index(kinds))).astype("str")


def leftovers(cube: Cube, area_ids: Mapping[str, Sequence[str]]) -> tuple[Leftover, ...]:
    """Return the rows that are in no area, by reason; rows whose code or period is not known; and areas in which no row lies.

    area_ids: the codes of each set in the order of their numbers.
    """
    return tuple(_leftovers(cube, area_ids))


def _leftovers(cube: Cube, area_ids: Mapping[str, Sequence[str]]) -> Iterator[Leftover]:
    def rows(area_set: str, *, areas: int, line: int = 0) -> Ints:
        nothing = np.zeros(areas + len(REASONS), dtype=np.int64)
        return sum((cube.counts[period][area_set][:, line] for period in cube.periods), start=nothing)

    outside, *nowhere = range(len(REASONS))
    of_all = rows(ALL, areas=0)
    for reason in nowhere:
        if of_all[reason]:
            yield Leftover(join="point", area_set="", side="row", count=int(of_all[reason]), names=(REASONS[reason],))
    if NO_PERIOD in cube.counts:
        yield Leftover(join="code", area_set="", side="row", count=int(cube.counts[NO_PERIOD][ALL][:, 0].sum()), names=("no_period",))
    for place, line in enumerate(cube.lines):
        unknown = int(rows(ALL, areas=0, line=place).sum()) if line.what == "unknown_code" else 0
        if unknown:
            yield Leftover(join="code", area_set="", side="row", count=unknown, names=("unknown_code", line.name))
    for area_set, ids in area_ids.items():
        here = rows(area_set, areas=len(ids))
        if here[len(ids) + outside]:
            yield Leftover(join="point", area_set=area_set, side="row", count=int(here[len(ids) + outside]), names=("outside",))
        empty = tuple(ids[area] for area in np.flatnonzero(here[: len(ids)] == 0).tolist())
        if empty:
            yield Leftover(join="point", area_set=area_set, side="area", count=len(empty), names=empty)
