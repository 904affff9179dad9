"""Overlaps in percent and drawn geometry, on squares worked out on paper."""

import json

import geopandas as gpd
import numpy as np
import shapely

from geo.spatial import crs
from geo.spatial.display import describe, draw
from geo.spatial.overlaps import overlaps
from tests.records.districts import EAST, ESTATE, NORTH, TOWN, area_set


def test_overlaps_are_in_percent_of_both_sides() -> None:
    found = {(o.area_id, o.other_id): (o.percent_of_area, o.percent_of_other) for o in overlaps({"district": TOWN, "estate": ESTATE})}
    assert found == {
        ("across", "west"): (50.0, 1.0),
        ("across", "east"): (50.0, 1.0),
        ("west", "across"): (1.0, 50.0),
        ("east", "across"): (1.0, 50.0),
    }


def test_water_has_no_relations() -> None:
    lake = area_set("water", {"lake": (0, 0, 500, 500)}, role="context")
    assert overlaps({"district": TOWN, "water": lake}) == ()


def test_touching_areas_do_not_overlap() -> None:
    beside = area_set("estate", {"beside": (2000, 0, 2100, 100)})
    assert overlaps({"district": TOWN, "estate": beside}) == ()


def test_a_layer_is_described_in_degrees_and_square_kilometres() -> None:
    about = describe(TOWN)
    west = about.areas[0]
    assert (west.area_id, west.km2) == ("west", 1.0)
    assert west.box[0] < west.point[0] < west.box[2]
    assert 12 < west.point[0] < 13
    assert 55 < west.point[1] < 56


def test_what_is_drawn_holds_codes_and_corners_and_nothing_else() -> None:
    drawn = json.loads(draw(TOWN))
    assert [feature["properties"] for feature in drawn["features"]] == [{"area_id": "west"}, {"area_id": "east"}]
    corners = np.array(drawn["features"][0]["geometry"]["coordinates"][0])
    assert np.allclose(corners, corners.round(5), atol=1e-12)


def test_neighbours_still_share_their_edge_when_drawn() -> None:
    wiggle = [(1000 + 2 * np.sin(i), i * 50) for i in range(21)]
    left = shapely.Polygon([(EAST + x, NORTH + y) for x, y in [(0, 1000), (0, 0), *wiggle]])
    right = shapely.Polygon([(EAST + x, NORTH + y) for x, y in [(2000, 0), (2000, 1000), *reversed(wiggle)]])
    town = area_set("district", {"west": (0, 0, 1, 1), "east": (2, 2, 3, 3)})
    town.areas.geometry = gpd.GeoSeries([left, right], crs=crs.MEASURE)
    drawn = json.loads(draw(town))
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in drawn["features"]]
    assert shapely.coverage_is_valid(shapes)
    assert sum(shapely.get_num_coordinates(shapes)) < sum(shapely.get_num_coordinates([left, right]))
