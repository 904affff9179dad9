"""Several periods attacked at once: whoever reads a mean over half-years and one of them subtracts.

The people of every period are unknowns of their own; an area of a period, or of all periods of a mean, is an area of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from geo.attack.people import Area, People

Parts = Mapping[str, Sequence[str]]
"""The periods that a mean is over, by the mean's own period."""


def area(of: Area, period: str) -> Area:
    """An area in one period."""
    return of[0], f"{of[1]}@{period}"


def tied(every: Sequence[People], over: Parts) -> People:
    """The people of several periods as if of one, atoms and areas period by period; then the areas of the means. every: same atoms."""
    first, periods = every[0], [people.period for people in every]
    nowhere = np.zeros_like(first.inside)
    blocks = [[first.inside if code == people.period else nowhere for code in periods] for people in every]
    blocks += [[first.inside if code in parts else nowhere for code in periods] for parts in over.values()]
    areas = tuple(area(code_below, code) for code in (*periods, *over) for code_below in first.areas)
    counts = np.concatenate([people.people for people in every])
    return People(" ".join(periods), areas, np.block(blocks), counts, first.numerator, first.denominator)


def summed(table: pd.DataFrame, people: People, every: Sequence[People], over: Parts) -> pd.DataFrame:
    """A table as it tells of tied people: means as the sums that they are."""
    mine = table[table["period"].isin([*(measured.period for measured in every), *over])]
    times = mine["period"].map({code: len(parts) for code, parts in over.items()}).fillna(1)
    return mine.assign(
        area_id=mine["area_id"] + "@" + mine["period"],
        numerator=mine["numerator"] * times,
        denominator=mine["denominator"] * times,
        period=people.period,
    )


def lifted(atoms: np.ndarray, place: int, periods: int) -> np.ndarray:
    """Atoms of one period among those of all."""
    whole = np.zeros((periods, len(atoms)), dtype=np.int64)
    whole[place] = atoms
    return whole.ravel()
