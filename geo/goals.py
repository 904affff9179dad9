"""Verdicts on the policy's goals, from what an audience may read, and from intervals rather than points.

A target with a number is reached when the whole interval of the latest value lies on its good side. A goal that only says
"must rise" is judged on the interval of the change since the baseline. No verdict reaches across a change of definition.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
import numpy as np
import pandas as pd

from geo.model import Catalogue, Goal, Indicator, Target
from geo.results import Judgement
from geo.words import HAS_VALUE, Period, Reason, Status, Verdict


@dataclass(frozen=True)
class Point:
    """One value in time with its doubt; `n` is what the share rests on, NaN when not known. An undated value has no period."""

    value: float
    low: float
    high: float
    n: float
    interval: str
    definition: str
    period: Period | None


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

    A missing part makes a missing whole: a period in which any of the areas has no counts is left out. Returns the columns
    goal, indicator, period, numerator, denominator (persons).
    """
    sums = [_sum(goal, name, table, catalogue) for goal in catalogue.goals for name in _indicators(goal)]
    kept = [part for part in sums if not part.empty]
    columns = ["goal", "indicator", "period", "numerator", "denominator"]
    return pd.concat(kept, ignore_index=True)[columns] if kept else pd.DataFrame(columns=columns)


def _sum(goal: Goal, indicator: str, table: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    rows = _rows(goal, indicator, table, catalogue)
    by_period = rows.groupby("period")[["numerator", "denominator"]]
    whole = by_period.sum()[by_period.count().min(axis=1) == rows["area_id"].nunique()]
    return whole.reset_index().assign(goal=goal.id, indicator=indicator)


def _indicators(goal: Goal) -> tuple[str, ...]:
    return ((goal.indicator,) if goal.indicator else ()) + goal.demo_indicators


def _rows(goal: Goal, indicator: str, table: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    found = catalogue.indicator(indicator)
    rows = table[table["indicator"] == indicator]
    if found is not None and goal.area_set not in found.area_sets:
        # The figure is published for another set, for example for the exposed areas taken together.
        return rows[rows["area_set"] == found.area_sets[0]]
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
        for target in goal.targets:
            single = rows["area_id"].nunique() == 1
            yield _whole(goal, _judge_area(goal, target, indicator, rows if single else together, ""), rows)
            for area_id, of_area in rows.groupby("area_id"):
                if not single:
                    yield _judge_area(goal, target, indicator, of_area, str(area_id))


def _whole(goal: Goal, judgement: Judgement, rows: pd.DataFrame) -> Judgement:
    """Say that the whole cannot be judged because a part of it is hidden, rather than that it has no baseline."""
    area_set = str(rows["area_set"].iat[0]) if len(rows) else goal.area_set
    hidden = judgement.reason in {Reason.NO_BASELINE, Reason.NO_LATEST} and (rows["status"] == Status.SUPPRESSED.value).any()
    return _replace(judgement, area_set=area_set, **({"reason": Reason.HIDDEN} if hidden else {}))


def _judge_area(goal: Goal, target: Target, indicator: Indicator, rows: pd.DataFrame, area_id: str) -> Judgement:
    blank = Judgement(
        goal=goal.id,
        target=target.id,
        indicator=indicator.id,
        area_set=str(rows["area_set"].iat[0]) if len(rows) else goal.area_set,
        area_id=area_id,
        demo=indicator.demo,
    )
    before = _baseline(goal, indicator, rows)
    after = _latest(rows, goal.deadline)
    if after is None or (before is not None and after.period == before.period):
        missing = Reason.NO_BASELINE if before is None else Reason.NO_LATEST
        return _with(blank, before, None, Verdict.UNDECIDED, _hidden_or(rows, missing))
    if before is None and target.unit not in {"level", "areas", "parity"}:
        return _with(blank, None, after, Verdict.UNDECIDED, _hidden_or(rows, Reason.NO_BASELINE))
    return _decide(blank, goal, target, before, after)


def _decide(blank: Judgement, goal: Goal, target: Target, before: Point | None, after: Point) -> Judgement:
    """Weigh the latest value against the target, or the change against zero."""
    over = goal.deadline is not None and after.period is not None and after.period.last >= goal.deadline
    if before is not None and before.definition and before.definition != after.definition:
        return _with(blank, before, after, Verdict.BREAK, Reason.DEFINITION_BREAK)
    if np.isnan(after.low):
        return _with(blank, before, after, Verdict.UNDECIDED, Reason.NO_INTERVAL)
    if target.unit == "direction":
        return _decide_change(blank, before, after, up=goal.direction == "up", over=over)
    aim = round(_aim(target, before), 9)
    path = None if over else _path(goal, before, after, aim)
    return _with(_replace(blank, target_value=aim), before, after, *_weigh(after, aim, path, up=goal.direction == "up"))


def _weigh(after: Point, aim: float, path: float | None, *, up: bool) -> tuple[Verdict, Reason | None]:
    """Reached when the whole interval is on the good side; before the deadline the straight path to the target is the measure."""
    good, bad = _sides(after.low, after.high, aim, up=up)
    if good:
        return Verdict.REACHED, None
    if not bad:
        return Verdict.UNDECIDED, Reason.COVERS_TARGET
    if path is None:
        return Verdict.NOT_REACHED, None
    good, bad = _sides(after.low, after.high, path, up=up)
    if good or bad:
        return (Verdict.ON_TRACK if good else Verdict.OFF_TRACK), None
    return Verdict.UNDECIDED, Reason.COVERS_TARGET


def _decide_change(blank: Judgement, before: Point | None, after: Point, *, up: bool, over: bool) -> Judgement:
    low, high = _change(before, after)
    if before is None or np.isnan(low):
        return _with(blank, before, after, Verdict.UNDECIDED, Reason.NO_INTERVAL)
    judged = _replace(blank, change_low=low, change_high=high)
    better, worse = (low > 0, high < 0) if up else (high < 0, low > 0)
    if better:
        return _with(judged, before, after, Verdict.REACHED if over else Verdict.ON_TRACK, None)
    if worse:
        return _with(judged, before, after, Verdict.NOT_REACHED if over else Verdict.OFF_TRACK, None)
    return _with(judged, before, after, Verdict.UNDECIDED, Reason.COVERS_NO_CHANGE)


def _change(before: Point | None, after: Point) -> tuple[float, float]:
    """Interval of the change: each end combines the two values' own distances to their ends (Newcombe 1998, method 10)."""
    if before is None or np.isnan(before.low):
        return np.nan, np.nan
    change = after.value - before.value
    low = change - np.hypot(after.value - after.low, before.high - before.value)
    high = change + np.hypot(after.high - after.value, before.value - before.low)
    return float(low), float(high)


def _aim(target: Target, before: Point | None) -> float:
    """The value of the indicator that this reading of the target asks for."""
    value = target.value or 0.0
    if target.unit == "percent" and before is not None:
        return before.value * (1 + value / 100)
    if target.unit == "percentage_points" and before is not None:
        return before.value + value
    return value


def _path(goal: Goal, before: Point | None, after: Point, aim: float) -> float | None:
    """The value that a straight line from the baseline to the target asks for by now; None when the baseline is not dated."""
    if before is None or before.period is None or after.period is None or goal.deadline is None:
        return None
    share = (after.period.last - before.period.last) / (goal.deadline - before.period.last)
    return before.value + share * (aim - before.value)


def _sides(low: float, high: float, aim: float, *, up: bool) -> tuple[bool, bool]:
    """Whether the interval lies wholly on the good side of a value, and whether wholly on the bad one."""
    return (low >= aim, high < aim) if up else (high <= aim, low > aim)


def _baseline(goal: Goal, indicator: Indicator, rows: pd.DataFrame) -> Point | None:
    stated = goal.baseline
    period = goal.demo_baseline if indicator.demo else stated.period if stated else None
    if period is not None:
        found = _point(rows[rows["period"] == period])
        if found is not None or indicator.demo:
            return found
    if stated is None or stated.value is None or indicator.demo:
        return None
    # A stated baseline is quoted from the policy: it carries no interval of its own and names no definition.
    dated = Period.parse(period) if period else None
    return Point(stated.value, stated.value, stated.value, np.nan, "count" if indicator.basis == "register" else "none", "", dated)


def _latest(rows: pd.DataFrame, deadline: dt.date | None) -> Point | None:
    """The last value that has begun by the deadline: what came later was not what the goal was about."""
    shown = rows[rows["status"].isin({status.value for status in HAS_VALUE})]
    periods = {code: Period.parse(code) for code in shown["period"].unique()}
    due = [code for code, period in periods.items() if deadline is None or period.first <= deadline]
    return _point(shown[shown["period"] == max(due, key=lambda code: periods[code])]) if due else None


def _point(rows: pd.DataFrame) -> Point | None:
    if rows.empty or rows["status"].iat[0] not in {status.value for status in HAS_VALUE}:
        return None
    row = rows.iloc[0]
    n = row["n"] if pd.notna(row["n"]) else row["denominator"]
    return Point(
        float(row["value"]),
        float(row["low"]),
        float(row["high"]),
        float(n),
        row["interval"],
        row["definition"],
        Period.parse(row["period"]),
    )


def _hidden_or(rows: pd.DataFrame, reason: Reason) -> Reason:
    return Reason.HIDDEN if (rows["status"] == Status.SUPPRESSED.value).any() else reason


def _with(blank: Judgement, before: Point | None, after: Point | None, verdict: Verdict, reason: Reason | None) -> Judgement:
    return _replace(
        blank,
        verdict=verdict,
        reason=reason,
        baseline=before.value if before else None,
        baseline_period=before.period.code if before and before.period else None,
        latest=after.value if after else None,
        latest_period=after.period.code if after and after.period else None,
        low=_number(after.low) if after else None,
        high=_number(after.high) if after else None,
        interval=after.interval if after else "none",
        change=after.value - before.value if before and after else None,
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _replace(judgement: Judgement, **changes: object) -> Judgement:
    return msgspec.structs.replace(judgement, **changes)
