"""One block: the figures of a register in one period, for one audience, as matrices for the solver."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.disclosure.counts import Area, Counted, Counts, tables
from geo.disclosure.protect import Cell
from geo.disclosure.solver.tables import NO_MASK, Bools, Figures, Ints, SuppressionProblem, Tables
from geo.disclosure.targets import HiddenFigure, Limits, Ruled, aims, sets_of_atoms
from geo.figures import means

Floats = NDArray[np.float64]

_CENT = 1000
"""Prices are whole numbers: thousandths of the costs that a rule gives."""


@dataclass(frozen=True)
class Labels:
    """Which figures the rows of a problem are. indicator: shape (figures,), into `indicators`; region: the same, into `areas`.

    periods: for a block of several periods, its half-years and then the windows over them. A region is then an area of one of them,
    with the areas of the first period first. () for a block of one period.
    """

    register: str
    period: str
    indicators: tuple[str, ...]
    areas: tuple[Area, ...]
    indicator: Ints
    region: Ints
    periods: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """All periods that the block has figures of."""
        return self.periods or (self.period,)

    def cell(self, figure: int) -> Cell:
        """Return the indicator, area set, area id and period of a figure."""
        return self.cells[figure]

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Return the indicator, area set, area id and period of every figure."""
        part, area = np.divmod(self.region, len(self.areas))
        numbers = zip(self.indicator.tolist(), area.tolist(), part.tolist(), strict=True)
        return tuple((self.indicators[number], *self.areas[place], self.every[period]) for number, place, period in numbers)

    def halves(self, figure: int) -> int:
        """Return how many half-years a figure is the mean of; 1 for any other figure."""
        return self.halves_of(self.every[int(self.region[figure]) // len(self.areas)])

    def halves_of(self, code: str) -> int:
        """Return how many half-years the figures of one of the periods are the mean of; 1 where it is no mean."""
        return len(means.parts_of(code)) if self.periods and not means.half(code) else 1


@dataclass(frozen=True)
class Stand:
    """What is known of the figures of one period, for one audience, before the block is closed.

    hidden: shape (indicators, areas), true where a rule hides the figure. out: shape (areas, masks), counts that are already
    published. shown: shape (indicators, areas), figures that an audience further out reads. back: of the same shape, figures that are
    kept back for the sake of audiences further in.
    """

    limits: Mapping[str, Limits]
    hidden: Bools
    out: Bools
    shown: Bools
    back: Bools


@dataclass(frozen=True)
class Block:
    """A problem for the solver, and which figures its rows are."""

    labels: Labels
    problem: SuppressionProblem

    @property
    def digest(self) -> str:
        """A fingerprint of the problem: the same people, figures, rule and history give the same one."""
        problem = self.problem
        parts = (
            problem.tables.people, problem.tables.member.indptr, problem.tables.member.indices, problem.tables.masks, problem.tables.group,
            problem.figures.region, problem.figures.tells, problem.figures.price, problem.figures.hidden, problem.figures.fixed,
            problem.forms, problem.targets.atoms.indptr, problem.targets.atoms.indices, problem.targets.form, problem.targets.width,
            problem.targets.ruled, problem.ranges.region, problem.ranges.form, problem.ranges.low, problem.ranges.high,
        )  # fmt: skip
        named = (_VERSION, self.labels.register, self.labels.period, self.labels.indicators, self.labels.areas)
        hashed = hashlib.sha256(repr((*named, self.labels.periods) if self.labels.periods else named).encode())
        for part in parts:
            hashed.update(repr(part.shape).encode())
            hashed.update(np.ascontiguousarray(part, dtype=np.int64).tobytes())  # proofs may keep them in fewer bytes
        return hashed.hexdigest()


_VERSION = 3
"""The version of the search. It is raised when the same problem would be closed in another way."""


@dataclass(frozen=True)
class Ground:
    """What a block of one period begins with, the same for every audience.

    of: its distinct counts. people: who lives in each atom. sets: the sets of atoms that a reader can form, shape (sets, atoms).
    """

    period: str
    of: Counts
    people: Tables
    sets: sparse.csr_array


def ground(counted: Counted, of: Counts, period: str) -> Ground:
    """Count the people of one period, and list the sets of atoms that a reader can form."""
    people = tables(counted, of, period)
    return Ground(period, of, people, sets_of_atoms(people, counted.areas))


def block(counted: Counted, ground: Ground, stand: Stand, price: Mapping[str, Mapping[str, float]]) -> Block:
    """Put one period of a register into matrices. price: what hiding costs, by indicator and area set (default 1)."""
    of, people, period = ground.of, ground.people, ground.period
    residents = np.asarray(people.member @ people.people.sum(axis=1))
    names = tuple(indicator.id for indicator in counted.indicators)
    sets = np.array([area.area_set for area in counted.areas])
    rows = [
        (number, region)
        for number, indicator in enumerate(counted.indicators)
        for region in np.flatnonzero(np.isin(sets, indicator.area_sets) & (residents > 0)).tolist()
    ]
    indicator, region = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    tells = np.array([of.masks_of[name] for name in names], dtype=np.int64)[indicator]
    cost = np.array([[price[name].get(area.area_set, 1.0) for area in counted.areas] for name in names])
    whole = priced(cost[indicator, region], residents[region])
    hidden = stand.hidden[indicator, region]
    open_ = stand.shown[indicator, region]
    fixed = stand.out.copy()
    for side in tells[open_].T:
        seen = side != NO_MASK
        fixed[region[open_][seen], side[seen]] = True
    figures = Figures(region, tells, whole, (hidden | stand.back[indicator, region]) & ~open_, fixed)
    by_rule = hidden & ~open_
    ruled = [HiddenFigure(names[number], int(place)) for number, place in zip(indicator[by_rule], region[by_rule], strict=True)]
    targets, ranges = aims(people, of, ground.sets, Ruled(stand.limits, ruled, figures.published(figures.hidden)))
    labels = Labels(counted.register, period, names, counted.areas, indicator, region)
    return Block(labels, SuppressionProblem(people, figures, of.forms, targets, ranges))


def priced(cost: Floats, residents: Ints) -> Ints:
    """Return the price of hiding each figure, a whole number, 1 or more, shape (figures,).

    cost: what the rule says of the area set, shape (figures,). residents: how many people live in the area, shape (figures,): among
    figures of the same cost, those of small areas are cheaper.
    """
    return np.asarray(np.maximum(1, np.rint(_CENT * cost * (1 + np.log10(residents)))), dtype=np.int64)
