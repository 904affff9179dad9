"""A workspace that is copied while it is written in, and restored: what was acknowledged before is there, or its loss is told."""

from __future__ import annotations

import random
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.chaos.files import commands, flips
from bench.chaos.files.commands import Command
from bench.chaos.outcome import Outcome
from bench.chaos.servers import asking
from bench.chaos.servers.asking import PASSWORD, Visitor
from geo.errors import GeoError
from geo.files import durable, locks
from tests.readers.roomserver import Editor
from tests.readers.served import served
from tests.towns import reviewtown, toytown
from webmap.access import log
from webmap.reviews.store import database, saving
from webmap.settings import Settings

_COPIES_EACH: Final = 10
"""Copies that are taken of one workspace before another one is begun."""
_SERVED: Final = 5
"""One copy in so many is served."""
COPY: Final = ("flock", "--shared", "{place}", "cp", "-a", "{place}", "{copy}")
"""How a workspace is copied while it is in use: under its lock, so that no import is half in the copy (docs/decisions/a-bad-day.md)."""
AFTER: Final = (("reviews", "upgrade"), ("reviews", "verify"), ("log", "verify"), ("users", "list"), ("check",), ("build",))
"""What whoever restores a copy would run."""


@dataclass
class Written:
    """What was acknowledged so far: numbers of notes in the review room, imports, and the head of the log."""

    notes: list[int] = field(default_factory=list)
    imports: list[int] = field(default_factory=list)
    looks: int = 0
    wrong: list[str] = field(default_factory=list)


def run(trials: int) -> Outcome:
    """Take so many copies."""
    failures, left = list[str](), trials
    while left:
        failures += taken(min(left, _COPIES_EACH), seed=left)
        left -= min(left, _COPIES_EACH)
    return Outcome("copies taken while in use", trials, tuple(failures))


def taken(copies: int, *, seed: int = 23) -> list[str]:
    """Write in a workspace through a server and by commands, take copies meanwhile, then look at each; returns what was wrong."""
    dice, wrong = random.Random(seed), list[str]()  # noqa: S311  when, the same each time
    with tempfile.TemporaryDirectory() as folder:
        here, known = Path(folder), list[Written]()
        place = commands.prepare(here).folder
        with served(place) as server, _writing(here, server.port) as written:
            while not (written.wrong or (written.notes and written.imports)):
                time.sleep(0.05)
            for number in range(copies):
                time.sleep(dice.uniform(0.05, 0.6))
                known.append(Written([*written.notes], [*written.imports], written.looks))
                words = [word.format(place=place, copy=here / f"copy-{number}") for word in COPY]
                wrong += _complaints(subprocess.run(words, check=False, capture_output=True, text=True))  # noqa: S603  our own words
        wrong += written.wrong
        for number, before in enumerate(known):
            for line in _restored(here, here / f"copy-{number}", before, serve=number % _SERVED == 0):
                wrong.append(f"copy {number}: {line}")
    return wrong


def _complaints(copied: subprocess.CompletedProcess[str]) -> list[str]:
    """What cp said, without files that were being written and had their name before it came to them: they are no part of a workspace."""
    passing = [f"/{prefix}" for prefix in (durable.SCRATCH, locks.SCRATCH)]
    lines = [line for line in copied.stderr.splitlines() if not ("cannot stat" in line and any(mark in line for mark in passing))]
    return [f"cp: {line}" for line in lines]


@contextmanager
def _writing(folder: Path, port: int) -> Iterator[Written]:
    """Somebody who writes in the review room, and commands that import and build, until the context ends."""
    written, stop = Written(), threading.Event()
    threads = [threading.Thread(target=work, args=(folder, port, written, stop)) for work in (_notes, _imports)]
    for thread in threads:
        thread.start()
    try:
        yield written
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _notes(_folder: Path, port: int, written: Written, stop: threading.Event) -> None:
    visitor = Visitor(port)
    visitor.sign_in("anna", PASSWORD, audience="staff")
    number = 0
    while not stop.is_set():
        _, page = visitor.get(reviewtown.PAGE)  # which leaves a line in the log
        written.looks += 1
        number += 1
        code, _ = Editor(port, reviewtown.PAGE, visitor.cookie, asking.token(page)).save(asking.version(page), {"note": f"note {number}."})
        if code == 200:
            written.notes.append(number)
        else:
            written.wrong.append(f"a save is answered {code}")
            return


def _imports(folder: Path, _port: int, written: Written, stop: threading.Event) -> None:
    number = 0
    while not stop.is_set():
        number += 1
        names = [folder / "given" / f"pair{which}.csv" for which in (1, 2)]
        for which, path in enumerate(names, 1):
            path.write_text(toytown.csv([f"tryg,square,010{which},2012,{30 + number % 30},,,100,,,final,survey,,"]), encoding="utf-8")
        day = ("--retrieved", f"20{21 + number // 300}-{1 + number // 25 % 12:02}-{1 + number % 25:02}")
        for command in (Command("import", ("import", "observations", *map(str, names), *day)), Command("build", ("build",))):
            ended = commands.run(folder, command)
            if ended.code:
                written.wrong.append(f"{command.name} while copies are taken: {ended.said[-200:]}")
                return
        written.imports.append(number)


def _restored(folder: Path, copy: Path, before: Written, *, serve: bool) -> Iterator[str]:
    """Look at a copy as whoever restores it does."""
    pairs = [{path.parent.name for path in copy.glob(f"data/pair{which}/*/*.csv")} for which in (1, 2)]
    if pairs[0] != pairs[1] or len(pairs[0]) < len(before.imports):
        yield f"imports: {len(before.imports)} were acknowledged, {len(pairs[0])} and {len(pairs[1])} files are there"
    said = {}
    for words in AFTER:
        ended = commands.run(folder, Command(words[0], words), workspace=copy)
        said[words] = ended.code
        if ended.wrong:
            yield f"{' '.join(words)}: {ended.wrong}"
    for words in (("check",), ("build",)):
        if said[words]:
            yield f"{' '.join(words)} ends with {said[words]}"
    if not said["reviews", "verify"]:
        lost = flips.apart(lambda: {"lost": _lost(copy, before)})
        yield from ([f"lost: {lost}"] if lost.get("lost") != [] else [])
    if serve:
        yield from _serves(copy, closed=bool(said["reviews", "verify"] or said["users", "list"]))


def _lost(copy: Path, before: Written) -> list[Any]:
    """What had been acknowledged before the copy was begun and is not in it."""
    address = Settings(workspace=copy).reviews_address
    with database.reading(address) as session:
        rows = [row.after for row in saving.history(session, reviewtown.page_id(address))]
    database.engine(address).dispose()
    lost: list[Any] = [number for number in before.notes if not any(f'"note {number}."' in row for row in rows)]
    try:
        looks = sum(line.entry.event == "look" for line in log.lines(copy / "access"))
    except GeoError as error:
        return [*lost, str(error)]
    return lost if looks >= before.looks else [*lost, f"{looks} looks of {before.looks}"]


def _serves(copy: Path, *, closed: bool) -> Iterator[str]:
    """A server of the copy: public pages, signing in, and saving. closed: whether a database was told to be damaged."""
    with served(copy) as server:
        yield from asking.public(server.port)
        visitor = Visitor(server.port)
        code, _ = visitor.sign_in("anna", PASSWORD, audience="staff")
        if code != 302 and not (closed and code == 503):
            yield f"signing in at the copy answers {code}"
        if (code := visitor.get(reviewtown.PAGE)[0]) != 200 and not closed:
            yield f"a page of the room answers {code} at the copy"
        server.stop()
