"""The database of accounts, sessions and counted attempts: SQLite in the workspace, shared by all workers of the server."""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from pathlib import Path
from typing import Any, Final

NAME: Final = "access.sqlite"

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS users (
  name TEXT PRIMARY KEY, shown TEXT NOT NULL, password TEXT NOT NULL, roles TEXT NOT NULL, made REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
  digest TEXT PRIMARY KEY, user TEXT NOT NULL DEFAULT '', shown TEXT NOT NULL DEFAULT '', roles TEXT NOT NULL DEFAULT '',
  hat TEXT NOT NULL DEFAULT 'public', purpose TEXT NOT NULL DEFAULT '', content TEXT NOT NULL DEFAULT '{}',
  made REAL NOT NULL, seen REAL NOT NULL, checked REAL NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user);
CREATE TABLE IF NOT EXISTS attempts (who TEXT, until REAL, count INTEGER NOT NULL, PRIMARY KEY (who, until)) STRICT;
CREATE TABLE IF NOT EXISTS failures (who TEXT PRIMARY KEY, count INTEGER NOT NULL, last REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS known (name TEXT, near TEXT, seen REAL NOT NULL, PRIMARY KEY (name, near)) STRICT;
CREATE TABLE IF NOT EXISTS secret (only INTEGER PRIMARY KEY CHECK (only = 1), key BLOB NOT NULL) STRICT;
"""


class AccessDatabase:
    """One database file, a connection for each thread. The file is made, readable by its owner only, when first something is kept."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._mine = threading.local()
        self._key: bytes | None = None

    def exists(self) -> bool:
        """Whether anything was ever kept; a question to a database that is not there makes none."""
        return self.path.is_file()

    def ask(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Rows that a question finds; none when there is no database yet."""
        return self._connection().execute(sql, values).fetchall() if self.exists() else []

    def keep(self, sql: str, *values: Any) -> int:
        """Write, on disk when this returns. Returns how many rows were touched."""
        return self._connection().execute(sql, values).rowcount

    def give(self, sql: str, *values: Any, **named: Any) -> list[sqlite3.Row]:
        """Write and return rows (`RETURNING`); values by their order or by their names."""
        return self._connection().execute(sql, named or values).fetchall()

    def key(self) -> bytes:
        """The secret of this installation, 32 random bytes made at first use; tokens of forms are derived from it."""
        if self._key is None:
            self.keep("INSERT OR IGNORE INTO secret VALUES (1, ?)", secrets.token_bytes(32))
            self._key = bytes(self.ask("SELECT key FROM secret")[0]["key"])
        return self._key

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        if connection is None or getattr(self._mine, "process", 0) != os.getpid():
            connection = self._mine.connection = _connect(self.path)
            self._mine.process = os.getpid()
        return connection


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(_SCHEMA)
    return connection
