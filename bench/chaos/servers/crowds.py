"""Readers beside clients that send slowly, and beside readers of the dearest answers: how long they wait for a page."""

from __future__ import annotations

import http.client
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from bench.chaos.outcome import Outcome
from tests.readers.served import served, town

READERS, EACH = 50, 20
SLOW: Final = 200
DEAR_READERS: Final = 12
P99_SLOW, P99_DEAR = 0.2, 1.0
"""Seconds that ninety-nine of a hundred honest requests may take."""
_BEGUN: Final = {
    "slow headers": "GET /om HTTP/1.1\r\nHost: 127.0.0.1\r\nX-a: ",
    "slow bodies": "POST /log-ind HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n\r\ncsrf=",
    "slow small bodies": "POST /log-ind HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\ncsrf=",
}


def run(trials: int) -> Outcome:
    """Crowd a server that often with each kind of client."""
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as folder, served(town(Path(folder)).folder) as server:
        _settled(server.port)
        for _ in range(trials):
            for kind in (*_BEGUN, "dear answers"):
                alone = _p99(_waits(server.port))
                beside = _dear(server.port) if kind == "dear answers" else _slow(server.port, kind)
                with beside as codes:
                    failures += _judged(kind, _p99(_waits(server.port)), alone, codes)
    return Outcome("200 slow clients, 12 readers of dear answers", trials * (len(_BEGUN) + 1), tuple(failures))


def _settled(port: int) -> None:
    """Wait until the pages are stored, as they are a while after every start, and each worker has read what it needs."""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/healthz")
        if b'"stored"' in connection.getresponse().read():
            break
        connection.close()
        time.sleep(0.5)
    for _ in range(40):
        _timed(port, "/om")


def _judged(kind: str, p99: float, alone: float, codes: Counter[object]) -> list[str]:
    """What is wrong: honest readers who waited too long, or answers that are neither given nor refused in words.

    alone: what the same readers waited just before: it tells a machine that does much else from a server that lets them wait.
    """
    waited, most = f"{kind}: p99 {p99:.2f} s, {alone:.2f} s alone", P99_DEAR if kind == "dear answers" else P99_SLOW
    print(waited, file=sys.stderr)
    odd = {code: count for code, count in codes.items() if code not in {200, 503}}
    return ([waited] if p99 > most else []) + ([f"{kind}: answers {odd}"] if odd else [])


def _p99(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.99)]


def _waits(port: int) -> list[float]:
    """Seconds that each of the honest requests took, of many readers at a time."""

    def reader(_number: int) -> list[float]:
        return [_timed(port, "/om")[1] for _ in range(EACH)]

    with ThreadPoolExecutor(READERS) as pool:
        return [wait for waits in pool.map(reader, range(READERS)) for wait in waits]


def _timed(port: int, path: str) -> tuple[object, float]:
    began, connection = time.monotonic(), http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.monotonic() - began
    except OSError as error:
        return type(error).__name__, time.monotonic() - began
    finally:
        connection.close()


@contextmanager
def _slow(port: int, kind: str) -> Iterator[Counter[object]]:
    with ExitStack() as held:
        for _ in range(SLOW):
            held.enter_context(socket.create_connection(("127.0.0.1", port), 60)).sendall(_BEGUN[kind].encode())
        yield Counter()


@contextmanager
def _dear(port: int) -> Iterator[Counter[object]]:
    stop, codes, dice = threading.Event(), Counter[object](), random.Random(1)  # noqa: S311 - which answer, the same each time

    def read() -> None:
        while not stop.wait(0.2):
            codes[_timed(port, f"/api/v1/{dice.choice(('modelled', 'observations'))}?lang={dice.choice(('da', 'en'))}")[0]] += 1

    threads = [threading.Thread(target=read) for _ in range(DEAR_READERS)]
    for thread in threads:
        thread.start()
    try:
        yield codes
    finally:
        stop.set()
        for thread in threads:
            thread.join()
