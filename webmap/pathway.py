"""The way to a goal as inline SVG: the figures with their intervals, the straight line that is asked for, breaks, and the deadline.

Classes and presentation attributes only: the Content-Security-Policy allows no style attribute.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

_WIDTH: Final = 360.0
_HEIGHT: Final = 220.0
_TOP, _FOOT, _LEFT, _RIGHT = 20.0, 30.0, 12.0, 64.0
_ALL_DOTS: Final = 10  # with more, only the ends carry a dot


@dataclass(frozen=True)
class Mark:
    """One figure: the last day of its period, value and interval in the indicator's unit (NaN where not known), and its definition."""

    when: dt.date
    value: float
    low: float
    high: float
    definition: str = ""


@dataclass(frozen=True)
class Asked:
    """One straight line: corners (day, value) in order, and the words at its end."""

    corners: tuple[tuple[dt.date, float], ...]
    label: str


def draw(marks: Sequence[Mark], asked: Sequence[Asked], *, title: str, description: str, ends: tuple[str, str]) -> Markup:
    """Draw figures and lines over the days from the first to the last of either. ends: the words under the first and the last day.

    A change of definition breaks the line of the figures and is marked; the lines asked for have each their own dash.
    """
    scale = _Scale.of(marks, asked)
    parts = [part for run in _runs(marks) for part in _run(run, scale)]
    parts += [_line("brud", *_between(a, b, scale)) for a, b in itertools.pairwise(marks) if a.definition != b.definition]
    parts += [_asked(one, number, scale) for number, one in enumerate(asked)]
    shown = marks if len(marks) <= _ALL_DOTS else (marks[0], marks[-1])
    parts += [_dot(mark, scale) for mark in shown]
    parts += _labels(asked, scale)
    parts += [_text(ends[0], (_LEFT, _HEIGHT - 6), "start"), _text(ends[1], (_WIDTH - _RIGHT, _HEIGHT - 6), "end")]
    frame = Markup('<svg class="spark vej" viewBox="0 0 {} {}" role="img" focusable="false"><title>{}</title><desc>{}</desc>{}</svg>')
    return frame.format(f"{_WIDTH:g}", f"{_HEIGHT:g}", title, description, Markup().join(parts))


@dataclass(frozen=True)
class _Scale:
    first: int
    last: int
    low: float
    high: float

    @classmethod
    def of(cls, marks: Sequence[Mark], asked: Sequence[Asked]) -> _Scale:
        corners = [corner for line in asked for corner in line.corners]
        days = [mark.when.toordinal() for mark in marks] + [day.toordinal() for day, _ in corners]
        numbers = [n for mark in marks for n in (mark.value, mark.low, mark.high)] + [value for _, value in corners]
        known = [n for n in numbers if not math.isnan(n)]
        low, high = min(known), max(known)
        room = (high - low) * 0.08 or max(abs(high) * 0.1, 1.0)
        return cls(min(days), max(days), low - room, high + room)

    def x(self, when: dt.date) -> float:
        share = (when.toordinal() - self.first) / (self.last - self.first) if self.last > self.first else 0.5
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        return round(_TOP + (self.high - value) / (self.high - self.low) * (_HEIGHT - _TOP - _FOOT), 1)


def _runs(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Figures that follow the same definition: a line never crosses a break."""
    return [list(run) for _, run in itertools.groupby(marks, key=lambda mark: mark.definition)]


def _run(run: Sequence[Mark], scale: _Scale) -> list[Markup]:
    sure = [mark for mark in run if not (math.isnan(mark.low) or math.isnan(mark.high))]
    parts = []
    if len(sure) == 1:
        x = scale.x(sure[0].when)
        parts.append(_line("streg", (x, scale.y(sure[0].high)), (x, scale.y(sure[0].low))))
    elif sure:
        upper = [f"{scale.x(mark.when):g},{scale.y(mark.high):g}" for mark in sure]
        lower = [f"{scale.x(mark.when):g},{scale.y(mark.low):g}" for mark in reversed(sure)]
        parts.append(Markup('<polygon class="baand" points="{}"/>').format(" ".join(upper + lower)))
    if len(run) > 1:
        points = " ".join(f"{scale.x(mark.when):g},{scale.y(mark.value):g}" for mark in run)
        parts.append(Markup('<polyline class="linje" points="{}"/>').format(points))
    return parts


def _asked(one: Asked, number: int, scale: _Scale) -> Markup:
    points = " ".join(f"{scale.x(day):g},{scale.y(value):g}" for day, value in one.corners)
    return Markup('<polyline class="krav krav{}" points="{}"/>').format(number % 2, points)


def _labels(asked: Sequence[Asked], scale: _Scale) -> list[Markup]:
    """The words at the lines' ends, pushed apart where they would lie on each other."""
    ends = sorted((scale.y(one.corners[-1][1]), one.label) for one in asked if one.corners)
    placed: list[Markup] = []
    last = -math.inf
    for y, label in ends:
        last = max(y + 4, last + 15)
        placed.append(_text(label, (_WIDTH - _RIGHT + 5, last), "start"))
    return placed


def _between(before: Mark, after: Mark, scale: _Scale) -> tuple[tuple[float, float], tuple[float, float]]:
    x = (scale.x(before.when) + scale.x(after.when)) / 2
    return (x, _TOP - 8), (x, _HEIGHT - _FOOT)


def _dot(mark: Mark, scale: _Scale) -> Markup:
    return Markup('<circle class="prik" cx="{}" cy="{}" r="4"/>').format(f"{scale.x(mark.when):g}", f"{scale.y(mark.value):g}")


def _line(name: str, start: tuple[float, float], end: tuple[float, float]) -> Markup:
    numbers = (f"{number:g}" for number in (*start, *end))
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(name, *numbers)


def _text(words: str, place: tuple[float, float], anchor: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(f"{place[0]:g}", f"{place[1]:g}", anchor, words)
