"""The history of what people wrote in forms: a line of JSON for each proposal, added at the end, on the disk before anything else happens.

A line stands here before the file is placed. Whoever is killed between the two leaves a line whose entry is not in the file; the other
way round nobody would know who wrote it.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Final

import msgspec

from geo.files import durable
from geo.files.workspace import Workspace
from geo.model.forms.proposed import RecordedProposal

FILE: Final = "catalogue-history.jsonl"
"""The history of what is written in a workspace itself; a draft has one of its own, at the path that it passes."""


def of(workspace: Workspace) -> Path:
    """Return the path of the history of a workspace."""
    return workspace.folder / FILE


def append(path: Path, line: RecordedProposal) -> None:
    """Add a line; it is on the disk when this returns. A line that a killed process left half written is ended first."""
    durable.make_folder(path.parent)
    new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        content = (b"\n" if torn else b"") + msgspec.json.encode(line) + b"\n"
        while content:
            content = content[os.write(descriptor, content) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if new:
        durable.sync(path.parent)


def read(path: Path) -> tuple[RecordedProposal, ...]:
    """Return all lines, oldest first; half lines of killed processes are left out."""
    lines = []
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            lines.append(msgspec.json.decode(line, type=RecordedProposal))
        except msgspec.DecodeError:
            continue
    return tuple(lines)


def last(path: Path, kind: str, id: str) -> RecordedProposal | None:
    """Return the newest line of an entry, None when nobody wrote it in a form."""
    return next((line for line in reversed(read(path)) if (line.kind, line.id) == (kind, id)), None)
