"""The worker processes of `serve`: spawned, never forked, so that none begins with a lock that a thread of another process held."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from omraadekort.processes.ends import TRIES, WorkerEnds

if TYPE_CHECKING:
    from webmap.serving.rsgi import RsgiApplication

HEADERS_WITHIN: Final = 10
"""Seconds that a client has for the headers of a request, and that a connection may be idle between two."""
CONNECTIONS: Final = 2048
"""Connections that each worker has open at most; more wait in the listening queue."""
FILES: Final = 200
"""Files that a worker has open beside its connections."""
STOPS_WITHIN: Final = 5
"""Seconds that a worker may take to finish its requests when the server is stopped."""


class WorkerServer(MPServer):
    """granian with workers that are replaced however often they end, for as long as another answers.

    granian's own loop ends the whole server when a worker ends within 5.5 s of being replaced, and can miss one that ends meanwhile.
    Ctrl-C in a terminal reaches a worker only once it can handle it: until then its parent ends it.
    say: one line for whoever operates the server.
    """

    def __init__(self, target: str, *, say: Callable[[str], None], **options: Any) -> None:
        super().__init__(target, **options)
        self._say = say
        self._ends = WorkerEnds(self.workers)

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
        with _interrupts_held():
            super()._spawn_workers(spawn_target, target_loader)  # type: ignore[no-untyped-call]  # granian types its subclass alone

    def _respawn_workers(self, workers: Any, spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        with _interrupts_held():
            super()._respawn_workers(workers, spawn_target, target_loader, delay)

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        """Replace workers until the server is stopped. Ends with exit code 1 when none of them comes so far as to answer."""
        while not self.interrupt_signal:
            while self.interrupt_children:
                self._ends.ended(self.interrupt_children.pop(0), time.monotonic())
            if self._ends.hopeless():
                self._say(f"Each worker has ended {TRIES} times in a row before it answered: the server cannot run and ends.")
                self.shutdown(1)  # type: ignore[no-untyped-call]
            for idx in self._ends.take_due(time.monotonic()):
                self._replace(idx, spawn_target, target_loader)
            if self.reload_signal:
                self._reload(spawn_target, target_loader)  # type: ignore[no-untyped-call]
                continue
            self.main_loop_interrupt.wait(self._ends.until_due(time.monotonic()))
            self.main_loop_interrupt.clear()  # before all is looked at again: what comes from here on wakes the next wait

    def _replace(self, idx: int, spawn_target: Any, target_loader: Any) -> None:
        """Start another process in the place of one that ended, and say so; where the system starts none, later."""
        ended = self.wrks[idx].inner
        if ended.exitcode is None:
            return  # a reload has replaced it
        worker = self._spawn_worker(idx, spawn_target, target_loader)
        try:
            with _interrupts_held():
                worker.start()  # type: ignore[no-untyped-call]
        except OSError as error:
            self._say(f"Worker {idx + 1} cannot be started now ({error.strerror}); it is tried again.")
            self._ends.ended(idx, time.monotonic())
            return
        self.wrks[idx] = worker
        self._say(
            f"Worker {idx + 1} (process {ended.pid}) ended unexpectedly ({_how(ended.exitcode)})"
            f" and was replaced by process {worker.inner.pid}."
        )

    def answered(self, pid: int) -> None:
        """Take note that a process has answered: its worker runs."""
        if number := self.pids().get(pid):
            self._ends.answered(number - 1)

    def pids(self) -> dict[int, int]:
        """The processes that are to answer: which worker each is, counted from 1."""
        return {worker.inner.pid: worker.idx + 1 for worker in tuple(self.wrks) if worker.inner.pid}


def server(host: str, port: int, workers: int, say: Callable[[str], None]) -> WorkerServer:
    """The server of the application in `wsgi.py`; `run` starts it. say: one line for whoever operates it."""
    return WorkerServer(
        "wsgi:app",
        say=say,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,  # of a connection that may be HTTP/2 too, nothing bounds the time until its first bytes
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN * 1000),
        websockets=False,
        workers=workers,
        backlog=CONNECTIONS,
        backpressure=_connections(),
        workers_kill_timeout=STOPS_WITHIN,
        log_level=LogLevels.warning,
    )


def _how(code: int) -> str:
    """How a process ended, from its exit code as multiprocessing gives it: below 0 for a signal."""
    return f"signal {-code}, {signal.strsignal(-code)}" if code < 0 else f"exit code {code}"


def _connections() -> int:
    """As many connections as the system lets a process open, which the workers inherit: one that has no file left accepts nobody."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return CONNECTIONS
    able = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (able, hard))
    return max(64, able - FILES)


def run(made: WorkerServer, token: str) -> None:
    """Serve until stopped. token: whoever sends it with /livez is told which process answers."""
    loader: Any = partial(_load, token)
    before = multiprocessing.get_start_method()
    multiprocessing.set_start_method("spawn", force=True)  # which granian asks for
    try:
        made.serve(target_loader=loader, wrap_loader=False)
    finally:
        multiprocessing.set_start_method(before, force=True)


def _load(token: str) -> RsgiApplication:
    """What a worker answers with; called in the worker."""
    from webmap.serving.rsgi import RsgiApplication  # noqa: PLC0415  the parent needs none of it
    from wsgi import app  # noqa: PLC0415  it reads editions and settings when it is loaded

    return RsgiApplication(app, token)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let processes that start now inherit SIGINT blocked; `RsgiApplication` unblocks it when its handlers stand."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
