"""Where the chosen areas lie among all of them: one line, a mark for each area with its interval, drawn on the server as inline SVG.

The areas are not ranked or named unless a reader chose them. Classes and presentation attributes only: the Content-Security-Policy
allows no style attribute.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any, Final

from markupsafe import Markup

from geo.editions.edition import Edition
from geo.model.indicators import Indicator
from geo.model.vocabulary import HAS_VALUE, Text
from webmap.charts import svg
from webmap.charts.axis import ValueAxis, ticks
from webmap.edition import rows
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_ID, CITY_SET
from webmap.language import wording

_WIDTH: Final = 320.0
_SIDE: Final = 14.0
_ROW: Final = 20.0
_LINE: Final = 26.0
_AXIS: Final = 20.0
"""Room for the words of the axis under the drawing."""


def strip(  # noqa: PLR0913 - which figures, of whom, and for whom
    reader: Reader,
    indicator: Indicator,
    area_set: str,
    period: str,
    *,
    chosen: Collection[str],
    beside: Collection[str] = (),
) -> Markup:
    """Draw one period: a short line for each area, the chosen ones below with their names and intervals, the city as a dashed line.

    beside: other periods drawn next to this one, which share its axis. Returns "" when fewer than two areas have a value.
    What is hidden or not measured is not drawn; the description counts it.
    """
    shown = _shown(reader.edition, indicator, area_set, period)
    if len(shown) < 2:
        return Markup()
    city = rows.by_area(reader.edition, indicator.id, CITY_SET, period).get(CITY_ID) if area_set != CITY_SET else None
    marked = [area for area in reader.edition.layers[area_set].areas if area.area_id in chosen and area.area_id in shown]
    scaled = [row for code in {period, *beside} for row in _shown(reader.edition, indicator, area_set, code).values()]
    ends = [row[name] for row in scaled for name in ("value", "low", "high") if not math.isnan(row[name])]
    low, high = min(ends), max(ends)
    height = _LINE + 22 + _ROW * 1.6 * len(marked)
    parts = [
        *_axis(ValueAxis.of(indicator, reader.language), low, high, height),
        *(_tick(_x(row["value"], low, high)) for row in shown.values()),
    ]
    parts += _city(city, low, high, height, reader.language)
    for number, area in enumerate(marked):
        row = shown[area.area_id]
        words = f"{area.name} {wording.value(row['value'], indicator, reader.language)}"
        parts += _named(row, words, _LINE + 16 + _ROW * 1.6 * number, (low, high))
    title = Text(da="Fordelingen på områderne", en="Spread over the areas").in_(reader.language)
    description = _description(shown, len(reader.edition.layers[area_set].areas), indicator, reader.language)
    frame = Markup('<svg class="spark fordeling" viewBox="0 0 {} {}" role="img" focusable="false"><title>{}</title><desc>{}</desc>{}</svg>')
    return frame.format(
        f"{_WIDTH:g}", f"{height + _AXIS:g}", f"{title}: {indicator.name.in_(reader.language)}", description, Markup().join(parts)
    )


def _shown(edition: Edition, indicator: Indicator, area_set: str, period: str) -> dict[str, Mapping[str, Any]]:
    by_id = rows.by_area(edition, indicator.id, area_set, period)
    return {area: row for area, row in by_id.items() if row["status"] in HAS_VALUE and not math.isnan(row["value"])}


def _x(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return round(_SIDE + share * (_WIDTH - 2 * _SIDE), 1)


def _axis(axis: ValueAxis, low: float, high: float, height: float) -> list[Markup]:
    """Two or three round values as hair lines, their words under the drawing."""
    parts = []
    for value in ticks(low, high, axis.finest):
        x = _x(value, low, high)
        parts.append(svg.line("gitter", (x, 2), (x, height)))
        parts.append(svg.quiet(axis.words(value), (min(max(x, _SIDE + 4), _WIDTH - _SIDE - 4), height + _AXIS - 5), "middle"))
    return parts


def _tick(x: float) -> Markup:
    return Markup('<line class="tit" x1="{0}" y1="8" x2="{0}" y2="{1}"/>').format(f"{x:g}", f"{_LINE - 4:g}")


def _city(city: Mapping[str, Any] | None, low: float, high: float, height: float, language: str) -> list[Markup]:
    if city is None or city["status"] not in HAS_VALUE or not low <= city["value"] <= high:
        return []
    x = _x(city["value"], low, high)
    words = Text(da="byen", en="the city").in_(language)
    anchor = "end" if x > _WIDTH / 2 else "start"
    line = Markup('<line class="reference" x1="{0}" y1="4" x2="{0}" y2="{1}"/>').format(f"{x:g}", f"{height:g}")
    said = Markup('<text class="quiet" x="{}" y="{}" text-anchor="{}">{}</text>')
    return [line, said.format(f"{x + (-5 if anchor == 'end' else 5):g}", f"{_LINE + 8:g}", anchor, words)]


def _named(row: Mapping[str, Any], words: str, y: float, ends: tuple[float, float]) -> list[Markup]:
    x = _x(row["value"], *ends)
    anchor = "end" if x > _WIDTH / 2 else "start"
    parts = [Markup('<circle class="prik" cx="{}" cy="{}" r="4"/>').format(f"{x:g}", f"{y + 8:g}")]
    if not (math.isnan(row["low"]) or math.isnan(row["high"])):
        left, right = _x(row["low"], *ends), _x(row["high"], *ends)
        line = Markup('<line class="linje" x1="{}" y1="{}" x2="{}" y2="{}"/>')
        parts.append(line.format(f"{left:g}", f"{y + 8:g}", f"{right:g}", f"{y + 8:g}"))
    at = _WIDTH - _SIDE if anchor == "end" else _SIDE
    return [*parts, Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(f"{at:g}", f"{y + 26:g}", anchor, words)]


def _description(shown: Mapping[str, Mapping[str, Any]], areas: int, indicator: Indicator, language: str) -> str:
    values = [row["value"] for row in shown.values()]
    width = wording.span(min(values), max(values), indicator, language)
    without = areas - len(shown)
    return Text(
        da=f"{len(shown)} områder: {width}." + (f" {without} uden et tal, der kan vises." if without else ""),
        en=f"{len(shown)} areas: {width}." + (f" {without} without a figure that can be shown." if without else ""),
    ).in_(language)
