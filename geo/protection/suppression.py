"""Which cells to hide besides those that a rule hides, so that nobody can solve for what is hidden, at the least cost.

A search, not an optimum: each target that can be narrowed gets the cheapest alternative table, and what gives way for it is hidden;
then every cell hidden besides is put back where the targets can do without it, or with something cheaper. tests/optimum.py measures
how far that is from the best. The proof is the certificate, not the search.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from geo.protection.attackers import Witnesses, explore, undeniable
from geo.protection.certificate import Certificate
from geo.protection.elastic import Alternative, Elastic
from geo.protection.jointmodel import Flags, Joint, Targets, Told, Whole, published, targets, told
from geo.protection.ordering import arranged, order
from geo.protection.polytope import Polytope
from geo.protection.proof import prove

PASSES: Final = 3
"""How often all cells that are hidden besides are tried again; most often the second time changes nothing."""


@dataclass(frozen=True)
class Unsafe:
    """A target that cannot be protected because of what is already published: `fixed` are the cells to blame. cell or variable is -1."""

    cell: int
    variable: int
    width: int
    fixed: tuple[int, ...]


@dataclass(frozen=True)
class Suppression:
    """What to hide. hidden: (cells,), by a rule or besides, which nothing that goes out may tell apart.

    unsafe: targets that older editions give away whatever is hidden now; with any, nothing may be published. certificate: the proof for
    all other targets. cost: what the cells hidden besides cost together.
    """

    hidden: Flags
    unsafe: tuple[Unsafe, ...]
    certificate: Certificate
    cost: float


def suppress(joint: Joint) -> Suppression:
    """Hide what must be hidden so that no target can be bounded more tightly than its width (docs/method.md).

    The answer depends on the figures alone, not on the order of cells and variables (but for twins, which only names tell apart).
    Takes a tenth of a second for 500 cells, and may run in a process of its own. Raises GeoError when the proof fails: a fault in here.
    """
    cells, variables = order(joint)
    found = _suppress(arranged(joint, cells, variables))
    hidden = np.zeros_like(found.hidden)
    hidden[cells] = found.hidden
    return Suppression(
        hidden,
        tuple(
            Unsafe(_back(cells, one.cell), _back(variables, one.variable), one.width, tuple(sorted(int(cells[c]) for c in one.fixed)))
            for one in found.unsafe
        ),
        _rearranged(found.certificate, cells, variables),
        found.cost,
    )


def _suppress(joint: Joint) -> Suppression:
    search = _Search.begin(joint)
    unsafe = []
    for number in np.flatnonzero(search.found.narrow):
        if not search.cover(int(number)):
            unsafe.append(search.blame(int(number)))
    search.put_back()
    return search.result(tuple(unsafe))


@dataclass
class _Search:
    """What is hidden so far, and the tables that show which targets are wide enough. Changes as it goes."""

    joint: Joint
    aims: Targets
    hidden: Flags
    found: Witnesses
    elastic: Elastic
    given_up: set[int] = field(default_factory=set)

    @classmethod
    def begin(cls, joint: Joint) -> _Search:
        """Only what the rule hides is hidden; widths are what can be had at all."""
        aims, rule, hidden = targets(joint), told(joint), joint.primary & ~joint.fixed
        found = explore(Polytope(joint, published(joint, hidden), rule), aims, known=(joint.truth,))
        narrow, width = found.narrow, aims.width.copy()
        width[narrow] = undeniable(joint, aims.only(narrow), rule)
        found.aims = aims.needing(width)
        return cls(joint, found.aims, hidden, found, Elastic(joint, hidden))

    @property
    def cost(self) -> float:
        return float(self.joint.cost[self.hidden & ~self.joint.primary].sum())

    def cover(self, number: int) -> bool:
        """Hide what it takes to spread one target over its width; False where what is fixed does not let it."""
        while self.found.width[number] < self.aims.width[number]:
            best = self._cheapest(self.elastic, number)
            if best is None:
                return False
            self.hidden = self.hidden | best.gave_way
            self.elastic.publish(self.hidden)
            self.found.add(best.table)
        return True

    def _cheapest(self, elastic: Elastic, number: int) -> Alternative | None:
        """The cheaper of up and down, by the whole distance that is missing where that can be, else by as much of it as can."""
        low, high = int(self.found.low[number]), int(self.found.high[number])
        for distance in range(int(self.aims.width[number]) - (high - low), 0, -1):
            up = elastic.cheapest(self.aims, number, least=high + distance)
            down = elastic.cheapest(self.aims, number, most=low - distance)
            if found := [choice for choice in (up, down) if choice is not None]:
                return min(found, key=lambda choice: choice.cost)
        return None

    def blame(self, number: int) -> Unsafe:
        """Give a target up, and say which fixed cells would have to give way for it."""
        self.given_up.add(number)
        cell, variable, fixed = int(self.aims.cell[number]), int(self.aims.variable[number]), self.joint.fixed
        if cell >= 0 and fixed[cell]:
            return Unsafe(cell, variable, int(self.aims.width[number]), (cell,))
        best = self._cheapest(Elastic(self.joint, self.hidden, fixed_give_way=True), number)
        blamed = np.flatnonzero(fixed if best is None else best.gave_way & fixed)
        return Unsafe(cell, variable, int(self.aims.width[number]), tuple(int(one) for one in blamed))

    def put_back(self) -> None:
        """Publish again what need not be hidden or can be done without for less, dearest first, each shown to be safe."""
        for _ in range(PASSES):
            before = self.cost
            besides = np.flatnonzero(self.hidden & ~self.joint.primary)
            for cell in besides[np.argsort(-self.joint.cost[besides], kind="stable")].tolist():
                if self.hidden[cell]:
                    self.elastic.insist(cell, on=True)
                    self._try_without(cell)
                    self.elastic.insist(cell, on=False)
            if self.cost >= before:
                return

    def _try_without(self, cell: int) -> None:
        """Publish one cell and cover anew what that lays open; as it was before where that is not cheaper."""
        before, cost = (self.hidden, self.found), self.cost
        self.hidden = self.hidden.copy()
        self.hidden[cell] = False
        out = published(self.joint, self.hidden)
        self.found = self.found.saying(cell, out.low[cell], out.high[cell])
        self.elastic.publish(self.hidden)
        for number in np.flatnonzero(self.found.narrow).tolist():
            if number not in self.given_up and not (self.cover(number) and self.cost < cost):
                self.hidden, self.found = before
                self.elastic.publish(self.hidden)
                return

    def result(self, unsafe: tuple[Unsafe, ...]) -> Suppression:
        """What was found, with its proof."""
        safe = np.array([number not in self.given_up for number in range(len(self.aims))], dtype=bool)
        proof = prove(self.joint, self.hidden, self.aims.only(safe))
        return Suppression(self.hidden, unsafe, proof, self.cost)


def _back(numbers: Whole, number: int) -> int:
    return int(numbers[number]) if number >= 0 else -1


def _rearranged(found: Certificate, cells: Whole, variables: Whole) -> Certificate:
    """The certificate of an arranged model, for the model as it was; its tables in an order that does not say how they were found."""
    tables, low, high = (np.empty_like(found.tables), np.empty_like(found.told.low), np.empty_like(found.told.high))
    tables[:, variables], low[cells], high[cells] = found.tables, found.told.low, found.told.high
    aims = found.targets
    numbered = Targets(
        np.array([_back(cells, cell) for cell in aims.cell], dtype=np.int64),
        np.array([_back(variables, variable) for variable in aims.variable], dtype=np.int64),
        aims.width,
    )
    ordered = tables[np.lexsort(tables.T[::-1])] if tables.size else tables
    return Certificate(ordered, numbered, Told(low, high))
