"""Programmes as types: plans with their evaluations, hotspots with their themes, and who reports what to whom. Values only."""

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
    none is the last day of each quarter, half-year or year. due_note: what the papers say of the days. freezes: whether the edition and the
    status report of the year are frozen on its day, for whoever receives it.
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
    freezes: bool = False
    cite: Cite
