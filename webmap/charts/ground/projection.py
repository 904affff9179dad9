"""The plane that all drawn maps share: ten-thousandths of a degree, and what lies in an edition as paths in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
import shapely
from markupsafe import Markup
from shapely.geometry import LineString, Polygon

from geo.editions import manifests
from geo.editions.edition import Edition

FRAME: Final = (264, 240)
"""Width and height whose proportion every map of the city has."""

_ISLET: Final = 200  # a part this many times smaller than the largest does not set the frame
_TINY: Final = 60.0  # ten-thousandths of a degree; a smaller shape gets a dot, or nobody would see it
_GAP_DEGREES: Final = 0.00035  # about 30 m: finer corners cannot be seen on a map of a few hundred pixels
_SQUEEZE: Final = math.cos(math.radians(55.68))  # a degree of longitude is that much shorter than one of latitude in København

Window = tuple[float, float, float, float]
"""Left, top, width and height in ten-thousandths of a degree, as a viewBox has them."""


def across(longitude: float) -> float:
    """Return how far right a longitude (degrees) lies."""
    return longitude * _SQUEEZE * 1e4


def down(latitude: float) -> float:
    """Return how far down a latitude (degrees) lies."""
    return -latitude * 1e4


@lru_cache(maxsize=8)
def extent(edition: Edition) -> tuple[float, float, float, float]:
    """West, south, east, north (degrees) of the city's main land: islets far out in the sound would push it aside."""
    name = "kommune" if "kommune" in edition.layers else next(layer.id for layer in edition.layers.values() if layer.role == "areas")
    shapes = [shapely.from_geojson(msgspec.json.encode(geometry)) for geometry in edition.geometries(name).values()]
    parts = [part for shape in shapes for part in shapely.get_parts(shape)]
    largest = max(part.area for part in parts)
    west, south, east, north = shapely.total_bounds([part for part in parts if part.area > largest / _ISLET])
    return float(west), float(south), float(east), float(north)


def window(edition: Edition) -> Window:
    """The window around the city, widened to the proportion of FRAME so that every map has the same scale."""
    west, south, east, north = extent(edition)
    left, right, top, bottom = across(west), across(east), down(north), down(south)
    width, height = FRAME
    wide, high = max(right - left, (bottom - top) * width / height), max(bottom - top, (right - left) * height / width)
    wide, high = wide * 1.06, high * 1.06
    return (left + right - wide) / 2, (top + bottom - high) / 2, wide, high


def view_box(place: Window) -> str:
    """The window as an attribute."""
    return " ".join(f"{edge:.0f}" for edge in place)


@dataclass(frozen=True)
class Drawn:
    """Path of a feature in ten-thousandths of a degree, and the middle of its bounds. tiny: whether it is too small to be seen."""

    path: str
    middle: tuple[float, float]
    tiny: bool


@lru_cache(maxsize=64)
def paths(folder: Path, area_set: str) -> Mapping[str, Drawn]:
    """Path of each area by its id; kept, because an edition never changes."""
    return {name: draw(geometry) for name, geometry in geometries(folder, area_set).items()}


def geometries(folder: Path, area_set: str) -> Mapping[str, dict[str, Any]]:
    """The GeoJSON geometry (EPSG:4326) of each feature of a layer by its id. folder: of an edition."""
    features = msgspec.json.decode(manifests.content(folder, f"areas/{area_set}.geojson"))["features"]
    return {str(feature["properties"]["area_id"]): feature["geometry"] for feature in features}


def draw(geometry: dict[str, Any]) -> Drawn:
    """Draw one GeoJSON geometry (EPSG:4326) of polygons, with no finer corners than a small map can show."""
    shape = shapely.from_geojson(msgspec.json.encode(geometry))
    west, south, east, north = shape.bounds
    tiny = across(east) - across(west) < _TINY and down(south) - down(north) < _TINY
    middle = (across((west + east) / 2), down((south + north) / 2))
    return Drawn(outline(shapely.simplify(shape, _GAP_DEGREES, preserve_topology=True)), middle, tiny)


def outline(shape: shapely.Geometry) -> str:
    """The path of polygons or lines (degrees)."""
    return "".join(_stroke(part) for part in shapely.get_parts(shape))


def _stroke(part: LineString | Polygon) -> str:
    if isinstance(part, LineString):
        return _run(list(part.coords))
    return "".join(_run(list(ring.coords)[:-1]) + "Z" for ring in (part.exterior, *part.interiors))


def _run(corners: list[tuple[float, ...]]) -> str:
    return "M" + "L".join(f"{across(x):.0f} {down(y):.0f}" for x, y, *_ in corners)


@lru_cache(maxsize=4096)
def shape(look: str, drawn: Drawn) -> Markup:
    """One feature as an element with a look."""
    return Markup('<path class="{}" d="{}"/>').format(look, drawn.path)
