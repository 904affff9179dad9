"""Taking other people's files into the workspace: recognised, checked, and written with their provenance; all files or none."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import shapely

from geo.errors import GeoError, InputError, Problem
from geo.files import provenance, transaction
from geo.files.workspace import Workspace
from geo.inputs import boundaries as area_files
from geo.inputs import catalogue
from geo.inputs.profiles import Recognised, edition_of, recognise
from geo.inputs.tables import taking
from geo.inputs.tables.taking import ImportedFigures, TableChoices
from geo.model.areas import ImportProfile, Sidecar
from geo.spatial import crs

DECIMALS: Final = 7
"""Decimals of a degree in a written layer: about one centimetre."""


@dataclass(frozen=True)
class ImportedFile:
    """One file of the workspace that an import wrote: `path` below the workspace's folder, from the user's file `source`."""

    source: str
    path: str
    rows: int
    note: str = ""

    def __str__(self) -> str:
        return f"{self.source} -> {self.path} ({self.rows} rows)" + (f"; {self.note}" if self.note else "")


def boundaries(
    workspace: Workspace,
    files: Sequence[Path],
    *,
    area_set: str | None = None,
    profile: ImportProfile | None = None,
    retrieved: dt.date | None = None,
) -> list[ImportedFile]:
    """Take layers of areas into the workspace, as new editions of the area sets whose profile in `sets.toml` they fit.

    A file may feed several sets. `area_set` keeps to one set; with `profile` it says how to read a layer that no profile knows.
    `retrieved` is the day the files were fetched, by default the day they were last written. Raises InputError with the problems of
    all files at once; the workspace is then as it was.
    """
    kinds = [kind for kind in catalogue.kinds(workspace.boundaries) if area_set in {None, kind.id}]
    if not kinds:
        raise InputError(Problem("boundaries/sets.toml", "no such area set", column="id", found=repr(area_set)))
    layers: list[Recognised] = []
    problems: list[Problem] = []
    for path in files:
        try:
            layers += recognise(path, kinds, profile, workspace)
        except GeoError as error:
            problems += error.problems
    problems += _same_place([(layer.source.name, layer.path) for layer in layers])
    if problems:
        raise InputError(problems)
    written: dict[str, bytes] = {}
    for layer in layers:
        content = _geojson(layer.areas)
        written[layer.path] = content
        written[str(Path(layer.path).with_suffix(".toml"))] = provenance.encode(_sidecar(layer, content, retrieved))
    transaction.place(workspace.folder, written, check=lambda staged: _read_again(staged, layers))
    return [ImportedFile(layer.source.name, layer.path, len(layer.areas), _remark(layer, workspace)) for layer in layers]


def _geojson(areas: gpd.GeoDataFrame) -> bytes:
    """The areas as GeoJSON (RFC 7946, EPSG:4326), one feature a line."""
    lines = []
    for row in crs.to_show(areas).itertuples():
        more = {name: text for name in ("note", "group") if (text := getattr(row, name, ""))}
        properties = {"area_id": row.area_id, "name": row.name} | more
        geometry = json.loads(shapely.to_geojson(shapely.transform(row.geometry, lambda corners: corners.round(DECIMALS))))
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    return ('{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n").encode()


def _sidecar(layer: Recognised, content: bytes, retrieved: dt.date | None) -> Sidecar:
    profile = layer.profile
    changed = (
        f"Importeret fra {layer.source.name} (sha256 {provenance.sha256(layer.source)}): {profile.id} er blevet til area_id, "
        f"{profile.name} til name, {DECIMALS} decimaler"
        + (", stykker med samme kode er samlet" if profile.dissolve else "")
        + (", kun områder fra listen" if profile.only_renamed else "")
    )
    return Sidecar(
        title=profile.title,
        producer=profile.producer,
        licence=profile.licence,
        retrieved=retrieved or _day_of(layer.source),
        sha256=hashlib.sha256(content).hexdigest(),
        changed=changed,
        url=profile.url,
        area_set=edition_of(layer.kind, profile),
    )


def _read_again(folder: Path, layers: Iterable[Recognised]) -> None:
    for layer in layers:
        area_files.read_file(folder / layer.path, layer.kind, file=layer.source.name)


def _remark(layer: Recognised, workspace: Workspace) -> str:
    newest = area_files.editions(workspace.boundaries, layer.kind.id)[-1]
    older = "" if newest.stem == str(layer.profile.valid_from) else f"an edition of {newest.stem} is newer and stays the one shown"
    return "; ".join(part for part in (layer.note, older) if part)


def _same_place(placed: Iterable[tuple[str, str]]) -> list[Problem]:
    first: dict[str, str] = {}
    return [
        Problem(source, "two files of this import would be the same file of the workspace", found=path, expected=f"only {first[path]}")
        for source, path in placed
        if first.setdefault(path, source) != source
    ]


def _day_of(path: Path) -> dt.date:
    return dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC).date()


def observations(
    workspace: Workspace, files: Sequence[Path], *, retrieved: dt.date | None = None, choices: TableChoices | None = None
) -> list[ImportedFigures]:
    """Take tables of figures into the workspace, as `geo.inputs.tables.taking.take` does."""
    return taking.take(workspace, files, retrieved=retrieved, choices=choices)
