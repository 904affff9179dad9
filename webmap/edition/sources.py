"""The sources of a map's figures, as the line below it names them."""

from __future__ import annotations

from dataclasses import dataclass

from geo.model.sources import Source
from webmap.edition import rows
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
    used = [question.reader.edition.catalogue.source(name) for name in sorted(set(table["source"]) - {""})]
    return tuple(_source_line(source, question.reader.language) for source in used if source)


def _source_line(source: Source, language: str) -> SourceLine:
    return SourceLine(
        source.title,
        source.producer,
        wording.web(source.url),
        source.licence,
        wording.date(source.retrieved, language),
        source.quality == "secondary",
    )
