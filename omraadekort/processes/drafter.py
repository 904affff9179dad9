"""The worker of drafts: a process of its own beside the server, which does the work that drafts wait for, one draft after the other.

It is ended with the server, and ends by itself when its standard input does. What it was doing then waits, and is done again by the next.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from geo.drafts import kept
from omraadekort.processes import beside
from webmap import settings
from webmap.workroom import queue

_PATIENCE: Final = 8.0
"""Seconds that the worker has to end by itself."""


@contextmanager
def working() -> Iterator[None]:
    """Do the work of drafts of the workspace that the environment names, while this process serves."""
    with beside.running(__name__, patience=_PATIENCE):
        yield


def work(chosen: settings.Settings, stop: threading.Event) -> None:
    """Do the work of drafts until the process is interrupted; stop: set when what runs shall end."""
    waiting = queue.of(chosen, stop)
    waiting.add_waiting(chosen.workspace / kept.FOLDER)
    waiting.huey.create_consumer(workers=1, periodic=False, initial_delay=0.1, max_delay=0.5).run()


def _until_the_server_ends(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()
    os.kill(os.getpid(), signal.SIGINT)  # the consumer ends when what runs has ended


if __name__ == "__main__":
    ended = threading.Event()
    threading.Thread(target=_until_the_server_ends, args=(ended,), daemon=True).start()
    work(settings.read(os.environ), ended)
