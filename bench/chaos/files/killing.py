"""How a command is killed: at a random moment, or before a random change of its folder."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[3]
LONGEST: Final = 60.0
"""Seconds after which a command that was not killed is ended all the same."""
_CHANGES: Final = frozenset({"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.link", "os.symlink"})

Say = Callable[[str], None]
"""What a command calls with a word that it acknowledges."""


@dataclass(frozen=True)
class Target:
    """A command that is killed. prepare: makes the folder as it was before; work: the command; judge: "" when all is well.

    weight: how many of a hundred trials it gets. program: whether `work` runs as a program of its own, for what is made by several
    processes.
    """

    name: str
    prepare: Callable[[Path], object]
    work: Callable[[Path, Say], object]
    judge: Callable[[Path, list[str]], str]
    weight: int
    program: tuple[str, ...] = ()


def killed_often(target: Target, trials: int, *, seed: int = 3) -> list[str]:
    """Kill one command again and again; returns what was wrong afterwards."""
    dice, failures = random.Random(seed), []  # noqa: S311  when to kill, the same each time
    with tempfile.TemporaryDirectory() as place:
        template, folder = Path(place, "template"), Path(place, "ws")
        template.mkdir()
        target.prepare(template)
        shutil.copytree(template, folder, symlinks=True)
        took, steps = _measured(target, folder)
        for trial in range(trials):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(template, folder, symlinks=True)
            at_step = dice.randint(1, steps) if trial % 2 and steps else 0
            said = _killed(target, folder, after=dice.uniform(0, took * 1.02), at_step=at_step)
            if wrong := target.judge(folder, said):
                failures.append(f"trial {trial}{f', before step {at_step}' if at_step else ''}: {wrong}")
    return failures


def _measured(target: Target, folder: Path) -> tuple[float, int]:
    """How many seconds the command takes when nobody kills it, and how many changes it makes (0 for a program of its own)."""
    started = time.monotonic()
    said = _killed(target, folder, after=LONGEST, at_step=0, counting=True)
    steps = next((int(word.removeprefix("steps ")) for word in said if word.startswith("steps ")), 0)
    return time.monotonic() - started, steps


def _killed(target: Target, folder: Path, *, after: float, at_step: int, counting: bool = False) -> list[str]:
    """Run the command in a process, and kill it after so many seconds or before a change; returns what it acknowledged."""
    if target.program:
        return _killed_program(target, folder, after)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _work(target, folder, writing, at_step, counting=counting)
    os.close(writing)
    until = time.monotonic() + (LONGEST if at_step else after)
    while not os.waitpid(child, os.WNOHANG)[0]:
        if time.monotonic() >= until:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            break
        time.sleep(min(0.001, after / 100))
    with os.fdopen(reading, "rb") as stream:
        return stream.read().decode().splitlines()


def _work(target: Target, folder: Path, writing: int, at_step: int, *, counting: bool) -> None:
    """What the child does; it never returns."""
    changes = [0]

    def watch(event: str, words: tuple[Any, ...]) -> None:
        if event in _CHANGES and any(str(word).startswith(str(folder)) for word in words):
            changes[0] += 1
            if changes[0] == at_step:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.addaudithook(watch)
        target.work(folder, lambda word: os.write(writing, f"{word}\n".encode()))
        if counting:
            os.write(writing, f"steps {changes[0]}\n".encode())
    finally:
        os._exit(0)


def _killed_program(target: Target, folder: Path, after: float) -> list[str]:
    process = command(folder, *target.program)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
    process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # its workers, which it could not end
    return []


def command(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start `omraadekort` on a workspace, in a group of processes of its own."""
    called = [sys.executable, "-m", "omraadekort", "--workspace", str(folder), *words]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(called, cwd=ROOT, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)  # noqa: S603  ours
