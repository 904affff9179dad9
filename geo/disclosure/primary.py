"""What the disclosure control is asked about a register: which figures a rule hides, and which tables show the same counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from geo.disclosure import protect
from geo.disclosure.counts import Counted
from geo.disclosure.solver.tables import Bools, Ints
from geo.figures import means
from geo.figures.means import Window
from geo.model.catalogue import Catalogue
from geo.model.vocabulary import Audience


def primary(table: pd.DataFrame, people: pd.Series, known: Catalogue, audience: Audience, counted: Counted) -> dict[str, Bools]:
    """Return which figures a rule hides: shape (indicators, areas) by period, the periods of means among them.

    table: OBSERVATION_COLUMNS. people: how many people the register knows in each row's area and period, on the table's index.
    """
    mine = table[table["indicator"].isin([indicator.id for indicator in counted.indicators])]
    reasons = protect.primary(mine, indicators=counted.indicators, rules=known.rules, audience=audience, residents=people[mine.index])
    rows = mine[reasons.isin(protect.COUNTED)]
    number = {indicator.id: place for place, indicator in enumerate(counted.indicators)}
    region = {area: place for place, area in enumerate(counted.areas)}
    every = [*counted.cube.periods, *(window.code for window in windows(counted))]
    hidden = {period: np.zeros((len(number), len(region)), dtype=bool) for period in every}
    for indicator, area_set, area_id, period in rows[protect.KEY].itertuples(index=False, name=None):
        hidden[period][number[indicator], region[area_set, area_id]] = True  # type: ignore[index]
    return hidden


def windows(counted: Counted) -> tuple[Window, ...]:
    """Return the windows over half-years whose mean some indicator of a register publishes."""
    every = [
        window for indicator in counted.indicators if indicator.means for window in means.of_indicator(indicator, counted.cube.periods)
    ]
    return tuple(dict.fromkeys(every))


def exact(counted: Counted) -> Counted:
    """Return the register with those indicators whose figures have no noise; the others are protected by the noise."""
    return replace(counted, indicators=tuple(indicator for indicator in counted.indicators if indicator.noise is None))


def with_tables(counted: Counted, table: pd.DataFrame, known: Catalogue) -> Counted:
    """Return the register together with the indicators of tables that show the same counts as one of its own.

    table: OBSERVATION_COLUMNS. Both must count the same wherever both are given, and only indicators under a rule on people are
    taken.
    """
    own = {indicator.id for indicator in counted.indicators}
    limits = {
        indicator.id: protect.threshold(indicator, known.rules, Audience.PUBLIC)
        for indicator in known.indicators
        if indicator.id not in own
    }
    given = [
        indicator
        for indicator in known.indicators
        if indicator.id in limits and limits[indicator.id].min_count and indicator.register is None
    ]
    tied = {window.code for window in windows(counted)}
    same = {indicator.id: twin for indicator in given if (twin := _twin(indicator.id, own, table, tied))}
    return replace(counted, indicators=(*counted.indicators, *(indicator for indicator in given if indicator.id in same)), same=same)


def _twin(name: str, own: set[str], table: pd.DataFrame, tied: Collection[str]) -> str:
    """The indicator of a register whose figures a table gives once more; "" where there is none."""
    place = ["area_set", "area_id", "period"]
    mine = table.loc[(table["indicator"] == name) & table["denominator"].notna(), [*place, "numerator", "denominator"]]
    for other in sorted(own) if len(mine) else ():
        counted = (table["indicator"] == other) & table["denominator"].notna() & ~table["period"].isin(tied)
        theirs = table.loc[counted, [*place, "numerator", "denominator"]]
        both = mine.merge(theirs, on=place)
        if (
            len(both) == len(mine)
            and (both["numerator_x"] == both["numerator_y"]).all()
            and (both["denominator_x"] == both["denominator_y"]).all()
        ):
            return other
    return ""


def residents(table: pd.DataFrame, registers: Sequence[Counted]) -> pd.Series:
    """Return how many people the register of each row's indicator knows in its area and period; NaN where none does.

    table: OBSERVATION_COLUMNS; the result is on its index. For a mean over half-years it is the mean number of people.
    """
    residents = pd.Series(np.nan, index=table.index, dtype=float)
    for counted in registers:
        mine = table["indicator"].isin([indicator.id for indicator in counted.indicators])
        area = pd.MultiIndex.from_tuples(counted.areas)
        place = area.get_indexer(pd.MultiIndex.from_frame(table.loc[mine, ["area_set", "area_id"]]))
        people = _people(counted)
        over = windows(counted)
        codes = [*counted.cube.periods, *(window.code for window in over)]
        place_of = {code: number for number, code in enumerate(counted.cube.periods)}
        people = np.concatenate(
            [people, *(people[[place_of[code] for code in window.parts]].mean(axis=0, keepdims=True) for window in over)]
        )
        period = pd.Index(codes).get_indexer(pd.Index(table.loc[mine, "period"]))
        residents[mine] = np.where((place >= 0) & (period >= 0), people[period, place], np.nan)
    return residents


def _people(counted: Counted) -> Ints:
    """The number of rows of the register, shape (periods, areas)."""
    people = np.zeros((len(counted.cube.periods), len(counted.areas)), dtype=np.int64)
    for number, period in enumerate(counted.cube.periods):
        atoms = counted.cube.atoms[period]
        for inside, rows in zip(atoms.inside, atoms.counts.sum(axis=1).tolist(), strict=True):
            people[number, list(inside)] += rows
    return people
