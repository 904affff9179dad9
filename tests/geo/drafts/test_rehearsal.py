"""A rehearsal: what a build would change is said before, and nothing of the workspace is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo import pipeline
from geo.drafts import rehearsal
from geo.errors import EditionError, InputError
from geo.files import locks
from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience
from omraadekort import cli
from tests.towns import toytown


def with_rows(place: Workspace, *changed: tuple[str, str], more: tuple[str, ...] = ()) -> None:
    """The toy town's figures with some rows put otherwise and others added."""
    rows = [*toytown.ROWS, *more]
    for before, after in changed:
        rows = [row.replace(before, after) for row in rows]
    path = place.folder / toytown.FIGURES
    path.write_text(toytown.csv(rows), encoding="utf-8")
    toytown.write_sidecar(path)


@pytest.fixture
def town(tmp_path: Path) -> Workspace:
    place = toytown.write(tmp_path)
    pipeline.build(place)
    return place


def as_it_lies(place: Workspace) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(place.folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(place.folder.rglob("*"))
        if path.is_file()
    }


def test_what_would_change_is_what_a_build_then_changes(town: Workspace) -> None:
    with_rows(town, ("0101,2011,85", "0101,2011,84"), more=("tryg,square,0104,2013,90,,,100,,,final,survey,,",))
    before = as_it_lies(town)
    made = rehearsal.rehearse(town)
    told = {
        (figure.area_id, figure.period): (figure.kind, figure.before.value, figure.now.value, figure.by)
        for figure in made.changes[Audience.PUBLIC].figures
    }
    assert told[("0101", "2011")] == ("revised", 85, 84, -1)
    assert told[("0104", "2013")] == ("new", None, 90, None)
    assert len(told) == 2
    assert as_it_lies(town) == before
    assert pipeline.build(town).id == made.now


def test_nothing_changed(town: Workspace) -> None:
    made = rehearsal.rehearse(town)
    assert made.before == made.now
    assert all(changes.nothing for changes in made.changes.values())


def test_a_fault_leaves_nothing(town: Workspace) -> None:
    with_rows(town, ("0101,2011,85", "0101,2011,185"))
    before = as_it_lies(town)
    with pytest.raises(InputError):
        rehearsal.rehearse(town)
    assert as_it_lies(town) == before
    assert not list(town.folder.glob(f"{rehearsal.SCRATCH}*"))


def test_without_an_edition(tmp_path: Path) -> None:
    with pytest.raises(EditionError):
        rehearsal.rehearse(toytown.write(tmp_path))


def test_what_a_killed_rehearsal_left_goes_and_one_that_runs_stays(town: Workspace) -> None:
    left, running = (town.folder / f"{rehearsal.SCRATCH}{name}" for name in ("left", "running"))
    left.mkdir()
    running.mkdir()
    (left / "workspace.toml").touch()
    with locks.held(running / "held"):
        rehearsal.rehearse(town)
        assert running.is_dir()
    assert not left.exists()


def run(place: Workspace, *words: str) -> str:
    answer = CliRunner().invoke(cli.app, ["--workspace", str(place.folder), "rehearse", *words])
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_the_command_says_it_in_lines(town: Workspace) -> None:
    with_rows(town, ("0101,2011,85", "0101,2011,84"), more=("tryg,square,0104,2013,90,,,100,,,final,survey,,",))
    said = run(town)
    assert "Figures: 1 new, 1 revised." in said
    assert "tryg square/0101 2011: 85 -> 84 (-1), revised" in said
    assert "tryg square 2013: 1 new" in said
    assert "Nothing is published." in said


def test_the_command_says_that_nothing_changes(town: Workspace) -> None:
    assert "A reader would see no difference." in run(town)


def test_the_command_gives_json(town: Workspace) -> None:
    with_rows(town, ("0101,2011,85", "0101,2011,84"))
    said = json.loads(run(town, "--json", "--audience", "staff"))
    assert said["audience"] == "staff"
    assert [figure["by"] for figure in said["figures"]] == [-1]
