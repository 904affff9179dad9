"""Everything that can be wrong with a register is told, and no person is in what is told."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from geo.errors import CrsError, GeoError, InputError
from geo.files import signs
from geo.files.tables import dialects
from geo.model.areas import Register
from geo.model.indicators import RegisterMeasure
from geo.registers import cube, files, register
from geo.registers.cube import CubeQuestion
from tests.towns.registertown import CODES, FIND, IDS, QUESTION, REGISTER, SECRET, counted, describe, opened, save, town, write_town

# --- what is wrong ----------------------------------------------------------------------------------------------------


def refused(path: Path, register: Register = REGISTER, kind: type[GeoError] = InputError, question: CubeQuestion = QUESTION) -> str:
    with pytest.raises(kind) as raised:
        counted(path, register, question)
    said = str(raised.value)
    assert not [secret for secret in (*map(str, SECRET), "123.456", "654.321", "hemmelig") if secret in said], said
    return said


def private(rows: int = 50) -> pd.DataFrame:
    return town(rows).assign(x=SECRET[0], y=SECRET[1])


def in_crs(code: int) -> tuple[float, float]:
    """The secret place in another CRS, easting or longitude first."""
    point = gpd.GeoSeries.from_xy([SECRET[0]], [SECRET[1]], crs=25832).to_crs(code).iloc[0]
    return point.x, point.y


def test_swapped_axes_are_said(tmp_path: Path) -> None:
    path = save(private().rename(columns={"x": "y", "y": "x"}), tmp_path / "town.parquet")
    assert "these look like latitude first" in refused(path, kind=CrsError)
    east, north = in_crs(4326)
    degrees = private().assign(x=north, y=east)
    assert "these look like latitude first" in refused(
        save(degrees, tmp_path / "b" / "town.parquet"), Register(crs="EPSG:4326", codes=CODES), CrsError
    )


def test_degrees_in_a_metre_crs_are_said(tmp_path: Path) -> None:
    east, north = in_crs(4326)
    path = save(private().assign(x=east, y=north), tmp_path / "town.parquet")
    assert "these look like degrees of EPSG:4326; expected" in refused(path, kind=CrsError)
    path = save(private().assign(x=north, y=east), tmp_path / "a" / "town.parquet")
    assert "these look like degrees of EPSG:4326, latitude first; expected" in refused(path, kind=CrsError)
    assert "these look like degrees" in refused(save(private().assign(x=9.1, y=48.7), tmp_path / "b" / "town.parquet"), kind=CrsError)


def test_another_crs_than_declared_is_said(tmp_path: Path) -> None:
    east, north = in_crs(25833)
    path = save(private().assign(x=east, y=north), tmp_path / "town.parquet")
    assert "these look like metres of EPSG:25833" in refused(path, kind=CrsError)
    made = pq.read_table(save(private(), tmp_path / "b" / "town.parquet")).replace_schema_metadata({"crs": "EPSG:4326"})
    pq.write_table(made, tmp_path / "b" / "town.parquet")
    said = refused(tmp_path / "b" / "town.parquet", kind=CrsError)
    assert "found EPSG:4326; expected EPSG:25832" in said
    assert "not known" in refused(save(private(), tmp_path / "c" / "town.parquet"), Register(crs="EPSG:1", codes=CODES), CrsError)


def test_only_the_wrong_file_of_a_folder_is_named(tmp_path: Path) -> None:
    save(private(), tmp_path / "town" / "good.parquet")
    save(private().rename(columns={"x": "y", "y": "x"}), tmp_path / "town" / "swapped.parquet")
    said = refused(tmp_path / "town", kind=CrsError)
    assert "town/swapped.parquet" in said
    assert "good" not in said


@pytest.mark.parametrize("keep", [0, 3, 0.5, 0.99])
def test_a_file_cut_short_is_said(tmp_path: Path, keep: float) -> None:
    path = save(town(), tmp_path / "town.parquet")
    content = path.read_bytes()
    path.write_bytes(content[: int(keep * len(content)) if keep < 1 else int(keep)])
    assert "the file cannot be read to its end; expected a whole Parquet file" in refused(path)


def test_a_hole_in_the_middle_is_said(tmp_path: Path) -> None:
    path = save(town(), tmp_path / "town.parquet")
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 3)
    path.write_bytes(content)
    assert "cannot be read to its end" in refused(path)


def test_a_column_that_changes_its_type_between_files_is_said(tmp_path: Path) -> None:
    save(private(), tmp_path / "town" / "1.parquet")
    save(private().assign(age=3), tmp_path / "town" / "2.parquet")
    said = refused(tmp_path / "town")
    assert "town/2.parquet, column age: a column that changes its type between files; found a whole number; expected text" in said


def test_all_that_is_wrong_comes_in_one_answer(tmp_path: Path) -> None:
    save(private().drop(columns="age"), tmp_path / "town" / "1.parquet")
    save(private().assign(x="hemmelig"), tmp_path / "town" / "2.parquet")
    (tmp_path / "town" / "3.parquet").write_bytes(b"PAR1")
    said = refused(tmp_path / "town")
    assert "1.parquet, column age: a missing column" in said
    assert "2.parquet, column x: a column of the wrong type; found text; expected a number" in said
    assert "3.parquet: the file cannot be read" in said


def test_no_value_of_a_csv_is_in_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "town.csv"
    table = pd.concat([private(), private().astype({"x": object}).assign(x="123.456 hemmelig")])
    table.to_csv(path, index=False)
    assert "column x: a value of the wrong type; expected double" in refused(path)
    path.write_bytes(private().to_csv(index=False).encode() + b"2010H1,1,720000,6170000,b\xf8rn,yes\n" + b"x" * 10)
    monkeypatch.setattr(dialects, "_LOOK", 200)
    assert "the file cannot be read to its end; expected a whole CSV, all of it in UTF-8" in refused(path)
    path.write_text("")
    assert "town.csv" in refused(path)
    private().to_csv(path, index=False, sep="|")
    assert "a missing column" in refused(path)


def test_a_misspelt_word_or_column_is_refused_before_a_row_is_read(tmp_path: Path) -> None:
    path = save(private(), tmp_path / "town.parquet")
    wrong = {
        "a": RegisterMeasure(register="town", where={"age": ("adlut",)}),
        "b": RegisterMeasure(register="town", having={"wrok": ("no",)}),
    }
    said = refused(path, question=CubeQuestion(wrong, QUESTION.areas))
    assert "'adlut'" in said
    assert "column wrok" in said


def test_a_list_of_addresses_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    listed = Register(crs="EPSG:25832", codes=CODES, address="address", addresses="list.parquet")
    path = save(private(), tmp_path / "town.parquet")
    assert "the list of addresses is not there" in refused(path, listed)
    save(private()[["address", "x", "y"]].iloc[[0, 0, 1]], tmp_path / "list.parquet")
    assert "an address stands twice" in refused(path, listed)
    texts = private().assign(address=lambda rows: "hemmelig " + rows["address"].astype(str))
    save(texts[["address", "x", "y"]].drop_duplicates(), tmp_path / "list.parquet")
    assert "another type than in the list" in refused(path, listed)


HUGE = 2**63 + 11


def test_an_address_number_too_large_to_count_by_is_refused_without_it(tmp_path: Path) -> None:
    listed = Register(crs="EPSG:25832", codes=CODES, address="address", addresses="list.parquet")
    rows = private().assign(address=HUGE).astype({"address": "uint64"})
    path = save(rows, tmp_path / "town.parquet")
    save(private()[["address", "x", "y"]].iloc[[0]], tmp_path / "list.parquet")
    said = refused(path, listed)
    assert "town.parquet: a value that cannot be counted; expected coordinates, whole numbers below 2**63" in said
    assert str(HUGE) not in said
    save(rows[["address", "x", "y"]].iloc[[0]], tmp_path / "list.parquet")
    said = refused(path, listed)
    assert "list.parquet: a value that cannot be counted" in said
    assert str(HUGE) not in said


def test_addresses_at_both_ends_of_the_numbers_and_absent_ones_are_found(tmp_path: Path) -> None:
    ends = [-(2**63) + 1, 2**63 - 1, None]
    rows = private(3).assign(address=pd.array(ends, dtype="Int64"))
    path = save(rows, tmp_path / "town.parquet")
    save(rows[["address", "x", "y"]], tmp_path / "list.parquet")
    listed = Register(crs="EPSG:25832", codes=CODES, address="address", addresses="list.parquet")
    assert counted(path, listed).rows == 3


def test_a_list_of_addresses_of_other_types_is_refused_without_a_value(tmp_path: Path) -> None:
    listed = Register(crs="EPSG:25832", codes=CODES, address="address", addresses="list.parquet")
    path = save(private(), tmp_path / "town.parquet")
    save(private()[["address", "x", "y"]].drop_duplicates().assign(x="hemmelig"), tmp_path / "list.parquet")
    assert "column x: a column of the wrong type; found text" in refused(path, listed)


@pytest.mark.parametrize("column", ["period", "age"])
def test_text_that_is_no_utf8_is_told_without_it(tmp_path: Path, column: str) -> None:
    made = pq.read_table(save(private(), tmp_path / "town.parquet"))
    broken = pa.Array.from_buffers(pa.string(), 1, pa.array([b"b\xf8rn"]).buffers()).take(pa.array([0] * len(made)))
    pq.write_table(made.set_column(made.schema.get_field_index(column), column, broken), tmp_path / "town.parquet")
    said = refused(tmp_path / "town.parquet")
    assert "a value that cannot be counted" in said
    assert "xf8" not in said


@pytest.mark.parametrize("crs", ["EPSG:5773", 'LOCAL_CS["x",UNIT["metre",1]]', "EPSG:1", "nonsense"])
def test_a_crs_that_no_way_leads_from_is_told(tmp_path: Path, crs: str) -> None:
    said = refused(save(private(), tmp_path / "town.parquet"), Register(crs=crs, codes=CODES), CrsError)
    assert "a coordinate reference system that is not known" in said


def test_a_crs_with_signs_that_cannot_be_seen_is_told(tmp_path: Path) -> None:
    said = refused(save(private(), tmp_path / "town.parquet"), Register(crs="\x00", codes=CODES))
    assert "column register.crs" in said
    assert signs.SEEN in said


def test_metadata_that_is_no_text_is_told(tmp_path: Path) -> None:
    made = pq.read_table(save(private(), tmp_path / "town.parquet")).replace_schema_metadata({"crs": b"\xff\xfe"})
    pq.write_table(made, tmp_path / "town.parquet")
    assert "not known" in refused(tmp_path / "town.parquet", kind=CrsError)


def test_coordinates_of_any_number_are_nowhere_or_somewhere(tmp_path: Path) -> None:
    rows = private(6).assign(x=[720_500, 2**63 + 1, 720_500, 720_600, 720_700, 720_800], y=6_170_100).astype({"x": "uint64"})
    assert counted(save(rows, tmp_path / "town.parquet")).rows == 6


def test_a_register_without_a_description_or_another_file_is_refused(tmp_path: Path) -> None:
    path = describe(save(private(), tmp_path / "town.parquet"))
    save(private(51), path)
    with pytest.raises(InputError, match="not the one its sidecar describes"):
        register.open(path, QUESTION, FIND)
    describe(path, None)
    with pytest.raises(InputError, match=r"a table \[register\]"):
        register.open(path, QUESTION, FIND)


# --- a person is nowhere ----------------------------------------------------------------------------------------------


def test_no_row_is_in_a_job_a_cube_or_a_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    found = opened(save(private(), tmp_path / "town.parquet"))
    counts = register.count(found.job, found.shards)
    shown = "".join(map(repr, (found, counts, *cube.leftovers(counts, IDS)))) + caplog.text
    assert "123.456" not in shown
    assert "654.321" not in shown


def test_the_checksum_of_a_folder_is_what_sha256sum_gives(tmp_path: Path) -> None:
    write_town(tmp_path, files=3)
    command = "sha256sum *.parquet | sha256sum"
    said = subprocess.run(["sh", "-c", command], cwd=tmp_path / "town", capture_output=True, text=True, check=True).stdout.split()[0]
    assert register.checksum(tmp_path / "town", REGISTER) == said


def batches_of(path: Path, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    found = opened(path)
    return files.batches(found.shards[0], names)


def test_text_is_read_as_the_dictionary_it_has_in_the_file(tmp_path: Path) -> None:
    batch = next(batches_of(save(town(), tmp_path / "town.parquet"), ("period", "age", "x")))
    assert pa.types.is_dictionary(batch["age"].type)
    assert pa.types.is_float64(batch["x"].type)
