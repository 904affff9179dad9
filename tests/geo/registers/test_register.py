"""Registers on a toy town of four squares: counted by hand, by shards, against plain pandas and shapely; huge, empty, stopped."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from geo.model.areas import Register
from geo.registers import counting, cube, files, register
from geo.registers.counting import Job
from geo.registers.cube import CubeQuestion
from geo.registers.locations import ByCoordinate, Places, place_of
from geo.spatial import cells
from tests.towns.registertown import (
    CODES,
    COVER,
    FIND,
    IDS,
    MEASURES,
    QUESTION,
    SOUTH,
    TOWN,
    WEST,
    counted,
    left,
    plainly,
    same,
    save,
    town,
    write_town,
)

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
    assert same(whole, register.count(many.job, many.shards[::-1], workers=3))
    monkeypatch.setattr(counting, "FOLD", 100)
    monkeypatch.setattr(files.batches, "__kwdefaults__", {"rows": 37, "keys": None})
    assert same(whole, register.count(many.job, many.shards, workers=1))
    parts = [register.count(many.job, [shard]) for shard in many.shards]
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
    by_work = counted(path, question=CubeQuestion({"children": MEASURES["children"]}, QUESTION.areas, by="work"))
    groups = [cube.table(by_work, IDS, group=work) for work in CODES["work"]]
    known = counted(
        save(town().dropna(subset="work"), tmp_path / "known" / "town.parquet"),
        question=CubeQuestion({"children": MEASURES["children"]}, QUESTION.areas),
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
    monkeypatch.setattr(register, "_PAUSE", 0.0)
    found = write_town(tmp_path)
    told: list[tuple[int, int, float]] = []
    register.count(found.job, found.shards, lambda *said: told.append(said))
    assert told[-1] == (TOWN, TOWN, 0.0)
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert all(0 <= seconds < 60 for _, _, seconds in told)


def test_ctrl_c_stops_every_worker_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = write_town(tmp_path, files=4)
    before = sorted(tmp_path.rglob("*")), threading.active_count()
    monkeypatch.setattr(register, "_PAUSE", 0.0)
    slow = Job(found.job.register, found.job.question, found.job.coding, lambda x, y: (time.sleep(0.05), FIND(x, y))[1])

    def interrupted(_done: int, _rows: int, _left: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        register.count(slow, found.shards, interrupted)
    assert (sorted(tmp_path.rglob("*")), threading.active_count()) == before
