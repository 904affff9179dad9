"""Two figures of an area held against each other: what changed for sure, and where feeling and reports point different ways.

Made from what the reader may see and from nothing else: where one of the two is hidden, so is what they say together. Where many areas
are asked at once, only those are marked that stand out of all of them (geo.figures.multiple); an area looked at by itself keeps its
interval.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, TypeVar

from geo.editions.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.figures import multiple
from geo.figures.differences import IntervalEstimate, Point, apart
from geo.figures.multiple import Control
from geo.figures.series import point
from geo.model.indicators import Indicator
from geo.model.vocabulary import HAS_VALUE, HIDDEN, Status
from webmap.edition import classes
from webmap.edition import rows as edition_rows
from webmap.edition.rows import CITY_ID, CITY_SET

MORE, LESS, SAME, UNKNOWN, BROKEN = "mere", "mindre", "ens", "uvis", "brudt"
"""Looks of a change: surely up, surely down, not told from noise, doubt not known, definitions that cannot be compared."""

FELT, REPORTED, BOTH, NEITHER = "oplevet", "anmeldt", "begge", "ingen"
"""Looks of the gap: worse than the city as felt, as reported, as both, as neither."""

CHANGE_LOOKS: Final = (MORE, LESS, SAME, UNKNOWN, BROKEN, classes.HIDDEN, classes.NOT_MEASURED)
GAP_LOOKS: Final = (FELT, REPORTED, BOTH, NEITHER, UNKNOWN, classes.HIDDEN, classes.NOT_MEASURED)


_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True)
class Held:
    """What two figures say together. span: the difference with its 95 percent interval, where there is one.

    alone: it would be told from noise if it were looked at by itself, and is not among all that were asked at once.
    """

    look: str
    span: IntervalEstimate | None = None
    alone: bool = False

    @property
    def chance(self) -> float:
        """How easily chance alone gives it; NaN where that is not a question, or nobody knows."""
        return multiple.chance(self.span) if self.span and self.look in {MORE, LESS, SAME} else math.nan


@lru_cache(maxsize=256)
def changes(edition: Edition, indicator: str, area_set: str, before: str, after: str) -> Mapping[str, Held]:
    """How each area changed between two periods: coloured only where the change stands out of all the areas' changes."""
    return among(
        {area.area_id: changed(edition, indicator, area_set, area.area_id, (before, after)) for area in edition.layers[area_set].areas}
    )


def changed(edition: Edition, indicator: str, area_set: str, area_id: str, periods: tuple[str, str]) -> Held:
    """How one area changed from one period to another, by its own interval."""
    then, now = (edition_rows.by_area(edition, indicator, area_set, period).get(area_id) for period in periods)
    return change(then, now, measured(edition, indicator))


def among(held: Mapping[_Key, Held]) -> dict[_Key, Held]:
    """The same differences as one list: what does not stand out of all of them is not told from noise, and says so."""
    outstanding = multiple.stand_out([comparison.chance for comparison in held.values()])
    pairs = zip(held.items(), outstanding, strict=True)
    return {
        key: replace(comparison, look=SAME, alone=True) if _fades(comparison, stands) else comparison for (key, comparison), stands in pairs
    }


def _fades(held: Held, stands: bool) -> bool:
    return held.look in {MORE, LESS} and not stands and not math.isnan(held.chance)


def control(held: Iterable[Held]) -> Control:
    """How many differences of a list were tested, and how many stand out."""
    return multiple.control([comparison.chance for comparison in held])


def change(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, indicator: Indicator) -> Held:
    """Hold two observations of one indicator in one area against each other."""
    lacking = _lacking(before, after)
    if lacking or before is None or after is None:
        return Held(lacking or classes.NOT_MEASURED)
    if before["definition"] != after["definition"]:
        return Held(BROKEN)
    return difference(point(after, indicator), point(before, indicator), indicator)


def difference(figure: Point, other: Point, indicator: Indicator) -> Held:
    """One figure less the other. A rate whose source gives no number of events varies by chance, by how much nobody knows."""
    estimate = apart(figure, other)
    if indicator.kind == "rate" and "count" in (figure.interval, other.interval):
        return Held(UNKNOWN, IntervalEstimate(estimate.value, math.nan, math.nan))
    return _by_interval(estimate)


@lru_cache(maxsize=256)
def gaps(edition: Edition, pair: tuple[str, str], area_set: str, periods: tuple[str, str]) -> Mapping[str, Held]:
    """Where each area is worse than the city for sure: as people feel (the first), as is reported (the second), as both or neither.

    The two have no unit in common, so each is held against the city's own figure of its period, and only the answers are put together.
    """
    tests = gap_tests(edition, pair, area_set, periods)
    return {area.area_id: _gap(tests[0, area.area_id], tests[1, area.area_id]) for area in edition.layers[area_set].areas}


@lru_cache(maxsize=256)
def gap_tests(edition: Edition, pair: tuple[str, str], area_set: str, periods: tuple[str, str]) -> Mapping[tuple[int, str], Held]:
    """Each area held against the city in both figures (0 and 1), all of them as one list."""
    sides = [_against_city(edition, measured(edition, name), area_set, period) for name, period in zip(pair, periods, strict=True)]
    return among({(number, area_id): held for number, side in enumerate(sides) for area_id, held in side.items()})


def gap(edition: Edition, pair: tuple[str, str], place: tuple[str, str], periods: tuple[str, str]) -> Held:
    """Where one area is worse than the city, by its own two intervals. place: area set and area."""
    area_set, area_id = place
    sides = [_against_city(edition, measured(edition, name), area_set, period) for name, period in zip(pair, periods, strict=True)]
    return _gap(sides[0][area_id], sides[1][area_id])


def measured(edition: Edition, id: str) -> Indicator:
    """The indicator of that id. Raises NotFoundError."""
    indicator = edition.catalogue.indicator(id)
    if indicator is None:
        raise NotFoundError(Problem(id, "no such indicator"))
    return indicator


def _gap(felt: Held, reported: Held) -> Held:
    for lacking in (classes.HIDDEN, classes.NOT_MEASURED, UNKNOWN):
        if lacking in (felt.look, reported.look):
            return Held(lacking)
    worse = (felt.look == LESS, reported.look == LESS)
    look = {(True, True): BOTH, (True, False): FELT, (False, True): REPORTED}.get(worse, NEITHER)
    return Held(look, alone=felt.alone or reported.alone)


def _against_city(edition: Edition, indicator: Indicator, area_set: str, period: str) -> dict[str, Held]:
    """Of each area: MORE where it is surely better than the city, LESS where it is surely worse, SAME where neither can be told."""
    city = edition_rows.by_area(edition, indicator.id, CITY_SET, period).get(CITY_ID)
    areas = edition_rows.by_area(edition, indicator.id, area_set, period)
    return {area.area_id: _better(areas.get(area.area_id), city, indicator) for area in edition.layers[area_set].areas}


def _better(row: Mapping[str, Any] | None, city: Mapping[str, Any] | None, indicator: Indicator) -> Held:
    lacking = _lacking(row, city)
    if lacking or row is None or city is None:
        return Held(lacking or classes.NOT_MEASURED)
    held = difference(point(row, indicator), point(city, indicator), indicator)
    return replace(held, look={MORE: LESS, LESS: MORE}.get(held.look, held.look)) if indicator.direction == "down" else held


def _by_interval(span: IntervalEstimate) -> Held:
    if math.isnan(span.low) or math.isnan(span.high):
        return Held(UNKNOWN, span)
    return Held(MORE if span.low > 0 else LESS if span.high < 0 else SAME, span)


def _lacking(*rows: Mapping[str, Any] | None) -> str:
    """Why figures cannot be held against each other, "" when they can: hidden before not measured."""
    statuses = {row["status"] if row is not None else Status.NOT_MEASURED.value for row in rows}
    if statuses & HIDDEN:
        return classes.HIDDEN
    return "" if statuses <= HAS_VALUE else classes.NOT_MEASURED
