"""Which areas points lie in: by a cover (geo.spatial.cells) for many points, by a tree for few."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from geo.spatial import cells

MANY: Final = 20_000
"""The number of points from which making a cover is faster."""


def points_in_areas(x: np.ndarray, y: np.ndarray, geometries: np.ndarray, *, partition: bool) -> tuple[np.ndarray, np.ndarray]:
    """Find the areas that each point lies in or on the border of (shapely's `intersects`).

    x, y: float64 arrays of metres (EPSG:25832), shape (points,). geometries: shapely polygons in the same CRS, shape (areas,), in the
    order of their area ids. partition: whether a point on a shared border belongs to the first area alone; otherwise overlapping
    areas are all returned. Returns two integer arrays of equal length, the number of the point and the number of the area, sorted by
    point, then by area. A NaN or infinite coordinate is in no area. The answers do not depend on which of the two ways is used.
    """
    if len(x) >= MANY:
        (pairs,) = cells.find(cells.cover([geometries], partition=[partition]), x, y)
        return pairs.point, pairs.area
    somewhere = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    point, area = shapely.STRtree(geometries).query(shapely.points(x[somewhere], y[somewhere]), predicate="intersects")
    order = np.lexsort((area, point))
    point, area = somewhere[point[order]], area[order]
    if partition:
        point, first = np.unique(point, return_index=True)
        area = area[first]
    return point, area
