"""The whole of what an audience is shown of an edition: every address asked twice, every answer read, and what should not be there."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pandas as pd
from flask import Flask

from geo.editions import edition as editions
from geo.editions.edition import Edition
from geo.editions.seen import Finding, Seen, as_table, by_cell, differing
from geo.errors import GeoError
from geo.model.vocabulary import Audience
from omraadekort.exposure import gaps, routes
from omraadekort.exposure.answered import AnswerReader
from omraadekort.exposure.choices import Ask, Choices, distinct, sample
from omraadekort.exposure.reading import markup, paper, payloads
from omraadekort.exposure.reading.numbers import written
from omraadekort.exposure.visitors import Reply, Visitor, visit
from webmap import urls
from webmap.edition.demo import invented
from webmap.figures.formats import sheets, xlsx
from webmap.paper import docx
from webmap.settings import Settings

MOST: Final[Mapping[str, int]] = {
    "maps.page": 150, "maps.download": 160, "maps.side_by_side": 80, "areas.area": 60, "api.resource": 180, "figures.origin": 60,
}  # fmt: skip
"""Addresses of a route that are asked where not all are."""
_OTHERS: Final = 40
_SECOND: Final = 4
"""How many times fewer are asked in the second language: it says the same in other words."""
_SUBJECT: Final = re.compile(r'href="(?:/en)?/gennemgang/[^/"]+/([^/"?#]+)/([^/"?#]+)')
_PAGE: Final = re.compile(r"^\d+ / \d+$", re.MULTILINE)
"""The foot of a page of paper."""
_SUM: Final = re.compile(r"\b[0-9a-f]{16,}\b")

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class AudienceReading:
    """What an audience was shown of an edition.

    table: exact numbers, a row a figure, with `where` (as `geo.editions.seen.as_table` makes it). documents: the addresses that were
    answered. left_out: how many more there are that were not asked. seen: all that was read, rounded texts, colours, drawings and orders
    too.
    """

    audience: Audience
    table: pd.DataFrame
    documents: Sequence[str]
    left_out: int
    findings: Sequence[Finding]
    seen: Sequence[Seen] = field(default=(), repr=False)


@dataclass(frozen=True)
class _Address:
    """One address to ask, and the page it leads to."""

    address: str
    page: str


def read_as_stranger(  # noqa: PLR0913 - of what, as whom, how much of it
    settings: Settings,
    edition: str,
    audience: Audience = Audience.PUBLIC,
    *,
    every: bool = False,
    pages: Collection[str] = (),
    progress: Progress | None = None,
) -> AudienceReading:
    """Ask for everything that the service shows somebody of an audience of an edition, and read every figure in every answer.

    every: all addresses; otherwise those about hidden figures and some from all along the list of each route. pages: routes to ask
    (names of `routes.SHOWN`), all when there are none. progress: a function of (step, done, all). The workspace is left alone: the
    service runs on copies. Raises EditionError when there is no such edition.
    """
    parts = {part: editions.read(settings.editions, edition, part) for part in (Audience.PUBLIC, audience)}
    with tempfile.TemporaryDirectory(prefix="omraadekort-audit-") as scratch:
        whole, bare = _visitors(settings, edition, audience, Path(scratch))
        if (status := whole.ask("/").status) >= 500:
            refused = Finding("/", f"the service does not show this edition: {status}")
            return AudienceReading(audience, as_table(()), ("/",), 0, (refused,))
        choices = _choices(whole, parts[audience], _before(settings, edition))
        chosen, left_out = addresses(whole.app, choices, every=every, pages=pages)
        notes = _Notes(AnswerReader(parts, audience, whole.app.url_map.bind("localhost")))
        sober = _without_demo(notes.reader, choices)
        plain, unasked = addresses(whole.app, sober.choices, every=every, pages=pages, demo=False) if sober else ([], 0)
        taken = [(each, notes) for each in chosen] + [(each, sober.notes) for each in plain if sober]
        for number, (each, of_state) in enumerate(taken):
            if progress is not None:
                progress(each.page, number, len(taken))
            of_state.take(whole.ask(each.address), bare.ask(each.address), each.page)
        notes.findings += [Finding(page, "a route that no list says what it shows of") for page in gaps.unlisted(whole.app)]
        notes.findings += [Finding(page, f"a parameter that was never given: {name}") for page, name in _ungiven(whole, choices)]
    notes.conclude()
    if sober:
        sober.notes.conclude()
        notes.findings += sober.notes.findings
    seen = tuple(each for of_part in notes.seen.values() for each in of_part)
    return AudienceReading(
        audience, as_table(seen), tuple(each.address for each, _ in taken), left_out + unasked, tuple(dict.fromkeys(notes.findings)), seen
    )


def _visitors(settings: Settings, edition: str, audience: Audience, folder: Path) -> tuple[Visitor, Visitor]:
    """The same person twice: before the whole edition, and before what their audience reads of it alone."""
    clock, older = time.time(), _before(settings, edition)
    whole, bare = (
        visit(settings, edition, audience, folder / str(number), parts=kept, clock=clock, older=older)
        for number, kept in enumerate([{*Audience}, {Audience.PUBLIC, audience}])
    )
    return whole, bare


@dataclass(frozen=True)
class _Sober:
    """What the addresses can be, and what was read, where demo data are switched off."""

    choices: Choices
    notes: _Notes


def _without_demo(reader: AnswerReader, choices: Choices) -> _Sober | None:
    """An edition without its demo data: a figure of them is then one that nobody may read. None where there are none."""
    parts = {part: invented.without(each, invented.inside(each)) for part, each in reader.parts.items()}
    read = parts[choices.audience]
    same = all(parts[part] is each for part, each in reader.parts.items())
    return None if same else _Sober(replace(choices, edition=read), _Notes(reader, parts))


class _Notes:
    """What was read so far, and what is wrong with it. seen: by the part of the edition that answers were made of.

    allowed: what of each part may be read, where that is less than the reader knows by name.
    """

    def __init__(self, reader: AnswerReader, allowed: Mapping[Audience, Edition] | None = None) -> None:
        self.reader = reader
        self.allowed = {part: by_cell(each.observations) for part, each in (allowed or {}).items()}
        self.seen: dict[Audience, list[Seen]] = {part: [] for part in reader.parts}
        self.findings: list[Finding] = []
        self.words: dict[tuple[str, str], str] = {}

    def take(self, whole: Reply, alone: Reply, page: str) -> None:
        """Read one answer, and hold it against the answer without the other audiences' files."""
        if whole.same != alone.same:
            self.findings.append(Finding(whole.address, "a page that depends on more than its audience's files"))
        if whole.status >= 500:
            self.findings.append(Finding(whole.address, f"an address that fails: {whole.status}"))
        elif whole.status == 200:
            self.seen[self.reader.part(whole, page)] += self.reader.seen(whole, page)
            self.findings += self.reader.findings(whole, page)
            _keep_words(whole, page, self.words)

    def conclude(self) -> None:
        """Hold all that was read against the edition's own tables."""
        self.findings += _paper_alone(self.words)
        for part, of_part in self.seen.items():
            self.findings += differing(self.allowed.get(part) or self.reader.names[part, "da"].city.rows, of_part)


# --- which addresses --------------------------------------------------------------------------------------------------


def addresses(app: Flask, choices: Choices, *, every: bool, pages: Collection[str] = (), demo: bool = True) -> tuple[list[_Address], int]:
    """The addresses of every route that shows figures, in both languages, and how many more there would be.

    demo: whether they show demo data; of addresses without, where not all are asked, fewer are, and none of rooms that always show them.
    """
    said, fewer = ({}, 1) if demo else ({urls.DEMO: "0"}, _SECOND)
    adapter = app.url_map.bind("localhost")
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    chosen: list[_Address] = []
    left_out = 0
    for page, asks in routes.SHOWN.items():
        if (pages and page not in pages) or (not demo and page.partition(".")[0] in urls.WHOLE):
            continue
        listed = list(distinct(asks(choices)))
        for endpoint, share in ((page, 1), (f"{gaps.ENGLISH}{page}", _SECOND)):
            if endpoint in endpoints:
                most = len(listed) if every else max(MOST.get(page, _OTHERS) // (share * fewer), 1)
                taken = sample(listed, choices, most)
                left_out += len(listed) - len(taken)
                chosen += [
                    _Address(adapter.build(endpoint, {**ask.parameters, **said}), page) for ask in (*taken, *_pinned(taken, page, choices))
                ]
    return chosen, left_out


def _pinned(taken: Sequence[Ask], page: str, choices: Choices) -> Iterator[Ask]:
    """The first address of a page again, with the edition named in it, as a link that somebody kept has it."""
    for ask in taken[:1]:
        if "edition_id" not in ask.parameters and not page.startswith("api."):
            yield Ask({**ask.parameters, "udgave": choices.edition.id})


def _choices(visitor: Visitor, read: Edition, older: Sequence[str]) -> Choices:
    listed = payloads.decoded(visitor.ask("/api/v1/").body) or {}
    resources = {each["resource"]: (each["formats"], each["parameters"]) for each in listed.get("resources", ())}
    half_year, subjects = _round(visitor) if read.audience is Audience.STAFF else ("", ())
    return Choices(read, next(iter(older), ""), half_year, subjects, resources)


def _round(visitor: Visitor) -> tuple[str, Sequence[tuple[str, str]]]:
    """The half-year of the round that is open and its pages, as the room's own links name them."""
    link = re.search(r'href="/gennemgang/([^/"]+)"', visitor.ask("/gennemgang").body.decode())
    if link is None:
        return "", ()
    page = visitor.ask(f"/gennemgang/{link[1]}").body.decode()
    return link[1], tuple(dict.fromkeys(_SUBJECT.findall(page)))


def _ungiven(visitor: Visitor, choices: Choices) -> list[tuple[str, str]]:
    given = {
        page: {name for ask in asks(choices) for name in ask.parameters} for page, asks in routes.SHOWN.items() if page in visitor.asked
    }
    return gaps.ungiven(visitor.asked, given)


def _before(settings: Settings, edition: str) -> tuple[str, ...]:
    """The newest other edition of the workspace, for the page that says what has changed since."""
    others = []
    for folder in settings.editions.glob("*/manifest.json"):
        try:
            others.append(editions.read(settings.editions, folder.parent.name, Audience.PUBLIC))
        except GeoError:
            continue  # a folder that is no edition is not compared with
    dated = sorted((each for each in others if each.id != edition), key=lambda each: (each.manifest.as_of, each.id))
    return tuple(each.id for each in dated[-1:])


# --- paper ------------------------------------------------------------------------------------------------------------


def _keep_words(document: Reply, page: str, kept: dict[tuple[str, str], str]) -> None:
    """Keep the words of pages that files are made of, and of those files: by the name of the file's route and the kind of file."""
    for name, (pages, _) in _FILES.items():
        if page == name and document.media in _WORDS:
            kind, words = _WORDS[document.media]
            kept[name, kind] = kept.get((name, kind), "") + "\n" + words(document.body)
        elif page.startswith(pages) and document.media == "text/html":
            kept[name, "page"] = kept.get((name, "page"), "") + "\n" + markup.words(document.body.decode())


def _cells(body: bytes) -> str:
    return "\n".join(" ".join(row) for rows in sheets.cells(body) for row in rows)


_FILES: Final = {
    "reviews.export": ("reviews.", "gennemgang"),
    "efforts.status_file": ("efforts.status", "statusrapport"),
    "areas.hotspot_report": ("areas.hotspots", "rapport"),
}
"""Routes of files: the beginning of the names of the pages that they are made of, and what a finding calls them."""
_WORDS: Final[Mapping[str, tuple[str, Callable[[bytes], str]]]] = {
    "application/pdf": ("pdf", lambda body: _PAGE.sub("", paper.text(body))),
    xlsx.MEDIA_TYPE: ("xlsx", _cells),
    docx.MEDIA_TYPE: ("docx", paper.word),
}


def _paper_alone(kept: Mapping[tuple[str, str], str]) -> Iterator[Finding]:
    """Numbers that a file has and none of its pages."""
    for (name, kind), text in kept.items():
        if kind == "page":
            continue
        words = kept.get((name, "page"), "")
        pages = {round(sum(ends), 6) for language in ("da", "en") for ends in written(words, language)}
        more = {round(sum(ends), 6) for ends in written(_without(text, {*_SUM.findall(words)}), "da")} - pages
        if more:
            yield Finding(f"{_FILES[name][1]}.{kind}", f"numbers that stand on none of its pages: {len(more)}")


def _without(text: str, sums: Collection[str]) -> str:
    """A text without these checksums, which paper breaks wherever a line ends."""
    places = [place for place, letter in enumerate(text) if not letter.isspace()]
    joined, letters = "".join(text[place] for place in places), list(text)
    for known in sums:
        for match in re.finditer(known, joined):
            for place in places[match.start() : match.end()]:
                letters[place] = " "
    return "".join(letters)
