"""The sources of a map's figures, as the line below it names them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geo.model.sources import Source
from webmap.edition import rows
from webmap.edition.reader import Reader
from webmap.edition.rows import Question
from webmap.language import wording


@dataclass(frozen=True)
class SourceLine:
    """A source as the source line names it."""

    title: str
    producer: str
    url: str
    licence: str
    retrieved: str
    secondary: bool


def sources(question: Question, period: str | None = None) -> tuple[SourceLine, ...]:
    """Where the figures of one period of a map come from, or those of all periods."""
    table = rows.rows_of(question.reader.edition, question.indicator.id, question.area_set, period)
    return named(question.reader, table["source"])


def named(reader: Reader, ids: Iterable[str]) -> tuple[SourceLine, ...]:
    """The sources of these ids, each once, by id; those that the catalogue does not know are left out."""
    known = [reader.edition.catalogue.source(name) for name in sorted({*ids} - {""})]
    return tuple(_source_line(source, reader.language) for source in known if source)


def _source_line(source: Source, language: str) -> SourceLine:
    return SourceLine(
        source.title,
        source.producer,
        wording.web(source.url),
        source.licence,
        wording.date(source.retrieved, language),
        source.quality == "secondary",
    )
