"""Whether each worker answers: asked over the network as a reader asks, until every process has; one that does not is replaced."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from webmap.serving.alive import INQUIRY, PATH, WORKER

WITHIN: Final = 90.0
"""Seconds within which a worker answers, on a machine that does much else."""
EVERY: Final = 30.0
"""Seconds between two rounds in which every worker is asked, once all have answered."""
_LOOK: Final = 0.2
"""Seconds between two looks at whether there is another process to ask."""
_REPEATED: Final = 0.002
"""Seconds by which the pause grows with each answer in a row of a process that has answered already: the one asked for may be starting."""
_ONE_ANSWER: Final = 3.0
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - what is listened on, seen from this machine


@dataclass(frozen=True)
class Inquiry:
    """Where to ask which process answers, and the word that makes it say so."""

    host: str
    port: int
    token: str

    def ask(self) -> int:
        """The id of the process that answered, 0 when none did in time. The system chooses which process is asked."""
        connection = http.client.HTTPConnection(_EVERYWHERE.get(self.host, self.host), self.port, timeout=_ONE_ANSWER)
        try:
            connection.request("GET", PATH, headers={INQUIRY: self.token, "Connection": "close"})
            named = connection.getresponse().headers.get(WORKER, "")
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
        return int(named) if named.isdigit() else 0


@dataclass(frozen=True)
class Watch:
    """What is watched, and what is done about it.

    ask: the process that answered one question, 0 for none. pids: the processes that are to answer, and which worker each is.
    ready: called once, when all have answered. answered: called with each process that answers. say: one line for whoever operates the
    server. within, every: seconds.
    """

    ask: Callable[[], int]
    pids: Callable[[], Mapping[int, int]]
    ready: Callable[[], None]
    say: Callable[[str], None]
    answered: Callable[[int], None] = lambda _pid: None
    within: float = WITHIN
    every: float = EVERY


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Watch the workers while the server runs."""
    stop = threading.Event()
    thread = threading.Thread(target=keep_asking, args=(watch, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_ONE_ANSWER + 1)


def keep_asking(watch: Watch, stop: threading.Event) -> None:
    """Ask in rounds until stopped: at once when there are other processes than in the round before, else now and then."""
    said, known, again = False, set[int](), 0.0
    while not stop.is_set():
        now = set(watch.pids())
        if not now or (now == known and time.monotonic() < again):
            stop.wait(_LOOK)
            continue
        silent = _round(watch, stop)
        for pid, worker in silent.items():
            _replace(pid, worker, watch)
        known, again = now - set(silent), time.monotonic() + watch.every
        if not silent and not said and not stop.is_set() and set(watch.pids()) == now:
            watch.ready()
            said = True


def _round(watch: Watch, stop: threading.Event) -> dict[int, int]:
    """Ask until every process has answered or the time of one is over, counted from when it was first seen; those whose time is over."""
    answered, seen, repeated = set[int](), dict[int, float](), 0
    while not stop.is_set():
        now = time.monotonic()
        silent = {pid: worker for pid, worker in watch.pids().items() if pid not in answered}
        late = {pid: worker for pid, worker in silent.items() if now - seen.setdefault(pid, now) > watch.within}
        if late or not silent:
            return late
        pid = watch.ask()
        if not pid:
            stop.wait(_LOOK)
            continue
        watch.answered(pid)
        repeated = repeated + 1 if pid in answered else 0
        answered.add(pid)
        stop.wait(min(_LOOK, repeated * _REPEATED))
    return {}


def _replace(pid: int, worker: int, watch: Watch) -> None:
    """End a process that does not answer: the server starts another one in its place, as for any that ends unexpectedly."""
    watch.say(f"Worker {worker} (process {pid}) has not answered for {watch.within:.0f} seconds and is replaced.")
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    end = time.monotonic() + watch.within
    while pid in watch.pids() and time.monotonic() < end:
        time.sleep(_LOOK)
