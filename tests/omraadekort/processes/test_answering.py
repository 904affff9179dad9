"""Each worker is asked: the server is ready when all have answered, one that does not answer is replaced, and that is said."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping

import pytest

from omraadekort.processes.answering import Watch, keep_asking

US = os.getpid()


@pytest.fixture
def silent() -> Iterator[subprocess.Popen[bytes]]:
    """A process that answers nothing."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"]) as process:
        yield process
        process.kill()


def asked(
    ask: Callable[[], int], pids: Callable[[], Mapping[int, int]], *, until: Callable[[list[str]], bool], within: float = 0.3
) -> list[str]:
    """Watch until the lines that were said are enough; "ready" among them when it was ready."""
    said: list[str] = []
    stop = threading.Event()

    def say(line: str) -> None:
        said.append(line)
        if until(said):
            stop.set()

    keep_asking(Watch(ask, pids, ready=lambda: say("ready"), say=say, within=within, every=0.01), stop)
    return said


def test_ready_is_said_once_and_only_when_each_has_answered() -> None:
    answers = itertools.chain([0, 11, 11, 0, 11, 12], itertools.repeat(11))
    given: list[int] = []

    def ask() -> int:
        given.append(next(answers))
        return given[-1]

    assert asked(ask, lambda: {11: 1, 12: 2}, until=lambda said: "ready" in said, within=60) == ["ready"]
    assert given == [0, 11, 11, 0, 11, 12]


def test_a_worker_that_never_answers_is_replaced_and_said(silent: subprocess.Popen[bytes]) -> None:
    def pids() -> dict[int, int]:
        return {US: 1, (silent.pid if silent.poll() is None else 77): 2}

    answers = itertools.cycle([US, US, 0, 77])

    def ask() -> int:
        answer = next(answers)
        return 0 if answer == 77 and silent.poll() is None else answer

    said = asked(ask, pids, until=lambda lines: "ready" in lines)
    assert said[-1] == "ready"
    assert f"Worker 2 (process {silent.pid})" in said[0]
    assert "replaced" in said[0]
    assert len(said) == 2
    assert silent.poll() is not None


def test_one_that_stops_answering_later_is_replaced_too(silent: subprocess.Popen[bytes]) -> None:
    hung = threading.Event()

    def ask() -> int:
        return 0 if hung.is_set() else silent.pid

    def pids() -> dict[int, int]:
        return {silent.pid: 1} if silent.poll() is None else {}

    def enough(lines: list[str]) -> bool:
        hung.set()
        return len(lines) == 2

    said = asked(ask, pids, until=enough)
    assert said[0] == "ready"
    assert "Worker 1" in said[1]


def test_stopped_while_nobody_answers_it_ends_without_a_word() -> None:
    stop = threading.Event()
    said: list[str] = []

    def ask() -> int:
        stop.set()
        return 0

    keep_asking(Watch(ask, lambda: {1: 1}, ready=lambda: said.append("ready"), say=said.append), stop)
    assert said == []


class RecordedWaits(threading.Event):
    """An event whose waits take no time and are kept, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Keep the time that would have been waited."""
        self.waits.append(timeout)
        return self.is_set()


def test_a_process_is_given_its_own_time_however_many_came_before_it_in_its_place() -> None:
    stop, said, within = threading.Event(), list[str](), 0.1
    end = time.monotonic() + 5 * within
    replaced = itertools.count(2**30)  # no system gives a process such an id

    def ask() -> int:
        if time.monotonic() > end:
            stop.set()
        return US

    keep_asking(Watch(ask, lambda: {US: 1, next(replaced): 2}, ready=lambda: said.append("ready"), say=said.append, within=within), stop)
    assert said == []


def test_while_a_worker_starts_the_others_are_asked_more_and_more_slowly_and_each_answer_is_told() -> None:
    stop, told = RecordedWaits(), list[int]()

    def answered(pid: int) -> None:
        told.append(pid)
        if len(told) == 200:
            stop.set()

    keep_asking(Watch(lambda: 11, lambda: {11: 1, 12: 2}, ready=lambda: None, say=lambda _line: None, answered=answered), stop)
    assert told == [11] * 200
    assert stop.waits[0] == 0
    assert stop.waits[-1] == 0.2
    assert stop.waits == sorted(stop.waits, key=lambda pause: pause or 0.0)
