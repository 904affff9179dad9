"""What a register publishes, as counts: every numerator and denominator is the number of people of some kinds in an area.

Many figures share a count (the users of an offer are a denominator in one share and a numerator in another), so the solver works with
distinct counts and not with indicators. A count that everybody knows, such as all residents, is no secret and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.disclosure.solver.tables import NO_MASK, Tables
from geo.figures.means import TiedPeriods
from geo.model.indicators import Indicator, RegisterMeasure
from geo.registers.cube import Cube, Inside

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Area(NamedTuple):
    """An area of a set; a set as an earlier edition drew it has the name that `vintage` gives."""

    area_set: str
    area_id: str


Measured = tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[tuple[str, tuple[str, ...]], ...]]
"""Who is counted: the words asked for in each column, of the denominator, and of the numerator besides. It does not name the register."""


@dataclass(frozen=True)
class Counted:
    """A register's counts, as the disclosure control uses them.

    areas: set and id of each area, in the order in which the cube's atoms number them; areas of earlier editions are among them.
    released: by what an earlier edition measured, the names of the measures that count it now; () where nobody can say any more.
    same: by an indicator that a table gives, the indicator of the register that counts the same.
    """

    register: str
    indicators: tuple[Indicator, ...]
    areas: tuple[Area, ...]
    cube: Cube
    released: Mapping[Measured, tuple[str, ...]] | None = None
    same: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Counts:
    """The distinct counts of a register over the kinds of people that it had until some period.

    Atoms and kinds have the order in which they first occur, so those of an earlier period come first, and a new half-year changes
    nothing in the blocks of older ones. atoms: the areas of each atom in which somebody was counted until then. member: shape (areas,
    atoms), 1 where an atom lies in an area. gather: shape (kinds of the cube, kinds kept), 1 where a kind is part of one that is kept.
    masks: shape (masks, kinds kept). group: shape (kinds kept,). masks_of: by indicator or earlier measure, the masks of its numerator
    and denominator. forms: shape (forms, kinds kept), what targets count. counted: by indicator, the forms of its numerator, of the
    rest and of its denominator; NO_MASK for what is no secret. plain: by indicator, the masks of its numerator and denominator, secret
    or not.
    """

    atoms: tuple[Inside, ...]
    member: sparse.csr_array
    gather: Ints
    masks: Ints
    group: Ints
    masks_of: Mapping[str, tuple[int, int]]
    forms: Ints
    counted: Mapping[str, tuple[int, int, int]]
    plain: Mapping[str, tuple[Ints, Ints]]


def vintage(area_set: str, edition: str) -> str:
    """Return the name of an area set as an earlier edition drew it."""
    return f"{area_set}@{edition}"


def measured(measure: RegisterMeasure) -> Measured:
    """Return who a measure counts, as a key: equal for two measures that count the same people."""
    return _sides(measure.where), _sides(measure.having)


def _sides(asked: Mapping[str, Sequence[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(sorted((column, tuple(sorted(words))) for column, words in asked.items()))


def by_period(counted: Counted, groups: Iterable[TiedPeriods]) -> dict[str, Counts]:
    """Work out the distinct counts for every period and window, each with the people who were counted until then.

    groups: periods that are closed together have the same counts, those of the last of them.
    """
    order = _Order.of(counted.cube)
    made: dict[str, Counts] = {}
    for group in groups:
        of = _counts(counted, order, order.place[group.periods[-1]])
        made |= dict.fromkeys([*group.periods, *(window.code for window in group.windows)], of)
    return made


def counts(counted: Counted) -> Counts:
    """Work out the distinct counts of a register with the people of all its periods."""
    order = _Order.of(counted.cube)
    return _counts(counted, order, len(order.place) - 1)


@dataclass(frozen=True)
class _Order:
    """When atoms and kinds occur for the first time. place: the number of each period.

    atoms: in the order of their first period, which `since` has, shape (atoms,). kinds: the first period of each kind of the cube,
    shape (kinds,); the number of periods for one that nobody is of.
    """

    place: Mapping[str, int]
    atoms: tuple[Inside, ...]
    since: Ints
    kinds: Ints

    @classmethod
    def of(cls, cube: Cube) -> _Order:
        first: dict[Inside, int] = {}
        kinds = np.full(len(cube.kinds.worth), len(cube.periods), dtype=np.int64)
        for number, period in enumerate(cube.periods):
            atoms = cube.atoms[period]
            for inside in atoms.inside:  # sorted within a period
                first.setdefault(inside, number)
            lived = atoms.counts.sum(axis=0) > 0
            kinds[lived] = np.minimum(kinds[lived], number)
        place = {period: number for number, period in enumerate(cube.periods)}
        return cls(place, tuple(first), np.array(list(first.values()), dtype=np.int64), kinds)


def _counts(counted: Counted, order: _Order, until: int) -> Counts:
    lines = counted.cube.kinds.lines
    names = [line.name for line in lines if line.what == "numerator"]
    asked = [place for place, line in enumerate(lines) if line.what in {"numerator", "denominator"}]
    gather, worth, group = _kept(counted.cube, order.kinds, until, asked)
    sides = {(lines[place].what, lines[place].name): worth[:, column] for column, place in enumerate(asked)}
    masks: dict[bytes, int] = {}
    rows: list[Ints] = []

    def number(mask: Ints) -> int:
        if _known(mask, group):
            return NO_MASK
        if mask.tobytes() not in masks:
            masks[mask.tobytes()] = len(rows)
            rows.append(mask)
        return masks[mask.tobytes()]

    for name, counted_as in counted.same.items():
        names.append(name)
        sides |= {(side, name): sides[side, counted_as] for side in ("numerator", "denominator")}
    masks_of = {name: (number(sides["numerator", name]), number(sides["denominator", name])) for name in names}
    shape = (len(rows), len(group))
    made = np.array(rows, dtype=np.int64).reshape(shape)
    of_form = {name: _forms(sides["numerator", name], sides["denominator", name]) for name in names}
    forms, counted_by = _numbered(of_form, group)
    plain = {name: (sides["numerator", name], sides["denominator", name]) for name in names}
    atoms = order.atoms[: int(np.searchsorted(order.since, until, side="right"))]
    member = _member(atoms, len(counted.areas))
    return Counts(atoms, member, gather, made, group, masks_of, forms.reshape(-1, len(group)), counted_by, plain)


def _member(atoms: Sequence[Inside], areas: int) -> sparse.csr_array:
    region = np.array([area for inside in atoms for area in inside], dtype=np.int64)
    atom = np.repeat(np.arange(len(atoms)), [len(inside) for inside in atoms])
    member = sparse.csr_array((np.ones(len(region), dtype=np.int64), (region, atom)), shape=(areas, len(atoms)))
    member.sort_indices()
    return member


def _kept(cube: Cube, since: Ints, until: int, asked: Sequence[int]) -> tuple[Ints, Ints, Ints]:
    """The kinds that have occurred and that some figure distinguishes: which kinds each is made of, what counts for it, and its group.

    Kinds that nobody was of are left out: a reader has no reason to believe that somebody is of a kind that does not occur. A proof
    without them holds with them too, because they would only add worlds that a reader must consider possible.
    """
    lived = np.flatnonzero(since <= until)
    rows = np.column_stack([cube.kinds.group[lived], cube.kinds.worth[lived][:, list(asked)]])
    distinct, number = np.unique(rows, axis=0, return_inverse=True)
    first = np.full(len(distinct), until, dtype=np.int64)
    np.minimum.at(first, number.ravel(), since[lived])
    order = np.argsort(first, kind="stable")
    gather = np.zeros((len(since), len(distinct)), dtype=np.int64)
    gather[lived, np.argsort(order)[number.ravel()]] = 1
    distinct = distinct[order]
    return gather, np.ascontiguousarray(distinct[:, 1:]), distinct[:, 0]


def _known(mask: Ints, group: Ints) -> bool:
    """Whether everybody knows a count, because it counts all or none of each group."""
    return all(len(np.unique(mask[group == number])) == 1 for number in np.unique(group).tolist())


def _forms(top: Ints, bottom: Ints) -> tuple[Ints, Ints, Ints]:
    return top, bottom - top, bottom


def _numbered(of_form: Mapping[str, tuple[Ints, Ints, Ints]], group: Ints) -> tuple[Ints, dict[str, tuple[int, int, int]]]:
    rows: dict[bytes, Ints] = {}
    places: dict[bytes, int] = {}

    def place(mask: Ints) -> int:
        if _known(mask, group):
            return NO_MASK
        key = mask.tobytes()
        rows.setdefault(key, mask)
        return places.setdefault(key, len(places))

    counted_by = {name: (place(top), place(rest), place(bottom)) for name, (top, rest, bottom) in of_form.items()}
    return np.array(list(rows.values()), dtype=np.int64), counted_by


def tables(counted: Counted, of: Counts, period: str) -> Tables:
    """Return the people of one period by atom and kind, and the regions that the atoms lie in. An atom may be empty in this period."""
    place = {inside: atom for atom, inside in enumerate(of.atoms)}
    now = counted.cube.atoms[period]
    people = np.zeros((len(of.atoms), of.gather.shape[1]), dtype=np.int64)
    people[[place[inside] for inside in now.inside]] = now.counts @ of.gather
    return Tables(people, of.member, of.masks, of.group)
