"""Figures of areas for which a source has none, apportioned from those it has: from what an audience may read, and nothing else.

An estimate is a sum of shown counts, each times a weight that the edition shows too (made from outlines, or from the percent of
residents that two areas share). It discloses nothing beyond what it is made of, so it need not be protected. Where a part is hidden,
there is no estimate. It is shown with the bounds within which the truth lies however people live in the parts, and no verdict uses
it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from geo.disclosure.protect import KEY, Protected
from geo.errors import CatalogueError, InputError, Problem
from geo.figures import parts
from geo.figures.parts import PartWeight
from geo.model import ratios
from geo.model.areas import AreaSet
from geo.model.catalogue import Catalogue
from geo.model.indicators import Apportionment, Indicator
from geo.model.results import OBSERVATION_COLUMNS, Overlap
from geo.model.vocabulary import Reason, Status
from geo.spatial import interpolation, weights
from geo.spatial.weights import METHODS, Method, Weights

BOUNDS: Final = "bounds"
"""The word of geo.model.results.INTERVALS."""

_TOP, _BOTTOM = "numerator", "denominator"
_READ: Final = 1e-6
"""How closely, relatively, an estimate must follow from its weights as they are written, with eight digits."""
_TEXTS: Final = ("definition", "source", "quality", "file")
"""What an estimate takes over from its parts, where they all have the same."""


@dataclass(frozen=True)
class Weighting:
    """How the people of one set are divided among the areas of another.

    used: the weights of the estimate. certain: those by area, whose bounds hold however people live. invented: the targets that are
    divided by made-up residents.
    """

    used: Weights
    certain: Weights
    invented: frozenset[str] = frozenset()


Weightings = Mapping[tuple[str, str, str], Weighting]
"""By source set, target set, and how ("people" or "area")."""


def weightings(known: Catalogue, area_sets: Mapping[str, AreaSet], overlaps: Sequence[Overlap]) -> Weightings:
    """Return the weights that the catalogue's indicators ask for, once for each pair of sets that the workspace has.

    overlaps: as the edition publishes them; "people" divides by their percent of residents, which is a whole number, and hidden where
    it would disclose few people. Raises CatalogueError where the areas that figures come from overlap each other: people in both
    would count twice.
    """
    asked = [indicator.apportioned for indicator in known.indicators if indicator.apportioned is not None]
    pairs = {(wanted.source, target, wanted.by) for wanted in asked for target in wanted.to if {wanted.source, target} <= set(area_sets)}
    return {pair: _weighting(pair[2], area_sets[pair[0]], area_sets[pair[1]], overlaps) for pair in sorted(pairs)}


def with_estimates(protected: Protected, known: Catalogue, made: Weightings) -> Protected:
    """Return the figures that an audience may read together with those estimated from them by the catalogue's `apportioned`.

    A set and period for which the source has figures of its own gets no estimates. Sorted by KEY, as before.
    """
    tables = [
        _estimated(protected.table, indicator, target, made[indicator.apportioned.source, target, indicator.apportioned.by])
        for indicator in known.indicators
        if indicator.apportioned is not None
        for target in indicator.apportioned.to
        if (indicator.apportioned.source, target, indicator.apportioned.by) in made
    ]
    more = [table for table in tables if len(table)]
    if not more:
        return protected
    table = pd.concat([protected.table, *more], ignore_index=True)[list(OBSERVATION_COLUMNS)]
    return replace(protected, table=table.sort_values(KEY, ignore_index=True))


def measured(table: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that were not apportioned. table: OBSERVATION_COLUMNS."""
    return table[table["weights"] == ""]


def unexplained(table: pd.DataFrame) -> int:
    """Return how many estimates of a table do not follow from other figures of it by the weights they name. table: OBSERVATION_COLUMNS."""
    places = table.set_index(KEY)
    estimated = table[(table["weights"] != "") & table["value"].notna()]
    return sum(not _follows(row, places) for row in estimated.to_dict("records"))


def _follows(row: Mapping[Hashable, Any], places: pd.DataFrame) -> bool:
    """Whether the counts of an estimate, or its value where it has none, are the sum of those of its parts times their weights."""
    names = ["value"] if np.isnan(row["denominator"]) else [_TOP, _BOTTOM]
    of = parts.read(row["weights"])[1]
    keys = [(row["indicator"], part.area_set, part.area_id, row["period"]) for part in of]
    if not keys:
        return False
    counts = places.reindex(pd.MultiIndex.from_tuples(keys))[names].to_numpy(dtype=float)
    made = np.array([part.share for part in of]) @ counts
    return bool(np.allclose(made, [row[name] for name in names], rtol=_READ, atol=_READ))


# --- weights ----------------------------------------------------------------------------------------------------------


def _weighting(by: str, source: AreaSet, target: AreaSet, overlaps: Sequence[Overlap]) -> Weighting:
    try:
        certain = weights.by_area(_outlines(source), _outlines(target))
    except InputError as error:
        what = f"areas of {source.id} that figures are apportioned from: {error.problems[0].what}"
        areas = str(error.problems[0].found)
        raise CatalogueError(Problem("data/indicators.toml", what, None, "apportioned.from", areas, "areas that do not overlap")) from error
    return _by_residents(certain, source, target, overlaps) if by == "people" else Weighting(certain, certain)


def _outlines(area_set: AreaSet) -> gpd.GeoSeries:
    return area_set.areas.set_index("area_id").geometry


def _by_residents(certain: Weights, source: AreaSet, target: AreaSet, overlaps: Sequence[Overlap]) -> Weighting:
    """Weights by the published percent of residents. A target is unknown where the percent of one of its parts is hidden."""
    pairs = [pair for pair in overlaps if (pair.area_set, pair.other_set) == (source.id, target.id)]
    rows, columns = (
        certain.sources.get_indexer(pd.Index([pair.area_id for pair in pairs], dtype=object)),
        certain.targets.get_indexer(pd.Index([pair.other_id for pair in pairs], dtype=object)),
    )
    share = np.array([np.nan if pair.percent_of_residents is None else pair.percent_of_residents / 100 for pair in pairs], dtype=float)
    across = np.array(
        [np.nan if pair.percent_of_other_residents is None else pair.percent_of_other_residents / 100 for pair in pairs], dtype=float
    )
    shape = (len(certain.sources), len(certain.targets))
    shares = np.zeros(shape)
    shares[rows, columns] = np.where(np.isnan(share), 0.0, share)  # a target with such a part is unknown below
    coverage = np.bincount(columns, weights=np.where(np.isnan(share), np.nan, across), minlength=shape[1]).astype(float)
    whole = shares.sum(axis=1)
    if target.edition.partition:  # rounded percents may come to more than all
        shares /= np.maximum(whole, 1.0)[:, None]
    outside = np.clip(1 - shares.sum(axis=1), 0, 1)
    place = np.full(shape[0], METHODS.index(Method.POINTS), dtype=np.int8)
    used = Weights(certain.sources, certain.targets, sparse.csr_array(shares), outside, np.minimum(coverage, 1), place)
    return Weighting(used, certain, frozenset(pair.other_id for pair in pairs if pair.residents_status == Status.DEMO.value))


# --- figures ----------------------------------------------------------------------------------------------------------


def _estimated(table: pd.DataFrame, indicator: Indicator, target: str, weighting: Weighting) -> pd.DataFrame:
    """The rows of one target set; a row for every area and period that the source set has."""
    asked = indicator.apportioned
    assert asked is not None  # noqa: S101  asked by the caller
    mine = table[table["indicator"] == indicator.id]
    taken = set(mine.loc[mine["area_set"] == target, "period"])
    source = mine[(mine["area_set"] == asked.source) & ~mine["period"].isin(taken)]
    by_period = [_of_period(rows, indicator, (asked, target), weighting) for _, rows in source.groupby("period")]
    return pd.concat(by_period, ignore_index=True) if by_period else source[:0]


def _of_period(rows: pd.DataFrame, indicator: Indicator, about: tuple[Apportionment, str], weighting: Weighting) -> pd.DataFrame:
    asked, target = about
    given = rows.set_index("area_id").reindex(weighting.used.sources)
    figures = _figures(given, indicator, weighting)
    reach = weighting.used.taken > 0
    hidden = reach @ (given["status"] == Status.SUPPRESSED.value).to_numpy().astype(float) > 0
    invented = reach @ (given["status"] == Status.DEMO.value).to_numpy().astype(float) > 0
    invented |= np.isin(figures.index, sorted(weighting.invented))
    known = figures["value"].notna().to_numpy()
    covered = weighting.used.coverage > 0  # not so where it is NaN: nothing is known of the area
    made_up = np.where(invented, Status.DEMO.value, Status.ESTIMATED.value)
    texts = {name: _shared(rows[name]) for name in _TEXTS}
    made = figures.assign(
        **texts,
        indicator=indicator.id,
        area_set=target,
        period=rows["period"].iloc[0],
        area_id=figures.index,
        n=np.nan,
        status=np.where(known, made_up, Status.MISSING.value),
        reason=np.select([known, hidden, ~covered], ["", Reason.HIDDEN.value, Reason.NOT_ASKED.value], Reason.MISSING_PART.value),
        interval=np.where(figures["low"].notna(), BOUNDS, "none"),
        weights=_texts(weighting.used, asked),
        locator="",
        note="",
        row="",
    )
    made.loc[invented, "quality"] = "demo"
    return made.reset_index(drop=True)[list(OBSERVATION_COLUMNS)]


def _shared(column: pd.Series) -> str:
    """What all parts have; "" where they differ. Parts without a row of their own say nothing."""
    said = {str(word) for word in column if word}
    return said.pop() if len(said) == 1 else ""


def _figures(given: pd.DataFrame, indicator: Indicator, weighting: Weighting) -> pd.DataFrame:
    """value, numerator, denominator, low and high of the targets, on their ids. of a count only the value is shown."""
    columns = ["value"] if indicator.kind == "count" else [_TOP, _BOTTOM]
    counts = given[columns].astype(float)
    values = interpolation.apportion(counts, weighting.used).values()
    low, high = interpolation.bounds(counts, weighting.certain)
    if indicator.kind == "count":
        ends = _around(values["value"], low["value"], high["value"])
        return pd.DataFrame({"value": values["value"], _TOP: np.nan, _BOTTOM: np.nan, "low": ends[0], "high": ends[1]})
    scale = float(indicator.scale or ratios.PERCENT)
    value = ratios.of_counts(values[_TOP], values[_BOTTOM], scale)
    part = values.where(value.notna())
    ends = _around(value, *_ends(low, high, scale, share=indicator.kind == "share"))
    return pd.DataFrame({"value": value, _TOP: part[_TOP], _BOTTOM: part[_BOTTOM], "low": ends[0], "high": ends[1]})


def _ends(low: pd.DataFrame, high: pd.DataFrame, scale: float, *, share: bool) -> tuple[pd.Series, pd.Series]:
    """The bounds of a share or rate, whoever of the sources that reach into a target lives there; NaN where there is none.

    low, high: those of the counts. The numerator of a share is part of its denominator: at least, everybody else lives in the target
    and none of them do; at most, all of them do and nobody else. Events of a rate are not persons, so their bounds and those of the
    persons are independent.
    """
    if not share:
        return ratios.of_counts(low[_TOP], high[_BOTTOM], scale), ratios.of_counts(high[_TOP], low[_BOTTOM], scale)
    fewest, most = low[_TOP] + (high[_BOTTOM] - high[_TOP]), high[_TOP] + (low[_BOTTOM] - low[_TOP])
    least = ratios.of_counts(low[_TOP], fewest, scale).mask(fewest == 0, scale)  # everybody who may live there is one of them
    return least, ratios.of_counts(high[_TOP], most, scale).mask(most == 0, 0.0)  # nobody who may live there is


def _around(value: pd.Series, low: pd.Series, high: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Both ends, never past the value (a sliver may be without people by area), and neither where one is unknown."""
    known = value.notna() & low.notna() & high.notna()
    return pd.Series(np.minimum(low, value)).where(known), pd.Series(np.maximum(high, value)).where(known)


def _texts(used: Weights, asked: Apportionment) -> NDArray[np.object_]:
    """The column `weights` of each target."""
    reached = used.taken
    texts = []
    for number in range(len(used.targets)):
        span = slice(reached.indptr[number], reached.indptr[number + 1])
        pairs = sorted(zip(reached.indices[span].tolist(), reached.data[span].tolist(), strict=True))
        texts.append(parts.write(asked.by, [PartWeight(asked.source, used.sources[place], share) for place, share in pairs]))
    return np.array(texts, dtype=object)
