"""How areas of different kinds lie over each other, in percent: a hotspot in a district, a housing area in a kvarter."""

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
"""An overlap under one percent of both areas is where two drawings of the same line differ, not a relation."""

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]


@dataclass(frozen=True)
class Residents:
    """How many people live at each point, and which points lie in which areas of each set that a register was joined to.

    status: demo when the people are made up. least: shared people, or the people left over, may be none or at least so many; in
    between the percent is hidden, because it would say how many few are.
    """

    people: Floats
    found: Mapping[str, Located]
    status: Status
    least: int


def overlaps(area_sets: Mapping[str, AreaSet], *, residents: Residents | None = None) -> tuple[Overlap, ...]:
    """List every pair of areas of two sets that overlap, from both sides, in percent of each one's area (EPSG:25832).

    With residents also in percent of each one's residents, where the register knows both sets. Pairs under LEAST_PERCENT of both
    areas are left out. Sorted by set and area.
    """
    carrying = {name: area_set for name, area_set in area_sets.items() if area_set.kind.role == "areas"}
    found: list[Overlap] = []
    for one, other in combinations(sorted(carrying), 2):
        found.extend(_pairs(carrying[one], carrying[other], residents))
    return tuple(sorted(found, key=lambda o: (o.area_set, o.area_id, o.other_set, -o.percent_of_area, o.other_id)))


def _pairs(one: AreaSet, other: AreaSet, residents: Residents | None) -> list[Overlap]:
    left, right = one.areas.geometry.to_numpy(), other.areas.geometry.to_numpy()
    shared = intersections.square_metres(left, right)
    i, j = shared.coords
    near, far = 100 * shared.data / shapely.area(left)[i], 100 * shared.data / shapely.area(right)[j]
    related = np.maximum(near, far) >= LEAST_PERCENT
    i, j, near, far = i[related], j[related], near[related], far[related]
    of_one, of_other = _of_residents(one, other, (i, j), residents)
    status = residents.status.value if residents else ""
    seen = _sided(one, other, (i, j), (near, far, of_one, of_other), status)
    return seen + _sided(other, one, (j, i), (far, near, of_other, of_one), status)


def _sided(one: AreaSet, other: AreaSet, pairs: tuple[Ints, Ints], percents: tuple[Floats, ...], status: str) -> list[Overlap]:
    """The overlaps as one of the two sets sees them. percents: of its area, of the other's, of its residents, of the other's."""
    ids, others = one.areas["area_id"].to_numpy()[pairs[0]], other.areas["area_id"].to_numpy()[pairs[1]]
    return [
        Overlap(
            area_set=one.id,
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


def _of_residents(one: AreaSet, other: AreaSet, pairs: tuple[Ints, Ints], residents: Residents | None) -> tuple[Floats, Floats]:
    """Residents in both areas of each pair, in percent of those of each; NaN where unknown or hidden."""
    unknown = residents is None or one.id not in residents.found or other.id not in residents.found
    if residents is None or unknown or not len(pairs[0]):
        return np.full(len(pairs[0]), np.nan), np.full(len(pairs[0]), np.nan)
    mine, theirs = residents.found[one.id], residents.found[other.id]
    size = (len(one.areas), len(other.areas))
    shared = intersections.people(mine, theirs, residents.people, shape=size).tocsr()[pairs]
    whole, across = (
        (intersections.incidence(found, len(residents.people), count).T @ residents.people)[of_pair]
        for found, count, of_pair in zip((mine, theirs), size, pairs, strict=True)
    )
    few = np.logical_or.reduce([(part > 0) & (part < residents.least) for part in (shared, whole - shared, across - shared)])
    shared[few] = np.nan
    return _percent(shared, whole), _percent(shared, across)


def _percent(part: Floats, whole: Floats) -> Floats:
    return np.divide(100 * part, whole, out=np.full_like(part, np.nan), where=whole > 0)
