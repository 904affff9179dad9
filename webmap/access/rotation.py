"""A new file for the access log, when the old one has grown: its first line carries the chain over, so that both are still one log."""

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
    takes its place. Raises InputError when there is nothing to rotate or the log ends before its head, OSError when the disk refuses.
    """
    with log.held(folder) as file:
        last, _ = log.last(file)
        if last.n == 0:
            raise InputError(Problem(log.NAME, "there is no line to put away", expected="a log"))
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
