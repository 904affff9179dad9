"""Words of a map's colours: of what can be told the answer, the legend and how chance is kept out; of classes their ends."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Final

from geo.figures.multiple import Control
from geo.model.indicators import Indicator
from geo.model.vocabulary import Reason, Text
from webmap.edition.classes import ClassRange
from webmap.edition.compared import differences
from webmap.edition.compared.differences import Held
from webmap.language import wording
from webmap.maps import against
from webmap.maps.against import Standing, Yardstick

CITY: Final = Text(da="byen", en="the city")
TARGET: Final = Text(da="målet", en="the target")
_CITYS: Final = Text(da="byens {value}", en="the city's {value}")
_TARGETS: Final = Text(da="målet, {value}", en="the target, {value}")

_SIDES: Final[Mapping[str, Text]] = {
    differences.LESS: Text(da="sikkert under {what}", en="surely below {what}"),
    differences.SAME: Text(da="ingen sikker forskel fra {what}", en="no sure difference from {what}"),
    differences.MORE: Text(da="sikkert over {what}", en="surely above {what}"),
}
_COUNTED: Final[Mapping[str, Text]] = {
    differences.LESS: Text(da="under {what}", en="below {what}"),
    differences.SAME: Text(da="det samme som {what}", en="the same as {what}"),
    differences.MORE: Text(da="over {what}", en="above {what}"),
}
ORDER: Final = (differences.LESS, differences.SAME, differences.MORE, differences.UNKNOWN)
"""The order of the legend: from low to high, then what nobody knows."""


def heading(yardstick: Yardstick, language: str) -> str:
    """What stands above the column of what can be told."""
    words = Text(da="Mod målet", en="Against the target") if yardstick.goal else Text(da="Mod byen", en="Against the city")
    return words.in_(language)


def legend(standing: Standing, indicator: Indicator, language: str) -> list[tuple[str, str, int]]:
    """Look, words and number of areas of each class, from below to above."""
    counts = Counter(standing.looks.values())
    drawn = {against.side(indicator, look): look for look in against.TOLD}
    return [(drawn[way], _label(standing, way, indicator, language), counts[drawn[way]]) for way in ORDER]


def counted(standing: Standing, indicator: Indicator, language: str) -> list[tuple[str, str, int]]:
    """The same with words that fit every period: without the yardstick's own value."""
    words = {way: _words(standing)[way].in_(language).format(what=_what(standing, indicator, language, value=False)) for way in _SIDES}
    words[differences.UNKNOWN] = wording.REASON[Reason.NO_INTERVAL].in_(language)
    lines = legend(standing, indicator, language)
    return [(look, words[way], count) for way, (look, _, count) in zip(ORDER, lines, strict=True)]


def _label(standing: Standing, way: str, indicator: Indicator, language: str) -> str:
    if way == differences.UNKNOWN:
        return wording.REASON[Reason.NO_INTERVAL].in_(language)
    return _words(standing)[way].in_(language).format(what=_what(standing, indicator, language, value=way != differences.SAME))


def said(standing: Standing, held: Held | None, language: str) -> str:
    """How one area stands, in words; "" where it has no figure that is shown."""
    if held is None or standing.yardstick is None:
        return ""
    if held.look == differences.UNKNOWN:
        return wording.REASON[Reason.NO_INTERVAL].in_(language)
    what = (TARGET if standing.yardstick.goal else CITY).in_(language)
    return _words(standing)[held.look].in_(language).format(what=what)


def _words(standing: Standing) -> Mapping[str, Text]:
    return _COUNTED if standing.counted else _SIDES


def _what(standing: Standing, indicator: Indicator, language: str, *, value: bool) -> str:
    """`byens 86 %`, or without the value `byen`."""
    if standing.yardstick is None:
        return ""
    target = bool(standing.yardstick.goal)
    if not value:
        return (TARGET if target else CITY).in_(language)
    figure = wording.value(standing.yardstick.value, indicator, language)
    return (_TARGETS if target else _CITYS).in_(language).format(value=figure)


def answer(standing: Standing, indicator: Indicator, period: str, language: str) -> str:
    """The sentence above the map: how many areas lie surely below and above, and how many cannot be told."""
    below, same, above = (standing.number(way) for way in (differences.LESS, differences.SAME, differences.MORE))
    unknown = standing.number(differences.UNKNOWN)
    areas = below + same + above + unknown
    what, plain = (_what(standing, indicator, language, value=value) for value in (True, False))
    sure = Text(da="", en="").in_(language) if standing.counted else Text(da="sikkert ", en="surely ").in_(language)
    if not below and not above:
        none = Text(
            da=f"I {period} er ingen af {wording.areas(areas, language)} sikkert forskellige fra {what}.",
            en=f"In {period}, none of {wording.areas(areas, language)} can be told from {what}.",
        )
        return none.in_(language)
    nobody = Text(da="ingen", en="none").in_(language)
    first = Text(
        da=f"I {period} ligger {below or nobody} af {wording.areas(areas, language)} {sure}under {what}, og {above or nobody} {sure}over.",
        en=f"In {period}, {below or nobody} of {wording.areas(areas, language)} lie {sure}below {what}, and {above or nobody} {sure}above.",
    )
    differing = "forskellig" if same == 1 else "forskellige"
    rest = Text(da=f"{same} er ikke sikkert {differing} fra {plain}.", en=f"{same} cannot be told from {plain}.")
    beside = Text(da=f"For {unknown} er usikkerheden ikke kendt.", en=f"For {unknown} the uncertainty is not known.")
    said_words = [first.in_(language), rest.in_(language) if same else "", beside.in_(language) if unknown else ""]
    return " ".join(filter(None, said_words))


def chance(standing: Standing, language: str) -> str:
    """How chance is kept out of the colours, in everyday words; of full counts, that chance has no part in them."""
    if standing.yardstick is None:
        return ""
    if standing.counted:
        return Text(
            da="Tallene er optalt, ikke spurgt: enhver forskel er virkelig, også en lille.",
            en="The figures are counted, not asked: every difference is real, a small one too.",
        ).in_(language)
    return _tested(standing.control, language)


def _tested(control: Control, language: str) -> str:
    areas = wording.areas(control.tested, language)
    words = Text(
        da=(
            f"Et område får kun farve, når forskellen er for stor til at være tilfældig, også når {areas} prøves på én gang. I gennemsnit "
            "er højst 5 af 100 farvede områder på sådan et kort farvet ved et tilfælde."
        ),
        en=(
            f"An area has a colour only when the difference is too large to be chance, also when {areas} are tested at once. On average at "
            "most 5 in 100 coloured areas of such a map are coloured by chance."
        ),
    ).in_(language)
    faded = control.alone - control.told
    alone = Text(
        da=f" {faded} mere ville skille sig ud, hvis man så på ét område ad gangen.",
        en=f" {faded} more would stand out if one looked at a single area at a time.",
    ).in_(language)
    return words + (alone if faded > 0 else "")


def range_words(part: ClassRange, indicator: Indicator, language: str, limit: str) -> str:
    """A class in words: its lower end belongs to it, its upper end does not. limit: what policy calls the lower end."""
    low, high = (
        wording.number(end, decimals=indicator.decimals, language=language) if math.isfinite(end) else "" for end in (part.low, part.high)
    )
    if not low and not high:
        return Text(da="alle værdier", en="all values").in_(language)
    if not low:
        return f"under {high}"
    words = Text(da=f"{low} – under {high}", en=f"{low} – below {high}") if high else Text(da=f"{low} og over", en=f"{low} and over")
    return f"{words.in_(language)} ({limit})" if limit else words.in_(language)
