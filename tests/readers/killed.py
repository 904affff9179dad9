"""Work in a process that is killed on the way."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_STEPS = frozenset({"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod"})


def killed(folder: Path, step: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that is killed before its step-th change of the folder; False when it came to its end."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == signal.SIGKILL
    left = [step]

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event in _STEPS and any(str(one).startswith(str(folder)) for one in arguments):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    try:
        work()
    finally:
        os._exit(0)
