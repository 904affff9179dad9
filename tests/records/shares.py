"""Shares with their intervals, as hypothesis draws them."""

from __future__ import annotations

from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from geo.figures.differences import Point

NAN = float("nan")
SHARES = st.tuples(st.integers(0, 400), st.integers(1, 400)).map(lambda pair: share(pair[0], pair[0] + pair[1]))


def share(k: float, n: float) -> Point:
    low, high = proportion_confint(k, n, method="wilson")
    return Point(100 * k / n, 100 * low, 100 * high, n, "wilson", "1", None)
