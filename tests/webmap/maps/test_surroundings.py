"""Around the city: neighbouring land and names on every drawn map, out of the way of the areas and of those who listen."""

import re
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from geo.editions.edition import Edition
from tests.towns.maptown import BOLD, publish
from webmap.charts import minimap, projection, surroundings
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
    shapes = [element.get("class", "") for element in ElementTree.fromstring(drawn).iter()]  # noqa: S314 - our own drawing
    assert "nabo" in shapes
    assert shapes.index("nabo") < next(number for number, look in enumerate(shapes) if look.startswith("omraade"))
    (named,) = (element for element in ElementTree.fromstring(drawn).iter() if "inde" in element.get("class", ""))  # noqa: S314
    assert (named.text, named.get("aria-hidden")) == (BOLD, "true")
    assert BOLD not in drawn


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
    import geopandas as gpd  # noqa: PLC0415 - one test reads files

    folder = Path(__file__).parents[3] / "boundaries"
    names = gpd.read_file(folder / "stednavn" / "2007-01-01.geojson")
    city = gpd.read_file(folder / "kommune" / "2007-01-01.geojson").geometry.iloc[0]
    assert not any(city.covers(point) for point in names.geometry)
    assert {"Frederiksberg", "Tårnby", "Hvidovre", "Gentofte", "Øresund"} <= set(names["name"])
    assert set(names["note"]) == {"nabo", "farvand"}
