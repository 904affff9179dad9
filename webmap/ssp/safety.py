"""Perceived safety and what is reported, in the same areas: which two figures there are, and one area with its neighbours and the city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import msgspec
import shapely
from markupsafe import Markup

from geo.editions.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.model.indicators import Indicator
from geo.model.vocabulary import Period, Text
from webmap.charts import illustrations
from webmap.edition import classes, rows
from webmap.edition.compared import differences
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_SET, Question
from webmap.language import wording
from webmap.language.wording import by_name
from webmap.maps.pairtexts import SAID, apart_in_time, of_when
from webmap.maps.state import Row, state

THEME = "tryghed"


@dataclass(frozen=True)
class Twosome:
    """Two indicators that have a figure in the same areas and periods. periods: codes of those they share, oldest first.

    newest: of each indicator the newest period that can answer, which may be two.
    """

    felt: Indicator
    reported: Indicator
    area_set: str
    periods: tuple[str, ...]
    newest: tuple[str, str]


@dataclass(frozen=True)
class IndicatorCard:
    """One indicator of one area: its newest figure that can answer, those of neighbours and city in its period, and its trend."""

    indicator: Indicator
    period: str
    own: Row
    neighbours: tuple[Row, ...]
    city: Row | None
    trend: Markup
    demo: bool
    designs: tuple[str, ...] = ()


@dataclass(frozen=True)
class District:
    """One area as SSP reads it. said: what the two say together, in words.

    note: that they are of two periods, or that a newer one cannot be compared; "" when there is nothing of the kind to say.
    """

    name: str
    period: str
    note: str
    said: str
    cards: tuple[IndicatorCard, ...]


def twosomes(edition: Edition) -> tuple[Twosome, ...]:
    """What people feel beside what is reported, as far as the edition has both; an edition may have neither."""
    there = [indicator for indicator in edition.catalogue.indicators if indicator.theme == THEME]
    asked = [indicator for indicator in there if indicator.basis == "survey" and indicator.kind == "share"]
    counted = [indicator for indicator in there if indicator.basis != "survey" and indicator.kind == "rate"]
    combined = (
        Twosome(
            felt,
            reported,
            area_set,
            common(edition, felt, reported, area_set),
            (newest(edition, felt.id, area_set), newest(edition, reported.id, area_set)),
        )
        for felt in asked
        for reported in counted
        for area_set in rows.drawable(edition)
        if area_set != CITY_SET
    )
    return tuple(twosome for twosome in combined if twosome.periods)


def common(edition: Edition, felt: Indicator, reported: Indicator, area_set: str) -> tuple[str, ...]:
    """Codes of the periods in which both have figures, oldest first."""
    both = set(rows.periods_in_set(edition, felt.id, area_set)) & set(rows.periods_in_set(edition, reported.id, area_set))
    return tuple(sorted(both, key=Period.parse))


def newest(edition: Edition, indicator: str, area_set: str, area_id: str = "") -> str:
    """Code of the newest period in which areas, or one of them, can be held against the city: both have a figure, or a hidden one.

    It is the newest of all where the city has no figure, "" where nobody has one. An area that has none goes by the others.
    """
    own = rows.periods(edition, indicator, area_set, area_id) if area_id else ()
    codes, of_city = own or rows.periods_in_set(edition, indicator, area_set), rows.periods_in_set(edition, indicator, CITY_SET)
    return next((code for code in reversed(codes) if code in of_city), codes[-1] if codes else "")


def district(reader: Reader, two: Twosome, area_id: str) -> District:
    """Put one area beside its neighbours and the city. Raises NotFoundError when the area set has no such area."""
    area = reader.edition.area(two.area_set, area_id)
    if area is None:
        raise NotFoundError(Problem(area_id, f"no such area in {two.area_set}"))
    first, second = (newest(reader.edition, indicator.id, two.area_set, area_id) for indicator in (two.felt, two.reported))
    gap = differences.gap(reader.edition, (two.felt.id, two.reported.id), (two.area_set, area_id), (first, second))
    questions = tuple(Question(reader, indicator, two.area_set) for indicator in (two.felt, two.reported))
    cards = tuple(_card(question, code, area_id) for question, code in zip(questions, (first, second), strict=True))
    names = (two.felt.name.in_(reader.language), two.reported.name.in_(reader.language))
    periods = (wording.period(first, reader.language), wording.period(second, reader.language))
    newer = (_newer(question, code, area_id) for question, code in zip(questions, (first, second), strict=True))
    notes = (apart_in_time(periods, reader.language), *newer)
    note = " ".join(words for words in notes if words)
    return District(area.name, of_when(names, periods), note, SAID[gap.look].in_(reader.language), cards)


def _newer(question: Question, code: str, area_id: str) -> str:
    """That the area has a newer figure than the one that is compared with the city's, and why it is not; "" where it has none."""
    codes = rows.periods(question.reader.edition, question.indicator.id, question.area_set, area_id)
    if not codes or codes[-1] == code:
        return ""
    name, newest = question.indicator.name.in_(question.reader.language), wording.period(codes[-1], question.reader.language)
    return Text(
        da=f"{name}: der er et nyere tal fra {newest}, men ikke for byen, så de to kan ikke sammenlignes.",
        en=f"{name}: there is a newer figure of {newest}, but none for the city, so that the two cannot be compared.",
    ).in_(question.reader.language)


def _card(question: Question, code: str, area_id: str) -> IndicatorCard:
    now = state(question, code)
    near = neighbours(question.reader.edition, question.area_set)[area_id]
    by_id = {row.area_id: row for row in now.rows}
    return IndicatorCard(
        indicator=question.indicator,
        period=now.period_name,
        own=by_id[area_id],
        neighbours=tuple(sorted((by_id[neighbour] for neighbour in near), key=lambda row: by_name(row.name))),
        city=now.city,
        trend=illustrations.trend(question, area_id),
        demo=now.demo,
        designs=classes.designs(question.reader, question.indicator.id, question.area_set),
    )


@lru_cache(maxsize=32)
def neighbours(edition: Edition, area_set: str) -> Mapping[str, frozenset[str]]:
    """Ids of the areas whose drawn boundary touches that of an area, by its id."""
    drawn = edition.geometries(area_set)
    names, shapes = list(drawn), [shapely.from_geojson(msgspec.json.encode(geometry)) for geometry in drawn.values()]
    first, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    touching: dict[str, set[str]] = {name: set() for name in names}
    for a, b in zip(first.tolist(), other.tolist(), strict=True):
        if a != b:
            touching[names[a]].add(names[b])
    return {name: frozenset(near) for name, near in touching.items()}
