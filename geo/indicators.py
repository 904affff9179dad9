"""Counts become shares, and every share gets the interval that says how sure it is.

Wilson's score interval comes from statsmodels, at 95 percent. A share of a register is an
exact count of that day; its Wilson interval says how far chance alone moves so small a group from one half-year to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from geo.model import Indicator
from geo.results import OBSERVATION_COLUMNS
from geo.words import HAS_VALUE, Status

ALPHA: Final = 0.05


def shares(counts: pd.DataFrame, *, indicators: Sequence[Indicator], source: str) -> pd.DataFrame:
    """Turn counts into observations: value = 100 * numerator / denominator, in percent.

    counts: indicator, area_set, area_id, period, numerator, denominator (persons). A denominator of zero gives no value (unknown is
    never zero). Returns OBSERVATION_COLUMNS without intervals; all rows have status demo when their indicator is a demo one.
    """
    known = {indicator.id: indicator for indicator in indicators}
    table = counts.reset_index(drop=True).copy()
    empty = table["denominator"] == 0
    table["value"] = np.where(empty, np.nan, 100 * table["numerator"] / table["denominator"].where(~empty))
    demo = table["indicator"].map({name: found.demo for name, found in known.items()})
    table["status"] = np.select([empty, demo], [Status.MISSING.value, Status.DEMO.value], default=Status.FINAL.value)
    table["quality"] = np.where(demo, "demo", "official")
    table["definition"] = table["indicator"].map({name: found.definitions[-1].version for name, found in known.items()})
    table = table.assign(n=np.nan, low=np.nan, high=np.nan, interval="none", reason="", source=source, locator="", note="")
    table.loc[empty, ["numerator", "denominator"]] = np.nan
    table.loc[empty, "reason"] = "source_blank"
    return table.astype({"numerator": float, "denominator": float})[list(OBSERVATION_COLUMNS)]


def intervals(table: pd.DataFrame, *, indicators: Sequence[Indicator]) -> pd.DataFrame:
    """Give every value its interval, and say in `interval` how it came to be.

    Shares with counts or a number of answers get Wilson's interval; a survey whose sample is not given per area gets it from the
    sample the catalogue assumes ("assumed"); a register's count or published share has no sampling doubt ("count", low = high =
    value); a survey share with no sample known has none ("none"). An interval that the source printed is kept ("published").
    """
    table = table.copy()
    has_value = table["status"].isin({status.value for status in HAS_VALUE})
    printed = has_value & table["low"].notna() & table["high"].notna()
    table.loc[printed, "interval"] = "published"
    for indicator in indicators:
        rows = has_value & ~printed & (table["indicator"] == indicator.id)
        if rows.any():
            table.loc[rows, ["low", "high", "interval"]] = _intervals(table[rows], indicator)
    return table


def wilson(share: pd.Series, n: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return Wilson's 95 percent score interval of shares in percent (0-100), from n answers or persons.

    Wilson, E. B. (1927), JASA 22: 209-212. Where n is NaN the interval is NaN.
    """
    low, high = proportion_confint(share / 100 * n, n, alpha=ALPHA, method="wilson")
    return 100 * pd.Series(low, share.index), 100 * pd.Series(high, share.index)


def sample_size(rows: pd.DataFrame, indicator: Indicator) -> pd.Series:
    """Return how many answers or persons each share rests on: n, else the denominator, else the assumed sample, else NaN."""
    size = rows["n"].fillna(rows["denominator"])
    if indicator.assumed_sample is not None:
        size = size.fillna(rows["area_set"].map(indicator.assumed_sample.n))
    return size.astype(float)


def _intervals(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    if indicator.kind != "share":
        return _exact(rows) if indicator.basis == "register" else _unknown(rows)
    size = sample_size(rows, indicator)
    low, high = wilson(rows["value"], size)
    given = rows["n"].notna() | rows["denominator"].notna()
    found = pd.DataFrame({"low": low, "high": high, "interval": np.where(given, "wilson", "assumed")}, index=rows.index)
    without = size.isna()
    found[without] = _exact(rows[without]) if indicator.basis == "register" else _unknown(rows[without])
    return found


def _exact(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"low": rows["value"], "high": rows["value"], "interval": "count"}, index=rows.index)


def _unknown(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"low": np.nan, "high": np.nan, "interval": "none"}, index=rows.index)
