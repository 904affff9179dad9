"""Starts of `serve` on a busy machine, and one whose first worker hangs: each is healthy when it says that it is ready."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.chaos.outcome import Outcome
from tests.readers.served import ROOT, served, town

BURNING: Final = 3
"""Processes beside that take all the time they can get."""
ASKED: Final = 24
"""Questions to each started server: with two workers, each is asked."""
_HANGS: Final = """import pathlib, runpy, time
once = pathlib.Path(__file__).with_name("once")
if once.exists():
    once.unlink()
    time.sleep(36000)
app = runpy.run_path({real!r})["app"]
"""


def run(trials: int) -> Outcome:
    """Start a server that often; the last time with a worker that hangs while it imports."""
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        place = town(Path(folder)).folder
        with _busy():
            for number in range(trials - 1):
                failures += _start(place, f"start {number}")
        failures += _hung(place)
    return Outcome("starts on a busy machine, one with a hung worker", trials, tuple(failures))


def _start(place: Path, name: str, cwd: Path = ROOT) -> list[str]:
    with served(place, cwd=cwd) as server:
        wrong = [code for code in (server.get("/om") for _ in range(ASKED)) if code != 200]
        said = "".join(server.said)
        server.stop()
        ended = server.process.returncode
    return ([f"{name}: {len(wrong)} of {ASKED} not answered"] if wrong else []) + (
        [f"{name}: ended with {ended}: {said[-200:]}"] if ended else []
    )


def _hung(place: Path) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "once").touch()
        (here / "wsgi.py").write_text(_HANGS.format(real=str(ROOT / "wsgi.py")), encoding="utf-8")
        return _start(place, "with a hung worker", here) + (["no worker hung"] if (here / "once").exists() else [])


@contextmanager
def _busy() -> Iterator[None]:
    burning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(BURNING)]
    try:
        yield
    finally:
        for process in burning:
            process.kill()
            process.wait()
