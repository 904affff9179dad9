"""The least that any choice of hidden counts costs for the same safety, by a program that shares nothing with the gate's search."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.disclosure.solver.tables import NO_MASK, Bools, Ints, SuppressionProblem

_CLOSE = 1e-6
_FREE = 1e6


@dataclass(frozen=True)
class Least:
    """The cheapest choice for the same safety.

    bound: no choice costs less. hidden: shape (figures,). proven: whether it costs the bound.
    """

    bound: float
    hidden: Bools
    proven: bool


# --- the attacker ---------------------------------------------------------------------------------------------------------------


class Attacker:
    """Asks how far apart two tables of people can lie that agree with what is told. whole: whether people are whole."""

    def __init__(self, problem: SuppressionProblem, *, ruled: bool, whole: bool) -> None:
        self._problem = problem
        tables = problem.tables
        atoms = len(tables.people)
        groups = np.unique(tables.group, return_inverse=True)[1]
        same = sparse.kron(sparse.eye(atoms), np.equal.outer(np.unique(groups), groups).astype(float))
        lines = np.argwhere(problem.figures.published(np.zeros(len(problem.figures.region), dtype=bool)))
        self.counts = [(int(region), int(mask)) for region, mask in lines]
        told = [np.kron(tables.member[[region]].toarray(), tables.masks[mask]) for region, mask in self.counts]
        ranges = problem.ranges
        known = range(len(ranges.form) if ruled else 0)
        ruling = [np.kron(tables.member[[int(ranges.region[k])]].toarray(), problem.forms[ranges.form[k]]) for k in known]
        rows = sparse.csr_array(sparse.vstack([same, *map(sparse.csr_array, [*told, *ruling])]))
        low = np.concatenate([np.zeros(rows.shape[0] - len(known)), ranges.low[list(known)]])
        high = np.concatenate([np.zeros(rows.shape[0] - len(known)), ranges.high[list(known)]])
        self._first = same.shape[0]
        self._rows = np.arange(self._first, self._first + len(told), dtype=np.int32)
        self._solver = _solver(rows, (low, high), tables.people.ravel().astype(float), whole=whole)
        self._whole = whole

    def tell(self, told: Bools) -> None:
        """Say which counts are told. told: shape (counts,)."""
        free = np.where(told, 0.0, _FREE)
        self._solver.changeRowsBounds(len(self._rows), self._rows, -free, free)

    def narrow(self, target: int) -> Bools | None:
        """The told counts that hold a target within less than its width, or None. Shape (counts,); for whole people all counts."""
        width = int(self._problem.targets.width[target])
        up, mine = self._ask(target, 1.0, width)
        if up >= width - _CLOSE:
            return None
        down, theirs = self._ask(target, -1.0, width)
        return mine | theirs if up + down < width - _CLOSE else None

    def _ask(self, target: int, sign: float, width: int) -> tuple[float, Bools]:
        """How far a target can rise (or fall), and which told counts hold it."""
        targets = self._problem.targets
        aim = np.outer(targets.atoms[[target]].toarray().ravel(), self._problem.forms[targets.form[target]]).ravel()
        every = np.arange(len(aim), dtype=np.int32)
        self._solver.changeColsCost(len(aim), every, -sign * aim.astype(float))
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kUnbounded:
            return float(width), np.zeros(len(self.counts), dtype=bool)
        if status != highspy.HighsModelStatus.kOptimal:
            msg = f"the attacker's program ended as {status}"
            raise RuntimeError(msg)
        reached = -self._solver.getInfo().objective_function_value
        if self._whole:
            return float(np.floor(reached + _CLOSE)), np.ones(len(self.counts), dtype=bool)
        return reached, np.abs(np.asarray(self._solver.getSolution().row_dual)[self._rows]) > 1e-9


def _solver(rows: sparse.csr_array, ends: tuple[np.ndarray, np.ndarray], people: np.ndarray, *, whole: bool) -> highspy.Highs:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = rows.shape[1], rows.shape[0]
    lp.col_cost_ = np.zeros(rows.shape[1])
    lp.col_lower_, lp.col_upper_ = -people, np.full(len(people), people.sum())
    lp.row_lower_, lp.row_upper_ = ends
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * rows.shape[1]
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    if not whole:
        solver.setOptionValue("presolve", "off")
    solver.passModel(lp)
    return solver


# --- the choice -----------------------------------------------------------------------------------------------------------------


@dataclass
class _Master:
    """Which figures to hide at the least cost, so that of each conflict one count is hidden; a count is, when all its figures are."""

    problem: SuppressionProblem
    counts: Sequence[tuple[int, int]]
    conflicts: list[Ints] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Which figures tell each count, and which counts can be hidden."""
        figures = self.problem.figures
        place = {count: number for number, count in enumerate(self.counts)}
        self.telling: list[list[int]] = [[] for _ in self.counts]
        for figure, (region, sides) in enumerate(zip(figures.region.tolist(), figures.tells.tolist(), strict=True)):
            for mask in set(sides) - {NO_MASK}:
                self.telling[place[region, mask]].append(figure)
        self.fixed = np.array([figures.fixed[count] for count in self.counts], dtype=bool)

    def published(self, hidden: Bools) -> Bools:
        """Shape (counts,): which counts are told when these figures are hidden."""
        told = self.problem.figures.published(hidden)
        return np.array([told[count] for count in self.counts], dtype=bool)

    def price(self, count: int, hidden: Bools) -> int:
        """What it costs to hide a count besides what is hidden."""
        return sum(int(self.problem.figures.price[figure]) for figure in self.telling[count] if not hidden[figure])

    def solve(self, seconds: float) -> tuple[Bools, float]:
        """The cheapest choice that meets all conflicts, and the bound that is proven for it."""
        figures, many = self.problem.figures, len(self.problem.figures.region)
        pairs = [(count, figure) for count, telling in enumerate(self.telling) for figure in telling]
        size = many + len(self.counts)
        line = np.arange(len(pairs))
        count, figure = np.array(pairs).T
        both = sparse.coo_array(
            (np.concatenate([np.ones(len(pairs)), -np.ones(len(pairs))]), (np.tile(line, 2), np.concatenate([figure, many + count]))),
            shape=(len(pairs), size),
        )
        row = np.repeat(np.arange(len(self.conflicts)), [len(one) for one in self.conflicts])
        sums = sparse.coo_array((np.ones(len(row)), (row, many + np.concatenate(self.conflicts))), shape=(len(self.conflicts), size))
        least = np.concatenate([figures.hidden.astype(float), np.zeros(len(self.counts))])
        most = np.concatenate([np.ones(many), (~self.fixed).astype(float)])
        answer = milp(
            np.concatenate([np.where(figures.hidden, 0, figures.price), np.zeros(len(self.counts))]),
            constraints=[LinearConstraint(both, 0, np.inf), LinearConstraint(sums, 1, np.inf)],
            integrality=np.concatenate([np.ones(many), np.zeros(len(self.counts))]),
            bounds=Bounds(least, most),
            options={"time_limit": max(1.0, seconds), "mip_rel_gap": 1e-6},
        )
        if answer.x is None:
            msg = f"no choice was found: {answer.message}"
            raise RuntimeError(msg)
        return answer.x[:many] > 0.5, float(answer.mip_dual_bound)


def least(problem: SuppressionProblem, ready: Bools, seconds: float) -> Least:
    """The cheapest choice after which no target is narrow, for linear and then for whole attackers.

    ready: shape (figures,), a choice that is known to be good. A choice that is not finished in time has only a bound.
    """
    until = time.perf_counter() + seconds
    bound, best = 0.0, ready
    master: _Master | None = None
    for whole in (False, True):
        attackers = {ruled: Attacker(problem, ruled=ruled, whole=whole) for ruled in (True, False)}
        master = master or _Master(problem, attackers[True].counts)
        hidden = problem.figures.hidden.copy()
        while True:
            if master.conflicts:
                hidden, bound = master.solve(until - time.perf_counter())
            met = len(master.conflicts)
            master.conflicts += _conflicts(problem, master, attackers, hidden, until)
            if time.perf_counter() > until:
                return Least(bound, best, proven=cost(problem, best) <= bound + 0.5)
            if len(master.conflicts) == met:
                break
    return Least(bound, hidden, proven=True)


def _conflicts(
    problem: SuppressionProblem, master: _Master, attackers: dict[bool, Attacker], hidden: Bools, until: float
) -> Iterator[Ints]:
    """Counts of which one must be hidden, for every target that is narrow: several that share none, as long as it is."""
    for target in range(len(problem.targets)):
        if time.perf_counter() > until:
            return
        attacker = attackers[bool(problem.targets.ruled[target])]
        told = master.published(hidden)
        attacker.tell(told)
        holding = attacker.narrow(target)
        while holding is not None:
            conflict = _smallest(master, attacker, target, told & (holding | master.fixed), hidden)
            if not len(conflict):
                break  # nothing that may be hidden would help: the gate calls it open
            yield conflict
            told[conflict] = False
            attacker.tell(told)
            holding = attacker.narrow(target)


def _smallest(master: _Master, attacker: Attacker, target: int, told: Bools, hidden: Bools) -> Ints:
    """The counts that hold a target, without those that are not needed for it, cheap ones left out first."""
    loose = np.flatnonzero(told & ~master.fixed)
    told = told.copy()
    for count in sorted(loose.tolist(), key=lambda number: (master.price(number, hidden), number)):
        told[count] = False
        attacker.tell(told)
        told[count] = attacker.narrow(target) is None
    return np.flatnonzero(told & ~master.fixed)


def cost(problem: SuppressionProblem, hidden: Bools) -> int:
    """What it costs to hide what the rule does not, by the prices of the gate."""
    return int(problem.figures.price[hidden & ~problem.figures.hidden].sum())
