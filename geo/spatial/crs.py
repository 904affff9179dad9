"""The only module that reprojects: to EPSG:25832 (metres) for measuring, to EPSG:4326 (degrees) for showing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.exceptions import ProjError

from geo.errors import CrsError, Problem

if TYPE_CHECKING:
    import geopandas as gpd

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

MEASURE: Final = "EPSG:25832"
"""ETRS89 / UTM zone 32N, metres: the Danish authorities' projected CRS. Areas and distances are computed in it."""

SHOW: Final = "EPSG:4326"
"""WGS 84 longitude, latitude in degrees: what GeoJSON (RFC 7946) and web maps speak."""


UNKNOWN: Final = "a coordinate reference system that cannot be turned into metres (EPSG:25832)"
EXPECTED: Final = "a CRS in the file, for example EPSG:25832 or EPSG:4326"


def to_measure(layer: gpd.GeoDataFrame, *, file: str) -> gpd.GeoDataFrame:
    """Reproject a layer to metres (EPSG:25832).

    layer: in any CRS. file: its name in messages. Raises CrsError when the layer has no CRS (none is guessed), or one that cannot be
    transformed to metres.
    """
    check_layer(layer, file=file)
    return layer.to_crs(MEASURE)


def check_layer(layer: gpd.GeoDataFrame, *, file: str) -> None:
    """Raise CrsError when a layer has no CRS, or one (of heights, of a drawing) that cannot be transformed to metres.

    layer: in any CRS. file: its name in messages.
    """
    if layer.crs is None:
        raise CrsError(Problem(file, "the layer has no coordinate reference system", expected=f"{EXPECTED}; nobody guesses one"))
    if not _leads_to_metres(layer.crs.to_wkt()):
        raise CrsError(Problem(file, UNKNOWN, expected=EXPECTED))


def to_show(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Reproject a layer in metres to longitude and latitude (EPSG:4326).

    layer: in any CRS that it declares; its coordinates become degrees, longitude first.
    """
    return layer.to_crs(SHOW)


def points_to_measure(x: Floats, y: Floats, *, declared: str) -> tuple[Floats, Floats]:
    """Reproject coordinates to metres (EPSG:25832); the result is infinite where that cannot be done.

    x, y: easting or longitude, and northing or latitude, in the CRS named by `declared`; shape (points,).

    >>> import numpy
    >>> east, north = points_to_measure(numpy.array([12.57]), numpy.array([55.68]), declared="EPSG:4326")
    >>> east.round().tolist(), north.round().tolist()
    ([724436.0], [6176243.0])
    """
    if declared == MEASURE:
        return x, y
    moved_x, moved_y = _to_measure(declared).transform(x, y)
    return moved_x, moved_y


def point_to_show(x: float, y: float) -> tuple[float, float]:
    """Return the longitude and latitude (EPSG:4326) of a point in metres (EPSG:25832).

    >>> longitude, latitude = point_to_show(724_000, 6_175_000)
    >>> round(longitude, 4), round(latitude, 4)
    (12.5621, 55.6691)
    """
    longitude, latitude = _to_measure(SHOW).transform(x, y, direction="INVERSE")
    return float(longitude), float(latitude)


def check_name(name: str, *, file: str) -> None:
    """Raise CrsError when a declared CRS is not known, or cannot be transformed to metres (EPSG:25832). file: its file in messages."""
    if not _leads_to_metres(name):
        problem = Problem(file, "a coordinate reference system that is not known", None, "crs", repr(name), f"for example {MEASURE}")
        raise CrsError(problem)


def same(first: str, other: str, *, x_first: bool = False) -> bool:
    """Return whether two names mean the same CRS. x_first: whatever the order of its axes; easting or longitude is known to come first."""
    this_crs, other_crs = pyproj.CRS.from_user_input(first), pyproj.CRS.from_user_input(other)
    return first == other or bool(this_crs.equals(other_crs, ignore_axis_order=x_first))


def title(name: str) -> str:
    """Return a CRS by its authority's code where it has one, for messages: EPSG:25832 in place of a page of JSON."""
    known = pyproj.CRS.from_user_input(name)
    code = known.to_authority()
    return ":".join(code) if code else str(known.name)


def by_size(x: Floats, y: Floats) -> str:
    """Return, as the end of a question to a person, which CRS coordinates may be in by their size; it is never taken without an answer.

    x, y: shape (points,).
    """
    somewhere = np.isfinite(x) & np.isfinite(y)
    x, y = x[somewhere], y[somewhere]
    likely = [
        name
        for name, (left, bottom, right, top) in _IN_DENMARK.items()
        if len(x) and np.mean((x > left) & (x < right) & (y > bottom) & (y < top)) > _MOST
    ]
    return f" {likely[0]}, if that is what they are: by their size they may be" if likely else f", for example {MEASURE}"


_IN_DENMARK: Final = {MEASURE: (400_000.0, 6_000_000.0, 1_000_000.0, 6_500_000.0), SHOW: (7.0, 54.0, 16.0, 58.5)}
"""Where Denmark lies, easting or longitude first."""


def doubt(x: Floats, y: Floats, *, declared: str, extent: Box) -> str:
    """Return in words what speaks against the declared CRS or the order of the axes; "" when nothing does. No coordinate is quoted.

    x, y: coordinates in the CRS named by `declared`, shape (points,). extent: where the coordinates may be expected (metres,
    EPSG:25832). Points outside it are not a fault in themselves; it is one when they fall inside as soon as they are read in another
    CRS or with the axes swapped.
    """
    somewhere = np.isfinite(x) & np.isfinite(y)
    x, y = x[somewhere], y[somewhere]
    if not len(x) or _share(x, y, declared, extent) > _FEW:
        return ""
    for read, column_x, column_y, words in _other_ways(x, y, declared):
        if _share(column_x, column_y, read, extent) > _MOST:
            return words
    if not pyproj.CRS.from_user_input(declared).is_geographic and np.mean((np.abs(x) <= 180) & (np.abs(y) <= 90)) > _MOST:
        return "these look like degrees"
    return ""


_FEW: Final = 0.1
_MOST: Final = 0.5
_OTHERS: Final = (SHOW, MEASURE, "EPSG:25833", "EPSG:3857")


def _other_ways(x: Floats, y: Floats, declared: str) -> Iterator[tuple[str, Floats, Floats, str]]:
    yield declared, y, x, "these look like latitude first"
    for other in _OTHERS:
        unit = "degrees" if other == SHOW else "metres"
        yield other, x, y, f"these look like {unit} of {other}"
        yield other, y, x, f"these look like {unit} of {other}, latitude first"


def _share(x: Floats, y: Floats, declared: str, extent: Box) -> float:
    x, y = points_to_measure(x, y, declared=declared)
    left, bottom, right, top = extent
    return float(np.mean((x >= left) & (x <= right) & (y >= bottom) & (y <= top)))


def _leads_to_metres(name: str) -> bool:
    try:
        known = pyproj.CRS.from_user_input(name)
        _to_measure(name)
    except (ProjError, ValueError, TypeError):
        return False
    return bool(known.is_geographic or known.is_projected)


@lru_cache
def _to_measure(declared: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(declared, MEASURE, always_xy=True)
