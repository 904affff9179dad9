"""A table of figures that leaves the house, and what every format can do: write such a table, and read it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from geo.model.indicators import Indicator
from geo.model.results import AreaLayer
from geo.model.vocabulary import Text
from webmap.edition.reader import Reader
from webmap.edition.sources import SourceLine

Record = Mapping[str, Any]
"""One figure by the names of the columns; a number that is absent is None, a text that is absent is ""."""

_NUMERIC: Final = frozenset(
    {"mean_of", "value", "low", "high", "numerator", "denominator", "n", "class", "class_low", "class_high", "modelled"}
)
_TITLED: Final = 3
"""How many indicators the title of a table names at most."""


@dataclass(frozen=True)
class FigureTable:
    """Figures that one reader may see, and what has to be said of them.

    name: what the records are called in JSON. area_set: id of the set that all areas are of, "" where there are several; set_name: the
    names of the sets. indicators: those that the records are of. boundaries: where the outlines come from. demo: whether the figures
    are invented. link: the permanent address of the page that they stand on. headings: the columns of a workbook's sheet with what
    they are called, of a table whose columns are not those of observations; heading: its title.
    """

    reader: Reader
    name: str
    columns: Sequence[str]
    records: Sequence[Record]
    indicators: Sequence[Indicator]
    area_set: str
    set_name: str
    boundaries: str
    sources: Sequence[SourceLine]
    demo: bool
    link: str
    headings: Mapping[str, Text] = field(default_factory=dict)
    heading: str = ""

    @property
    def title(self) -> str:
        """Its heading; without one its indicators (when they are few) and area set."""
        if self.heading:
            return self.heading
        named = [indicator.name.in_(self.reader.language) for indicator in self.indicators] if len(self.indicators) <= _TITLED else []
        return ", ".join([*named, self.set_name])


@dataclass(frozen=True)
class Format:
    """One kind of file. ending: of its address and name; label: on its button; media: its media type, without the encoding.

    write: a table as bytes. read: those bytes as records again, each with the columns that the format keeps; what cannot be read is
    left out. needs: columns without which a table cannot be written so. one_map: whether a file holds one indicator in one area set
    and one period, with the outlines of the areas.
    """

    ending: str
    label: str
    media: str
    write: Callable[[FigureTable], bytes]
    read: Callable[[bytes], Iterable[Record]]
    needs: frozenset[str] = frozenset()
    one_map: bool = False

    @property
    def content_type(self) -> str:
        """The media type, and of text its encoding."""
        return f"{self.media}; charset=utf-8" if self.media.startswith("text/") or self.media.endswith("json") else self.media


def boundaries(layers: Iterable[AreaLayer]) -> str:
    """Where the outlines of area sets come from."""
    each = (" · ".join(part for part in (layer.title, layer.producer, layer.licence) if part) for layer in layers)
    return "; ".join(dict.fromkeys(each))


def typed(cells: Mapping[str, str | None]) -> dict[str, Any]:
    """A record from the texts of its cells: numbers in the columns of numbers, None where such a cell is empty."""
    return {name: _number(text) if name in _NUMERIC else text or "" for name, text in cells.items()}


def _number(text: str | None) -> float | str | None:
    """A cell of a column of numbers; text that is no number is left as it stands, for whoever reads it to see."""
    try:
        return float(text) if text else None
    except ValueError:
        return text
