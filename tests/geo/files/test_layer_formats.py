"""Layers in the formats that they are exchanged in: each is read as its owner sees it, or refused with the mend."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

from geo.errors import CrsError, InputError, Problem
from geo.files import apart
from geo.files.layers import reading
from tests.towns import toytown

NAMES = ["Nørrebro", "Vanløse", "Østerbro", "Amager"]
SUFFIXES = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def squares() -> gpd.GeoDataFrame:
    return toytown.squares().rename(columns={"area_id": "kode", "name": "navn"}).assign(navn=NAMES)


def refused(path: Path, layer: str = "") -> Problem:
    with pytest.raises(InputError) as caught:
        reading.read(path, file=path.name, layer=layer)
    return caught.value.problems[0]


def shapefile(folder: Path, layer: gpd.GeoDataFrame | None = None, *, encoding: str = "UTF-8") -> Path:
    path = folder / "bydele.shp"
    (squares() if layer is None else layer).to_file(path, encoding=encoding)
    return path


def packed(path: Path, *inside: Path, folder: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in inside:
            archive.write(file, f"{folder}{file.name}")
    return path


def topology(layer: gpd.GeoDataFrame) -> dict[str, object]:
    """A TopoJSON in which each area has an arc of its own."""
    degrees = layer.to_crs(4326)
    rings = [[list(corner) for corner in shape.exterior.coords] for shape in degrees.geometry]
    parts = [
        {"type": "Polygon", "arcs": [[number]], "properties": {"kode": row.kode, "navn": row.navn}}
        for number, row in enumerate(degrees.itertuples())
    ]
    return {"type": "Topology", "arcs": rings, "objects": {"bydele": {"type": "GeometryCollection", "geometries": parts}}}


# --- what is read -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".fgb", ".gml", ".tab", ".mif", ".gdb", ".parquet", ".topojson", ".json", ".geojsonl"])
def test_a_format_is_read_alone_and_in_a_zip(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"bydele{ending}"
    if ending == ".parquet":
        squares().to_parquet(path)
    elif ending in {".topojson", ".json"}:
        path.write_text(json.dumps(topology(squares())), encoding="utf-8")
    elif ending == ".geojsonl":
        features = json.loads(squares().to_crs(4326).to_json())["features"]
        path.write_text("\n".join(json.dumps(feature) for feature in features), encoding="utf-8")
    else:
        squares().to_file(path)
    inside = sorted(path.iterdir()) if path.is_dir() else sorted(tmp_path.glob("bydele.*"))
    zipped = packed(tmp_path / "ude.zip", *inside, folder="bydele.gdb/" if path.is_dir() else "mappe/")
    for each in (path, zipped):
        layer = reading.read(each, file=each.name)
        assert sorted(layer["navn"]) == sorted(NAMES)
        assert sorted(layer["kode"].astype(str)) == ["0101", "0102", "0103", "0104"]
        assert layer.to_crs(25832).area.sum() == pytest.approx(4e6, rel=1e-3)


def test_a_kml_gives_names_in_degrees(tmp_path: Path) -> None:
    path = tmp_path / "bydele.kml"
    layer = squares().to_crs(4326).rename(columns={"navn": "Name", "kode": "Description"})
    layer.to_file(path, driver="KML", engine="pyogrio")
    read = reading.read(path, file=path.name)
    assert read["Name"].tolist() == NAMES
    assert read.crs.to_epsg() == 4326


def test_one_feature_is_a_layer_of_one(tmp_path: Path) -> None:
    path = tmp_path / "kommune.geojson"
    path.write_text(json.dumps(json.loads(squares().to_crs(4326).to_json())["features"][0]), encoding="utf-8")
    assert reading.read(path, file=path.name)["kode"].tolist() == ["0101"]


def test_the_number_that_a_web_feature_service_adds_is_no_column(tmp_path: Path) -> None:
    written = json.loads(squares().to_crs(4326).to_json())
    for number, feature in enumerate(written["features"]):
        feature["id"] = f"bydel.{number}"
    path = tmp_path / "bydele.geojson"
    path.write_text(json.dumps(written), encoding="utf-8")
    assert list(reading.read(path, file=path.name).columns) == ["kode", "navn", "geometry"]


def test_a_geopackage_with_a_table_of_styles_has_one_layer(tmp_path: Path) -> None:
    path = tmp_path / "bydele.gpkg"
    squares().to_file(path, layer="bydele")
    pyogrio.write_dataframe(squares().drop(columns="geometry"), path, layer="layer_styles", append=True)
    assert len(reading.read(path, file=path.name)) == 4


def test_one_of_several_layers_is_named(tmp_path: Path) -> None:
    path = tmp_path / "omraader.gpkg"
    squares().to_file(path, layer="bydel")
    squares().iloc[:2].to_file(path, layer="kvarter", mode="a")
    problem = refused(path)
    assert (problem.what, problem.found) == ("not just one layer", "bydel, kvarter")
    assert "--layer" in problem.expected
    assert len(reading.read(path, file=path.name, layer="kvarter")) == 2
    assert refused(path, layer="rode").found == "bydel, kvarter"


# --- letters of a Shapefile ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "said"), [("UTF-8", "UTF-8"), ("ISO-8859-1", "Windows-1252")])
def test_letters_without_a_cpg_are_found_out_and_said(tmp_path: Path, encoding: str, said: str) -> None:
    path = shapefile(tmp_path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    layer = reading.read(path, file=path.name)
    assert layer["navn"].tolist() == NAMES
    assert f"no bydele.cpg says in which letters its names are; they are read as {said}" in layer.attrs["remarks"]


@pytest.mark.parametrize(("encoding", "wrong"), [("ISO-8859-1", "UTF-8"), ("UTF-8", "ISO-8859-1"), ("UTF-8", "88591")])
def test_a_cpg_that_says_other_letters_is_told(tmp_path: Path, encoding: str, wrong: str) -> None:
    path = shapefile(tmp_path, encoding=encoding)
    path.with_suffix(".cpg").write_text(wrong)
    problem = refused(path)
    assert problem.what == "the names are not in the letters that the .cpg says"
    assert problem.found == f"bydele.cpg says {wrong}"
    assert encoding in problem.expected


@pytest.mark.parametrize("said", ["UTF-8", "utf8", "65001"])
def test_the_ways_a_cpg_says_its_letters(tmp_path: Path, said: str) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".cpg").write_text(f"{said}\n")
    assert reading.read(path, file=path.name)["navn"].tolist() == NAMES


@pytest.mark.parametrize("lost", [".shx", ".dbf"])
def test_a_shapefile_that_lost_a_file_is_told_which(tmp_path: Path, lost: str) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(lost).unlink()
    before = sorted(tmp_path.iterdir())
    problem = refused(path)
    assert (problem.what, problem.found) == ("a file that belongs to the Shapefile is missing", f"no bydele{lost}")
    assert sorted(tmp_path.iterdir()) == before


def test_a_shapefile_in_a_zip_without_its_prj_has_no_crs(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    zipped = packed(tmp_path / "ude.zip", *(path.with_suffix(ending) for ending in SUFFIXES if ending != ".prj"))
    with pytest.raises(CrsError):
        reading.read(zipped, file=zipped.name)


# --- what is not read is named ------------------------------------------------------------------------------------------

ESRI = {"geometryType": "esriGeometryPolygon", "features": [{"attributes": {"navn": "Nord"}, "geometry": {"rings": []}}]}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.geojson", '{"type": "FeatureCollection", "features": []}'.encode("utf-16"), "UTF-16"),
        ("a.json", json.dumps(ESRI).encode(), "ESRI JSON"),
        ("a.json", b'{"type": "Feature"}\n{"type": "Feature"}', ".geojsonl"),
        ("a.geojson", b"PK\x03\x04 and more", "named .zip"),
        ("a.gpkg", b"<html><body>Error 500</body></html>", "a page of the web"),
        ("a.txt", b'{"type": "FeatureCollection"}', "named .geojson it is read"),
        ("a.zip", b"PK no zip at all", "a zip with one layer"),
    ],
)
def test_another_format_is_named_for_what_it_is(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert words in str(refused(path))


def test_a_zip_with_two_layers_or_none_is_told(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    other = tmp_path / "kvarterer.geojson"
    other.write_text(squares().to_json(), encoding="utf-8")
    note = tmp_path / "laes-mig.txt"
    note.write_text("hej", encoding="utf-8")
    every = [path.with_suffix(ending) for ending in SUFFIXES]
    assert refused(packed(tmp_path / "to.zip", *every, other, note)).found == "bydele.shp, kvarterer.geojson"
    assert refused(packed(tmp_path / "nul.zip", note)).found == "none"
    assert len(reading.read(packed(tmp_path / "en.zip", *every, note), file="en.zip")) == 4


def test_a_zip_that_unpacks_to_more_than_a_layer_may_be_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bombe.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("bydele.geojson", "w") as inside:
        inside.write(b"{")
        for _ in range(140):
            inside.write(b" " * 1_000_000)
    assert refused(path).what == "the file is too large"


GROWS = "<!DOCTYPE a [" + "<!ENTITY e0 'x'>" + "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 12}'>" for n in range(1, 10)) + "]>"


@pytest.mark.parametrize("ending", [".gml", ".kml"])
@pytest.mark.parametrize("entity", [GROWS, "<!DOCTYPE a [<!ENTITY e9 SYSTEM 'file:///etc/hostname'>]>"])
def test_xml_that_grows_or_asks_for_other_files_is_harmless(tmp_path: Path, ending: str, entity: str) -> None:
    secret = Path("/etc/hostname").read_text(encoding="utf-8").strip() if Path("/etc/hostname").exists() else "no such text"
    path = tmp_path / f"a{ending}"
    if ending == ".kml":
        ring = "<LinearRing><coordinates>12,55 12.1,55 12.1,55.1 12,55</coordinates></LinearRing>"
        area = f"<Polygon><outerBoundaryIs>{ring}</outerBoundaryIs></Polygon>"
        inside = f"<Placemark><name>&e9;</name>{area}</Placemark>"
        whole = f"<kml xmlns='http://www.opengis.net/kml/2.2'><Document>{inside}</Document></kml>"
    else:
        inside = "<gml:featureMember><a><navn>&e9;</navn></a></gml:featureMember>"
        whole = f"<gml:FeatureCollection xmlns:gml='http://www.opengis.net/gml'>{inside}</gml:FeatureCollection>"
    path.write_text(f"<?xml version='1.0'?>{entity}{whole}", encoding="utf-8")
    try:
        told = apart.read(path, file=path.name).to_csv()
    except InputError as error:
        told = str(error)
    assert secret not in told
    assert len(told) < 10_000
