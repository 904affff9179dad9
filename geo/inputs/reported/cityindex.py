"""What is wrong with the dimensions of the city index and with what cities scored: a scale, a year, a value that stands twice."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from geo.errors import Problem
from geo.model.catalogue import Catalogue
from geo.model.reported.cityindex import CityScore, IndexDimension, same_city

_DIMENSIONS: Final = "data/dimensions.toml"
_SCORES: Final = "data/cityindex.toml"
_YEARS: Final = range(1900, 2101)


def problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Return what is wrong with dimensions and scores; rows are the numbers of the entries, from 1."""
    for number, dimension in enumerate(catalogue.dimensions, 1):
        yield from _of_scale(dimension, number)
    known = {dimension.id: dimension for dimension in catalogue.dimensions}
    seen: dict[tuple[str, int, str], str] = {}
    for number, score in enumerate(catalogue.city_scores, 1):
        yield from _of_score(score, known, number)
        for name in score.values:
            place = (same_city(score.city), score.year, name)
            if place in seen:
                described = f"{score.city}, {score.year}, {name}: {seen[place]!r}"
                yield Problem(_SCORES, "a city, year and dimension that stand twice", number, "values", described, "one value of each")
            seen.setdefault(place, score.id)


def references(entry: object) -> list[tuple[str, str, str]]:
    """Return what an entry itself refers to, as (its field, the field of Catalogue, the id); nothing for an entry of another kind."""
    return [("values", "dimensions", name) for name in entry.values] if isinstance(entry, CityScore) else []


def _of_scale(dimension: IndexDimension, row: int) -> Iterator[Problem]:
    ends = (dimension.low, dimension.high)
    if ends == (None, None):
        return
    low, high = (math.nan if end is None else end for end in ends)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        described = " to ".join("nothing" if end is None else f"{end:g}" for end in ends)
        yield Problem(_DIMENSIONS, "a scale that cannot be", row, "high", described, "two ends, the lowest first")


def _of_score(score: CityScore, known: Mapping[str, IndexDimension], row: int) -> Iterator[Problem]:
    if not same_city(score.city):
        yield Problem(_SCORES, "a city without a name", row, "city", repr(score.city), "the name of the city")
    if score.year not in _YEARS:
        yield Problem(_SCORES, "a year that cannot be read", row, "year", str(score.year), "four digits, for example 2009")
    if not score.values:
        yield Problem(_SCORES, "a city without values", row, "values", score.city, "a dimension and its value")
    for name, value in score.values.items():
        dimension = known.get(name)  # one that is not there is said as a reference that leads nowhere
        if dimension is None or (dimension.low is not None) != (dimension.high is not None):
            continue
        if dimension.low is None or dimension.high is None:
            yield Problem(_SCORES, "a value of a dimension without a scale", row, "values", name, "a dimension that says its scale")
        elif not dimension.low <= value <= dimension.high:
            ends = f"a number from {dimension.low:g} to {dimension.high:g}"
            yield Problem(_SCORES, "a value outside the scale", row, "values", f"{name}: {value:g}", ends)
