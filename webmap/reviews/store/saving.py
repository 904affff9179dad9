"""Drafts: each save is merged with what others saved since, and kept in the history with what stood there before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import InputError, NotFoundError, Problem
from webmap.reviews import merging, writing
from webmap.reviews.merging import Conflict
from webmap.reviews.store.records import History, Page, Round
from webmap.reviews.store.rounds import MARK, Author
from webmap.reviews.writing import Writing

_LARGEST: Final = 2**31 - 1
"""The largest number that a row can have in every database; what is larger is asked for by nobody who has seen it."""


class FrozenError(InputError):
    """The round is signed, and only an addendum can be written; or it is cancelled."""


@dataclass(frozen=True)
class Saved:
    """What became of a save. kept: the history row that holds what was set aside, None when all of it stands on the page.

    version and content: the page as it is now.
    """

    version: int
    content: Writing
    at: str
    conflicts: tuple[Conflict, ...] = ()
    kept: int | None = None


@dataclass(frozen=True)
class Aside:
    """Words that were set aside because another had changed the same field."""

    id: int
    base: Writing
    mine: Writing
    who: str
    at: str


@dataclass(frozen=True)
class Choice:
    """What somebody chose in the merge view: what was set aside, the words for each field in conflict, the version of the page they saw."""

    aside: int
    fields: Mapping[str, str]
    seen: int


def save(session: Session, page_id: int, mine: Writing, *, base: int, who: Author) -> Saved:
    """Save what somebody made of version `base` of a page.

    What others saved since is kept; where both changed the same field nothing of the page changes, and all that was written is set aside
    in the history for the merge view. Raises FrozenError when the round is signed, NotFoundError for a version that never was.
    """
    page = _hold(session, page_id)
    before = writing.decode(page.content)
    merged = merging.merge(_version(session, page, base), before, mine)
    if merged.conflicts:
        aside = _note(session, page, kind="set aside", version=None, before=_version(session, page, base), after=mine, who=who)
        return Saved(page.version, before, aside.at, merged.conflicts, aside.id)
    return _keep(session, page, merged.result, kind="saved", who=who)


def settle(session: Session, page_id: int, choice: Choice, *, who: Author) -> Saved:
    """Merge what was set aside, with the words that were chosen for each field in conflict.

    If the page has moved on since the chooser saw it, nothing changes and the conflicts as they are now come back. Raises FrozenError as
    `save` does, InputError for words that are too long, NotFoundError.
    """
    page = _hold(session, page_id)
    aside = find_aside(session, page_id, choice.aside)
    writing.check_length(choice.fields)
    theirs = writing.decode(page.content)
    merged = merging.merge(aside.base, theirs, aside.mine, chosen=choice.fields)
    if merged.conflicts or choice.seen != page.version:
        open_ones = merged.conflicts or merging.merge(aside.base, theirs, aside.mine).conflicts
        if open_ones:
            return Saved(page.version, theirs, aside.at, open_ones, aside.id)
    return _keep(session, page, merged.result, kind="merged", who=who)


def open_conflicts(session: Session, page: Page, aside_id: int) -> tuple[Aside, tuple[Conflict, ...]]:
    """What was set aside, and which fields somebody still has to choose in. Raises NotFoundError."""
    aside = find_aside(session, page.id, aside_id)
    return aside, merging.merge(aside.base, writing.decode(page.content), aside.mine).conflicts


def find_aside(session: Session, page_id: int, aside_id: int) -> Aside:
    """Read what was set aside. Raises NotFoundError."""
    entry = session.get(History, aside_id) if aside_id <= _LARGEST else None
    if entry is None or entry.page_id != page_id or entry.kind != "set aside":
        raise NotFoundError(Problem(str(aside_id), "nothing set aside has that number"))
    return Aside(entry.id, writing.decode(entry.before), writing.decode(entry.after), entry.user_name, entry.at)


def history(session: Session, page_id: int) -> list[History]:
    """Everything that happened on a page, newest first."""
    return list(session.scalars(select(History).where(History.page_id == page_id).order_by(History.id.desc())))


def _hold(session: Session, page_id: int) -> Page:
    """The page, held until the session ends, with its round held against a signature meanwhile."""
    round_id = session.scalar(select(Page.round_id).where(Page.id == page_id))
    held = session.scalar(select(Round).where(Round.id == round_id).with_for_update(read=True))
    page = session.get(Page, page_id, with_for_update=True)
    if held is None or page is None:
        raise NotFoundError(Problem(str(page_id), "no such page"))
    if not held.is_open:
        raise FrozenError(closed(held))
    return page


def closed(held: Round) -> Problem:
    """Why nothing can be written in a round any more."""
    if MARK in held.period:
        return Problem(held.period, "the form is approved", expected="the form of another half-year")
    if held.is_cancelled:
        return Problem(held.period, "the round is cancelled", expected="another round")
    return Problem(held.period, "the round is signed", expected="an addendum")


def _version(session: Session, page: Page, version: int) -> Writing:
    if version == page.version:
        return writing.decode(page.content)
    content = session.scalar(select(History.after).where(History.page_id == page.id, History.version == version))
    if content is None:
        raise NotFoundError(Problem(str(version), "the page never had that version"))
    return writing.decode(content)


def _keep(session: Session, page: Page, content: Writing, *, kind: str, who: Author) -> Saved:
    before = writing.decode(page.content)
    if content == before:  # nothing new: the same save once more, after an answer that got lost
        return Saved(page.version, before, page.changed_at)
    page.content = writing.encode(content)
    page.changed_at, page.changed_by, page.changed_name = who.at, who.id, who.name
    session.flush()
    _note(session, page, kind=kind, version=page.version, before=before, after=content, who=who)
    return Saved(page.version, content, page.changed_at)


def _note(  # noqa: PLR0913 - who, when, before, after
    session: Session, page: Page, *, kind: str, version: int | None, before: Writing, after: Writing, who: Author
) -> History:
    row = History(
        round_id=page.round_id, page_id=page.id, at=who.at, user_id=who.id, user_name=who.name, kind=kind, version=version,
        before=writing.encode(before), after=writing.encode(after),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row
