"""How areas of different kinds overlap, in percent: a hotspot in a district, a housing area in a kvarter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.model.areas import AreaSet
from geo.model.results import Overlap
from geo.model.rounding import half_up
from geo.model.vocabulary import Status
from geo.spatial import intersections
from geo.spatial.intersections import Located

LEAST_PERCENT: Final = 1.0
"""An overlap under one percent of both areas comes from one line that was drawn twice, and is not listed."""

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]


@dataclass(frozen=True)
class Residents:
    """How many people live at each point, and which points lie in which areas of each set that a register was joined to.

    people: shape (points,). located: by set. status: demo when the people are invented. least: the smallest number of people that may
    be shown. When the people in both areas, or the others in one of them, number from 1 to least - 1, the percent is hidden, because
    it would disclose how many they are.
    """

    people: Floats
    located: Mapping[str, Located]
    status: Status
    least: int


def overlaps(area_sets: Mapping[str, AreaSet], *, residents: Residents | None = None) -> tuple[Overlap, ...]:
    """List every pair of areas of two sets that overlap, once from each side, in percent of each one's area (EPSG:25832).

    residents: adds the percent of each area's residents, where the register knows both sets. Pairs below LEAST_PERCENT of both areas
    are left out. Sorted by set and area.
    """
    carrying = {name: area_set for name, area_set in area_sets.items() if area_set.kind.role == "areas"}
    pairs: list[Overlap] = []
    for first, other in combinations(sorted(carrying), 2):
        pairs.extend(_pairs(carrying[first], carrying[other], residents))
    return tuple(sorted(pairs, key=lambda o: (o.area_set, o.area_id, o.other_set, -o.percent_of_area, o.other_id)))


def _pairs(first: AreaSet, other: AreaSet, residents: Residents | None) -> list[Overlap]:
    left, right = first.areas.geometry.to_numpy(), other.areas.geometry.to_numpy()
    shared = intersections.square_metres(left, right)
    i, j = shared.coords
    near, far = 100 * shared.data / shapely.area(left)[i], 100 * shared.data / shapely.area(right)[j]
    related = np.maximum(near, far) >= LEAST_PERCENT
    i, j, near, far = i[related], j[related], near[related], far[related]
    of_one, of_other = _of_residents(first, other, (i, j), residents)
    status = residents.status.value if residents else ""
    seen = _sided(first, other, (i, j), (near, far, of_one, of_other), status)
    return seen + _sided(other, first, (j, i), (far, near, of_other, of_one), status)


def _sided(first: AreaSet, other: AreaSet, pairs: tuple[Ints, Ints], percents: tuple[Floats, ...], status: str) -> list[Overlap]:
    """The overlaps as seen from one of the two sets. percents: of its area, of the other's area, of its residents, of the other's."""
    ids, others = first.areas["area_id"].to_numpy()[pairs[0]], other.areas["area_id"].to_numpy()[pairs[1]]
    return [
        Overlap(
            area_set=first.id,
            area_id=str(mine),
            other_set=other.id,
            other_id=str(theirs),
            percent_of_area=float(half_up(near, 1)),
            percent_of_other=float(half_up(far, 1)),
            percent_of_residents=None if np.isnan(people) else int(half_up(people, 0)),
            percent_of_other_residents=None if np.isnan(other_people) else int(half_up(other_people, 0)),
            residents_status="" if np.isnan(people) and np.isnan(other_people) else status,
        )
        for mine, theirs, near, far, people, other_people in zip(ids, others, *percents, strict=True)
    ]


def _of_residents(first: AreaSet, other: AreaSet, pairs: tuple[Ints, Ints], residents: Residents | None) -> tuple[Floats, Floats]:
    """The residents who live in both areas of each pair, in percent of those of each area, shape (pairs,); NaN where unknown or hidden."""
    unknown = residents is None or first.id not in residents.located or other.id not in residents.located
    if residents is None or unknown or not len(pairs[0]):
        return np.full(len(pairs[0]), np.nan), np.full(len(pairs[0]), np.nan)
    mine, theirs = residents.located[first.id], residents.located[other.id]
    size = (len(first.areas), len(other.areas))
    shared = intersections.people(mine, theirs, residents.people, shape=size).tocsr()[pairs]
    whole, across = (
        (intersections.incidence(located, len(residents.people), count).T @ residents.people)[of_pair]
        for located, count, of_pair in zip((mine, theirs), size, pairs, strict=True)
    )
    few = np.logical_or.reduce([(part > 0) & (part < residents.least) for part in (shared, whole - shared, across - shared)])
    shared[few] = np.nan
    return _percent(shared, whole), _percent(shared, across)


def _percent(part: Floats, whole: Floats) -> Floats:
    return np.divide(100 * part, whole, out=np.full_like(part, np.nan), where=whole > 0)
