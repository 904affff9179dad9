"""What the data page shows: sources, files, leftovers of every join, what is hidden, where the sources disagree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geo.editions import trace
from geo.model.catalogue import Catalogue, Contradiction
from geo.model.indicators import Indicator
from geo.model.results import AreaLayer, Hidden, InputFile, Leftover
from geo.model.vocabulary import Audience, Text
from webmap.edition import sources
from webmap.edition.reader import Reader
from webmap.edition.sources import SourceLine
from webmap.language import wording
from webmap.language.terms import FILE_KIND, REASON, SIDE, limits
from webmap.language.wording import web

_NAMES_SHOWN = 12
_SOME = Text(da="nogle", en="some")
"""How many rows of a register, who are people: not told."""


@dataclass(frozen=True)
class FileLine:
    """A file that went into the edition."""

    file: InputFile
    kind: str
    rows: str
    retrieved: str
    web: str


@dataclass(frozen=True)
class LeftoverLine:
    """What one join could not pair."""

    what: str
    area_set: str
    side: str
    count: str
    names: str


@dataclass(frozen=True)
class HiddenLine:
    """Cells of one indicator that readers of these pages do not see."""

    indicator: str
    area_set: str
    reason: str
    cells: str


@dataclass(frozen=True)
class RuleLine:
    """A disclosure rule with the limits for these pages' readers."""

    name: str
    limits: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class FindingsView:
    """The data page."""

    sources: tuple[SourceLine, ...]
    layers: tuple[AreaLayer, ...]
    files: tuple[FileLine, ...]
    leftovers: tuple[LeftoverLine, ...]
    hidden: tuple[HiddenLine, ...]
    rules: tuple[RuleLine, ...]
    noisy: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]


def view(reader: Reader) -> FindingsView:
    """Put the manifest and the catalogue of an edition into words."""
    known = reader.edition.catalogue
    return FindingsView(
        sources=tuple(
            sources.line(source, reader.language) for source in sorted(known.sources, key=lambda source: source.title.casefold())
        ),
        layers=tuple(sorted(reader.edition.layers.values(), key=lambda layer: (layer.role, layer.id))),
        files=tuple(_file(file, reader.language) for file in trace.inputs(reader.edition)),
        leftovers=tuple(_leftover(left, known, reader.language) for left in _grouped(reader.edition.manifest.leftovers)),
        hidden=tuple(_hidden(hidden, known, reader.language) for hidden in reader.edition.hidden),
        rules=tuple(_rules(known, reader.edition.audience, reader.language)),
        noisy=tuple(_noisy(indicator, reader.language) for indicator in known.listed if indicator.noise),
        contradictions=known.contradictions,
    )


def _file(file: InputFile, language: str) -> FileLine:
    rows = wording.number(file.rows, decimals=0, language=language) if file.rows else wording.NONE
    day = wording.date(file.retrieved, language) if file.retrieved else wording.NONE
    return FileLine(file, FILE_KIND[file.kind].in_(language), rows, day, web(file.url))


def _grouped(leftovers: Iterable[Leftover]) -> list[Leftover]:
    return sorted(
        (left for left in leftovers if left.count != 0), key=lambda left: (left.join, left.indicator, left.area_set, left.side, left.period)
    )


def _leftover(left: Leftover, known: Catalogue, language: str) -> LeftoverLine:
    more = len(left.names) - _NAMES_SHOWN
    names = ", ".join(left.names[:_NAMES_SHOWN]) + (f" … (+{more})" if more > 0 else "")
    period = f", {wording.period(left.period, language)}" if left.period else ""
    return LeftoverLine(
        what=(_indicator(left.indicator, known, language) + period) if left.indicator else left.join,
        area_set=_set(left.area_set, known, language),
        side=SIDE[left.side].in_(language),
        count=_SOME.in_(language) if left.count is None else wording.number(left.count, decimals=0, language=language),
        names=names,
    )


def _noisy(indicator: Indicator, language: str) -> str:
    """An indicator with noise on its counts, and the most that a count is changed by."""
    most = indicator.noise.most if indicator.noise else 0
    words = Text(da=f"op til {most} personer fra eller til", en=f"up to {most} persons more or fewer").in_(language)
    return f"{indicator.name.in_(language)} ({words})"


def _hidden(hidden: Hidden, known: Catalogue, language: str) -> HiddenLine:
    cells = wording.number(hidden.cells, decimals=0, language=language)
    return HiddenLine(
        _indicator(hidden.indicator, known, language), _set(hidden.area_set, known, language), REASON[hidden.reason].in_(language), cells
    )


def _rules(known: Catalogue, audience: Audience, language: str) -> Iterable[RuleLine]:
    for rule in known.rules:
        limit = rule.thresholds.get(audience)
        if limit is not None:
            yield RuleLine(rule.name.in_(language), limits(limit, language), rule.note.in_(language) if rule.note else "")


def _indicator(id: str, known: Catalogue, language: str) -> str:
    indicator = known.indicator(id)
    return indicator.name.in_(language) if indicator else id


def _set(id: str, known: Catalogue, language: str) -> str:
    kind = known.area_set(id)
    return kind.name.in_(language) if kind else id
