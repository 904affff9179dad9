"""What the review room has released: signed decisions of reviews, approved status forms. The room writes it, nobody edits it."""

from __future__ import annotations

import datetime as dt

from geo.model.efforts.effort import StatusFields
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
    which the last of them did. digest: of what stands here.
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


class ApprovedForm(StatusFields, frozen=True, kw_only=True):
    """An effort's status form of a half-year, as its department sent it and the secretariat approved it.

    id: half-year and effort, with a dot between. Of the nine fields `status` says how it goes; "" where the department says nothing.
    approved: the day. digest: of the form.
    """

    id: str
    period: str
    effort: str
    department: str
    status: str
    approved: dt.date
    digest: str
