"""Points of a GeoParquet register as x and y: its geometries are WKB in one column, and their CRS stands in the file's metadata."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from geo.errors import CrsError, Problem
from geo.model.areas import Register
from geo.spatial import crs

_LONGITUDE_FIRST = "OGC:CRS84"
"""The CRS of a GeoParquet file that names none."""


def column(schema: pa.Schema, register: Register) -> str:
    """Return the name of the column of points of a GeoParquet file that has no x and y of its own; "" for any other file."""
    if register.x in schema.names and register.y in schema.names:
        return ""
    said = _said(schema)
    name = str(said.get("primary_column", ""))
    encoding = said.get("columns", {}).get(name, {}).get("encoding")
    return name if encoding == "WKB" and name in schema.names else ""


def check_crs(schema: pa.Schema, points: str, register: Register, *, file: str) -> None:
    """Raise CrsError when a file says another CRS than its sidecar declares: in a text `crs`, or as GeoParquet does.

    points: the file's column of points, "" for none. file: how messages name it. Points of GeoParquet have x first, whatever the CRS says.
    """
    said = said_crs(schema, points)
    if not said:
        return
    crs.check_name(said, file=file)
    if not crs.same(said, register.crs, x_first=bool(points)):
        raise CrsError(Problem(file, "the file says another CRS than its sidecar declares", None, "crs", crs.title(said), register.crs))


def said_crs(schema: pa.Schema, points: str) -> str:
    """Return the CRS that a file says of its coordinates, in its text `crs` or as GeoParquet does; "" where it says none.

    points: the file's column of points, "" for none.
    """
    if not points:
        plain: bytes = (schema.metadata or {}).get(b"crs", b"")
        return plain.decode(errors="replace")
    written: object = _said(schema)["columns"][points].get("crs", _LONGITUDE_FIRST)
    return written if isinstance(written, str) else json.dumps(written)


def described(schema: pa.Schema, register: Register) -> pa.Schema:
    """Return the columns of a file with x and y where it holds points."""
    if column(schema, register):
        for name in (register.x, register.y):
            if name not in schema.names:
                schema = schema.append(pa.field(name, pa.float64()))
    return schema


def with_x_and_y(batch: pa.RecordBatch, points: str, register: Register) -> pa.RecordBatch:
    """Return a batch with x and y of its column of points (float64); both are absent where there is no point."""
    shapes = shapely.from_wkb(batch[points].to_numpy(zero_copy_only=False), on_invalid="ignore")
    columns = {name: batch[name] for name in batch.schema.names}
    for name, read in ((register.x, shapely.get_x), (register.y, shapely.get_y)):
        numbers = np.asarray(read(shapes), dtype=float)
        columns[name] = pa.array(numbers, mask=np.isnan(numbers))
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def _said(schema: pa.Schema) -> dict[str, Any]:
    """What a file's metadata says of its geometries; nothing when it is no GeoParquet."""
    try:
        said = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
    except ValueError:
        return {}
    return said if isinstance(said, dict) and isinstance(said.get("columns"), dict) else {}
