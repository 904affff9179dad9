"""Signatures: each department's, by a named person, under a digest of all that the round says. With the last one the round is frozen."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import InputError, NotFoundError, Problem
from webmap.reviews import checks, facts, writing
from webmap.reviews.store.records import Addendum, History, Page, Round, Signature
from webmap.reviews.store.rounds import Author
from webmap.reviews.store.saving import FrozenError, closed


def digest(round_: Round) -> str:
    """SHA-256 of a round: its half-year, its edition, and of each page the facts and the words, in the order of the agenda."""
    pages = [[page.subject_set, page.subject_id, page.facts, page.content] for page in round_.pages]
    return hashlib.sha256(msgspec.json.encode([round_.period, round_.edition, pages])).hexdigest()


def standing(round_: Round, seal: str | None = None) -> list[Signature]:
    """Signatures under the round as it is now; one that was given before a later change has lapsed and is not among them."""
    under = seal or digest(round_)
    return [signature for signature in round_.signatures if signature.digest == under]


def signed(session: Session) -> list[Round]:
    """Every signed round and approved status form, by half-year."""
    return list(session.scalars(select(Round).where(Round.state == "signed").order_by(Round.period)))


def unfit(round_: Round) -> list[Page]:
    """Pages with something to mend: the round cannot be signed before they are mended."""
    return [page for page in round_.pages if checks.faults(writing.decode(page.content))]


def unfinished(round_: Round) -> list[Page]:
    """Pages that nobody has called ready, but for those that ask for nothing."""
    written = [(page, writing.decode(page.content)) for page in round_.pages]
    return [page for page, words in written if not words.ready and not facts.rests(facts.decode(page.facts), words)]


def sign(  # noqa: PLR0913 - who signs what for whom, when, and what they saw
    session: Session, period: str, department: str, *, seen: str, departments: Sequence[str], who: Author, unready: bool
) -> Round:
    """Sign for a department what the signer saw (`seen` is its digest); freeze the round when all departments have signed the same.

    unready: the signer was asked, and signs although pages are not called ready. Raises InputError when the department is unknown or has
    signed, the person has signed for another, a page has something to mend, pages are not ready and nobody was asked, or the round has
    changed since it was seen; FrozenError when it is signed already, or cancelled.
    """
    held = session.scalar(select(Round).where(Round.period == period).with_for_update())
    if held is None:
        raise NotFoundError(Problem(period, "no such round"))
    if not held.is_open:
        raise FrozenError(closed(held))
    seal = digest(held)
    wrong = ["no such department"] if department not in departments else _wrong(held, standing(held, seal), department, who)
    wrong += ["the round has changed since it was seen"] if seen != seal else []
    wrong += [] if unready or not unfinished(held) else ["pages are not called ready"]
    if wrong:
        raise InputError(Problem(period, what, column="department") for what in wrong)
    session.add(Signature(round_id=held.id, department=department, user_id=who.id, user_name=who.name, at=who.at, digest=seal))
    session.add(_happened("signed", f"{department}: {seal}", who, round_id=held.id))
    session.flush()
    session.refresh(held)
    if {signature.department for signature in standing(held, seal)} >= set(departments):
        held.state, held.signed_at, held.digest = "signed", who.at, seal
        session.add(_happened("frozen", seal, who, round_id=held.id))
    return held


def _wrong(held: Round, given: Sequence[Signature], department: str, who: Author) -> list[str]:
    wrong = (
        (any(signature.department == department for signature in given), "the department has signed"),
        (any(signature.user_id == who.id for signature in given), "the person has signed for another department"),
        (bool(unfit(held)), "a page has something to mend"),
    )
    return [what for is_so, what in wrong if is_so]


def add(session: Session, period: str, text: str, *, page_id: int | None, who: Author) -> Addendum:
    """Write an addendum beside a signed round, or one of its pages. Raises InputError when it is empty, too long, or nothing is signed."""
    round_ = session.scalar(select(Round).where(Round.period == period))
    if round_ is None or (page_id is not None and page_id not in {page.id for page in round_.pages}):
        raise NotFoundError(Problem(period, "no such round or page"))
    words = writing.plain(text).strip()
    if not round_.is_signed:
        raise InputError(Problem(period, "the round is open", column="text", expected="a signed round"))
    if not words or len(words) > writing.LONG:
        raise InputError(Problem(period, "empty" if not words else "too long", column="text", found=str(len(words))))
    made = Addendum(round_id=round_.id, page_id=page_id, at=who.at, user_id=who.id, user_name=who.name, text=words)
    session.add(made)
    session.add(_happened("addendum", words, who, round_id=round_.id, page_id=page_id))
    session.flush()
    return made


def _happened(kind: str, text: str, who: Author, *, round_id: int, page_id: int | None = None) -> History:
    return History(round_id=round_id, page_id=page_id, at=who.at, user_id=who.id, user_name=who.name, kind=kind, before="", after=text)
