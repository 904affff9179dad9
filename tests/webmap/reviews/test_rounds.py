"""Rounds on SQLite and on a real PostgreSQL server: drafts and versions, signatures, addenda, from one round to the next."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from geo.errors import InputError, NotFoundError
from tests.towns.reviewtown import AGREED, DEPARTMENTS, author, count, open_round, page_id, run, save, seal, sign, sign_all
from webmap.reviews import checks, facts, texts, views, writing
from webmap.reviews.store import database, rounds, saving, signing
from webmap.reviews.store.records import History
from webmap.reviews.store.saving import Choice, FrozenError

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
        kinds = [(one.kind, [(field.before, field.after) for field in one.fields]) for one in views.events(saving.history(session, page))]
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
        view = views.round_view(signed, figures=True)
    assert (signed.state, signed.digest, signed.signed_at) == ("signed", before, author().at)
    assert [(one.department, one.user_name) for one in view.signatures] == list(zip(DEPARTMENTS, ("Anna", "Bo", "Carl"), strict=True))


def test_a_signature_lapses_when_the_page_changes_afterwards(url: str) -> None:
    sign(url, DEPARTMENTS[0], "anna")
    sign(url, DEPARTMENTS[1], "bo")
    save(url, page_id(url), 1, note="En ting mere")
    with database.reading(url) as session:
        view = views.round_view(rounds.find(session, "2026H1"), figures=True)
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
        view = views.page_view(rounds.page(session, "2026H1", "udsat_boligomraade", "nord"), figures=True)
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
        ("0000H1", "not a half-year"),
        ("1999H2", "not a half-year"),
        ("2028H1", "too far ahead"),
        ("2062H2", "too far ahead"),
    ],
)
def test_a_round_that_cannot_be_opened(url: str, period: str, said: str) -> None:
    with database.reading(url) as session, pytest.raises(InputError, match=said):
        rounds.check(session, period, today=dt.date(2026, 11, 27))


def test_a_half_year_is_reviewed_once_and_time_goes_forward(url: str) -> None:
    sign_all(url)
    with database.reading(url) as session:
        for period in ("2026H1", "2025H2"):
            with pytest.raises(InputError, match="or a later one"):
                rounds.check(session, period, today=dt.date(2026, 11, 27))
        rounds.check(session, "2026H2", today=dt.date(2026, 11, 27))


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


def test_the_half_year_that_is_proposed_is_one_that_can_be_opened(url: str) -> None:
    november = dt.date(2026, 11, 27)
    with database.reading(url) as session:
        assert rounds.proposed(session, november) == "2026H2"
    sign_all(url)
    with database.reading(url) as session:
        assert rounds.proposed(session, november) == "2026H2"
        assert rounds.proposed(session, dt.date(2026, 2, 1)) == "2026H2"
        assert rounds.proposed(session, dt.date(2029, 2, 1)) == "2029H1"
        rounds.check(session, "2026H2", today=november)


def test_a_round_of_an_odd_half_year_has_a_name_all_the_same() -> None:
    assert texts.half_year("0000H1", "da") == "0000H1"
    assert texts.half_year("0000H1-x1", "en") == "0000H1 (cancelled 1)"
