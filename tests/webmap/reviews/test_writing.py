"""What people write: one door, text only; two people's changes put together field by field, with nothing lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from tests.readers.payloads import PAYLOADS
from webmap.reviews import checks, writing
from webmap.reviews.merging import merge
from webmap.reviews.writing import Action, Money, Writing

WORDS = st.text("ab æ\n", max_size=4)
ROW_IDS = st.lists(st.sampled_from("pqr"), unique=True, max_size=3)


@st.composite
def writings(draw: st.DrawFn) -> Writing:
    rows = tuple(Action(id=row, text="x" + draw(WORDS), owner=draw(WORDS)) for row in draw(ROW_IDS))
    return Writing(note=draw(WORDS), decision=draw(WORDS), actions=rows)


# --- the door -----------------------------------------------------------------------------------------------------------


@given(writings())
def test_flat_and_back_is_the_same(one: Writing) -> None:
    assert writing.restore(writing.flat(one)) == one
    assert writing.decode(writing.encode(one)) == one


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("nul\0her", "nul␀her"),
        ("\x1b[31m", "␛[31m"),
        ("exe\u202egpj.", "exe[U+202E]gpj."),
        ("\u2066x\u2069", "[U+2066]x[U+2069]"),
        ("halv\ud800", "halv�"),
        ("a\u2028b", "a\nb"),
        ("tab\tog 👩‍👧 é עברית", "tab\tog 👩‍👧 é עברית"),
        ("\x7f\x9b", "␡�"),
    ],
)
def test_text_is_kept_as_it_is_seen(typed: str, kept: str) -> None:
    assert writing.plain(typed) == kept


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_kept_stays_as_it_is(payload: str) -> None:
    once = writing.plain(payload)
    assert writing.plain(once) == once
    assert writing.decode(writing.encode(writing.read({"note": payload}))).note == once


@pytest.mark.parametrize(
    "path",
    [
        "",
        "facts",
        "note/x",
        "actions/a",
        "actions/a/b/c",
        "actions/A B/text",
        "actions//text",
        "actions/a/id",
        "__class__",
        "actions/" + "a" * 33 + "/text",
    ],
)
def test_a_field_that_no_page_has_is_refused(path: str) -> None:
    with pytest.raises(InputError, match="no such field"):
        writing.read({path: "x"})


@pytest.mark.parametrize("content", [None, 3, True, ["a"], {"a": "b"}])
def test_what_is_not_text_is_refused(content: object) -> None:
    with pytest.raises(InputError):
        writing.read({"note": content})


def test_too_much_is_refused_and_never_cut() -> None:
    assert writing.read({"note": "x" * writing.LONG}).note == "x" * writing.LONG
    with pytest.raises(InputError) as told:
        writing.read({"note": "x" * (writing.LONG + 1), "decision": "y" * (writing.LONG + 1)})
    assert [problem.column for problem in told.value.problems] == ["note", "decision"]
    with pytest.raises(InputError, match="too many rows"):
        writing.read({f"actions/a{n}/text": "x" for n in range(writing.ROWS + 1)})


def test_empty_rows_are_left_out_and_order_is_kept() -> None:
    made = writing.read({"actions/b/text": "først", "actions/a/owner": " ", "actions/c/text": "sidst"})
    assert [row.id for row in made.actions] == ["b", "c"]


# --- merging ------------------------------------------------------------------------------------------------------------


@given(writings(), writings())
def test_who_changed_nothing_takes_the_others(base: Writing, other: Writing) -> None:
    for theirs, mine in ((other, base), (base, other)):
        merged = merge(base, theirs, mine)
        assert not merged.conflicts
        assert writing.flat(merged.result) == writing.flat(other)
    assert merge(base, other, other).result == other


@given(writings(), writings(), writings())
def test_nothing_that_anybody_wrote_is_lost(base: Writing, theirs: Writing, mine: Writing) -> None:
    before, left, right = (writing.flat(one) for one in (base, theirs, mine))
    merged = merge(base, theirs, mine)
    result, conflicts = writing.flat(merged.result), {one.path: one for one in merged.conflicts}
    for side in (left, right):
        for path, words in side.items():
            if words and words != before.get(path, ""):
                assert result.get(path) == words or words in {conflicts[path].theirs, conflicts[path].mine}


@given(writings(), writings(), writings())
def test_once_chosen_nothing_is_left_to_choose(base: Writing, theirs: Writing, mine: Writing) -> None:
    chosen = {one.path: one.mine for one in merge(base, theirs, mine).conflicts}
    merged = merge(base, theirs, mine, chosen=chosen)
    assert not merged.conflicts
    assert all(writing.flat(merged.result)[path] == words for path, words in chosen.items() if words)


def test_a_row_that_one_removed_and_the_other_wrote_in_stays() -> None:
    base = Writing(actions=(Action(id="a", text="Ring", owner="Bo"),))
    wrote = Writing(actions=(Action(id="a", text="Ring i morgen", owner="Bo"),))
    for theirs, mine in ((Writing(), wrote), (wrote, Writing())):
        assert merge(base, theirs, mine).result == wrote
    assert merge(base, Writing(), base).result == Writing()


def test_the_same_field_changed_by_both_is_a_conflict_with_all_three() -> None:
    merged = merge(Writing(note="a"), Writing(note="b", owner="Bo"), Writing(note="c", decision="d"))
    (one,) = merged.conflicts
    assert (one.path, one.base, one.theirs, one.mine) == ("note", "a", "b", "c")
    assert (merged.result.owner, merged.result.decision) == ("Bo", "d")


# --- what must be mended ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.234.567", Decimal(1234567)), ("1234,50", Decimal("1234.50")), ("1 234 567,5", Decimal("1234567.5")), ("0", Decimal(0)),
        ("12.34", None), ("-5", None), ("1,234", None), ("1e5", None), ("ca. 5", None), ("", None), ("1.2345", None), ("٣", None),
        ("9" * 13, None), ("NaN", None),
    ],
)  # fmt: skip
def test_amounts_are_read_as_danes_write_them(typed: str, amount: Decimal | None) -> None:
    assert checks.amount(typed) == amount


@pytest.mark.parametrize("typed", ["2026-02-30", "31-12-2026", "i går", "20261231", "2026-1-1", "", "2026-W01-1"])
def test_days_that_no_calendar_has(typed: str) -> None:
    assert checks.day(typed) is None


def test_every_fault_is_named_at_its_field() -> None:
    one = Writing(
        decision="Fortsæt", due="snart", actions=(Action(id="a", owner="Bo", due="x", status="måske"),),
        money=(Money(id="m", promised="mange"),)
    )  # fmt: skip
    assert [fault.path for fault in checks.faults(one)] == [
        "due", "owner", "actions/a/text", "actions/a/due", "actions/a/status", "money/m/what",
        "money/m/unit", "money/m/promised", "money/m/source",
    ]  # fmt: skip
    assert checks.faults(Writing(note="fri tekst")) == ()


def test_overdue_is_before_today_and_not_finished() -> None:
    today = dt.date(2026, 7, 1)
    assert checks.is_overdue(Action(id="a", due="2026-06-30", status="underway"), today)
    assert not checks.is_overdue(Action(id="a", due="2026-07-01", status="underway"), today)
    assert not checks.is_overdue(Action(id="a", due="2026-06-30", status="done"), today)
    assert not checks.is_overdue(Action(id="a", due="snart"), today)
