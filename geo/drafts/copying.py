"""A copy of a workspace that costs no room: its files are linked, and whatever is written in it gets its name by a rename."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from geo.files import locks, transaction, workspace
from geo.files.workspace import INPUTS, Workspace
from geo.inputs.entries import history

_COPIED: Final = (*INPUTS, "editions", "internal")
_ADDED_TO: Final = (history.FILE,)
"""Files to which lines are added in place; a link would reach the original."""


def make(place: Workspace, target: Path) -> Workspace:
    """Copy a workspace into a folder that is not there yet, readable by its owner alone: it holds registers and proofs.

    An import waits meanwhile, so that none is half in the copy. Raises OSError where it cannot be written.
    """
    target.mkdir(mode=0o700)
    with locks.held(place.folder, shared=True):
        for name in _COPIED:
            if (place.folder / name).is_dir():
                _link_tree(place.folder / name, target / name)
        for name in (workspace.MARK, *_ADDED_TO):
            if (place.folder / name).is_file():
                shutil.copyfile(place.folder / name, target / name)
    return Workspace(target)


def mark(place: Workspace) -> str:
    """Return a mark of the workspace's input files: it is another one when a file is written, added or taken away."""
    digest = hashlib.sha256()
    for name, path in sorted(_inputs(place).items()):
        about = path.stat()
        digest.update(f"{name}\0{about.st_size}\0{about.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def differing(place: Workspace, copy: Workspace) -> dict[str, Path | None]:
    """Return the files by which a copy differs from its workspace: path below it, and the file of the copy, None for one that is gone."""
    here, there = _inputs(place), _inputs(copy)
    changed: dict[str, Path | None] = {name: None for name in here if name not in there}
    changed |= {name: path for name, path in there.items() if name not in here or not _same(here[name], path)}
    return dict(sorted(changed.items()))


def _same(first: Path, second: Path) -> bool:
    if first.samefile(second):
        return True
    return first.stat().st_size == second.stat().st_size and transaction.sha256_of(first) == transaction.sha256_of(second)


def _inputs(place: Workspace) -> Mapping[str, Path]:
    """The input files of a workspace by their path below it, and its history of what was written in forms."""
    paths = [path for name in INPUTS for path in _files(place.folder / name)]
    paths += [place.folder / name for name in _ADDED_TO if (place.folder / name).is_file()]
    return {path.relative_to(place.folder).as_posix(): path for path in paths}


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not any(part.startswith(locks.SCRATCH) for part in path.relative_to(folder).parts):
            yield path


def _link_tree(source: Path, target: Path) -> None:
    """Link the files of a folder into another; links keep leading where they led. Folders that are being written are left out."""
    target.mkdir(mode=source.stat().st_mode & 0o777)
    for entry in os.scandir(source):
        if entry.name.startswith(locks.SCRATCH):
            continue
        if entry.is_symlink():
            (target / entry.name).symlink_to(Path(entry.path).resolve())
        elif entry.is_dir():
            _link_tree(Path(entry.path), target / entry.name)
        else:
            link(Path(entry.path), target / entry.name)


def link(source: Path, target: Path) -> None:
    """Give a file a second name; where the disk has no links, copy it. A file that is gone meanwhile is left out."""
    try:
        os.link(source, target)
    except FileNotFoundError:  # it was being written, and has another name by now
        return
    except OSError:  # a disk without links, or one that is another's
        shutil.copy2(source, target)
