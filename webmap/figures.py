"""A trend with its interval band, drawn on the server as inline SVG.

Classes and presentation attributes only: the Content-Security-Policy allows no style attribute.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from geo.classify import class_of
from geo.model import Indicator
from geo.results import Breaks
from geo.words import Period
from webmap import say
from webmap.looks import class_look

_WIDTH: Final = 320.0
_HEIGHT: Final = 150.0
_TOP, _FOOT, _SIDE = 22.0, 44.0, 10.0
_ALL_DOTS: Final = 6  # with more, only the ends carry a dot


@dataclass(frozen=True)
class Point:
    """One figure of a series. `label` is the period and `text` the value, both in the reader's language; NaN where absent."""

    when: dt.date
    label: str
    value: float
    low: float
    high: float
    text: str
    definition: str = ""


def point(row: Mapping[str, Any], indicator: Indicator, language: str) -> Point:
    """Make a point of one observation (a row of OBSERVATION_COLUMNS)."""
    period = Period.parse(row["period"])
    words = say.value(row["value"], indicator, language)
    return Point(period.first, say.period(period.code, language), row["value"], row["low"], row["high"], words, row["definition"])


@dataclass(frozen=True)
class Series:
    """Figures of one area in time order. `name` is said beside a reference series, for example "byen"."""

    points: Sequence[Point]
    name: str = ""


def spark(series: Series, *, title: str, description: str = "", reference: Series | None = None, breaks: Breaks | None = None) -> Markup:
    """Draw a series as a line with its interval band; a missing value or a change of definition breaks the line.

    reference: a second series, for example the city's, drawn as a thin line over the same years. breaks: the map's classes, drawn
    as a strip of their colours along the left edge. Returns "" when no point has a
    value, or a single one has nothing beside it: that is no trend.
    """
    shown = _with_value(series)
    if not shown:
        return Markup()
    beside = [point for point in _with_value(reference) if shown[0].when <= point.when <= shown[-1].when] if reference else []
    if len(shown) == 1 and not beside:
        return Markup()
    scale = _Scale.of([*shown, *beside])
    parts = _strip(breaks, scale) if breaks else []
    parts += _reference(Series(beside, reference.name), scale) if reference and beside else []
    for run in _runs(series.points):
        parts += _band(run, scale)
        if len(run) > 1:
            parts.append(Markup('<polyline class="linje" points="{}"/>').format(_path(run, scale)))
    alone = [run[0] for run in _runs(series.points) if len(run) == 1]
    parts += [_dot(point, scale) for point in (shown if len(shown) <= _ALL_DOTS else (shown[0], shown[-1], *alone))]
    parts += [_break_mark(a, b, scale) for a, b in itertools.pairwise(shown) if a.definition != b.definition]
    parts += _labels(shown, scale)
    text = description or "; ".join(f"{point.label}: {point.text}" for point in shown)
    frame = Markup('<svg class="spark" viewBox="0 0 {} {}" role="img" focusable="false"><title>{}</title><desc>{}</desc>{}</svg>')
    return frame.format(f"{_WIDTH:g}", f"{_HEIGHT:g}", title, text, Markup().join(parts))


def _with_value(series: Series) -> list[Point]:
    return [point for point in series.points if not math.isnan(point.value)]


# --- the trend --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Scale:
    first: int
    last: int
    low: float
    high: float

    @classmethod
    def of(cls, points: Sequence[Point]) -> _Scale:
        numbers = [n for point in points for n in (point.value, point.low, point.high) if not math.isnan(n)]
        low, high = min(numbers), max(numbers)
        room = (high - low) * 0.08 or max(abs(high) * 0.1, 1.0)
        days = [point.when.toordinal() for point in points]
        return cls(min(days), max(days), low - room, high + room)

    def x(self, when: dt.date) -> float:
        share = (when.toordinal() - self.first) / (self.last - self.first) if self.last > self.first else 0.5
        return round(_SIDE + 14 + share * (_WIDTH - 2 * _SIDE - 28), 1)

    def y(self, value: float) -> float:
        return round(_TOP + (self.high - value) / (self.high - self.low) * (_HEIGHT - _TOP - _FOOT), 1)


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """Split a series where a value is missing or the definition changes: a line never crosses either."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if runs[-1] and (math.isnan(point.value) or point.definition != runs[-1][-1].definition):
            runs.append([])
        if not math.isnan(point.value):
            runs[-1].append(point)
    return [run for run in runs if run]


def _path(run: Sequence[Point], scale: _Scale) -> str:
    return " ".join(f"{scale.x(point.when):g},{scale.y(point.value):g}" for point in run)


def _band(run: Sequence[Point], scale: _Scale) -> list[Markup]:
    sure = [point for point in run if not (math.isnan(point.low) or math.isnan(point.high))]
    if len(sure) == 1:
        x, high, low = scale.x(sure[0].when), scale.y(sure[0].high), scale.y(sure[0].low)
        return [_line("streg", (x, high), (x, low))]
    upper = [f"{scale.x(point.when):g},{scale.y(point.high):g}" for point in sure]
    lower = [f"{scale.x(point.when):g},{scale.y(point.low):g}" for point in reversed(sure)]
    return [Markup('<polygon class="baand" points="{}"/>').format(" ".join(upper + lower))] if sure else []


def _strip(breaks: Breaks, scale: _Scale) -> list[Markup]:
    """The classes that the scale reaches into, from low to high."""
    edges = [scale.low, *(edge for edge in breaks.edges if scale.low < edge < scale.high), scale.high]
    return [
        Markup('<rect class="{}" x="0" y="{}" width="5" height="{}"/>').format(
            class_look(class_of(breaks, (low + high) / 2), len(breaks.edges) + 1),
            f"{scale.y(high):g}",
            f"{scale.y(low) - scale.y(high):g}",
        )
        for low, high in itertools.pairwise(edges)
    ]


def _reference(series: Series, scale: _Scale) -> list[Markup]:
    shown = _with_value(series)
    y, right = scale.y(shown[-1].value), _WIDTH - _SIDE
    lines = [Markup('<polyline class="reference" points="{}"/>').format(_path(run, scale)) for run in _runs(series.points) if len(run) > 1]
    words = f"{series.name} {shown[-1].text}".strip()
    return [*(lines or [_line("reference", (_SIDE, y), (right, y))]), _text(words, (right, 12), "end")]


def _dot(point: Point, scale: _Scale) -> Markup:
    return Markup('<circle class="prik" cx="{}" cy="{}" r="4"/>').format(f"{scale.x(point.when):g}", f"{scale.y(point.value):g}")


def _break_mark(before: Point, after: Point, scale: _Scale) -> Markup:
    x = (scale.x(before.when) + scale.x(after.when)) / 2
    return _line("brud", (x, _TOP - 8), (x, _HEIGHT - _FOOT))


def _labels(shown: Sequence[Point], scale: _Scale) -> list[Markup]:
    """Period and value of the first and the last point, on two lines under the trend."""
    last = (shown[-1], _WIDTH - _SIDE, "end")
    ends = [(shown[0], _SIDE, "start"), last] if len(shown) > 1 else [(shown[0], scale.x(shown[0].when), "middle")]
    lines = [(point.text, x, _HEIGHT - 21, anchor) for point, x, anchor in ends] + [
        (p.label, x, _HEIGHT - 5, anchor) for p, x, anchor in ends
    ]
    return [_text(words, (x, y), anchor) for words, x, y, anchor in lines]


def _line(name: str, start: tuple[float, float], end: tuple[float, float]) -> Markup:
    numbers = (f"{number:g}" for number in (*start, *end))
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(name, *numbers)


def _text(words: str, place: tuple[float, float], anchor: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(f"{place[0]:g}", f"{place[1]:g}", anchor, words)
