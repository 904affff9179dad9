"""Observations of one area in time order, looked up rather than searched for: an edition's table is sorted into areas once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from geo.editions.edition import Edition
from geo.figures import means
from geo.model.indicators import Indicator
from geo.model.results import AreaLayer
from geo.model.vocabulary import HAS_VALUE, HIDDEN, Period
from webmap.edition.reader import Reader


@lru_cache(maxsize=1024)
def rows_of(edition: Edition, indicator: str, area_set: str, period: str | None = None) -> pd.DataFrame:
    """Rows of one indicator in one area set (and period), kept because an edition never changes; not to be written to."""
    if period is not None:
        there = rows_of(edition, indicator, area_set)
        return there[there["period"] == period]
    table = edition.observations
    return table[(table["indicator"] == indicator) & (table["area_set"] == area_set)]


@lru_cache(maxsize=256)
def by_area(edition: Edition, indicator: str, area_set: str, period: str) -> Mapping[str, Mapping[str, Any]]:
    """The same rows, one period of them, by area id; kept too."""
    return {row["area_id"]: row for row in rows_of(edition, indicator, area_set, period).to_dict("records")}  # type: ignore[misc]


def count(edition: Edition, indicator: str, area_set: str) -> int:
    """How many values of one indicator an area set has, all periods together."""
    return int(rows_of(edition, indicator, area_set)["value"].notna().sum())


def count_in_area(edition: Edition, area_set: str, area_id: str) -> int:
    """How many values an area has, all indicators and periods together."""
    table = edition.observations
    return int(table.loc[(table["area_set"] == area_set) & (table["area_id"] == area_id), "value"].notna().sum())


def drawable(edition: Edition) -> tuple[str, ...]:
    """Ids of the area sets that carry figures, in the catalogue's order."""
    ranked = {kind.id: (kind.order, kind.id) for kind in edition.catalogue.area_sets}
    sets = [layer.id for layer in edition.layers.values() if layer.role == "areas"]
    return tuple(sorted(sets, key=lambda name: ranked.get(name, (10**6, name))))


def bounds(layers: list[AreaLayer]) -> tuple[float, float, float, float]:
    """West, south, east, north of all areas of the layers, in degrees (EPSG:4326)."""
    boxes = [area.box for layer in layers for area in layer.areas]
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def periods_in_set(edition: Edition, indicator: str, area_set: str) -> tuple[str, ...]:
    """Codes of the periods in which the indicator has a value, or a hidden one, in the area set; oldest first, without means."""
    return _all_periods(edition).get((indicator, area_set), ())


@lru_cache(maxsize=8)
def _all_periods(edition: Edition) -> Mapping[tuple[str, str], tuple[str, ...]]:
    table = means.without(edition.observations, edition.catalogue.indicators)
    there = table[table["status"].isin([status.value for status in (*HAS_VALUE, *HIDDEN)])]
    codes_by_key = there.groupby(["indicator", "area_set"])["period"].unique()
    return {(str(key[0]), str(key[1])): tuple(sorted(codes, key=Period.parse)) for key, codes in codes_by_key.items()}  # type: ignore[index]


CITY_SET, CITY_ID = "kommune", "0101"
"""The area that every other one is read against."""


@dataclass(frozen=True)
class Question:
    """Which map: an indicator in an area set, for a reader."""

    reader: Reader
    indicator: Indicator
    area_set: str

    def __hash__(self) -> int:
        """By the indicator's id: the whole of it would take longer than what is looked up."""
        return hash((self.reader, self.indicator.id, self.area_set))


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
    there = {*HAS_VALUE, *HIDDEN}
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
