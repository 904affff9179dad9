"""A clock that is set back under a running server and under commands: no session lives on, nobody is shut out, orders stay as they were."""

from __future__ import annotations

import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from bench.chaos.files import commands, flips
from bench.chaos.files.commands import Command
from bench.chaos.outcome import Outcome
from bench.chaos.servers import asking
from bench.chaos.servers.asking import PASSWORD, Visitor
from tests.readers.roomserver import Editor
from tests.readers.served import Started, served, town
from tests.towns import reviewtown
from webmap.access import log
from webmap.access.store import accounts, failures
from webmap.access.store.accounts import Account
from webmap.access.store.database import AccessDatabase
from webmap.reviews.store import database, saving
from webmap.roles import Role
from webmap.settings import Settings

JUMPS: Final = (90, 20 * 60, 45 * 60, 3 * 3600, 86_400, 40 * 86_400, 3650 * 86_400)
"""Seconds that the clock is set back; none so near to a limit that a slow machine would decide."""
IDLE: Final = 30 * 60
"""Seconds after which an unused session ends."""
_EVERY: Final = 8
"""One trial in so many sets the clock back under commands, the others under a server."""


@dataclass(frozen=True)
class MovedClock:
    """A clock that programs believe in while it is loaded into them."""

    file: Path

    def set(self, ahead: int) -> None:
        """Let it be so many seconds ahead of the machine's; behind with a negative number."""
        with self.file.open("r+b" if self.file.exists() else "wb") as stream:
            stream.write(struct.pack("<q", ahead))

    def now(self) -> float:
        """Seconds since 1970 that those programs see."""
        return time.time() + struct.unpack("<q", self.file.read_bytes())[0]

    @property
    def environment(self) -> dict[str, str]:
        """What loads it into a program."""
        return {"LD_PRELOAD": str(library()), "CHAOS_CLOCK": str(self.file)}


def possible() -> bool:
    """Whether this machine can: Linux with gcc, of whose numbers the lowest byte comes first."""
    return sys.platform == "linux" and shutil.which("gcc") is not None and sys.byteorder == "little"


@lru_cache(maxsize=1)
def library() -> Path:
    """The clock, built for this machine; it goes with the folder for temporary files."""
    built = Path(tempfile.mkdtemp()) / "clock.so"
    command = ["gcc", "-shared", "-fPIC", "-O1", "-w", "-o", str(built), str(Path(__file__).with_name("clock.c")), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  our own words
    return built


def run(trials: int) -> Outcome:
    """Set the clock back that often."""
    if not possible():
        return Outcome("the clock set back", 0, ("no clock can be loaded here: gcc is missing, or this is not Linux",))
    behind = trials // _EVERY
    return Outcome("the clock set back", trials, (*under_a_server(trials - behind), *(under_commands(behind) if behind else ())))


# --- under a server ------------------------------------------------------------------------------------------------------


def under_a_server(trials: int, *, seed: int = 17, jumps: Sequence[int] = JUMPS) -> tuple[str, ...]:
    """Set the clock of a running server back that often, and forward again in between; returns what was wrong."""
    dice = random.Random(seed)  # noqa: S311  how far, the same each time
    with tempfile.TemporaryDirectory() as folder:
        place, clock = _room(Path(folder)), MovedClock(Path(folder, "clock"))
        clock.set(0)
        with served(place, OMRAADEKORT_PROXIES="1", **clock.environment) as server:
            failures_ = [
                wrong
                for number in range(trials)
                for wrong in _jumped(server, place, clock, number, -jumps[number % len(jumps)] + dice.randint(-10, 10))
            ]
            server.stop()
    return tuple(failures_)


def _room(folder: Path) -> Path:
    """The web town with an open round and people who may sign in."""
    place = town(folder).folder
    address = Settings(workspace=place).reviews_address
    database.upgrade(address)
    reviewtown.open_round(address)
    database.engine(address).dispose()
    store = AccessDatabase(place / "access")
    for name in ("anna", "bent"):
        accounts.add(store, Account(name, name.capitalize(), frozenset({Role.STAFF}), 0.0), PASSWORD)
    return place


def _jumped(server: Started, place: Path, clock: MovedClock, number: int, ahead: int) -> Iterator[str]:
    """Sign in, write, fail to sign in elsewhere; set the clock back; look."""
    back = -ahead
    clock.set(0)
    near, far = (Visitor(server.port, address=f"10.{kind}.{number // 256}.{number % 256}") for kind in (1, 2))
    if (code := near.sign_in("anna", PASSWORD, audience="staff")[0]) != 302:
        yield f"signing in answers {code} before anything was set back"
    saved = [_save(near, f"{number} før")]
    _fail(far)
    clock.set(ahead)
    for wrong in _after(near, far, back):
        yield f"{back} s back: {wrong}"
    again = Visitor(server.port, address=near.address)
    if (code := again.sign_in("anna", PASSWORD, audience="staff")[0]) != 302:
        yield f"{back} s back: the right person is answered {code}"
    saved.append(_save(again, f"{number} efter"))
    if not all(saved):
        yield f"{back} s back: a save is not acknowledged"
    for wrong in flips.apart(lambda: {"wrong": _kept(place, [word for word in saved if word])})["wrong"]:
        yield f"{back} s back: {wrong}"


def _after(near: Visitor, far: Visitor, back: int) -> Iterator[str]:
    yield from asking.public(near.port)
    stays = back + 30 < IDLE
    if (near.get("/gennemgang")[0] == 200) != stays:
        yield f"who was signed in {'is no longer' if stays else 'still is'}"
    if back > failures.LONGEST + 300 and (code := far.sign_in("bent", PASSWORD)[0]) != 302:
        yield f"who had failed before is answered {code}"


def _fail(visitor: Visitor) -> None:
    """Use up the failures that are free for an address."""
    for _ in range(failures.FREE_OF_ADDRESS + 1):
        visitor.post("/log-ind", "/log-ind", navn="bent", adgangskode="forkert")


def _save(visitor: Visitor, words: str) -> str:
    """Save a note on top of what stands there; the note when it was acknowledged, else nothing."""
    _, page = visitor.get(reviewtown.PAGE)
    editor = Editor(visitor.port, reviewtown.PAGE, visitor.cookie, asking.token(page))
    code, _ = editor.save(asking.version(page), {"note": words})
    return words if code == 200 else ""


def _kept(place: Path, saved: list[str]) -> list[str]:
    """What is wrong with what was kept: the newest note comes first, the log is in order."""
    address = Settings(workspace=place).reviews_address
    with database.reading(address) as session:
        rows = [row.after for row in saving.history(session, reviewtown.page_id(address))]
    database.engine(address).dispose()
    newest = [next((word for word in saved if f'"{word}"' in row), "") for row in rows[: len(saved)]]
    wrong = [] if newest == list(reversed(saved)) else [f"the newest notes are {newest}, written were {saved}"]
    log.verify(place / "access")
    return wrong


# --- under commands ------------------------------------------------------------------------------------------------------


def under_commands(trials: int, *, seed: int = 19, only: Sequence[str] = ()) -> tuple[str, ...]:
    """Run the commands one after another, each by a clock that is behind that of the one before; returns what was wrong.

    only: which commands, by name, instead of all.
    """
    listed = [command for command in SEQUENCE if not only or command.name in only]
    dice, wrong = random.Random(seed), list[str]()  # noqa: S311  how far, the same each time
    with tempfile.TemporaryDirectory() as place:
        template, clock = Path(place, "template"), MovedClock(Path(place, "clock"))
        template.mkdir()
        commands.prepare(template)
        clock.set(0)
        as_ever = _sequence(template, Path(place, "as-ever"), clock, [(command, 0) for command in listed])
        for number in range(trials):
            jumps = [(command, -dice.choice(JUMPS) * step) for step, command in enumerate(listed)]
            other = _sequence(template, Path(place, f"trial-{number}"), clock, jumps)
            wrong += [
                f"commands, {part}: {other[part]!s:.200}, as ever {as_ever[part]!s:.200}" for part in other if other[part] != as_ever[part]
            ]
    return tuple(wrong)


SEQUENCE: Final = (
    *(command for command in commands.COMMANDS if command.name not in {"publish", "pages"}),
    Command("check", ("check",)),
    Command("build anew", ("build",)),
    Command("log verify", ("log", "verify")),
)


def _sequence(template: Path, folder: Path, clock: MovedClock, listed: Sequence[tuple[Command, int]]) -> dict[str, object]:
    """Run the commands, and give what lies there and how they ended."""
    shutil.copytree(template, folder, symlinks=True)
    ends = []
    for command, ahead in listed:
        clock.set(ahead)
        ended = commands.run(folder, command, **clock.environment)
        ends.append((command.name, ended.code, ended.wrong))
    try:
        return {"ends": ends, **commands.state(folder / "ws")}
    finally:
        shutil.rmtree(folder)
