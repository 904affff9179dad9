"""The workroom in a shell: a draft whose command was killed is taken up by the next command, whatever it is."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from geo.drafts import kept
from geo.drafts.draft import Task
from geo.files.workspace import Workspace
from omraadekort import cli
from tests.records.drafted import ANNA, NEW
from tests.towns import drafttown


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return drafttown.write(tmp_path / "town")


def run(place: Workspace, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, ["-w", str(place.folder), "drafts", *words])
    return done.exit_code, done.output


def brought(place: Workspace, folder: Path) -> str:
    file = folder / "tal.csv"
    file.write_text(NEW, encoding="utf-8")
    code, said = run(place, "bring", str(file), "--title", "Ny måling")
    assert (code, "figures: 1 new" in said) == (0, True), said
    return said[:12]


@pytest.mark.parametrize("words", [("answer", "1"), ("rehearse",), ("discard",)])
def test_a_draft_whose_command_was_killed_is_taken_up_by_the_next(place: Workspace, tmp_path: Path, words: tuple[str, ...]) -> None:
    own = brought(place, tmp_path)
    folder = kept.folder_of(place.folder / kept.FOLDER, own)
    killed = Task(kind="read", state="running", by=ANNA, at="2026-11-28T12:00:00+00:00")
    kept.change(folder, lambda draft: replace(draft, task=killed, files=tuple(replace(file, preview=None) for file in draft.files)))
    command, *more = words
    code, said = run(place, command, own, *more)
    assert code == 0, said
    assert "it is done first" in said


def test_a_whole_way_says_what_it_does(place: Workspace, tmp_path: Path) -> None:
    own = brought(place, tmp_path)
    assert "Figures: 1 new." in run(place, "rehearse", own)[1]
    code, said = run(place, "publish", own, "--reason", "Ny måling")
    assert (code, "Published as number 1." in said) == (0, True), said
    assert "published as number 1" in run(place, "list")[1]
    code, said = run(place, "roll-back", own, "--reason", "Forkert")
    assert (code, "Taken back as number 2." in said) == (0, True), said
    assert run(place, "show", "0123456789ab")[0] == 1


@pytest.mark.parametrize("kind", ["pipe", "device", "sparse"])
def test_what_is_no_file_or_too_large_is_refused_before_anything_is_made(place: Workspace, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "fil.csv"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.touch()
        os.truncate(path, 5_000_000_000)
    code, said = run(place, "bring", str(path))
    assert (code, "fil.csv" in said) == (1, True), said
    assert kept.listing(place.folder / kept.FOLDER) == ()


def test_no_variable_of_the_environment_makes_two_people_of_one(place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMRAADEKORT_PUBLISH_TWO_PEOPLE", "yes")
    own = brought(place, tmp_path)
    run(place, "rehearse", own)
    assert run(place, "sign", own, "--reason", "Set")[0] == 0
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "mallory")
    code, said = run(place, "publish", own, "--reason", "Alene")
    assert (code, "two pairs of eyes" in said) == (1, True)
    (signature,) = kept.read(kept.folder_of(place.folder / kept.FOLDER, own)).signatures
    assert signature.by.name == pwd.getpwuid(os.getuid()).pw_name
