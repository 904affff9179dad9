"""Contradictions in what is written of efforts, their money, plans of action and facilities: what no single field can show."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from geo.errors import Problem
from geo.model import periods
from geo.model.catalogue import Catalogue
from geo.model.efforts.actions import ActionPlan
from geo.model.efforts.effort import Effort, Facility, Location
from geo.model.efforts.money import EconomyRow, EconomyTable
from geo.model.programmes import AreaRef, Cofinancing, Plan

_YEAR: Final = re.compile(r"(19|20)\d\d")
_DAY: Final = re.compile(r"((19|20)[0-9]{2}-)?[0-9]{2}-[0-9]{2}")
_PLANS: Final = "data/plans.toml"
_CALENDAR: Final = "data/calendar.toml"
_EFFORTS: Final = "data/efforts.toml"
_ECONOMY: Final = "data/economy.toml"
_FACILITIES: Final = "data/facilities.toml"
_ACTION_PLANS: Final = "data/actionplans.toml"
_DEEPEST: Final = 6
_ROWS: Final = 500
_MOST: Final = 1e6
_DIGITS: Final = 6
"""What a printed table of money can hold: rows that are parts of parts, rows, million kroner, and decimals of those (a krone)."""
_REVIEWS: Final = "data/reviews.toml"
_FORMS: Final = "data/statusforms.toml"


def problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Return what is wrong with efforts, money, what is released, and facilities; rows are the numbers of the entries, from 1."""
    for number, effort in enumerate(catalogue.efforts, 1):
        yield from _of_effort(effort, number)
    for number, table in enumerate(catalogue.economy, 1):
        yield from _of_table(table, number)
    for number, plan in enumerate(catalogue.plans.plans, 1):
        yield from _of_plan(plan, f"plans[{number}]")
    for number, version in enumerate(catalogue.action_plans, 1):
        yield from _repeated(version.efforts, number, "efforts", _ACTION_PLANS)
    for number, event in enumerate(catalogue.calendar, 1):
        yield from _repeated(event.due, number, "due", _CALENDAR)
        for place, text in enumerate(event.due, 1):
            if not _is_day(text):
                yield Problem(_CALENDAR, "a day that cannot be read", number, f"due[{place}]", repr(text), "08-31, or 2010-05-07")
    released = [(_REVIEWS, number, review.period) for number, review in enumerate(catalogue.reviews, 1)]
    released += [(_FORMS, number, form.period) for number, form in enumerate(catalogue.status_forms, 1)]
    for file, number, period in released:
        if periods.read(period) is None:
            yield Problem(file, "a period that cannot be read", number, "period", repr(period), periods.EXPECTED)
    for number, facility in enumerate(catalogue.facilities, 1):
        yield from _times(facility, number, _FACILITIES)
        yield from _misplaced(facility.point, number, "point", _FACILITIES)


def _of_plan(plan: Plan, place: str) -> Iterator[Problem]:
    """An amount below zero, a start before the approval, an evaluation whose half-year cannot be read."""
    given = plan.cofinancing or Cofinancing()
    amounts = {"grant": plan.grant, **{f"cofinancing.{name}": getattr(given, name) for name in given.__struct_fields__}}
    for name, amount in amounts.items():
        if amount is not None and not (amount >= 0 and math.isfinite(amount)):
            yield Problem(_PLANS, "an amount below zero", None, f"{place}.{name}", f"{amount:g}", "0 or more")
    if plan.approved and plan.started and plan.started < plan.approved:
        described = f"{plan.started}, approved {plan.approved}"
        yield Problem(_PLANS, "a start before the approval", None, f"{place}.started", described, "a day after the approval")
    for number, evaluation in enumerate(plan.evaluations, 1):
        if periods.read(evaluation.period) is None:
            where = f"{place}.evaluations[{number}].period"
            yield Problem(_PLANS, "a period that cannot be read", None, where, repr(evaluation.period), periods.EXPECTED)


def _repeated(names: Iterable[object], row: int, place: str, file: str) -> Iterator[Problem]:
    """What stands twice in a list that holds everything once."""
    for name, times in Counter(names).items():
        if times > 1:
            yield Problem(file, "an entry of a list that stands twice", row, place, _worded(name), "each once")


def _worded(name: object) -> str:
    return f"{name.area_set}/{name.area_id}" if isinstance(name, AreaRef) else repr(name)


def _is_day(text: str) -> bool:
    """Whether a text is a day of every year, "08-31", or one day of the years that calendars are made for, "2010-05-07"."""
    try:
        dt.date.fromisoformat(text if _DAY.fullmatch(text) and len(text) > len("08-31") else f"2000-{text}")
    except ValueError:
        return False
    return bool(_DAY.fullmatch(text))


def references(entry: object) -> list[tuple[str, str, str]]:
    """Return what an entry itself refers to, as (its field, the field of Catalogue, the id); nothing for an entry of another kind."""
    match entry:
        case Effort():
            return [("goals", "goals", name) for name in entry.goals]
        case EconomyRow():
            return [("effort", "efforts", entry.effort)] if entry.effort else []
        case ActionPlan():
            return [("efforts", "efforts", name) for name in entry.efforts]
        case _:
            return []


def _of_effort(effort: Effort, row: int) -> Iterator[Problem]:
    yield from _times(effort, row, _EFFORTS)
    for number, status in enumerate(effort.statuses, 1):
        if periods.read(status.period) is None:
            yield Problem(
                _EFFORTS, "a period that cannot be read", row, f"statuses[{number}].period", repr(status.period), periods.EXPECTED
            )
    for name in ("financed", "unfinanced", "cofinanced"):
        yield from _of_money(getattr(effort, name), row, name, _EFFORTS)
    yield from _repeated(effort.goals, row, "goals", _EFFORTS)
    yield from _repeated(effort.areas, row, "areas", _EFFORTS)
    for number, point in enumerate(effort.points, 1):
        yield from _misplaced(point, row, f"points[{number}]", _EFFORTS)
    if effort.kind == "project" and not effort.areas and not effort.points:
        yield Problem(_EFFORTS, "a project in no area", row, "areas", repr(effort.id), "an area, or a point on the map")
    first = periods.read(effort.valid_from or "")
    if effort.outcome and first and effort.outcome.decided < first.first:
        described = f"{effort.outcome.decided}, begun {effort.valid_from}"
        yield Problem(_EFFORTS, "a decision before the beginning", row, "outcome.decided", described, "a day after the beginning")


def _of_money(amounts: Mapping[str, float], row: int, place: str, file: str) -> Iterator[Problem]:
    for year, amount in amounts.items():
        if not _YEAR.fullmatch(year):
            yield Problem(file, "a year that cannot be read", row, place, repr(year), "four digits, for example 2009")
        yield from _in_million(amount, row, place, f"{year}: {amount:g}", file)


def _in_million(amount: float, row: int, place: str, described: str, file: str) -> Iterator[Problem]:
    if not amount >= 0:
        yield Problem(file, "an amount below zero", row, place, described, "million kroner, 0 or more")
    elif amount > _MOST or amount != round(amount, _DIGITS):
        yield Problem(file, "an amount that is none of million kroner", row, place, described, "at most 1000000, with 6 decimals")


def _misplaced(point: Location, row: int, place: str, file: str) -> Iterator[Problem]:
    """A point outside Denmark: most often the two numbers stand in the other order."""
    if not (8 <= point.lon <= 15.5 and 54.4 <= point.lat <= 58):
        described = f"{point.lon:g}, {point.lat:g}"
        yield Problem(file, "a point outside Denmark", row, place, described, "degrees: lon from 8 to 15.5, lat from 54.4 to 58")


def _times(entry: Effort | Facility, row: int, file: str) -> Iterator[Problem]:
    for name in ("valid_from", "valid_to"):
        text = getattr(entry, name)
        if text is not None and periods.read(text) is None:
            yield Problem(file, "a period that cannot be read", row, name, repr(text), periods.EXPECTED)
    first, last = periods.read(entry.valid_from or ""), periods.read(entry.valid_to or "")
    if first and last and last.last < first.first:
        described = f"{entry.valid_from} to {entry.valid_to}"
        yield Problem(file, "an end before its beginning", row, "valid_to", described, "valid_to after valid_from")


def _of_table(table: EconomyTable, row: int) -> Iterator[Problem]:
    numbers = [each.no for each in table.rows]
    if len(numbers) > _ROWS:
        yield Problem(_ECONOMY, "a table of more rows than a page holds", row, "rows", f"{len(numbers)} rows", f"at most {_ROWS}")
    yield from _of_years(table.years, row)
    for number, times in Counter(numbers).items():
        if times > 1:
            yield Problem(_ECONOMY, "a number of a row that stands twice", row, "rows", repr(number), "numbers of their own")
    if table.grand not in numbers:
        yield Problem(_ECONOMY, "a number of a row that leads nowhere", row, "grand", repr(table.grand), "the number of a row")
    parents = {each.no: each.within for each in table.rows}
    for place, each in enumerate(table.rows, 1):
        where = f"rows[{place}].within"
        if each.within and (each.within not in parents or each.within == each.no):
            what = "a number of a row that leads nowhere"
            yield Problem(_ECONOMY, what, row, where, repr(each.within), "the number of another row")
        elif _depth(each.no, parents) > _DEEPEST:
            what = "a row that is a part of itself, or of too many parts"
            yield Problem(_ECONOMY, what, row, where, f"{each.no!r} within {each.within!r}", f"at most {_DEEPEST} steps to the sum of all")
        yield from _of_money(each.amounts, row, f"rows[{place}].amounts", _ECONOMY)
        if each.total is not None:
            yield from _in_million(each.total, row, f"rows[{place}].total", f"{each.total:g}", _ECONOMY)
        for year in sorted(set(each.amounts) - set(table.years)):
            yield Problem(
                _ECONOMY,
                "an amount of a year that the table does not have",
                row,
                f"rows[{place}].amounts",
                repr(year),
                ", ".join(table.years),
            )


def _of_years(years: Sequence[str], row: int) -> Iterator[Problem]:
    """The columns of a printed table: at least one year, each that can be read, oldest first."""
    for year in years:
        if not _YEAR.fullmatch(year):
            yield Problem(_ECONOMY, "a year that cannot be read", row, "years", repr(year), "four digits, for example 2009")
    if not years or list(years) != sorted(set(years)):
        yield Problem(_ECONOMY, "years that are not each once, oldest first", row, "years", ", ".join(years) or "none", "2008, 2009")


def _depth(number: str, parents: Mapping[str, str]) -> int:
    """How many rows a row is a part of, one in the other; more than `_DEEPEST` where they lead back to itself."""
    depth = 0
    while (number := parents.get(number, "")) and depth <= _DEEPEST:
        depth += 1
    return depth
