"""How far apart two figures are, and how sure that is: the interval of a difference, and the exact interval of a ratio of rates."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.model.vocabulary import Period

ALPHA: Final = 0.05
_DECIMALS: Final = 9
"""Ends are rounded to so many decimals: what is equal on paper (49.5 less 10 percent, 44.55) is then equal in binary arithmetic too."""


@dataclass(frozen=True)
class Point:
    """One value in time with its 95 percent interval, in the indicator's unit.

    n: the number of answers or persons that a share rests on. events, exposure: what a rate is made of (exposure in units of its
    `per`). All are NaN when not known. A value without a date has no period. stated: the value is one that the policy states; as the
    number to start from it is exact, as a measurement it is not.
    """

    value: float
    low: float
    high: float
    n: float
    interval: str
    definition: str
    period: Period | None
    events: float = float("nan")
    exposure: float = float("nan")
    stated: bool = False


@dataclass(frozen=True)
class IntervalEstimate:
    """A value with the ends of its 95 percent interval, NaN where not known."""

    value: float
    low: float
    high: float

    @property
    def ends(self) -> tuple[float, float, float]:
        """The value, then the lower and the upper end of its interval."""
        return self.value, self.low, self.high


@dataclass(frozen=True)
class TargetLine:
    """What is asked for, given a baseline: factor * baseline + offset. A fixed level has the factor 0 and needs no baseline."""

    factor: float
    offset: float

    def of(self, before: Point | None) -> float:
        """Return the value that is asked for, in the indicator's unit; NaN when it depends on a baseline and there is none."""
        if before is None:
            return self.offset if self.factor == 0 else np.nan
        return round(self.factor * before.value + self.offset, _DECIMALS)


_HARD: Final = frozenset({"areas", "bounds"})
"""Intervals whose ends are no chances."""

SAME: Final = TargetLine(1.0, 0.0)
"""As much as at the baseline: the distance from it is the change."""


def apart(after: Point, before: Point | None, line: TargetLine = SAME) -> IntervalEstimate:
    """Return how far `after` lies above what `line` asks for from `before`, with a 95 percent interval in the indicator's unit.

    The ends combine both figures' own distances to their ends: Newcombe, R. G. (1998), Statistics in Medicine 17: 873-890, method 10,
    for shares with Wilson's interval; Zou, G. Y. and Donner, A. (2008), Statistics in Medicine 27: 1693-1702 ("MOVER") for any
    interval and for a multiple of the baseline. The ends of numbers of areas ("surely" and "possibly") and of apportioned figures ("at
    least" and "at most") are certain, so they are added and not squared. A line with the factor 0 has no doubt of its own. An end of
    the result is NaN where an end of a figure is.

    >>> before = Point(70.0, 64.0, 75.0, 250, "wilson", "v1", None)
    >>> after = Point(75.0, 70.0, 79.0, 300, "wilson", "v1", None)
    >>> [round(end, 1) for end in apart(after, before).ends]
    [5.0, -2.1, 12.2]
    """
    value = after.value - line.of(before)
    down, up = after.value - after.low, after.high - after.value
    below, above = (0.0, 0.0) if before is None or line.factor == 0 else (before.value - before.low, before.high - before.value)
    hard = after.interval in _HARD or (before is not None and before.interval in _HARD)
    joined = operator.add if hard else np.hypot
    low, high = value - joined(down, line.factor * above), value + joined(up, line.factor * below)
    return IntervalEstimate(round(float(value), _DECIMALS), round(float(low), _DECIMALS), round(float(high), _DECIMALS))


def ratio(after: Point, before: Point | None) -> IntervalEstimate | None:
    """Return how many times the rate of `before` the rate of `after` is, with its exact 95 percent interval; None without known counts.

    Given the number of events of both periods together, the number of later ones is binomial. The interval of that share is Clopper
    and Pearson's, and the exposures turn it into a ratio. Przyborowski, J. and Wilenski, H. (1940), Biometrika 31: 313-323.

    >>> before = Point(10.0, 7.6, 12.9, 6000, "poisson", "v1", None, events=60, exposure=6.0)
    >>> after = Point(5.0, 3.4, 7.1, 6000, "poisson", "v1", None, events=30, exposure=6.0)
    >>> [round(end, 2) for end in ratio(after, before).ends]
    [0.5, 0.31, 0.79]
    """
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415  a third of what loading this program costs

    if before is None or np.isnan([after.events, after.exposure, before.events, before.exposure]).any():
        return None
    total = after.events + before.events
    if total == 0:
        return None
    exposed = before.exposure / after.exposure
    low, high = proportion_confint(after.events, total, alpha=ALPHA, method="beta")
    return IntervalEstimate(_odds(after.events / total) * exposed, _odds(float(low)) * exposed, _odds(float(high)) * exposed)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else np.inf
