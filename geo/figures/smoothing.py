"""Modelled shares of small areas, for exploring only: each is drawn towards the common level by as much as chance can explain.

Never for a verdict, a colour or a map. They are computed from figures that the reader has already, so they disclose nothing new.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.model import ratios

FEWEST: int = 3
"""With fewer areas than this there is no common level to draw towards."""


def empirical_bayes(share: pd.Series, n: pd.Series) -> pd.Series:
    """Return modelled shares in percent (0-100) on the same index; NaN where share or n is, and everywhere with fewer than FEWEST known.

    share: percent. n: persons or answers. Marshall, R. J. (1991), Applied Statistics 40: 283-294, with the binomial variance of a
    share in place of the Poisson one: with m the pooled share, s2 the weighted variance of the shares around it and A = max(0, s2 -
    m(1 - m) / mean n), a share p becomes m + (p - m) A / (A + m(1 - m) / n).

    >>> import pandas
    >>> empirical_bayes(pandas.Series([50.0, 20.0, 22.0, 18.0]), pandas.Series([10, 900, 1000, 800])).round(1).tolist()
    [20.9, 20.1, 21.5, 18.8]
    """
    p, size = share.to_numpy(dtype=float, na_value=np.nan) / ratios.PERCENT, n.to_numpy(dtype=float, na_value=np.nan)
    known = ~np.isnan(p) & (size > 0)
    if known.sum() < FEWEST:
        return pd.Series(np.nan, index=share.index)
    p, size = p[known], size[known]
    weight = size / size.sum()
    level = float((weight * p).sum())
    chance = level * (1 - level)
    between = max(0.0, float((weight * (p - level) ** 2).sum()) - chance / float(size.mean()))
    noise = chance / size
    drawn = np.divide(between, between + noise, out=np.zeros_like(noise), where=between + noise > 0)
    modelled = np.full(len(share), np.nan)
    modelled[known] = ratios.PERCENT * (level + (p - level) * drawn)
    return pd.Series(modelled, index=share.index)
