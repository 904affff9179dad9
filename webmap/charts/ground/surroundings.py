"""What lies around the city and under its areas on every drawn map: neighbouring land, water and their names.

All of it is orientation: layers of the edition with the role `context`, which carry no figure.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import msgspec
import shapely
from markupsafe import Markup

from geo.editions.edition import Edition
from geo.model.results import AreaInfo
from webmap.charts.ground import projection
from webmap.charts.ground.projection import Window, across, down

CITY: Final = "kommune"
NEIGHBOURS: Final = "nabo"
WATER: Final = "vand"
NAMES: Final = "stednavn"

PARKS: Final = "park"
LINES: Final = {"vej": ("motorvej", "regional-vej"), "bane": ("s-tog", "fjernbane", "jernbane")}
"""Layers of lines, and the codes in each that a small map has room for."""

_TWO_KM: Final = 2_000 / 11.132
"""Two kilometres in ten-thousandths of a degree of latitude."""

_FILLING: Final = (2.4, 1.6)
"""How many times wider and higher than the city's window a map is drawn that fills a frame of another proportion."""

_LETTER: Final = 16.0
_LINE: Final = 60.0
"""Half the width of a letter and the height of a name on a small map: what would be cut off at the edge is not written."""

_SEEN_DEGREES: Final = 3e-6
"""Square degrees, about two hectares: a smaller lake or park cannot be seen on a map of a few hundred pixels."""

_COARSE_DEGREES: Final = 0.0006
"""About 50 m: a coast beside the city is only there to be recognised."""


def around(edition: Edition) -> Window:
    """The window that a map is drawn in when it fills a frame of any proportion, on a wide screen or on a phone."""
    left, top, wide, high = projection.window(edition)
    wider, higher = _FILLING
    return left - wide * (wider - 1) / 2, top - high * (higher - 1) / 2, wide * wider, high * higher


def land(edition: Edition, area_set: str, place: Window) -> Markup:
    """Draw the neighbouring land that lies in a window, the city's own land on it, unless that is the set of areas itself, and parks."""
    return Markup().join([_neighbours(edition, place), *(_own(edition) if area_set != CITY else ()), parks(edition)])


def water(edition: Edition) -> Markup:
    """Draw lakes and harbours, which lie over the areas."""
    return _pieces(edition, WATER)


def over(edition: Edition, place: Window) -> Markup:
    """Draw what lies over everything: roads and railways, the names around the city that fit in a window, and a scale bar."""
    return Markup().join([lines(edition), names(edition, place), scale(edition)])


def parks(edition: Edition) -> Markup:
    """Draw parks, which lie under the areas."""
    return _pieces(edition, PARKS)


@lru_cache(maxsize=16)
def _pieces(edition: Edition, layer: str) -> Markup:
    """Each feature of a layer without the pieces that nobody would see; "" where the edition has no such layer."""
    if layer not in edition.layers:
        return Markup()
    drawn = []
    for geometry in edition.geometries(layer).values():
        parts = shapely.get_parts(shapely.from_geojson(msgspec.json.encode(geometry)))
        seen = [shapely.simplify(part, _COARSE_DEGREES / 2) for part in parts if part.area > _SEEN_DEGREES]
        drawn.append(Markup('<path class="{}" d="{}"/>').format(layer, "".join(projection.outline(part) for part in seen)))
    return Markup().join(drawn)


def lines(edition: Edition) -> Markup:
    """Draw the largest roads and the railways, thin, over the areas: a colour is seen on both sides of them."""
    return Markup().join(
        projection.shape(f"{layer} {name}", drawn)
        for layer, most in LINES.items()
        if layer in edition.layers
        for name, drawn in projection.paths(edition.folder, layer).items()
        if name in most
    )


def scale(edition: Edition) -> Markup:
    """Draw a scale bar in the lower right corner of the city's window, hidden from screen readers."""
    left, top, wide, high = projection.window(edition)
    x, y = left + wide - 0.04 * wide, top + high - 0.04 * high
    bar = Markup(
        '<g class="maal" aria-hidden="true" pointer-events="none"><path d="M{0} {1}v18h{2}v-18"/>'
        '<text x="{3}" y="{4}" text-anchor="middle">2 km</text></g>'
    )
    return bar.format(f"{x - _TWO_KM:.0f}", f"{y - 18:.0f}", f"{_TWO_KM:.0f}", f"{x - _TWO_KM / 2:.0f}", f"{y - 14:.0f}")


def names(edition: Edition, place: Window) -> Markup:
    """Write the names around the city that fit in a window, hidden from screen readers: they say nothing of a figure.

    Those that do not fit in the city's own window have the class `aside` or `above`: a phone's frame shows no more at its sides, a wide one
    no more above and below.
    """
    layer = edition.layers.get(NAMES)
    city = projection.window(edition)
    return Markup().join(_name(known, _beyond(known, city)) for known in (layer.areas if layer else ()) if _fits(known, place))


def _beyond(known: AreaInfo, city: Window) -> str:
    left, top, wide, high = city
    across_it, down_it = (left, -1e9, wide, 2e9), (-1e9, top, 2e9, high)
    return "".join(look for look, band in ((" aside", across_it), (" above", down_it)) if not _fits(known, band))


def _fits(known: AreaInfo, place: Window) -> bool:
    left, top, wide, high = place
    x, y, half = across(known.point[0]), down(known.point[1]), _LETTER * len(known.name)
    return left < x - half and x + half < left + wide and top < y - _LINE and y + _LINE < top + high


def _name(known: AreaInfo, where: str) -> Markup:
    written = Markup('<text class="sted {} {}{}" x="{}" y="{}" text-anchor="middle" aria-hidden="true" pointer-events="none">{}</text>')
    return written.format(known.note, known.area_id, where, f"{across(known.point[0]):.0f}", f"{down(known.point[1]):.0f}", known.name)


@lru_cache(maxsize=16)
def _neighbours(edition: Edition, place: Window) -> Markup:
    if NEIGHBOURS not in edition.layers:
        return Markup()
    left, top, wide, high = place
    scale = across(1.0)
    frame = (left / scale, -(top + high) / 1e4, (left + wide) / scale, -top / 1e4)
    shapes = [shapely.from_geojson(msgspec.json.encode(each)) for each in edition.geometries(NEIGHBOURS).values()]
    seen = [shapely.clip_by_rect(shapely.simplify(each, _COARSE_DEGREES), *frame) for each in shapes]
    path = "".join(projection.outline(each) for each in seen if not each.is_empty)
    return Markup('<path class="nabo" d="{}"/>').format(path) if path else Markup()


def _own(edition: Edition) -> list[Markup]:
    ground = projection.paths(edition.folder, CITY) if CITY in edition.layers else {}
    return [projection.shape("land", drawn) for drawn in ground.values()]
