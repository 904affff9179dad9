"""Status forms: a round of one page each, so that drafts, history, digest and freezing are those of the reviews.

A form is written by the effort's department, sent, and approved or sent back by the secretariat. To send is the department's signature
under the form as it is: it lapses when a word changes. To approve is the secretariat's, and freezes the form.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import InputError, NotFoundError, Problem
from geo.model.efforts.effort import Effort
from geo.model.vocabulary import Text
from webmap.reviews import facts, writing
from webmap.reviews.facts import Facts
from webmap.reviews.store import rounds, signing
from webmap.reviews.store.records import History, Page, Round, Signature
from webmap.reviews.store.rounds import MARK, Author
from webmap.reviews.store.saving import FrozenError, closed

SET: Final = "indsats"
"""The subject set of efforts."""
SECRETARIAT: Final = "Sekretariatet"
"""For whom an approval is signed."""
KIND: Final = Text(da="Statusskema", en="Status form")
FormState = Literal["draft", "sent", "returned", "approved"]
_EVENTS: Final[Mapping[str, FormState]] = {"sent": "sent", "returned": "returned", "approved": "approved"}
"""What the history says that happened to a form, and how the form stands then."""


@dataclass(frozen=True)
class FormStanding:
    """How a form stands. by: the name of whoever sent, returned or approved it, at: when, "" for a draft. reason: why it was sent back."""

    state: FormState
    by: str = ""
    at: str = ""
    reason: str = ""


def key(period: str, effort: str) -> str:
    """By what the form of an effort and a half-year is kept."""
    return f"{period}{MARK}{effort}"


def half(form: Round) -> str:
    """The half-year of a form."""
    return form.period.partition(MARK)[0]


def begin(session: Session, period: str, effort: Effort, *, edition_id: str, department: str, who: Author) -> Round:  # noqa: PLR0913 - who begins what
    """Begin the form of a half-year with what the catalogue says of the effort; the one that is there, when somebody was faster.

    Each half-year stands for itself: a mistyped one shuts no other out. Raises InputError for what is no half-year, and for one that
    begins more than a year from now.
    """
    rounds.check_half_year(period, today=dt.date.fromisoformat(who.at[:10]))
    there = session.scalar(select(Round).where(Round.period == key(period, effort.id)))
    if there is not None:
        return there
    made = Round(
        period=key(period, effort.id), edition=edition_id, before_id=None, opened_at=who.at, opened_by=who.id, opened_name=who.name,
        state="open", signed_at="", digest="",
    )  # fmt: skip
    session.add(made)
    session.flush()
    about = (Text(da=department, en=department),)
    subject = Facts(subject_set=SET, subject_id=effort.id, name=effort.name, kind=KIND, about=about)
    content = writing.typed({name: getattr(effort, name, "") for name in writing.FORM})
    rounds.add_page(session, made, subject, 1, who, content=content)
    session.refresh(made)
    return made


def find(session: Session, period: str, effort: str) -> Round:
    """Find the form of a half-year. Raises NotFoundError when it is not begun."""
    form = session.scalar(select(Round).where(Round.period == key(writing.plain(period), writing.plain(effort))))
    if form is None or page_of(form).subject_set != SET:
        raise NotFoundError(Problem(f"{period}/{effort}", "no such form"))
    return form


def of_half_year(session: Session, period: str) -> Mapping[str, Round]:
    """The forms of a half-year that are begun, by the id of their effort."""
    begun = session.scalars(select(Round).where(Round.period.startswith(f"{writing.plain(period)}{MARK}", autoescape=True)))
    return {form.period.partition(MARK)[2]: form for form in begun}


def approved(session: Session) -> list[Round]:
    """Every approved form, by half-year and effort."""
    return list(session.scalars(select(Round).where(Round.state == "signed", Round.period.contains(MARK)).order_by(Round.period)))


def page_of(form: Round) -> Page:
    """The page of a form."""
    return form.pages[0]


def department_of(form: Round) -> str:
    """The department whose form it is, as it was when the form was begun."""
    return facts.decode(page_of(form).facts).about[0].da


def standing(session: Session, form: Round) -> FormStanding:
    """How a form stands now: what was sent and changed since is a draft again."""
    asked = select(History).where(History.round_id == form.id, History.kind.in_(_EVENTS)).order_by(History.id.desc()).limit(1)
    last = session.scalar(asked)
    if last is None or (last.kind == "sent" and last.after != signing.digest(form)):
        return FormStanding("draft")
    reason = last.after if last.kind == "returned" else ""
    return FormStanding(_EVENTS[last.kind], last.user_name, last.at, reason)


def send(session: Session, period: str, effort: str, *, seen: str, department: str, who: Author) -> None:  # noqa: PLR0913 - who sends what
    """Send a form to the secretariat, for the department whose it is.

    Raises FrozenError when it is approved; InputError when it is another department's, is sent already, has changed since it was seen
    (seen: its digest then), or says nothing of the status.
    """
    form = _held(session, period, effort)
    seal = signing.digest(form)
    said = writing.decode(page_of(form).content).status.strip()
    wrong = (
        (department != department_of(form), "the effort is another department's"),
        (standing(session, form).state == "sent", "the form is sent"),
        (seen != seal, "the form has changed since it was seen"),
        (not said, "the form says nothing of the status"),
    )
    _refuse(period, wrong)
    if not any(signature.department == department for signature in signing.standing(form, seal)):
        _sign(session, form, department, seal, who)
    _note(session, form, "sent", seal, who)


def give_back(session: Session, period: str, effort: str, *, reason: str, who: Author) -> None:
    """Send a form back to its department. Raises FrozenError when it is approved; InputError when it is not sent, and without a reason."""
    form, words = _held(session, period, effort), writing.plain(reason).strip()
    wrong = (
        (standing(session, form).state != "sent", "the form is not sent"),
        (not words, "a reason is missing"),
        (len(words) > writing.LONG, "too long"),
    )
    _refuse(period, wrong, column="reason")
    _note(session, form, "returned", words, who)


def approve(session: Session, period: str, effort: str, *, seen: str, who: Author) -> None:
    """Approve a form as it was seen, and freeze it.

    Raises FrozenError when it is approved already; InputError when it is not sent, has changed since it was seen, or was sent by the same
    person.
    """
    form = _held(session, period, effort)
    seal = signing.digest(form)
    given = signing.standing(form, seal)
    wrong = (
        (standing(session, form).state != "sent", "the form is not sent"),
        (seen != seal, "the form has changed since it was seen"),
        (any(signature.user_id == who.id for signature in given), "who sent it does not approve it"),
    )
    _refuse(period, wrong)
    _sign(session, form, SECRETARIAT, seal, who)
    _note(session, form, "approved", seal, who)
    form.state, form.signed_at, form.digest = "signed", who.at, seal
    session.flush()


def _held(session: Session, period: str, effort: str) -> Round:
    """The open form, held until the session ends."""
    form = session.scalar(select(Round).where(Round.id == find(session, period, effort).id).with_for_update())
    if form is None or not form.is_open:
        raise FrozenError(closed(form) if form else Problem(period, "no such form"))
    return form


def _refuse(period: str, wrong: tuple[tuple[bool, str], ...], *, column: str = "") -> None:
    if problems := [Problem(period, what, column=column) for is_so, what in wrong if is_so]:
        raise InputError(problems)


def _sign(session: Session, form: Round, department: str, seal: str, who: Author) -> None:
    session.add(Signature(round_id=form.id, department=department, user_id=who.id, user_name=who.name, at=who.at, digest=seal))
    session.flush()
    session.refresh(form)


def _note(session: Session, form: Round, kind: str, text: str, who: Author) -> None:
    page = page_of(form)
    row = History(round_id=form.id, page_id=page.id, at=who.at, user_id=who.id, user_name=who.name, kind=kind, before="", after=text)
    session.add(row)
    session.flush()
