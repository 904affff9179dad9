"""The counts of a register as joint models: one count of people, with every figure that sums it, over the atoms of all area sets.

What an attacker adds and subtracts are counts of people, whatever indicator tells them: the users of day care among a minority are a
numerator here and a denominator there. So indicators are taken apart into *families* of the same count, and a family's model holds
the areas of every set in which any of its members is published, earlier vintages too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from geo.cube import Cube
from geo.model import Indicator, RegisterMeasure
from geo.protection.jointmodel import Joint

Whole = NDArray[np.int64]


class Area(NamedTuple):
    """An area of a set; the set of an earlier vintage has the name that `vintage` gives."""

    area_set: str
    area_id: str


class Teller(NamedTuple):
    """An indicator whose figures tell a count, and as what: its numerator, its denominator, or "" nearly (unknown codes apart)."""

    indicator: str
    side: str


Trait = frozenset[tuple[str, frozenset[str]]]
"""Who is counted: the words asked for in each column, all at once."""

Fact = tuple[str, Trait, str, Area]
"""Which count an earlier edition told: register, trait, period, area."""


@dataclass(frozen=True)
class Counted:
    """A register's counts, as the gate reckons with them.

    areas: set and id of each area, in the order in which the cube's atoms number them; those of earlier vintages stand among them.
    """

    register: str
    indicators: tuple[Indicator, ...]
    areas: tuple[Area, ...]
    cube: Cube


@dataclass(frozen=True)
class Family:
    """One count of people under all its names.

    truth: its line in the cube. bases: the lines it is told as a share of, each with the indicators that do. tellers: by area set, who
    tells it, be it as numerator or as denominator. lines: its traits, each with its own line.
    """

    truth: int
    bases: Mapping[int, tuple[str, ...]]
    tellers: Mapping[str, tuple[Teller, ...]]
    lines: Mapping[Trait, int]


@dataclass(frozen=True)
class Strictness:
    """The strictest limits of a family's indicators for one audience, laid on all of them: one count cannot be few here and many there."""

    least: int
    zero_hidden: bool


@dataclass(frozen=True)
class Stand:
    """How the figures stand for one audience before anything is closed.

    primary: figures (indicator, area set, area id, period) that a rule hides. hidden: all that are hidden already, these among them; a
    count that only they would tell is in no model.
    facts: counts that are out already, each with what told it (an edition, an audience). costs: what hiding costs, by area set.
    """

    primary: Container[tuple[str, str, str, str]]
    hidden: Container[tuple[str, str, str, str]]
    facts: Mapping[Fact, Mapping[int, str]]
    costs: Mapping[str, float]
    strictness: Strictness


@dataclass(frozen=True)
class Model:
    """A joint model and what its cells are.

    indicators: those whose numerator is the count. areas: of each cell. tellers: whose figure of that area tells the cell (nobody's: an
    earlier vintage). out: what told it already, an edition or an outer audience, "" where nothing did.
    """

    register: str
    period: str
    indicators: tuple[str, ...]
    areas: tuple[Area, ...]
    tellers: tuple[tuple[Teller, ...], ...]
    out: tuple[str, ...]
    joint: Joint

    @property
    def sensitive(self) -> bool:
        """Whether there is anything in it that nobody may find out."""
        joint, lowest = self.joint, 0 if self.joint.zero_hidden else 1
        sides = (joint.truth, joint.population - joint.truth)
        return bool(joint.primary.any() or any(((side >= lowest) & (side < joint.least)).any() for side in sides))


def vintage(area_set: str, edition: str) -> str:
    """The name of an area set as an earlier edition drew it."""
    return f"{area_set}@{edition}"


def traits(measure: RegisterMeasure) -> tuple[Trait, Trait]:
    """Who is counted by a measure's numerator, and by its denominator."""
    both = [*measure.where.items(), *measure.having.items()]
    columns = dict.fromkeys(column for column, _ in both)
    wanted = {column: frozenset[str].intersection(*(frozenset(words) for other, words in both if other == column)) for column in columns}
    return frozenset(wanted.items()), frozenset((column, frozenset(words)) for column, words in measure.where.items())


def families(counted: Counted) -> tuple[Family, ...]:
    """The counts that some indicator tells as a numerator, each once.

    Two lines are one family when they ask for the same people, or when they count the same in every atom of every period: who
    subtracts does not ask why two figures are equal.
    """
    members: list[tuple[set[object], list[_Member]]] = []
    for member in _members(counted):
        labels: set[object] = {member.trait, digest(counted.cube, member.line)}
        mine = [group for group in members if group[0] & labels]
        members = [group for group in members if group not in mine]
        members.append((labels.union(*(group[0] for group in mine)), [*(one for group in mine for one in group[1]), member]))
    return tuple(_family(counted, group) for _, group in members if any(member.base is not None for member in group))


def residents(counted: Counted) -> pd.DataFrame:
    """How many rows the register has in each area and period: area_set, area_id, period, residents."""
    rows = _line(counted.cube, "rows", "")
    parts = []
    for period in counted.cube.periods:
        here = _by_area(counted, period, rows)
        ids = pd.DataFrame(counted.areas, columns=["area_set", "area_id"])
        parts.append(ids.assign(period=period, residents=here))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["area_set", "area_id", "period", "residents"])


def model(counted: Counted, family: Family, base: int, period: str, stand: Stand) -> Model:
    """The joint model of a family as a share of one base in one period, for one audience."""
    found = rows(counted, family, base, period, stand)
    cells, counts = overlaid(counted, found.numbers, [base, family.truth], period)
    joint = Joint(
        cells=cells,
        population=counts[:, 0],
        truth=counts[:, 1],
        least=stand.strictness.least,
        primary=found.primary,
        fixed=np.array([bool(out) for out in found.out], dtype=bool),
        cost=found.cost,
        zero_hidden=stand.strictness.zero_hidden,
    )
    areas = tuple(counted.areas[number] for number in found.numbers)
    return Model(counted.register, period, family.bases[base], areas, found.tellers, found.out, joint)


def told(counted: Counted, family: Family, period: str, areas: Container[Area], by: str) -> dict[Fact, dict[int, str]]:
    """The counts of a family that are out once the figures of these areas are, as facts for a reader further in."""
    trait, line = next(iter(family.lines.items()))
    now = _by_area(counted, period, line)
    return {(counted.register, trait, period, area): {int(now[number]): by} for number, area in enumerate(counted.areas) if area in areas}


# --- families ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Member:
    """One side of one indicator: its line, and for a numerator the line it is a share of."""

    indicator: Indicator
    trait: Trait
    line: int
    base: int | None


def _members(counted: Counted) -> list[_Member]:
    found = []
    for indicator in counted.indicators:
        if indicator.register is None:
            continue
        top, bottom = traits(indicator.register)
        base = _line(counted.cube, "denominator", indicator.id)
        found.append(_Member(indicator, top, _line(counted.cube, "numerator", indicator.id), base))
        found.append(_Member(indicator, bottom, base, None))
    return found


def _family(counted: Counted, members: Sequence[_Member]) -> Family:
    numerators = [member for member in members if member.base is not None]
    bases: dict[str, tuple[int, list[str]]] = {}
    for member in numerators:
        if member.base is not None:
            bases.setdefault(digest(counted.cube, member.base), (member.base, []))[1].append(member.indicator.id)
    truth = numerators[0].line
    tellers: dict[str, list[Teller]] = {}
    for member in members:
        same = digest(counted.cube, member.line) == digest(counted.cube, truth)
        side = "" if not same else "denominator" if member.base is None else "numerator"
        for area_set in member.indicator.area_sets:
            tellers.setdefault(area_set, []).append(Teller(member.indicator.id, side))
    return Family(
        truth=truth,
        bases={line: tuple(names) for line, names in bases.values()},
        tellers={area_set: tuple(names) for area_set, names in tellers.items()},
        lines={member.trait: member.line for member in members},
    )


def digest(cube: Cube, line: int) -> str:
    """A fingerprint of what a line counts in every atom of every period."""
    found = hashlib.sha256()
    for period in cube.periods:
        found.update(cube.atoms[period].counts[:, line].tobytes())
    return found.hexdigest()


def _line(cube: Cube, what: str, name: str) -> int:
    return next(place for place, line in enumerate(cube.lines) if (line.what, line.name, line.group) == (what, name, ""))


# --- models -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rows:
    """The cells of a model: area numbers, who tells them, and how they stand."""

    numbers: list[int]
    tellers: tuple[tuple[Teller, ...], ...]
    primary: NDArray[np.bool_]
    out: tuple[str, ...]
    cost: NDArray[np.float64]


def rows(counted: Counted, family: Family, base: int, period: str, stand: Stand) -> Rows:
    """Areas with people in which the family is told, or was told by an earlier edition."""
    people = _by_area(counted, period, base)
    out = _out(counted, family, period, stand.facts)
    found = []
    for number, area in enumerate(counted.areas):
        tellers = family.tellers.get(area.area_set, ())
        hidden = [teller for teller in tellers if (teller.indicator, *area, period) in stand.hidden]
        primary = any((name, *area, period) in stand.primary for name in family.bases[base])
        open_ = primary or len(hidden) < len(tellers)
        if people[number] and (open_ or out[number]):
            weight = stand.costs.get(area.area_set, 1.0) * (1 + np.log10(people[number]))
            found.append((number, tellers, primary, out[number], weight))
    return Rows(
        [number for number, *_ in found],
        tuple(tellers for _, tellers, *_ in found),
        np.array([primary for _, _, primary, _, _ in found], dtype=bool),
        tuple(out for _, _, _, out, _ in found),
        np.array([cost for *_, cost in found], dtype=float),
    )


def _out(counted: Counted, family: Family, period: str, facts: Mapping[Fact, Mapping[int, str]]) -> list[str]:
    """What told each area's count already. A count that was another then is another unknown: the register has been revised since."""
    found = [""] * len(counted.areas)
    for trait, line in family.lines.items() if facts else ():
        now = _by_area(counted, period, line)
        for number, area in enumerate(counted.areas):
            known = facts.get((counted.register, trait, period, area), {})
            found[number] = found[number] or known.get(int(now[number]), "")
    return found


def _by_area(counted: Counted, period: str, line: int) -> Whole:
    """A line of the cube by area, all sets one after the other."""
    sizes: dict[str, int] = {}
    for area in counted.areas:
        sizes[area.area_set] = sizes.get(area.area_set, 0) + 1
    return np.concatenate([counted.cube.counts[period][area_set][:size, line] for area_set, size in sizes.items()])


def overlaid(counted: Counted, numbers: Sequence[int], lines: Sequence[int], period: str) -> tuple[sparse.csr_array, Whole]:
    """Areas x atoms, and atoms x lines: what they sum, and the counts. Atoms that lie in the same of these areas are one.

    numbers: of the areas. lines: of the cube, the first being the people without whom an atom is none.
    """
    atoms = counted.cube.atoms[period]
    row = {number: place for place, number in enumerate(numbers)}
    keys = [tuple(row[area] for area in inside if area in row) for inside in atoms.inside]
    lived = {key for key, people in zip(keys, atoms.counts[:, lines[0]], strict=True) if key and people}
    place = {key: number for number, key in enumerate(sorted(lived))}
    here = np.array([key in place for key in keys], dtype=bool)
    which = np.array([place[key] for key in keys if key in place], dtype=np.int64)
    sums = np.zeros((len(place), len(lines)), dtype=np.int64)
    np.add.at(sums, which, atoms.counts[here][:, list(lines)])
    rows_ = np.array([area for key in place for area in key], dtype=np.int64)
    columns = np.repeat(np.arange(len(place)), [len(key) for key in place])
    cells = sparse.csr_array((np.ones(len(rows_), np.int64), (rows_, columns)), shape=(len(numbers), len(place)))
    return cells, sums
