"""The log that SQLite leaves after a crash: confirmed writes that it would drop in silence are noticed; one that was stopped is none."""

from __future__ import annotations

import os
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.readers.signed import PASSWORD
from webmap.access import Role
from webmap.access.store import accounts, writeahead
from webmap.access.store.accounts import Account
from webmap.access.store.database import AccessDatabase, AccountsError
from webmap.access.store.writeahead import LogEnd
from webmap.reviews.store import database
from webmap.reviews.store.database import ReviewsError
from webmap.settings import Settings

WRITES = 6


def crashed(folder: Path) -> Path:
    """A database whose process was killed after so many writes of a row each, and one before that begins a table."""
    path = folder / "b.sqlite"
    child = os.fork()
    if not child:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (a TEXT)")
        for number in range(WRITES):
            connection.execute("INSERT INTO t VALUES (?)", (f"{number}" * 3000,))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    return path


def rows(whole: Path, folder: Path, log: bytes) -> int:
    """How many rows SQLite reads with another log beside the database."""
    (folder / whole.name).write_bytes(whole.read_bytes())
    (folder / f"{whole.name}-wal").write_bytes(log)
    connection = sqlite3.connect(folder / whole.name)
    try:
        return int(connection.execute("SELECT count(*) FROM t").fetchone()[0])
    except sqlite3.Error:
        return -1
    finally:
        connection.close()
        for path in folder.iterdir():
            path.unlink()


def test_what_sqlite_reads_of_a_log_is_what_is_counted(tmp_path: Path) -> None:
    path = crashed(tmp_path)
    assert writeahead.read(path) == LogEnd(WRITES + 1, 0)
    assert writeahead.damage(path) == ""
    assert writeahead.read(tmp_path / "none.sqlite") == LogEnd()
    assert writeahead.damage(tmp_path / "none.sqlite") == ""


def test_every_flip_is_noticed_or_without_effect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writeahead, "_PAUSE", 0.0)
    path, place = crashed(tmp_path), tmp_path / "other"
    place.mkdir()
    log = path.with_name("b.sqlite-wal")
    whole = log.read_bytes()
    frame = 24 + int.from_bytes(whole[8:12], "big")
    noticed = 0
    heads = [32 + number * frame + byte for number in (1, 4, 6, 9) for byte in range(24)]
    for byte in (*range(0, len(whole), 1999), *heads, len(whole) - 1, len(whole) - frame + 30):
        flipped = bytearray(whole)
        flipped[byte] ^= 1 << byte % 8
        log.write_bytes(bytes(flipped))
        told = bool(writeahead.damage(path))
        noticed += told
        assert told or rows(path, place, bytes(flipped)) == WRITES, byte
    assert noticed > 100


def test_a_last_write_that_was_stopped_is_no_damage(tmp_path: Path) -> None:
    path = crashed(tmp_path)
    log = path.with_name("b.sqlite-wal")
    whole = log.read_bytes()
    for left in (0, 5, 32, 40, len(whole) - 1, len(whole) - 4000, len(whole) // 2):
        log.write_bytes(whole[:left])
        assert writeahead.damage(path) == "", left
    log.write_bytes(bytes(len(whole)))  # what a file system has of a log that was not synced
    assert writeahead.damage(path) == ""
    log.write_bytes(whole[:-2000] + bytes(2000))
    assert (writeahead.damage(path), writeahead.read(path)) == ("", LogEnd(WRITES, 1))


@pytest.mark.parametrize("byte", [3, 20, 30])
def test_a_head_that_is_not_whole_is_told(tmp_path: Path, byte: int) -> None:
    path = crashed(tmp_path)
    log = path.with_name("b.sqlite-wal")
    flipped = bytearray(log.read_bytes())
    flipped[byte] ^= 1
    log.write_bytes(bytes(flipped))
    assert "its head" in writeahead.damage(path)


def test_a_damaged_log_is_told_before_sqlite_empties_it(tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path)
    database.upgrade(settings.reviews_address)
    database.engine(settings.reviews_address).dispose()
    store = AccessDatabase(settings.access)
    accounts.add(store, Account("anna", "Anna", frozenset({Role.STAFF}), 0.0), PASSWORD)
    log = crashed(tmp_path).with_name("b.sqlite-wal")
    hurt = bytearray(log.read_bytes())
    hurt[2000] ^= 1
    for path in (settings.access / "access.sqlite-wal", tmp_path / "reviews" / "reviews.sqlite-wal"):
        path.write_bytes(bytes(hurt))
    child = os.fork()  # a process that has opened neither of them
    if not child:
        told = 0
        try:
            AccessDatabase(settings.access).ask("SELECT 1")
        except AccountsError as error:
            told += "write-ahead log" in str(error)
        try:
            database._looked.clear()
            database.upgrade(settings.reviews_address)
        except ReviewsError as error:
            told += "write-ahead log" in str(error)
        os._exit(told)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
