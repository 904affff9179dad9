"""What departments remark on the sections of a year's status report while it is a draft. Remarks are only added to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import InputError, Problem
from geo.model.vocabulary import Text
from webmap.reviews import writing
from webmap.reviews.facts import Facts
from webmap.reviews.store import rounds
from webmap.reviews.store.records import Addendum, Round
from webmap.reviews.store.rounds import MARK, Author
from webmap.reviews.writing import Writing

SET: Final = "statusrapport"
SECTIONS: Final[Mapping[str, Text]] = {
    "maal": Text(da="1. Status på politikkens mål", en="1. The goals of the policy"),
    "indsatser": Text(da="2. Indsatserne", en="2. The efforts"),
    "oekonomi": Text(da="3. Økonomien", en="3. The economy"),
}
"""The sections of a report."""
_KIND: Final = Text(da="Afsnit i statusrapporten", en="Section of the status report")


def remark(session: Session, year: int, section: str, text: str, *, edition_id: str, whose: str, who: Author) -> None:  # noqa: PLR0913 - who says what
    """Add a remark on a section. whose: the department or the secretariat. Raises InputError for no section, an empty or too long text."""
    words = writing.plain(text).strip()
    if section not in SECTIONS:
        raise InputError(Problem(section[:80], "no such section", column="section", expected=", ".join(SECTIONS)))
    if not words or len(words) > writing.LONG:
        raise InputError(Problem("", "empty" if not words else "too long", column="text", found=str(len(words))))
    report = _report(session, year) or _begin(session, year, edition_id, who)
    page = next(page for page in report.pages if page.subject_id == section)
    name = f"{who.name}, {whose}" if whose else who.name
    session.add(Addendum(round_id=report.id, page_id=page.id, at=who.at, user_id=who.id, user_name=name, text=words))
    session.flush()


def remarks(session: Session, year: int) -> dict[str, list[Addendum]]:
    """Return the remarks on a report by section, the oldest first."""
    report = _report(session, year)
    by_page = {page.id: page.subject_id for page in report.pages} if report else {}
    made: dict[str, list[Addendum]] = {section: [] for section in SECTIONS}
    for addendum in report.addenda if report else ():
        made[by_page[addendum.page_id or 0]].append(addendum)
    return made


def _report(session: Session, year: int) -> Round | None:
    return session.scalar(select(Round).where(Round.period == f"{year}{MARK}{SET}").with_for_update(read=True))


def _begin(session: Session, year: int, edition_id: str, who: Author) -> Round:
    made = Round(
        period=f"{year}{MARK}{SET}", edition=edition_id, before_id=None, opened_at=who.at, opened_by=who.id, opened_name=who.name,
        state="open", signed_at="", digest="",
    )  # fmt: skip
    session.add(made)
    session.flush()
    for position, (section, name) in enumerate(SECTIONS.items(), 1):
        subject = Facts(subject_set=SET, subject_id=section, name=name, kind=_KIND)
        rounds.add_page(session, made, subject, position, who, content=Writing())
    session.refresh(made)
    return made
