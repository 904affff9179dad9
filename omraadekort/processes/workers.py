"""The worker processes of `serve`: spawned, never forked, so that none begins with a lock that a thread of another process held."""

from __future__ import annotations

import multiprocessing
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

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
    """granian with workers that Ctrl-C in a terminal reaches only once they can handle it: until then their parent ends them."""

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
        with _interrupts_held():
            super()._spawn_workers(spawn_target, target_loader)  # type: ignore[no-untyped-call]  # granian types its subclass alone

    def _respawn_workers(self, workers: Any, spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        with _interrupts_held():
            super()._respawn_workers(workers, spawn_target, target_loader, delay)

    def pids(self) -> dict[int, int]:
        """The processes that are to answer: which worker each is, counted from 1."""
        return {worker.inner.pid: worker.idx + 1 for worker in tuple(self.wrks) if worker.inner.pid}


def server(host: str, port: int, workers: int) -> WorkerServer:
    """The server of the application in `wsgi.py`; `run` starts it."""
    return WorkerServer(
        "wsgi:app",
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
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    )


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
