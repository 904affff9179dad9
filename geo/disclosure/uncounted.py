"""Figures that only a table gives: nobody here knows the people behind them, so what might tell a hidden one goes with it.

A table may give a share and what it is a share of, and no count: whoever divides has the count, so the rule is asked of it. It may give
all, women and men: whoever subtracts has the third, so figures that add up to each other wherever all are known are closed together.
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
"""Areas and periods in which counts must add up before they are taken to be parts of each other."""

_PLACE: Final = ["area_set", "area_id", "period"]


def completed(table: pd.DataFrame, indicators: Sequence[Indicator]) -> pd.DataFrame:
    """The table (OBSERVATION_COLUMNS) with every count that follows from the two others: numerator = value * denominator / per.

    Whole persons: what is not whole is rounded to the nearest. For the rule alone; nothing of it is published.
    """
    per = table["indicator"].map({indicator.id: float(indicator.per) for indicator in indicators if indicator.kind in {"share", "rate"}})
    per = per.where(~(per == 0)).astype(float)
    top = (table["value"] * table["denominator"] / per).round()
    bottom = (per * table["numerator"] / table["value"].where(table["value"] > 0)).round()
    return table.assign(numerator=table["numerator"].fillna(top), denominator=table["denominator"].fillna(bottom))


def besides(
    table: pd.DataFrame, reasons: pd.Series, *, covered: Collection[tuple[str, str]], people: Mapping[str, str], answers: Mapping[str, int]
) -> pd.Series:
    """What goes besides what a rule hides, of an indicator and period of which only a table tells. On the table's index.

    reasons: why a rule hides each row, "" where it does not. covered: indicator and period of the figures that a register counted.
    people: indicators whose rule protects people who are counted, each with the one that is said to tell of the same, or itself.
    answers: by indicator, the fewest answers of a share.

    Of people who are counted: all but the one figure of the largest set of a single area, when any cell is hidden, and the same of
    every indicator whose counts add up with these: a total alone tells no part. Of answers: one set of areas stays, and the total; the
    set's hidden areas grow, fewest answers first, until they rest on as many answers together as a share must: what total and set
    tell of them is then a share that may be shown.
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
    """Figures of tables that are said to tell of the same people as a register does, where that does not tell them. On the table's index.

    hidden: what is hidden by now. same: by indicator of tables, that of the register. What a table then tells stands only where the
    register tells it too, in periods of which the register hides something: no more can be worked out of it than of what is told already.
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
    """Indicators whose counts tell each other: equal, or two that add up to a third, in every area and period that has all of them.

    said: pairs of which somebody says so.
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
    """The rows that stay of the one set that has most areas among those with a hidden one."""
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
