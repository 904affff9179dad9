"""Two figures of an area held against each other: what changed for sure, and where feeling and reports point different ways.

Made from what the reader may see and from nothing else: where one of the two is hidden, so is what they say together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from geo.changes import Point, Span, apart
from geo.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.model import Indicator
from geo.series import point
from geo.words import HAS_VALUE, Status
from webmap import looks
from webmap.mapstate import CITY_ID, CITY_SET

MORE, LESS, SAME, UNKNOWN, BROKEN = "mere", "mindre", "ens", "uvis", "brudt"
"""Looks of a change: surely up, surely down, not told from noise, doubt not known, definitions that cannot be compared."""

FELT, REPORTED, BOTH, NEITHER = "oplevet", "anmeldt", "begge", "ingen"
"""Looks of the gap: worse than the city as felt, as reported, as both, as neither."""

CHANGE_LOOKS: Final = (MORE, LESS, SAME, UNKNOWN, BROKEN, looks.HIDDEN, looks.NOT_MEASURED)
GAP_LOOKS: Final = (FELT, REPORTED, BOTH, NEITHER, UNKNOWN, looks.HIDDEN, looks.NOT_MEASURED)


@dataclass(frozen=True)
class Held:
    """What two figures say together. span: the difference with its 95 percent interval, where there is one."""

    look: str
    span: Span | None = None


@lru_cache(maxsize=256)
def changes(edition: Edition, indicator: str, area_set: str, before: str, after: str) -> Mapping[str, Held]:
    """How each area changed between two periods: coloured only where the interval of the change does not hold zero."""
    found = measured(edition, indicator)
    then = looks.by_area(edition, indicator, area_set, before)
    now = looks.by_area(edition, indicator, area_set, after)
    return {area.area_id: change(then.get(area.area_id), now.get(area.area_id), found) for area in edition.layers[area_set].areas}


def change(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, indicator: Indicator) -> Held:
    """Hold two observations of one indicator in one area against each other."""
    lacking = _lacking(before, after)
    if lacking or before is None or after is None:
        return Held(lacking or looks.NOT_MEASURED)
    if before["definition"] != after["definition"]:
        return Held(BROKEN)
    return difference(point(after, indicator), point(before, indicator), indicator)


def difference(one: Point, other: Point, indicator: Indicator) -> Held:
    """One figure less the other. A rate whose source gives no number of events varies by chance, by how much nobody knows."""
    found = apart(one, other)
    if indicator.kind == "rate" and "count" in (one.interval, other.interval):
        return Held(UNKNOWN, Span(found.value, math.nan, math.nan))
    return _told(found)


@lru_cache(maxsize=256)
def gaps(edition: Edition, pair: tuple[str, str], area_set: str, periods: tuple[str, str]) -> Mapping[str, Held]:
    """Where each area is worse than the city for sure: as people feel (the first), as is reported (the second), as both or neither.

    The two have no unit in common, so each is held against the city's own figure of its period, and only the answers are put together.
    """
    felt, reported = (_against_city(edition, measured(edition, one), area_set, period) for one, period in zip(pair, periods, strict=True))
    return {area.area_id: _gap(felt[area.area_id], reported[area.area_id]) for area in edition.layers[area_set].areas}


def measured(edition: Edition, id: str) -> Indicator:
    """The indicator of that id. Raises NotFoundError."""
    found = edition.catalogue.indicator(id)
    if found is None:
        raise NotFoundError(Problem(id, "no such indicator"))
    return found


def _gap(felt: str, reported: str) -> Held:
    for lacking in (looks.HIDDEN, looks.NOT_MEASURED, UNKNOWN):
        if lacking in (felt, reported):
            return Held(lacking)
    return Held({(True, True): BOTH, (True, False): FELT, (False, True): REPORTED}.get((felt == LESS, reported == LESS), NEITHER))


def _against_city(edition: Edition, indicator: Indicator, area_set: str, period: str) -> dict[str, str]:
    """Of each area: MORE where it is surely better than the city, LESS where it is surely worse, SAME where neither can be told."""
    city = looks.by_area(edition, indicator.id, CITY_SET, period).get(CITY_ID)
    found = looks.by_area(edition, indicator.id, area_set, period)
    return {area.area_id: _better(found.get(area.area_id), city, indicator) for area in edition.layers[area_set].areas}


def _better(row: Mapping[str, Any] | None, city: Mapping[str, Any] | None, indicator: Indicator) -> str:
    lacking = _lacking(row, city)
    if lacking or row is None or city is None:
        return lacking or looks.NOT_MEASURED
    look = difference(point(row, indicator), point(city, indicator), indicator).look
    return {MORE: LESS, LESS: MORE}.get(look, look) if indicator.direction == "down" else look


def _told(span: Span) -> Held:
    if math.isnan(span.low) or math.isnan(span.high):
        return Held(UNKNOWN, span)
    return Held(MORE if span.low > 0 else LESS if span.high < 0 else SAME, span)


def _lacking(*rows: Mapping[str, Any] | None) -> str:
    """Why figures cannot be held against each other, "" when they can: hidden before not measured."""
    statuses = {row["status"] if row is not None else Status.NOT_MEASURED.value for row in rows}
    if Status.SUPPRESSED.value in statuses:
        return looks.HIDDEN
    return "" if statuses <= HAS_VALUE else looks.NOT_MEASURED
