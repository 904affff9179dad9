"""The way that was measured beside the way that was asked for: what a goal's page shows of it, from what the edition has judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from geo.model.goals import Goal, Target
from geo.model.indicators import Indicator
from geo.model.results import Judgement, Step
from geo.model.vocabulary import Period, Text
from webmap.charts import goalpath
from webmap.charts.axis import ValueAxis
from webmap.charts.goalpath import RequiredPath
from webmap.charts.svg import Mark
from webmap.edition.reader import Reader
from webmap.language import wording
from webmap.language.quantities import Measure
from webmap.language.terms import INTERVAL


@dataclass(frozen=True)
class CourseRow:
    """One period: the figure with its doubt, and what each reading asked for. version: the definition, where it is another."""

    period: str
    value: str
    doubt: str
    required: tuple[str, ...]
    version: str


@dataclass(frozen=True)
class Course:
    """The measured and the required path of one goal. readings: those that ask for a number by a date, as words inside a sentence."""

    drawing: Markup
    sentences: tuple[str, ...]
    readings: tuple[str, ...]
    rows: tuple[CourseRow, ...]
    broken: bool


def course(reader: Reader, goal: Goal, indicator: Indicator | None) -> Course | None:
    """Make the course of a goal's whole by one indicator; None when there are not two figures to draw a way by."""
    if indicator is None:
        return None
    judged = {
        judgement.target: judgement
        for judgement in reader.edition.judgements
        if (judgement.goal, judgement.indicator, judgement.area_id) == (goal.id, indicator.id, "")
    }
    steps = next((judgement.course for judgement in judged.values()), ())
    if len(steps) < 2:
        return None
    measure = Measure.of(goal, indicator, reader.language)
    pairs = [(target, judged[target.id]) for target in goal.targets if target.id in judged]
    asking = [(target, judgement) for target, judgement in pairs if any(step.required is not None for step in judgement.course)]
    return Course(
        drawing=_draw(goal, steps, pairs, measure),
        sentences=tuple(words for target, judgement in asking if (words := _sentence(judgement, target, measure, several=len(asking) > 1))),
        readings=tuple(_inside(target.name.in_(reader.language)) for target, _ in asking),
        rows=_rows(steps, [judgement for _, judgement in asking], indicator, measure),
        broken=len({step.definition for step in steps}) > 1,
    )


def _inside(name: str) -> str:
    return name[:1].lower() + name[1:]


def _draw(goal: Goal, steps: Sequence[Step], pairs: Sequence[tuple[Target, Judgement]], measure: Measure) -> Markup:
    marks = [Mark(Period.parse(s.period).last, s.value, _known(s.low), _known(s.high), s.definition) for s in steps]
    lines = [line for _, judgement in pairs if (line := _asked(goal, judgement, measure))] or _level(marks, pairs, measure)
    last = max([marks[-1].when, *(day for line in lines for day, _ in line.corners)])
    title = f"{goal.name.in_(measure.language)}: {measure.indicator.name.in_(measure.language)}"
    description = "; ".join(f"{wording.period(step.period, measure.language)}: {measure.value(step.value)}" for step in steps)
    return goalpath.draw(
        marks, lines, title=title, description=description, ends=(str(marks[0].when.year), str(last.year)), axis=_axis(measure)
    )


def _axis(measure: Measure) -> ValueAxis:
    if not measure.areas:
        return ValueAxis.of(measure.indicator, measure.language)
    whole = partial(wording.number, decimals=0, language=measure.language)
    return ValueAxis(words=whole, figure=whole, finest=1.0)


def _asked(goal: Goal, judgement: Judgement, measure: Measure) -> RequiredPath | None:
    """The straight line of a reading: through what it asked for in each period, and on to the target where no break stops it."""
    corners = [(Period.parse(step.period).last, step.required) for step in judgement.course if step.required is not None]
    if not corners:
        return None
    if judgement.target_value is not None and goal.deadline is not None and goal.deadline > corners[-1][0]:
        corners.append((goal.deadline, judgement.target_value))
    return RequiredPath(tuple(corners), measure.exact(corners[-1][1]))


def _level(marks: Sequence[Mark], pairs: Sequence[tuple[Target, Judgement]], measure: Measure) -> list[RequiredPath]:
    """For a goal that only says which way: the baseline as a level line, as far as its definition reaches."""
    start = pairs[0][1].baseline if pairs else None
    reach = [mark.when for mark in marks if mark.definition == marks[0].definition]
    if start is None or any(target.unit != "direction" for target, _ in pairs) or len(reach) < 2:
        return []
    return [RequiredPath(((reach[0], start), (reach[-1], start)), measure.value(start))]


def _sentence(judgement: Judgement, target: Target, measure: Measure, *, several: bool) -> str:
    """What the straight line asked for by the latest figure, what it was, and how far apart they are."""
    if judgement.required is None or judgement.latest is None or judgement.latest_period is None:
        return ""
    gap = measure.apart((judgement.gap, judgement.gap_low, judgement.gap_high))
    when, named = wording.period(judgement.latest_period, measure.language), target.name.in_(measure.language)
    asked, latest = measure.exact(judgement.required), measure.value(judgement.latest)
    start = f"{named}: " if several else ""
    return Text(
        da=f"{start}ved udgangen af {when} kræver målet {asked}; tallet er {latest}. Forskellen er {gap}.",
        en=f"{start}by the end of {when} the goal asks for {asked}; the figure is {latest}. The difference is {gap}.",
    ).in_(measure.language)


def _rows(steps: Sequence[Step], asking: Sequence[Judgement], indicator: Indicator, measure: Measure) -> tuple[CourseRow, ...]:
    texts = {definition.version: definition.text.in_(measure.language) for definition in indicator.definitions}
    before = [steps[0].definition, *(step.definition for step in steps)]
    required = [{step.period: step.required for step in judgement.course} for judgement in asking]
    return tuple(
        CourseRow(
            period=wording.period(step.period, measure.language),
            value=measure.value(step.value),
            doubt=_doubt(step, measure),
            required=tuple(measure.exact(of_one.get(step.period)) or wording.NONE for of_one in required),
            version="" if step.definition == last else texts.get(step.definition, ""),
        )
        for last, step in zip(before, steps, strict=False)
    )


def _doubt(step: Step, measure: Measure) -> str:
    if step.low is not None and step.low == step.high:
        return INTERVAL["count"].in_(measure.language)
    return measure.span(step.low, step.high) or INTERVAL["none"].in_(measure.language)


def _known(end: float | None) -> float:
    return math.nan if end is None else end
