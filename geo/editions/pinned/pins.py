"""Which edition was frozen for which event and year: a list beside the editions, to which is only added."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from geo.editions import condition, manifests
from geo.errors import DamagedError, EditionError, Problem
from geo.files import durable, locks

FILE: Final = "pinned.json"
"""The list of pins, beside the editions."""


class EditionPin(msgspec.Struct, frozen=True, kw_only=True):
    """An edition that stands for an event in a year. report: the edition of the year's status report, "" for none.

    at: the day, ISO 8601.
    """

    event: str
    year: int
    edition: str
    report: str
    at: str
    by: str

    def __post_init__(self) -> None:
        """Raise ValueError when the day or an edition cannot be one, so that a file that says so is refused as it is read."""
        dt.date.fromisoformat(self.at)
        if not all(map(manifests.is_id, (self.edition, self.report or self.edition))):
            raise ValueError("an edition that cannot be one")


_PINS: Final = msgspec.json.Decoder(dict[str, EditionPin])


def pins(editions: Path) -> Mapping[str, EditionPin]:
    """Return all pins by event and year, as `event/2026`. Raises DamagedError when the list cannot be read: then nobody knows."""
    read = manifests.listed(editions / FILE, _PINS, "frozen editions")
    if any(key != f"{pin.event}/{pin.year}" for key, pin in read.items()):
        raise DamagedError(Problem(f"editions/{FILE}", "the list of frozen editions cannot be read", expected="a copy of it"))
    return read


def of(editions: Path, event: str, year: int) -> EditionPin | None:
    """Return the pin of an event and year, None where nothing is frozen. Raises DamagedError as `pins` does."""
    return pins(editions).get(f"{event}/{year}")


def add(editions: Path, pin: EditionPin) -> EditionPin:
    """Freeze an edition for an event and year; return the pin that holds, which is the first: freezing again changes nothing.

    Raises EditionError when there is no such edition, or when it or that of its report was withdrawn.
    """
    with locks.held(editions / condition.CHOOSING):  # so not while it is withdrawn
        known = pins(editions)
        if there := known.get(f"{pin.event}/{pin.year}"):
            return there
        for wanted in {pin.edition, pin.report or pin.edition}:
            if not manifests.is_id(wanted) or not (editions / wanted / manifests.NAME).is_file():
                raise EditionError(Problem(wanted[:80], "no such edition"))
            condition.refuse_withdrawn(editions, wanted)
        content = dict(sorted({**known, f"{pin.event}/{pin.year}": pin}.items()))
        durable.write(editions / FILE, msgspec.json.format(msgspec.json.encode(content)))
        return pin


def mark(editions: Path) -> str:
    """Return a mark of all pins, "" for none: what was stored under another one may not know of them."""
    known = pins(editions)
    return hashlib.sha256(msgspec.json.encode(known)).hexdigest()[:8] if known else ""
