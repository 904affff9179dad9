"""An edition: the immutable thing the web reads. Written whole, named by its content, swapped in atomically."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo import provenance, turns
from geo.disclosure import Protected
from geo.errors import EditionError, Problem
from geo.model import Catalogue
from geo.results import OBSERVATION_COLUMNS, AreaInfo, AreaLayer, Breaks, Hidden, InputFile, Judgement, Leftover, Manifest, Overlap, Redraw
from geo.words import Audience

FORMAT: Final = 2
_T = TypeVar("_T")
_TEXT: Final = frozenset(OBSERVATION_COLUMNS) - {"value", "numerator", "denominator", "n", "low", "high"}
_ID_LENGTH: Final = 16
PROGRAM: Final = "omraadekort 0.1.0"
"""What builds editions, as pyproject.toml names it."""
_DECODED: Final = (Manifest, Catalogue, AreaLayer, Judgement, Breaks, Overlap, Hidden, Redraw)
for _kind in _DECODED:
    # msgspec learns a type at its first use, and crashes the process when two threads are the first (0.22): learn them at import.
    msgspec.json.Decoder(_kind)


@dataclass(frozen=True)
class Part:
    """What one audience may read: its protected figures and what was concluded from them."""

    protected: Protected
    judgements: tuple[Judgement, ...]
    breaks: Mapping[str, Breaks]
    redraws: tuple[Redraw, ...] = ()


@dataclass(frozen=True)
class Layer:
    """An area set to publish: its description, and its geometry as GeoJSON (EPSG:4326, only the property `area_id`)."""

    about: AreaLayer
    geojson: bytes


@dataclass(frozen=True)
class Contents:
    """All that an edition is made of. `indexes` are files by name that answer where a point lies; the web's pages do without."""

    catalogue: Catalogue
    layers: Sequence[Layer]
    overlaps: Sequence[Overlap]
    parts: Sequence[Part]
    inputs: Sequence[InputFile]
    leftovers: Sequence[Leftover]
    indexes: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)  # compared and hashed by identity: what is derived from an edition can be kept beside it
class Edition:
    """One audience's view of one edition, read from disk.

    observations: OBSERVATION_COLUMNS, a complete grid (areas without a value have a row with status and reason).
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
        """The area of that id in a set, or None."""
        layer = self.layers.get(area_set)
        return next((area for area in layer.areas if area.area_id == area_id), None) if layer else None

    def geometries(self, area_set: str) -> dict[str, Any]:
        """The GeoJSON geometry (EPSG:4326) of each area of a set, by its id. Raises EditionError if there is no such set."""
        return {str(one["properties"]["area_id"]): one["geometry"] for one in msgspec.json.decode(self.geometry(area_set))["features"]}

    def geometry(self, area_set: str) -> bytes:
        """Return the stored GeoJSON of an area set (EPSG:4326, property `area_id` only). Raises EditionError if there is none."""
        if area_set not in self.layers:
            raise EditionError(Problem(self.id, f"no area set {area_set!r} in this edition", expected=", ".join(self.layers)))
        return (self.folder / "areas" / f"{area_set}.geojson").read_bytes()


def publish(editions: Path, contents: Contents) -> Manifest:
    """Write an edition and make it the current one."""
    manifest = write(editions, contents)
    point(editions, manifest.id)
    return manifest


def write(editions: Path, contents: Contents, *, before: Callable[[str], object] = lambda _id: None) -> Manifest:
    """Write an edition beside the others; nobody reads it before `point`. The same contents give the same bytes and the same id.

    It is built in a temporary folder and renamed, so a reader never sees half of one. An edition that exists is left as it is.
    before: called with the id just before the edition appears, which it does not when this raises.
    """
    editions.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=turns.SCRATCH, dir=editions))
    try:
        _write_files(scratch, contents)
        manifest = _manifest(scratch, contents)
        (scratch / "manifest.json").write_bytes(_encode(manifest))
        target = editions / manifest.id
        scratch.chmod(0o755)
        before(manifest.id)
        _rename(scratch, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return manifest


def _rename(scratch: Path, target: Path) -> None:
    """Give a finished folder its name, unless somebody was faster: what has this name has these contents."""
    try:
        scratch.replace(target)
    except OSError:
        if not target.is_dir():
            raise


def point(editions: Path, id: str) -> None:
    """Make an edition the current one, in one step that a reader sees whole or not at all."""
    handle, name = tempfile.mkstemp(prefix=".current-", dir=editions)  # a name of its own: two threads may point at once
    scratch = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(id + "\n")
        scratch.chmod(0o644)
        scratch.replace(editions / "current")
    finally:
        scratch.unlink(missing_ok=True)


def current(editions: Path) -> str:
    """Return the id of the edition the web shows. Raises EditionError when none has been built."""
    try:
        return (editions / "current").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise EditionError(Problem(str(editions), "no edition has been built here", expected="run: omraadekort build")) from None


def folders(editions: Path) -> tuple[Path, ...]:
    """The folders of all editions; one that is still being written, or never was written to its end, is none."""
    return tuple(sorted(path.parent for path in editions.glob("*/manifest.json") if path.parent.name.isalnum()))


def listing(editions: Path) -> tuple[Manifest, ...]:
    """List the manifests of all editions, newest inputs first."""
    found = [_decode(folder / "manifest.json", Manifest) for folder in folders(editions)]
    return tuple(sorted(found, key=lambda manifest: (manifest.as_of, manifest.id), reverse=True))


def read(editions: Path, id: str, audience: Audience) -> Edition:
    """Read one audience's part of an edition; the files of other audiences are not opened. Raises EditionError."""
    folder = editions / id
    if not id.isalnum() or not (folder / "manifest.json").is_file():
        raise EditionError(Problem(id, "no such edition"))
    manifest = _decode(folder / "manifest.json", Manifest)
    if manifest.format != FORMAT:
        raise EditionError(
            Problem(id, "the edition has another format", found=str(manifest.format), expected=f"{FORMAT}; run: omraadekort build")
        )
    part = folder / audience.value
    layers = _decode(folder / "layers.json", tuple[AreaLayer, ...])
    return Edition(
        id=id,
        audience=audience,
        folder=folder,
        manifest=manifest,
        catalogue=_decode(folder / "catalogue.json", Catalogue),
        observations=_read_table(part / "observations.parquet"),
        judgements=_decode(part / "judgements.json", tuple[Judgement, ...]),
        breaks=_decode(part / "breaks.json", dict[str, Breaks]),
        layers={layer.id: layer for layer in layers},
        overlaps=_decode(folder / "overlaps.json", tuple[Overlap, ...]),
        hidden=_decode(part / "hidden.json", tuple[Hidden, ...]),
        redraws=_decode(told, tuple[Redraw, ...]) if (told := part / "redraws.json").is_file() else (),  # older editions have none
    )


def _write_files(folder: Path, contents: Contents) -> None:
    (folder / "areas").mkdir()
    for layer in contents.layers:
        (folder / "areas" / f"{layer.about.id}.geojson").write_bytes(layer.geojson)
    for name, content in contents.indexes.items():
        (folder / name).write_bytes(content)
    (folder / "catalogue.json").write_bytes(_encode(contents.catalogue))
    (folder / "layers.json").write_bytes(_encode([layer.about for layer in contents.layers]))
    (folder / "overlaps.json").write_bytes(_encode(contents.overlaps))
    for part in contents.parts:
        where = folder / part.protected.audience.value
        where.mkdir()
        _write_table(part.protected.table, where / "observations.parquet")
        (where / "judgements.json").write_bytes(_encode(part.judgements))
        (where / "breaks.json").write_bytes(_encode(part.breaks))
        (where / "redraws.json").write_bytes(_encode(part.redraws))
        (where / "hidden.json").write_bytes(_encode(part.protected.hidden))


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
    """The id that an edition with this manifest has: a hash of all that the manifest says but the id itself."""
    return hashlib.sha256(_encode(msgspec.structs.replace(manifest, id=""))).hexdigest()[:_ID_LENGTH]


def _write_table(table: pd.DataFrame, path: Path) -> None:
    """Parquet whose bytes depend on the rows alone: fixed column types and no pandas metadata."""
    schema = pa.schema([(name, pa.string() if name in _TEXT else pa.float64()) for name in OBSERVATION_COLUMNS])
    pq.write_table(
        pa.Table.from_pandas(table[list(OBSERVATION_COLUMNS)], schema=schema, preserve_index=False).replace_schema_metadata(None), path
    )


def _read_table(path: Path) -> pd.DataFrame:
    try:
        table: pd.DataFrame = pq.read_table(path).to_pandas()
    except (OSError, pa.ArrowException) as error:
        raise EditionError(Problem(str(path), f"the figures of the edition cannot be read ({error})")) from None
    # An absent number is NaN in memory and null on disk.
    return table.astype({name: (object if name in _TEXT else float) for name in OBSERVATION_COLUMNS})


def _encode(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1) + b"\n"


def _decode(path: Path, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError) as error:
        raise EditionError(Problem(str(path), f"a file of the edition cannot be read ({error})")) from None
