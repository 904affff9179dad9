"""Registers as other systems write them, from the file to the figure of an edition; what cannot be read is told in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo import pipeline
from geo.editions import edition
from geo.editions.edition import Edition
from geo.errors import InputError
from geo.files.workspace import Workspace
from geo.model.areas import Register
from geo.model.vocabulary import Audience
from geo.registers import register
from tests.towns import registertown, toytown
from tests.towns.toytown import AGES, X, Y


def town(folder: Path, periods: pa.Array, *, outside: int = 3, **changes: Any) -> Workspace:
    """A toy town with ten people of 25-64 in the south-west for each period, the first `outside` of them outside the labour market."""
    made = toytown.write(folder)
    labour = (["uden"] * outside + ["beskaeftiget"] * (10 - outside)) * len(periods)
    columns = {
        "period": pa.array([period for period in periods.to_pylist() for _ in range(10)], periods.type),
        "x": pa.array([X + 100.0] * len(labour)),
        "y": pa.array([Y + 100.0] * len(labour)),
        "age_group": ["25-64"] * len(labour),
        "labour": labour,
    }
    return with_register(made, pa.table(columns), **changes)


def with_register(made: Workspace, rows: pa.Table, **changes: Any) -> Workspace:
    path = made.registers / "people.parquet"
    pq.write_table(rows, path)
    plain = {"crs": "EPSG:25832", "codes": {"age_group": AGES, "labour": ("beskaeftiget", "uden", "")}}
    toytown.write_sidecar(path, register=Register(**(plain | changes)))
    return made


def published(made: Workspace) -> Edition:
    return edition.read(made.editions, pipeline.build(made).id, Audience.PUBLIC)


def figures(made: Workspace) -> dict[str, tuple[float, float]]:
    """Numerator and denominator of each period in the south-west."""
    rows = published(made).observations.query("indicator == 'uden' and area_id == '0101'")
    return {row["period"]: (row["numerator"], row["denominator"]) for row in rows.to_dict("records")}


@pytest.mark.parametrize(
    "periods",
    [
        pa.array(["2014 1. halvår", "2014 2. halvår"]),
        pa.array(["2014-H1", "2014 H2"], pa.large_string()),
        pa.array(["2014H1", "2014H2"], pa.string_view()),
    ],
)
def test_halves_in_words_are_halves(tmp_path: Path, periods: pa.Array) -> None:
    assert figures(town(tmp_path / "w", periods)) == {"2014H1": (3, 10), "2014H2": (3, 10)}


@pytest.mark.parametrize("words", [["2014K1", "2014Q1"], ["2014 1. kvartal", "2014-K1"]])
def test_two_ways_to_write_a_quarter_are_one_quarter(tmp_path: Path, words: Sequence[str]) -> None:
    assert figures(town(tmp_path / "w", pa.array(words))) == {"2014Q1": (6, 20)}


@pytest.mark.parametrize(
    "kind", [pa.timestamp("us", "UTC"), pa.timestamp("ns", "UTC"), pa.timestamp("s", "Europe/Copenhagen"), pa.string()]
)
def test_a_danish_midnight_kept_in_utc_is_of_the_half_year_it_begins(tmp_path: Path, kind: pa.DataType) -> None:
    moments = [dt.datetime(2013, 12, 31, 23, tzinfo=dt.UTC), dt.datetime(2014, 6, 30, 22, tzinfo=dt.UTC)]
    periods = pa.array([one.isoformat() for one in moments] if pa.types.is_string(kind) else moments, kind)
    made = town(tmp_path / "w", periods)
    made = with_register(made, pq.read_table(made.registers / "people.parquet"), every="half")
    assert figures(made) == {"2014H1": (3, 10), "2014H2": (3, 10)}


def test_people_without_a_period_that_can_be_read_are_counted_as_such(tmp_path: Path) -> None:
    made = published(town(tmp_path / "w", pa.array(["2014H1", "2014 halvår", "2014 H1 foreløbig", None]), most_left_out=0.75))
    (left,) = [left for left in made.manifest.leftovers if left.names == ("no_period",)]
    assert left.count is None
    assert set(made.observations.query("indicator == 'uden'")["period"]) == {"2014H1"}


def test_a_register_of_periods_that_nobody_can_read_stops_a_build_or_is_allowed(tmp_path: Path) -> None:
    made_town = town(tmp_path / "w", pa.array(["første halvår", "andet halvår"]))
    with pytest.raises(InputError, match=r"people\.parquet: rows whose period cannot be read; found 100\.0 % of the rows.*most_left_out"):
        pipeline.build(made_town)
    made = published(town(tmp_path / "v", pa.array(["første halvår", "andet halvår"]), most_left_out=1.0))
    assert [left.count for left in made.manifest.leftovers if left.names == ("no_period",)] == [None]
    assert made.observations.query("indicator == 'uden'").empty


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_register_without_rows_is_told_in_words(tmp_path: Path, ending: str) -> None:
    made = town(tmp_path / "w", pa.array(["2014H1"]))
    rows = pq.read_table(made.registers / "people.parquet").slice(0, 0)
    with_register(made, rows)
    if ending == "csv":
        rows.to_pandas().to_csv(made.registers / "people.csv", index=False)
        (made.registers / "people.parquet").unlink()
        toytown.write_sidecar(
            made.registers / "people.csv",
            register=Register(crs="EPSG:25832", codes={"age_group": AGES, "labour": ("beskaeftiget", "uden", "")}),
        )
    with pytest.raises(InputError, match=rf"people\.{ending}: a register without rows"):
        pipeline.build(made)


def test_where_people_live_is_known_whatever_their_half_year_is_called(tmp_path: Path) -> None:
    rows = registertown.town(200).assign(period="2014 1. halvår")
    path = registertown.describe(registertown.save(rows, tmp_path / "town.parquet"))
    checked = register.check(path, registertown.QUESTION)
    here = register.neighbours(checked, "2014H1", registertown.FIND, registertown.QUESTION.areas)
    assert here.counts.sum() > 0
