"""The basic types and closed lists of words: text in two languages, periods, statuses, reasons, verdicts, audiences."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final, Literal, Self

import msgspec

from geo.errors import InputError, Problem
from geo.model import periods


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Parent of every type that people write in TOML: it cannot be changed once made, and an unknown field is refused."""


class Text(Value, frozen=True, kw_only=True):
    """Words in both languages of the interface, Danish first."""

    da: str
    en: str

    def in_(self, language: str) -> str:
        """Return the words in `language`, which is "da" or "en"."""
        return self.en if language == "en" else self.da


# --- time -------------------------------------------------------------------------------------------------------------


class Period(msgspec.Struct, frozen=True, order=True):
    """A day, month, quarter, half-year, year or two years; ordered by the first day, then by the length."""

    first: dt.date
    last: dt.date
    code: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a period in any of the forms of `geo.model.periods`, or two years that a mean is taken over.

        `code` of the result is the one code of that period. Raises InputError when the text is not a period.

        >>> Period.parse("2014 2. halvår").code
        '2014H2'
        >>> Period.parse("2013H2") < Period.parse("2014H1")
        True
        """
        span = periods.read(text) or periods.spanned(text)
        if span is None:
            raise InputError(Problem("", "a period that cannot be read", found=repr(text), expected=periods.EXPECTED))
        return cls(first=span.first, last=span.last, code=span.code)


# --- closed lists of words --------------------------------------------------------------------------------------------


class Status(StrEnum):
    """Whether a value is there, how firm it is, or why it is not there."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    ESTIMATED = "estimated"
    DEMO = "demo"
    MISSING = "missing"
    NOT_MEASURED = "not_measured"
    HIDDEN_BY_SOURCE = "hidden_by_source"
    SUPPRESSED = "suppressed"
    UNCERTAIN = "uncertain"


HAS_VALUE: Final = frozenset({Status.FINAL, Status.PROVISIONAL, Status.ESTIMATED, Status.DEMO})
"""The statuses under which an observation shows a value. Under all others, value, numerator and denominator are absent."""

HIDDEN: Final = frozenset({Status.SUPPRESSED, Status.HIDDEN_BY_SOURCE})
"""The statuses of figures that are there and are not shown: hidden by us, and hidden before they came to us."""


class Audience(StrEnum):
    """Who may see a part of an edition."""

    PUBLIC = "public"
    STAFF = "staff"
    SSP = "ssp"


class Verdict(StrEnum):
    """What can be said of a goal; the Danish words are in the interface."""

    ON_TRACK = "on_track"  # på vej
    OFF_TRACK = "off_track"  # ikke på vej
    REACHED = "reached"  # nået
    NOT_REACHED = "not_reached"  # ikke nået
    UNDECIDED = "undecided"  # kan ikke afgøres
    BREAK = "break"  # brud i serien


Kind = Literal["count", "share", "rate", "index"]
Direction = Literal["up", "down", "neither"]
Quality = Literal["official", "secondary", "demo"]


class Reason(StrEnum):
    """Why a value is absent or a verdict cannot be given; the words are in the interface."""

    NO_ROW = "no_row"  # the source has no row for this area and period
    HALF_YEARS = "half_years"  # a mean of half-years that are all shown themselves
    NOT_ASKED = "not_asked"  # the source does not cover this area set or period
    SOURCE_BLANK = "source_blank"  # the source has the row but no value
    HIDDEN_AT_SOURCE = "hidden_at_source"  # the source has a value and does not show it
    FEW = "few"  # a count or its complement below the threshold
    SMALL_GROUP = "small_group"  # the population is below the threshold
    PROTECTED = "protected"  # few people, or a figure that would disclose few: readers cannot know which
    FEW_ANSWERS = "few_answers"  # too few answers in a survey
    MISSING_PART = "missing_part"  # a part is missing, so the whole is
    NO_INDICATOR = "no_indicator"  # nobody measures the goal
    NO_BASELINE = "no_baseline"  # no value to compare with
    NO_LATEST = "no_latest"  # no value later than the baseline
    NO_INTERVAL = "no_interval"  # the doubt of the value is not known
    COVERS_TARGET = "covers_target"  # the interval lies on both sides of the target
    COVERS_PATH = "covers_path"  # before the deadline: the interval lies on both sides of the straight line to the target
    MET_SO_FAR = "met_so_far"  # before the deadline, without a line to be on: the latest figure meets the target
    NOT_MET_SO_FAR = "not_met_so_far"  # before the deadline, without a line to be on: the latest figure does not meet the target
    COVERS_NO_CHANGE = "covers_no_change"  # the interval of the change holds zero
    DEFINITION_BREAK = "definition_break"  # baseline and latest are of two definitions
    NAMES_UNKNOWN = "names_unknown"  # not all names on a list are known
    CRITERIA_UNKNOWN = "criteria_unknown"  # a list does not say what it takes to be on it
    PART_OPEN = "part_open"  # a part of the goal cannot be decided, or is not measured
    HIDDEN = "hidden"  # a value it needs is hidden from this audience
