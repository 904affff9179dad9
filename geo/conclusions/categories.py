"""How many areas are in a category in each period: by their values, surely (whole interval inside), and possibly (interval touches)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.model.goals import Category
from geo.model.vocabulary import HAS_VALUE, Reason, Status


def count(rows: pd.DataFrame, category: Category) -> pd.DataFrame:
    """Count the areas whose value lies in the category, one row for each period, in the columns of `rows`.

    rows: observations of one indicator and set of areas (OBSERVATION_COLUMNS). value is the number by the values themselves; low is
    the number of areas whose whole interval lies in the category, high that of areas whose interval touches it (NaN when an interval
    is not known). denominator is the number of all areas. The word of the interval is "areas". Where an area has no value, the row
    has none either, and its status is suppressed when the area's value is hidden.
    """
    shown = rows["status"].isin({status.value for status in HAS_VALUE})
    periods = [_period(of_period, shown[of_period.index], category) for _, of_period in rows.groupby("period")]
    return pd.DataFrame(periods, columns=rows.columns)


def _period(rows: pd.DataFrame, shown: pd.Series, category: Category) -> dict[str, object]:
    same: dict[str, object] = {str(name): rows[name].iat[0] for name in rows.columns}
    blank = same | {"area_id": "", "source": "", "locator": "", "note": "", "numerator": np.nan, "n": np.nan}
    if not shown.all():
        hidden = (rows["status"] == Status.SUPPRESSED.value).any()
        status, reason = (Status.SUPPRESSED, Reason.HIDDEN) if hidden else (Status.MISSING, Reason.MISSING_PART)
        unknown = dict.fromkeys(("value", "low", "high", "denominator"), np.nan)
        return blank | unknown | {"status": status.value, "reason": reason.value, "interval": "none"}
    value = int(_inside(rows["value"], category).sum())
    sure, possible = _ends(rows, category)
    return blank | {"value": float(value), "denominator": float(len(rows)), "low": sure, "high": possible, "interval": "areas"}


def _ends(rows: pd.DataFrame, category: Category) -> tuple[float, float]:
    if rows[["low", "high"]].isna().any(axis=None):
        return np.nan, np.nan
    worst, best = (rows["high"], rows["low"]) if category.below is not None else (rows["low"], rows["high"])
    return float(_inside(worst, category).sum()), float(_inside(best, category).sum())


def _inside(values: pd.Series, category: Category) -> pd.Series:
    return values < category.below if category.below is not None else values > category.above
