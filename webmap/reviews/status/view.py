"""The status forms of a half-year as a list: every effort with a department, and how its form stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo.model.efforts.committees import DEPARTMENTS
from webmap.edition.reader import Reader
from webmap.efforts import view as efforts
from webmap.reviews.store import forms, rounds
from webmap.reviews.store.forms import FormStanding


@dataclass(frozen=True)
class FormLine:
    """An effort with its form of a half-year. standing: None where nobody has begun it."""

    effort: str
    name: str
    no: str
    department: str
    standing: FormStanding | None


def lines(session: Session, reader: Reader, period: str, *, department: str | None) -> tuple[FormLine, ...]:
    """Every effort that has a department, in the order of the public list. department: whose alone, None for all."""
    begun = forms.of_half_year(session, period)
    listed = []
    for line in efforts.listed(reader, efforts.EffortFilter()).lines:
        owner = DEPARTMENTS[line.effort.committee] if line.effort.committee else ""
        if not owner or department not in {None, owner}:
            continue
        form = begun.get(line.effort.id)
        standing = forms.standing(session, form) if form else None
        listed.append(FormLine(line.effort.id, line.name, line.effort.no, owner, standing))
    return tuple(listed)


def halves(today: dt.date) -> tuple[str, ...]:
    """The half-years that a list offers: this one and the three before it, newest first."""
    now = rounds.half_year(today)
    count = int(now[:4]) * 2 + int(now[5:]) - 1
    return tuple(f"{number // 2}H{number % 2 + 1}" for number in range(count, count - 4, -1))
