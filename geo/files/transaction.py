"""Putting several files into a workspace: all of them, or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from geo.errors import Problem, WorkspaceError
from geo.files import locks


def place(folder: Path, files: Mapping[str, bytes], *, check: Callable[[], object]) -> None:
    """Write files, then call `check`; when that raises, the folder is left exactly as it was before.

    files: path below `folder` and content. Each file is written under another name and then renamed, so that a reader never sees half
    of one. The folder is locked meanwhile, so that only one process at a time puts files there. Raises WorkspaceError when the folder
    cannot be written, and whatever `check` raises.
    """
    if not folder.is_dir():
        raise WorkspaceError(Problem(str(folder), "the workspace is not there"))
    with locks.held(folder):
        _place(folder, files, check)


def _place(folder: Path, files: Mapping[str, bytes], check: Callable[[], object]) -> None:
    try:
        scratch = Path(tempfile.mkdtemp(prefix=".import-", dir=folder))
    except OSError as error:
        raise WorkspaceError(Problem(str(folder), f"the workspace cannot be written ({error.strerror})")) from None
    undo: list[Callable[[], object]] = []
    try:
        for number, (name, content) in enumerate(files.items()):
            _make_folders((folder / name).parent, undo)
            _put(folder / name, content, scratch / f"{number}.new", scratch / f"{number}.old", undo)
        check()
    except BaseException as error:
        for step in reversed(undo):
            step()
        if isinstance(error, OSError):
            raise WorkspaceError(Problem(str(folder), f"the workspace cannot be written ({error.strerror})")) from None
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _make_folders(folder: Path, undo: list[Callable[[], object]]) -> None:
    if not folder.exists():
        _make_folders(folder.parent, undo)
        folder.mkdir()
        undo.append(folder.rmdir)


def _put(target: Path, content: bytes, new: Path, old: Path, undo: list[Callable[[], object]]) -> None:
    new.write_bytes(content)
    if target.exists():
        shutil.copy2(target, old)
        undo.append(lambda: old.replace(target))
    else:
        undo.append(lambda: target.unlink(missing_ok=True))
    new.replace(target)
