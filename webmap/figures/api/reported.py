"""Resources of the API about what others count or score for the city as a whole: the intercultural city index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from webmap.edition.reader import Reader
from webmap.figures.api.tables import Writer
from webmap.figures.formats import csv_text

CITY_COLUMNS: Final = (
    "score", "city", "year", "dimension", "dimension_name", "value", "scale_low", "scale_high", "source", "locator", "edition",
)  # fmt: skip
"""Columns of the city index as CSV: a row a value; no value is no row."""

_json = msgspec.json.encode


def resources() -> dict[str, dict[str, Writer]]:
    """Return the resources of this module, and what writes each of them in the formats that it has."""
    return {"cityindex": {"json": _city_json, "csv": lambda reader: csv_text.text(_city_rows(reader), CITY_COLUMNS)}}


def _city_json(reader: Reader) -> bytes:
    known = reader.edition.catalogue
    return _json({"edition": reader.edition.id, "dimensions": known.dimensions, "scores": known.city_scores})


def _city_rows(reader: Reader) -> Iterator[dict[str, Any]]:
    known = {dimension.id: dimension for dimension in reader.edition.catalogue.dimensions}
    for score in reader.edition.catalogue.city_scores:
        for name, value in score.values.items():
            yield {
                "score": score.id,
                "city": score.city,
                "year": score.year,
                "dimension": name,
                "dimension_name": known[name].name.in_(reader.language),
                "value": value,
                "scale_low": known[name].low,
                "scale_high": known[name].high,
                "source": score.cite.source,
                "locator": score.cite.locator,
                "edition": reader.edition.id,
            }
