"""What docs/method.md promises: which figures a rule hides, and what nobody may find out, how widely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from bench.stranger.city import City, Limits, Measure
from bench.stranger.people import BEFORE, Bools, Ints, People, Place, Sides, sides

MOST_JOINED: Final = 3
"""Areas that are laid together at most where one of another set lies across them."""


@dataclass(frozen=True)
class Target:
    """A count that must not be narrowed to fewer than width + 1 whole numbers.

    where: atoms, mask: classes. words: which count of what, where. truth: the count.
    """

    words: str
    kind: str
    measure: str
    period: str
    truth: int
    width: int
    where: Bools = field(repr=False, compare=False)
    mask: Bools = field(repr=False, compare=False)


def few(count: int, limits: Limits, *, zero: bool = False) -> bool:
    """Whether a count is one that the rule hides."""
    return (0 if zero else 1) <= count < limits.min_count


def hidden(counts: Sides, limits: Limits, *, zero: bool = False) -> str:
    """Why the rule hides a figure: residents, group, numerator, rest; "" where it does not."""
    if counts.residents < limits.min_residents:
        return "residents"
    if counts.denominator < limits.min_denominator:
        return "group"
    if few(counts.numerator, limits, zero=zero):
        return "numerator"
    return "rest" if few(counts.rest, limits, zero=zero) else ""


def targets(city: City, people: People, table: Ints, period: str, limits: Limits) -> Iterator[Target]:
    """All that nobody may find out of one period: figures that the rule hides, and the few in atoms and in differences of areas."""
    for measure in city.measures:
        seen: set[bytes] = set()
        for kind, words, where in _regions(people, measure, table):
            if where.tobytes() in seen:
                continue
            seen.add(where.tobytes())
            yield from _of_region(people, table, measure, (kind, words, where), period, limits)


def _of_region(  # noqa: PLR0913, PLR0917  # one region of one measure
    people: People, table: Ints, measure: Measure, region: tuple[str, str, Bools], period: str, limits: Limits
) -> Iterator[Target]:
    kind, words, where = region
    counts = sides(people, table, measure, where)
    width = min(limits.min_count - 2, counts.denominator)
    if width <= 0:
        return
    why = hidden(counts, limits, zero=measure.hide_zero) if kind == "figure" else ""
    above, below = people.masks[measure.id]
    sums = [("numerator", counts.numerator, above), ("rest", counts.rest, below & ~above)]
    if why == "group":
        sums.append(("denominator", counts.denominator, below))
    for name, count, mask in sums:
        if few(count, limits, zero=measure.hide_zero) or why in {"residents", "group"}:
            nobody = "" if mask[table.any(axis=0)].any() else " (nobody in the city)"
            yield Target(f"{name}{nobody} of {measure.id} in {words}", kind, measure.id, period, count, width, where, mask)


def _regions(people: People, measure: Measure, table: Ints) -> Iterator[tuple[str, str, Bools]]:
    lived = table.any(axis=1)
    areas = {place: where & lived for place, where in people.areas.items() if place[0].removesuffix(BEFORE) in measure.area_sets}
    for place, where in areas.items():
        yield "figure", _name(place), where
    for place, where in areas.items():
        inside: dict[str, list[Place]] = {}
        for other, there in areas.items():
            if other[0] != place[0] and there.any() and not (there & ~where).any():
                inside.setdefault(other[0], []).append(other)
        for area_set, others in inside.items():
            for other in others:
                yield "difference", f"{_name(place)} - {_name(other)}", where & ~areas[other]
            if len(others) > 1:
                yield "difference", f"{_name(place)} - all {area_set} inside", where & ~np.logical_or.reduce([areas[one] for one in others])
    yield from _joined(areas)
    for number in np.flatnonzero(lived):
        inside_of = [_name(place) for place, where in areas.items() if where[number]]
        if inside_of:
            yield "atom", " & ".join(inside_of), np.arange(len(lived)) == number


def _joined(areas: dict[Place, Bools]) -> Iterator[tuple[str, str, Bools]]:
    """Areas of one set laid together because one of another set lies across them, less that one."""
    for place, where in areas.items():
        across: dict[str, list[Place]] = {}
        for other, there in areas.items():
            if other[0] != place[0] and (where & there).any():
                across.setdefault(other[0], []).append(other)
        for others in across.values():
            union = np.logical_or.reduce([areas[one] for one in others])
            if 1 < len(others) <= MOST_JOINED and not (where & ~union).any():
                yield "difference", f"{' + '.join(map(_name, others))} - {_name(place)}", union & ~where


def _name(place: Place) -> str:
    return "/".join(place)
