"""Registers on a toy town of four squares: counted by hand, by shards, against plain pandas and shapely; and everything that is wrong."""

from __future__ import annotations

import datetime as dt
import logging
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
import shapely

from geo import cells, cube, provenance, registerfile, registers, tally
from geo.cube import Cube, Question
from geo.errors import CrsError, GeoError, InputError
from geo.model import Register, RegisterMeasure, Sidecar
from geo.places import ByCoordinate, Places, place_of
from geo.registers import Opened
from geo.tally import Job

WEST, SOUTH = 720_000.0, 6_170_000.0
EXTENT = (WEST, SOUTH, WEST + 2000, SOUTH + 2000)
SQUARES = {
    "square": np.array([shapely.box(WEST + x, SOUTH + y, WEST + x + 1000, SOUTH + y + 1000) for y in (0, 1000) for x in (0, 1000)]),
    "zone": np.array([shapely.box(WEST, SOUTH, WEST + 1200, SOUTH + 1200), shapely.box(WEST + 800, SOUTH, WEST + 2000, SOUTH + 300)]),
}
IDS = {"square": ["a", "b", "c", "d"], "zone": ["n", "s"]}
COVER = cells.cover(list(SQUARES.values()), partition=[True, False])
FIND = partial(cells.find, COVER)
CODES = {"age": ("child", "adult", "old"), "work": ("yes", "no", "")}
REGISTER = Register(crs="EPSG:25832", codes=CODES)
MEASURES = {
    "jobless": RegisterMeasure(register="town", where={"age": ("adult",)}, having={"work": ("no",)}),
    "children": RegisterMeasure(register="town", having={"age": ("child",)}),
}
QUESTION = Question(MEASURES, {name: len(shapes) for name, shapes in SQUARES.items()})
TOWN = 6000
SECRET = (WEST + 123.456, SOUTH + 654.321)
"""A coordinate that no message may show."""


def town(rows: int = TOWN, *, seed: int = 1) -> pd.DataFrame:
    """Invented rows at 300 addresses: some on borders, some outside, some without a coordinate, some with a code nobody declared."""
    rng = np.random.default_rng(seed)
    x, y = WEST + rng.uniform(-200, 2200, 300).round(1), SOUTH + rng.uniform(-200, 2200, 300).round(1)
    x[:20], y[:20] = WEST + rng.choice([0, 800, 1000, 1200, 2000], 20), SOUTH + rng.choice([0, 300, 1000, 1200, 2000], 20)
    x[20], y[21], x[22], y[23] = np.nan, np.inf, -np.inf, np.nan
    home = rng.integers(0, 300, rows)
    return pd.DataFrame(
        {
            "period": rng.choice(["2010H1", "2010H2", "2011H1", "someday"], rows, p=[0.4, 0.3, 0.29, 0.01]),
            "address": home,
            "x": x[home],
            "y": y[home],
            "age": rng.choice(["child", "adult", "old", "ADULT"], rows, p=[0.2, 0.5, 0.28, 0.02]),
            "work": rng.choice(["yes", "no", "", None], rows, p=[0.6, 0.2, 0.18, 0.02]),
        }
    )


def save(table: pd.DataFrame, path: Path, **schema: pa.DataType) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    for name, kind in schema.items():
        made = made.set_column(made.schema.get_field_index(name), name, made[name].cast(kind))
    pq.write_table(made, path, row_group_size=700)
    return path


def describe(path: Path, register: Register | None = REGISTER) -> Path:
    said = Sidecar(
        title="t",
        producer="p",
        licence="l",
        retrieved=dt.date(2020, 1, 1),
        sha256=registers.checksum(path, register) if register else "",
        changed="",
        register=register,
    )
    provenance.write(path, said)
    return path


def opened(path: Path, register: Register = REGISTER, question: Question = QUESTION) -> Opened:
    return registers.open(describe(path, register), question, FIND, extent=EXTENT)


def counted(path: Path, register: Register = REGISTER, question: Question = QUESTION) -> Cube:
    found = opened(path, register, question)
    return registers.count(found.job, found.shards)


def write_town(folder: Path, *, files: int = 1) -> Opened:
    table = town()
    for number, part in enumerate(np.array_split(np.arange(TOWN), files)):
        save(table.iloc[part], folder / "town" / f"{number}.parquet")
    return opened(folder / "town")


def same(one: Cube, other: Cube) -> bool:
    return one.lines == other.lines and {p: {s: a.tolist() for s, a in sets.items()} for p, sets in one.counts.items()} == {
        p: {s: a.tolist() for s, a in sets.items()} for p, sets in other.counts.items()
    }


def plainly(table: pd.DataFrame) -> pd.DataFrame:
    """The same counts without anything clever: shapely for every row, pandas for every sum."""
    rows = []
    adult = (table["age"] == "adult") & table["work"].isin(["yes", "no", ""])
    sides = {"jobless": (adult, adult & (table["work"] == "no")), "children": (table["age"].isin(CODES["age"]), table["age"] == "child")}
    for indicator, (base, part) in sides.items():
        for area_set, shapes in SQUARES.items():
            inside = np.array([shapely.intersects_xy(shape, table["x"], table["y"]) for shape in shapes])
            if area_set == "square":
                inside &= np.cumsum(inside, axis=0) == 1
            for period in ("2010H1", "2010H2", "2011H1"):
                for area_id, here in zip(IDS[area_set], inside & (table["period"] == period).to_numpy(), strict=True):
                    rows.append((indicator, area_set, area_id, period, int((here & part).sum()), int((here & base).sum())))
    return pd.DataFrame(rows, columns=list(cube.COUNTS))


def left(found: Cube) -> dict[tuple[str, ...], int]:
    return {(one.area_set, *one.names): one.count for one in cube.leftovers(found, IDS) if one.side == "row"}


# --- what is counted --------------------------------------------------------------------------------------------------


def test_on_paper(tmp_path: Path) -> None:
    rows = [
        ("2010", WEST + 500, SOUTH + 500, "adult", "no"),  # square a, zone n
        ("2010", WEST + 900, SOUTH + 100, "adult", "yes"),  # square a, zones n and s
        ("2010", WEST + 1000, SOUTH + 500, "child", ""),  # on the border of a and b: a's
        ("2010", WEST + 5000, SOUTH + 500, "adult", "no"),  # outside
        ("2010", np.nan, SOUTH, "adult", "no"),  # nowhere
        ("2011", WEST + 1500, SOUTH + 1500, "adult", "no idea"),  # square d; neither in work nor out of it
    ]
    found = counted(save(pd.DataFrame(rows, columns=["period", "x", "y", "age", "work"]), tmp_path / "town.parquet"))
    table = cube.table(found, IDS).set_index(["indicator", "area_set", "area_id", "period"])
    assert table.loc[("jobless", "square", "a", "2010")].tolist() == [1, 2]
    assert table.loc[("children", "square", "a", "2010")].tolist() == [1, 3]
    assert table.loc[("jobless", "zone", "n", "2010")].tolist() == [1, 2]
    assert table.loc[("jobless", "zone", "s", "2010")].tolist() == [0, 1]
    assert table.loc[("jobless", "square", "d", "2011")].tolist() == [0, 0]
    assert table.loc[("children", "square", "d", "2011")].tolist() == [0, 1]
    assert left(found) == {("", "no_coordinate"): 1, ("square", "outside"): 1, ("zone", "outside"): 2, ("", "unknown_code", "work"): 1}
    assert found.rows == 6


def test_the_same_as_plain_pandas_and_shapely(tmp_path: Path) -> None:
    pd.testing.assert_frame_equal(cube.table(counted(save(town(), tmp_path / "town.parquet")), IDS), plainly(town()))


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    found, table = counted(save(town(), tmp_path / "town.parquet")), town()
    known = table[table["period"] != "someday"]
    nowhere = int((~np.isfinite(known["x"]) | ~np.isfinite(known["y"])).sum())
    inside = sum(int(found.counts[period]["square"][:4, 0].sum()) for period in found.periods)
    assert left(found)["", "no_coordinate"] == nowhere > 0
    assert left(found)["", "no_period"] == len(table) - len(known) > 0
    assert inside + left(found)["square", "outside"] + nowhere == len(known)
    assert left(found)["", "unknown_code", "age"] == int((known["age"] == "ADULT").sum())
    assert left(found)["", "unknown_code", "work"] == int(known["work"].isna().sum())


def test_shards_batches_folds_and_order_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = counted(save(town(), tmp_path / "one" / "town.parquet"))
    assert same(whole, counted(save(town().sample(frac=1, random_state=3), tmp_path / "two" / "town.parquet")))
    many = write_town(tmp_path / "three", files=5)
    assert len(many.shards) == 10
    assert same(whole, registers.count(many.job, many.shards[::-1], workers=3))
    monkeypatch.setattr(tally, "FOLD", 100)
    monkeypatch.setattr(registerfile.batches, "__kwdefaults__", {"rows": 37, "keys": None})
    assert same(whole, registers.count(many.job, many.shards, workers=1))
    parts = [registers.count(many.job, [shard]) for shard in many.shards]
    assert same(whole, sum(parts, start=many.job.nothing))


def test_a_list_of_addresses_gives_the_same_counts(tmp_path: Path) -> None:
    table = town()
    whole = counted(save(table, tmp_path / "one" / "town.parquet"))
    listed = Register(crs="EPSG:25832", codes=CODES, address="address", addresses="addresses.parquet")
    for folder, names in (("numbers", lambda key: key), ("texts", lambda key: "hus " + key.astype(str)), ("far", lambda key: key * 10**12)):
        keyed = table.assign(address=names(table["address"]))
        save(keyed[["address", "x", "y"]].drop_duplicates("address"), tmp_path / folder / "addresses.parquet")
        assert same(whole, counted(save(keyed.drop(columns=["x", "y"]), tmp_path / folder / "town.parquet"), listed)), folder


def test_an_address_that_the_list_has_not_is_counted(tmp_path: Path) -> None:
    table = town().assign(address=lambda rows: rows["address"].where(rows["address"] != 7).astype("Int64"))
    save(table[["address", "x", "y"]].dropna(subset="address").drop_duplicates("address").query("address != 9"), tmp_path / "list.parquet")
    found = counted(
        save(table.drop(columns=["x", "y"]), tmp_path / "town.parquet"),
        Register(crs="EPSG:25832", codes=CODES, address="address", addresses="list.parquet"),
    )
    missed = table["address"].isna() | (table["address"] == 9).fillna(False)
    assert left(found)["", "no_address"] == int((missed & (table["period"] != "someday")).sum())


def test_csv_and_every_kind_of_column_give_the_same_counts(tmp_path: Path) -> None:
    table = town().assign(work=lambda rows: rows["work"].fillna("?"))
    whole = counted(save(table, tmp_path / "one" / "town.parquet"))
    coded = pa.dictionary(pa.int8(), pa.string())
    assert same(whole, counted(save(table, tmp_path / "two" / "town.parquet", age=coded, work=pa.large_string(), period=coded)))
    table.to_csv(tmp_path / "town.csv", index=False)
    assert same(whole, counted(tmp_path / "town.csv"))


def test_groups_add_up_to_the_whole(tmp_path: Path) -> None:
    path = save(town(), tmp_path / "town.parquet")
    by_work = counted(path, question=Question({"children": MEASURES["children"]}, QUESTION.areas, by="work"))
    groups = [cube.table(by_work, IDS, group=work) for work in CODES["work"]]
    known = counted(
        save(town().dropna(subset="work"), tmp_path / "known" / "town.parquet"),
        question=Question({"children": MEASURES["children"]}, QUESTION.areas),
    )
    sums = sum(group[["numerator", "denominator"]] for group in groups)
    pd.testing.assert_frame_equal(sums, cube.table(known, IDS)[["numerator", "denominator"]])


def test_another_declared_crs_is_reprojected(tmp_path: Path) -> None:
    table = town()
    table = table[np.isfinite(table["x"]) & np.isfinite(table["y"])]
    table = table[(table[["x", "y"]] - [WEST, SOUTH]).mod(100).min(axis=1) > 0.01]  # a border is not the same line in degrees
    degrees = gpd.GeoSeries.from_xy(table["x"], table["y"], crs=25832).to_crs(4326)
    path = save(table.assign(x=degrees.x.to_numpy(), y=degrees.y.to_numpy()), tmp_path / "degrees" / "town.parquet")
    lonlat = counted(path, Register(crs="EPSG:4326", codes=CODES))
    assert same(lonlat, counted(save(table, tmp_path / "metres" / "town.parquet")))


def test_days_are_gathered_to_the_half_years_they_are_in(tmp_path: Path) -> None:
    days = pd.to_datetime(["2010-06-30", "2010-07-01", "2011-01-01", None])
    table = town(4).assign(period=days.date, x=WEST + 1, y=SOUTH + 1, age="child")
    stamps = save(table.assign(period=days), tmp_path / "two" / "town.parquet")
    halves = Register(crs="EPSG:25832", codes=CODES, every="half")
    for path in (save(table, tmp_path / "one" / "town.parquet"), stamps):
        found = counted(path, halves)
        assert found.periods == ["2010H1", "2010H2", "2011H1"]
        assert left(found)["", "no_period"] == 1


def test_a_coordinate_is_resolved_once() -> None:
    asked: list[int] = []

    def find(x: np.ndarray, y: np.ndarray) -> Any:
        asked.append(len(x))
        return cells.find(COVER, x, y)

    rng = np.random.default_rng(0)
    x, y = WEST + rng.uniform(0, 2000, 5000), SOUTH + rng.uniform(0, 2000, 5000)
    near = ByCoordinate(Places(find, QUESTION.areas), declared="EPSG:25832")
    for _ in range(20):
        near.of(x, y)
    assert sum(asked) < 5500  # a few met their like in the same batch


@pytest.mark.parametrize("slots", [16, 256, 1 << 16])
def test_a_dictionary_that_is_too_small_is_slow_not_wrong(slots: int) -> None:
    rng = np.random.default_rng(1)
    x, y = WEST + rng.uniform(-100, 2100, 3000).round(), SOUTH + rng.uniform(-100, 2100, 3000).round()
    x[::50] = np.nan
    places = Places(FIND, QUESTION.areas)
    small = ByCoordinate(places, declared="EPSG:25832", slots=slots, most=max(slots, 512))
    fresh = Places(FIND, QUESTION.areas)
    for _ in range(4):
        chosen = rng.integers(0, len(x), 2000)
        wanted = place_of(fresh, x[chosen], y[chosen], declared="EPSG:25832")
        found = small.of(x[chosen], y[chosen])
        for name, shares in places.shares().items():
            assert (shares[:, found] != fresh.shares()[name][:, wanted]).nnz == 0


def test_areas_in_which_no_row_lies_are_named(tmp_path: Path) -> None:
    found = counted(save(town(30).assign(x=WEST + 1500, y=SOUTH + 1500), tmp_path / "town.parquet"))
    empty = {one.area_set: one.names for one in cube.leftovers(found, IDS) if one.side == "area"}
    assert empty == {"square": ("a", "b", "c"), "zone": ("n", "s")}


# --- empty and huge ---------------------------------------------------------------------------------------------------


def test_empty_files_and_batches_count_nothing(tmp_path: Path) -> None:
    save(town(0).astype(town(1).dtypes), tmp_path / "town" / "a.parquet", age=pa.string(), work=pa.string(), period=pa.string())
    nothing = counted(tmp_path / "town")
    assert nothing.rows == 0
    assert cube.table(nothing, IDS).empty
    assert {one.side for one in cube.leftovers(nothing, IDS)} == {"area"}
    save(town(), tmp_path / "town" / "b.parquet")
    assert same(counted(tmp_path / "town"), counted(save(town(), tmp_path / "alone" / "town.parquet")))


def test_millions_of_rows_outside_every_area(tmp_path: Path) -> None:
    rows = 2_000_000
    rng = np.random.default_rng(0)
    made = pa.table(
        {
            "period": pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int8)), ["2010"]),
            "x": WEST + 50_000 + rng.uniform(0, 1e5, rows),
            "y": SOUTH + rng.uniform(0, 1e5, rows),
            "age": pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int8)), ["adult"]),
            "work": pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int8)), ["no"]),
        }
    )
    pq.write_table(made, tmp_path / "town.parquet")
    found = counted(tmp_path / "town.parquet")
    assert left(found) == {("square", "outside"): rows, ("zone", "outside"): rows}
    assert cube.table(found, IDS)["denominator"].sum() == 0


# --- stopped and told -------------------------------------------------------------------------------------------------


def test_progress_ends_with_every_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "_PAUSE", 0.0)
    found = write_town(tmp_path)
    told: list[tuple[int, int, float]] = []
    registers.count(found.job, found.shards, lambda *said: told.append(said))
    assert told[-1] == (TOWN, TOWN, 0.0)
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert all(0 <= seconds < 60 for _, _, seconds in told)


def test_ctrl_c_stops_every_worker_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = write_town(tmp_path, files=4)
    before = sorted(tmp_path.rglob("*")), threading.active_count()
    monkeypatch.setattr(registers, "_PAUSE", 0.0)
    slow = Job(found.job.register, found.job.question, found.job.coding, lambda x, y: (time.sleep(0.05), FIND(x, y))[1])

    def interrupted(_done: int, _rows: int, _left: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        registers.count(slow, found.shards, interrupted)
    assert (sorted(tmp_path.rglob("*")), threading.active_count()) == before


# --- what is wrong ----------------------------------------------------------------------------------------------------


def refused(path: Path, register: Register = REGISTER, kind: type[GeoError] = InputError, question: Question = QUESTION) -> str:
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


def test_no_value_of_a_csv_is_in_a_message(tmp_path: Path) -> None:
    path = tmp_path / "town.csv"
    table = pd.concat([private(), private().astype({"x": object}).assign(x="123.456 hemmelig")])
    table.to_csv(path, index=False)
    assert "column x: a value of the wrong type; expected double" in refused(path)
    path.write_bytes(private().assign(age="b\u00f8rn").to_csv(index=False).encode("latin-1"))
    assert "the file cannot be read to its end; expected a whole CSV file in UTF-8" in refused(path)
    path.write_text("")
    assert "town.csv" in refused(path)
    private().to_csv(path, index=False, sep=";")
    assert "a missing column" in refused(path)


def test_a_misspelt_word_or_column_is_refused_before_a_row_is_read(tmp_path: Path) -> None:
    path = save(private(), tmp_path / "town.parquet")
    wrong = {
        "a": RegisterMeasure(register="town", where={"age": ("adlut",)}),
        "b": RegisterMeasure(register="town", having={"wrok": ("no",)}),
    }
    said = refused(path, question=Question(wrong, QUESTION.areas))
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


def test_a_register_without_a_description_or_another_file_is_refused(tmp_path: Path) -> None:
    path = describe(save(private(), tmp_path / "town.parquet"))
    save(private(51), path)
    with pytest.raises(InputError, match="not the one its sidecar describes"):
        registers.open(path, QUESTION, FIND)
    describe(path, None)
    with pytest.raises(InputError, match=r"a table \[register\]"):
        registers.open(path, QUESTION, FIND)


# --- a person is nowhere ----------------------------------------------------------------------------------------------


def test_no_row_is_in_a_job_a_cube_or_a_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    found = opened(save(private(), tmp_path / "town.parquet"))
    counts = registers.count(found.job, found.shards)
    shown = "".join(map(repr, (found, counts, *cube.leftovers(counts, IDS)))) + caplog.text
    assert "123.456" not in shown
    assert "654.321" not in shown


def test_the_checksum_of_a_folder_is_what_sha256sum_gives(tmp_path: Path) -> None:
    write_town(tmp_path, files=3)
    command = "sha256sum *.parquet | sha256sum"
    said = subprocess.run(["sh", "-c", command], cwd=tmp_path / "town", capture_output=True, text=True, check=True).stdout.split()[0]
    assert registers.checksum(tmp_path / "town", REGISTER) == said


def batches_of(path: Path, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    found = opened(path)
    return registerfile.batches(found.shards[0], names)


def test_text_is_read_as_the_dictionary_it_has_in_the_file(tmp_path: Path) -> None:
    batch = next(batches_of(save(town(), tmp_path / "town.parquet"), ("period", "age", "x")))
    assert pa.types.is_dictionary(batch["age"].type)
    assert pa.types.is_float64(batch["x"].type)
