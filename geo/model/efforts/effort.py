"""Efforts with the nine fields of the papers' status form, and municipal offers at their places."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from geo.model.efforts.committees import Committee
from geo.model.programmes import AreaRef, ProgrammeFigure
from geo.model.sources import Cite
from geo.model.vocabulary import Text, Value


class Location(Value, frozen=True, kw_only=True):
    """A place on the map in degrees (EPSG:4326)."""

    lon: float
    lat: float


class EffortStatus(Value, frozen=True, kw_only=True):
    """How far an effort is, at one time: the ninth field of the form. by: who wrote it."""

    period: str
    text: str
    by: str = ""
    cite: Cite | None = None


class Outcome(Value, frozen=True, kw_only=True):
    """What was decided at the end of a project: that it goes on as ordinary work, or that it ends."""

    decision: Literal["anchored", "ended"]
    decided: dt.date
    reason: str


class StatusFields(Value, frozen=True, kw_only=True):
    """The fields of a status form that are written anew each half-year, beside the status itself: the department's own words."""

    title: str = ""
    economy: str = ""
    origin: str = ""
    target_group: str = ""
    activities: str = ""
    aim: str = ""
    contribution: str = ""
    follow_up: str = ""


class Effort(Value, frozen=True, kw_only=True):
    """Something that the city does or pays for, described in the nine fields of the papers' status form.

    kind: an effort of the papers' chapters 2 and 3, a project with a grant, an initiative of the hotspot programme, or an action of a
    committee's plan. no: its number in the papers. The nine fields are `title`, `economy`, `origin`, `target_group`, `activities`,
    `aim`, `contribution`, `follow_up` and `statuses`; they hold the owner's own words, so in one language, "" where nothing is said.
    financed, unfinanced, cofinanced: million kroner by year ("2009"): of the city, wished for, of others. goals: ids of goals. points:
    where it is when no area is its place. outcome: the decision at the end of a project. theme: the number of a hotspot's theme.
    """

    id: str
    kind: Literal["effort", "project", "initiative", "action"] = "effort"
    no: str = ""
    name: Text
    committee: Committee | None = None
    owner: str = ""
    applicant: str = ""
    valid_from: str | None = None
    valid_to: str | None = None
    title: str = ""
    economy: str = ""
    origin: str = ""
    target_group: str = ""
    activities: str = ""
    aim: str = ""
    contribution: str = ""
    follow_up: str = ""
    statuses: tuple[EffortStatus, ...] = ()
    goals: tuple[str, ...] = ()
    areas: tuple[AreaRef, ...] = ()
    points: tuple[Location, ...] = ()
    theme: int | None = None
    financed: dict[str, float] = {}
    unfinanced: dict[str, float] = {}
    cofinanced: dict[str, float] = {}
    figures: tuple[ProgrammeFigure, ...] = ()
    outcome: Outcome | None = None
    cite: Cite | None = None
    note: Text | None = None


class Facility(Value, frozen=True, kw_only=True):
    """A municipal offer at one place: day care, a social offer, a place for leisure, or another. point: where its entrance is."""

    id: str
    name: str
    kind: Literal["day_care", "social", "leisure", "other"]
    point: Location
    address: str = ""
    valid_from: str | None = None
    valid_to: str | None = None
    cite: Cite | None = None
    note: Text | None = None
