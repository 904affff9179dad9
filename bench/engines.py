"""Who can tell which area a point is in: from areas and coordinates, all prepared, to a function that gives pairs of point and area."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from bench import town

Answer = Callable[[], tuple[NDArray[Any], NDArray[Any]]]


def cells_numpy(areas: NDArray[np.object_], x: town.Floats, y: town.Floats) -> Answer:
    return _cells(areas, x, y, "numpy")


def cells_numba(areas: NDArray[np.object_], x: town.Floats, y: town.Floats) -> Answer:
    return _cells(areas, x, y, "numba")


def _cells(areas: NDArray[np.object_], x: town.Floats, y: town.Floats, kernel: Any) -> Answer:
    from geo.spatial import cells

    cover = cells.cover([areas], partition=[True], kernel=kernel)
    return lambda: (np.empty(0, np.int64), cells.locate(cover, x, y))


def shapely_each(areas: NDArray[np.object_], x: town.Floats, y: town.Floats) -> Answer:
    """The points sorted by x once, then one call of intersects_xy for each area and the points at its width."""
    shapely.prepare(areas)

    def answer() -> tuple[NDArray[Any], NDArray[Any]]:
        order = np.argsort(x)
        sorted_x, sorted_y = x[order], y[order]
        points, hits = [], []
        for number, (left, bottom, right, top) in enumerate(shapely.bounds(areas)):
            first, end = np.searchsorted(sorted_x, left), np.searchsorted(sorted_x, right, side="right")
            level = first + np.flatnonzero((sorted_y[first:end] >= bottom) & (sorted_y[first:end] <= top))
            inside = level[shapely.intersects_xy(areas[number], sorted_x[level], sorted_y[level])]
            points.append(order[inside])
            hits.append(np.full(len(inside), number))
        return np.concatenate(points), np.concatenate(hits)

    return answer


def sjoin_within(areas: NDArray[np.object_], x: town.Floats, y: town.Floats) -> Answer:
    return _sjoin(areas, x, y, "within")


def sjoin_intersects(areas: NDArray[np.object_], x: town.Floats, y: town.Floats) -> Answer:
    return _sjoin(areas, x, y, "intersects")


def _sjoin(areas: NDArray[np.object_], x: town.Floats, y: town.Floats, predicate: str) -> Answer:
    import geopandas as gpd

    right = gpd.GeoDataFrame(geometry=areas)

    def answer() -> tuple[NDArray[Any], NDArray[Any]]:
        joined = gpd.sjoin(gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y)), right, predicate=predicate)
        return joined.index.to_numpy(), joined["index_right"].to_numpy()

    return answer


def sedonadb(areas: NDArray[np.object_], x: town.Floats, y: town.Floats) -> Answer:
    import geopandas as gpd
    import pyarrow as pa
    import sedonadb as sedona

    session = sedona.connect()
    session.create_data_frame(gpd.GeoDataFrame({"area": np.arange(len(areas))}, geometry=areas)).to_view("areas")
    session.create_data_frame(pa.table({"point": np.arange(len(x)), "x": x, "y": y})).to_view("points")
    query = "SELECT p.point, a.area FROM points p JOIN areas a ON ST_Intersects(a.geometry, ST_Point(p.x, p.y))"

    def answer() -> tuple[NDArray[Any], NDArray[Any]]:
        pairs = pa.RecordBatchReader.from_stream(session.sql(query)).read_all()
        return pairs["point"].to_numpy(), pairs["area"].to_numpy()

    return answer


def duckdb_spatial(areas: NDArray[np.object_], x: town.Floats, y: town.Floats) -> Answer:
    import duckdb
    import duckdb_extension_spatial
    import pyarrow as pa

    session = duckdb.connect()
    extension = next(Path(duckdb_extension_spatial.__file__).parent.rglob("*.duckdb_extension"))
    session.execute(f"LOAD '{extension}'")
    session.register("wkb", pa.table({"area": np.arange(len(areas)), "wkb": list(shapely.to_wkb(areas))}))
    session.execute("CREATE TABLE areas AS SELECT area, ST_GeomFromWKB(wkb) AS geometry FROM wkb")
    session.register("points", pa.table({"point": np.arange(len(x)), "x": x, "y": y}))
    query = "SELECT p.point, a.area FROM points p JOIN areas a ON ST_Intersects(a.geometry, ST_Point(p.x, p.y))"

    def answer() -> tuple[NDArray[Any], NDArray[Any]]:
        pairs = session.execute(query).fetchnumpy()
        return pairs["point"], pairs["area"]

    return answer


def polars_st(areas: NDArray[np.object_], x: town.Floats, y: town.Floats) -> Answer:
    import polars as pl
    import polars_st as st

    right = st.GeoDataFrame(
        pl.DataFrame({"area": np.arange(len(areas)), "geometry": list(shapely.to_wkb(areas))}).with_columns(st.from_wkb("geometry"))
    )

    def answer() -> tuple[NDArray[Any], NDArray[Any]]:
        left = pl.DataFrame({"point": np.arange(len(x)), "x": x, "y": y}).select("point", geometry=st.point(pl.concat_arr("x", "y")))
        pairs = st.GeoDataFrame(left).st.sjoin(right, on="geometry", predicate="intersects")
        return pairs["point"].to_numpy(), pairs["area"].to_numpy()

    return answer


SHAPELY: Final = "shapely intersects_xy, area by area"
"""What all others are compared with."""

ENGINES: Final = {
    "cells, numba": cells_numba,
    "cells, numpy": cells_numpy,
    SHAPELY: shapely_each,
    "SedonaDB": sedonadb,
    "polars-st": polars_st,
    "geopandas.sjoin within": sjoin_within,
    "geopandas.sjoin intersects": sjoin_intersects,
    "DuckDB spatial": duckdb_spatial,
}
