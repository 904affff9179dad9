"""The queue of work with a real consumer and commands that are no build: in turn, stopped with all they started, put on anew."""

from __future__ import annotations

import datetime as dt
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from geo.drafts import desk, kept
from geo.drafts.draft import Actor, Draft
from geo.errors import DraftError
from webmap.settings import Settings
from webmap.workroom import queue
from webmap.workroom.queue import WorkQueue

ANNA = Actor(id="1", name="Anna")
NOON = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
QUICK = (sys.executable, "-c", "import pathlib, sys; (pathlib.Path(sys.argv[1]) / sys.argv[2]).touch()")
"""A command that leaves a file of the draft's name."""
SLOW = (
    sys.executable,
    "-c",
    "import pathlib, subprocess, sys, time; child = subprocess.Popen(['sleep', '60']);"
    "(pathlib.Path(sys.argv[1]) / 'child').write_text(str(child.pid)); time.sleep(60)",
)
"""A command that starts another one and waits."""

_WORKS = (
    "import pathlib, sys; from geo.drafts import kept;"
    "kept.change(pathlib.Path(sys.argv[1]) / 'drafts' / sys.argv[2], lambda draft: kept.stopped(draft, 'done'))"
)
"""The beginning of a command that ends the work which a draft waits for."""


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    address = str(request.getfixturevalue("fresh_postgresql")) if request.param == "postgresql" else ""
    return Settings(workspace=tmp_path, queue_url=address)


@contextmanager
def consuming(waiting: WorkQueue) -> Iterator[None]:
    """A consumer of the queue in threads of this process."""
    consumer = waiting.huey.create_consumer(workers=1, periodic=False, initial_delay=0.05, max_delay=0.1)
    consumer.start()
    try:
        yield
    finally:
        consumer.stop(graceful=False)


def asked(settings: Settings) -> str:
    """A draft that waits to be read; its id."""
    drafts = settings.workspace / kept.FOLDER
    own = desk.begin(drafts, "x", by=ANNA, at=NOON).id
    desk.ask(drafts, own, "read", by=ANNA, at=NOON)
    return own


def draft_of(settings: Settings, id: str) -> Draft:
    return kept.read(kept.folder_of(settings.workspace / kept.FOLDER, id))


def until(path: Path) -> None:
    end = time.monotonic() + 15
    while not path.exists():
        assert time.monotonic() < end, path
        time.sleep(0.05)


def ended(pid: int) -> bool:
    """Whether a process ends within a moment, which a signal takes to reach it."""
    end = time.monotonic() + 5
    while not _gone(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return _gone(pid)


def _gone(pid: int) -> bool:
    """Whether a process is gone, or dead and not yet taken note of."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_drafts_are_worked_on_one_after_the_other(settings: Settings, tmp_path: Path) -> None:
    waiting = queue.of(settings, command=(*QUICK, str(tmp_path)))
    first, second = asked(settings), asked(settings)
    for own in (first, second):
        queue.of(settings).add(own)  # another process, which only asks
    with consuming(waiting):
        until(tmp_path / first)
        until(tmp_path / second)


def test_what_waited_or_ran_when_a_worker_was_killed_is_put_on_anew(settings: Settings, tmp_path: Path) -> None:
    own, idle = asked(settings), desk.begin(settings.workspace / kept.FOLDER, "y", by=ANNA, at=NOON).id
    waiting = queue.of(settings, command=(*QUICK, str(tmp_path)))
    waiting.add_waiting(settings.workspace / kept.FOLDER)
    waiting.add_waiting(settings.workspace / kept.FOLDER)  # twice is harmless
    with consuming(waiting):
        until(tmp_path / own)
        time.sleep(0.5)
    assert not (tmp_path / idle).exists()


def test_a_draft_that_stands_on_the_queue_often_is_worked_on_once_and_keeps_nobody_waiting(settings: Settings, tmp_path: Path) -> None:
    """Whoever saves many times in a row puts it there each time; each process for nothing would take seconds."""
    begun = (sys.executable, "-c", f"{_WORKS}; open(sys.argv[1] + '/begun', 'a').write(sys.argv[2])", str(tmp_path))
    waiting = queue.of(settings, command=begun)
    own, other = asked(settings), asked(settings)
    for _ in range(200):
        waiting.add(own)
    waiting.add(other)
    with consuming(waiting):
        end = time.monotonic() + 30
        while draft_of(settings, other).working:
            assert time.monotonic() < end
            time.sleep(0.05)
    assert (tmp_path / "begun").read_text(encoding="ascii") == own + other


def test_work_that_is_cancelled_ends_with_all_that_it_started(tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path)
    own, drafts = asked(settings), tmp_path / kept.FOLDER
    folder = kept.folder_of(drafts, own)
    kept.change(folder, _running)
    waiting = queue.of(settings, command=(*SLOW, str(tmp_path)))
    waiting.add(own)
    with consuming(waiting):
        until(tmp_path / "child")
        desk.cancel(drafts, own)
        end = time.monotonic() + 10
        while draft_of(settings, own).working:
            assert time.monotonic() < end
            time.sleep(0.05)
    task = draft_of(settings, own).task
    assert task is not None
    assert task.state == "cancelled"
    assert ended(int((tmp_path / "child").read_text(encoding="ascii")))


def test_a_worker_that_ends_ends_its_work_and_leaves_it_waiting(tmp_path: Path) -> None:
    settings, stop = Settings(workspace=tmp_path), threading.Event()
    own = asked(settings)
    thread = threading.Thread(target=queue.run, args=(tmp_path / kept.FOLDER, own, (*SLOW, str(tmp_path), own), stop))
    thread.start()
    until(tmp_path / "child")
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert ended(int((tmp_path / "child").read_text(encoding="ascii")))
    assert draft_of(settings, own).working


def test_a_draft_that_is_gone_is_passed_over(tmp_path: Path) -> None:
    queue.run(tmp_path / kept.FOLDER, "0" * 12, (*QUICK, str(tmp_path), "x"), threading.Event())
    assert not (tmp_path / "x").exists()


def test_a_queue_that_cannot_be_reached_is_said_in_words(tmp_path: Path) -> None:
    away = Settings(workspace=tmp_path, queue_url=f"postgresql://nobody@127.0.0.1:{_closed()}/none?connect_timeout=1")
    with pytest.raises(DraftError, match=r"the queue of work cannot be written \(OperationalError\)"):
        queue.of(away)
    waiting = queue.of(Settings(workspace=tmp_path))
    (tmp_path / kept.FOLDER / queue.FILE).write_bytes(b"no database of SQLite, whatever its name says" * 200)
    with pytest.raises(DraftError, match="the queue of work cannot be written"):
        waiting.add("0" * 12)


def _closed() -> int:
    """A port at which nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        port: int = made.getsockname()[1]
    return port


def _running(draft: Draft) -> Draft:
    assert draft.task is not None
    return replace(draft, task=replace(draft.task, state="running"))


def test_the_queue_is_for_its_owner_alone(tmp_path: Path) -> None:
    queue.of(Settings(workspace=tmp_path)).add("0" * 12)
    assert (tmp_path / kept.FOLDER).stat().st_mode & 0o777 == 0o700
    assert os.access(tmp_path / kept.FOLDER / queue.FILE, os.R_OK)
