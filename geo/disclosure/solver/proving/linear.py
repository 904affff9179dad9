"""Linear programs over changes, solved by HiGHS: how far a count can be raised and lowered, with few people changed, in whole people."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from geo.disclosure.solver.tables import Ints

_TRIES: Final = 2
_WHOLE: Final = 1e-6
_BY_COLUMN: Final = int(highspy.MatrixFormat.kColwise)
_LEAST: Final = int(highspy.ObjSense.kMinimize)

Floats = NDArray[np.float64]


def by_rows(rows: Floats) -> tuple[Ints, Ints, Floats]:
    """Return a dense matrix as starts, rows and values, column by column. rows: shape (rows, columns)."""
    row, column = np.nonzero(rows)
    return by_column(row, column, rows[row, column], rows.shape[1])


def by_column(row: Ints, column: Ints, value: Floats, columns: int) -> tuple[Ints, Ints, Floats]:
    """Return entries of a matrix as starts, rows and values, column by column.

    row, column, value: shape (entries,). columns: the number of columns.
    """
    order = np.argsort(column, kind="stable")
    return np.searchsorted(column[order], np.arange(columns + 1)), row[order], value[order]


@dataclass(frozen=True)
class Net:
    """The possible whole changes y: low <= rows @ y <= high and -losses <= y <= gains; `start`, `row`, `value` give rows by column.

    held, regions, masks: for a block, the rows that keep a published count unchanged, and which counts those are.
    """

    start: Ints
    row: Ints
    value: Floats
    low: Floats
    high: Floats
    losses: Floats
    gains: Floats
    held: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    regions: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    masks: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))


def both_ways(net: Net, aim: Floats, width: int) -> tuple[Ints, Ints] | None:
    """Return one change that raises the aim and one that lowers it, together by at least the width; None where they are not found.

    aim: what each change adds to the target's count, shape (changes,).
    """
    rise = _most(net, aim, width)
    if rise is None:
        return None
    up = round(float(rise @ aim))
    fall = _most(net, -aim, width - up)
    if fall is None or up - round(float(fall @ aim)) < width:
        return None
    return rise, fall


def _most(net: Net, aim: Floats, need: int) -> Ints | None:
    """The change of fewest people that raises aim @ y as far as possible, at most to the need. None where it is not in whole people."""
    if need <= 0:
        return np.zeros(len(aim), dtype=np.int64)
    for attempt in range(_TRIES):
        change = _solve(net, aim, need, attempt)
        if change is None:
            return None
        whole = np.rint(change)
        if np.abs(change - whole).max(initial=0) < _WHOLE:
            return whole.astype(np.int64)
    return None


def _solve(net: Net, aim: Floats, need: int, attempt: int) -> Floats | None:
    """The solution, with gains and then losses as columns of their own; the last row limits the aim."""
    count, rows = len(aim), len(net.low)
    cost = 1e-3 * (1 + np.random.default_rng(attempt).random(2 * count))
    start, index, value = with_aim(net, aim)
    solver = _solver()
    solver.passModel(  # arrays at once: an HighsLp takes them as lists, number by number, which costs as much as solving
        *(2 * count, rows + 1, 2 * len(index), _BY_COLUMN, _LEAST, 0.0),
        cost - np.concatenate([aim, -aim]),
        np.zeros(2 * count),
        np.concatenate([np.minimum(net.gains, 99.0), np.minimum(net.losses, 99.0)]),
        np.append(net.low, 0.0),
        np.append(net.high, float(need)),
        np.concatenate([start[:-1], start + start[-1]]).astype(np.int32),
        np.concatenate([index, index]).astype(np.int32),
        np.concatenate([value, -value]),
        np.zeros(2 * count, dtype=np.int32),
    )
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    answer = np.asarray(solver.getSolution().col_value)
    return np.asarray(answer[:count] - answer[count:])


def with_aim(net: Net, aim: Floats) -> tuple[Ints, Ints, Floats]:
    """Return starts, rows and values by column, with the aim as the last row. aim: shape (changes,)."""
    sizes = np.diff(net.start)
    aimed = aim != 0
    start = np.concatenate([[0], np.cumsum(sizes + aimed)])
    index = np.empty(start[-1], dtype=np.int64)
    value = np.empty(start[-1])
    last = start[1:][aimed] - 1
    mine = np.ones(len(index), dtype=bool)
    mine[last] = False
    index[mine], value[mine] = net.row, net.value
    index[last], value[last] = len(net.low), aim[aimed]
    return start, index, value


def answered(lp: highspy.HighsLp) -> Floats | None:
    """Return the optimal columns of a linear program; None where there are none."""
    solver = _solver()
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.asarray(solver.getSolution().col_value)


@lru_cache(maxsize=1)
def _solver() -> highspy.Highs:
    solver = highspy.Highs()
    solver.silent()
    for name, value in (("presolve", "off"), ("threads", 1), ("random_seed", 1), ("simplex_iteration_limit", 5_000)):
        solver.setOptionValue(name, value)
    return solver
