"""Observations of one area in time order, looked up rather than searched for: an edition's table is sorted into areas once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from geo.editions.edition import Edition
from geo.figures import means
from geo.model.vocabulary import HAS_VALUE, Period, Status

Row = Mapping[str, Any]
"""One row of OBSERVATION_COLUMNS."""

_ByArea = Mapping[tuple[str, str, str], Sequence[Row]]


def of_area(edition: Edition, indicator: str, area_set: str, area_id: str) -> Sequence[Row]:
    """All periods of one indicator in one area, oldest first; empty when the edition has none. Means of half-years are not among them."""
    return _by_area(edition)[0].get((indicator, area_set, area_id), ())


def means_of_area(edition: Edition, indicator: str, area_set: str, area_id: str) -> Sequence[Row]:
    """The means of half-years that are told of one indicator in one area, oldest first."""
    return _by_area(edition)[1].get((indicator, area_set, area_id), ())


def periods(edition: Edition, indicator: str, area_set: str, area_id: str) -> tuple[str, ...]:
    """Codes of the periods in which an area has a value, or a hidden one; oldest first."""
    there = {*HAS_VALUE, Status.SUPPRESSED}
    return tuple(row["period"] for row in of_area(edition, indicator, area_set, area_id) if row["status"] in there)


@lru_cache(maxsize=4)
def _by_area(edition: Edition) -> tuple[_ByArea, _ByArea]:
    """The rows of every area, and those of means that have a value."""
    periods = {code: Period.parse(code) for code in edition.observations["period"].unique()}
    tied = means.without(edition.observations, edition.catalogue.indicators)
    apart = edition.observations.drop(tied.index).dropna(subset="value")
    return _sorted(tied, periods), _sorted(apart, periods)


def _sorted(table: pd.DataFrame, periods: Mapping[str, Period]) -> _ByArea:
    by_area: dict[tuple[str, str, str], list[Row]] = {}
    for row in table.to_dict("records"):
        by_area.setdefault((row["indicator"], row["area_set"], row["area_id"]), []).append(row)  # type: ignore[arg-type]
    return {key: sorted(of_one, key=lambda row: periods[row["period"]]) for key, of_one in by_area.items()}
