"""What follows from what an audience may read: verdicts, class breaks, redraws. From nothing else, which the audit tries."""

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
    """What follows from what one audience may read: verdicts by goal, class breaks by indicator, and changes that redraws explain."""

    judgements: tuple[Judgement, ...]
    breaks: Mapping[str, Breaks]
    redraws: tuple[Redraw, ...]


def conclude(protected: Protected, known: Catalogue) -> Conclusions:
    """What follows from what an audience may read: verdicts, class breaks, redraws. From nothing else, which the audit tries.

    Estimates decide nothing: they are left out.
    """
    told = estimates.measured(protected.table)
    read = means.without(told, known.indicators)
    judged = means.without(told, known.indicators, kept=_asked_for(known))
    return Conclusions(
        judgements=goals.judge(judged, catalogue=known, whole=_whole(judged, known)),
        breaks=classify.breaks(read, known.indicators),
        redraws=redraws.of(read, kinds=known.area_sets, indicators=known.indicators),
    )


def _asked_for(known: Catalogue) -> set[tuple[str, str]]:
    """Indicator and period of the means that a goal starts from by name; no other is judged by."""
    stated = {(goal.indicator, goal.baseline.period) for goal in known.goals if goal.indicator and goal.baseline and goal.baseline.period}
    made_up = {(name, goal.demo_baseline) for goal in known.goals for name in goal.demo_indicators if goal.demo_baseline}
    return {(name, Period.parse(str(code)).code) for name, code in stated | made_up}


def _whole(table: pd.DataFrame, known: Catalogue) -> pd.DataFrame:
    """The areas of each goal taken together, as observations with intervals and the goal's id."""
    sums = goals.pooled(table, catalogue=known)
    counts = sums.assign(area_set="", area_id="")
    shares = indicators.shares(counts, indicators=known.indicators, source="").assign(source=sums["source"].to_numpy())
    return indicators.intervals(shares, indicators=known.indicators, sources=known.sources).assign(goal=sums["goal"].to_numpy())
