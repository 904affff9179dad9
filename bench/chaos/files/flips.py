"""Flipped bits: one bit of one file is turned, and what is then read is as before, or somebody is told; never a traceback."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import random
import re
import shutil
import signal
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flask.testing import FlaskClient

from bench.chaos.files import killing, power
from bench.chaos.outcome import Outcome
from geo.editions import edition, proofs
from geo.errors import GeoError
from geo.model.vocabulary import Audience
from omraadekort import storing
from tests.readers import signed
from tests.towns import reviewtown, storedtown, webtown
from webmap.access import log
from webmap.access.store import accounts, sessions
from webmap.access.store.database import AccessDatabase
from webmap.app import create_app
from webmap.reviews.store import database
from webmap.settings import Settings

NOW: Final = 1_000_000.0
"""The clock of all applications, in seconds since 1970."""
_ADDRESSES: Final = (
    *("/", "/en/", "/kort/tryg", "/omraade/square/0103", "/maal/5", "/data", "/api/v1/observations.csv"),
    *("/api/v1/areas.geojson?area_set=square", "/api/v1/goals", "/find?q=nord", "/healthz"),
)
_ROOM: Final = ("/gennemgang", reviewtown.ROUND, reviewtown.PAGE, f"{reviewtown.PAGE}/historik", reviewtown.PLAN)
_PATIENCE: Final = 60.0
_TOKEN: Final = re.compile(rb'name="csrf" value="[0-9a-f]{64}"')
"""Tokens of forms, which belong to a session."""

Seen = dict[str, Any]
"""By what was asked: what was answered."""


@dataclass(frozen=True)
class Kept:
    """Something that is kept. make: writes it; files: of which bits are turned; read: what is read of it; weight: of 100 trials."""

    name: str
    make: Callable[[Path], object]
    files: Callable[[Path], list[Path]]
    read: Callable[[Path], Seen]
    weight: int


def run(trials: int) -> Outcome:
    """Turn so many bits in all, one at a time."""
    failures, number = list[str](), 0
    for kept in STORES:
        own = max(1, round(trials * kept.weight / sum(each.weight for each in STORES)))
        number += own
        failures += [f"{kept.name}: {line}" for line in flipped_often(kept, own)]
    return Outcome("flips", number, tuple(failures))


def flipped_often(kept: Kept, trials: int, *, seed: int = 5) -> list[str]:
    """Turn bits of one kind of files; returns what went unnoticed or ended with a traceback."""
    dice, failures = random.Random(seed), list[str]()  # noqa: S311  which bit, the same each time
    with tempfile.TemporaryDirectory() as place:
        whole, folder = Path(place, "whole"), Path(place, "ws")
        whole.mkdir()
        apart(lambda: kept.make(whole))
        shutil.copytree(whole, folder)
        good = _read(kept, folder)
        if "refused" in good:
            return [f"cannot be read though nothing was turned: {good['refused']}"]
        if shut := [asked for asked, answer in good.items() if isinstance(answer, tuple) and answer[0] == 302 and b"/log-ind" in answer[1]]:
            return [f"{shut[0]} is shut though nothing was turned"]
        for _ in range(trials):
            _restore(whole, folder)
            path = dice.choice(kept.files(folder))
            content = bytearray(path.read_bytes())
            bit = dice.randrange(8 * len(content))
            content[bit // 8] ^= 1 << bit % 8
            path.write_bytes(bytes(content))
            if wrong := judged(good, _read(kept, folder)):
                failures.append(f"bit {bit} of {path.relative_to(folder).as_posix()}: {wrong}")
    return failures


def judged(good: Seen, now: Seen) -> str:
    """Return what is wrong; "" when nothing changed, or it was refused, or somebody was told."""
    if "traceback" in now:
        return str(now["traceback"])
    if now == good or "refused" in now:
        return ""
    changed = [asked for asked in good if now.get(asked) != good[asked]]
    broken = [asked for asked in changed if isinstance(now[asked], tuple) and now[asked][0] == 500]
    if broken:
        return f"500 at {broken[0]}"
    told = "/healthz" in changed or all(isinstance(now[asked], tuple) and now[asked][0] == 503 for asked in changed)
    return "" if told else f"changed, and nobody is told: {', '.join(changed[:3])}"


def _restore(whole: Path, folder: Path) -> None:
    """Put back what differs, and take away what came."""
    for path in folder.rglob("*"):
        same = whole / path.relative_to(folder)
        if path.is_file() and not same.exists():
            path.unlink()
        elif path.is_file() and path.read_bytes() != same.read_bytes():
            shutil.copyfile(same, path)


def _read(kept: Kept, folder: Path) -> Seen:
    """Read in a process of its own, which remembers nothing of an earlier trial."""

    def read() -> Seen:
        try:
            return kept.read(folder)
        except GeoError as error:
            return {"refused": str(error)}

    return apart(read)


def apart(work: Callable[[], Any]) -> Any:
    """Do something in a child and return what came of it; an error that is none of ours is a traceback."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        try:
            came = work()
        except BaseException as error:
            came = {"traceback": f"{type(error).__name__}: {error}"}
        with os.fdopen(writing, "wb") as stream:
            pickle.dump(came if isinstance(came, dict) else {}, stream)
        os._exit(0)
    os.close(writing)
    until = time.monotonic() + _PATIENCE
    with os.fdopen(reading, "rb") as stream:
        content = stream.read()  # until the child lets go
    while not os.waitpid(child, os.WNOHANG)[0]:
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.001)
    return pickle.loads(content) if content else {"traceback": "the process died"}  # noqa: S301  our own child


# --- what is kept, and how it is read ------------------------------------------------------------------------------------


def _two_editions(folder: Path) -> None:
    webtown.publish(folder / "editions", as_of=dt.date(2019, 1, 1))
    webtown.publish(folder / "editions")


def _app(folder: Path) -> Any:
    return create_app(Settings(workspace=folder, reviews_departments=reviewtown.DEPARTMENTS), clock=lambda: NOW)


def _asked(client: FlaskClient, addresses: tuple[str, ...]) -> Seen:
    answers = ((address, client.get(address)) for address in addresses)
    return {address: (answer.status_code, _TOKEN.sub(b"", answer.get_data())) for address, answer in answers}


def _web(folder: Path) -> Seen:
    app = _app(folder)
    return {
        **{f"staff {address}": answer for address, answer in _asked(signed.staff(app), ("/", "/kort/tryg")).items()},
        **_asked(app.test_client(), _ADDRESSES),
    }


def _stored(folder: Path) -> Seen:
    app, _ = storedtown.stored_app(Settings(workspace=folder))
    return _asked(app.test_client(), _ADDRESSES)


def _built(folder: Path) -> None:
    power.toytown_at(folder)
    if killing.command(folder, "build").wait(240):
        raise RuntimeError("the toy town does not build")


def _proofs(folder: Path) -> Seen:
    """What is proven, and whether the edition still is; what is told stands for itself."""
    seen: Seen = {}
    current = edition.current(folder / "editions")
    for audience in Audience:
        kept = proofs.read(folder / "internal", current, audience)
        unproven = proofs.check(folder / "internal", edition.read(folder / "editions", current, audience))
        seen[audience.value] = pickle.dumps(kept and (kept.why, [(proof.digest, proof.hidden, proof.open) for proof in kept.proofs]))
        if unproven:
            raise GeoError(unproven)
    return seen


def _room(folder: Path) -> None:
    app = reviewtown.room(folder)
    url = reviewtown.address(app)
    for number in range(1, 9):
        reviewtown.save(url, reviewtown.page_id(url), number, note=f"Skrevet {number} gange om gården", owner=f"Bo {number}")
    client = signed.staff(_app(folder))
    (folder / "cookie").write_text(signed.cookie(client))
    accounts.add(
        AccessDatabase(folder / "access"), accounts.Account("carl", "Carl Holm", frozenset({signed.Role.STAFF}), 1.5), signed.PASSWORD
    )
    client.get(reviewtown.PAGE)
    database.engine(url).dispose()


def _closed(folder: Path) -> None:
    """The room, with both databases in one file each: what is still in the log of SQLite is written into them."""
    _room(folder)
    for path in folder.glob("*/*.sqlite"):
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()


def _crashed(folder: Path) -> None:
    """The room, as a process that was killed leaves it: what was written since the start lies in the logs of SQLite."""
    _closed(folder)

    def write_and_die() -> None:
        url = Settings(workspace=folder).reviews_address
        for number in range(9, 15):
            reviewtown.save(url, reviewtown.page_id(url), number, note=f"Skrevet {number} gange om gården")
        store = AccessDatabase(folder / "access")
        for number in range(6):
            accounts.change_roles(store, "carl", ["staff"] if number % 2 else ["staff", "ssp"])
        os.kill(os.getpid(), signal.SIGKILL)

    apart(write_and_die)


def _reviews(folder: Path) -> Seen:
    client = _app(folder).test_client()
    client.set_cookie(sessions.COOKIE, (folder / "cookie").read_text(), secure=True, httponly=True, samesite="Lax")
    return _asked(client, _ROOM)


def _access(folder: Path) -> Seen:
    seen = _reviews(folder) | _asked(_app(folder).test_client(), ("/healthz",))
    try:
        store = AccessDatabase(folder / "access")
        listed = [(account.name, account.shown, sorted(account.roles), account.made) for account in accounts.listing(store)]
        return seen | {"accounts": listed, "right": accounts.verify(store, "carl", signed.PASSWORD) is not None}
    except GeoError:
        return seen | {"accounts": (503, b""), "right": (503, b"")}


def _log(folder: Path) -> None:
    for number in range(40):
        log.append(folder / "access", at="2026-11-27T08:00:00Z", event="look", user="local:anna", figures=number, purpose="kontrol")


def _lines(folder: Path) -> Seen:
    last = log.verify(folder / "access")
    lines = [line.hash for line in log.lines(folder / "access")]
    log.append(folder / "access", at="2026-11-27T08:00:00Z", event="look", user="local:bent")
    return {"head": str(last), "lines": lines}


def _files(pattern: str, *endings: str) -> Callable[[Path], list[Path]]:
    def listed(folder: Path) -> list[Path]:
        every = sorted(path for path in folder.glob(pattern) if path.is_file() and path.stat().st_size)
        return [path for path in every if not endings or path.suffix in endings]

    return listed


def _stores() -> Iterator[Kept]:
    yield Kept("editions", _two_editions, _files("editions/**/*"), _web, 40)
    yield Kept("pages", lambda folder: storing.make(storedtown.publish(folder)), _files("pages/**/*"), _stored, 10)
    yield Kept("proofs", _built, _files("internal/*/*.npz"), _proofs, 15)
    yield Kept("reviews", _closed, _files("reviews/*.sqlite"), _reviews, 15)
    yield Kept("access", _closed, _files("access/*.sqlite"), _access, 10)
    yield Kept("reviews after a crash", _crashed, _files("reviews/*.sqlite-wal"), _reviews, 5)
    yield Kept("accounts after a crash", _crashed, _files("access/*.sqlite-wal"), _access, 5)
    yield Kept("log", _log, _files("access/log.*"), _lines, 10)


STORES: Final = tuple(_stores())
