"""One process at a time in a folder, and what a process that was killed left half made in it.

Who works in a folder holds it with `flock`, which the system lets go of when the process ends, however it ends. So what lies there
under a scratch name when somebody's turn begins is nobody's any more.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SCRATCH: Final = ".new-"
"""How the names of folders begin that are not finished."""


@contextmanager
def turn(folder: Path, *, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Hold a folder, which is made if it is not there, for this process alone; wait for whoever holds it, after calling `waiting`."""
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def sweep(folder: Path) -> None:
    """Take away what is half made in a folder. To be called by whoever holds the folder in which this work is done."""
    for path in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(path, ignore_errors=True)
