"""Which areas points lie in: by a cover (geo.spatial.cells) for many points, by a tree for few; and which kernel a cover uses."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely

from geo.spatial import cells
from geo.spatial.cells import Cover, Kernel, PointPairs
from geo.spatial.grid import Floats

MANY: Final = 20_000
"""The number of points from which making a cover is faster."""

COMPILED_FROM: Final = 30_000_000
POINTS_A_CORNER: Final = 40
"""From so many points on the compiled kernel pays: loading it costs what so many points save, and each corner of an outline some more.

Measured in docs/cells.md, as processor time of `find`: numpy 0.089 microseconds a point, compiled 0.079; loading and preparing 374
areas of 194,000 corners 0.4 seconds.
"""


def kernel_for(points: int, corners: int) -> Kernel:
    """Return which kernel answers for so many points in areas of so many corners: the compiled one where it is installed and faster."""
    return "numba" if cells.INSTALLED and points >= COMPILED_FROM + POINTS_A_CORNER * corners else "numpy"


class AreaFinder:
    """Finds the areas of points in all sets of some covers, batch after batch, also from several threads.

    It begins with numpy, and changes to the compiled kernel when so many points have been asked for that this is faster; their number
    is not known before, because each coordinate of a register is asked for once. The answers are the same. It can be pickled for
    other processes, which count for themselves.
    """

    def __init__(self, covers: Sequence[Cover]) -> None:
        self._covers = tuple(covers)
        self._corners = sum(int(shapely.get_num_coordinates(layer.shapes).sum()) for cover in covers for layer in cover.layers)
        self._asked = 0
        self._lock = threading.Lock()
        self.kernel: Kernel = "numpy"

    def __call__(self, x: Floats, y: Floats) -> tuple[PointPairs, ...]:
        """Return the pairs of point and area of each set, in the order of the covers, as geo.spatial.cells.find does.

        x, y: coordinates in the covers' CRS, shape (points,).
        """
        self._choose(len(x))
        return tuple(pairs for cover in self._covers for pairs in cells.find(cover, x, y))

    def __getstate__(self) -> dict[str, Any]:
        """All but the lock, which belongs to a process."""
        return {name: part for name, part in self.__dict__.items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """With a lock of its own."""
        self.__dict__.update(state, _lock=threading.Lock())

    def _choose(self, more: int) -> None:
        """Count the points, and prepare the covers once; other threads are answered from the old ones meanwhile."""
        with self._lock:
            before, self._asked = self._asked, self._asked + more
            due = kernel_for(before, self._corners) == "numpy" and kernel_for(self._asked, self._corners) == "numba"
        if due:
            try:
                self._covers = tuple(cells.prepared(cover, "numba") for cover in self._covers)
            except ImportError:  # it is installed, and does not go with this numpy
                return
            self.kernel = "numba"


def points_in_areas(x: np.ndarray, y: np.ndarray, geometries: np.ndarray, *, partition: bool) -> tuple[np.ndarray, np.ndarray]:
    """Find the areas that each point lies in or on the border of (shapely's `intersects`).

    x, y: float64 arrays of metres (EPSG:25832), shape (points,). geometries: shapely polygons in the same CRS, shape (areas,), in the
    order of their area ids. partition: whether a point on a shared border belongs to the first area alone; otherwise overlapping
    areas are all returned. Returns two integer arrays of equal length, the number of the point and the number of the area, sorted by
    point, then by area. A NaN or infinite coordinate is in no area. The answers do not depend on which of the two ways is used.
    """
    if len(x) >= MANY:
        (pairs,) = AreaFinder([cells.cover([geometries], partition=[partition])])(x, y)
        return pairs.point, pairs.area
    somewhere = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    point, area = shapely.STRtree(geometries).query(shapely.points(x[somewhere], y[somewhere]), predicate="intersects")
    order = np.lexsort((area, point))
    point, area = somewhere[point[order]], area[order]
    if partition:
        point, first = np.unique(point, return_index=True)
        area = area[first]
    return point, area
