"""Verdicts on the policy's goals, from what an audience may read: which figures a goal is about, for each area and for the whole.

How one series is judged stands in `geo.conclusions.verdict`. No verdict reaches across a change of definition but on a bridge with a
source.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pandas as pd

from geo.conclusions import categories, verdict
from geo.conclusions.verdict import Reading
from geo.model.catalogue import Catalogue
from geo.model.goals import Goal, Target
from geo.model.indicators import Indicator
from geo.model.results import Judgement
from geo.model.vocabulary import Reason, Status


def judge(table: pd.DataFrame, *, catalogue: Catalogue, whole: pd.DataFrame) -> tuple[Judgement, ...]:
    """Judge every reading of every goal, for each of its areas and (area_id "") for the whole.

    table: protected observations with intervals (OBSERVATION_COLUMNS) of one audience. whole: the same for the goals' areas taken
    together, one row a goal, indicator and period, with area_set = the goal's id (see `pooled`).
    """
    return tuple(judgement for goal in catalogue.goals for judgement in _judge_goal(goal, table, whole, catalogue))


def areas_of(goal: Goal, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the area ids a goal is about; empty when it is about every area of its set. A frozen list never changes."""
    if goal.frozen_list is None:
        return goal.area_ids
    edition = next(edition for edition in catalogue.lists if edition.id == goal.frozen_list)
    return tuple(member.area_id for member in edition.members if member.area_id and member.area_set == goal.area_set)


def pooled(table: pd.DataFrame, *, catalogue: Catalogue) -> pd.DataFrame:
    """Add up numerators and denominators over each goal's areas, a row a goal, indicator and period.

    A missing part makes a missing whole: a period in which any of the areas has no counts is left out. Only shares and rates are
    made of such counts. Returns the columns goal, indicator, period, numerator, denominator (persons) and source: of the sources
    of the parts the one whose survey has the largest design effect, for the whole is no surer than its parts.
    """
    made = {one.id for one in catalogue.indicators if one.scale is not None}
    asked = [(goal, name) for goal in catalogue.goals if goal.category is None for name in _indicators(goal) if name in made]
    sums = [_sum(goal, name, table, catalogue) for goal, name in asked]
    kept = [part for part in sums if not part.empty]
    columns = ["goal", "indicator", "period", "numerator", "denominator", "source"]
    return pd.concat(kept, ignore_index=True)[columns] if kept else pd.DataFrame(columns=columns)


def _sum(goal: Goal, indicator: str, table: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    rows = _rows(goal, indicator, table, catalogue)
    by_period = rows.groupby("period")[["numerator", "denominator"]]
    whole = by_period.sum()[by_period.count().min(axis=1) == rows["area_id"].nunique()]
    effects = {source.id: source.design_effect.value for source in catalogue.sources if source.design_effect}
    widest = (
        rows.assign(effect=rows["source"].map(effects).fillna(1.0)).sort_values(["effect", "source"]).groupby("period")["source"].last()
    )
    whole["source"] = widest.reindex(whole.index)
    return whole.reset_index().assign(goal=goal.id, indicator=indicator)


def _indicators(goal: Goal) -> tuple[str, ...]:
    return ((goal.indicator,) if goal.indicator else ()) + goal.demo_indicators


def _rows(goal: Goal, indicator: str, table: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    found = catalogue.indicator(indicator)
    rows = table[table["indicator"] == indicator]
    if found is not None and goal.area_set not in found.measured_sets:
        # The figure is published for another set, for example for the exposed areas taken together.
        return rows[rows["area_set"] == found.measured_sets[0]]
    ids = areas_of(goal, catalogue)
    return rows[(rows["area_set"] == goal.area_set) & (rows["area_id"].isin(ids) if ids else True)]


def _judge_goal(goal: Goal, table: pd.DataFrame, whole: pd.DataFrame, catalogue: Catalogue) -> Iterable[Judgement]:
    if not _indicators(goal):
        for target in goal.targets:
            yield Judgement(goal=goal.id, target=target.id, reason=Reason.NO_INDICATOR)
    for name in _indicators(goal):
        indicator = catalogue.indicator(name)
        assert indicator is not None  # the catalogue was checked when it was read  # noqa: S101
        rows = _rows(goal, name, table, catalogue)
        together = whole[(whole["goal"] == goal.id) & (whole["indicator"] == name)]
        yield from _judge_series(goal, indicator, rows, together)


def _judge_series(goal: Goal, indicator: Indicator, rows: pd.DataFrame, together: pd.DataFrame) -> Iterable[Judgement]:
    """Judge every reading for the whole, and for each area where the goal is about the areas' own figures."""
    single = rows["area_id"].nunique() == 1
    whole = categories.count(rows, goal.category) if goal.category else rows if single else together
    for target in goal.targets:
        yield _whole(goal, _judge(goal, target, indicator, whole, ""), rows)
        for area_id, of_area in rows.groupby("area_id"):
            if not single and not goal.category:
                yield _judge(goal, target, indicator, of_area, str(area_id))


def _whole(goal: Goal, judgement: Judgement, rows: pd.DataFrame) -> Judgement:
    """Say that the whole cannot be judged because a part of it is hidden, rather than that it has no baseline."""
    area_set = str(rows["area_set"].iat[0]) if len(rows) else goal.area_set
    hidden = judgement.reason in {Reason.NO_BASELINE, Reason.NO_LATEST} and (rows["status"] == Status.SUPPRESSED.value).any()
    return msgspec.structs.replace(judgement, area_set=area_set, **({"reason": Reason.HIDDEN} if hidden else {}))


def _judge(goal: Goal, target: Target, indicator: Indicator, rows: pd.DataFrame, area_id: str) -> Judgement:
    area_set = str(rows["area_set"].iat[0]) if len(rows) else goal.area_set
    about = Judgement(goal=goal.id, target=target.id, indicator=indicator.id, area_set=area_set, area_id=area_id, demo=indicator.demo)
    return verdict.weigh(about, Reading(goal, target, indicator), rows)
