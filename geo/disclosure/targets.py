"""What nobody may find out of a block: counts that a rule hides, few people in an overlap of areas, few people between two areas.

Whoever subtracts an area from one that contains it knows the difference. So differences of areas that a reader can form are protected
like areas, and so are unions of areas less everything that another set has inside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
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


def aims(tables: Tables, of: Counts, areas: Sequence[Area], ruled: Ruled) -> tuple[Targets, Ranges]:
    """Return the targets of a block, and what a reader who knows the rule knows of the figures that it hides."""
    gathered = _Gathered(len(of.forms))
    for indicator, rule in ruled.limits.items():
        regions = np.array([figure.region for figure in ruled.hidden if figure.indicator == indicator], dtype=np.int64)
        measure = _Measure(tables, of, indicator, rule)
        _of_figures(gathered, measure, regions, ruled.outright)
    sets = sets_of_atoms(tables, areas)
    for indicator, rule in ruled.limits.items():
        _of_sets(gathered, sets, _Measure(tables, of, indicator, rule))
    return gathered.targets(tables.people.shape[0], tables.member, sets), gathered.ranges()


class _Gathered:
    """Targets and ranges as they are collected, each target once, with its greatest width."""

    def __init__(self, forms: int) -> None:
        self._forms = forms
        self._regions: dict[tuple[int, int, bool], int] = {}
        self._sets: dict[tuple[int, int], int] = {}
        self._ranges: dict[tuple[int, int], tuple[int, int]] = {}

    def region(self, regions: Ints, form: int, width: Ints, ruled: bool) -> None:
        for region, wide in zip(regions.tolist(), width.tolist(), strict=True):
            if wide > 0:
                key = (region, form, ruled)
                self._regions[key] = max(wide, self._regions.get(key, 0))

    def set_(self, rows: Ints, form: int, width: Ints) -> None:
        for row, wide in zip(rows.tolist(), width.tolist(), strict=True):
            if wide > 0:
                self._sets[row, form] = max(wide, self._sets.get((row, form), 0))

    def range_(self, regions: Ints, form: int, low: Ints, high: Ints) -> None:
        for region, least, most in zip(regions.tolist(), low.tolist(), high.tolist(), strict=True):
            before = self._ranges.get((region, form), (least, most))
            self._ranges[region, form] = max(least, before[0]), min(most, before[1])

    def targets(self, atoms: int, member: sparse.csr_array, sets: sparse.csr_array) -> Targets:
        """All targets; of two that protect the same count, the wider one."""
        wide = {(region, form): width for (region, form, ruled), width in self._regions.items() if ruled}
        plain = {
            (region, form): width
            for (region, form, ruled), width in self._regions.items()
            if not ruled and width > wide.get((region, form), 0)
        }
        rows = [*wide, *plain]
        parts = [member[[region for region, _ in rows]], sets[[row for row, _ in self._sets]]]
        kept = [part for part in parts if part.shape[0]]
        joined = sparse.csr_array(sparse.vstack(kept)) if kept else sparse.csr_array((0, atoms), dtype=np.int64)
        form = np.array([*(form for _, form in rows), *(form for _, form in self._sets)], dtype=np.int64)
        width = np.array([*wide.values(), *plain.values(), *self._sets.values()], dtype=np.int64)
        ruled = np.ones(len(form), dtype=bool)
        ruled[len(wide) : len(rows)] = False
        return _distinct(Targets(joined, form, width, ruled))

    def ranges(self) -> Ranges:
        keys = list(self._ranges)
        columns = (
            [region for region, _ in keys],
            [form for _, form in keys],
            [self._ranges[key][0] for key in keys],
            [self._ranges[key][1] for key in keys],
        )
        return Ranges(*(np.array(column, dtype=np.int64) for column in columns))


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
