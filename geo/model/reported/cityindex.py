"""The intercultural city index: its dimensions, and what cities scored in them, a city and a year each."""

from __future__ import annotations

from geo.model.sources import Cite
from geo.model.vocabulary import Text, Value


class IndexDimension(Value, frozen=True, kw_only=True):
    """One dimension of the index. low, high: the ends of its scale, both absent as long as nobody has said them."""

    id: str
    name: Text
    text: Text | None = None
    low: float | None = None
    high: float | None = None
    cite: Cite
    note: Text | None = None


class CityScore(Value, frozen=True, kw_only=True):
    """What one city scored in one year. values: by the id of the dimension, on its scale; what is not there was not scored."""

    id: str
    city: str
    year: int
    values: dict[str, float]
    cite: Cite
    note: Text | None = None


def same_city(name: str) -> str:
    """Return by what a city is known, however its name is written: without spaces around it, in small letters."""
    return " ".join(name.split()).casefold()
