"""What the city does, as types: area plans, hotspots, who reports what to whom, efforts with their money, plans of action, offers.

Values only. An effort has the nine fields of the papers' status form; a table of money holds what is printed, and nothing computed.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from geo.model.sources import Cite, Reported
from geo.model.vocabulary import Text, Value


class ProgrammeFigure(Value, frozen=True, kw_only=True):
    """One figure of a programme with its unit and its place in a source. `value` is text where the source gives no number.

    chart: id of the chart in which it is a bar, "" when it is not drawn; bar: what it is called there, its name when nothing is said.
    """

    name: Text
    value: float | str
    unit: Text | None = None
    cite: Cite | None = None
    note: Text | None = None
    chart: str = ""
    bar: Text | None = None


class Chart(Value, frozen=True, kw_only=True):
    """Figures that may be drawn on one scale: the source means the same by all of them. whole: what they are parts of, for example 100."""

    id: str
    name: Text
    note: Text | None = None
    whole: float | None = None


class AreaRef(Value, frozen=True, kw_only=True):
    """A pointer to one area of one set."""

    area_set: str
    area_id: str


class Evaluation(Value, frozen=True, kw_only=True):
    """One half-yearly evaluation of a plan, or of the programme."""

    period: str
    name: Text
    result: Text
    cite: Cite


class Cofinancing(Value, frozen=True, kw_only=True):
    """What others than Landsbyggefonden give to a plan, promised and delivered: kroner and hours, absent where nobody says it."""

    promised_kr: float | None = None
    delivered_kr: float | None = None
    promised_hours: float | None = None
    delivered_hours: float | None = None


class Plan(Value, frozen=True, kw_only=True):
    """A helhedsplan whose name and area the sources give.

    partner: the housing organisation. grant: kroner from Landsbyggefonden. approved: the day on which the City Council did so; started: the
    day on which the work began.
    """

    id: str
    name: str
    valid_from: str | None = None
    valid_to: str | None = None
    areas: tuple[AreaRef, ...] = ()
    partner: str = ""
    grant: float | None = None
    approved: dt.date | None = None
    started: dt.date | None = None
    cofinancing: Cofinancing | None = None
    evaluations: tuple[Evaluation, ...] = ()
    figures: tuple[ProgrammeFigure, ...] = ()
    cite: Cite | None = None
    note: Text | None = None


class PlanProgramme(Value, frozen=True, kw_only=True):
    """The helhedsplan programme: its figures, evaluations and the plans that can be named."""

    figures: tuple[ProgrammeFigure, ...]
    evaluations: tuple[Evaluation, ...]
    plans: tuple[Plan, ...]
    note: Text
    charts: tuple[Chart, ...] = ()
    reported: Reported | None = None


class Theme(Value, frozen=True, kw_only=True):
    """A theme of the hotspot programme and its number of initiatives."""

    no: int
    name: Text
    initiatives: int
    cite: Cite


class Informed(Value, frozen=True, kw_only=True):
    """Who is informed about the hotspot programme, how often, and about what."""

    who: Text
    rhythm: Text
    what: Text
    cite: Cite


class HotspotArea(Value, frozen=True, kw_only=True):
    """One hotspot with its start and its residents as the source counts them (approximate)."""

    area: AreaRef
    valid_from: str
    residents: int
    cite: Cite
    valid_to: str | None = None
    note: Text | None = None


class HotspotProgramme(Value, frozen=True, kw_only=True):
    """The hotspot programme of 2009."""

    areas: tuple[HotspotArea, ...]
    themes: tuple[Theme, ...]
    staff: tuple[ProgrammeFigure, ...]
    informed: tuple[Informed, ...]
    figures: tuple[ProgrammeFigure, ...]
    note: Text
    reported: Reported | None = None


class RecurringReport(Value, frozen=True, kw_only=True):
    """A recurring report: who sends what to whom, how often.

    every: how often it is due, absent for what has no rhythm of the calendar. due: days of the year ("08-31") or one day ("2010-05-07");
    none is the last day of each quarter, half-year or year. due_note: what the papers say of the days.
    """

    id: str
    name: Text
    sender: str
    recipient: str
    rhythm: Text
    content: Text
    dates: str = ""
    every: Literal["quarter", "half_year", "year"] | None = None
    due: tuple[str, ...] = ()
    due_note: Text | None = None
    cite: Cite


# --- efforts --------------------------------------------------------------------------------------------------------

Committee = Literal["BIU", "BUU", "KFU", "SOU", "SUD", "TMU", "ØU"]
"""The seven political committees, by the letters that the papers use."""


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


class EconomyRow(Value, frozen=True, kw_only=True):
    """A row of a printed table of money. amounts: as printed, by year; total: as printed at the end of the row.

    within: the number of the row that this one is a part of, "" for a row that is a part of the last one alone.
    """

    no: str
    name: Text
    within: str = ""
    effort: str = ""
    amounts: dict[str, float] = {}
    total: float | None = None
    note: Text | None = None


class EconomyTable(Value, frozen=True, kw_only=True):
    """A printed table of what efforts cost, in million kroner. grand: the number of the row that is the sum of all."""

    id: str
    name: Text
    years: tuple[str, ...]
    rows: tuple[EconomyRow, ...]
    grand: str
    cite: Cite
    note: Text | None = None


class PlanSection(Value, frozen=True, kw_only=True):
    """A section of a plan of action in the committee's words: equal treatment, representation, co-operation."""

    name: Text
    text: str
    cite: Cite | None = None


class ActionPlan(Value, frozen=True, kw_only=True):
    """One version of a committee's plan of action. decided: the day of the decision, absent when the papers do not say it.

    efforts: ids of what the plan would do; what they cost stands with them.
    """

    id: str
    committee: Committee
    version: str
    name: Text
    aim: str = ""
    decided: dt.date | None = None
    decision: str = ""
    sections: tuple[PlanSection, ...] = ()
    efforts: tuple[str, ...] = ()
    cite: Cite
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
