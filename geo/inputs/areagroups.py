"""Area sets that are made of another set: named groups of its areas, from a list or a column, each the union of its members.

A group is an area like any other: it is counted, protected, drawn and shown as one. Its page and those of its members name each
other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import geopandas as gpd
import msgspec
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import InputError, Problem
from geo.model.areas import AreaSet, AreaSetKind, Groups

FILE: Final = "boundaries/sets.toml"
_LETTERS: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_CODE: Final = re.compile(r"[\w.-]+")


class Group(NamedTuple):
    """A group: its code, its name, and the codes of its members in order."""

    id: str
    name: str
    members: tuple[str, ...]


def slug(text: str) -> str:
    """Return a code made from a name.

    >>> slug("Brønshøj-Husum")
    'broenshoej-husum'
    """
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


# --- what a list says against itself, and against the other sets ------------------------------------------------------------


def problems(kind: AreaSetKind, kinds: Sequence[AreaSetKind], *, row: int) -> Iterator[Problem]:
    """Return what is wrong with the groups of a set, before any layer is read. row: the set's entry number in sets.toml.

    kinds: all kinds of area sets. The groups are checked against each other and against the set that they are made of.
    """
    groups = kind.groups
    if groups is None:
        return
    of = next((candidate for candidate in kinds if candidate.id == groups.area_set), None)
    if groups.area_set == kind.id or (of is not None and (of.groups is not None or of.role != "areas")):
        expected = "another set that carries figures and is not made of groups itself"
        yield Problem(FILE, "groups of a set that cannot be grouped", row, "groups.area_set", repr(groups.area_set), expected)
    if kind.role != "areas" or kind.profiles or kind.frozen is not None:
        described = ", ".join(name for name in ("role", "profiles", "frozen") if getattr(kind, name) not in ("areas", (), None))
        yield Problem(FILE, "a set made of groups that is something else too", row, "groups", described, "id, name, singular, order, note")
    if bool(groups.column) == bool(groups.group):
        described = f"column {groups.column!r} and {len(groups.group)} groups"
        yield Problem(
            FILE, "groups by a list and a column, or by neither", row, "groups", described, "column, or [[area_set.groups.group]]"
        )
    yield from _of_list(groups, row)


def _of_list(groups: Groups, row: int) -> Iterator[Problem]:
    """Groups that stand twice or are empty, and members that stand twice."""
    ids: dict[str, str] = {}
    names: dict[str, str] = {}
    home: dict[str, str] = {}
    for number, group in enumerate(groups.group, 1):
        place = f"groups.group[{number}]"
        if not _CODE.fullmatch(group.id):
            yield Problem(FILE, "a code with other signs than letters, digits and -_.", row, f"{place}.id", repr(group.id), "aab or plan-1")
        for text, known, field in ((group.id, ids, "id"), (group.name.strip().casefold(), names, "name")):
            if text in known:
                yield Problem(
                    FILE, "a group that stands twice", row, f"{place}.{field}", repr(getattr(group, field)), f"only {known[text]}"
                )
            known.setdefault(text, place)
        if not group.members:
            yield Problem(FILE, "a group without members", row, f"{place}.members", repr(group.id), "at least one area")
        for count, member in enumerate(group.members, 1):
            if member in home:
                what, expected = "a member of two groups, or twice of one", f"only {home[member]}"
                yield Problem(FILE, what, row, f"{place}.members[{count}]", repr(member), expected)
            home.setdefault(member, f"{place}.members[{count}]")


def strangers(kind: AreaSetKind, known: frozenset[str], *, row: int) -> Iterator[Problem]:
    """Return a problem for each member on a list that no edition of the grouped set has. known: the codes of all its editions."""
    for number, group in enumerate(kind.groups.group if kind.groups else (), 1):
        for count, member in enumerate(group.members, 1):
            if member not in known:
                expected = f"an area_id of {kind.groups.area_set}" if kind.groups else ""
                yield Problem(FILE, "a member that is no area", row, f"groups.group[{number}].members[{count}]", repr(member), expected)


# --- groups of an edition ---------------------------------------------------------------------------------------------------


def listed(groups: Groups, known: Sequence[str]) -> tuple[Group, ...]:
    """Return the groups of a list with those members that an edition has, by its codes `known`; a group without any is left out."""
    there = set(known)
    made = (Group(group.id, group.name.strip(), tuple(sorted(there & set(group.members)))) for group in groups.group)
    return tuple(group for group in made if group.members)


def by_column(layer: pd.DataFrame, column: str, *, file: str) -> tuple[Group, ...]:
    """Group the areas that have the same text in a column; the group's code is made from the text. An area without a text is in no group.

    layer: with area_id, one row a feature in the order of the file. Raises InputError with the features when the column is not there,
    is empty throughout, or writes one group in two ways.
    """
    if column not in layer.columns:
        columns = ", ".join(str(name) for name in layer.columns if name != "geometry")
        raise InputError(
            Problem(file, "a missing column", column=column, found=columns, expected="the column that groups name in sets.toml")
        )
    texts = ["" if not isinstance(text, str) and pd.isna(text) else " ".join(str(text).split()) for text in layer[column]]
    first: dict[str, tuple[int, str]] = {}
    members: dict[str, list[str]] = {}
    faults = []
    for row, (area_id, text) in enumerate(zip(layer["area_id"], texts, strict=True), 1):
        code = slug(text)
        if text and not code:
            faults.append(Problem(file, "a group without letters or digits", row, column, repr(text), "a name"))
        if not code:
            continue
        known = first.setdefault(code, (row, text))
        if known[1] != text:
            faults.append(Problem(file, "one group written in two ways", row, column, repr(text), f"{known[1]!r}, as in row {known[0]}"))
        members.setdefault(code, []).append(str(area_id))
    if not members and not faults:
        faults = [Problem(file, "a column that names no group", None, column, expected="a name in some rows")]
    if faults:
        raise InputError(faults)
    return tuple(Group(code, first[code][1], tuple(sorted(members[code]))) for code in sorted(members))


def made(kind: AreaSetKind, of: AreaSet, groups: Sequence[Group]) -> AreaSet:
    """Return the area set of the groups of another set: outlines in metres (EPSG:25832), each the union of its group's members.

    of: the set that is grouped; its days of validity and its licence apply to the groups too.
    """
    place = {str(code): number for number, code in enumerate(of.areas["area_id"])}
    shapes = of.areas.geometry.to_numpy()
    rows = sorted(groups)
    outlines = [_union(shapes[[place[member] for member in group.members]]) for group in rows]
    columns = {"area_id": [group.id for group in rows], "name": [group.name for group in rows], "note": [""] * len(rows)}
    areas = gpd.GeoDataFrame(columns, geometry=outlines, crs=of.areas.crs)
    edition = msgspec.structs.replace(of.edition, id=kind.id)
    changed = f"{kind.name.da}: hver gruppe er dens medlemmer lagt sammen ({of.sidecar.title})"
    sidecar = msgspec.structs.replace(of.sidecar, title=kind.name.da, changed=changed, area_set=edition)
    return AreaSet(kind, edition, sidecar, areas, members={group.id: group.members for group in rows})


def _union(shapes: NDArray[np.object_]) -> shapely.Geometry:
    return shapely.coverage_union_all(shapes) if shapely.coverage_is_valid(shapes) else shapely.union_all(shapes)
