"""Older editions beside the one that is attacked: whoever kept them reads both.

A figure of an older edition is a fact about today's people where nothing has changed: the measure is the same, the area is drawn
alike, and the counts are those of today. A figure that has been corrected since is left out, because it does not add up with those of
today.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import pandas as pd

from geo.attack.people import Area, People
from geo.model.indicators import Indicator, RegisterMeasure

_COUNTS: Final = ("numerator", "denominator")
Counted = tuple[tuple[tuple[str, frozenset[str]], ...], tuple[tuple[str, frozenset[str]], ...]]


def measures(
    before: Collection[Indicator], now: Mapping[str, RegisterMeasure], register: str, *, edition: str
) -> tuple[dict[str, str], dict[str, RegisterMeasure]]:
    """Return the names under which today's people are counted for an older edition's exact indicators, and measures only it had.

    now: today's measures by name. Indicators of invented people and figures with noise are left out.
    """
    known = {_key(measure): name for name, measure in now.items()}
    names: dict[str, str] = {}
    more: dict[str, RegisterMeasure] = {}
    for indicator in before:
        if indicator.register is None or indicator.register.register != register or indicator.noise is not None or indicator.demo:
            continue
        names[indicator.id] = known.get(_key(indicator.register), f"{indicator.id} of {edition}")
        if names[indicator.id] not in now:
            more[names[indicator.id]] = indicator.register
    return names, more


def _key(measure: RegisterMeasure) -> Counted:
    where, having = (
        tuple(sorted((column, frozenset(words)) for column, words in side.items())) for side in (measure.where, measure.having)
    )
    return where, having


def of_same_areas(table: pd.DataFrame, names: Mapping[str, str], areas: Collection[Area]) -> pd.DataFrame:
    """Return the figures with counts of some areas, under today's names of their indicators.

    table: OBSERVATION_COLUMNS of the older edition. areas: those that are drawn as they were.
    """
    rows = table[table["indicator"].isin(list(names))].dropna(subset=list(_COUNTS))
    drawn = pd.MultiIndex.from_frame(rows[["area_set", "area_id"]]).isin(list(areas))
    return rows[drawn].assign(indicator=rows.loc[drawn, "indicator"].map(dict(names)))


def still_so(table: pd.DataFrame, people: People) -> pd.DataFrame:
    """Return the figures of the people's period whose counts are those of today. table: OBSERVATION_COLUMNS of an older edition."""
    here = table[(table["period"] == people.period) & table["indicator"].isin(people.numerator)]
    place = {area: number for number, area in enumerate(people.areas)}
    counts = {str(name): people.counts(str(name)) for name in here["indicator"].unique()}
    true = [
        area in place and (top, bottom) == tuple(int(side[place[area]]) for side in counts[name])
        for name, area, top, bottom in zip(
            here["indicator"],
            zip(here["area_set"], here["area_id"], strict=True),
            *(here[side] for side in _COUNTS),
            strict=True,
        )
    ]
    return here[pd.Series(true, index=here.index, dtype=bool)]
