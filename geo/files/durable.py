"""Files that a power cut cannot take back: their bytes are on the disk before their name is, and the name before anybody is told.

A system may write names to the disk before the bytes that they stand for. So a file is synced before it gets its name, and the folder
that holds the name after it.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SCRATCH: Final = ".write-"
"""How the names of files begin that are being written; a killed process may leave one."""

_NO_SYNC: Final = frozenset({errno.EINVAL, errno.ENOTSUP})
"""What a file system answers that does not sync folders."""


def write(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file as a whole: a reader sees the old bytes or the new ones, now and after a power cut. mode: its permissions."""
    with beside(path, content, mode=mode) as scratch:
        rename(scratch, path)


@contextmanager
def beside(path: Path, content: bytes, *, mode: int) -> Iterator[Path]:
    """Give a file with this content in the folder of `path`, its bytes on the disk; what has not got its name in the context is removed."""
    handle, name = tempfile.mkstemp(prefix=SCRATCH, dir=path.parent)  # a name of its own: two threads may write at once
    scratch = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        yield scratch
    finally:
        scratch.unlink(missing_ok=True)


def rename(source: Path, target: Path) -> None:
    """Give a file or a folder its name, on disk when this returns. What it holds must have been synced before."""
    source.replace(target)
    sync(target.parent)
    if source.parent != target.parent:
        sync(source.parent)


def sync(path: Path) -> None:
    """Wait until the bytes of a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Wait until everything below a folder is on the disk, and the folder itself. Links are not followed."""
    for place, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(place, name)
            if not path.is_symlink():
                sync(path)
        sync(Path(place))


def make_folder(folder: Path, *, mode: int = 0o777) -> None:
    """Make a folder and those above it where they are missing; their names are on disk when this returns. mode: of those made."""
    if folder.is_dir():
        return
    make_folder(folder.parent, mode=mode)
    folder.mkdir(mode=mode, exist_ok=True)
    sync(folder.parent)
