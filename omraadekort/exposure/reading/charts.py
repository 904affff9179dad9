"""Drawings read back: which value a point of a trend or a mark of a spread stands for, and which colour an area has on a small map.

A stranger knows the axis from the figures that are shown beside it, so that any point more in the drawing tells a figure that is not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

from geo.editions.edition import Edition
from geo.editions.seen import Cell, Seen
from geo.model.vocabulary import Period
from omraadekort.exposure.reading.names import City
from omraadekort.exposure.reading.payloads import look
from omraadekort.exposure.reading.tree import Element, parse
from webmap.charts.ground import minimap
from webmap.edition.rows import CITY_ID, CITY_SET

_PIXEL: Final = 0.11
"""How far a coordinate may be from where it should be: they have one decimal, and so have those that the axis is found by."""
_OWN: Final = ("linje", "baand", "prik", "streg")
Point = tuple[float, float]


@dataclass(frozen=True)
class Axis:
    """A straight scale: what stands at 0, and what one unit of the drawing adds."""

    start: float
    step: float

    def at(self, place: float) -> float:
        """What stands at a place."""
        return self.start + self.step * place

    @classmethod
    def through(cls, first: Point, last: Point) -> Axis | None:
        """The scale through two pairs of place and meaning; None when both lie at one place."""
        if abs(first[0] - last[0]) < _PIXEL:
            return None
        step = (last[1] - first[1]) / (last[0] - first[0])
        return cls(first[1] - step * first[0], step)


def points(drawing: Element) -> Iterator[Point]:
    """Places of the figures of a trend: corners of its line and band, its dots, and the strokes of single intervals."""
    for element in drawing.named("polyline", "polygon", "circle", "line"):
        if not {*element.classes} & {*_OWN}:
            continue
        if element.name == "circle":
            yield float(element.get("cx")), float(element.get("cy"))
        elif element.name == "line":
            yield from ((float(element.get(f"x{n}")), float(element.get(f"y{n}"))) for n in (1, 2))
        else:
            yield from ((float(x), float(y)) for x, y in (pair.split(",") for pair in element.get("points").split()))


def trend(where: str, drawing: Element, series: tuple[str, str, str], city: City) -> Iterator[Seen]:
    """Values of one area's figures by where they are drawn. series: indicator, area set, area id."""
    drawn = sorted({*points(drawing)})
    cells = city.over_time.get(series, ())
    if len(drawn) < 2 or not cells:
        return
    days = {cell: float(Period.parse(cell[3]).first.toordinal()) for cell in cells}
    shown = [cell for cell in cells if not math.isnan(city.rows[cell]["value"])]
    best: list[Seen] | None = None
    for along in _along(drawn, days, shown):
        read = list(_placed(where, drawn, along, days, city))
        if best is None or _strange(read, city) < _strange(best, city):
            best = read
        if not _strange(best, city):
            break
    yield from best or ()


def _along(drawn: Sequence[Point], days: Mapping[Cell, float], shown: Sequence[Cell]) -> Iterator[Axis]:
    """How days may lie along a drawing: from the first to the last that is shown, else between any two periods."""
    left, right = drawn[0][0], drawn[-1][0]
    ends = [(min(days[cell] for cell in shown), max(days[cell] for cell in shown))] if shown else []
    others = list(combinations(sorted(days.values()), 2))
    for first, last in [*ends, *(pair for pair in others if pair not in ends)]:
        line = Axis.through((left, first), (right, last))
        if line is not None:
            yield line


def _placed(where: str, drawn: Sequence[Point], along: Axis, days: Mapping[Cell, float], city: City) -> Iterator[Seen]:
    """The figures that points stand for, when days lie along the drawing so; a point of no period is left out."""
    near = abs(along.step) * _PIXEL + 1.0
    owners = [(point, cell) for point in drawn for cell, day in days.items() if abs(along.at(point[0]) - day) <= near]
    up = _up(owners, city)
    if up is None:
        return
    room = abs(up.step) * 2 * _PIXEL
    for point, cell in owners:
        value, own = up.at(point[1]), city.rows[cell]
        name = next((name for name in ("value", "low", "high") if abs(own[name] - value) <= room), "value")
        yield Seen(where, cell, bounds={name: (value - room, value + room)})


def _up(owners: Sequence[tuple[Point, Cell]], city: City) -> Axis | None:
    """How values lie up a drawing: the scale that puts most of the shown figures where a point is."""
    known = [
        (point[1], city.rows[cell][name])
        for point, cell in owners
        for name in ("value", "low", "high")
        if not math.isnan(city.rows[cell][name])
    ]
    if len({value for _, value in known}) < 2:
        return None
    known.sort(key=lambda pair: pair[1])
    cells = [(place, [city.rows[cell][name] for name in ("value", "low", "high")]) for (_, place), cell in owners]
    whole = Axis.through((max(known)[0], known[0][1]), (min(known)[0], known[-1][1]))  # the least value lies lowest, the most highest
    if whole is not None and _fits(whole, cells) == len(cells):
        return whole
    ends = [*known[:8], *known[-8:]]
    tried = [line for first, last in combinations(ends, 2) if (line := Axis.through(first, last)) and line.step < 0]
    return max(tried, key=lambda line: _fits(line, cells), default=whole)


def _fits(line: Axis, cells: Sequence[tuple[float, Sequence[float]]]) -> int:
    """How many places are those of a number of their figure."""
    room = abs(line.step) * 2 * _PIXEL
    return sum(any(abs(line.at(place) - value) <= room for value in values) for place, values in cells)


def _strange(read: Sequence[Seen], city: City) -> int:
    """How many points are not where a shown figure is; many when nothing was read."""
    if not read:
        return 10**6
    apart = 0
    for seen in read:
        name, (low, high) = next(iter(seen.bounds.items()))
        apart += not low <= city.rows[seen.cell][name] <= high
    return apart


def spread(where: str, drawing: Element, of_map: tuple[str, str, str], city: City) -> Iterator[Seen]:
    """Marks of a spread over the areas of a map, one for each that is shown: one too many is a hidden figure's.

    of_map: indicator, area set, period.
    """
    cells = city.on_map.get(of_map, ())
    marks = sorted(float(line.get("x1")) for line in drawing.named("line") if "tit" in line.classes)
    values = sorted(city.rows[cell]["value"] for cell in cells if not math.isnan(city.rows[cell]["value"]))
    closed = [cell for cell in cells if cell in city.closed]
    if len(marks) <= len(values) or not closed or len(values) < 2:
        return
    across = _across(drawing, marks, of_map, city)
    if across is None:
        return
    for value in (across.at(mark) for mark in marks):
        room = abs(across.step) * 2 * _PIXEL
        if not any(abs(value - shown) <= room for shown in values):
            yield Seen(where, closed[0], bounds={"value": (value - room, value + room)})


def _across(drawing: Element, marks: Sequence[float], of_map: tuple[str, str, str], city: City) -> Axis | None:
    """How values lie across a spread: the scale that puts most of what is drawn where a shown figure or an end of its interval is."""
    cells = [*city.on_map[of_map], (of_map[0], CITY_SET, CITY_ID, of_map[2])]
    rows = [city.rows[cell] for cell in cells if cell in city.rows]
    known = sorted({row[name] for row in rows for name in ("value", "low", "high") if not math.isnan(row[name])})
    values = sorted(row["value"] for row in rows[: len(city.on_map[of_map])] if not math.isnan(row["value"]))
    drawn = {float(element.get(name)) for element in drawing.named("line", "circle") for name in ("x1", "x2", "cx") if element.get(name)}
    tried = [Axis.through((low, values[0]), (high, values[-1])) for low, high in combinations(marks, 2)]

    def fits(axis: Axis) -> int:
        return sum(any(abs(axis.at(place) - value) <= abs(axis.step) * 2 * _PIXEL for value in known) for place in drawn)

    return max((axis for axis in tried if axis is not None), key=fits, default=None)


def colours(where: str, drawing: Element, of_map: tuple[str, str, str], city: City) -> Iterator[Seen]:
    """Classes of the areas of a small map, each area known by its id or by its shape. of_map: indicator, area set, period."""
    indicator, area_set, period = of_map
    shapes = _shapes(city.edition, area_set)
    for element in drawing.named("g", "path", "circle"):
        if "omraade" not in element.classes:
            continue
        place = element.get("d") or f"{element.get('cx')},{element.get('cy')}"
        area = element.get("data-omraade") or shapes.get(place, "")
        if area:
            yield from look(where, (indicator, area_set, area, period), element.get("class"), city)


@lru_cache(maxsize=64)
def _shapes(edition: Edition, area_set: str) -> Mapping[str, str]:
    """Area ids by how a small map draws them."""
    if area_set not in edition.layers:
        return {}
    areas = [area.area_id for area in edition.layers[area_set].areas]
    drawn = parse(minimap.mini_map(edition, area_set, looks={area: f"nr-{number}" for number, area in enumerate(areas)}))
    shapes: dict[str, str] = {}
    for element in drawn.named("path", "circle"):
        number = re.search(r"\bnr-(\d+)", element.get("class"))
        if number:
            shapes[element.get("d") or f"{element.get('cx')},{element.get('cy')}"] = areas[int(number[1])]
    return shapes
