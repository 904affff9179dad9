"""Observations of one area in time order, looked up rather than searched for: an edition's table is sorted into areas once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from geo.edition import Edition
from geo.words import HAS_VALUE, Period, Status

Row = Mapping[str, Any]
"""One row of OBSERVATION_COLUMNS."""


def of_area(edition: Edition, indicator: str, area_set: str, area_id: str) -> Sequence[Row]:
    """All periods of one indicator in one area, oldest first; empty when the edition has none."""
    return _by_area(edition).get((indicator, area_set, area_id), ())


def periods(edition: Edition, indicator: str, area_set: str, area_id: str) -> tuple[str, ...]:
    """Codes of the periods in which an area has a value, or a hidden one; oldest first."""
    there = {*HAS_VALUE, Status.SUPPRESSED}
    return tuple(row["period"] for row in of_area(edition, indicator, area_set, area_id) if row["status"] in there)


@lru_cache(maxsize=4)
def _by_area(edition: Edition) -> Mapping[tuple[str, str, str], Sequence[Row]]:
    periods = {code: Period.parse(code) for code in edition.observations["period"].unique()}
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in edition.observations.to_dict("records"):
        found.setdefault((row["indicator"], row["area_set"], row["area_id"]), []).append(row)  # type: ignore[arg-type]
    return {key: sorted(rows, key=lambda row: periods[row["period"]]) for key, rows in found.items()}
