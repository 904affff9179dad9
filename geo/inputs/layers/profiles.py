"""A layer from elsewhere made into areas of ours: recognised by its columns, its faults reported, never repaired in silence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import msgspec
import numpy as np
import pandas as pd
import shapely

from geo.errors import CrsError, InputError, Problem
from geo.files import apart, schema
from geo.files.layers import geojson, reading
from geo.files.workspace import Workspace
from geo.inputs import boundaries
from geo.inputs.areagroups import slug
from geo.inputs.layers import cleaning, wkttables
from geo.model.areas import AreaSetEdition, AreaSetKind, Geometry, ImportProfile

_MAY_CUT: Final = (".shp", ".zip")
"""Endings of files in which names of columns may be cut after ten bytes."""

_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")

GUESS: Final = "Sammensætningen er et gæt i kilden"


@dataclass(frozen=True)
class Recognised:
    """A layer that was recognised as an area set, ready to be written: its areas in metres, and as GeoJSON."""

    source: Path
    kind: AreaSetKind
    profile: ImportProfile
    areas: gpd.GeoDataFrame
    notes: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where the file is written, relative to the workspace's folder."""
        return f"boundaries/{self.kind.id}/{self.profile.valid_from}.geojson"


@dataclass(frozen=True)
class LayerChoices:
    """What a person says of a layer that cannot be seen in it.

    layer: the name of the layer, of a file that has several. leave_out_empty: that features without a geometry are left out. valid_from:
    the day from which the areas are valid, None for that of the profile. confirm: that what is asked about is right.
    crs: of a table whose geometries are WKT, "" where the texts say it.
    """

    layer: str = ""
    leave_out_empty: bool = False
    valid_from: dt.date | None = None
    confirm: bool = False
    crs: str = ""


@dataclass(frozen=True)
class _Fit:
    """A profile that a layer fits. columns: for each name of the profile, the column of the file."""

    kind: AreaSetKind
    profile: ImportProfile
    columns: Mapping[str, str]


def recognise(
    path: Path, kinds: Sequence[AreaSetKind], chosen: ImportProfile | None, workspace: Workspace, choices: LayerChoices
) -> list[Recognised]:
    """Read a layer as every area set whose profile it fits, or as the only one of `kinds` by the `chosen` profile.

    workspace: gives the names and codes of areas that are known already. Raises InputError with everything that is wrong with the file,
    naming its own columns and feature numbers; CrsError when it has no CRS or coordinates that cannot be in it.
    """
    layer = _read(path, choices).rename_axis(None)
    layer, *remarks = _cleaned(layer.set_axis(range(1, len(layer) + 1)), choices, file=path.name)
    cut = path.suffix.lower() in _MAY_CUT
    fitting = [fit for kind in kinds for fit in [_fitting(layer, kind, (chosen,) if chosen else kind.profiles, cut=cut)] if fit]
    if not fitting:
        raise InputError(_unknown(layer, kinds, file=path.name))
    problems: list[Problem] = []
    layers: list[Recognised] = []
    for fit in fitting:
        try:
            layers.append(_shape(path, layer, fit, workspace, choices.valid_from))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(dict.fromkeys(problems))
    return [replace(each, notes=(*(text for text in remarks if text), *each.notes)) for each in layers]


def _read(path: Path, choices: LayerChoices) -> gpd.GeoDataFrame:
    if wkttables.is_table(path):
        return wkttables.read(path, file=path.name, said=choices.crs)
    if choices.crs:
        what = "a CRS said of a file that has one of its own, or should"
        raise CrsError(Problem("--crs", what, found=choices.crs, expected=f"the option for tables alone: {', '.join(wkttables.ENDINGS)}"))
    return apart.read(path, file=path.name, layer=choices.layer)


def _cleaned(layer: gpd.GeoDataFrame, choices: LayerChoices, *, file: str) -> tuple[gpd.GeoDataFrame, *tuple[str, ...]]:
    """A layer whose features all have a geometry, and whose rings do not touch themselves; and what was found out or put right."""
    read_as = layer.attrs.get(reading.REMARKS, [])
    layer, empty = cleaning.without_empty(layer, leave_out=choices.leave_out_empty, file=file)
    layer, rings = cleaning.mended(layer)
    return layer, *read_as, empty, rings


def _unknown(layer: gpd.GeoDataFrame, kinds: Sequence[AreaSetKind], *, file: str) -> Problem:
    known = "; ".join(f"{kind.id}: {', '.join(profile.columns)}" for kind in kinds for profile in kind.profiles)
    columns = ", ".join(name for name in layer.columns if name != "geometry")
    mend = f"the columns of a profile ({known}); or a profile for it, [[area_set.profiles]] in boundaries/sets.toml"
    return Problem(file, "a layer that no profile knows", found=columns, expected=mend)


def _fitting(layer: gpd.GeoDataFrame, kind: AreaSetKind, profiles: Iterable[ImportProfile], *, cut: bool) -> _Fit | None:
    """The first profile whose columns the layer has, and (with only_renamed) one of whose codes too."""
    own = [name for name in layer.columns if name != layer.geometry.name]
    for profile in profiles:
        asked = {*profile.columns, profile.id, profile.name}
        more = {name for name in (profile.note_from, profile.guess_column, profile.group_from) if name}
        columns = cleaning.named(own, asked | more, cut=cut)
        fits = asked <= set(columns) and not cleaning.named(own, profile.without, cut=cut) and _drawn_as(layer, kind.geometry)
        if fits and (not profile.only_renamed or set(cleaning.texts(layer[columns[profile.id]])) & set(profile.rename)):
            return _Fit(kind, profile, columns)
    return None


def _drawn_as(layer: gpd.GeoDataFrame, geometry: Geometry) -> bool:
    """Whether a layer may be of lines or of points; what is wrong with a layer of polygons is found later, and said."""
    return geometry == "polygons" or bool(np.isin(shapely.get_type_id(layer.geometry.to_numpy()), schema.TYPES[geometry]).all())


def _shape(path: Path, layer: gpd.GeoDataFrame, fit: _Fit, workspace: Workspace, day: dt.date | None) -> Recognised:
    """The layer as areas of ours, checked."""
    kind, profile, of = fit.kind, fit.profile, fit.columns
    if day is not None:
        profile = msgspec.structs.replace(profile, valid_from=day)
    code = pd.Series(cleaning.texts(layer[of[profile.id]]), index=layer.index)
    if profile.digits:
        code = code.map(lambda text: text.zfill(profile.digits) if text.isdigit() else text)
    own = code.map(lambda text: profile.rename.get(text, slug(text) if profile.slug else text))
    known = boundaries.codes(workspace.boundaries, [kind]).get(kind.id, frozenset())
    cleaning.check_zeros(own, known, file=path.name, column=of[profile.id])
    table = gpd.GeoDataFrame(
        {"area_id": own, "name": cleaning.texts(layer[of[profile.name]]), "note": _notes(layer, profile, of)},
        geometry=layer.geometry,
        crs=layer.crs,
    )
    if profile.group_from in of:
        table["group"] = cleaning.texts(layer[of[profile.group_from]])
    if profile.only_renamed:
        table = table[code.isin(profile.rename)]
        table = _with_known_names(table, workspace, kind)
    nameless = int((code == "").sum()) if profile.named_only else 0
    if nameless:
        table = table[(code != "").to_numpy()]
    columns = {"area_id": of[profile.id], "name": of[profile.name]}
    if profile.dissolve:
        table = _dissolved(table, file=path.name, columns=columns, geometry=kind.geometry)
    _checked(table, kind, profile, file=path.name, columns=columns)
    absent = [name for name in profile.rename if name not in set(code)]
    notes = [_other_year(path, profile)] if day is None else []
    notes += [f"{nameless} features without a name left out"] * bool(nameless)
    if absent and profile.only_renamed:
        notes.append(f"not in the file: {', '.join(absent)}")
    return Recognised(path, kind, profile, table.sort_values("area_id"), tuple(note for note in notes if note))


def _other_year(path: Path, profile: ImportProfile) -> str:
    """A remark when the name of a file says other years than the day from which its areas are taken to be valid."""
    years = _YEAR.findall(path.stem)
    if not years or str(profile.valid_from.year) in years:
        return ""
    return f"its name says {years[0]}, and it is taken to be valid from {profile.valid_from}; --valid-from says another day"


def _checked(table: gpd.GeoDataFrame, kind: AreaSetKind, profile: ImportProfile, *, file: str, columns: Mapping[str, str]) -> None:
    """Check areas as `boundaries.measured` does; of codes that stand twice or hold other signs, say which setting of a profile helps."""
    try:
        boundaries.measured(table, edition_of(kind, profile), file=file, columns=columns, geometry=kind.geometry)
    except CrsError:
        raise
    except InputError as error:
        helps = {schema.TWICE: "dissolve = true" * (not profile.dissolve), schema.OTHER_SIGNS: "slug = true" * (not profile.slug)}
        mends = {what: f"; or {setting} in the profile in sets.toml" for what, setting in helps.items() if setting}
        problems = [
            replace(problem, expected=problem.expected + mends[problem.what]) if problem.what in mends else problem
            for problem in error.problems
        ]
        raise InputError(problems) from None


def _notes(layer: gpd.GeoDataFrame, profile: ImportProfile, of: Mapping[str, str]) -> list[str]:
    own = cleaning.texts(layer[of[profile.note_from]]) if profile.note_from in of else [""] * len(layer)
    guessed = [not sure for sure in layer[of[profile.guess_column]]] if profile.guess_column in of else [False] * len(layer)
    return ["; ".join(part for part in (text, GUESS if guess else "") if part) for text, guess in zip(own, guessed, strict=True)]


def _with_known_names(table: gpd.GeoDataFrame, workspace: Workspace, kind: AreaSetKind) -> gpd.GeoDataFrame:
    """Areas that the workspace knows keep its name for them; the file's other name goes into the note."""
    earlier = boundaries.editions(workspace.boundaries, kind.id)
    if not earlier:
        return table
    known = geojson.read_own(earlier[-1], file=earlier[-1].name)
    names = dict(zip(known["area_id"], known["name"], strict=True))
    theirs = table["name"]
    ours = table["area_id"].map(names).fillna(theirs)
    notes = [
        "; ".join(part for part in (f"I kilden: {their}" if their != our else "", note) if part)
        for their, our, note in zip(theirs, ours, table["note"], strict=True)
    ]
    return table.assign(name=ours, note=notes)


def _dissolved(table: gpd.GeoDataFrame, *, file: str, columns: Mapping[str, str], geometry: Geometry) -> gpd.GeoDataFrame:
    """Rows of the same code as one area; each piece is checked before."""
    pieces = table.assign(area_id=[f"{number}" if code else "" for number, code in table["area_id"].items()])
    problems = schema.problems(pieces, schema.LAYERS[geometry], file=file, columns=columns)
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
