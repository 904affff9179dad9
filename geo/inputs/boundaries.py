"""Reading area sets from their files, `<set>/<valid-from>.geojson` with a sidecar: checked, and in metres (EPSG:25832)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import CrsError, InputError, Problem
from geo.files import provenance, schema
from geo.files.layers import geojson
from geo.inputs import areagroups
from geo.inputs.areagroups import Group
from geo.model.areas import AreaSet, AreaSetEdition, AreaSetKind, Geometry
from geo.model.results import InputFile
from geo.spatial import crs, intersections

_FLAT: Final = f"areas whose boxes meet those of {intersections.PILE} others at most, on average"
DENMARK: Final = (7.5, 54.3, 15.6, 58.0)
"""West, south, east, north in degrees (EPSG:4326), with a margin. Coordinates outside it mean that they, or the CRS, are wrong."""


def read(folder: Path, kinds: Iterable[AreaSetKind]) -> dict[str, AreaSet]:
    """Read the newest edition (by its day valid_from) of each kind that has one, in the order of `kinds`.

    Raises InputError with the problems of all files at once.
    """
    return {name: of_one[-1] for name, of_one in _read(folder, tuple(kinds), only_newest=True).items()}


def every(folder: Path, kinds: Iterable[AreaSetKind]) -> dict[str, tuple[AreaSet, ...]]:
    """Read every edition of each kind that carries figures, and the newest edition of each other kind; oldest first, each file once.

    In the order of `kinds`; kinds without a file are left out. Raises InputError with the problems of all files at once.
    """
    return _read(folder, tuple(kinds), only_newest=False)


def vintages(folder: Path, kinds: Iterable[AreaSetKind]) -> list[AreaSet]:
    """Read every edition of every kind that carries figures. Raises InputError with the problems of all files at once."""
    sets = every(folder, [kind for kind in kinds if kind.role == "areas"])
    return [area_set for of_one in sets.values() for area_set in of_one]


def _read(folder: Path, kinds: Sequence[AreaSetKind], *, only_newest: bool) -> dict[str, tuple[AreaSet, ...]]:
    sets: dict[str, tuple[AreaSet, ...]] = {}
    problems: list[Problem] = []
    for kind in (candidate for candidate in kinds if candidate.groups is None):
        paths = editions(folder, kind.id)
        of_one = []
        for path in paths[-1:] if only_newest or kind.role != "areas" else paths:
            try:
                of_one.append(read_file(path, kind, file=_shown(folder, path)))
            except InputError as error:
                problems += error.problems
        if of_one:
            sets[kind.id] = tuple(of_one)
    for row, kind in enumerate(kinds, 1):
        if kind.groups is None:
            continue
        try:
            if made := _groups(folder, kind, sets.get(kind.groups.area_set, ()), row=row):
                sets[kind.id] = made
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return {kind.id: sets[kind.id] for kind in kinds if kind.id in sets}


def _groups(folder: Path, kind: AreaSetKind, of: Sequence[AreaSet], *, row: int) -> tuple[AreaSet, ...]:
    """The set of groups for each of these editions in which it has a group.

    Raises InputError when the set has a file of its own, and for members that are in no edition.
    """
    own = [
        Problem(_shown(folder, path), "a file of a set that is made of groups", expected="no file") for path in editions(folder, kind.id)
    ]
    groups = kind.groups
    if groups is None or own:
        raise InputError(own)
    if of and groups.group:
        known = _codes(folder, groups.area_set)
        if strange := list(areagroups.strangers(kind, known, row=row)):
            raise InputError(strange)
    made = [
        (area_set, _grouped(folder, kind, area_set.areas["area_id"], folder / groups.area_set / f"{area_set.edition.valid_from}.geojson"))
        for area_set in of
    ]
    return tuple(areagroups.made(kind, area_set, grouped) for area_set, grouped in made if grouped)


def _grouped(folder: Path, kind: AreaSetKind, known: Iterable[str], path: Path) -> tuple[Group, ...]:
    """The groups of the areas in one file."""
    if kind.groups is None:
        return ()
    if kind.groups.column:
        file = _shown(folder, path)
        return areagroups.by_column(geojson.read_own(path, file=file), kind.groups.column, file=file)
    return areagroups.listed(kind.groups, list(known))


def editions(folder: Path, area_set: str) -> list[Path]:
    """Return the files of an area set, oldest first: their names are days, so sorting them by name sorts them by day."""
    return sorted((folder / area_set).glob("*.geojson"))


def codes(folder: Path, kinds: Iterable[AreaSetKind]) -> dict[str, frozenset[str]]:
    """Return the codes of each kind in all its editions together: a code of an older edition is valid in a table of figures.

    Kinds without a file are left out, and so are groups of such.
    """
    known: dict[str, frozenset[str]] = {}
    for kind in kinds:
        paths = editions(folder, kind.groups.area_set if kind.groups else kind.id)
        if paths and kind.groups:
            members = _codes(folder, kind.groups.area_set)
            known[kind.id] = frozenset(group.id for path in paths for group in _grouped(folder, kind, members, path))
        elif paths:
            known[kind.id] = _codes(folder, kind.id)
    return known


def _codes(folder: Path, area_set: str) -> frozenset[str]:
    layers = [geojson.read_own(path, file=_shown(folder, path)) for path in editions(folder, area_set)]
    return frozenset(str(code) for layer in layers for code in layer.get("area_id", ()))


def inputs(folder: Path, sets: Mapping[str, AreaSet]) -> tuple[InputFile, ...]:
    """Return the files that the area sets were read from, as an edition's manifest lists them; paths begin with `boundaries/`.

    A set of groups has no file: its areas are in the file of the set that it is made of.
    """
    return tuple(
        provenance.input_file(
            folder / area_set.id / f"{area_set.edition.valid_from}.geojson",
            area_set.sidecar,
            root=folder.parent,
            kind="boundaries",
            rows=len(area_set.areas),
        )
        for area_set in sets.values()
        if area_set.kind.groups is None
    )


def read_file(path: Path, kind: AreaSetKind, *, file: str = "") -> AreaSet:
    """Read one file of a workspace: columns `area_id`, `name` and perhaps `note`, with its sidecar.

    Raises InputError with everything that is wrong, CrsError when the layer has no CRS or coordinates that cannot be in it.
    """
    file = file or path.name
    sidecar = provenance.check(path, file=file)
    edition = sidecar.area_set
    if edition is None or (edition.id, str(edition.valid_from)) != (kind.id, path.stem):
        described = "nothing" if edition is None else f"{edition.id}, {edition.valid_from}"
        raise InputError(Problem(file, "the sidecar names another area set or day", None, "area_set", described, f"{kind.id}, {path.stem}"))
    layer = geojson.read_own(path, file=file)
    missing = [name for name in ("area_id", "name") if name not in layer.columns]
    if missing:
        raise InputError(Problem(file, "a missing column", column=missing[0], found=", ".join(layer.columns), expected=", ".join(missing)))
    if "note" not in layer.columns:
        layer["note"] = ""
    layer = layer.set_axis(range(1, len(layer) + 1))
    return AreaSet(kind, edition, sidecar, measured(layer, edition, file=file, geometry=kind.geometry))


def measured(
    layer: gpd.GeoDataFrame,
    edition: AreaSetEdition,
    *,
    file: str,
    columns: Mapping[str, str] | None = None,
    geometry: Geometry = "polygons",
) -> gpd.GeoDataFrame:
    """Check a layer with the columns area_id, name, note and geometry, and return it in metres (EPSG:25832), sorted by code.

    layer: its index holds the numbers of the features in their file, from 1; problems name them. columns: for our names of columns,
    those in the file, for problems. geometry: what the features should be. Raises InputError with everything that is wrong, and CrsError
    when the layer has no CRS or coordinates that cannot be in it.
    """
    table = gpd.GeoDataFrame(layer[["area_id", "name", "note", "geometry"]], crs=layer.crs)
    for name in ("area_id", "name", "note"):
        table[name] = [text if isinstance(text, str) else "" for text in table[name]]
    if table.empty:
        raise InputError(Problem(file, "a layer without features", expected="at least one area"))
    problems = schema.problems(table, schema.LAYERS[geometry], file=file, columns=columns)
    if problems:
        raise InputError(problems)
    check_place(table, file=file)
    if geometry == "polygons" and intersections.piled(table.geometry.to_numpy()):
        raise InputError(
            Problem(file, "areas that lie on each other in piles", column="geometry", found=f"{len(table)} areas", expected=_FLAT)
        )
    areas = crs.to_measure(table, file=file)
    if edition.partition:
        problems = _doubly_covered(areas, file=file)
    if problems:
        raise InputError(problems)
    return areas.sort_values("area_id", ignore_index=True)


def check_place(layer: gpd.GeoDataFrame, *, file: str) -> None:
    """Raise CrsError for coordinates that cannot be in the layer's CRS, or that lie outside Denmark.

    layer: in any CRS. The message says what the coordinates look like: degrees, metres, or axes that are swapped.
    """
    bounds = layer.geometry.bounds
    low_x, low_y, high_x, high_y = (float(edge) for edge in layer.total_bounds)
    described = f"{layer.crs.to_string()} with x {low_x:.6g} to {high_x:.6g}, y {low_y:.6g} to {high_y:.6g}"
    west, south, east, north = DENMARK
    if not layer.crs.is_geographic and max(abs(v) for v in (low_x, low_y, high_x, high_y)) <= 180:
        raise CrsError(Problem(file, "degrees in a layer whose CRS is in metres", row=1, column="geometry", found=described))
    if layer.crs.is_geographic and (south <= low_x and high_x <= north) and (west <= low_y and high_y <= east):
        problem = Problem(
            file, "latitude stands before longitude", row=1, column="geometry", found=described, expected="longitude first (x)"
        )
        raise CrsError(problem)
    if layer.crs.is_geographic and (max(abs(low_x), abs(high_x)) > 180 or max(abs(low_y), abs(high_y)) > 90):
        raise CrsError(Problem(file, "metres in a layer whose CRS is in degrees", row=1, column="geometry", found=described))
    shown = crs.to_show(layer).geometry.bounds.to_numpy()
    outside = (shown[:, 0] < west) | (shown[:, 1] < south) | (shown[:, 2] > east) | (shown[:, 3] > north) | ~np.isfinite(shown).all(axis=1)
    if outside.any():
        row = int(bounds.index[outside][0])
        more = int(outside.sum()) - 1
        raise CrsError(
            Problem(file, "an area outside Denmark", row=row, column="geometry", found=described, expected=f"{DENMARK}", more=more)
        )


def _doubly_covered(areas: gpd.GeoDataFrame, *, file: str) -> list[Problem]:
    """Pairs of areas of a partition that overlap by more than a sliver.

    Real layers are not corner-exact (the bydele are cut out of different maps), but no point further in may belong to two areas.
    """
    shapes = areas.geometry.to_numpy()
    pairs = intersections.overlapping(shapes)
    if not len(pairs):
        return []
    first, second = pairs[0]
    names = " and ".join(repr(areas["area_id"].iat[number]) for number in (first, second))
    shared = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    return [
        Problem(
            file,
            "two areas of a partition overlap",
            row=int(areas.index[first]),
            column="geometry",
            found=f"{names} by {shared:,.0f} m2",
            expected=f"a common strip no wider than {intersections.SLIVER:.0f} m",
            more=len(pairs) - 1,  # at least: of very many, not all are looked for
        )
    ]


def _shown(folder: Path, path: Path) -> str:
    return path.relative_to(folder.parent).as_posix()
