"""Reading a stranger's layer by GDAL or Arrow: never one that makes GDAL open another. It is run in a process of its own."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Final

_SKIPPED: Final = (
    "ADBC,AIVector,AmigoCloud,AVCBin,AVCE00,Carto,CSV,CSW,DGN,DXF,EDIGEO,EEDA,Elasticsearch,ESRIJSON,GDALG,GeoJSONSeq,GeoRSS,"
    "GPSBabel,GPX,GTFS,HTTP,Idrisi,JML,JSONFG,LIBKML,LVBAG,MapML,MBTiles,MEM,MiraMonVector,MVT,NGW,OAPIF,ODS,"
    "OGCAPI,OGR_GMT,OGR_PDS,OGR_VRT,OSM,PCIDSK,PDF,PDS4,PGDUMP,PLSCENES,PMTiles,S57,Selafin,SQLite,SXF,VDV,VFK,"
    "VICAR,WAsP,WFS,XLSX"
)
# GDAL picks its driver by a file's content, and some drivers read other files and addresses that the content names. It reads this
# setting when pyogrio is imported, once; so it stands before that import, and no other module of geo imports pyogrio.
os.environ["OGR_SKIP"] = _SKIPPED
# A GML may name its schema, and parts of itself, at an address: neither is followed, and nothing is written beside the file.
os.environ |= {"GML_SKIP_RESOLVE_ELEMS": "ALL", "GML_DOWNLOAD_SCHEMA": "NO", "SHAPE_RESTORE_SHX": "NO"}

import geopandas as gpd  # noqa: E402  -- after OGR_SKIP, see above
import pyogrio  # noqa: E402  -- after OGR_SKIP, see above
from pyogrio.errors import DataLayerError, DataSourceError  # noqa: E402  -- after OGR_SKIP, see above
from pyproj.exceptions import ProjError  # noqa: E402  -- after OGR_SKIP, see above

from geo.errors import CrsError, InputError, Problem  # noqa: E402  -- after OGR_SKIP, see above
from geo.files.layers import formats, geojson, shapefile  # noqa: E402  -- after OGR_SKIP, see above
from geo.files.layers.formats import LayerSource  # noqa: E402  -- after OGR_SKIP, see above
from geo.spatial import crs  # noqa: E402  -- after OGR_SKIP, see above

REMARKS: Final = "remarks"
"""The name in a layer's attrs of what a reader is told of how it was read: a list of texts."""


def read(path: Path, *, file: str, layer: str = "") -> gpd.GeoDataFrame:
    """Read a layer as it is, in its own CRS: the formats of `formats.ENDINGS`, each of them in a zip too.

    file: the name of the file in messages. layer: the name of the layer, of a file that has several. GeoJSON without a `crs` member and
    TopoJSON are EPSG:4326, as RFC 7946 says; with `"crs": null` a GeoJSON has no CRS, and neither has a Shapefile without a .prj. What
    was found out is in `attrs["remarks"]`. Raises CrsError for a layer without a CRS, and InputError for a file that is not of the format
    that its name says, and that does not hold exactly one layer where none is named.
    """
    source = formats.opened(path, file=file)
    if source.format.json:
        written = geojson.parsed(source.content(), file=file, lines=source.format is formats.LINES)
        if written.get("type") != "Topology":
            return geojson.layer_of(written, file=file)
    try:
        areas = _parquet(source, file=file) if source.format is formats.PARQUET else _by_gdal(source, layer, file=file)
    except ProjError:
        raise CrsError(Problem(file, crs.UNKNOWN, expected=crs.EXPECTED)) from None
    if areas.crs is None and source.format.json:  # a TopoJSON
        areas = areas.set_crs(4326)
    if areas.crs is None:
        raise CrsError(Problem(file, geojson.NO_CRS, expected=f"{crs.EXPECTED}; nobody guesses one"))
    crs.check_layer(areas, file=file)
    return areas


def _parquet(source: LayerSource, *, file: str) -> gpd.GeoDataFrame:
    try:
        return gpd.read_parquet(io.BytesIO(source.content()))
    except (ValueError, OSError, KeyError) as error:  # Arrow's errors are of these
        words = str(error).split("\n", maxsplit=1)[0][:200]
        raise InputError(Problem(file, "the layer cannot be read", found=words, expected="GeoParquet 1.0 or 1.1")) from None


def _by_gdal(source: LayerSource, layer: str, *, file: str) -> gpd.GeoDataFrame:
    is_shapefile = source.format.name == "ESRI Shapefile"
    encoding, remark = shapefile.letters(source, file=file) if is_shapefile else ("", "")
    try:
        name = _layer(source, layer, file=file)
        layer_read = pyogrio.read_dataframe(source.address, layer=name, on_invalid="ignore", force_2d=True, encoding=encoding or None)
    except (DataSourceError, DataLayerError, ValueError, OverflowError) as error:
        raise InputError(Problem(file, "the layer cannot be read", found=str(error).split("; It might help")[0].split("\n")[0])) from None
    if not isinstance(layer_read, gpd.GeoDataFrame):
        raise InputError(Problem(file, "a layer without geometries", expected="areas: polygons"))
    layer_read.attrs[REMARKS] = [remark] if remark else []
    return layer_read


def _layer(source: LayerSource, wanted: str, *, file: str) -> str:
    """The name of the one layer with geometries, or of the wanted one. Tables beside it, such as a project's styles, do not count."""
    every = [str(name) for name, kind in pyogrio.list_layers(source.address) if kind]
    if wanted in every or (len(every) == 1 and not wanted):
        return wanted or every[0]
    what = "no such layer" if wanted else "not just one layer"
    raise InputError(Problem(file, what, found=", ".join(every) or "none", expected="--layer with one of these names"))
