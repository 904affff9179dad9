"""The access log: who looked at what was not public, when, as whom, what for, and at how many figures; never at which.

One JSON object a line in `access/log.jsonl`. Every line holds the hash of the line before it and its own, so that a line that is
changed, taken out, put in or moved shows. Lines cut off at the end show against `log.head`, or against a head that was kept
elsewhere; docs/access.md says what each of these can and cannot tell.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from geo.errors import InputError, Problem
from geo.files import durable

NAME, HEAD = "log.jsonl", "log.head"
_FIRST: Final = "0" * 64
_LONGEST: Final = 16384
"""Bytes that the last line is looked for in; an entry is shorter, for its parts are cut."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line, apart from its hash. at: UTC. figures: how many values could be read, None when the page did not say."""

    n: int
    at: str
    event: str
    user: str
    roles: tuple[str, ...] = ()
    audience: str = ""
    purpose: str = ""
    page: str = ""
    edition: str = ""
    area: str = ""
    indicator: str = ""
    figures: int | None = None
    before: str


class LogEntry(msgspec.Struct, frozen=True):
    """An entry with its hash."""

    entry: Entry
    hash: str


class UnreadableHeadError(InputError):
    """What is kept of the log's end beside it is empty or torn: nobody can tell whether lines were cut off."""


class Head(msgspec.Struct, frozen=True):
    """Number and hash of the last line: kept elsewhere, it proves later that nothing up to there was touched."""

    n: int
    hash: str

    def __str__(self) -> str:
        return f"{self.n}:{self.hash}"


_START: Final = Head(0, _FIRST)


def append(folder: Path, *, at: str, event: str, user: str, **parts: Any) -> Head:
    """Write one line, on disk when this returns. Raises OSError when it cannot be written: then no half of it stays.

    Raises InputError when the log ends before its head: to go on would bury that its end was cut off.

    The disk is waited for without the lock, so that all who wait share one wait; a line is on disk with all lines before it.
    """
    durable.make_folder(folder, mode=0o700)
    with _opened(folder / NAME) as file:
        with _locked(file):
            last, size = _last(file)
            _check_end(folder, last)
            entry = Entry(n=last.n + 1, at=at, event=event, user=user, before=last.hash, **parts)
            head = Head(entry.n, _hash(entry))
            _write(file, size, msgspec.json.encode(LogEntry(entry, head.hash)) + b"\n")
        os.fsync(file)
        if head.n == 1:
            durable.sync(folder)
        _remember(folder / HEAD, head, file)
    return head


def lines(folder: Path) -> Iterator[LogEntry]:
    """All lines. Raises InputError at the first that cannot be read."""
    for number, raw in _raw(folder):
        yield _decode(number, raw)


def verify(folder: Path, *, heads: tuple[Head, ...] = ()) -> Head:
    """Walk the chain and return its head.

    heads: what the log is known to have held; `log.head` beside it is added. Raises InputError at the first line that is broken,
    or when the log ends before a head or holds another line in its place, and UnreadableHeadError when `log.head` cannot be read.
    """
    return _walk(folder, (*heads, *_remembered(folder / HEAD)))


def mend(folder: Path, *, at: str, heads: tuple[Head, ...] = ()) -> Head:
    """Make a head that cannot be read anew, from a log whose chain holds, and write a line about it in the log; returns the head.

    A head that can be read stays as it is. Raises InputError as `verify` does.
    """
    try:
        return verify(folder, heads=heads)
    except UnreadableHeadError:
        _walk(folder, heads)
    (folder / HEAD).unlink()
    return append(folder, at=at, event="head made anew", user="omraadekort log mend")


def _walk(folder: Path, known: tuple[Head, ...]) -> Head:
    seen, last = set[Head](), _START
    for number, raw in _raw(folder):
        line = _decode(number, raw)
        _follows(number, line, last)
        last = Head(line.entry.n, line.hash)
        seen |= {last} & set(known)
    for head in known:
        if head not in seen and head != _START:
            raise InputError(_missing(head, last))
    return last


def _check_end(folder: Path, last: Head) -> None:
    for known in _remembered(folder / HEAD):
        if known.n > last.n or (known.n == last.n and known.hash != last.hash):
            raise InputError(_missing(known, last))


def _missing(head: Head, last: Head) -> Problem:
    if last.n < head.n:
        return Problem(NAME, "the end was cut off", row=last.n + 1, found=f"{last.n} lines", expected=f"line {head.n} at least")
    return Problem(NAME, "another line stands in its place", row=head.n, expected=f"the hash {head.hash}")


def head(text: str) -> Head:
    """Read `<n>:<hash>`. Raises InputError."""
    number, _, digest = text.partition(":")
    if not (number.isascii() and number.isdigit() and len(digest) == len(_FIRST)):
        raise InputError(Problem("head", "a head that cannot be read", found=repr(text), expected="<number>:<64 letters>"))
    return Head(int(number), digest)


def _raw(folder: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with (folder / NAME).open("rb") as file:
            yield from enumerate(file, 1)
    except FileNotFoundError:
        return


def _decode(number: int, raw: bytes) -> LogEntry:
    try:
        entry = msgspec.json.decode(raw, type=LogEntry)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(Problem(NAME, f"a line that cannot be read ({error})", row=number)) from None
    if msgspec.json.encode(entry) + b"\n" != raw:
        raise InputError(Problem(NAME, "a line that was not written like this", row=number))
    return entry


def _follows(number: int, line: LogEntry, last: Head) -> None:
    if line.entry.n != number or line.entry.before != last.hash:
        expected = f"line {last.n + 1} after the line with hash {last.hash[:12]}"
        raise InputError(
            Problem(NAME, "the line does not follow the one before it", row=number, found=f"line {line.entry.n}", expected=expected)
        )
    if line.hash != _hash(line.entry):
        raise InputError(Problem(NAME, "the line was changed", row=number, expected=f"what has the hash {line.hash[:12]}"))


def _hash(entry: Entry) -> str:
    return hashlib.sha256(msgspec.json.encode(entry)).hexdigest()


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        yield file
    finally:
        os.close(file)


@contextmanager
def _locked(file: int) -> Iterator[None]:
    """The log for us alone among all threads and processes."""
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _last(file: int) -> tuple[Head, int]:
    """Head of the log and its size. What a crash left half-written at the end was never answered for, and is taken away."""
    size = os.fstat(file).st_size
    start = max(0, size - _LONGEST)
    tail = os.pread(file, size - start, start)
    if not tail.endswith(b"\n"):
        size = start + tail.rfind(b"\n") + 1
        os.ftruncate(file, size)
        tail = tail[: size - start]
    if not size:
        return _START, 0
    line = _decode(0, tail[:-1].rpartition(b"\n")[2] + b"\n")
    return Head(line.entry.n, line.hash), size


def _write(file: int, size: int, line: bytes) -> None:
    try:
        if os.write(file, line) != len(line):
            raise OSError("the disk is full")
    except OSError:
        os.ftruncate(file, size)
        raise


def _remember(path: Path, head: Head, file: int) -> None:
    """Note the head beside the log, after its line is on disk: it may be behind after a crash, it is never ahead, empty or torn.

    As with the line, the disk is waited for without the lock.
    """
    if _noted(path, head):
        return
    handle, name = tempfile.mkstemp(prefix=".head-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(f"{head}\n")
            stream.flush()
            os.fsync(stream.fileno())
        with _locked(file):
            if not _noted(path, head):
                Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _noted(path: Path, head: Head) -> bool:
    """Whether this head is noted, or a later one, because somebody who came later was faster."""
    return any(known.n >= head.n for known in _remembered(path))


def _remembered(path: Path) -> tuple[Head, ...]:
    try:
        return (head(path.read_text(encoding="ascii").strip()),)
    except FileNotFoundError:
        return ()
    except (InputError, UnicodeDecodeError):
        what = "the head of the access log is empty or torn, so that nothing more is written in the log"
        raise UnreadableHeadError(Problem(HEAD, what, expected="run: omraadekort log mend")) from None
