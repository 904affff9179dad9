"""Verdicts on the policy's goals from what an audience may read: which figures a goal is about, for each area and for the whole.

`geo.conclusions.verdict` judges a single series. No verdict reaches across a change of definition, unless a bridge with a source
does.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pandas as pd

from geo.conclusions import categories, listed, together, verdict
from geo.conclusions.verdict import Reading
from geo.model.catalogue import Catalogue
from geo.model.goals import Goal, Target
from geo.model.indicators import Indicator
from geo.model.results import Judgement
from geo.model.vocabulary import HAS_VALUE, HIDDEN, Reason, Status

_MEASURED = frozenset(status.value for status in HAS_VALUE | HIDDEN)
"""Statuses of figures that somebody has, shown or hidden: without one, a part of a goal is not measured."""


def judge(table: pd.DataFrame, *, catalogue: Catalogue, whole: pd.DataFrame) -> tuple[Judgement, ...]:
    """Judge every target of every goal, for each of its areas and (area_id "") for all of them together.

    table: protected observations with intervals (OBSERVATION_COLUMNS) of one audience. whole: the same for the goals' areas taken
    together, one row for each goal, indicator and period, with area_set = the goal's id (see `pooled`).
    """
    return tuple(judgement for goal in catalogue.goals for judgement in _judge_goal(goal, table, whole, catalogue))


def pooled(table: pd.DataFrame, *, catalogue: Catalogue) -> pd.DataFrame:
    """Add up numerators and denominators over each goal's areas, one row for each goal, indicator and period.

    table: protected observations of one audience (OBSERVATION_COLUMNS). A period in which any of the areas has no counts is left out.
    Only shares and rates are made of such counts. Returns the columns goal, indicator, period, numerator, denominator (persons) and
    source: of the sources of the parts, the one whose survey has the largest design effect, because the whole is no surer than its
    parts.
    """
    made = {indicator.id for indicator in catalogue.indicators if indicator.scale is not None}
    asked = [(goal, name) for goal in catalogue.goals if goal.category is None for name in goal.indicators if name in made]
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


def _rows(goal: Goal, indicator: str, table: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    measured = catalogue.indicator(indicator)
    rows = table[table["indicator"] == indicator]
    if measured is not None and goal.area_set not in measured.measured_sets:
        # The figure is published for another set, for example for the exposed areas taken together.
        return rows[rows["area_set"] == measured.measured_sets[0]]
    ids = catalogue.areas_of(goal)
    return rows[(rows["area_set"] == goal.area_set) & (rows["area_id"].isin(ids) if ids else True)]


def _judge_goal(goal: Goal, table: pd.DataFrame, whole: pd.DataFrame, catalogue: Catalogue) -> Iterable[Judgement]:
    if not goal.indicators:
        for target in goal.targets:
            yield Judgement(goal=goal.id, target=target.id, reason=Reason.NO_INDICATOR)
    by_measure = {name: tuple(_judge_measure(goal, name, table, whole, catalogue)) for name in goal.indicators}
    if goal.together:
        yield from together.judge(goal, [by_measure[name] for name in goal.together])
    for judgements in by_measure.values():
        yield from judgements


def _judge_measure(goal: Goal, name: str, table: pd.DataFrame, whole: pd.DataFrame, catalogue: Catalogue) -> Iterable[Judgement]:
    indicator = catalogue.indicator(name)
    assert indicator is not None  # the catalogue was checked when it was read  # noqa: S101
    if goal.by_lists is not None and not indicator.demo:
        yield from listed.judge(goal, indicator, catalogue.lists)
        return
    rows = _rows(goal, name, table, catalogue)
    if name in goal.together and not rows["status"].isin(_MEASURED).any():
        for target in goal.targets:
            yield Judgement(goal=goal.id, target=target.id, indicator=name, area_set=goal.area_set, reason=Reason.NO_INDICATOR)
        return
    summed = whole[(whole["goal"] == goal.id) & (whole["indicator"] == name)]
    yield from _judge_series(goal, indicator, rows, summed)


def _judge_series(goal: Goal, indicator: Indicator, rows: pd.DataFrame, summed: pd.DataFrame) -> Iterable[Judgement]:
    """Judge every target for the whole, and for each area where the goal is about the areas' own figures."""
    single = rows["area_id"].nunique() == 1
    whole = categories.count(rows, goal.category) if goal.category else rows if single else summed
    for target in goal.targets:
        yield _whole(goal, _judge(goal, target, indicator, whole, ""), rows)
        for area_id, of_area in rows.groupby("area_id"):
            if not single and not goal.category:
                yield _judge(goal, target, indicator, of_area, str(area_id))


def _whole(goal: Goal, judgement: Judgement, rows: pd.DataFrame) -> Judgement:
    """Give as the reason that a part of the whole is hidden, where that is why the whole cannot be judged."""
    area_set = str(rows["area_set"].iat[0]) if len(rows) else goal.area_set
    hidden = judgement.reason in {Reason.NO_BASELINE, Reason.NO_LATEST} and (rows["status"] == Status.SUPPRESSED.value).any()
    return msgspec.structs.replace(judgement, area_set=area_set, **({"reason": Reason.HIDDEN} if hidden else {}))


def _judge(goal: Goal, target: Target, indicator: Indicator, rows: pd.DataFrame, area_id: str) -> Judgement:
    area_set = str(rows["area_set"].iat[0]) if len(rows) else goal.area_set
    about = Judgement(goal=goal.id, target=target.id, indicator=indicator.id, area_set=area_set, area_id=area_id, demo=indicator.demo)
    return verdict.weigh(about, Reading(goal, target, indicator), rows)
