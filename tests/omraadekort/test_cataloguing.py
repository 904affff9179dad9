"""`omraadekort catalogue`: entries shown and written from the command line."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from omraadekort.cli import app
from omraadekort.exitcodes import ExitCode
from tests.towns import toytown


def run(town: Path, *arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(app, ["--workspace", str(town), "catalogue", *arguments])
    return answer.exit_code, answer.output


def test_an_entry_is_listed_shown_changed_and_told(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w").folder
    assert run(town, "list", "indicator") == (0, "tryg  Tryg\nuden  Uden\nbeboere  Beboere\n")
    assert "definitions[1].valid_to=2012-12-31" in run(town, "show", "indicator", "tryg")[1].splitlines()
    before = (town / "data" / "indicators.toml").read_bytes()
    assert run(town, "set", "indicator", "tryg", "order=7", "--dry-run") == (
        0, "order: nothing -> 7\nIt can be written; nothing is written.\n"
    )  # fmt: skip
    assert (town / "data" / "indicators.toml").read_bytes() == before
    assert run(town, "set", "indicator", "tryg", "order=7", "--reason", "first")[1].endswith("Written in data/indicators.toml.\n")
    assert "order=7" in run(town, "show", "indicator", "tryg")[1]
    code, told = run(town, "history")
    line, field = told.splitlines()
    assert (code, line.split("  ")[2:], field) == (0, ["changed", "indicator", "tryg", "first"], "    order: nothing -> 7")


def test_a_reason_of_two_lines_is_no_line_of_its_own(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w").folder
    run(town, "set", "indicator", "tryg", "order=7", "--reason", "x\n2026-01-01T00:00:00+00:00  mayor  removed  plan")
    assert len(run(town, "history")[1].splitlines()) == 2


def test_what_cannot_be_written_is_told_by_field(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w").folder
    code, told = run(town, "set", "indicator", "tryg", "rule=closed", "order")
    assert (code, "a field without a text" in told) == (ExitCode.PROBLEMS, True)
    code, told = run(town, "set", "indicator", "tryg", "rule=closed")
    assert (code, "column rule" in told) == (ExitCode.PROBLEMS, True)
    code, told = run(town, "set", "indicator", "tryg", "--remove")
    assert (code, "data/survey/2020-01-01/survey.csv: 7 rows" in told) == (ExitCode.PROBLEMS, True)
    code, told = run(town, "show", "nothing", "x")
    assert code == ExitCode.PROBLEMS
