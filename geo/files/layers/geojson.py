"""Layers in JSON, by Python's JSON and GEOS: GeoJSON as a collection, as one feature, or a feature a line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import ProjError

from geo.errors import CrsError, InputError, Problem
from geo.files import limits, signs
from geo.spatial import crs

_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")
_MOST_COLUMNS: Final = 2_000
"""Columns of a layer: as many as a GeoPackage may have."""
_DEGREES: Final = "EPSG:4326"
NO_CRS: Final = "the layer has no coordinate reference system"


class _FeatureError(Exception):
    """Something in a GeoJSON that Python would not tell: it takes the last of two values of a name."""

    def __init__(self, what: str, column: str, expected: str) -> None:
        super().__init__(what)
        self.what, self.column, self.expected = what, column[:80], expected


def read_own(path: Path, *, file: str) -> gpd.GeoDataFrame:
    """Read a layer of the workspace, a GeoJSON, as `read` does.

    Such a layer was checked when it came in, or somebody put it there: whatever it holds, GDAL does not read it in this process. Raises
    InputError and CrsError as `layer_of`, and for a file that is empty or no GeoJSON.
    """
    content = limits.content(path, file=file, setting="layer_mb")
    if path.suffix.lower() != ".geojson":
        raise InputError(Problem(file, "a format that is not read here", found=path.suffix, expected=".geojson"))
    if not content.strip():
        raise InputError(Problem(file, "the file is empty", expected="GeoJSON"))
    return layer_of(parsed(content, file=file), file=file)


def parsed(content: bytes, *, file: str, lines: bool = False) -> dict[str, Any]:
    """Return the one object in JSON that some bytes are. lines: whether each line is a feature of its own; they come as a collection.

    Raises InputError with the line where it is not UTF-8 or not JSON, for a name that stands twice in an object, and for lists in lists
    deeper than any area.
    """
    try:
        text = content.decode("utf-8-sig")
        if lines:
            rows = [line.strip(" \t\r\n\x1e") for line in text.split("\n")]
            features = [_loaded(line, row, file=file) for row, line in enumerate(rows, 1) if line]
            return {"type": "FeatureCollection", "features": features}
        written = _loaded(text, 0, file=file)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise InputError(Problem(file, "not UTF-8", row=row, found=f"byte 0x{content[error.start]:02X}", expected="UTF-8")) from None
    if not isinstance(written, dict):
        raise InputError(Problem(file, "not a GeoJSON layer", expected='"type": "FeatureCollection"'))
    return written


def _loaded(text: str, row: int, *, file: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except RecursionError:
        raise InputError(Problem(file, "not a GeoJSON layer", found="lists in lists, deeper than any area", expected="GeoJSON")) from None
    except _FeatureError as error:
        raise InputError(Problem(file, error.what, column=error.column, expected=error.expected)) from None
    except json.JSONDecodeError as error:
        after = text[error.pos :].lstrip()
        lines = error.msg == "Extra data" and after.startswith("{")
        what, mend = ("features a line, not one collection", "named .geojsonl, it is read") if lines else ("not JSON", "GeoJSON")
        raise InputError(Problem(file, what, row=row or error.lineno, found=error.msg, expected=mend)) from None
    except ValueError:
        raise InputError(Problem(file, "not a GeoJSON layer", found="a number with too many digits", expected="GeoJSON")) from None


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


def layer_of(written: dict[str, Any], *, file: str) -> gpd.GeoDataFrame:
    """Return a GeoJSON object as a layer, as it is, in its own CRS: EPSG:4326 where it says none, as RFC 7946 does.

    A feature's `id` beside its properties, which web feature services add, is no column. A feature whose geometry cannot be made has
    none. Raises CrsError for `"crs": null` and a CRS that nobody knows, InputError for anything but features.
    """
    features = [written] if written.get("type") == "Feature" else written.get("features")
    if _is_esri(written, features):
        mend = "GeoJSON: ask the service for f=geojson, or: ogr2ogr layer.geojson layer.json"
        raise InputError(Problem(file, "not a GeoJSON layer", found="ESRI JSON, as ArcGIS writes it", expected=mend))
    if written.get("type") not in {"FeatureCollection", "Feature"}:
        raise InputError(Problem(file, "not a GeoJSON layer", expected='"type": "FeatureCollection"'))
    if not isinstance(features, list) or not all(_is_feature(feature) for feature in features):
        raise InputError(Problem(file, "not a GeoJSON layer", expected='"features": a list of features'))
    if not features:
        raise InputError(Problem(file, "a layer without features", expected="at least one area"))
    shapes = shapely.force_2d(shapely.from_geojson([json.dumps(feature.get("geometry")) for feature in features], on_invalid="ignore"))
    if shapely.is_missing(shapes).all():
        raise InputError(Problem(file, "a layer without geometries", expected="areas: polygons"))
    columns = pd.DataFrame.from_records([feature.get("properties") or {} for feature in features]).apply(_alike)
    layer = gpd.GeoDataFrame(columns, geometry=shapes, crs=_crs(written, file=file))
    crs.check_layer(layer, file=file)
    return layer


def _is_esri(written: dict[str, Any], features: object) -> bool:
    of_first = features[0] if isinstance(features, list) and features else {}
    return "geometryType" in written or (isinstance(of_first, dict) and "attributes" in of_first and "type" not in of_first)


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
