"""The only module that turns counts into a share or a rate, and a share back into counts.

value = scale * numerator / denominator. The scale belongs to the indicator (`Indicator.scale`): 100 for a share, which is in percent,
and `per` for a rate. Areas are added up by adding their counts and dividing here; shares are never averaged.
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
    """Return the shares or rates that counts make: scale * numerator / denominator, on the same index.

    numerator, denominator: persons or events. scale: 100 for percent, or `per` of a rate; one number, or one for each row. The result
    is NaN where a count is absent or the denominator is zero. The product is taken first, because it is exact for whole counts; the
    result is then the floating point number nearest to the true value.

    >>> import pandas
    >>> of_counts(pandas.Series([30, 1]), pandas.Series([120, 0]), PERCENT).tolist()
    [25.0, nan]
    """
    whole = denominator.astype(float)
    return scale * numerator.astype(float) / whole.where(whole != 0)


def parts(value: pd.Series, n: pd.Series, scale: float = PERCENT) -> pd.Series:
    """Return how many of `n` persons or answers a share stands for, not rounded: value * n / scale, on the same index.

    value: shares in percent, or rates per `scale`. NaN where value or n is absent.
    """
    return value * n / scale


def scales(ids: pd.Series, indicators: Sequence[Indicator]) -> pd.Series:
    """Return the scale of each row's indicator, on the index of `ids`: what numerator / denominator is multiplied by.

    ids: the id of each row's indicator. NaN where the indicator is neither a share nor a rate, because its value is not made of
    counts.
    """
    known: Mapping[str, float] = {indicator.id: np.nan if indicator.scale is None else float(indicator.scale) for indicator in indicators}
    return ids.map(known).astype(float)
