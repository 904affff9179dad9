"""Layers of the workspace are read without GDAL, and hold what GDAL would have read."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

from geo import check, pipeline
from geo.errors import CrsError, InputError
from geo.files.layers import geojson
from tests.towns import toytown

EMBEDDED = sorted((Path(__file__).parents[3] / "boundaries").glob("*/*.geojson"))
SQUARE = {"type": "Polygon", "coordinates": [[[12, 55], [12.1, 55], [12.1, 55.1], [12, 55]]]}


def by_gdal(path: Path) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(path, on_invalid="ignore", force_2d=True)


def written(path: Path, *features: object, **more: object) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", **more, "features": features}), encoding="utf-8")
    return path


def feature(geometry: object = SQUARE, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": {"area_id": "1", "name": "Nord", **properties}, "geometry": geometry}


@pytest.mark.parametrize("path", EMBEDDED, ids=lambda path: "/".join(path.parts[-2:]))
def test_it_is_what_gdal_reads(path: Path) -> None:
    ours, gdals = geojson.read_own(path, file=path.name), by_gdal(path)
    assert list(ours.columns) == list(gdals.columns)
    assert ours.crs == gdals.crs
    assert ours.geometry.to_wkb().tolist() == gdals.geometry.to_wkb().tolist()
    for name in ours.columns.drop("geometry"):
        assert ours[name].fillna("").tolist() == gdals[name].fillna("").tolist()


def test_the_crs_that_it_says_is_the_one_that_gdal_reads(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "town")
    path = town.folder / toytown.SQUARES
    ours, gdals = geojson.read_own(path, file="a"), by_gdal(path)
    assert ours.crs.to_epsg() == gdals.crs.to_epsg() == 25832
    degrees = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert geojson.read_own(written(tmp_path / "d.geojson", feature(), crs=degrees), file="d").crs.to_epsg() == 4326
    for unknown in (None, {}, {"properties": {"name": "EPSG:999999"}}, [], 7, {"properties": {"name": None}}):
        with pytest.raises(CrsError):
            geojson.read_own(written(tmp_path / "u.geojson", feature(), crs=unknown), file="u")


def test_check_and_build_do_without_gdal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_words: object, **_more: object) -> None:
        raise AssertionError("GDAL was asked")

    town = toytown.write(tmp_path / "town")
    for name in ("read_dataframe", "list_layers", "read_info"):
        monkeypatch.setattr(pyogrio, name, refuse)
    assert not check.inspect(town).problems
    assert pipeline.build(town).id


@pytest.mark.parametrize(
    "features",
    [
        (),
        ("no feature",),
        ({"type": "Point"},),
        (feature(None),),
        ({**feature(), "properties": []},),
        ({**feature(), "geometry": "POLYGON"},),
        (feature(geometry={"type": "Polygon", "coordinates": [[[12, 55], ["x", "y"]]]}),),
        (feature(geometry={"type": "Nothing"}),),
        ({**feature(), "properties": {"geometry": "x"}},),
    ],
)
def test_what_is_no_layer_of_areas_is_refused_in_words(tmp_path: Path, features: tuple[object, ...]) -> None:
    with pytest.raises(InputError):
        geojson.read_own(written(tmp_path / "n.geojson", *features), file="n")


def test_values_of_several_kinds_are_text_as_gdal_makes_them(tmp_path: Path) -> None:
    path = written(tmp_path / "m.geojson", feature(area_id="0101", name={"a": [1]}), feature(area_id=102, name="Syd"), feature(None))
    ours, gdals = geojson.read_own(path, file="m"), by_gdal(path)
    assert ours["area_id"].tolist() == gdals["area_id"].tolist() == ["0101", "102", "1"]
    assert json.loads(ours["name"][0]) == json.loads(gdals["name"][0]) == {"a": [1]}
    assert ours.geometry.isna().tolist() == gdals.geometry.isna().tolist() == [False, False, True]
