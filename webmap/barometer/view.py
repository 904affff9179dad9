"""What the barometer's page shows, in words: each policy's goals with start, latest figure, target, answer and doubt."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from geo.model.goals import Goal, Target
from geo.model.indicators import Definition
from geo.model.results import Judgement, Step
from geo.model.sources import Cite
from geo.model.vocabulary import Period, Text
from webmap.charts import cellpath
from webmap.charts.svg import Mark
from webmap.edition.reader import Reader
from webmap.figures import barometer
from webmap.goals import verdicts
from webmap.goals.verdicts import FigureOrigin, VerdictLine
from webmap.language import wording
from webmap.language.quantities import Measure
from webmap.language.terms import DIRECTION, NOT_MEASURED, RHYTHM, TARGET_UNIT, VERDICT


@dataclass(frozen=True)
class Cell:
    """A figure with its period in words. origin: where it came from, None where the edition has no such observation."""

    value: str
    period: str
    origin: FigureOrigin | None = None


@dataclass(frozen=True)
class Aim:
    """One reading of a target. unit: what its number is; before: the value that it had by the measuring method before, "" if none."""

    value: str
    reading: str
    unit: str
    before: str


@dataclass(frozen=True)
class BarometerRow:
    """One goal. lines: its answers, a line a reading, one line where all readings say the same; doubt: one sentence about the figure.

    older: the latest figure by the definition of the start, where a break lies between the start and the latest figure. since: figures
    that are no answer to the goal. deadline: "" where it is that of most goals of the policy.
    """

    goal: Goal
    name: str
    measured: str
    direction: str
    rhythm: str
    start: Cell
    latest: Cell
    older: Cell
    since: str
    aims: tuple[Aim, ...]
    deadline: str
    lines: tuple[VerdictLine, ...]
    doubt: str
    drawing: Markup


@dataclass(frozen=True)
class MeasuringMethod:
    """One of the measuring methods of a target that was restated: the value that it gave, and what was measured."""

    value: str
    text: str
    cite: Cite | None


@dataclass(frozen=True)
class RestatedNote:
    """A target that was restated, with both methods, the older first."""

    name: str
    methods: tuple[MeasuringMethod, ...]


@dataclass(frozen=True)
class PolicyPart:
    """The goals of one policy. counted: how many have which answer; deadline: that of most of them."""

    policy: str
    counted: str
    deadline: str
    rows: tuple[BarometerRow, ...]
    restated: tuple[RestatedNote, ...]


@dataclass(frozen=True)
class BarometerView:
    """The page. sentence: the answers of all goals counted."""

    sentence: str
    parts: tuple[PolicyPart, ...]


def view(reader: Reader) -> BarometerView:
    """Make the barometer of an edition."""
    goals = barometer.goals(reader.edition)
    grouped = [(policy, [goal for goal in goals if goal.policy == policy]) for policy in barometer.POLICIES]
    parts = tuple(_part(reader, policy, of_policy) for policy, of_policy in grouped if of_policy)
    rows = [row for part in parts for row in part.rows]
    words = Text(da=f"Af {len(rows)} mål og delmål: {{}}.", en=f"Of {len(rows)} goals and sub-goals: {{}}.").in_(reader.language)
    return BarometerView(words.format(_counted(rows, reader.language)), parts)


def _part(reader: Reader, policy: str, goals: Sequence[Goal]) -> PolicyPart:
    usual = Counter(goal.deadline for goal in goals).most_common(1)[0][0]
    rows = tuple(_row(reader, goal, usual) for goal in goals)
    return PolicyPart(
        policy=policy,
        counted=_counted(rows, reader.language),
        deadline=wording.date(usual, reader.language) if usual else "",
        rows=rows,
        restated=tuple(note for goal in goals for note in _restated(reader, goal)),
    )


def _counted(rows: Sequence[BarometerRow], language: str) -> str:
    """How many goals have which answer: `11 kan ikke afgøres, 8 ikke målt`; a goal whose readings differ counts as such."""
    differ = Text(da="svaret afhænger af læsningen", en="the answer depends on the reading").in_(language)
    order = [*(said.words.in_(language) for said in VERDICT.values()), NOT_MEASURED.words.in_(language), differ]
    counts = Counter(row.lines[0].verdict if len({line.verdict for line in row.lines}) == 1 else differ for row in rows)
    return ", ".join(f"{counts[word]} {word[:1].lower()}{word[1:]}" for word in order if counts[word])


def _row(reader: Reader, goal: Goal, usual: dt.date | None) -> BarometerRow:
    pairs, language = barometer.judged(reader.edition, goal), reader.language
    indicator = reader.edition.catalogue.indicator(goal.indicator or "")
    measure = Measure.of(goal, indicator, language) if indicator else None
    first, lines = pairs[0][1], verdicts.measured(reader, goal)
    return BarometerRow(
        goal=goal,
        name=goal.name.in_(language),
        measured=indicator.name.in_(language) if indicator else "",
        direction=DIRECTION[goal.direction].in_(language),
        rhythm=RHYTHM[goal.rhythm.every if goal.rhythm else ""].in_(language),
        start=_cell(first.baseline, first.baseline_period, lines[0], measure),
        latest=_cell(first.latest, first.latest_period, lines[0], measure),
        older=_older(first, measure),
        since="" if first.latest is not None else verdicts.measured_since(reader, goal),
        aims=tuple(_aim(target, judgement, measure, language, several=len(pairs) > 1) for target, judgement in pairs),
        deadline=wording.date(goal.deadline, language) if goal.deadline and goal.deadline != usual else "",
        lines=lines if len({(line.verdict, line.why) for line in lines}) > 1 else lines[:1],
        doubt=lines[0].doubt if first.interval != "none" else "",
        drawing=_drawn(goal, pairs, measure) if measure else Markup(),
    )


def _cell(amount: float | None, period: str | None, line: VerdictLine, measure: Measure | None) -> Cell:
    if amount is None or measure is None:
        return Cell("", "")
    origin = next((each for each in line.origins if each.period == period), None)
    undated = Text(da="ikke dateret", en="not dated").in_(measure.language)
    return Cell(measure.value(amount), wording.period(period, measure.language) if period else undated, origin)


def _older(judgement: Judgement, measure: Measure | None) -> Cell:
    """The last figure by the definition of the first, where the latest one follows another."""
    steps = judgement.course
    if measure is None or len({step.definition for step in steps}) < 2:
        return Cell("", "")
    last = [step for step in steps if step.definition == steps[0].definition][-1]
    return Cell(measure.value(last.value), wording.period(last.period, measure.language))


def _aim(target: Target, judgement: Judgement, measure: Measure | None, language: str, *, several: bool) -> Aim:
    """A target's number where it is one of the indicator's, else its name."""
    name = target.name.in_(language)
    number = _number(target, judgement)
    value = measure.exact(number) if measure and number is not None and target.unit != "parity" else ""
    before = measure.exact(target.restated.value) if measure and target.restated else ""
    return Aim(value or name, name if several and value else "", TARGET_UNIT[target.unit].in_(language), before)


def _restated(reader: Reader, goal: Goal) -> Iterator[RestatedNote]:
    indicator = reader.edition.catalogue.indicator(goal.indicator or "")
    for target in goal.targets:
        if target.restated and indicator:
            measure = Measure.of(goal, indicator, reader.language)
            known = {definition.version: definition for definition in indicator.definitions}
            older, newer = known.get(target.restated.definition), indicator.definitions[-1]
            yield RestatedNote(
                name=goal.name.in_(reader.language),
                methods=(
                    _method(measure.exact(target.restated.value), older, target.restated.cite, reader.language),
                    _method(measure.exact(target.value), newer, target.cite, reader.language),
                ),
            )


def _method(value: str, definition: Definition | None, cite: Cite | None, language: str) -> MeasuringMethod:
    return MeasuringMethod(value, definition.text.in_(language) if definition else "", cite)


# --- the drawing ------------------------------------------------------------------------------------------------------


def _drawn(goal: Goal, pairs: Sequence[tuple[Target, Judgement]], measure: Measure) -> Markup:
    """The way from the start to the latest figure, and what each reading aims at; the start itself where only a direction is asked."""
    first = pairs[0][1]
    marks = [_mark(step) for step in first.course]
    aims = [number for target, judgement in pairs if (number := _number(target, judgement)) is not None]
    undated = first.baseline if first.baseline_period is None else None
    level = [first.baseline] if not aims and first.baseline is not None and len(marks) > 1 else []
    said = [f"{wording.period(step.period, measure.language)}: {measure.value(step.value)}" for step in first.course]
    said += [f"{Text(da='målet', en='the target').in_(measure.language)}: {measure.exact(aim)}" for aim in aims]
    return cellpath.draw(
        marks, aims or level, deadline=goal.deadline, undated=undated, words=(goal.name.in_(measure.language), "; ".join(said))
    )


def _number(target: Target, judgement: Judgement) -> float | None:
    return judgement.target_value if judgement.target_value is not None else barometer.stated(target)


def _mark(step: Step) -> Mark:
    low, high = (math.nan if end is None else end for end in (step.low, step.high))
    return Mark(Period.parse(step.period).last, step.value, low, high, step.definition)
