"""Noise by cell keys: counts are changed a little, and the same people are changed by the same amount wherever they are counted.

A count's key is the sum of its people's record keys (geo.registers.keys). The key chooses from a perturbation table what is added.
That is zero on average and has the variance that is asked for; it never makes a count negative, never gives a count from 1 to `least`
- 1, and adds nothing to a count of nobody. Fraser, B. and Wooton, J. (2005); Marley, J. and Leaver, V. (2011); Giessing, S. (2016).
See docs/decisions/cell-key.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize

from geo.model.indicators import Indicator, Noise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Z: Final = 1.959963984540054
"""Half the width of a 95 percent interval, in standard deviations."""

_DRAWS: Final = 1 << 64


@dataclass(frozen=True)
class Table:
    """A perturbation table. Row i is for the count i, the last row for all larger counts; column j adds j - most.

    chances: probabilities, shape (counts, 2 * most + 1); each row sums to 1. variance: shape (counts,), in persons squared.
    """

    chances: Floats
    variance: Floats

    @property
    def most(self) -> int:
        """The largest change, in persons."""
        return int(self.chances.shape[1]) // 2

    def added(self, counts: Ints, drawn: Floats) -> Ints:
        """Return what is added to each of the counts, in persons.

        counts: whole persons, any shape. drawn: numbers from 0 up to 1 of the same shape, as the counts' keys give them.
        """
        row = np.minimum(counts, len(self.chances) - 1)
        ends = np.cumsum(self.chances, axis=1)[:, :-1]
        return np.asarray((drawn[:, None] >= ends[row]).sum(axis=1) - self.most, dtype=np.int64)

    def doubt(self, shown: Ints) -> Floats:
        """Return the variance of shown counts, in persons squared: the largest of all counts that may be shown as this number.

        shown: counts after the noise, any shape; the result has the same shape.
        """
        top = len(self.variance) - 1
        near = np.arange(-self.most, self.most + 1)
        return np.asarray(self.variance[np.clip(shown[:, None] + near, 0, top)].max(axis=1))


@cache
def table(noise: Noise) -> Table:
    """Return the perturbation table of a noise: in each row the distribution of largest entropy with mean 0 and the variance asked for.

    Near zero not every variance is possible, because a count must not become small or negative; the smallest possible one is taken
    there.
    """
    change = np.arange(-noise.most, noise.most + 1)
    rows = [_row(count, change, noise) for count in range(noise.most + max(1, noise.least) + 1)]
    chances = np.array(rows)
    return Table(chances, chances @ change.astype(float) ** 2)


def _row(count: int, change: Ints, noise: Noise) -> Floats:
    after = count + change
    open_ = (after == 0) | (after >= max(1, noise.least)) if count else change == 0
    chances = np.zeros(len(change))
    chances[open_] = _of_largest_entropy(change[open_].astype(float), noise.variance)
    return chances


def _of_largest_entropy(change: Floats, variance: float) -> Floats:
    """Probabilities of changes with mean 0 and a variance, or the nearest one that is possible: p ~ exp(a * change + b * change^2)."""
    down, up = change[change <= 0].max(), change[change >= 0].min()
    lowest, highest = -down * up, -change.min() * change.max()
    if not lowest < variance < highest or len(change) < 3:
        ends = (down, up) if variance <= lowest else (change.min(), change.max())
        return _two_points(change, *ends)
    moments = np.stack([change, change**2 - variance])

    def surprise(way: Floats) -> tuple[float, Floats]:
        weights = way @ moments
        top = weights.max()
        chances = np.exp(weights - top)
        return float(np.log(chances.sum()) + top), moments @ (chances / chances.sum())

    solved = optimize.minimize(surprise, np.zeros(2), jac=True, method="BFGS", options={"gtol": 1e-11})
    mean, way = solved.x @ moments, solved.x
    for _ in range(8):  # Newton's method removes the remaining error
        chances = np.exp(mean - mean.max())
        chances /= chances.sum()
        left = moments @ chances
        spread = (moments * chances) @ moments.T - np.outer(left, left)
        way = way - np.linalg.lstsq(spread, left, rcond=None)[0]
        mean = way @ moments
    chances = np.exp(mean - mean.max())
    return np.asarray(chances / chances.sum())


def _two_points(change: Floats, down: float, up: float) -> Floats:
    chances = np.zeros(len(change))
    chances[change == down] = 1.0 if up == down else up / (up - down)
    chances[change == up] = 1.0 if up == down else -down / (up - down)
    return chances


# --- figures ----------------------------------------------------------------------------------------------------------


def perturbed(counts: pd.DataFrame, keys: pd.DataFrame, *, indicators: Sequence[Indicator], seed: str) -> pd.DataFrame:
    """Return counts with the noise of their indicators; the counts of indicators without noise are unchanged.

    counts: the columns of geo.registers.cube.COUNTS, in persons. keys: the same rows on the same index, with the keys of the counts
    in place of the counts. seed: of the workspace. A numerator that would become larger than its denominator is set equal to it.
    """
    noisy = counts.copy()
    for indicator in indicators:
        if indicator.noise is None:
            continue
        rows = counts.index[counts["indicator"] == indicator.id]
        for side in ("numerator", "denominator"):
            exact = counts.loc[rows, side].to_numpy(dtype=np.int64)
            drawn = draws(keys.loc[rows, side].to_numpy(dtype=np.int64), seed=seed)
            noisy.loc[rows, side] = exact + table(indicator.noise).added(exact, drawn)
    noisy["numerator"] = np.minimum(noisy["numerator"], noisy["denominator"])
    return noisy


def draws(keys: Ints, *, seed: str) -> Floats:
    """Return a number from 0 up to 1 for each of the keys. Without the seed nobody can predict it, or relate the numbers of two keys."""
    secret = bytes.fromhex(seed)
    each, place = np.unique(keys, return_inverse=True)
    made = [int.from_bytes(blake2b(key.to_bytes(8, "big"), key=secret, digest_size=8).digest(), "big") for key in each.tolist()]
    return np.array([number / _DRAWS for number in made])[place.ravel()]


def deviation(noise: Noise, numerator: Floats, denominator: Floats) -> Floats:
    """Return the standard deviation that noise on both counts gives a share, in percent (0-100), to the first order.

    numerator, denominator: shown counts of persons, shape (figures,).
    """
    known = np.isfinite(numerator) & np.isfinite(denominator) & (denominator > 0)
    top, bottom = (np.where(known, part, 1.0) for part in (numerator, denominator))
    of_top, of_bottom = (table(noise).doubt(part.astype(np.int64)) for part in (top, bottom))
    spread = np.sqrt(of_top + (top / bottom) ** 2 * of_bottom) / bottom
    return np.where(known, 100 * spread, np.nan)
