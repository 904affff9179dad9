"""Counts that move between area sets that do not nest: one sparse product for all variables, by weights made once.

What `apportion` returns is estimated: it says by which method, how much of each area it covers, and between which bounds it must lie;
`miss` measures it against the truth where a register gives that.
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
"""Share of a target that its sources must cover; below it a part of the target is not known, and so the whole is not."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """Apportioned counts, targets x variables, and what is to be known of them.

    counts: the sum over the known parts; NaN where a source of the target is unknown. outside: per variable, what lies in no target.
    coverage (0-1) and method: per target; the method is the weakest that went in, "" where no source reaches. least_coverage: below it
    a target's counts may not be shown.
    """

    counts: pd.DataFrame
    outside: pd.Series[float]
    coverage: pd.Series[float]
    method: pd.Series[str]
    least_coverage: float

    def values(self) -> pd.DataFrame:
        """The counts that may be shown: those of status estimated. NaN elsewhere; `reason` says why."""
        enough = (self.coverage >= self.least_coverage).to_numpy()
        return self.counts.where(np.broadcast_to(enough[:, None], self.counts.shape))

    @property
    def status(self) -> pd.DataFrame:
        """A word of Status for each target and variable: estimated, or missing."""
        return self._words(np.where(self.values().notna(), Status.ESTIMATED.value, Status.MISSING.value))

    @property
    def reason(self) -> pd.DataFrame:
        """A word of Reason for each target and variable: not_asked where no source is, missing_part where a part is unknown."""
        beyond = np.broadcast_to((self.coverage == 0).to_numpy()[:, None], self.counts.shape)
        cases = [self.values().notna().to_numpy(), beyond]
        return self._words(np.select(cases, ["", Reason.NOT_ASKED.value], default=Reason.MISSING_PART.value))

    def _words(self, words: NDArray[np.str_]) -> pd.DataFrame:
        return pd.DataFrame(words, self.counts.index, self.counts.columns)


def apportion(counts: pd.DataFrame, weights: Weights, *, least_coverage: float = LEAST_COVERAGE) -> Estimate:
    """Move counts (persons, events; never shares) from sources to targets: estimate = transposed weights x counts.

    counts: indexed by source id in any order, a column a variable; NaN is unknown, and makes unknown every target that the source
    reaches. Sum over targets + outside = sum over sources, to 1e-9, where targets do not overlap. Raises InputError for negative or
    infinite counts and for people in a source the weights know nothing of, NotFoundError when the ids are not those of the sources.
    """
    given = _aligned(counts, weights)
    unknown = np.isnan(given)
    _refuse_unplaced(given, weights)
    known = np.where(unknown, 0.0, given)  # no value: `lost` below takes out of the result every sum that this has a part in
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
    """Between what the estimate must lie however the people of each source are spread: (low, high), targets x variables.

    low takes only the sources that lie in the target whole, high every source that reaches into it in full. NaN as in `apportion`.
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
    """Shares or rates anew from apportioned counts, by `geo.model.ratios`; scale: the indicator's.

    NaN where a count is unknown or nobody is.
    """
    return pd.DataFrame({name: ratios.of_counts(numerators[name], denominators[name], scale) for name in numerators.columns})


def miss(truth: pd.DataFrame, estimate: Estimate) -> pd.DataFrame:
    """By how much estimated counts miss the true ones, a row a variable.

    missed: sum of |estimate - truth| in percent of the sum of truth; median, worst: |estimate - truth| in percent of truth, over
    targets; worst_area: where; areas, unknown: targets compared, and targets that one of the two has no value for.
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
    """The counts as an array in the order of the sources, refused when they are not counts of exactly these areas."""
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
    """People in a source without an address or block have no place to go, and nobody may lose them."""
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
