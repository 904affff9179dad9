"""What has changed since an older edition: figures, answers and boundaries, compared with the edition that is current: `/aendret`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Final

from geo.editions import changes
from geo.editions.comparison import Changes, EntryKind, FigureChange, LayerChange, Part
from geo.editions.edition import Edition
from geo.model.indicators import Indicator
from geo.model.vocabulary import Period, Text
from webmap import urls
from webmap.edition.reader import Reader
from webmap.goals.answers import AnswerLine, answers
from webmap.language import wording


@dataclass(frozen=True)
class ChangedFigures:
    """How the figures of one indicator differ. periods: those that only the newer edition has, in words."""

    name: str
    page: str
    periods: tuple[str, ...]
    added: int
    changed: int
    gone: int


@dataclass(frozen=True)
class NewerView:
    """The page. Nothing in `figures`, `answers`, `programmes` and `boundaries` means that what the pages show is the same.

    programmes: plans, hotspots and editions of lists that came, went or changed, a line each.
    """

    figures: tuple[ChangedFigures, ...]
    answers: tuple[AnswerLine, ...]
    programmes: tuple[str, ...]
    boundaries: tuple[str, ...]
    before: str
    now: str
    same: bool


def view(old: Edition, reader: Reader) -> NewerView:
    """Put the differences of two editions into words."""
    return NewerView(
        figures=tuple(_figures(old, reader)),
        answers=answers(old, reader),
        programmes=tuple(_programmes(old, reader)),
        boundaries=tuple(_boundaries(old, reader)),
        before=wording.date(old.manifest.as_of, reader.language),
        now=wording.date(reader.edition.manifest.as_of, reader.language),
        same=old.id == reader.edition.id,
    )


@lru_cache(maxsize=4)
def _compared(old: Edition, new: Edition) -> Changes:
    """What changed; for the last few pairs it is remembered."""
    return changes.compare(old, new)


def _figures(old: Edition, reader: Reader) -> Sequence[ChangedFigures]:
    indicators = {indicator.id: indicator for indicator in (*old.catalogue.indicators, *reader.edition.catalogue.indicators)}
    named = groupby(_compared(old, reader.edition).figures, key=attrgetter("indicator"))
    lines = [(indicators[name], _line(indicators[name], list(rows), reader)) for name, rows in named]
    return [
        line for indicator, line in sorted(lines, key=lambda pair: (pair[0].order, pair[0].id)) if line.added + line.changed + line.gone
    ]


def _line(indicator: Indicator, figures: Sequence[FigureChange], reader: Reader) -> ChangedFigures:
    added = [figure for figure in figures if figure.now.value is not None and figure.before.value is None]
    gone = [figure for figure in figures if figure.now.value is None and figure.before.value is not None]
    revised = [figure for figure in figures if figure.kind == "revised"]
    codes = sorted({figure.period for figure in added} - {figure.period for figure in (*gone, *revised)}, key=Period.parse)
    page = urls.link("maps.page", indicator=indicator.id, udgave=None) if reader.edition.catalogue.indicator(indicator.id) else ""
    return ChangedFigures(
        name=indicator.name.in_(reader.language),
        page=page,
        periods=tuple(wording.period(code, reader.language) for code in codes),
        added=len(added),
        changed=len(revised),
        gone=len(gone),
    )


_PROGRAMMES: Final[Mapping[Part, Text]] = {
    "list": Text(da="Listen", en="The list"),
    "plan": Text(da="Helhedsplanen", en="The area plan"),
    "hotspot": Text(da="Hotspottet", en="The hotspot"),
}
_HOW: Final[Mapping[EntryKind, Text]] = {
    "new": Text(da="er kommet til", en="is new"),
    "gone": Text(da="er taget ud", en="is taken out"),
    "changed": Text(da="er ændret", en="has changed"),
}


def _programmes(old: Edition, reader: Reader) -> Iterator[str]:
    names = {**_names(Reader(old, reader.language)), **_names(reader)}
    for entry in _compared(old, reader.edition).entries:
        if entry.part in _PROGRAMMES:
            what, how = _PROGRAMMES[entry.part].in_(reader.language), _HOW[entry.kind].in_(reader.language)
            yield f"{what} {names.get((entry.part, entry.id), entry.id)} {how}"


def _names(reader: Reader) -> dict[tuple[Part, str], str]:
    """What lists, plans and hotspots of an edition are called, by their part of the catalogue and id."""
    known = reader.edition.catalogue
    named: dict[tuple[Part, str], str] = {("list", each.id): each.name.in_(reader.language) for each in known.lists}
    named |= {("plan", plan.id): plan.name for plan in known.plans.plans}
    for hotspot in known.hotspots.areas:
        area = reader.edition.area(hotspot.area.area_set, hotspot.area.area_id)
        named["hotspot", hotspot.area.area_id] = area.name if area else hotspot.area.area_id
    return named


def _boundaries(old: Edition, reader: Reader) -> Sequence[str]:
    kinds = {kind.id: kind.name.in_(reader.language) for kind in (*old.catalogue.area_sets, *reader.edition.catalogue.area_sets)}
    return [
        f"{kinds.get(layer.area_set, layer.area_set)}: {words.in_(reader.language)}"
        for layer in _compared(old, reader.edition).layers
        if (words := _drawn(layer))
    ]


def _drawn(layer: LayerChange) -> Text | None:
    """What happened to the outlines of a set, None when only words about it changed."""
    if layer.kind == "new":
        return Text(da="er kommet til", en="new")
    if layer.kind == "gone":
        return Text(da="er taget ud", en="removed")
    return Text(da="er tegnet om", en="redrawn") if layer.came or layer.went or layer.redrawn else None
