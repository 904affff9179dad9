"""A worker that ends is replaced however often it does, while another answers; where none comes so far as to answer, the server ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from omraadekort.processes.ends import LONGEST, TRIES, WorkerEnds, waited
from tests.readers.served import ROOT, Started, served, town

KILLS = 4
"""The first worker and three replacements, each as soon as it exists."""


def spawned(server: Started) -> set[int]:
    """The workers that are there now, whether they answer already or not."""
    running = set()
    for child in psutil.Process(server.process.pid).children():
        with suppress(psutil.Error):  # one that has just ended has no command line
            if "spawn_main" in " ".join(child.cmdline()):
                running.add(child.pid)
    return running


def replacement(server: Started, before: set[int]) -> int:
    """The worker that was not there before, waited for as long as the server runs."""
    while not (new := spawned(server) - before):
        assert server.process.poll() is None, "the server has ended"
        time.sleep(0.02)
    return min(new)


def answering(server: Started) -> None:
    """Wait until a worker listens again: with none left, nobody does for a moment."""
    while True:
        assert server.process.poll() is None, "the server has ended"
        with suppress(OSError):
            server.get("/livez")
            return
        time.sleep(0.05)


def test_a_worker_whose_replacements_are_killed_at_once_never_ends_the_server(tmp_path: Path) -> None:
    town(tmp_path)
    with served(tmp_path) as server:
        seen = spawned(server)
        victim, other = sorted(seen)
        killed = []
        for _ in range(KILLS):
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)
            victim = replacement(server, seen)
            seen.add(victim)
        assert {server.get("/livez") for _ in range(8)} == {200}
        assert {server.get("/") for _ in range(8)} == {200}
        assert spawned(server) == {other, victim}
        said = server.stop()
        assert server.process.returncode == 0
    for before, after in zip(killed, [*killed[1:], victim], strict=True):
        assert f"(process {before}) ended unexpectedly (signal 9, Killed) and was replaced by process {after}." in said


def test_both_workers_killed_at_once_are_both_replaced(tmp_path: Path) -> None:
    town(tmp_path)
    with served(tmp_path) as server:
        before = spawned(server)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        first = replacement(server, before)
        replacement(server, before | {first})
        answering(server)
        assert {server.get("/om") for _ in range(24)} == {200}


def test_a_server_whose_workers_all_end_at_every_start_says_so_and_ends(tmp_path: Path) -> None:
    town(tmp_path)
    (tmp_path / "wsgi.py").write_text("raise SystemExit(7)\n", encoding="utf-8")  # imported before ours
    unwaited = "from omraadekort.processes import ends; ends.waited = lambda times: 0.0; from omraadekort.cli import app; app()"
    environment = {name: text for name, text in os.environ.items() if not name.startswith("OMRAADEKORT_")} | {"PYTHONPATH": str(ROOT)}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ended = subprocess.run(
        [sys.executable, "-c", unwaited, "serve", "-w", str(tmp_path), "--port", str(port)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert f"Each worker has ended {TRIES} times in a row before it answered" in ended.stderr
    assert "ended unexpectedly (exit code 7)" in ended.stderr


def test_the_first_replacement_starts_at_once_and_the_next_wait_longer_and_longer() -> None:
    assert [waited(times) for times in range(1, 8)] == [0, 1, 2, 4, 8, 16, LONGEST]
    assert waited(100_000) == LONGEST
    ends = WorkerEnds(2)
    ends.ended(0, now=10.0)
    assert ends.take_due(10.0) == [0]
    assert ends.until_due(10.0) is None
    ends.ended(0, now=20.0)
    assert ends.take_due(20.5) == []
    assert ends.until_due(20.5) == 0.5
    assert ends.take_due(21.0) == [0]


def test_an_answer_begins_the_count_anew_and_one_worker_that_answers_keeps_the_server() -> None:
    ends = WorkerEnds(2)
    for _ in range(50):
        ends.ended(0, now=0.0)
    assert not ends.hopeless()
    for _ in range(TRIES - 1):
        ends.ended(1, now=0.0)
    assert not ends.hopeless()
    ends.answered(1)
    for _ in range(TRIES):
        assert not ends.hopeless()
        ends.ended(1, now=0.0)
    assert ends.hopeless()
