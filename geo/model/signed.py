"""What the review room has released: decisions of a half-yearly review, as departments signed them. The room writes it, nobody edits it."""

from __future__ import annotations

import datetime as dt

from geo.model.vocabulary import Text, Value


class NextStep(Value, frozen=True, kw_only=True):
    """Something that was decided to do: by whom, before which day (as it was typed), and how far it was when they signed."""

    text: str
    owner: str = ""
    due: str = ""
    status: Text | None = None


class SignedReview(Value, frozen=True, kw_only=True):
    """One page of a signed round that the team released. id: half-year, set and id of the subject, with dots between.

    assessment: the reason of the decision. departments: that signed, by name; the persons' names stay in the room. signed: the day on
    which the last of them did. digest: of the round.
    """

    id: str
    period: str
    subject_set: str
    subject_id: str
    name: Text
    assessment: str = ""
    decision: str = ""
    owner: str = ""
    due: str = ""
    steps: tuple[NextStep, ...] = ()
    departments: tuple[str, ...]
    signed: dt.date
    digest: str
