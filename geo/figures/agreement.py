"""Whether a figure agrees with itself: its value with its counts, and its interval with its value. A figure that does not is refused.

A printed value is rounded. It may differ from what its counts make by half a unit of its last printed digit or of the decimals that
its indicator is shown with, whichever is larger. A value that was computed here was not printed, so it must be exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from geo.errors import InputError, Problem
from geo.model import ratios
from geo.model.indicators import Indicator

_SLACK: Final = 1e-9
"""The error of binary arithmetic that is allowed, relative to the figure."""


class _Doubt(NamedTuple):
    """One kind of disagreement: the rows that have it, its words, the column, and what the counts make instead (NaN: nothing)."""

    wrong: pd.Series
    what: str
    column: str
    expected: str
    made: pd.Series


def check(table: pd.DataFrame, indicators: Sequence[Indicator]) -> None:
    """Raise InputError when a figure contradicts itself. It is the last check before a table is written into an edition.

    table: OBSERVATION_COLUMNS.
    """
    faults = problems(table, indicators)
    if faults:
        raise InputError(faults)


def problems(table: pd.DataFrame, indicators: Sequence[Indicator], *, printed: pd.Series | None = None) -> list[Problem]:
    """Return what is contradictory in a table: one problem for each kind, with the first figure and how many more there are.

    table: OBSERVATION_COLUMNS. printed: each value as it stands in its file, on the table's index (default: the shortest text of the
    number). Rows that come from no file row were counted here; a message names their area and shows no number.
    """
    there = table[table["value"].notna()]
    typed = there.loc[there["row"] != "", "value"]
    texts = typed.map(lambda value: repr(float(value))) if printed is None else printed[typed.index]
    return [
        _problem(there, texts, doubt) for doubt in _doubts(there, _explained(there, texts, indicators), indicators) if doubt.wrong.any()
    ]


def _explained(table: pd.DataFrame, texts: pd.Series, indicators: Sequence[Indicator]) -> pd.Series:
    """How far each value may differ from what its counts make, in its own unit. texts: values as a file prints them, absent for others."""
    decimals = {indicator.id: indicator.decimals for indicator in indicators}
    shown = [decimals.get(str(name), 0) for name in table.loc[texts.index, "indicator"]]
    half = pd.Series([0.5 * 10.0 ** -min(_decimals(text), most) for text, most in zip(texts, shown, strict=True)], texts.index, dtype=float)
    return half.reindex(table.index, fill_value=0.0) + _SLACK * table["value"].abs().clip(lower=1)


def _decimals(text: str) -> int:
    """How many decimals a number is written with."""
    exponent = Decimal(text or "0").as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _doubts(table: pd.DataFrame, explained: pd.Series, indicators: Sequence[Indicator]) -> Iterator[_Doubt]:
    value, numerator, denominator = (table[name].astype(float) for name in ("value", "numerator", "denominator"))
    low, high = table["low"].astype(float), table["high"].astype(float)
    nothing = pd.Series(np.nan, table.index)
    scale = ratios.scales(table["indicator"], indicators)
    count = table["indicator"].isin([indicator.id for indicator in indicators if indicator.kind == "count"])
    made = ratios.of_counts(numerator, denominator, scale).where(~count, numerator)
    made = made.where(denominator.notna() | (numerator != 0) | scale.isna(), 0.0)  # no event at all is a rate of 0
    nobody = (denominator == 0) | (table["n"] == 0)
    yield _Doubt(nobody, "a value of nobody", "value", "a number of persons or answers above 0, or no value", nothing)
    yield _Doubt((value - made).abs() > explained, "a value that its counts do not make", "value", "", made)
    yield _Doubt(low.notna() != high.notna(), "an interval with one end", "low", "both low and high, or neither", nothing)
    slack = _SLACK * value.abs().clip(lower=1)
    yield _Doubt(low > value + slack, "an interval that does not hold its value", "low", "low <= value", nothing)
    yield _Doubt(high < value - slack, "an interval that does not hold its value", "high", "high >= value", nothing)


def _problem(table: pd.DataFrame, texts: pd.Series, doubt: _Doubt) -> Problem:
    where = doubt.wrong.to_numpy()
    row, made = table[where].iloc[0], float(doubt.made[where].iloc[0])
    more = int(where.sum()) - 1
    if not row["row"]:
        figure = f"{row['indicator']}, {row['area_set']} {row['area_id']}, {row['period']}"
        return Problem(str(row["file"]), doubt.what, None, doubt.column, figure, doubt.expected or "what was counted", more)
    text = str(texts.to_numpy()[texts.index.get_loc(row.name)])
    counts = f"{text} beside {_of(row)}" if doubt.column == "value" else f"{_number(row[doubt.column])} beside the value {text}"
    return Problem(str(row["file"]), doubt.what, int(row["row"]), doubt.column, counts, doubt.expected or _number(made), more)


def _of(row: pd.Series) -> str:
    """The counts of a row in words: 462 of 1000."""
    if pd.isna(row["numerator"]):
        return f"{_number(row['denominator'])} persons and {_number(row['n'])} answers"
    return f"{_number(row['numerator'])} of {_number(row['denominator'])}"


def _number(number: float) -> str:
    return "no number" if pd.isna(number) else f"{number:.10g}"
