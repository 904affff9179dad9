"""The one place where counts become a share or a rate, and a share becomes counts again.

value = scale * numerator / denominator, where the scale belongs to the indicator (`Indicator.scale`): 100 of a share, which is in
percent, and its `per` of a rate. Whoever adds areas up adds their counts and asks here; shares are never averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from geo.model.indicators import Indicator

PERCENT: Final = 100
"""The scale of every share."""


def of_counts(numerator: pd.Series, denominator: pd.Series, scale: pd.Series | float) -> pd.Series:
    """The share or rate that counts are: scale * numerator / denominator; NaN where a count is absent or the denominator is zero.

    The product is taken first: it is exact for whole counts, so that the value is the nearest number there is to the true one.
    """
    whole = denominator.astype(float)
    return scale * numerator.astype(float) / whole.where(whole != 0)


def parts(value: pd.Series, n: pd.Series, scale: float = PERCENT) -> pd.Series:
    """How many of n a share is, not rounded: value * n / scale."""
    return value * n / scale


def scales(ids: pd.Series, indicators: Sequence[Indicator]) -> pd.Series:
    """The scale of each row's indicator, on the same index; NaN for one that is no share and no rate: no counts make its value."""
    known: Mapping[str, float] = {indicator.id: np.nan if indicator.scale is None else float(indicator.scale) for indicator in indicators}
    return ids.map(known).astype(float)
