"""Counts moved between sets: how long it takes beside tobler and geopandas.overlay, and by how much each method misses the truth.

`python -m bench.interpolation` writes both tables into docs/interpolation.md. Results are compared before times are believed.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import shapely

from geo import demo
from geo.errors import GeoError
from geo.inputs import boundaries, catalogue
from geo.spatial import crs, points
from geo.spatial.interpolation import Estimate, apportion, miss, shares
from geo.spatial.intersections import Located
from geo.spatial.weights import Weights, by_area, by_mask, by_points, first_of

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = ROOT / "docs" / "interpolation.md"
PERIODS: Final = 20
INDICATORS: Final = 6
KEPT: Final = "apportion, weights kept"
AGREE: Final = 1e-4
"""Relative. The tables of tobler are float32 (1e-7), and neither peer gives slivers back to the areas they were drawn off (1e-5)."""


# --- time -------------------------------------------------------------------------------------------------------------


def district_town(areas: int, *, seed: int, size: float = 20_000.0, step: float = 8.0) -> gpd.GeoSeries:
    """A made-up partition of a square with winding borders: a corner every `step` metres, all bent the same way."""
    cells = made_up(areas, shapely.box(0, 0, size, size), seed=seed)
    cells[:] = shapely.transform(shapely.segmentize(cells.to_numpy(), step), _bend)
    return cells


def made_up(areas: int, outline: shapely.Geometry, *, seed: int) -> gpd.GeoSeries:
    """A made-up partition of an outline: the Voronoi cells of points thrown at its bounding box, so it has at most `areas` areas."""
    left, bottom, right, top = shapely.bounds(outline)
    seeds = np.random.default_rng(seed).uniform((left, bottom), (right, top), (areas, 2))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=outline))
    cells = shapely.intersection(cells, outline)
    cells = cells[shapely.area(cells) > 0]
    return gpd.GeoSeries(cells, index=pd.Index([f"{number:04d}" for number in range(len(cells))]), crs=crs.MEASURE)


def _bend(xy: np.ndarray) -> np.ndarray:
    x, y = xy.T
    bent = np.column_stack([x + 40 * np.sin(y / 90) + 9 * np.sin(y / 23), y + 40 * np.sin(x / 90) + 9 * np.sin(x / 23)])
    return np.asarray(bent.round(3) + 0.0)


def measure(*, sources: int = 374, targets: int = 150) -> pd.DataFrame:
    """Seconds (medians) of each way, and how many times as long as with weights kept; 120 variables, at once and as 20 periods of 6.

    Raises GeoError when two ways do not give the same counts.
    """
    one, other = district_town(sources, seed=1), district_town(targets, seed=2)
    columns = pd.MultiIndex.from_product([range(PERIODS), [f"indicator {number}" for number in range(INDICATORS)]])
    counts = pd.DataFrame(
        np.random.default_rng(3).integers(0, 5000, (sources, len(columns))).astype(float),
        one.index,
        columns.map(lambda c: f"{c[1]} {c[0]}"),
    )
    periods = [list(counts.columns[k : k + INDICATORS]) for k in range(0, len(columns), INDICATORS)]
    weights, cutting = by_area(one, other), _seconds(lambda: by_area(one, other), 3)
    truth = apportion(counts, weights).counts
    ways: dict[str, Callable[[list[str]], pd.DataFrame]] = {
        KEPT: lambda names: apportion(counts[names], weights).counts,
        "tobler.area_interpolate": lambda names: _tobler(one, other, counts[names]),
        "geopandas.overlay": lambda names: _overlay(one, other, counts[names]),
    }
    took = {}
    for name, way in ways.items():
        if not np.allclose(way(list(counts.columns)), truth, rtol=AGREE):
            raise GeoError(f"{name} gives other counts: its times are not to be believed")
        at_once = _seconds(partial(way, list(counts.columns)), 20 if name == KEPT else 3)
        took[name] = (at_once, _seconds(partial(_each, way, periods), 1))
    took["the weights too, made once"] = (took[KEPT][0] + cutting, took[KEPT][1] + cutting)
    table = pd.DataFrame(took, index=["120 at once", "20 periods of 6"]).T
    return pd.concat([table, (table / table.loc[KEPT]).add_suffix(", times as long")], axis=1)


def _seconds(work: Callable[[], object], repeats: int) -> float:
    took = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return float(np.median(took))


def _each(way: Callable[[list[str]], pd.DataFrame], periods: list[list[str]]) -> None:
    for names in periods:
        way(names)


def _tobler(one: gpd.GeoSeries, other: gpd.GeoSeries, counts: pd.DataFrame) -> pd.DataFrame:
    from tobler.area_weighted import area_interpolate

    frame = gpd.GeoDataFrame(counts.reset_index(drop=True), geometry=one.to_numpy(), crs=one.crs)
    into = gpd.GeoDataFrame(geometry=other.to_numpy(), crs=other.crs)
    answer = area_interpolate(frame, into, extensive_variables=list(counts.columns), allocate_total=False)
    return answer[list(counts.columns)].set_axis(other.index)


def _overlay(one: gpd.GeoSeries, other: gpd.GeoSeries, counts: pd.DataFrame) -> pd.DataFrame:
    frame = gpd.GeoDataFrame(counts, geometry=one, crs=one.crs).assign(size=one.area)
    pieces = frame.overlay(gpd.GeoDataFrame({"target": other.index}, geometry=other.to_numpy(), crs=other.crs), how="intersection")
    share = pieces.area / pieces["size"]
    moved = pieces[list(counts.columns)].mul(share, axis=0).groupby(pieces["target"]).sum()
    return moved.reindex(other.index)


# --- truth ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    point: np.ndarray
    area: np.ndarray


def misses() -> pd.DataFrame:
    """By how much each method misses the true counts of the demo register (made-up residents), a row a pair of sets and a method.

    Weights come from the first half-year, counts are of the last: people have moved in between, as between two vintages.
    """
    area_sets = boundaries.read(ROOT / "boundaries", catalogue.read(ROOT / "data", ROOT / "boundaries").area_sets)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.parquet"
        demo.make_register(area_sets, path, retrieved=dt.date(2014, 12, 31))
        register = pq.ParquetFile(path)
        first, last = (register.read_row_group(number).to_pandas() for number in (0, register.num_row_groups - 1))
    areas = {name: area_set.areas.set_index("area_id").geometry for name, area_set in area_sets.items()}
    areas["made-up districts"] = made_up(40, areas["kommune"].iloc[0], seed=4)
    pairs = [("tryghedsdistrikt", "made-up districts"), ("made-up districts", "bydel"), ("tryghedsdistrikt", "udsat_boligomraade")]
    rows = [row | {"from": one, "to": other} for one, other in pairs for row in _of_pair(areas[one], areas[other], first, last)]
    return pd.DataFrame(rows).set_index(["from", "to", "weights"]).round(3)


def _of_pair(one: gpd.GeoSeries, other: gpd.GeoSeries, first: pd.DataFrame, last: pd.DataFrame) -> Iterator[dict[str, object]]:
    given, truth = _true(one, last), _true(other, last)
    share = shares(truth[["outside"]], truth[["working age"]].set_axis(["outside"], axis=1))
    for name, weights in _ways(one, other, first).items():
        estimate = apportion(given, weights, least_coverage=0)
        found = miss(truth, estimate)
        yield {
            "weights": name,
            "residents, sum of misses": found.at["residents", "missed"],
            "median area": found.at["residents", "median"],
            "worst area": found.at["residents", "worst"],
            "outside the labour market, sum of misses": found.at["outside", "missed"],
            "their share, median": _share_missed(estimate, share).median().iat[0],
            "their share, worst": _share_missed(estimate, share).max().iat[0],
        }


def _share_missed(estimate: Estimate, share: pd.DataFrame) -> pd.DataFrame:
    values = estimate.values()
    return (shares(values[["outside"]], values[["working age"]].set_axis(["outside"], axis=1)) - share).abs()


def _ways(one: gpd.GeoSeries, other: gpd.GeoSeries, people: pd.DataFrame) -> Mapping[str, Weights]:
    """Every way to weigh, each filled up by area where it knows nothing of a source."""
    here = people[people["x"].notna()].groupby("address").agg(x=("x", "first"), y=("y", "first"), people=("x", "size"))
    x, y = here["x"].to_numpy(), here["y"].to_numpy()
    ids = {"source_ids": list(one.index), "target_ids": list(other.index)}
    sources, targets = _located(one, x, y), _located(other, x, y)
    hectares = np.unique(np.column_stack([x // 100, y // 100]), axis=0) * 100
    built = gpd.GeoSeries(shapely.box(*hectares.T, *(hectares + 100).T), crs=crs.MEASURE)
    area = by_area(one, other)
    return {
        "points, residents": first_of(by_points(sources, targets, **ids, people=here["people"].to_numpy()), area),
        "points, addresses": first_of(by_points(sources, targets, **ids, people=np.ones(len(here))), area),
        "mask, hectares with an address": first_of(by_mask(one, other, built), area),
        "area": area,
    }


def _located(areas: gpd.GeoSeries, x: np.ndarray, y: np.ndarray) -> Located:
    return _Found(*points.points_in_areas(x, y, areas.to_numpy(), partition=True))


def _true(areas: gpd.GeoSeries, people: pd.DataFrame) -> pd.DataFrame:
    """The register's own counts of each area: residents, those of working age, those outside the labour market."""
    here = people[people["x"].notna()]
    found = _located(areas, here["x"].to_numpy(), here["y"].to_numpy())
    labour = here["labour"].astype(str).to_numpy()[found.point]
    counted = {"residents": labour != "-", "working age": labour != "", "outside": labour == "uden"}
    return pd.DataFrame({name: np.bincount(found.area[rows], minlength=len(areas)) for name, rows in counted.items()}, areas.index)


# --- the page ---------------------------------------------------------------------------------------------------------


def main() -> None:
    """Measure, and write both tables into the page."""
    times, missed = measure(), misses()
    about = f"{os.cpu_count()} cores, Python {platform.python_version()}, " + ", ".join(
        f"{name} {version(name)}" for name in ("shapely", "scipy", "geopandas", "tobler")
    )
    text = PAGE.read_text(encoding="utf-8")
    text = _between(text, "times", f"{_markdown(times.reset_index(names='way'), 3)}\n\n{dt.datetime.now(tz=dt.UTC).date()}, {about}.")
    PAGE.write_text(_between(text, "misses", _markdown(missed.reset_index(), 1)), encoding="utf-8")


def _between(text: str, name: str, new: str) -> str:
    """Replace what stands between the two marks of that name."""
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, _, rest = text.partition(start)
    return f"{before}{start}\n{new}\n{end}{rest.partition(end)[2]}"


def _markdown(table: pd.DataFrame, digits: int) -> str:
    def said(value: object) -> str:
        if not isinstance(value, float):
            return str(value)
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.{digits}g}" if abs(value) < 1 else f"{value:.{max(1, digits - 2)}f}"

    head = [
        " | ".join(table.columns),
        " | ".join("---:" if pd.api.types.is_numeric_dtype(table[name]) else "---" for name in table.columns),
    ]
    return "\n".join(f"| {line} |" for line in [*head, *(" | ".join(map(said, row)) for row in table.itertuples(index=False))])


if __name__ == "__main__":
    main()
