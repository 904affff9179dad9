"""Three attackers who try to solve for what is hidden, each knowing more than the one before.

*lp* knows every published figure and the populations, and reckons in broken numbers. *whole* knows the same and that people are whole.
*told* knows besides which hidden cells are primary and by which side, so that the rule's bounds hold there. Who cannot be narrowed by
*told* is safe from all three: what *told* must hold possible, the others must too. So it attacks first, the others only where it succeeds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
from scipy import sparse

from geo.errors import InputError, Problem
from geo.jointmodel import PLACE, Flags, Floats, Frame, Joint, Published, Targets, Told, Whole, published, targets, told
from geo.polytope import CLOSE, Polytope, bounds, contradiction, signs

ROUNDS: Final = 12
"""How many random directions are tried before each target is attacked by itself: every corner found tells of many targets at once."""


class Attacker(StrEnum):
    """Who reckons, from the one who knows least."""

    LP = "lp"
    WHOLE = "whole"
    TOLD = "told"


@dataclass(frozen=True)
class Narrowed:
    """A target that an attacker can bound too tightly: to `low`..`high`, where high - low < width. cell or variable is -1."""

    attacker: Attacker
    cell: int
    variable: int
    low: int
    high: int
    width: int


@dataclass
class Witnesses:
    """Whole tables found so far, and how low and high they hold each target. The one thing here that grows.

    rows: csr, targets x variables.
    """

    rows: sparse.csr_array
    tables: list[Whole] = field(default_factory=list)
    low: Whole = field(init=False)
    high: Whole = field(init=False)

    def __post_init__(self) -> None:
        self.low = np.full(self.rows.shape[0], np.iinfo(np.int32).max, dtype=np.int64)
        self.high = np.full(self.rows.shape[0], np.iinfo(np.int32).min, dtype=np.int64)
        known, self.tables = self.tables, []
        for table in known:
            self.add(table)

    def add(self, table: Whole) -> None:
        """One more table that must be held possible."""
        self.tables.append(table)
        held = self.rows @ table
        self.low, self.high = np.minimum(self.low, held), np.maximum(self.high, held)

    @property
    def width(self) -> Whole:
        """Shape (targets,): how far apart the tables hold each target; below 0 without tables."""
        return self.high - self.low

    def weights(self, target: int) -> Floats:
        """Shape (variables,): the sum that one target is."""
        dense = np.zeros(self.rows.shape[1])
        start, stop = self.rows.indptr[target : target + 2]
        dense[self.rows.indices[start:stop]] = self.rows.data[start:stop]
        return dense


def attack(joint: Joint, hidden: Flags) -> tuple[Narrowed, ...]:
    """What the three attackers can narrow when all cells but the `hidden`, shape (cells,), are published; empty is safe.

    A target's width is min(breadth of the rule, its people, what *told* could not be denied if every cell were hidden).
    """
    return narrowed(joint, published(joint, hidden), targets(joint), told(joint))


def narrowed(frame: Frame, out: Published, aims: Targets, rule: Told) -> tuple[Narrowed, ...]:
    """The same of figures as they lie in an edition, without the truth: targets and rule come from the certificate or the model.

    Raises InputError when published figures contradict each other, naming cells of which none is too many.
    """
    agree(frame, out, rule)
    suspects = aims.only(explore(Polytope(frame, out, rule), aims).width < aims.width)
    suspects = suspects.needing(undeniable(frame, suspects, rule))
    if not len(suspects):
        return ()
    plain, knowing, rows = Polytope(frame, out, None), Polytope(frame, out, rule), Witnesses(suspects.rows(frame))
    return tuple(
        Narrowed(who, int(suspects.cell[number]), int(suspects.variable[number]), low, high, int(suspects.width[number]))
        for number in range(len(suspects))
        for who, (low, high) in _intervals(plain, knowing, rows.weights(number)).items()
        if high - low < suspects.width[number]
    )


def agree(frame: Frame, out: Published, rule: Told | None) -> None:
    """Raise InputError where no table reproduces what is published: it names the cells that disagree, none of them too many."""
    low, high = bounds(frame, out, rule)
    empty = np.flatnonzero(low > high)
    cells = (int(empty[0]),) if len(empty) else contradiction(frame, low, high)
    if cells:
        names = ", ".join(str(cell) for cell in cells)
        raise InputError(
            Problem(PLACE, "published figures disagree with each other", found=f"cells {names}", expected="sums that can all be")
        )


def explore(polytope: Polytope, aims: Targets, *, known: tuple[Whole, ...] = ()) -> Witnesses:
    """Tables of the polytope that hold each target as far apart as its width, or as far as can be.

    known: tables of the polytope. Random directions first, then each target that is still narrow by itself, up and down.
    """
    found = Witnesses(aims.rows(polytope.frame), list(known))
    rows = found.rows.astype(np.float64)
    for turn in range(ROUNDS):
        narrow = found.width < aims.width
        if not narrow.any():
            return found
        _walk(polytope, found, (narrow * signs([turn], len(aims))) @ rows)
    for number in range(len(aims)):
        for sign in (1, -1):
            if found.width[number] < aims.width[number]:
                _walk(polytope, found, sign * found.weights(number))
    return found


def undeniable(frame: Frame, aims: Targets, rule: Told) -> Whole:
    """Shape (targets,): each width, or what *told* cannot be denied if less: the width left when every cell is hidden."""
    nothing = np.full(frame.cells.shape[0], np.nan)
    return np.minimum(aims.width, explore(Polytope(frame, Published(nothing, nothing), rule), aims).width)


def _walk(polytope: Polytope, found: Witnesses, direction: Floats) -> None:
    table = polytope.furthest(direction)
    if table is not None:
        found.add(table)


def _intervals(plain: Polytope, knowing: Polytope, weights: Floats) -> dict[Attacker, tuple[int, int]]:
    """From and to what each attacker bounds a sum; broken bounds are narrowed to the whole numbers between them."""
    reach = int(np.ceil(-plain.reach(-weights) - CLOSE)), int(np.floor(plain.reach(weights) + CLOSE))
    return {Attacker.LP: reach, Attacker.WHOLE: _interval(plain, weights), Attacker.TOLD: _interval(knowing, weights)}


def _interval(polytope: Polytope, weights: Floats) -> tuple[int, int]:
    low, high = polytope.furthest(-weights), polytope.furthest(weights)
    if low is None or high is None:
        raise InputError(Problem(PLACE, "published figures disagree with each other", expected="sums that can all be"))
    return int(weights @ low), int(weights @ high)
