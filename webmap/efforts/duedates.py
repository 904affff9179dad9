"""The calendar of reports: what is due on which day of a year, from whom to whom; as a page by month and as iCalendar (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from babel.dates import format_date
from icalendar import Alarm, Calendar, Event

from geo.editions.pinned.pins import EditionPin
from geo.model.programmes import RecurringReport
from geo.model.sources import Cite
from geo.model.vocabulary import Text
from webmap.edition.reader import Reader
from webmap.efforts.standing import FrozenEvent, frozen
from webmap.language import wording

_MONTHS: Final = {"quarter": (3, 6, 9, 12), "half_year": (6, 12), "year": (12,)}
"""The months after whose last day something is due, where no day is given."""
FIRST, LAST = 2000, 2100
"""The years that the calendar is made for."""
_AHEAD: Final = 3
"""Years after the edition's own that the feed holds."""
_FREEZES: Final = Text(
    da="Den dag fryses udgaven og statusrapporten, så de kan læses uændret bagefter.",
    en="That day the edition and the status report are frozen, so that they can be read unchanged afterwards.",
)
_REMIND: Final = dt.timedelta(days=-14)


@dataclass(frozen=True)
class DueLine:
    """One thing that is due. read: what the day rests on, in words. rule: what is frozen that day, "" for nothing; frozen: what was."""

    day: str
    name: str
    sender: str
    recipient: str
    content: str
    read: str
    cite: Cite
    rule: str
    frozen: FrozenEvent | None


@dataclass(frozen=True)
class Month:
    """A month of the year with what is due in it, by day."""

    id: str
    name: str
    lines: tuple[DueLine, ...]


@dataclass(frozen=True)
class YearView:
    """A year of reports. undated: those that have no day, because they follow something else or run all the time."""

    year: int
    months: tuple[Month, ...]
    undated: tuple[RecurringReport, ...]
    before: int
    after: int


def days(event: RecurringReport, year: int) -> tuple[dt.date, ...]:
    """Return the days of a year on which a report is due, in order; none for a report without a rhythm and without a day."""
    given = [day for text in event.due if (day := _day(text, year)) is not None]
    if event.due or event.every is None:
        return tuple(sorted(given))
    return tuple(_last_of(year, month) for month in _MONTHS[event.every])


def _day(text: str, year: int) -> dt.date | None:
    """A day of the year: "08-31", or "2010-05-07" of that year alone. 29 February is the 28th where there is none."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return dt.date(*parts) if parts[0] == year else None
    month, day = parts
    return min(dt.date(year, month, min(day, 28)) + dt.timedelta(days=max(0, day - 28)), _last_of(year, month))


def _last_of(year: int, month: int) -> dt.date:
    return (dt.date(year, month, 28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def of_year(reader: Reader, year: int, pins: Mapping[str, EditionPin]) -> YearView:
    """Return what is due in a year, month by month, and what was frozen for it; months without anything are there too."""
    events = reader.edition.catalogue.calendar
    due = sorted((day, event.id, event) for event in events for day in days(event, year))
    months = []
    for number in range(1, 13):
        name = wording.opening(format_date(dt.date(year, number, 1), "LLLL", locale=reader.language))
        lines = tuple(_line(day, event, reader, pins.get(f"{event.id}/{year}")) for day, _, event in due if day.month == number)
        months.append(Month(f"m{number:02}", name, lines))
    undated = tuple(event for event in events if not event.due and event.every is None)
    return YearView(year, tuple(months), undated, max(year - 1, FIRST), min(year + 1, LAST))


def _line(day: dt.date, event: RecurringReport, reader: Reader, pin: EditionPin | None) -> DueLine:
    return DueLine(
        wording.date(day, reader.language),
        event.name.in_(reader.language),
        event.sender,
        event.recipient,
        event.content.in_(reader.language),
        _read(event).in_(reader.language),
        event.cite,
        _FREEZES.in_(reader.language) if event.freezes else "",
        next(iter(frozen(reader, pin.year, {"": pin})), None) if pin else None,
    )


def _read(event: RecurringReport) -> Text:
    if event.due_note:
        return event.due_note
    if event.due:
        return Text(da="Dagen står i papirerne.", en="The day is in the papers.")
    rhythm = f"{event.rhythm.da}"
    return Text(
        da=f"Papirerne siger {rhythm} og ikke hvilken dag; her står den sidste.",
        en=f"The papers say {event.rhythm.en} and not which day; the last one stands here.",
    )


def feed(reader: Reader) -> bytes:
    """Return the calendar as iCalendar: the edition's year, the one before and three after, each with a reminder two weeks ahead.

    The same edition gives the same bytes.
    """
    made, as_of = Calendar(), reader.edition.manifest.as_of
    made.add("prodid", "-//Områdekort//Årshjul//DA")
    made.add("version", "2.0")
    made.add("x-wr-calname", Text(da="Årshjul for integrationsindsatsen", en="Reporting calendar for integration").in_(reader.language))
    for event, day in _events(reader, as_of.year):
        made.add_component(_event(event, day, as_of, reader.language))
    return bytes(made.to_ical())


def _events(reader: Reader, year: int) -> Iterator[tuple[RecurringReport, dt.date]]:
    for each in range(year - 1, year + _AHEAD + 1):
        for event in reader.edition.catalogue.calendar:
            yield from ((event, day) for day in days(event, each))


def _event(report: RecurringReport, day: dt.date, as_of: dt.date, language: str) -> Event:
    event, alarm = Event(), Alarm()
    event.add("uid", f"{report.id}-{day}@omraadekort")
    event.add("dtstamp", dt.datetime.combine(as_of, dt.time(), dt.UTC))
    event.add("dtstart", day)
    event.add("summary", report.name.in_(language))
    event.add("description", f"{report.content.in_(language)}\n{report.sender} → {report.recipient}\n{_read(report).in_(language)}")
    event.add("transp", "TRANSPARENT")
    alarm.add("action", "DISPLAY")
    alarm.add("description", report.name.in_(language))
    alarm.add("trigger", _REMIND)
    event.add_component(alarm)
    return event
