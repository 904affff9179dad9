"""One indicator's figures of all area sets as one joint model: what is counted, what is published of it, and what must stay unknown.

The unknowns are whole numbers, one a *variable*: an atom (a cell of the overlay of all published area sets) crossed with the period or
sub-group that is counted. Every figure that is or could be published is a *cell*: a sum of variables. The attacker knows the
populations of the atoms, every published figure, and the rule. Formulas: docs/method.md; why so: docs/decisions/disclosure.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.errors import InputError, Problem

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

PLACE = "joint model"
"""What problems call the thing that is wrong: a joint model comes from no file. Their messages never hold a count of people."""


@dataclass(frozen=True)
class Frame:
    """What an attacker knows before anything is published: which variables each cell sums, and how many people each stands for.

    cells: csr, cells x variables, 0 or 1. population: (variables,), whole numbers >= 0; a variable lies between 0 and its population.
    """

    cells: sparse.csr_array
    population: Whole

    @property
    def people(self) -> Whole:
        """Shape (cells,): how many people each cell's count is out of."""
        return np.asarray(self.cells @ self.population, dtype=np.int64)


@dataclass(frozen=True)
class Joint(Frame):
    """One joint model with its truth. Never leaves the machine that holds the register.

    truth: (variables,), the counts; 0 <= truth <= population. least: k, the smallest count that may be shown: counts of 1 to k-1 are
    sensitive, and so are remainders (population - count) of 1 to k-1; 1 is no rule on counts. primary: (cells,), hidden by a rule,
    be it the count, the remainder or a small group. fixed: (cells,), published in an earlier edition: cannot be hidden. cost: (cells,),
    above 0: what hiding it costs; dear cells stay. zero_hidden: counts and remainders of 0 are sensitive too. shown: (cells, 2), from and
    to what a published cell says, where it says less than its count (a rounded share); None where all say the count itself.

    Raises InputError with all that is wrong: shapes, counts that cannot be, a count above its population, a rule that contradicts
    itself, an interval that does not hold the truth.
    """

    truth: Whole
    least: int
    primary: Flags
    fixed: Flags
    cost: Floats
    zero_hidden: bool = False
    shown: Whole | None = None

    def __post_init__(self) -> None:
        problems = tuple(_problems(self))
        if problems:
            raise InputError(problems)

    @property
    def counts(self) -> Whole:
        """Shape (cells,): the true count of each cell."""
        return np.asarray(self.cells @ self.truth, dtype=np.int64)


@dataclass(frozen=True)
class Published:
    """What is out: each cell's count lies between `low` and `high`, both (cells,), float; NaN in both where the cell is hidden."""

    low: Floats
    high: Floats

    @property
    def shown(self) -> Flags:
        """Shape (cells,): cells of which something is published."""
        return ~np.isnan(self.low)


@dataclass(frozen=True)
class Told:
    """What the rule tells of hidden cells to an attacker who knows which are primary: counts lie between low and high, both (cells,)."""

    low: Whole
    high: Whole


@dataclass(frozen=True)
class Targets:
    """What nobody may find out: cells hidden by a rule, and atoms whose count or remainder is sensitive.

    cell, variable: (targets,), the number of the cell or of the variable, the other -1. width: (targets,), an attacker must be left with
    an interval of whole numbers [a, b] with b - a >= width.
    """

    cell: Whole
    variable: Whole
    width: Whole

    def __len__(self) -> int:
        return len(self.width)

    def rows(self, frame: Frame) -> sparse.csr_array:
        """Csr, targets x variables: the sum that each target is."""
        single = sparse.eye_array(len(frame.population), format="csr", dtype=np.int64)
        both = sparse.vstack([frame.cells.astype(np.int64), single], format="csr")
        return sparse.csr_array(both[np.where(self.cell >= 0, self.cell, frame.cells.shape[0] + self.variable)])

    def only(self, chosen: Flags | Whole) -> Targets:
        """The chosen targets alone."""
        return Targets(self.cell[chosen], self.variable[chosen], self.width[chosen])

    def needing(self, width: Whole) -> Targets:
        """The same targets with other widths."""
        return Targets(self.cell, self.variable, width)


def published(joint: Joint, hidden: Flags) -> Published:
    """What is out when the `hidden` cells, shape (cells,), are not: the count of each other cell, or the interval it is shown as."""
    low, high = (joint.counts, joint.counts) if joint.shown is None else joint.shown.T
    return Published(np.where(hidden, np.nan, low), np.where(hidden, np.nan, high))


def exactly(values: Floats) -> Published:
    """Published counts as they lie in an edition, shape (cells,), NaN where hidden."""
    return Published(values.astype(np.float64), values.astype(np.float64))


def breadth(joint: Joint) -> int:
    """The width that the rule itself leaves open: k - 2 (1 to k-1), one more where zero is hidden too (0 to k-1); at least 1."""
    return max(1, joint.least - 1 - (not joint.zero_hidden))


def told(joint: Joint) -> Told:
    """The rule's bounds of primary cells, by the side(s) that are small; 0 to their population for all others.

    A cell hidden as a small group alone has no bounds. With k = 2 a told attacker would know every hidden count to be 1, whatever is
    hidden besides, so that rule is not told: nobody may then be *told* which cells are primary (they bear one symbol).
    """
    people, counts, lowest, most = joint.people, joint.counts, 0 if joint.zero_hidden else 1, joint.least - 1
    low, high = np.zeros_like(people), people.copy()
    if most > lowest:
        few = joint.primary & (counts >= lowest) & (counts <= most)
        rest = joint.primary & (people - counts >= lowest) & (people - counts <= most)
        low[few], high[few] = lowest, np.minimum(high[few], most)
        low[rest] = np.maximum(low[rest], people[rest] - most)
        high[rest] = np.minimum(high[rest], people[rest] - lowest)
    return Told(low, high)


def targets(joint: Joint) -> Targets:
    """All targets with the widths asked for: min(breadth, people); what the rule alone gives away is not yet taken off.

    Cells without people are no targets: nothing can be found out of nobody. An atom that is a primary cell of its own counts once.
    """
    cells = np.flatnonzero(joint.primary & (joint.people > 0))
    single = joint.cells.indices[joint.cells.indptr[cells][np.diff(joint.cells.indptr)[cells] == 1]]
    sensitive = _sensitive(joint, joint.truth) | _sensitive(joint, joint.population - joint.truth)
    atoms = np.setdiff1d(np.flatnonzero(sensitive), single)
    people = np.concatenate([joint.people[cells], joint.population[atoms]])
    none = np.full(len(cells), -1), np.full(len(atoms), -1)
    return Targets(np.concatenate([cells, none[1]]), np.concatenate([none[0], atoms]), np.minimum(people, breadth(joint)))


def _sensitive(joint: Joint, counts: Whole) -> Flags:
    return (joint.population > 0) & (counts >= (0 if joint.zero_hidden else 1)) & (counts < joint.least)


def _problems(joint: Joint) -> list[Problem]:
    cells, variables = joint.cells.shape
    shapes = {
        "population": (joint.population, (variables,)),
        "truth": (joint.truth, (variables,)),
        "primary": (joint.primary, (cells,)),
        "fixed": (joint.fixed, (cells,)),
        "cost": (joint.cost, (cells,)),
        "shown": (joint.shown, (cells, 2)),
    }
    wrong = [
        Problem(PLACE, f"{name} has another shape", found=str(array.shape), expected=str(shape))
        for name, (array, shape) in shapes.items()
        if array is not None and array.shape != shape
    ]
    return wrong or [*_rule_problems(joint), *_count_problems(joint)]


def _rule_problems(joint: Joint) -> list[Problem]:
    found = []
    if joint.least < 1:
        found.append(Problem(PLACE, "the smallest count that may be shown cannot be", found=str(joint.least), expected="1 or more"))
    if joint.zero_hidden and joint.least < 2:
        found.append(
            Problem(PLACE, "the thresholds contradict each other", found="zero hidden, one shown", expected="a smallest count of 2 or more")
        )
    return found


def _count_problems(joint: Joint) -> list[Problem]:
    counts = np.asarray(joint.cells @ joint.truth)
    within = np.ones(len(counts), dtype=bool) if joint.shown is None else (joint.shown[:, 0] <= counts) & (counts <= joint.shown[:, 1])
    checks = [
        ("a variable's population is negative or no whole number", _unlike_counts(joint.population)),
        ("a variable's count is negative or no whole number", _unlike_counts(joint.truth)),
        ("a variable's count is above its population", joint.truth > joint.population),
        ("a cell holds a variable more than once, or a part of it", _not_sums(joint.cells)),
        ("a cell's cost is not above 0", ~(joint.cost > 0)),
        ("a cell says an interval that does not hold its count: the truth does not reproduce what is published", ~within),
    ]
    return [Problem(PLACE, what, found=f"number {np.flatnonzero(bad)[0]}", more=int(bad.sum()) - 1) for what, bad in checks if np.any(bad)]


def _unlike_counts(values: NDArray[np.number]) -> Flags:
    return np.asarray(~(values >= 0) | (values != np.floor(values)))


def _not_sums(cells: sparse.csr_array) -> Flags:
    summed = cells.copy()
    summed.sum_duplicates()
    rows = np.repeat(np.arange(cells.shape[0]), np.diff(summed.indptr))
    return np.bincount(rows[summed.data != 1], minlength=cells.shape[0]) > 0
