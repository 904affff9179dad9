"""How tightly a count can be bounded from what is known, by linear programs, also in whole numbers."""

from __future__ import annotations

from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Floats = NDArray[np.float64]
_SLACK: Final = 1e-6
_WHOLE: Final = 1e-9
"""How far from a whole number an unknown of a solution may be and count as one."""


class Bounder:
    """One set of facts, asked for the bounds of many counts; each question starts from the solution of the one before."""

    def __init__(self, rows: sparse.csr_array, low: Floats, high: Floats) -> None:
        self._rows, self._low, self._high = rows, low, high
        self._solver = highspy.Highs()
        self._solver.silent()
        self._solver.setOptionValue("threads", 1)
        columns = rows.shape[1]
        matrix = sparse.csc_array(rows)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = columns, rows.shape[0]
        lp.col_cost_ = np.zeros(columns)
        lp.col_lower_, lp.col_upper_ = np.zeros(columns), np.full(columns, highspy.kHighsInf)
        lp.row_lower_, lp.row_upper_ = low, high
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
        lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
        lp.a_matrix_.value_ = matrix.data.astype(float)
        self._solver.passModel(lp)

    def ends(self, counted: Floats) -> tuple[float, float]:
        """Return the least and the most that a count can be; NaN where the facts contradict each other.

        counted: the coefficient of each unknown in the count, shape (unknowns,).
        """
        return self._end(counted, 1.0), self._end(counted, -1.0)

    def _end(self, counted: Floats, sign: float) -> float:
        columns = np.arange(len(counted), dtype=np.int32)
        self._solver.changeColsCost(len(counted), columns, sign * counted)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return float("nan")
        return sign * float(self._solver.getObjectiveValue())

    def whole_ends(self, counted: Floats, seconds: float = 5.0) -> tuple[float, float]:
        """Return the least and the most in whole numbers of people; where the time runs out, the bound of the linear program.

        counted: the coefficient of each unknown in the count, shape (unknowns,). seconds: the time for each of the two bounds.
        """
        low, high = (self._whole_end(counted, sign, seconds) for sign in (1.0, -1.0))
        return float(np.ceil(low - _SLACK)), float(np.floor(high + _SLACK))

    def _whole_end(self, counted: Floats, sign: float, seconds: float) -> float:
        reached = self._end(counted, sign)
        if np.isnan(reached):
            return reached
        people = np.asarray(self._solver.getSolution().col_value)
        if np.abs(people - np.rint(people)).max() < _WHOLE:  # the best of all solutions is one in whole numbers
            return reached
        known = LinearConstraint(self._rows, self._low, self._high)
        everyone = np.ones(len(counted))
        answer = milp(sign * counted, constraints=known, bounds=Bounds(0, np.inf), integrality=everyone, options={"time_limit": seconds})
        return sign * answer.fun if answer.status == 0 else sign * (answer.mip_dual_bound or np.nan)
