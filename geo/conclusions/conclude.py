"""What follows from the figures that an audience may read, and from nothing else: verdicts, class breaks, redraws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from geo.conclusions import classify, estimates, goals, redraws
from geo.disclosure.protect import Protected
from geo.figures import indicators, means
from geo.model.catalogue import Catalogue
from geo.model.results import Breaks, Judgement, Redraw
from geo.model.vocabulary import Period


@dataclass(frozen=True)
class Conclusions:
    """What follows from what one audience may read: verdicts on goals, class breaks by indicator, and the split changes of redraws."""

    judgements: tuple[Judgement, ...]
    breaks: Mapping[str, Breaks]
    redraws: tuple[Redraw, ...]


def conclude(protected: Protected, known: Catalogue) -> Conclusions:
    """Derive verdicts, class breaks and redraws from the figures that an audience may read, and from nothing else.

    known: the catalogue. Estimates are left out: nothing is concluded from them. The audit calls this again on an edition and compares.
    """
    measured = estimates.measured(protected.table)
    read = means.without(measured, known.indicators)
    judged = means.without(measured, known.indicators, kept=_asked_for(known))
    return Conclusions(
        judgements=goals.judge(judged, catalogue=known, whole=_whole(judged, known)),
        breaks=classify.breaks(read, known.indicators),
        redraws=redraws.of(read, kinds=known.area_sets, indicators=known.indicators),
    )


def _asked_for(known: Catalogue) -> set[tuple[str, str]]:
    """Indicator and period of those means over half-years that a goal names as its baseline; verdicts use no other mean."""
    stated = {(name, goal.baseline.period) for goal in known.goals for name in goal.measures if goal.baseline and goal.baseline.period}
    made_up = {(name, goal.demo_baseline) for goal in known.goals for name in goal.demo_indicators if goal.demo_baseline}
    return {(name, Period.parse(str(code)).code) for name, code in stated | made_up}


def _whole(table: pd.DataFrame, known: Catalogue) -> pd.DataFrame:
    """The areas of each goal taken together, as observations with intervals, under the goal's id."""
    sums = goals.pooled(table, catalogue=known)
    counts = sums.assign(area_set="", area_id="")
    shares = indicators.shares(counts, indicators=known.indicators, source="").assign(source=sums["source"].to_numpy())
    return indicators.intervals(shares, indicators=known.indicators, sources=known.sources).assign(goal=sums["goal"].to_numpy())
