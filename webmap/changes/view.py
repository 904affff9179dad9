"""What has changed between two editions, as a page tells it: `/aendret`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from flask import request

from geo.model.vocabulary import Audience
from webmap import urls
from webmap.changes import counts, entries
from webmap.changes.comparing import EditionPair, differences
from webmap.changes.concluded import AnswerChange, answer_changes
from webmap.changes.entries import EntryLine
from webmap.changes.revised import IndicatorChanges, by_indicator
from webmap.changes.subject import ChangeSubject
from webmap.edition import kept
from webmap.edition.reader import Reader
from webmap.language import wording

State = Literal["one", "same", "nothing", "some"]
"""There is one edition only; one was compared with itself; nothing that a reader sees differs; something does."""

SHOWN: Final = 50
"""Answers, and lines of one part of the catalogue, that are listed; the others are in the CSV."""
_PROGRAMMES: Final = ("list", "plan", "plan_programme", "hotspot", "hotspot_programme", "goal")


@dataclass(frozen=True)
class EditionChoice:
    """An edition that can be chosen. name: its day, and its id where another one has the same day."""

    id: str
    name: str


@dataclass(frozen=True)
class ChangesView:
    """The page. subject: the name of the area or indicator that it is about, "" for the city.

    programmes: lists, plans, hotspots and goals; others: sources and what else stands in the catalogue. more_answers, more_programmes,
    more_others: how many there are beside those listed. figures: how many figures are told.
    """

    state: State
    subject: str
    choices: tuple[EditionChoice, ...]
    old: str
    new: str
    before: str
    now: str
    summary: tuple[str, ...] = ()
    answers: tuple[AnswerChange, ...] = ()
    more_answers: int = 0
    indicators: tuple[IndicatorChanges, ...] = ()
    programmes: tuple[EntryLine, ...] = ()
    more_programmes: int = 0
    others: tuple[EntryLine, ...] = ()
    more_others: int = 0
    layers: tuple[EntryLine, ...] = ()
    reclassed: tuple[str, ...] = ()
    csv: str = ""
    json: str = ""
    figures: int = 0


def alone(reader: Reader) -> ChangesView:
    """The page where there is no edition to compare with."""
    day = wording.date(reader.edition.manifest.as_of, reader.language)
    return ChangesView("one", "", _choices(reader), reader.edition.id, reader.edition.id, day, day)


def view(compared: EditionPair, reader: Reader, subject: ChangeSubject) -> ChangesView:
    """Put what differs into words. reader: of the newer edition. Raises NotFoundError for a subject that neither edition has."""
    old = compared.old
    called = subject.name((compared.new, old), reader)
    made = differences(compared).about(subject)
    lines = [] if compared.same else list(entries.lines(made, old, reader))
    programmes = [line for part, line in lines if part in _PROGRAMMES]
    others = [line for part, line in lines if part not in _PROGRAMMES]
    answers = answer_changes(made, compared, reader)
    names = dict.fromkeys(figure.indicator for figure in made.figures)
    return ChangesView(
        state="same" if compared.same else "nothing" if made.nothing else "some",
        subject=called,
        choices=_choices(reader),
        old=old.id,
        new=compared.new.id,
        before=wording.date(old.manifest.as_of, reader.language),
        now=wording.date(compared.new.manifest.as_of, reader.language),
        summary=counts.sentences(made, reader.language),
        answers=answers[:SHOWN],
        more_answers=max(0, len(answers) - SHOWN),
        indicators=tuple(by_indicator(made.figures, compared, reader, {name: _table(compared, reader, subject, name) for name in names})),
        programmes=tuple(programmes[:SHOWN]),
        more_programmes=max(0, len(programmes) - SHOWN),
        others=tuple(others[:SHOWN]),
        more_others=max(0, len(others) - SHOWN),
        layers=entries.layers(made, old, reader),
        reclassed=entries.reclassed(made, old, reader),
        csv=_table(compared, reader, subject),
        json=_table(compared, reader, subject, kind="json"),
        figures=sum(figure.now.value is not None for figure in made.figures),
    )


def _choices(reader: Reader) -> tuple[EditionChoice, ...]:
    """The editions that are kept, newest first."""
    listed = kept.kept()[::-1]
    days = [each.as_of for each in listed]
    return tuple(
        EditionChoice(each.id, f"{day} ({each.id})" if days.count(each.as_of) > 1 else day)
        for each in listed
        for day in [wording.date(each.as_of, reader.language)]
    )


def _table(compared: EditionPair, reader: Reader, subject: ChangeSubject, indicator: str = "", *, kind: str = "csv") -> str:
    """Address of the same for programs."""
    asked: Mapping[str, str] = {
        "since": compared.old.id,
        "indicator": indicator or subject.indicator,
        "area_set": subject.area_set,
        "area_id": subject.area_id,
        "lang": reader.language,
        "audience": "" if reader.audience is Audience.PUBLIC else reader.audience.value,
        urls.DEMO: urls.demo_word(),
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{request.script_root}/api/v1/editions/{compared.new.id}/changes.{kind}?{query}"
