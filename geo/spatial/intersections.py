"""What two areas have in common: the pieces that their outlines cut each other into, and the people who live in both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse

from geo.errors import CrsError, InputError, Problem

if TYPE_CHECKING:
    import geopandas as gpd

SLIVER: Final = 1.0
"""Metres. A piece narrower than this on average (twice its area over its perimeter) comes from one line that was drawn twice."""

ENOUGH: Final = 1_000
"""Pairs of overlapping areas that are looked for at most."""
PILE: Final = 100
"""Areas of one set whose boxes may meet the box of an area, on average."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
Pieces = tuple[Ints, Ints, Shapes]
"""Number of the shape, number of the area it lies in, and the part of the shape that lies there."""

_POLYGONS: Final = (3, 6)


class Located(Protocol):
    """Which points lie in which areas of a set: point number `point[i]` lies in area number `area[i]`. Both have shape (pairs,)."""

    @property
    def point(self) -> NDArray[np.integer]:
        """Numbers of the points."""

    @property
    def area(self) -> NDArray[np.integer]:
        """Numbers of the areas, as many as points."""


def cut(shapes: Shapes, areas: Shapes) -> Pieces:
    """Cut every shape along every area and return the pieces that have an area.

    shapes, areas: polygons in one CRS in metres, shapes (shapes,) and (areas,). A shape that lies wholly in an area, and an area that
    lies wholly in a shape, is returned as it is, without rounding.
    """
    shapely.prepare(areas)
    area, shape = shapely.STRtree(shapes).query(areas, predicate="intersects")
    pieces = shapes[shape]
    inside = shapely.covers(areas[area], pieces)
    around = ~inside & shapely.covered_by(areas[area], pieces)
    crossing = ~inside & ~around
    pieces[around] = areas[area[around]]
    pieces[crossing] = shapely.intersection(pieces[crossing], areas[area[crossing]])
    some = shapely.area(pieces) > 0
    return shape[some], area[some], pieces[some]


def square_metres(first: Shapes, other: Shapes) -> sparse.coo_array:
    """Return how many square metres each area of one set shares with each area of another: a matrix of shape (areas of first, of other).

    first, other: polygons in one CRS in metres.
    """
    left, right, pieces = cut(first, other)
    return sparse.coo_array((shapely.area(pieces), (left, right)), (len(first), len(other)))


def people(first: Located, other: Located, amount: Floats, *, shape: tuple[int, int]) -> sparse.coo_array:
    """Return how many people each area of one set shares with each area of another: a matrix of the given shape (first, other).

    first, other: which points lie in which areas. amount: the number of people at each point, shape (points,). Raises InputError when
    a number of a point or an area is outside of the matrix.
    """
    left, right = incidence(first, len(amount), shape[0]), incidence(other, len(amount), shape[1])
    return sparse.coo_array(left.T @ sparse.diags_array(amount) @ right)


def incidence(pairs: Located, points: int, areas: int) -> sparse.csr_array:
    """Return the matrix of shape (points, areas) that is 1 where the point lies in the area.

    Raises InputError when a number in `pairs` is not that of a point or an area.
    """
    if len(pairs.point) and (pairs.point.max() >= points or pairs.area.max() >= areas or min(pairs.point.min(), pairs.area.min()) < 0):
        said = f"{int(pairs.point.max()) + 1} points in {int(pairs.area.max()) + 1} areas"
        raise InputError(Problem("points", "a point or area that is not there", found=said, expected=f"{points} points in {areas} areas"))
    return sparse.csr_array((np.ones(len(pairs.point)), (pairs.point, pairs.area)), (points, areas))


def overlapping(areas: Shapes) -> Ints:
    """Return the pairs of areas of one set that overlap by more than a strip of SLIVER metres, as numbers, shape (pairs, 2).

    areas: polygons in a CRS in metres, shape (areas,). Of more than ENOUGH pairs only the first are returned, for a person to mend.
    """
    if shapely.coverage_is_valid(areas):
        return np.empty((0, 2), np.int64)
    lower, other = shapely.STRtree(areas).query(areas, predicate="intersects")
    lower, other = lower[lower < other], other[lower < other]
    pairs, wide = np.column_stack([lower, other]), np.zeros(len(lower), np.bool_)
    for start in range(0, len(pairs), ENOUGH):
        part = slice(start, start + ENOUGH)
        wide[part] = width(shapely.intersection(areas[lower[part]], areas[other[part]])) > SLIVER
        if wide.sum() >= ENOUGH:
            break
    return pairs[wide]


def piled(areas: Shapes) -> bool:
    """Return whether areas of one set lie on each other in piles: the box of each meets those of more than PILE others on average.

    areas: polygons in one CRS, shape (areas,). No map can show such a set, and what it would take to cut it grows with the square.
    """
    if len(areas) <= PILE:
        return False
    tree, most = shapely.STRtree(areas), PILE * len(areas)
    seen = 0
    for start in range(0, len(areas), PILE):
        seen += tree.query(areas[start : start + PILE]).shape[1]
        if seen > most:
            return True
    return False


def width(shapes: Shapes) -> Floats:
    """Return the mean width of shapes in metres: twice the area over the perimeter; 0 for lines and points. Shape (shapes,)."""
    edge = shapely.length(shapes)
    return np.divide(2 * shapely.area(shapes), edge, out=np.zeros_like(edge), where=edge > 0)


def check(layers: Mapping[str, gpd.GeoSeries]) -> None:
    """Raise CrsError or InputError for layers that cannot be cut along each other, with the problems of all layers.

    layers: GeoSeries by the name that messages use; features are counted from 1. A CrsError is raised when a layer has no CRS, when
    two differ, or when one is in degrees; an InputError when a polygon is invalid, empty or no polygon, and when a code stands twice.
    """
    systems = {name: layer.crs for name, layer in layers.items()}
    lacking = [Problem(name, "the layer has no coordinate reference system") for name, system in systems.items() if system is None]
    if lacking:
        raise CrsError(lacking)
    first = next(iter(systems.values()))
    if any(system != first for system in systems.values()):
        said = ", ".join(f"{name} {system.to_string()}" for name, system in systems.items())
        raise CrsError(Problem("", "layers in different coordinate reference systems", found=said, expected="one for all"))
    if first.is_geographic:
        raise CrsError(
            Problem("", "areas cannot be measured in degrees", found=first.to_string(), expected="a CRS in metres, for example EPSG:25832")
        )
    problems = [problem for name, layer in layers.items() for problem in _problems(name, layer)]
    if problems:
        raise InputError(problems)


def _problems(name: str, layer: gpd.GeoSeries) -> list[Problem]:
    shapes = layer.to_numpy()
    faults = {
        "a feature without a polygon": ~np.isin(shapely.get_type_id(shapes), _POLYGONS) | shapely.is_empty(shapes),
        "an invalid polygon": ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes),
        "an area code that stands twice": layer.index.duplicated(),
    }
    wrong_rows = {what: np.flatnonzero(wrong) for what, wrong in faults.items() if wrong.any()}
    why = {
        what: shapely.is_valid_reason(shapes[rows[0]]) if what == "an invalid polygon" else repr(layer.index[rows[0]])
        for what, rows in wrong_rows.items()
    }
    nothing = [] if len(layer) else [Problem(name, "a layer without features", expected="at least one area")]
    return [
        *nothing,
        *(Problem(name, what, int(rows[0]) + 1, "geometry", why[what], more=len(rows) - 1) for what, rows in wrong_rows.items()),
    ]
