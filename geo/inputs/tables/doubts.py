"""What may be right and is more often a slip: shares written as 0-1, a value ten times the last, a period far away. It is asked about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pandas as pd

from geo.errors import Problem
from geo.files.schema import ColumnFault, offenders
from geo.model.indicators import Indicator
from geo.model.vocabulary import Period

CONFIRM: Final = "if it is right, the option --confirm"
_AHEAD: Final = 5
"""Years after the day that a file was fetched in which figures may lie without a question; forecasts lie further."""
_OLDEST: Final = 1900
_PERCENT: Final = 10.0
"""Where figures of an indicator usually lie above so many percent, one below 1 is asked about."""
_JUMP: Final = 8.0
"""How many times the nearest figure of the same area a figure may be: a slipped point makes it about ten times."""
_SMALL: Final = 50.0
"""Counts below this may jump."""
_SERIES: Final = ["indicator", "area_set", "area_id"]


def asked(table: pd.DataFrame, known: pd.DataFrame, indicators: Sequence[Indicator], *, retrieved: dt.date, file: str) -> list[Problem]:
    """Return what a person should confirm before figures are taken: one problem for each kind, with up to ten values.

    table: checked figures (OBSERVATION_COLUMNS); its index holds the row numbers of messages. known: the figures that the workspace has.
    retrieved: the day that the file was fetched.
    """
    shown = table.assign(value=table["value"].map(lambda value: "" if np.isnan(value) else f"{value:.12g}"))
    first = table["period"].map({code: Period.parse(code).first for code in table["period"].unique()})
    latest = dt.date(retrieved.year + _AHEAD, 12, 31)
    rules = [
        (first > latest, ColumnFault("period", "a period far in the future", f"a period until {latest.year}; {CONFIRM}")),
        (first < dt.date(_OLDEST, 1, 1), ColumnFault("period", "a period long ago", f"a period since {_OLDEST}; {CONFIRM}")),
    ]
    problems = [problem for wrong, fault in rules for problem in offenders(table, wrong.astype(bool), fault, file=file)]
    lengths = ColumnFault("period", "periods of another length than all others of the indicator", f"{_example(table, known)}; {CONFIRM}")
    problems += offenders(table, _other_lengths(table, known), lengths, file=file)
    fractions = _fractions(table, known, indicators)
    percent = f"percent: 88 and not 0.88, or times = 100 in a profile; {CONFIRM}"
    problems += offenders(shown, fractions, ColumnFault("value", "shares that look like fractions of 1", percent), file=file)
    return problems + list(_jumps(table, known, indicators, apart=fractions, file=file))


def _shape(code: str) -> str:
    """What kind of period a code is: a day in place of a year is a date that a spreadsheet shows as a year."""
    return re.sub("[0-9]", "9", code)


def _other_lengths(table: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Rows of indicators of which no period in the file is of a kind that the workspace has of them in that area set."""
    wrong = pd.Series(False, index=table.index)
    before = {key: set(rows["period"].map(_shape)) for key, rows in known.groupby(["indicator", "area_set"])}
    for key, rows in table.groupby(["indicator", "area_set"]):
        there = before.get(key, set())
        wrong[rows.index] = bool(there) and there.isdisjoint(rows["period"].map(_shape))
    return wrong


def _example(table: pd.DataFrame, known: pd.DataFrame) -> str:
    """A period that the workspace has of an indicator of the file."""
    rows = known.loc[known["indicator"].isin(table["indicator"]), "period"]
    return f"periods such as {rows.iloc[-1]}" if len(rows) else "periods as before"


def _fractions(table: pd.DataFrame, known: pd.DataFrame, indicators: Sequence[Indicator]) -> pd.Series:
    """Values of shares between 0 and 1, where the indicator's other values lie far above, or where there are none."""
    wrong = pd.Series(False, index=table.index)
    for indicator in (each for each in indicators if each.kind == "share"):
        rows = table["indicator"] == indicator.id
        small = rows & (table["value"] > 0) & (table["value"] < 1)
        others = pd.concat(
            [known.loc[known["indicator"] == indicator.id, "value"], table.loc[rows & (table["value"] > 1), "value"]]
        ).dropna()
        if small.any() and (others.empty or others.median() > _PERCENT):
            wrong |= small
    return wrong


def _jumps(table: pd.DataFrame, known: pd.DataFrame, indicators: Sequence[Indicator], *, apart: pd.Series, file: str) -> Iterator[Problem]:
    """Values that are many times, or a small part of, the nearest value of the same indicator and area. apart: rows told already."""
    counts = {indicator.id for indicator in indicators if indicator.kind == "count"}
    columns = [*_SERIES, "period", "value"]
    every = pd.concat([known[columns].assign(place=-1), table[columns].assign(place=table.index)]).dropna(subset=["value"])
    every["day"] = [Period.parse(code).first.toordinal() for code in every["period"]]
    faults: list[Problem] = []
    for (name, _, _), rows in every.groupby(_SERIES, sort=False):
        places, days, values = (rows[column].to_numpy() for column in ("place", "day", "value"))
        for number in np.flatnonzero(places >= 0).tolist():
            other = _nearest(number, days)
            if other is None or apart[places[number]]:
                continue
            value, before = float(values[number]), float(values[other])
            if _is_jump(value, before, count=name in counts):
                described = f"{value:.12g} beside {before:.12g} in {rows['period'].iloc[other]}"
                faults.append(
                    Problem(file, _JUMPED, int(places[number]), "value", described, f"about the size of the nearest figure; {CONFIRM}")
                )
    if faults:
        ordered = sorted(faults, key=lambda problem: problem.row or 0)
        described = "; ".join(problem.found for problem in ordered[:10])
        yield Problem(file, _JUMPED, ordered[0].row, "value", described, ordered[0].expected, more=len(ordered) - 1)


_JUMPED: Final = "a value many times larger or smaller than the nearest one of its area"


def _nearest(number: int, days: np.ndarray) -> int | None:
    """The place of the row that is nearest in time, the older of two; None when there is no other."""
    away = np.abs(days - days[number]) * 2 + (days > days[number])
    away[number] = np.iinfo(away.dtype).max
    return int(away.argmin()) if len(days) > 1 else None


def _is_jump(value: float, before: float, *, count: bool) -> bool:
    low, high = sorted((abs(value), abs(before)))
    return low > 0 and high >= _JUMP * low and not (count and high < _SMALL)
