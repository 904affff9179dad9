"""Approved status forms beside what the catalogue says of efforts: which statuses an effort has, and which form holds in a year."""

from __future__ import annotations

from geo.model import periods
from geo.model.catalogue import Catalogue
from geo.model.efforts.effort import Effort, EffortStatus
from geo.model.efforts.signed import ApprovedForm


def forms(catalogue: Catalogue, effort: Effort) -> tuple[ApprovedForm, ...]:
    """Return the approved forms of an effort, the oldest half-year first."""
    return tuple(sorted((form for form in catalogue.status_forms if form.effort == effort.id), key=lambda form: form.period))


def statuses(catalogue: Catalogue, effort: Effort) -> tuple[EffortStatus, ...]:
    """Return all statuses of an effort, those of the papers and those of approved forms, the oldest period first."""
    approved = [EffortStatus(period=form.period, text=form.status, by=form.department) for form in forms(catalogue, effort)]
    return tuple(sorted((*effort.statuses, *approved), key=lambda status: _first(status.period)))


def form_of(catalogue: Catalogue, effort: Effort, year: int | None = None) -> ApprovedForm | None:
    """Return the newest approved form of an effort, of one year when it is given; None where there is none."""
    there = [form for form in forms(catalogue, effort) if year is None or _year(form.period) == year]
    return there[-1] if there else None


def years(catalogue: Catalogue) -> frozenset[int]:
    """Return the years that any effort has a status in."""
    every = (status.period for effort in catalogue.efforts for status in statuses(catalogue, effort))
    return frozenset(year for period in every if (year := _year(period)))


def _year(period: str) -> int:
    span = periods.read(period)
    return span.last.year if span else 0


def _first(period: str) -> str:
    span = periods.read(period)
    return span.first.isoformat() if span else ""
