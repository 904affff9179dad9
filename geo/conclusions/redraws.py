"""An area that was redrawn: how much of a change comes from the residents, and how much from the new outline.

The figures are counted on both outlines in both periods. Only those that an audience may read are used: where one of the four is
hidden the parts are not published, because they would disclose it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from geo.model.areas import AreaSetKind
from geo.model.indicators import Indicator
from geo.model.results import Redraw
from geo.model.vocabulary import HAS_VALUE, Period, Reason, Status


@dataclass(frozen=True)
class Corners:
    """One figure on the old and the new outline, in the period before and in the period after, all in one unit."""

    old_before: float
    old_after: float
    new_before: float
    new_after: float


@dataclass(frozen=True)
class Parts:
    """A change split in two, in the figure's unit: change = residents + line."""

    change: float
    residents: float
    line: float


def split(corners: Corners) -> Parts:
    """Split the change from the old outline in the period before to the new outline in the period after.

    residents: by how much the figure changed inside an outline, the mean of the old and the new one. line: by how much the redraw
    changed it, the mean of before and after. The two add up to the change exactly, and neither outline nor period is preferred; it is
    the only split with these properties. Shapley, L. S. (1953), A value for n-person games, for two causes.

    >>> split(Corners(old_before=40, old_after=44, new_before=38, new_after=40))
    Parts(change=0, residents=3.0, line=-3.0)
    """
    residents = ((corners.old_after - corners.old_before) + (corners.new_after - corners.new_before)) / 2
    line = ((corners.new_before - corners.old_before) + (corners.new_after - corners.old_after)) / 2
    return Parts(corners.new_after - corners.old_before, residents, line)


def of(table: pd.DataFrame, *, kinds: Sequence[AreaSetKind], indicators: Sequence[Indicator]) -> tuple[Redraw, ...]:
    """Split the change of every figure that is counted on a frozen outline and on the outline that replaced it.

    table: protected observations (OBSERVATION_COLUMNS) of one audience. The period before is the last that ended before the redraw
    (the first there is when none did), the period after is the newest. Figures with noise are left out: the parts would have four
    times as much noise, and no interval. Sorted by indicator, set and area.
    """
    measured = {indicator.id: indicator for indicator in indicators if indicator.noise is None}
    redraws = [redraw for kind in kinds if kind.frozen for redraw in _of_kind(table[table["indicator"].isin(list(measured))], kind)]
    return tuple(sorted(redraws, key=lambda redraw: (redraw.indicator, redraw.area_set, redraw.area_id)))


def _of_kind(table: pd.DataFrame, kind: AreaSetKind) -> Iterable[Redraw]:
    if kind.frozen is None:
        return
    old, new = table[table["area_set"] == kind.id], table[table["area_set"] == kind.frozen.area_set]
    for (indicator, area_id), rows in old.groupby(["indicator", "area_id"]):
        beside = new[(new["indicator"] == indicator) & (new["area_id"] == area_id)]
        periods = sorted(set(rows["period"]) & set(beside["period"]), key=Period.parse)
        gone = [code for code in periods if Period.parse(code).last < kind.frozen.until]
        if len(periods) < 2 or (before := (gone or periods)[-1 if gone else 0]) == periods[-1]:
            continue
        yield _redraw(rows, beside, kind, (before, periods[-1]))


def _redraw(old: pd.DataFrame, new: pd.DataFrame, kind: AreaSetKind, periods: tuple[str, str]) -> Redraw:
    four = pd.concat([of_one[of_one["period"] == period] for of_one in (old, new) for period in periods])
    first = four.iloc[0]
    about = Redraw(
        indicator=str(first["indicator"]),
        area_set=kind.frozen.area_set if kind.frozen else "",
        area_id=str(first["area_id"]),
        frozen_set=kind.id,
        before=periods[0],
        after=periods[1],
        demo=bool(kind.frozen and kind.frozen.demo)
        or bool((four["status"] == Status.DEMO.value).any() or (four["quality"] == "demo").any()),
        reason=_reason(four),
    )
    return about if about.reason else _filled_in(about, [float(value) for value in four["value"]])


def _reason(four: pd.DataFrame) -> Reason | None:
    """Why the change cannot be split: one of the four figures is hidden or missing, or they follow different definitions."""
    if (four["status"] == Status.SUPPRESSED.value).any():
        return Reason.HIDDEN
    if not four["status"].isin({status.value for status in HAS_VALUE}).all():
        return Reason.MISSING_PART
    return Reason.DEFINITION_BREAK if four["definition"].nunique() > 1 else None


def _filled_in(about: Redraw, values: Sequence[float]) -> Redraw:
    old_before, old_after, new_before, new_after = values
    parts = split(Corners(old_before, old_after, new_before, new_after))
    return Redraw(
        **{name: getattr(about, name) for name in ("indicator", "area_set", "area_id", "frozen_set", "before", "after", "demo")},
        old_before=old_before,
        old_after=old_after,
        new_before=new_before,
        new_after=new_after,
        change=parts.change,
        residents=parts.residents,
        line=parts.line,
    )
