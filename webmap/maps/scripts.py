"""The only module that imports Folium: an edition's land, water and area sets as script files of their own.

Nothing but area ids and geometry passes through Folium. Names, notes and figures reach the page as text, from the template and
from the values file; `static/map.js` joins the two. What was measured about Folium stands in DESIGN section 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import folium
import msgspec

from geo.editions.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.model.results import AreaInfo, AreaLayer
from webmap.edition import named as known_names
from webmap.edition.rows import bounds, drawable
from webmap.urls import settings

MAP_ID: Final = "map_kort"
"""The id of the map's element and the name of its script variable; one interactive map a page."""

MAX_SVG_SHAPES: Final = 1000
"""Up to here shapes are drawn as SVG, which can carry hatch and dots; above it zooming becomes slow and the canvas takes over."""

_SAFE: Final = re.compile(r"[^A-Za-z0-9,._ -]")
_LOOK: Final = re.compile(r"[^A-Za-z0-9_-]+")
_SET_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
_PARKS: Final = "park"
_STATIONS: Final = "station"
_OVER: Final = "vand"  # water lies over the areas: harbours and lakes stay visible whatever the area set
_UNDER: Final = "land"


@dataclass(frozen=True)
class Tiles:
    """A tile server and the words it asks to be named by. Off unless the settings name one."""

    url: str
    attribution: str


def inert(text: str) -> str:
    """Encode all but letters, digits, space and `,.-_` as character references: Folium writes text into JavaScript template literals."""
    return _SAFE.sub(lambda match: f"&#{ord(match[0])};", text)


def ground_script(edition: Edition, *, tiles: Tiles | None = None) -> str:
    """Script that makes the empty map with its land and water; the same edition gives the same text."""
    chart = _chart(edition)
    if tiles is not None:
        background = folium.TileLayer(tiles.url, attr=inert(tiles.attribution), name="tiles")
        background._id = "baggrund"
        background.add_to(chart)
    for name, height in ((_UNDER, 350), (_OVER, 450)):
        pane = folium.map.CustomPane(name, z_index=height, pointer_events=False)
        pane._id = name
        pane.add_to(chart)
    for layer in _ground_layers(edition):
        where = _OVER if layer.id == _OVER else _UNDER
        _shapes(edition, layer.id, style=f"ground {layer.id}", pane=where, interactive=False).add_to(chart)
    named = [
        (known.name, known.point[0], known.point[1], f"{layer.id} {known.note}") for layer in _points(edition) for known in layer.areas
    ]
    return _script(chart) + _names("kortsteder", named)


def orientation_script(edition: Edition) -> str:
    """Script that adds what one finds one's way by: parks under the areas, roads and rails over them, and names of stations and places.

    It comes after the map is drawn: nothing waits for it.
    """
    chart = _chart(edition)
    for name, height in ((_PARKS, 360), ("streger", 460)):
        pane = folium.map.CustomPane(name, z_index=height, pointer_events=False)
        pane._id = name
        pane.add_to(chart)
    for layer in _layers(edition, later=True):
        where = "streger" if layer.geometry == "lines" else _PARKS
        _shapes(edition, layer.id, style=f"ground {layer.id}", pane=where, interactive=False, named=True).add_to(chart)
    stations = (
        [(known.name, known.point[0], known.point[1], _STATIONS) for known in edition.layers[_STATIONS].areas]
        if _STATIONS in edition.layers
        else []
    )
    named = [*stations, *((name, x, y, f"sted-{kind}") for name, x, y, kind in known_names.written(edition))]
    return _script(chart, without=MAP_ID) + _names("kortnaere", named)


def _names(variable: str, named: Iterable[tuple[str, float, float, str]]) -> str:
    """Names as JSON for the page's own script: name, longitude, latitude, and what it is the name of."""
    return f"window.{variable} = {msgspec.json.encode([(name, round(x, 5), round(y, 5), of) for name, x, y, of in named]).decode()};\n"


def _named(known: AreaInfo, of: str) -> tuple[str, float, float, str]:
    return known.name, known.point[0], known.point[1], of


def _points(edition: Edition) -> list[AreaLayer]:
    return [layer for layer in edition.layers.values() if layer.role == "context" and layer.geometry == "points" and layer.id != _STATIONS]


def _layers(edition: Edition, *, later: bool) -> list[AreaLayer]:
    """The layers that are drawn with the empty map, or those that come later: lines, and parks."""
    drawn = [layer for layer in edition.layers.values() if layer.role == "context" and layer.geometry != "points"]
    return [layer for layer in drawn if (layer.geometry == "lines" or layer.id == _PARKS) is later]


def layer_script(edition: Edition, area_set: str) -> str:
    """Script that adds one area set to the map as `geo_json_<area_set>`; its looks come from the style sheet and the values file.

    Raises NotFoundError when the edition has no such set to carry figures.
    """
    layer = edition.layers.get(area_set)
    if layer is None or layer.role != "areas" or not _SET_ID.fullmatch(area_set):
        raise NotFoundError(Problem(area_set, "no such area set in this edition", expected=", ".join(drawable(edition))))
    chart = _chart(edition)
    options: dict[str, Any] = {"renderer": folium.JsCode("L.canvas()")} if len(layer.areas) > MAX_SVG_SHAPES else {}
    _shapes(edition, area_set, style="omraade", **options).add_to(chart)
    return _script(chart, without=MAP_ID)


def _ground_layers(edition: Edition) -> list[AreaLayer]:
    context = _layers(edition, later=False)
    town = [edition.layers["kommune"]] if "kommune" in edition.layers else []
    return (
        sorted((layer for layer in context if layer.id != _OVER), key=lambda layer: layer.id)
        + town
        + [layer for layer in context if layer.id == _OVER]
    )


def _chart(edition: Edition) -> folium.Map:
    west, south, east, north = bounds([layer for layer in edition.layers.values() if layer.role == "areas"])
    chart = folium.Map(
        location=(round((south + north) / 2, 5), round((west + east) / 2, 5)),
        zoom_start=11,
        tiles=None,
        zoom_control=False,  # map.js adds it, with Danish or English labels
        attributionControl=False,  # the source line says it in the page; map.js adds it for a tile server
        scrollWheelZoom=False,  # the wheel scrolls the page; map.js turns it on while the map has focus
        zoomSnap=0.25,
        minZoom=9,
        maxZoom=17,
    )
    chart._id = MAP_ID.removeprefix("map_")
    return chart


def _shapes(edition: Edition, area_set: str, *, style: str, named: bool = False, **options: Any) -> folium.GeoJson:
    """The shapes of a layer. named: whether each has its code as a class beside the style; a code holds letters, digits and -_. alone."""
    drawn = folium.GeoJson(
        _only_ids(edition.geometry(area_set)),
        style_function=lambda feature: {"className": f"{style} {_LOOK.sub('-', feature['properties']['area_id'])}" if named else style},
        smooth_factor=0,  # neighbours share corners; simplifying each by itself opens gaps
        **options,
    )
    drawn._id = area_set
    return drawn


def _only_ids(geojson: bytes) -> dict[str, Any]:
    """Keep of each feature the encoded area id and the geometry, whatever else the file may hold."""
    features = msgspec.json.decode(geojson)["features"]
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"area_id": inert(str(feature["properties"]["area_id"]))}, "geometry": feature["geometry"]}
            for feature in features
        ],
    }


def _script(chart: folium.Map, *, without: str = "") -> str:
    """Take the script alone out of Folium's page; its HTML, its CDN links and its style blocks are left behind."""
    page: Any = chart.get_root()
    page.render()
    parts = [part.render() for name, part in page.script._children.items() if name != without]
    lines = (line.strip() for part in parts for line in part.splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def tiles() -> Tiles | None:
    """The tile server that the settings name, or None."""
    chosen = settings()
    return Tiles(chosen.tile_url, chosen.tile_attribution) if chosen.tile_url else None
