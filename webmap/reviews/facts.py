"""What an edition says of one area, plan or programme, as values that are kept with the round.

They are made once, when the round opens or is moved to another edition, and read for ever: a signed round does not depend on its
edition still lying there. A field may be added later (with a default), never taken away.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from geo.model.vocabulary import Text, Value
from webmap.reviews.writing import Writing

PROGRAMME: Final = "hotspotprogram"
"""The subject set of the hotspot programme; its one subject has the same id."""

Outcome = Literal["told", "alone", "not_told", "unknown", "break", "same", "hidden", "shown"]
"""What can be said of two figures: a difference that can be told from noise, or only by itself and not among all figures of the round, or
not; the doubt is unknown; another definition; no newer
figure; the newer one is hidden; the older one was hidden."""


class Since(Value, frozen=True, kw_only=True):
    """What a figure was before. source: at the last signed review, or the period before in the same series.

    chance: how easily chance alone gives the difference (a p-value); None where that is not a question, or nobody knows.
    """

    source: Literal["review", "series"]
    period: Text
    said: Text
    outcome: Outcome
    text: Text
    chance: float | None = None


class NewestFigure(Value, frozen=True, kw_only=True):
    """The newest figure of one indicator in one area, in the indicator's unit and in words; value, low and high are None where absent."""

    indicator: str
    area_set: str
    area_id: str
    area: str
    name: Text
    period: str
    period_name: Text
    value: float | None
    low: float | None
    high: float | None
    interval: str
    status: str
    definition: str
    demo: bool
    said: Text
    doubt: Text
    unit: Text
    status_said: Text
    source: str
    since: Since | None = None


class Change(Value, frozen=True, kw_only=True):
    """One reason to look. kind decides the place on the agenda (see `agenda`)."""

    kind: Literal["new", "list", "overdue", "figure", "hidden", "redraw", "break", "gone"]
    text: Text
    demo: bool = False


class GoalLine(Value, frozen=True, kw_only=True):
    """A goal's verdict for the area, or (whole) for all the goal's areas taken together. shape: as in `webmap.language.terms`."""

    name: Text
    measure: Text
    reading: Text
    verdict: Text
    why: Text
    figures: Text
    doubt: Text
    shape: str
    demo: bool
    whole: bool


class MoneyLine(Value, frozen=True, kw_only=True):
    """A figure about money from the sources. programme: of all plans together, not of this one."""

    name: Text
    said: Text
    note: Text
    source: str
    programme: bool = False


class ListMembership(Value, frozen=True, kw_only=True):
    """An edition of a list and whether the subject's area stands on it."""

    id: str
    name: Text
    published: Text
    family: str
    member: bool


class Last(Value, frozen=True, kw_only=True):
    """What was written at the last signed review."""

    period: str
    signed: str
    writing: Writing


class Facts(Value, frozen=True, kw_only=True):
    """One subject of a round as it was when the round opened.

    outlines: a digest of each area's geometry. about: plain words. ended: whether the plan or hotspot was over on the edition's day.
    """

    subject_set: str
    subject_id: str
    name: Text
    kind: Text
    about: tuple[Text, ...] = ()
    areas: tuple[tuple[str, str, str], ...] = ()
    plans: tuple[Text, ...] = ()
    figures: tuple[NewestFigure, ...] = ()
    goals: tuple[GoalLine, ...] = ()
    money: tuple[MoneyLine, ...] = ()
    lists: tuple[ListMembership, ...] = ()
    outlines: dict[str, str] = {}
    changes: tuple[Change, ...] = ()
    last: Last | None = None
    themes: tuple[tuple[int, Text, int], ...] = ()
    ended: bool = False

    @property
    def theme_names(self) -> dict[str, Text]:
        """The programme's themes by number as text, as the form chooses them."""
        return {str(no): name for no, name, _ in self.themes}


_SAY_NO_FIGURE: Final = frozenset({"new", "list", "overdue", "redraw"})
"""Kinds of change that say nothing of a figure."""


def rests(facts: Facts, written: Writing) -> bool:
    """Whether a page asks for nothing: what it is about has ended, nothing of it has changed, and nothing is written or left open."""
    return facts.ended and written == Writing() and all(change.demo for change in facts.changes)


def without_figures(facts: Facts) -> Facts:
    """What whoever may not read the staff's figures reads: no figure, no verdict from one, and no word on how one changed."""
    kept = tuple(change for change in facts.changes if change.kind in _SAY_NO_FIGURE)
    return msgspec.structs.replace(facts, figures=(), goals=(), changes=kept)


def encode(facts: Facts) -> str:
    """As it is kept: JSON with sorted names."""
    return msgspec.json.encode(facts, order="sorted").decode()


def decode(text: str) -> Facts:
    """Read facts as they are kept."""
    return msgspec.json.decode(text, type=Facts)
