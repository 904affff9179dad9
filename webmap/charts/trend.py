"""A trend with its interval band, drawn on the server as inline SVG of `strokes`."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from markupsafe import Markup

from geo.model.indicators import Indicator
from geo.model.vocabulary import Period
from webmap.charts import axis as axes
from webmap.charts import svg
from webmap.charts.axis import ValueAxis
from webmap.charts.svg import Mark, Scale
from webmap.language import wording

_WIDTH: Final = 320.0
_HEIGHT: Final = 176.0
_TOP, _FOOT, _SIDE = 40.0, 26.0, 16.0
_WORDS: Final = 7.4
"""About the width of one letter or digit of a chart's words, in the drawing's own units."""
_BOLD: Final = 8.4
"""The same of bold ones."""
_LINE: Final = 17.0
_ALL_DOTS: Final = 6  # with more, only the ends carry a dot


@dataclass(frozen=True)
class TrendPoint(Mark):
    """One figure of a series. `label` is the period and `text` the value, both in the reader's language."""

    label: str = ""
    text: str = ""


def point(row: Mapping[str, Any], indicator: Indicator, language: str) -> TrendPoint:
    """Make a point of one observation (a row of OBSERVATION_COLUMNS)."""
    period = Period.parse(row["period"])
    words = wording.value(row["value"], indicator, language)
    label = wording.period(period.code, language)
    return TrendPoint(period.first, row["value"], row["low"], row["high"], row["definition"], label, words)


@dataclass(frozen=True)
class Series:
    """Figures of one area in time order. `name` is said beside a reference series, for example "byen"."""

    points: Sequence[TrendPoint]
    name: str = ""


def spark(series: Series, *, title: str, axis: ValueAxis, reference: Series | None = None) -> Markup:
    """Draw a series as a line with its interval band; a missing value or a change of definition breaks the line.

    axis: its round values, and what was decided in between. reference: a second series, for example the city's, drawn as a thin line
    over the same years. Returns "" when no point has a value, or a single one has nothing beside it: that is no trend.
    """
    shown = _with_value(series)
    if not shown:
        return Markup()
    beside = [point for point in _with_value(reference) if shown[0].when <= point.when <= shown[-1].when] if reference else []
    if len(shown) == 1 and not beside:
        return Markup()
    scale = _scale([*shown, *beside], axis)
    parts = [*axes.lines(axis, scale), *axes.events(axis, scale)]
    runs = svg.runs(series.points)
    parts += [part for run in runs for part in svg.run(run, scale)]
    parts += _reference(Series(beside, reference.name), scale) if reference and beside else []
    alone = [run[0] for run in runs if len(run) == 1]
    parts += [svg.dot(point, scale) for point in (*_dotted(shown), *alone)]
    parts += [svg.break_mark(a, b, scale) for a, b in itertools.pairwise(shown) if a.definition != b.definition]
    parts += _labels(shown, scale)
    explained = axes.explained(axis, scale)
    parts += [svg.quiet(line, (0, _HEIGHT + _LINE * number), "start") for number, line in enumerate(explained, 1)]
    text = "; ".join(f"{point.label}: {point.text}" for point in shown)
    frame = Markup('<svg class="spark" viewBox="0 0 {} {}" role="img" focusable="false"><title>{}</title><desc>{}</desc>{}</svg>')
    height = _HEIGHT + (_LINE * len(explained) + 4 if explained else 0)
    return frame.format(f"{_WIDTH:g}", f"{height:g}", title, ". ".join([text, *explained]), Markup().join(parts))


def ends(series: Sequence[Series]) -> tuple[float, ...]:
    """The least and the most of several series with their intervals, so that charts beside each other have one scale; () without any."""
    known = [n for each in series for point in each.points for n in (point.value, point.low, point.high) if not math.isnan(n)]
    return (min(known), max(known)) if known else ()


def _scale(drawn: Sequence[TrendPoint], axis: ValueAxis) -> Scale:
    """The scale of a chart, and as much room to its left as the words of the axis take."""
    values = [n for point in drawn for n in (point.value, point.low, point.high)] + list(axis.within)
    around = (0.0, _WIDTH - _SIDE, _TOP, _HEIGHT - _FOOT)
    scale = Scale.of([point.when for point in drawn], values, around)
    words = max((len(axis.words(value)) for value in axes.ticks(scale.low, scale.high, axis.finest)), default=0)
    return replace(scale, left=8 + axes.INSET + words * _WORDS)


def _with_value(series: Series) -> list[TrendPoint]:
    return [point for point in series.points if not math.isnan(point.value)]


def _reference(series: Series, scale: Scale) -> list[Markup]:
    shown = _with_value(series)
    y, right = scale.y(shown[-1].value), _WIDTH - _SIDE
    runs = [run for run in svg.runs(series.points) if len(run) > 1]
    lines = [svg.polyline("reference", [(point.when, point.value) for point in run], scale) for run in runs]
    words = f"{series.name} {shown[-1].text}".strip()
    return [*(lines or [svg.line("reference", (scale.left, y), (right, y))]), *_dashed(words, right)]


def _dashed(words: str, right: float) -> list[Markup]:
    """The reference's words at the upper right, after a piece of its line."""
    start = right - len(words) * _WORDS - 8
    return [svg.line("reference", (start - 20, 9), (start, 9)), svg.quiet(words, (right, 13), "end")]


def _labels(shown: Sequence[TrendPoint], scale: Scale) -> list[Markup]:
    """The value at its point and the period under it: of every point where there is room, else of the ends."""
    dotted = _dotted(shown)
    values = _room(dotted, scale, max(len(point.text) for point in dotted))
    periods = _room(dotted, scale, max(len(point.label) for point in dotted) + 1)
    least = scale.left - axes.INSET
    parts = [svg.strong(point.text, (_within(scale, point, point.text, least), scale.y(point.value) - 9), "middle") for point in values]
    return parts + [svg.quiet(point.label, (_within(scale, point, point.label), _HEIGHT - 6), "middle") for point in periods]


def _dotted(shown: Sequence[TrendPoint]) -> list[TrendPoint]:
    """The points that carry a dot and their value: all of a short series, of a long one the ends, the highest and the lowest."""
    if len(shown) <= _ALL_DOTS:
        return list(shown)
    first, *between, last = shown
    extremes = {id(extreme(between, key=lambda point: point.value)) for extreme in (max, min)}
    return [first, *(point for point in between if id(point) in extremes), last]


def _room(points: Sequence[TrendPoint], scale: Scale, letters: int) -> list[TrendPoint]:
    """The points whose words of that many letters do not touch each other; the first and the last are always among them."""
    kept, last = [points[0]], points[-1]
    for point in points[1:-1]:
        if min(scale.x(point.when) - scale.x(kept[-1].when), scale.x(last.when) - scale.x(point.when)) > letters * _WORDS + 6:
            kept.append(point)
    return [*kept, last] if len(points) > 1 else kept


def _within(scale: Scale, point: TrendPoint, words: str, least: float = 0.0) -> float:
    """Where words stand in the middle at a point without leaving the drawing, nor reaching further to the left than `least`."""
    half = len(words) * _BOLD / 2
    return min(max(scale.x(point.when), least + half), _WIDTH - half)
