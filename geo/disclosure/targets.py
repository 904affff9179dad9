"""What nobody may find out of a block: counts that a rule hides, few people in an overlap of areas, few people between two areas.

Whoever subtracts an area from one that contains it knows the difference. So differences of areas that a reader can form are protected
like areas, and so are unions of areas less everything that another set has inside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from geo.disclosure.counts import Area, Counts
from geo.disclosure.solver.tables import NO_MASK, Bools, Ints, Ranges, Tables, Targets


@dataclass(frozen=True)
class Limits:
    """The rule of one indicator for one audience.

    least: counts below it are few. zero: whether a count of nobody is few too. group: the smallest denominator. residents: the fewest
    people in an area.
    """

    least: int
    zero: bool
    group: int
    residents: int = 0

    @property
    def lowest(self) -> int:
        """The smallest count that the rule hides."""
        return 0 if self.zero else 1

    @property
    def width(self) -> int:
        """By how much two worlds must differ so that a count is as uncertain as the rule itself leaves it."""
        return max(1, self.least - 1 - 1)

    def few(self, count: Ints) -> Bools:
        """Return which counts are few. count: numbers of persons, any shape; the result has the same shape."""
        return (count >= self.lowest) & (count < self.least)


@dataclass(frozen=True)
class HiddenFigure:
    """A figure that a rule hides: its indicator and its region."""

    indicator: str
    region: int


@dataclass(frozen=True)
class Ruled:
    """What the rules say of a block: the limits by indicator, the figures that they hide, and the counts that all other figures show.

    outright: shape (regions, masks), true for those counts.
    """

    limits: Mapping[str, Limits]
    hidden: Sequence[HiddenFigure]
    outright: Bools


def aims(tables: Tables, of: Counts, sets: sparse.csr_array, ruled: Ruled) -> tuple[Targets, Ranges]:
    """Return the targets of a block, and what a reader who knows the rule knows of the figures that it hides.

    sets: the sets of atoms that a reader can form (`sets_of_atoms`).
    """
    gathered = _Gathered(max(1, len(of.forms)))
    for indicator, rule in ruled.limits.items():
        regions = np.array([figure.region for figure in ruled.hidden if figure.indicator == indicator], dtype=np.int64)
        measure = _Measure(tables, of, indicator, rule)
        _of_figures(gathered, measure, regions, ruled.outright)
    for indicator, rule in ruled.limits.items():
        _of_sets(gathered, sets, _Measure(tables, of, indicator, rule))
    return gathered.targets(tables.people.shape[0], tables.member, sets), gathered.ranges()


class _Gathered:
    """Targets and ranges as they are collected, each once, with the greatest width or the narrowest range.

    A count is known by one number: its region or set, times the number of forms, and its form.
    """

    def __init__(self, forms: int) -> None:
        self._forms = forms
        self._ruled, self._plain, self._sets = _Pairs(), _Pairs(), _Pairs()
        self._low, self._high = _Pairs(), _Pairs()

    def region(self, regions: Ints, form: int, width: Ints, *, ruled: bool) -> None:
        kept = width > 0
        (self._ruled if ruled else self._plain).add(regions[kept] * self._forms + form, width[kept])

    def set_(self, rows: Ints, form: int, width: Ints) -> None:
        kept = width > 0
        self._sets.add(rows[kept] * self._forms + form, width[kept])

    def range_(self, regions: Ints, form: int, low: Ints, high: Ints) -> None:
        count = regions * self._forms + form
        self._low.add(count, low)
        self._high.add(count, high)

    def targets(self, atoms: int, member: sparse.csr_array, sets: sparse.csr_array) -> Targets:
        """All targets; of two that protect the same count, the wider one."""
        ruled, width = self._ruled.once(np.maximum)
        plain, plain_width = self._plain.once(np.maximum)
        wider = plain_width > pd.Series(width, index=ruled).reindex(plain, fill_value=0).to_numpy()
        of_set, set_width = self._sets.once(np.maximum)
        regions, count = np.concatenate([ruled, plain[wider]]), np.concatenate([ruled, plain[wider], of_set])
        parts = [member[regions // self._forms], sets[of_set // self._forms]]
        kept = [part for part in parts if part.shape[0]]
        joined = sparse.csr_array(sparse.vstack(kept)) if kept else sparse.csr_array((0, atoms), dtype=np.int64)
        known = np.ones(len(count), dtype=bool)
        known[len(ruled) : len(regions)] = False
        return _distinct(Targets(joined, count % self._forms, np.concatenate([width, plain_width[wider], set_width]), known))

    def ranges(self) -> Ranges:
        count, low = self._low.once(np.maximum)
        return Ranges(count // self._forms, count % self._forms, low, self._high.once(np.minimum)[1])


class _Pairs:
    """Pairs of a count and a number, collected a few arrays at a time."""

    def __init__(self) -> None:
        self._counts: list[Ints] = [np.empty(0, dtype=np.int64)]
        self._numbers: list[Ints] = [np.empty(0, dtype=np.int64)]

    def add(self, counts: Ints, numbers: Ints) -> None:
        self._counts.append(counts)
        self._numbers.append(numbers)

    def once(self, of_several: np.ufunc) -> tuple[Ints, Ints]:
        """Each count once, in the order in which it came first, with what `of_several` makes of its numbers."""
        counts, numbers = np.concatenate(self._counts), np.concatenate(self._numbers)
        distinct, first, place = np.unique(counts, return_index=True, return_inverse=True)
        made = numbers[first]
        of_several.at(made, place, numbers)
        order = np.argsort(first)
        return distinct[order], made[order]


def _distinct(targets: Targets) -> Targets:
    """Of targets with the same atoms and form, the widest."""
    key = targets.atoms @ np.random.default_rng(11).integers(1, 1 << 40, targets.atoms.shape[1])
    order = np.lexsort((-targets.width, targets.ruled, targets.form, key))
    keys = np.stack([key[order], targets.form[order], targets.ruled[order]])
    first = np.ones(len(order), dtype=bool)
    first[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    return targets.chosen(np.sort(order[first]))


@dataclass(frozen=True)
class _Measure:
    """One indicator and its rule in a block."""

    tables: Tables
    of: Counts
    indicator: str
    rule: Limits

    def sums(self, sets: sparse.csr_array) -> tuple[Ints, Ints, Ints]:
        """The numerator, the rest and the denominator in some sets of atoms, shape (sets,) each, also where they are no secret."""
        top, bottom = self.of.plain[self.indicator]
        counts = np.asarray(sets @ (self.tables.people @ np.stack([top, bottom - top, bottom], axis=1)))
        return counts[:, 0], counts[:, 1], counts[:, 2]


def _of_figures(gathered: _Gathered, measure: _Measure, regions: Ints, outright: Bools) -> None:
    """Targets and ranges of the figures of one indicator that the rule hides."""
    tables, of, indicator, rule = measure.tables, measure.of, measure.indicator, measure.rule
    top, rest, bottom = of.counted[indicator]
    everybody = np.asarray(tables.member[regions] @ tables.people.sum(axis=1))
    group = measure.sums(tables.member[regions])
    width = np.minimum(rule.width, group[2])
    small = (group[2] < rule.group) | (everybody < rule.residents)  # hidden whatever the count, so knowing the rule says nothing about it
    few, few_rest = rule.few(group[0]) & ~small, rule.few(group[1]) & ~small
    for form, mine, other in ((top, few, few_rest), (rest, few_rest, few)):
        if form != NO_MASK:
            spread = np.minimum(width, _left_by_rule(rule, group[2], mine, other))
            gathered.region(regions, form, spread, ruled=True)
            gathered.region(regions, form, width, ruled=False)
    for form, count, mine in ((top, group[0], few), (rest, group[1], few_rest)):
        if form != NO_MASK:
            gathered.range_(regions[mine], form, rule.lowest - count[mine], rule.least - 1 - count[mine])
    if bottom != NO_MASK:
        only = (group[2] < rule.group) & (everybody >= rule.residents)  # nobody at all is a small group as well
        gathered.range_(regions[only], bottom, -group[2][only], rule.group - 1 - group[2][only])
        derived = (group[2] > 0) & (group[2] < rule.group) & ~outright[regions, of.masks_of[indicator][1]]
        gathered.region(regions[derived], bottom, np.ones(int(derived.sum()), dtype=np.int64), ruled=False)


def _left_by_rule(rule: Limits, whole: Ints, few: Bools, few_other: Bools) -> Ints:
    """By how much the largest and the smallest count differ that the rule leaves possible for a reader who knows it and the group."""
    low = np.where(few, rule.lowest, 0)
    high = np.where(few, np.minimum(rule.least - 1, whole), whole)
    low = np.where(few_other, np.maximum(low, whole - (rule.least - 1)), low)
    high = np.where(few_other, np.minimum(high, whole - rule.lowest), high)
    return np.asarray(np.maximum(high - low, 0))


def _of_sets(gathered: _Gathered, sets: sparse.csr_array, measure: _Measure) -> None:
    """Targets among atoms and differences: few of a numerator, or few of the rest."""
    top, rest, _ = measure.of.counted[measure.indicator]
    rule, group = measure.rule, measure.sums(sets)
    width = np.minimum(rule.width, group[2])
    for form, count in ((top, group[0]), (rest, group[1])):
        if form != NO_MASK:
            mine = np.flatnonzero(rule.few(count) & (group[2] > 0))
            gathered.set_(mine, form, width[mine])


# --- sets of atoms that a reader can form ---------------------------------------------------------------------------------------


def sets_of_atoms(tables: Tables, areas: Sequence[Area]) -> sparse.csr_array:
    """Return every atom, and every difference of areas that subtraction gives, as sets of atoms: shape (sets, atoms).

    Each set is there once, and none that is an area itself.
    """
    lived = (tables.people.sum(axis=1) > 0).astype(np.int64)
    member = sparse.csr_array(tables.member @ sparse.diags_array(lived, format="csr", dtype=np.int64))
    member.eliminate_zeros()
    atoms = member.shape[1]
    family = np.unique([area.area_set for area in areas], return_inverse=True)[1].ravel()
    every = sparse.csr_array(
        sparse.vstack([sparse.eye_array(atoms, format="csr", dtype=np.int64), _less_one(member), *_less_sets(member, family)])
    )
    key = every @ np.random.default_rng(7).integers(1, 1 << 40, atoms)
    _, first = np.unique(key, return_index=True)
    own = np.isin(key[first], _keys_of(member)) & (first >= atoms)
    kept = np.sort(first[~own & (key[first] > 0)])
    return sparse.csr_array(every[kept])


def _keys_of(member: sparse.csr_array) -> Ints:
    return np.asarray(member @ np.random.default_rng(7).integers(1, 1 << 40, member.shape[1]))


def _within(member: sparse.csr_array, holders: sparse.csr_array) -> tuple[Ints, Ints]:
    """Pairs (holder, region): the region lies inside the holder and is not all of it."""
    size, room = np.diff(member.indptr), np.diff(holders.indptr)
    shared = sparse.coo_array(holders @ member.T)
    inside = (shared.data == size[shared.col]) & (size[shared.col] < room[shared.row])
    return shared.row[inside], shared.col[inside]


def _less_one(member: sparse.csr_array) -> sparse.csr_array:
    """Every area less one area inside it."""
    outer, inner = _within(member, member)
    return sparse.csr_array(member[outer] - member[inner])


def _less_sets(member: sparse.csr_array, family: Ints) -> Iterator[sparse.csr_array]:
    """Areas, alone or joined by an area of another set that lies across them, less all that the other set has inside."""
    holders, of_family = _unions(member, family)
    outer, inner = _within(member, holders)
    other = family[inner] != of_family[outer]
    outer, inner = outer[other], inner[other]
    pairs, row = np.unique(outer * np.int64(family.max(initial=0) + 1) + family[inner], return_inverse=True)
    chosen = sparse.csr_array((np.ones(len(inner), dtype=np.int64), (row.ravel(), inner)), shape=(len(pairs), member.shape[0]))
    covered = sparse.csr_array(chosen @ member)
    covered.data[:] = 1
    left = sparse.csr_array(holders[pairs // (family.max(initial=0) + 1)] - covered)
    left.eliminate_zeros()
    yield left


def _unions(member: sparse.csr_array, family: Ints) -> tuple[sparse.csr_array, Ints]:
    """Every area, and areas of one set joined when an area of another set overlaps them all. With the set of each."""
    alone = np.arange(member.shape[0])
    groups: dict[tuple[int, ...], None] = dict.fromkeys((row,) for row in alone.tolist())
    shared = sparse.csr_array(member @ member.T)
    for row in alone.tolist():
        touched = shared.indices[shared.indptr[row] : shared.indptr[row + 1]]
        for number in np.unique(family[touched]).tolist():
            joined = np.sort(touched[family[touched] == number])
            if number != family[row] and 1 < len(joined) <= _MOST_JOINED:
                groups[tuple(joined.tolist())] = None
    rows = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    columns = np.array([row for group in groups for row in group], dtype=np.int64)
    chosen = sparse.csr_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=(len(groups), len(family)))
    joined = sparse.csr_array(chosen @ member)
    joined.data[:] = 1
    return joined, family[np.array([group[0] for group in groups], dtype=np.int64)]


_MOST_JOINED = 3
"""Areas that are joined at most."""
