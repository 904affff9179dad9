"""The review room behind real processes: each server is a child that can be killed with -9, and clients speak HTTP to it."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from tests.readers.signed import cookie, token
from webmap.access.store import sessions

_FORK = multiprocessing.get_context("fork")
"""A child begins with everything imported: it serves after milliseconds, so that it can be killed two hundred times."""


@dataclass
class Server:
    """One process that answers on a port."""

    port: int
    process: multiprocessing.process.BaseProcess

    def kill(self) -> None:
        """End it as a power cut would: no handler runs."""
        assert self.process.pid
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join(10)


def start(app: Flask, listening: socket.socket) -> Server:
    """Start a server on a socket that several may share: the system gives each connection to one of them."""
    process = _FORK.Process(target=_serve, args=(app, listening.fileno()), daemon=True)
    process.start()
    return Server(listening.getsockname()[1], process)


def _serve(app: Flask, fd: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    make_server("127.0.0.1", 0, app, threaded=True, fd=fd).serve_forever()


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A socket on a free port."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as made:
        made.set_inheritable(True)
        yield made


@dataclass
class Editor:
    """Somebody who writes on one page: a session, its token, and where the server is. patience: seconds that an answer is waited for."""

    port: int
    path: str
    session: str
    token: str
    patience: float = 300.0

    @classmethod
    def of(cls, client: FlaskClient, path: str, port: int) -> Editor:
        """Sign an editor in through a test client of the same application."""
        return cls(port, path, cookie(client), token(client.get(path)))

    def save(self, base: int, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Send a draft; the status and the answer. Raises OSError or HTTPException when the server is gone before it answered."""
        connection = self.send(base, fields)
        try:
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content[:1] == b"{" else {}
        finally:
            connection.close()

    def send(self, base: int, fields: dict[str, str]) -> http.client.HTTPConnection:
        """Send a draft and wait for no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        body = json.dumps({"base": str(base), "fields": fields})
        headers = {
            "Content-Type": "application/json",
            "X-CSRF-Token": self.token,
            "Cookie": f"{sessions.COOKIE}={self.session}",
            "Connection": "close",
        }
        try:
            connection.request("POST", f"{self.path}/gem", body, headers)
        except OSError:
            connection.close()
            raise
        return connection
