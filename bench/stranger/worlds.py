"""Who may live where, given what is known, as linear rows; and how far a count can be narrowed, in fractions and in whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bench.stranger.people import Ints

Floats = NDArray[np.float64]

OFF: Final = 1e-6
"""How far a linear program may be off."""
MOST: Final = 1000.0
"""More people than any city has."""
FIRST: Final = 30
"""Worlds asked for with random prices before the first target."""


@dataclass(frozen=True)
class Row:
    """low <= sum of the unknowns of these numbers <= high; words: where it was read."""

    unknowns: Ints
    low: float
    high: float
    words: str


@dataclass(frozen=True)
class Range:
    """What is left of a count. by: fractions or whole. finished: False where whole numbers were stopped by the clock."""

    low: int
    high: int
    by: str
    finished: bool = True

    @property
    def width(self) -> int:
        """How many more whole numbers are in it than one."""
        return self.high - self.low


class ContradictionError(ValueError):
    """What was read fits nobody, or not the people who were counted."""


class Worlds:
    """All whole worlds that fit some rows, asked about counts one after another.

    truth: the people as they are, one of the worlds. seconds: for one end of one count in whole numbers.
    """

    def __init__(self, rows: Sequence[Row], truth: Ints, *, seconds: float = 20.0, seed: int = 0) -> None:
        self.rows, self._truth, self._seconds = rows, truth, seconds
        self._matrix = _matrix([row.unknowns for row in rows], len(truth))
        self._whole: Any = None
        self._low, self._high = (np.array([getattr(row, end) for row in rows]) for end in ("low", "high"))
        sums = self._matrix @ truth
        wrong = np.flatnonzero((sums < self._low - OFF) | (sums > self._high + OFF))
        if len(wrong):
            raise ContradictionError("; ".join(f"{rows[at].words}: counted {sums[at]}" for at in wrong[:5]))
        nothing = np.flatnonzero(self._high <= 0)
        self._fixed = np.asarray(self._matrix[nothing].sum(axis=0)).ravel() > 0
        self._linear = self._model(whole=False)
        self._pool = [truth]
        self._rng = np.random.default_rng(seed)

    def narrowed(self, counts: Sequence[Ints], widths: Sequence[int]) -> dict[int, Range]:
        """Of the counts (each as numbers of unknowns) those that lie in a range less wide than they should."""
        asked = _matrix(counts, len(self._truth))
        found = {}
        for _ in range(FIRST if len(counts) > 3 else 0):
            self._solve(self._linear, self._rng.normal(size=len(self._truth)), 1)
        for number, width in enumerate(widths):
            row = asked[[number]].toarray().ravel()
            spread = self.spread(row)
            if spread >= width:
                continue
            result = self._range(row, width)
            if result.width < width:
                found[number] = result
        return found

    def spread(self, row: Floats) -> float:
        """How far apart a count is in the whole worlds that are known so far."""
        values = np.array(self._pool) @ row
        return float(values.max() - values.min())

    def _range(self, row: Floats, width: int) -> Range:
        ends = [self._solve(self._linear, row, sense) for sense in (1, -1)]
        low, high = math.ceil(ends[0] - OFF), math.floor(ends[1] + OFF)
        if high - low < width or self.spread(row) >= width:
            return Range(low, high, "fractions")
        finished = True
        self._whole = self._whole or self._model(whole=True)
        for sense in (-1, 1):
            bound = self._solve(self._whole, row, sense)
            values = np.array(self._pool) @ row
            if sense == -1:
                high = min(high, math.floor(bound + OFF))
                finished &= bool(values.max() >= high)
            else:
                low = max(low, math.ceil(bound - OFF))
                finished &= bool(values.min() <= low)
            if self.spread(row) >= width:
                return Range(low, high, "whole")
        return Range(low, high, "whole", finished)

    def _solve(self, model: Any, row: Floats, sense: int) -> float:  # highspy has no types
        """The least (sense 1) or the most (-1) of a count; the world that reaches it is kept when it is whole."""
        model.changeColsCost(len(row), np.arange(len(row), dtype=np.int32), sense * row.astype(float))
        model.setOptionValue("time_limit", model.getRunTime() + self._seconds)  # its clock goes on from one question to the next
        model.run()
        status = model.getModelStatus()
        if status not in {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit}:
            raise ContradictionError(f"no people fit what was read: {status}")
        self._keep(np.array(model.getSolution().col_value))
        info = model.getInfo()
        return float(sense * (info.mip_dual_bound if model is self._whole else info.objective_function_value))

    def _keep(self, solution: Floats) -> None:
        if len(solution) != len(self._truth):
            return
        world = np.rint(solution).astype(np.int64)
        sums = self._matrix @ world
        if (sums >= self._low - OFF).all() and (sums <= self._high + OFF).all() and (world >= 0).all():
            self._pool.append(world)

    def _model(self, *, whole: bool) -> Any:  # highspy has no types
        lp = highspy.HighsLp()
        rows, columns = self._matrix.shape
        lp.num_col_, lp.num_row_ = columns, rows
        lp.col_cost_, lp.col_lower_ = np.zeros(columns), np.zeros(columns)
        lp.col_upper_ = np.where(self._fixed, 0.0, MOST)
        lp.row_lower_, lp.row_upper_ = self._low, self._high
        matrix = self._matrix.tocsr()
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data.astype(float)
        if whole:
            lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        model.setOptionValue("threads", 1)
        model.setOptionValue("mip_rel_gap", 0.0)
        model.setOptionValue("mip_abs_gap", 0.5)
        model.passModel(lp)
        return model


def _matrix(rows: Sequence[Ints], size: int) -> sparse.csr_array:
    """Rows of ones at the numbers of some unknowns; an unknown that stands twice counts twice."""
    ends = np.cumsum([0, *(len(row) for row in rows)])
    numbers = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
    made = sparse.csr_array((np.ones(len(numbers)), numbers, ends), shape=(len(rows), size))
    made.sum_duplicates()
    return made
