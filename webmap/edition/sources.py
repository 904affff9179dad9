"""Sources of figures in words: below a map, on a sheet, in a workbook and on the data page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geo.model.sources import Source
from webmap.edition import rows
from webmap.edition.reader import Reader
from webmap.edition.rows import Question
from webmap.language import wording
from webmap.language.terms import QUALITY


@dataclass(frozen=True)
class SourceLine:
    """A source in words. url: its address when it is one that a browser can open, else ""; quality: whose words its figures are."""

    source: Source
    url: str
    retrieved: str
    quality: str

    @property
    def title(self) -> str:
        """Title of the publication or file."""
        return self.source.title

    @property
    def producer(self) -> str:
        """Who publishes it."""
        return self.source.producer

    @property
    def licence(self) -> str:
        """Licence that it is published under, "" where none is stated."""
        return self.source.licence

    @property
    def secondary(self) -> bool:
        """Whether the figures are quoted from others."""
        return self.source.quality == "secondary"


def line(source: Source, language: str) -> SourceLine:
    """Put a source into words."""
    return SourceLine(source, wording.web(source.url), wording.date(source.retrieved, language), QUALITY[source.quality].in_(language))


def sources(question: Question, period: str | None = None) -> tuple[SourceLine, ...]:
    """Where the figures of one period of a map come from, or those of all periods."""
    table = rows.rows_of(question.reader.edition, question.indicator.id, question.area_set, period)
    return named(question.reader, table["source"])


def named(reader: Reader, ids: Iterable[str]) -> tuple[SourceLine, ...]:
    """The sources of these ids, each once, by id; those that the catalogue does not know are left out."""
    known = [reader.edition.catalogue.source(name) for name in sorted({*ids} - {""})]
    return tuple(line(source, reader.language) for source in known if source)
