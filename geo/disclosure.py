"""The gate: what an audience may read of the figures. Nothing reaches an edition but through `protect`.

Primary suppression only: a count below the threshold, its complement below the threshold, a population or a number of answers
that is too small. What can be solved for from totals (complementary suppression) is not yet closed; docs/method.md says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.errors import CatalogueError, Problem
from geo.model import Indicator, Rule, Threshold
from geo.results import Hidden
from geo.words import Audience, Reason, Status

_HIDDEN_COLUMNS = ["value", "numerator", "denominator", "n", "low", "high"]


@dataclass(frozen=True)
class Protected:
    """Observations that one audience may read, and how many cells were hidden from it.

    Made by `protect` alone; `geo.edition.write` takes nothing else, so an unprotected table cannot be published by mistake.
    """

    audience: Audience
    table: pd.DataFrame
    hidden: tuple[Hidden, ...]


def protect(table: pd.DataFrame, *, indicators: Sequence[Indicator], rules: Sequence[Rule], audience: Audience) -> Protected:
    """Hide every cell that falls under the thresholds of its indicator's rule for this audience.

    table: OBSERVATION_COLUMNS. Value, numerator, denominator, n and interval go together: a hidden cell has none of them.
    Raises CatalogueError when a rule says nothing about the audience: silence is not permission.
    """
    reasons = pd.Series("", index=table.index, dtype=object)
    for indicator in indicators:
        rows = table["indicator"] == indicator.id
        if rows.any():
            reasons[rows] = _reasons(table[rows], _threshold(indicator, rules, audience))
    hide = reasons != ""
    shown = table.copy()
    shown.loc[hide, _HIDDEN_COLUMNS] = np.nan
    shown.loc[hide, "interval"] = "none"
    shown.loc[hide, "status"] = Status.SUPPRESSED.value
    shown.loc[hide, "reason"] = reasons[hide]
    return Protected(audience, shown, _hidden(table[hide].assign(reason=reasons[hide])))


def _threshold(indicator: Indicator, rules: Sequence[Rule], audience: Audience) -> Threshold:
    thresholds: Mapping[Audience, Threshold] = next((rule.thresholds for rule in rules if rule.id == indicator.rule), {})
    if audience not in thresholds:
        raise CatalogueError(
            Problem(
                "disclosure.toml",
                f"no threshold for the audience {audience.value} of the indicator {indicator.id}",
                found=f"rule {indicator.rule!r}",
            )
        )
    return thresholds[audience]


def _reasons(rows: pd.DataFrame, threshold: Threshold) -> pd.Series:
    """Why each row is hidden, "" where it is not. Absent counts never trigger a rule: there is nothing to hide."""
    rest = rows["denominator"] - rows["numerator"]
    few = _between(rows["numerator"], threshold.min_count) | _between(rest, threshold.min_count)
    small = rows["denominator"] < threshold.min_denominator
    answers = rows["n"] < threshold.min_answers
    reason = np.select([answers, small, few], [Reason.FEW_ANSWERS.value, Reason.SMALL_GROUP.value, Reason.FEW.value], default="")
    return pd.Series(reason, index=rows.index)


def _between(counts: pd.Series, limit: int) -> pd.Series:
    return (counts > 0) & (counts < limit)


def _hidden(rows: pd.DataFrame) -> tuple[Hidden, ...]:
    cells = rows.groupby(["indicator", "area_set", "reason"], as_index=False).size()
    return tuple(
        Hidden(indicator=str(row["indicator"]), area_set=str(row["area_set"]), reason=Reason(row["reason"]), cells=int(row["size"]))
        for row in cells.to_dict("records")
    )
