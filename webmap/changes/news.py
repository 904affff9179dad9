"""What changed in which edition for the city, an indicator or an area, newest first: in words, without a figure.

What somebody has fetched cannot be taken back when a figure is hidden later, so no value stands here; the page that it leads to has them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Final

from geo.editions.comparison import Changes, FigureChange
from geo.model.vocabulary import Period, Text
from webmap import urls
from webmap.changes import counts, entries
from webmap.changes.comparing import outline
from webmap.changes.subject import ChangeSubject, Comparison
from webmap.edition import kept
from webmap.edition.kept import KeptEdition
from webmap.edition.reader import Reader
from webmap.language import wording

MOST: Final = 20
"""Editions that are looked through for changes."""
LINES: Final = 40
"""Lines of one item."""
_PERIODS: Final = 8
"""Periods that a line names: the newest."""
_ELSE: Final = Text(da="Andre oplysninger er ændret.", en="Other information has changed.")
_ANSWERED: Final = attrgetter("goal", "demo")
_ANSWER: Final = Text(da="Svaret er blevet et andet: {}", en="The answer is another one now: {}")


@dataclass(frozen=True)
class NewsItem:
    """An edition in which something changed. sentences: how much of everything; lines: what. page: where it stands with its figures."""

    edition: str
    since: str
    as_of: dt.date
    day: str
    sentences: tuple[str, ...]
    lines: tuple[str, ...]
    page: str


def news(reader: Reader, subject: ChangeSubject, most: int = MOST) -> Iterator[NewsItem]:
    """The editions up to the reader's in which something about a subject changed, newest first; the last `most` are looked through.

    Raises as `comparing.outline` does.
    """
    listed = kept.until(reader.edition.id)[-most - 1 :]
    for old, new in reversed(list(pairwise(listed))):
        if item := between(old, new, reader, subject):
            yield item


def between(old: KeptEdition, new: KeptEdition, reader: Reader, subject: ChangeSubject) -> NewsItem | None:
    """What changed about a subject from one edition to another, None when nothing did. Raises as `comparing.outline` does."""
    compared = outline(old.id, new.id, reader.audience)
    made = compared.about(subject)
    return None if made.nothing else _item((old, new), compared, made, reader, subject)


def _item(two: tuple[KeptEdition, KeptEdition], compared: Comparison, made: Changes, reader: Reader, subject: ChangeSubject) -> NewsItem:
    old, new = two
    lines = list(_lines(compared, made, reader))
    more = len(lines) - LINES
    cut = (Text(da=f"og {more} linjer til", en=f"and {more} more lines").in_(reader.language),) if more > 0 else ()
    return NewsItem(
        edition=new.id,
        since=old.id,
        as_of=new.as_of,
        day=wording.date(new.as_of, reader.language),
        sentences=counts.sentences(made, reader.language) or (_ELSE.in_(reader.language),),
        lines=(*lines[:LINES], *cut),
        page=urls.link("changes.page", udgave=None, fra=old.id, til=new.id, **subject.asked),
    )


def _lines(compared: Comparison, made: Changes, reader: Reader) -> Iterator[str]:
    for name, figures in groupby(made.figures, key=attrgetter("indicator")):
        several = list(figures)
        called, indicator = compared.names.get(("indicator", name)), reader.edition.catalogue.indicator(name)
        demo = f" ({wording.DEMO.in_(reader.language)})" if indicator and indicator.demo else ""
        words = counts.of_figures(several, reader.language) + _periods(several, reader)
        yield f"{called.in_(reader.language) if called else name}{demo}: {words}"
    for (goal, demo_data), verdicts in groupby(sorted(made.verdicts, key=_ANSWERED), key=_ANSWERED):
        question, areas = compared.names.get(("goal", goal)), {verdict.area_id for verdict in verdicts}
        demo = f" ({wording.DEMO.in_(reader.language)})" if demo_data else ""
        where = "" if "" in areas else f" ({wording.areas(len(areas), reader.language)})"
        yield _ANSWER.in_(reader.language).format(question.in_(reader.language) if question else goal) + where + demo
    for entry in made.entries:
        yield compared.said[entry.part, entry.id].in_(reader.language)
    yield from (line.sentence for line in entries.layers(made, reader.edition, reader))


def _periods(figures: list[FigureChange], reader: Reader) -> str:
    """The periods with new figures: `; nye tal for 2011, 1. halvår 2012`."""
    codes = sorted({figure.period for figure in figures if figure.kind in ("new", "shown")}, key=Period.parse)
    if not codes:
        return ""
    named = [wording.period(code, reader.language) for code in codes[-_PERIODS:]]
    words = Text(da="; nye tal for ", en="; new figures for ").in_(reader.language)
    return words + ", ".join([*["…"] * (len(codes) > _PERIODS), *named])
