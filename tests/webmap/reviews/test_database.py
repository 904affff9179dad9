"""The room's database, on SQLite and on a real PostgreSQL server: migrations, and the guards that the database itself keeps."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from geo.errors import GeoError
from tests.towns.reviewtown import page_id, run, save, sign_all
from webmap.reviews.store import database, rounds
from webmap.reviews.store.database import ReviewsError
from webmap.reviews.store.records import Record
from webmap.reviews.store.saving import FrozenError

# --- up to date ---------------------------------------------------------------------------------------------------------


def test_a_database_is_made_from_nothing_and_once_more_changes_nothing(empty: str) -> None:
    assert database.current(empty) == ""
    with pytest.raises(ReviewsError, match="omraadekort reviews upgrade"), database.reading(empty):
        pass
    assert database.upgrade(empty) == database.newest() == database.upgrade(empty)
    assert set(Record.metadata.tables) <= set(sa.inspect(database.engine(empty)).get_table_names())


def test_the_migrations_make_what_the_records_say(empty: str) -> None:
    database.upgrade(empty)
    found = sa.inspect(database.engine(empty))
    for name, table in Record.metadata.tables.items():
        assert {column["name"]: column["nullable"] for column in found.get_columns(name)} == {c.name: c.nullable for c in table.columns}


def test_the_first_revision_comes_up_to_date_with_what_was_written(empty: str) -> None:
    assert database.upgrade(empty, "r0001") == "r0001"
    run(empty, "INSERT INTO review_round (period, edition, opened_at, opened_by, opened_name, state, signed_at, digest)"
               " VALUES ('2025H2', 'e', 'a', 'b', 'c', 'signed', 'd', 'f')")  # fmt: skip
    database.upgrade(empty)
    with database.reading(empty) as session:
        assert [one.period for one in rounds.listing(session)] == ["2025H2"]
    with pytest.raises(DatabaseError, match="signed"):
        run(empty, "UPDATE review_round SET signed_at = 'x'")


def test_two_upgrades_at_once_make_one_database(empty: str) -> None:
    said: list[str] = []
    threads = [threading.Thread(target=lambda: said.append(database.upgrade(empty))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [database.newest()] * 4


@pytest.mark.parametrize("address", ["mysql://a/b", "det her", "sqlite", "postgresql"])
def test_an_address_of_something_else_is_refused(address: str) -> None:
    with pytest.raises(GeoError):
        database.current(address)


def test_sqlite_waits_for_the_disk_and_keeps_its_file_to_itself(tmp_path: Path) -> None:
    address = f"sqlite+pysqlite:///{tmp_path / 'room' / 'reviews.sqlite'}"
    database.upgrade(address)
    with database.reading(address) as session:
        settings = {name: session.execute(sa.text(f"PRAGMA {name}")).scalar() for name in ("synchronous", "journal_mode", "foreign_keys")}
    assert settings == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1}
    assert (tmp_path / "room" / "reviews.sqlite").stat().st_mode & 0o077 == 0


# --- guards -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE review_history SET after = 'x'",
        "DELETE FROM review_history",
        "DELETE FROM review_page",
        "DELETE FROM review_round",
        "UPDATE review_page SET facts = 'x'",
        "UPDATE review_page SET round_id = round_id + 1",
        "UPDATE review_round SET edition = 'x'",
        "UPDATE review_round SET opened_name = 'x'",
        "UPDATE review_round SET before_id = id",
    ],
)
def test_the_database_itself_refuses_what_would_change_the_past(url: str, statement: str) -> None:
    with pytest.raises(DatabaseError):
        run(url, statement)


def test_a_replace_is_no_way_around(url: str) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("only SQLite has REPLACE")
    with pytest.raises(DatabaseError, match="only grows"):
        run(
            url,
            "REPLACE INTO review_history SELECT id, round_id, page_id, at, user_id, 'x', kind, before, after, version FROM review_history",
        )


@pytest.mark.parametrize("table", sorted(Record.metadata.tables))
def test_postgresql_does_not_empty_a_table(url: str, table: str) -> None:
    if url.startswith("sqlite"):
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DatabaseError, match="never emptied"):
        run(url, f"TRUNCATE {table} CASCADE")


def test_after_the_last_signature_nothing_of_the_round_can_be_changed(url: str) -> None:
    page = page_id(url)
    save(url, page, 1, note="Det gik godt")
    sign_all(url)
    for statement in (
        "UPDATE review_page SET content = '{}'", "UPDATE review_round SET state = 'open'", "UPDATE review_signature SET user_name = 'x'",
        "DELETE FROM review_signature",
        "INSERT INTO review_signature (round_id, department, user_id, user_name, at, digest) SELECT 1, 'd', 'u', 'n', 'a', 'x'",
    ):  # fmt: skip
        with pytest.raises(DatabaseError):
            run(url, statement)
    with pytest.raises(FrozenError):
        save(url, page, 2, note="En anden historie")
