"""`serve` never starts dead: started on a busy machine each worker answers, and nothing of it stays when it is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.readers.served import ROOT, served, town

STARTS = 2


@pytest.fixture
def load() -> Iterator[None]:
    """Processes that take all the time they can get."""
    burning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
    yield
    for process in burning:
        process.kill()
        process.wait()


@pytest.mark.usefixtures("load")
def test_every_worker_of_every_start_answers(tmp_path: Path) -> None:
    town(tmp_path)
    for _ in range(STARTS):
        with served(tmp_path) as server:
            assert {server.get("/om") for _ in range(24)} == {200}
            assert {server.get("/livez") for _ in range(8)} == {200}
            server.stop()
            assert server.process.returncode == 0


def test_no_worker_is_forked_and_the_keeper_is_a_process_of_its_own(tmp_path: Path) -> None:
    town(tmp_path)
    with served(tmp_path) as server:
        commands = [" ".join(child.cmdline()) for child in psutil.Process(server.process.pid).children()]
        assert sum("spawn_main" in command for command in commands) == 2
        assert sum("omraadekort.processes.keeper" in command for command in commands) == 1
        assert psutil.Process(server.process.pid).cmdline() not in [command.split() for command in commands]


def test_a_server_that_is_killed_leaves_nobody_behind_who_answers_on_its_port(tmp_path: Path) -> None:
    town(tmp_path)
    with served(tmp_path) as server:
        family = psutil.Process(server.process.pid).children(recursive=True)
        server.process.send_signal(signal.SIGKILL)
        gone, left = psutil.wait_procs(family, timeout=120)
        assert not left
        assert gone
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what was answered before may linger
        free.bind(("127.0.0.1", server.port))


def test_the_keeper_ends_when_its_input_does(tmp_path: Path) -> None:
    town(tmp_path)
    environment = os.environ | {"OMRAADEKORT_WORKSPACE": str(tmp_path)}
    command = [sys.executable, "-m", "omraadekort.processes.keeper"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE) as keeper:
        keeper.communicate(timeout=120)
        assert keeper.returncode == 0
