"""Locks on folders, so that one process at a time works in a folder; and the removal of what a killed process left half made in it.

The lock is `flock` on the folder; the system releases it when the process ends, however it ends. Whatever lies in the folder under a
scratch name when a process gets the lock therefore belongs to no running process.
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
def held(folder: Path, *, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Hold the lock on a folder for this process alone while the context lasts.

    folder: made when it is not there. waiting: called once, before waiting, when another process holds the lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove what is half made in a folder. Only whoever holds the lock on the folder where this work is done may call it."""
    for path in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(path, ignore_errors=True)
