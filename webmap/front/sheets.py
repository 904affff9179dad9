"""One sheet of A4 for a goal or an area: the answer or the figures, where it lies, how sure it is, its source and its edition."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import request

from geo.editions.edition import Edition
from geo.model.indicators import Indicator
from webmap import urls
from webmap.edition import chosen, rows, sources
from webmap.edition.reader import Reader
from webmap.edition.sources import SourceLine
from webmap.language import wording

MOST: Final = 26
"""Areas that one sheet has room for; what is left out is said, with where it stands."""
MOST_FIGURES: Final = 20
"""Figures that one sheet has room for: their names may take two lines."""


@dataclass(frozen=True)
class Newest:
    """The newest figure of an area with its doubt and its period, in words."""

    value: str
    doubt: str
    period: str


def newest_figure(reader: Reader, indicator: Indicator | None, place: tuple[str, str]) -> Newest | None:
    """The newest figure of an indicator in an area (set and id), in words; None when none of its values is known."""
    known = [row for row in rows.of_area(reader.edition, indicator.id, *place) if not math.isnan(row["value"])] if indicator else []
    if not indicator or not known:
        return None
    row = known[-1]
    return Newest(
        wording.value(row["value"], indicator, reader.language),
        wording.interval(row, indicator, reader.language),
        wording.period(row["period"], reader.language),
    )


def used_sources(edition: Edition, indicator: Indicator | None, area_set: str) -> Sequence[str]:
    """Ids of the sources that an indicator's figures come from in an area set, each once."""
    if indicator is None:
        return ()
    layer = edition.layers.get(area_set)
    names = [
        row["source"] for area in (layer.areas if layer else ()) for row in rows.of_area(edition, indicator.id, area_set, area.area_id)
    ]
    return tuple(dict.fromkeys(name for name in names if name))


def sources_of(reader: Reader, used: Sequence[str] | dict[str, None]) -> tuple[SourceLine, ...]:
    """The first four sources that were used, as a sheet names them."""
    known = [source for name in used if (source := reader.edition.catalogue.source(name))]
    return tuple(sources.line(source, reader.language) for source in known[:4])


def address(ending: str) -> str:
    """The address of the page that the sheet is made of, with its edition; the browser knows the host and writes it before."""
    edition = chosen.edition()
    path = request.path.removesuffix(ending)
    word = urls.demo_word()
    return f"{request.script_root}{path}?udgave={edition.id}{word and f'&{urls.DEMO}={word}'}"
