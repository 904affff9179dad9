"""Which figures differ between two tables of observations that one audience may read, and how."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.editions.comparison import FIGURE_KINDS, FigureChange, Told
from geo.model.vocabulary import HIDDEN

KEY: Final = ["indicator", "area_set", "area_id", "period"]
_NUMBERS: Final = ["value", "low", "high", "numerator", "denominator", "n"]
_WORDS: Final = ["status", "reason", "definition", "interval"]
_ORIGIN: Final = ["source", "locator", "quality", "note"]
"""Where a figure comes from, as its page says it. The file and the row that it was read from are no part of it."""
_DIGITS: Final = 12
"""Decimals that a difference of two figures is given with: what is behind them comes from how a computer subtracts."""


def figures(old: pd.DataFrame, new: pd.DataFrame) -> tuple[FigureChange, ...]:
    """Return the figures that differ, sorted by indicator, area set, area and period.

    old, new: OBSERVATION_COLUMNS, a row a figure. What a reader reads of a figure is its numbers, status, reason, definition and
    kind of doubt, and where it comes from: source, place in it, quality and note. That it was read from another file or row is no
    change. A period that comes with nothing but rows without a value is no change either, except for the figures of it that are hidden.
    """
    both = _both(old, new)
    kinds = _kinds(both)
    rows = both[kinds >= 0]
    sides = [_side(rows, edition) for edition in ("_old", "_new")]
    keys = (rows[name].tolist() for name in KEY)
    by = _absent(_by(rows))
    named = [FIGURE_KINDS[number] for number in kinds[kinds >= 0]]
    return tuple(
        FigureChange(indicator=indicator, area_set=area_set, area_id=area, period=period, kind=kind, before=before, now=now, by=difference)
        for indicator, area_set, area, period, kind, before, now, difference in zip(*keys, named, *sides, by, strict=True)
    )


def measured(table: pd.DataFrame) -> set[tuple[str, str, str]]:
    """Return area set, area and indicator wherever there is a value in any period. table: OBSERVATION_COLUMNS, a row a figure."""
    rows = table.loc[table["value"].notna(), ["area_set", "area_id", "indicator"]].drop_duplicates()
    return set(rows.itertuples(index=False, name=None))


def _both(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Rows of both side by side; words are "" where a table has no row."""
    columns = [*KEY, *_NUMBERS, *_WORDS, *_ORIGIN]
    both = old[columns].merge(new[columns], on=KEY, how="outer", suffixes=("_old", "_new"), sort=True)
    words = [f"{name}{edition}" for name in (*_WORDS, *_ORIGIN) for edition in ("_old", "_new")]
    return both.assign(**{name: both[name].where(both[name].notna(), "") for name in words})


def _kinds(both: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Place in FIGURE_KINDS of every row, -1 where the figure is the same."""
    had, has = both["value_old"].notna().to_numpy(), both["value_new"].notna().to_numpy()
    covered = [both[f"status{edition}"].isin([status.value for status in HIDDEN]).to_numpy() for edition in ("_old", "_new")]
    there = [both[f"status{edition}"].ne("").to_numpy() for edition in ("_old", "_new")]
    unlike = _unlike(both)
    conditions = (
        has & ~had & ~covered[0],
        has & had & unlike,
        had & ~has & ~covered[1],
        covered[1] & ~has & ~covered[0],
        has & ~had & covered[0],
        ~had & ~has & there[0] & there[1] & _differ(both, ("status", "reason")),
        there[0] & there[1] & (had == has) & _differ(both, _ORIGIN),
    )
    return np.select(conditions, range(len(FIGURE_KINDS)), default=-1)


def _unlike(both: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    unlike = _differ(both, _WORDS)
    for name in _NUMBERS:
        then, now = both[f"{name}_old"].to_numpy(), both[f"{name}_new"].to_numpy()
        unlike |= (then != now) & ~(np.isnan(then) & np.isnan(now))
    return unlike


def _differ(both: pd.DataFrame, words: Iterable[str]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    pairs = [(both[f"{name}_old"].to_numpy(), both[f"{name}_new"].to_numpy()) for name in words]
    unlike: np.ndarray[Any, np.dtype[np.bool_]] = np.any([then != now for then, now in pairs], axis=0)
    return unlike


def _by(rows: pd.DataFrame) -> pd.Series[float]:
    """Value now minus value before, NaN where one is absent or the definition is another."""
    return (rows["value_new"] - rows["value_old"]).round(_DIGITS).where(rows["definition_old"] == rows["definition_new"])


def _side(rows: pd.DataFrame, edition: str) -> list[Told]:
    numbers = [_absent(rows[f"{name}{edition}"]) for name in _NUMBERS]
    words = [rows[f"{name}{edition}"].tolist() for name in (*_WORDS, *_ORIGIN)]
    names = (*_NUMBERS, *_WORDS, *_ORIGIN)
    return [Told(**dict(zip(names, figure, strict=True))) for figure in zip(*numbers, *words, strict=True)]


def _absent(numbers: pd.Series[float]) -> list[float | None]:
    """Numbers of a column, None where there is none."""
    return [None if number != number else number for number in numbers.tolist()]  # noqa: PLR0124  # NaN is the one that differs from itself
