"""A real server beside clients that send slowly: everybody else is answered while they are there."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from omraadekort.processes import workers
from tests.readers.served import ROOT, served, status, town

SLOW = 48
"""Clients of each kind: more than there are threads, many times over."""
HEADERS = "GET /om HTTP/1.1\r\nHost: 127.0.0.1\r\nX-a: "
BODY = "POST /log-ind HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\ncsrf="


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with served(town(tmp_path_factory.mktemp("slow")).folder) as server:
        yield server.port


@pytest.mark.parametrize("begun", ["", HEADERS, BODY.format(900), BODY.format(900_000)], ids=["nothing", "headers", "body", "large body"])
def test_slow_clients_hold_nobody_up(begun: str, port: int) -> None:
    with ExitStack() as open_ones:
        for _ in range(SLOW):
            client = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), 120))
            client.sendall(begun.encode())
        for path in ("/om", "/livez", "/healthz", "/log-ind", "/api/v1/goals"):
            assert {status(port, path) for _ in range(6)} == {200}, path


def test_a_body_that_never_comes_is_answered_at_its_deadline(tmp_path: Path) -> None:
    with served(town(tmp_path).folder) as server, socket.create_connection(("127.0.0.1", server.port), 120) as client:
        client.sendall(BODY.format(900).encode())
        assert client.recv(4096).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(("files", "least"), [(512, 200), (20_000, 2048)])
def test_there_are_no_more_connections_than_files_to_hold_them(files: int, least: int) -> None:
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, {files}));"
        "from omraadekort.processes import workers;"
        "print(workers._connections(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    connections, allowed = map(int, said.split())
    assert least <= connections <= allowed - workers.FILES
