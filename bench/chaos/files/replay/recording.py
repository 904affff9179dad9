"""Recording what a program asks of the disk below one folder, by a library of C that is loaded into it (`recorder.c`, built with gcc)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
MARK: Final = ".acknowledged-"
"""How the names of files begin by which a recorded program says that something is done; they are no part of the folder."""

Event = tuple[str, ...]


@dataclass(frozen=True)
class Recording:
    """What was asked of the disk, in order, and what lay there before.

    folders, files, links: by inode number. kept: the bytes of files when they were synced, by the name that an event gives them.
    """

    root: int
    folders: Mapping[int, Mapping[str, int]]
    files: Mapping[int, bytes]
    links: Mapping[int, str]
    events: tuple[Event, ...]
    kept: Mapping[str, bytes]


def possible() -> bool:
    """Whether this machine can record: Linux with gcc."""
    return sys.platform == "linux" and shutil.which("gcc") is not None


def record(folder: Path, code: str, *arguments: str) -> Recording:
    """Run Python code in a process of its own, and record what it asks of the disk below a folder.

    The folder stays as the program leaves it. Raises CalledProcessError, with what the program said, when it fails.
    """
    folders, files, links = _lying(folder)
    with tempfile.TemporaryDirectory() as kept:
        environment = {**os.environ, "LD_PRELOAD": str(library()), "CHAOS_WATCHED": str(folder.resolve()), "CHAOS_RECORD": kept}
        subprocess.run([sys.executable, "-c", code, *arguments], env=environment, check=True, capture_output=True)  # noqa: S603  our own code
        written = Path(kept, "events")
        events = tuple(tuple(line.split("\t")) for line in written.read_text().splitlines()) if written.exists() else ()
        synced = {path.name: path.read_bytes() for path in Path(kept).iterdir() if path != written}
    return Recording(folder.stat().st_ino, folders, files, links, events, synced)


def acknowledge(folder: Path, number: int) -> None:
    """Say from a recorded program that something is done: whatever state the disk is in later, it must be there."""
    os.close(os.open(folder / f"{MARK}{number}", os.O_WRONLY | os.O_CREAT))


@lru_cache(maxsize=1)
def library() -> Path:
    """The recorder, built for this machine; it goes with the folder for temporary files."""
    built = Path(tempfile.mkdtemp()) / "recorder.so"
    command = ["gcc", "-shared", "-fPIC", "-O1", "-w", "-o", str(built), str(HERE / "recorder.c"), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  our own words
    return built


def _lying(folder: Path) -> tuple[dict[int, dict[str, int]], dict[int, bytes], dict[int, str]]:
    folders, files, links = {folder.stat().st_ino: dict[str, int]()}, dict[int, bytes](), dict[int, str]()
    for path in sorted(folder.rglob("*")):
        number = path.lstat().st_ino
        folders[path.parent.stat().st_ino][path.name] = number
        if path.is_symlink():
            links[number] = str(path.readlink())
        elif path.is_dir():
            folders[number] = {}
        else:
            files[number] = path.read_bytes()
    return folders, files, links
