"""The names of places and addresses that an edition carries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from geo.editions import manifests
from geo.editions.edition import Edition
from geo.spatial import crs, gazetteer
from geo.spatial.gazetteer import Gazetteer

_FILE: Final = "gazetteer.npz"

WRITTEN: Final = ("square", "park", "place")
"""Kinds of names that are written on a map; stations have a layer of their own, streets and addresses are too many."""

_MOST: Final = 500
"""Names on a map at most: those of a longer list are left out from the end of the alphabet."""

_EXACT: Final = 1_000.0
"""Metres. A place whose point may be further off than this is not written on a map."""


def known(edition: Edition) -> Gazetteer | None:
    """The edition's list of places and addresses, None when it was built before there was one."""
    return _read(edition.folder) if _FILE in edition.manifest.files else None


@lru_cache(maxsize=2)
def _read(folder: Path) -> Gazetteer:
    return gazetteer.read(manifests.content(folder, _FILE))


def written(edition: Edition) -> list[tuple[str, float, float, str]]:
    """Names that a map writes: each with longitude and latitude (degrees) and its kind, sorted by name."""
    return list(_written(edition))[:_MOST]


def _written(edition: Edition) -> Iterator[tuple[str, float, float, str]]:
    there = known(edition)
    for same in there.points if there else ():
        point = same[0]
        if point.kind in WRITTEN and not point.number and point.within <= _EXACT:
            longitude, latitude = crs.point_to_show(point.x, point.y)
            yield point.name, longitude, latitude, point.kind
