"""The list of formats. Routes, buttons, the API, the audit and the tests are made from it: a new format is its module and a place here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from geo.errors import NotFoundError, Problem
from webmap.figures.formats import csv_text, geojson, json_text, xlsx
from webmap.figures.formats.table import Format

FORMATS: Final[tuple[Format, ...]] = (
    csv_text.CSV,
    xlsx.XLSX,
    geojson.GEOJSON,
    json_text.JSON,
)
"""Every format, in the order of the buttons."""


def named(ending: str) -> Format:
    """The format of an ending. Raises NotFoundError when there is none."""
    for each in FORMATS:
        if each.ending == ending:
            return each
    raise NotFoundError(Problem(ending, "no such format", expected=", ".join(each.ending for each in FORMATS)))


def holding(columns: Sequence[str], *, one_map: bool) -> tuple[Format, ...]:
    """The formats that can hold a table of these columns. one_map: whether it is of one indicator, area set and period."""
    return tuple(each for each in FORMATS if each.needs <= {*columns} and (one_map or not each.one_map))
