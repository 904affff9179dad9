"""Layers from elsewhere become areas of ours: what is put right is said, codes that come and go are said, nothing is written over."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.errors import InputError, Problem
from geo.inputs import intake
from geo.inputs.layers import changes, cleaning
from geo.inputs.layers.profiles import LayerChoices
from tests.records.imports import refused
from tests.towns import toytown

DAY = dt.date(2030, 1, 1)


def foreign(**columns: object) -> gpd.GeoDataFrame:
    return toytown.squares().rename(columns={"area_id": "kode", "name": "navn"}).assign(**columns)


def kept(town: toytown.Workspace, layer: gpd.GeoDataFrame, name: str = "layer.geojson") -> Path:
    path = town.folder.parent / name
    if name.endswith("json"):
        path.write_text(toytown.geojson(layer), encoding="utf-8")
    else:
        layer.to_file(path)
    return path


def taken(town: toytown.Workspace, path: Path, **choices: object) -> intake.ImportedFile:
    (made,) = intake.boundaries(town, [path], retrieved=toytown.DAY, choices=LayerChoices(valid_from=DAY, **choices))  # type: ignore[arg-type]  # words of the case
    return made


def no(town: toytown.Workspace, path: Path, **choices: object) -> Problem:
    picked = LayerChoices(valid_from=DAY, **choices)  # type: ignore[arg-type]  # words of the case
    return refused(town, lambda: intake.boundaries(town, [path], retrieved=toytown.DAY, choices=picked))


# --- names of columns ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [("KODE", "Navn"), ("Kode", "NAVN")])
def test_columns_in_other_capitals_are_the_same(town: toytown.Workspace, names: tuple[str, str]) -> None:
    path = kept(town, foreign().rename(columns=dict(zip(("kode", "navn"), names, strict=True))))
    assert taken(town, path).rows == 4


def test_a_name_that_a_shapefile_cut_is_known_by_its_beginning() -> None:
    assert cleaning.named(["kvarternav", "nr"], ["kvarternavn", "nr"], cut=True) == {"kvarternavn": "kvarternav", "nr": "nr"}
    assert cleaning.named(["kvarternav"], ["kvarternavn"], cut=False) == {}
    assert cleaning.named(["kvarternav", "KVARTERNAV"], ["kvarternavn"], cut=True) == {}


def test_a_letter_in_two_parts_is_the_letter() -> None:
    assert cleaning.named(["omra\u030ade"], ["område"], cut=False) == {"område": "omra\u030ade"}


# --- features without a geometry, rings of ArcGIS -----------------------------------------------------------------------


def test_features_without_a_geometry_are_left_out_when_asked(town: toytown.Workspace) -> None:
    layer = foreign()
    layer.geometry = [None if number == 1 else shape for number, shape in enumerate(layer.geometry)]
    path = kept(town, layer)
    problem = no(town, path)
    assert (problem.row, problem.column, problem.what) == (2, "geometry", "an empty geometry")
    assert "--leave-out-empty" in problem.expected
    made = taken(town, path, leave_out_empty=True)
    assert made.rows == 3
    assert "1 features without a geometry left out (2)" in made.note


def test_a_ring_that_touches_itself_is_cut_into_rings_of_the_same_area() -> None:
    x, y = toytown.X, toytown.Y
    corners = [(0, 0), (1000, 0), (1000, 1000), (0, 1000), (0, 0), (300, 600), (600, 300), (0, 0)]
    one_ring = shapely.Polygon([(x + a, y + b) for a, b in corners])
    assert shapely.is_valid_reason(one_ring).startswith("Ring Self-intersection")
    layer = foreign()
    layer.geometry = [one_ring, *layer.geometry[1:]]
    made, remark = cleaning.mended(layer)
    assert made.geometry.is_valid.all()
    assert made.area[0] == pytest.approx(abs(one_ring.area))
    assert "1 outlines that touch themselves" in remark
    assert not cleaning.mended(foreign())[1]


def test_a_bow_tie_is_not_mended() -> None:
    bow = shapely.from_wkt("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))")
    made, remark = cleaning.mended(gpd.GeoDataFrame({"a": [1]}, geometry=[bow], crs=25832))
    assert remark == ""
    assert made.geometry[0].equals_exact(bow, 0)


# --- codes --------------------------------------------------------------------------------------------------------------


def test_codes_that_a_program_wrote_with_a_point_are_whole(town: toytown.Workspace) -> None:
    made = taken(town, kept(town, foreign(kode=["1.0", "2.0", "3.0", "4.0"])))
    assert "new codes: 1, 2, 3, 4" in made.note


def test_codes_without_their_zeros_are_told(town: toytown.Workspace) -> None:
    problem = no(town, kept(town, foreign(kode=[101, 102, 103, 104])))
    assert (problem.row, problem.column, problem.what, problem.found) == (1, "kode", "a code without its leading zeros", "'101'")
    assert "'0101'" in problem.expected
    assert "digits = 4" in problem.expected
    assert problem.more == 3


def test_a_profile_puts_zeros_back(town: toytown.Workspace) -> None:
    sets = town.boundaries / "sets.toml"
    sets.write_text(sets.read_text("utf-8").replace('id = "kode"', 'id = "kode"\ndigits = 4', 1), encoding="utf-8")
    assert taken(town, kept(town, foreign(kode=[101, 102, 103, 104]))).note == ""


def test_a_code_that_stands_twice_or_has_other_signs_names_the_setting(town: toytown.Workspace) -> None:
    assert "dissolve = true" in no(town, kept(town, foreign(kode=["0101", "0101", "0103", "0104"]))).expected
    assert "slug = true" in no(town, kept(town, foreign(kode=["26/1", "AAB 50", "3", "4"]))).expected


def test_codes_that_come_and_go_and_the_figures_that_lose_their_area(town: toytown.Workspace) -> None:
    note = taken(town, kept(town, foreign(kode=["901", "902", "903", "904"]))).note
    assert "none of its 4 codes is one of the edition before" in note
    assert "codes that are gone: 0101, 0102, 0103, 0104" in note
    written = [line for path in town.data.rglob("*.csv") for line in path.read_text("utf-8").splitlines() if ",square,010" in line]
    assert f"{len(written)} figures lose their area ({len(written)} of tryg)" in note


def test_one_code_more_is_said_and_no_figure_is_lost(town: toytown.Workspace) -> None:
    five = gpd.GeoDataFrame({"kode": ["0105"], "navn": ["Ny"]}, geometry=[toytown.square(5, 5)], crs=25832)
    layer = gpd.GeoDataFrame(gpd.pd.concat([foreign(), five], ignore_index=True), crs=25832)
    assert taken(town, kept(town, layer)).note == "new codes: 0105"


# --- editions -----------------------------------------------------------------------------------------------------------


def test_another_layer_of_the_same_day_is_not_written_over(town: toytown.Workspace) -> None:
    taken(town, kept(town, foreign()))
    problem = no(town, kept(town, foreign(navn=["A", "B", "C", "D"])))
    assert problem.what == "an edition of that day is there, with other areas, and nothing is written over it"
    assert "--valid-from" in problem.expected
    assert taken(town, kept(town, foreign())).rows == 4  # the same once more changes nothing


def test_a_gap_of_a_partition_is_said_and_a_lake_is_none() -> None:
    x, y = toytown.X, toytown.Y
    left, right = shapely.box(x, y, x + 1000, y + 1000), shapely.box(x + 1000, y, x + 2000, y + 1000)
    hole = shapely.box(x + 900, y + 400, x + 1100, y + 600)
    gap = gpd.GeoDataFrame(geometry=[left - hole, right - hole], crs=25832)
    assert re.fullmatch(r"1 places inside that no area covers, the largest of (39,9\d\d|40,000) m2", changes.gaps(gap))
    lake = gpd.GeoDataFrame(geometry=[left - shapely.box(x + 300, y + 300, x + 400, y + 400), right], crs=25832)
    assert changes.gaps(lake) == ""


def test_letters_that_were_found_out_are_said(town: toytown.Workspace) -> None:
    path = kept(town, foreign(navn=["Nørre", "Sønder", "Øster", "Vester"]), "layer.shp")
    path.with_suffix(".cpg").unlink()
    assert "read as UTF-8" in taken(town, path).note
    written = json.loads((town.folder / f"boundaries/square/{DAY}.geojson").read_text("utf-8"))
    assert [feature["properties"]["name"] for feature in written["features"]] == ["Nørre", "Sønder", "Øster", "Vester"]


def test_a_name_of_another_year_than_the_profile_is_asked_about(town: toytown.Workspace) -> None:
    path = kept(town, foreign(), "bydele_1998.geojson")
    (made,) = intake.boundaries(town, [path], retrieved=toytown.DAY)
    assert "its name says 1998" in made.note
    assert "--valid-from" in made.note
    assert "its name says" not in taken(town, path).note


def wkt(town: toytown.Workspace, *, srid: str = "") -> Path:
    layer = toytown.squares()
    rows = [f'{code};{name};"{srid}{shape.wkt}"' for code, name, shape in zip(layer["area_id"], layer["name"], layer.geometry, strict=True)]
    path = town.folder.parent / "layer.csv"
    path.write_text("\n".join(["kode;navn;wkt", *rows]) + "\n", encoding="utf-8")
    return path


def test_a_table_with_wkt_is_a_layer_and_its_crs_is_asked_for(town: toytown.Workspace) -> None:
    assert "--crs EPSG:25832, if that is what they are" in no(town, wkt(town)).expected
    assert "one" in no(town, wkt(town, srid="SRID=25833;"), crs="EPSG:25832").expected
    assert taken(town, wkt(town), crs="EPSG:25832").rows == 4
    assert taken(town, wkt(town, srid="SRID=25832;")).rows == 4


def test_a_layer_of_a_few_areas_of_a_covering_set_is_asked_about(town: toytown.Workspace) -> None:
    path = kept(town, foreign().iloc[:1])
    problem = no(town, path)
    assert problem.found == "1 areas of 1.0 km2 where there were 4 of 4.0 km2; gone: 0102, 0103, 0104"
    assert taken(town, path, confirm=True).rows == 1


def test_all_areas_of_a_covering_set_but_a_tenth_of_the_city_are_asked_about(town: toytown.Workspace) -> None:
    layer = foreign()
    small = layer.set_geometry(layer.geometry.scale(0.3, 0.3))
    problem = no(town, kept(town, small))
    assert problem.found == "4 areas of 0.4 km2 where there were 4 of 4.0 km2; gone: none"
    assert taken(town, kept(town, small), confirm=True).rows == 4


def test_a_day_after_today_is_refused(town: toytown.Workspace) -> None:
    with pytest.raises(InputError, match="fetched on a day after today"):
        intake.boundaries(town, [kept(town, foreign())], retrieved=dt.date(9999, 12, 31))
    with pytest.raises(InputError, match="fetched on a day after today"):
        intake.observations(town, [town.folder / toytown.FIGURES], retrieved=dt.date(9999, 12, 31))
