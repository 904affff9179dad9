"""What the catalogue asks to have apportioned, checked against the catalogue and the figures: only counts can be apportioned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import pandas as pd

from geo.errors import InputError, Problem
from geo.model.indicators import Indicator

_FILE: Final = "data/indicators.toml"


def in_apportioned(indicator: Indicator, *, row: int, file: str) -> Iterator[Problem]:
    """Return problems of figures that cannot be apportioned, or that would be apportioned to the areas they come from."""
    asked, name = indicator.apportioned, repr(indicator.id)
    if asked is None:
        return
    place, declared = "apportioned", ", ".join(indicator.area_sets)
    if asked.source in asked.to:
        yield Problem(file, "figures apportioned to the areas they come from", row, f"{place}.to", repr(asked.source), "other sets")
    for area_set in dict.fromkeys(name for name in (asked.source, *asked.to) if name not in indicator.area_sets):
        yield Problem(file, "the indicator is not declared for this area set", row, place, repr(area_set), f"one of {declared}")
    if not asked.to:
        yield Problem(file, "figures apportioned to nowhere", row, f"{place}.to", name, "one area set or more")
    if indicator.kind == "index":
        yield Problem(file, "an index that is apportioned: no counts make it", row, place, name, "a count, share or rate")
    if indicator.register is not None:
        what = "figures of a register that are apportioned: they can be counted in every area set"
        yield Problem(file, what, row, place, name, "register or apportioned, not both")
    if indicator.basis == "survey":
        yield Problem(file, "answers of a survey that are apportioned", row, place, name, "counts of everybody")


def see_counts(table: pd.DataFrame, indicators: Sequence[Indicator]) -> None:
    """Raise InputError when a share or rate is to be apportioned and does not have both its counts. table: OBSERVATION_COLUMNS."""
    problems = [problem for indicator in indicators if indicator.apportioned for problem in _without_counts(table, indicator)]
    if problems:
        raise InputError(problems)


def _without_counts(table: pd.DataFrame, indicator: Indicator) -> Iterator[Problem]:
    assert indicator.apportioned is not None  # noqa: S101  asked by the caller
    if indicator.scale is None:
        return
    mine = table[(table["indicator"] == indicator.id) & (table["area_set"] == indicator.apportioned.source) & table["value"].notna()]
    bare = mine[mine["numerator"].isna() | mine["denominator"].isna()]
    if len(bare):
        first = bare.iloc[0]
        where = f"{indicator.id}, {first['area_set']} {first['area_id']}, {first['period']}"
        row = int(first["row"]) if first["row"] else None
        what = "a share or rate that is apportioned, without its counts"
        yield Problem(str(first["file"]) or _FILE, what, row, "numerator", where, "numerator and denominator", len(bare) - 1)
