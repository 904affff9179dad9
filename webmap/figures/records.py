"""Observations as records for people and programs: which columns leave the house. `formats` writes them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, unquote

import pandas as pd

from geo.conclusions.classify import class_of
from geo.editions.edition import Edition
from geo.figures import means
from webmap import urls
from webmap.edition import classes
from webmap.edition.reader import Reader
from webmap.language import wording

COLUMNS: Final = (
    "indicator", "indicator_name", "area_set", "area_id", "area_name", "period", "mean_of", "value", "unit", "low", "high", "interval",
    "numerator", "denominator", "n", "class", "class_low", "class_high", "status", "reason", "demo", "definition", "quality", "source",
    "source_title", "edition", "trace",
)  # fmt: skip
"""The columns of every download and of the API; nothing else of an edition's table is handed out."""

_KEY: Final = ("indicator", "area_set", "area_id", "period")
_ORIGIN: Final = "/kilde/"
_NUMBERS: Final = ("value", "low", "high", "numerator", "denominator", "n")


def records(reader: Reader, rows: pd.DataFrame, *, root: str = "") -> Iterator[dict[str, Any]]:
    """Observations as records of COLUMNS; numbers that are absent are None, text that is absent is "".

    class: the number of the class that the map colours the value by, from 1; class_low and class_high those of the interval's ends.
    mean_of: how many half-years the figure is the mean of, None of any other. root: what stands before every address of this service.
    """
    names = {(layer.id, area.area_id): area.name for layer in reader.edition.layers.values() for area in layer.areas}
    titles = {source.id: source.title for source in reader.edition.catalogue.sources}
    indicators = {indicator.id: indicator for indicator in reader.edition.catalogue.indicators}
    for row in rows.to_dict("records"):
        indicator = indicators[row["indicator"]]
        demo = row["quality"] == "demo" or row["status"] == "demo" or indicator.demo
        known: dict[str, Any] = {str(name): row[name] for name in row}
        known |= {name: None if math.isnan(row[name]) else row[name] for name in _NUMBERS}
        known |= {
            "indicator_name": indicator.name.in_(reader.language),
            "unit": indicator.unit.in_(reader.language),
            "area_name": names.get((row["area_set"], row["area_id"]), ""),
            "source_title": titles.get(row["source"], ""),
            "demo": wording.DEMO.in_(reader.language) if demo else "",
            "mean_of": len(means.parts_of(row["period"])) if means.is_mean(indicator, row["period"]) else None,
            "edition": reader.edition.id,
            "trace": root + trace_path(reader.edition.id, row, reader.language, demo=demo),
        }
        known |= _classes(reader.edition, row)
        yield {name: known[name] for name in COLUMNS}


def trace_path(edition_id: str, row: Mapping[Any, Any], language: str, *, demo: bool = False) -> str:
    """Path of the page that says where the figure of this row came from. demo: it is shown with demo data only, and the address says so."""
    parts = (edition_id, *(row[name] for name in _KEY))
    path = f"{urls.prefix(language)}{_ORIGIN}" + "/".join(quote(part, safe="") for part in parts)
    return f"{path}?{urls.DEMO}=1" if demo else path


def key_of(trace: str) -> dict[str, str]:
    """Indicator, area set, area and period that the path of `trace_path` is of; none when it is no such path."""
    parts = trace.partition("?")[0].rpartition(_ORIGIN)[2].split("/")[1:]
    return dict(zip(_KEY, map(unquote, parts), strict=True)) if len(parts) == len(_KEY) else {}


def _classes(edition: Edition, row: Mapping[Any, Any]) -> dict[str, int | None]:
    """The classes of a value and of its interval's ends, by the breaks that the map has; None where there is none."""
    breaks = classes.breaks_of(edition, row["indicator"], row["area_set"])
    numbers = {"class": row["value"], "class_low": row["low"], "class_high": row["high"]}
    return {
        name: None if breaks is None or math.isnan(number) or math.isnan(row["value"]) else class_of(breaks, number) + 1
        for name, number in numbers.items()
    }
