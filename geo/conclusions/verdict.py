"""The verdict on one target of one goal by one series, from the interval of how far the figure lies from what is asked of it.

Reached and not reached can be said only of a figure whose period ends on the deadline or after it. Before that the figure is compared
with the straight line from the baseline to the target: on track or not. Without a dated baseline there is no line, and the verdict
only says whether the target was met so far. A goal that only says "must rise" is judged by the change since the baseline. Nothing
here depends on today's date.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
import pandas as pd

from geo.figures import bridges, series
from geo.figures.differences import IntervalEstimate, Point, TargetLine, apart, ratio
from geo.model.goals import Goal, Target
from geo.model.indicators import Indicator
from geo.model.results import Judgement, Step
from geo.model.vocabulary import Period, Reason, Status, Verdict

_NEEDS_NO_BASELINE = frozenset({"level", "areas", "parity"})


@dataclass(frozen=True)
class Reading:
    """One target of a goal, measured by one of the goal's indicators."""

    goal: Goal
    target: Target
    indicator: Indicator

    @property
    def up(self) -> bool:
        """Whether more is better."""
        return self.goal.direction == "up"


def weigh(blank: Judgement, reading: Reading, rows: pd.DataFrame) -> Judgement:
    """Fill in a judgement that has no verdict yet.

    blank: it names the goal, the target, the indicator and the area. rows: one series (OBSERVATION_COLUMNS, one row a period) of what
    the audience may read.
    """
    goal = reading.goal
    before, after = series.baseline(goal, reading.indicator, rows), series.latest(rows, goal.deadline, reading.indicator)
    blank = _replace(blank, course=_course(reading, before, rows))
    if after is None or (before is not None and after.period == before.period):
        missing = Reason.NO_BASELINE if before is None else Reason.NO_LATEST
        return _with(blank, before, None, Verdict.UNDECIDED, _hidden_or(rows, missing))
    if before is None and reading.target.unit not in _NEEDS_NO_BASELINE:
        return _with(blank, None, after, Verdict.UNDECIDED, _hidden_or(rows, Reason.NO_BASELINE))
    return _over_the_break(blank, reading, before, after)


def _over_the_break(blank: Judgement, reading: Reading, before: Point | None, after: Point) -> Judgement:
    """Carry the baseline to the definition of the latest figure, or say that the series is broken between them."""
    if before is None:
        return _decide(blank, reading, None, after)
    carried = bridges.carry(before, after.definition, reading.indicator.bridges)
    if carried is None:
        return _with(blank, before, after, Verdict.BREAK, Reason.DEFINITION_BREAK)
    start, walked = carried
    crossed = tuple(f"{bridge.before} → {bridge.after}" for bridge in walked)
    return _decide(_replace(blank, bridges=crossed), reading, start, after)


def _decide(blank: Judgement, reading: Reading, before: Point | None, after: Point) -> Judgement:
    """Compare the latest value with what is asked of it by now, or the change with zero.

    Without an interval the judgement says what is asked, and gives no verdict.
    """
    if reading.target.unit == "direction":
        return _decide_change(blank, reading, before, after)
    aim, fixed = _aim(reading.target), _as_stated(before)
    asked = _asked(reading, fixed, after, aim)
    gap = apart(after, fixed, asked or aim)
    judged = _replace(blank, target_value=aim.of(before), required=asked.of(before) if asked else None, **_named("gap", gap))
    if np.isnan(gap.low):
        return _with(judged, before, after, Verdict.UNDECIDED, Reason.NO_INTERVAL)
    good, bad = _sides(gap, up=reading.up)
    if _over(reading.goal, after):
        verdict = _verdict(good, bad, (Verdict.REACHED, Verdict.NOT_REACHED), Reason.COVERS_TARGET)
    elif asked is None:
        met = Reason.MET_SO_FAR if good else Reason.NOT_MET_SO_FAR if bad else Reason.COVERS_TARGET
        verdict = Verdict.UNDECIDED, met
    else:
        verdict = _verdict(good, bad, (Verdict.ON_TRACK, Verdict.OFF_TRACK), Reason.COVERS_PATH)
    return _with(judged, before, after, *verdict)


def _verdict(good: bool, bad: bool, words: tuple[Verdict, Verdict], between: Reason) -> tuple[Verdict, Reason | None]:
    """The favourable verdict, the unfavourable one, or the reason that the interval lies on both sides."""
    return (words[0], None) if good else (words[1], None) if bad else (Verdict.UNDECIDED, between)


def _over(goal: Goal, after: Point) -> bool:
    """Whether the figure's period ends on the deadline or later: only then the goal can be reached or not reached."""
    return goal.deadline is not None and after.period is not None and after.period.last >= goal.deadline


def _asked(reading: Reading, before: Point | None, after: Point, aim: TargetLine) -> TargetLine | None:
    """What is asked of the latest figure: the target at the deadline, the straight line before it; None without a dated baseline.

    Never more than the target is asked: a figure that lies wholly on the good side of the target is compared with the target.
    """
    if _over(reading.goal, after):
        return aim
    path = _path(reading, before, after.period, aim)
    return aim if path and _sides(apart(after, before, aim), up=reading.up)[0] else path


def _decide_change(blank: Judgement, reading: Reading, before: Point | None, after: Point) -> Judgement:
    """Compare the change with zero; for rates with known counts compare the exact ratio with one, which needs no approximation."""
    change, times = apart(after, before), ratio(after, before) if reading.indicator.kind == "rate" else None
    if before is None or np.isnan(change.low):
        return _with(blank, before, after, Verdict.UNDECIDED, Reason.NO_INTERVAL)
    judged = _replace(blank, **(_named("ratio", times) if times else {}))
    low, high = (times.low - 1, times.high - 1) if times else (change.low, change.high)
    better, worse = (low > 0, high < 0) if reading.up else (high < 0, low > 0)
    over = _over(reading.goal, after)
    if better:
        return _with(judged, before, after, Verdict.REACHED if over else Verdict.ON_TRACK, None)
    if worse:
        return _with(judged, before, after, Verdict.NOT_REACHED if over else Verdict.OFF_TRACK, None)
    return _with(judged, before, after, Verdict.UNDECIDED, Reason.COVERS_NO_CHANGE)


def _aim(target: Target) -> TargetLine:
    """What this target asks for, given a baseline, by the deadline. A gap that must close (parity) is asked to be zero."""
    if target.unit == "parity":
        return TargetLine(0.0, 0.0 if target.value is None else target.value)
    if target.value is None:
        raise ValueError(f"a target of unit {target.unit} without a value; the catalogue refuses it")
    if target.unit == "percent":
        return TargetLine(1 + target.value / 100, 0.0)
    return TargetLine(1.0, target.value) if target.unit == "percentage_points" else TargetLine(0.0, target.value)


def _path(reading: Reading, before: Point | None, now: Period | None, aim: TargetLine) -> TargetLine | None:
    """What the straight line from the baseline to the target asks for by now; None when the baseline has no date.

    Where the baseline is better than the target already, the target is asked for and no more.
    """
    deadline = reading.goal.deadline
    if before is None or before.period is None or now is None or deadline is None or deadline <= before.period.last:
        return None
    target = aim.of(before)
    if before.value >= target if reading.up else before.value <= target:
        return aim
    share = min(1.0, (now.last - before.period.last) / (deadline - before.period.last))
    return TargetLine(1 + share * (aim.factor - 1), share * aim.offset)


def _sides(gap: IntervalEstimate, *, up: bool) -> tuple[bool, bool]:
    """Whether the interval lies wholly on the good side of zero, and whether wholly on the bad one."""
    return (gap.low >= 0, gap.high < 0) if up else (gap.high <= 0, gap.low > 0)


def _as_stated(before: Point | None) -> Point | None:
    """A baseline that the policy states is a number to start from: what is asked, computed from it, has no doubt."""
    if before is None or not before.stated:
        return before
    return Point(before.value, before.value, before.value, np.nan, before.interval, before.definition, before.period, stated=True)


def _course(reading: Reading, before: Point | None, rows: pd.DataFrame) -> tuple[Step, ...]:
    """The figures from the baseline to the deadline, each with what the straight line asks for; the line ends at a break."""
    goal, start = reading.goal, before.period if before is not None else None
    due = [point for point in series.points(rows, reading.indicator) if point.period]
    shown = [point for point in due if point.period and (goal.deadline is None or point.period.first <= goal.deadline)]
    return tuple(
        _step(point, _required(reading, before, point)) for point in shown if not start or (point.period and point.period >= start)
    )


def _required(reading: Reading, before: Point | None, point: Point) -> float | None:
    carried = bridges.carry(before, point.definition, reading.indicator.bridges) if before is not None else None
    if carried is None or reading.target.unit == "direction":
        return None
    line = _path(reading, carried[0], point.period, _aim(reading.target))
    return line.of(carried[0]) if line else None


def _step(point: Point, required: float | None) -> Step:
    return Step(
        period=point.period.code if point.period else "",
        value=point.value,
        low=_number(point.low),
        high=_number(point.high),
        definition=point.definition,
        required=required,
    )


def _hidden_or(rows: pd.DataFrame, reason: Reason) -> Reason:
    return Reason.HIDDEN if (rows["status"] == Status.SUPPRESSED.value).any() else reason


def _with(blank: Judgement, before: Point | None, after: Point | None, verdict: Verdict, reason: Reason | None) -> Judgement:
    """Fill in the figures behind a verdict. Across a break there is no change."""
    change = apart(after, before) if before and after and verdict != Verdict.BREAK else None
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
        **(_named("change", change) if change else {}),
    )


def _named(name: str, span: IntervalEstimate) -> dict[str, float | None]:
    return {name: span.value, f"{name}_low": _number(span.low), f"{name}_high": _number(span.high)}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _replace(judgement: Judgement, **changes: object) -> Judgement:
    return msgspec.structs.replace(judgement, **changes)
