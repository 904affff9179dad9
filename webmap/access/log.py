"""The access log: who looked at what was not public, when, as whom, what for, and at how many figures; never at which.

One JSON object a line in `access/log.jsonl`; older lines may lie beside it in files that were put away (`rotation`). Every line
holds the hash of the line before it and its own, so that a line that is changed, taken out, put in or moved shows. Lines cut off at the
end show against `log.head`, or against a head that was kept elsewhere; docs/access.md says what each of these can and cannot tell.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from geo.errors import InputError, Problem
from geo.files import durable

NAME, HEAD = "log.jsonl", "log.head"
PUT_AWAY: Final = "log-*.jsonl"
"""Files of older lines, by the number of their last line."""
ROTATED: Final = "rotated"
"""The event of the first line of a file that goes on from another."""
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
    """What is kept of the log's end beside it is empty, torn or gone: nobody can tell whether lines were cut off."""


class Head(msgspec.Struct, frozen=True):
    """Number and hash of the last line: kept elsewhere, it proves later that nothing up to there was touched."""

    n: int
    hash: str

    def __str__(self) -> str:
        return f"{self.n}:{self.hash}"


_START: Final = Head(0, _FIRST)


def append(folder: Path, *, at: str, event: str, user: str, anew: bool = False, **parts: Any) -> Head:
    """Write one line, on disk when this returns. Raises OSError when it cannot be written: then no half of it stays.

    Raises InputError when the log ends before its head, or has lines and no head: to go on would bury that its end was cut off.
    anew: of a log whose chain was walked, and whose head is to be made anew by this line.

    The disk is waited for without the lock, so that all who wait share one wait; a line is on disk with all lines before it.
    """
    durable.make_folder(folder, mode=0o700)
    with held(folder) as file:
        before, size = last(file)
        if before == _START and not (folder / HEAD).exists() and not put_away(folder):
            durable.write(folder / HEAD, f"{_START}\n".encode("ascii"), mode=0o600)  # no line is ever without a head
        if not anew:
            check_end(folder, before)
        entry = Entry(n=before.n + 1, at=at, event=event, user=user, before=before.hash, **parts)
        head = Head(entry.n, digest(entry))
        _write(file, size, msgspec.json.encode(LogEntry(entry, head.hash)) + b"\n")
        written = os.dup(file)
    try:
        os.fsync(written)
        if head.n == 1:
            durable.sync(folder)
        remember(folder / HEAD, head, written)
    finally:
        os.close(written)
    return head


def lines(folder: Path) -> Iterator[LogEntry]:
    """All lines. Raises InputError at the first that cannot be read."""
    for file, number, raw in _raw(folder):
        yield _decode(number, raw, file=file)


def verify(folder: Path, *, heads: tuple[Head, ...] = ()) -> Head:
    """Walk the chain and return its head.

    heads: what the log is known to have held; `log.head` beside it is added. Raises InputError at the first line that is broken,
    or when the log ends before a head or holds another line in its place, and UnreadableHeadError when `log.head` cannot be read, or is
    not there although there are lines.
    """
    end = walk(folder, (*heads, *_remembered(folder / HEAD)))
    if end != _START:
        _insist(folder)
    return end


def walk(folder: Path, known: tuple[Head, ...]) -> Head:
    """Walk the chain past the known heads, but not past `log.head`, and return its head. Raises InputError as `verify` does."""
    begun: Head | None = None
    seen, end = set[Head](), _START
    for file, number, raw in _raw(folder):
        line = _decode(number, raw, file=file)
        if begun is None:
            begun = end = begin(line)
            seen |= {begun} & set(known)
        _follows(number, line, end, file=file)
        end = Head(line.entry.n, line.hash)
        seen |= {end} & set(known)
    for head in known:
        if head not in seen and head != _START:
            raise InputError(_missing(head, begun or _START, end))
    return end


def begin(line: LogEntry) -> Head:
    """The head before the first line that is here: of nothing, or of the file that it says it goes on from."""
    return Head(line.entry.n - 1, line.entry.before) if line.entry.event == ROTATED and line.entry.n > 1 else _START


def check_end(folder: Path, end: Head) -> None:
    """Raise InputError when the log ends before the head that is remembered beside it, or has lines and no head."""
    if end != _START or put_away(folder):
        _insist(folder)
    for known in _remembered(folder / HEAD):
        if known.n > end.n or (known.n == end.n and known.hash != end.hash):
            raise InputError(_missing(known, _START, end))


def _insist(folder: Path) -> None:
    if not (folder / HEAD).exists():
        what = "the head of the access log is gone, so that nobody knows whether its end was cut off, and nothing more is written in it"
        raise UnreadableHeadError(Problem(HEAD, what, expected="the file; or run: omraadekort log mend"))


def _missing(head: Head, begun: Head, end: Head) -> Problem:
    if end.n < head.n:
        return Problem(NAME, "the end was cut off", row=end.n + 1, found=f"{end.n} lines", expected=f"line {head.n} at least")
    if head.n < begun.n:
        what = "the line lies in a file that was put away and is no longer beside the log"
        return Problem(NAME, what, row=head.n, found=f"lines from {begun.n + 1} on", expected=f"{PUT_AWAY} back in its folder")
    return Problem(NAME, "another line stands in its place", row=head.n, expected=f"the hash {head.hash}")


def head(text: str) -> Head:
    """Read `<n>:<hash>`. Raises InputError."""
    number, _, digest = text.partition(":")
    if not (number.isascii() and number.isdigit() and len(digest) == len(_FIRST)):
        raise InputError(Problem("head", "a head that cannot be read", found=repr(text), expected="<number>:<64 letters>"))
    return Head(int(number), digest)


def _raw(folder: Path) -> Iterator[tuple[str, int, bytes]]:
    """Every line with the file it lies in and its number there, oldest first."""
    for path in (*put_away(folder), folder / NAME):
        try:
            with path.open("rb") as file:
                yield from ((path.name, number, raw) for number, raw in enumerate(file, 1))
        except FileNotFoundError:
            continue
        except OSError as error:
            raise InputError(Problem(path.name, f"the access log cannot be read ({error.strerror})", expected="a file")) from None


def put_away(folder: Path) -> list[Path]:
    """The files of older lines beside the log, oldest first; not a second name of the log, left by a rotation that was stopped."""
    return [path for path in sorted(folder.glob(PUT_AWAY)) if not ((folder / NAME).exists() and path.samefile(folder / NAME))]


def _decode(number: int, raw: bytes, *, file: str = NAME) -> LogEntry:
    try:
        entry = msgspec.json.decode(raw, type=LogEntry)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(Problem(file, f"a line that cannot be read ({error})", row=number)) from None
    if msgspec.json.encode(entry) + b"\n" != raw:
        raise InputError(Problem(file, "a line that was not written like this", row=number))
    return entry


def _follows(number: int, line: LogEntry, before: Head, *, file: str) -> None:
    if line.entry.n != before.n + 1 or line.entry.before != before.hash:
        expected = f"line {before.n + 1} after the line with hash {before.hash[:12]}"
        what = "the line does not follow the one before it"
        raise InputError(Problem(file, what, row=number, found=f"line {line.entry.n}", expected=expected))
    if line.hash != digest(line.entry):
        raise InputError(Problem(file, "the line was changed", row=number, expected=f"what has the hash {line.hash[:12]}"))


def digest(entry: Entry) -> str:
    """The hash of an entry, which its line and the next one hold."""
    return hashlib.sha256(msgspec.json.encode(entry)).hexdigest()


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        yield file
    finally:
        os.close(file)


@contextmanager
def held(folder: Path) -> Iterator[int]:
    """The log's file, for us alone. One that was put away while we waited is left, and the new one is taken."""
    while True:
        with _opened(folder / NAME) as file, _locked(file):
            if os.path.samestat(os.fstat(file), (folder / NAME).stat()):
                yield file
                return


@contextmanager
def _locked(file: int) -> Iterator[None]:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def last(file: int) -> tuple[Head, int]:
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


def replace(folder: Path, file: int, line: bytes, *, old: Path) -> None:
    """Put a new file with one line in the place of the held log, which keeps its own under another name; both have the same owner."""
    with durable.beside(folder / NAME, line, mode=0o600) as scratch:
        os.chown(scratch, os.fstat(file).st_uid, os.fstat(file).st_gid)  # whoever rotates: the service must be able to write in it
        durable.sync(scratch)
        os.link(folder / NAME, old)
        durable.rename(scratch, folder / NAME)


def remember(path: Path, head: Head, file: int) -> None:
    """Note the head beside the log, after its line is on disk: it may be behind after a crash, it is never ahead, empty or torn."""
    if _noted(path, head):
        return
    with durable.beside(path, f"{head}\n".encode("ascii"), mode=0o600) as scratch, _locked(file):
        if not _noted(path, head):
            scratch.replace(path)


def _noted(path: Path, head: Head) -> bool:
    return any(known.n >= head.n for known in _remembered(path))  # or a later one: somebody who came later was faster


def _remembered(path: Path) -> tuple[Head, ...]:
    try:
        return (head(path.read_text(encoding="ascii").strip()),)
    except FileNotFoundError:
        return ()
    except (InputError, UnicodeDecodeError):
        what = "the head of the access log is empty or torn, so that nothing more is written in the log"
        raise UnreadableHeadError(Problem(HEAD, what, expected="run: omraadekort log mend")) from None
