"""The unknowns of an attack: how many people of each class live in each atom, counted from a register's own columns.

An atom is a set of people in the same areas. A class is a set of people whom every measure treats alike. None of the code that counts
for publication is used: rows are located with shapely and counted with pandas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.model.indicators import RegisterMeasure

Ints = NDArray[np.int64]

Area = tuple[str, str]
"""Area set and area id."""


@dataclass(frozen=True)
class People:
    """The true numbers of one period. inside: shape (areas, atoms), 1 where an atom lies in an area. people: shape (atoms, classes).

    numerator, denominator: by indicator, shape (classes,), 1 where a class counts. areas: set and id of each area.
    """

    period: str
    areas: tuple[Area, ...]
    inside: Ints
    people: Ints
    numerator: Mapping[str, Ints]
    denominator: Mapping[str, Ints]

    def counts(self, indicator: str) -> tuple[Ints, Ints]:
        """Return numerator and denominator of an indicator in every area, shape (areas,) each."""
        return self.inside @ self.people @ self.numerator[indicator], self.inside @ self.people @ self.denominator[indicator]


def located(x: NDArray[np.float64], y: NDArray[np.float64], area_sets: Mapping[str, gpd.GeoDataFrame]) -> list[frozenset[Area]]:
    """Return the areas that each point lies in. A point on a border lies in every area that it touches.

    x, y: metres (EPSG:25832), shape (points,). area_sets: with the columns area_id and geometry.
    """
    inside: list[set[Area]] = [set() for _ in range(len(x))]
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    points = shapely.points(x[known], y[known])
    for name, areas in area_sets.items():
        tree = shapely.STRtree(areas.geometry.to_numpy())
        point, area = tree.query(points, predicate="intersects")
        for number, which in zip(known[point].tolist(), area.tolist(), strict=True):
            inside[number].add((name, str(areas["area_id"].iloc[which])))
    return [frozenset(areas) for areas in inside]


def counted(
    rows: pd.DataFrame, atoms: Sequence[frozenset[Area]], measures: Mapping[str, RegisterMeasure], codes: Mapping[str, Sequence[str]]
) -> dict[str, People]:
    """Count the rows of a register by period, atom and class.

    rows: the columns period, atom (a number into `atoms`) and those that the measures ask for, as text. codes: the declared words of
    each column. Any other word, or none, is unknown; such a row is in no count that asks for the column.
    """
    columns = sorted({column for measure in measures.values() for column in (*measure.where, *measure.having)})
    grouped = rows.groupby(["period", "atom", *columns], dropna=False, observed=True).size().rename("people").reset_index()
    flags = {name: _flags(grouped, measure, codes) for name, measure in measures.items()}
    table = np.column_stack([part for both in flags.values() for part in both]) if flags else np.zeros((len(grouped), 0), dtype=np.int64)
    classes, which = np.unique(table, axis=0, return_inverse=True)
    areas = tuple(sorted({area for inside in atoms for area in inside}))
    inside = np.array([[area in held for held in atoms] for area in areas], dtype=np.int64).reshape(len(areas), len(atoms))
    sides = {name: (classes[:, 2 * place], classes[:, 2 * place + 1]) for place, name in enumerate(flags)}
    made = {}
    for period, here in grouped.groupby("period"):
        people = np.zeros((len(atoms), len(classes)), dtype=np.int64)
        np.add.at(people, (here["atom"].to_numpy(), which.ravel()[here.index.to_numpy()]), here["people"].to_numpy())
        tops, bottoms = ({name: both[side] for name, both in sides.items()} for side in (0, 1))
        made[str(period)] = People(str(period), areas, inside, people, tops, bottoms)
    return made


def _flags(rows: pd.DataFrame, measure: RegisterMeasure, codes: Mapping[str, Sequence[str]]) -> tuple[Ints, Ints]:
    """Whether each group of rows is in the numerator, and in the denominator."""
    bottom = np.ones(len(rows), dtype=bool)
    for column, words in measure.where.items():
        bottom &= rows[column].isin(words).to_numpy()
    for column in measure.having:
        bottom &= rows[column].isin(codes[column]).to_numpy()
    top = bottom.copy()
    for column, words in measure.having.items():
        top &= rows[column].isin(words).to_numpy()
    return top.astype(np.int64), bottom.astype(np.int64)
