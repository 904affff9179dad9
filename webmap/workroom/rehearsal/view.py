"""What a rehearsal says to a reader: how much of everything changes, then figures, answers, areas, classes, the catalogue, pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from geo.editions.comparison import Changes, FigureChange, FigureKind, LeftoverChange
from geo.model.vocabulary import Text
from webmap.changes import counts, entries
from webmap.changes.comparing import EditionPair
from webmap.changes.concluded import AnswerChange, answer_changes
from webmap.changes.entries import EntryLine
from webmap.edition.reader import Reader
from webmap.language import wording
from webmap.workroom.rehearsal import figures, picture
from webmap.workroom.rehearsal.figures import FigureRow, NewFigures
from webmap.workroom.rehearsal.picture import RehearsalMap

SHOWN: Final = 150
"""Figures that a table lists; the others are in the JSON."""
_LINES: Final = 60
"""Lines of any other list."""


@dataclass(frozen=True)
class CountCard:
    """How many there are of something, and the first of them in words."""

    number: int
    words: str
    example: str
    kind: str


@dataclass(frozen=True)
class FigureFilter:
    """A way to differ by which the table can be narrowed, and how many figures differ so."""

    kind: str
    words: str
    number: int


@dataclass(frozen=True)
class RehearsalView:
    """What would change for one audience. more_rows, more_lines: how many there are beside those listed."""

    summary: tuple[str, ...]
    nothing: bool
    cards: tuple[CountCard, ...]
    map: RehearsalMap | None
    filters: tuple[FigureFilter, ...]
    chosen: str
    rows: tuple[FigureRow, ...]
    more_rows: int
    fresh: tuple[NewFigures, ...]
    answers: tuple[AnswerChange, ...]
    areas: tuple[str, ...]
    more_areas: int
    breaks: tuple[str, ...]
    lines: tuple[EntryLine, ...]
    layers: tuple[EntryLine, ...]
    leftovers: tuple[str, ...]
    pages: tuple[str, ...]
    files: tuple[str, ...]


def view(changes: Changes, compared: EditionPair, reader: Reader, asked: Mapping[str, str]) -> RehearsalView:
    """Put a rehearsal into words. reader: of the rehearsed edition; asked: what the address asks for (`hvad`, `kort`, `visning`)."""
    language = reader.language
    known, names = figures.indicators_of(compared), figures.names_of(compared)
    listable = [figure for figure in changes.figures if figure.indicator in known]
    chosen = asked.get("hvad", "")
    listed = figures.ordered([figure for figure in listable if chosen in ("", figure.kind)], names)
    areas = tuple(_area_lines(changes, reader, compared))
    answers = answer_changes(changes, compared, reader)
    return RehearsalView(
        summary=counts.sentences(changes, language),
        nothing=changes.nothing,
        cards=_cards(changes, answers, [figures.row(each, known, names, language) for each in _first_of_each(listed)], language),
        map=picture.drawn(listable, compared, reader, asked=asked.get("kort", ""), shown=asked.get("visning", "")),
        filters=_filters(changes, language),
        chosen=chosen if chosen in figures.ORDER else "",
        rows=tuple(figures.row(each, known, names, language) for each in listed[:SHOWN]),
        more_rows=max(0, len(listed) - SHOWN),
        fresh=figures.new_figures(listable, known, reader),
        answers=answers,
        areas=areas[:_LINES],
        more_areas=max(0, len(areas) - _LINES),
        breaks=tuple(_break_lines(changes, compared, language)),
        lines=tuple(line for _, line in entries.lines(changes, compared.old, reader)),
        layers=entries.layers(changes, compared.old, reader),
        leftovers=tuple(_leftover(each, compared, language) for each in changes.leftovers[:_LINES]),
        pages=tuple(_pages(changes, language)),
        files=tuple(dict.fromkeys(file.path for each in changes.inputs for file in (each.now or each.before,) if file)),
    )


def _first_of_each(listed: list[FigureChange]) -> list[FigureChange]:
    first: dict[FigureKind, FigureChange] = {}
    for figure in listed:
        first.setdefault(figure.kind, figure)
    return list(first.values())


_CARDS: Final[tuple[tuple[FigureKind, Text, Text], ...]] = (
    ("new", Text(da="nyt tal", en="new figure"), Text(da="nye tal", en="new figures")),
    ("revised", Text(da="rettet tal", en="revised figure"), Text(da="rettede tal", en="revised figures")),
    ("lost", Text(da="tal forsvinder", en="figure disappears"), Text(da="tal forsvinder", en="figures disappear")),
    ("hidden", Text(da="felt skjules", en="cell is hidden"), Text(da="felter skjules", en="cells are hidden")),
    ("shown", Text(da="felt vises igen", en="cell is shown again"), Text(da="felter vises igen", en="cells are shown again")),
)
_ANSWERS: Final = (Text(da="svar skifter", en="answer changes"), Text(da="svar skifter", en="answers change"))
_ALWAYS: Final = ("new", "revised", "hidden")
"""Cards that are there with a nought too: whoever signs is listable that none is."""


def _cards(changes: Changes, answers: tuple[AnswerChange, ...], firsts: list[FigureRow], language: str) -> tuple[CountCard, ...]:
    numbers, examples = (
        changes.counts,
        {each.kind: f"{each.area}, {each.indicator} {each.period}: {each.before} → {each.now}" for each in firsts},
    )
    cards = [
        CountCard(numbers[kind], (single if numbers[kind] == 1 else several).in_(language), examples.get(kind, ""), kind)
        for kind, single, several in _CARDS
        if numbers[kind] or kind in _ALWAYS
    ]
    first = answers[0] if answers else None
    example = f"{first.question} {first.area}: {first.now.verdict or first.now.why}" if first else ""
    words = _ANSWERS[0 if len(answers) == 1 else 1].in_(language)
    return (*cards[:2], CountCard(len(answers), words, example, "answers"), *cards[2:])


def _filters(changes: Changes, language: str) -> tuple[FigureFilter, ...]:
    every = FigureFilter("", Text(da="alle", en="all").in_(language), len(changes.figures))
    return (
        every,
        *(FigureFilter(kind, figures.KINDS[kind].in_(language), changes.counts[kind]) for kind in figures.ORDER if changes.counts[kind]),
    )


def _area_lines(changes: Changes, reader: Reader, compared: EditionPair) -> list[str]:
    """Areas that get figures of an indicator for the first time, or have none of it any more."""
    language, names, known = reader.language, figures.names_of(compared), figures.indicators_of(compared)
    lines = []
    for each in changes.areas:
        called = names.get((each.area_set, each.area_id), each.area_id)
        gained, lost = ([known[name].name.in_(language) for name in ids if name in known] for ids in (each.gained, each.lost))
        parts = [
            f"{lead.in_(language)} {', '.join(some)}"
            for lead, some in (
                (Text(da="får tal for", en="gets figures of"), gained),
                (Text(da="mister tal for", en="loses figures of"), lost),
            )
            if some
        ]
        lines.append(f"{called}: {'; '.join(parts)}")
    return sorted(lines, key=wording.by_name)


def _break_lines(changes: Changes, compared: EditionPair, language: str) -> list[str]:
    known = figures.indicators_of(compared)
    none = Text(da="ingen", en="none").in_(language)

    def edges(values: tuple[float, ...] | None, name: str) -> str:
        return " · ".join(wording.value(value, known[name], language) for value in values) if values else none

    return [
        f"{known[each.indicator].name.in_(language)}: {edges(each.before, each.indicator)} → {edges(each.now, each.indicator)}"
        for each in changes.breaks
        if each.indicator in known
    ]


def _leftover(change: LeftoverChange, compared: EditionPair, language: str) -> str:
    """What a join leaves over that it did not, or other than before."""
    left = change.now or change.before
    if left is None:
        return ""
    known = figures.indicators_of(compared)
    kinds = {each.id: each.name.in_(language) for each in compared.new.catalogue.area_sets}
    what = known[left.indicator].name.in_(language) if left.indicator in known else left.join
    side = (
        Text(da="områder uden tal", en="areas without a figure")
        if left.side == "area"
        else Text(da="rækker uden område", en="rows without an area")
    )
    some = Text(da="nogle", en="some").in_(language)
    before, now = ("0" if each is None else some if each.count is None else str(each.count) for each in (change.before, change.now))
    period = f", {wording.period(left.period, language)}" if left.period else ""
    return f"{what}{period} ({kinds.get(left.area_set, left.area_set)}), {side.in_(language)}: {before} → {now}"


def _pages(changes: Changes, language: str) -> list[str]:
    """How many pages of each sort show something else."""
    drawn = {(each.indicator, each.area_set) for each in changes.figures}
    recoloured = {each.indicator for each in changes.breaks} - {indicator for indicator, _ in drawn}
    maps = len(drawn) + len(recoloured)
    places = {(each.area_set, each.area_id) for each in changes.figures}
    goals = {each.goal for each in changes.verdicts} | {each.id for each in changes.entries_of("goal")}
    said = (
        (maps, Text(da="kort", en="map"), Text(da="kort", en="maps")),
        (len(places), Text(da="side om et område", en="page of an area"), Text(da="sider om områder", en="pages of areas")),
        (len(goals), Text(da="side om et mål", en="page of a goal"), Text(da="sider om mål", en="pages of goals")),
        (len(changes.entries_of("plan")), Text(da="helhedsplan", en="area plan"), Text(da="helhedsplaner", en="area plans")),
        (len(changes.entries_of("hotspot")), Text(da="hotspot", en="hotspot"), Text(da="hotspots", en="hotspots")),
    )
    return [
        f"{wording.number(number, decimals=0, language=language)} {(single if number == 1 else several).in_(language)}"
        for number, single, several in said
        if number
    ]
