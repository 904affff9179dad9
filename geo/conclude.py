"""What follows from what an audience may read: verdicts, class breaks, redraws. From nothing else, which the audit tries."""

from __future__ import annotations

import pandas as pd

from geo import classify, goals, indicators, redraws
from geo.disclosure import Protected
from geo.edition import Part
from geo.model import Catalogue


def conclude(protected: Protected, known: Catalogue) -> Part:
    """What follows from what an audience may read: verdicts, class breaks, redraws. From nothing else, which the audit tries."""
    return Part(
        protected=protected,
        judgements=goals.judge(protected.table, catalogue=known, whole=_whole(protected.table, known)),
        breaks=classify.breaks(protected.table, known.indicators),
        redraws=redraws.of(protected.table, kinds=known.area_sets, indicators=known.indicators),
    )


def _whole(table: pd.DataFrame, known: Catalogue) -> pd.DataFrame:
    """The areas of each goal taken together, as observations with intervals and the goal's id."""
    sums = goals.pooled(table, catalogue=known)
    counts = sums.assign(area_set="", area_id="")
    shares = indicators.shares(counts, indicators=known.indicators, source="").assign(source=sums["source"].to_numpy())
    return indicators.intervals(shares, indicators=known.indicators, sources=known.sources).assign(goal=sums["goal"].to_numpy())
