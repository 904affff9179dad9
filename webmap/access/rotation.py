"""What an operator does to the access log: a new file when the old one has grown, whose first line carries the chain over; a head anew."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from geo.errors import InputError, Problem
from webmap.access import log
from webmap.access.log import Entry, Head, LogEntry


def rotate(folder: Path, *, at: str) -> tuple[Path, Head]:
    """Give the log a new file and return where the old one lies now, and the new head. Looks that are written meanwhile are in one of them.

    at: the moment, in UTC. Stopped at any point the log is whole: the old file has its new name beside its old one until the new file
    takes its place. Raises InputError when there is nothing to rotate or the log does not verify, OSError when the disk refuses.
    """
    if _verified(folder).n == 0:
        raise InputError(Problem(log.NAME, "there is no line to put away", expected="a log"))
    with log.held(folder) as file:
        last, _ = log.last(file)
        log.check_end(folder, last)
        for name in folder.glob(log.PUT_AWAY):
            if name.samefile(folder / log.NAME):  # of a rotation that was stopped before the new file took the place
                name.unlink()
        os.fsync(file)
        entry = Entry(n=last.n + 1, at=at, event=log.ROTATED, user="omraadekort log rotate", before=last.hash)
        head, old = Head(entry.n, log.digest(entry)), folder / f"log-{last.n:010}.jsonl"
        log.replace(folder, file, msgspec.json.encode(LogEntry(entry, head.hash)) + b"\n", old=old)
    opened = os.open(folder / log.NAME, os.O_RDWR | os.O_CLOEXEC)
    try:
        log.remember(folder / log.HEAD, head, opened)
    finally:
        os.close(opened)
    return old, head


def mend(folder: Path, *, at: str, heads: tuple[Head, ...] = ()) -> Head:
    """Make a head that cannot be read, or is gone, anew, from a log whose chain holds, and write a line about it; returns the head.

    A head that can be read stays as it is. Raises InputError as `log.verify` does.
    """
    try:
        return log.verify(folder, heads=heads)
    except log.UnreadableHeadError:
        log.walk(folder, heads)
    (folder / log.HEAD).unlink(missing_ok=True)
    return log.append(folder, at=at, event="head made anew", user="omraadekort log mend", anew=True)


def _verified(folder: Path) -> Head:
    """The head of a log that is in order. What looks broken is looked at again while nobody writes: it may have been half a line."""
    try:
        return log.verify(folder)
    except InputError:
        with log.held(folder):
            return log.verify(folder)
