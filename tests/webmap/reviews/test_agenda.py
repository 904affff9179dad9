"""What is on the agenda and why: figures that moved, lists, redraws, what is hidden, what is overdue; editions changed by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.editions import edition as editions
from geo.editions.edition import Edition
from geo.files.workspace import Workspace
from geo.model.catalogue import ListEdition, Member
from geo.model.vocabulary import Audience, Text
from tests.towns import toytown
from tests.towns.reviewtown import figure, subject, text
from webmap.reviews import agenda, facts, since
from webmap.reviews.facts import Facts, Last, ListMembership
from webmap.reviews.writing import Action, Writing

TODAY = dt.date(2026, 11, 21)
AREA = ("udsat_boligomraade", "mjoelnerparken")
SHARE = next(one for one in toytown.indicators() if one.kind == "share")


@pytest.fixture(scope="module")
def before(built: Workspace) -> Edition:
    return editions.read(built.editions, editions.current(built.editions), Audience.STAFF)


def made(edition: Edition, first: dict[tuple[str, str], Facts] | None = None, last: Writing | None = None) -> dict[tuple[str, str], Facts]:
    kept = {AREA: Last(period="2026H1", signed="2026-06-30T10:00:00Z", writing=last)} if last else {}
    found = agenda.agenda(edition, before=first or {}, last=kept, today=TODAY)
    return {(one.subject_set, one.subject_id): one for one in found}


def changed(edition: Edition, indicator: str, **cells: object) -> Edition:
    """The edition with other cells in the newest row of an indicator of Mjølnerparken."""
    table = edition.observations.copy()
    rows = table[(table.indicator == indicator) & (table.area_set == AREA[0]) & (table.area_id == AREA[1]) & table.value.notna()]
    for name, cell in cells.items():
        table.loc[rows.sort_values("period").index[-1], name] = cell
    return dataclasses.replace(edition, observations=table)


def kinds(one: Facts) -> list[str]:
    return [change.kind for change in one.changes]


def test_every_area_plan_and_programme_has_a_page_and_nothing_changed_stands_by_name(before: Edition) -> None:
    found = agenda.agenda(before, before={}, last={}, today=TODAY)
    assert len(found) == len({(one.subject_set, one.subject_id) for one in found})
    sets = {one.subject_set for one in found}
    assert sets == {"udsat_boligomraade", "helhedsplan", "hotspot", "hotspotprogram"}
    assert len([one for one in found if one.subject_set == "helhedsplan"]) == len(before.catalogue.plans.plans)
    quiet = [one.name.da.casefold() for one in found if not [change for change in one.changes if not change.demo]]
    assert quiet == sorted(quiet)
    assert next(one for one in found if one.subject_set == "hotspotprogram").themes[0][2] == 6


def test_the_same_edition_twice_changes_nothing(before: Edition) -> None:
    first = made(before)
    again = made(before, first)
    assert {place: kinds(one) for place, one in again.items()} == {place: [] for place in first}
    assert all(one.since and one.since.outcome == "same" for one in again[AREA].figures)
    assert facts.decode(facts.encode(again[AREA])) == again[AREA]


@pytest.mark.parametrize(
    ("cells", "kind", "words"),
    [
        ({"value": 800.0, "low": 800.0, "high": 800.0}, ["figure"], "−166"),
        ({"value": math.nan, "low": math.nan, "high": math.nan, "status": "suppressed", "reason": "few"}, ["hidden"], "skjult"),
        ({"definition": "2"}, ["break"], "definitionen er ændret"),
    ],
)
def test_what_happened_to_a_figure_is_said_and_comes_first(before: Edition, cells: dict[str, object], kind: list[str], words: str) -> None:
    found = agenda.agenda(changed(before, "beboere", **cells), before=made(before), last={}, today=TODAY)
    mine = next(one for one in found if (one.subject_set, one.subject_id) == AREA)
    assert kinds(mine) == kind
    assert words in mine.changes[0].text.da
    assert found[0].name.da in {"Mjølnerparken"}


def test_what_a_made_up_figure_does_moves_nobody_up(before: Edition) -> None:
    cells = {"value": 90.0, "low": 89.0, "high": 91.0}
    found = agenda.agenda(changed(before, "demo_uden_arbejdsmarked", **cells), before=made(before), last={}, today=TODAY)
    names = [one.name.da.casefold() for one in found]
    assert names == sorted(names)
    assert [change.demo for one in found for change in one.changes if (one.subject_set, one.subject_id) == AREA] == [True]


def test_a_change_within_the_noise_is_no_reason(before: Edition) -> None:
    newest = next(one for one in made(before)[AREA].figures if one.indicator == "demo_uden_arbejdsmarked")
    moved = changed(before, "demo_uden_arbejdsmarked", value=(newest.value or 0) + 0.3)
    after = made(moved, made(before))[AREA]
    assert kinds(after) == []
    assert next(one for one in after.figures if one.indicator == newest.indicator).since.outcome == "not_told"  # type: ignore[union-attr]


def moved(chances: list[float | None], **more: object) -> Facts:
    """A subject whose figures changed by more than their uncertainty, each with its p-value."""
    told = since.since(figure(), figure(period="2027", value=90.0, low=87.0, high=92.5), SHARE, review=True)
    figures = [
        figure(area_id=f"a{number}", since=msgspec.structs.replace(told, chance=chance), **more) for number, chance in enumerate(chances)
    ]
    return subject("a", "b", "Nord", figures=tuple(figures))


def test_a_figure_is_a_reason_only_when_it_stands_out_of_the_rounds_figures() -> None:
    """Of p = 0.04 among ten that say nothing one must say that it may be chance; a full count is no matter of chance."""
    page = moved([0.0001, 0.04, *[0.5] * 8, None])
    (made,) = agenda._among([page])
    outcomes = [one.since.outcome for one in made.figures if one.since]
    assert outcomes[:2] == ["told", "alone"]
    assert outcomes[-1] == "told"
    assert "skiller sig ikke ud blandt alle rundens tal" in made.figures[1].since.text.da  # type: ignore[union-attr]
    assert "does not stand out among all figures of the round" in made.figures[1].since.text.en  # type: ignore[union-attr]
    found = agenda.control([made])
    assert (found.tested, found.alone, found.told) == (10, 2, 1)
    assert agenda.control([page, page]) == agenda.control([page])  # a figure that two pages show is tested once


def test_made_up_figures_are_no_part_of_what_is_tested() -> None:
    real, invented = moved([0.03]), moved([0.9] * 9, demo=True)
    made, _ = agenda._among([real, invented])
    assert made.figures[0].since is not None
    assert made.figures[0].since.outcome == "told"
    assert agenda.control([real, invented]).tested == 1


def test_overdue_actions_are_counted_from_the_day_the_round_opens(before: Edition) -> None:
    last = Writing(
        actions=(
            Action(id="a", text="x", due="2026-11-20"),
            Action(id="b", text="y", due="2026-11-21"),
            Action(id="c", text="z", due="2025-01-01", status="done"),
        )
    )
    after = made(before, made(before), last)[AREA]
    assert [(change.kind, change.text.da, change.text.en) for change in after.changes] == [
        ("overdue", "1 handling er over fristen", "1 action past the due date")
    ]


def test_a_new_list_a_redraw_and_a_new_subject(before: Edition) -> None:
    first = made(before)
    old = msgspec.structs.replace(first[AREA], outlines={"udsat_boligomraade/mjoelnerparken": "another"})
    del first[("helhedsplan", "amagerbro-2014")]
    listed = ListEdition(
        id="ny-2027", family="udsatte-boligomraader", name=text("Listen 2027"), published="2027", definition=text("d"),
        members=(Member(name="Tingbjerg", area_id="tingbjerg"),), cite=before.catalogue.lists[0].cite,
    )  # fmt: skip
    catalogue = msgspec.structs.replace(before.catalogue, lists=(*before.catalogue.lists, listed))
    after = made(dataclasses.replace(before, catalogue=catalogue), {**first, AREA: old})
    assert kinds(after[("helhedsplan", "amagerbro-2014")]) == ["new"]
    was_on = first[AREA].lists[-1].member
    assert kinds(after[AREA]) == (["list", "redraw"] if was_on else ["redraw"])
    texts = [change.text.da for change in after[("udsat_boligomraade", "tingbjerg")].changes]
    assert texts in (["Er kommet på: Listen 2027"], [])  # nothing if it stood on the newest list before


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [(True, False, "Står ikke længere på: Liste 2"), (False, True, "Er kommet på: Liste 2"), (True, True, ""), (False, False, "")],
)
def test_a_list_is_compared_with_the_one_before_it_in_its_family(was: bool, now: bool, said: str) -> None:
    def listed(number: int, member: bool) -> ListMembership:
        return ListMembership(id=str(number), name=text(f"Liste {number}"), published=text("x"), family="f", member=member)

    earlier = subject("a", "b", "Nord", lists=(listed(1, was),))
    after = subject("a", "b", "Nord", lists=(listed(1, was), listed(2, now)))
    assert [change.text.da for change in agenda._compared(after, earlier, first=False)] == ([said] if said else [])


# --- can it be told from noise ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earlier", "later", "outcome"),
    [
        ({}, {"period": "2027", "value": 90.0, "low": 87.0, "high": 92.5}, "told"),
        ({}, {"period": "2027", "value": 82.0, "low": 77.0, "high": 86.0}, "not_told"),
        ({}, {}, "same"),
        ({}, {"period": "2027", "definition": "2"}, "break"),
        ({}, {"value": None, "low": None, "high": None}, "hidden"),
        ({"value": None}, {}, "shown"),
        ({"value": None}, {"value": None}, "same"),
        ({}, {"period": "2027", "interval": "none"}, "unknown"),
        ({"low": None}, {"period": "2027"}, "unknown"),
        ({"low": 80.0, "high": 80.0}, {"period": "2027", "value": 81.0, "low": 81.0, "high": 81.0}, "told"),
        ({"low": 80.0, "high": 80.0}, {"period": "2027", "low": 80.0, "high": 80.0}, "not_told"),
    ],
)
def test_outcomes(earlier: dict[str, object], later: dict[str, object], outcome: str) -> None:
    assert since.difference(figure(**earlier), figure(**later), SHARE).outcome == outcome


@given(st.tuples(*[st.floats(0, 100)] * 3), st.tuples(*[st.floats(0, 100)] * 3))
def test_the_way_back_is_the_way_there_turned_round(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    a, b = (figure(period=p, low=v[0], value=v[1], high=v[2]) for p, v in zip(("2025", "2026"), (sorted(one), sorted(other)), strict=True))
    there, back = since.difference(a, b, SHARE), since.difference(b, a, SHARE)
    assert there.outcome == back.outcome
    if there.span and back.span:  # none where nothing moved
        assert there.span.low == pytest.approx(-back.span.high, abs=2e-9)  # both are kept to nine places, and a half may go either way
        assert there.span.low - 1e-9 <= there.span.value <= there.span.high + 1e-9


def test_words_carry_the_unit_the_interval_and_both_languages(before: Edition) -> None:
    share = next(one for one in before.catalogue.indicators if one.kind == "share")
    said = since.since(figure(), figure(period="2027", value=90.0, low=87.0, high=92.5), share, review=True)
    assert said.text == Text(
        da="+10,0\u00a0procentpoint (+5,0 til +15,6); forskellen er større end usikkerheden",
        en="+10.0\u00a0percentage points (+5.0 to +15.6); the difference is larger than the uncertainty",
    )
    assert said.source == "review"
