"""The commands about editions: which there are, which cannot be shown, and which one everybody sees."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo.editions import edition
from omraadekort import cli
from tests.readers import resigned
from tests.towns import webtown


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "workspace.toml").touch()
    return tmp_path


def run(folder: Path, *command: str) -> tuple[int, str]:
    answer = CliRunner().invoke(cli.app, ["--workspace", str(folder), *command])
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    return answer.exit_code, answer.output


def publish(folder: Path, year: int) -> str:
    return webtown.publish(folder / "editions", as_of=dt.date(year, 1, 1)).id


def test_an_edition_is_made_current_after_it_was_read(folder: Path) -> None:
    older, newer = publish(folder, 2019), publish(folder, 2020)
    code, said = run(folder, "publish", older)
    assert (code, edition.current(folder / "editions")) == (0, older)
    assert f"Edition {older} is current." in said
    assert run(folder, "publish", newer)[0] == 0


@pytest.mark.parametrize("id", ["a" * 5_000, "a" * 256, "æ", "../..", " "])
def test_what_can_be_no_id_of_an_edition_is_told_by_every_command(folder: Path, id: str) -> None:
    publish(folder, 2020)
    for command in (("publish", id), ("trace", "--edition", id, "tryg", "square", "0101", "2014"), ("audit", "--edition", id)):
        code, said = run(folder, *command)
        assert code
        assert "Traceback" not in said


def test_a_folder_in_the_place_of_the_pointer_is_told(folder: Path) -> None:
    made = publish(folder, 2020)
    (folder / "editions" / "current").unlink()
    (folder / "editions" / "current").mkdir()
    code, said = run(folder, "publish", made)
    assert (code, "a folder where a file should be" in said) == (4, True)


def test_editions_are_listed_though_nobody_can_read_which_is_current(folder: Path) -> None:
    made = publish(folder, 2020)
    (folder / "editions" / "current").write_bytes(b"\xff\xfe")
    code, said = run(folder, "editions")
    assert code == 0
    assert made in said
    assert "which edition is current cannot be read" in said


@pytest.mark.parametrize("harm", ["cut", "another format", "no such edition"])
def test_what_cannot_be_shown_is_refused_and_everything_stays(folder: Path, harm: str) -> None:
    good, other = publish(folder, 2020), publish(folder, 2019)
    edition.point(folder / "editions", good)
    if harm == "cut":
        path = folder / "editions" / other / "staff" / "observations.parquet"
        path.write_bytes(path.read_bytes()[:100])
    elif harm == "another format":
        other = resigned.of_format(folder / "editions" / other, 1).name
    code, said = run(folder, "publish", other if harm != "no such edition" else "feedfeedfeedfeed")
    assert code == 4
    assert "Traceback" not in said
    assert edition.current(folder / "editions") == good


def test_damaged_editions_are_listed_as_damaged_beside_the_others(folder: Path) -> None:
    good, bad = publish(folder, 2020), publish(folder, 2019)
    (folder / "editions" / bad / "manifest.json").write_bytes(b"{}")
    code, said = run(folder, "editions")
    assert code == 0
    lines = said.splitlines()
    assert any(good in line and "2020-01-01" in line for line in lines)
    assert any(bad in line and "cannot be shown" in line for line in lines)
    assert "the edition is damaged: manifest.json is not as it was written" in said
