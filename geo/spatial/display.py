"""Area sets as the web draws them: a description, and simplified geometry in which neighbouring areas still share their edges."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.model.areas import AreaSet
from geo.model.results import AreaInfo, AreaLayer
from geo.spatial import crs

TOLERANCE: Final = 3.0
"""How far, in metres, a drawn line may lie from the true one: less than a pixel at the closest zoom that a map of districts needs."""

DECIMALS: Final = 5
"""Decimals of a degree in what is drawn: about one metre."""


def describe(area_set: AreaSet) -> AreaLayer:
    """Describe an area set: provenance, and each area's name, label point, bounds (degrees) and size (km2 in EPSG:25832)."""
    about = area_set.sidecar
    return AreaLayer(
        id=area_set.id,
        edition=area_set.edition,
        title=about.title,
        producer=about.producer,
        licence=about.licence,
        generalised=about.generalised,
        areas=tuple(_infos(area_set)),
        role=area_set.kind.role,
        geometry=area_set.kind.geometry,
        url=about.url,
        retrieved=about.retrieved,
        changed=about.changed,
        of=area_set.kind.groups.area_set if area_set.kind.groups else "",
    )


def draw(area_set: AreaSet) -> bytes:
    """Write the geometry as GeoJSON (RFC 7946, EPSG:4326, DECIMALS decimals), a feature a line, with the property `area_id` only.

    A partition is simplified as a whole, so that neighbours keep a common edge.
    """
    light = gpd.GeoDataFrame(area_set.areas[["area_id"]], geometry=_simplify(area_set), crs=area_set.areas.crs)
    shown = crs.to_show(light)
    lines = [_feature(str(area_id), geometry) for area_id, geometry in zip(shown["area_id"], shown.geometry, strict=True)]
    return ('{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n").encode()


def _simplify(area_set: AreaSet) -> NDArray[np.object_]:
    geometry: NDArray[np.object_] = area_set.areas.geometry.to_numpy()
    if area_set.edition.partition and shapely.coverage_is_valid(geometry):
        light = shapely.coverage_simplify(geometry, TOLERANCE)
    else:
        light = shapely.simplify(geometry, TOLERANCE)
    # A shape smaller than the tolerance may vanish; it is drawn as it is.
    return np.where(shapely.is_empty(light), geometry, light)


def _feature(area_id: str, geometry: shapely.Geometry) -> str:
    rounded = shapely.transform(shapely.force_2d(geometry), lambda corners: corners.round(DECIMALS))
    feature = {"type": "Feature", "properties": {"area_id": area_id}, "geometry": json.loads(shapely.to_geojson(rounded))}
    return json.dumps(feature, separators=(",", ":"))


def _infos(area_set: AreaSet) -> Iterable[AreaInfo]:
    areas = area_set.areas
    shown = crs.to_show(areas)
    points = crs.to_show(gpd.GeoDataFrame(geometry=areas.geometry.representative_point(), crs=areas.crs)).geometry
    for number, (row, point) in enumerate(zip(shown.itertuples(), points, strict=True)):
        left, bottom, right, top = (round(float(edge), DECIMALS) for edge in row.geometry.bounds)
        yield AreaInfo(
            area_id=str(row.area_id),
            name=str(row.name),
            note=str(row.note),
            point=(round(point.x, DECIMALS), round(point.y, DECIMALS)),
            box=(left, bottom, right, top),
            km2=round(float(areas.geometry.iat[number].area) / 1e6, 4),
            members=area_set.members.get(str(row.area_id), ()),
        )
