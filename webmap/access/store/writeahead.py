"""The write-ahead log of a database of SQLite (`-wal`) after a crash: whether it holds confirmed writes that SQLite would drop in silence.

SQLite reads the log up to the first frame whose checksum does not fit, and takes what follows for a write that a power cut stopped. That is
right when at most one write follows, the last: each is on disk before the next begins. When more follow, or the head of the log is not
whole, what was confirmed is damaged. The format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log.
"""

from __future__ import annotations

import struct
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

ENDING: Final = "-wal"
_HEAD, _FRAME = 32, 24
_MAGIC: Final = {0x377F0682: "<", 0x377F0683: ">"}
"""The first word of a log, and the order of bytes in which its checksums are computed."""
_AGAIN: Final = 3
"""How often a log must look damaged: another process may begin it anew while it is read."""
_PAUSE: Final = 0.05


@dataclass(frozen=True)
class LogEnd:
    """How a log ends. whole: writes that SQLite reads. after: those that end after the first frame that is not as it was written.

    head: whether the head of the log is not as it was written, though frames follow it.
    """

    whole: int = 0
    after: int = 0
    head: bool = False

    @property
    def is_damaged(self) -> bool:
        """Whether confirmed writes are lost for certain."""
        return self.head or self.after > 1


def damage(database: Path) -> str:
    """Say what is wrong with the log beside a database before SQLite opens it, "" when nothing is for certain."""
    try:
        lying = database.with_name(database.name + ENDING).stat()
    except FileNotFoundError:
        return ""
    return _damage(database, lying.st_mtime_ns, lying.st_size)


@lru_cache(maxsize=8)
def _damage(database: Path, _written: int, _size: int) -> str:
    """The same of a log that was written at that moment: one that is damaged is asked about at every request, and read once."""
    for _ in range(_AGAIN):
        end = read(database)
        if not end.is_damaged:
            return ""
        time.sleep(_PAUSE)
    lost = "its head" if end.head else f"after {end.whole} of {end.whole + end.after} writes"
    return f"its write-ahead log is not as it was written ({lost})"


def read(database: Path) -> LogEnd:
    """Read the log beside a database to its end; of a log that is not there nothing is wrong."""
    try:
        content = database.with_name(database.name + ENDING).read_bytes()
    except FileNotFoundError:
        return LogEnd()
    return _end(content)


def _end(content: bytes) -> LogEnd:
    head = content[:_HEAD]
    if len(content) <= _HEAD + _FRAME or not any(head):
        return LogEnd()  # a log in which nothing was confirmed
    magic, _, page, _, *salts, first, second = struct.unpack(">8I", head)
    sums = _add((0, 0), head[:24], _MAGIC.get(magic, "<"))
    if magic not in _MAGIC or sums != (first, second):
        return LogEnd(head=True)
    whole = after = 0
    broken = False
    for start in range(_HEAD, len(content) - _FRAME - page + 1, _FRAME + page):
        frame = content[start : start + _FRAME + page]
        _, size, *own, third, fourth = struct.unpack(">6I", frame[:_FRAME])
        if not broken:
            sums = _add(_add(sums, frame[:8], _MAGIC[magic]), frame[_FRAME:], _MAGIC[magic])
            broken = own != salts or sums != (third, fourth)
        if own == salts and size:  # the last frame of a write says how many pages the database has
            whole, after = whole + (not broken), after + broken
    return LogEnd(whole, after)


def _add(sums: tuple[int, int], content: bytes, order: str) -> tuple[int, int]:
    """Go on with the two checksums over more bytes, a multiple of eight."""
    first, second = sums
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for low, high in zip(words[::2], words[1::2], strict=True):
        first = (first + low + second) & 0xFFFFFFFF
        second = (second + high + first) & 0xFFFFFFFF
    return first, second
