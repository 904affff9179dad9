"""A made-up town: a partition of a square whose winding borders neighbours share to the last bit, and points thrown at it."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi

Floats = NDArray[np.float64]
EXTENT = 20_000.0
"""Metres. The side of the square."""


def districts(count: int = 374, *, corners: int = 535, seed: int = 1) -> NDArray[np.object_]:
    """The areas, with about `corners` corners each. The same numbers give the same areas on every machine."""
    rng = np.random.default_rng(seed)
    seeds = rng.uniform(0, EXTENT, (count, 2))
    mirrored = [seeds, seeds * (-1, 1), seeds * (1, -1), (2 * EXTENT, 0) - seeds * (1, -1), (0, 2 * EXTENT) - seeds * (-1, 1)]
    cells = Voronoi(np.concatenate(mirrored))  # the mirror images make the sides of the square borders of their own
    borders: dict[tuple[int, int], Floats] = {}
    areas = []
    for region in (cells.regions[number] for number in cells.point_region[:count]):
        rings = []
        for one, other in zip(region, [*region[1:], region[0]], strict=True):
            ends = min(one, other), max(one, other)
            if ends not in borders:
                borders[ends] = _winding(cells.vertices[list(ends)], max(corners // 6, 1), rng)
            rings.append(borders[ends][:-1] if one < other else borders[ends][:0:-1])
        areas.append(shapely.Polygon(np.concatenate(rings)))
    return np.array(areas, dtype=object)


def points(areas: NDArray[np.object_], count: int, *, seed: int = 2) -> tuple[Floats, Floats]:
    """Points all over the square and a little beyond; of the first hundredth, half are corners and half middles of edges."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-0.01 * EXTENT, 1.01 * EXTENT, (2, count))
    corner = shapely.get_coordinates(areas)
    hard = rng.integers(0, len(corner) - 1, count // 100)
    place = np.where((np.arange(len(hard)) % 2 == 0)[:, None], corner[hard], (corner[hard] + corner[hard + 1]) / 2)
    x[: len(hard)], y[: len(hard)] = place.T
    return x, y


def _winding(ends: Floats, steps: int, rng: np.random.Generator) -> Floats:
    """From one end to the other along a walk that wanders off sideways and comes back; straight on the rim."""
    along = np.linspace(0, 1, steps + 1)[:, None]
    line = ends[0] + along * (ends[1] - ends[0])
    walk = np.cumsum(rng.normal(size=steps + 1))[:, None]
    walk = (walk - walk[0] - along * (walk[-1] - walk[0])) * np.sin(np.pi * along)
    on_rim = ((np.abs(ends) < 1e-6).all(axis=0) | (np.abs(ends - EXTENT) < 1e-6).all(axis=0)).any()
    aside = (ends[1] - ends[0])[::-1] * (-1, 1) * 0.04 / max(np.abs(walk).max(), 1e-9)
    line = line if on_rim else line + walk * aside
    line[0], line[-1] = ends
    return line
