"""Area sets drawn on the server as inline SVG: small beside the words, or large enough to point at.

Classes and presentation attributes only: the Content-Security-Policy allows no style attribute.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
import shapely
from markupsafe import Markup

from geo.editions import manifests
from geo.editions.edition import Edition

_MINI: Final = (264, 240)
_ISLET: Final = 200  # a part this many times smaller than the largest does not set the frame
_TINY: Final = 60.0  # ten-thousandths of a degree; a smaller shape gets a dot, or nobody would see it
_GAP_DEGREES: Final = 0.00035  # about 30 m: finer corners cannot be seen on a map of a few hundred pixels


def mini_map(
    edition: Edition, area_set: str, *, looks: Mapping[str, str] | None = None, marked: Collection[str] = (), label: str = ""
) -> Markup:
    """Draw an area set small, on the city's outline.

    looks: CSS classes by area id, as `webmap.edition.classes` gives them; areas without one are plain land. marked: area ids that the
    policy points at. Without a label the drawing is hidden from screen readers: the words stand beside it.
    """
    return _framed(edition, _ground(edition, area_set, looks or {}, marked), label)


def ground(edition: Edition, area_set: str) -> Markup:
    """Draw an area set large, on the borders of those that cover the city, to draw on.

    Its `data-oest` and `data-nord` say by what a degree east and a degree north are multiplied.
    """
    under = [layer.id for layer in edition.layers.values() if layer.role == "areas" and layer.edition.partition and layer.id != area_set]
    around = [_shape("omraade tom", drawn) for name in under for drawn in _paths(edition.folder, name).values()]
    own = [_shape("omraade k2", drawn) for drawn in _paths(edition.folder, area_set).values()]
    parts = Markup().join([*around, *own, *_water(edition)])
    frame = Markup('<svg class="mini large" viewBox="{}" data-oest="{}" data-nord="{}" aria-hidden="true" focusable="false">{}</svg>')
    return frame.format(_box(edition), f"{_x(1):.6f}", f"{_y(1):.6f}", parts)


def located(edition: Edition, area_set: str, point: tuple[float, float]) -> Markup:
    """Draw an area set small with a dot at a point (longitude, latitude); hidden from screen readers: the words stand beside it."""
    dot = Markup('<circle class="here" cx="{}" cy="{}" r="34"/>').format(f"{_x(point[0]):.0f}", f"{_y(point[1]):.0f}")
    return _framed(edition, [*_ground(edition, area_set, {}, ()), dot], "")


def pointed(  # noqa: PLR0913 - what is drawn, how it looks, and what it is called
    edition: Edition,
    area_set: str,
    *,
    looks: Mapping[str, str],
    names: Mapping[str, str],
    label: str,
    marked: Collection[str] = (),
    over: Mapping[str, str] | None = None,
    signs: Mapping[str, str] | None = None,
) -> Markup:
    """Draw an area set large, each area with its id, a name for screen readers and a place for the keyboard.

    looks and names: CSS classes and spoken words by area id. over: hotspots to draw on top as outlines, their classes by id. signs: by
    area id, what stands on it.
    """
    areas = _paths(edition.folder, area_set)
    spots = _paths(edition.folder, "hotspot") if over and "hotspot" in edition.layers else {}
    parts = [*_land(edition, area_set), *_water(edition)]
    order = sorted(areas, key=lambda area: (area in marked, area))
    parts += [
        _named(f"omraade {looks.get(area, 'tom')}{' maerket' if area in marked else ''}", area, names[area], areas[area]) for area in order
    ]
    parts += [_shape(f"ring {classes}", spots[area]) for area, classes in (over or {}).items() if area in spots]
    parts += [_sign(area.point, (signs or {})[area.area_id]) for area in edition.layers[area_set].areas if area.area_id in (signs or {})]
    frame = Markup('<svg class="mini large" viewBox="{0}" data-hele="{0}" role="group" aria-label="{1}" focusable="false">{2}</svg>')
    return frame.format(_box(edition), label, Markup().join(parts))


def _sign(point: tuple[float, float], sign: str) -> Markup:
    frame = Markup('<text class="sign" x="{}" y="{}" text-anchor="middle" dominant-baseline="central" aria-hidden="true">{}</text>')
    return frame.format(f"{_x(point[0]):.0f}", f"{_y(point[1]):.0f}", sign)


def _named(look: str, area: str, name: str, drawn: _Drawn) -> Markup:
    spot = Markup()
    if drawn.tiny:
        spot = Markup('<circle cx="{}" cy="{}" r="26"/>').format(f"{drawn.middle[0]:.0f}", f"{drawn.middle[1]:.0f}")
    frame = Markup('<g class="{}" data-omraade="{}" role="img" aria-label="{}" tabindex="-1"><path d="{}"/>{}</g>')
    return frame.format(look, area, name, drawn.path, spot)


def _land(edition: Edition, area_set: str) -> list[Markup]:
    ground = _paths(edition.folder, "kommune") if "kommune" in edition.layers and area_set != "kommune" else {}
    return [_shape("land", drawn) for drawn in ground.values()]


def _water(edition: Edition) -> list[Markup]:
    return [_shape("vand", drawn) for drawn in (_paths(edition.folder, "vand") if "vand" in edition.layers else {}).values()]


def _ground(edition: Edition, area_set: str, looks: Mapping[str, str], marked: Collection[str]) -> list[Markup]:
    areas = _paths(edition.folder, area_set)
    order = sorted(areas, key=lambda area: (area in marked, area))  # marked areas last, so that no neighbour covers their border
    classes = {area: f"omraade {looks.get(area, 'tom')}{' maerket' if area in marked else ''}" for area in order}
    shapes = [_shape(classes[area], areas[area]) for area in order]
    tiny = [_spot(f"{classes[area]} punkt", areas[area]) for area in order if areas[area].tiny]
    return [*_land(edition, area_set), *shapes, *_water(edition), *tiny]


def _framed(edition: Edition, parts: Sequence[Markup], label: str) -> Markup:
    role = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="mini" viewBox="{}" {} focusable="false">{}</svg>').format(_box(edition), role, Markup().join(parts))


@lru_cache(maxsize=8)
def extent(edition: Edition) -> tuple[float, float, float, float]:
    """West, south, east, north (degrees) of the city's main land: islets far out in the sound would push it aside."""
    name = "kommune" if "kommune" in edition.layers else next(layer.id for layer in edition.layers.values() if layer.role == "areas")
    shapes = [shapely.from_geojson(msgspec.json.encode(geometry)) for geometry in edition.geometries(name).values()]
    parts = [part for shape in shapes for part in shapely.get_parts(shape)]
    largest = max(part.area for part in parts)
    west, south, east, north = shapely.total_bounds([part for part in parts if part.area > largest / _ISLET])
    return float(west), float(south), float(east), float(north)


def _box(edition: Edition) -> str:
    """View box around the city, widened to the wanted shape so that every mini map has the same scale."""
    west, south, east, north = extent(edition)
    left, right, top, bottom = _x(west), _x(east), _y(north), _y(south)
    width, height = _MINI
    wide, high = max(right - left, (bottom - top) * width / height), max(bottom - top, (right - left) * height / width)
    wide, high = wide * 1.06, high * 1.06
    return f"{(left + right - wide) / 2:.0f} {(top + bottom - high) / 2:.0f} {wide:.0f} {high:.0f}"


_SQUEEZE: Final = math.cos(math.radians(55.68))  # a degree of longitude is that much shorter than one of latitude in København


def _x(longitude: float) -> float:
    return longitude * _SQUEEZE * 1e4


def _y(latitude: float) -> float:
    return -latitude * 1e4


@dataclass(frozen=True)
class _Drawn:
    """Path of an area in ten-thousandths of a degree, and the middle of its bounds."""

    path: str
    middle: tuple[float, float]
    tiny: bool


@lru_cache(maxsize=64)
def _paths(folder: Path, area_set: str) -> Mapping[str, _Drawn]:
    """Path of each area by its id; kept, because an edition never changes."""
    features = msgspec.json.decode(manifests.content(folder, f"areas/{area_set}.geojson"))["features"]
    return {str(feature["properties"]["area_id"]): _draw(feature["geometry"]) for feature in features}


def _draw(geometry: dict[str, Any]) -> _Drawn:
    shape = shapely.from_geojson(msgspec.json.encode(geometry))
    thin = shapely.simplify(shape, _GAP_DEGREES, preserve_topology=True)
    rings = [ring for part in shapely.get_parts(thin) for ring in (part.exterior, *part.interiors)]
    path = "".join("M" + "L".join(f"{_x(x):.0f} {_y(y):.0f}" for x, y in list(ring.coords)[:-1]) + "Z" for ring in rings)
    west, south, east, north = shape.bounds
    tiny = _x(east) - _x(west) < _TINY and _y(south) - _y(north) < _TINY
    return _Drawn(path, (_x((west + east) / 2), _y((south + north) / 2)), tiny)


@lru_cache(maxsize=4096)
def _shape(look: str, drawn: _Drawn) -> Markup:
    return Markup('<path class="{}" d="{}"/>').format(look, drawn.path)


def _spot(look: str, drawn: _Drawn) -> Markup:
    return Markup('<circle class="{}" cx="{}" cy="{}" r="26"/>').format(look, f"{drawn.middle[0]:.0f}", f"{drawn.middle[1]:.0f}")


def outlines(layer: str) -> Markup:
    """Draw a layer that no edition has yet, alone. layer: GeoJSON in EPSG:4326; nothing is drawn of one without outlines.

    Hidden from screen readers: the words stand beside it.
    """
    features = [feature["geometry"] for feature in msgspec.json.decode(layer)["features"] if feature["geometry"]]
    shapes = [
        shape for shape in (shapely.from_geojson(msgspec.json.encode(each)) for each in features) if shape.geom_type.endswith("Polygon")
    ]
    if not shapes:
        return Markup()
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    parts = [_shape("omraade k2", _draw(msgspec.json.decode(shapely.to_geojson(shape)))) for shape in shapes]
    left, top, wide, high = _x(west), _y(north), _x(east) - _x(west), _y(south) - _y(north)
    around = f"{left - 0.03 * wide:.0f} {top - 0.03 * high:.0f} {1.06 * wide:.0f} {1.06 * high:.0f}"
    return Markup('<svg class="mini" viewBox="{}" aria-hidden="true" focusable="false">{}</svg>').format(around, Markup().join(parts))
