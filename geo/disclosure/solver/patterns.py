"""Steps: what the counts see when somebody changes kind. Many changes look alike to all counts; they are one pattern.

A step of a pattern in one atom, and its opposite in another, leave every count unchanged that both atoms are in. So two atoms whose
told regions are the same where a pattern shows may exchange it freely.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.disclosure.solver.tables import Bools, Ints, Tables

MOST_SINGLE: Final = 1500
"""Patterns of one person, those that touch fewest counts first."""

MOST_PAIRS: Final = 700
"""Patterns of two persons."""

TOUCHED: Final = 3
"""Counts that a pattern of two persons may touch: with more of them one person would do."""

_SINGLE_FOR_PAIRS: Final = 700

_COUNTED: Final = 1000
"""Steps beyond which a capacity is not counted: no width asks for more."""


Small = NDArray[np.int16]
"""Numbers up to a thousand: there are many of them, and to read them costs more than to reckon with them."""


@dataclass(frozen=True)
class Patterns:
    """change: shape (patterns, masks), what a step does to each count. on_form: shape (patterns, forms), and to what targets count.

    opposite: shape (patterns,). allowed: shape (patterns, kinds), who can make a step of one person; becomes: the kind that each is then.
    pair: shape (patterns, 2), the two patterns of one person that make a step of two persons, -1 elsewhere.
    """

    change: Ints
    on_form: Ints
    opposite: Ints
    allowed: Bools
    becomes: Ints
    pair: Ints

    def __len__(self) -> int:
        """How many there are."""
        return len(self.change)

    def capacity(self, people: Ints) -> Small:
        """Shape (patterns, atoms): how many steps the people of each atom can make, a thousand at most."""
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
    """The matrix product of whole numbers far below 2**53: as floating point, which is many times faster and no less exact."""
    return np.asarray(left.astype(np.float64) @ right.astype(np.float64)).astype(np.int64)


def patterns(tables: Tables, forms: Ints) -> Patterns:
    """All patterns of one person, and the patterns of two persons that touch few counts and that one person cannot make.

    Worked out once for all periods of a register: they depend on who is counted by what, not on how many there are.
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
    """What changes of one person look like, who can make each, and the kind that they become."""
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
    """The first so many patterns in this order, each with its opposite."""
    lookup = {row.tobytes(): number for number, row in enumerate(distinct)}
    kept: dict[int, None] = {}
    for number in order.tolist():
        if len(kept) >= most:
            break
        kept[number] = None
        kept[lookup[(-distinct[number]).tobytes()]] = None
    return np.array(list(kept), dtype=np.int64)


def _pairs(single: Ints) -> tuple[Ints, Ints]:
    """Sums of two patterns of one person that touch at most TOUCHED counts and are no pattern of one person."""
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
    """What a step of each pattern does to each form; 0 also where it depends on who makes it."""
    effect = np.zeros((len(change), len(forms)), dtype=np.int64)
    for number in range(len(allowed)):
        who = np.flatnonzero(allowed[number])
        steps = forms[:, becomes[number, who]] - forms[:, who]
        same = (steps == steps[:, :1]).all(axis=1)
        effect[number] = np.where(same, steps[:, 0], 0)
    for number in range(len(allowed), len(change)):
        effect[number] = effect[pair[number]].sum(axis=0)
    return effect
