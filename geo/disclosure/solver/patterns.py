"""Patterns: how the counts change when somebody changes kind. Many changes of kind look the same in all counts; they are one pattern.

A step is one such change in an atom. A step of a pattern in one atom and the opposite step in another leave every count unchanged
that contains both atoms. So two atoms can exchange a pattern when they lie in the same published regions whose counts the pattern
changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.disclosure.solver.tables import Bools, Ints, Tables

MOST_SINGLE: Final = 1500
"""How many patterns of one person are kept, those that change fewest counts first."""

MOST_PAIRS: Final = 700
"""How many patterns of two persons are kept."""

TOUCHED: Final = 3
"""How many counts a pattern of two persons may change: with more of them, a pattern of one person would do."""

_SINGLE_FOR_PAIRS: Final = 700

_COUNTED: Final = 1000
"""The number of steps above which a capacity is not counted further: no width asks for more."""


Small = NDArray[np.int16]
"""Whole numbers up to a thousand, in two bytes: the arrays are large, and reading them costs more than calculating with them."""


@dataclass(frozen=True)
class Patterns:
    """All patterns. change: shape (patterns, masks), what a step adds to each count. on_form: shape (patterns, forms), the same for forms.

    opposite: shape (patterns,), the number of the opposite pattern. allowed: shape (patterns, kinds), which kinds of people can make
    a step of one person; becomes: the same shape, the kind that each is afterwards. pair: shape (patterns, 2), the two patterns of
    one person that make a step of two persons, -1 elsewhere.
    """

    change: Ints
    on_form: Ints
    opposite: Ints
    allowed: Bools
    becomes: Ints
    pair: Ints

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.change)

    def capacity(self, people: Ints) -> Small:
        """Return how many steps of each pattern the people of each atom can make, a thousand at most: shape (patterns, atoms).

        people: shape (atoms, kinds).
        """
        single = self.pair[:, 0] < 0
        steps = np.zeros((len(self), len(people)), dtype=np.int16)
        steps[single] = np.minimum(product(self.allowed[single], people.T), _COUNTED)
        for number in np.flatnonzero(~single).tolist():
            first, other = self.pair[number]
            both = np.minimum(steps[first], steps[other])
            shared = (self.allowed[first] & self.allowed[other]).any() or first == other
            steps[number] = both // 2 if shared else both
        return steps


def product(left: Ints | Bools, right: Ints | Bools) -> Ints:
    """Return the matrix product of left and right, whole numbers far below 2**53.

    It is computed in floating point, which is many times faster and exact for such numbers.
    """
    return np.asarray(left.astype(np.float64) @ right.astype(np.float64)).astype(np.int64)


def patterns(tables: Tables, forms: Ints) -> Patterns:
    """Return all patterns of one person, and the patterns of two persons that change few counts and that one person cannot make.

    forms: shape (forms, kinds). They are worked out once for all periods of a register, because they depend only on who is counted by
    what.
    """
    shapes = tables.masks.shape, forms.shape
    return _patterns(tables.masks.tobytes(), tables.group.tobytes(), forms.tobytes(), *shapes)


@lru_cache(maxsize=8)
def _patterns(masks_: bytes, group_: bytes, forms_: bytes, shape: tuple[int, int], shape_of_forms: tuple[int, int]) -> Patterns:
    masks, group, forms = (np.frombuffer(part, dtype=np.int64) for part in (masks_, group_, forms_))
    masks, forms = masks.reshape(shape), forms.reshape(shape_of_forms)
    single, allowed, becomes = _single(masks, group)
    pairs, parts = _pairs(single)
    change = np.concatenate([single, pairs])
    kinds = len(group)
    lookup = {row.tobytes(): number for number, row in enumerate(change)}
    opposite = np.array([lookup[(-row).tobytes()] for row in change], dtype=np.int64)
    pair = np.concatenate([np.full((len(single), 2), -1, dtype=np.int64), parts])
    on_form = _on_form(forms, change, allowed, becomes, pair)
    return Patterns(
        change,
        on_form,
        opposite,
        np.concatenate([allowed, np.zeros((len(pairs), kinds), dtype=bool)]),
        np.concatenate([becomes, np.zeros((len(pairs), kinds), dtype=np.int64)]),
        pair,
    )


def _single(masks: Ints, group: Ints) -> tuple[Ints, Bools, Ints]:
    """The patterns of one person: what each changes, which kinds can make it, and the kind that they become."""
    kinds = len(group)
    source, target = np.nonzero((group[:, None] == group[None, :]) & ~np.eye(kinds, dtype=bool))
    change = (masks[:, target] - masks[:, source]).T
    seen = (change != 0).any(axis=1)
    source, target, change = source[seen], target[seen], change[seen]
    distinct, number = np.unique(change, axis=0, return_inverse=True) if len(change) else (change, np.empty(0, dtype=np.int64))
    number = number.ravel()
    order = np.lexsort((np.arange(len(distinct)), (distinct != 0).sum(axis=1)))
    kept = _closed(distinct, order, MOST_SINGLE)
    place = np.full(len(distinct), -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    allowed = np.zeros((len(kept), kinds), dtype=bool)
    becomes = np.zeros((len(kept), kinds), dtype=np.int64)
    here = place[number]
    mine = here >= 0
    allowed[here[mine], source[mine]] = True
    becomes[here[mine], source[mine]] = target[mine]
    return np.ascontiguousarray(distinct[kept]), allowed, becomes


def _closed(distinct: Ints, order: Ints, most: int) -> Ints:
    """The first so many patterns in this order, each together with its opposite."""
    lookup = {row.tobytes(): number for number, row in enumerate(distinct)}
    kept: dict[int, None] = {}
    for number in order.tolist():
        if len(kept) >= most:
            break
        kept[number] = None
        kept[lookup[(-distinct[number]).tobytes()]] = None
    return np.array(list(kept), dtype=np.int64)


def _pairs(single: Ints) -> tuple[Ints, Ints]:
    """Sums of two patterns of one person that change at most TOUCHED counts and are not a pattern of one person."""
    nothing = np.zeros((0, single.shape[1] if single.ndim == 2 else 0), dtype=np.int64), np.zeros((0, 2), dtype=np.int64)
    few = single[:_SINGLE_FOR_PAIRS].astype(np.int8)
    if not len(few):
        return nothing
    met = {row.tobytes() for row in single}
    chosen: dict[bytes, tuple[int, int]] = {}
    for number, row in enumerate(few):
        sums = few[number:] + row
        touched = (sums != 0).sum(axis=1)
        good = np.flatnonzero((touched > 0) & (touched <= TOUCHED) & (np.abs(sums).max(axis=1) <= 1))
        for other in good.tolist():
            key = sums[other].astype(np.int64).tobytes()
            if key not in met:
                chosen.setdefault(key, (number, number + other))
    rows = np.array([np.frombuffer(key, dtype=np.int64) for key in chosen], dtype=np.int64).reshape(-1, single.shape[1])
    parts = np.array(list(chosen.values()), dtype=np.int64).reshape(-1, 2)
    if not len(rows):
        return nothing
    both = np.array([(-row).tobytes() in chosen for row in rows], dtype=bool)
    rows, parts = rows[both], parts[both]
    kept = _closed(rows, np.lexsort((np.arange(len(rows)), (rows != 0).sum(axis=1))), MOST_PAIRS)
    return rows[kept], parts[kept]


def _on_form(forms: Ints, change: Ints, allowed: Bools, becomes: Ints, pair: Ints) -> Ints:
    """What a step of each pattern adds to each form; 0 also where that depends on who makes the step."""
    effect = np.zeros((len(change), len(forms)), dtype=np.int64)
    for number in range(len(allowed)):
        who = np.flatnonzero(allowed[number])
        steps = forms[:, becomes[number, who]] - forms[:, who]
        same = (steps == steps[:, :1]).all(axis=1)
        effect[number] = np.where(same, steps[:, 0], 0)
    for number in range(len(allowed), len(change)):
        effect[number] = effect[pair[number]].sum(axis=0)
    return effect
