"""Stored pages on disk: all public answers of one edition as one file of bodies and an index. Written whole, read by mapping.

A store lies in `<workspace>/pages/<edition>-<fingerprint>/`, outside the edition: pages depend on the program too, and an edition
never changes. The fingerprint is of the program, of what it runs on and of the settings, so another template means another store.
"""

from __future__ import annotations

import hashlib
import mmap
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

import webmap
from geo.editions import condition
from geo.editions import edition as editions
from geo.editions.pinned import pins
from geo.errors import GeoError, Problem
from geo.files import durable, locks
from webmap.settings import Settings


def in_order(query: str) -> str:
    """A query string with its parameters sorted: pages say the same whatever their order."""
    return "&".join(sorted(query.split("&"))) if "&" in query else query


FORMAT: Final = 1
KEPT: Final = 3
"""Stores that stay on disk: the newest, and those that a server may still be reading while it changes over."""

Place = tuple[str, str]
"""Path and query string as a WSGI server gives them: the path decoded, the query as it was sent."""

_BODIES, _INDEX = "bodies", "index"
_ID_LENGTH: Final = 16


class StoreError(GeoError):
    """There is no store for the edition, or it is damaged. Pages are rendered then."""


@dataclass(frozen=True)
class Variant:
    """One answer in one encoding ("" for identity), with the headers as they were rendered."""

    encoding: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class Variants:
    """All variants of one address, identity first. status: such as "200 OK"."""

    place: Place
    status: str
    variants: tuple[Variant, ...]


class _Part(msgspec.Struct, frozen=True, array_like=True):
    """A variant in the index. headers: numbers into the index's list of headers, for most answers share most of them."""

    encoding: str
    headers: tuple[int, ...]
    start: int
    length: int


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    path: str
    query: str
    status: str
    parts: tuple[_Part, ...]


class _Index(msgspec.Struct, frozen=True):
    format: int
    edition: str
    sha256: str
    headers: tuple[tuple[str, str], ...]
    entries: tuple[_Entry, ...]


@dataclass(frozen=True)
class StoredAnswer:
    """A stored answer in the encodings it has; bodies are copied out of the file when asked for."""

    store: PageStore
    status: str
    parts: Mapping[str, _Part]

    def headers(self, encoding: str) -> list[tuple[str, str]]:
        """Headers of the answer in an encoding, as they were rendered."""
        return [self.store.known_headers[number] for number in self.parts[encoding].headers]

    def body(self, encoding: str) -> bytes:
        """Bytes of the answer in an encoding."""
        part = self.parts[encoding]
        return self.store.bodies[part.start : part.start + part.length]


@dataclass(frozen=True, eq=False)
class PageStore:
    """The stored answers of one edition. The bodies stay in the file: all processes of a machine share them in the page cache."""

    edition: str
    folder: Path
    bodies: mmap.mmap
    known_headers: Sequence[tuple[str, str]]
    answers: Mapping[Place, StoredAnswer]

    def find(self, place: Place) -> StoredAnswer | None:
        """The stored answer for an address, or None."""
        return self.answers.get(place)


def folder(settings: Settings, edition: str) -> Path:
    """Where the store of an edition lies, whether or not it has been made. Once an edition is withdrawn or frozen, it is another store."""
    withdrawn = sorted(condition.withdrawals(settings.editions).items())
    mark = f"-{hashlib.sha256(msgspec.json.encode(withdrawn)).hexdigest()[:8]}" if withdrawn else ""
    frozen = pins.mark(settings.editions)
    return settings.pages / f"{edition}-{fingerprint(settings)}{mark}{frozen and f'-{frozen}'}"


@lru_cache(maxsize=4)
def fingerprint(settings: Settings) -> str:
    """Hash of all that pages are made of beside the edition: our code, templates and words, the packages in use, the settings.

    Where the workspace lies is none of it: a server that was told its absolute path finds what `pages --workspace var` stored. Nor is
    which server sends letters, whose address may hold a password: pages show only whether there is one.
    """
    chosen = replace(settings, workspace=Path(), smtp_url=settings.smtp_url and "smtp:")
    digest = hashlib.sha256(f"{FORMAT} {msgspec.json.encode(chosen, enc_hook=str, order='sorted')!r}".encode())
    for package in (Path(editions.__file__).parents[1], Path(webmap.__path__[0])):
        for path in sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    for name in sorted({f"{package.name} {package.version}" for package in metadata.distributions()}):
        digest.update(name.encode())
    return digest.hexdigest()[:_ID_LENGTH]


def write(target: Path, edition: str, answers: Iterator[Variants]) -> None:
    """Write a store in a folder of its own and rename it into place; a reader sees all of it or none. An older one there is replaced.

    Raises StoreError when the disk does not take it; what was stored before stays.
    """
    durable.make_folder(target.parent)
    scratch = Path(tempfile.mkdtemp(prefix=locks.SCRATCH, dir=target.parent))
    try:
        with (scratch / _BODIES).open("wb") as file:
            entries, headers, sha256 = _write_bodies(file, answers)
        index = _Index(FORMAT, edition, sha256, headers, entries)
        (scratch / _INDEX).write_bytes(_sealed(msgspec.json.encode(index)))
        scratch.chmod(0o755)
        durable.sync_tree(scratch)
        if target.exists():
            target.rename(scratch.with_suffix(".old"))
        durable.rename(scratch, target)
    except OSError as error:
        raise StoreError(Problem(target.name, f"the pages cannot be stored ({error.strerror})", expected="room on the disk")) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.rmtree(scratch.with_suffix(".old"), ignore_errors=True)


def read(place: Path) -> PageStore:
    """Map a store and check every byte of it. Raises StoreError when it is missing, damaged or of another format."""
    try:
        index = msgspec.json.decode(_unsealed((place / _INDEX).read_bytes()), type=_Index)
        with (place / _BODIES).open("rb") as file:
            bodies = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError:
        raise StoreError(Problem(place.name, "there are no stored pages")) from None
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise StoreError(Problem(place.name, f"the stored pages cannot be read ({error})")) from None
    if index.format != FORMAT or hashlib.sha256(bodies).hexdigest() != index.sha256:
        raise StoreError(Problem(place.name, "the stored pages are damaged", expected="made again with: omraadekort pages"))
    answers: dict[Place, StoredAnswer] = {}
    store = PageStore(index.edition, place, bodies, index.headers, answers)
    for entry in index.entries:
        answers[entry.path, entry.query] = StoredAnswer(store, entry.status, {part.encoding: part for part in entry.parts})
    return store


def tidy(pages: Path) -> None:
    """Take away all but the newest stores. A server that still reads one keeps its bytes until it lets go."""
    stores = sorted((path for path in pages.glob("[!.]*-*") if path.is_dir()), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in stores[KEPT:]:
        shutil.rmtree(path, ignore_errors=True)


def _sealed(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def _unsealed(content: bytes) -> bytes:
    seal, _, rest = content.partition(b"\n")
    if seal != hashlib.sha256(rest).hexdigest().encode():
        raise ValueError("the index is not what was written")
    return rest


def _write_bodies(file: BinaryIO, answers: Iterator[Variants]) -> tuple[tuple[_Entry, ...], tuple[tuple[str, str], ...], str]:
    """Write the bodies one after the other; returns the entries, every header once, and the hash of the file."""
    entries: list[_Entry] = []
    numbers: dict[tuple[str, str], int] = {}
    digest, end = hashlib.sha256(), 0
    for answer in answers:
        parts = []
        for variant in answer.variants:
            file.write(variant.body)
            digest.update(variant.body)
            headers = tuple(numbers.setdefault(header, len(numbers)) for header in variant.headers)
            parts.append(_Part(variant.encoding, headers, end, len(variant.body)))
            end += len(variant.body)
        entries.append(_Entry(*answer.place, answer.status, tuple(parts)))
    return tuple(entries), tuple(numbers), digest.hexdigest()
