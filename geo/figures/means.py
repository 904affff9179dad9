"""Means over half-years: which half-years a mean is taken over, and its counts. A mean has a period of its own, a year or two years.

The windows follow the calendar and do not overlap: two half-years are a year, four are two years of which the first is even.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

import pandas as pd

from geo.model.indicators import Indicator
from geo.model.vocabulary import Period

_HALF: Final = re.compile(r"[0-9]{4}H[12]")
_YEARS: Final = re.compile(r"(?P<year>[0-9]{4})(?:H1-(?P<until>[0-9]{4})H2)?")
_KEY: Final = ["indicator", "area_set", "area_id"]


class Window(NamedTuple):
    """A period of several half-years: its code, `2008` or `2008H1-2009H2`, and those of its half-years in order."""

    code: str
    parts: tuple[str, ...]


class TiedPeriods(NamedTuple):
    """Half-years that the same means are taken over, in order, and those windows. A period without means is alone."""

    periods: tuple[str, ...]
    windows: tuple[Window, ...] = ()


def half(code: str) -> bool:
    """Return whether the code of a period is that of a half-year."""
    return bool(_HALF.fullmatch(code))


def parts_of(code: str) -> tuple[str, ...]:
    """Return the half-years of a year, or of two years of which the first is even; () for any other period."""
    match = _YEARS.fullmatch(code)
    if match is None:
        return ()
    first, last = int(match["year"]), int(match["until"] or match["year"])
    if match["until"] and (first % 2 or last != first + 1):
        return ()
    return tuple(f"{year:04}H{number}" for year in range(first, last + 1) for number in (1, 2))


def windows(periods: Collection[str], numbers: Collection[int]) -> tuple[Window, ...]:
    """Return the windows of so many half-years (2, 4) that lie wholly among some periods, those of fewer half-years first.

    >>> [window.code for window in windows(["2007H2", "2008H1", "2008H2", "2009H1", "2009H2"], [2, 4])]
    ['2008', '2009', '2008H1-2009H2']
    """
    years = sorted({int(code[:4]) for code in periods if half(code)})
    codes = [f"{year:04}" for year in years if 2 in numbers]
    codes += [f"{year:04}H1-{year + 1:04}H2" for year in years if 4 in numbers and not year % 2]
    every = [Window(code, parts_of(code)) for code in codes]
    return tuple(window for window in every if set(window.parts) <= set(periods) and window.code not in periods)


def of_indicator(indicator: Indicator, periods: Collection[str]) -> tuple[Window, ...]:
    """Return the windows over which an indicator's mean is published: none across a change of its definition."""
    every = windows(periods, indicator.means)
    return tuple(window for window in every if len({indicator.version(Period.parse(code).first) for code in window.parts}) == 1)


def is_mean(indicator: Indicator, code: str) -> bool:
    """Return whether a period of an indicator is one of its means over half-years."""
    return bool(indicator.means) and len(parts_of(code)) in indicator.means


def groups(periods: Sequence[str], tied: Iterable[Window]) -> tuple[TiedPeriods, ...]:
    """Divide periods into groups: periods that a window covers are in one group together. In the order of the periods.

    tied: the windows. Every period is in exactly one group, with all windows over it; a window is never split, the widest are taken
    first.
    """
    of_period: dict[str, tuple[str, ...]] = {code: (code,) for code in periods}
    every = sorted(set(tied), key=lambda window: (-len(window.parts), window.code))
    for window in every:
        if all(of_period[code] == (code,) for code in window.parts):
            of_period |= dict.fromkeys(window.parts, window.parts)
    shared = dict.fromkeys(of_period[code] for code in periods)
    return tuple(TiedPeriods(parts, tuple(inside for inside in reversed(every) if set(inside.parts) <= set(parts))) for parts in shared)


def of_counts(counts: pd.DataFrame, indicators: Sequence[Indicator]) -> pd.DataFrame:
    """Return the counts of the means, which may be fractions of persons: the sum over a window's half-years divided by their number.

    counts: the columns of geo.registers.cube.COUNTS, for all areas in all periods of a register. The result has the same columns.
    """
    periods = counts["period"].unique().tolist()
    made = [
        _of_window(counts, indicator, window) for indicator in indicators if indicator.means for window in of_indicator(indicator, periods)
    ]
    return pd.concat(made, ignore_index=True) if made else counts[:0]


def _of_window(counts: pd.DataFrame, indicator: Indicator, window: Window) -> pd.DataFrame:
    mine = counts[(counts["indicator"] == indicator.id) & counts["period"].isin(window.parts)]
    sums = mine.groupby(_KEY, as_index=False, sort=False)[["numerator", "denominator"]].sum()
    for side in ("numerator", "denominator"):
        sums[side] /= len(window.parts)
    return sums.assign(period=window.code)[list(counts.columns)]


def without(table: pd.DataFrame, indicators: Sequence[Indicator], *, kept: Collection[tuple[str, str]] = ()) -> pd.DataFrame:
    """Return a table without the rows that are means over half-years.

    table: with the columns indicator and period. kept: the indicator and period of means that stay.
    """
    telling = {indicator.id: indicator for indicator in indicators if indicator.means}
    mine = table.loc[table["indicator"].isin(list(telling)), ["indicator", "period"]].drop_duplicates()
    pairs = [(name, code) for name, code in mine.itertuples(index=False) if is_mean(telling[name], code) and (name, code) not in kept]
    if not pairs:
        return table
    return table[~pd.MultiIndex.from_frame(table[["indicator", "period"]]).isin(pairs)]
