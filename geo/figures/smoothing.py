"""Modelled shares of small areas, for exploring only: each drawn towards the common level by as much as chance can explain.

Never for a verdict, a colour or a map. Computed from figures that the reader has already, so that it tells nothing new of anybody.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.model import ratios

FEWEST: int = 3
"""Areas without which there is no common level to draw towards."""


def empirical_bayes(share: pd.Series, n: pd.Series) -> pd.Series:
    """Return modelled shares in percent (0-100) on the same index; NaN where share or n is, and for all when fewer than FEWEST are known.

    share: percent; n: persons or answers. Marshall, R. J. (1991), Applied Statistics 40: 283-294, with the binomial variance of a
    share in place of the Poisson one: with m the pooled share, s2 the weighted variance of the shares around it and
    A = max(0, s2 - m(1 - m) / mean n), a share p becomes m + (p - m) A / (A + m(1 - m) / n).
    """
    p, size = share.astype(float) / ratios.PERCENT, n.astype(float).where(n > 0)
    known = p.notna() & size.notna()
    if known.sum() < FEWEST:
        return pd.Series(np.nan, index=share.index)
    weight = size[known] / size[known].sum()
    level = float((weight * p[known]).sum())
    chance = level * (1 - level)
    between = max(0.0, float((weight * (p[known] - level) ** 2).sum()) - chance / float(size[known].mean()))
    noise = chance / size
    drawn = (between / (between + noise)).where(between + noise > 0, 0.0)
    return (ratios.PERCENT * (level + (p - level) * drawn)).where(known)
