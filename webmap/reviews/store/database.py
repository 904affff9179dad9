"""The room's database: SQLite beside the workspace, or PostgreSQL; how it is opened, and how it is brought up to date."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import event
from sqlalchemy.orm import Session

from geo.errors import GeoError, Problem
from geo.files import durable
from webmap.access.store import seals, writeahead

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_PATIENCE: Final = 15
"""Seconds that a writer waits for its turn in SQLite before it says that it could not save."""
_LOCK: Final = 7_245_001
"""The number under which PostgreSQL keeps two upgrades apart."""


_BROKEN: Final = ("the database of the reviews is damaged", "a copy of the backup in its place; keep the damaged file")
_FULL: Final = ("the database of the reviews cannot be written", "a disk with room, and the right to write")
_REFUSALS: Final = {
    "malformed": _BROKEN, "not a database": _BROKEN, "disk is full": _FULL, "disk i/o": _FULL, "readonly": _FULL, "no space": _FULL,
    "unable to open": ("the database of the reviews cannot be opened", "its file, and the right to read and write it"),
    "locked": ("the database of the reviews is held by another for too long", "the same again, when that is done"),
    "connection": ("the database of the reviews does not answer", "a server at the address in reviews_url"),
}  # fmt: skip
"""What a database says when it refuses, by words in it: what that means, and what is to be done."""


class ReviewsError(GeoError):
    """The room's database is not there, not up to date, or refuses."""


@lru_cache(maxsize=16)
def engine(url: str) -> sa.Engine:
    """Return the engine of an address, one in each process. `postgresql://` means the driver psycopg 3.

    Raises ReviewsError for an address that is neither SQLite nor PostgreSQL.
    """
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise ReviewsError(Problem("reviews_url", "not an address of a database", expected="postgresql://name@host/base")) from None
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    if address.get_backend_name() == "postgresql":
        return sa.create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=8, max_overflow=8)
    raise ReviewsError(Problem("reviews_url", "a database of another kind", found=address.drivername, expected="sqlite or postgresql"))


def _sqlite(address: sa.URL) -> sa.Engine:
    made = sa.create_engine(address, connect_args={"timeout": _PATIENCE}, pool_size=8, max_overflow=8)
    event.listen(made, "do_connect", lambda *_words: _check_log(made))
    event.listen(made, "connect", _prepare)
    event.listen(made, "begin", _begin)
    return made


_looked: Final = set[tuple[int, str]]()


def _check_log(opened: sa.Engine) -> None:
    """Look at the log beside the file before SQLite opens and empties it, once in a process. Raises ReviewsError when it is damaged."""
    file = Path(opened.url.database or "")
    if (os.getpid(), str(file)) in _looked:
        return
    if wrong := writeahead.damage(file):
        expected = "the file and its log from a backup; without the log what it holds is lost"
        raise ReviewsError(Problem("reviews", f"the database of the reviews is damaged: {wrong}", expected=expected))
    _looked.add((os.getpid(), str(file)))


def _prepare(connection: Any, _record: object) -> None:
    """Settings of each connection: nothing acknowledged may be lost when the machine stops, and triggers also see a REPLACE."""
    connection.isolation_level = None  # transactions are begun below, not by the driver
    seals.prepare(connection)
    for setting in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_PATIENCE * 1000}", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {setting}").close()


def _begin(connection: sa.Connection) -> None:
    """A writer takes its turn at once: a reader that becomes a writer half-way would be refused without waiting."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


@contextmanager
def reading(url: str) -> Iterator[Session]:
    """A session that sees one state of the database. Raises ReviewsError when the database is not there or not up to date."""
    ready(url)
    with Session(engine(url), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def writing(url: str) -> Iterator[Session]:
    """A session whose changes are all kept when it ends, or none. Raises ReviewsError as `reading` does."""
    ready(url)
    with Session(engine(url).execution_options(writes=True), expire_on_commit=False) as session, session.begin():
        yield session


# --- up to date -------------------------------------------------------------------------------------------------------


def upgrade(url: str, revision: str = "head") -> str:
    """Bring the database up to date, making it if it is not there; returns its revision. Two at a time wait for each other."""
    opened = engine(url)
    with in_words():
        _upgrade(opened, revision)
    return current(url)


@contextmanager
def in_words() -> Iterator[None]:
    """What a database refuses, as a ReviewsError that says what whoever runs the service can do."""
    try:
        yield
    except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
        said = error.orig if isinstance(error, sa.exc.DatabaseError) else error
        raise ReviewsError(Problem("reviews", *_refusal(str(said).lower()))) from None
    except UnicodeDecodeError:  # what SQLite says of a table whose words are damaged is no text
        raise ReviewsError(Problem("reviews", _BROKEN[0], expected=_BROKEN[1])) from None
    except CommandError:
        what = "the database of the reviews is of a newer program than this one"
        raise ReviewsError(Problem("reviews", what, expected="that program")) from None


def _refusal(said: str) -> tuple[str, None, str, str, str]:
    """What is wrong, and what to do about it, by the words of the database: the fields of a Problem after its file."""
    what, expected = next((words for sign, words in _REFUSALS.items() if sign in said), ("the database of the reviews refuses", ""))
    return what, None, "", said.split("\n", maxsplit=1)[0][:200], expected


def _upgrade(opened: sa.Engine, revision: str) -> None:
    if opened.url.get_backend_name() == "sqlite" and opened.url.database:
        file = Path(opened.url.database)
        durable.make_folder(file.parent)
        if not file.exists():
            file.touch(mode=0o600)
            durable.sync(file.parent)
    with opened.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            command.upgrade(_config(connection), revision)
        else:
            _upgrade_sealed(connection, revision)


def _upgrade_sealed(connection: sa.Connection, revision: str) -> None:
    """Bring a database of SQLite up to date. It must be whole before, and its tables are sealed anew when they have changed."""
    file = _file(connection)
    _check_seals(file)
    before = MigrationContext.configure(connection).get_current_revision()
    command.upgrade(_config(connection), revision)
    if not seals.is_sealed(file) or MigrationContext.configure(connection).get_current_revision() != before:
        seals.seal(file)


def _file(connection: sa.Connection) -> sqlite3.Connection:
    file: sqlite3.Connection | None = connection.connection.driver_connection
    if file is None:  # for the type alone: a connection in use has its driver's
        raise ReviewsError(Problem("reviews_url", "the database cannot be opened"))
    return file


def _check_seals(file: sqlite3.Connection) -> None:
    if wrong := seals.damage(file):
        expected = "the file from a backup; omraadekort reviews verify says which rounds are as they were signed"
        raise ReviewsError(Problem("reviews", f"the database of the reviews is damaged: {wrong}", expected=expected))


def current(url: str) -> str:
    """The revision the database has, "" when it has none. Raises ReviewsError when it cannot be opened."""
    opened = engine(url)
    if opened.url.get_backend_name() == "sqlite" and not Path(opened.url.database or "").is_file():
        return ""
    with in_words(), opened.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def newest() -> str:
    """The revision that this program needs."""
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head() or ""


_ready: set[str] = set()


def ready(url: str) -> None:
    """Check once in a process that the database is up to date and as it was written. Raises ReviewsError when it is not."""
    if url in _ready:
        return
    version = current(url)
    if version != newest():
        raise ReviewsError(
            Problem(
                "reviews",
                "the database of the reviews is not up to date",
                found=version or "none",
                expected="run: omraadekort reviews upgrade",
            )
        )
    if engine(url).url.get_backend_name() == "sqlite":
        with in_words(), engine(url).connect() as connection:
            _check_seals(_file(connection))
    _ready.add(url)


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
