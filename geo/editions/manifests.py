"""The manifest of an edition: the id is a hash of the manifest, the manifest has the hashes of the files. Every reader checks both.

A file that was changed after the edition was written is not read: the disclosure control has not protected it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from geo.errors import DamagedError, Problem

NAME: Final = "manifest.json"
_Row = TypeVar("_Row")
_ID_LENGTH: Final = 16
_LONGEST: Final = 64
"""Letters of a text that can be the id of an edition, at most."""
_MOST_KEPT: Final = 10_000
"""How many hashes of files a process remembers; it forgets all of them when there are more."""

_hashed: dict[tuple[str, int, int, int], str] = {}
"""Path, modification times and size of a file when it was hashed, with its SHA-256: an edition never changes, so once is enough."""


def is_id(text: str) -> bool:
    """Return whether a text can be the id of an edition, and so the name of a folder: letters and digits of ASCII, not too many."""
    return text.isascii() and text.isalnum() and len(text) <= _LONGEST


def encode(value: Any) -> bytes:
    """Return a value as JSON that people can read. Equal values give equal bytes."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1) + b"\n"


def listed(path: Path, rows: msgspec.json.Decoder[dict[str, _Row]], what: str) -> Mapping[str, _Row]:
    """Return the rows of a list that lies beside the editions, by name; none where there is no such file.

    rows: reads them. what: what the list is of, for a message. Raises DamagedError when it cannot be read: then nobody knows.
    """
    try:
        about = path.stat()
    except FileNotFoundError:
        return {}
    return _read_list(path, rows, what, (about.st_mtime_ns, about.st_ino, about.st_size))


@lru_cache(maxsize=16)
def _read_list(path: Path, rows: msgspec.json.Decoder[dict[str, _Row]], what: str, _about: tuple[int, int, int]) -> Mapping[str, _Row]:
    try:
        return rows.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        raise DamagedError(Problem(f"editions/{path.name}", f"the list of {what} cannot be read", expected="a copy of it")) from None


def identify(written: bytes) -> str:
    """Return the id of the edition that has this manifest, in any format: a hash of everything in it except the id itself."""
    said: dict[str, Any] = msgspec.json.decode(written, type=dict[str, Any])
    return hashlib.sha256(encode({**said, "id": ""})).hexdigest()[:_ID_LENGTH]


def content(folder: Path, name: str) -> bytes:
    """Return the bytes of one file of an edition, `manifest.json` included. Raises DamagedError when they are not as written."""
    listed = files(folder)
    return _read(folder, name, listed.get(name, "")) if name != NAME else _read(folder, NAME)


def files(folder: Path) -> Mapping[str, str]:
    """Return the files of an edition and their SHA-256. Raises DamagedError when the manifest does not match the edition's id."""
    try:
        about = (folder / NAME).stat()
    except OSError:
        raise _damaged(folder, f"{NAME} is gone") from None
    return _listed(folder, about.st_mtime_ns, about.st_ctime_ns, about.st_size)


def damage(folder: Path, *, without: Collection[str] = ()) -> Problem | None:
    """Return the first thing in an edition that is not as it was written, None when it is whole. Unlisted files are not looked at.

    without: folders of the edition that are not asked for. A file that this process has hashed, and that is unchanged since, is not
    read again.
    """
    try:
        for name, expected in files(folder).items():
            if name.split("/", 1)[0] not in without and not _is_known(folder / name, expected):
                content(folder, name)
    except DamagedError as error:
        return error.problems[0]
    return None


def differences(folder: Path) -> Iterator[tuple[str, str]]:
    """Return every file that differs from the manifest, is not listed in it, or is missing, each with what is wrong, by name."""
    written = _said((folder / NAME).read_bytes())
    if written is None or written[0] != folder.name:
        yield NAME, "a manifest that is not the one that gave the edition its id"
    listed = written[1] if written else {}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name in sorted({*there, *listed} - {NAME}):
        if name not in there:
            yield name, "a file that the manifest lists is gone"
        elif name not in listed:
            yield name, "a file that the manifest does not list"
        elif hashlib.sha256((folder / name).read_bytes()).hexdigest() != listed[name]:
            yield name, "a file that was changed after the edition was written"


@lru_cache(maxsize=256)
def _listed(folder: Path, _modified: int, _changed: int, _size: int) -> Mapping[str, str]:
    said = _said(_read(folder, NAME))
    if said is None or said[0] != folder.name:
        raise _damaged(folder, f"{NAME} is not as it was written")
    return said[1]


def _said(written: bytes) -> tuple[str, dict[str, str]] | None:
    """The id and the files that a manifest gives; None when it cannot be read or does not match the id in it."""
    try:
        said = msgspec.json.decode(written, type=dict[str, Any])
        listed = msgspec.convert(said.get("files"), dict[str, str])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    own = identify(written)
    return (own, listed) if said.get("id") == own else None


def _read(folder: Path, name: str, expected: str | None = None) -> bytes:
    """Read a file, and hash it unless it was hashed before and is unchanged. expected: its SHA-256, None where none is known."""
    try:
        with (folder / name).open("rb") as stream:
            about, raw = os.fstat(stream.fileno()), stream.read()
    except OSError:
        raise _damaged(folder, f"{name} is gone or cannot be read") from None
    if expected is not None and _digest((str(folder / name), about.st_mtime_ns, about.st_ctime_ns, about.st_size), raw) != expected:
        raise _damaged(folder, f"{name} is not as it was written")
    return raw


def _is_known(path: Path, expected: str) -> bool:
    """Whether a file was hashed by this process, is unchanged since, and is the one that is expected."""
    try:
        about = path.stat()
    except OSError:
        return False
    return _hashed.get((str(path), about.st_mtime_ns, about.st_ctime_ns, about.st_size)) == expected


def _digest(key: tuple[str, int, int, int], raw: bytes) -> str:
    if key not in _hashed:
        if len(_hashed) >= _MOST_KEPT:
            _hashed.clear()
        _hashed[key] = hashlib.sha256(raw).hexdigest()
    return _hashed[key]


def _damaged(folder: Path, what: str) -> DamagedError:
    expected = "an edition as it was written; run: omraadekort build"
    return DamagedError(Problem(folder.name, f"the edition is damaged: {what}", expected=expected))
