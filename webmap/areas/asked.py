"""The goals that are about one area: the answer there, and where there is none what can be said of it."""

from __future__ import annotations

from dataclasses import dataclass

from geo.model.goals import Goal
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_SET
from webmap.goals import movement, verdicts
from webmap.goals.movement import SaidOfArea
from webmap.goals.verdicts import VerdictLine


@dataclass(frozen=True)
class AreaGoal:
    """A goal that is about the area, with its answer here from real figures: a line a reading of the target.

    moved: what can be said of the area where the goal cannot be answered.
    """

    goal: Goal
    question: str
    lines: tuple[VerdictLine, ...]
    moved: SaidOfArea | None


def goals(reader: Reader, area_set: str, area_id: str) -> tuple[AreaGoal, ...]:
    """Goals that are judged in this area, in the order of the front page; the whole city's own goals stand on their pages."""
    if area_set == CITY_SET:
        return ()
    asked = []
    for goal in sorted(reader.edition.catalogue.goals, key=lambda goal: goal.order):
        areas = verdicts.by_area(reader, goal, goal.indicator or "") if goal.measures and goal.area_set == area_set else ()
        lines = next((lines for lines in areas if lines[0].area_id == area_id), ())
        if lines:
            asked.append(AreaGoal(goal, goal.question.in_(reader.language), lines, movement.of_area(reader, goal, area_id)))
    return tuple(asked)
