"""Drafts that wait for work, in a queue that several processes share: a file of SQLite, or a database of PostgreSQL on several machines.

The queue holds only ids: what is to be done stands in the draft. To put an id on it twice is harmless: whoever works on a draft holds its
lock, and an id whose draft waits for nothing any more is passed over without a process, so that nobody else waits for it.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from huey import PostgresHuey, SqliteHuey

from geo.drafts import kept
from geo.drafts.draft import Draft
from geo.errors import DraftError, NotFoundError
from webmap.settings import Settings

FILE: Final = "queue.sqlite"
_NAME: Final = "omraadekort"
_LOOK: Final = 0.3
"""Seconds between two looks at whether somebody asked for the work to stop."""
_PATIENCE: Final = 3.0
"""Seconds that work has to end by itself after it was asked to."""

UNWRITABLE: Final = "the queue of work cannot be written"
_FAULTS: tuple[type[Exception], ...] = (OSError, sqlite3.Error)
"""What the databases of queues raise when they are away, full or locked for long."""
try:
    import psycopg
except ImportError:  # an extra, which a queue in a file does without
    pass
else:
    _FAULTS = (*_FAULTS, psycopg.Error)


@dataclass(frozen=True)
class WorkQueue:
    """The queue: huey's own, and the task in it."""

    huey: Any
    work: Callable[[str], object]

    def add(self, draft: str) -> None:
        """Put a draft on the queue, by its id. Raises DraftError when the queue cannot be written."""
        try:
            self.work(draft)
        except _FAULTS as error:
            raise DraftError(f"{UNWRITABLE} ({type(error).__name__})") from error

    def add_waiting(self, drafts: Path) -> None:
        """Put every draft on the queue whose work waits or was running when its worker ended. drafts: the folder of all drafts."""
        for draft in kept.listing(drafts):
            if draft.working:
                self.add(draft.id)


def of(settings: Settings, stop: threading.Event | None = None, command: Sequence[str] = ()) -> WorkQueue:
    """Return the queue of a workspace. Raises DraftError when it cannot be reached.

    stop: ends the work that runs when it is set. command: that does the work of a draft; its id follows.
    """
    drafts = settings.workspace / kept.FOLDER
    if settings.queue_url:
        huey = _reached(lambda: PostgresHuey(_NAME, dsn=settings.queue_url))
    else:
        drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
        huey = _reached(lambda: SqliteHuey(_NAME, filename=str(drafts / FILE)))
    program = command or (sys.executable, "-m", "omraadekort", "--workspace", str(settings.workspace), "drafts", "work")
    ends = stop or threading.Event()

    def work(draft: str) -> None:
        run(drafts, draft, (*program, draft), ends)

    return WorkQueue(huey, huey.task(name="work")(work))


def _reached(connect: Callable[[], Any]) -> Any:
    try:
        return connect()
    except _FAULTS as error:
        raise DraftError(f"{UNWRITABLE} ({type(error).__name__})") from error


def run(drafts: Path, id: str, command: Sequence[str], stop: threading.Event) -> None:
    """Do the work of a draft in a process of its own, which gives its memory back and can be ended. drafts: the folder of all drafts."""
    try:
        folder = kept.folder_of(drafts, id)
        if not kept.read(folder).working:  # it stood on the queue more than once
            return
    except (NotFoundError, DraftError):
        return
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, process_group=0)  # noqa: S603 - our own program
    try:
        while child.poll() is None and not stop.wait(_LOOK):
            if _cancelling(folder):
                _end(child)
                kept.change(folder, _cancelled)
    finally:
        _end(child)


def _cancelling(folder: Path) -> bool:
    with suppress(NotFoundError, DraftError):
        task = kept.read(folder).task
        return task is not None and task.cancelling
    return False


def _cancelled(draft: Draft) -> Draft:
    return kept.stopped(draft, "cancelled")


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a process with all that it has started: asked first, then killed."""
    if child.poll() is None:
        _signal(child, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            child.wait(_PATIENCE)
    _signal(child, signal.SIGKILL)  # what it started may outlive it, and would work on in a folder that somebody else has by then
    child.wait()


def _signal(child: subprocess.Popen[bytes], kind: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, kind)
