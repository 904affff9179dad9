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

_HALF: Final = re.compile(r"20[0-9]{2}H[12]")
_AHEAD: Final = dt.timedelta(days=366)
"""How long before it begins a half-year can be reviewed, at most. One mistyped further ahead would, once signed, bar all before it."""


MARK: Final = "/"
"""What the key of a status form has after its half-year, and no round of reviews has: before the id of its effort."""


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


def proposed(session: Session, today: dt.date) -> str:
    """The half-year that a new round most likely is of: this one, or the one after the newest round that is not cancelled."""
    newest = max((listed.period for listed in listing(session) if not listed.is_cancelled), default="")
    now = half_year(today)
    if newest < now:
        return now
    year, half = int(newest[:4]), int(newest[5:])
    return f"{year + 1}H1" if half == 2 else f"{year}H2"


def listing(session: Session) -> list[Round]:
    """All rounds of reviews, newest half-year first; status forms are not among them."""
    return list(session.scalars(select(Round).where(~Round.period.contains(MARK)).order_by(Round.period.desc())))


def find(session: Session, period: str) -> Round:
    """Find the round of a half-year, also under an address that it had before it was renamed or cancelled. Raises NotFoundError."""
    round_ = session.scalar(select(Round).where(Round.period == _named(session, writing.plain(period))))
    if round_ is None:
        raise NotFoundError(Problem(period, "no such round"))
    return round_


def page(session: Session, period: str, subject_set: str, subject_id: str) -> Page:
    """Find one page of a round, to read it. Raises NotFoundError."""
    kept = session.get(Page, page_id(session, period, subject_set, subject_id))
    if kept is None:
        raise NotFoundError(Problem(f"{period}/{subject_set}/{subject_id}", "no such page"))
    return kept


def page_id(session: Session, period: str, subject_set: str, subject_id: str) -> int:
    """Find the number of a page, to change it: nothing of it is read before it is held. Raises NotFoundError."""
    place = (_named(session, writing.plain(period)), writing.plain(subject_set), writing.plain(subject_id))
    wanted = (column == part for column, part in zip((Round.period, Page.subject_set, Page.subject_id), place, strict=True))
    number = session.scalar(select(Page.id).join(Round).where(*wanted))
    if number is None:
        raise NotFoundError(Problem(f"{period}/{subject_set}/{subject_id}", "no such page"))
    return number


def _named(session: Session, period: str) -> str:
    """The half-year of the round that has this one or, if none has, had it last: who writes in it meanwhile loses no word."""
    if session.scalar(select(Round.id).where(Round.period == period)) is not None:
        return period
    had = select(History.round_id).where(
        History.page_id.is_(None), History.kind.in_(("renamed", "cancelled")), History.before.startswith(f"{period}/", autoescape=True)
    )
    number = session.scalar(had.order_by(History.id.desc()).limit(1))
    now = session.get(Round, number) if number is not None else None
    return now.period if now else period


def past(session: Session) -> LastRound:
    """Read what the last signed round leaves to the next one."""
    last = session.scalar(select(Round).where(Round.state == "signed", ~Round.period.contains(MARK)).order_by(Round.period.desc()).limit(1))
    if last is None:
        return LastRound(None, {}, {})
    places = {(kept_page.subject_set, kept_page.subject_id): kept_page for kept_page in last.pages}
    kept = {
        place: Last(period=last.period, signed=last.signed_at, writing=writing.decode(kept_page.content))
        for place, kept_page in places.items()
    }
    return LastRound(last.id, {place: facts.decode(kept_page.facts) for place, kept_page in places.items()}, kept)


def check(session: Session, period: str, *, today: dt.date, apart: int | None = None) -> None:
    """Raise InputError when a round of that half-year cannot be opened: none, far ahead, there already, or another round is open.

    today: a half-year that begins more than a year later is refused.
    apart: the number of a round that does not count, because it is the one that gets the half-year. Cancelled ones never count.
    """
    check_half_year(period, today=today)
    for listed in listing(session):
        if listed.is_cancelled or listed.id == apart:
            continue
        if listed.is_open:
            raise InputError(Problem("", "a round is open", column="period", found=listed.period))
        if listed.period >= period:
            raise taken(listed.period)


def check_half_year(period: str, *, today: dt.date) -> None:
    """Raise InputError for what is no half-year, and for one that begins more than a year after today."""
    if not _HALF.fullmatch(period):
        raise InputError(Problem("", "not a half-year", column="period", found=period[:20], expected="2026H2"))
    if period > half_year(today + _AHEAD):
        raise InputError(Problem("", "a half-year too far ahead", column="period", found=period, expected=half_year(today)))


def taken(period: str) -> InputError:
    """The refusal of a half-year because a round is there; also of one that another was faster to take, which the database tells."""
    return InputError(Problem("", "a round of that half-year or a later one is there", column="period", found=period))


def pages(edition: Edition, left: LastRound, *, today: dt.date) -> tuple[Facts, ...]:
    """Make the agenda of a new round: takes a second, so it is done before the database is held. Raises InputError for a public edition."""
    if edition.audience is not Audience.STAFF:
        raise InputError(Problem("", "not the staff's part of the edition", found=edition.audience.value))
    return agenda.agenda(edition, before=left.facts, last=left.last, today=today)


def start(  # noqa: PLR0913 - who opens what, on what, when
    session: Session, period: str, *, edition_id: str, left: LastRound, agreed: tuple[Facts, ...], who: Author
) -> Round:
    """Open a round with its pages; what is not finished of the last one stands in them. Raises InputError when it cannot be opened."""
    check(session, period, today=dt.date.fromisoformat(who.at[:10]))
    if past(session).round_id != left.round_id:
        raise InputError(Problem("", "another round was signed meanwhile", column="period"))
    made = Round(
        period=period, edition=edition_id, before_id=left.round_id, opened_at=who.at, opened_by=who.id, opened_name=who.name, state="open",
        signed_at="", digest="",
    )  # fmt: skip
    session.add(made)
    session.flush()
    for position, subject in enumerate(agreed, 1):
        add_page(session, made, subject, position, who)
    return made


def add_page(  # noqa: PLR0913 - what is added where, and by whom
    session: Session, made: Round, subject: Facts, position: int, who: Author, *, content: Writing | None = None
) -> None:
    """Add the page of one subject to an open round. content: what stands in it, what is not finished of the last round if None."""
    words = writing.encode(content or carried(subject.last.writing if subject.last else Writing()))
    added = Page(
        round_id=made.id, subject_set=subject.subject_set, subject_id=subject.subject_id, position=position, facts=facts.encode(subject),
        content=words, changed_at=who.at, changed_by=who.id, changed_name=who.name,
    )  # fmt: skip
    session.add(added)
    session.flush()
    session.add(
        History(
            round_id=made.id,
            page_id=added.id,
            at=who.at,
            user_id=who.id,
            user_name=who.name,
            kind="opened",
            version=added.version,
            before="",
            after=words,
        )
    )


def carried(last: Writing) -> Writing:
    """What goes on in the next round: actions that are not finished, money, initiatives and approvals; not notes and decisions."""
    unfinished = tuple(action for action in last.actions if action.status not in FINISHED)
    return msgspec.structs.replace(Writing(), actions=unfinished, money=last.money, initiatives=last.initiatives, approvals=last.approvals)
