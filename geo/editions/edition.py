"""An edition: the immutable files that the web reads. It is written as a whole, named by its content and made current in one step."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo.editions import manifests
from geo.editions.contents import Contents
from geo.errors import EditionError, Problem
from geo.files import durable, locks, provenance
from geo.model.catalogue import Catalogue
from geo.model.results import (
    OBSERVATION_COLUMNS,
    AreaInfo,
    AreaLayer,
    Breaks,
    Hidden,
    Judgement,
    Manifest,
    Overlap,
    Redraw,
)
from geo.model.vocabulary import Audience
from geo.version import VERSION

FORMAT: Final = 2
DAMAGED: Final = ".damaged-"
"""How the names of folders begin in which damaged editions are kept after they were written anew."""
_T = TypeVar("_T")
_Content = Callable[[Path, str], bytes]
_TEXT: Final = frozenset(OBSERVATION_COLUMNS) - {"value", "numerator", "denominator", "n", "low", "high"}
PROGRAM: Final = f"omraadekort {VERSION}"
"""The program that builds editions, with its version."""
_DECODED: Final = (Manifest, Catalogue, AreaLayer, Judgement, Breaks, Overlap, Hidden, Redraw)
for _kind in _DECODED:
    # msgspec learns a type at its first use, and crashes the process when two threads are the first (0.22): learn them at import.
    msgspec.json.Decoder(_kind)


@dataclass(frozen=True, eq=False)  # compared and hashed by identity: what is derived from an edition can be kept beside it
class Edition:
    """One audience's part of one edition, read from disk.

    observations: OBSERVATION_COLUMNS, a complete grid: areas without a value have a row with a status and a reason.
    """

    id: str
    audience: Audience
    folder: Path
    manifest: Manifest
    catalogue: Catalogue
    observations: pd.DataFrame
    judgements: tuple[Judgement, ...]
    breaks: Mapping[str, Breaks]
    layers: Mapping[str, AreaLayer]
    overlaps: tuple[Overlap, ...]
    hidden: tuple[Hidden, ...]
    redraws: tuple[Redraw, ...] = ()

    def area(self, area_set: str, area_id: str) -> AreaInfo | None:
        """Return the area with that id in a set, or None when there is none."""
        layer = self.layers.get(area_set)
        return next((area for area in layer.areas if area.area_id == area_id), None) if layer else None

    def geometries(self, area_set: str) -> dict[str, Any]:
        """Return the GeoJSON geometry (EPSG:4326) of each area of a set, by its id. Raises EditionError if there is no such set."""
        return {
            str(feature["properties"]["area_id"]): feature["geometry"]
            for feature in msgspec.json.decode(self.geometry(area_set))["features"]
        }

    def geometry(self, area_set: str) -> bytes:
        """Return the stored GeoJSON of an area set (EPSG:4326, property `area_id` only). Raises EditionError if there is none."""
        if area_set not in self.layers:
            raise EditionError(Problem(self.id, f"no area set {area_set!r} in this edition", expected=", ".join(self.layers)))
        return self.content(f"areas/{area_set}.geojson")

    def content(self, name: str) -> bytes:
        """Return the bytes of one of its files. Raises DamagedError when they are not those that were written."""
        return manifests.content(self.folder, name)


def publish(editions: Path, contents: Contents) -> Manifest:
    """Write an edition and make it the current one. Raises as `write` and `point` do."""
    manifest = write(editions, contents)
    point(editions, manifest.id)
    return manifest


def write(editions: Path, contents: Contents, *, before: Callable[[str], object] = lambda _id: None) -> Manifest:
    """Write an edition beside the others; nobody reads it before `point`. The same contents give the same bytes and the same id.

    It is built in a temporary folder, synced and renamed, so a reader never sees half of one, not after a power cut either. An edition
    that exists is left as it is, unless it is damaged; then the whole one replaces it. before: called with the id just before the
    edition appears; when it raises, nothing appears.
    """
    durable.make_folder(editions)
    scratch = Path(tempfile.mkdtemp(prefix=locks.SCRATCH, dir=editions))
    try:
        _write_files(scratch, contents)
        manifest = _manifest(scratch, contents)
        (scratch / manifests.NAME).write_bytes(manifests.encode(manifest))
        target = editions / manifest.id
        scratch.chmod(0o755)
        durable.sync_tree(scratch)
        before(manifest.id)
        _rename(scratch, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return manifest


def _rename(scratch: Path, target: Path) -> None:
    """Give a finished folder its name, unless another process was faster: a whole folder of this name has the same contents."""
    try:
        durable.rename(scratch, target)
    except OSError:
        if not target.is_dir():
            raise
        if manifests.damage(target):
            _replace(scratch, target)


def _replace(scratch: Path, target: Path) -> None:
    """Put a whole edition in place of a damaged one, which is kept under a name that is no edition and readable by its owner only.

    A process that is killed between the two steps leaves no edition of that name; the next build makes it.
    """
    away = Path(tempfile.mkdtemp(prefix=f"{DAMAGED}{target.name}-", dir=target.parent))  # mkdtemp makes it 0700
    durable.rename(target, away / target.name)
    durable.rename(scratch, target)


def point(editions: Path, id: str) -> None:
    """Make an edition the current one, in one step, which a power cut does not undo. Raises EditionError where it cannot be written."""
    try:
        durable.write(editions / "current", f"{id}\n".encode())
    except IsADirectoryError:
        raise EditionError(Problem(str(editions / "current"), "a folder where a file should be", expected="no such folder")) from None


def current(editions: Path) -> str:
    """Return the id of the edition that the web shows. Raises EditionError when none has been built, or nobody can read which."""
    try:
        return (editions / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise EditionError(Problem(str(editions), "no edition has been built here", expected="run: omraadekort build")) from None
    except (OSError, UnicodeDecodeError):
        what, way = "which edition is current cannot be read", "omraadekort publish with an edition, or omraadekort build"
        raise EditionError(Problem(str(editions / "current"), what, expected=way)) from None


def folders(editions: Path) -> tuple[Path, ...]:
    """Return the folders of all editions, without those that are still being written or were never finished."""
    return tuple(sorted(path.parent for path in editions.glob("*/manifest.json") if manifests.is_id(path.parent.name)))


def manifest(folder: Path) -> Manifest:
    """Return the manifest of an edition. Raises EditionError when it cannot be read, DamagedError when it is not as it was written."""
    return _decode(manifests.content, folder, manifests.NAME, Manifest)


def foreign(manifest: Manifest) -> Problem | None:
    """Return what is wrong when an edition is of another format than this program reads, None when it is of ours."""
    if manifest.format == FORMAT:
        return None
    expected = f"{FORMAT}; run: omraadekort build"
    return Problem(manifest.id, "the edition has another format", found=str(manifest.format), expected=expected)


def read(editions: Path, id: str, audience: Audience) -> Edition:
    """Read one audience's part of an edition; the files of other audiences are not opened.

    Raises EditionError when it does not exist, DamagedError when one of its files is not as it was written.
    """
    return _read(_there(editions, id), audience, manifests.content)


def as_it_lies(editions: Path, id: str, audience: Audience) -> Edition:
    """Read one audience's part of an edition even if it is damaged: for the audit, which looks for what is wrong. It is never shown.

    Raises EditionError when it does not exist or cannot be read.
    """
    return _read(_there(editions, id), audience, _lying)


def _there(editions: Path, id: str) -> Path:
    if not manifests.is_id(id) or not (editions / id / manifests.NAME).is_file():
        raise EditionError(Problem(id[:80], "no such edition"))
    return editions / id


def _lying(folder: Path, name: str) -> bytes:
    return (folder / name).read_bytes()


def _read(folder: Path, audience: Audience, content: _Content) -> Edition:
    """Put an edition together. content: a function that returns the bytes of one of its files."""
    part = audience.value
    about = _decode(content, folder, manifests.NAME, Manifest)
    if problem := foreign(about):
        raise EditionError(problem)
    layers = _decode(content, folder, "layers.json", tuple[AreaLayer, ...])
    redrawn = f"{part}/redraws.json"
    return Edition(
        id=folder.name,
        audience=audience,
        folder=folder,
        manifest=about,
        catalogue=_decode(content, folder, "catalogue.json", Catalogue),
        observations=_read_table(content, folder, f"{part}/observations.parquet"),
        judgements=_decode(content, folder, f"{part}/judgements.json", tuple[Judgement, ...]),
        breaks=_decode(content, folder, f"{part}/breaks.json", dict[str, Breaks]),
        layers={layer.id: layer for layer in layers},
        overlaps=_decode(content, folder, "overlaps.json", tuple[Overlap, ...]),
        hidden=_decode(content, folder, f"{part}/hidden.json", tuple[Hidden, ...]),
        redraws=_decode(content, folder, redrawn, tuple[Redraw, ...]) if redrawn in about.files else (),  # older editions have none
    )


def _write_files(folder: Path, contents: Contents) -> None:
    if contents.catalogue.cases:
        raise EditionError(
            Problem("data/discrimination.toml", "unprotected counts in an edition", expected="what geo.disclosure.cases shows")
        )
    (folder / "areas").mkdir()
    for layer in contents.layers:
        (folder / "areas" / f"{layer.about.id}.geojson").write_bytes(layer.geojson)
    for name, content in contents.indexes.items():
        (folder / name).write_bytes(content)
    (folder / "catalogue.json").write_bytes(manifests.encode(contents.catalogue))
    (folder / "layers.json").write_bytes(manifests.encode([layer.about for layer in contents.layers]))
    (folder / "overlaps.json").write_bytes(manifests.encode(contents.overlaps))
    for part in contents.parts:
        where = folder / part.protected.audience.value
        where.mkdir()
        _write_table(part.protected.table, where / "observations.parquet")
        (where / "judgements.json").write_bytes(manifests.encode(part.judgements))
        (where / "breaks.json").write_bytes(manifests.encode(part.breaks))
        (where / "redraws.json").write_bytes(manifests.encode(part.redraws))
        (where / "hidden.json").write_bytes(manifests.encode(part.protected.hidden))


def _manifest(folder: Path, contents: Contents) -> Manifest:
    files = {path.relative_to(folder).as_posix(): provenance.sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    described = Manifest(
        id="",
        format=FORMAT,
        program=PROGRAM,
        as_of=max(file.retrieved for file in contents.inputs if file.retrieved),
        files=files,
        inputs=tuple(contents.inputs),
        leftovers=tuple(contents.leftovers),
    )
    return msgspec.structs.replace(described, id=identify(described))


def identify(manifest: Manifest) -> str:
    """Return the id of the edition that has this manifest: a hash of everything in the manifest except the id itself."""
    return manifests.identify(manifests.encode(manifest))


def _write_table(table: pd.DataFrame, path: Path) -> None:
    """Write Parquet whose bytes depend on the rows alone: fixed column types and no metadata of pandas."""
    schema = pa.schema([(name, pa.string() if name in _TEXT else pa.float64()) for name in OBSERVATION_COLUMNS])
    pq.write_table(
        pa.Table.from_pandas(table[list(OBSERVATION_COLUMNS)], schema=schema, preserve_index=False).replace_schema_metadata(None), path
    )


def _read_table(content: _Content, folder: Path, name: str) -> pd.DataFrame:
    try:
        table: pd.DataFrame = pq.read_table(pa.BufferReader(content(folder, name))).to_pandas()
    except (OSError, pa.ArrowException) as error:
        raise EditionError(Problem(f"{folder.name}/{name}", f"the figures of the edition cannot be read ({error})")) from None
    # An absent number is NaN in memory and null on disk.
    return table.astype({name: (object if name in _TEXT else float) for name in OBSERVATION_COLUMNS})


def _decode(content: _Content, folder: Path, name: str, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(content(folder, name), type=kind)
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise EditionError(Problem(f"{folder.name}/{name}", f"a file of the edition cannot be read ({error})")) from None
