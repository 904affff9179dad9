"""An edition as somebody else would have written it: a file of it changed, and the manifest and the id made to fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from geo.editions import edition, manifests
from geo.files import provenance
from geo.model.results import Manifest


def rewrite(folder: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Change a file of an edition and sign the edition anew. Returns its folder, which has another id."""
    (folder / name).write_bytes(change((folder / name).read_bytes()))
    manifest = _manifest(folder)
    return _sign(folder, msgspec.structs.replace(manifest, files=manifest.files | {name: provenance.sha256(folder / name)}))


def of_format(folder: Path, number: int) -> Path:
    """Say that an edition has another format, and sign it anew. Returns its folder, which has another id."""
    return _sign(folder, msgspec.structs.replace(_manifest(folder), format=number))


def _manifest(folder: Path) -> Manifest:
    return msgspec.json.decode((folder / manifests.NAME).read_bytes(), type=Manifest)


def _sign(folder: Path, manifest: Manifest) -> Path:
    manifest = msgspec.structs.replace(manifest, id=edition.identify(manifest))
    (folder / manifests.NAME).write_bytes(manifests.encode(manifest))
    return folder.rename(folder.parent / manifest.id)
