"""Which small drawing stands beside a goal, a list or an area."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache

from markupsafe import Markup

from geo.editions.edition import Edition
from geo.model.goals import Goal
from geo.model.vocabulary import Text
from webmap.charts import decisions
from webmap.charts import trend as trends
from webmap.charts.axis import ValueAxis
from webmap.charts.ground import minimap
from webmap.edition import classes, rows
from webmap.edition.marks import marked_by
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_ID, CITY_SET, Question
from webmap.language import wording


def of_goal(reader: Reader, goal: Goal) -> Markup:
    """A mini map with the goal's areas marked, or the city's trend when the goal is about the whole city; "" when nothing is drawn.

    Where only parts of an area are meant, the area is pale with a dashed border. The map has no classes: it has no legend.
    """
    if goal.area_set != CITY_SET and goal.area_set in reader.edition.layers:
        listed = reader.edition.catalogue.list_edition(goal.frozen_list or "")
        pale = {member.area_id: classes.PALE for member in listed.members if member.area_id and member.extent == "part"} if listed else {}
        return minimap.mini_map(reader.edition, goal.area_set, looks=pale, marked=marked_by(reader.edition, goal))
    indicator = reader.edition.catalogue.indicator(goal.indicator or "")
    return trend(Question(reader, indicator, CITY_SET), CITY_ID) if indicator else Markup()


def of_areas(edition: Edition, area_set: str, marked: Collection[str]) -> Markup:
    """A mini map with areas marked, hidden from screen readers: the words stand beside it."""
    return minimap.mini_map(edition, area_set, marked=marked) if area_set in edition.layers else Markup()


def of_area(edition: Edition, area_set: str, area_id: str) -> Markup:
    """A mini map with one area in the accent colour: the mark colour is for what the policy points at."""
    return minimap.mini_map(edition, area_set, looks={area_id: classes.PICKED})


def trend(question: Question, area_id: str, *, name: str = "", beside: Collection[str] = ()) -> Markup:
    """The trend of one area, with the city's beside it; "" when fewer than two periods have a figure.

    name: of the area, where nothing beside the drawing says it. beside: areas of the same set whose trends stand next to it: all of them
    have one scale.
    """
    return _trend(question, area_id, name, tuple(beside))


@lru_cache(maxsize=4096)
def _trend(question: Question, area_id: str, name: str, beside: tuple[str, ...]) -> Markup:
    own = series(question, area_id)
    if sum(point.text != wording.NONE for point in own.points) < 2:
        return Markup()
    return trends.spark(
        own,
        title=": ".join(filter(None, (name, question.indicator.name.in_(question.reader.language)))),
        axis=axis(question, area_id, beside=beside),
        reference=city_series(question) if area_id != CITY_ID else None,
    )


def axis(question: Question, area_id: str, *, beside: Collection[str] = ()) -> ValueAxis:
    """The axis of one area's trend: its round values, and what was decided about the area."""
    reader = question.reader
    within = trends.ends([series(question, area) for area in beside])
    events = decisions.of_area(reader, question.area_set, area_id)
    return ValueAxis.of(question.indicator, reader.language, within=within, events=events)


def series(question: Question, area_id: str, *, name: str = "") -> trends.Series:
    """All periods of a question's indicator in one area of its set, in time order. name: what the line is called, where it needs a name."""
    observed = rows.of_area(question.reader.edition, question.indicator.id, question.area_set, area_id)
    return trends.Series([trends.point(row, question.indicator, question.reader.language) for row in observed], name)


def city_series(question: Question) -> trends.Series:
    """The same for the whole city, to be drawn beside an area's."""
    return series(replace(question, area_set=CITY_SET), CITY_ID, name=Text(da="byen", en="the city").in_(question.reader.language))
