"""`omraadekort serve` as somebody starts it: a process that says where it is when each of its workers has answered."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from geo.files.workspace import Workspace
from tests.towns import webtown

ROOT = Path(__file__).parent.parent.parent


def status(port: int, path: str, headers: dict[str, str] | None = None) -> int:
    """The status of one answer of the server on a port, over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


@dataclass
class Started:
    """A server that said that it is ready. said: the lines until then."""

    process: subprocess.Popen[str]
    port: int
    said: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, headers: dict[str, str] | None = None) -> int:
        """The status of one answer, over a connection of its own."""
        return status(self.port, path, headers)

    def stop(self, how: signal.Signals = signal.SIGINT) -> str:
        """End it as Ctrl-C or a service manager does; what it said since it was ready."""
        self.process.send_signal(how)
        said, _ = self.process.communicate(timeout=120)
        return said


def town(folder: Path) -> Workspace:
    """A workspace with the web town's edition."""
    webtown.publish(folder / "editions")
    (folder / "workspace.toml").write_text("format = 1\n", encoding="utf-8")
    (folder / "reviews").mkdir(exist_ok=True)
    return Workspace(folder)


@contextmanager
def served(workspace: Path, *, cwd: Path = ROOT, **environment: str) -> Iterator[Started]:
    """A server of a workspace on a free port. However long the machine takes: it is waited for what the server says.

    cwd: where it is started; what lies there is imported before what is ours.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "omraadekort", "serve", "-w", str(workspace), "--port", str(port)]
    kept = {name: text for name, text in os.environ.items() if not name.startswith("OMRAADEKORT_")} | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, cwd=cwd, env=kept | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    started = Started(process, port)
    try:
        assert process.stdout
        while line := process.stdout.readline():
            started.said.append(line)
            if started.address in line:
                break
        assert process.poll() is None, started.said
        yield started
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
