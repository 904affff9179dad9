"""`omraadekort import`: a table that nobody knows is looked at, its profile kept, its figures taken, and what was asked about confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from omraadekort import cli
from omraadekort.exitcodes import ExitCode
from tests.towns import toytown


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return toytown.write(tmp_path / "town").folder


def run(town: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(cli.app, ["--workspace", str(town), "import", *map(str, words)], env={"COLUMNS": "160", "NO_COLOR": "1"})


def written(town: Path, text: str, name: str = "tal.csv") -> Path:
    path = town.parent / name
    path.write_text(text, encoding="cp1252")
    return path


def test_from_a_strangers_table_to_figures(town: Path) -> None:
    path = written(town, "Trygge i byen\n\nSted;2014;2015\nNordøst;50,5;51\nSydøst;..;52,5\nI alt;51;51\n\nKilde: os\n")
    asked = run(town, "observations", path)
    assert asked.exit_code == ExitCode.PROBLEMS
    assert "omraadekort import table tal.csv" in asked.stderr
    looked = run(town, "table", path, "--indicator", "tryg", "--source", "survey", "--remember")
    assert looked.exit_code == ExitCode.OK, looked.output
    assert "# column 'Sted': areas of square by name" in looked.stdout
    assert "# left out above the names: row 1 'Trygge i byen'" in looked.stdout
    taken = run(town, "observations", path, "--profile", "tal", "--retrieved", "2016-01-02")
    assert taken.exit_code == ExitCode.OK, taken.output
    assert "tal.csv -> data/tal/2016-01-02/tal.csv (4 rows)" in taken.stdout
    assert "CSV in Windows-1252 with semicolons" in taken.stdout
    assert "of tryg; in square; periods 2014, 2015" in taken.stdout
    assert "figures: 4 new, 0 changed" in taken.stdout


def test_a_profile_that_must_be_named_is_named(town: Path) -> None:
    path = written(town, "Sted;2014\nNordøst;50\n")
    run(town, "table", path, "--indicator", "tryg", "--source", "survey", "--remember")
    assert "the option --profile with one that fits (tal)" in run(town, "observations", path).stderr


def test_what_is_asked_about_is_taken_when_confirmed(town: Path) -> None:
    path = written(town, toytown.csv(["tryg,square,0101,2012,8,,,,,,final,survey,,"]))
    assert "--confirm" in run(town, "observations", path).stderr
    assert run(town, "observations", path, "--confirm").exit_code == ExitCode.OK


def test_a_decimal_sign_can_be_said(town: Path) -> None:
    path = written(town, toytown.csv(["beboere,square,0101,2012,3.596,,,,,,final,survey,,"]).replace(",", ";"))
    assert "--decimal , for 3596" in run(town, "observations", path).stderr
    assert run(town, "observations", path, "--decimal", ",").exit_code == ExitCode.OK
    assert "no decimal sign" in run(town, "observations", path, "--decimal", "x").stderr


def test_nothing_in_a_file_moves_the_terminal(town: Path) -> None:
    path = written(town, "Sted;\x1b[31mTid;Andel\n0101;2014;5\n")
    answer = run(town, "table", path)
    assert answer.exit_code == ExitCode.OK
    assert "\x1b" not in answer.output
