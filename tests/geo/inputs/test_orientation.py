"""Layers to find one's way by: lines and points are taken in as context, recognised by columns and geometry, and carry no figure."""

import json
import os
from pathlib import Path

import geopandas as gpd
import msgspec
import pytest
import shapely

from geo.errors import InputError
from geo.files.workspace import Workspace
from geo.inputs import boundaries, catalogue, intake
from geo.model.areas import AreaSetKind
from geo.model.vocabulary import Text
from geo.spatial import display
from tests.towns import toytown

HERE = Path(__file__).parents[3]
REAL = Path(os.environ.get("OMRAADEKORT_REAL", HERE.parent / "shared")) / "boundaries"
NAMES = Text(da="Veje", en="Roads")
ROADS = [shapely.LineString([(12.50, 55.60), (12.51, 55.61)]), shapely.LineString([(12.51, 55.61), (12.52, 55.61)])]


@pytest.fixture
def town(tmp_path: Path) -> Workspace:
    """A toy town that knows the sets of the repository too."""
    made = toytown.write(tmp_path / "w")
    (made.boundaries / "sets.toml").write_text((HERE / "boundaries" / "sets.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return made


def written(folder: Path, name: str, columns: dict[str, list[str | None]], shapes: list[shapely.Geometry]) -> Path:
    path = folder / f"{name}.geojson"
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326").to_file(path, driver="GeoJSON")
    return path


def taken(town: Workspace, path: Path) -> tuple[str, str]:
    (one,) = intake.boundaries(town, [path])
    return one.path, one.note


def test_roads_become_one_feature_a_class(town: Workspace, tmp_path: Path) -> None:
    columns: dict[str, list[str | None]] = {"vejnavn": ["A", "B", "C"], "vejklasse": ["Regional vej", "Regional vej", "Strøggade"]}
    path = written(tmp_path, "veje", columns, [*ROADS, ROADS[0]])
    assert taken(town, path)[0] == "boundaries/vej/2014-01-01.geojson"
    roads = boundaries.read(town.boundaries, catalogue.kinds(town.boundaries))["vej"]
    assert dict(zip(roads.areas["area_id"], roads.areas["name"], strict=True)) == {
        "regional-vej": "Regional vej",
        "stroeggade": "Strøggade",
    }
    assert set(roads.areas.geom_type) <= {"LineString", "MultiLineString"}
    layer = display.describe(roads)
    assert (layer.geometry, layer.role) == ("lines", "context")
    assert {json.loads(line.rstrip(","))["geometry"]["type"] for line in display.draw(roads).decode().splitlines()[1:-1]} <= {
        "LineString",
        "MultiLineString",
    }


def test_stations_are_joined_by_name_and_those_without_one_are_left_out_and_counted(town: Workspace, tmp_path: Path) -> None:
    points = [shapely.Point(12.5, 55.6), shapely.Point(12.501, 55.6), shapely.Point(12.6, 55.7)]
    columns: dict[str, list[str | None]] = {
        "navn": ["Ved Søen", "Ved Søen", None],
        "objekt_type": ["S-station", "Metrostation", "Anden station"],
    }
    path, note = taken(town, written(tmp_path, "stationer", columns, points))
    assert path == "boundaries/station/2024-01-01.geojson"
    assert "1 features without a name left out" in note
    stations = boundaries.read(town.boundaries, catalogue.kinds(town.boundaries))["station"].areas
    assert stations[["area_id", "note"]].to_numpy().tolist() == [["ved-soeen", "S-station; Metrostation"]]


def test_parks_and_water_have_the_same_columns_and_are_told_apart(town: Workspace, tmp_path: Path) -> None:
    boxes = [shapely.box(12.5, 55.6, 12.51, 55.61), shapely.box(12.52, 55.6, 12.53, 55.61)]
    where: list[str | None] = ["København", "København"]
    assert taken(town, written(tmp_path, "p", {"objekt_type": ["Park", "Park"], "kommune": where}, boxes))[0].startswith("boundaries/park/")
    assert taken(town, written(tmp_path, "v", {"objekt_type": ["Sø", "Hav"], "kommune": where}, boxes))[0].startswith("boundaries/vand/")


def test_a_layer_of_areas_is_no_layer_of_roads(town: Workspace, tmp_path: Path) -> None:
    path = written(tmp_path, "veje", {"vejnavn": ["A"], "vejklasse": ["Regional vej"]}, [shapely.box(12.5, 55.6, 12.51, 55.61)])
    with pytest.raises(InputError, match="no profile knows"):
        intake.boundaries(town, [path])


def test_a_file_of_lines_in_a_set_of_points_is_refused(town: Workspace, tmp_path: Path) -> None:
    path = written(tmp_path, "veje", {"vejnavn": ["A", "B"], "vejklasse": ["Regional vej", "Strøggade"]}, ROADS)
    intake.boundaries(town, [path])
    (stored,) = (town.boundaries / "vej").glob("*.geojson")
    kind = AreaSetKind(id="vej", name=NAMES, singular=NAMES, role="context", geometry="points")
    with pytest.raises(InputError, match="not a point"):
        boundaries.read_file(stored, kind)


def test_lines_carry_no_figures() -> None:
    written_set = {"id": "vej", "name": {"da": "Veje", "en": "Roads"}, "singular": {"da": "vej", "en": "road"}, "geometry": "lines"}
    with pytest.raises(msgspec.ValidationError, match="carry no figures"):
        msgspec.convert(written_set, AreaSetKind)
    assert msgspec.convert({**written_set, "role": "context"}, AreaSetKind).geometry == "lines"


@pytest.mark.real
@pytest.mark.skipif(not REAL.is_dir(), reason="the real layers are not beside the project")
def test_real_layers_of_roads_stations_and_parks_are_taken_in_as_they_are(town: Workspace) -> None:
    names = ("vejklasser_2014", "stationer_2024", "parker_2025", "vand_2025")
    written_to = {one.source: one for one in intake.boundaries(town, [REAL / f"{name}.geojson" for name in names])}
    assert {Path(one.path).parent.name for one in written_to.values()} == {"vej", "station", "park", "vand"}
    assert written_to["vejklasser_2014.geojson"].rows == 4
    assert "53 features without a name left out" in written_to["stationer_2024.geojson"].note
