"""Resources of the API about what others count or score for the city as a whole: the intercultural city index, cases of discrimination."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from geo.model.reported.discrimination import GROUNDS, PLACES
from geo.model.vocabulary import Text
from webmap.edition.reader import Reader
from webmap.figures.api.tables import Writer
from webmap.figures.formats import csv_text

CITY_COLUMNS: Final = (
    "score", "city", "year", "dimension", "dimension_name", "value", "scale_low", "scale_high", "source", "locator", "edition",
)  # fmt: skip
"""Columns of the city index as CSV: a row a value; no value is no row."""

CASE_COLUMNS: Final = (
    "cases", "measure", "year", "divided_by", "kind", "kind_name", "count", "status", "withheld", "source", "locator", "edition",
)  # fmt: skip
"""Columns of the cases of discrimination as CSV: a row a count, `divided_by` "" for the total; status `suppressed` where it is hidden."""

_json = msgspec.json.encode


def resources() -> dict[str, dict[str, Writer]]:
    """Return the resources of this module, and what writes each of them in the formats that it has."""
    return {
        "cityindex": {"json": _city_json, "csv": lambda reader: csv_text.text(_city_rows(reader), CITY_COLUMNS)},
        "discrimination": {"json": _cases_json, "csv": lambda reader: csv_text.text(_cases_rows(reader), CASE_COLUMNS)},
    }


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


def _cases_json(reader: Reader) -> bytes:
    return _json({"edition": reader.edition.id, "cases": reader.edition.catalogue.shown_cases})


def _cases_rows(reader: Reader) -> Iterator[dict[str, Any]]:
    for cases in reader.edition.catalogue.shown_cases:
        about = {
            "cases": cases.id,
            "measure": cases.measure,
            "year": cases.year,
            "withheld": "yes" if cases.withheld else "no",
            "source": cases.cite.source,
            "locator": cases.cite.locator,
            "edition": reader.edition.id,
        }
        counts: list[tuple[str, str, Text | None, int | None]] = [("", "", None, cases.total)]
        counts += [("grounds", ground, GROUNDS[ground], count) for ground, count in cases.grounds.items()]
        counts += [("places", kind, PLACES[kind], count) for kind, count in cases.places.items()]
        for divided_by, kind, name, count in counts:
            yield about | {
                "divided_by": divided_by,
                "kind": kind,
                "kind_name": name.in_(reader.language) if name else "",
                "count": count,
                "status": "final" if count is not None else "suppressed",
            }
