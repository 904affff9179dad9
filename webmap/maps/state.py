"""What one map says in one period, all of it in words: the sentence, the legend's counts and a row for each area.

The page and the values file are both made from it, so what the browser swaps in is what the server would have rendered.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from geo.model.vocabulary import HAS_VALUE, Status, Text
from webmap.edition import classes as area_classes
from webmap.edition import rows as edition_rows
from webmap.edition.rows import CITY_ID, CITY_SET, Question
from webmap.language import wording
from webmap.language.wording import by_name
from webmap.maps import against, standingtexts
from webmap.maps.against import Standing
from webmap.maps.scripts import inert

CITY_KEY = "by"
CLASSES: Final = "klasser"
"""The second view of a map, as its address says it: classes of values. Without it a map shows what can be told."""


@dataclass(frozen=True)
class Row:
    """One area in one period. `key` joins the row to its shape; all else but `area_id` is words.

    doubt: what is to be said when the class is uncertain, or the uncertainty unknown. stands: how it stands against the yardstick.
    """

    key: str
    area_id: str
    name: str
    look: str
    value: str
    interval: str
    n: str
    status: str
    doubt: str = ""
    stands: str = ""


@dataclass(frozen=True)
class Key:
    """One line of the legend: its look, its words and how many areas have it, as a number in words ("3 områder") or bare.

    A line that no area has is folded away: it is there for the periods in which some area has it.
    """

    look: str
    label: str
    count: str

    @property
    def folded(self) -> bool:
        """Whether no area has it."""
        return self.count.split()[0] == "0"


@dataclass(frozen=True)
class State:
    """One map in one period. `city` is None where the source has no figure for the whole city.

    doubt: how many areas could fall in another class, given their intervals; of what can be told, how chance is kept out; "" where
    there is neither. against: heading of what can be told of each area, "" where classes are shown. lacking: why what can be told is
    not to be had, "" where it is. plain: whether there is one value at most to show, so that colours would say nothing.
    """

    period: str
    period_name: str
    sentence: str
    caption: str
    doubt: str
    classes: tuple[Key, ...]
    keys: tuple[Key, ...]
    rows: tuple[Row, ...]
    city: Row | None
    demo: bool
    tally: area_classes.Tally
    against: str = ""
    lacking: str = ""
    plain: bool = False


@lru_cache(maxsize=256)
def state(question: Question, period: str, colours: str = CLASSES) -> State:
    """Put one period of a map into words; areas without a row are said to be not measured, never zero.

    colours: CLASSES, or "" for what can be told of each area, which falls back to classes where nothing can.
    """
    edition, indicator, language = question.reader.edition, question.indicator, question.reader.language
    table = edition_rows.rows_of(edition, indicator.id, question.area_set, period)
    by_id = edition_rows.by_area(edition, indicator.id, question.area_set, period)
    standing = against.standing(edition, indicator.id, question.area_set, period)
    shown = standing if standing.yardstick and colours != CLASSES else Standing(lacking=standing.lacking)
    seen = dict(shown.looks) or area_classes.looks(edition, indicator.id, question.area_set, period)
    made_up = sum(indicator.demo or row["status"] == Status.DEMO.value for row in by_id.values())
    tally = area_classes.tally(seen, demo=made_up)
    city = city_row(question, period)
    name = wording.when(period, indicator, language)
    values = _values(table)
    first = _answer(question, name, values, shown) if shown.yardstick else _range_sentence(question, name, values, tally, city)
    return State(
        period=period,
        period_name=name,
        sentence=" ".join([first, *_beside(tally, language)]),
        caption=f"{indicator.name.in_(language)}, {indicator.unit.in_(language)} · {indicator.population.in_(language)} · {name}",
        doubt=standingtexts.chance(shown, language) or _doubt_line(question, tally),
        classes=_told(shown, question) or _classes(question, seen),
        keys=_keys(tally, question.reader.language),
        rows=_rows(question, by_id, seen, standing),
        city=city,
        demo=indicator.demo or made_up > 0,
        tally=tally,
        against=standingtexts.heading(shown.yardstick, language) if shown.yardstick else "",
        lacking=standing.lacking.in_(language) if standing.lacking else "",
        plain=0 < values.nunique() < 2,
    )


def city_row(question: Question, period: str) -> Row | None:
    """The whole city's figure in words, or None where there is no value."""
    row = edition_rows.by_area(question.reader.edition, question.indicator.id, CITY_SET, period).get(CITY_ID)
    if row is None or math.isnan(row["value"]):
        return None
    name = Text(da="Byen som helhed", en="The city as a whole").in_(question.reader.language)
    return _row(question, row, (CITY_ID, name, ""), key=CITY_KEY)


def _rows(question: Question, by_id: Mapping[str, Mapping[str, Any]], seen: Mapping[str, str], standing: Standing) -> tuple[Row, ...]:
    areas = sorted(question.reader.edition.layers[question.area_set].areas, key=lambda area: by_name(area.name))
    stands = {area: standingtexts.said(standing, held, question.reader.language) for area, held in standing.held.items()}
    return tuple(
        replace(_row(question, by_id[area.area_id], (area.area_id, area.name, seen[area.area_id])), stands=stands.get(area.area_id, ""))
        if area.area_id in by_id
        else _empty_row(question, area.area_id, area.name)
        for area in areas
    )


def _row(question: Question, row: Mapping[str, Any], area: tuple[str, str, str], *, key: str = "") -> Row:
    indicator, language = question.indicator, question.reader.language
    area_id, name, look = area
    counted = row["n"] if indicator.basis == "survey" else row["denominator"]
    return Row(
        key=key or inert(area_id),
        area_id=area_id,
        name=name,
        look=look,
        value=wording.value(row["value"], indicator, language),
        interval=wording.interval(row, indicator, language),
        n=wording.number(counted, decimals=0, language=language) if not math.isnan(counted) else _not_given(row, language),
        status=wording.status(row, language),
        doubt=_class_doubt(look, language),
    )


def _class_doubt(look: str, language: str) -> str:
    if area_classes.UNCERTAIN in look.split():
        return Text(da="farven er usikker", en="the class is uncertain").in_(language)
    if area_classes.UNKNOWN in look.split():
        return Text(da="usikkerheden er ikke kendt", en="the uncertainty is not known").in_(language)
    return ""


def _not_given(row: Mapping[str, Any], language: str) -> str:
    """What stands for an absent count: a dash where the value is absent too, else that the source does not give it."""
    if math.isnan(row["value"]):
        return wording.NONE
    return Text(da="ikke oplyst", en="not given").in_(language)


def _empty_row(question: Question, area_id: str, name: str) -> Row:
    words = wording.STATUS[Status.NOT_MEASURED].in_(question.reader.language)
    return Row(inert(area_id), area_id, name, area_classes.NOT_MEASURED, wording.NONE, wording.NONE, wording.NONE, words)


def _values(table: pd.DataFrame) -> pd.Series:
    return table.loc[table["status"].isin([status.value for status in HAS_VALUE]), "value"].dropna()


def _classes(question: Question, seen: Mapping[str, str]) -> tuple[Key, ...]:
    indicator, language = question.indicator, question.reader.language
    breaks = area_classes.breaks_of(question.reader.edition, indicator.id, question.area_set)
    policy = {limit.value: limit.label.in_(language) for limit in (breaks.policy if breaks else ())}
    return tuple(
        Key(part.look, standingtexts.range_words(part, indicator, language, policy.get(part.low, "")), wording.areas(part.count, language))
        for part in area_classes.ranges(breaks, seen)
    )


def _keys(tally: area_classes.Tally, language: str) -> tuple[Key, ...]:
    said = (
        (area_classes.TOO_UNCERTAIN, Text(da="for usikkert til at vise", en="too uncertain to show"), tally.withheld),
        (area_classes.HIDDEN, wording.STATUS[Status.SUPPRESSED], tally.hidden),
        (area_classes.NOT_MEASURED, wording.STATUS[Status.NOT_MEASURED], tally.not_measured),
    )
    return tuple(Key(look, words.in_(language), str(count)) for look, words, count in said)


def _told(standing: Standing, question: Question) -> tuple[Key, ...]:
    """The legend of what can be told; empty where classes are shown."""
    language = question.reader.language
    lines = standingtexts.legend(standing, question.indicator, language) if standing.yardstick else []
    return tuple(Key(look, words, wording.areas(count, language)) for look, words, count in lines)


def _doubt_line(question: Question, tally: area_classes.Tally) -> str:
    """The colour's doubt in words: always said, whether or not the areas are hatched."""
    language = question.reader.language
    if not tally.shown or not area_classes.breaks_of(question.reader.edition, question.indicator.id, question.area_set):
        return ""
    areas = wording.areas(tally.shown, language)
    could = Text(da=f"Farven er usikker for {tally.uncertain} af {areas}", en=f"{tally.uncertain} of {areas} could fall in another class")
    beside = Text(da=f"; for {tally.unknown} er usikkerheden ikke kendt", en=f"; for {tally.unknown} the uncertainty is not known")
    return could.in_(language) + (beside.in_(language) if tally.unknown else "")


def _answer(question: Question, period: str, values: pd.Series, standing: Standing) -> str:
    """How many areas can be told from the yardstick, and how far the figures reach."""
    language = question.reader.language
    stands, width = standingtexts.answer(standing, question.indicator, period, language), _width(values, question)
    return f"{stands} {Text(da=f'Tallene ligger på {width}.', en=f'The figures lie at {width}.').in_(language)}"


def _beside(tally: area_classes.Tally, language: str) -> list[str]:
    """What is to be said besides: which areas are in doubt about their class, and which have no figure to show."""
    areas = wording.areas(tally.uncertain, language)
    beside = (
        (
            tally.uncertain,
            Text(
                da=f"I {areas} er usikkerheden så stor, at farven kunne være en anden.",
                en=f"In {areas} the uncertainty is so large that the colour could be another.",
            ),
        ),
        (
            tally.hidden,
            Text(da=f"{tally.hidden} er skjult for at beskytte enkeltpersoner.", en=f"{tally.hidden} hidden to protect people."),
        ),
        (
            tally.withheld,
            Text(da=f"{tally.withheld} vises ikke, fordi tallet er for usikkert.", en=f"{tally.withheld} too uncertain to show."),
        ),
        (
            tally.not_measured if tally.shown else 0,
            Text(da=f"{tally.not_measured} er ikke målt.", en=f"{tally.not_measured} not measured."),
        ),
    )
    return [words.in_(language) for number, words in beside if number]


def _range_sentence(question: Question, period: str, values: pd.Series, tally: area_classes.Tally, city: Row | None) -> str:
    language = question.reader.language
    whole = f"{city.value}{_doubt(city)}" if city else ""
    if question.area_set == CITY_SET and whole:
        return Text(
            da=f"{wording.opening(period)}: {whole} i byen som helhed.", en=f"{wording.opening(period)}: {whole} in the city as a whole."
        ).in_(language)
    beside = Text(da=f"; byen som helhed på {whole}", en=f"; the city as a whole at {whole}").in_(language) if whole else ""
    if values.empty:
        nothing = Text(da="Ingen områder har et tal, der kan vises", en="No area has a figure that can be shown").in_(language)
        return f"{nothing} ({period}){beside}."
    width = _width(values, question)
    if tally.areas == 1:
        return f"{wording.opening(period)}: {width} ({question.reader.edition.layers[question.area_set].areas[0].name}){beside}."
    if len(values) == tally.areas:
        start = Text(da=f"I {period} ligger de {tally.areas} områder på {width}", en=f"In {period} the {tally.areas} areas lie at {width}")
    else:
        start = Text(
            da=f"I {period} har {len(values)} af {tally.areas} områder et tal: {width}",
            en=f"In {period} {len(values)} of {tally.areas} areas have a figure: {width}",
        )
    return f"{start.in_(language)}{beside}."


def _doubt(city: Row) -> str:
    return f" ({city.interval.rstrip('*')})" if any(sign.isdigit() for sign in city.interval) else ""


def _width(values: pd.Series, question: Question) -> str:
    """Lowest to highest value with the unit; no area is named, for the public view ranks no places."""
    indicator, language = question.indicator, question.reader.language
    single = values.nunique() == 1
    words = wording.value(values.iloc[0], indicator, language) if single else wording.span(values.min(), values.max(), indicator, language)
    return words if indicator.kind == "share" else f"{words} {indicator.unit.in_(language)}"
