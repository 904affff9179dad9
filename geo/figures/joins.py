"""Joins that account for both sides: observations are joined to areas by code, and what has no partner is returned and named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.model.indicators import Indicator
from geo.model.results import OBSERVATION_COLUMNS, Leftover
from geo.model.vocabulary import Reason, Status


@dataclass(frozen=True)
class Joined:
    """A table with a row for every area, and what could not be paired."""

    table: pd.DataFrame
    leftovers: tuple[Leftover, ...]


def by_code(observations: pd.DataFrame, *, area_ids: Mapping[str, Sequence[str]], indicators: Sequence[Indicator]) -> Joined:
    """Join observations to areas by code, so that every area has a row for every indicator and period of its set.

    observations: OBSERVATION_COLUMNS. area_ids: the codes of each area set. An area without a row gets one with status not_measured
    and reason no_row, never a zero. Rows whose area is not in the set are returned as leftovers.
    """
    paired = _paired(observations, area_ids)
    grid = _grid(observations[paired], area_ids, {indicator.id for indicator in indicators})
    keys = ["indicator", "area_set", "area_id", "period"]
    missing = grid.merge(observations.loc[paired, keys], on=keys, how="left", indicator=True).query("_merge == 'left_only'")[
        [*keys, "definition"]
    ]
    blank = missing.assign(
        status=Status.NOT_MEASURED.value,
        reason=Reason.NO_ROW.value,
        interval="none",
        **dict.fromkeys(("quality", "source", "locator", "note", "file", "row", "weights"), ""),
    )
    parts = [part for part in (observations[paired], blank) if not part.empty]
    table = pd.concat(parts, ignore_index=True) if parts else observations[paired]
    table = table.reindex(columns=list(OBSERVATION_COLUMNS)).sort_values(keys, ignore_index=True)
    return Joined(table, (*_areas_without(missing), *_rows_without(observations[~paired])))


def _paired(observations: pd.DataFrame, area_ids: Mapping[str, Sequence[str]]) -> pd.Series:
    """Whether each row's area is one of its set."""
    paired = np.zeros(len(observations), dtype=bool)
    for area_set, ids in area_ids.items():
        here = np.flatnonzero((observations["area_set"] == area_set).to_numpy())
        paired[here] = observations["area_id"].iloc[here].isin(ids).to_numpy()
    return pd.Series(paired, index=observations.index)


def _grid(observations: pd.DataFrame, area_ids: Mapping[str, Sequence[str]], indicators: set[str]) -> pd.DataFrame:
    """Every indicator and period of which a set has rows, but not for all areas, crossed with all areas of the set."""
    of_known = observations.loc[observations["indicator"].isin(indicators), ["indicator", "area_set", "area_id", "period", "definition"]]
    groups = of_known.groupby(["indicator", "area_set", "period"], as_index=False, sort=False)
    heads = groups.agg(definition=("definition", "first"), there=("area_id", "nunique"))
    heads = heads[heads["there"] < heads["area_set"].map({area_set: len(ids) for area_set, ids in area_ids.items()})]
    areas = pd.DataFrame(
        [(area_set, area_id) for area_set, ids in area_ids.items() for area_id in ids], columns=["area_set", "area_id"], dtype=object
    )
    return heads.drop(columns="there").merge(areas, on="area_set")


def _areas_without(missing: pd.DataFrame) -> tuple[Leftover, ...]:
    groups = missing.groupby(["indicator", "area_set", "period"])["area_id"].agg(list)
    return tuple(
        Leftover(
            join="code",
            indicator=str(row["indicator"]),
            area_set=str(row["area_set"]),
            period=str(row["period"]),
            side="area",
            count=len(row["area_id"]),
            names=tuple(sorted(row["area_id"])),
        )
        for row in groups.reset_index().to_dict("records")
    )


def _rows_without(rows: pd.DataFrame) -> tuple[Leftover, ...]:
    groups = rows.groupby(["indicator", "area_set"])["area_id"].agg(list)
    return tuple(
        Leftover(
            join="code",
            indicator=str(row["indicator"]),
            area_set=str(row["area_set"]),
            side="row",
            count=len(row["area_id"]),
            names=tuple(sorted(set(row["area_id"]))),
        )
        for row in groups.reset_index().to_dict("records")
    )
