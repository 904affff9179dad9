"""A layer from elsewhere made into areas of ours: recognised by its columns, its faults reported, never repaired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.errors import InputError, Problem
from geo.files import apart, layerfile, schema
from geo.files.workspace import Workspace
from geo.inputs import boundaries
from geo.inputs.areagroups import slug
from geo.model.areas import AreaSetEdition, AreaSetKind, ImportProfile

GUESS: Final = "Sammensætningen er et gæt i kilden"


@dataclass(frozen=True)
class Recognised:
    """A layer that was recognised as an area set, ready to be written: its areas in metres, and as GeoJSON."""

    source: Path
    kind: AreaSetKind
    profile: ImportProfile
    areas: gpd.GeoDataFrame
    note: str

    @property
    def path(self) -> str:
        """Where the file is written, relative to the workspace's folder."""
        return f"boundaries/{self.kind.id}/{self.profile.valid_from}.geojson"


def recognise(path: Path, kinds: Sequence[AreaSetKind], chosen: ImportProfile | None, workspace: Workspace) -> list[Recognised]:
    """Read a layer as every area set whose profile it fits, or as the only one of `kinds` by the `chosen` profile.

    workspace: gives the names of areas that are known already. Raises InputError with everything that is wrong with the file, naming
    its own columns and feature numbers; CrsError when it has no CRS or coordinates that cannot be in it.
    """
    layer = apart.read(path, file=path.name).rename_axis(None)
    layer = layer.set_axis(range(1, len(layer) + 1))
    fitting = [(kind, profile) for kind in kinds for profile in [_fitting(layer, (chosen,) if chosen else kind.profiles)] if profile]
    if not fitting:
        known = "; ".join(f"{kind.id}: {', '.join(profile.columns)}" for kind in kinds for profile in kind.profiles)
        columns = ", ".join(name for name in layer.columns if name != "geometry")
        raise InputError(Problem(path.name, "a layer that no profile knows", found=columns, expected=known))
    problems: list[Problem] = []
    layers: list[Recognised] = []
    for kind, profile in fitting:
        try:
            layers.append(_shape(path, layer, kind, profile, workspace))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(dict.fromkeys(problems))
    return layers


def _fitting(layer: gpd.GeoDataFrame, profiles: Iterable[ImportProfile]) -> ImportProfile | None:
    """The first profile whose columns the layer has, and (with only_renamed) one of whose codes too."""
    columns = set(layer.columns)
    for profile in profiles:
        fits = columns.issuperset({*profile.columns, profile.id, profile.name}) and columns.isdisjoint(profile.without)
        if fits and (not profile.only_renamed or set(_texts(layer[profile.id])) & set(profile.rename)):
            return profile
    return None


def _shape(path: Path, layer: gpd.GeoDataFrame, kind: AreaSetKind, profile: ImportProfile, workspace: Workspace) -> Recognised:
    """The layer as areas of ours, checked. Nothing is repaired."""
    code = pd.Series(_texts(layer[profile.id]), index=layer.index)
    own = code.map(lambda text: profile.rename.get(text, slug(text) if profile.slug else text))
    table = gpd.GeoDataFrame(
        {"area_id": own, "name": _texts(layer[profile.name]), "note": _notes(layer, profile)}, geometry=layer.geometry, crs=layer.crs
    )
    if profile.group_from in layer.columns:
        table["group"] = _texts(layer[profile.group_from])
    if profile.only_renamed:
        table = table[code.isin(profile.rename)]
        table = _with_known_names(table, workspace, kind)
    columns = {"area_id": profile.id, "name": profile.name}
    if profile.dissolve:
        table = _dissolved(table, file=path.name, columns=columns)
    edition = edition_of(kind, profile)
    boundaries.measured(table, edition, file=path.name, columns=columns)
    absent = [name for name in profile.rename if name not in set(code)]
    note = f"not in the file: {', '.join(absent)}" if absent and profile.only_renamed else ""
    return Recognised(path, kind, profile, table.sort_values("area_id"), note)


def _texts(column: pd.Series) -> list[str]:
    """Codes and names as text; a number that a format stored as 10.0 is the code "10", and an absent one is ""."""
    return [
        "" if pd.isna(value) else str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
        for value in column
    ]


def _notes(layer: gpd.GeoDataFrame, profile: ImportProfile) -> list[str]:
    own = _texts(layer[profile.note_from]) if profile.note_from in layer.columns else [""] * len(layer)
    guessed = [not sure for sure in layer[profile.guess_column]] if profile.guess_column in layer.columns else [False] * len(layer)
    return ["; ".join(part for part in (text, GUESS if guess else "") if part) for text, guess in zip(own, guessed, strict=True)]


def _with_known_names(table: gpd.GeoDataFrame, workspace: Workspace, kind: AreaSetKind) -> gpd.GeoDataFrame:
    """Areas that the workspace knows keep its name for them; the file's other name goes into the note."""
    earlier = boundaries.editions(workspace.boundaries, kind.id)
    if not earlier:
        return table
    known = layerfile.read_own(earlier[-1], file=earlier[-1].name)
    names = dict(zip(known["area_id"], known["name"], strict=True))
    theirs = table["name"]
    ours = table["area_id"].map(names).fillna(theirs)
    notes = [
        "; ".join(part for part in (f"I kilden: {their}" if their != our else "", note) if part)
        for their, our, note in zip(theirs, ours, table["note"], strict=True)
    ]
    return table.assign(name=ours, note=notes)


def _dissolved(table: gpd.GeoDataFrame, *, file: str, columns: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Rows of the same code as one area; each piece is checked before."""
    pieces = table.assign(area_id=[f"{number}" if code else "" for number, code in table["area_id"].items()])
    problems = schema.problems(pieces, schema.AREAS, file=file, columns=columns)
    if problems:
        raise InputError(problems)
    rows = [
        (
            rows.index[0],
            code,
            rows["name"].iloc[0],
            "; ".join(dict.fromkeys(note for note in rows["note"] if note)),
            rows.geometry.union_all(),
        )
        for code, rows in table.groupby("area_id")
    ]
    index, *fields = zip(*rows, strict=True)
    return gpd.GeoDataFrame(dict(zip(("area_id", "name", "note", "geometry"), fields, strict=True)), index=list(index), crs=table.crs)


def edition_of(kind: AreaSetKind, profile: ImportProfile) -> AreaSetEdition:
    """Return the edition of an area set that a layer of this profile becomes."""
    return AreaSetEdition(id=kind.id, valid_from=profile.valid_from, partition=profile.partition)
