"""The database of those who follow: SQLite in the workspace, readable by its owner alone. What is deleted is overwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from geo.errors import GeoError, Problem
from geo.files import durable

FILE: Final = "followers.sqlite"
_TABLES: Final = (
    "followers (id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL, same TEXT NOT NULL, indicator TEXT NOT NULL,"
    " area_set TEXT NOT NULL, area_id TEXT NOT NULL, language TEXT NOT NULL, made REAL NOT NULL, confirmed REAL, edition TEXT NOT NULL"
    " DEFAULT '', refused INTEGER NOT NULL DEFAULT 0, UNIQUE (same, indicator, area_set, area_id))",
    "tokens (digest TEXT PRIMARY KEY, does TEXT NOT NULL, follower INTEGER NOT NULL REFERENCES followers ON DELETE CASCADE)",
    "letters (id INTEGER PRIMARY KEY AUTOINCREMENT, follower INTEGER NOT NULL REFERENCES followers ON DELETE CASCADE, kind TEXT NOT NULL,"
    " edition TEXT NOT NULL, message TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL,"
    " UNIQUE (follower, kind))",
    "reminders (event TEXT NOT NULL, day TEXT NOT NULL, address TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', message TEXT NOT NULL"
    " DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL DEFAULT 0, PRIMARY KEY (event, day, address))",
    "counts (what TEXT PRIMARY KEY, number INTEGER NOT NULL)",
)
_INDEXES: Final = ("tokens_follower ON tokens (follower)", "letters_due ON letters (due)")


class FollowersError(GeoError):
    """The database of those who follow is damaged, or refuses."""


def exists(folder: Path) -> bool:
    """Whether anybody ever asked to follow; a question to a database that is not there makes none."""
    return (folder / FILE).is_file()


@contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection to ask with, None when there is no database yet. Raises FollowersError when it is damaged."""
    if not exists(folder):
        yield None
        return
    with changing(folder) as connection:
        yield connection


@contextmanager
def changing(folder: Path) -> Iterator[sqlite3.Connection]:
    """A connection whose changes are all on disk when the context has ended, or none of them. Raises FollowersError as `reading` does."""
    try:
        with closing(_connect(folder)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise FollowersError(Problem(FILE, f"the database of followers refuses ({error})", expected="the file from a backup")) from None


@contextmanager
def kept_open(folder: Path) -> Iterator[None]:
    """Keep the database open while the context lasts: whoever closes it last empties its log, which is dear for many short changes."""
    if not exists(folder):
        yield
        return
    try:
        connection = _connect(folder)
    except sqlite3.Error as error:
        raise FollowersError(Problem(FILE, f"the database of followers refuses ({error})", expected="the file from a backup")) from None
    with closing(connection):
        yield
        with suppress(sqlite3.Error):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what was deleted is in the log no longer either


def _connect(folder: Path) -> sqlite3.Connection:
    path = folder / FILE
    durable.make_folder(folder, mode=0o700)
    if not path.exists():
        path.touch(mode=0o600)
        durable.sync(folder)
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    try:
        connection.row_factory = sqlite3.Row
        for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {setting}")
        for table in _TABLES:
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table} STRICT")
        for index in _INDEXES:
            connection.execute(f"CREATE INDEX IF NOT EXISTS {index}")
    except BaseException:
        connection.close()
        raise
    return connection
