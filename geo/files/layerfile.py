"""Opening layer files: from elsewhere by their bytes, never one that makes GDAL open another; of the workspace without GDAL."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Final

_SKIPPED: Final = (
    "ADBC,AIVector,AmigoCloud,AVCBin,AVCE00,Carto,CSV,CSW,DGN,DXF,EDIGEO,EEDA,Elasticsearch,ESRIJSON,GDALG,GeoJSONSeq,GeoRSS,GML,"
    "GPSBabel,GPX,GTFS,HTTP,Idrisi,JML,JSONFG,KML,LIBKML,LVBAG,MapInfo File,MapML,MBTiles,MEM,MiraMonVector,MVT,NGW,OAPIF,ODS,"
    "OGCAPI,OGR_GMT,OGR_PDS,OGR_VRT,OpenFileGDB,OSM,PCIDSK,PDF,PDS4,PGDUMP,PLSCENES,PMTiles,S57,Selafin,SQLite,SXF,TopoJSON,VDV,VFK,"
    "VICAR,WAsP,WFS,XLSX"
)
# GDAL picks its driver by a file's content, and some drivers read other files and addresses that the content names. It reads this
# setting when pyogrio is imported, once; so it stands before that import, and no other module of geo imports pyogrio.
os.environ["OGR_SKIP"] = _SKIPPED

import geopandas as gpd  # noqa: E402  -- after OGR_SKIP, see above
import pandas as pd  # noqa: E402  -- after OGR_SKIP, see above
import pyogrio  # noqa: E402  -- after OGR_SKIP, see above
import shapely  # noqa: E402  -- after OGR_SKIP, see above
from pyogrio.errors import DataLayerError, DataSourceError  # noqa: E402  -- after OGR_SKIP, see above
from pyproj import CRS  # noqa: E402  -- after OGR_SKIP, see above
from pyproj.exceptions import ProjError  # noqa: E402  -- after OGR_SKIP, see above

from geo.errors import CrsError, InputError, Problem  # noqa: E402  -- after OGR_SKIP, see above
from geo.files import limits, signs  # noqa: E402  -- after OGR_SKIP, see above
from geo.spatial import crs  # noqa: E402  -- after OGR_SKIP, see above

_MAGIC: Final = {
    ".geojson": ("GeoJSON", (b"{",)),
    ".json": ("GeoJSON", (b"{",)),
    ".gpkg": ("GeoPackage", (b"SQLite format 3\0",)),
    ".shp": ("ESRI Shapefile", (b"\x00\x00\x27\x0a",)),
    ".fgb": ("FlatGeobuf", (b"fgb\x03fgb",)),
}
"""Ending of the name: what the file must be, and the bytes it must begin with."""

ENDINGS: Final = tuple(_MAGIC)
_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")
_MOST_COLUMNS: Final = 2_000
"""Columns of a GeoJSON: as many as a GeoPackage may have; GDAL's time grows with their square."""
_DEGREES: Final = "EPSG:4326"
NO_CRS: Final = "the layer has no coordinate reference system"


def read(path: Path, *, file: str) -> gpd.GeoDataFrame:
    """Read the layer of a GeoJSON, GeoPackage, Shapefile or FlatGeobuf as it is, in its own CRS.

    file: the name of the file in messages. GeoJSON without a `crs` member is EPSG:4326, as RFC 7946 says; with `"crs": null` it has
    no CRS, and neither has a Shapefile without a .prj. Raises CrsError for a layer without a CRS, and InputError for a file that is
    not of the format that its name says or that does not hold exactly one layer.
    """
    _sniff(path, file=file)
    written = _written(path, file=file) if _MAGIC[path.suffix.lower()][0] == "GeoJSON" else {}
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(path.resolve())]
        if len(names) != 1:
            raise InputError(Problem(file, "not just one layer", found=", ".join(names) or "none", expected="a file with one layer"))
        layer = pyogrio.read_dataframe(path.resolve(), on_invalid="ignore", force_2d=True)
    except ProjError:
        raise CrsError(Problem(file, crs.UNKNOWN, expected=crs.EXPECTED)) from None
    except (DataSourceError, DataLayerError, ValueError, OverflowError) as error:
        raise InputError(Problem(file, "the layer cannot be read", found=str(error).split("; It might help")[0].split("\n")[0])) from None
    if not isinstance(layer, gpd.GeoDataFrame):
        raise InputError(Problem(file, "a layer without geometries", expected="areas: polygons"))
    if layer.crs is None or written.get("crs", "") is None:  # GDAL reads `"crs": null` as EPSG:4326, but it means that there is none
        raise CrsError(Problem(file, NO_CRS, expected=f"{crs.EXPECTED}; nobody guesses one"))
    crs.check_layer(layer, file=file)
    return layer


def read_own(path: Path, *, file: str) -> gpd.GeoDataFrame:
    """Read a layer of the workspace: GeoJSON, as it is, in its own CRS, by Python's JSON and GEOS.

    Such a layer was checked when it came in, or somebody put it there: whatever it holds, GDAL does not read it in this process. What is
    raised is what `read` raises. A feature whose geometry cannot be made has none.
    """
    _sniff(path, file=file)
    if _MAGIC[path.suffix.lower()][0] != "GeoJSON":
        raise InputError(Problem(file, "a format that is not read here", found=path.suffix, expected=".geojson"))
    written = _written(path, file=file)
    features = written.get("features")
    if not isinstance(features, list) or not all(_is_feature(feature) for feature in features):
        raise InputError(Problem(file, "not a GeoJSON layer", expected='"features": a list of features'))
    shapes = shapely.force_2d(shapely.from_geojson([json.dumps(feature.get("geometry")) for feature in features], on_invalid="ignore"))
    if not features or shapely.is_missing(shapes).all():
        raise InputError(Problem(file, "a layer without geometries", expected="areas: polygons"))
    columns = pd.DataFrame.from_records([feature.get("properties") or {} for feature in features]).apply(_alike)
    layer = gpd.GeoDataFrame(columns, geometry=shapes, crs=_crs(written, file=file))
    crs.check_layer(layer, file=file)
    return layer


def _is_feature(feature: object) -> bool:
    return (
        isinstance(feature, dict)
        and feature.get("type") == "Feature"
        and isinstance(feature.get("properties"), dict | None)
        and isinstance(feature.get("geometry"), dict | None)
        and "geometry" not in (feature.get("properties") or {})
    )


def _alike(column: pd.Series) -> pd.Series:
    """A column as GDAL would give it: lists and objects as the JSON that they are, and all as text where one is."""
    kinds = {type(value) for value in column.dropna()}
    if kinds & {dict, list} or (str in kinds and kinds - {str}):
        return column.map(lambda value: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), na_action="ignore")
    return column


def _crs(written: dict[str, object], *, file: str) -> CRS:
    """The CRS that a GeoJSON says, EPSG:4326 where it says none. Raises CrsError."""
    said = written.get("crs", _DEGREES)
    if said is None:
        raise CrsError(Problem(file, NO_CRS, expected=f"{crs.EXPECTED}; nobody guesses one"))
    properties = said.get("properties") if isinstance(said, dict) else said
    name = properties.get("name") if isinstance(properties, dict) else properties
    try:
        return CRS.from_user_input(_DEGREES if str(name).endswith("CRS84") else name)
    except (ProjError, ValueError, TypeError):
        raise CrsError(Problem(file, crs.UNKNOWN, expected=crs.EXPECTED)) from None


def _sniff(path: Path, *, file: str) -> None:
    """Refuse a file that is missing, empty, of another format than its name says, or of one we do not read."""
    limits.see(path, file=file, setting="layer_mb")
    if path.suffix.lower() not in _MAGIC:
        raise InputError(Problem(file, "a format that is not read", found=path.suffix or "no ending", expected=", ".join(ENDINGS)))
    name, beginnings = _MAGIC[path.suffix.lower()]
    with path.open("rb") as stream:
        begin = stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n" if name == "GeoJSON" else b"")
    if not begin:
        raise InputError(Problem(file, "the file is empty", expected=name))
    if not begin.startswith(beginnings):
        raise InputError(Problem(file, "the file is not what its name says", found=f"it begins with {begin[:16]!r}", expected=name))


class _FeatureError(Exception):
    """Something in a GeoJSON that GDAL would not tell: it takes one of two values, and cuts a text at NUL."""

    def __init__(self, what: str, column: str, expected: str) -> None:
        super().__init__(what)
        self.what, self.column, self.expected = what, column[:80], expected


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of a GeoJSON. Raises _FeatureError for a name that stands twice and a text that no file can hold."""
    written = dict(pairs)
    if len(written) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _FeatureError("a name that stands twice", twice, "each column once in a feature")
    if len(written) > _MOST_COLUMNS:
        raise _FeatureError("too many columns", "", f"at most {_MOST_COLUMNS:,}")
    for name, part in pairs:
        if _UNKEEPABLE.search(name) or (isinstance(part, str) and _UNKEEPABLE.search(part)):
            raise _FeatureError(signs.UNSEEN, _UNKEEPABLE.sub("?", name), signs.SEEN)
    return written


def _written(path: Path, *, file: str) -> dict[str, object]:
    """What a GeoJSON layer says. Raises InputError with the line where it is not UTF-8 or not JSON: GDAL would not say."""
    content = path.read_bytes()
    try:
        written = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise InputError(Problem(file, "not UTF-8", row=row, found=f"byte 0x{content[error.start]:02X}", expected="UTF-8")) from None
    except RecursionError:
        raise InputError(Problem(file, "not a GeoJSON layer", found="lists in lists, deeper than any area", expected="GeoJSON")) from None
    except _FeatureError as error:
        raise InputError(Problem(file, error.what, column=error.column, expected=error.expected)) from None
    except json.JSONDecodeError as error:
        raise InputError(Problem(file, "not JSON", row=error.lineno, found=error.msg, expected="GeoJSON")) from None
    except ValueError:
        raise InputError(Problem(file, "not a GeoJSON layer", found="a number with too many digits", expected="GeoJSON")) from None
    if not isinstance(written, dict) or written.get("type") != "FeatureCollection":
        raise InputError(Problem(file, "not a GeoJSON layer", expected='"type": "FeatureCollection"'))
    return written
