"""What can be said where a goal cannot be answered: how its areas' figures moved between the two newest periods that can be compared.

It is no answer to the goal. Made from what the reader may see and from nothing else; all areas of the set are tested at once, as on the
map of changes, so that no page says of an area what another denies.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from geo.editions.edition import Edition
from geo.model.goals import Goal
from geo.model.indicators import Indicator
from geo.model.results import AreaInfo
from geo.model.vocabulary import Period, Status, Text, Verdict
from webmap.edition import classes, marks, rows
from webmap.edition.compared import differences
from webmap.edition.compared.differences import Held
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_SET, Question
from webmap.goals import verdicts
from webmap.language import wording
from webmap.language.quantities import Measure
from webmap.language.terms import NOT_MEASURED, VERDICT
from webmap.language.wording import by_name
from webmap.maps.pairtexts import AREAS, controlled

OPEN: Final = frozenset({VERDICT[Verdict.UNDECIDED].shape, VERDICT[Verdict.BREAK].shape, NOT_MEASURED.shape})
"""Shapes of answers that are left open."""
_ALIKE: Final = 3
"""Days by which two periods of one length may differ: months, quarters and leap years."""

ALONE: Final = "alene"
"""Look of a change that would be told from chance if the area were looked at by itself, and is not among all that were tested."""

_NAMED: Final = 8
"""Areas that one sentence names at most; of more it tells the number."""

_CLAUSES: Final[Mapping[str, Text]] = {
    differences.LESS: Text(da="er tallet faldet mere, end tilfældigheder kan forklare", en="the figure fell more than chance can explain"),
    differences.MORE: Text(da="er tallet steget mere, end tilfældigheder kan forklare", en="the figure rose more than chance can explain"),
    ALONE: Text(
        da="er ændringen kun større, end tilfældigheder kan forklare, når man ser på området for sig selv",
        en="the change is larger than chance can explain only when the area is looked at by itself",
    ),
    differences.SAME: Text(
        da="er ændringen for lille til at sige noget sikkert", en="the change is too small for anything to be said for sure"
    ),
    differences.UNKNOWN: Text(da="er usikkerheden ikke kendt", en="the uncertainty is not known"),
    differences.BROKEN: Text(da="er definitionen ændret", en="the definition changed"),
    classes.HIDDEN: Text(da="er et tal skjult for at beskytte enkeltpersoner", en="a figure is hidden to protect people"),
    classes.NOT_MEASURED: Text(da="er der ikke tal fra begge gange", en="there are not figures of both times"),
}
"""What is said of the areas whose change has a look, after the words for where; in the order they are read."""

_COUNTED: Final[Mapping[str, Text]] = {
    differences.LESS: Text(da="er tallet faldet", en="the figure fell"),
    differences.MORE: Text(da="er tallet steget", en="the figure rose"),
}
"""The same where everybody was counted both times: chance has no part in it."""

_WORDS: Final[Mapping[str, Text]] = {
    differences.LESS: Text(da="ja: faldet", en="yes: fell"),
    differences.MORE: Text(da="ja: steget", en="yes: rose"),
    ALONE: Text(da="kun set for sig selv", en="only by itself"),
    differences.SAME: Text(da="nej: for lille ændring", en="no: too small a change"),
    differences.UNKNOWN: Text(da="nej: usikkerheden er ikke kendt", en="no: the uncertainty is not known"),
    differences.BROKEN: Text(da="nej: definitionen er ændret", en="no: the definition changed"),
    classes.HIDDEN: Text(da="nej: et tal er skjult", en="no: a figure is hidden"),
    classes.NOT_MEASURED: Text(da="nej: ikke målt begge gange", en="no: not measured both times"),
}
"""Whether it can be said that an area's figure moved."""


@dataclass(frozen=True)
class AreaMovement:
    """How one area's figure moved. value, doubt: the newest figure; change: since the one before, "" where there is none.

    look: of the change, as the map of changes colours it, or ALONE; said: whether it can be said that the figure moved; clause: the same
    as a clause that follows the words for where.
    """

    area_set: str
    area_id: str
    name: str
    value: str
    doubt: str
    change: str
    look: str
    said: str
    clause: str

    @property
    def surely(self) -> bool:
        """Whether it can be said that the figure rose, or that it fell."""
        return self.look in {differences.MORE, differences.LESS}

    @property
    def stands_out(self) -> bool:
        """Whether its change is larger than chance can explain, among all areas or by itself."""
        return self.surely or self.look == ALONE


@dataclass(frozen=True)
class MovementLine:
    """Areas of which the same can be said. words: that, as a sentence without its end."""

    words: str
    areas: tuple[AreaMovement, ...]


@dataclass(frozen=True)
class Movement:
    """What can be said of a goal's areas. lead: what was measured, from when to when; before, after: the two periods, in words.

    sentence: all of it in one, with names and no figures; by_area: each area's, by its id; tested: that many areas were tested at once,
    "" when it was one.
    """

    lead: str
    before: str
    after: str
    sentence: str
    lines: tuple[MovementLine, ...]
    by_area: Mapping[str, AreaMovement]
    caveat: str
    tested: str
    demo: bool


@dataclass(frozen=True)
class SaidOfArea:
    """The same of one area. lead: what was measured, from when to when; words: how it moved; caveat: that it is no answer."""

    lead: str
    words: str
    caveat: str
    demo: bool


def movement(reader: Reader, goal: Goal) -> Movement | None:
    """Put into words how the areas of a goal moved, where its whole cannot be answered from real figures.

    None where it is answered, where the goal is about the whole city or goes by lists, and where no two periods can be compared.
    """
    indicator = reader.edition.catalogue.indicator(goal.indicator or "")
    if indicator is None or goal.by_lists or goal.area_set == CITY_SET or goal.area_set not in reader.edition.layers:
        return None
    if any(line.shape not in OPEN for line in verdicts.measured(reader, goal)):
        return None
    named = marks.marked_by(reader.edition, goal)
    pair = comparable(reader.edition, indicator, goal.area_set, named)
    if pair is None:
        return None
    held = differences.changes(reader.edition, indicator.id, goal.area_set, *pair)
    places = (area for area in reader.edition.layers[goal.area_set].areas if area.area_id in named)
    question = Question(reader, indicator, goal.area_set)
    made = tuple(_area(question, area, held[area.area_id], pair[1]) for area in sorted(places, key=lambda area: by_name(area.name)))
    before, after = (wording.period(code, reader.language) for code in pair)
    lead = Text(da="{}, fra {} til {}", en="{}, from {} to {}").in_(reader.language)
    lead = lead.format(indicator.name.in_(reader.language), before, after)
    return Movement(
        lead=lead,
        before=before,
        after=after,
        sentence=f"{lead}: {_sentence(made, reader.language)}",
        lines=tuple(_lines(made, reader.language)),
        by_area={area.area_id: area for area in made},
        caveat=_caveat(goal, reader.language),
        tested=controlled(differences.control(held.values()), AREAS, reader.language) if len(held) > 1 else "",
        demo=_demo(reader.edition, indicator, goal.area_set, pair[1]),
    )


def comparable(edition: Edition, indicator: Indicator, area_set: str, area_ids: Sequence[str]) -> tuple[str, str] | None:
    """Codes of the newest period with a figure in one of the areas and of the newest before it that can be compared with it.

    That is of the same length, by the same definition, on the same outline. None when there are no two.
    """
    known = rows.periods_in_set(edition, indicator.id, area_set)
    codes = [code for code in known if _any(edition, indicator, area_set, area_ids, code)]
    for before in reversed(codes[:-1]):
        alike = abs(_length(before) - _length(codes[-1])) <= _ALIKE and _same_outline(edition, indicator, area_set, before)
        spans = (differences.changed(edition, indicator.id, area_set, name, (before, codes[-1])).span for name in area_ids)
        if alike and any(span is not None for span in spans):
            return before, codes[-1]
    return None


def of_area(reader: Reader, goal: Goal, area_id: str) -> SaidOfArea | None:
    """What can be said of one area of a goal that cannot be answered; None where nothing can."""
    made = movement(reader, goal)
    area = made.by_area.get(area_id) if made else None
    if made is None or area is None or not area.change:
        return None
    words = Text(da="her {}. Ændringen er {}.", en="here {}. The change is {}.")
    if area.look == ALONE:  # the page is about one area, which stands on its own interval
        words = Text(
            da="her {}, men ikke når alle områder prøves på én gang. Ændringen er {}.",
            en="here {}, and not when all areas are tested at once. The change is {}.",
        )
    return SaidOfArea(made.lead, words.in_(reader.language).format(area.clause, area.change), made.caveat, demo=made.demo)


def _area(question: Question, area: AreaInfo, held: Held, code: str) -> AreaMovement:
    reader, indicator = question.reader, question.indicator
    row = rows.by_area(reader.edition, indicator.id, question.area_set, code).get(area.area_id)
    look = ALONE if held.alone and held.look == differences.SAME else held.look
    clauses = {**_CLAUSES, **_COUNTED} if math.isnan(held.chance) else _CLAUSES
    return AreaMovement(
        area_set=question.area_set,
        area_id=area.area_id,
        name=area.name,
        value=wording.value(row["value"], indicator, reader.language) if row else wording.NONE,
        doubt=wording.interval(row, indicator, reader.language) if row else wording.NONE,
        change=Measure(indicator, areas=False, language=reader.language).change(held.span.ends) if held.span else "",
        look=look,
        said=_WORDS[look].in_(reader.language),
        clause=clauses[look].in_(reader.language),
    )


def _lines(areas: Sequence[AreaMovement], language: str) -> Iterator[MovementLine]:
    where = Text(da="I {} {}", en="In {} {}").in_(language)
    for look in _CLAUSES:
        alike = tuple(area for area in areas if area.look == look)
        if alike:
            yield MovementLine(where.format(_of(len(alike), len(areas), language), alike[0].clause), alike)


def _sentence(areas: Sequence[AreaMovement], language: str) -> str:
    """All of it in one sentence: where the figure surely moved, where only by itself, and that the rest cannot be told."""
    parts = []
    for look in (differences.LESS, differences.MORE):
        alike = [area for area in areas if area.look == look]
        if alike:
            place = _of(len(alike), len(areas), language) + _names(alike, " ({})", language)
            parts.append(Text(da="i {} {}", en="in {} {}").in_(language).format(place, alike[0].clause))
    if not parts:
        where = Text(da="området", en="the area") if len(areas) == 1 else Text(da="noget af de {} områder", en="any of the {} areas")
        none = Text(da="der er ingen sikker ændring i ", en="no change is sure in ")
        parts.append((none.in_(language) + where.in_(language)).format(len(areas)))
    alone = [area for area in areas if area.look == ALONE]
    parts.append(_names(alone, Text(da="i {} kun set for sig selv", en="in {} only by itself").in_(language), language))
    if any(area.surely for area in areas) and any(not area.stands_out for area in areas):
        parts.append(Text(da="i resten kan intet siges for sikkert", en="in the others nothing can be said for sure").in_(language))
    return "; ".join(part for part in parts if part)


def _of(count: int, total: int, language: str) -> str:
    if total == 1:
        return Text(da="området", en="the area").in_(language)
    if count == total:
        return Text(da="alle {} områder", en="all {} areas").in_(language).format(total)
    return Text(da="{} af de {} områder", en="{} of the {} areas").in_(language).format(count, total)


def _names(areas: Sequence[AreaMovement], words: str, language: str) -> str:
    """Names of areas in words that have a place for them; "" without areas or with too many for a sentence."""
    names = [area.name for area in areas]
    if not names or len(names) > _NAMED:
        return ""
    both = Text(da=" og ", en=" and ").in_(language)
    return words.format(both.join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0])


def _caveat(goal: Goal, language: str) -> str:
    """That it is no answer to the goal, with what the goal asks for where the catalogue knows it."""
    no = Text(da="Det er ikke et svar på målet", en="That is no answer to the goal").in_(language)
    if goal.baseline is None or goal.baseline.period is None or goal.deadline is None:
        return f"{no}."
    asks = Text(da=", som handler om tiden fra {} til {}.", en=", which is about the time from {} to {}.").in_(language)
    return no + asks.format(wording.period(goal.baseline.period, language), wording.date(goal.deadline, language))


def _demo(edition: Edition, indicator: Indicator, area_set: str, code: str) -> bool:
    return any(row["status"] == Status.DEMO.value for row in rows.by_area(edition, indicator.id, area_set, code).values())


def _any(edition: Edition, indicator: Indicator, area_set: str, area_ids: Sequence[str], code: str) -> bool:
    of_period = rows.by_area(edition, indicator.id, area_set, code)
    return any(name in of_period and not math.isnan(of_period[name]["value"]) for name in area_ids)


def _length(code: str) -> int:
    period = Period.parse(code)
    return (period.last - period.first).days


def _same_outline(edition: Edition, indicator: Indicator, area_set: str, code: str) -> bool:
    """Whether figures of a period are of the areas as they are drawn: a register is counted on today's outlines, a table is not."""
    published = any(row["row"] != "" for row in rows.by_area(edition, indicator.id, area_set, code).values())
    return not published or edition.layers[area_set].edition.valid_from <= Period.parse(code).last
