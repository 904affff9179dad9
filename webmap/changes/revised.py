"""Figures that are others than before, gathered by indicator: how many, which periods are new, what was revised, what is gone and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final

from geo.editions.comparison import FigureChange, FigureKind, Told
from geo.editions.edition import Edition
from geo.model.indicators import Indicator
from geo.model.rounding import half_up
from geo.model.vocabulary import Period, Status, Text
from webmap import urls
from webmap.changes import counts
from webmap.changes.comparing import EditionPair
from webmap.edition.reader import Reader
from webmap.language import wording
from webmap.language.quantities import Measure

SHOWN: Final = 10
"""Figures of one indicator that are listed, of those revised and of those gone; the others are in the CSV."""
_GONE: Final[tuple[FigureKind, ...]] = ("lost", "hidden")
_TOLD_NOW: Final = Text(da="vises ikke nu, så det gentages ikke", en="is not shown now, so it is not repeated")
_DEFINITION: Final = Text(da="efter en ny definition", en="by a new definition")
_ROUNDING: Final = Text(da="mindre end afrundingen", en="less than the rounding")
_NO_ROW: Final = Text(da="den nyere udgave nævner det ikke", en="the newer edition does not name it")
_ASIDE: Final[Mapping[str, Text]] = {
    "low": Text(da="usikkerheden", en="the uncertainty"),
    "high": Text(da="usikkerheden", en="the uncertainty"),
    "interval": Text(da="usikkerheden", en="the uncertainty"),
    "numerator": Text(da="antallene bag", en="the counts behind it"),
    "denominator": Text(da="antallene bag", en="the counts behind it"),
    "n": Text(da="antallene bag", en="the counts behind it"),
    "status": Text(da="status", en="the status"),
    "definition": Text(da="definitionen", en="the definition"),
}
"""What can differ of a figure whose value is the same."""


@dataclass(frozen=True)
class RevisedFigure:
    """A figure that was revised. by: how much, or what else of it differs; before, now: "" where they are not repeated.

    page: of the area; origin: where the newer figure came from, "" where it has none.
    """

    area: str
    page: str
    period: str
    origin: str
    before: str
    now: str
    by: str
    demo: bool


@dataclass(frozen=True)
class GoneFigure:
    """A figure that had a value and has none. why: the status and the reason, in words."""

    area: str
    page: str
    period: str
    why: str


@dataclass(frozen=True)
class IndicatorChanges:
    """What differs in one indicator. periods: those with new figures, each with their number. csv: address of all of it as a table.

    more_revised, more_gone: how many there are beside those listed.
    """

    name: str
    page: str
    unit: str
    summary: str
    periods: tuple[str, ...]
    revised: tuple[RevisedFigure, ...]
    more_revised: int
    gone: tuple[GoneFigure, ...]
    more_gone: int
    csv: str
    demo: bool


def by_indicator(figures: Iterable[FigureChange], compared: EditionPair, reader: Reader, csv: Mapping[str, str]) -> list[IndicatorChanges]:
    """What differs, an entry an indicator in their order. reader: of the newer edition. csv: addresses by the indicator's id."""
    editions = (compared.old, compared.new)
    indicators = {indicator.id: indicator for edition in editions for indicator in edition.catalogue.indicators}
    places = {
        (layer.id, area.area_id): (area.name, edition) for edition in editions for layer in edition.layers.values() for area in layer.areas
    }
    named = [(indicators[name], list(rows)) for name, rows in groupby(figures, key=attrgetter("indicator")) if name in indicators]
    ordered = sorted(named, key=lambda pair: (pair[0].demo, pair[0].order, pair[0].id))
    return [_Gathering(indicator, compared, reader, places).made(rows, csv.get(indicator.id, "")) for indicator, rows in ordered]


@dataclass(frozen=True)
class _Gathering:
    """One indicator, and what is needed to put its figures into words. places: name and newest edition of an area, by set and code."""

    indicator: Indicator
    compared: EditionPair
    reader: Reader
    places: Mapping[tuple[str, str], tuple[str, Edition]]

    def made(self, rows: Sequence[FigureChange], csv: str) -> IndicatorChanges:
        revised = [figure for figure in rows if figure.kind == "revised"]
        gone = [figure for figure in rows if figure.kind in _GONE and figure.before.status not in ("", Status.MISSING, Status.NOT_MEASURED)]
        there = self.compared.new.catalogue.indicator(self.indicator.id) is not None
        return IndicatorChanges(
            name=self.indicator.name.in_(self.reader.language),
            page=urls.link("maps.page", indicator=self.indicator.id, udgave=self.compared.pin(self.compared.new)) if there else "",
            unit=self.indicator.unit.in_(self.reader.language),
            summary=counts.of_figures(rows, self.reader.language),
            periods=tuple(self._periods(rows)),
            revised=tuple(self._revised(figure) for figure in revised[:SHOWN]),
            more_revised=max(0, len(revised) - SHOWN),
            gone=tuple(self._gone(figure) for figure in gone[:SHOWN]),
            more_gone=max(0, len(gone) - SHOWN),
            csv=csv,
            demo=self.indicator.demo,
        )

    def _periods(self, rows: Iterable[FigureChange]) -> Iterator[str]:
        numbers = Counter(figure.period for figure in rows if figure.kind in ("new", "shown"))
        for code in sorted(numbers, key=Period.parse):
            number = wording.number(numbers[code], decimals=0, language=self.reader.language)
            yield f"{wording.when(code, self.indicator, self.reader.language)}: {number}"

    def _place(self, figure: FigureChange) -> tuple[str, str]:
        """Name of the figure's area and the address of its page, in the newest of the two editions that has it."""
        name, edition = self.places.get((figure.area_set, figure.area_id), (figure.area_id, None))
        if edition is None or edition.layers[figure.area_set].role != "areas":
            return name, ""
        return name, urls.link("areas.area", area_set=figure.area_set, area_id=figure.area_id, udgave=self.compared.pin(edition))

    def _revised(self, figure: FigureChange) -> RevisedFigure:
        (area, page), cell = self._place(figure), (figure.indicator, figure.area_set, figure.area_id, figure.period)
        place = dict(zip(("indicator", "area_set", "area_id", "period"), cell, strict=True))
        tells = figure.now.value is not None
        return RevisedFigure(
            area=area,
            page=page,
            period=wording.when(figure.period, self.indicator, self.reader.language),
            origin=urls.link("figures.origin", edition_id=self.compared.new.id, udgave=None, **place) if tells else "",
            before=self._value(figure.before),
            now=self._value(figure.now),
            by=self._by(figure) if tells else _TOLD_NOW.in_(self.reader.language),
            demo=Status.DEMO in (figure.now.status, figure.before.status),
        )

    def _value(self, side: Told) -> str:
        return "" if side.value is None else wording.value(side.value, self.indicator, self.reader.language)

    def _by(self, figure: FigureChange) -> str:
        """By how much a value differs; where it does not, what else does."""
        if figure.by is None:
            return _DEFINITION.in_(self.reader.language)
        if figure.by:
            places = max(self.indicator.decimals, 1 if self.indicator.kind == "share" else 0)
            measure = Measure(self.indicator, areas=False, language=self.reader.language)
            return measure.apart((figure.by, None, None)) if half_up(abs(figure.by), places) else _ROUNDING.in_(self.reader.language)
        aside = (words for name, words in _ASIDE.items() if getattr(figure.before, name) != getattr(figure.now, name))
        return ", ".join(dict.fromkeys(words.in_(self.reader.language) for words in aside))

    def _gone(self, figure: FigureChange) -> GoneFigure:
        area, page = self._place(figure)
        status = {"status": figure.now.status, "reason": figure.now.reason}
        why = wording.status(status, self.reader.language) if figure.now.status else _NO_ROW.in_(self.reader.language)
        return GoneFigure(area, page, wording.when(figure.period, self.indicator, self.reader.language), why)
