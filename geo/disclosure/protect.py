"""What a rule hides of the figures, and what must be hidden with it. Nothing reaches an edition except through `protect`.

*Primary*: a count below the threshold, a remainder below the threshold, a population or a number of answers that is too small.
*Complementary*: what must be hidden too, because sums would disclose it. For figures counted in a register that is worked out over
all area sets at once (`Withheld`, from geo.disclosure.complementary). For figures that only a table gives it is not known which areas
add up to which, so everything is hidden that might disclose one. In what is published both have the same reason, so that nobody can
tell them apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from geo.disclosure import uncounted
from geo.errors import CatalogueError, Problem
from geo.model.indicators import Indicator
from geo.model.results import Hidden
from geo.model.rules import Rule, Threshold
from geo.model.vocabulary import Audience, Reason, Status

_HIDDEN_COLUMNS: Final = ["value", "numerator", "denominator", "n", "low", "high"]
KEY: Final = ["indicator", "area_set", "area_id", "period"]

Cell = tuple[str, str, str, str]
"""One figure: indicator, area set, area id, period. Share, counts, interval, rank, class and verdict of it are hidden together."""

COUNTED: Final = uncounted.COUNTED
"""Reasons that protect people who are counted. Readers see the reason PROTECTED for both."""


@dataclass(frozen=True)
class Withheld:
    """What was worked out for one audience over the joint models of registers.

    hidden: figures to hide besides the primary ones. covered: indicator and period of all figures that the models contain. residents:
    how many people a register knows in the area and period of each row of the table, on its index. needless: means over half-years
    that are all shown; the mean can then be worked out and is not published besides.
    """

    hidden: frozenset[Cell] = frozenset()
    covered: frozenset[tuple[str, str]] = frozenset()
    residents: pd.Series | None = None
    needless: frozenset[Cell] = frozenset()


@dataclass(frozen=True)
class Protected:
    """Observations that one audience may read, and how many cells were hidden from it.

    Made by `protect` alone; `geo.editions.edition.write` takes nothing else, so an unprotected table cannot be published by mistake.
    why: the number of cells by indicator, area set and true reason ("complementary" too); it is never published.
    """

    audience: Audience
    table: pd.DataFrame
    hidden: tuple[Hidden, ...]
    why: Mapping[tuple[str, str, str], int] = field(default_factory=dict)


def threshold(indicator: Indicator, rules: Sequence[Rule], audience: Audience) -> Threshold:
    """Return the limits of an indicator's rule for an audience. Raises CatalogueError when the rule says nothing of that audience."""
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


def primary(
    table: pd.DataFrame, *, indicators: Sequence[Indicator], rules: Sequence[Rule], audience: Audience, residents: pd.Series | None = None
) -> pd.Series:
    """Return why a rule hides each row of the table by itself: a word of Reason, "" where it does not. On the table's index.

    table: OBSERVATION_COLUMNS. residents: how many people a register knows in the row's area and period, NaN where none does. A count
    that is absent never triggers a rule, because there is nothing to hide. Raises CatalogueError when a rule says nothing of the
    audience.
    """
    table = uncounted.completed(table, indicators)
    reasons = pd.Series("", index=table.index, dtype=object)
    known = residents if residents is not None else pd.Series(np.nan, index=table.index)
    for indicator in indicators:
        rows = table["indicator"] == indicator.id
        if rows.any():
            limits = threshold(indicator, rules, audience)
            reasons[rows] = _reasons(table[rows], known[rows], limits, zero=indicator.hide_zero)
            if indicator.register and limits.min_denominator:
                # Nobody at all is a small group too: a group that is shown to be empty narrows the counts of the areas around it.
                reasons[rows & (table["reason"] == Reason.SOURCE_BLANK.value) & (reasons == "")] = Reason.SMALL_GROUP.value
    return reasons


def protect(
    table: pd.DataFrame,
    *,
    indicators: Sequence[Indicator],
    rules: Sequence[Rule],
    audience: Audience,
    withheld: Withheld | None = None,
) -> Protected:
    """Hide the figures that the rules hide from this audience, and those that would disclose them.

    table: OBSERVATION_COLUMNS. Value, numerator, denominator, n and interval are hidden together: a hidden cell has none of them.
    Figures that `withheld` does not cover are protected without a model (`geo.disclosure.uncounted`). Raises CatalogueError when a
    rule says nothing of the audience.
    """
    closed = withheld or Withheld()
    reasons = primary(table, indicators=indicators, rules=rules, audience=audience, residents=closed.residents)
    limits = {indicator.id: threshold(indicator, rules, audience) for indicator in indicators}
    people = _with_counts(limits)
    answers = {name: limit.min_answers for name, limit in limits.items()}
    tied = {indicator.id: indicator.same_as or indicator.id for indicator in indicators if indicator.id in people}
    of_tables = uncounted.besides(table, reasons, covered=closed.covered, people=tied, answers=answers)
    also = _among(table, closed.hidden) | (of_tables & table["value"].notna())
    why = reasons.mask((reasons == "") & also, "complementary")
    needless = _among(table, closed.needless)
    why = why.mask(needless, "")
    counted = {indicator.id for indicator in indicators if indicator.register is not None}
    same = {indicator.id: indicator.same_as for indicator in indicators if indicator.same_as in counted}
    why = why.mask((why == "") & uncounted.beside_registers(table, why != "", same=same), "complementary")
    hide = why != ""
    of_people = table["indicator"].isin(people)
    read_as = pd.Series(np.where(of_people, Reason.PROTECTED.value, Reason.FEW_ANSWERS.value), index=table.index)
    shown = table.copy()
    shown.loc[hide | needless, _HIDDEN_COLUMNS] = np.nan
    shown.loc[hide | needless, "interval"] = "none"
    shown.loc[needless, ["status", "reason"]] = [Status.NOT_MEASURED.value, Reason.HALF_YEARS.value]
    shown.loc[hide, "status"] = Status.SUPPRESSED.value
    shown.loc[hide, "reason"] = read_as[hide]
    return Protected(audience, shown, count_hidden(shown), _why(table[hide].assign(reason=why[hide])))


def _reasons(rows: pd.DataFrame, residents: pd.Series, limits: Threshold, *, zero: bool) -> pd.Series:
    rest = rows["denominator"] - rows["numerator"]
    few = _between(rows["numerator"], limits.min_count, zero=zero) | _between(rest, limits.min_count, zero=zero)
    small = (rows["denominator"] < limits.min_denominator) | ((residents < limits.min_residents) & rows["denominator"].notna())
    answers = rows["n"] < limits.min_answers
    reason = np.select([answers, small, few], [Reason.FEW_ANSWERS.value, Reason.SMALL_GROUP.value, Reason.FEW.value], default="")
    return pd.Series(reason, index=rows.index)


def _between(counts: pd.Series, limit: int, *, zero: bool) -> pd.Series:
    more = counts >= 0 if zero and limit else counts > 0  # a mean may be of less than one person
    return more & (counts < limit)


def _with_counts(limits: Mapping[str, Threshold]) -> set[str]:
    """Indicators whose rule protects people who are counted. For the others only the number of answers can be too small."""
    return {name for name, limit in limits.items() if limit.min_count or limit.min_denominator or limit.min_residents}


def _among(table: pd.DataFrame, figures: frozenset[Cell]) -> pd.Series:
    rows = pd.MultiIndex.from_frame(table[KEY])
    chosen = pd.MultiIndex.from_tuples(sorted(figures), names=KEY) if figures else rows[:0]
    return pd.Series(rows.isin(chosen), index=table.index, dtype=bool)


def count_hidden(table: pd.DataFrame) -> tuple[Hidden, ...]:
    """Return how many figures are hidden, by indicator, area set and the reason that readers see. table: OBSERVATION_COLUMNS."""
    rows = table[table["status"] == Status.SUPPRESSED.value]
    cells = rows.groupby(["indicator", "area_set", "reason"], as_index=False).size()
    return tuple(
        Hidden(indicator=str(row["indicator"]), area_set=str(row["area_set"]), reason=Reason(row["reason"]), cells=int(row["size"]))
        for row in cells.to_dict("records")
    )


def _why(rows: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    return dict(Counter(zip(rows["indicator"], rows["area_set"], rows["reason"], strict=True)))
