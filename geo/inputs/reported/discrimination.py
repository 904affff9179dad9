"""What is wrong with yearly cases of discrimination: a count below zero, a table that does not add up, a year that stands twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from geo.errors import Problem
from geo.model.catalogue import Catalogue
from geo.model.reported.discrimination import CaseYear

_FILE: Final = "data/discrimination.toml"
_YEARS: Final = range(1900, 2101)


def problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Return what is wrong with the yearly cases; rows are the numbers of the entries, from 1. No message repeats a count."""
    seen: set[tuple[str, int]] = set()
    for number, cases in enumerate(catalogue.cases, 1):
        yield from _of_year(cases, number)
        if (cases.measure, cases.year) in seen:
            yield Problem(_FILE, "a measure and year that stand twice", number, "year", str(cases.year), "one entry for each year")
        seen.add((cases.measure, cases.year))


def _of_year(cases: CaseYear, row: int) -> Iterator[Problem]:
    if cases.year not in _YEARS:
        yield Problem(_FILE, "a year that cannot be read", row, "year", str(cases.year), "four digits, for example 2009")
    if cases.total < 0:
        yield Problem(_FILE, "a number of cases below zero", row, "total", expected="0 or more")
    for field in ("grounds", "places"):
        counts = getattr(cases, field)
        if any(count < 0 for count in counts.values()):
            yield Problem(_FILE, "a number of cases below zero", row, field, expected="0 or more")
        elif counts and sum(counts.values()) != cases.total:
            yield Problem(_FILE, "cases that do not add up to the total", row, field, expected="every case once, some as not stated")
