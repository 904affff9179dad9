"""The room's database, on SQLite and on a real PostgreSQL server: migrations, guards, versions, rounds, signatures, addenda."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from geo.errors import GeoError, InputError, NotFoundError
from tests.reviewtown import AGREED, DEPARTMENTS, author, open_round, page_id, postgresql, programs, save
from webmap.reviews import checks, database, facts, pagewords, rounds, saving, signing, writing
from webmap.reviews.database import ReviewsError
from webmap.reviews.records import History, Record
from webmap.reviews.saving import Choice, FrozenError

NO_SERVER = "no PostgreSQL server on this machine: install Debian's package `postgresql` to run these tests"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    folder = programs()
    with postgresql(folder) if folder else nullcontext("") as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database without anything in it."""
    if request.param == "sqlite":
        return f"sqlite+pysqlite:///{tmp_path / 'reviews.sqlite'}"
    server = request.getfixturevalue("server") or pytest.skip(NO_SERVER)
    name = f"t{uuid4().hex}"
    with sa.create_engine(server.replace("://", "+psycopg://"), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    return server.rpartition("/")[0] + f"/{name}"


@pytest.fixture
def url(empty: str) -> str:
    """Address of a database that is up to date, with one open round of three pages."""
    database.upgrade(empty)
    open_round(empty)
    return empty


def run(url: str, statement: str) -> None:
    with database.engine(url).execution_options(writes=True).begin() as connection:
        connection.execute(sa.text(statement))


def count(url: str, table: str) -> int:
    with database.engine(url).connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(sa.table(table))).scalar_one())


def seal(url: str, period: str = "2026H1") -> str:
    with database.reading(url) as session:
        return signing.digest(rounds.find(session, period))


def sign(url: str, department: str, who: str, seen: str = "", period: str = "2026H1") -> bool:
    with database.writing(url) as session:
        signed = signing.sign(session, period, department, seen=seen or seal_in(session, period), departments=DEPARTMENTS, who=author(who))
        return signed.is_signed


def seal_in(session: object, period: str) -> str:
    return signing.digest(rounds.find(session, period))  # type: ignore[arg-type]


def sign_all(url: str, period: str = "2026H1") -> None:
    assert [sign(url, name, who, period=period) for name, who in zip(DEPARTMENTS, ("anna", "bo", "carl"), strict=True)] == [
        False,
        False,
        True,
    ]


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


# --- saving -------------------------------------------------------------------------------------------------------------


def test_a_save_counts_up_and_keeps_before_and_after(url: str) -> None:
    page = page_id(url)
    first = save(url, page, 1, note="a")
    second = save(url, page, first.version, "bo", note="a", actions__r1__text="Ring")
    with database.reading(url) as session:
        rows = saving.history(session, page)
    assert [(row.kind, row.version, row.user_name) for row in rows] == [("saved", 3, "Bo"), ("saved", 2, "Anna"), ("opened", 1, "Anna")]
    assert (writing.decode(rows[0].before).actions, writing.decode(rows[0].after)) == ((), second.content)
    assert rows[0].at == author().at


def test_the_same_save_twice_is_one_version(url: str) -> None:
    page = page_id(url)
    assert save(url, page, 1, note="a").version == save(url, page, 1, note="a").version == 2
    assert count(url, "review_history") == len(AGREED) + 1


def test_two_who_wrote_in_different_fields_never_meet(url: str) -> None:
    page = page_id(url)
    save(url, page, 1, note="Annas")
    done = save(url, page, 1, "bo", decision="Bos", actions__b1__text="Bos række")
    assert not done.conflicts
    assert (done.content.note, done.content.decision, done.content.actions[0].text) == ("Annas", "Bos", "Bos række")


def test_two_in_the_same_field_are_both_kept_until_somebody_chooses(url: str) -> None:
    page = page_id(url)
    save(url, page, 1, note="Annas")
    done = save(url, page, 1, "bo", note="Bos", owner="Bo")
    assert (done.content.note, [one.path for one in done.conflicts]) == ("Annas", ["note"])
    assert done.kept is not None
    with database.writing(url) as session:
        early = saving.settle(session, page, Choice(done.kept, {}, done.version), who=author("bo"))
        assert [one.path for one in early.conflicts] == ["note"]
        settled = saving.settle(session, page, Choice(done.kept, {"note": "Annas og Bos"}, done.version), who=author("bo"))
    assert (settled.content.note, settled.content.owner, settled.version) == ("Annas og Bos", "Bo", 3)
    with database.reading(url) as session:
        kinds = [
            (one.kind, [(field.before, field.after) for field in one.fields]) for one in pagewords.events(saving.history(session, page))
        ]
    assert kinds[0] == ("merged", [("Annas", "Annas og Bos"), ("", "Bo")])
    assert kinds[1] == ("set aside", [("", "Bos"), ("", "Bo")])


def test_a_choice_made_of_an_older_page_is_asked_again(url: str) -> None:
    page = page_id(url)
    save(url, page, 1, note="Annas")
    done = save(url, page, 1, "bo", note="Bos")
    save(url, page, 2, note="Annas igen")
    with database.writing(url) as session:
        again = saving.settle(session, page, Choice(done.kept or 0, {"note": "Bos"}, done.version), who=author("bo"))
    assert [(one.theirs, one.mine) for one in again.conflicts] == [("Annas igen", "Bos")]
    assert save(url, page, 3, note="Annas igen").content.note == "Annas igen"


def test_a_version_that_never_was_is_refused(url: str) -> None:
    for base in (0, 2, 99):
        with pytest.raises(NotFoundError):
            save(url, page_id(url), base, note="x")


def test_what_was_set_aside_on_another_page_cannot_be_taken(url: str) -> None:
    page = page_id(url)
    save(url, page, 1, note="a")
    kept = save(url, page, 1, "bo", note="b").kept or 0
    with database.reading(url) as session:
        for where, which in ((page_id(url, "plan-a"), kept), (page, kept - 1), (page, 10**6)):
            with pytest.raises(NotFoundError):
                saving.find_aside(session, where, which)


# --- signing ------------------------------------------------------------------------------------------------------------


def test_three_departments_sign_and_the_round_is_frozen(url: str) -> None:
    before = seal(url)
    sign_all(url)
    with database.reading(url) as session:
        signed = rounds.find(session, "2026H1")
        view = pagewords.round_view(signed)
    assert (signed.state, signed.digest, signed.signed_at) == ("signed", before, author().at)
    assert [(one.department, one.user_name) for one in view.signatures] == list(zip(DEPARTMENTS, ("Anna", "Bo", "Carl"), strict=True))


def test_a_signature_lapses_when_the_page_changes_afterwards(url: str) -> None:
    sign(url, DEPARTMENTS[0], "anna")
    sign(url, DEPARTMENTS[1], "bo")
    save(url, page_id(url), 1, note="En ting mere")
    with database.reading(url) as session:
        view = pagewords.round_view(rounds.find(session, "2026H1"))
    assert (len(view.signatures), len(view.lapsed)) == (0, 2)
    assert not sign(url, DEPARTMENTS[2], "carl")
    assert not sign(url, DEPARTMENTS[0], "anna")
    assert sign(url, DEPARTMENTS[1], "bo")


@pytest.mark.parametrize(
    ("department", "who", "seen", "said"),
    [
        ("Skat", "bo", "", "no such department"),
        (DEPARTMENTS[0], "bo", "", "the department has signed"),
        (DEPARTMENTS[1], "anna", "", "the person has signed"),
        (DEPARTMENTS[1], "bo", "0" * 64, "has changed since it was seen"),
    ],
)
def test_a_signature_that_will_not_do_is_refused(url: str, department: str, who: str, seen: str, said: str) -> None:
    sign(url, DEPARTMENTS[0], "anna")
    with pytest.raises(InputError, match=said):
        sign(url, department, who, seen)
    assert count(url, "review_signature") == 1


def test_a_page_with_mistakes_stops_the_signature(url: str) -> None:
    save(url, page_id(url), 1, due="snart")
    with pytest.raises(InputError, match="something to mend"):
        sign(url, DEPARTMENTS[0], "anna")


def test_a_signed_round_is_signed_once(url: str) -> None:
    sign_all(url)
    with pytest.raises(FrozenError):
        sign(url, DEPARTMENTS[0], "anna")


def test_the_digest_covers_every_word_and_every_figure(url: str) -> None:
    first = seal(url)
    save(url, page_id(url, "plan-a"), 1, money__m__what="Café")
    assert seal(url) != first


def test_an_addendum_stands_beside_a_signed_round_only(url: str) -> None:
    page = page_id(url)
    with database.writing(url) as session, pytest.raises(InputError, match="the round is open"):
        signing.add(session, "2026H1", "Rettelse", page_id=None, who=author())
    sign_all(url)
    before = seal(url)
    with database.writing(url) as session:
        for words in ("", "  \n", "x" * (writing.LONG + 1)):
            with pytest.raises(InputError):
                signing.add(session, "2026H1", words, page_id=None, who=author())
        with pytest.raises(NotFoundError):
            signing.add(session, "2026H1", "x", page_id=10**6, who=author())
        signing.add(session, "2026H1", "Tallet var 4, ikke 5.", page_id=page, who=author("dorte", 7))
    with database.reading(url) as session:
        view = pagewords.page_view(rounds.page(session, "2026H1", "udsat_boligomraade", "nord"))
        kinds = [row.kind for row in session.scalars(sa.select(History).order_by(History.id.desc()).limit(2))]
    assert [(one.user_name, one.at, one.text) for one in view.addenda] == [("Dorte", "2026-11-21T12:07:00Z", "Tallet var 4, ikke 5.")]
    assert kinds == ["addendum", "frozen"]
    assert seal(url) == before
    for statement in ("UPDATE review_addendum SET text = 'x'", "DELETE FROM review_addendum"):
        with pytest.raises(DatabaseError):
            run(url, statement)


# --- from round to round ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026H2", "a round is open"),
        ("2026H3", "not a half-year"),
        ("", "not a half-year"),
        ("2026H2\n", "not a half-year"),
        ("../x", "half-year"),
    ],
)
def test_a_round_that_cannot_be_opened(url: str, period: str, said: str) -> None:
    with database.reading(url) as session, pytest.raises(InputError, match=said):
        rounds.check(session, period)


def test_a_half_year_is_reviewed_once_and_time_goes_forward(url: str) -> None:
    sign_all(url)
    with database.reading(url) as session:
        for period in ("2026H1", "2025H2"):
            with pytest.raises(InputError, match="or a later one"):
                rounds.check(session, period)
        rounds.check(session, "2026H2")


def test_the_next_round_begins_with_what_was_not_finished(url: str) -> None:
    save(
        url, page_id(url), 1, note="Note", decision="Fortsæt", owner="SOF", actions__a__text="Gjort", actions__a__status="done",
        actions__b__text="Mangler", actions__b__status="underway", money__m__what="Café", money__m__unit="kr", money__m__source="Brev",
    )  # fmt: skip
    sign_all(url)
    with database.reading(url) as session:
        left = rounds.past(session)
    last = left.last[("udsat_boligomraade", "nord")]
    assert (last.period, last.writing.decision) == ("2026H1", "Fortsæt")
    carried = rounds.carried(last.writing)
    assert [row.id for row in carried.actions] == ["b"]
    assert (carried.note, carried.decision, carried.money) == ("", "", last.writing.money)
    open_round(url, "2026H2", left, tuple(facts.decode(facts.encode(one)) for one in AGREED))
    with pytest.raises(InputError):
        open_round(url, "2027H1", left)


def test_a_signed_round_that_went_by_in_between_is_noticed(url: str) -> None:
    with database.reading(url) as session:
        left = rounds.past(session)
    sign_all(url)
    with pytest.raises(InputError, match="meanwhile"):
        open_round(url, "2026H2", left)


def test_a_draft_may_hold_anything(url: str) -> None:
    done = save(url, page_id(url), 1, due="snart", actions__a__due="engang")
    assert [fault.path for fault in checks.faults(done.content)] == ["due", "actions/a/text", "actions/a/due"]
