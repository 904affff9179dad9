"""The way to a goal as inline SVG: the figures with their intervals, the straight line that is asked for, breaks, and the deadline."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from webmap.charts import axis as axes
from webmap.charts import svg
from webmap.charts.axis import ValueAxis
from webmap.charts.svg import Mark, Scale

_WIDTH: Final = 360.0
_HEIGHT: Final = 220.0
_TOP, _FOOT, _RIGHT = 24.0, 30.0, 64.0
_LETTER: Final = 7.4
"""About the width of one letter or digit, in the drawing's own units."""
_ALL_DOTS: Final = 10  # with more, only the ends carry a dot


@dataclass(frozen=True)
class RequiredPath:
    """One straight line: corners (day, value) in order, and the words at its end."""

    corners: tuple[tuple[dt.date, float], ...]
    label: str


def draw(  # noqa: PLR0913 - the figures, what is asked, and the words of a drawing
    marks: Sequence[Mark], asked: Sequence[RequiredPath], *, title: str, description: str, ends: tuple[str, str], axis: ValueAxis
) -> Markup:
    """Draw figures and lines over the days from the first to the last of either. ends: the words under the first and the last day.

    axis: its round values; the first and the last figure have their value beside their point. A change of definition breaks the line of
    the figures and is marked; the lines asked for have each their own dash.
    """
    corners = [corner for line in asked for corner in line.corners]
    values = [n for mark in marks for n in (mark.value, mark.low, mark.high)] + [value for _, value in corners]
    scale = _scale([*(mark.when for mark in marks), *(day for day, _ in corners)], values, axis)
    parts = axes.lines(axis, scale)
    parts += [part for run in svg.runs(marks) for part in svg.run(run, scale)]
    parts += [svg.break_mark(a, b, scale) for a, b in itertools.pairwise(marks) if a.definition != b.definition]
    parts += [_asked(path, number, scale) for number, path in enumerate(asked)]
    shown = marks if len(marks) <= _ALL_DOTS else (marks[0], marks[-1])
    parts += [svg.dot(mark, scale) for mark in shown]
    parts += _labels(asked, scale)
    parts += [
        svg.strong(axis.figure(mark.value), (scale.x(mark.when), scale.y(mark.value) - 9), anchor)
        for mark, anchor in ((marks[0], "start"), (marks[-1], "middle"))
    ]
    parts += [svg.quiet(ends[0], (scale.left, _HEIGHT - 6), "start"), svg.quiet(ends[1], (_WIDTH - _RIGHT, _HEIGHT - 6), "end")]
    frame = Markup('<svg class="spark vej" viewBox="0 0 {} {}" role="img" focusable="false"><title>{}</title><desc>{}</desc>{}</svg>')
    return frame.format(f"{_WIDTH:g}", f"{_HEIGHT:g}", title, description, Markup().join(parts))


def _scale(days: Sequence[dt.date], values: Sequence[float], axis: ValueAxis) -> Scale:
    scale = Scale.of(days, values, (0.0, _WIDTH - _RIGHT, _TOP, _HEIGHT - _FOOT))
    words = max((len(axis.words(value)) for value in axes.ticks(scale.low, scale.high, axis.finest)), default=0)
    return replace(scale, left=8 + axes.INSET + words * _LETTER)


def _asked(path: RequiredPath, number: int, scale: Scale) -> Markup:
    return svg.polyline(f"krav krav{number % 2}", path.corners, scale)


def _labels(asked: Sequence[RequiredPath], scale: Scale) -> list[Markup]:
    """The words at the lines' ends, pushed apart where they would lie on each other."""
    ends = sorted((scale.y(path.corners[-1][1]), path.label) for path in asked if path.corners)
    placed: list[Markup] = []
    last = -math.inf
    for y, label in ends:
        last = max(y + 4, last + 15)
        placed.append(svg.text(label, (_WIDTH - _RIGHT + 5, last), "start"))
    return placed
