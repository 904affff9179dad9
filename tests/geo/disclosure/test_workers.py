"""The processes that close blocks: none outlives the build that started it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = """
import os, sys, time
from geo.disclosure.solver import workers

def work(number):
    print(os.getpid(), flush=True)
    time.sleep(600)

workers.few = lambda _tasks: False
if __name__ == "__main__":
    with workers.pool() as each:
        list(each(work, [1, 2]))
"""


def test_who_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    killed = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True, env=surroundings)
    assert killed.stdout
    worker = int(killed.stdout.readline())
    killed.kill()
    killed.wait()
    for _ in range(600):
        if not _runs(worker):
            return
        time.sleep(0.1)
    os.kill(worker, 9)
    raise AssertionError("a process goes on after the build that started it was killed")


def _runs(process: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked about does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
