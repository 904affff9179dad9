"""The rows of a register that no figure counts, counted as a build would count them, before the register is in the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from geo.model.areas import AreaSet, Register
from geo.model.indicators import RegisterMeasure
from geo.model.results import Leftover
from geo.registers import cube, persons, register
from geo.registers.cube import CubeQuestion
from geo.spatial import cells
from geo.spatial.crs import Box
from geo.spatial.points import AreaFinder

_AT_ONCE: Final = 12
"""Columns whose words are counted at once: each doubles the kinds of rows."""


def leftovers(path: Path, described: Register, covering: Mapping[str, AreaSet], box: Box | None) -> tuple[int, list[Leftover]]:
    """Return how many rows a register has, and those that are counted for no figure, by reason.

    covering: the area sets that cover the city. box: where coordinates may be expected (metres, EPSG:25832). Raises InputError or
    CrsError for a register that cannot be counted, and for a person who stands twice in a period.
    """
    shapes = [area_set.areas.geometry.to_numpy() for area_set in covering.values()]
    find = AreaFinder([cells.cover(shapes, partition=[True] * len(shapes))]) if shapes else AreaFinder([])
    names = list(described.codes)
    by_reason: dict[tuple[str, ...], Leftover] = {}
    rows = 0
    for start in range(0, max(len(names), 1), _AT_ONCE):
        where = {name: described.codes[name] for name in names[start : start + _AT_ONCE]}
        question = CubeQuestion(
            {"declared": RegisterMeasure(register=path.stem, where=where)}, {name: len(of.areas) for name, of in covering.items()}
        )
        checked = register.check(path, question, extent=box)
        if not start:
            persons.check(path.name, checked.shards, described)
        counts = register.count(checked.job(find), checked.shards)
        rows = counts.rows
        ids = {name: of.areas["area_id"].tolist() for name, of in covering.items()}
        for left in cube.leftovers(counts, ids):
            if left.side == "row":
                by_reason[left.area_set, *left.names] = left
    return rows, list(by_reason.values())


def extent(sets: Mapping[str, AreaSet]) -> Box | None:
    """Return where the areas of some sets lie together (metres, EPSG:25832), None without a set."""
    if not sets:
        return None
    west, south, east, north = shapely.total_bounds(np.concatenate([of.areas.geometry.to_numpy() for of in sets.values()]))
    return west, south, east, north
