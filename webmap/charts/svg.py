"""What the drawings of figures over time are made of: a scale in days and values, and lines, bands, dots and words upon it, as SVG.

Classes and presentation attributes only: the Content-Security-Policy allows no style attribute.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup


@dataclass(frozen=True)
class Mark:
    """One figure: a day of its period, value and interval in the indicator's unit (NaN where not known), and its definition."""

    when: dt.date
    value: float
    low: float
    high: float
    definition: str = ""


_Marks = TypeVar("_Marks", bound=Mark)


@dataclass(frozen=True)
class Scale:
    """Days (ordinals) and values, and the edges of the drawing that they fill, in the SVG's own units."""

    first: int
    last: int
    low: float
    high: float
    left: float
    right: float
    top: float
    bottom: float

    @classmethod
    def of(cls, days: Iterable[dt.date], values: Iterable[float], edges: tuple[float, float, float, float]) -> Scale:
        """The scale that holds all of them with some room above and below; NaN is passed over. edges: left, right, top, bottom."""
        known = [value for value in values if not math.isnan(value)]
        low, high = min(known), max(known)
        room = (high - low) * 0.08 or max(abs(high) * 0.1, 1.0)
        numbers = [day.toordinal() for day in days]
        return cls(min(numbers), max(numbers), low - room, high + room, *edges)

    def x(self, when: dt.date) -> float:
        """Where a day lies, from left to right."""
        share = (when.toordinal() - self.first) / (self.last - self.first) if self.last > self.first else 0.5
        return round(self.left + share * (self.right - self.left), 1)

    def y(self, value: float) -> float:
        """Where a value lies, from the top down."""
        return round(self.top + (self.high - value) / (self.high - self.low) * (self.bottom - self.top), 1)


def runs(figures: Sequence[_Marks]) -> list[list[_Marks]]:
    """Split a series where a value is missing or the definition changes: a line never crosses either."""
    parts: list[list[_Marks]] = [[]]
    for mark in figures:
        if parts[-1] and (math.isnan(mark.value) or mark.definition != parts[-1][-1].definition):
            parts.append([])
        if not math.isnan(mark.value):
            parts[-1].append(mark)
    return [run for run in parts if run]


def run(figures: Sequence[Mark], scale: Scale) -> list[Markup]:
    """A series without a break: the band of its intervals, and its line where there is more than one figure."""
    line = [polyline("linje", [(mark.when, mark.value) for mark in figures], scale)] if len(figures) > 1 else []
    return [*_band(figures, scale), *line]


def _band(figures: Sequence[Mark], scale: Scale) -> list[Markup]:
    sure = [mark for mark in figures if not (math.isnan(mark.low) or math.isnan(mark.high))]
    if len(sure) == 1:
        x, high, low = scale.x(sure[0].when), scale.y(sure[0].high), scale.y(sure[0].low)
        return [line("streg", (x, high), (x, low))]
    corners = [(mark.when, mark.high) for mark in sure] + [(mark.when, mark.low) for mark in reversed(sure)]
    return [Markup('<polygon class="baand" points="{}"/>').format(_path(corners, scale))] if sure else []


def polyline(name: str, corners: Iterable[tuple[dt.date, float]], scale: Scale) -> Markup:
    """A line through days and values."""
    return Markup('<polyline class="{}" points="{}"/>').format(name, _path(corners, scale))


def _path(corners: Iterable[tuple[dt.date, float]], scale: Scale) -> str:
    return " ".join(f"{scale.x(day):g},{scale.y(value):g}" for day, value in corners)


def dot(mark: Mark, scale: Scale) -> Markup:
    """A figure's point."""
    return Markup('<circle class="prik" cx="{}" cy="{}" r="4"/>').format(f"{scale.x(mark.when):g}", f"{scale.y(mark.value):g}")


def break_mark(before: Mark, after: Mark, scale: Scale) -> Markup:
    """An upright line half-way between two figures that follow different definitions."""
    x = (scale.x(before.when) + scale.x(after.when)) / 2
    return line("brud", (x, scale.top - 8), (x, scale.bottom))


def line(name: str, start: tuple[float, float], end: tuple[float, float]) -> Markup:
    """A straight line in the SVG's own units."""
    numbers = (f"{number:g}" for number in (*start, *end))
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(name, *numbers)


def text(words: str, place: tuple[float, float], anchor: str) -> Markup:
    """Words at a place, in the SVG's own units. anchor: start, middle or end."""
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(f"{place[0]:g}", f"{place[1]:g}", anchor, words)


def quiet(words: str, place: tuple[float, float], anchor: str) -> Markup:
    """The same, for words that stand back: those of an axis."""
    return Markup('<text class="quiet" x="{}" y="{}" text-anchor="{}">{}</text>').format(f"{place[0]:g}", f"{place[1]:g}", anchor, words)


def strong(words: str, place: tuple[float, float], anchor: str) -> Markup:
    """The same, for the value of a figure at its point."""
    return Markup('<text class="figure" x="{}" y="{}" text-anchor="{}">{}</text>').format(f"{place[0]:g}", f"{place[1]:g}", anchor, words)
