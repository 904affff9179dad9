"""What the public reads: pages of signed rounds that the team released, approved status forms; files of the catalogue of the next edition.

The files are made anew from the database each time, so they say what it says, whoever was killed on the way.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import tomlkit
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from geo.errors import InputError, NotFoundError, Problem
from geo.files import durable, locks, signs
from geo.model.efforts.signed import ApprovedForm, NextStep, SignedReview
from geo.model.vocabulary import Value
from webmap.reviews import facts, texts, writing
from webmap.reviews.checks import ACTION_STATUS
from webmap.reviews.store import database, forms, signing
from webmap.reviews.store.records import History, Page, Round
from webmap.reviews.store.rounds import MARK, Author

REVIEWS, FORMS = "reviews.toml", "statusforms.toml"
"""The files of what is released, in the folder `data` of the workspace."""
RELEASED, RECALLED = "released", "recalled"
_HEAD: Final = "# Written by the review room (omraadekort reviews release). Whoever edits it by hand writes in vain.\n\n"
_LOCK: Final = ".releasing"


def release(session: Session, period: str, page_id: int, *, who: Author, back: bool = False) -> None:
    """Release a page of a signed round to the public, or take it back; doing either twice changes nothing.

    Raises NotFoundError when there is no such page, InputError when the round is not signed, or when nothing was decided on the page.
    """
    held = session.scalar(select(Round).where(Round.period == period).with_for_update())
    page = session.get(Page, page_id)
    if held is None or page is None or page.round_id != held.id:
        raise NotFoundError(Problem(period, "no such round or page"))
    if not held.is_signed:
        raise InputError(Problem(period, "the round is open", column="page", expected="a signed round"))
    if not back and not _says_something(page):
        raise InputError(Problem(period, "nothing was decided on the page", column="page", expected="a decision"))
    if is_released(session, page) is not back:
        return
    kind = RECALLED if back else RELEASED
    row = History(
        round_id=held.id, page_id=page.id, at=who.at, user_id=who.id, user_name=who.name, kind=kind, before="", after=held.digest,
    )  # fmt: skip
    session.add(row)
    session.flush()


def offered(round_: Round) -> list[Page]:
    """The pages of a round that can be released: it is signed, and something was decided on them."""
    return [page for page in round_.pages if _says_something(page)] if round_.is_signed else []


def is_released(session: Session, page: Page) -> bool:
    """Whether the public may read a page: the last word on it is that it may."""
    asked = select(History.kind).where(History.page_id == page.id, History.kind.in_((RELEASED, RECALLED)))
    return session.scalar(asked.order_by(History.id.desc()).limit(1)) == RELEASED


def released(session: Session) -> tuple[SignedReview, ...]:
    """All that is released, as the public reads it: by half-year, then by set and id of the subject."""
    rounds = session.scalars(select(Round).where(Round.state == "signed", ~Round.period.contains(MARK)))
    pages = [page for round_ in rounds for page in round_.pages if is_released(session, page)]
    return tuple(sorted(map(public, pages), key=lambda each: (each.period, each.subject_set, each.subject_id)))


def public(page: Page) -> SignedReview:
    """What the public would read of a page of a signed round: what was decided, why, what next; of persons what the page itself says.

    The digest is of just that: the round's own is also of figures and pages that the public may not read, and could be tried for them.
    """
    content = writing.decode(page.content)
    steps = tuple(
        NextStep(text=signs.seen(row.text), owner=signs.seen(row.owner), due=signs.seen(row.due), status=ACTION_STATUS.get(row.status))
        for row in content.actions
        if signs.seen(row.text)
    )
    said = {name: signs.seen(getattr(content, name)) for name in ("decision", "owner", "due")}
    review = SignedReview(
        id=f"{page.round.period}.{page.subject_set}.{page.subject_id}",
        period=page.round.period,
        subject_set=page.subject_set,
        subject_id=page.subject_id,
        name=facts.decode(page.facts).name,
        assessment=signs.seen(content.note),
        steps=steps,
        departments=tuple(sorted(signature.department for signature in signing.standing(page.round, page.round.digest))),
        signed=texts.day_of(page.round.signed_at),
        digest="",
        **said,
    )
    return msgspec.structs.replace(review, digest=hashlib.sha256(msgspec.json.encode(review)).hexdigest())


def approved(session: Session) -> tuple[ApprovedForm, ...]:
    """Every approved status form, as the public reads it."""
    return tuple(_form(form) for form in forms.approved(session))


def _form(form: Round) -> ApprovedForm:
    page = forms.page_of(form)
    content = writing.decode(page.content)
    return ApprovedForm(
        id=f"{forms.half(form)}.{page.subject_id}",
        period=forms.half(form),
        effort=page.subject_id,
        department=forms.department_of(form),
        approved=texts.day_of(form.signed_at),
        digest=form.digest,
        **{name: signs.seen(getattr(content, name)) for name in writing.FORM},
    )


def place(address: str, workspace: Path) -> int | None:
    """Write what is released into the workspace; return how much, None where the workspace has no folder `data` and is only shown from.

    Raises ReviewsError when the database cannot be read, and OSError when a file cannot be written.
    """
    folder = workspace / "data"
    if not folder.is_dir():
        return None
    with locks.held(workspace / "reviews" / _LOCK), database.reading(address) as session:
        reviews, status_forms = released(session), approved(session)
        _write(folder / REVIEWS, "review", reviews)
        _write(folder / FORMS, "form", status_forms)
    return len(reviews) + len(status_forms)


def place_again(address: str, workspace: Path) -> str:
    """Do what was left undone by a process that was killed between a release, or an approval, and its file.

    Return why it cannot be done, "" when it is, or when nothing was ever written in the room.
    """
    try:
        if database.current(address):
            place(address, workspace)
    except (database.ReviewsError, DatabaseError, OSError) as error:
        return str(error)
    return ""


def _write(path: Path, name: str, entries: Sequence[Value]) -> None:
    """Write a file where it says something else than before; none where there never was anything."""
    if not entries and not path.exists():
        return
    rows = [msgspec.to_builtins(entry, builtin_types=(dt.date,)) for entry in entries]
    content = (_HEAD + (tomlkit.dumps({name: rows}) if rows else "")).encode()
    if not path.exists() or path.read_bytes() != content:
        durable.write(path, content)


def _says_something(page: Page) -> bool:
    content = writing.decode(page.content)
    return bool(content.decision.strip() or content.actions)
