"""Means of half-years: which half-years a mean is of, and its counts. A mean is a period of its own, a year or two.

Windows do not overlap, and begin with the calendar: two half-years are a year, four are two years that begin with an even one.
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
    """Half-years that means tie, in order, and the windows over them; a period without means is alone."""

    periods: tuple[str, ...]
    windows: tuple[Window, ...] = ()


def half(code: str) -> bool:
    """Whether a period is a half-year."""
    return bool(_HALF.fullmatch(code))


def parts_of(code: str) -> tuple[str, ...]:
    """The half-years of a year or of two years that begin with an even one; () of any other period."""
    match = _YEARS.fullmatch(code)
    if match is None:
        return ()
    first, last = int(match["year"]), int(match["until"] or match["year"])
    if match["until"] and (first % 2 or last != first + 1):
        return ()
    return tuple(f"{year:04}H{number}" for year in range(first, last + 1) for number in (1, 2))


def windows(periods: Collection[str], numbers: Collection[int]) -> tuple[Window, ...]:
    """The windows of so many half-years that lie whole among some periods, those of fewer first."""
    years = sorted({int(code[:4]) for code in periods if half(code)})
    codes = [f"{year:04}" for year in years if 2 in numbers]
    codes += [f"{year:04}H1-{year + 1:04}H2" for year in years if 4 in numbers and not year % 2]
    every = [Window(code, parts_of(code)) for code in codes]
    return tuple(window for window in every if set(window.parts) <= set(periods) and window.code not in periods)


def of_indicator(indicator: Indicator, periods: Collection[str]) -> tuple[Window, ...]:
    """The windows of which an indicator tells the mean: none across a change of its definition."""
    every = windows(periods, indicator.means)
    return tuple(window for window in every if len({indicator.version(Period.parse(code).first) for code in window.parts}) == 1)


def is_mean(indicator: Indicator, code: str) -> bool:
    """Whether a period of an indicator is a mean of half-years."""
    return bool(indicator.means) and len(parts_of(code)) in indicator.means


def groups(periods: Sequence[str], tied: Iterable[Window]) -> tuple[TiedPeriods, ...]:
    """Every period in one group, with all windows over it; the windows are taken whole, the widest first. In the order of the periods."""
    of_period: dict[str, tuple[str, ...]] = {code: (code,) for code in periods}
    every = sorted(set(tied), key=lambda window: (-len(window.parts), window.code))
    for window in every:
        if all(of_period[code] == (code,) for code in window.parts):
            of_period |= dict.fromkeys(window.parts, window.parts)
    shared = dict.fromkeys(of_period[code] for code in periods)
    return tuple(TiedPeriods(parts, tuple(inside for inside in reversed(every) if set(inside.parts) <= set(parts))) for parts in shared)


def of_counts(counts: pd.DataFrame, indicators: Sequence[Indicator]) -> pd.DataFrame:
    """The counts of the means (geo.registers.cube.COUNTS, fractions of persons): sums over the half-years of a window by their number.

    counts: of all areas in all periods of a register.
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
    """A table (columns indicator, period) without the rows that are means. kept: indicator and period of those that stay."""
    telling = {indicator.id: indicator for indicator in indicators if indicator.means}
    mine = table.loc[table["indicator"].isin(list(telling)), ["indicator", "period"]].drop_duplicates()
    pairs = [(name, code) for name, code in mine.itertuples(index=False) if is_mean(telling[name], code) and (name, code) not in kept]
    if not pairs:
        return table
    return table[~pd.MultiIndex.from_frame(table[["indicator", "period"]]).isin(pairs)]
