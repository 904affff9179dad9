"""Locks on folders, so that one process at a time works in a folder; and the removal of what a killed process left half made in it.

The lock is `flock` on the folder; the system releases it when the process ends, however it ends. Whatever lies in the folder under a
scratch name when a process gets the lock therefore belongs to no running process.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from geo.files import durable

SCRATCH: Final = ".new-"
"""How the names of folders begin that are not finished."""


_STALE: Final = 3600.0
"""Seconds after which a file that was being written without a lock belongs to no process that still runs."""


@contextmanager
def held(folder: Path, *, shared: bool = False, wait: bool = True, waiting: Callable[[], object] = lambda: None) -> Iterator[bool]:
    """Hold the lock on a folder while the context lasts; gives whether it is held, which is always so unless `wait` is False.

    folder: made when it is not there. shared: with others who only read, instead of alone. waiting: called once, before waiting, when
    another process holds the lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            mine = True
        except BlockingIOError:
            mine = wait
            if wait:
                waiting()
                fcntl.flock(descriptor, kind)
        yield mine
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> int:
    """Remove what is half made in a folder, and say how much. Only whoever holds the lock on the folder where this is done may call it."""
    left = [path for path in folder.glob(f"{SCRATCH}*") if path.is_dir()]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(f"{durable.SCRATCH}*"):
        if path.stat().st_mtime < time.time() - _STALE:
            path.unlink(missing_ok=True)
    return len(left)
