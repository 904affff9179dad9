"""How an area looks on a map: its class, and one look each for doubt, hidden and not measured. Names of CSS classes, no colours.

The same words stand in the map, the mini map, the legend and the values file, so none of them can disagree.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from geo.conclusions.classify import class_of, spans
from geo.editions.edition import Edition
from geo.model.results import CAUTIOUS, INTERVALS, Breaks
from geo.model.vocabulary import HAS_VALUE, Status
from webmap.edition.reader import Reader
from webmap.edition.rows import by_area, rows_of
from webmap.language.terms import INTERVAL

CLASSES: Final = ("k1", "k2", "k3", "k4", "k5")
"""The classes of a map from light to dark, as CSS classes. The colour of each is the CSS variable of the same name (`omraadekort.css`)."""
DARK: Final = CLASSES[2:]
"""Classes that are hatched with light lines."""
PALE, ONE_CLASS, PICKED = CLASSES[0], CLASSES[2], CLASSES[3]
"""The look of an area of which only parts are meant, of a value when there are too few values to make classes, of one area pointed out."""

UNCERTAIN: Final = "usikker"
"""Beside a class: the interval reaches into another class."""
UNKNOWN: Final = "ukendt"
"""Beside a class: the interval is not known."""
HIDDEN: Final = "skjult"
NOT_MEASURED: Final = "umaalt"
TOO_UNCERTAIN: Final = "usikkert"
"""The look of a figure that is withheld because it is too uncertain to show; `usikker` is that of a shown one that spans classes."""
LOOKS: Final = (*CLASSES, UNCERTAIN, UNKNOWN, TOO_UNCERTAIN, HIDDEN, NOT_MEASURED)
"""Every CSS class that an area of a map of one indicator can have by its figure; the style sheet has these."""

GAPS: Final[Mapping[Status, str]] = {Status.SUPPRESSED: HIDDEN, Status.HIDDEN_BY_SOURCE: HIDDEN, Status.UNCERTAIN: TOO_UNCERTAIN}
"""Looks of figures that are there and may not be shown."""


@dataclass(frozen=True)
class ClassRange:
    """One class of the legend: low <= value < high, infinite at the ends."""

    look: str
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Tally:
    """How many areas of a map are hidden, not measured, too uncertain to show, in doubt about their class, or made up.

    unknown: how many are shown in a class though nothing is known of their uncertainty.
    """

    areas: int
    shown: int
    hidden: int
    not_measured: int
    withheld: int
    uncertain: int
    unknown: int
    demo: int


@lru_cache(maxsize=256)
def doubts(reader: Reader, indicator: str, area_set: str) -> tuple[str, ...]:
    """How the intervals of an indicator in one area set came to be, in words, in the order of `geo.model.results.INTERVALS`."""
    rows = rows_of(reader.edition, indicator, area_set)
    kinds = set(rows.loc[rows["value"].notna(), "interval"])
    return tuple(INTERVAL[name].in_(reader.language) for name in INTERVALS if name in kinds)


@lru_cache(maxsize=256)
def designs(reader: Reader, indicator: str, area_set: str) -> tuple[str, ...]:
    """Why the design effects were chosen that widen the intervals of one indicator in one area set, once each, in words."""
    rows = rows_of(reader.edition, indicator, area_set)
    used = set(rows.loc[rows["value"].notna() & rows["interval"].isin(CAUTIOUS), "source"])
    chosen = [source.design_effect for source in reader.edition.catalogue.sources if source.id in used and source.design_effect]
    return tuple(dict.fromkeys(effect.note.in_(reader.language) for effect in chosen))


def look(breaks: Breaks | None, row: Mapping[str, Any]) -> str:
    """CSS classes of one observation (of LOOKS): its class with what is known of it, or why it has none."""
    if row["status"] in GAPS:
        return GAPS[row["status"]]
    if row["status"] not in HAS_VALUE or math.isnan(row["value"]):
        return NOT_MEASURED
    return _class_name(breaks, row["value"]) + _doubt(breaks, row)


def _doubt(breaks: Breaks | None, row: Mapping[str, Any]) -> str:
    if breaks is None:
        return ""
    if math.isnan(row["low"]) or math.isnan(row["high"]):
        return f" {UNKNOWN}"
    return f" {UNCERTAIN}" if spans(breaks, row["low"], row["high"]) else ""


def breaks_of(edition: Edition, indicator: str, area_set: str) -> Breaks | None:
    """Class breaks of a map; none where a single area is drawn, for there is nothing to compare its colour with."""
    return edition.breaks.get(indicator) if len(edition.layers[area_set].areas) > 1 else None


def looks(edition: Edition, indicator: str, area_set: str, period: str) -> dict[str, str]:
    """CSS classes by area id for one map; areas without a row count as not measured."""
    breaks = breaks_of(edition, indicator, area_set)
    by_area_id = {area.area_id: NOT_MEASURED for area in edition.layers[area_set].areas}
    return by_area_id | {area_id: look(breaks, row) for area_id, row in by_area(edition, indicator, area_set, period).items()}


def ranges(breaks: Breaks | None, seen: Mapping[str, str]) -> tuple[ClassRange, ...]:
    """Classes of the legend with the number of areas in each. seen: what `looks` returned."""
    counts = Counter(classes.split()[0] for classes in seen.values())
    edges = (-math.inf, *(breaks.edges if breaks else ()), math.inf)
    names = [class_look(number, len(edges) - 1) for number in range(len(edges) - 1)]
    return tuple(ClassRange(name, edges[i], edges[i + 1], counts[name]) for i, name in enumerate(names))


def tally(seen: Mapping[str, str], *, demo: int) -> Tally:
    """Count the looks of a map. demo: how many of its areas show made-up figures."""
    values = list(seen.values())
    words = Counter(word for classes in values for word in classes.split())
    hidden, unmeasured, withheld = words[HIDDEN], words[NOT_MEASURED], words[TOO_UNCERTAIN]
    return Tally(
        areas=len(values),
        shown=len(values) - hidden - unmeasured - withheld,
        hidden=hidden,
        not_measured=unmeasured,
        withheld=withheld,
        uncertain=words[UNCERTAIN],
        unknown=words[UNKNOWN],
        demo=demo,
    )


def class_look(number: int, classes: int) -> str:
    """CSS class of class `number` (from 0) among `classes`: few classes are spread over the whole scale, so that they differ clearly."""
    if classes == 1:
        return ONE_CLASS
    return CLASSES[round(number * (len(CLASSES) - 1) / (classes - 1))]


def _class_name(breaks: Breaks | None, value: float) -> str:
    return ONE_CLASS if breaks is None else class_look(class_of(breaks, value), len(breaks.edges) + 1)
