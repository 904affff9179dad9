"""Figures and their doubt in a notebook: shares and rates with intervals, how far apart two are, whether a goal is met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd

from geo.conclusions import classify
from geo.figures import differences, indicators, multiple, smoothing
from geo.figures.differences import IntervalEstimate, Point, TargetLine
from geo.model import ratios
from geo.model.vocabulary import Verdict

_ENDS: Final = ("value", "low", "high")


def shares(numerator: pd.Series, denominator: pd.Series, *, design_effect: float = 1.0) -> pd.DataFrame:
    """Shares in percent (0-100) of counts, with Wilson's 95 percent interval.

    numerator: persons or answers counted; denominator: of how many, on the same index. design_effect: by how much a survey's clusters and
    weights widen its variance (Kish 1965); 1 for a simple random sample and for a full count, of which the interval then says how far
    chance alone moves a group of that size. Returns `value`, `low`, `high` on the same index; NaN where the denominator is 0 or a count
    is absent. Raises ValueError where a numerator is negative or over its denominator. Wilson, E. B. (1927), JASA 22: 209-212.

    >>> import geo, pandas
    >>> geo.shares(pandas.Series([81]), pandas.Series([263])).round(1).values.tolist()
    [[30.8, 25.5, 36.6]]
    """
    wrong = (numerator < 0) | (numerator > denominator)
    if wrong.any():
        raise ValueError(
            f"a numerator that is negative or over its denominator, at {numerator.index[wrong][0]!r}; {int(wrong.sum())} in all"
        )
    value = ratios.of_counts(numerator.astype(float), denominator.astype(float), ratios.PERCENT)
    low, high = indicators.wilson(value, (denominator / design_effect).where(denominator > 0))
    return pd.DataFrame({"value": value, "low": low, "high": high})


def rates(events: pd.Series, people: pd.Series, *, per: int = 1000) -> pd.DataFrame:
    """Rates of events per so many people, with the exact 95 percent interval of a Poisson number.

    Returns `value`, `low`, `high` on the same index; NaN where there are no people or a count is absent. Raises ValueError where a number
    of events is negative. Garwood, F. (1936), Biometrika 28: 437-442.

    >>> import geo, pandas
    >>> geo.rates(pandas.Series([30]), pandas.Series([6000])).round(2).values.tolist()
    [[5.0, 3.37, 7.14]]
    """
    if (events < 0).any():
        raise ValueError(f"a negative number of events, at {events.index[events < 0][0]!r}")
    exposure = (people.astype(float) / per).where(people > 0)
    value = ratios.of_counts(events.astype(float), people.astype(float), float(per))
    low, high = indicators.poisson(value, events.astype(float), exposure)
    return pd.DataFrame({"value": value, "low": low.where(value.notna()), "high": high.where(value.notna())})


def compare(after: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """How far figures lie above others, with a 95 percent interval, and whether that stands out of all that are compared.

    after, before: `value`, `low`, `high`, as `shares` and `rates` give them; rows are paired by their index. Returns `change`, `low`,
    `high` in the figures' own unit (percentage points of shares) and `stands_out`: whether the change is more than chance explains when so
    many are looked at, at most 5 percent of those that stand out being false. A figure that only one of the two has gets NaN.

    Newcombe, R. G. (1998), Statistics in Medicine 17: 873-890, method 10; Benjamini, Y. and Hochberg, Y. (1995), JRSS B 57: 289-300.

    >>> import geo, pandas
    >>> counts = pandas.DataFrame({"n": [56, 48], "of": [70, 80]}, index=["later", "earlier"])
    >>> figures = geo.shares(counts["n"], counts["of"])
    >>> later, earlier = (figures.loc[[name]].reset_index(drop=True) for name in ("later", "earlier"))
    >>> geo.compare(later, earlier).round(1).values.tolist()
    [[20.0, 5.2, 33.4, True]]
    """
    pairs = after[list(_ENDS)].merge(before[list(_ENDS)], how="outer", left_index=True, right_index=True, suffixes=("_after", "_before"))
    spans = [differences.apart(_point(row[:3]), _point(row[3:])) for row in pairs.to_numpy(dtype=float)]
    chances = [multiple.chance(span) if np.isfinite(span.ends).all() else float("nan") for span in spans]
    ends = np.array([span.ends for span in spans], dtype=float).reshape(-1, 3)
    return pd.DataFrame(ends, pairs.index, ["change", "low", "high"]).assign(stands_out=multiple.stand_out(chances))


def judge(latest: pd.Series, target: float, *, better: Literal["higher", "lower"] = "higher", over: bool = True) -> str:
    """Whether a figure meets a target, by its interval: the word of a verdict.

    latest: `value`, `low`, `high` of one figure; target: in the same unit. over: whether the deadline is past. Returns "reached" or
    "not_reached" when the whole interval lies on one side of the target, "on_track" or "off_track" before the deadline, and "undecided"
    when it lies on both sides or is not known. Raises ValueError when the figure has no value.

    >>> import geo, pandas
    >>> figure = geo.shares(pandas.Series([240]), pandas.Series([300])).iloc[0]
    >>> geo.judge(figure, 70), geo.judge(figure, 78), geo.judge(figure, 90)
    ('reached', 'undecided', 'not_reached')
    """
    if not np.isfinite(latest["value"]):
        raise ValueError("a figure without a value cannot be held against a target")
    gap = differences.apart(_point(latest[list(_ENDS)].to_numpy(dtype=float)), None, TargetLine(0.0, target))
    good, bad = _sides(gap, up=better == "higher")
    met, missed = (Verdict.REACHED, Verdict.NOT_REACHED) if over else (Verdict.ON_TRACK, Verdict.OFF_TRACK)
    return str((met if good else missed if bad else Verdict.UNDECIDED).value)


def _sides(gap: IntervalEstimate, *, up: bool) -> tuple[bool, bool]:
    """Whether the interval lies wholly on the good side of the target, and whether wholly on the bad one."""
    return (gap.low >= 0, gap.high < 0) if up else (gap.high <= 0, gap.low > 0)


def _point(ends: Sequence[float] | np.ndarray) -> Point:
    value, low, high = (float(end) for end in ends)
    return Point(value, low, high, float("nan"), "published", "", None)


def class_breaks(values: pd.Series, *, decimals: int = 0) -> tuple[float, ...]:
    """The edges between the classes of a map's colours: at most five classes, none narrower than two of the last digit that is shown.

    values: figures that may be shown; NaN is left out. decimals: of the figures as they are shown. An edge belongs to the class above
    it. Returns () where one value, or none, needs no classes.

    >>> import geo, pandas
    >>> geo.class_breaks(pandas.Series([62, 64, 71, 75, 80, 83, 84, 88, 90, 93]))
    (70.0, 78.0, 83.0, 88.0)
    """
    return classify.edges(values.dropna().astype(float), decimals=decimals)


def model_shares(share: pd.Series, n: pd.Series) -> pd.Series:
    """Shares of small areas, each drawn towards the common level by as much as chance can explain: for exploring, never for a verdict.

    share: percent (0-100); n: persons or answers, on the same index. Returns percent; NaN where either is absent, and everywhere when
    fewer than three are known. Marshall, R. J. (1991), Applied Statistics 40: 283-294 (empirical Bayes).

    >>> import geo, pandas
    >>> geo.model_shares(pandas.Series([50.0, 20.0, 22.0, 18.0]), pandas.Series([10, 900, 1000, 800])).round(1).tolist()
    [20.9, 20.1, 21.5, 18.8]
    """
    return smoothing.empirical_bayes(share, n)
