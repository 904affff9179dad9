"""All tables that an attacker must hold possible, as a polytope; HiGHS finds its corners.

The rows of two nested families of areas are totally unimodular: every corner is a whole table, and bounds found with linear
programming are bounds in whole numbers. With more families (several vintages, several periods with their mean) corners can be
fractional; then the same question is asked in whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import highspy
import numpy as np
from scipy import sparse

from geo.errors import GeoError, Problem
from geo.protection.jointmodel import PLACE, Floats, Frame, Published, Told, Whole

CLOSE: Final = 1e-6
"""How far from a whole number a solver's number may lie and still be taken for it; every table is checked in whole numbers after."""

_OPTIONS: Final = {
    "output_flag": False,
    "threads": 1,
    "presolve": "off",  # a warm start is worth more
    "mip_rel_gap": 0.0,
    "random_seed": 1,
}


_Status = highspy.HighsModelStatus
_FOUND: Final = (_Status.kOptimal, _Status.kModelEmpty)


class Model:
    """A linear model of rows and columns that is asked many questions, each from the basis of the one before.

    A thin coat over highspy: bounds and costs as arrays, answers as arrays. The only module that knows the solver.
    """

    def __init__(self, matrix: sparse.csr_array, rows: tuple[Floats, Floats], columns: tuple[Floats, Floats], *, strategy: int) -> None:
        """Rows and columns: (low, high). strategy: HiGHS' simplex strategy, 1 dual (bounds change), 4 primal (costs change)."""
        self.matrix = matrix
        self.rows = (rows[0].copy(), rows[1].copy())
        self.columns = (columns[0].copy(), columns[1].copy())
        self._solver = highspy.Highs()
        for name, value in _OPTIONS.items():
            self._solver.setOptionValue(name, value)
        self._strategy = strategy
        self._solver.setOptionValue("simplex_strategy", strategy)
        self._solver.passModel(_linear(matrix, self.rows, self.columns))
        self._every = np.arange(matrix.shape[1], dtype=np.int32)

    def bound_rows(self, numbers: Whole, low: Floats, high: Floats) -> None:
        """Set the bounds of some rows."""
        self.rows[0][numbers], self.rows[1][numbers] = low, high
        self._solver.changeRowsBounds(len(numbers), numbers.astype(np.int32), low.astype(np.float64), high.astype(np.float64))

    def bound_columns(self, numbers: Whole, low: Floats, high: Floats) -> None:
        """Set the bounds of some columns."""
        self.columns[0][numbers], self.columns[1][numbers] = low, high
        self._solver.changeColsBounds(len(numbers), numbers.astype(np.int32), low.astype(np.float64), high.astype(np.float64))

    def price(self, costs: Floats) -> None:
        """Set what is minimised, shape (columns,)."""
        self._solver.changeColsCost(len(costs), self._every, costs.astype(np.float64))

    def solve(self, *, whole: int = 0) -> Floats | None:
        """The cheapest point, shape (columns,), the first `whole` columns in whole numbers; None where no point satisfies all."""
        if whole:
            self._integrality(whole, highspy.HighsVarType.kInteger)
        status = self._run()
        answer = np.array(self._solver.getSolution().col_value) if status in _FOUND else None
        if whole:
            self._integrality(whole, highspy.HighsVarType.kContinuous)
        if answer is None and status not in {_Status.kInfeasible, _Status.kUnboundedOrInfeasible}:
            raise GeoError(Problem(PLACE, "the solver gave up", found=self._solver.modelStatusToString(status)))
        return answer

    def _run(self) -> highspy.HighsModelStatus:
        """What came of it. A warm start that does not end in an optimum is not believed: once more from nothing."""
        self._solver.run()
        if self._solver.getModelStatus() not in _FOUND:
            self._solver.clearSolver()
            self._solver.setOptionValue("simplex_strategy", 0)
            self._solver.run()
            self._solver.setOptionValue("simplex_strategy", self._strategy)
        status: highspy.HighsModelStatus = self._solver.getModelStatus()
        return status

    def _integrality(self, whole: int, kind: highspy.HighsVarType) -> None:
        self._solver.setOptionValue("presolve", "on" if kind == highspy.HighsVarType.kInteger else "off")
        self._solver.changeColsIntegrality(whole, self._every[:whole], np.full(whole, int(kind), dtype=np.uint8))


class Polytope:
    """The tables that reproduce what is published, lie within the populations, and obey what the attacker was told of the rule."""

    def __init__(self, frame: Frame, published: Published, told: Told | None) -> None:
        """told: None for an attacker who does not know which hidden cells are primary."""
        self.frame = frame
        self.low, self.high = bounds(frame, published, told)
        columns = (np.zeros(len(frame.population)), frame.population.astype(np.float64))
        self._model = Model(frame.cells, (self.low.astype(float), self.high.astype(float)), columns, strategy=4)

    def furthest(self, weights: Floats) -> Whole | None:
        """A whole table, (variables,), with the largest weighted sum; None where nothing is possible (figures that contradict)."""
        self._model.price(-weights)
        return self._whole(self._model.solve())

    def reach(self, weights: Floats) -> float:
        """The largest weighted sum in broken numbers; NaN where nothing is possible."""
        self._model.price(-weights)
        point = self._model.solve()
        return np.nan if point is None else float(weights @ point)

    def _whole(self, point: Floats | None) -> Whole | None:
        if point is None:
            return None
        table = np.rint(point).astype(np.int64)
        if self.holds(table) and np.abs(point - table).max(initial=0) < CLOSE:
            return table
        point = self._model.solve(whole=len(table))
        if point is None:
            return None
        table = np.rint(point).astype(np.int64)
        if not self.holds(table):
            raise GeoError(Problem(PLACE, "the solver's table does not reproduce what is published"))
        return table

    def holds(self, table: Whole) -> bool:
        """Whether a whole table is possible: in whole numbers, without the solver."""
        counts = self.frame.cells @ table
        return bool(np.all((table >= 0) & (table <= self.frame.population)) and np.all((counts >= self.low) & (counts <= self.high)))


def bounds(frame: Frame, published: Published, told: Told | None) -> tuple[Whole, Whole]:
    """From and to what each cell lies for an attacker, both (cells,): what is published and what was told, else 0 to its population.

    A broken interval is narrowed to whole numbers. Where low is above high, what is published cannot be.
    """
    low, high = np.zeros(frame.cells.shape[0], dtype=np.int64), frame.people
    shown = published.shown
    low[shown] = np.ceil(published.low[shown] - CLOSE).astype(np.int64)
    high[shown] = np.floor(published.high[shown] + CLOSE).astype(np.int64)
    return (low, high) if told is None else (np.maximum(low, told.low), np.minimum(high, told.high))


def contradiction(frame: Frame, low: Whole, high: Whole) -> tuple[int, ...]:
    """Cells that cannot all be true, none of them too many: without any one of them the others could be. () where all agree.

    Deletion filter: each cell is left out in turn, and stays out where the rest still contradicts itself. In broken numbers.
    """
    columns = (np.zeros(len(frame.population)), frame.population.astype(np.float64))
    model = Model(frame.cells, (low.astype(float), high.astype(float)), columns, strategy=1)
    if model.solve() is not None:
        return ()
    needed: list[int] = []
    free = frame.people.astype(float)
    for cell in range(frame.cells.shape[0]):
        number = np.array([cell])
        model.bound_rows(number, np.zeros(1), free[number])
        if model.solve() is not None:
            needed.append(cell)
            model.bound_rows(number, low[number].astype(float), high[number].astype(float))
    return tuple(needed)


def _linear(matrix: sparse.csr_array, rows: tuple[Floats, Floats], columns: tuple[Floats, Floats]) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.row_lower_, model.row_upper_ = rows
    model.col_lower_, model.col_upper_ = columns
    model.col_cost_ = np.zeros(matrix.shape[1])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data.astype(np.float64)
    return model


def signs(seed: Sequence[int], size: int) -> Floats:
    """Random +1 and -1, the same for the same seed."""
    return np.random.default_rng(list(seed)).choice(np.array([-1.0, 1.0]), size)
