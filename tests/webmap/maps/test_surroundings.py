"""Around the city: neighbouring land and names on every drawn map, out of the way of the areas and of those who listen."""

import re
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import msgspec
import pytest

from geo.editions.edition import Edition
from tests.towns.maptown import BOLD, publish
from webmap.charts.ground import minimap, projection, surroundings
from webmap.maps import scripts

SPOKEN = dict.fromkeys(("0101", "0102", "0103", "0104"), "et område")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return publish(tmp_path_factory.mktemp("town") / "editions")


def drawings(town: Edition) -> dict[str, str]:
    """Every way in which a map is drawn on the server."""
    return {
        "small": minimap.mini_map(town, "square"),
        "filling": minimap.mini_map(town, "square", filling=True),
        "city": minimap.mini_map(town, "kommune"),
        "ground": minimap.ground(town, "square"),
        "pointed": minimap.pointed(town, "square", looks={}, names=SPOKEN, label="x"),
        "located": minimap.located(town, "square", town.layers["square"].areas[0].point),
    }


@pytest.mark.parametrize("way", ["small", "filling", "city", "ground", "pointed", "located"])
def test_every_drawn_map_has_its_neighbours_and_their_names(town: Edition, way: str) -> None:
    drawn = drawings(town)[way]
    elements = [*ElementTree.fromstring(drawn).iter()]  # noqa: S314 - our own drawing
    shapes = [element.get("class", "") for element in elements]
    assert "nabo" in shapes
    assert shapes.index("nabo") < next(number for number, look in enumerate(shapes) if look.startswith("omraade"))
    (named,) = (element for element in elements if "inde" in element.get("class", ""))
    assert (named.text, named.get("aria-hidden")) == (BOLD, "true")
    assert BOLD not in drawn


@pytest.mark.parametrize("way", ["small", "filling", "ground", "pointed", "located"])
def test_parks_lie_under_the_areas_and_the_largest_roads_over_them(town: Edition, way: str) -> None:
    looks = [element.get("class", "") for element in ElementTree.fromstring(drawings(town)[way]).iter()]  # noqa: S314 - our own drawing
    areas = [number for number, look in enumerate(looks) if look.startswith("omraade")]
    assert looks.index("park") < areas[0]
    assert looks.index("vej regional-vej") > areas[3]
    assert "vej stroeggade" not in looks
    assert looks.count("maal") == 1


def test_the_scale_bar_is_two_kilometres_long(town: Edition) -> None:
    bar = re.search(r'class="maal"[^>]*><path d="M(-?\d+) -?\d+v18h(\d+)', minimap.mini_map(town, "square"))
    assert bar
    west, south, east, north = projection.extent(town)
    degrees = int(bar[2]) / 1e4
    assert degrees * 111.32 == pytest.approx(2.0, abs=0.01)
    assert (west, south) < (east, north)


def test_what_one_finds_ones_way_by_comes_in_a_script_of_its_own(town: Edition) -> None:
    text = scripts.orientation_script(town)
    assert text == scripts.orientation_script(town)
    drawn, _, written = text.partition("window.kortnaere = ")
    assert "ground vej regional-vej" in drawn
    assert "ground park park" in drawn
    assert "pane_park.style.zIndex = 360" in drawn
    assert "pane_streger.style.zIndex = 460" in drawn
    assert "http" not in text
    assert BOLD not in drawn
    assert [(name, of) for name, _x, _y, of in msgspec.json.decode(written.strip().removesuffix(";"))] == [(BOLD, "station")]
    assert "regional-vej" not in scripts.ground_script(town)


def test_what_lies_outside_the_window_is_not_drawn(town: Edition) -> None:
    left, top, wide, high = projection.window(town)
    path = re.search(r'class="nabo" d="([^"]+)"', minimap.mini_map(town, "square"))
    assert path
    corners = [tuple(map(float, corner.split())) for corner in re.findall(r"-?\d+ -?\d+", path[1])]
    assert all(left - 1 <= x <= left + wide + 1 and top - 1 <= y <= top + high + 1 for x, y in corners)
    assert "Langt ude" not in "".join(drawings(town).values())


def test_a_name_that_would_be_cut_off_is_not_written(town: Edition) -> None:
    left, top, wide, high = projection.window(town)
    x = next(known.point[0] for known in town.layers["stednavn"].areas if known.area_id == "inde")
    narrow = (projection.across(x) - 10, top, wide, high)
    assert surroundings.names(town, narrow) == ""
    assert surroundings.names(town, (left, top, wide, high)) != ""


def test_the_names_reach_the_script_as_json_and_nothing_else(town: Edition) -> None:
    drawn, _, written = scripts.ground_script(town).partition("window.kortsteder = ")
    names = {name: looks for name, _east, _north, looks in msgspec.json.decode(written.strip().removesuffix(";"))}
    assert names == {BOLD: "stednavn nabo", "Langt ude": "stednavn farvand"}
    assert "geo_json_stednavn" not in drawn
    assert "geo_json_nabo" in drawn


def test_the_embedded_names_stand_outside_the_city() -> None:

    folder = Path(__file__).parents[3] / "boundaries"
    names = gpd.read_file(folder / "stednavn" / "2007-01-01.geojson")
    city = gpd.read_file(folder / "kommune" / "2007-01-01.geojson").geometry.iloc[0]
    assert not any(city.covers(point) for point in names.geometry)
    assert {"Frederiksberg", "Tårnby", "Hvidovre", "Gentofte", "Øresund"} <= set(names["name"])
    assert set(names["note"]) == {"nabo", "farvand"}
