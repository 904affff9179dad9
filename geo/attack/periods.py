"""Several periods attacked together: whoever reads a mean over half-years and all but one of them works out the last one.

The people of every period are unknowns of their own. An area in a period, or in all periods of a mean, is an area of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from geo.attack.people import Area, People

Parts = Mapping[str, Sequence[str]]
"""The periods that a mean is over, by the mean's own period."""


def area(of: Area, period: str) -> Area:
    """Return the name of an area in one period."""
    return of[0], f"{of[1]}@{period}"


def tied(every: Sequence[People], over: Parts) -> People:
    """Return the people of several periods as if of one: atoms and areas period by period, then the areas of the means.

    every: the people of each period, with the same atoms. over: the periods of each mean.
    """
    first, periods = every[0], [people.period for people in every]
    nowhere = np.zeros_like(first.inside)
    blocks = [[first.inside if code == people.period else nowhere for code in periods] for people in every]
    blocks += [[first.inside if code in parts else nowhere for code in periods] for parts in over.values()]
    areas = tuple(area(code_below, code) for code in (*periods, *over) for code_below in first.areas)
    counts = np.concatenate([people.people for people in every])
    return People(" ".join(periods), areas, np.block(blocks), counts, first.numerator, first.denominator)


def summed(table: pd.DataFrame, people: People, every: Sequence[People], over: Parts) -> pd.DataFrame:
    """Return a table as a table of people of several periods; a mean becomes the sum that it was made of.

    table: OBSERVATION_COLUMNS. people: those of `tied`. every: the people of each period. over: the periods of each mean.
    """
    mine = table[table["period"].isin([*(measured.period for measured in every), *over])]
    times = mine["period"].map({code: len(parts) for code, parts in over.items()}).fillna(1)
    return mine.assign(
        area_id=mine["area_id"] + "@" + mine["period"],
        numerator=mine["numerator"] * times,
        denominator=mine["denominator"] * times,
        period=people.period,
    )


def lifted(atoms: np.ndarray, place: int, periods: int) -> np.ndarray:
    """Return atoms of one period as atoms of all periods. atoms: shape (atoms,), 1 where an atom belongs; place: the period's number."""
    whole = np.zeros((periods, len(atoms)), dtype=np.int64)
    whole[place] = atoms
    return whole.ravel()
