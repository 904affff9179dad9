"""Three attackers who try to solve for what is hidden, each knowing more than the one before.

*lp* knows every published figure and the populations, and reckons in broken numbers. *whole* knows the same and that people are whole.
*told* knows besides which hidden cells are primary and by which side, so that the rule's bounds hold there. Who cannot be narrowed by
*told* is safe from all three: what *told* must hold possible, the others must too. So it attacks first, the others only where it succeeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.errors import InputError, Problem
from geo.protection.jointmodel import PLACE, Flags, Floats, Frame, Joint, Published, Targets, Told, Whole, published, targets, told
from geo.protection.polytope import CLOSE, Polytope, bounds, contradiction, signs

ROUNDS: Final = 12
"""How many random directions are tried before each target is attacked by itself: every corner found tells of many targets at once."""


class Attacker(StrEnum):
    """Who reckons, from the one who knows least."""

    LP = "lp"
    WHOLE = "whole"
    TOLD = "told"


ATTACKERS: Final = tuple(Attacker)


@dataclass(frozen=True)
class Narrowed:
    """A target that an attacker can bound too tightly: to `low`..`high`, where high - low < width. cell or variable is -1."""

    attacker: Attacker
    cell: int
    variable: int
    low: int
    high: int
    width: int


class Witnesses:
    """Whole tables found so far, and how low and high they hold each target. The one thing here that grows."""

    def __init__(self, frame: Frame, aims: Targets) -> None:
        """Without tables, low is above high: `width` is below 0."""
        self.frame, self.aims = frame, aims
        self._place = np.where(aims.cell >= 0, aims.cell, frame.cells.shape[0] + aims.variable)
        self.tables: list[Whole] = []
        self._held: list[NDArray[np.int32]] = []
        self._counts: list[NDArray[np.int32]] = []
        self.low: Whole = np.full(len(aims), np.iinfo(np.int32).max, dtype=np.int64)
        self.high: Whole = np.full(len(aims), np.iinfo(np.int32).min, dtype=np.int64)

    def add(self, table: Whole) -> None:
        """One more table, shape (variables,), that must be held possible."""
        counts = self.frame.cells @ table
        held = np.concatenate([counts, table])[self._place]
        self.tables.append(table)
        self._counts.append(counts.astype(np.int32))
        self._held.append(held.astype(np.int32))
        self.low, self.high = np.minimum(self.low, held), np.maximum(self.high, held)

    def saying(self, cell: int, low: float, high: float) -> Witnesses:
        """Those of the tables whose count of one cell lies within low and high."""
        kept = Witnesses(self.frame, self.aims)
        chosen = [number for number, counts in enumerate(self._counts) if low <= counts[cell] <= high]
        kept.tables, kept._counts = [self.tables[number] for number in chosen], [self._counts[number] for number in chosen]
        kept._held = [self._held[number] for number in chosen]
        if chosen:
            held = np.stack(kept._held)
            kept.low, kept.high = held.min(axis=0).astype(np.int64), held.max(axis=0).astype(np.int64)
        return kept

    @property
    def width(self) -> Whole:
        """Shape (targets,): how far apart the tables hold each target."""
        return self.high - self.low

    @property
    def narrow(self) -> Flags:
        """Shape (targets,): not held as far apart as their width asks."""
        return np.asarray(self.width < self.aims.width)


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
    suspects = aims.only(explore(Polytope(frame, out, rule), aims).narrow)
    suspects = suspects.needing(undeniable(frame, suspects, rule))
    if not len(suspects):
        return ()
    plain, knowing, rows = Polytope(frame, out, None), Polytope(frame, out, rule), suspects.rows(frame)
    return tuple(
        Narrowed(who, int(suspects.cell[number]), int(suspects.variable[number]), low, high, int(suspects.width[number]))
        for number in range(len(suspects))
        for who, (low, high) in _intervals(plain, knowing, weights(rows, number)).items()
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
    found, rows = Witnesses(polytope.frame, aims), aims.rows(polytope.frame)
    for table in known:
        found.add(table)
    for turn in range(ROUNDS):
        if not (narrow := found.narrow).any():
            return found
        _walk(polytope, found, (narrow * signs([turn], len(aims))) @ rows)
    for number in np.flatnonzero(found.narrow):
        for sign in (1, -1):
            if found.width[number] < aims.width[number]:
                _walk(polytope, found, sign * weights(rows, int(number)))
    return found


def undeniable(frame: Frame, aims: Targets, rule: Told) -> Whole:
    """Shape (targets,): each width, or what *told* cannot be denied if less: the width left when every cell is hidden."""
    nothing = np.full(frame.cells.shape[0], np.nan)
    return np.minimum(aims.width, explore(Polytope(frame, Published(nothing, nothing), rule), aims).width)


def weights(rows: sparse.csr_array, target: int) -> Floats:
    """Shape (variables,): the sum that one target is."""
    dense = np.zeros(rows.shape[1])
    start, stop = rows.indptr[target : target + 2]
    dense[rows.indices[start:stop]] = rows.data[start:stop]
    return dense


def _walk(polytope: Polytope, found: Witnesses, direction: Floats) -> None:
    table = polytope.furthest(direction)
    if table is not None:
        found.add(table)


def _intervals(plain: Polytope, knowing: Polytope, total: Floats) -> dict[Attacker, tuple[int, int]]:
    """From and to what each attacker bounds a sum; broken bounds are narrowed to the whole numbers between them."""
    reach = int(np.ceil(-plain.reach(-total) - CLOSE)), int(np.floor(plain.reach(total) + CLOSE))
    return {Attacker.LP: reach, Attacker.WHOLE: _interval(plain, total), Attacker.TOLD: _interval(knowing, total)}


def _interval(polytope: Polytope, total: Floats) -> tuple[int, int]:
    low, high = polytope.furthest(-total), polytope.furthest(total)
    if low is None or high is None:
        raise InputError(Problem(PLACE, "published figures disagree with each other", expected="sums that can all be"))
    return int(total @ low), int(total @ high)
