"""A name with a point: what lists of places and addresses are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KINDS: Final = ("square", "station", "street", "park", "place", "address")
"""What a name can be the name of."""


@dataclass(frozen=True, order=True)
class Spot:
    """One name with a point (metres, EPSG:25832).

    number: of a house, "" for a place. kind: a word of KINDS. within: how many metres the point may be wrong by, 0 where the list's
    own source vouches for it.
    """

    name: str
    postcode: str
    number: str
    kind: str
    x: float
    y: float
    within: float = 0.0

    @property
    def words(self) -> str:
        """How the spot is written; a search for these words finds it first."""
        return " ".join(part for part in (self.name, self.number) if part) + (f", {self.postcode}" if self.postcode else "")
