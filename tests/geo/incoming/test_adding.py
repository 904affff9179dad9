"""A new half-year added to a register that is there: the old figures stay, and nothing is written over."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo import check, pipeline
from geo.editions import edition
from geo.errors import InputError
from geo.files import provenance
from geo.files.workspace import Workspace
from geo.incoming import adding, taking
from geo.model.vocabulary import Audience
from omraadekort import cli
from tests.records.peoplefiles import METRES, OURS, file, people
from tests.towns import toytown


@pytest.fixture
def town(tmp_path: Path) -> Workspace:
    made = toytown.write(tmp_path / "w")
    for path in made.registers.iterdir():
        path.unlink()
    return made


def shares(place: Workspace) -> dict[str, tuple[float, float]]:
    read = edition.read(place.editions, pipeline.build(place).id, Audience.STAFF)
    rows = read.observations.query("indicator == 'uden' and area_id == '0101' and numerator == numerator")
    return {row["period"]: (row["numerator"], row["denominator"]) for row in rows.to_dict("records")}


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_half_year_is_added_twice_and_is_there_once(town: Workspace, tmp_path: Path, ending: str) -> None:
    taking.take(town, [file(tmp_path, people(), f"people.{ending}")], answers=METRES, origin=OURS)
    assert shares(town) == {"2014H1": (100, 200)}
    new = file(tmp_path, people(period="2014H2", labour=["uden"] * 60 + ["beskaeftiget"] * 140), f"h2.{ending}")
    added = adding.add(town, "people", new)
    assert (added.rows, added.notes[0], added.there) == (400, "added; the rows are those of the whole register", False)
    assert shares(town) == {"2014H1": (100, 200), "2014H2": (60, 200)}
    assert sorted(path.name for path in town.registers.rglob("*") if path.is_file()) == sorted(
        [f"h2.{ending}", f"people.{ending}", "people.toml"]
    )
    assert not check.inspect(town).problems
    assert "h2." in provenance.read(town.registers / "people").changed
    assert adding.add(town, "people", new).there
    third = file(tmp_path, people(period="2015H1"), f"h3.{ending}")
    assert adding.add(town, "people", third).rows == 600


def test_what_cannot_be_added_leaves_everything_as_it_was(town: Workspace, tmp_path: Path) -> None:
    taking.take(town, [file(tmp_path, people())], answers=METRES, origin=OURS)
    before = {path: path.read_bytes() for path in town.registers.rglob("*") if path.is_file()}
    wrong = {
        "people.parquet": (people(period="2014H2"), "other bytes"),
        "twice.parquet": (people(), "twice"),
        "columns.parquet": (people(period="2014H2").drop(columns=["labour"]), "labour"),
        "far.parquet": (people(period="2014H2", x=0.0), "."),
    }
    for name, (table, why) in wrong.items():
        with pytest.raises(InputError, match=why):
            adding.add(town, "people", file(tmp_path, table, name))
        assert {path: path.read_bytes() for path in town.registers.rglob("*") if path.is_file()} == before
    with pytest.raises(InputError, match="no such register"):
        adding.add(town, "other", file(tmp_path, people(period="2014H2"), "h2.parquet"))


def test_the_command_adds(town: Workspace, tmp_path: Path) -> None:
    taking.take(town, [file(tmp_path, people())], answers=METRES, origin=OURS)
    path = file(tmp_path, people(period="2014H2"), "h2.parquet")
    run = CliRunner().invoke(cli.app, ["-w", str(town.folder), "import", "register", str(path), "--add-to", "people"])
    assert run.exit_code == 0, run.output
    assert "(400 rows)" in run.output
