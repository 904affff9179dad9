"""Many areas asked at once: which of them stand out when their number is taken into account, and how many false ones to expect.

Of a hundred areas in which nothing has changed, five have a 95 percent interval of the change that leaves out zero. A list of those that
stand out is held to a false discovery rate of five percent instead: Benjamini, Y. and Hochberg, Y. (1995), Journal of the Royal
Statistical Society B 57: 289-300. An answer about one area alone keeps its own interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from statsmodels.stats.multitest import multipletests

from geo.figures.differences import ALPHA, IntervalEstimate

RATE: Final = 0.05
"""The share of false ones among those that stand out which may be expected, at most."""

_Z: Final = NormalDist().inv_cdf(1 - ALPHA / 2)


@dataclass(frozen=True)
class Control:
    """What can be said of a list as a whole.

    tested: differences whose doubt is known and comes from chance. alone: how many of them have an interval of their own that leaves out
    zero. told: how many stand out when all are taken together.
    """

    tested: int
    alone: int
    told: int

    @property
    def by_chance(self) -> float:
        """How many would have an interval that leaves out zero by chance alone, if nothing differed anywhere."""
        return ALPHA * self.tested

    @property
    def false(self) -> float:
        """How many of those that stand out one must expect to be false, at most."""
        return RATE * self.told


def chance(span: IntervalEstimate) -> float:
    """How easily chance alone gives a difference this large: a p-value (0-1) that agrees with the 95 percent interval.

    The standard error is recovered from the end towards zero, as the interval's own way of joining two figures does it (Zou, G. Y. and
    Donner, A. (2008), Statistics in Medicine 27: 1693-1702), so p < 0.05 exactly where the interval leaves out zero. NaN where an end
    is not known, and where there is no chance: two full counts differ or do not.
    """
    if math.isnan(span.low) or math.isnan(span.high) or span.low == span.high:
        return math.nan
    reach = span.value - span.low if span.value > 0 else span.high - span.value
    if span.value == 0:
        return 1.0
    return math.erfc(_Z * abs(span.value) / reach / math.sqrt(2)) if reach > 0 else 0.0


def stand_out(chances: Sequence[float]) -> list[bool]:
    """Which of the p-values stand out of all of them (Benjamini-Hochberg). NaN is not tested and does not. No more than alone do."""
    probabilities = np.asarray(chances, dtype=float)
    tested = ~np.isnan(probabilities)
    told = np.zeros(len(probabilities), dtype=bool)
    if tested.any():
        told[tested] = multipletests(probabilities[tested], alpha=RATE, method="fdr_bh")[0]
    return [bool(differs) for differs in told & (probabilities < ALPHA)]


def control(chances: Sequence[float]) -> Control:
    """Count what is tested, what would stand out alone, and what stands out of all. chances: p-values, NaN where nothing is tested."""
    tested = [probability for probability in chances if not math.isnan(probability)]
    return Control(len(tested), sum(probability < ALPHA for probability in tested), sum(stand_out(tested)))
