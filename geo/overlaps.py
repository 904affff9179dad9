"""How areas of different kinds lie over each other, in percent: a hotspot in a district, a housing area in a kvarter."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Final

import shapely

from geo.model import AreaSet
from geo.results import Overlap

LEAST_PERCENT: Final = 1.0
"""An overlap under one percent of both areas is where two drawings of the same line differ, not a relation."""


def overlaps(area_sets: Mapping[str, AreaSet]) -> tuple[Overlap, ...]:
    """List every pair of areas of two sets that overlap, from both sides, in percent of each one's area (EPSG:25832).

    Pairs under LEAST_PERCENT of both areas are left out. Sorted by set and area.
    """
    carrying = {name: area_set for name, area_set in area_sets.items() if area_set.kind.role == "areas"}
    found: list[Overlap] = []
    for one, other in permutations(sorted(carrying), 2):
        found.extend(_pairs(carrying[one], carrying[other]))
    return tuple(sorted(found, key=lambda o: (o.area_set, o.area_id, o.other_set, -o.percent_of_area, o.other_id)))


def _pairs(one: AreaSet, other: AreaSet) -> list[Overlap]:
    left, right = one.areas.geometry.to_numpy(), other.areas.geometry.to_numpy()
    i, j = shapely.STRtree(right).query(left, predicate="intersects")
    shared = shapely.area(shapely.intersection(left[i], right[j]))
    of_left = 100 * shared / shapely.area(left[i])
    of_right = 100 * shared / shapely.area(right[j])
    return [
        Overlap(
            area_set=one.id,
            area_id=str(one.areas["area_id"].iat[a]),
            other_set=other.id,
            other_id=str(other.areas["area_id"].iat[b]),
            percent_of_area=round(float(of_area), 1),
            percent_of_other=round(float(of_other), 1),
        )
        for a, b, of_area, of_other in zip(i, j, of_left, of_right, strict=True)
        if max(of_area, of_other) >= LEAST_PERCENT
    ]
