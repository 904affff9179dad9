"""What a new edition of an area set changes: codes gained and lost, figures that lose their area, places that no area covers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import geopandas as gpd
import shapely

from geo.errors import GeoError
from geo.files.workspace import Workspace
from geo.inputs import boundaries, catalogue, observations
from geo.model.areas import AreaSetKind
from geo.spatial import crs

_MOST: Final = 10
_GAP: Final = 100.0
"""Square metres. A gap of a partition that is smaller is where two outlines do not meet in the same corners."""
_WIDTH: Final = 2.0
"""Metres. A gap must be wider than this somewhere, for the same reason."""


def of_codes(codes: Iterable[str], before: frozenset[str]) -> Iterator[str]:
    """Say which codes a new edition has that the one before had not, and the other way; nothing where there was none before."""
    now = frozenset(codes)
    if not before or now == before:
        return
    if not now & before:
        yield f"none of its {len(now)} codes is one of the edition before"
    yield from (f"{words}: {few(part)}" for words, part in (("new codes", now - before), ("codes that are gone", before - now)) if part)


def newest_codes(workspace: Workspace, kind: AreaSetKind) -> frozenset[str]:
    """The codes of the newest edition of an area set; none where it has no edition, or one that cannot be read, which `check` says."""
    newest = _newest(workspace, kind)
    return frozenset() if newest is None else frozenset(newest["area_id"])


def newest_size(workspace: Workspace, kind: AreaSetKind) -> float:
    """The size of the newest edition of an area set, in km2; 0 where `newest_codes` has none."""
    newest = _newest(workspace, kind)
    return 0.0 if newest is None else size(newest)


def size(areas: gpd.GeoDataFrame) -> float:
    """Return the size of all areas together, in km2. areas: in any CRS."""
    return float(shapely.area(crs.to_measure(areas, file="").geometry.to_numpy()).sum()) / 1e6


def _newest(workspace: Workspace, kind: AreaSetKind) -> gpd.GeoDataFrame | None:
    try:
        return boundaries.read(workspace.boundaries, [kind])[kind.id].areas
    except (GeoError, KeyError):
        return None


def lost_figures(workspace: Workspace, gone: frozenset[str], area_set: str) -> str:
    """Say of how many published figures the areas are gone, by indicator; "" for none, and where the figures cannot be read.

    gone: codes of the edition before that a new one has not. Those figures stay in the tables, but on no map of the new edition.
    """
    if not gone:
        return ""
    try:
        known = catalogue.read(workspace.data, workspace.boundaries)
        rows = observations.read(workspace.data, known, boundaries.codes(workspace.boundaries, known.area_sets)).table
    except GeoError:  # what is wrong with the figures is said by `check`, not by an import of areas
        return ""
    mine = rows[(rows["area_set"] == area_set) & rows["area_id"].isin(gone)]
    if mine.empty:
        return ""
    by_indicator = ", ".join(f"{number} of {name}" for name, number in mine["indicator"].value_counts().head(_MOST).items())
    return f"{len(mine)} figures lose their area ({by_indicator})"


def gaps(areas: gpd.GeoDataFrame) -> str:
    """Say where the areas of a partition leave somewhere out that they surround; "" for nowhere. areas: in any CRS."""
    shapes = crs.to_measure(areas, file="").geometry.to_numpy()
    whole = shapely.union_all(shapely.buffer(shapes, 0.01))
    holes = [shapely.polygons(ring) for part in shapely.get_parts(whole) for ring in shapely.get_rings(part)[1:]]
    own = [shapely.polygons(ring) for shape in shapes for part in shapely.get_parts(shape) for ring in shapely.get_rings(part)[1:]]
    wide = [
        hole
        for hole in holes
        if shapely.area(hole) > _GAP
        and not shapely.is_empty(shapely.buffer(hole, -_WIDTH / 2))
        and not any(shapely.area(shapely.symmetric_difference(hole, other)) < _GAP for other in own)  # a lake that its area leaves out
    ]
    if not wide:
        return ""
    largest = max(shapely.area(hole) for hole in wide)
    return f"{len(wide)} places inside that no area covers, the largest of {largest:,.0f} m2"


def few(codes: Iterable[str]) -> str:
    """Return up to ten codes, sorted, and how many more there are."""
    every = sorted(codes)
    return ", ".join(every[:_MOST]) + (f" and {len(every) - _MOST} more" if len(every) > _MOST else "")
