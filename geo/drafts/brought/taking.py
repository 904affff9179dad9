"""A draft applied to a fresh copy of its workspace: areas first, then entries of the catalogue, then what names them."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from geo.building.steps import Progress
from geo.drafts import copying, kept
from geo.drafts.brought import figuretables, otherfiles, recognising
from geo.drafts.draft import BroughtFile, Draft, FileKind, FilePreview, ProposedEntry, fault_of
from geo.errors import GeoError, Problem
from geo.files.workspace import Workspace
from geo.inputs.entries import history, listing, writing
from geo.inputs.tables import tableprofiles

_ORDER: Final[tuple[FileKind | None, ...]] = ("areas", None, "plans", "lists", "hotspots", "figures", "addresses", "register")
"""In which order kinds of files are taken; None is the place of the proposed entries."""


def apply(place: Workspace, folder: Path, draft: Draft, *, progress: Progress) -> Draft:
    """Make the draft's copy of the workspace anew, take everything in the draft into it, and return the draft with what came of it.

    folder: of the draft. What has a fault is left out of the copy and says why; the others are taken. progress: called with each file.
    """
    target = kept.copy_of(folder)
    shutil.rmtree(target, ignore_errors=True)
    copy = copying.make(place, target)
    files = {file.id: replace(file, preview=None) for file in draft.files}
    entries: tuple[ProposedEntry, ...] = ()
    seen: dict[str, FileKind | FilePreview] = {file.id: _kind(copy, folder, file) for file in draft.files}
    done = 0
    for kind in _ORDER:
        if kind is None:
            progress("entries", done, len(files))
            entries = tuple(_entry(copy, entry, draft.title) for entry in draft.entries)
            continue
        for file in (file for file in draft.files if seen[file.id] == kind):
            progress(file.name, done, len(files))
            files[file.id] = replace(file, preview=_taken(copy, named(folder, file), kind, file))
            done += 1
    unread = {file_id: preview for file_id, preview in seen.items() if isinstance(preview, FilePreview)}
    files |= {file_id: replace(files[file_id], preview=preview) for file_id, preview in unread.items()}
    kept.write_forms(folder, listing.read(copy))
    return replace(draft, files=tuple(files.values()), entries=entries, read=draft.contents, behind=False)


def named(folder: Path, file: BroughtFile) -> Path:
    """Return a brought file under its own name, as the imports want it: its ending says what it is."""
    place = kept.named_of(folder) / file.id
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = place / file.name
    if not path.exists():
        copying.link(kept.files_of(folder) / file.id, path)
    return path


def _kind(copy: Workspace, folder: Path, file: BroughtFile) -> FileKind | FilePreview:
    """What a file holds, as a person says or as is seen; a preview with the reason when it cannot be read at all."""
    if file.kind is not None:
        return file.kind
    try:
        return recognising.kind_of(named(folder, file), tableprofiles.read(copy.data))
    except GeoError as error:
        return FilePreview(kind=None, faults=tuple(map(fault_of, error.problems)))


def _taken(copy: Workspace, path: Path, kind: FileKind, file: BroughtFile) -> FilePreview:
    try:
        return _take(copy, path, kind, file)
    except GeoError as error:
        return FilePreview(kind=kind, faults=tuple(map(fault_of, error.problems)))
    except OSError as error:
        return FilePreview(kind=kind, faults=(fault_of(Problem(path.name, f"the file cannot be read ({error.strerror})")),))


def _take(copy: Workspace, path: Path, kind: FileKind, file: BroughtFile) -> FilePreview:
    if kind == "figures":
        return figuretables.take(copy, path, file.answers)
    if kind == "areas":
        return otherfiles.areas(copy, path, file.answers)
    if kind == "addresses":
        return otherfiles.address_list(copy, path, file.answers)
    if kind == "register":
        return otherfiles.register(copy, path, file.answers)
    return otherfiles.entry_table(copy, path, kind, file.answers)


def _entry(copy: Workspace, entry: ProposedEntry, reason: str) -> ProposedEntry:
    outcome = writing.write(
        copy, entry.proposal, who=entry.by.name, at=dt.datetime.fromisoformat(entry.at), history_path=history.of(copy), reason=reason
    )
    return replace(entry, outcome=outcome)
