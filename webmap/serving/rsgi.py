"""The application as `serve` runs it: what is stored is answered at once, bodies are read before a thread is taken, work is bounded.

One loop takes all requests of a process. What it answers itself waits for nobody: stored pages and `/livez`. All else is Flask's, in a
few threads; a request gets one when its body is there, so that no client can hold a thread by sending slowly. Why so, and what was
measured: docs/decisions/server.md.
"""

from __future__ import annotations

import asyncio
import copy
import io
import logging
import multiprocessing
import os
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

from flask import Flask
from werkzeug.exceptions import BadRequest, HTTPException, LengthRequired, RequestEntityTooLarge, RequestTimeout
from werkzeug.middleware.proxy_fix import ProxyFix

from geo.errors import GeoError
from webmap.access.store import limits, turns
from webmap.access.store.sessions import Session
from webmap.serving import alive, bodies, environs
from webmap.serving import stored as stored_pages
from webmap.serving.bodies import BodyLimit, BodyQueue
from webmap.serving.refused import RefusalMemory
from webmap.serving.stored import StoredPages

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from granian._granian import RSGIHTTPProtocol as HTTPProtocol
    from granian.rsgi import Scope

THREADS: Final = 6
"""Requests that Flask answers at a time: four, for the work is Python's and more would only wait for each other, and two dear ones."""
WAITING: Final = 96
"""Requests that may be with Flask or wait for a thread, and as many that sign in; who comes then is told to come again."""
BODIES, BODIES_OF_ONE = 400, 16
"""Bodies that one process waits for at a time, in all and from one neighbourhood of addresses."""

_BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_HEALTH: Final = "/healthz"
_BUSY: Final = "Vi har for meget at lave lige nu. Prøv igen om lidt. / We have too much to do just now. Try again in a moment.\n"
_Made = TypeVar("_Made")
_log = logging.getLogger(__name__)


@dataclass
class ReadBody:
    """The body of a request: a stream of its bytes, in memory or in a file without a name, and how many there are."""

    stream: IO[bytes] = field(default_factory=io.BytesIO)
    length: int = 0


@dataclass
class WholeAnswer:
    """What a WSGI application answers, whole."""

    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def start(self, status: str, headers: list[tuple[str, str]], _error: object = None) -> Any:
        """What a WSGI application calls before its body."""
        self.status, self.headers = int(status.split(" ", 1)[0]), headers

    def finish(self, parts: Iterable[bytes]) -> WholeAnswer:
        """Take the body in."""
        try:
            self.body = b"".join(parts)
        finally:
            if close := getattr(parts, "close", None):
                close()
        return self


class RsgiApplication:
    """An application with stored pages in front, for a worker of granian. token: see `alive.INQUIRY`."""

    def __init__(self, app: Flask, token: str = "") -> None:
        self._app, self._token = app, token
        self._stored: StoredPages = app.extensions[stored_pages.NAME]
        self._stored.load_beside()
        self._front: Any = self._stored.answer
        if isinstance(app.wsgi_app, ProxyFix):
            self._front = copy.copy(app.wsgi_app)
            self._front.app = self._stored.answer
        self._refusals: RefusalMemory[WholeAnswer] = RefusalMemory()
        self._bodies = BodyQueue(BODIES, BODIES_OF_ONE)
        self._threads = ThreadPoolExecutor(THREADS, "flask")
        self._aside = ThreadPoolExecutor(1, "health")
        self._signing = ThreadPoolExecutor(turns.THREADS, "sign-in")
        self._with_flask = self._with_signing = 0

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called by granian when the worker's own handlers of signals stand: those that its parent held back may come now.

        A worker whose parent was killed ends too, else it would go on answering on a port that nobody knows to be taken.
        """
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        if parent := multiprocessing.parent_process():
            loop.add_reader(parent.sentinel, _end, loop, parent.sentinel)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        environ = environs.environ(scope)
        if environ["PATH_INFO"] == alive.PATH and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            protocol.response_bytes(200, self._alive(environ), alive.ANSWER if environ["REQUEST_METHOD"] == "GET" else b"")
            return
        answer = WholeAnswer()
        kept = self._front(environ, answer.start)
        answer = await self._left_to_flask(environ, protocol) if kept is None else answer.finish(kept)
        protocol.response_bytes(answer.status, answer.headers, answer.body)

    def _alive(self, environ: WSGIEnvironment) -> list[tuple[str, str]]:
        ours = self._token and environ.get("HTTP_" + alive.INQUIRY.upper().replace("-", "_")) == self._token
        return [*alive.HEADERS, (alive.WORKER, str(os.getpid()))] if ours else [*alive.HEADERS]

    async def _left_to_flask(self, environ: WSGIEnvironment, protocol: HTTPProtocol) -> WholeAnswer:
        """Read the body, or refuse it, and let Flask answer."""
        limit = bodies.limit(self._app, environ) if environ["REQUEST_METHOD"] not in _BODILESS else bodies.NOTHING
        rendered = self._signing_in if limit.signs_in else self._rendered
        try:
            content = await self._body(environ, protocol, limit)
        except HTTPException as error:
            environ.pop("HTTP_TRANSFER_ENCODING", None)
            environ |= {"wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "0", bodies.REFUSED: error.code}
            return await self._refusals.answer(environ, rendered)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ |= {"wsgi.input": content.stream, "CONTENT_LENGTH": str(content.length)}
        with content.stream:
            return await rendered(environ)

    async def _body(self, environ: WSGIEnvironment, protocol: HTTPProtocol, limit: BodyLimit) -> ReadBody:
        """The body of a request, empty when it stays unread because nobody may send one there. Raises HTTPException when it is refused."""
        length = environ.get("CONTENT_LENGTH", "")
        if limit is bodies.NOTHING or not (length or "HTTP_TRANSFER_ENCODING" in environ):
            return ReadBody()
        if not (length.isascii() and length.isdigit()):
            raise LengthRequired
        if int(length) > limit.bytes:
            raise RequestEntityTooLarge
        if not limit.stranger and not await self._in_thread(self._signed_in, environ):
            return ReadBody()
        with self._bodies.place(limits.neighbourhood(environ["REMOTE_ADDR"])):
            if limit.to_disk:
                return await _written(protocol, limit, bodies.scratch(self._app.extensions["omraadekort"]))
            return await _read(protocol, limit)

    def _signed_in(self, environ: WSGIEnvironment) -> bool:
        """Whether somebody has signed in with the cookie of a request. Of a database that cannot be read Flask will speak."""
        try:
            session = self._app.session_interface.open_session(self._app, self._app.request_class(environ))
        except (sqlite3.Error, GeoError):
            return False
        return isinstance(session, Session) and session.presence is not None

    async def _rendered(self, environ: WSGIEnvironment) -> WholeAnswer:
        """Flask's answer, when a thread is free."""
        if environ["PATH_INFO"] == _HEALTH:
            return await asyncio.get_running_loop().run_in_executor(self._aside, self._render, environ)
        if self._with_flask >= WAITING:
            return _busy()
        return await self._in_thread(self._render, environ)

    async def _signing_in(self, environ: WSGIEnvironment) -> WholeAnswer:
        """Flask's answer to who signs in, in threads of its own: they wait for their turns, and no other page shall."""
        if self._with_signing >= WAITING:
            return _busy()
        self._with_signing += 1
        try:
            environ[turns.OWN_THREADS] = True
            return await asyncio.get_running_loop().run_in_executor(self._signing, self._render, environ)
        finally:
            self._with_signing -= 1

    async def _in_thread(self, work: Callable[[WSGIEnvironment], _Made], environ: WSGIEnvironment) -> _Made:
        self._with_flask += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, environ)
        finally:
            self._with_flask -= 1

    def _render(self, environ: WSGIEnvironment) -> WholeAnswer:
        answer = WholeAnswer()
        try:
            return answer.finish(self._stored.rendered(environ, answer.start))
        except Exception:
            _log.exception("a request was not answered: %s", environ["PATH_INFO"])
            return WholeAnswer(500, [("Content-Type", "text/plain; charset=utf-8")], b"Internal Server Error\n")


def _end(loop: asyncio.AbstractEventLoop, sentinel: int) -> None:
    loop.remove_reader(sentinel)
    os.kill(os.getpid(), signal.SIGTERM)


async def _read(protocol: HTTPProtocol, limit: BodyLimit) -> ReadBody:
    """The whole body, in the time that it has. Raises HTTPException when it does not come, or not whole."""
    try:
        async with asyncio.timeout(limit.seconds):
            content: bytes = await protocol()
    except TimeoutError:
        raise RequestTimeout from None
    except RuntimeError:  # the client is gone
        raise BadRequest from None
    return ReadBody(io.BytesIO(content), len(content))


async def _written(protocol: HTTPProtocol, limit: BodyLimit, folder: Path) -> ReadBody:
    """The body in a file without a name, which goes when it is closed. Raises HTTPException when a part does not come, or too much does."""
    stream: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed when the request is answered
    size, loop = 0, asyncio.get_running_loop()
    try:
        parts = aiter(protocol)
        while True:
            async with asyncio.timeout(limit.seconds):
                part = await anext(parts, b"")
            if not part:
                break
            size += len(part)
            if size > limit.bytes:
                raise RequestEntityTooLarge
            await loop.run_in_executor(None, stream.write, part)
        await loop.run_in_executor(None, stream.seek, 0)
    except TimeoutError:
        raise _closed(stream, RequestTimeout()) from None
    except (RuntimeError, OSError):  # the client is gone, or the disk is full
        raise _closed(stream, BadRequest()) from None
    except BaseException:
        stream.close()
        raise
    return ReadBody(stream, size)


def _closed(stream: IO[bytes], error: HTTPException) -> HTTPException:
    stream.close()
    return error


def _busy() -> WholeAnswer:
    seconds = str(bodies.RETRY_AFTER)
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", seconds), ("Cache-Control", "no-store")]
    return WholeAnswer(503, [*headers, ("X-Content-Type-Options", "nosniff")], _BUSY.encode())
