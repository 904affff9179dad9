"""Pictures beside the words of a page: where the place lies, and how its figures have moved. They come from the round's own edition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from markupsafe import Markup

from geo.editions.edition import Edition
from geo.errors import EditionError
from geo.model.vocabulary import Audience
from webmap.charts import illustrations
from webmap.edition import chosen
from webmap.edition.chosen import EditionGoneError
from webmap.edition.reader import Reader
from webmap.reviews.facts import Facts


@dataclass(frozen=True)
class TrendPicture:
    """The trend of one figure. name: of the indicator, and of the area where the page has several."""

    name: str
    drawing: Markup
    demo: bool


@dataclass(frozen=True)
class PagePictures:
    """What is drawn of a page; nothing where the edition is not kept any more."""

    map: Markup = field(default_factory=Markup)
    trends: tuple[TrendPicture, ...] = ()


def of_page(edition_id: str, facts: Facts, language: str, *, figures: bool) -> PagePictures:
    """Draw a page. figures: whether the reader may read the staff's figures; without, only the map is drawn."""
    try:
        edition = chosen.beside(edition_id, Audience.STAFF if figures else None)
    except (EditionError, EditionGoneError):  # a signed round is read when its edition is long gone
        return PagePictures()
    return PagePictures(_map(edition, facts), tuple(_trends(Reader(edition, language), facts)) if figures else ())


def _map(edition: Edition, facts: Facts) -> Markup:
    area_set = next((name for name, _, _ in facts.areas), "")
    return illustrations.of_areas(edition, area_set, {area for name, area, _ in facts.areas if name == area_set})


def _trends(reader: Reader, facts: Facts) -> Iterator[TrendPicture]:
    for figure in facts.figures:
        indicator = reader.edition.catalogue.indicator(figure.indicator)
        drawing = illustrations.trend(reader, indicator, figure.area_set, figure.area_id) if indicator else Markup()
        if drawing:
            name = figure.name.in_(reader.language)
            yield TrendPicture(f"{name}, {figure.area}" if len(facts.areas) > 1 else name, drawing, figure.demo)
