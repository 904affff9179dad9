"""A read-only and a full disk under every command and under a server: told in words, nothing half done, and it works when there is room."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from bench.chaos.files import commands
from bench.chaos.files.commands import COMMANDS, Command, Ended
from bench.chaos.files.killing import ROOT
from bench.chaos.outcome import Outcome
from bench.chaos.servers import asking
from tests.readers.served import served

SIZE: Final = 96
"""Megabytes of the file system that a trial works on; it lies in memory."""
BLOCK: Final = 4096
_MOST_LEFT: Final = 300
"""Blocks that a full disk may still have, at most: some commands find room for a part of what they write."""
READING: Final = (
    *(Command(" ".join(words), words) for words in (("check",), ("editions",), ("reviews", "verify"), ("log", "verify"), ("log", "show"))),
    *(Command(" ".join(words), words) for words in (("users", "list"), ("users", "sessions"))),
    Command("trace", ("trace", "square/0101", "tryg", "2010")),
)
"""Commands that write nothing."""
_FRESH: Final = (Command("init", ("init",)),)
_MOUNTING: Final = (("unshare", "--mount"), ("unshare", "--user", "--map-root-user", "--mount"))
"""How a process gets mounts of its own: as root, and as anybody where the system lets anybody."""


@lru_cache(maxsize=1)
def mounting() -> tuple[str, ...]:
    """The words before a program that may mount; none where this system lets nobody."""
    if shutil.which("unshare") is None:
        return ()
    return next((words for words in _MOUNTING if _mounts(words)), ())


def _mounts(words: tuple[str, ...]) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        called = [*words, "mount", "-t", "tmpfs", "none", folder]
        return subprocess.run(called, capture_output=True, check=False).returncode == 0  # noqa: S603  our own words


def run(trials: int) -> Outcome:
    """Try so many times in all, in a process that has mounts of its own."""
    return Outcome("read-only and full disks", trials, tried(trials) if mounting() else ("no file system can be mounted here",))


def tried(trials: int, *, seed: int = 13, only: Sequence[str] = ()) -> tuple[str, ...]:
    """Start the process that has mounts of its own; returns what was wrong. only: what is tried, by name, instead of all."""
    said = apart(f"from bench.chaos.files import disks; disks.within({trials}, {seed}, {list(only)!r})")
    try:
        wrong: list[str] = json.loads(said.strip().splitlines()[-1])
    except (IndexError, ValueError):
        return (f"the attack's process ended: {said[-400:]}",)
    return tuple(wrong)


def apart(code: str) -> str:
    """Run code in a process that has mounts of its own; returns what it said, or how it failed."""
    called = [*mounting(), sys.executable, "-c", code]
    done = subprocess.run(called, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    return done.stderr if done.returncode else done.stdout


# --- in the process with mounts of its own ------------------------------------------------------------------------------


def within(trials: int, seed: int, only: Sequence[str]) -> None:
    """Try, and print what was wrong as a list in JSON: a disk that is read-only, and one that is full, in turn."""
    dice, failures = random.Random(seed), list[str]()  # noqa: S311  what is tried, the same each time
    with tempfile.TemporaryDirectory() as place:
        template = Path(place, "template")
        template.mkdir()
        commands.prepare(template)
        turns: list[tuple[str, Callable[[Path], Iterator[str]]]] = [turn for turn in _turns(template, dice) if not only or turn[0] in only]
        dice.shuffle(turns)
        for number in range(trials):
            name, attack = turns[number % len(turns)]
            with disk(Path(place, "disk")) as folder:
                failures += [f"{name}: {wrong}" for wrong in attack(folder)]
    print(json.dumps(failures))


def _turns(template: Path, dice: random.Random) -> Iterator[tuple[str, Callable[[Path], Iterator[str]]]]:
    for command in (*COMMANDS, *READING, *_FRESH):
        yield f"{command.name}, read-only", lambda disk, command=command: _read_only(template, disk, command)
        yield f"{command.name}, full", lambda disk, command=command: _full(template, disk, command, dice.randint(0, _MOST_LEFT))
    yield "serve, read-only", lambda disk: _serving_read_only(template, disk)
    yield "serve, full", lambda disk: _serving_full(template, disk)


@contextmanager
def disk(folder: Path) -> Iterator[Path]:
    """A file system of its own in memory."""
    folder.mkdir(exist_ok=True)
    _mount("mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "none", str(folder))
    try:
        yield folder
    finally:
        _mount("umount", "--lazy", str(folder))


def _mount(*words: str) -> None:
    subprocess.run(words, check=True)  # noqa: S603  our own words


@contextmanager
def locked(disk: Path) -> Iterator[None]:
    """The disk, read-only meanwhile."""
    _mount("mount", "-o", "remount,ro", str(disk))
    try:
        yield
    finally:
        _mount("mount", "-o", "remount,rw", str(disk))


@contextmanager
def filled(disk: Path, left: int) -> Iterator[None]:
    """The disk, full meanwhile but for so many blocks."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free // BLOCK - left
    with filler.open("wb") as stream:
        for _ in range(max(0, free)):
            stream.write(bytes(BLOCK))
    try:
        yield
    finally:
        filler.unlink()


def _read_only(template: Path, disk: Path, command: Command) -> Iterator[str]:
    place = _laid(template, disk, command)
    before = commands.state(place) if place.exists() else {}
    with locked(disk):
        ended = commands.run(template, command, workspace=place)
        after = commands.run(template, Command("editions", ("editions",)), workspace=place) if before else Ended(0, "")
    yield from (ended.wrong,) if ended.wrong else ()
    if ended.code and not ended.said.strip():
        yield "it says nothing"
    if command in READING and command.words[0] not in {"users", "reviews"} and ended.code:
        yield f"what only reads is refused: {ended.said[-200:]}"
    if after.code:
        yield f"editions cannot be listed: {after.said[-200:]}"
    yield from _works(template, place, before)


def _full(template: Path, disk: Path, command: Command, left: int) -> Iterator[str]:
    place = _laid(template, disk, command)
    before = commands.state(place) if place.exists() else {}
    with filled(disk, left):
        ended = commands.run(template, command, workspace=place)
    if ended.wrong:
        yield f"{left} blocks left: {ended.wrong}"
    now = commands.state(place) if (place / "workspace.toml").exists() else {}
    if ended.code and before:
        for part in ("inputs", "edition", "accounts", "reviews", "damaged"):
            if now[part] != before[part] and not (part == "edition" and command.name == "build"):
                yield f"{left} blocks left: refused with {ended.code}, and {part} changed"
    if ended.code and not before and now:
        yield f"{left} blocks left: a workspace is there all the same"
    yield from _works(template, place, {})


def _works(template: Path, place: Path, before: dict[str, Any]) -> Iterator[str]:
    """Whether check and build work when there is room again. before: what must be there unchanged, if that is judged here."""
    if not (place / "workspace.toml").exists():
        return
    if before and commands.state(place) != before:
        yield "a read-only disk has changed"
    for words in (("check",), ("build",), ("log", "verify")):
        ended = commands.run(template, Command(words[0], words), workspace=place)
        if ended.code:
            yield f"{' '.join(words)} afterwards: {ended.said[-200:]}"


def _laid(template: Path, disk: Path, command: Command) -> Path:
    """The workspace on the disk; for a command that makes one, a place for it."""
    if command not in _FRESH:
        shutil.copytree(template / "ws", disk / "ws", symlinks=True)
    return disk / "ws"


# --- a server on such a disk ---------------------------------------------------------------------------------------------


def _serving_read_only(template: Path, disk: Path) -> Iterator[str]:
    """The public pages are shown; who signs in is told why not."""
    shutil.copytree(template / "ws", disk / "ws", symlinks=True)
    with locked(disk), served(disk / "ws") as server:
        yield from asking.public(server.port)
        visitor = asking.Visitor(server.port)
        code, said = visitor.sign_in("anna", asking.PASSWORD)
        if code not in {302, 503} or "Traceback" in said:
            yield f"signing in answers {code}"
        server.stop()


def _serving_full(template: Path, disk: Path) -> Iterator[str]:
    """Pages are shown while the disk is full, what cannot be kept is refused in words, and it is kept when there is room again."""
    shutil.copytree(template / "ws", disk / "ws", symlinks=True)
    with served(disk / "ws") as server:
        visitor = asking.Visitor(server.port)
        if (code := visitor.sign_in("anna", asking.PASSWORD, audience="staff")[0]) != 302:
            yield f"signing in answers {code}"
        with filled(disk, 0):
            yield from asking.public(server.port)
            for path in ("/", "/gennemgang", "/log-ind", "/udgivelse", "/data"):
                code, said = visitor.get(path)
                if code == 500 or "Traceback" in said:
                    yield f"{path} answers {code} while the disk is full"
            stranger, _ = asking.Visitor(server.port).sign_in("anna", asking.PASSWORD)
            if stranger not in {302, 503}:
                yield f"signing in answers {stranger} while the disk is full"
        yield from asking.public(server.port)
        if (code := asking.Visitor(server.port).sign_in("anna", asking.PASSWORD)[0]) != 302:
            yield f"signing in answers {code} when there is room again"
        if (code := visitor.get("/gennemgang")[0]) != 200:
            yield f"the room answers {code} when there is room again"
        server.stop()
