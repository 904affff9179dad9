"""Which small drawing stands beside a goal, a list or an area."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from markupsafe import Markup

from geo.editions.edition import Edition
from geo.model.goals import Goal
from geo.model.indicators import Indicator
from webmap.charts import minimap
from webmap.charts import trend as trends
from webmap.edition import classes, rows
from webmap.edition.marks import list_of, marked_by
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_ID, CITY_SET, Question


def of_goal(reader: Reader, goal: Goal) -> Markup:
    """A mini map with the goal's areas marked, or the city's trend when the goal is about the whole city; "" when nothing is drawn.

    Where only parts of an area are meant, the area is pale with a dashed border. The map has no classes: it has no legend.
    """
    if goal.area_set != CITY_SET and goal.area_set in reader.edition.layers:
        listed = list_of(reader.edition, goal.frozen_list or "")
        pale = {member.area_id: "k1" for member in listed.members if member.area_id and member.extent == "part"} if listed else {}
        return minimap.mini_map(reader.edition, goal.area_set, looks=pale, marked=marked_by(reader.edition, goal))
    indicator = reader.edition.catalogue.indicator(goal.indicator or "")
    return trend(reader, indicator, CITY_SET, CITY_ID) if indicator else Markup()


def of_areas(edition: Edition, area_set: str, marked: Collection[str]) -> Markup:
    """A mini map with areas marked, hidden from screen readers: the words stand beside it."""
    return minimap.mini_map(edition, area_set, marked=marked) if area_set in edition.layers else Markup()


def of_area(edition: Edition, area_set: str, area_id: str) -> Markup:
    """A mini map with one area in the accent colour: the mark colour is for what the policy points at."""
    return minimap.mini_map(edition, area_set, looks={area_id: "k4"})


def trend(reader: Reader, indicator: Indicator, area_set: str, area_id: str) -> Markup:
    """The trend of one area, with the city's beside it; "" when fewer than two periods have a figure."""
    return _trend(Question(reader, indicator, area_set), area_id)


@lru_cache(maxsize=4096)
def _trend(question: Question, area_id: str) -> Markup:
    reader, indicator, area_set = question.reader, question.indicator, question.area_set
    own = series(reader, indicator, area_set, area_id)
    if sum(point.text != "–" for point in own.points) < 2:
        return Markup()
    beside = None
    if area_id != CITY_ID:
        name = "byen" if reader.language == "da" else "the city"
        beside = series(reader, indicator, CITY_SET, CITY_ID, name=name)
    breaks = classes.breaks_of(reader.edition, indicator.id, area_set)
    return trends.spark(own, title=indicator.name.in_(reader.language), reference=beside, breaks=breaks)


def series(reader: Reader, indicator: Indicator, area_set: str, area_id: str, *, name: str = "") -> trends.Series:
    """All periods of one indicator in one area, in time order."""
    observed = rows.of_area(reader.edition, indicator.id, area_set, area_id)
    return trends.Series([trends.point(row, indicator, reader.language) for row in observed], name)
