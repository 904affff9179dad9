"""The axes of charts over time: two or three round values, the years, and what was decided in between.

A chart's words are its own: values stand at the points, so that none has to be pointed at. Lines here have classes of their own; the
classes of figures (`linje`, `baand`, `prik`, `streg`) are for figures alone, for that is how a chart is read back.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from markupsafe import Markup

from geo.model.indicators import Indicator
from webmap.charts import svg
from webmap.charts.svg import Scale
from webmap.language import wording

_STEPS: Final = (1.0, 2.0, 2.5, 5.0)
INSET: Final = 16.0
"""How far the first figure lies from the left end of the axis' lines, so that its value does not lie on the words of the axis."""
_ROOM: Final = 5.0
"""How far the words of an axis lie from its lines."""


@dataclass(frozen=True)
class Event:
    """Something that was decided about an area: the day it holds from, its letter on the axis, and the words of its kind."""

    when: dt.date
    letter: str
    words: str
    year: str


@dataclass(frozen=True)
class ValueAxis:
    """How a chart's round values are written (words) and its figures (figure), and the finest step that can be told apart, in its unit.

    within: values that the scale holds too, so that charts beside each other have the same one.
    """

    words: Callable[[float], str]
    figure: Callable[[float], str]
    finest: float
    within: tuple[float, ...] = ()
    events: tuple[Event, ...] = ()

    @classmethod
    def of(cls, indicator: Indicator, language: str, *, within: Iterable[float] = (), events: Sequence[Event] = ()) -> ValueAxis:
        """The axis of an indicator."""
        return cls(
            words=lambda value: _words(value, indicator, language),
            figure=lambda value: wording.value(value, indicator, language),
            finest=10.0**-indicator.decimals,
            within=tuple(within),
            events=tuple(events),
        )


def _words(value: float, indicator: Indicator, language: str) -> str:
    """A round value with no more decimals than it has: `50 %` and not `50,00 %`."""
    decimals = next((n for n in range(indicator.decimals) if _whole(value, 10.0**-n)), indicator.decimals)
    return wording.value(value, msgspec.structs.replace(indicator, decimals=decimals), language)


def ticks(low: float, high: float, finest: float) -> list[float]:
    """Return two or three round values between two ends: multiples of 1, 2, 2.5 or 5 times a power of ten, no finer than `finest`.

    Where not even two fit, one; where the ends are nearer than the finest step, none.

    >>> ticks(67.0, 94.0, 1.0), ticks(7.9, 10.2, 1.0), ticks(0.0, 1.0, 0.1)
    ([70.0, 80.0, 90.0], [8.0, 9.0, 10.0], [0.0, 0.5, 1.0])
    """
    if not high > low:
        return []
    power = math.floor(math.log10(high - low))
    steps = [step * 10.0**exponent for exponent in (power + 1, power, power - 1) for step in reversed(_STEPS)]
    fitting = [_multiples(low, high, step) for step in steps if step >= finest and _whole(step, finest)]
    best = [values for values in fitting if len(values) in (2, 3)]
    return max(best, key=len) if best else max((values for values in fitting if len(values) == 1), key=len, default=[])


def _whole(step: float, finest: float) -> bool:
    """Whether every multiple of a step can be written with the decimals that there are."""
    return abs(step / finest - math.floor(step / finest + 0.5)) < 1e-9


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, min(last, first + 9) + 1)]


def lines(axis: ValueAxis, scale: Scale) -> list[Markup]:
    """The round values as hair lines across the drawing, each with its words to the left."""
    parts = []
    for value in ticks(scale.low, scale.high, axis.finest):
        y = scale.y(value)
        parts.append(svg.line("gitter", (scale.left - INSET, y), (scale.right + _ROOM, y)))
        parts.append(svg.quiet(axis.words(value), (scale.left - INSET - _ROOM, y + 4), "end"))
    return parts


def events(axis: ValueAxis, scale: Scale) -> list[Markup]:
    """Upright lines on the days of what was decided, each with the letter that the lines under the chart explain."""
    parts = []
    for event in shown(axis, scale):
        x = scale.x(event.when)
        parts.append(svg.line("begivenhed", (x, scale.top), (x, scale.bottom)))
        parts.append(svg.text(event.letter, (x, scale.top - 3), "middle"))
    return parts


def shown(axis: ValueAxis, scale: Scale) -> list[Event]:
    """The events between the first and the last day of a chart."""
    return [event for event in axis.events if scale.first <= event.when.toordinal() <= scale.last]


def explained(axis: ValueAxis, scale: Scale) -> list[str]:
    """One line for each kind of event: `P: helhedsplan begynder (2011)`."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for event in sorted(shown(axis, scale), key=lambda event: event.when):
        kinds.setdefault((event.letter, event.words), []).append(event.year)
    return [f"{letter}: {words} ({', '.join(dict.fromkeys(years))})" for (letter, words), years in kinds.items()]
