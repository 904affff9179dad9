"""Bad input: each case gives one message that names file, row and column, and leaves the workspace as it was, byte for byte."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import geopandas as gpd
import pytest
import shapely

from geo.errors import InputError, Problem
from geo.files.schema import HEADER
from geo.inputs import boundaries, catalogue, intake, observations
from tests.records.imports import GOOD, changed, csv_refused, place, refused
from tests.towns import toytown

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"
VRT = b'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
BOW = shapely.from_wkt("POLYGON ((720000 6170000, 721000 6171000, 721000 6170000, 720000 6171000, 720000 6170000))")


# --- figures ------------------------------------------------------------------------------------------------------------


def test_an_unknown_area_code_and_what_was_meant(town: toytown.Workspace) -> None:
    problem = csv_refused(town, changed("area_id", "101"))
    assert place(problem) == ("figures.csv", 3, "area_id")
    assert "'101'" in str(problem)
    assert 'did you mean "0101"?' in str(problem)


def test_a_decimal_comma_without_quotes_makes_one_field_too_many(town: toytown.Workspace) -> None:
    problem = csv_refused(town, changed("value", "12,5"))
    assert (problem.file, problem.row, problem.what) == ("figures.csv", 3, "a wrong number of fields")
    assert "a decimal comma" in problem.expected


def test_a_byte_order_mark_is_taken_off_and_noted(town: toytown.Workspace) -> None:
    # A byte order mark is no fault of the figures: spreadsheets write it. It is read, left out of the stored file, and noted there.
    path = town.folder.parent / "figures.csv"
    path.write_bytes(b"\xef\xbb\xbf" + toytown.csv([GOOD]).encode())
    (taken,) = intake.observations(town, [path], retrieved=toytown.DAY)
    assert (town.folder / taken.path).read_bytes() == toytown.csv([GOOD]).encode()
    assert "byte order mark" in (town.folder / taken.path).with_suffix(".toml").read_text("utf-8")
    known = catalogue.read(town.data, town.boundaries)
    assert len(observations.read(town.data, known, boundaries.codes(town.boundaries, known.area_sets)).table) == 8


def test_a_fault_behind_a_byte_order_mark_is_told_as_any_other(town: toytown.Workspace) -> None:
    problem = csv_refused(town, b"\xef\xbb\xbf" + changed("value", "143").encode())
    assert place(problem) == ("figures.csv", 3, "value")


def test_a_missing_column(town: toytown.Workspace) -> None:
    header = [name for name in HEADER if name != "status"]
    problem = csv_refused(town, toytown.csv(["tryg,square,0101,2014,50,,,100,,,survey,,"], header=header))
    assert (problem.file, problem.row, problem.what) == ("figures.csv", 1, "a table that no profile knows")
    assert "status" in problem.expected


def test_an_unknown_column(town: toytown.Workspace) -> None:
    problem = csv_refused(town, toytown.csv([GOOD + ",1"], header=[*HEADER, "cpr"]))
    assert (*place(problem), problem.what) == ("figures.csv", 1, "cpr", "an unknown column")


def test_a_column_that_stands_twice(town: toytown.Workspace) -> None:
    problem = csv_refused(town, toytown.csv([GOOD + ",1"], header=[*HEADER, "Value"]))
    assert (problem.row, problem.what) == (1, "a column that stands twice")


def test_a_share_of_143_percent(town: toytown.Workspace) -> None:
    problem = csv_refused(town, changed("value", "143"))
    assert (*place(problem), problem.what, problem.found) == ("figures.csv", 3, "value", "a share outside 0-100", "'143'")


def test_a_period_that_does_not_parse(town: toytown.Workspace) -> None:
    for text in ("2014H3", "2014-13", "14", "2014-02-30", "i fjor"):
        problem = csv_refused(town, changed("period", text))
        assert (*place(problem), problem.found) == ("figures.csv", 3, "period", repr(text))


@pytest.mark.parametrize(("content", "row"), [(b"", 1), (b"\n\n", 1), (b"\xef\xbb\xbf", 1), (toytown.csv([]).encode(), 2)])
def test_an_empty_file(town: toytown.Workspace, content: bytes, row: int) -> None:
    assert place(csv_refused(town, content)) == ("figures.csv", row, "")


def test_a_picture_named_csv(town: toytown.Workspace) -> None:
    problem = csv_refused(town, PNG)
    assert (*place(problem), problem.what) == ("figures.csv", 1, "", "the file is not text")


def test_an_observation_that_stands_twice(town: toytown.Workspace) -> None:
    problem = csv_refused(town, toytown.csv([GOOD, GOOD.replace("50", "51")]))
    assert (*place(problem), problem.what) == ("figures.csv", 3, "period", "an observation that stands twice")


def test_a_file_that_is_not_there(town: toytown.Workspace) -> None:
    path = town.folder.parent / "nowhere.csv"
    assert refused(town, lambda: intake.observations(town, [path])).file == "nowhere.csv"


def test_all_that_is_wrong_with_several_files_comes_at_once(town: toytown.Workspace) -> None:
    first, second = town.folder.parent / "first.csv", town.folder.parent / "second.csv"
    first.write_text(changed("area_id", "101").replace(",50,", ",150,"), "utf-8")
    second.write_text(changed("period", "soon"), "utf-8")
    before = toytown.tree(town.folder)
    with pytest.raises(InputError) as caught:
        intake.observations(town, [first, second], retrieved=toytown.DAY)
    assert {place(p) for p in caught.value.problems} == {("first.csv", 3, "area_id"), ("second.csv", 3, "period")}
    assert toytown.tree(town.folder) == before


# --- layers -------------------------------------------------------------------------------------------------------------


def foreign() -> gpd.GeoDataFrame:
    """The squares as somebody else's layer, under the column names of the toy town's import profile."""
    return toytown.squares().rename(columns={"area_id": "kode", "name": "navn"})


def layer_refused(town: toytown.Workspace, content: bytes | str, name: str = "layer.geojson") -> Problem:
    path = town.folder.parent / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return refused(town, lambda: intake.boundaries(town, [path], retrieved=toytown.DAY))


def with_shape(shape: shapely.Geometry | None) -> str:
    """The squares with another geometry in the third feature."""
    layer = foreign()
    layer.geometry = [shape if number == 2 else old for number, old in enumerate(layer.geometry)]
    return toytown.geojson(layer)


def test_a_geojson_that_says_it_has_no_crs(town: toytown.Workspace) -> None:
    problem = layer_refused(town, toytown.geojson(foreign(), crs=None))
    assert (problem.file, problem.what) == ("layer.geojson", "the layer has no coordinate reference system")


def test_a_shapefile_without_its_prj(town: toytown.Workspace) -> None:
    path = town.folder.parent / "layer.shp"
    foreign().to_file(path)
    path.with_suffix(".prj").unlink()
    problem = refused(town, lambda: intake.boundaries(town, [path]))
    assert (problem.file, problem.what) == ("layer.shp", "the layer has no coordinate reference system")


def test_metres_in_a_geojson_without_crs_member(town: toytown.Workspace) -> None:
    features = json.loads(toytown.geojson(foreign()))["features"]
    problem = layer_refused(town, json.dumps({"type": "FeatureCollection", "features": features}))
    assert (*place(problem), problem.what) == ("layer.geojson", 1, "geometry", "metres in a layer whose CRS is in degrees")


@pytest.mark.parametrize(
    ("shape", "what"),
    [
        (BOW, "an invalid geometry"),
        (None, "an empty geometry"),
        (shapely.Polygon(), "an empty geometry"),
        (shapely.Point(toytown.X, toytown.Y), "not a polygon"),
    ],
)
def test_geometries_that_are_no_area(town: toytown.Workspace, shape: Any, what: str) -> None:
    problem = layer_refused(town, with_shape(shape))
    assert (*place(problem), problem.what) == ("layer.geojson", 3, "geometry", what)


def test_two_areas_of_one_code(town: toytown.Workspace) -> None:
    problem = layer_refused(town, toytown.geojson(foreign().assign(kode=["0101", "0102", "0101", "0104"])))
    assert (*place(problem), problem.what, problem.found) == ("layer.geojson", 3, "kode", "a code that stands twice", "'0101'")


def test_an_area_without_code_or_name(town: toytown.Workspace) -> None:
    assert place(layer_refused(town, toytown.geojson(foreign().assign(kode=["0101", None, "0103", "0104"])))) == (
        "layer.geojson",
        2,
        "kode",
    )
    assert place(layer_refused(town, toytown.geojson(foreign().assign(navn=["a", "b", "c", ""])))) == ("layer.geojson", 4, "navn")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Nord\u202e", "signs that cannot be seen"), ("\u2066Nord", "signs that cannot be seen"), ("No\nrd", "signs that cannot be seen"),
        ("No\x07rd", "signs that cannot be seen"), ("Nord\u2028", "signs that cannot be seen"), ("x" * 201, "too long"),
    ],
)  # fmt: skip
def test_a_name_that_is_not_what_it_looks_like(town: toytown.Workspace, name: str, what: str) -> None:
    problem = layer_refused(town, toytown.geojson(foreign().assign(navn=["a", "b", f"{name}c", "d"])))
    assert place(problem) == ("layer.geojson", 3, "navn")
    assert what in problem.what


def test_areas_of_a_partition_that_overlap(town: toytown.Workspace) -> None:
    problem = layer_refused(town, with_shape(toytown.square(0, 1).buffer(50)))
    assert (*place(problem), problem.more) == ("layer.geojson", 1, "geometry", 2)


def test_a_layer_that_nobody_knows(town: toytown.Workspace) -> None:
    problem = layer_refused(town, toytown.geojson(toytown.squares().rename(columns={"area_id": "no"})))
    assert (problem.file, problem.found) == ("layer.geojson", "no, name")
    assert problem.expected.startswith("the columns of a profile (square: kode, navn); or a profile for it")


@pytest.mark.parametrize(
    ("content", "name", "what"),
    [
        (VRT, "layer.geojson", "the file is not what its name says"),
        (VRT, "layer.gpkg", "the file is not what its name says"),
        (VRT, "layer.shp", "the file is not what its name says"),
        (VRT, "layer.vrt", "a format that is not read"),
        (PNG, "layer.geojson", "the file is not what its name says"),
        (b"", "layer.geojson", "the file is empty"),
        (b"{", "layer.geojson", "not JSON"),
        (b'{"type": "FeatureCollection", "features": ' + b"[" * 100_000, "layer.geojson", "not a GeoJSON layer"),
        (b'{"type": "Topology", "objects": {}}', "layer.geojson", "the layer cannot be read"),
        (b'{"type": "FeatureCollection", "features": []}', "layer.geojson", "a layer without features"),
        ('{"type": "FeatureCollection", "features": ["ø"]}'.encode("latin-1"), "layer.geojson", "not UTF-8"),
        (b"SQLite format 3\0", "layer.gpkg", "the layer cannot be read"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(town: toytown.Workspace, content: bytes, name: str, what: str) -> None:
    problem = layer_refused(town, content, name)
    assert problem.file == name
    assert what in problem.what


def test_one_bad_layer_among_good_ones_leaves_nothing_behind(town: toytown.Workspace) -> None:
    good = town.folder.parent / "good.geojson"
    good.write_text(toytown.geojson(foreign()), "utf-8")
    bad = town.folder.parent / "bad.geojson"
    bad.write_text(with_shape(BOW), "utf-8")
    assert refused(town, lambda: intake.boundaries(town, [good, bad])).file == "bad.geojson"


def test_two_layers_for_one_place(town: toytown.Workspace) -> None:
    paths = [town.folder.parent / name for name in ("one.geojson", "two.geojson")]
    for path in paths:
        path.write_text(toytown.geojson(foreign()), "utf-8")
    assert refused(town, lambda: intake.boundaries(town, paths)).file == "two.geojson"


def test_a_fault_found_after_writing_takes_everything_back(town: toytown.Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    path = town.folder.parent / "good.geojson"
    path.write_text(toytown.geojson(foreign()), "utf-8")
    intake.boundaries(town, [path], retrieved=toytown.DAY)  # so that there is a file to be replaced, and to be put back

    def fail(*_: object, **__: object) -> None:
        raise InputError(Problem("good.geojson", "no"))

    monkeypatch.setattr(boundaries, "read_file", fail)
    assert refused(town, lambda: intake.boundaries(town, [path], retrieved=toytown.DAY + dt.timedelta(1))).what == "no"


def test_a_message_is_as_long_as_a_person_reads() -> None:
    told = str(Problem("a.csv", "not a table", found="x" * 1_000_000, expected="y" * 1_000_000))
    assert len(told) < 5_000
    assert "and 998,000 letters more" in told
