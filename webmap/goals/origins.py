"""The figures that a verdict rests on, as the page `/kilde/...` knows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geo.editions.edition import Edition
from geo.model.goals import Goal
from geo.model.results import Judgement
from webmap.edition import marks, rows
from webmap.edition.reader import Reader
from webmap.language import wording


@dataclass(frozen=True)
class FigureOrigin:
    """One figure that a verdict rests on, as the page `/kilde/...` knows it; `said` is its period in words."""

    indicator: str
    area_set: str
    area_id: str
    period: str
    said: str


def of_judgement(reader: Reader, goal: Goal, judgement: Judgement) -> Iterator[FigureOrigin]:
    """Baseline and latest figure of the area; of each of the areas, named, where they were taken together."""
    area_set = judgement.area_set or goal.area_set
    names = {area.area_id: area.name for area in reader.edition.layers[area_set].areas} if area_set in reader.edition.layers else {}
    together = not judgement.area_id and len(names) > 1
    for area_id in _taken_in(reader.edition, goal, area_set) if together else (judgement.area_id or next(iter(names), ""),):
        known = {row["period"] for row in rows.of_area(reader.edition, judgement.indicator, area_set, area_id)}
        for code in dict.fromkeys((judgement.baseline_period, judgement.latest_period)):
            if code and code in known:
                said = wording.period(code, reader.language)
                yield FigureOrigin(
                    judgement.indicator, area_set, area_id, code, f"{names.get(area_id, area_id)} {said}" if together else said
                )


def _taken_in(edition: Edition, goal: Goal, area_set: str) -> tuple[str, ...]:
    return marks.marked_by(edition, goal) if area_set == goal.area_set else ()
