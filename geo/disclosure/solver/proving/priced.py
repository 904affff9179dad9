"""The cheapest worlds of a few atoms: a linear program in which a published count may change at the price of hiding its figures.

An exchange between two atoms pays for every region that contains only one of them; where several atoms change together, most of those
counts stay as they are. The program is solved first with the prices, and then with prices divided by how much each count changed, so
that few counts change much rather than many a little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np

from geo.disclosure.solver.proving import linear, nets
from geo.disclosure.solver.proving.linear import Floats, Net
from geo.disclosure.solver.search import Search
from geo.disclosure.solver.tables import FIXED, NO_MASK, Ints, Worlds

_ROUNDS: Final = 3
_WHOLE: Final = 1e-6
_SOFT: Final = 0.2
"""Persons. A count that changed by less keeps almost the price of one that did not change."""


@dataclass(frozen=True)
class _Held:
    """The published counts of a block that may change at a price. row: shape (held,), rows of the net. price: shape (held,), above 0."""

    row: Ints
    price: Floats


def by_block(search: Search, target: int) -> Worlds | None:
    """Return worlds that prove a target once the figures that contradict them are hidden, as cheap as possible; None without any.

    One of the two worlds is the truth.
    """
    atoms = nets.block_atoms(search, target)
    net = nets.block(search, search.published_now, target, atoms)
    aim = nets.block_aim(search, target, atoms)
    held = _held(search, net)
    width = int(search.problem.targets.width[target])
    still = np.zeros(len(aim), dtype=np.int64)
    options = [(_cheapest(net, held, aim, width), True), (_cheapest(net, held, -aim, width), False)]
    made = [(paid, (change, still) if up else (still, change)) for option, up in options if option is not None for paid, change in [option]]
    if not made:
        return None
    _, both = min(made, key=lambda candidate: candidate[0])
    return nets.block_worlds(search, target, atoms, both)


def _held(search: Search, net: Net) -> _Held:
    """Prices of the published counts that can be hidden."""
    figures = search.problem.figures
    price = np.zeros(search.published_now.shape)
    for side in figures.tells.T:
        seen = ~search.hidden & (side != NO_MASK)
        np.add.at(price, (figures.region[seen], side[seen]), figures.price[seen])
    free = ~figures.fixed[net.regions, net.masks] & (price[net.regions, net.masks] < FIXED)
    cost = price[net.regions[free], net.masks[free]]
    return _Held(net.held[free], cost / max(1.0, cost.min(initial=np.inf) if len(cost) else 1.0))


def _cheapest(net: Net, held: _Held, aim: Floats, need: int) -> tuple[float, Ints] | None:
    """The price and the whole change that moves the aim by the need; None where none is found."""
    weight = held.price
    best: tuple[float, Ints] | None = None
    for attempt in range(_ROUNDS):
        answer = _solve(net, held.row, weight, aim, need, attempt)
        if answer is None:
            return best
        change, moved = answer
        whole = np.rint(change)
        if np.abs(change - whole).max(initial=0) < _WHOLE:
            paid = float(held.price[moved > _WHOLE].sum())
            if best is None or paid < best[0]:
                best = paid, whole.astype(np.int64)
        weight = held.price / (moved + _SOFT)
    return best


def _solve(net: Net, row: Ints, weight: Floats, aim: Floats, need: int, attempt: int) -> tuple[Floats, Floats] | None:  # noqa: PLR0913, PLR0917
    """Gains, then losses, then how much each held count rises and falls; the last row is the aim. Returns changes, and moves of counts."""
    count, rows, held = len(aim), len(net.low), len(row)
    steps = 1e-3 * (1 + np.random.default_rng(attempt).random(2 * count))
    start, index, value = linear.with_aim(net, aim)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = 2 * (count + held), rows + 1
    lp.col_cost_ = np.concatenate([steps, weight, weight])
    lp.col_lower_ = np.zeros(2 * (count + held))
    lp.col_upper_ = np.concatenate([np.minimum(net.gains, 99.0), np.minimum(net.losses, 99.0), np.full(2 * held, 99.0)])
    lp.row_lower_ = np.append(net.low, float(need))
    lp.row_upper_ = np.append(net.high, float(need))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    ends = np.concatenate([start, start[1:] + start[-1]])
    lp.a_matrix_.start_ = np.concatenate([ends, ends[-1] + 1 + np.arange(2 * held)]).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate([index, index, row, row]).astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate([value, -value, -np.ones(held), np.ones(held)])
    answer = linear.answered(lp)
    if answer is None:
        return None
    moved = answer[2 * count :]
    return answer[:count] - answer[count : 2 * count], moved[:held] + moved[held:]
