"""An open round put right: another half-year, a newer edition, or cancelled. Each is a row of the history before it is done."""

from __future__ import annotations

import datetime as dt
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import InputError, NotFoundError, Problem
from geo.model.vocabulary import Text
from webmap.reviews import facts
from webmap.reviews.facts import Change, Facts
from webmap.reviews.store import rounds
from webmap.reviews.store.records import History, Page, Round
from webmap.reviews.store.rounds import Author, LastRound
from webmap.reviews.store.saving import FrozenError, closed
from webmap.reviews.texts import CANCELLED

GONE: Final = Text(
    da="Står ikke i den udgave, runden er flyttet til; det, der er skrevet, står her stadig",
    en="Is not in the edition that the round was moved to; what was written still stands here",
)


def rename(session: Session, period: str, wanted: str, *, who: Author) -> Round:
    """Give an open round the half-year that was meant.

    Raises InputError for one that cannot be opened, FrozenError when the round is signed or cancelled, NotFoundError when there is none.
    """
    held = _held(session, period)
    rounds.check(session, wanted, today=dt.date.fromisoformat(who.at[:10]), apart=held.id)
    _put(session, held, "renamed", period=wanted, edition=held.edition, who=who)
    return held


def cancel(session: Session, period: str, *, who: Author) -> Round:
    """Cancel an open round: it can be read, and its half-year is free for another. Raises FrozenError and NotFoundError as `rename` does.

    Its address is that of the half-year with a number after it.
    """
    held = _held(session, period)
    taken = set(session.scalars(select(Round.period)))
    freed = next(name for number in range(1, len(taken) + 2) if (name := f"{period}{CANCELLED}{number}") not in taken)
    _put(session, held, "cancelled", period=freed, edition=held.edition, who=who)
    return held


def move(  # noqa: PLR0913 - who moves what, to what
    session: Session, period: str, *, edition_id: str, left: LastRound, agreed: tuple[Facts, ...], who: Author
) -> Round:
    """Let an open round rest on another edition: figures and agenda are that edition's, and what was written stays.

    agreed: the pages as `rounds.pages` makes them of the edition, with what the last signed round `left`. A subject that the edition does
    not have keeps its page, at the end and without figures. Signatures lapse, because the digest is another. Raises InputError when the
    round rests on that edition or another round was signed meanwhile, FrozenError and NotFoundError as `rename` does.
    """
    held = _held(session, period)
    if held.edition == edition_id:
        raise InputError(Problem("", "the round rests on that edition", column="edition", found=edition_id))
    if rounds.past(session).round_id != left.round_id:
        raise InputError(Problem("", "another round was signed meanwhile", column="period"))
    there = {(page.subject_set, page.subject_id): page for page in held.pages}
    wanted = {(subject.subject_set, subject.subject_id): subject for subject in agreed}
    _put(session, held, "moved", period=held.period, edition=edition_id, who=who)
    gone = [(page, _gone(page)) for place, page in there.items() if place not in wanted]
    for position, (page, subject) in enumerate([*((there.get(place), subject) for place, subject in wanted.items()), *gone], 1):
        if page is None:
            rounds.add_page(session, held, subject, position, who)
        else:
            _rest(session, page, facts.encode(subject), position, who)
    session.flush()
    session.refresh(held)
    return held


def _rest(session: Session, page: Page, said: str, position: int, who: Author) -> None:
    """Let a page rest on other facts, in another place, after the row that says so; its words stay, under a version of their own."""
    if (page.facts, page.position) == (said, position):
        return
    session.add(_row(page.round, page, "moved", before=page.content, after=page.content, who=who))
    session.flush()
    page.facts, page.position = said, position


def _gone(page: Page) -> Facts:
    known = facts.decode(page.facts)
    change = Change(kind="gone", text=GONE)
    return msgspec.structs.replace(known, figures=(), goals=(), lists=(), changes=(change,))


def _held(session: Session, period: str) -> Round:
    """The open round of a half-year, held until the session ends."""
    held = session.scalar(select(Round).where(Round.period == period).with_for_update())
    if held is None:
        raise NotFoundError(Problem(period, "no such round"))
    if not held.is_open:
        raise FrozenError(closed(held))
    return held


def _put(session: Session, held: Round, kind: str, *, period: str, edition: str, who: Author) -> None:  # noqa: PLR0913 - what, who, when
    """Change what the round rests on, after the row that says so: the database refuses it without."""
    before, after = (f"{held.period}/{held.edition}", f"{period}/{edition}")
    session.add(_row(held, None, kind, before=before, after=after, who=who))
    session.flush()
    held.period, held.edition = period, edition
    if kind == "cancelled":
        held.state = kind
    session.flush()


def _row(held: Round, page: Page | None, kind: str, *, before: str, after: str, who: Author) -> History:  # noqa: PLR0913 - who, when, what
    number, version = (page.id, page.version + 1) if page else (None, None)
    return History(
        round_id=held.id,
        page_id=number,
        at=who.at,
        user_id=who.id,
        user_name=who.name,
        kind=kind,
        version=version,
        before=before,
        after=after,
    )
