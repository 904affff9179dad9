"""A disk that takes no more, met by the program as a real limit of the system on the size of a file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geo.drafts import kept
from geo.files.workspace import Workspace
from tests.towns import drafttown, toytown

ROOT = Path(__file__).parent.parent.parent
LEAST = 6000
"""Bytes that a file may have; the files of a workspace and of an edition are larger."""


@pytest.mark.parametrize("command", ["build", "demo", "init"])
def test_a_disk_that_takes_no_more_is_told_in_words_and_leaves_no_half_of_anything(built: Workspace, tmp_path: Path, command: str) -> None:
    folder = tmp_path / "copy"
    if command != "init":
        shutil.copytree(built.folder, folder)
        (folder / "data" / "goals.toml").open("a").write("\n")  # something to build
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} if command == "build" else {}
    limited = f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({LEAST}, {LEAST})); from omraadekort.cli import app; app()"
    words = [sys.executable, "-c", limited, "--workspace", str(folder), command]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (said.returncode, "Traceback" in said.stderr) == (3, False), said.stderr
    assert "File too large" in said.stderr
    assert {path: path.read_bytes() for path in before} == before


def _limited(folder: Path, *words: str, least: int = LEAST) -> subprocess.CompletedProcess[str]:
    """Run a command that may write files of so many bytes at most."""
    program = f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({least}, {least})); from omraadekort.cli import app; app()"
    command = [sys.executable, "-c", program, "--workspace", str(folder), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("step", ["bring", "rehearse", "publish"])
def test_a_draft_on_a_disk_that_takes_no_more_says_so_and_goes_on_when_there_is_room(tmp_path: Path, step: str) -> None:
    place = drafttown.write(tmp_path / "town")
    file = tmp_path / "tal.csv"
    file.write_text(drafttown.NEW + "\n" * (LEAST if step == "bring" else 0), encoding="utf-8")
    drafts = place.folder / kept.FOLDER
    before = toytown.tree(place.boundaries) | toytown.tree(place.data)
    if step != "bring":
        said = _limited(place.folder, "drafts", "bring", str(file), least=1 << 30)
        assert said.returncode == 0, said.stderr
    own = kept.listing(drafts)[0].id if step != "bring" else ""
    if step == "publish":
        assert _limited(place.folder, "drafts", "rehearse", own, least=1 << 30).returncode == 0
    words = {"bring": (str(file),), "rehearse": (own,), "publish": (own, "--reason", "ja")}[step]
    full = _limited(place.folder, "drafts", step, *words)
    assert full.returncode != 0, full.stdout
    assert "Traceback" not in full.stderr, full.stderr
    assert full.stderr.strip()
    assert toytown.tree(place.boundaries) | toytown.tree(place.data) == before
    again = _limited(place.folder, "drafts", step, *words, least=1 << 30)
    assert again.returncode == 0, again.stderr
