"""Two maps beside each other, of the same areas: two periods of one indicator, or two indicators, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from geo.editions.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.model.indicators import Indicator
from geo.model.vocabulary import Period
from webmap.edition import classes
from webmap.edition import rows as edition_rows
from webmap.edition import sources as edition_sources
from webmap.edition.compared import differences
from webmap.edition.compared.differences import Held
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_SET, Question
from webmap.edition.sources import SourceLine
from webmap.language import wording
from webmap.language.quantities import Measure
from webmap.maps import view
from webmap.maps.pairtexts import AREAS, COMPARISONS, SAID, against_city, apart_in_time, beside, changed, controlled, of_when, said
from webmap.maps.sides import Side, Third, drawn_side, drawn_spreads, drawn_third, drawn_trends, hotspots_in
from webmap.maps.state import Row, State, state
from webmap.maps.view import MapOption


@dataclass(frozen=True)
class PairLine:
    """One area in both maps, in words. change: the difference with its interval, "" where there is none."""

    area_id: str
    name: str
    rows: tuple[Row, Row]
    look: str
    said: str
    change: str
    chosen: bool


@dataclass(frozen=True)
class Pair:
    """Two maps of the same areas, the table of both, and the areas that were chosen. when: the period hotspots are drawn of."""

    reader: Reader
    area_set: str
    set_name: str
    sides: tuple[Side, Side]
    third: Third | None
    lines: tuple[PairLine, ...]
    trends: tuple[tuple[str, tuple[Markup, Markup]], ...]
    spreads: tuple[Markup, Markup]
    demo: bool
    area_sets: tuple[MapOption, ...]
    sources: tuple[SourceLine, ...]
    hotspots: tuple[tuple[str, str], ...] = ()
    when: str = ""

    @property
    def city(self) -> tuple[Row, Row] | None:
        """The whole city in both maps, where it is not what they show and both have a figure."""
        first, second = (side.state.city for side in self.sides)
        return (first, second) if first and second and self.area_set != CITY_SET else None

    @property
    def notes(self) -> tuple[str, ...]:
        """What is assumed about the number of answers, once for each indicator."""
        samples = [side.indicator.assumed_sample for side in self.sides]
        return tuple(dict.fromkeys(sample.note.in_(self.reader.language) for sample in samples if sample))

    @property
    def designs(self) -> tuple[str, ...]:
        """Why the design effects behind the intervals were chosen, once each."""
        reasons = (note for side in self.sides for note in classes.designs(self.reader, side.indicator.id, self.area_set))
        return tuple(dict.fromkeys(reasons))

    @property
    def sentence(self) -> str:
        """How many areas changed for sure, or stand apart from the city: the answer above the maps."""
        counts = {look: sum(line.look == look for line in self.lines) for look in SAID}
        names = [f"{side.indicator.name.in_(self.reader.language)} ({side.state.period_name})" for side in self.sides]
        if self.third is None:
            return beside(names[0], names[1], self.reader.language)
        if self.third.gap:
            periods = [side.state.period_name for side in self.sides]
            when = of_when([side.indicator.name.in_(self.reader.language) for side in self.sides], periods)
            return " ".join(filter(None, (against_city(when, counts, self.reader.language), apart_in_time(periods, self.reader.language))))
        return changed(names, counts, self.reader.language)

    @property
    def chosen(self) -> tuple[PairLine, ...]:
        """The lines of the chosen areas."""
        return tuple(line for line in self.lines if line.chosen)


@dataclass(frozen=True)
class PairRequest:
    """What an address asks to see side by side; "" leaves the choice to us."""

    area_set: str = ""
    indicators: tuple[str, str] = ("", "")
    periods: tuple[str, str] = ("", "")
    chosen: tuple[str, ...] = ()
    gap: bool = False
    hotspots: bool = False


def pair(reader: Reader, asked: PairRequest) -> Pair:
    """Put two maps beside each other. What the address leaves open is one indicator in its two newest periods.

    Two indicators that have no area set in common become the first one alone; chosen areas that the set lacks are left out.
    Raises NotFoundError when the edition has no such indicator or area set.
    """
    questions, sets = _questions(reader, asked)
    area_set = questions[0].area_set
    periods = _periods(questions, asked.periods)
    states = (state(questions[0], periods[0]), state(questions[1], periods[1]))
    newest = max(periods, key=Period.parse)
    over, named = hotspots_in(reader, newest) if asked.hotspots else ({}, ())
    held = _held(questions, periods, gap=asked.gap)
    lines = _lines(questions, states, held, asked.chosen)
    names = {line.area_id: _spoken(line) for line in lines}
    kind = reader.edition.catalogue.area_set(area_set)
    sides = tuple(drawn_side(question, now, names, over) for question, now in zip(questions, states, strict=True))
    return Pair(
        reader=reader,
        area_set=area_set,
        set_name=kind.name.in_(reader.language) if kind else area_set,
        sides=(sides[0], sides[1]),
        third=replace(
            drawn_third(questions[0], held, names, over, gap=asked.gap), control=_control(questions, periods, held, gap=asked.gap)
        )
        if held
        else None,
        lines=lines,
        trends=tuple(
            (line.name, drawn_trends(questions, line.area_id, [each.area_id for each in lines if each.chosen]))
            for line in lines
            if line.chosen
        ),
        spreads=drawn_spreads(questions, periods, asked.chosen),
        demo=any(side.indicator.demo or side.state.demo for side in sides),
        area_sets=_set_options(reader, sets, area_set),
        sources=tuple(
            dict.fromkeys(
                line for question, code in zip(questions, periods, strict=True) for line in edition_sources.sources(question, code)
            )
        ),
        hotspots=named,
        when=wording.period(newest, reader.language),
    )


def _questions(reader: Reader, asked: PairRequest) -> tuple[tuple[Question, Question], Sequence[str]]:
    """Which two maps are asked for, and the area sets that both indicators have figures in. Raises NotFoundError as `pair` says."""
    first = differences.measured(reader.edition, asked.indicators[0] or view.indicator_options(reader, "")[0].id)
    second = differences.measured(reader.edition, asked.indicators[1] or first.id)
    if asked.area_set and asked.area_set not in edition_rows.drawable(reader.edition):
        raise NotFoundError(Problem(asked.area_set, "no such area set in this edition"))
    if not (sets := _common_sets(reader.edition, first, second)):
        second, sets = first, _common_sets(reader.edition, first, first)
    if not sets:
        raise NotFoundError(Problem(first.id, "no figures in any area set"))
    area_set = asked.area_set if asked.area_set in sets else sets[0]
    return (Question(reader, first, area_set), Question(reader, second, area_set)), sets


def _common_sets(edition: Edition, first: Indicator, second: Indicator) -> list[str]:
    """Area sets that both indicators have figures in, that with most areas first."""
    both = [
        name
        for name in edition_rows.drawable(edition)
        if all(edition_rows.periods_in_set(edition, indicator.id, name) for indicator in (first, second))
    ]
    return sorted(both, key=lambda name: -len(edition.layers[name].areas))


def _set_options(reader: Reader, names: Sequence[str], chosen: str) -> tuple[MapOption, ...]:
    kinds = {kind.id: kind.name.in_(reader.language) for kind in reader.edition.catalogue.area_sets}
    return tuple(MapOption(name, kinds.get(name, name), name == chosen) for name in names)


def _periods(questions: Sequence[Question], asked: Sequence[str]) -> tuple[str, str]:
    """The periods asked for where there are figures; else the two newest of one indicator, or the newest that two have in common."""
    codes = [edition_rows.periods_in_set(question.reader.edition, question.indicator.id, question.area_set) for question in questions]
    if questions[0].indicator.id == questions[1].indicator.id:
        offered = (codes[0][-2] if len(codes[0]) > 1 else codes[0][-1], codes[0][-1])
    else:
        common = sorted(set(codes[0]) & set(codes[1]), key=Period.parse)
        offered = (common[-1], common[-1]) if common else (codes[0][-1], codes[1][-1])
    chosen = [wanted if wanted in known else other for wanted, known, other in zip(asked, codes, offered, strict=True)]
    return chosen[0], chosen[1]


def _held(questions: tuple[Question, Question], periods: tuple[str, str], *, gap: bool) -> Mapping[str, Held]:
    first, second = questions
    if gap:
        return differences.gaps(first.reader.edition, (first.indicator.id, second.indicator.id), first.area_set, periods)
    if first.indicator.id == second.indicator.id and periods[0] != periods[1]:
        return differences.changes(first.reader.edition, first.indicator.id, first.area_set, *periods)
    return {}


def _control(questions: tuple[Question, Question], periods: tuple[str, str], held: Mapping[str, Held], *, gap: bool) -> str:
    first, second = questions
    if not gap:
        return controlled(differences.control(held.values()), AREAS, first.reader.language)
    tests = differences.gap_tests(first.reader.edition, (first.indicator.id, second.indicator.id), first.area_set, periods)
    return controlled(differences.control(tests.values()), COMPARISONS, first.reader.language)


def _lines(questions: Sequence[Question], states: Sequence[State], held: Mapping[str, Held], chosen: Sequence[str]) -> tuple[PairLine, ...]:
    language, indicator = questions[0].reader.language, questions[0].indicator
    lines = []
    for row, other in zip(states[0].rows, states[1].rows, strict=True):
        held_of_row = held.get(row.area_id)
        lines.append(
            PairLine(
                area_id=row.area_id,
                name=row.name,
                rows=(row, other),
                look=held_of_row.look if held_of_row else "",
                said=said(held_of_row, language) if held_of_row else "",
                change=_difference(held_of_row, indicator, language) if held_of_row else "",
                chosen=row.area_id in chosen,
            )
        )
    return tuple(lines)


def _difference(held: Held, indicator: Indicator, language: str) -> str:
    """A change with its interval, written as everywhere else; "" where there is none."""
    return Measure(indicator, areas=False, language=language).apart(held.span.ends) if held.span else ""


def _spoken(line: PairLine) -> str:
    """What a screen reader says of an area: its name, both values, and what they say together."""
    values = "; ".join(
        f"{row.value} ({row.interval})" if row.interval != wording.NONE else f"{row.value}, {row.status}" for row in line.rows
    )
    return f"{line.name}: {values}" + (f"; {line.said}" if line.said else "")
