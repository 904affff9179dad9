"""Figures that only a table gives: the people behind them are not known here, so whatever might disclose a hidden one is hidden too.

A table may give a share and its denominator, but no count: whoever multiplies has the count, so the rule is applied to it. A table
may give all, women and men: whoever subtracts has the third, so figures that add up wherever all are known are protected together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.model.indicators import Indicator
from geo.model.vocabulary import Reason

COUNTED: Final = frozenset({Reason.FEW.value, Reason.SMALL_GROUP.value})
"""Reasons that protect people who are counted."""

_ENOUGH_ROWS: Final = 3
"""In how many areas and periods counts must add up before they are taken to be parts of each other."""

_PLACE: Final = ["area_set", "area_id", "period"]


def completed(table: pd.DataFrame, indicators: Sequence[Indicator]) -> pd.DataFrame:
    """Return the table with every count that follows from two others: numerator = value * denominator / per, rounded to whole persons.

    table: OBSERVATION_COLUMNS. The result is for applying the rule only; nothing of it is published.
    """
    per = table["indicator"].map({indicator.id: float(indicator.per) for indicator in indicators if indicator.kind in {"share", "rate"}})
    per = per.where(~(per == 0)).astype(float)
    top = (table["value"] * table["denominator"] / per).round()
    bottom = (per * table["numerator"] / table["value"].where(table["value"] > 0)).round()
    return table.assign(numerator=table["numerator"].fillna(top), denominator=table["denominator"].fillna(bottom))


def besides(
    table: pd.DataFrame, reasons: pd.Series, *, covered: Collection[tuple[str, str]], people: Mapping[str, str], answers: Mapping[str, int]
) -> pd.Series:
    """Return which rows to hide besides what a rule hides, for figures that only a table gives. On the table's index.

    table: OBSERVATION_COLUMNS. reasons: why a rule hides each row, "" where it does not. covered: indicator and period of the figures
    that a register counted. people: indicators whose rule protects people who are counted, each with the one that is said to describe
    the same people, or itself. answers: by indicator, the smallest number of answers of a share.

    For people who are counted: when any cell is hidden, all is hidden but the figure of the largest set of a single area, and the
    same of every indicator whose counts add up with these: a total alone discloses no part. For answers: one set of areas stays, and
    the total; more of the set's areas are hidden, fewest answers first, until the hidden ones have as many answers together as a
    share must have. What the total and the set disclose of them is then a share that may be shown.
    """
    go = pd.Series(False, index=table.index)
    open_ = pd.Series([pair not in covered for pair in zip(table["indicator"], table["period"], strict=True)], index=table.index)
    mine = table[open_]
    why = reasons[mine.index]
    counted = mine[mine["indicator"].isin(mine.loc[why.isin(COUNTED), "indicator"])]
    kin = related(mine[mine["indicator"].isin(list(people))], people.items()) if len(counted) else {}
    for (indicator, period), rows in mine[why != ""].groupby(["indicator", "period"]):
        few = bool(why[rows.index].isin(COUNTED).any())
        for name in sorted(kin.get(str(indicator), {str(indicator)})) if few else (str(indicator),):
            here = mine[(mine["indicator"] == name) & (mine["period"] == period)]
            kept = set(_total(here)) | set(() if few else _enough(here, reasons, answers[name]))
            go.loc[[number for number in here.index if number not in kept]] = True
    return go


def beside_registers(table: pd.DataFrame, hidden: pd.Series, *, same: Mapping[str, str]) -> pd.Series:
    """Return which rows of tables to hide because a register hides the same people. On the table's index.

    table: OBSERVATION_COLUMNS. hidden: what is hidden so far, on the table's index. same: by indicator of tables, the one of the
    register that describes the same people. In periods of which the register hides something, the table's figure stays only where the
    register's is shown, so that it discloses no more than the register does.
    """
    go = pd.Series(False, index=table.index)
    for name, counted in same.items():
        theirs = table["indicator"] == counted
        published = pd.MultiIndex.from_frame(table.loc[theirs & ~hidden & table["value"].notna(), _PLACE])
        closed = table.loc[theirs & hidden, "period"].unique()
        mine = (table["indicator"] == name) & table["period"].isin(closed) & table["value"].notna()
        go |= mine & ~pd.Series(pd.MultiIndex.from_frame(table[_PLACE]).isin(published), index=table.index)
    return go


def related(table: pd.DataFrame, said: Iterable[tuple[str, str]] = ()) -> dict[str, set[str]]:
    """Return indicators whose counts disclose each other: equal, or two that add up to a third, wherever all of them are given.

    table: OBSERVATION_COLUMNS. said: pairs of indicators of which the catalogue says that they describe the same people.
    """
    counts = table.melt([*_PLACE, "indicator"], ["numerator", "denominator"], "side", "count").dropna(subset=["count"])
    wide = counts.pivot_table(index=_PLACE, columns=["indicator", "side"], values="count", aggfunc="first")
    groups = {str(name): {str(name)} for name in table["indicator"].unique()}
    for names in (*_telling(wide), *(pair for pair in said if set(pair) <= set(groups))):
        joined = set().union(*(groups[name] for name in names))
        groups |= dict.fromkeys(joined, joined)
    return groups


def _telling(wide: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Indicators that share a count, or of which two counts add up to one of a third."""
    columns = [(str(column[0]), wide[column].to_numpy(dtype=float)) for column in wide.columns]
    for (name, first), (other, second) in permutations(columns, 2):
        if name < other and _same(first, second):
            yield name, other
    for (name, first), (other, second), (third, whole) in permutations(columns, 3):
        if name <= other and len({name, other, third}) > 1 and _same(first + second, whole):
            yield name, other, third


def _same(first: NDArray[np.float64], second: NDArray[np.float64]) -> bool:
    known = np.isfinite(first) & np.isfinite(second)
    return int(known.sum()) >= _ENOUGH_ROWS and bool(np.any(first[known] > 0)) and bool(np.array_equal(first[known], second[known]))


def _total(here: pd.DataFrame) -> Iterator[object]:
    """The row of the area that is a set by itself, of the largest such set."""
    alone = here[here.groupby("area_set")["area_id"].transform("size") == 1]
    yield from alone.sort_values(["denominator", "area_set"], ascending=[False, True], na_position="last").index[:1]


def _enough(here: pd.DataFrame, reasons: pd.Series, least: int) -> Iterator[object]:
    """The rows that stay shown: those of the set with most areas among the sets that have a hidden one."""
    sizes = here.groupby("area_set")["area_id"].size()
    touched = sorted(here.loc[reasons[here.index] != "", "area_set"].unique(), key=lambda name: (-sizes[name], name))
    several = [name for name in touched if sizes[name] > 1]
    mine = here[here["area_set"] == several[0]].sort_values(["n", "area_id"]) if several else here[:0]
    hidden = mine.loc[reasons[mine.index] != "", "n"].sum()
    for number, answers in mine.loc[reasons[mine.index] == "", "n"].items():
        if hidden >= least:
            yield number
        else:
            hidden += answers
