"""Of which parts an apportioned figure is made, as the column `weights` of OBSERVATION_COLUMNS has it.

`area: square/0101 25 %; square/0102 12.5 %` is a quarter of the people of 0101 and an eighth of those of 0102, divided by area.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_BETWEEN = "; "
_BEFORE = ": "


class PartWeight(NamedTuple):
    """A source area, and which share (0-1) of its people is taken to live in the target."""

    area_set: str
    area_id: str
    share: float


def write(by: str, parts: Sequence[PartWeight]) -> str:
    """The text of the column. by: how the weights are known, "people" or "area"."""
    return by + _BEFORE + _BETWEEN.join(f"{part.area_set}/{part.area_id} {100 * part.share:.8g} %" for part in parts)


def read(text: str) -> tuple[str, tuple[PartWeight, ...]]:
    """What `write` wrote: how the weights are known, and the parts; ("", ()) of a figure that was not apportioned."""
    by, _, listed = text.partition(_BEFORE)
    return by, tuple(_part(part) for part in listed.split(_BETWEEN) if part)


def _part(text: str) -> PartWeight:
    place, percent, _ = text.split(" ")
    area_set, _, area_id = place.partition("/")
    return PartWeight(area_set, area_id, float(percent) / 100)
