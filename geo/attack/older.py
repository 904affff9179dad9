"""Older editions beside the one that is attacked: whoever kept them reads both.

What an older edition told is a fact of today's people where they are the same: the measure is, the area is drawn as it was, and the counts
are those of today. What a correction has changed since is left out: nobody can add people who moved to people who did not.
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
    """The names by which today's people are counted for the exact indicators of an older edition, and the measures that only it had.

    now: today's measures by name. Invented people have no past, and figures with noise are no facts.
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
    """The figures with counts of some areas, under today's names of their indicators. areas: those that are drawn as they were."""
    rows = table[table["indicator"].isin(list(names))].dropna(subset=list(_COUNTS))
    drawn = pd.MultiIndex.from_frame(rows[["area_set", "area_id"]]).isin(list(areas))
    return rows[drawn].assign(indicator=rows.loc[drawn, "indicator"].map(dict(names)))


def still_so(table: pd.DataFrame, people: People) -> pd.DataFrame:
    """The figures of the people's period whose counts are those of today."""
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
