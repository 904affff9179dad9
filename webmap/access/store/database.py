"""The database of accounts, sessions and counted attempts: SQLite in the workspace, shared by all workers of the server."""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from geo.errors import GeoError, Problem
from geo.files import durable
from webmap.access.store import seals, writeahead

NAME: Final = "access.sqlite"

_EXPECTED_OF_LOG: Final = f"{NAME} and {NAME}{writeahead.ENDING} from a backup; without the log what it holds is lost"
_EXPECTED: Final = "the file from a backup; or moved out of the workspace, and accounts made anew"

_TABLES: Final = {
    "users": "name TEXT PRIMARY KEY, shown TEXT NOT NULL, password TEXT NOT NULL, roles TEXT NOT NULL, made REAL NOT NULL",
    "sessions": "digest TEXT PRIMARY KEY, user TEXT NOT NULL DEFAULT '', shown TEXT NOT NULL DEFAULT '', roles TEXT NOT NULL DEFAULT '',"
    " hat TEXT NOT NULL DEFAULT 'public', purpose TEXT NOT NULL DEFAULT '', content TEXT NOT NULL DEFAULT '{}',"
    " made REAL NOT NULL, seen REAL NOT NULL, checked REAL NOT NULL",
    "departments": "user TEXT PRIMARY KEY, department TEXT NOT NULL",
    "attempts": "who TEXT, until REAL, count INTEGER NOT NULL, PRIMARY KEY (who, until)",
    "failures": "who TEXT PRIMARY KEY, count INTEGER NOT NULL, last REAL NOT NULL",
    "known": "name TEXT, near TEXT, seen REAL NOT NULL, PRIMARY KEY (name, near)",
    "secret": "only INTEGER PRIMARY KEY CHECK (only = 1), key BLOB NOT NULL",  # pragma: allowlist secret - the name of a table
}
_INDEX: Final = "CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user)"


class AccountsError(GeoError):
    """The database of accounts and sessions is damaged, or refuses."""


class AccessDatabase:
    """One database file, a connection for each thread. The file is made, readable by its owner only, when first something is kept."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._mine = threading.local()
        self._key: bytes | None = None
        self._checked = 0

    def exists(self) -> bool:
        """Whether anything was ever kept; a question to a database that is not there makes none."""
        return self.path.is_file()

    def ask(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Rows that a question finds; none when there is no database yet. Raises AccountsError when the database is damaged or refuses."""
        return self._run(sql, values)[0] if self.exists() else []

    def keep(self, sql: str, *values: Any) -> int:
        """Write, on disk when this returns. Returns how many rows were touched. Raises as `ask` does."""
        return self._run(sql, values)[1]

    def give(self, sql: str, *values: Any, **named: Any) -> list[sqlite3.Row]:
        """Write and return rows (`RETURNING`); values by their order or by their names. Raises as `ask` does."""
        return self._run(sql, named or values)[0]

    def check(self) -> None:
        """Raise AccountsError when the database is there and damaged; it is looked at when a process first opens it."""
        if self.exists():
            self.ask("SELECT 1")

    def _run(self, sql: str, values: tuple[Any, ...] | dict[str, Any]) -> tuple[list[sqlite3.Row], int]:
        try:
            cursor = self._connection().execute(sql, values)
            return cursor.fetchall(), cursor.rowcount
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise AccountsError(Problem(NAME, f"the database of accounts refuses ({error})", expected=_EXPECTED)) from None

    def key(self) -> bytes:
        """The secret of this installation, 32 random bytes made at first use; tokens of forms are derived from it."""
        if self._key is None:
            self.keep("INSERT OR IGNORE INTO secret VALUES (1, ?)", secrets.token_bytes(32))
            self._key = bytes(self.ask("SELECT key FROM secret")[0]["key"])
        return self._key

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        if connection is None or getattr(self._mine, "process", 0) != os.getpid():
            if self._checked != os.getpid():
                _check_log(self.path)
            connection = _connect(self.path)
            if self._checked != os.getpid():
                _check(connection)
                self._checked = os.getpid()
            self._mine.connection, self._mine.process = connection, os.getpid()
        return connection


def _connect(path: Path) -> sqlite3.Connection:
    durable.make_folder(path.parent, mode=0o700)
    if not path.exists():
        path.touch(mode=0o600)
        durable.sync(path.parent)
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    connection.row_factory = sqlite3.Row
    seals.prepare(connection)
    for setting in ("journal_mode = WAL", "synchronous = FULL", "recursive_triggers = ON"):
        connection.execute(f"PRAGMA {setting}")
    if not _is_made(connection):
        _make(connection)
    return connection


def _is_made(connection: sqlite3.Connection) -> bool:
    """Whether all tables of this version are there, and sealed."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    return there >= {*_TABLES, seals.TABLE}


def _make(connection: sqlite3.Connection) -> None:
    """Make the tables that are missing, and seal all; another process may be faster. What was sealed before must be whole."""
    with _transaction(connection, "IMMEDIATE"):
        if not _is_made(connection):
            _check_seals(connection)
            for name, columns in _TABLES.items():
                connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns}) STRICT")
            connection.execute(_INDEX)
            seals.seal(connection)


def _check_log(path: Path) -> None:
    """Raise AccountsError when the log beside the database lost what was confirmed; to be asked before SQLite opens and empties it."""
    if wrong := writeahead.damage(path):
        raise AccountsError(Problem(NAME, f"the database of accounts is damaged: {wrong}", expected=_EXPECTED_OF_LOG))


def _check(connection: sqlite3.Connection) -> None:
    with _transaction(connection):
        _check_seals(connection)


def _check_seals(connection: sqlite3.Connection) -> None:
    if wrong := seals.damage(connection):
        raise AccountsError(Problem(NAME, f"the database of accounts is damaged: {wrong}", expected=_EXPECTED))


@contextmanager
def _transaction(connection: sqlite3.Connection, kind: str = "") -> Iterator[None]:
    connection.execute(f"BEGIN {kind}")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
