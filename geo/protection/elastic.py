"""The cheapest table that holds a target elsewhere, where published cells may give way at their cost: what gives way must be hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from geo.protection.jointmodel import Flags, Floats, Joint, Targets, Whole, published, told
from geo.protection.polytope import CLOSE, Model, bounds

Bounds = tuple[Floats, Floats]
Change = Callable[[Whole, Floats, Floats], None]

SMALL: Final = 1e-4
"""What moving one person between variables costs, in units of the cheapest cell: tables stay close to the truth, proofs local."""
SHARPER: Final = 2
"""How often the same is asked again with prices that make a cell cheaper the more it gives way: the cost is for hiding, not by person."""


@dataclass(frozen=True)
class Alternative:
    """A whole table that holds a target where it was wanted, the cells that had to give way, and what hiding those costs."""

    table: Whole
    gave_way: Flags
    cost: float


class Elastic:
    """A joint model around its truth, whose published cells give way. Columns: moves up, moves down, give up, give down.

    It is asked for one target after another; `publish` changes what is hidden.
    """

    def __init__(self, joint: Joint, hidden: Flags, *, fixed_give_way: bool = False) -> None:
        """fixed_give_way: to find which fixed cells are to blame."""
        self.joint, self.rule = joint, told(joint)
        cells, variables = joint.cells.shape
        whole, single = joint.cells.astype(np.float64), sparse.eye_array(cells)
        matrix = sparse.csr_array(sparse.hstack([whole, -whole, -single, single]))
        stays = np.where(joint.fixed, not fixed_give_way, joint.primary)  # what a rule hides keeps to the rule, and what is out is out
        give = np.where(stays, 0, np.inf)
        high = np.concatenate([joint.population - joint.truth, joint.truth, give, give]).astype(np.float64)
        rows = self._bounds(hidden)
        self._model = Model(matrix, rows, (np.zeros_like(high), high), strategy=1)
        self._moves = np.full(2 * variables, SMALL * joint.cost.min(initial=1.0))

    def publish(self, hidden: Flags) -> None:
        """Set which cells are hidden, shape (cells,)."""
        self._model.bound_rows(np.arange(len(hidden)), *self._bounds(hidden))

    def insist(self, cell: int, *, on: bool) -> None:
        """Let a cell, that neither a rule nor an older edition binds, not give way; or let it again."""
        give = 2 * len(self.joint.truth) + cell + np.array([0, len(self.joint.cost)])
        self._model.bound_columns(give, np.zeros(2), np.full(2, 0.0 if on else np.inf))

    def cheapest(self, aims: Targets, number: int, *, least: int | None = None, most: int | None = None) -> Alternative | None:
        """The cheapest alternative that holds a target at `least` or more, or at `most` or less; None where there is none."""
        undo = self._demand(aims, number, least, most)
        if undo is None:
            return None
        try:
            best, price = None, self.joint.cost
            for _ in range(1 + SHARPER):
                found = self._cheapest(price)
                if found is None or (best is not None and found.cost >= best.cost):
                    break
                best, given = found, self.joint.cells @ found.table - self.joint.counts
                if found.gave_way.sum() <= 1:
                    break
                price = self.joint.cost / np.maximum(np.abs(given) * found.gave_way, 1)
            return best
        finally:
            undo()

    def _cheapest(self, price: Floats) -> Alternative | None:
        joint, variables = self.joint, len(self.joint.truth)
        self._model.price(np.concatenate([self._moves, price, price]))
        point = self._model.solve()
        if point is not None and np.abs(point - np.rint(point)).max() > CLOSE:
            point = self._model.solve(whole=2 * variables)
        if point is None:
            return None
        moves, give = np.rint(point).astype(np.int64)[: 2 * variables], np.rint(point[2 * variables :])
        gave_way = np.any(give.reshape(2, -1) > 0, axis=0)
        return Alternative(joint.truth + moves[:variables] - moves[variables:], gave_way, float(joint.cost[gave_way].sum()))

    def _demand(self, aims: Targets, number: int, least: int | None, most: int | None) -> Callable[[], None] | None:
        """Bound a target for one question; what undoes it, or None where the bounds alone allow nothing."""
        if aims.cell[number] >= 0:
            place, base = int(aims.cell[number]), int(self.joint.counts[aims.cell[number]])
            return self._bound(self._model.rows, self._model.bound_rows, [place], _narrow(self._model.rows, place, base, least, most))
        place, base = int(aims.variable[number]), int(self.joint.truth[aims.variable[number]])
        up, down = _moved(base, int(self.joint.population[place]), least, most)
        return self._bound(self._model.columns, self._model.bound_columns, [place, place + len(self.joint.truth)], (up, down))

    def _bound(self, now: Bounds, change: Change, places: list[int], wanted: Sequence[tuple[float, float]]) -> Callable[[], None] | None:
        numbers, bounds = np.array(places), np.array(wanted, dtype=np.float64).reshape(-1, 2)
        if np.any(bounds[:, 0] > bounds[:, 1]):
            return None
        before = now[0][numbers], now[1][numbers]
        change(numbers, bounds[:, 0], bounds[:, 1])
        return lambda: change(numbers, *before)

    def _bounds(self, hidden: Flags) -> tuple[Floats, Floats]:
        low, high = bounds(self.joint, published(self.joint, hidden), self.rule)
        return (low - self.joint.counts).astype(np.float64), (high - self.joint.counts).astype(np.float64)


def _narrow(now: Bounds, place: int, base: int, least: int | None, most: int | None) -> list[tuple[float, float]]:
    low = now[0][place] if least is None else max(now[0][place], least - base)
    high = now[1][place] if most is None else min(now[1][place], most - base)
    return [(low, high)]


def _moved(base: int, people: int, least: int | None, most: int | None) -> tuple[tuple[float, float], tuple[float, float]]:
    """How far a variable may move up and down, each from and to, so that base + up - down lies within least and most."""
    low, high = (0 if least is None else least) - base, (people if most is None else most) - base
    return (max(low, 0), min(high, people - base) if high > 0 else 0), (max(-high, 0), min(-low, base) if low < 0 else 0)
