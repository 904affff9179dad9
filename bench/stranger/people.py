"""Who can be told apart: people counted by atom and class, from the register's own columns and the outlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from bench.stranger.city import PERIODS, City, Measure, Words

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Place = tuple[str, str]
BEFORE: Final = " before"
"""What is added to the name of an area set for the outlines that it no longer has."""


@dataclass(frozen=True)
class People:
    """People of all states of a register, by atom and class.

    counts: (state, period) -> shape (atoms, classes). areas: place -> which atoms lie in it. masks: indicator -> which classes are in its
    numerator and its denominator. groups: the known group of each class. blanks: column -> which classes have no known word in it.
    """

    counts: Mapping[tuple[int, str], Ints]
    areas: Mapping[Place, Bools]
    masks: Mapping[str, tuple[Bools, Bools]]
    groups: Ints
    blanks: Mapping[str, Bools]

    @property
    def shape(self) -> tuple[int, int]:
        """How many atoms and classes there are."""
        return next(iter(self.counts.values())).shape  # type: ignore[return-value]


def counted(states: Sequence[City]) -> People:
    """Count the states of one city's register: the atoms and classes are the same in all of them.

    A state in which a word was split counts the same people under the same measures, so each state has its own masks of rows.
    """
    first = states[0]
    shapes = {place: shape for city in states for place, shape in _shapes(city, states[-1]).items()}
    places = list(shapes)
    keys, inside = [], []
    keys.append(_signature(replace(first, people=_everybody(first))))
    for city in states:
        east, north = city.people["x"].fillna(0.0).to_numpy(), city.people["y"].fillna(0.0).to_numpy()
        inside.append(np.array([shapely.contains_xy(shape, east, north) for shape in shapes.values()]).T)
        keys.append(_signature(city))
    atoms, atom = np.unique(np.vstack(inside), axis=0, return_inverse=True)
    classes, which = np.unique(np.vstack(keys), axis=0, return_inverse=True)
    lived = atoms.any(axis=1)
    kept = np.cumsum(lived) - 1
    which = which.ravel()[len(keys[0]) :]
    counts, start = {}, 0
    for state, city in enumerate(states):
        rows = slice(start, start + len(city.people))
        start += len(city.people)
        for period in PERIODS:
            chosen = (city.people["period"] == period).to_numpy() & lived[atom.ravel()[rows]]
            table = np.zeros((int(lived.sum()), len(classes)), dtype=np.int64)
            np.add.at(table, (kept[atom.ravel()[rows][chosen]], which[rows][chosen]), 1)
            counts[state, period] = table
    size = len(first.measures)
    masks = {each.id: (classes[:, 2 * at] == 1, classes[:, 2 * at + 1] == 1) for at, each in enumerate(first.measures)}
    areas = {place: atoms[lived, at] for at, place in enumerate(places)}
    middle = 2 * size + len(first.codes)
    blanks = {name: classes[:, 2 * size + at] == 1 for at, name in enumerate(first.codes)}
    _, groups = np.unique(classes[:, middle:], axis=0, return_inverse=True)
    return People(counts, areas, masks, groups.ravel(), blanks)


def before(area_set: str, city: City, newest: City) -> str:
    """What an area set of a state is called here: another name when its outlines are no longer the newest."""
    return area_set if city.outlines[area_set] == newest.outlines[area_set] else f"{area_set}{BEFORE}"


def _shapes(city: City, newest: City) -> dict[Place, shapely.Polygon]:
    sets = {before(area_set, city, newest): areas for area_set, areas in city.outlines.items()}
    return {(name, area): shape for name, areas in sets.items() for area, shape in areas.items()}


def _everybody(city: City) -> pd.DataFrame:
    """Somebody of every kind that the columns allow: a reader does not know of which kinds there is nobody."""
    return pd.DataFrame(list(product(*((*words, "") for words in city.codes.values()))), columns=list(city.codes))


def _signature(city: City) -> Ints:
    """For each row what the measures and the known columns say of it: shape (rows, 2 * measures + columns + known columns)."""
    columns: list[Ints] = []
    for each in city.measures:
        below = _holds(city.people, each.where)
        for name in () if city.blank else {*each.where, *each.having}:
            below &= (city.people[name] != "").to_numpy()
        columns += [(below & _holds(city.people, each.having)).astype(np.int64), below.astype(np.int64)]
    columns += [((city.people[name] == "") & (not city.blank)).astype(np.int64).to_numpy() for name in city.codes]
    for name in city.known:
        columns.append(city.people[name].map({word: at for at, word in enumerate(city.codes[name])}).fillna(-1).astype(np.int64).to_numpy())
    return np.array(columns).T


def _holds(people: pd.DataFrame, words: Words) -> Bools:
    found = np.ones(len(people), dtype=bool)
    for name, those in words.items():
        found &= people[name].isin(those).to_numpy()
    return found


@dataclass(frozen=True)
class Sides:
    """The true counts of a measure in some atoms."""

    numerator: int
    denominator: int
    residents: int

    @property
    def rest(self) -> int:
        """Those of the denominator who are not in the numerator."""
        return self.denominator - self.numerator


def sides(people: People, table: Ints, measure: Measure, where: Bools) -> Sides:
    """Count a measure in some atoms of one table."""
    above, below = people.masks[measure.id]
    return Sides(int(table[where][:, above].sum()), int(table[where][:, below].sum()), int(table[where].sum()))
