"""Whether a build would change anything: hashes of what the last one was made from and of what it made, kept beside its proofs.

It imports only the standard library and the workspace, so that a build with nothing to do answers before pandas would be loaded.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import geo
from geo.files import durable
from geo.files.workspace import INPUTS, Workspace

NAME: Final = "last-build.json"
"""In `internal/`: what the last build was made from, and what it made."""

LARGE: Final = 50_000_000
"""Bytes. Smaller files are hashed each time; a larger file with the same size, times and inode number is taken to be the same."""

_SETTLED: Final = 2_000_000_000
"""Nanoseconds between the last change of a large file and its hashing, below which its times are not trusted.

The clock of a file system may be coarse, and a second change in the same tick leaves the times as they were.
"""

_FORMAT: Final = 1
_MAKE_BYTES: Final = (
    *("geopandas", "highspy", "msgspec", "numpy", "pandas", "pyarrow", "pyogrio", "pyproj", "scipy", "shapely", "statsmodels"),
)
"""The packages that the bytes of an edition depend on."""


@dataclass(frozen=True)
class InputHash:
    """One file: its size in bytes, its times (ns) and inode number, its SHA-256, and when that was computed (ns)."""

    size: int
    changed: int
    status: int
    number: int
    sha256: str
    hashed: int


@dataclass(frozen=True)
class BuildRecord:
    """What a build was made from and what it made.

    program: hash of the program. inputs: by path in the workspace. outputs: SHA-256 of the files of the edition and of its proofs.
    editions: all that existed afterwards, because a build protects its figures against them.
    """

    program: str
    edition: str
    inputs: Mapping[str, InputHash]
    outputs: Mapping[str, str]
    editions: tuple[str, ...]


def program(code: Path = Path(geo.__file__).parent) -> str:
    """Return a hash of everything that turns inputs into bytes: the Python files of `geo`, the packages they use, and Python itself."""
    whole = hashlib.sha256(f"{sys.version}\n".encode())
    for name in _MAKE_BYTES:
        whole.update(f"{name} {_version(name)}\n".encode())
    for path in sorted(code.rglob("*.py")):
        whole.update(f"{path.relative_to(code).as_posix()}\0{_sha256(path)}\n".encode())
    return whole.hexdigest()


def read(workspace: Workspace) -> BuildRecord | None:
    """Return what is kept of the last build; None when nothing is, or when it cannot be read."""
    try:
        kept = json.loads((workspace.internal / NAME).read_bytes())
        if kept["format"] != _FORMAT:
            return None
        inputs = {path: InputHash(**said) for path, said in kept["inputs"].items()}
        return BuildRecord(kept["program"], kept["edition"], inputs, dict(kept["outputs"]), tuple(kept["editions"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def inputs(workspace: Workspace, before: BuildRecord | None = None) -> dict[str, InputHash]:
    """Hash all files that a build reads, by their path in the workspace.

    A large file that is listed in `before` with the same size, times and inode number is not read again.
    """
    known = before.inputs if before else {}
    hashes = {}
    for path in _files(workspace):
        name = path.relative_to(workspace.folder).as_posix()
        hashes[name] = _hashed(path, known.get(name))
    return hashes


def difference(workspace: Workspace, last: BuildRecord | None, *, program: str, inputs: Mapping[str, InputHash]) -> str:
    """Return in words why a build is needed: the first thing that is not as the last build left it; "" when nothing has changed."""
    if last is None:
        return "nothing is kept of a build before"
    if last.program != program:
        return "the program, or a package it uses, is another"
    return next(_differences(workspace, last, inputs), "")


def _differences(workspace: Workspace, last: BuildRecord, inputs: Mapping[str, InputHash]) -> Iterator[str]:
    for name in sorted(last.inputs.keys() | inputs.keys()):
        if name not in inputs or name not in last.inputs:
            yield f"{name} is {'new' if name in inputs else 'gone'}"
        elif last.inputs[name].sha256 != inputs[name].sha256:
            yield f"{name} is changed"
    if _current(workspace) != last.edition:
        yield "the edition that it made is not the current one"
    if _editions(workspace) != last.editions:
        yield "other editions lie there"
    yield from (f"{name} is damaged or gone" for name, sha256 in last.outputs.items() if not _is(workspace.folder / name, sha256))


def remember(workspace: Workspace, edition: str, *, program: str, inputs: Mapping[str, InputHash]) -> None:
    """Keep what the current edition was made from, in a file that only its owner can read. inputs: hashed before the build began."""
    folders = (workspace.editions / edition, workspace.internal / edition)
    made = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    outputs = {path.relative_to(workspace.folder).as_posix(): _sha256(path) for path in made}
    record = BuildRecord(program, edition, inputs, outputs, _editions(workspace))
    content = json.dumps({"format": _FORMAT, **asdict(record)}, indent=0, sort_keys=True).encode()
    durable.make_folder(workspace.internal, mode=0o700)
    durable.write(workspace.internal / NAME, content, mode=0o600)


def _hashed(path: Path, before: InputHash | None) -> InputHash:
    is_now, start = path.stat(), time.time_ns()
    about = (is_now.st_size, is_now.st_mtime_ns, is_now.st_ctime_ns, is_now.st_ino)
    if before is not None and is_now.st_size >= LARGE and about == (before.size, before.changed, before.status, before.number):
        settled = max(before.changed, before.status) + _SETTLED < before.hashed
        if settled:
            return before
    return InputHash(*about, _sha256(path), start)


def _files(workspace: Workspace) -> Iterator[Path]:
    """The files below the input folders, also those behind a link to a folder; a folder that is met again is not entered again."""
    for name in INPUTS:
        entered: set[Path] = set()
        for folder, inner, names in os.walk(workspace.folder / name, followlinks=True):
            real = {folder_name: Path(folder, folder_name).resolve() for folder_name in sorted(inner)}
            inner[:] = [folder_name for folder_name, place in real.items() if place not in entered]
            entered.update(real.values())
            yield from (path for path in (Path(folder, file_name) for file_name in sorted(names)) if path.is_file())


def _editions(workspace: Workspace) -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in workspace.editions.glob("*/manifest.json")))


def _current(workspace: Workspace) -> str:
    try:
        return (workspace.editions / "current").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def _is(path: Path, sha256: str) -> bool:
    try:
        return _sha256(path) == sha256
    except OSError:
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
