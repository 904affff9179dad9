"""Area sets from their files: `<set>/<valid-from>.geojson` with a sidecar, checked, in metres."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo import crs, layerfile, provenance, schema
from geo.errors import CrsError, InputError, Problem
from geo.model import AreaSet, AreaSetEdition, AreaSetKind
from geo.results import InputFile

DENMARK: Final = (7.5, 54.3, 15.6, 58.0)
"""West, south, east, north in degrees (EPSG:4326), generously: a layer outside it has its coordinates or its CRS wrong."""

SLIVER: Final = 1.0
"""Metres. Areas of a partition may overlap by a strip no wider than this on average (twice its area over its perimeter):
real layers are not corner-exact (the bydele are cut out of different maps), but no point further in belongs to two areas."""


def read(folder: Path, kinds: Iterable[AreaSetKind]) -> dict[str, AreaSet]:
    """Read the newest edition (by its day valid_from) of each kind that has one, in the order of `kinds`.

    Raises InputError with the problems of all files at once.
    """
    sets: dict[str, AreaSet] = {}
    problems: list[Problem] = []
    for kind in kinds:
        found = editions(folder, kind.id)
        if not found:
            continue
        try:
            sets[kind.id] = read_file(found[-1], kind, file=_shown(folder, found[-1]))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return sets


def every(folder: Path, kinds: Iterable[AreaSetKind]) -> dict[str, tuple[AreaSet, ...]]:
    """Read every edition of each kind that has one and carries figures, and the newest of the others; oldest first, each file once.

    In the order of `kinds`. Raises InputError with the problems of all files at once.
    """
    sets: dict[str, tuple[AreaSet, ...]] = {}
    problems: list[Problem] = []
    for kind in kinds:
        paths = editions(folder, kind.id)
        read_so_far = []
        for path in paths if kind.role == "areas" else paths[-1:]:
            try:
                read_so_far.append(read_file(path, kind, file=_shown(folder, path)))
            except InputError as error:
                problems += error.problems
        if read_so_far:
            sets[kind.id] = tuple(read_so_far)
    if problems:
        raise InputError(problems)
    return sets


def vintages(folder: Path, kinds: Iterable[AreaSetKind]) -> list[AreaSet]:
    """Read every edition of every kind that carries figures. Raises InputError as `read_file` does."""
    carrying = (kind for kind in kinds if kind.role == "areas")
    return [read_file(path, kind, file=_shown(folder, path)) for kind in carrying for path in editions(folder, kind.id)]


def editions(folder: Path, area_set: str) -> list[Path]:
    """The files of an area set, oldest first. Their names are days, so their order is that of the days."""
    return sorted((folder / area_set).glob("*.geojson"))


def codes(folder: Path, kinds: Iterable[AreaSetKind]) -> dict[str, frozenset[str]]:
    """The codes of each kind in all of its editions together: a code that any edition knows is not a spelling mistake.

    Kinds without a file are left out.
    """
    known: dict[str, frozenset[str]] = {}
    for kind in kinds:
        files = editions(folder, kind.id)
        if files:
            layers = [layerfile.read(path, file=_shown(folder, path)) for path in files]
            known[kind.id] = frozenset(str(code) for layer in layers for code in layer.get("area_id", ()))
    return known


def inputs(folder: Path, sets: Mapping[str, AreaSet]) -> tuple[InputFile, ...]:
    """The files that the area sets were read from, as an edition's manifest lists them; paths begin with `boundaries/`."""
    return tuple(
        provenance.input_file(
            folder / area_set.id / f"{area_set.edition.valid_from}.geojson",
            area_set.sidecar,
            root=folder.parent,
            kind="boundaries",
            rows=len(area_set.areas),
        )
        for area_set in sets.values()
    )


def read_file(path: Path, kind: AreaSetKind, *, file: str = "") -> AreaSet:
    """Read one file of a workspace: columns `area_id`, `name` and perhaps `note`, with its sidecar.

    Raises InputError with everything that is wrong, CrsError when the layer has no CRS or coordinates that cannot be in it.
    """
    file = file or path.name
    sidecar = provenance.check(path, file=file)
    edition = sidecar.area_set
    if edition is None or (edition.id, str(edition.valid_from)) != (kind.id, path.stem):
        found = "nothing" if edition is None else f"{edition.id}, {edition.valid_from}"
        raise InputError(Problem(file, "the sidecar names another area set or day", None, "area_set", found, f"{kind.id}, {path.stem}"))
    layer = layerfile.read(path, file=file)
    missing = [name for name in ("area_id", "name") if name not in layer.columns]
    if missing:
        raise InputError(Problem(file, "a missing column", column=missing[0], found=", ".join(layer.columns), expected=", ".join(missing)))
    if "note" not in layer.columns:
        layer["note"] = ""
    layer = layer.set_axis(range(1, len(layer) + 1))
    return AreaSet(kind, edition, sidecar, measured(layer, edition, file=file))


def measured(layer: gpd.GeoDataFrame, edition: AreaSetEdition, *, file: str, columns: Mapping[str, str] | None = None) -> gpd.GeoDataFrame:
    """Check a layer with the columns area_id, name, note and geometry, and return it in metres, sorted by code.

    The layer's index holds the numbers of the features in their file, the first being 1: problems name them, and columns as
    `columns` says they are called there.
    """
    table = gpd.GeoDataFrame(layer[["area_id", "name", "note", "geometry"]], crs=layer.crs)
    for name in ("area_id", "name", "note"):
        table[name] = [text if isinstance(text, str) else "" for text in table[name]]
    if table.empty:
        raise InputError(Problem(file, "a layer without features", expected="at least one area"))
    problems = schema.problems(table, schema.AREAS, file=file, columns=columns)
    if problems:
        raise InputError(problems)
    check_place(table, file=file)
    areas = crs.to_measure(table, file=file)
    if edition.partition:
        problems = _doubly_covered(areas, file=file)
    if problems:
        raise InputError(problems)
    return areas.sort_values("area_id", ignore_index=True)


def check_place(layer: gpd.GeoDataFrame, *, file: str) -> None:
    """Refuse coordinates that cannot be in the layer's CRS, or that lie outside Denmark, saying what they look like. Raises CrsError."""
    bounds = layer.geometry.bounds
    low_x, low_y, high_x, high_y = (float(edge) for edge in layer.total_bounds)
    found = f"{layer.crs.to_string()} with x {low_x:.6g} to {high_x:.6g}, y {low_y:.6g} to {high_y:.6g}"
    west, south, east, north = DENMARK
    if not layer.crs.is_geographic and max(abs(v) for v in (low_x, low_y, high_x, high_y)) <= 180:
        raise CrsError(Problem(file, "degrees in a layer whose CRS is in metres", row=1, column="geometry", found=found))
    if layer.crs.is_geographic and (south <= low_x and high_x <= north) and (west <= low_y and high_y <= east):
        problem = Problem(file, "latitude stands before longitude", row=1, column="geometry", found=found, expected="longitude first (x)")
        raise CrsError(problem)
    if layer.crs.is_geographic and (max(abs(low_x), abs(high_x)) > 180 or max(abs(low_y), abs(high_y)) > 90):
        raise CrsError(Problem(file, "metres in a layer whose CRS is in degrees", row=1, column="geometry", found=found))
    shown = crs.to_show(layer).geometry.bounds.to_numpy()
    outside = (shown[:, 0] < west) | (shown[:, 1] < south) | (shown[:, 2] > east) | (shown[:, 3] > north) | ~np.isfinite(shown).all(axis=1)
    if outside.any():
        row = int(bounds.index[outside][0])
        more = int(outside.sum()) - 1
        raise CrsError(Problem(file, "an area outside Denmark", row=row, column="geometry", found=found, expected=f"{DENMARK}", more=more))


def _doubly_covered(areas: gpd.GeoDataFrame, *, file: str) -> list[Problem]:
    """Pairs of areas of a partition that overlap by more than a sliver."""
    shapes = areas.geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.intersection(shapes[one], shapes[other])
    size, edge = shapely.area(shared), shapely.length(shared)
    width = np.divide(2 * size, edge, out=np.zeros_like(size), where=edge > 0)
    wrong = np.flatnonzero(width > SLIVER)
    if not len(wrong):
        return []
    first = wrong[0]
    names = " and ".join(repr(areas["area_id"].iat[number]) for number in (one[first], other[first]))
    return [
        Problem(
            file,
            "two areas of a partition overlap",
            row=int(areas.index[one[first]]),
            column="geometry",
            found=f"{names} by {size[first]:,.0f} m2",
            expected=f"a common strip no wider than {SLIVER:.0f} m",
            more=len(wrong) - 1,
        )
    ]


def _shown(folder: Path, path: Path) -> str:
    return path.relative_to(folder.parent).as_posix()
