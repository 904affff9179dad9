"""The editions that are kept here and whole, in the order in which they came."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geo.editions import condition
from webmap.urls import settings


@dataclass(frozen=True)
class KeptEdition:
    """An edition that can be shown. as_of: the day of its newest input; written: when it was written on this disk, UTC."""

    id: str
    as_of: dt.date
    written: dt.datetime


def kept() -> tuple[KeptEdition, ...]:
    """All editions that are whole, oldest first: by the day of their newest input, those of one day by when they were written here.

    An edition knows no clock, so within a day nothing but the disk tells which came first. What was found is true for a second.
    """
    folder = settings().editions
    try:
        changed = folder.stat().st_mtime_ns
    except OSError:
        return ()
    return _kept(folder, changed, int(time.monotonic()))


def before(id: str) -> KeptEdition | None:
    """The edition that came before another, None when there is none or the other is not kept."""
    earlier = until(id)[:-1]
    return earlier[-1] if earlier else None


def until(id: str) -> tuple[KeptEdition, ...]:
    """The editions up to and with that one, oldest first; empty when it is not kept."""
    listed = kept()
    place = next((number for number, each in enumerate(listed) if each.id == id), -1)
    return listed[: place + 1]


@lru_cache(maxsize=4)
def _kept(folder: Path, _changed: int, _second: int) -> tuple[KeptEdition, ...]:
    whole = [lying for lying in condition.listing(folder) if lying.manifest is not None]
    listed = [KeptEdition(lying.id, lying.manifest.as_of, _written(folder / lying.id)) for lying in whole if lying.manifest is not None]
    return tuple(sorted(listed, key=lambda each: (each.as_of, each.written, each.id)))


def _written(folder: Path) -> dt.datetime:
    return dt.datetime.fromtimestamp((folder / "manifest.json").stat().st_mtime_ns / 1e9, dt.UTC)
