"""A rehearsal: the edition that a build would make now, built where nobody sees it, and compared with the current one."""

from __future__ import annotations

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
from geo.drafts import copying
from geo.editions import changes, condition, edition
from geo.editions.comparison import Changes
from geo.errors import EditionError, Problem
from geo.files import locks
from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience

SCRATCH: Final = ".rehearsal-"
"""How the names of folders begin, in a workspace, in which a rehearsal is built; they go when it ends."""
_HELD: Final = "held"
"""The folder in it whose lock says that it is in use; its own lock is the build's."""


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
    with _apart(place) as copy:
        return compared(place, copy, progress=progress)


def compared(place: Workspace, copy: Workspace, *, progress: Progress = silent) -> Rehearsal:
    """Build a copy of a workspace and compare its edition with the one that the workspace shows. Raises as `rehearse` does."""
    began = time.monotonic()
    before = condition.shown(place.editions).id
    made = pipeline.build(copy, progress=progress)
    differences = {
        audience: changes.compare(edition.read(copy.editions, before, audience), edition.read(copy.editions, made.id, audience))
        for audience in Audience
    }
    return Rehearsal(before, made.id, differences, time.monotonic() - began)


@contextmanager
def _apart(place: Workspace) -> Iterator[Workspace]:
    """A copy of the workspace, in a folder of this one, which goes with the context; what a killed rehearsal left goes first."""
    _sweep(place.folder)
    try:
        folder = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=place.folder))
    except OSError as error:
        raise EditionError(Problem(str(place.folder), f"a rehearsal cannot be built there ({error.strerror})")) from None
    with locks.held(folder / _HELD):
        try:
            yield copying.make(place, folder / "copy")
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(folder: Path) -> None:
    for left in folder.glob(f"{SCRATCH}*"):
        with locks.held(left / _HELD, wait=False) as mine:
            if mine:
                shutil.rmtree(left, ignore_errors=True)
