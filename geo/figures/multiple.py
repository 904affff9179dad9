"""Many areas tested at once: which of them stand out when the number of tests is taken into account, and how many falsely.

Of a hundred areas in which nothing has changed, five have a 95 percent interval of the change that leaves out zero. A list of areas
that stand out therefore controls the false discovery rate at five percent: Benjamini, Y. and Hochberg, Y. (1995), Journal of the
Royal Statistical Society B 57: 289-300. An answer about one area alone keeps its own interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from geo.figures.differences import ALPHA, IntervalEstimate

RATE: Final = 0.05
"""The expected share of false ones among those that stand out, at most."""

_Z: Final = NormalDist().inv_cdf(1 - ALPHA / 2)


@dataclass(frozen=True)
class Control:
    """What can be said of a list of differences as a whole.

    tested: differences whose doubt is known and comes from chance. alone: how many of them have an interval of their own that leaves
    out zero. told: how many stand out when all are taken together.
    """

    tested: int
    alone: int
    told: int

    @property
    def by_chance(self) -> float:
        """How many intervals would leave out zero by chance alone if nothing differed anywhere."""
        return ALPHA * self.tested

    @property
    def false(self) -> float:
        """How many of those that stand out must be expected to be false, at most."""
        return RATE * self.told


def chance(span: IntervalEstimate) -> float:
    """Return how easily chance alone gives a difference this large: a p-value (0-1) that agrees with the 95 percent interval.

    The standard error is computed from the end of the interval that is nearer to zero, in the way in which the interval combines two
    figures (Zou, G. Y. and Donner, A. (2008), Statistics in Medicine 27: 1693-1702). So p < 0.05 exactly where the interval leaves
    out zero. NaN where an end is not known, and where there is no chance at all, as between two full counts.
    """
    if math.isnan(span.low) or math.isnan(span.high) or span.low == span.high:
        return math.nan
    reach = span.value - span.low if span.value > 0 else span.high - span.value
    if span.value == 0:
        return 1.0
    return math.erfc(_Z * abs(span.value) / reach / math.sqrt(2)) if reach > 0 else 0.0


def stand_out(chances: Sequence[float]) -> list[bool]:
    """Return which of some p-values stand out of all of them together (Benjamini and Hochberg 1995).

    chances: p-values, NaN where nothing is tested; NaN never stands out. What does not stand out by itself (p < 0.05) does not here
    either.

    >>> stand_out([0.001, 0.03, 0.2, 0.4, float("nan")])
    [True, False, False, False, False]
    """
    from statsmodels.stats.multitest import multipletests  # noqa: PLC0415  a third of what loading this program costs

    probabilities = np.asarray(chances, dtype=float)
    tested = ~np.isnan(probabilities)
    significant = np.zeros(len(probabilities), dtype=bool)
    if tested.any():
        significant[tested] = multipletests(probabilities[tested], alpha=RATE, method="fdr_bh")[0]
    return [bool(differs) for differs in significant & (probabilities < ALPHA)]


def false_no(tests: int) -> float:
    """Return how often (0-1), at most, one of some independent tests lies on the wrong side by chance alone, when nothing has changed.

    Half of the intervals that leave out zero by chance lie on the side that is no.

    >>> round(false_no(1), 4), round(false_no(3), 4)
    (0.025, 0.0731)
    """
    return 1 - (1 - ALPHA / 2) ** tests


def control(chances: Sequence[float]) -> Control:
    """Count the differences that are tested, that would stand out alone, and that stand out of all.

    chances: p-values, NaN where nothing is tested.
    """
    tested = [probability for probability in chances if not math.isnan(probability)]
    return Control(len(tested), sum(probability < ALPHA for probability in tested), sum(stand_out(tested)))
