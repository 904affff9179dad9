"""A grid of square cells over areas, the cells that an edge touches, and the exact test for the cells that cannot decide by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Numbers = NDArray[np.int32]
Shapes = NDArray[np.object_]

NEAR: Final = 1e-6
"""A fraction of a cell. A border this near to a cell counts as touching it; a point's cell is rounded by far less than that."""

FEW: Final = 20
"""Points for each area. With fewer points, testing area by area costs more than testing point by point."""


@dataclass(frozen=True)
class Grid:
    """Square cells over all areas, numbered row by row from `left`, `bottom` (in the areas' unit). The outermost cells are empty."""

    left: float
    bottom: float
    size: float
    columns: int
    rows: int

    def columns_of(self, x: Floats) -> Floats:
        """Return the positions of coordinates x in columns (fractions of a column), shape (points,)."""
        return (x - self.left) * (1 / self.size)

    def rows_of(self, y: Floats) -> Floats:
        """Return the positions of coordinates y in rows (fractions of a row), shape (points,)."""
        return (y - self.bottom) * (1 / self.size)


def grid_over(shapes: Shapes, cells: int) -> Grid:
    """Return a grid of about that many cells over shapes, with a rim of empty cells.

    shapes: polygons in a plane CRS, shape (areas,). A cell is never so small that rounding of coordinates could put a point in a
    wrong one.
    """
    bounds = shapely.total_bounds(shapes) if len(shapes) else np.full(4, np.nan)
    if np.isnan(bounds).any():  # no shape has an extent, so any grid will do
        bounds = np.zeros(4)
    left, bottom, right, top = bounds
    width, height = right - left, top - bottom
    size = max(np.sqrt(width / cells) * np.sqrt(height), 4 * max(width, height) / cells, 1e-8 * np.abs(bounds).max(), 1e-100)
    return Grid(float(left - 1.5 * size), float(bottom - 1.5 * size), float(size), int(width / size) + 4, int(height / size) + 4)


def edges(shapes: Shapes) -> tuple[Floats, Floats, Integers]:
    """All edges of all rings: their two ends, each of shape (edges, 2), and the number of their area."""
    parts, area = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    corner, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    return corner[:-1][same], corner[1:][same], area[part[ring[:-1][same]]]


def passes(grid: Grid, start: Floats, other: Floats) -> tuple[Integers, Integers]:
    """Return the cells that each edge touches: pairs of a cell and the edge's number, some of them more than once.

    start, other: the two ends of each edge, shape (edges, 2). Between two grid lines an edge lies in one cell, so its first end and
    the points where it crosses a line give all its cells (its last end is the first end of the next edge, because rings are closed).
    What is NEAR a line or a corner belongs to the cells on all its sides.
    """
    start, other = (np.column_stack([grid.columns_of(end[:, 0]), grid.rows_of(end[:, 1])]) for end in (start, other))
    low, high = np.floor(np.minimum(start, other)), np.floor(np.maximum(start, other))
    places, edge = [start], [np.arange(len(start))]
    for axis in (0, 1):
        lines = (high - low)[:, axis].astype(np.int64)
        of = np.repeat(edge[0], lines)
        line = low[of, axis] + 1 + np.arange(len(of)) - np.repeat(np.cumsum(lines) - lines, lines)
        crossing = start[of] + ((line - start[of, axis]) / (other - start)[of, axis])[:, None] * (other - start)[of]
        crossing[:, axis] = line
        places.append(crossing)
        edge.append(of)
    place, owner = np.concatenate(places), np.concatenate(edge)
    column, row = np.floor(place - NEAR).astype(np.int64).T
    right, up = (np.floor(place + NEAR).astype(np.int64) - np.column_stack([column, row])).T.astype(bool)
    cell = row * grid.columns + column
    sides = ((cell, slice(None)), (cell + 1, right), (cell + grid.columns, up), (cell + grid.columns + 1, right & up))
    return np.concatenate([number[some] for number, some in sides]), np.concatenate([owner[some] for _, some in sides])


def distinct(keys: Integers) -> Integers:
    """Return each of the keys once, sorted. np.unique hashes them, which takes five times as long for keys such as these."""
    keys = np.sort(keys)
    new = np.ones(len(keys), bool)
    new[1:] = keys[1:] != keys[:-1]
    return keys[new]


def intersects(shapes: Shapes, area: Integers | Numbers, x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Return whether each point lies in or on the border of its area, shape (points,).

    shapes: the areas, shape (areas,). area: the number of the area that each point is tested against. x, y: coordinates in the
    shapes' CRS. All three have shape (points,). Where an area has many points they are tested together, which is then fastest.
    """
    if len(area) < FEW * len(shapes):
        shapely.prepare(shapes[area])
        some: NDArray[np.bool_] = shapely.intersects_xy(shapes[area], x, y)
        return some
    order = np.argsort(area.astype(np.min_scalar_type(len(shapes))), kind="stable")
    x, y, answer = x[order], y[order], np.empty(len(area), bool)
    numbers, start, count = np.unique(area[order], return_index=True, return_counts=True)
    for number, first, end in zip(numbers, start, start + count, strict=True):
        shapely.prepare(shapes[number])
        answer[order[first:end]] = shapely.intersects_xy(shapes[number], x[first:end], y[first:end])
    return answer


@dataclass(frozen=True)
class Layer:
    """One area set in the grid.

    code: one for each cell: NOBODY; or the number of the one area that covers the cell; or len(shapes) + k when list k applies, which
    is area[start[k]:start[k + 1]], ascending. An area of a list covers the cell where `sure` is true; otherwise its border touches
    the cell. edges: those of the border cells, when the compiled kernel is used.
    """

    shapes: Shapes
    partition: bool
    code: Numbers
    start: Integers
    area: Numbers
    sure: NDArray[np.bool_]
    edges: Edges | None = None


@dataclass(frozen=True)
class Edges:
    """The edges of a layer for the compiled kernel: a head for each list (HEAD records), and the edges of all lists (EDGE records)."""

    heads: NDArray[Any]
    edges: NDArray[Any]
