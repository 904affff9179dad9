"""A register from elsewhere: its sidecar proposed, no value of a row printed, and taken whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from typer.testing import CliRunner

from geo import check, pipeline
from geo.editions import edition
from geo.errors import InputError
from geo.files import provenance, transaction
from geo.files.workspace import Workspace
from geo.incoming import taking
from geo.incoming.describing import RegisterAnswers
from geo.incoming.taking import RegisterOrigin
from geo.model.vocabulary import Audience
from omraadekort import cli
from tests.records.peoplefiles import METRES, OURS, file, people
from tests.towns import toytown
from tests.towns.toytown import X, Y


@pytest.fixture
def town(tmp_path: Path) -> Workspace:
    made = toytown.write(tmp_path / "w")
    for path in made.registers.iterdir():
        path.unlink()
    return made


def figure(town: Workspace) -> tuple[float, float]:
    read = edition.read(town.editions, pipeline.build(town).id, Audience.STAFF)
    (row,) = read.observations.query("indicator == 'uden' and area_id == '0101' and period == '2014H1'").to_dict("records")
    return row["numerator"], row["denominator"]


@pytest.mark.parametrize("name", ["people.parquet", "people.csv"])
def test_it_is_described_and_counted(town: Workspace, tmp_path: Path, name: str) -> None:
    taken = taking.take(town, [file(tmp_path, people(), name)], answers=METRES, origin=OURS)
    assert (taken.rows, taken.notes) == (200, ("asked by uden",))
    said = provenance.read(town.registers / name).register
    assert said is not None
    assert said.codes == {"age_group": ("18-24", "25-64"), "labour": ("beskaeftiget", "uden")}
    assert not check.inspect(town).problems
    assert figure(town) == (100, 200)


def test_what_cannot_be_seen_is_asked(town: Workspace, tmp_path: Path) -> None:
    table = people().rename(columns={"person": "noegle", "x": "a", "y": "b", "period": "c"})
    proposed = taking.look(town, [file(tmp_path, table)], RegisterAnswers())
    assert set(proposed.open) == {"person", "period", "x", "y", "crs", "producer"}
    answers = RegisterAnswers(person="noegle", period="c", x="a", y="b", crs="EPSG:25832")
    assert not taking.look(town, [file(tmp_path, table)], answers, OURS).open


def test_a_crs_is_proposed_and_never_taken(town: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"never guessed: --crs EPSG:25832, if that"):
        taking.take(town, [file(tmp_path, people())], origin=OURS)
    points = gpd.GeoDataFrame(people().drop(columns=["x", "y"]), geometry=gpd.points_from_xy(people()["x"], people()["y"]), crs=25832)
    points.to_parquet(tmp_path / "people.parquet")
    taking.take(town, [tmp_path / "people.parquet"], origin=OURS)
    assert figure(town) == (100, 200)


def test_days_are_gathered_as_somebody_says(town: Workspace, tmp_path: Path) -> None:
    path = file(tmp_path, people(period="2014-03-02"))
    assert set(taking.look(town, [path], METRES, OURS).open) == {"every"}
    assert not taking.look(town, [path], RegisterAnswers(crs="EPSG:25832", every="half"), OURS).open


def test_no_value_of_a_row_is_printed(town: Workspace, tmp_path: Path) -> None:
    table = people()
    table.loc[7, "labour"] = "Hemmelig"
    path = file(tmp_path, table)
    printed = "\n".join(taking.look(town, [path], METRES, OURS).lines())
    with pytest.raises(InputError) as refused:
        taking.take(town, [path], answers=METRES, origin=OURS)
    printed += str(refused.value)
    leave = RegisterAnswers(crs="EPSG:25832", rare="leave")
    printed += str(taking.take(town, [path], answers=leave, origin=OURS))
    assert "1 words that fewer than 50 have" in printed
    assert "rows with a word that is not declared (labour): 1 of 200 (0.5 %)" in printed
    assert not [value for value in ("Hemmelig", "Navn ", str(X + 100), str(Y + 100)) if value in printed]


def test_a_word_of_many_rows_and_one_person_is_rare(town: Workspace, tmp_path: Path) -> None:
    table = people(
        person=[number % 20 for number in range(200)], period=[str(1900 + number // 20) for number in range(200)], labour="Alene"
    )
    proposed = taking.look(town, [file(tmp_path, table)], METRES, OURS)
    assert "Alene" not in "\n".join(proposed.lines())
    at_home = taking.look(town, [file(tmp_path, table)], RegisterAnswers(crs="EPSG:25832", person=""), OURS)
    assert "Alene" not in "\n".join(at_home.lines())  # two hundred events at one address


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x": Y + 0.5, "y": X + 0.5}, "latitude first"),
        ({"x": X - 9_000.0}, "rows outside all areas"),
        ({"period": "somewhen"}, "rows whose period cannot be read"),
        ({"person": 4}, "a person stands twice"),
    ],
)
def test_what_would_stop_a_build_is_refused(town: Workspace, tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    before = sorted(town.folder.rglob("*"))
    with pytest.raises(InputError, match=words):
        taking.take(town, [file(tmp_path, people(**changes))], answers=RegisterAnswers(crs="EPSG:25832", rare="leave"), origin=OURS)
    assert sorted(town.folder.rglob("*")) == before


def test_nothing_is_written_over(town: Workspace, tmp_path: Path) -> None:
    taking.take(town, [file(tmp_path, people())], answers=METRES, origin=OURS)
    assert taking.take(town, [file(tmp_path, people())], answers=METRES, origin=OURS).there
    with pytest.raises(InputError, match="nothing is written over it"):
        taking.take(town, [file(tmp_path, people(age_group="18-24"))], answers=METRES, origin=OURS)
    assert figure(town) == (100, 200)


def test_a_folder_and_several_files(town: Workspace, tmp_path: Path) -> None:
    table = pd.concat([people(), people(period="2014H2")])
    table.to_parquet(tmp_path / "people", partition_cols=["period"])
    taking.take(town, [tmp_path / "people"], answers=METRES, origin=OURS)
    assert figure(town) == (100, 200)
    parts = [file(tmp_path, people(), "a.parquet"), file(tmp_path, people(period="2014H2"), "b.parquet")]
    with pytest.raises(InputError, match="--name"):
        taking.take(town, parts, answers=METRES, origin=OURS)
    assert taking.take(town, parts, answers=METRES, origin=RegisterOrigin(name="more", producer="p")).rows == 400


def test_a_list_of_addresses(town: Workspace, tmp_path: Path) -> None:
    listed = file(tmp_path, pd.DataFrame({"adresse_id": [1], "x": [X + 100.5], "y": [Y + 100.25]}), "list.parquet")
    table = people(adresse_id=1).drop(columns=["x", "y"])
    assert set(taking.look(town, [file(tmp_path, table)], METRES, OURS).open) == {"x", "y"}
    taking.take(town, [file(tmp_path, table)], answers=METRES, origin=OURS, addresses=listed)
    assert figure(town) == (100, 200)


def test_a_stop_in_the_middle_leaves_nothing(town: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(transaction, "decide", stopped)
        with pytest.raises(KeyboardInterrupt):
            taking.take(town, [file(tmp_path, people())], answers=METRES, origin=OURS)
    assert not list(town.registers.iterdir())
    taking.take(town, [file(tmp_path, people())], answers=METRES, origin=OURS)
    assert figure(town) == (100, 200)


def test_the_command(town: Workspace, tmp_path: Path) -> None:
    path = file(tmp_path, people())
    begun = CliRunner().invoke(cli.app, ["import", "register", str(path), "-w", str(town.folder)])
    assert begun.exit_code == 1
    assert 'crs = "?"' in begun.output
    asked = ["import", "register", str(path), "-w", str(town.folder), "--crs", "EPSG:25832", "--producer", "os"]
    done = CliRunner().invoke(cli.app, asked)
    assert done.exit_code == 0, done.output
    assert "registers/people.parquet (200 rows)" in done.output


@pytest.mark.parametrize("divided", [",", ";"])
def test_a_file_without_names_of_columns_shows_nobody(town: Workspace, tmp_path: Path, divided: str) -> None:
    """Its first line is a person: nothing of it stands in a message or a proposal."""
    path = tmp_path / "people.csv"
    rows = [f"0101{number:06}-SECRET,2014H1,{X + number}.5,{Y + number}.25,25-64,uden" for number in range(100)]
    path.write_text("\n".join(rows).replace(",", divided), encoding="utf-8")
    answer = CliRunner().invoke(cli.app, ["-w", str(town.folder), "import", "register", str(path), "--look"])
    assert answer.exit_code == 1
    assert "without names of columns" in answer.output
    assert not [part for part in rows[0].split(",") if part in answer.output]


def test_an_empty_text_is_a_word(town: Workspace, tmp_path: Path) -> None:
    half = ["ja", ""] * 100
    taken = taking.take(town, [file(tmp_path, people(day_care=half))], answers=METRES, origin=OURS)
    said = provenance.read(town.folder / taken.path).register
    assert said is not None
    assert said.codes["day_care"] == ("", "ja")
    assert not check.inspect(town).problems


def test_the_same_rows_described_otherwise_are_told(town: Workspace, tmp_path: Path) -> None:
    path = file(tmp_path, people())
    taking.take(town, [path], answers=METRES, origin=OURS)
    before = toytown.tree(town.folder)
    with pytest.raises(InputError, match="the same rows are there, described otherwise"):
        taking.take(town, [path], answers=replace(METRES, codes=("labour",)), origin=OURS)
    assert taking.take(town, [path], answers=METRES, origin=OURS).there
    assert toytown.tree(town.folder) == before


def test_sixty_rows_of_one_home_are_no_sixty_people(town: Workspace, tmp_path: Path) -> None:
    """Homes a millimetre apart are one, and so are keys of people that differ in the spaces around them."""
    word = ["hemmeligt"] * 60 + ["uden"] * 140
    near = [X + 100.5 + 0.001 * number for number in range(60)] + [X + 20.0 * (number % 50) for number in range(140)]
    events = taking.look(town, [file(tmp_path, people(x=near, labour=word).drop(columns=["person"]))], replace(METRES, person=""), OURS)
    spaced = [" " * number + "p" for number in range(60)] + [f"q{number}" for number in range(140)]
    persons = taking.look(town, [file(tmp_path, people(person=spaced, labour=word))], METRES, OURS)
    for proposed in (events, persons):
        assert "hemmeligt" not in "\n".join(proposed.lines())
        assert "uden" in "\n".join(proposed.lines())
