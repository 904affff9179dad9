"""Taking layers of areas into the workspace: all files or none, and nothing written over."""

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
from geo.files.layers import formats
from geo.files.workspace import Workspace
from geo.inputs import boundaries, catalogue
from geo.inputs.layers import changes
from geo.inputs.layers.profiles import LayerChoices, Recognised, edition_of, recognise
from geo.model.areas import ImportProfile, Sidecar
from geo.spatial import crs

_HALF: Final = 2
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


def take(  # noqa: PLR0913  the files, and what a person says of them
    workspace: Workspace,
    files: Sequence[Path],
    *,
    area_set: str | None = None,
    profile: ImportProfile | None = None,
    retrieved: dt.date | None = None,
    choices: LayerChoices | None = None,
) -> list[ImportedFile]:
    """Take layers of areas into the workspace, as new editions of the area sets whose profile in `sets.toml` they fit.

    A file may feed several sets. `area_set` keeps to one set; with `profile` it says how to read a layer that no profile knows.
    `retrieved` is the day the files were fetched, by default the day they were last written. `choices`: what cannot be seen in a layer.
    Raises InputError with the problems of all files at once, and when an edition of that day is there with other areas; the workspace is
    then as it was.
    """
    kinds = [kind for kind in catalogue.kinds(workspace.boundaries) if area_set in {None, kind.id}]
    if not kinds:
        raise InputError(Problem("boundaries/sets.toml", "no such area set", column="id", found=repr(area_set)))
    layers: list[Recognised] = []
    problems: list[Problem] = []
    for path in files:
        try:
            provenance.check_day(retrieved, file=path.name)
            layers += recognise(path, kinds, profile, workspace, choices or LayerChoices())
        except GeoError as error:
            problems += error.problems
    problems += _same_place([(layer.source.name, layer.path) for layer in layers])
    if problems:
        raise InputError(problems)
    contents = {layer.path: _geojson(layer.areas) for layer in layers}
    if there := [problem for layer in layers for problem in _written_over(layer, contents[layer.path], workspace)]:
        raise InputError(there)
    if not (choices and choices.confirm) and (lost := [problem for layer in layers for problem in _vanishing(layer, workspace)]):
        raise InputError(lost)
    remarks = {layer.path: _remark(layer, workspace) for layer in layers}
    written: dict[str, bytes] = {}
    for layer in layers:
        content = contents[layer.path]
        written[layer.path] = content
        written[str(Path(layer.path).with_suffix(".toml"))] = provenance.encode(_sidecar(layer, content, retrieved))

    def check(staged: Path) -> None:
        """Look once more, now that nobody else writes: somebody may have placed an edition of that day meanwhile."""
        if there := [problem for layer in layers for problem in _written_over(layer, contents[layer.path], workspace)]:
            raise InputError(there)
        _read_again(staged, layers)

    transaction.place(workspace.folder, written, check=check)
    return [ImportedFile(layer.source.name, layer.path, len(layer.areas), remarks[layer.path]) for layer in layers]


def _written_over(layer: Recognised, content: bytes, workspace: Workspace) -> list[Problem]:
    """Why a layer is not written: an edition of its day is there, with other areas."""
    place = workspace.folder / layer.path
    if not place.exists() or place.read_bytes() == content:
        return []
    what = "an edition of that day is there, with other areas, and nothing is written over it"
    mend = "--valid-from with the day from which these areas are valid; or the edition that is there taken away first"
    return [Problem(layer.source.name, what, column="valid_from", found=layer.path, expected=mend)]


def _vanishing(layer: Recognised, workspace: Workspace) -> list[Problem]:
    """Why a person is asked about a layer of a set that covers the city: it is less than half of the edition before, in areas or in km2."""
    if not layer.profile.partition:
        return []
    before, codes = changes.newest_codes(workspace, layer.kind), frozenset(layer.areas["area_id"])
    was, now = changes.newest_size(workspace, layer.kind), changes.size(layer.areas)
    if len(before) <= _HALF * len(codes) and was <= _HALF * now:
        return []
    gone = changes.few(before - codes) or "none"
    described = f"{len(codes)} areas of {now:.1f} km2 where there were {len(before)} of {was:.1f} km2; gone: {gone}"
    expected = "all areas of the set; if it is right, the option --confirm"
    return [Problem(layer.source.name, "a layer of a part only, of a set that covers the city", None, "", described, expected)]


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
        f"Importeret fra {layer.source.name} (sha256 {_sha256(layer.source)}): {profile.id} er blevet til area_id, "
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
        boundaries.read_file(folder / layer.path, layer.kind, file=layer.source.name)


def _remark(layer: Recognised, workspace: Workspace) -> str:
    """What a person is told of a layer that is taken; said before it is written, when the edition before is still the newest."""
    editions = boundaries.editions(workspace.boundaries, layer.kind.id)
    newest = editions[-1].stem if editions else ""
    day = str(layer.profile.valid_from)
    if newest > day:
        return "; ".join([*layer.notes, f"an edition of {newest} is newer and stays the one shown"])
    before = changes.newest_codes(workspace, layer.kind)
    codes = frozenset(layer.areas["area_id"])
    notes = [*layer.notes, *changes.of_codes(codes, before), changes.lost_figures(workspace, before - codes, layer.kind.id)]
    if layer.profile.partition:
        notes.append(changes.gaps(layer.areas))
    return "; ".join(note for note in notes if note)


def _same_place(placed: Iterable[tuple[str, str]]) -> list[Problem]:
    first: dict[str, str] = {}
    return [
        Problem(source, "two files of this import would be the same file of the workspace", found=path, expected=f"only {first[path]}")
        for source, path in placed
        if first.setdefault(path, source) != source
    ]


def _day_of(path: Path) -> dt.date:
    return dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC).date()


def _sha256(path: Path) -> str:
    """The hash of a file; of a geodatabase, which is a folder, of the names and hashes of its files."""
    if not formats.is_folder(path):
        return provenance.sha256(path)
    inside = sorted(file for file in path.rglob("*") if file.is_file())
    listed = "".join(f"{file.relative_to(path).as_posix()} {provenance.sha256(file)}\n" for file in inside)
    return hashlib.sha256(listed.encode()).hexdigest()
