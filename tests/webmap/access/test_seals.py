"""Seals on a database: every change of a row that did not come through a connection of ours is noticed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from webmap.access.store import seals


def opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA recursive_triggers = ON")
    seals.prepare(connection)
    return connection


@pytest.fixture
def path(tmp_path: Path) -> Path:
    connection = opened(tmp_path / "b.sqlite")
    connection.execute("CREATE TABLE users (name TEXT PRIMARY KEY, made REAL, kept BLOB, number INTEGER) STRICT")
    connection.execute('CREATE TABLE "odd name" (a TEXT)')
    connection.execute("INSERT INTO users VALUES ('anna', 1.5, x'00ff', NULL), ('bo', 0.1, NULL, 9)")
    connection.execute("BEGIN IMMEDIATE")
    seals.seal(connection)
    connection.execute("COMMIT")
    connection.close()
    return tmp_path / "b.sqlite"


def damage(path: Path) -> str:
    connection = opened(path)
    try:
        return seals.damage(connection)
    finally:
        connection.close()


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO users VALUES ('carl', 2, NULL, 3)",
        "UPDATE users SET made = made + 1",
        "UPDATE users SET name = 'anne' WHERE name = 'anna'",
        "DELETE FROM users",
        "INSERT OR REPLACE INTO users VALUES ('bo', 7, NULL, 7)",
        "INSERT OR IGNORE INTO users VALUES ('bo', 7, NULL, 7)",
        "INSERT INTO users VALUES ('bo', 1, NULL, 1) ON CONFLICT (name) DO UPDATE SET number = 10",
        "INSERT INTO \"odd name\" VALUES ('x''y')",
        "VACUUM",
    ],
)
def test_what_we_write_ourselves_keeps_the_seals(path: Path, change: str) -> None:
    connection = opened(path)
    connection.execute(change)
    connection.close()
    assert damage(path) == ""


def test_what_is_rolled_back_keeps_the_seals(path: Path) -> None:
    connection = opened(path)
    connection.execute("BEGIN")
    connection.execute("DELETE FROM users")
    connection.execute("ROLLBACK")
    connection.close()
    assert damage(path) == ""


def test_a_letter_changed_in_the_file_is_noticed(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"anna", b"anns"))
    assert damage(path) == "the table users"


def test_without_our_functions_a_sealed_database_is_not_written(path: Path) -> None:
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.OperationalError, match="seal_more"):
        connection.execute("INSERT INTO users VALUES ('carl', 2, NULL, 3)")
    connection.close()


def test_sealing_again_follows_the_tables(path: Path) -> None:
    connection = opened(path)
    connection.execute("ALTER TABLE users ADD COLUMN more TEXT")
    assert seals.damage(connection)
    connection.execute("BEGIN IMMEDIATE")
    seals.seal(connection)
    connection.execute("COMMIT")
    connection.execute("UPDATE users SET more = 'x'")
    connection.close()
    assert damage(path) == ""


def test_every_flip_is_noticed_or_without_effect(path: Path) -> None:
    def rows() -> list[tuple[object, ...]]:
        connection = opened(path)
        try:
            return connection.execute("SELECT * FROM users ORDER BY name").fetchall()
        finally:
            connection.close()

    good, whole = rows(), path.read_bytes()
    noticed = 0
    for place in range(0, len(whole), 37):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << place % 8
        path.write_bytes(bytes(flipped))
        try:
            said = damage(path)
        except sqlite3.Error:
            said = "cannot be opened"
        noticed += bool(said)
        assert said or rows() == good
    assert noticed > 5
