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
from webmap.charts import projection
from webmap.charts.projection import Window, across, down

CITY: Final = "kommune"
NEIGHBOURS: Final = "nabo"
WATER: Final = "vand"
NAMES: Final = "stednavn"

_FILLING: Final = (2.4, 1.6)
"""How many times wider and higher than the city's window a map is drawn that fills a frame of another proportion."""

_LETTER: Final = 16.0
_LINE: Final = 60.0
"""Half the width of a letter and the height of a name on a small map: what would be cut off at the edge is not written."""

_COARSE_DEGREES: Final = 0.0006
"""About 50 m: a coast beside the city is only there to be recognised."""


def around(edition: Edition) -> Window:
    """The window that a map is drawn in when it fills a frame of any proportion, on a wide screen or on a phone."""
    left, top, wide, high = projection.window(edition)
    wider, higher = _FILLING
    return left - wide * (wider - 1) / 2, top - high * (higher - 1) / 2, wide * wider, high * higher


def land(edition: Edition, area_set: str, place: Window) -> Markup:
    """Draw the neighbouring land that lies in a window, and the city's own land on it, unless that is the set of areas itself."""
    return Markup().join([_neighbours(edition, place), *(_own(edition) if area_set != CITY else ())])


def water(edition: Edition) -> Markup:
    """Draw lakes and harbours, which lie over the areas."""
    there = projection.paths(edition.folder, WATER) if WATER in edition.layers else {}
    return Markup().join(projection.shape("vand", drawn) for drawn in there.values())


def names(edition: Edition, place: Window) -> Markup:
    """Write the names around the city that fit in a window, hidden from screen readers: they say nothing of a figure.

    Those that do not fit in the city's own window have the class `beyond`: a phone's frame shows no more than that.
    """
    layer = edition.layers.get(NAMES)
    city = projection.window(edition)
    return Markup().join(
        _name(known, "" if _fits(known, city) else " beyond") for known in (layer.areas if layer else ()) if _fits(known, place)
    )


def _fits(known: AreaInfo, place: Window) -> bool:
    left, top, wide, high = place
    x, y, half = across(known.point[0]), down(known.point[1]), _LETTER * len(known.name)
    return left < x - half and x + half < left + wide and top < y - _LINE and y + _LINE < top + high


def _name(known: AreaInfo, where: str) -> Markup:
    written = Markup('<text class="sted {} {}{}" x="{}" y="{}" text-anchor="middle" aria-hidden="true">{}</text>')
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
