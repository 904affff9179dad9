"""Perceived safety and what is reported, in the same areas: which two figures there are, and one area with its neighbours and the city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import msgspec
import shapely
from markupsafe import Markup

from geo.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.model import Indicator
from geo.words import Period
from webmap import contrast, drawings, looks, maps, mapview, say
from webmap.mapstate import CITY_SET, Question, Row, by_name, state
from webmap.pairwords import SAID

THEME = "tryghed"


@dataclass(frozen=True)
class Twosome:
    """Two indicators that have a figure in the same areas and periods. periods: their codes, oldest first."""

    felt: Indicator
    reported: Indicator
    area_set: str
    periods: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """One indicator of one area: its newest figure, those of the neighbours and of the city in the same period, and its trend."""

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
    """One area as SSP reads it. said: what the two say together, in words."""

    name: str
    period: str
    said: str
    cards: tuple[Card, ...]


def twosomes(edition: Edition) -> tuple[Twosome, ...]:
    """What people feel beside what is reported, as far as the edition has both; an edition may have neither."""
    there = [one for one in edition.catalogue.indicators if one.theme == THEME]
    asked = [one for one in there if one.basis == "survey" and one.kind == "share"]
    counted = [one for one in there if one.basis != "survey" and one.kind == "rate"]
    found = (
        Twosome(felt, reported, area_set, common(edition, felt, reported, area_set))
        for felt in asked
        for reported in counted
        for area_set in maps.drawable(edition)
        if area_set != CITY_SET
    )
    return tuple(one for one in found if one.periods)


def common(edition: Edition, felt: Indicator, reported: Indicator, area_set: str) -> tuple[str, ...]:
    """Codes of the periods in which both have figures, oldest first."""
    both = set(mapview.periods(edition, felt.id, area_set)) & set(mapview.periods(edition, reported.id, area_set))
    return tuple(sorted(both, key=Period.parse))


def district(edition: Edition, two: Twosome, area_id: str, language: str) -> District:
    """Put one area beside its neighbours and the city. Raises NotFoundError when the area set has no such area."""
    area = edition.area(two.area_set, area_id)
    if area is None:
        raise NotFoundError(Problem(area_id, f"no such area in {two.area_set}"))
    period = two.periods[-1]
    gap = contrast.gaps(edition, (two.felt.id, two.reported.id), two.area_set, (period, period))[area_id]
    questions = (Question(edition, one, two.area_set, language) for one in (two.felt, two.reported))
    cards = tuple(_card(question, area_id) for question in questions)
    return District(area.name, say.period(period, language), SAID[gap.look].in_(language), cards)


def _card(question: Question, area_id: str) -> Card:
    code = mapview.periods(question.edition, question.indicator.id, question.area_set)[-1]
    now = state(question, code)
    near = neighbours(question.edition, question.area_set)[area_id]
    rows = {row.area_id: row for row in now.rows}
    return Card(
        indicator=question.indicator,
        period=now.period_name,
        own=rows[area_id],
        neighbours=tuple(sorted((rows[one] for one in near), key=lambda row: by_name(row.name))),
        city=now.city,
        trend=drawings.trend(question.edition, question.indicator, question.area_set, area_id, question.language),
        demo=now.demo,
        designs=looks.designs(question.edition, question.indicator.id, question.area_set, question.language),
    )


@lru_cache(maxsize=32)
def neighbours(edition: Edition, area_set: str) -> Mapping[str, frozenset[str]]:
    """Ids of the areas whose drawn boundary touches that of an area, by its id."""
    drawn = edition.geometries(area_set)
    names, shapes = list(drawn), [shapely.from_geojson(msgspec.json.encode(geometry)) for geometry in drawn.values()]
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    found: dict[str, set[str]] = {name: set() for name in names}
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        if a != b:
            found[names[a]].add(names[b])
    return {name: frozenset(near) for name, near in found.items()}
