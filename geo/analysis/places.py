"""Areas and points in a notebook: read a layer, join points to it, see how two layers overlap, move counts from one to the other."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import InputError, Problem
from geo.spatial import crs, interpolation, intersections, weights
from geo.spatial import points as points_spatial

_AREA_ID, _NAME = "area_id", "name"


def read_areas(path: str | Path, *, id: str = _AREA_ID, name: str = _NAME) -> gpd.GeoDataFrame:
    """Read a layer of areas in any format that GDAL reads, and put it in metres.

    id, name: the columns that hold the areas' codes and names. Returns the columns `area_id` (text), `name` (text) and `geometry`
    (EPSG:25832), sorted by code. Raises InputError when a column is not there, a code is missing or stands twice, or an outline is empty
    or not valid; CrsError when the file does not say in which coordinates it is.

    >>> import geo, geopandas, shapely, tempfile
    >>> squares = {"code": ["0101", "0102"], "label": ["Indre By", "Østerbro"]}
    >>> outlines = [shapely.box(720000, 6170000, 721000, 6171000), shapely.box(721000, 6170000, 722000, 6171000)]
    >>> file = tempfile.mkdtemp() + "/squares.gpkg"
    >>> geopandas.GeoDataFrame(squares, geometry=outlines, crs="EPSG:25832").to_file(file)
    >>> geo.read_areas(file, id="code", name="label")[["area_id", "name"]].values.tolist()
    [['0101', 'Indre By'], ['0102', 'Østerbro']]
    """
    file = Path(path).name
    try:
        layer = gpd.read_file(path)
    except (OSError, ValueError, RuntimeError) as error:  # what pyogrio and fiona raise, and a path that is not there
        raise InputError(
            Problem(file, "a file that cannot be read as a layer of areas", expected="GeoPackage, GeoJSON, Shapefile, ...")
        ) from error
    if lost := [column for column in (id, name) if column not in layer.columns]:
        columns = ", ".join(column for column in layer.columns if column != layer.geometry.name)
        raise InputError(Problem(file, "a column is missing", None, lost[0], columns, f"a column {lost[0]}", len(lost) - 1))
    areas = gpd.GeoDataFrame(
        {_AREA_ID: layer[id].astype("string"), _NAME: layer[name].astype("string").fillna("")}, geometry=layer.geometry
    )
    _see_codes(areas, id, file=file)
    areas = crs.to_measure(areas, file=file)
    _see_outlines(areas, file=file)
    return areas.astype({_AREA_ID: object, _NAME: object}).sort_values(_AREA_ID, ignore_index=True)


def _see_codes(areas: gpd.GeoDataFrame, column: str, *, file: str) -> None:
    missing = np.flatnonzero(areas[_AREA_ID].isna().to_numpy())
    if len(missing):
        raise InputError(Problem(file, "an area without a code", int(missing[0]) + 1, column, "", "a code", len(missing) - 1))
    twice = np.flatnonzero(areas[_AREA_ID].duplicated().to_numpy())
    if len(twice):
        code = str(areas[_AREA_ID].iloc[twice[0]])
        raise InputError(Problem(file, "a code that stands twice", int(twice[0]) + 1, column, code, "each code once", len(twice) - 1))


def _see_outlines(areas: gpd.GeoDataFrame, *, file: str) -> None:
    shapes = areas.geometry.to_numpy()
    flat = np.isin(shapely.get_type_id(shapes), [3, 6]) & ~shapely.is_empty(shapes)
    bad = np.flatnonzero(~(flat & shapely.is_valid(shapes)))
    if len(bad):
        what = shapely.is_valid_reason(shapes[bad[0]]) if flat[bad[0]] else "no area"
        raise InputError(
            Problem(file, "an outline that is not an area", int(bad[0]) + 1, "geometry", what, "a valid polygon", len(bad) - 1)
        )


def join_points(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Say which areas each point lies in or on the border of.

    points: a layer of points in any CRS. areas: as `read_areas` gives them. Returns a row for every pair: `point`, the label of the point
    in its index, and `area_id`; a point in no area has no row, one in two overlapping areas has two. Raises CrsError when the points do
    not say in which coordinates they are.

    >>> import geo, geopandas, shapely
    >>> square = geopandas.GeoDataFrame({"area_id": ["a"]}, geometry=[shapely.box(720000, 6170000, 721000, 6171000)], crs="EPSG:25832")
    >>> homes = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy([720500, 725000], [6170500, 6170500]), crs="EPSG:25832")
    >>> geo.join_points(homes, square).values.tolist()
    [[0, 'a']]
    """
    measured = crs.to_measure(points, file="points").geometry
    outlines = crs.to_measure(areas, file="areas").geometry.to_numpy()
    point, area = points_spatial.points_in_areas(measured.x.to_numpy(), measured.y.to_numpy(), outlines, partition=False)
    return pd.DataFrame({"point": points.index[point], _AREA_ID: areas[_AREA_ID].to_numpy()[area]})


def overlap(areas: gpd.GeoDataFrame, others: gpd.GeoDataFrame) -> pd.DataFrame:
    """List the pairs of areas of two layers that overlap.

    areas, others: as `read_areas` gives them. Returns a row for each pair: `area_id`, `other_id`, `square_metres` of what they share,
    and what percent (0-100) that is of each: `percent_of_area`, `percent_of_other`. Slivers along a line that was drawn twice are
    left out (narrower than a metre on average). Raises CrsError when a layer has no coordinate reference system.

    >>> import geo, geopandas, shapely
    >>> def layer(*outlines):
    ...     return geopandas.GeoDataFrame({"area_id": list("ab")[: len(outlines)]}, geometry=list(outlines), crs="EPSG:25832")
    >>> left = layer(shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100))
    >>> geo.overlap(left, layer(shapely.box(50, 0, 250, 100)))["percent_of_area"].tolist()
    [50.0, 100.0]
    """
    ours, theirs = (crs.to_measure(layer, file="areas").geometry.to_numpy() for layer in (areas, others))
    shared = intersections.square_metres(ours, theirs)
    mine, other = shared.coords
    pairs = {
        _AREA_ID: areas[_AREA_ID].to_numpy()[mine],
        "other_id": others[_AREA_ID].to_numpy()[other],
        "square_metres": shared.data,
        "percent_of_area": 100 * shared.data / shapely.area(ours)[mine],
        "percent_of_other": 100 * shared.data / shapely.area(theirs)[other],
    }
    return pd.DataFrame(pairs).sort_values([_AREA_ID, "other_id"], ignore_index=True)


def apportion(
    counts: pd.Series, areas: gpd.GeoDataFrame, others: gpd.GeoDataFrame, *, people: gpd.GeoDataFrame | None = None
) -> pd.DataFrame:
    """Estimate, from counts of some areas, the counts of others: each area's people are taken to go where its homes, or its ground, lie.

    counts: persons or events (never shares), by the area_id of `areas`; NaN is unknown. people: points, one a person, to divide by where
    they live; without them by area alone, as if people lived evenly spread, which is the weakest way. Returns, by the area_id of `others`:
    `estimate`, `low` and `high` (between what it must lie, however the people of each area are spread), `coverage` (0-1: how much of the
    area is known of) and `method`. An estimate is NaN where less than 95 percent of the area is known of. Raises InputError for negative
    counts and CrsError for a layer without a coordinate reference system.

    Goodchild, M. F. and Lam, N. S. (1980), Areal interpolation: a variant of the traditional spatial problem, Geo-Processing 1: 297-312.

    >>> import geo, geopandas, pandas, shapely
    >>> old = geopandas.GeoDataFrame({"area_id": ["a"]}, geometry=[shapely.box(0, 0, 200, 100)], crs="EPSG:25832")
    >>> new = geopandas.GeoDataFrame({"area_id": ["b"]}, geometry=[shapely.box(0, 0, 50, 100)], crs="EPSG:25832")
    >>> geo.apportion(pandas.Series({"a": 400}), old, new)[["estimate", "low", "high"]].values.tolist()
    [[100.0, 0.0, 400.0]]
    """
    ours, theirs = (crs.to_measure(layer, file="areas").set_index(_AREA_ID).geometry for layer in (areas, others))
    by_area = weights.by_area(ours, theirs)
    known = by_area if people is None else weights.first_of(_by_people(ours, theirs, people), by_area)
    table = counts.astype(float).rename("count").to_frame()
    made = interpolation.apportion(table, known)
    low, high = interpolation.bounds(table, known)
    known_ends = {"estimate": made.values()["count"], "low": low["count"], "high": high["count"]}
    return pd.DataFrame({**known_ends, "coverage": made.coverage, "method": made.method}).rename_axis(_AREA_ID)


def _by_people(ours: gpd.GeoSeries, theirs: gpd.GeoSeries, people: gpd.GeoDataFrame) -> weights.Weights:
    measured = crs.to_measure(people, file="people").geometry
    x, y = measured.x.to_numpy(), measured.y.to_numpy()
    sources, targets = (_Located(*points_spatial.points_in_areas(x, y, layer.to_numpy(), partition=False)) for layer in (ours, theirs))
    once = np.ones(len(people))
    return weights.by_points(sources, targets, source_ids=list(ours.index), target_ids=list(theirs.index), people=once)


class _Located:
    """Which points lie in which areas, as `geo.spatial.intersections` asks for them."""

    def __init__(self, point: np.ndarray, area: np.ndarray) -> None:
        self.point, self.area = point, area
