"""What is put right in a layer without asking, because it can mean one thing only, and what is left out when asked: all of it is said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import InputError, Problem

_POINT_ZERO: Final = re.compile(r"[0-9]+\.0")
_CUT: Final = 10
"""Bytes of a column's name in a Shapefile, at most."""
_RING: Final = "Ring Self-intersection"
_SAME_AREA: Final = 1e-9
_MOST: Final = 10


def without_empty(layer: gpd.GeoDataFrame, *, leave_out: bool, file: str) -> tuple[gpd.GeoDataFrame, str]:
    """Return a layer without the features that have no geometry, and a remark that counts them, "" where each has one.

    layer: its index holds the numbers of the features in their file. leave_out: whether a person asked for it. Raises InputError where
    nobody did.
    """
    absent = np.array(shapely.is_missing(layer.geometry.to_numpy()) | shapely.is_empty(layer.geometry.to_numpy()))
    if not absent.any():
        return layer, ""
    rows = layer.index[absent].tolist()
    shown = ", ".join(str(row) for row in rows[:_MOST])
    if not leave_out:
        counted = f"{len(rows)} of {len(layer)} features have none: {shown}"
        mend = "a polygon in each; or --leave-out-empty"
        raise InputError(Problem(file, "an empty geometry", int(rows[0]), "geometry", counted, mend, len(rows) - 1))
    return layer[~absent], f"{len(rows)} features without a geometry left out ({shown})"


def mended(layer: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, str]:
    """Return a layer in which rings that touch themselves in a point are cut into rings, and a remark; "" where there are none.

    ArcGIS writes a hole that touches its outline as one ring, which OGC's rules forbid. The area stays the same, to a billionth; where it
    would not, the geometry stays as it was and is refused later.
    """
    shapes = layer.geometry.to_numpy()
    wrong = [
        place
        for place in np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)).tolist()
        if shapely.is_valid_reason(shapes[place]).startswith(_RING)
    ]
    new = {place: shape for place in wrong if (shape := _rings_apart(shapes[place])) is not None}
    if not new:
        return layer, ""
    whole = [new.get(place, shape) for place, shape in enumerate(shapes)]
    rows = ", ".join(str(layer.index[place]) for place in list(new)[:_MOST])
    return layer.set_geometry(gpd.GeoSeries(whole, index=layer.index, crs=layer.crs)), (
        f"{len(new)} outlines that touch themselves, as ArcGIS writes them, made of several rings ({rows}); their areas stay the same"
    )


def _rings_apart(shape: shapely.Geometry) -> shapely.Geometry | None:
    made = shapely.make_valid(shape)
    before = abs(shapely.area(shape))
    polygons = [part for part in shapely.get_parts(made) if shapely.get_type_id(part) == shapely.GeometryType.POLYGON]
    if not before or not polygons or abs(sum(map(shapely.area, polygons)) - before) > _SAME_AREA * before:
        return None
    apart: shapely.Geometry = polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)
    return apart


def texts(column: pd.Series) -> list[str]:
    """Return codes or names as text: 10.0, as a format or a program stored it, is the code "10", and an absent one is "".

    column: shape (rows,).
    """
    plain = [
        "" if pd.isna(value) else str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
        for value in column
    ]
    return [text.removesuffix(".0") for text in plain] if all(not text or _POINT_ZERO.fullmatch(text) for text in plain) else plain


def named(columns: Iterable[str], wanted: Iterable[str], *, cut: bool) -> dict[str, str]:
    """Return which column of a file each wanted name is: the same name, in other letters of the same sound, or cut after ten bytes.

    columns: of the file. wanted: of a profile; those that the file does not have are left out. cut: whether names in the file may be cut,
    as those of a Shapefile are. A name that two columns could be is left out too.
    """
    every = list(columns)
    return {name: column for name in wanted if (column := _one_like(name, every, cut=cut)) is not None}


def _one_like(name: str, columns: list[str], *, cut: bool) -> str | None:
    for form in (str, folded, _cut) if cut else (str, folded):
        alike = [column for column in columns if form(column) == form(name)]
        if alike:
            return alike[0] if len(alike) == 1 else None
    return None


def folded(name: str) -> str:
    """Return a name without the difference of capitals, and with each letter written in one way (NFC)."""
    return unicodedata.normalize("NFC", name).casefold()


def _cut(name: str) -> str:
    return folded(name).encode()[:_CUT].decode(errors="ignore")


def check_zeros(codes: pd.Series, known: frozenset[str], *, file: str, column: str) -> None:
    """Raise InputError when codes are those of the editions before without their leading zeros: 101 where it was 0101.

    codes: text, its index the numbers of the features. known: the codes of earlier editions.
    """
    lengths = {len(code) for code in known}
    if len(lengths) != 1 or codes.isin(known).any():
        return
    (length,) = lengths
    lost = {int(str(row)): code for row, code in codes.items() if code.isdigit() and code.zfill(length) in known}
    if lost:
        row, code = next(iter(lost.items()))
        mend = f"{code.zfill(length)!r}, as before; or digits = {length} in the profile in sets.toml"
        raise InputError(Problem(file, "a code without its leading zeros", row, column, repr(code), mend, len(lost) - 1))
