"""What moved between two looks at a figure, and whether it can be told from noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from geo.model import Indicator
from geo.words import Text
from webmap import say
from webmap.reviews.facts import Figure, Outcome, Since

_NO_CHANGE: Final = Text(da="ikke noget nyere tal", en="no newer figure")
_WORDS: Final[dict[Outcome, Text]] = {
    "told": Text(da="forskellen er større end usikkerheden", en="the difference is larger than the uncertainty"),
    "not_told": Text(da="forskellen er mindre end usikkerheden", en="the difference is smaller than the uncertainty"),
    "unknown": Text(da="usikkerheden er ikke kendt", en="the uncertainty is not known"),
    "break": Text(
        da="definitionen er ændret undervejs, så de to tal kan ikke sammenlignes",
        en="the definition changed in between, so the two figures cannot be compared",
    ),
    "same": _NO_CHANGE,
    "hidden": Text(da="tallet er nu skjult", en="the figure is now hidden"),
    "shown": Text(da="tallet var skjult og er det ikke længere", en="the figure was hidden and is no longer"),
}


@dataclass(frozen=True)
class Difference:
    """A later figure minus an earlier one, with its interval, in the indicator's unit; all NaN where there is none."""

    outcome: Outcome
    change: float = math.nan
    low: float = math.nan
    high: float = math.nan


def difference(before: Figure, after: Figure) -> Difference:
    """Compare two figures of the same indicator and area.

    The interval of the change combines the two values' own distances to their ends (Newcombe 1998, method 10), as the goals' does; a
    full count has no distance, so any change of it is one.
    """
    if after.value is None or before.value is None:
        hidden = (after.value is None, before.value is None)
        return Difference({(True, False): "hidden", (False, True): "shown"}.get(hidden, "same"))  # type: ignore[arg-type]
    if after.definition != before.definition:
        return Difference("break")
    change = after.value - before.value
    if (after.period, after.value) == (before.period, before.value):
        return Difference("same", 0.0)
    if None in (after.low, after.high, before.low, before.high) or "none" in (after.interval, before.interval):
        return Difference("unknown", change)
    low = change - math.hypot(after.value - _n(after.low), _n(before.high) - before.value)
    high = change + math.hypot(_n(after.high) - after.value, before.value - _n(before.low))
    return Difference("told" if low > 0 or high < 0 else "not_told", change, low, high)


def since(before: Figure, after: Figure, indicator: Indicator, *, review: bool) -> Since:
    """Put the way from an earlier figure into words. review: whether the earlier one is the last signed review's."""
    found = difference(before, after)
    return Since(
        source="review" if review else "series",
        period=before.period_name,
        said=before.said,
        outcome=found.outcome,
        text=Text(da=_text(found, indicator, "da"), en=_text(found, indicator, "en")),
    )


def _text(found: Difference, indicator: Indicator, language: str) -> str:
    words = _WORDS[found.outcome].in_(language)
    if math.isnan(found.change) or found.outcome == "same":
        return words
    unit = _unit(indicator, language)
    places = max(indicator.decimals, 1) if indicator.kind == "share" else indicator.decimals
    middle = f"{_signed(found.change, places, language)}{unit}"
    if math.isnan(found.low) or found.low == found.high:
        return f"{middle}; {words}"
    to = "til" if language == "da" else "to"
    return f"{middle} ({_signed(found.low, places, language)} {to} {_signed(found.high, places, language)}); {words}"


def _unit(indicator: Indicator, language: str) -> str:
    if indicator.kind == "share":
        return " procentpoint" if language == "da" else " percentage points"
    return f" {indicator.unit.in_(language)}"


def _signed(value: float, places: int, language: str) -> str:
    return ("−" if value < 0 else "+") + say.number(abs(value), decimals=places, language=language)


def _n(value: float | None) -> float:
    return math.nan if value is None else value
