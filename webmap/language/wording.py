"""Figures, periods, statuses and reasons as words in the reader's language. A value never stands without its unit."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_decimal

from geo.figures import means
from geo.model.indicators import Indicator
from geo.model.rounding import half_up
from geo.model.vocabulary import Period, Reason, Status, Text


def years(first: str | None, last: str | None, language: str) -> str:
    """From when to when, in words: `2016–2020`, `fra 2. februar 2009`, "" when nothing is known."""
    if first and last:
        return f"{period(first, language)}–{period(last, language)}"
    if first:
        return Text(da="fra ", en="from ").in_(language) + period(first, language)
    return Text(da="til ", en="until ").in_(language) + period(last, language) if last else ""


def areas(count: int, language: str) -> str:
    """A number of areas: `1 område`, `51 områder`."""
    word = Text(da="område", en="area") if count == 1 else Text(da="områder", en="areas")
    return f"{count} {word.in_(language)}"


def web(url: str) -> str:
    """An address that may stand in a link: what a source file calls an address is text until it is known to be one."""
    return url if url.startswith(("https://", "http://")) else ""


def by_name(name: str) -> str:
    """Sort key that puts æ, ø and å after z, as Danish does."""
    return name.casefold().translate({ord("æ"): "{", ord("ø"): "|", ord("å"): "}"})


NONE: Final = "–"
DEMO: Final = Text(da="Demodata", en="Demo data")
_THIN: Final = "\u00a0"  # no line break between a number and its unit

STATUS: Final[Mapping[Status, Text]] = {
    Status.FINAL: Text(da="endelig", en="final"),
    Status.PROVISIONAL: Text(da="foreløbig", en="provisional"),
    Status.ESTIMATED: Text(da="skønnet", en="estimated"),
    Status.DEMO: DEMO,
    Status.MISSING: Text(da="mangler", en="missing"),
    Status.NOT_MEASURED: Text(da="ikke målt", en="not measured"),
    Status.HIDDEN_BY_SOURCE: Text(da="skjult i kilden", en="hidden by the source"),
    Status.SUPPRESSED: Text(da="skjult for at beskytte enkeltpersoner", en="hidden to protect people"),
    Status.UNCERTAIN: Text(da="usikker: tallet vises ikke", en="uncertain: the figure is not shown"),
}
"""Words for every status."""

REASON: Final[Mapping[Reason, Text]] = {
    Reason.NO_ROW: Text(da="kilden har intet tal for området", en="the source has no figure for the area"),
    Reason.HALF_YEARS: Text(da="halvårene vises hver for sig", en="its half-years are shown themselves"),
    Reason.NOT_ASKED: Text(da="kilden dækker ikke området eller perioden", en="the source does not cover the area or the period"),
    Reason.SOURCE_BLANK: Text(da="feltet er tomt i kilden", en="the field is empty in the source"),
    Reason.HIDDEN_AT_SOURCE: Text(da="kilden viser ikke tallet", en="the source does not show the figure"),
    Reason.FEW: Text(da="for få personer", en="too few people"),
    Reason.SMALL_GROUP: Text(da="gruppen er for lille", en="the group is too small"),
    Reason.PROTECTED: Text(da="for få personer, eller det kunne fortælle om for få", en="too few people, or it could tell of too few"),
    Reason.FEW_ANSWERS: Text(da="for få svar", en="too few answers"),
    Reason.MISSING_PART: Text(da="en del af området mangler", en="a part of the area is missing"),
    Reason.NO_INDICATOR: Text(da="ingen måler det", en="nobody measures it"),
    Reason.NO_BASELINE: Text(da="der er ingen måling fra begyndelsen", en="there is no baseline"),
    Reason.NO_LATEST: Text(da="der er ingen senere måling", en="there is no later figure"),
    Reason.NO_INTERVAL: Text(da="usikkerheden er ikke kendt", en="the uncertainty is not known"),
    Reason.COVERS_TARGET: Text(da="usikkerheden dækker begge sider af målet", en="the interval lies on both sides of the target"),
    Reason.COVERS_PATH: Text(
        da="usikkerheden dækker begge sider af den rette linje til målet",
        en="the interval lies on both sides of the straight line to the target",
    ),
    Reason.MET_SO_FAR: Text(
        da="kravet var indfriet ved den seneste opgørelse, men den ligger før fristen, og udgangspunktet er ikke dateret",
        en="the latest figure met the target, but it is from before the deadline, and the baseline is not dated",
    ),
    Reason.NOT_MET_SO_FAR: Text(
        da="kravet var ikke indfriet ved den seneste opgørelse, men den ligger før fristen, og udgangspunktet er ikke dateret",
        en="the latest figure did not meet the target, but it is from before the deadline, and the baseline is not dated",
    ),
    Reason.COVERS_NO_CHANGE: Text(da="ændringen er mindre end usikkerheden", en="the change is smaller than the uncertainty"),
    Reason.DEFINITION_BREAK: Text(da="definitionen er ændret undervejs", en="the definition changed in between"),
    Reason.NAMES_UNKNOWN: Text(da="ikke alle navne på listen er kendt", en="not all names on the list are known"),
    Reason.CRITERIA_UNKNOWN: Text(
        da="en af listerne siger ikke, hvad der skal til for at stå på den", en="one of the lists does not say what it takes to be on it"
    ),
    Reason.PART_OPEN: Text(
        da="en af målets dele kan ikke afgøres eller er ikke målt", en="a part of the goal cannot be decided or is not measured"
    ),
    Reason.HIDDEN: Text(da="et nødvendigt tal er skjult", en="a figure it needs is hidden"),
}
"""Words for every reason."""


def number(value: float, *, decimals: int, language: str) -> str:
    """A number with the language's separators and exactly `decimals` decimals, halves away from zero; an en dash where it is absent.

    Every figure that is shown as text, on pages, maps, charts and paper, is written here; scripts and pages format none themselves.
    """
    if math.isnan(value):
        return NONE
    return _written(value, decimals, language)


@lru_cache(maxsize=65536)
def _written(value: float, decimals: int, language: str) -> str:
    places = "." + "0" * decimals if decimals else ""
    return str(format_decimal(half_up(value, decimals) if math.isfinite(value) else value, format=f"#,##0{places}", locale=language))


def value(amount: float, indicator: Indicator, language: str) -> str:
    """A value with its unit, short: `89 %`. Units other than percent stand in the heading, except in `value_and_unit`."""
    words = number(amount, decimals=indicator.decimals, language=language)
    return words if indicator.kind != "share" or words == NONE else words + percent_sign(language)


def value_and_unit(amount: float, indicator: Indicator, language: str) -> tuple[str, str]:
    """A value and, beside it, the unit that `value` leaves to the heading ("" for percent)."""
    return value(amount, indicator, language), "" if indicator.kind == "share" else indicator.unit.in_(language)


def span(low: float, high: float, indicator: Indicator, language: str) -> str:
    """Two ends of an interval or a range with one unit: `85–92 %`."""
    if math.isnan(low) or math.isnan(high):
        return NONE
    first, last = (number(end, decimals=indicator.decimals, language=language) for end in (low, high))
    return f"{first}–{last}{percent_sign(language) if indicator.kind == 'share' else ''}"


def interval(row: Mapping[str, Any], indicator: Indicator, language: str) -> str:
    """The doubt of an observation in words: an interval, a full count, or that it is not known.

    A starred interval rests on an assumed sample size.
    """
    if math.isnan(row["value"]):
        return NONE
    if row["interval"] == "count":
        return Text(da="alle er talt med", en="everyone is counted").in_(language)
    if row["interval"] == "none" or math.isnan(row["low"]):
        return Text(da="ikke kendt", en="not known").in_(language)
    return span(row["low"], row["high"], indicator, language) + ("*" if row["interval"] == "assumed" else "")


def apportioned(row: Mapping[str, Any], indicator: Indicator, language: str) -> str:
    """What is to be said of a figure that was made from those of other areas; "" of every other."""
    if row["interval"] != "bounds":
        return ""
    low, high = (" ".join(part for part in value_and_unit(row[end], indicator, language) if part) for end in ("low", "high"))
    return Text(
        da=f"Tallet er skønnet ud fra tal for andre områder. Det er mindst {low} og højst {high}, hvordan folk end bor i dem.",
        en=f"The figure is estimated from figures for other areas. It is at least {low} and at most {high}, however people live in them.",
    ).in_(language)


def status(row: Mapping[str, Any], language: str) -> str:
    """Status of an observation, with its reason when no value can be shown."""
    if row["reason"] == Reason.HALF_YEARS:
        return REASON[Reason.HALF_YEARS].in_(language)
    words = STATUS[Status(row["status"])].in_(language)
    return f"{words}: {REASON[Reason(row['reason'])].in_(language)}" if row["reason"] else words


def percent_sign(language: str) -> str:
    """The percent sign as the language writes it after a number."""
    return Text(da=f"{_THIN}%", en="%").in_(language)


def opening(words: str) -> str:
    """Words as a sentence or a heading begins with them: the first letter large, the others as they are."""
    return words[:1].upper() + words[1:]


def period(code: str, language: str) -> str:
    """A period's name: `2026`, `2008–2009`, `1. halvår 2014`, `3. kvartal 2014`, `juni 2014`, `1. juni 2014`, `skoleåret 2013/14`."""
    parsed = Period.parse(code)
    year, mark, part = parsed.first.year, parsed.code[4:5], parsed.code[5:6]
    if parsed.first.month != 1 and parsed.first.year != parsed.last.year:
        years = f"{year}/{parsed.last.year % 100:02}"
        return Text(da=f"skoleåret {years}", en=f"school year {years}").in_(language)
    if parsed.first.year != parsed.last.year:
        return f"{year}–{parsed.last.year}"
    if mark == "H":
        return Text(da=f"{part}. halvår {year}", en=f"{'first' if part == '1' else 'second'} half of {year}").in_(language)
    if mark == "Q":
        return Text(da=f"{part}. kvartal {year}", en=f"Q{part} {year}").in_(language)
    if mark == "-":
        return date(parsed.first, language) if parsed.first == parsed.last else str(format_date(parsed.first, "MMMM yyyy", locale=language))
    return str(year)


def mean(code: str, language: str) -> str:
    """A period of which a mean of half-years is told, with what it is: `2008 (gennemsnit af to halvår)`."""
    number = {2: Text(da="to", en="two"), 4: Text(da="fire", en="four")}[len(means.parts_of(code))].in_(language)
    words = Text(da=f"gennemsnit af {number} halvår", en=f"mean of {number} half-years").in_(language)
    return f"{period(code, language)} ({words})"


def when(code: str, indicator: Indicator, language: str) -> str:
    """The name of a period of an indicator; of a mean it is said that it is one."""
    return mean(code, language) if means.is_mean(indicator, code) else period(code, language)


def date(day: dt.date, language: str) -> str:
    """A day in words: `21. november 2026`."""
    return str(format_date(day, "long", locale=Text(da="da", en="en_GB").in_(language)))


def percent(value: float, language: str) -> str:
    """Whole percent; what is there but rounds to nothing is said to be under one."""
    sign = percent_sign(language)
    return f"<{number(1, decimals=0, language=language)}{sign}" if value < 1 else number(value, decimals=0, language=language) + sign
