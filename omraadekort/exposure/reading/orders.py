"""What the order of a list tells: an area whose figure is hidden, standing between two whose figures are shown, lies between them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from geo.editions.seen import Cell, Seen
from omraadekort.exposure.reading.names import City, Numbers
from webmap.language.wording import by_name

FEWEST: Final = 3
"""Different values that must stand in order before a list counts as sorted by them, when nobody asked for an order."""
_SIZES: Final[Mapping[str, Callable[[Numbers], float]]] = {
    "value": lambda row: row["value"],
    "n": lambda row: row["n"],
    "denominator": lambda row: row["denominator"],
    "numerator": lambda row: row["numerator"],
    "width": lambda row: row["high"] - row["low"],
}
"""What a list may be sorted by."""


def told_by_order(where: str, cells: Sequence[Cell], city: City, *, fewest: int = FEWEST) -> Iterator[Seen]:
    """Bounds on hidden figures by their place among shown ones of the same map, in a list that is sorted by their numbers.

    Hidden figures before or after all shown ones tell nothing: that is where a list puts what it cannot compare. A list by name or by
    code tells nothing either. fewest: different numbers that must stand in order.
    """
    by_map: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in cells:
        by_map.setdefault((cell[0], cell[1], cell[3]), []).append(cell)
    for listed in by_map.values():
        if any(cell in city.closed for cell in listed) and not _by_words(listed, city):
            for name, size in _SIZES.items():
                sizes = [(cell, size(city.rows[cell]) if cell in city.rows else math.nan) for cell in listed]
                yield from _between(where, sizes, name, city, fewest)


def _by_words(cells: Sequence[Cell], city: City) -> bool:
    """Whether a list of areas stands by code or by name, either way."""
    codes = [cell[2] for cell in cells]
    words = [by_name(city.area_names.get(cell[1:3], cell[2])) for cell in cells]
    return any(listed in (sorted(listed), sorted(listed, reverse=True)) for listed in (codes, words))


def _between(where: str, listed: Sequence[tuple[Cell, float]], name: str, city: City, fewest: int) -> Iterator[Seen]:
    known = [size for _, size in listed if not math.isnan(size)]
    if len(set(known)) < fewest or known not in (sorted(known), sorted(known, reverse=True)):
        return
    for place, (cell, _) in enumerate(listed):
        before = [size for _, size in listed[:place] if not math.isnan(size)]
        after = [size for _, size in listed[place + 1 :] if not math.isnan(size)]
        if cell in city.closed and before and after:
            yield Seen(where, cell, bounds={name: (min(before[-1], after[0]), max(before[-1], after[0]))})
