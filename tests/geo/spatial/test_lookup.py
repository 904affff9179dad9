"""One point, all sets and years: by hand on two vintages of a square town, and the same as geo.spatial.cells for any point."""

from __future__ import annotations

import datetime as dt
import time

import geopandas as gpd
import numpy as np
import pytest
import shapely

from bench import town
from geo.errors import InputError
from geo.model.areas import AreaSet, AreaSetEdition, AreaSetKind
from geo.model.vocabulary import Text
from geo.spatial import cells, lookup
from geo.spatial.lookup import Place

HALVES = np.array([shapely.box(0, 0, 1000, 2000), shapely.box(1000, 0, 2000, 2000)])
OLD, NEW = dt.date(2007, 1, 1), dt.date(2015, 1, 1)


def area_set(name: str, day: dt.date, shapes: np.ndarray, *, partition: bool, until: dt.date | None = None) -> AreaSet:
    areas = gpd.GeoDataFrame({"area_id": [f"{number:05d}" for number in range(len(shapes))], "note": ""}, geometry=shapes, crs="EPSG:25832")
    areas["name"] = "Nr. " + areas["area_id"]
    edition = AreaSetEdition(id=name, valid_from=day, valid_to=until, partition=partition)
    words = Text(da=name, en=name)
    return AreaSet(AreaSetKind(id=name, name=words, singular=words), edition, None, areas)  # type: ignore[arg-type]


TOWN = [
    area_set("distrikt", NEW, HALVES[::-1].copy(), partition=True),
    area_set("distrikt", OLD, HALVES, partition=True, until=dt.date(2014, 12, 31)),
    area_set("hotspot", OLD, np.array([shapely.box(900, 0, 1100, 100), shapely.box(1000, 0, 1500, 500)]), partition=False),
]


def ids(found: tuple[Place, ...]) -> list[tuple[str, int, str]]:
    return [(place.area_set, place.valid_from.year, place.area_id) for place in found]


def test_two_vintages_and_an_overlapping_set_on_paper() -> None:
    known = lookup.read(lookup.build(TOWN))
    assert ids(lookup.areas_at(known, 500, 500)) == [("distrikt", 2007, "00000"), ("distrikt", 2015, "00001")]
    on_the_border = [("distrikt", 2007, "00000"), ("distrikt", 2015, "00000"), ("hotspot", 2007, "00000"), ("hotspot", 2007, "00001")]
    assert ids(lookup.areas_at(known, 1000, 50)) == on_the_border
    first = lookup.areas_at(known, 500, 500)[0]
    assert (first.name, first.valid_to) == ("Nr. 00000", dt.date(2014, 12, 31))
    for x, y in ((-1, 5), (float("nan"), 5), (5, float("inf")), (float("-inf"), float("nan")), (1e300, 0)):
        assert lookup.areas_at(known, x, y) == ()


def test_the_order_of_the_sets_does_not_matter_to_the_bytes() -> None:
    assert lookup.build(TOWN) == lookup.build(TOWN[::-1])


def test_nothing_in_gives_nothing_out() -> None:
    assert lookup.areas_at(lookup.read(lookup.build([])), 0, 0) == ()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", lookup.build(TOWN)[:-40], b"x" * 500])
def test_what_is_no_index_is_told_apart(content: bytes) -> None:
    with pytest.raises(InputError, match="not an index"):
        lookup.read(content)


def test_one_point_at_a_time_is_as_many_at_once_and_quick() -> None:
    areas = town.districts(300, corners=300)
    sets = [area_set("rode", dt.date(2000 + year, 1, 1), areas, partition=year % 2 == 0) for year in range(20)]
    known = lookup.read(lookup.build(sets))
    x, y = town.points(areas, 20_000)
    x, y = x[-100:].copy(), y[-100:].copy()
    x[:50], y[:50] = (values[:50] for values in town.points(areas, 20_000))  # corners and middles of edges
    owner = cells.locate(cells.cover([areas], partition=[True]), x, y)
    every = cells.find(cells.cover([areas], partition=[False]), x, y)[0]
    took = []
    for number in range(100):
        start = time.perf_counter()
        found = lookup.areas_at(known, float(x[number]), float(y[number]))
        took.append(time.perf_counter() - start)
        assert [int(place.area_id) for place in found if place.valid_from.year == 2000] == [owner[number]] * int(owner[number] >= 0)
        assert [int(place.area_id) for place in found if place.valid_from.year == 2001] == every.area[every.point == number].tolist()
    assert np.median(took) < 0.005
