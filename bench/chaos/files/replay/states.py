"""The states that a disk can be in when the power goes: at every moment, with and without the names that were not synced.

Bytes that were not synced are missing, or zero up to the size that the file had. Names are either all there that were made up to the
moment, as a system with ordered names keeps them, or only those whose folder was synced since; a file that gets another folder then
loses its old name and gets its new one each with its own folder.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from bench.chaos.files.replay.recording import MARK, Event, Recording

Tree = Mapping[str, bytes | str | None]
"""By path: the bytes of a file, the target of a link, None for a folder."""


@dataclass(frozen=True)
class DiskState:
    """A state after so many events. acknowledged: how often the program had said by then that something is done."""

    moment: int
    names: Literal["all", "synced"]
    bytes: Literal["missing", "zero"]
    acknowledged: int
    tree: Tree

    def __str__(self) -> str:
        return f"after event {self.moment}, names {self.names}, unsynced bytes {self.bytes}"


def states(recording: Recording) -> Iterator[DiskState]:
    """All states that differ, in order."""
    seen = set[tuple[str, int]]()
    for moment in range(len(recording.events) + 1):
        for state in states_at(recording, moment):
            mark = (hashlib.sha256(repr(sorted(state.tree.items())).encode()).hexdigest(), state.acknowledged)
            if mark not in seen:
                seen.add(mark)
                yield state


def states_at(recording: Recording, moment: int) -> Iterator[DiskState]:
    """The four states of the moment after so many events."""
    acknowledged = sum(event[0] == "C" and event[2].startswith(MARK) for event in recording.events[:moment])
    for names in _NAMES:
        disk = _Disk.at(recording, moment, synced_only=names == "synced")
        for content in _BYTES:
            yield DiskState(moment, names, content, acknowledged, dict(disk.tree(zero=content == "zero")))


def failures(recording: Recording, check: Callable[[Path, DiskState], str]) -> tuple[int, tuple[str, ...]]:
    """Make every state in a folder and check it; returns how many there were, and what is wrong with them. check: "" where all is well."""
    wrong, number = [], 0
    for state in states(recording):
        number += 1
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place, "disk")
            write(state.tree, folder)
            if said := check(folder, state):
                wrong.append(f"{state}: {said}")
    return number, tuple(wrong)


def write(tree: Tree, folder: Path) -> None:
    """Make a folder that holds a tree."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in sorted(tree.items()):
        if content is None:
            (folder / name).mkdir()
        elif isinstance(content, str):
            (folder / name).symlink_to(content)
        else:
            (folder / name).write_bytes(content)


_NAMES: Final[tuple[Literal["all", "synced"], ...]] = ("all", "synced")
_BYTES: Final[tuple[Literal["missing", "zero"], ...]] = ("missing", "zero")


@dataclass
class _File:
    synced: bytes = b""
    size: int = 0
    is_synced: bool = False

    def content(self, *, zero: bool) -> bytes:
        content = self.synced[: self.size]
        return content if self.is_synced or not zero else content + bytes(self.size - len(content))


@dataclass
class _Disk:
    """Nodes by a number of their own: the system gives the inode number of a removed file to a new one.

    live: names as the program sees them, by folder. kept: names as they are on the disk.
    """

    root: int
    live: dict[int, dict[str, int]]
    kept: dict[int, dict[str, int]]
    files: dict[int, _File]
    links: dict[int, str]
    number: dict[int, int] = field(default_factory=dict)

    @classmethod
    def at(cls, recording: Recording, moment: int, *, synced_only: bool) -> _Disk:
        before = recording.folders.items()
        files = {inode: _File(content, len(content), is_synced=True) for inode, content in recording.files.items()}
        live, kept = ({inode: dict(names) for inode, names in before} for _ in range(2))
        disk = cls(recording.root, live, kept, files, dict(recording.links))
        disk.number = {inode: inode for inode in (*live, *files, *disk.links)}
        events = recording.events[:moment]
        last = {event[1]: place for place, event in enumerate(events) if event[0] == "D"}
        for place, event in enumerate(events):
            disk.apply(event, place, recording.kept, lambda folder, place=place: not synced_only or last.get(folder, -1) > place)
        return disk

    def apply(self, event: Event, place: int, kept: Mapping[str, bytes], stays: Callable[[str], bool]) -> None:
        """Do what an event says. stays: whether a name that was made or removed in a folder, by its inode number, is on the disk."""
        kind, *words = event
        if kind in "CMY":
            self._name(words[0], words[1], self._made(kind, words, -place - 1), stays)
        elif kind == "L":
            self._name(words[0], words[1], self.number[int(words[2])], stays)
        elif kind == "U":
            self._name(words[0], words[1], None, stays)
        elif kind == "R":
            node = self.live[self.number[int(words[0])]].get(words[1])
            self._name(words[2], words[3], node, stays)
            self._name(words[0], words[1], None, stays)
        elif kind in "TWS":
            self._bytes(kind, words, kept)

    def _made(self, kind: str, words: list[str], node: int) -> int:
        if kind == "Y":
            self.links[node] = words[2]
            return node
        self.number[int(words[2])] = node
        if kind == "M":
            self.live[node], self.kept[node] = {}, {}
        else:
            self.files[node] = _File()
        return node

    def _name(self, folder: str, name: str, node: int | None, stays: Callable[[str], bool]) -> None:
        for names in (self.live, self.kept) if stays(folder) else (self.live,):
            of_folder = names[self.number[int(folder)]]
            if node is None:
                of_folder.pop(name, None)
            else:
                of_folder[name] = node

    def _bytes(self, kind: str, words: list[str], kept: Mapping[str, bytes]) -> None:
        file = self.files.get(self.number.get(int(words[0]), 0))
        if file is None:
            return
        if kind == "S":
            file.synced, file.is_synced = kept[words[1]], True
            file.size = len(file.synced)
        else:
            file.size, file.is_synced = int(words[1]) if kind == "W" else 0, False
            if kind == "T":
                file.synced = b""

    def tree(self, *, zero: bool) -> Iterator[tuple[str, bytes | str | None]]:
        """What lies below the root, without the marks by which a program acknowledges."""
        yield from self._below(self.root, "", zero=zero)

    def _below(self, folder: int, prefix: str, *, zero: bool) -> Iterator[tuple[str, bytes | str | None]]:
        for name, node in self.kept[folder].items():
            path = f"{prefix}{name}"
            if node in self.kept:
                yield path, None
                yield from self._below(node, f"{path}/", zero=zero)
            elif node in self.links:
                yield path, self.links[node]
            elif not name.startswith(MARK):
                yield path, self.files[node].content(zero=zero)
