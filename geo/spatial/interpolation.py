"""Moving counts between area sets that do not nest in each other: one sparse matrix product for all variables, by weights made once.

What `apportion` returns is an estimate. It says by which method it was made, how much of each area it covers, and between which
bounds the true count must lie; `miss` compares it with the truth where a register gives that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError, NotFoundError, Problem
from geo.model import ratios
from geo.model.vocabulary import Reason, Status
from geo.spatial.weights import METHODS, Weights

LEAST_COVERAGE: Final = 0.95
"""The share (0-1) of a target area that its sources must cover. Below it a part of the target is unknown, and so the whole is unknown."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """Apportioned counts, one row for each target and one column for each variable, and how reliable they are.

    counts: the sum over the known parts; NaN where a source that reaches the target is unknown. outside: for each variable, the count
    that lies in no target. coverage (0-1) and method: for each target; the method is the weakest that was used, "" where no source
    reaches. least_coverage: the coverage below which a target's counts may not be shown.
    """

    counts: pd.DataFrame
    outside: pd.Series[float]
    coverage: pd.Series[float]
    method: pd.Series[str]
    least_coverage: float

    def values(self) -> pd.DataFrame:
        """The counts that may be shown, with status estimated; NaN elsewhere, and `reason` says why."""
        enough = (self.coverage >= self.least_coverage).to_numpy()
        return self.counts.where(np.broadcast_to(enough[:, None], self.counts.shape))

    @property
    def status(self) -> pd.DataFrame:
        """The status of each target and variable: estimated or missing."""
        return self._words(np.where(self.values().notna(), Status.ESTIMATED.value, Status.MISSING.value))

    @property
    def reason(self) -> pd.DataFrame:
        """Why a count is missing, for each target and variable: not_asked where no source reaches, missing_part where a part is unknown."""
        beyond = np.broadcast_to((self.coverage == 0).to_numpy()[:, None], self.counts.shape)
        cases = [self.values().notna().to_numpy(), beyond]
        return self._words(np.select(cases, ["", Reason.NOT_ASKED.value], default=Reason.MISSING_PART.value))

    def _words(self, words: NDArray[np.str_]) -> pd.DataFrame:
        return pd.DataFrame(words, self.counts.index, self.counts.columns)


def apportion(counts: pd.DataFrame, weights: Weights, *, least_coverage: float = LEAST_COVERAGE) -> Estimate:
    """Move counts (persons, events; never shares) from sources to targets: estimate = transposed weights x counts.

    counts: indexed by source id in any order, one column for each variable. NaN is unknown, and makes every target unknown that the
    source reaches. The sum over targets plus `outside` equals the sum over sources, to 1e-9, where targets do not overlap. Raises
    InputError for negative or infinite counts and for people in a source that the weights know nothing of, and NotFoundError when the
    ids are not those of the sources.

    >>> import geopandas, pandas, shapely
    >>> from geo.spatial import weights
    >>> old = geopandas.GeoSeries([shapely.box(0, 0, 200, 100)], index=["a"], crs="EPSG:25832")
    >>> new = geopandas.GeoSeries([shapely.box(0, 0, 50, 100)], index=["b"], crs="EPSG:25832")
    >>> moved = apportion(pandas.DataFrame({"people": [400]}, index=["a"]), weights.by_area(old, new))
    >>> moved.counts.loc["b", "people"].item(), moved.outside["people"].item()
    (100.0, 300.0)
    """
    given = _aligned(counts, weights)
    unknown = np.isnan(given)
    _refuse_unplaced(given, weights)
    known = np.where(unknown, 0.0, given)  # 0 stands for no value here: `lost` below removes every sum that it is part of
    estimated, outside = weights.taken @ known, weights.outside @ known
    if unknown.any():
        lost = (weights.taken > 0).astype(np.float64) @ unknown.astype(np.float64) > 0
        estimated[lost] = np.nan
        outside[(weights.outside > 0) @ unknown] = np.nan
    covered = np.where(np.isnan(weights.coverage), 0.0, weights.coverage)
    estimated[covered == 0] = np.nan
    return Estimate(
        pd.DataFrame(estimated, weights.targets, counts.columns),
        pd.Series(outside, counts.columns, name="outside"),
        pd.Series(covered, weights.targets, name="coverage"),
        pd.Series(_weakest(weights), weights.targets, name="method"),
        least_coverage,
    )


def bounds(counts: pd.DataFrame, weights: Weights) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the bounds (low, high) of the estimate, however the people of each source are distributed inside it.

    counts: as in `apportion`. low adds up only the sources that lie wholly in the target, high every source that reaches into it.
    Both have one row for each target and one column for each variable; NaN as in `apportion`. Raises as `apportion` does.
    """
    given = _aligned(counts, weights)
    whole = (weights.taken >= 1 - 1e-12).astype(np.float64)  # a division's rounding, no more
    touched = (weights.taken > 0).astype(np.float64)
    blank = np.isnan(given)
    lost = touched @ blank.astype(np.float64) > 0
    sums = (part @ np.where(blank, 0.0, given) for part in (whole, touched))
    low, high = (pd.DataFrame(np.where(lost, np.nan, part), weights.targets, counts.columns) for part in sums)
    return low, high


def shares(numerators: pd.DataFrame, denominators: pd.DataFrame, *, scale: float = ratios.PERCENT) -> pd.DataFrame:
    """Compute shares or rates from apportioned counts, by `geo.model.ratios`; a share itself is never apportioned.

    numerators, denominators: counts with the same rows and columns, for example `Estimate.values()`. scale: that of the indicator,
    100 for percent. NaN where a count is unknown or the denominator is zero.
    """
    return pd.DataFrame({name: ratios.of_counts(numerators[name], denominators[name], scale) for name in numerators.columns})


def miss(truth: pd.DataFrame, estimate: Estimate) -> pd.DataFrame:
    """Measure by how much estimated counts miss the true ones. Returns a row for each variable.

    truth: the true counts, with the rows and columns of the estimate. missed: the sum of |estimate - truth| in percent of the sum of
    truth. median, worst: |estimate - truth| in percent of truth, over the targets. worst_area: the target where it is worst. areas,
    unknown: how many targets are compared, and for how many a value is missing on one of the two sides.
    """
    value, true = estimate.values(), truth.reindex(index=estimate.counts.index, columns=estimate.counts.columns)
    gap = (value - true).abs()
    percent = 100 * gap / true.where(true > 0)
    return pd.DataFrame(
        {
            "missed": 100 * gap.sum() / true.where(gap.notna()).sum(),
            "median": percent.median(),
            "worst": percent.max(),
            "worst_area": [column.idxmax() if column.notna().any() else "" for _, column in percent.items()],
            "areas": gap.notna().sum(),
            "unknown": gap.isna().sum(),
        }
    )


def _aligned(counts: pd.DataFrame, weights: Weights) -> Floats:
    """The counts as an array in the order of the sources. Raises when they are not counts of exactly these areas."""
    ordered = counts.index.equals(weights.sources)
    if counts.index.has_duplicates:
        raise InputError(Problem("counts", "an area that stands twice", found=repr(counts.index[counts.index.duplicated()][0])))
    strange = [] if ordered else list(counts.index.symmetric_difference(weights.sources))
    if strange:
        raise NotFoundError(
            Problem(
                "counts", "counts and weights are of different areas", found=repr(strange[0]), expected="the sources", more=len(strange) - 1
            )
        )
    try:
        given = (counts if ordered else counts.reindex(weights.sources)).to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise InputError(Problem("counts", "a count that is no number", found=str(error))) from None
    rows, columns = np.nonzero((given < 0) | np.isinf(given))
    if len(rows):
        place, column = f"{given[rows[0], columns[0]]:g} in {weights.sources[rows[0]]!r}", str(counts.columns[columns[0]])
        raise InputError(Problem("counts", "a count that cannot be", None, column, place, "0 or more", len(rows) - 1))
    return given


def _refuse_unplaced(given: Floats, weights: Weights) -> None:
    """Raise InputError for people in a source that no weight knows of: there is no target to give them to, and they must not be lost."""
    stray = np.flatnonzero((weights.method < 0) & (given != 0).any(axis=1))
    if len(stray):
        described, mend = f"counts in {weights.sources[stray[0]]!r}", "weights that know it, for example first_of(by_points, by_area)"
        raise InputError(Problem("weights", "a source with people and without a point or block", None, "", described, mend, len(stray) - 1))


def _weakest(weights: Weights) -> list[str]:
    """The last of METHODS among the sources that reach each target."""
    reached = weights.taken.tocoo()
    worst = np.full(len(weights.targets), -1)
    np.maximum.at(worst, reached.coords[0], weights.method[reached.coords[1]])
    return [METHODS[place].value if place >= 0 else "" for place in worst]
