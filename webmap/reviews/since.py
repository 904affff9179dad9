"""What moved between two looks at a figure, and whether it can be told from noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import msgspec

from geo.figures import multiple
from geo.figures.differences import IntervalEstimate, Point
from geo.model.indicators import Indicator
from geo.model.vocabulary import Period, Reason, Text
from webmap.edition.compared import differences
from webmap.language import wording
from webmap.language.quantities import Measure
from webmap.reviews.facts import NewestFigure, Outcome, Since

_NO_CHANGE: Final = Text(da="ikke noget nyere tal", en="no newer figure")
_WORDS: Final[dict[Outcome, Text]] = {
    "told": Text(da="forskellen er større end usikkerheden", en="the difference is larger than the uncertainty"),
    "alone": Text(
        da="forskellen er større end usikkerheden, men skiller sig ikke ud blandt alle rundens tal",
        en="the difference is larger than the uncertainty, but does not stand out among all figures of the round",
    ),
    "not_told": Text(da="forskellen er mindre end usikkerheden", en="the difference is smaller than the uncertainty"),
    "unknown": wording.REASON[Reason.NO_INTERVAL],
    "break": Text(
        da="definitionen er ændret undervejs, så de to tal kan ikke sammenlignes",
        en="the definition changed in between, so the two figures cannot be compared",
    ),
    "same": _NO_CHANGE,
    "hidden": Text(da="tallet er nu skjult", en="the figure is now hidden"),
    "shown": Text(da="tallet var skjult og er det ikke længere", en="the figure was hidden and is no longer"),
}


_OUTCOMES: Final[dict[str, Outcome]] = {
    differences.MORE: "told",
    differences.LESS: "told",
    differences.SAME: "not_told",
    differences.UNKNOWN: "unknown",
}
"""What the two say, by the look that the map of changes gives it."""


@dataclass(frozen=True)
class Difference:
    """What can be said of a later figure beside an earlier one; their difference with its interval, None where there is none."""

    outcome: Outcome
    span: IntervalEstimate | None = None


def difference(before: NewestFigure, after: NewestFigure, indicator: Indicator) -> Difference:
    """Compare two figures of the same indicator and area, as the map of changes does; a full count has no doubt, so any change is one."""
    if after.value is None or before.value is None:
        hidden = (after.value is None, before.value is None)
        return Difference({(True, False): "hidden", (False, True): "shown"}.get(hidden, "same"))  # type: ignore[arg-type]
    if after.definition != before.definition:
        return Difference("break")
    if (after.period, after.value) == (before.period, before.value):
        return Difference("same")
    held = differences.difference(_point(after), _point(before), indicator)
    return Difference(_OUTCOMES[held.look], held.span)


def since(before: NewestFigure, after: NewestFigure, indicator: Indicator, *, review: bool) -> Since:
    """Put the way from an earlier figure into words. review: whether the earlier one is the last signed review's."""
    change = difference(before, after, indicator)
    chance = multiple.chance(change.span) if change.span and change.outcome in {"told", "not_told"} else math.nan
    return Since(
        source="review" if review else "series",
        period=before.period_name,
        said=before.said,
        outcome=change.outcome,
        text=Text(da=_text(change, indicator, "da"), en=_text(change, indicator, "en")),
        chance=None if math.isnan(chance) else chance,
    )


def fade(since: Since) -> Since:
    """The same difference, told from noise by itself and not among all figures of a round."""
    was, now = _WORDS["told"], _WORDS["alone"]
    text = Text(da=since.text.da.replace(was.da, now.da), en=since.text.en.replace(was.en, now.en))
    return msgspec.structs.replace(since, outcome="alone", text=text)


def _text(change: Difference, indicator: Indicator, language: str) -> str:
    words = _WORDS[change.outcome].in_(language)
    return f"{Measure(indicator, areas=False, language=language).change(change.span.ends)}; {words}" if change.span else words


def _point(figure: NewestFigure) -> Point:
    """A figure that has a value; where the source does not know its doubt, it has no ends."""
    value, low, high = (math.nan if end is None else end for end in (figure.value, figure.low, figure.high))
    low, high = (math.nan, math.nan) if figure.interval == "none" else (low, high)
    return Point(value, low, high, math.nan, figure.interval, figure.definition, Period.parse(figure.period))
