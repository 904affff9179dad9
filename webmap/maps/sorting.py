"""The order of a map's table: by name unless the reader asks for another, which the address then keeps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from geo.model.vocabulary import Audience
from webmap.edition import rows as edition_rows
from webmap.language.wording import by_name
from webmap.maps.state import Row
from webmap.maps.view import MapView

COLUMNS: Final = ("navn", "vaerdi", "usikkerhed", "antal", "status")
"""What a table can be sorted by, in the order of its columns."""

_OF_VALUES: Final = frozenset({"vaerdi", "usikkerhed"})


@dataclass(frozen=True)
class Sort:
    """A column of COLUMNS and whether its largest comes first."""

    column: str = COLUMNS[0]
    down: bool = False

    @property
    def code(self) -> str:
        """As the address has it: `vaerdi`, `-vaerdi`; "" for the order that a table has by itself."""
        return "" if self.column == COLUMNS[0] and not self.down else f"{'-' if self.down else ''}{self.column}"

    @property
    def aria(self) -> str:
        """The word of `aria-sort`."""
        return "descending" if self.down else "ascending"

    def after(self, column: str) -> Sort:
        """The order after a press on a column's heading: that column, or the other way round when it is that already."""
        return Sort(column, not self.down) if column == self.column else Sort(column)


BY_NAME: Final = Sort()
"""The order that a table has by itself."""


def columns(audience: Audience) -> tuple[str, ...]:
    """What a reader can sort a table by. The public has no order by value: it would be a league table of places.

    Nor one by uncertainty: where all areas have as many answers, the width of a share's interval is in the order of the shares.
    """
    return tuple(column for column in COLUMNS if column not in _OF_VALUES or audience is not Audience.PUBLIC)


def parse(text: str, audience: Audience) -> Sort:
    """The order that an address asks for; a word that is no column that the reader can sort by is the order by name."""
    column = text.removeprefix("-")
    return Sort(column, text.startswith("-")) if column in columns(audience) else BY_NAME


def rows(made: MapView, sort: Sort) -> tuple[Row, ...]:
    """The rows of a map's table in an order; areas without what is sorted by stand last, and equal ones by name."""
    if made.state is None:
        return ()
    named = sorted(made.state.rows, key=lambda row: by_name(row.name), reverse=sort.down and sort.column == "navn")
    if sort.column == "navn":
        return tuple(named)
    if sort.column == "status":
        return tuple(sorted(named, key=lambda row: row.status, reverse=sort.down))
    table = edition_rows.rows_of(made.reader.edition, made.indicator.id, made.layer.id, made.period).to_dict("records")
    sizes = {str(row["area_id"]): _size(row, sort.column, survey=made.indicator.basis == "survey") for row in table}
    known = [row for row in named if not math.isnan(sizes.get(row.area_id, math.nan))]
    unknown = [row for row in named if row not in known]
    return (*sorted(known, key=lambda row: sizes[row.area_id], reverse=sort.down), *unknown)


def _size(row: Mapping[Any, Any], column: str, *, survey: bool) -> float:
    if column == "vaerdi":
        return float(row["value"])
    if column == "usikkerhed":
        return float(row["high"]) - float(row["low"])
    return float(row["n"] if survey else row["denominator"])
