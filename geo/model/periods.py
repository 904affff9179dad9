"""Periods as people and programs write them: one strict way of reading for every input, and one code for every period.

A text is read as a whole or not at all. Nothing after a space is cut away: in `2014 1. halvår` it is that part that says which half
of the year is meant. A text that cannot be read is not a period.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

HOME: Final = ZoneInfo("Europe/Copenhagen")
"""Where days begin: a moment with a zone is on the day that it is in Copenhagen."""

EXPECTED: Final = "2014, 2014H1, 2014Q3, 2014-06, 2014-06-01 or 2013/14"

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januar|january", "februar|february", "marts|march", "april", "maj|may", "juni|june", "juli|july", "august", "september",
            "oktober|october", "november", "december",
        ),
        1,
    )
    for name in names.split("|")
}  # fmt: skip

_FORMS: Final = (
    re.compile(r"(?P<year>[0-9]{4})"),
    re.compile(r"(?P<year>[0-9]{4})(?:[ -]?H(?P<half>[12])| (?P<half_in_words>[12])\. halvår)", re.IGNORECASE),
    re.compile(r"(?P<half>[12])\. halvår (?P<year>[0-9]{4})", re.IGNORECASE),
    re.compile(r"(?P<year>[0-9]{4})(?:[ -]?[QK](?P<quarter>[1-4])| (?P<quarter_in_words>[1-4])\. kvartal)", re.IGNORECASE),
    re.compile(r"(?P<quarter>[1-4])\. kvartal (?P<year>[0-9]{4})", re.IGNORECASE),
    re.compile(r"(?P<year>[0-9]{4})(?:-|M)(?P<month>[0-9]{2})", re.IGNORECASE),
    re.compile(
        rf"(?P<name>{'|'.join(_MONTHS)}) (?P<year>[0-9]{{4}})|(?P<year_before>[0-9]{{4}}) (?P<name_after>{'|'.join(_MONTHS)})",
        re.IGNORECASE,
    ),
    re.compile(r"(?:skoleåret )?(?P<year>[0-9]{4})/(?P<until>[0-9]{4}|[0-9]{2})", re.IGNORECASE),
    re.compile(r"(?P<year>[0-9]{4})-08--(?P<until>[0-9]{4})-07"),
    re.compile(r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"),
    re.compile(r"(?P<day>[0-9]{2})(?P<mark>[-.])(?P<month>[0-9]{2})(?P=mark)(?P<year>[0-9]{4})(?: 00:00(?::00)?)?"),
    re.compile(
        r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]{1,9})?"
        r" ?(?P<zone>Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?"
    ),
)
"""A year; a half-year; a quarter; a month; a school year; a day; a day as Danish programs write it; a moment, with or without a zone."""


_TWO_YEARS: Final = re.compile(r"(?P<year>[0-9]{4})H1-(?P<until>[0-9]{4})H2")


_SERIAL_ZERO: Final = dt.date(1899, 12, 30)
_SERIALS: Final = (25_569, 73_050)
"""The serial numbers of 1970-01-01 and of 2099-12-31 in a spreadsheet."""


class Span(NamedTuple):
    """The first and the last day of a period, and its code: `2014`, `2014H1`, `2014Q3`, `2014-06`, `2014-06-01`, `2013-08--2014-07`."""

    first: dt.date
    last: dt.date
    code: str


@lru_cache(maxsize=1 << 14)
def read(text: str) -> Span | None:
    """Read a period from text and return its first day, last day and code; None when the text is not a period.

    The forms are listed in `_FORMS`. `2014H1`, `2014-H1`, `2014 H1` and `2014 1. halvår` are the same period and get the same code,
    as do `2014Q1`, `2014K1` and `2014 1. kvartal`, and `2014-01`, `2014M01` and `januar 2014`. `2013/14` is the school year from 1
    August to 31 July; its code says so in months, because a slash may not stand in a file's name. `31-01-2014` and `31.01.2014` are
    days with the day first, as Danish programs write them; with slashes a day is not read, because others put the month first.
    A moment stands for its day: the day it is written with when it has no time zone, and otherwise the day in Copenhagen
    (2013-12-31T23:00Z is 2014-01-01).

    >>> read("2014 1. halvår").code, read("2014K1").code, read("2014M01").code
    ('2014H1', '2014Q1', '2014-01')
    >>> read("2014 1. halvaar?") is None
    True
    """
    plain = unicodedata.normalize("NFC", text).replace("\N{NO-BREAK SPACE}", " ").strip()
    match = next((match for form in _FORMS if (match := form.fullmatch(plain))), None)
    if match is None:
        return None
    try:
        return _span({name: part for name, part in match.groupdict().items() if part})
    except (ValueError, OverflowError):  # a month 13, a day 30 February, the year 0
        return None


def of_serial(text: str) -> str:
    """Return the day that a spreadsheet means by a whole number (45292 is 2024-01-01), "" for a number that is no day since 1970.

    Only said to a person: a number in a column of periods is never taken for a day.
    """
    if not (text.isascii() and text.isdigit() and _SERIALS[0] <= int(text) <= _SERIALS[1]):
        return ""
    return (_SERIAL_ZERO + dt.timedelta(days=int(text))).isoformat()


def spanned(text: str) -> Span | None:
    """Read the code of two whole years in a row, `2008H1-2009H2`: the period of a mean over four half-years. None for any other text.

    Only means that are computed here have such a period; it is not accepted in the rows of an input file.
    """
    match = _TWO_YEARS.fullmatch(text)
    if match is None or int(match["until"]) != int(match["year"]) + 1 or match["year"] == "0000":
        return None
    return Span(dt.date(int(match["year"]), 1, 1), dt.date(int(match["until"]), 12, 31), text)


def gathered(day: dt.date, every: str) -> str:
    """Return the code of the "month", "quarter", "half" (half-year) or "year" that a day lies in. every: one of those words."""
    codes = {
        "month": f"{day.year:04}-{day.month:02}",
        "quarter": f"{day.year:04}Q{(day.month + 2) // 3}",
        "half": f"{day.year:04}H{(day.month + 5) // 6}",
        "year": f"{day.year:04}",
    }
    return codes[every]


def _span(parts: dict[str, str]) -> Span:
    if "day" in parts:
        parts = {"date": f"{parts['year']}-{parts['month']}-{parts['day']}"}
    if "date" in parts:
        day = _day(parts)
        return Span(day, day, day.isoformat())
    year = int(parts.get("year") or parts["year_before"])
    return _school_year(year, parts["until"]) if "until" in parts else _in_year(year, parts)


def _in_year(year: int, parts: dict[str, str]) -> Span:
    """A half-year, a quarter, a month, or the whole year when none is named."""
    if half := int(parts.get("half") or parts.get("half_in_words") or 0):
        return _months(year, 6 * half - 5, 6, "half")
    if quarter := int(parts.get("quarter") or parts.get("quarter_in_words") or 0):
        return _months(year, 3 * quarter - 2, 3, "quarter")
    name = parts.get("name") or parts.get("name_after")
    if name or "month" in parts:
        return _months(year, _MONTHS[name.lower()] if name else int(parts["month"]), 1, "month")
    return _months(year, 1, 12, "year")


def _school_year(year: int, until: str) -> Span:
    """From 1 August to 31 July. Raises ValueError when the second year does not follow the first."""
    after = dt.date(year + 1, 7, 31)
    if until not in (f"{after.year:04}", f"{after.year:04}"[2:]):
        raise ValueError(until)
    return Span(dt.date(year, 8, 1), after, f"{year:04}-08--{after.year:04}-07")


def _months(year: int, start: int, months: int, every: str) -> Span:
    first = dt.date(year, start, 1)
    end = start + months - 1
    return Span(first, dt.date(year, end, calendar.monthrange(year, end)[1]), gathered(first, every))


def _day(parts: dict[str, str]) -> dt.date:
    day = dt.date.fromisoformat(parts["date"])
    if "clock" not in parts:
        return day
    moment = dt.datetime.combine(day, dt.time.fromisoformat(parts["clock"]))
    return moment.date() if "zone" not in parts else at_home(moment.replace(tzinfo=_zone(parts["zone"])))


def _zone(text: str) -> dt.tzinfo:
    if text in ("Z", "UTC"):
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    if minutes > 59:
        raise ValueError(text)
    return dt.timezone((-1 if text[0] == "-" else 1) * dt.timedelta(hours=hours, minutes=minutes))


def at_home(moment: dt.datetime) -> dt.date:
    """Return the date in Copenhagen of a moment that has a time zone. Raises OverflowError outside the years 1 to 9999."""
    return moment.astimezone(HOME).date()
