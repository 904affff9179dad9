"""Sessions that were taken by somebody else: after a role was removed, a password changed, or the session ended, they open nothing."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.chaos.files import commands
from bench.chaos.files.commands import Command
from bench.chaos.outcome import Outcome
from bench.chaos.servers.asking import PASSWORD, PURPOSES, Visitor
from tests.readers.served import served, town
from webmap.access.store import accounts, sessions
from webmap.access.store.accounts import Account
from webmap.access.store.database import AccessDatabase
from webmap.roles import Role

ASKED: Final = 8
"""Questions of the thief to each page: with two workers, each is asked."""
_PROTECTED: Final = {"ssp": ("/ssp", "/en/ssp"), "staff": ("/gennemgang", "/en/gennemgang")}
"""Pages that a part of the edition opens."""


@dataclass(frozen=True)
class Taken:
    """Somebody who has signed in and looks with a part of the edition, and a thief who holds the same cookie."""

    name: str
    part: str
    visitor: Visitor
    thief: Visitor


@dataclass(frozen=True)
class Withdrawal:
    """What ends a right. do: ends it; out: whether nobody is signed in with the cookie afterwards, else only the part is closed."""

    name: str
    do: Callable[[Path, Taken], None]
    out: bool = True


def _command(*words: str, typed: str = "") -> Callable[[Path, Taken], None]:
    def do(folder: Path, taken: Taken) -> None:
        named = tuple(word.format(name=taken.name) for word in words)
        ended = commands.run(folder, Command(" ".join(named), named, typed), workspace=folder)
        if ended.code:
            raise RuntimeError(f"{' '.join(named)} ended with {ended.code}: {ended.said}")

    return do


def _role_removed(folder: Path, taken: Taken) -> None:
    """What is left is a role that does not open what was open: who publishes may open the review room, but not SSP's."""
    _command("users", "roles", "{name}", "--role", "admin" if taken.part == "ssp" else "ssp")(folder, taken)


def _by_mark(folder: Path, taken: Taken) -> None:
    mark = sessions.digest(taken.visitor.cookie)[:12]
    _command("users", "revoke", mark)(folder, taken)


def _signs_out(_folder: Path, taken: Taken) -> None:
    if (code := taken.visitor.post("/log-ud", "/om")[0]) != 302:
        raise RuntimeError(f"signing out answers {code}")


def _signs_in_anew(_folder: Path, taken: Taken) -> None:
    """The same browser signs in once more: what it held before is over."""
    if (code := taken.visitor.post("/log-ind", "/om", navn=taken.name, adgangskode=PASSWORD)[0]) != 302:
        raise RuntimeError(f"signing in answers {code}")


WITHDRAWALS: Final = (
    Withdrawal("role removed", _role_removed, out=False),
    Withdrawal("password changed", _command("users", "password", "{name}", typed=f"{commands.OTHER}\n{commands.OTHER}\n")),
    Withdrawal("account removed", _command("users", "remove", "{name}")),
    Withdrawal("revoked by name", _command("users", "revoke", "local:{name}")),
    Withdrawal("revoked by mark", _by_mark),
    Withdrawal("signed out", _signs_out),
    Withdrawal("signed in anew", _signs_in_anew),
)


def run(trials: int) -> Outcome:
    """Take so many sessions, each with another way of ending them and another role."""
    with tempfile.TemporaryDirectory() as folder:
        place = town(Path(folder)).folder
        with served(place) as server:
            failures = [wrong for number in range(trials) for wrong in tried(place, server.port, *_of(number))]
            server.stop()
    return Outcome("sessions taken before a right was withdrawn", trials, tuple(failures))


def _of(number: int) -> tuple[Withdrawal, str, str]:
    """What a trial withdraws, from whoever looks with which part, and the name of that person."""
    return WITHDRAWALS[number % len(WITHDRAWALS)], ("ssp", "staff")[number // len(WITHDRAWALS) % 2], f"person{number}"


def tried(place: Path, port: int, withdrawal: Withdrawal, part: str, name: str) -> Iterator[str]:
    """Sign somebody in, take their cookie, withdraw their right, and try the cookie on both workers at once."""
    accounts.add(AccessDatabase(place / "access"), Account(name, name, frozenset({Role(part)}), time.time()), PASSWORD)
    visitor = Visitor(port)
    before = visitor.copy()
    code, _ = visitor.sign_in(name, PASSWORD, audience=part)
    if code != 302:
        yield f"{withdrawal.name}: signing in answers {code}"
        return
    taken = Taken(name, part, visitor, visitor.copy())
    tags = {path: taken.thief.tag(path) for path in _PROTECTED[part]}
    closed = [path for path in _PROTECTED[part] if taken.thief.get(path)[0] != 200]
    if closed or not taken.thief.inside():
        yield f"{withdrawal.name}: the right person is not let in ({closed})"
    withdrawal.do(place, taken)
    yield from (f"{withdrawal.name}, {part}: {wrong}" for wrong in _tries(taken, tags, out=withdrawal.out))
    if before.inside():
        yield "a browser that never signed in is signed in"


def _tries(taken: Taken, tags: dict[str, str], *, out: bool) -> Iterator[str]:
    """What the thief still gets: pages, pages they have a copy of, forms, and being somebody at all."""
    asked = [(path, headers) for path in tags for headers in ({}, {"If_None_Match": tags[path]} if tags[path] else {})] * ASKED
    with ThreadPoolExecutor(ASKED) as pool:
        codes = list(pool.map(lambda one: taken.thief.copy().get(one[0], **one[1])[0], asked))
    if let := {code for code in codes if code not in {302, 403, 404}}:
        yield f"the thief is answered {sorted(let)}"
    taken.thief.copy().post("/formaal", "/om", rolle=taken.part, formaal=PURPOSES[taken.part])
    if again := [path for path in tags if taken.thief.copy().get(path)[0] == 200]:
        yield f"the thief may say what for, and sees {again[0]}"
    if out and any(taken.thief.inside() for _ in range(ASKED)):
        yield "the thief is signed in"
