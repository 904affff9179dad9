"""A table with a column of WKT as a layer: its CRS is what the texts say (`SRID=25832;`) or what a person says, never a guess."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import CrsError, InputError, Problem
from geo.files.layers import geojson
from geo.files.tables import reading
from geo.files.tables.grid import SourceTable, shown
from geo.spatial import crs

ENDINGS: Final = (".csv", ".txt", ".tsv", ".xlsx", ".ods")
"""Endings of tables; a layer in one of them has its areas as WKT."""
_WKT: Final = re.compile(r"(?:SRID=(?P<srid>[0-9]{4,6});)?\s*(?:MULTI)?(?:POLYGON|POINT)\s*(?:ZM?|M)?\s*\(", re.IGNORECASE)


def is_table(path: Path) -> bool:
    """Return whether a file is a table by its name."""
    return path.suffix.lower() in ENDINGS


def read(path: Path, *, file: str, said: str = "") -> gpd.GeoDataFrame:
    """Read a table with one column of WKT as a layer of text columns; row 1 of the layer is the first below the names.

    file: how messages name it. said: the CRS that a person says, "" for none. Raises CrsError where neither the texts nor a person says
    one, or they differ; InputError for a table without such a column, and for a text that is no geometry.
    """
    table = reading.read(path, file=file)
    place = _column(table)
    texts = [shown(row.cells[place]).strip() for row in table.rows]
    shapes = shapely.force_2d(
        shapely.from_wkt([text.partition(";")[2] if text[:5].upper() == "SRID=" else text for text in texts], on_invalid="ignore")
    )
    wrong = [row.number for row, text, shape in zip(table.rows, texts, shapes, strict=True) if text and shape is None]
    if wrong:
        what = "a text that is no geometry"
        raise InputError(
            Problem(
                file, what, wrong[0], table.columns[place], expected="WKT, whole: a cell of Excel holds 32,767 letters", more=len(wrong) - 1
            )
        )
    names = [name for number, name in enumerate(table.columns) if number != place]
    cells = [[shown(row.cells[number]) for number in range(len(table.columns)) if number != place] for row in table.rows]
    layer = gpd.GeoDataFrame(pd.DataFrame(cells, columns=names), geometry=shapes, crs=_crs(texts, shapes, said, file=file))
    crs.check_layer(layer, file=file)
    return layer


def has_geometries(table: SourceTable) -> bool:
    """Return whether a column of a table begins with WKT."""
    return bool(_places(table))


def _places(table: SourceTable) -> list[int]:
    """The columns whose first filled cell is WKT."""
    firsts = [next((text for row in table.rows if (text := shown(row.cells[place]).strip())), "") for place in range(len(table.columns))]
    return [place for place, text in enumerate(firsts) if _WKT.match(text)]


def _column(table: SourceTable) -> int:
    """Where the WKT stands: the one column whose first filled cell is such a text."""
    places = _places(table)
    if len(places) == 1:
        return places[0]
    described = ", ".join(table.columns[place] for place in places) or ", ".join(table.columns)
    what = "more than one column of WKT" if places else "a table without a column of WKT"
    raise InputError(Problem(table.file, what, table.header or None, found=described, expected="one column such as POLYGON ((...))"))


def _crs(texts: list[str], shapes: np.ndarray, said: str, *, file: str) -> str:
    """The CRS of the texts, or that which a person says. By their size it is only proposed, in the message."""
    codes = {f"EPSG:{match['srid']}" for text in texts if (match := _WKT.match(text)) and match["srid"]}
    if said:
        crs.check_name(said, file=file)
    every = codes | ({said} if said else set())
    if len(every) == 1:
        name = every.pop()
        crs.check_name(name, file=file)
        return name
    if every:
        raise CrsError(
            Problem(
                file, "texts and a person that say different coordinate reference systems", None, "crs", ", ".join(sorted(every)), "one"
            )
        )
    corners = shapely.get_coordinates(shapes)
    raise CrsError(Problem(file, geojson.NO_CRS, expected=f"it is never guessed: --crs{crs.by_size(corners[:, 0], corners[:, 1])}"))
