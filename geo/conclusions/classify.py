"""Class breaks: first the limits that policy sets, then quantiles of what the reader may see; the same breaks for all periods."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from geo.model.indicators import Indicator
from geo.model.results import Breaks
from geo.model.rounding import half_up

CLASSES: Final = 5
"""At most five classes: more shades cannot be told apart on a map."""

FEWEST: Final = 4
"""At least four classes, where the values are spread widely enough."""

NARROWEST: Final = 2
"""The least width of a class, in units of the last digit that is shown: "89 to under 90" would be a number and not a class."""


def breaks(table: pd.DataFrame, indicators: Sequence[Indicator]) -> dict[str, Breaks]:
    """Compute the class breaks of every indicator that has values in several areas, by indicator.

    table: protected observations of one audience (OBSERVATION_COLUMNS). A break made from a hidden value would disclose it, so only
    what the audience reads is used. All periods and area sets of an indicator are taken together, so that a colour means the same
    everywhere.
    """
    made = {indicator.id: _breaks(table.loc[table["indicator"] == indicator.id, "value"].dropna(), indicator) for indicator in indicators}
    return {name: scheme for name, scheme in made.items() if scheme is not None}


def class_of(breaks: Breaks, value: float) -> int:
    """Return the number of the class that `value` falls in, counted from 0; a value on an edge belongs to the class above it.

    >>> class_of(Breaks(indicator="safe", edges=(70.0, 80.0)), 80.0)
    2
    """
    return bisect.bisect_right(breaks.edges, value)


def spans(breaks: Breaks, low: float, high: float) -> bool:
    """Return whether an interval reaches into more than one class, so that the true colour may be another."""
    return not (math.isnan(low) or math.isnan(high)) and class_of(breaks, low) != class_of(breaks, high)


def _breaks(values: pd.Series, indicator: Indicator) -> Breaks | None:
    if values.nunique() < 2:  # one value needs no classes
        return None
    policy = tuple(sorted((b for b in indicator.policy_breaks if values.min() < b.value <= values.max()), key=lambda b: b.value))[
        : CLASSES - 1
    ]
    chosen = edges(values, decimals=indicator.decimals, limits=[b.value for b in policy])
    return Breaks(indicator=indicator.id, edges=chosen, policy=policy) if chosen else None


def edges(values: pd.Series, *, decimals: int, limits: Sequence[float] = ()) -> tuple[float, ...]:
    """Return the edges between classes, in order: the given limits first, then quantiles of the values, rounded as they are shown.

    values: figures without NaN. limits: at most CLASSES - 1. Returns () where fewer than two values differ, or where no rounded
    quantile separates them.

    >>> import pandas
    >>> edges(pandas.Series([62, 64, 71, 75, 80, 83, 84, 88, 90, 93]), decimals=0, limits=[85])
    (70.0, 78.0, 83.0, 85.0)
    """
    if values.nunique() < 2:
        return ()
    chosen = set(limits)
    least = NARROWEST * 10.0**-decimals
    order = _FEW if len(values) < CLASSES * 2 else _MANY
    for most, quantiles in ((CLASSES, order), (FEWEST, _SPARE)):
        for edge in _quantile_edges(values, quantiles, decimals):
            if len(chosen) < most - 1 and all(abs(edge - other) > least - 1e-9 for other in chosen):
                chosen.add(edge)
    return tuple(sorted(chosen))


_FEW: Final = (0.5, 0.25, 0.75)
_MANY: Final = (0.4, 0.6, 0.2, 0.8)
_SPARE: Final = (0.5, 0.9, 0.1, 0.7, 0.3, 0.95, 0.05)
"""Quantiles that are tried in this order where rounding or a limit of policy has taken others; the middle ones say the most."""


def _quantile_edges(values: pd.Series, quantiles: Sequence[float], decimals: int) -> list[float]:
    """Rounded quantiles strictly inside the range."""
    rounded = [float(half_up(float(np.quantile(values, q)), decimals)) for q in quantiles]
    return [edge for edge in dict.fromkeys(rounded) if values.min() < edge <= values.max()]
