"""A trend with its interval band, drawn on the server as inline SVG of `strokes`."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from geo.conclusions.classify import class_of
from geo.model.indicators import Indicator
from geo.model.results import Breaks
from geo.model.vocabulary import Period
from webmap.charts import svg
from webmap.charts.svg import Mark, Scale
from webmap.edition.classes import class_look
from webmap.language import wording

_WIDTH: Final = 320.0
_HEIGHT: Final = 150.0
_TOP, _FOOT, _SIDE = 22.0, 44.0, 10.0
_EDGES: Final = (_SIDE + 14, _WIDTH - _SIDE - 14, _TOP, _HEIGHT - _FOOT)
"""Left, right, top and bottom of what is drawn: words stand around it."""
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


def spark(series: Series, *, title: str, description: str = "", reference: Series | None = None, breaks: Breaks | None = None) -> Markup:
    """Draw a series as a line with its interval band; a missing value or a change of definition breaks the line.

    reference: a second series, for example the city's, drawn as a thin line over the same years. breaks: the map's classes, drawn
    as a strip of their colours along the left edge. Returns "" when no point has a value, or a single one has nothing beside it:
    that is no trend.
    """
    shown = _with_value(series)
    if not shown:
        return Markup()
    beside = [point for point in _with_value(reference) if shown[0].when <= point.when <= shown[-1].when] if reference else []
    if len(shown) == 1 and not beside:
        return Markup()
    drawn = [*shown, *beside]
    scale = Scale.of([point.when for point in drawn], [n for point in drawn for n in (point.value, point.low, point.high)], _EDGES)
    parts = _strip(breaks, scale) if breaks else []
    parts += _reference(Series(beside, reference.name), scale) if reference and beside else []
    runs = svg.runs(series.points)
    parts += [part for run in runs for part in svg.run(run, scale)]
    alone = [run[0] for run in runs if len(run) == 1]
    parts += [svg.dot(point, scale) for point in (shown if len(shown) <= _ALL_DOTS else (shown[0], shown[-1], *alone))]
    parts += [svg.break_mark(a, b, scale) for a, b in itertools.pairwise(shown) if a.definition != b.definition]
    parts += _labels(shown, scale)
    text = description or "; ".join(f"{point.label}: {point.text}" for point in shown)
    frame = Markup('<svg class="spark" viewBox="0 0 {} {}" role="img" focusable="false"><title>{}</title><desc>{}</desc>{}</svg>')
    return frame.format(f"{_WIDTH:g}", f"{_HEIGHT:g}", title, text, Markup().join(parts))


def _with_value(series: Series) -> list[TrendPoint]:
    return [point for point in series.points if not math.isnan(point.value)]


def _strip(breaks: Breaks, scale: Scale) -> list[Markup]:
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


def _reference(series: Series, scale: Scale) -> list[Markup]:
    shown = _with_value(series)
    y, right = scale.y(shown[-1].value), _WIDTH - _SIDE
    runs = [run for run in svg.runs(series.points) if len(run) > 1]
    lines = [svg.polyline("reference", [(point.when, point.value) for point in run], scale) for run in runs]
    words = f"{series.name} {shown[-1].text}".strip()
    return [*(lines or [svg.line("reference", (_SIDE, y), (right, y))]), svg.text(words, (right, 12), "end")]


def _labels(shown: Sequence[TrendPoint], scale: Scale) -> list[Markup]:
    """Period and value of the first and the last point, on two lines under the trend."""
    last = (shown[-1], _WIDTH - _SIDE, "end")
    ends = [(shown[0], _SIDE, "start"), last] if len(shown) > 1 else [(shown[0], scale.x(shown[0].when), "middle")]
    lines = [(point.text, x, _HEIGHT - 21, anchor) for point, x, anchor in ends] + [
        (p.label, x, _HEIGHT - 5, anchor) for p, x, anchor in ends
    ]
    return [svg.text(words, (x, y), anchor) for words, x, y, anchor in lines]
