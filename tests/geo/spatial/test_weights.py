"""Weights between area sets: on squares worked out on paper, and with bad input."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import CrsError, GeoError, InputError
from geo.spatial import crs
from geo.spatial.interpolation import apportion
from geo.spatial.weights import by_area, by_mask, by_points, first_of
from tests.records.squares import PEOPLE, SOURCES, TARGETS, found, layer

# --- on paper ---------------------------------------------------------------------------------------------------------


def test_by_mask_people_live_where_it_is_built() -> None:
    blocks = layer(a=(0, 0, 100, 100), b=(900, 0, 1000, 100), c=(1400, 0, 1600, 100), d=(5000, 0, 5100, 100))
    weights = by_mask(SOURCES, TARGETS, blocks)
    assert np.allclose(weights.matrix.toarray(), [[0.5, 0.5, 0], [0, 0.5, 0.5]], atol=1e-12)
    assert weights.coverage.round(9).tolist() == [1, 1, 1]
    tall = by_mask(SOURCES, TARGETS, blocks, dwellings=np.array([30, 10, 7, 3]))
    assert np.allclose(tall.matrix.toarray(), [[0.75, 0.25, 0], [0, 0.5, 0.5]], atol=1e-12)


def test_a_source_whose_blocks_hold_no_dwelling_is_as_one_without_blocks() -> None:
    blocks = layer(a=(0, 0, 100, 100), works=(1400, 0, 1600, 100))
    weights = by_mask(SOURCES, TARGETS, blocks, dwellings=np.array([3, 0]))
    assert np.isfinite(weights.matrix.data).all()
    assert (weights.method.tolist(), weights.outside.tolist()) == ([1, -1], [0, 1])
    assert np.isnan(weights.coverage).tolist() == [False, True, True]
    assert apportion(PEOPLE, first_of(weights, by_area(SOURCES, TARGETS))).counts["residents"].sum() == pytest.approx(1000)
    empty = by_points(found((0, 0)), found((0, 0)), source_ids=["a"], target_ids=["c"], people=np.zeros(1))
    assert (empty.method.tolist(), empty.outside.tolist()) == ([-1], [1])


def test_by_points_people_live_at_their_address() -> None:
    # points 0-3 in west, 4 in east, 5 in no source; 3 is in no target; 5 lies in the target `right`
    sources, targets = found((0, 0), (1, 0), (2, 0), (3, 0), (4, 1)), found((0, 0), (1, 1), (2, 1), (4, 1), (5, 2))
    ids = {"source_ids": ["west", "east"], "target_ids": ["left", "middle", "right"]}
    weights = by_points(sources, targets, **ids, people=np.array([1, 2, 3, 4, 5, 6]))
    assert np.allclose(weights.matrix.toarray(), [[0.1, 0.5, 0], [0, 1, 0]], atol=1e-12)
    assert weights.outside.round(9).tolist() == [0.4, 0]
    assert weights.coverage.tolist() == [1, 1, 0]
    estimate = apportion(PEOPLE, weights)
    assert estimate.counts.at["middle", "residents"] == pytest.approx(800)
    assert estimate.outside["residents"] == pytest.approx(160)


def test_each_source_takes_the_best_that_knows_it_and_the_target_says_the_weakest() -> None:
    ids = {"source_ids": ["west", "east"], "target_ids": ["left", "middle", "right"]}
    points = by_points(found((0, 0)), found((0, 0)), **ids, people=np.ones(1))
    with pytest.raises(InputError, match=r"a source with people and without a point or block; found counts in 'east'.*first_of"):
        apportion(PEOPLE, points)
    nobody = PEOPLE.assign(residents=[400.0, 0.0], outside_work=[100.0, 0.0])
    assert apportion(nobody, points).counts.at["left", "residents"] == 400
    estimate = apportion(PEOPLE, first_of(points, by_area(SOURCES, TARGETS)))
    assert estimate.counts["residents"].round(9).to_dict() == {"left": 400, "middle": 300, "right": 300}
    assert estimate.method.to_dict() == {"left": "points", "middle": "area", "right": "area"}
    assert estimate.coverage.round(9).to_dict() == {"left": 1, "middle": 1, "right": 0.5}


def test_targets_may_overlap_and_each_gets_its_own() -> None:
    plans = layer(all=(0, 0, 2000, 1000), half=(0, 0, 1000, 1000))
    estimate = apportion(PEOPLE, by_area(SOURCES, plans))
    assert estimate.counts["residents"].round(9).to_dict() == {"all": 1000, "half": 400}
    assert estimate.outside["residents"] == pytest.approx(0)


def test_a_sliver_of_two_drawings_takes_nobody_and_loses_nobody() -> None:
    redrawn = layer(west=(0, 0, 1000.4, 1000), east=(1000.4, 0, 2000, 1000))
    estimate = apportion(PEOPLE, by_area(redrawn, SOURCES))
    assert estimate.counts["residents"].to_dict() == pytest.approx({"west": 400, "east": 600}, abs=1e-9)


# --- bad input --------------------------------------------------------------------------------------------------------


def test_a_layer_without_a_crs_is_refused() -> None:
    with pytest.raises(CrsError, match="targets: the layer has no coordinate reference system"):
        by_area(SOURCES, TARGETS.set_crs(None, allow_override=True))


def test_two_crs_are_refused() -> None:
    with pytest.raises(CrsError, match="different coordinate reference systems; found sources EPSG:25832, targets EPSG:25833"):
        by_area(SOURCES, TARGETS.set_crs("EPSG:25833", allow_override=True))


def test_degrees_are_refused() -> None:
    round_about = layer("EPSG:4326", a=(0, 0, 1, 1))
    with pytest.raises(CrsError, match="cannot be measured in degrees"):
        by_area(round_about, round_about)


BOW = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ([BOW], r"sources, row 1, column geometry: an invalid polygon; found Self-intersection"),
        ([shapely.box(0, 0, 1, 1), None], r"sources, row 2, column geometry: a feature without a polygon; found 1"),
        ([shapely.Point(0, 0), shapely.Point(1, 1)], r"a feature without a polygon; found 0; and 1 more like it"),
        ([shapely.Polygon()], r"a feature without a polygon"),
        ([], r"sources: a layer without features"),
    ],
)
def test_shapes_that_cannot_be_cut_are_refused(shapes: list[shapely.Geometry], said: str) -> None:
    with pytest.raises(InputError, match=said):
        by_area(gpd.GeoSeries(shapes, crs=crs.MEASURE), TARGETS)


def test_a_code_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError, match="an area code that stands twice; found 'west'"):
        by_area(pd.concat([SOURCES, SOURCES.iloc[:1].translate(5000)]), TARGETS)


def test_sources_that_overlap_are_refused() -> None:
    with pytest.raises(
        InputError, match="sources, column geometry: two areas overlap; found 'a' and 'b'; expected areas that do not overlap"
    ):
        by_area(layer(a=(0, 0, 600, 1000), b=(500, 0, 1000, 1000)), TARGETS)


def test_a_point_in_two_sources_is_refused() -> None:
    with pytest.raises(InputError, match="a point lies in two areas; found point 0"):
        by_points(found((0, 0), (0, 1)), found((0, 0)), source_ids=["a", "b"], target_ids=["c"], people=np.ones(1))


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_people_that_cannot_be_are_refused(value: float) -> None:
    with pytest.raises(InputError, match=r"people, row 2: a number that cannot be; found (-1\.0|nan|inf)"):
        by_points(found((0, 0)), found((0, 0)), source_ids=["a"], target_ids=["c"], people=np.array([1, value]))


def test_points_that_are_not_there_are_refused() -> None:
    with pytest.raises(InputError, match="a point or area that is not there; found 8 points in 1 areas; expected 1 points in 1 areas"):
        by_points(found((7, 0)), found((0, 0)), source_ids=["a"], target_ids=["c"], people=np.ones(1))


def test_weights_between_other_areas_are_not_mixed() -> None:
    with pytest.raises(GeoError, match="weights between other areas"):
        first_of(by_area(SOURCES, TARGETS), by_area(TARGETS, SOURCES))


def test_a_mask_needs_a_number_of_dwellings_for_each_block() -> None:
    with pytest.raises(InputError, match="another number than blocks; found 2; expected 1"):
        by_mask(SOURCES, TARGETS, layer(a=(0, 0, 1, 1)), dwellings=np.ones(2))
