"""The only module that reprojects: EPSG:25832 (metres) to measure, EPSG:4326 (degrees) to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo.errors import CrsError, Problem

if TYPE_CHECKING:
    import geopandas as gpd

MEASURE: Final = "EPSG:25832"
"""ETRS89 / UTM zone 32N, metres: the Danish authorities' projected CRS. Areas and distances are computed in it."""

SHOW: Final = "EPSG:4326"
"""WGS 84 longitude, latitude in degrees: what GeoJSON (RFC 7946) and web maps speak."""


def to_measure(layer: gpd.GeoDataFrame, *, file: str) -> gpd.GeoDataFrame:
    """Reproject a layer to metres (EPSG:25832).

    Raises CrsError when the layer has no CRS: nobody guesses one.
    """
    if layer.crs is None:
        raise CrsError(
            Problem(file, "the layer has no coordinate reference system", expected="a CRS in the file, for example EPSG:25832 or EPSG:4326")
        )
    return layer.to_crs(MEASURE)


def to_show(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Reproject a layer in metres to longitude and latitude (EPSG:4326)."""
    return layer.to_crs(SHOW)
