"""The pages of the safety index: its editions, the districts of one by the effort that they need, and who moved between two.

An edition of the index is the lists of one publication, a list an effort. A district that no list names has no effort that we know: it is
in none of the four, and an effort without a list is not an effort without districts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from geo.conclusions import membership
from geo.conclusions.membership import NEEDS, Key, ListState
from geo.editions.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.model.catalogue import ListEdition, Member
from geo.model.goals import Goal
from geo.model.vocabulary import Status, Text
from webmap.charts.ground import minimap
from webmap.edition import classes, rows
from webmap.edition.reader import Reader
from webmap.goals import verdicts
from webmap.goals.verdicts import VerdictLine
from webmap.language import wording
from webmap.language.terms import NEED, why
from webmap.language.wording import by_name
from webmap.lists.housing import drawn_set

FAMILY: Final = "tryghedsindeks"
"""The family of its lists, and the id of the indicator that holds its figures."""
DISTRICTS: Final = 35
"""Districts of the index of 2009-2014, as its publisher counts them."""


@dataclass(frozen=True)
class NeedLine:
    """One need in one edition. number: how many districts, as far as they are known; known: whether all names are."""

    need: str
    name: str
    number: str
    known: bool
    districts: tuple[IndexDistrict, ...]


@dataclass(frozen=True)
class IndexDistrict:
    """A district of one edition. area_id: of the area that is drawn for it, "" where none is. value: of the index, "" where unknown."""

    name: str
    area_set: str
    area_id: str
    need: str
    value: str
    demo: bool
    note: str


@dataclass(frozen=True)
class IndexLine:
    """One edition of the index. districts: how many have an effort that is known; whole: whether that is all of them."""

    id: str
    name: str
    needs: tuple[NeedLine, ...]
    districts: int
    whole: bool
    lists: tuple[ListEdition, ...]


@dataclass(frozen=True)
class Move:
    """A district whose effort is another one than before."""

    name: str
    before: str
    now: str


@dataclass(frozen=True)
class NeedComparison:
    """Two editions by effort. counts: of each effort, how many districts before and now, "" where not all are known.

    moved: None where it cannot be told, since the efforts are not known in both; strange: districts that only one edition names.
    reason: why a move may be the index's and not the district's, "" where both editions follow the same limits.
    """

    before: IndexLine
    now: IndexLine
    counts: tuple[tuple[str, str, str], ...]
    moved: tuple[Move, ...] | None
    strange: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class IndexPage:
    """All editions, oldest first, and the goals that are counted on them with their answers."""

    editions: tuple[IndexLine, ...]
    goals: tuple[tuple[Goal, tuple[VerdictLine, ...]], ...]


@dataclass(frozen=True)
class EditionPage:
    """One edition with its districts, and another one that it is held against."""

    line: IndexLine
    drawing: Markup
    values: bool
    demo: bool
    comparison: NeedComparison | None
    others: tuple[tuple[str, str], ...]
    goals: tuple[tuple[Goal, tuple[VerdictLine, ...]], ...]


def states(edition: Edition) -> Mapping[str, ListState]:
    """Return the editions of the index by the code of their publication, oldest first."""
    ours = [listed for listed in edition.catalogue.lists if listed.need is not None]
    return {state.period.code: state for state in membership.states(ours, FAMILY, NEEDS)}


def index(reader: Reader) -> IndexPage:
    """Make the page of all editions."""
    return IndexPage(tuple(_line(reader, state) for state in states(reader.edition).values()), _goals(reader))


def page(reader: Reader, code: str, other: str = "") -> EditionPage:
    """Make the page of one edition. other: the one to hold it against, "" for the one before it.

    Raises NotFoundError when there is no such edition of the index, or no other one of that code.
    """
    known = states(reader.edition)
    if code not in known or (other and (other not in known or other == code)):
        raise NotFoundError(Problem(f"{code}/{other}"[:80], "no such edition of the index"))
    codes = list(known)
    beside = other or next(iter(reversed(codes[: codes.index(code)])), "")
    state, line = known[code], _line(reader, known[code])
    districts = [district for need in line.needs for district in need.districts]
    return EditionPage(
        line=line,
        drawing=_drawing(reader, state),
        values=any(district.value for district in districts),
        demo=any(district.demo for district in districts),
        comparison=_compare(reader, *sorted((known[beside], state), key=lambda each: each.period)) if beside else None,
        others=tuple((each, wording.period(each, reader.language)) for each in codes if each != code),
        goals=_goals(reader),
    )


def _goals(reader: Reader) -> tuple[tuple[Goal, tuple[VerdictLine, ...]], ...]:
    asked = [goal for goal in reader.edition.catalogue.goals if goal.by_lists is not None and goal.by_lists.family == FAMILY]
    return tuple((goal, verdicts.measured(reader, goal)) for goal in asked)


def _line(reader: Reader, state: ListState) -> IndexLine:
    values = rows.by_area(reader.edition, FAMILY, drawn_set(state.members.values()), state.period.code)
    needs = tuple(_need(reader, state, need, values) for need in NEEDS)
    return IndexLine(
        id=state.period.code,
        name=wording.period(state.period.code, reader.language),
        needs=needs,
        districts=len(state.members),
        whole=state.complete,
        lists=tuple(sorted(state.lists, key=lambda listed: NEEDS.index(str(listed.need)))),
    )


def _need(reader: Reader, state: ListState, need: str, values: Mapping[str, Mapping[str, Any]]) -> NeedLine:
    lists = [listed for listed in state.lists if listed.need == need]
    districts = [_district(reader, member, need, values) for listed in lists for member in listed.members]
    known = bool(lists) and all(membership.named(listed) for listed in lists)
    number = wording.number(len(districts), decimals=0, language=reader.language) if known or districts else ""
    ordered = tuple(sorted(districts, key=lambda district: by_name(district.name)))
    return NeedLine(need, NEED[need].in_(reader.language), number, known, ordered)


def _district(reader: Reader, member: Member, need: str, values: Mapping[str, Mapping[str, Any]]) -> IndexDistrict:
    area = reader.edition.area(member.area_set, member.area_id) if member.area_id else None
    row, indicator = values.get(member.area_id or ""), reader.edition.catalogue.indicator(FAMILY)
    there = row is not None and indicator is not None and not math.isnan(row["value"])
    return IndexDistrict(
        name=member.name,
        area_set=member.area_set,
        area_id=area.area_id if area else "",
        need=NEED[need].in_(reader.language),
        value=wording.value(row["value"], indicator, reader.language) if row and indicator and there else "",
        demo=bool(row and there and row["status"] == Status.DEMO.value),
        note=member.note.in_(reader.language) if member.note else "",
    )


def _drawing(reader: Reader, state: ListState) -> Markup:
    """The districts that need a marked or an intensified effort marked; those of which only parts are named are pale."""
    area_set = drawn_set(state.members.values())
    if area_set not in reader.edition.layers:
        return Markup()
    needy = [
        member
        for listed in state.lists
        if listed.need in NEEDS[:2]
        for member in listed.members
        if member.area_id and member.area_set == area_set
    ]
    pale = {member.area_id: classes.PALE for member in needy if member.area_id and member.extent == "part"}
    label = Text(
        da="Kort over distrikter med behov for markant eller intensiveret indsats",
        en="Map of districts in need of a marked or intensified effort",
    ).in_(reader.language)
    return minimap.mini_map(reader.edition, area_set, looks=pale, marked=[str(member.area_id) for member in needy], label=label)


def _compare(reader: Reader, before: ListState, now: ListState) -> NeedComparison:
    then, today = _line(reader, before), _line(reader, now)
    complete = before.complete and now.complete
    return NeedComparison(
        before=then,
        now=today,
        counts=tuple((old.name, _known(old), _known(new)) for old, new in zip(then.needs, today.needs, strict=True)),
        moved=_moves(reader, before, now) if complete else None,
        strange=_strange(before, now) if complete else (),
        reason=why(membership.broken(before, now), reader.language),
    )


def _known(line: NeedLine) -> str:
    return line.number if line.known else ""


def _moves(reader: Reader, before: ListState, now: ListState) -> tuple[Move, ...]:
    old, new = _by_district(before.lists), _by_district(now.lists)
    pairs = [(there, member) for member in now.members.values() if (there := membership.find(before, member))]
    moved = [
        Move(member.name, NEED[old[membership.key(there)]].in_(reader.language), NEED[new[membership.key(member)]].in_(reader.language))
        for there, member in pairs
        if old[membership.key(there)] != new[membership.key(member)]
    ]
    return tuple(sorted(moved, key=lambda move: by_name(move.name)))


def _by_district(lists: Sequence[ListEdition]) -> dict[Key, str]:
    return {membership.key(member): listed.need for listed in lists if listed.need for member in listed.members}


def _strange(before: ListState, now: ListState) -> tuple[str, ...]:
    """Districts that one of two whole editions names and the other does not: they were drawn or named otherwise."""
    moved = membership.moved(before, now)
    return tuple(sorted({member.name for member in (*(moved.came or ()), *(moved.went or ()))}, key=by_name))
