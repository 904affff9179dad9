"""Weights between two area sets: which share of each area of one goes to each area of the other. Made once, used for every figure.

A weight is the share of a source area's people that is taken to live in a target area. There are three ways to know it, best first:
where the addresses lie (`by_points`), where it is built up (`by_mask`), or the area alone (`by_area`, as if people lived evenly
spread). `first_of` takes the best that each source has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import sparse

from geo.errors import InputError, Problem
from geo.spatial import intersections
from geo.spatial.intersections import Located

if TYPE_CHECKING:
    import geopandas as gpd

LEAST_SHARE: Final = 0.01
"""An overlap under this share of both areas is one line that was drawn twice; its people go to the other targets of the same source."""

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


class Method(StrEnum):
    """How a weight is known, best first."""

    POINTS = "points"
    MASK = "mask"
    AREA = "area"


METHODS: Final = tuple(Method)


@dataclass(frozen=True)
class Weights:
    """Which share of each source goes to each target. Immutable; the same weights serve every indicator and period of the two sets.

    matrix: shape (sources, targets), 0-1. outside: the share of each source that lies in no target; 1 = outside + the sum of a row
    where targets do not overlap. coverage: the share (0-1) of each target's people, blocks or area that lies in a source; NaN where
    the target has none of them. method: for each source its position in METHODS, or -1 where the method knows nothing of the source
    (no address, no block).
    """

    sources: pd.Index[str]
    targets: pd.Index[str]
    matrix: sparse.csr_array
    outside: Floats
    coverage: Floats
    method: NDArray[np.int8]
    taken: sparse.csr_array = field(init=False, repr=False, compare=False)
    """The same matrix as targets x sources, which is how `apportion` multiplies."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "taken", self.matrix.T.tocsr())


def by_points(
    sources: Located, targets: Located, *, source_ids: Sequence[str], target_ids: Sequence[str], people: NDArray[np.number]
) -> Weights:
    """Make weights from where people live: people in both areas / people in the source.

    sources, targets: which points lie in which areas. people: how many people each point stands for, shape (points,); ones to count
    addresses. Raises InputError when a number is missing or negative, or when a point lies in two sources.
    """
    amount = _amounts(people, "people")
    first = intersections.incidence(sources, len(amount), len(source_ids))
    second = intersections.incidence(targets, len(amount), len(target_ids))
    double = np.flatnonzero(first.sum(axis=1) > 1)
    if len(double):
        raise InputError(
            Problem("sources", "a point lies in two areas", found=f"point {double[0]}", expected="one source a point", more=len(double) - 1)
        )
    both = intersections.people(sources, targets, amount, shape=(len(source_ids), len(target_ids)))
    free = first.T @ (amount * (second.sum(axis=1) == 0))
    coverage = _ratio(second.T @ (amount * first.sum(axis=1)), second.T @ amount)
    return _weights((source_ids, target_ids), both, totals=first.T @ amount, free=free, coverage=coverage, method=Method.POINTS)


def by_mask(sources: gpd.GeoSeries, targets: gpd.GeoSeries, mask: gpd.GeoSeries, *, dwellings: NDArray[np.number] | None = None) -> Weights:
    """Make weights from where it is built up (dasymetric mapping): blocks in both areas / blocks in the source.

    sources, targets: areas indexed by area id. mask: blocks, as polygons that do not overlap. All three are in one CRS in metres.
    dwellings: the number in each block, shape (blocks,), evenly spread over it; without them blocks count by their area. Sources may
    not overlap; targets may. Raises CrsError or InputError for layers that cannot be used.
    """
    intersections.check({"sources": sources, "targets": targets, "mask": mask})
    blocks = mask.to_numpy()
    amount = shapely.area(blocks) if dwellings is None else _amounts(dwellings, "dwellings")
    if len(amount) != len(blocks):
        raise InputError(Problem("dwellings", "another number than blocks", found=str(len(amount)), expected=str(len(blocks))))
    density = amount / shapely.area(blocks)
    block, owner, pieces = intersections.cut(blocks, sources.to_numpy())
    whole, target, built = intersections.cut(blocks, targets.to_numpy())
    reach = _sums(target, density[whole] * shapely.area(built), len(targets))
    return _by_pieces(sources, targets, _Pieces(owner, density[block], pieces, reach, Method.MASK))


def by_area(sources: gpd.GeoSeries, targets: gpd.GeoSeries) -> Weights:
    """Make weights from area alone, the weakest way: area in both / area of the source, as if people lived evenly spread.

    sources, targets: areas indexed by area id, in one CRS in metres. Sources may not overlap; targets may. Raises CrsError or
    InputError for layers that cannot be used. Goodchild, M. F. and Lam, N. S. (1980), Geo-Processing 1: 297-312.

    >>> import geopandas, shapely
    >>> old = geopandas.GeoSeries([shapely.box(0, 0, 200, 100)], index=["a"], crs="EPSG:25832")
    >>> new = geopandas.GeoSeries([shapely.box(0, 0, 50, 100)], index=["b"], crs="EPSG:25832")
    >>> by_area(old, new).matrix.toarray().tolist(), by_area(old, new).outside.tolist()
    ([[0.25]], [0.75])
    """
    intersections.check({"sources": sources, "targets": targets})
    shapes, reach = sources.to_numpy(), shapely.area(targets.to_numpy())
    return _by_pieces(sources, targets, _Pieces(np.arange(len(shapes)), np.ones(len(shapes)), shapes, reach, Method.AREA))


def first_of(*choices: Weights) -> Weights:
    """Take each source's weights from the first choice that knows it, for example `first_of(by_points(...), by_mask(...), by_area(...))`.

    Raises InputError when the choices are not weights between the same two sets.
    """
    best, *others = choices
    for other in others:
        if not (other.sources.equals(best.sources) and other.targets.equals(best.targets)):
            raise InputError(Problem("weights", "weights between other areas", expected="the same sources and targets in the same order"))
        known = best.method >= 0
        best = Weights(
            best.sources,
            best.targets,
            sparse.csr_array(sparse.diags_array(1.0 * known) @ best.matrix + sparse.diags_array(1.0 * ~known) @ other.matrix),
            np.where(known, best.outside, other.outside),
            np.where(np.isnan(best.coverage), other.coverage, best.coverage),
            np.where(known, best.method, other.method),
        )
    return best


@dataclass(frozen=True)
class _Pieces:
    """Parts of the sources in which people are taken to live evenly spread. reach: the same amount inside each target, over all pieces."""

    owner: NDArray[np.int64]
    density: Floats
    shapes: Shapes
    reach: Floats
    method: Method


def _by_pieces(sources: gpd.GeoSeries, targets: gpd.GeoSeries, pieces: _Pieces) -> Weights:
    double = intersections.overlapping(sources.to_numpy())
    if len(double):
        names = " and ".join(repr(sources.index[number]) for number in double[0])
        raise InputError(Problem("sources", "two areas overlap", None, "geometry", names, "areas that do not overlap", len(double) - 1))
    outlines, ids = targets.to_numpy(), (sources.index, targets.index)
    totals = _sums(pieces.owner, pieces.density * shapely.area(pieces.shapes), len(sources))
    piece, target, parts = intersections.cut(pieces.shapes, outlines)
    both = sparse.coo_array((pieces.density[piece] * shapely.area(parts), (pieces.owner[piece], target)), (len(sources), len(targets)))
    coverage = _ratio(both.sum(axis=0), pieces.reach)
    if len(intersections.overlapping(outlines)):
        inside, _, parts = intersections.cut(pieces.shapes, np.array([shapely.union_all(outlines)]))
        held = _sums(pieces.owner[inside], pieces.density[inside] * shapely.area(parts), len(sources))
    else:
        both = _without_slivers(both, parts, totals, pieces.reach)
        held = both.sum(axis=1)
        both = sparse.diags_array(np.divide(totals, held, out=np.ones_like(held), where=held > totals)) @ both
    return _weights(ids, both, totals=totals, free=totals - held, coverage=coverage, method=pieces.method)


def _without_slivers(both: sparse.coo_array, parts: Shapes, totals: Floats, reach: Floats) -> sparse.coo_array:
    """Give the people of slivers to the other targets of the same source, in proportion to their weights, so that nobody is lost."""
    source, target = both.coords
    pair, number = np.unique(source.astype(np.int64) * len(reach) + target, return_inverse=True)
    source, target, amount = pair // len(reach), pair % len(reach), _sums(number, both.data, len(pair))
    wide = (
        _ratio(2 * _sums(number, shapely.area(parts), len(pair)), _sums(number, shapely.length(parts), len(pair))) >= intersections.SLIVER
    )
    keep = (amount > 0) & (wide | (amount >= LEAST_SHARE * np.minimum(totals[source], reach[target])))
    before, after = _sums(source, amount, len(totals)), _sums(source[keep], amount[keep], len(totals))
    grown = amount[keep] * (before[source[keep]] / after[source[keep]])
    return sparse.coo_array((grown, (source[keep], target[keep])), both.shape)


def _weights(  # noqa: PLR0913 -- everything that a Weights is made of, by name
    ids: tuple[Sequence[str], Sequence[str]], both: sparse.sparray, *, totals: Floats, free: Floats, coverage: Floats, method: Method
) -> Weights:
    known = totals > 0
    share = sparse.csr_array(both)
    share.eliminate_zeros()
    share.data = share.data / np.repeat(totals, np.diff(share.indptr))  # a quotient: a source inside a target has weight 1 exactly
    outside = np.clip(np.divide(free, totals, out=np.ones_like(totals), where=known), 0, 1)
    place = np.where(known, METHODS.index(method), -1).astype(np.int8)
    return Weights(pd.Index(ids[0]), pd.Index(ids[1]), share, outside, np.minimum(coverage, 1), place)


def _amounts(values: NDArray[np.number], name: str) -> Floats:
    amount = np.asarray(values, dtype=np.float64)
    wrong = np.flatnonzero(~np.isfinite(amount) | (amount < 0))
    if len(wrong):
        raise InputError(
            Problem(name, "a number that cannot be", int(wrong[0]) + 1, "", f"{amount[wrong[0]]}", "0 or more", len(wrong) - 1)
        )
    return amount


def _sums(number: NDArray[np.integer], amount: Floats, size: int) -> Floats:
    """The amounts summed by their number, 0 to size - 1."""
    return np.bincount(number, weights=amount, minlength=size).astype(np.float64)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Part / whole, NaN where the whole is nothing."""
    return np.divide(part, whole, out=np.full_like(whole, np.nan, dtype=np.float64), where=whole > 0)
