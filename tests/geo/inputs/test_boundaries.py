"""Area sets from files: measured, checked, told what is wrong by feature; and real layers taken in as they are."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.errors import CrsError, InputError, Problem
from geo.files import workspace as workspaces
from geo.files.layers import reading
from geo.inputs import areagroups, boundaries, catalogue, intake
from geo.model.areas import AreaSetEdition
from tests.towns import toytown

HERE = Path(__file__).parent.parent.parent.parent
REAL = Path(os.environ.get("OMRAADEKORT_REAL", HERE.parent / "shared")) / "boundaries"
PARTITION = AreaSetEdition(id="square", valid_from=dt.date(2010, 1, 1), partition=True)


def layer(*shapes: shapely.Geometry | None, crs: str | None = "EPSG:25832") -> gpd.GeoDataFrame:
    names = [f"a{number}" for number in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame({"area_id": names, "name": names, "note": ""}, geometry=list(shapes), crs=crs, index=range(1, len(shapes) + 1))


def fault(found: gpd.GeoDataFrame, edition: AreaSetEdition = PARTITION) -> Problem:
    with pytest.raises(InputError) as caught:
        boundaries.measured(found, edition, file="f.geojson")
    (problem,) = caught.value.problems
    return problem


def test_the_toy_towns_squares_are_one_square_kilometre_each(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    sets = boundaries.read(town.boundaries, toytown.kinds())
    assert list(sets) == ["square", "patch"]
    square = sets["square"].areas
    assert square.crs.to_epsg() == 25832
    assert square["area_id"].tolist() == ["0101", "0102", "0103", "0104"]
    assert square["note"].tolist() == ["", "", "", ""]
    assert [round(size, 3) for size in square.area] == [1e6] * 4
    (first, _) = boundaries.inputs(town.boundaries, sets)
    assert (first.path, first.rows, first.licence) == ("boundaries/square/2010-01-01.geojson", 4, "CC0 1.0")


def test_the_newest_edition_is_read_and_older_codes_stay_known(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    toytown.write_areas(town, "square", toytown.squares().iloc[:2], partition=True, day=dt.date(2020, 1, 1))
    sets = boundaries.read(town.boundaries, toytown.kinds())
    assert sets["square"].edition.valid_from == dt.date(2020, 1, 1)
    assert sets["square"].areas["area_id"].tolist() == ["0101", "0102"]
    assert boundaries.codes(town.boundaries, toytown.kinds())["square"] == {"0101", "0102", "0103", "0104"}


def test_a_file_changed_after_its_sidecar_is_refused(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    with (town.folder / toytown.SQUARES).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    with pytest.raises(InputError, match=r"boundaries/square/2010-01-01.geojson, column sha256"):
        boundaries.read(town.boundaries, toytown.kinds())


def test_problems_of_all_sets_come_at_once(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    for area_set in ("square", "patch"):
        (town.boundaries / area_set / "2010-01-01.toml").unlink()
    with pytest.raises(InputError) as caught:
        boundaries.read(town.boundaries, toytown.kinds())
    assert [problem.file for problem in caught.value.problems] == [
        "boundaries/square/2010-01-01.geojson",
        "boundaries/patch/2010-01-01.geojson",
    ]


def test_neighbours_may_overlap_by_a_strip_but_not_by_a_street() -> None:
    left, x, y = toytown.square(0, 0), toytown.X, toytown.Y
    strip = shapely.box(x + 999.5, y, x + 2000, y + 1000)
    street = shapely.box(x + 990, y, x + 2000, y + 1000)
    assert len(boundaries.measured(layer(left, strip), PARTITION, file="f")) == 2
    problem = fault(layer(left, street))
    assert (problem.row, problem.what, problem.found) == (1, "two areas of a partition overlap", "'a1' and 'a2' by 10,000 m2")
    overlapping = AreaSetEdition(id="square", valid_from=dt.date(2010, 1, 1))
    assert len(boundaries.measured(layer(left, street), overlapping, file="f")) == 2


def test_coordinates_that_cannot_be_in_the_crs_say_what_they_look_like() -> None:
    degrees = shapely.box(12.5, 55.6, 12.6, 55.7)
    swapped = shapely.box(55.6, 12.5, 55.7, 12.6)
    assert fault(layer(degrees)).what == "degrees in a layer whose CRS is in metres"
    assert fault(layer(swapped, crs="EPSG:4326")).what == "latitude stands before longitude"
    assert fault(layer(toytown.square(0, 0), crs="EPSG:4326")).what == "metres in a layer whose CRS is in degrees"
    elsewhere = fault(layer(degrees, shapely.box(2, 48, 3, 49), crs="EPSG:4326"))
    assert (elsewhere.what, elsewhere.row) == ("an area outside Denmark", 2)
    assert len(boundaries.measured(layer(degrees, crs="EPSG:4326"), PARTITION, file="f")) == 1


def test_geometries_are_told_by_feature_and_never_repaired() -> None:
    bow = shapely.from_wkt("POLYGON ((720000 6170000, 721000 6171000, 721000 6170000, 720000 6171000, 720000 6170000))")
    hollow = shapely.from_wkt("MULTIPOLYGON (((720000 6170000, 721000 6170000, 721000 6171000, 720000 6170000)), EMPTY)")
    good = toytown.square(1, 1)
    for shape, what in (
        (bow, "an invalid geometry"),
        (None, "an empty geometry"),
        (shapely.Polygon(), "an empty geometry"),
        (hollow, "an empty part in a geometry"),
        (good.exterior, "not a polygon"),
    ):
        problem = fault(layer(good, shape, shape))
        assert (problem.what, problem.row, problem.column, problem.more) == (what, 2, "geometry", 1)


def test_codes_are_safe_in_addresses_and_paths() -> None:
    table = layer(toytown.square(0, 0)).assign(area_id="../x y")
    assert fault(table).what == "a code with other signs than letters, digits and -_."


def test_only_drivers_that_open_no_other_file_are_left_in_gdal() -> None:
    # In a process of its own: the setting is read when pyogrio is imported, and another test may have done that first.
    program = "from geo.files.layers import reading; import pyogrio; print(sorted(pyogrio.list_drivers()))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=HERE)
    assert found.stdout.strip() == str(
        ["ESRI Shapefile", "FlatGeobuf", "GML", "GPKG", "GeoJSON", "KML", "MapInfo File", "OpenFileGDB", "TopoJSON"]
    )


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".shp", ".fgb"])
def test_the_four_formats_are_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"squares{ending}"
    toytown.squares().to_file(path)
    read = reading.read(path, file=path.name)
    assert (len(read), read.crs.to_epsg()) == (4, 25832)


def test_a_geojson_without_a_crs_member_is_in_degrees_as_rfc_7946_says(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    features = json.loads(toytown.squares().to_crs(4326).to_json())["features"]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    assert reading.read(path, file="a").crs.to_epsg() == 4326


def test_importing_writes_an_edition_with_its_provenance(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    path = tmp_path / "kvadrater.gpkg"
    toytown.squares().rename(columns={"area_id": "kode", "name": "navn"}).to_file(path)
    (taken,) = intake.boundaries(town, [path], retrieved=dt.date(2021, 2, 3))
    assert (taken.path, taken.rows, taken.note) == ("boundaries/square/2015-01-01.geojson", 4, "")
    read = boundaries.read(town.boundaries, toytown.kinds())["square"]
    # seven decimals of a degree are a centimetre, over a rim of four kilometres
    assert [abs(size - 1e6) < 40 for size in read.areas.area] == [True] * 4
    assert (read.sidecar.retrieved, read.sidecar.generalised, read.sidecar.title) == (dt.date(2021, 2, 3), False, "Kvadrater")
    before = toytown.tree(town.folder)
    intake.boundaries(town, [path], retrieved=dt.date(2021, 2, 3))
    assert toytown.tree(town.folder) == before


def test_a_slug() -> None:
    names = ["Brønshøj-Husum", "Ydre Nørrebro", "Ved Bispebjerg Parkallé", "Tingbjerg/Husum", "Ålholm"]
    assert [areagroups.slug(name) for name in names] == [
        "broenshoej-husum",
        "ydre-noerrebro",
        "ved-bispebjerg-parkalle",
        "tingbjerg-husum",
        "aalholm",
    ]


@pytest.mark.real
@pytest.mark.skipif(not REAL.is_dir(), reason="the real layers are not beside the project")
def test_real_layers_are_taken_in_as_they_are(tmp_path: Path) -> None:
    town = workspaces.create(tmp_path / "w", default=HERE)
    names = (
        "bydele_2025", "kvarterer_2023", "tryghedsdistrikter_13_from_kvarter2023", "udsatte_byomraader_2023", "almene_boligafdelinger_2025",
        "hotspot_kandidater_fra_almene_2025",
    )  # fmt: skip
    taken = intake.boundaries(town, [REAL / f"{name}.geojson" for name in names])
    assert {one.path.split("/")[1]: one.rows for one in taken} == {
        "bydel": 10, "kvarter": 67, "tryghedsdistrikt": 13, "udsat_byomraade": 15, "almen_afdeling": 506,
        "udsat_boligomraade": 12, "udsatte_samlet": 1, "hotspot": 2,
    }  # fmt: skip
    sets = boundaries.read(town.boundaries, catalogue.kinds(town.boundaries))
    assert not any(sets[one.path.split("/")[1]].sidecar.generalised for one in taken)
    # SOURCES.md beside the layers gives these sizes, in km2
    assert round(sets["bydel"].areas.area.sum() / 1e6, 2) == 92.83
    assert round(sets["kvarter"].areas.area.sum() / 1e6, 2) == 92.41
    assert set(sets["tryghedsdistrikt"].areas["area_id"]) >= {"amager-vest", "indre-noerrebro", "vesterbro"}


def test_degrees_and_latitude_are_crs_errors() -> None:
    with pytest.raises(CrsError):
        boundaries.check_place(layer(shapely.box(55.6, 12.5, 55.7, 12.6), crs="EPSG:4326"), file="f")
