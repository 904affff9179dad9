"""A process of ours beside the server: it is asked to end with the server, and ends by itself when its standard input does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent.parent.parent
"""Where a process of ours begins, so that it imports the same program."""


@contextmanager
def running(module: str, *, patience: float) -> Iterator[None]:
    """Run a module while the context lasts. patience: seconds that it has to end by itself once its standard input is closed."""
    command = (sys.executable, "-m", module)
    # In a group of its own: Ctrl-C is for the server, which then ends the process.
    child = subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, process_group=0)  # noqa: S603 - our own program
    try:
        yield
    finally:
        if child.stdin is not None:
            child.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            child.wait(patience)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
