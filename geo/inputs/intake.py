"""Taking other people's files into the workspace: recognised, checked, and written with their provenance; all files or none."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
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
from geo.inputs import observations as figure_files
from geo.inputs.areagroups import slug
from geo.inputs.profiles import Recognised, edition_of, recognise
from geo.model.areas import ImportProfile, Sidecar
from geo.model.catalogue import Catalogue
from geo.spatial import crs

DECIMALS: Final = 7
"""Decimals of a degree in a written layer: about one centimetre."""

_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class ImportedFile:
    """One file of the workspace that an import wrote: `path` below the workspace's folder, from the user's file `source`."""

    source: str
    path: str
    rows: int
    note: str = ""

    def __str__(self) -> str:
        return f"{self.source} -> {self.path} ({self.rows} rows)" + (f"; {self.note}" if self.note else "")


# --- boundaries ---------------------------------------------------------------------------------------------------------


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


# --- observations -------------------------------------------------------------------------------------------------------


def observations(workspace: Workspace, files: Sequence[Path], *, retrieved: dt.date | None = None) -> list[ImportedFile]:
    """Take CSV files of figures into `data/<name>/<retrieved>/`, each with a sidecar.

    Provenance comes from the sidecar beside the file when there is one, else from what the catalogue says of the rows' sources.
    `retrieved` is the day the files were fetched, by default the sidecar's or the day they were last written. Raises InputError with
    the problems of all files at once; the workspace is then as it was.
    """
    known = catalogue.read(workspace.data, workspace.boundaries)
    codes = area_files.codes(workspace.boundaries, known.area_sets)
    written: dict[str, bytes] = {}
    taken: list[ImportedFile] = []
    problems: list[Problem] = []
    for path in files:
        try:
            sidecar, content, rows = _figures(path, known, codes, retrieved)
        except GeoError as error:
            problems += error.problems
            continue
        name = slug(path.stem)
        place = f"data/{name}/{sidecar.retrieved}/{name}.csv"
        written |= {place: content, place.removesuffix("csv") + "toml": provenance.encode(sidecar)}
        taken.append(ImportedFile(path.name, place, rows))
    problems += _same_place([(file.source, file.path) for file in taken])
    if problems:
        raise InputError(problems)
    transaction.place(workspace.folder, written, check=lambda staged: figure_files.read(Workspace(staged).data, known, codes))
    return taken


def _figures(path: Path, known: Catalogue, codes: Mapping[str, frozenset[str]], retrieved: dt.date | None) -> tuple[Sidecar, bytes, int]:
    """The sidecar and the bytes to be written, and the number of rows. A byte order mark is left out, and the sidecar says so."""
    table = figure_files.read_file(path, known, codes, file=path.name)
    content = path.read_bytes()
    changed = "Importeret uændret"
    if content.startswith(_BOM):
        content, changed = content.removeprefix(_BOM), "Importeret uden filens byte order mark"
    used = [source for source in known.sources if source.id in set(table["source"])]
    said = provenance.check(path, file=path.name) if provenance.beside(path).is_file() else None
    sidecar = Sidecar(
        title=said.title if said else "; ".join(source.title for source in used),
        producer=said.producer if said else "; ".join(dict.fromkeys(source.producer for source in used)),
        licence=said.licence if said else "; ".join(dict.fromkeys(source.licence for source in used if source.licence)) or "Ikke oplyst",
        url=said.url if said else used[0].url if len(used) == 1 else "",
        retrieved=retrieved or (said.retrieved if said else _day_of(path)),
        sha256=hashlib.sha256(content).hexdigest(),
        changed=f"{said.changed}; {changed.lower()}" if said and said.changed else changed,
    )
    return sidecar, content, len(table)
