"""The hand-drawn outlines: drawn again byte for byte, partitions without gaps, and as close to the real layers as their sidecars claim."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import shape

from boundaries import draw

BOUNDARIES = draw.HERE
REAL = Path(__file__).parents[4] / "shared" / "boundaries"
MOST_CORNERS = 75
LEAST = {"tryghedsdistrikt": 0.92, "bydel": 0.85, "kommune": 0.95, "udsat_boligomraade": 0.6, "hotspot": 0.6, "vand": 0.6, "nabo": 0.9}
"""IoU below which an outline would mislead. Bydele are lower than districts: the real ones hold harbour that ours leave out."""

# Every set that has an outline file; sets that come from elsewhere are not ours to test.
SIDECARS = sorted(path for outline in (BOUNDARIES / "outlines").glob("*.toml") for path in (BOUNDARIES / outline.stem).glob("*.toml"))


def sidecar_of(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def features(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.with_suffix(".geojson").read_text(encoding="utf-8"))["features"]
    return found


def composed(path: Path) -> bool:
    """Whether the set is the union of areas that are drawn, and tested, in a set of their own."""
    return "from" in sidecar_of(BOUNDARIES / "outlines" / f"{path.parent.name}.toml")


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


# --- the files in the repository ---


def test_every_outline_is_drawn_again_byte_for_byte() -> None:
    assert draw.main(["--check"]) == 0


@pytest.mark.parametrize("path", SIDECARS, ids=name_of)
def test_file_holds_only_the_agreed_properties_sorted_and_one_feature_a_line(path: Path) -> None:
    lines = path.with_suffix(".geojson").read_text(encoding="utf-8").splitlines()
    found = features(path)
    assert len(lines) == len(found) + 2
    assert all(set(feature["properties"]) - {"note"} == {"area_id", "name"} for feature in found)
    ids = [feature["properties"]["area_id"] for feature in found]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("path", SIDECARS, ids=name_of)
def test_geometries_are_valid_counter_clockwise_and_four_decimals(path: Path) -> None:
    for feature in features(path):
        geometry = shape(feature["geometry"])
        assert geometry.is_valid, feature["properties"]["area_id"]
        for polygon in draw.polygons_of(geometry) if geometry.area else ():
            assert polygon.exterior.is_ccw
            assert not any(hole.is_ccw for hole in polygon.interiors)
        for lon, lat in shapely.get_coordinates(geometry).tolist():
            assert (round(lon, 4), round(lat, 4)) == (lon, lat)
            assert 12 < lon < 13 and 55 < lat < 56  # noqa: PT018 - one fact: the corner is near the city


@pytest.mark.parametrize("path", [path for path in SIDECARS if sidecar_of(path)["area_set"]["partition"]], ids=name_of)
def test_partitions_have_no_gaps_and_no_overlaps(path: Path) -> None:
    shapes = [shape(feature["geometry"]) for feature in features(path)]
    assert shapely.coverage_is_valid(shapes)
    assert shapely.union_all(shapes).area == pytest.approx(sum(one.area for one in shapes), rel=1e-12)


@pytest.mark.parametrize("path", [path for path in SIDECARS if not composed(path)], ids=name_of)
def test_hand_drawn_areas_are_generalised(path: Path) -> None:
    for feature in features(path):
        geometry = shape(feature["geometry"])
        counts = [len(shapely.get_coordinates(part)) - 1 for part in shapely.get_parts(geometry)]
        corners = sum(counts) if geometry.area else max(counts) * 3  # a line is written path by path, each of a third of an area's corners
        assert corners <= MOST_CORNERS, feature["properties"]["area_id"]


def test_bydele_and_kommune_cover_what_the_districts_cover() -> None:
    districts, bydele, kommune = (
        shapely.union_all([area.shape for area in draw.draw_set(name, folder=BOUNDARIES)])
        for name in ("tryghedsdistrikt", "bydel", "kommune")
    )
    assert shapely.equals(districts, bydele)
    assert shapely.equals(districts, kommune)


def test_frederiksberg_is_no_part_of_the_municipality() -> None:
    (kommune,) = draw.draw_set("kommune", folder=BOUNDARIES)
    assert not kommune.shape.covers(shapely.Point(12.5320, 55.6800))
    assert sum(len(part.interiors) for part in draw.polygons_of(kommune.shape)) == 1


# --- against the real layers, measured in EPSG:25832 ---


def real_shape(layer: gpd.GeoDataFrame, key: str | None, value: str, near: shapely.Geometry) -> shapely.Geometry:
    """The real area of a key; a layer without a key gives what lies mostly inside the outline."""
    if key is None:
        chosen = layer.geometry.make_valid().intersection(near).area > layer.geometry.area / 2
    else:
        chosen = layer[key].astype(str) == value
    return shapely.union_all(layer.geometry[chosen].make_valid().to_numpy())


@pytest.mark.real
@pytest.mark.skipif(not REAL.is_dir(), reason="the real layers are not beside the project (../shared/boundaries)")
@pytest.mark.parametrize("path", [path for path in SIDECARS if "overlap" in sidecar_of(path)], ids=name_of)
def test_outlines_are_as_close_to_the_real_areas_as_the_sidecar_says(path: Path) -> None:
    overlap = sidecar_of(path)["overlap"]
    layer = gpd.read_file(REAL / f"{overlap['layer']}.geojson").to_crs("EPSG:25832")
    drawn = gpd.read_file(path.with_suffix(".geojson")).set_index("area_id").geometry.to_crs("EPSG:25832")
    assert set(overlap["iou"]) <= set(drawn.index)
    for area_id, claimed in overlap["iou"].items():
        mine = drawn[area_id]
        real = real_shape(layer, overlap.get("key"), overlap.get("names", {}).get(area_id, area_id), mine)
        measured = mine.intersection(real).area / mine.union(real).area
        assert measured == pytest.approx(claimed, abs=0.005), area_id
        assert claimed <= measured, f"{area_id}: the figure is rounded down, never up"
        assert measured >= LEAST[path.parent.name], area_id


def test_every_district_and_bydel_has_a_measured_overlap() -> None:
    for name in ("tryghedsdistrikt", "bydel", "kommune"):
        for path in (BOUNDARIES / name).glob("*.toml"):
            assert set(sidecar_of(path)["overlap"]["iou"]) == {feature["properties"]["area_id"] for feature in features(path)}


# --- the drawing program, on two squares side by side: west 12.0-12.1, east 12.1-12.2, both 55.0-55.1 ---

TOWN = """
[lines.middle]
along = "between the two"
points = [[12.1, 55.0], [12.1, 55.1]]
[lines.west]
points = [[12.1, 55.1], [12.0, 55.1], [12.0, 55.0], [12.1, 55.0]]
[lines.east]
points = [[12.1, 55.0], [12.2, 55.0], [12.2, 55.1], [12.1, 55.1]]

[[areas]]
area_id = "west"
name = "Vest"
ring = ["west", "middle"]
[[areas]]
area_id = "east"
name = "Øst"
ring = ["east", "-middle"]
note = "tegnet"
"""
WHOLE = 'from = "town"\n[[areas]]\narea_id = "1"\nname = "Byen"\nof = ["west", "east"]\n'


def sidecar(name: str, *, partition: bool) -> str:
    flag = str(partition).lower()
    return f'title = "t"\nsha256 = ""\n[area_set]\nid = "{name}"\nvalid_from = 2020-01-01\npartition = {flag}\n'


def folder_with(root: Path, *, partition: bool = True, **outlines: str) -> Path:
    (root / "outlines").mkdir()
    for name, text in outlines.items():
        (root / "outlines" / f"{name}.toml").write_text(text, encoding="utf-8")
        (root / name).mkdir()
        (root / name / "2020-01-01.toml").write_text(sidecar(name, partition=partition), encoding="utf-8")
    return root


def test_shared_line_is_the_same_from_both_sides(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, town=TOWN, whole=WHOLE)
    assert draw.main([], folder=folder) == 0
    assert (folder / "town" / "2020-01-01.geojson").read_text(encoding="utf-8") == (
        '{"type":"FeatureCollection","features":[\n'
        '{"type":"Feature","properties":{"area_id":"east","name":"Øst","note":"tegnet"},"geometry":{"type":"Polygon","coordinates":'
        "[[[12.1,55.0],[12.2,55.0],[12.2,55.1],[12.1,55.1],[12.1,55.0]]]}},\n"
        '{"type":"Feature","properties":{"area_id":"west","name":"Vest"},"geometry":{"type":"Polygon","coordinates":'
        "[[[12.0,55.0],[12.1,55.0],[12.1,55.1],[12.0,55.1],[12.0,55.0]]]}}\n]}\n"
    )
    (whole,) = draw.draw_set("whole", folder=folder)
    assert whole.shape.equals(shapely.box(12.0, 55.0, 12.2, 55.1))


def test_lines_and_points_are_drawn_as_they_are_written(tmp_path: Path) -> None:
    roads = '[[areas]]\narea_id = "vej"\nname = "Vej"\npaths = [[[12.0, 55.0], [12.1, 55.1]], [[12.2, 55.0], [12.1, 55.0]]]\n'
    names = '[[areas]]\narea_id = "sund"\nname = "Sundet"\nnote = "farvand"\npoint = [12.5, 55.5]\n'
    folder = folder_with(tmp_path, partition=False, roads=roads, names=names)
    assert draw.main([], folder=folder) == 0
    drawn = {name: features(folder / name / "2020-01-01.toml")[0]["geometry"] for name in ("roads", "names")}
    assert drawn["roads"] == {"type": "MultiLineString", "coordinates": [[[12.0, 55.0], [12.1, 55.1]], [[12.2, 55.0], [12.1, 55.0]]]}
    assert drawn["names"] == {"type": "Point", "coordinates": [12.5, 55.5]}


@pytest.mark.parametrize("written", ["paths = []", "paths = [[[12.0, 55.0]]]", "point = [55.0, 12.0]", "point = [12.0]"])
def test_a_line_of_one_corner_and_a_point_elsewhere_are_refused(tmp_path: Path, written: str) -> None:
    folder = folder_with(tmp_path, partition=False, roads=f'[[areas]]\narea_id = "vej"\nname = "Vej"\n{written}\n')
    with pytest.raises(draw.OutlineError):
        draw.draw_set("roads", folder=folder)


def test_check_writes_nothing_and_fails_until_the_files_are_drawn(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, town=TOWN)
    assert draw.main(["--check"], folder=folder) == 1
    assert not (folder / "town" / "2020-01-01.geojson").exists()
    assert draw.main([], folder=folder) == 0
    assert draw.main(["--check"], folder=folder) == 0
    drawn = folder / "town" / "2020-01-01.geojson"
    drawn.write_text(drawn.read_text(encoding="utf-8").replace("Vest", "vest"), encoding="utf-8")
    assert draw.main(["--check"], folder=folder) == 1


def test_drawing_does_not_depend_on_the_order_of_areas(tmp_path: Path) -> None:
    head, west, east = TOWN.split("[[areas]]")
    first = draw.collection(draw.draw_set("town", folder=folder_with(tmp_path, town=TOWN)))
    (tmp_path / "outlines" / "town.toml").write_text(f"{head}[[areas]]{east}[[areas]]{west}", encoding="utf-8")
    assert draw.collection(draw.draw_set("town", folder=tmp_path)) == first


def test_holes_and_parts_of_corners(tmp_path: Path) -> None:
    text = """
[[areas]]
area_id = "lake"
name = "Sø"
parts = [[[12.0, 55.0], [12.4, 55.0], [12.4, 55.4], [12.0, 55.4]], [[12.6, 55.0], [12.7, 55.0], [12.7, 55.1]]]
holes = [[[12.1, 55.1], [12.2, 55.1], [12.2, 55.2], [12.1, 55.2]]]
"""
    (lake,) = draw.draw_set("lake", folder=folder_with(tmp_path, lake=text))
    assert lake.shape.area == pytest.approx(0.16 - 0.01 + 0.005)
    assert [len(part.interiors) for part in draw.polygons_of(lake.shape)] == [1, 0]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"west", "middle"', '"west", "-middle"', "begins at"),
        ('"west", "middle"', '"west"', "ends at"),
        ('"west", "middle"', '"west", "nowhere"', "there is no line nowhere"),
        ("[12.0, 55.1]", "[55.1, 12.0]", "a corner is [lon, lat]"),
        ("[12.0, 55.1]", "[12.00001, 55.1]", "more than 4 decimals"),
        ("[12.0, 55.1]", "[12.0, 55.1], [12.0, 55.1]", "twice in a row"),
        ("[12.0, 55.1], [12.0, 55.0]", "[12.0, 55.0], [12.2, 55.1]", "not a valid polygon"),
        ('area_id = "west"', 'area_id = "east"', "area_id stands twice"),
        ('area_id = "west"', "area_id = 101", "needs area_id (text)"),
        ('note = "tegnet"', 'colour = "red"', "unknown keys ['colour']"),
        ('ring = ["west", "middle"]', "", "none of ring, corners, parts, of"),
        ('ring = ["west", "middle"]', 'of = ["north"]', "no area north to compose from"),
        ("[[areas]]", "[lines.spare]\npoints = [[12.5, 55.5], [12.6, 55.6]]\n[[areas]]", "no area uses the lines spare"),
    ],
)
def test_a_wrong_outline_is_refused_with_the_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, says: str
) -> None:
    folder = folder_with(tmp_path, town=TOWN.replace(old, new, 1))
    assert draw.main([], folder=folder) == 1
    assert says in capsys.readouterr().err
    assert not (folder / "town" / "2020-01-01.geojson").exists()


def test_a_partition_with_an_overlap_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = TOWN.replace('ring = ["east", "-middle"]', "corners = [[12.05, 55.0], [12.2, 55.0], [12.2, 55.1], [12.05, 55.1]]").replace(
        "[lines.east]\npoints = [[12.1, 55.0], [12.2, 55.0], [12.2, 55.1], [12.1, 55.1]]\n", ""
    )
    assert draw.main([], folder=folder_with(tmp_path, town=text)) == 1
    assert "not a partition: east west" in capsys.readouterr().err
    shutil.rmtree(tmp_path / "town")
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "2020-01-01.toml").write_text(sidecar("town", partition=False), encoding="utf-8")
    assert draw.main([], folder=tmp_path) == 0


def test_a_set_without_a_sidecar_or_with_a_wrong_one_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = folder_with(tmp_path, town=TOWN)
    path = folder / "town" / "2020-01-01.toml"
    path.write_text(sidecar("village", partition=True), encoding="utf-8")
    assert draw.main([], folder=folder) == 1
    assert "do not match the folder" in capsys.readouterr().err
    path.write_text(sidecar("town", partition=True).replace("sha256", "checksum"), encoding="utf-8")
    assert draw.main([], folder=folder) == 1
    assert "sha256" in capsys.readouterr().err
    path.unlink()
    assert draw.main([], folder=folder) == 1
    assert "no sidecar" in capsys.readouterr().err
