"""A rehearsal: the edition that a build would make now, built where nobody sees it, and compared with the current one."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo import pipeline
from geo.building.steps import Progress, silent
from geo.editions import changes, condition, edition
from geo.editions.comparison import Changes
from geo.errors import EditionError, Problem
from geo.files import locks, workspace
from geo.files.workspace import INPUTS, Workspace
from geo.model.vocabulary import Audience

SCRATCH: Final = ".rehearsal-"
"""How the names of folders begin, in a workspace, in which a rehearsal is built; they go when it ends."""
_HELD: Final = "held"
"""The folder in it whose lock says that it is in use; its own lock is the build's."""
_COPIED: Final = (*INPUTS, "editions", "internal")


@dataclass(frozen=True)
class Rehearsal:
    """What would change, for each audience. seconds: how long the build and the comparison took."""

    before: str
    now: str
    changes: Mapping[Audience, Changes]
    seconds: float


def rehearse(place: Workspace, *, progress: Progress = silent) -> Rehearsal:
    """Build the workspace's files in a folder of their own and compare the edition with the one that is shown. Nothing else changes.

    The disclosure control counts all editions of the workspace as read, as in a build. Raises EditionError when there is no edition to
    compare with, and as `pipeline.build` does.
    """
    began = time.monotonic()
    before = condition.shown(place.editions).id
    with _apart(place) as copy:
        made = pipeline.build(copy, progress=progress)
        compared = {
            audience: changes.compare(edition.read(copy.editions, before, audience), edition.read(copy.editions, made.id, audience))
            for audience in Audience
        }
    return Rehearsal(before, made.id, compared, time.monotonic() - began)


@contextmanager
def _apart(place: Workspace) -> Iterator[Workspace]:
    """A workspace with the same files, in a folder of this one, which goes with the context; what a killed rehearsal left goes first.

    Files are linked where the disk can: whatever a build writes gets its name by a rename, so it never reaches the original.
    """
    _sweep(place.folder)
    try:
        folder = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=place.folder))  # mkdtemp makes it 0700: it holds registers and proofs
    except OSError as error:
        raise EditionError(Problem(str(place.folder), f"a rehearsal cannot be built there ({error.strerror})")) from None
    with locks.held(folder / _HELD):
        try:
            with locks.held(place.folder, shared=True):  # an import waits, so that none is half in it
                for name in _COPIED:
                    if (place.folder / name).is_dir():
                        _link_tree(place.folder / name, folder / name)
                shutil.copyfile(place.folder / workspace.MARK, folder / workspace.MARK)
            yield Workspace(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(folder: Path) -> None:
    for left in folder.glob(f"{SCRATCH}*"):
        with locks.held(left / _HELD, wait=False) as mine:
            if mine:
                shutil.rmtree(left, ignore_errors=True)


def _link_tree(source: Path, target: Path) -> None:
    """Link the files of a folder into another; links keep leading where they led. Folders that are being written are left out."""
    target.mkdir(mode=source.stat().st_mode & 0o777)
    for entry in os.scandir(source):
        if entry.name.startswith(locks.SCRATCH):
            continue
        if entry.is_symlink():
            (target / entry.name).symlink_to(Path(entry.path).resolve())
        elif entry.is_dir():
            _link_tree(Path(entry.path), target / entry.name)
        else:
            _link(Path(entry.path), target / entry.name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:  # it was being written, and has another name by now
        return
    except OSError:  # a disk without links, or one that is another's
        shutil.copy2(source, target)
