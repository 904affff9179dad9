"""The write-ahead log of a database of SQLite (`-wal`) after a crash: whether it holds confirmed writes that SQLite would drop in silence.

SQLite reads the log up to the first frame whose checksum does not fit, and takes the rest for a write that a power cut stopped. It can be
so when at most one write follows, the last: each is on disk before the next begins. When more follow, when the head of the log is not
whole, or when one bit turned back makes the frame right, what was confirmed is damaged.
The format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log.
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
_WORD: Final = 0xFFFFFFFF
_AGAIN: Final = 3
"""How often a log must look damaged: another process may begin it anew while it is read."""
_PAUSE: Final = 0.05


@dataclass(frozen=True)
class LogEnd:
    """How a log ends. whole: writes that SQLite reads. after: those that end after the first frame that is not as it was written.

    head: whether the head of the log is not as it was written, though frames follow it. turned: whether one bit of that frame was turned.
    """

    whole: int = 0
    after: int = 0
    head: bool = False
    turned: bool = False

    @property
    def is_damaged(self) -> bool:
        """Whether confirmed writes are lost for certain."""
        return self.head or self.turned or self.after > 1


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
    lost = "its head" if end.head else f"after {end.whole} whole writes"
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
    broken = turned = False
    for start in range(_HEAD, len(content) - _FRAME - page + 1, _FRAME + page):
        frame = content[start : start + _FRAME + page]
        _, size, *own, third, fourth = struct.unpack(">6I", frame[:_FRAME])
        if not broken:
            sums = _add(_add(sums, frame[:8], _MAGIC[magic]), frame[_FRAME:], _MAGIC[magic])
            broken = own != salts or sums != (third, fourth)
            turned = broken and _is_turned((*salts, *sums), (*own, third, fourth), pairs=1 + page // 8)
        if own == salts and size:  # the last frame of a write says how many pages the database has
            whole, after = whole + (not broken), after + broken
    return LogEnd(whole, after, turned=turned)


def _is_turned(right: tuple[int, ...], said: tuple[int, ...], *, pairs: int) -> bool:
    """Whether a frame is not as it was written by one bit. right, said: salts and checksums as they ought to be, and as the frame says.

    A bit of the salts or of the checksums is seen at once. One of what is summed, so many pairs of words, changes the two sums in a way
    that only its place decides: after a pair (x, y) of words the sums a, b are a + b + x and a + 2 b + x + y.
    """
    if sum((a ^ b).bit_count() for a, b in zip(right, said, strict=True)) == 1:
        return True
    if right[:2] != said[:2]:
        return False
    differences = {((said[2] - right[2]) * sign & _WORD, (said[3] - right[3]) * sign & _WORD) for sign in (1, -1)}
    first, second = (1, 1), (0, 1)  # what one more in x and in y of the last pair adds to the sums
    for _ in range(pairs):
        for a, b in (first, second):
            if any((a << bit & _WORD, b << bit & _WORD) in differences for bit in range(32)):
                return True
        first, second = _later(first), _later(second)
    return False


def _later(added: tuple[int, int]) -> tuple[int, int]:
    """What the same adds to the sums when one more pair follows."""
    a, b = added
    return (a + b) & _WORD, (a + 2 * b) & _WORD


def _add(sums: tuple[int, int], content: bytes, order: str) -> tuple[int, int]:
    """Go on with the two checksums over more bytes, a multiple of eight."""
    first, second = sums
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for low, high in zip(words[::2], words[1::2], strict=True):
        first = (first + low + second) & _WORD
        second = (second + high + first) & _WORD
    return first, second
