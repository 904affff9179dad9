"""Putting several files into a workspace: all of them, or none, however the program ends.

New files are staged in a folder of the workspace and checked there. One rename of that folder decides that they shall be placed; before
it nothing has happened, after it they are placed by whoever comes next: this process, or the next command that opens the workspace.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.errors import Problem, WorkspaceError
from geo.files import durable, locks

DECIDED: Final = ".placing"
"""The folder, in a workspace, of files that are decided to be placed. It is there for moments only, or after a process was killed."""

OLDER: Final = ".import-"
"""How the names of folders begin that imports of earlier versions left when they were killed; they hold files that were replaced."""

_LIST: Final = ".list.json"
"""In the staging folder: path and SHA-256 of every file to place, null for one to remove."""
_TWIN: Final = ".twin"


@dataclass(frozen=True)
class Finished:
    """What was left by processes that were killed. placed: files that were decided, and are now in place. swept: unfinished folders."""

    placed: tuple[str, ...] = ()
    swept: int = 0


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Give a staging folder of a workspace, to be filled with files at the paths where `decide` will place them; it goes with the context.

    The workspace is locked meanwhile, so that one process at a time places files there, and a reader that holds the lock sees all of
    them or none. Raises WorkspaceError when the workspace is not there or cannot be written.
    """
    if not folder.is_dir():
        raise WorkspaceError(Problem(str(folder), "the workspace is not there"))
    try:
        with locks.held(folder):
            _finish(folder)
            locks.sweep(folder)
            stage = Path(tempfile.mkdtemp(prefix=locks.SCRATCH, dir=folder))
            try:
                yield stage
            finally:
                shutil.rmtree(stage, ignore_errors=True)
    except OSError as error:
        raise _unwritable(folder, error) from None


def decide(folder: Path, stage: Path, *, removed: Iterable[str] = ()) -> None:
    """Place all files of a staging folder in its workspace and remove others, by their paths below it: all or none. Links stay out."""
    staged = (path for path in stage.rglob("*") if path.is_file() and not path.is_symlink())
    hashes = {path.relative_to(stage).as_posix(): sha256_of(path) for path in staged}
    (stage / _LIST).write_text(json.dumps({**hashes, **dict.fromkeys(removed)}, indent=0), encoding="utf-8")
    durable.sync_tree(stage)
    durable.rename(stage, folder / DECIDED)
    _finish(folder)


def place(folder: Path, files: Mapping[str, bytes | None], *, check: Callable[[Path], object] | None = None) -> None:
    """Place files in a workspace, all of them or none.

    files: path below `folder` and content, None for a file to remove. check: called before anything is placed, with a folder that
    shows the workspace's files as they would be; when it raises, nothing has changed. Raises as `staging` does, and whatever `check`
    raises.
    """
    with staging(folder) as stage:
        for name, content in files.items():
            if content is not None:
                (stage / name).parent.mkdir(parents=True, exist_ok=True)
                (stage / name).write_bytes(content)
        if check is not None:
            _show_others(folder, stage, files)
            check(stage)
        decide(folder, stage, removed=[name for name, content in files.items() if content is None])


def finish(folder: Path) -> Finished:
    """Finish what a killed process left in a workspace: place what was decided, remove what was not.

    Raises WorkspaceError when what was decided cannot be placed: the files of the workspace are not to be read then.
    """
    decided = (folder / DECIDED).is_dir()
    if not decided and not any(folder.glob(f"{locks.SCRATCH}*")):
        return Finished()
    try:
        with locks.held(folder, wait=decided) as mine:
            placed = _finish(folder) if mine else ()
            return Finished(placed, locks.sweep(folder) if mine else 0)
    except OSError as error:
        if decided:
            raise _unwritable(folder, error) from None
        return Finished()  # what was not decided harms nobody


def left_over(folder: Path) -> tuple[Path, ...]:
    """Return the folders that killed imports of earlier versions left in a workspace. They may hold the only copy of a file."""
    return tuple(sorted(path for path in folder.glob(f"{OLDER}*") if path.is_dir()))


def _unwritable(folder: Path, error: OSError) -> WorkspaceError:
    return WorkspaceError(Problem(str(folder), f"the workspace cannot be written ({error.strerror})"))


def _show_others(folder: Path, stage: Path, files: Iterable[str]) -> None:
    """Link the workspace's other files into the stage, in the top folders that something is placed in."""
    for top in {Path(name).parts[0] for name in files}:
        for place, inner, names in os.walk(folder / top):
            here = stage / Path(place).relative_to(folder)
            here.mkdir(parents=True, exist_ok=True)
            linked = [name for name in inner if Path(place, name).is_symlink()]
            for name in (*names, *linked):
                if not (here / name).exists() and (here / name).relative_to(stage).as_posix() not in files:
                    (here / name).symlink_to(Path(place, name).resolve())


def _finish(folder: Path) -> tuple[str, ...]:
    """Place what is decided, if anything is. It can be done again from the beginning, however often it was stopped."""
    stage = folder / DECIDED
    if not stage.is_dir():
        return ()
    hashes = _decided(stage)
    for name, sha256 in hashes.items():
        if sha256 is None:
            (folder / name).unlink(missing_ok=True)
        else:
            durable.make_folder((folder / name).parent)
            _double(stage / name, stage / _TWIN)
            (stage / _TWIN).replace(folder / name)
    for parent in {(folder / name).parent for name in hashes}:
        if parent.is_dir():
            durable.sync(parent)
    away = Path(tempfile.mkdtemp(prefix=locks.SCRATCH, dir=folder))
    durable.rename(stage, away)  # an empty folder is replaced
    shutil.rmtree(away, ignore_errors=True)
    return tuple(hashes)


def _decided(stage: Path) -> Mapping[str, str | None]:
    """The files to place and remove. Raises WorkspaceError when one of them is not as it was staged."""
    try:
        hashes: dict[str, str | None] = json.loads((stage / _LIST).read_bytes())
        wrong = [name for name, sha256 in hashes.items() if sha256 and sha256_of(stage / name) != sha256]
    except (FileNotFoundError, ValueError, AttributeError):
        wrong = [_LIST]
    if wrong:
        what = "files that were about to be placed are damaged, and nobody knows which of them are in place"
        expected = f"boundaries/ and data/ compared with a backup, {DECIDED} moved out of the workspace, and the import done again"
        raise WorkspaceError(Problem(f"{DECIDED}/{wrong[0]}", what, expected=expected, more=len(wrong) - 1))
    return hashes


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in lower-case hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _double(source: Path, twin: Path) -> None:
    """Make the bytes of a staged file available under a second name, so that the stage stays whole until everything is placed."""
    twin.unlink(missing_ok=True)
    try:
        os.link(source, twin)
    except OSError:  # a file system without links
        shutil.copyfile(source, twin)
        durable.sync(twin)
