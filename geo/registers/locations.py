"""Where the rows of a register are. Each coordinate is resolved once, to the number of a place; nothing of it is kept afterwards.

A place is a combination of areas, over all sets at once, that points share. A city has some hundred places where it has millions of
rows, so rows are counted by place first, whatever the number of area sets, and places are turned into areas at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from geo.registers.cube import ALL, REASONS
from geo.spatial import crs

Floats = NDArray[np.float64]
Numbers = NDArray[np.int32]

OUTSIDE, NO_COORDINATE, NO_ADDRESS = range(len(REASONS))
"""The first places: in no area at all, and those that no point has."""

FEWEST_SLOTS: Final = 1 << 16
MOST_SLOTS: Final = 1 << 22
"""Of 20 bytes each. A register with more coordinates than fit is resolved row by row: that is faster than so large a table."""


class Pairs(Protocol):
    """Which point lies in which area of a set, by number; sorted by point. Both arrays have shape (pairs,)."""

    @property
    def point(self) -> NDArray[Any]:
        """Numbers of points."""

    @property
    def area(self) -> NDArray[Any]:
        """Numbers of areas."""


WAYS: Final = 4
"""How many slots a coordinate may stand in: as many as one cache line of the processor holds."""

SPARE: Final = 3
"""How many slots there are for each coordinate, at least: with fewer, too many coordinates would share the same slots."""

_SPREAD: Final = 16
"""Address numbers whose range is at most so many times their count are looked up in a plain array, forty times as fast as hashed."""

Find = Callable[[Floats, Floats], Sequence[Pairs]]
"""A function that finds the areas of points (metres, EPSG:25832) in each area set; none for a coordinate that is not finite."""


class Places:
    """The numbers of places; a new combination of areas gets the next number when it is first met."""

    def __init__(self, find: Find, areas: Mapping[str, int]) -> None:
        self._find, self._areas = find, areas
        self._first = dict(zip(areas, np.cumsum([0, *areas.values()])[:-1].tolist(), strict=True))
        self._all = sum(areas.values())
        self._inside: list[tuple[int, ...]] = [()] * len(REASONS)  # of each place: its areas, numbered through all sets
        self._shared: tuple[int, dict[str, sparse.csr_array]] = (0, {})
        self._steps, self._next = np.empty(0, np.int64), np.empty(0, np.int32)  # place x area -> the place that has this area too

    def __len__(self) -> int:
        return len(self._inside)

    def of_points(self, x: Floats, y: Floats) -> Numbers:
        """Return the place of each point, shape (points,): OUTSIDE when it is in no area of any set. x, y: metres (EPSG:25832)."""
        place = np.full(len(x), OUTSIDE, dtype=np.int32)
        for pairs, first in zip(self._find(x, y), self._first.values(), strict=True):
            point, area = pairs.point, pairs.area + np.int64(first)
            again = np.flatnonzero(np.diff(point, prepend=-1) == 0)  # in a set that overlaps, a point may come more than once
            while len(again):
                now = np.setdiff1d(np.arange(len(point)), again, assume_unique=True)
                place[point[now]] = self._with_area(place[point[now]], area[now])
                point, area = point[again], area[again]
                again = np.flatnonzero(np.diff(point, prepend=-1) == 0)
            place[point] = self._with_area(place[point], area)
        return place

    @property
    def inside(self) -> Sequence[tuple[int, ...]]:
        """The areas of each place, ascending, numbered through all sets; empty for the first places."""
        return self._inside

    def shares(self) -> dict[str, sparse.csr_array]:
        """Return, for each set and for ALL, which areas a place lies in: 1 where it does, shape (areas + reasons, places)."""
        if len(self) != self._shared[0]:
            shares = {name: self._shares(self._first[name], size) for name, size in self._areas.items()}
            self._shared = len(self), {ALL: self._shares(0, 0), **shares}
        return self._shared[1]

    def _with_area(self, place: Numbers, area: NDArray[np.int64]) -> Numbers:
        """The places that have one area more; the same area added to the same place always gives the same place."""
        step, distinct = pd.factorize(place * np.int64(self._all) + area)
        new = np.setdiff1d(distinct, self._steps)
        if len(new):
            self._inside += [(*self._inside[place], area) for place, area in zip(*divmod(new, self._all), strict=True)]
            next_places = np.arange(len(self) - len(new), len(self), dtype=np.int32)
            order = np.argsort(steps := np.append(self._steps, new))
            self._steps, self._next = steps[order], np.append(self._next, next_places)[order]
        return self._next[np.searchsorted(self._steps, distinct)][step]

    def _shares(self, first: int, size: int) -> sparse.csr_array:
        own = [[area - first for area in inside if first <= area < first + size] or [size + OUTSIDE] for inside in self._inside]
        own[NO_COORDINATE], own[NO_ADDRESS] = [size + NO_COORDINATE], [size + NO_ADDRESS]
        area = np.array([area for areas in own for area in areas])
        place = np.repeat(np.arange(len(own)), [len(areas) for areas in own])
        return sparse.csr_array((np.ones(len(area), np.int64), (area, place)), shape=(size + len(REASONS), len(own)))


class ByCoordinate:
    """The dictionary of a register whose rows have coordinates: a hash table with one coordinate in each slot.

    A coordinate may stand in any of WAYS neighbouring slots. Where more want the same, some are resolved again, and all are when
    there are more than the largest table holds. So the answers are exact and the size is bounded.
    """

    def __init__(self, places: Places, *, declared: str, slots: int = FEWEST_SLOTS, most: int = MOST_SLOTS) -> None:
        self._places, self._declared, self._most = places, declared, most
        self._clear(slots)

    def of(self, x: Floats, y: Floats) -> Numbers:
        """Return the place of each row, shape (rows,). x, y: coordinates in the declared CRS, shape (rows,)."""
        if not len(self._kept):
            return place_of(self._places, x, y, declared=self._declared)
        slot = self._slots(x, y)
        place = np.take(self._place, slot)
        missed = np.flatnonzero(~self._has(slot, x, y))
        x, y, slot = x[missed], y[missed], slot[missed]
        for way in range(1, WAYS):
            place[missed] = np.take(self._place, slot ^ way)
            left = np.flatnonzero(~self._has(slot ^ way, x, y))
            missed, x, y, slot = missed[left], x[left], y[left], slot[left]
        if len(missed):
            place[missed] = self._resolve(x, y, slot)
        return place

    def _resolve(self, x: Floats, y: Floats, slot: NDArray[np.int64]) -> Numbers:
        place = place_of(self._places, x, y, declared=self._declared)
        self._keep(x, y, place, slot)
        self._filled += len(x)  # at most: a coordinate may come twice in a batch
        if SPARE * self._filled > len(self._kept):
            self._widen()
        return place

    def _widen(self) -> None:
        full = np.flatnonzero(~np.isnan(self._kept.real))
        kept, places = self._kept[full], self._place[full]
        if SPARE * len(full) > len(self._kept):
            self._clear(2 * len(self._kept) if len(self._kept) < self._most else 0)
            if len(self._kept):
                kept_x, kept_y = kept.real.copy(), kept.imag.copy()
                self._keep(kept_x, kept_y, places, self._slots(kept_x, kept_y))
        self._filled = len(full)

    def _keep(self, x: Floats, y: Floats, place: Numbers, slot: NDArray[np.int64]) -> None:
        kept = np.empty(len(x), dtype=np.complex128)
        kept.real, kept.imag = x, y
        target, left = slot.copy(), np.arange(len(slot))
        for way in range(1, WAYS):
            left = left[~np.isnan(self._kept[target[left]].real)]
            target[left] = slot[left] ^ way
        # Two rows of one slot: numpy keeps the last of each assignment, so a coordinate and its place stay together.
        self._kept[target], self._place[target] = kept, place

    def _has(self, slot: NDArray[np.int64], x: Floats, y: Floats) -> NDArray[np.bool_]:
        kept = np.take(self._kept, slot)
        same: NDArray[np.bool_] = kept.real == x
        same &= kept.imag == y
        return same

    def _clear(self, slots: int) -> None:
        self._kept = np.full(slots, np.nan + 0j)  # NaN is no coordinate's equal
        self._place = np.zeros(slots, dtype=np.int32)
        self._shift, self._filled = np.uint64(65 - slots.bit_length()), 0

    def _slots(self, x: Floats, y: Floats) -> NDArray[np.int64]:
        mixed = x.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= y.view(np.uint64)
        mixed *= np.uint64(0xD6E8FEB86659FD93)
        mixed >>= self._shift
        return mixed.view(np.int64)


class ByAddress:
    """The dictionary of a register whose rows have an address from a list; all addresses are resolved before the first row."""

    def __init__(self, places: Places, keys: pd.Index, x: Floats, y: Floats, *, declared: str) -> None:
        self.places, self.keys = places, keys
        self.kind = pa.int64() if keys.dtype.kind == "i" else pa.string()
        self._place = np.append(place_of(places, x, y, declared=declared), np.int32(NO_ADDRESS))
        self._lowest, self._direct = 0, np.empty(0, np.int32)
        if keys.dtype.kind == "i" and len(keys) and int(keys.max()) - int(keys.min()) < _SPREAD * len(keys):
            self._lowest = int(keys.min())
            self._direct = np.full(int(keys.max()) - self._lowest + 1, NO_ADDRESS, dtype=np.int32)
            self._direct[keys.to_numpy() - self._lowest] = self._place[:-1]

    def of(self, keys: NDArray[Any]) -> Numbers:
        """Return the place of each row, shape (rows,), from its address; NO_ADDRESS where the list lacks it. keys: shape (rows,)."""
        if not len(self._direct):
            return self._place[self.keys.get_indexer(pd.Index(keys, dtype=keys.dtype))]
        number = keys - self._lowest
        beyond = (number < 0) | (number >= len(self._direct))
        place = np.take(self._direct, number, mode="clip")
        place[beyond] = NO_ADDRESS
        return place


def place_of(places: Places, x: Floats, y: Floats, *, declared: str) -> Numbers:
    """Return the place of each coordinate, shape (points,); NO_COORDINATE where x or y is absent or infinite.

    x, y: coordinates in the CRS named by `declared`, shape (points,).
    """
    somewhere = np.isfinite(x) & np.isfinite(y)
    place = np.full(len(x), NO_COORDINATE, dtype=np.int32)
    place[somewhere] = places.of_points(*crs.points_to_measure(x[somewhere], y[somewhere], declared=declared))
    return place
