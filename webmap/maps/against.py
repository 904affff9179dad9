"""What can be told of each area of a map: surely below or above a yardstick, or not told from it. Names of CSS classes, no colours.

The yardstick is the level that a goal asks of these areas, else the city's own figure of the same period. It is made from figures
that the reader is shown and from nothing else, so that a class of this map tells nothing that the figures beside it do not. All areas
of a map are tested at once: only those that stand out of all of them have a colour (`geo.figures.multiple`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from geo.editions.edition import Edition
from geo.figures.differences import Point
from geo.figures.multiple import Control
from geo.figures.series import point
from geo.model.indicators import Indicator
from geo.model.vocabulary import HAS_VALUE, HIDDEN, Text
from webmap.edition import classes
from webmap.edition import rows as edition_rows
from webmap.edition.compared import differences
from webmap.edition.compared.differences import Held
from webmap.edition.rows import CITY_ID, CITY_SET

DARK, SAND, LIGHT = "moerk", "sand", "lys"
"""The side that asks for effort (of an indicator without a direction: above), not told apart, the other side."""
UNSURE: Final = "uvist"
"""A figure whose uncertainty nobody knows: it is shown, and no side of it can be told."""
TOLD: Final = (DARK, SAND, LIGHT, UNSURE)
LOOKS: Final = (*TOLD, classes.TOO_UNCERTAIN, classes.HIDDEN, classes.NOT_MEASURED)
"""Every CSS class that an area can have on such a map; the style sheet has these."""

_COUNT: Final = Text(
    da="Kortet viser værdier i klasser: et antal kan ikke sammenlignes med hele byens antal.",
    en="The map shows values in classes: a number cannot be held against the number of the whole city.",
)
_NO_CITY: Final = Text(
    da="Kortet viser værdier i klasser: byens eget tal for perioden mangler, så det kan ikke siges, hvem der ligger over og under.",
    en="The map shows values in classes: the city's own figure of the period is missing, so that above and below cannot be told.",
)
_HIDDEN_CITY: Final = Text(
    da="Kortet viser værdier i klasser: byens eget tal for perioden er skjult.",
    en="The map shows values in classes: the city's own figure of the period is hidden.",
)
_OTHER_DEFINITION: Final = Text(
    da="Kortet viser værdier i klasser: byens eget tal er gjort op på en anden måde end områdernes.",
    en="The map shows values in classes: the city's own figure is measured in another way than those of the areas.",
)
_NO_DOUBT: Final = Text(
    da="Kortet viser værdier i klasser: usikkerheden er ikke kendt, så ingen kan siges sikkert at ligge over eller under byen.",
    en="The map shows values in classes: the uncertainty is not known, so that what is surely above or below the city cannot be told.",
)


@dataclass(frozen=True)
class Yardstick:
    """What the areas are held against: the city's own figure, or with `goal` (its id) the level that a goal asks for."""

    point: Point
    goal: str = ""

    @property
    def value(self) -> float:
        """In the indicator's unit."""
        return self.point.value


@dataclass(frozen=True)
class Standing:
    """How the areas of a map stand, by area id; `lacking` says why it cannot be told, and then there is no yardstick.

    counted: whether all that is compared was counted in full, so that chance has no part in it.
    """

    yardstick: Yardstick | None = None
    held: Mapping[str, Held] = field(default_factory=dict)
    looks: Mapping[str, str] = field(default_factory=dict)
    counted: bool = False
    lacking: Text | None = None

    @property
    def control(self) -> Control:
        """How many areas were tested, and how many stand out of all."""
        return differences.control(self.held.values())

    def number(self, look: str) -> int:
        """How many areas have a look of `differences`."""
        return sum(held.look == look for held in self.held.values())


@lru_cache(maxsize=512)
def standing(edition: Edition, indicator: str, area_set: str, period: str) -> Standing:
    """Hold the areas of one map against what they are measured by. Raises NotFoundError when there is no such indicator.

    A set of one area has nothing to tell apart: no yardstick, and nothing lacking.
    """
    measured = differences.measured(edition, indicator)
    areas = [area.area_id for area in edition.layers[area_set].areas]
    if area_set == CITY_SET or len(areas) < 2:
        return Standing()
    observed = edition_rows.by_area(edition, indicator, area_set, period)
    shown = {area: row for area, row in observed.items() if row["status"] in HAS_VALUE and not math.isnan(row["value"])}
    level = _level(edition, measured, area_set)
    lacking = None if level or not shown else _lacking(edition, measured, shown, period)
    if lacking or not shown:
        return Standing(lacking=lacking)
    yardstick = level or Yardstick(point(_city(edition, indicator, period), measured))
    each = {area: differences.difference(point(row, measured), yardstick.point, measured) for area, row in shown.items()}
    if all(held.look == differences.UNKNOWN for held in each.values()):
        return Standing(lacking=_NO_DOUBT)
    held = differences.among(each)
    sides = _sides(measured)
    looks = {area: _gap(observed.get(area)) for area in areas} | {area: sides[comparison.look] for area, comparison in held.items()}
    counted = all(math.isnan(comparison.chance) for comparison in held.values() if comparison.look != differences.UNKNOWN)
    return Standing(yardstick, held, looks, counted)


def _city(edition: Edition, indicator: str, period: str) -> Mapping[str, Any]:
    return edition_rows.by_area(edition, indicator, CITY_SET, period)[CITY_ID]


def _lacking(edition: Edition, indicator: Indicator, shown: Mapping[str, Mapping[str, Any]], period: str) -> Text | None:
    """Why the areas cannot be held against the city, None when they can."""
    city = edition_rows.by_area(edition, indicator.id, CITY_SET, period).get(CITY_ID)
    if indicator.kind == "count":
        return _COUNT
    if city is not None and city["status"] in HIDDEN:
        return _HIDDEN_CITY
    if city is None or city["status"] not in HAS_VALUE or math.isnan(city["value"]):
        return _NO_CITY
    return None if {row["definition"] for row in shown.values()} == {city["definition"]} else _OTHER_DEFINITION


def _level(edition: Edition, indicator: Indicator, area_set: str) -> Yardstick | None:
    """The one level that a goal asks of each area of the set; None where no goal or several readings do.

    A target that each area is to move by is no level of all of them, and has a verdict of its own for each area.
    """
    levels = [
        Yardstick(Point(target.value, target.value, target.value, math.nan, "exact", "", None, stated=True), goal.id)
        for goal in edition.catalogue.goals
        if indicator.id in goal.indicators and goal.area_set == area_set and goal.category is None
        for target in goal.targets
        if target.unit == "level" and target.value is not None
    ]
    return levels[0] if len(levels) == 1 else None


def _sides(indicator: Indicator) -> Mapping[str, str]:
    """The look on the map of each look of a difference."""
    below, above = (DARK, LIGHT) if indicator.direction == "up" else (LIGHT, DARK)
    return {differences.LESS: below, differences.MORE: above, differences.SAME: SAND, differences.UNKNOWN: UNSURE}


def side(indicator: Indicator, look: str) -> str:
    """Which way from the yardstick a look of the map lies, as a look of `differences`; "" for one that lies no way."""
    return next((way for way, drawn in _sides(indicator).items() if drawn == look), "")


def _gap(row: Mapping[str, Any] | None) -> str:
    """The look of an area without a figure that is shown."""
    return classes.NOT_MEASURED if row is None else classes.GAPS.get(row["status"], classes.NOT_MEASURED)
