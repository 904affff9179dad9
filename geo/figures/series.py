"""A series of observations as points in time: where a goal starts, its latest figure, and everything in between that may be read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.figures.differences import Point
from geo.model.goals import Goal
from geo.model.indicators import Indicator
from geo.model.vocabulary import HAS_VALUE, Period

_SHOWN: Final = tuple(sorted(status.value for status in HAS_VALUE))
_NUMBERS: Final = ("value", "low", "high", "n", "numerator", "denominator")
_WORDS: Final = ("interval", "definition", "period")


def baseline(goal: Goal, indicator: Indicator, rows: pd.DataFrame) -> Point | None:
    """Return the point that a goal starts from: the figure of its period, else the value that the policy states; None without either.

    rows: observations of the indicator in one area (OBSERVATION_COLUMNS). The doubt of a stated value is unknown, unless everybody
    was counted. A figure of unknown doubt that the goal states as its baseline is a stated value too. A made-up indicator starts from
    made-up figures only.
    """
    stated = goal.baseline
    period = goal.demo_baseline if indicator.demo else stated.period if stated else None
    dated = Period.parse(period) if period else None
    if dated is not None:
        at_baseline = next(
            (dated_point for dated_point in points(rows, indicator) if dated_point.period and dated_point.period.code == dated.code), None
        )
        if at_baseline is not None and stated is not None and stated.value == at_baseline.value and math.isnan(at_baseline.low):
            return dataclasses.replace(at_baseline, stated=True)
        if at_baseline is not None or indicator.demo:
            return at_baseline
    if stated is None or stated.value is None or indicator.demo:
        return None
    only = indicator.definitions[0].version if len(indicator.definitions) == 1 else ""
    version = stated.definition or (indicator.version(dated.first) if dated else only)
    counted = indicator.counts_everybody
    end = stated.value if counted else np.nan
    return Point(stated.value, end, end, np.nan, "count" if counted else "none", version, dated, stated=True)


def latest(rows: pd.DataFrame, deadline: dt.date | None, indicator: Indicator) -> Point | None:
    """Return the last value whose period has begun by the deadline; later values are not what the goal is about. None without one.

    rows: observations of the indicator in one area (OBSERVATION_COLUMNS). deadline: None takes the last value of all.
    """
    due = [point for point in points(rows, indicator) if point.period and (deadline is None or point.period.first <= deadline)]
    return due[-1] if due else None


def points(rows: pd.DataFrame, indicator: Indicator) -> list[Point]:
    """Return the values that may be read as points, in time order.

    rows: observations of the indicator in one area (OBSERVATION_COLUMNS); those without a value are left out.
    """
    shown = rows["status"].isin(_SHOWN).to_numpy()  # by column: slicing the frame costs more
    columns = [rows[name].to_numpy()[shown].tolist() for name in (*_NUMBERS, *_WORDS)]
    points_of_rows = [point(dict(zip((*_NUMBERS, *_WORDS), row, strict=True)), indicator) for row in zip(*columns, strict=True)]
    return sorted(points_of_rows, key=_when)


def point(row: Mapping[Any, Any], indicator: Indicator) -> Point:
    """Return one observation that has a value, as a point in time. row: its OBSERVATION_COLUMNS by name."""
    number = {name: float(row[name]) for name in _NUMBERS}
    known = number["denominator"] / (indicator.scale or 1)
    exposure = number["numerator"] / number["value"] if math.isnan(known) and number["value"] > 0 else known
    return Point(
        number["value"],
        number["low"],
        number["high"],
        number["denominator"] if math.isnan(number["n"]) else number["n"],
        str(row["interval"]),
        str(row["definition"]),
        Period.parse(str(row["period"])),
        number["numerator"],
        exposure,
    )


def _when(point: Point) -> tuple[dt.date, dt.date]:
    return (point.period.first, point.period.last) if point.period else (dt.date.min, dt.date.min)
