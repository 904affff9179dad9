"""Seals on a database of SQLite: a row that is not as it was written is noticed, although SQLite itself checks no content.

For every table a sum of the hashes of its rows is kept in the table `seals`, by triggers, in the transaction that changes the rows. The
sum does not depend on the order of rows. It is compared when a process opens the database. Who can write in the file can make the sums
fit: seals tell of disks and accidents, not of people.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from typing import Any, Final

TABLE: Final = "seals"
_SCHEMA: Final = "sqlite_schema"
_SIZE: Final = 1 << 128
_OWN: Final = "CREATE TABLE seals (home TEXT PRIMARY KEY, sum TEXT NOT NULL) STRICT"


def prepare(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that the triggers call; without them a sealed database can be read and not written."""
    connection.create_function("seal_more", -1, _more, deterministic=True)
    connection.create_function("seal_less", -1, _less, deterministic=True)


def damage(connection: sqlite3.Connection) -> str:
    """Return in words what is not as it was written, "" when everything is, or when the database has no seals.

    The connection is in a transaction, so that nobody writes meanwhile, and its rows are tuples.
    """
    try:
        if not is_sealed(connection):
            return ""
        wrong = [text for (text,) in connection.execute("PRAGMA integrity_check") if text != "ok"]
        if wrong:
            return str(wrong[0])
        kept = dict(connection.execute("SELECT home, sum FROM seals").fetchall())
        now = dict(_sums(connection))
    except (sqlite3.Error, UnicodeDecodeError, ValueError) as error:
        return str(error)
    return next((f"the table {home}" for home in sorted(kept.keys() | now.keys()) if kept.get(home) != now.get(home)), "")


def is_sealed(connection: sqlite3.Connection) -> bool:
    """Whether the database has seals."""
    return bool(connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'seals'").fetchone())


def seal(connection: sqlite3.Connection) -> None:
    """Seal all tables as they are now: after a database was made or its tables were changed. To be called in a writing transaction."""
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'sealed\\_%' ESCAPE '\\'"
    ).fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute("DROP TABLE IF EXISTS seals")
    connection.execute(_OWN)
    for home in _tables(connection):
        for statement in _triggers(home, _columns(connection, home)):
            connection.execute(statement)
    connection.executemany("INSERT INTO seals VALUES (?, ?)", list(_sums(connection)))


def _tables(connection: sqlite3.Connection) -> list[str]:
    asked = (
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name != 'seals' ORDER BY name"
    )
    return [name for (name,) in connection.execute(asked)]


def _columns(connection: sqlite3.Connection, home: str) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", (home,))]


def _triggers(home: str, columns: list[str]) -> Iterator[str]:
    old, new = (", ".join(f'{side}."{name}"' for name in columns) for side in ("old", "new"))
    changed = {"INSERT": f"seal_more(sum, {new})", "DELETE": f"seal_less(sum, {old})", "UPDATE": f"seal_more(seal_less(sum, {old}), {new})"}
    for event, value in changed.items():
        act = f"UPDATE seals SET sum = {value} WHERE home = '{home}'"  # noqa: S608  our names
        yield f'CREATE TRIGGER "sealed_{home}_{event.lower()}" AFTER {event} ON "{home}" BEGIN {act}; END'


def _sums(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Every table and the sum over its rows; and the same of the schema."""
    for home in _tables(connection):
        columns = ", ".join(f'"{name}"' for name in _columns(connection, home))
        yield home, _written(sum(_hash(row) for row in connection.execute(f'SELECT {columns} FROM "{home}"')))  # noqa: S608  our names
    yield _SCHEMA, _written(sum(_hash(row) for row in connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")))


def _hash(row: tuple[Any, ...]) -> int:
    return int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest()[:16], "big")


def _more(total: str, *row: Any) -> str:
    return _written(int(total, 16) + _hash(row))


def _less(total: str, *row: Any) -> str:
    return _written(int(total, 16) - _hash(row))


def _written(total: int) -> str:
    return f"{total % _SIZE:032x}"
