"""Rounds: one for each half-year, opened on an edition, one at a time; and what the last signed one leaves to the next."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.editions.edition import Edition
from geo.errors import InputError, NotFoundError, Problem
from geo.model.vocabulary import Audience
from webmap.reviews import agenda, facts, writing
from webmap.reviews.agenda import Place
from webmap.reviews.checks import FINISHED
from webmap.reviews.facts import Facts, Last
from webmap.reviews.store.records import History, Page, Round
from webmap.reviews.writing import Writing

_HALF: Final = re.compile(r"[0-9]{4}H[12]")


@dataclass(frozen=True)
class Author:
    """Who does something, and when: the id, the name at that time, and the moment as `stamp` writes it."""

    id: str
    name: str
    at: str


@dataclass(frozen=True)
class LastRound:
    """What the last signed round leaves: its id, its facts and its words, by subject. All empty before the first."""

    round_id: int | None
    facts: Mapping[Place, Facts]
    last: Mapping[Place, Last]


def stamp(now: dt.datetime) -> str:
    """A moment as the room keeps it: UTC, to the second."""
    return now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def half_year(today: dt.date) -> str:
    """The half-year a day lies in, for example `2026H2`."""
    return f"{today.year}H{1 if today.month <= 6 else 2}"


def listing(session: Session) -> list[Round]:
    """All rounds, newest half-year first."""
    return list(session.scalars(select(Round).order_by(Round.period.desc())))


def find(session: Session, period: str) -> Round:
    """Find the round of a half-year. Raises NotFoundError."""
    found = session.scalar(select(Round).where(Round.period == writing.plain(period)))
    if found is None:
        raise NotFoundError(Problem(period, "no such round"))
    return found


def page(session: Session, period: str, subject_set: str, subject_id: str) -> Page:
    """Find one page of a round, to read it. Raises NotFoundError."""
    found = session.get(Page, page_id(session, period, subject_set, subject_id))
    if found is None:
        raise NotFoundError(Problem(f"{period}/{subject_set}/{subject_id}", "no such page"))
    return found


def page_id(session: Session, period: str, subject_set: str, subject_id: str) -> int:
    """Find the number of a page, to change it: nothing of it is read before it is held. Raises NotFoundError."""
    place = (writing.plain(part) for part in (period, subject_set, subject_id))
    wanted = (column == part for column, part in zip((Round.period, Page.subject_set, Page.subject_id), place, strict=True))
    found = session.scalar(select(Page.id).join(Round).where(*wanted))
    if found is None:
        raise NotFoundError(Problem(f"{period}/{subject_set}/{subject_id}", "no such page"))
    return found


def past(session: Session) -> LastRound:
    """Read what the last signed round leaves to the next one."""
    found = session.scalar(select(Round).where(Round.state == "signed").order_by(Round.period.desc()).limit(1))
    if found is None:
        return LastRound(None, {}, {})
    places = {(one.subject_set, one.subject_id): one for one in found.pages}
    kept = {place: Last(period=found.period, signed=found.signed_at, writing=writing.decode(one.content)) for place, one in places.items()}
    return LastRound(found.id, {place: facts.decode(one.facts) for place, one in places.items()}, kept)


def check(session: Session, period: str) -> None:
    """Raise InputError when a round of that half-year cannot be opened: not a half-year, there already, or another is not signed."""
    if not _HALF.fullmatch(period):
        raise InputError(Problem("", "not a half-year", column="period", found=period[:20], expected="2026H2"))
    for one in listing(session):
        if not one.is_signed:
            raise InputError(Problem("", "a round is open", column="period", found=one.period))
        if one.period >= period:
            raise InputError(Problem("", "a round of that half-year or a later one is there", column="period", found=one.period))


def pages(edition: Edition, left: LastRound, *, today: dt.date) -> tuple[Facts, ...]:
    """Make the agenda of a new round: takes a second, so it is done before the database is held. Raises InputError for a public edition."""
    if edition.audience is not Audience.STAFF:
        raise InputError(Problem("", "not the staff's part of the edition", found=edition.audience.value))
    return agenda.agenda(edition, before=left.facts, last=left.last, today=today)


def start(  # noqa: PLR0913 - who opens what, on what, when
    session: Session, period: str, *, edition_id: str, left: LastRound, agreed: tuple[Facts, ...], who: Author
) -> Round:
    """Open a round with its pages; what is not finished of the last one stands in them. Raises InputError when it cannot be opened."""
    check(session, period)
    if past(session).round_id != left.round_id:
        raise InputError(Problem("", "another round was signed meanwhile", column="period"))
    made = Round(
        period=period, edition=edition_id, before_id=left.round_id, opened_at=who.at, opened_by=who.id, opened_name=who.name, state="open",
        signed_at="", digest="",
    )  # fmt: skip
    session.add(made)
    session.flush()
    for position, one in enumerate(agreed, 1):
        _add_page(session, made, one, position, who)
    return made


def _add_page(session: Session, made: Round, one: Facts, position: int, who: Author) -> None:
    content = writing.encode(carried(one.last.writing if one.last else Writing()))
    added = Page(
        round_id=made.id, subject_set=one.subject_set, subject_id=one.subject_id, position=position, facts=facts.encode(one),
        content=content, changed_at=made.opened_at, changed_by=who.id, changed_name=who.name,
    )  # fmt: skip
    session.add(added)
    session.flush()
    session.add(
        History(
            round_id=made.id,
            page_id=added.id,
            at=made.opened_at,
            user_id=who.id,
            user_name=who.name,
            kind="opened",
            version=added.version,
            before="",
            after=content,
        )
    )


def carried(last: Writing) -> Writing:
    """What goes on in the next round: actions that are not finished, money, initiatives and approvals; not notes and decisions."""
    unfinished = tuple(action for action in last.actions if action.status not in FINISHED)
    return msgspec.structs.replace(Writing(), actions=unfinished, money=last.money, initiatives=last.initiatives, approvals=last.approvals)
