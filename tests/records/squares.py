"""Squares of a kilometre as area sets, and what is counted in them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.spatial import crs

EAST, NORTH = 720_000.0, 6_170_000.0  # a corner in København, EPSG:25832


def layer(system: str | None = crs.MEASURE, **boxes: tuple[float, float, float, float]) -> gpd.GeoSeries:
    shapes = [shapely.box(EAST + a, NORTH + b, EAST + c, NORTH + d) for a, b, c, d in boxes.values()]
    return gpd.GeoSeries(shapes, index=pd.Index(list(boxes)), crs=system)


@dataclass(frozen=True)
class Found:
    point: NDArray[np.int64]
    area: NDArray[np.int64]


def found(*pairs: tuple[int, int]) -> Found:
    point, area = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Found(point, area)


def counts(**columns: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame(columns)


# Two squares of one kilometre side by side; the targets cut them at 250 m and reach 500 m beyond on the right.
SOURCES = layer(west=(0, 0, 1000, 1000), east=(1000, 0, 2000, 1000))
TARGETS = layer(left=(0, 0, 250, 1000), middle=(250, 0, 1500, 1000), right=(1500, 0, 2500, 1000))
PEOPLE = counts(residents={"west": 400.0, "east": 600.0}, outside_work={"west": 100.0, "east": 60.0})
