"""A disk that takes no more, met by the program as a real limit of the system on the size of a file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geo.files.workspace import Workspace

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
