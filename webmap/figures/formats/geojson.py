"""GeoJSON (RFC 7946, EPSG:4326): the outlines of areas, each with the figure or with what else is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from geo.editions.edition import Edition
from webmap.figures.formats.table import FigureTable, Format, Record

_NOTHING: Final[Mapping[str, Any]] = {}


def features(edition: Edition, area_set: str, properties: Mapping[str, Record]) -> list[dict[str, Any]]:
    """The areas of a set as features. properties: by area id; an area that is not among them has only its id and name."""
    names = {area.area_id: area.name for area in edition.layers[area_set].areas}
    listed: list[dict[str, Any]] = msgspec.json.decode(edition.geometry(area_set))["features"]
    for feature in listed:
        area_id = str(feature["properties"]["area_id"])
        bare = {"area_set": area_set, "area_id": area_id, "area_name": names.get(area_id, "")}
        feature["properties"] = properties.get(area_id, bare)
    return listed


def collection(drawn: Iterable[Mapping[str, Any]], *, before: Mapping[str, Any] = _NOTHING, after: Mapping[str, Any] = _NOTHING) -> bytes:
    """Features as one collection. before, after: what the collection says of itself, before its features and after them."""
    return msgspec.json.encode({"type": "FeatureCollection", **before, "features": list(drawn), **after})


def _write(table: FigureTable) -> bytes:
    edition = table.reader.edition
    layer = edition.layers[table.area_set]
    figures = {str(record["area_id"]): record for record in table.records}
    about = {"title": layer.title, "producer": layer.producer, "licence": layer.licence, "generalised": layer.generalised}
    return collection(features(edition, table.area_set, figures), after=about)


def _read(body: bytes) -> list[Record]:
    """The figures of the areas that have one."""
    drawn = msgspec.json.decode(body)["features"]
    return [feature["properties"] for feature in drawn if "period" in feature["properties"]]


GEOJSON: Final = Format("geojson", "GeoJSON", "application/geo+json", _write, _read, one_map=True)
