"""Counts become shares, and every figure gets a 95 percent interval and a word that says what kind of doubt it is.

A share of a survey has sampling doubt: Wilson's score interval, with the effective number of answers where the source states a design
effect, otherwise with a cautious one that the catalogue chooses for the source. A share of a register is an exact count of that day;
its Wilson interval says how far chance alone moves a group of that size from one half-year to the next, and is labelled so. A rate of
events has the exact Poisson interval. The intervals are computed by statsmodels. docs/decisions/kinds-of-doubt.md gives the reasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from geo.errors import InputError, Problem
from geo.figures import cellkey
from geo.model import ratios
from geo.model.indicators import Indicator, Noise
from geo.model.results import OBSERVATION_COLUMNS
from geo.model.sources import Source
from geo.model.vocabulary import HAS_VALUE, Period, Status

ALPHA: Final = 0.05
_FLOATS: Final = frozenset({"value", "numerator", "denominator", "n", "low", "high"})


def shares(counts: pd.DataFrame, *, indicators: Sequence[Indicator], source: str, file: str = "") -> pd.DataFrame:
    """Turn counts into observations: shares in percent, rates per their indicator's `per` (`geo.model.ratios`), a count as its numerator.

    counts: the columns indicator, area_set, area_id, period, numerator, denominator (persons). file: the path of the register that
    they were counted in. Returns OBSERVATION_COLUMNS without intervals; the rows of a demo indicator have status demo. A denominator
    of zero gives no value. Raises InputError for impossible counts: negative ones, or a share whose numerator is larger than its
    denominator. A rate may count more events than there are persons.
    """
    if counts.empty:
        return pd.DataFrame({name: pd.Series(dtype=float if name in _FLOATS else object) for name in OBSERVATION_COLUMNS})
    known = {indicator.id: indicator for indicator in indicators}
    _refuse_impossible(counts, known, source)
    table = counts.reset_index(drop=True).copy()
    empty = table["denominator"] == 0
    made = ratios.of_counts(table["numerator"], table["denominator"], ratios.scales(table["indicator"], indicators))
    number = table["indicator"].map({name: indicator.kind == "count" for name, indicator in known.items()}).astype(bool)
    table["value"] = made.mask(number & ~empty, table["numerator"].astype(float))
    demo = table["indicator"].map({name: indicator.demo for name, indicator in known.items()})
    table["status"] = np.select([empty, demo], [Status.MISSING.value, Status.DEMO.value], default=Status.FINAL.value)
    table["quality"] = np.where(demo, "demo", "official")
    table["definition"] = _versions(table, known)
    table = table.assign(n=np.nan, low=np.nan, high=np.nan, interval="none", reason="", source=source)
    table = table.assign(locator="", note="", file=file, row="", weights="")
    table.loc[empty, ["numerator", "denominator"]] = np.nan
    table.loc[empty, "reason"] = "source_blank"
    return table.astype({"numerator": float, "denominator": float})[list(OBSERVATION_COLUMNS)]


def _versions(table: pd.DataFrame, known: Mapping[str, Indicator]) -> list[str]:
    """The version of its indicator's definition that each row follows, looked up once for each indicator and period."""
    indicator, names = pd.factorize(table["indicator"])
    period, codes = pd.factorize(table["period"])
    pairs, row = np.unique(indicator * len(codes) + period, return_inverse=True)
    days = [Period.parse(code).first for code in codes]
    versions = [known[names[pair // len(codes)]].version(days[pair % len(codes)]) for pair in pairs.tolist()]
    return [versions[pair] for pair in row.tolist()]


def _refuse_impossible(counts: pd.DataFrame, known: Mapping[str, Indicator], source: str) -> None:
    negative = (counts["numerator"] < 0) | (counts["denominator"] < 0)
    share = counts["indicator"].map({name: indicator.kind == "share" for name, indicator in known.items()}).astype(bool)
    larger = share & (counts["numerator"] > counts["denominator"])
    faults = (
        (negative, "a negative number of persons", "0 or more"),
        (larger & ~negative, "a numerator larger than its denominator", "a part of the denominator"),
    )
    problems = [
        Problem(source, what, None, "numerator", _first(counts[wrong]), expected, int(wrong.sum()) - 1)
        for wrong, what, expected in faults
        if wrong.any()
    ]
    if problems:
        raise InputError(problems)


def _first(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    return f"{row['numerator']:g} of {row['denominator']:g} in {row['indicator']}, {row['area_set']} {row['area_id']}, {row['period']}"


def intervals(table: pd.DataFrame, *, indicators: Sequence[Indicator], sources: Sequence[Source] = ()) -> pd.DataFrame:
    """Give every value its interval, and say in the column `interval` how it was made, with a word of `geo.model.results.INTERVALS`.

    table: OBSERVATION_COLUMNS. Returns it with low, high and interval filled in. Shares: Wilson from the answers ("wilson"), from the
    effective number of answers, which is n / design effect, with the one that the source states ("wilson_design") or that the
    catalogue chose for the row's source ("wilson_cautious"), from the sample that the catalogue assumes ("assumed"), or from the
    persons of a register ("chance"; "noise" where their counts have noise, which widens it). Rates with a count of events: exact
    Poisson ("poisson"). A register's figure without counts has no sampling doubt ("count", low = high = value). The doubt is unknown
    ("none") for a survey's figure without a known sample, and for a share whose source does not say whether everybody was counted. A
    printed interval is kept ("published").
    """
    chosen = table["source"].map({source.id: source.design_effect.value for source in sources if source.design_effect}).astype(float)
    has_value = table["status"].isin({status.value for status in HAS_VALUE}).to_numpy()
    printed = has_value & table["low"].notna().to_numpy() & table["high"].notna().to_numpy()
    interval = np.where(printed, "published", table["interval"].to_numpy(dtype=object))
    low, high = (table[name].to_numpy(dtype=float, copy=True) for name in ("low", "high"))
    needed = table[["area_set", "value", "numerator", "denominator", "n"]]
    for indicator in indicators:
        rows = np.flatnonzero(has_value & ~printed & (table["indicator"] == indicator.id).to_numpy())
        if len(rows):
            limits = _intervals(needed.iloc[rows], indicator, chosen.iloc[rows])
            low[rows], high[rows], interval[rows] = limits["low"], limits["high"], limits["interval"]
    return table.assign(low=low, high=high, interval=pd.Series(interval, index=table.index, dtype=table["interval"].dtype))


def wilson(share: pd.Series, n: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return Wilson's 95 percent score interval (low, high) of shares in percent (0-100), on the same index.

    share: percent. n: the number of answers or persons; it may be a fraction. The interval is NaN where n is. Wilson, E. B. (1927),
    JASA 22: 209-212.

    >>> import pandas
    >>> low, high = wilson(pandas.Series([13.0]), pandas.Series([103]))
    >>> low.round(1).item(), high.round(1).item()
    (7.8, 20.8)
    """
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415  a third of what loading this program costs

    low, high = proportion_confint(ratios.parts(share, n), n, alpha=ALPHA, method="wilson")
    return ratios.PERCENT * pd.Series(low, share.index), ratios.PERCENT * pd.Series(high, share.index)


def poisson(rate: pd.Series, events: pd.Series, exposure: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the exact 95 percent interval (low, high) of rates from the number of events that they count, in the rate's own unit.

    rate: on any index. events: how many happened, a Poisson number. exposure: rate = events / exposure, for example persons / 1,000;
    where it is NaN it is computed from the rate, and where there is no event either, the interval is NaN. Garwood, F. (1936),
    Biometrika 28: 437-442.

    >>> import pandas
    >>> low, high = poisson(pandas.Series([5.0]), pandas.Series([30]), pandas.Series([6.0]))
    >>> low.round(2).item(), high.round(2).item()
    (3.37, 7.14)
    """
    from statsmodels.stats.rates import confint_poisson  # noqa: PLC0415  a third of what loading this program costs

    low, high = confint_poisson(events.to_numpy(), 1.0, method="exact-c", alpha=ALPHA)
    each = exposure.fillna(events / rate.where(rate > 0))
    return pd.Series(low, rate.index) / each, pd.Series(high, rate.index) / each


def sample_size(rows: pd.DataFrame, indicator: Indicator) -> pd.Series:
    """Return how many answers or persons each share rests on: n, else the denominator, else the assumed sample, else NaN.

    rows: observations of the indicator (OBSERVATION_COLUMNS); the result is on their index.
    """
    size = rows["n"].fillna(rows["denominator"])
    if indicator.assumed_sample is not None:
        size = size.fillna(rows["area_set"].map(indicator.assumed_sample.n))
    return size.astype(float)


def effective_size(rows: pd.DataFrame, indicator: Indicator, chosen: pd.Series) -> pd.Series:
    """Return the effective number of answers of each share: the sample size over the design effect. Kish, L. (1965), Survey Sampling, 8.2.

    rows: observations of the indicator (OBSERVATION_COLUMNS). chosen: the cautious design effect of each row's source, NaN where none
    is chosen; one that the indicator has from its own source goes before it. With neither the sample size is used as it is, and the
    word "wilson" says so. A design effect of 1 is that of a simple random sample.
    """
    stated = indicator.design_effect.value if indicator.design_effect else np.nan
    return sample_size(rows, indicator) / pd.Series(stated, rows.index).fillna(chosen).fillna(1.0)


def _intervals(rows: pd.DataFrame, indicator: Indicator, chosen: pd.Series) -> pd.DataFrame:
    plain = _exact(rows) if indicator.counts_everybody else _unknown(rows)
    if indicator.kind == "share" and (indicator.counts_everybody or indicator.basis == "survey"):
        limits, known = _of_shares(rows, indicator, chosen)
    elif indicator.kind == "rate":
        limits, known = _of_rates(rows, indicator)
    else:
        return plain
    return limits.where(known, plain)


def _of_shares(rows: pd.DataFrame, indicator: Indicator, chosen: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    register = indicator.counts_everybody
    size = sample_size(rows, indicator) if register else effective_size(rows, indicator, chosen)
    low, high = wilson(rows["value"], size)
    if indicator.noise:
        return _of_noisy(rows, indicator.noise, (low, high)), size.notna()
    given = rows["n"].notna() | rows["denominator"].notna()
    asked = "wilson_design" if indicator.design_effect else np.where(chosen.notna(), "wilson_cautious", "wilson")
    word = np.where(given, "chance" if register else asked, "assumed")
    return pd.DataFrame({"low": low, "high": high, "interval": word}, index=rows.index), size.notna()


def _of_noisy(rows: pd.DataFrame, noise: Noise, ends: tuple[pd.Series, pd.Series]) -> pd.DataFrame:
    """The interval of chance, widened by the noise on both counts: the distances to the ends are added as squares (Zou and Donner 2008)."""
    numbers = (rows[name].to_numpy(dtype=float) for name in ("numerator", "denominator"))
    width = cellkey.Z * cellkey.deviation(noise, *numbers)
    value, low, high = rows["value"], *ends
    down, up = np.hypot(value - low, width), np.hypot(high - value, width)
    return pd.DataFrame({"low": (value - down).clip(lower=0), "high": (value + up).clip(upper=100), "interval": "noise"}, index=rows.index)


def _of_rates(rows: pd.DataFrame, indicator: Indicator) -> tuple[pd.DataFrame, pd.Series]:
    """The interval of rates. Where a printed (rounded) rate lies outside the interval of its counts, that is widened to reach the rate."""
    low, high = poisson(rows["value"], rows["numerator"], rows["denominator"] / indicator.per)
    known = low.notna() & high.notna()
    ends = {"low": low.where(~known, np.minimum(low, rows["value"])), "high": high.where(~known, np.maximum(high, rows["value"]))}
    return pd.DataFrame(ends | {"interval": "poisson"}, index=rows.index), known


def _exact(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"low": rows["value"], "high": rows["value"], "interval": "count"}, index=rows.index)


def _unknown(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"low": np.nan, "high": np.nan, "interval": "none"}, index=rows.index)
