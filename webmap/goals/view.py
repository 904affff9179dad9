"""What one goal's page shows, in words: the wording, the readings, the areas it is about, what the sources say."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from geo.editions.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.model.catalogue import ListEdition, Member
from geo.model.goals import Goal
from geo.model.indicators import Indicator
from geo.model.vocabulary import Period, Text
from webmap.charts import illustrations
from webmap.edition import marks, redraws, rows
from webmap.edition.compared import together
from webmap.edition.marks import Marks
from webmap.edition.reader import Reader
from webmap.edition.redraws import RedrawLine
from webmap.edition.rows import CITY_ID, CITY_SET, Question
from webmap.goals import course, movement, verdicts
from webmap.goals.course import Course
from webmap.goals.listed import Era, eras
from webmap.goals.movement import Movement
from webmap.goals.verdicts import Summary, VerdictLine
from webmap.language import wording
from webmap.language.quantities import Measure
from webmap.language.terms import EXTENT
from webmap.language.wording import by_name

POLICIES = ("2011-2014", "Sikker By", "2006-2010")


@dataclass(frozen=True)
class ListedArea:
    """An area that the goal's frozen list names, and how surely what is drawn is it. area_id "" where no area of ours stands for it."""

    name: str
    area_set: str
    area_id: str
    area: str
    extent: str
    certainty: str
    note: str


@dataclass(frozen=True)
class Moment:
    """One figure of a whole city's series. version: the definition it follows, "" when it is the same as the one before."""

    period: str
    code: str
    value: str
    doubt: str
    version: str
    source: str
    locator: str


@dataclass(frozen=True)
class GoalView:
    """One goal with one of its indicators. `areas` holds each area's verdicts, a line a reading; `tested` what their number means.

    real: the answer from real figures; movement: what can be said where that is that the goal cannot be answered, and now: the newest
    figures of its areas; lines: the answer from the indicator shown, which may be made up. area_set: the set the indicator is mapped
    in, "" when it has no figures in areas that the goal is about. Then `still` shows where the areas lie: a figure for all of them
    together must not colour the whole city. beginning: what is to be said of the baseline. figured: whether the
    indicator has figures. eras: the lists that the goal is answered from, where that is whether a name is new. rule:
    how the parts of the goal become one answer, "" without parts.
    """

    goal: Goal
    name: str
    question: str
    note: str
    deadline: str
    targets: tuple[str, ...]
    decision: str
    category: str
    baseline: tuple[str, ...]
    beginning: str
    figured: bool
    indicator: Indicator | None
    area_set: str
    still: Markup
    generalised: bool
    trend: Markup
    moments: tuple[Moment, ...]
    course: Course | None
    unit: str
    marks: Marks | None
    real: tuple[VerdictLine, ...]
    lines: tuple[VerdictLine, ...]
    areas: tuple[tuple[VerdictLine, ...], ...]
    counted: str
    tested: str
    movement: Movement | None
    now: str
    listed: ListEdition | None
    places: tuple[ListedArea, ...]
    parts: bool
    redrawn: tuple[RedrawLine, ...]
    demo: bool
    eras: tuple[Era, ...] = ()
    rule: str = ""

    @property
    def alike(self) -> bool:
        """Whether the answer is left open for the same reason in every area, and in every reading."""
        answers = {(line.shape, line.verdict, line.why) for lines in self.areas for line in lines}
        return len(answers) == 1 and all(shape in movement.OPEN for shape, _, _ in answers)


def shown_first(edition: Edition, goal: Goal) -> str:
    """The indicator that a goal's page shows when none is asked for: its real one, or else its first made-up one, "" without any.

    Of several real ones, the first that has figures; where none has, the first made-up one.
    """
    if not goal.together:
        return next(iter(goal.indicators), "")
    measured = (name for name in goal.together if (edition.observations["indicator"] == name).any())
    return next(iter((*measured, *goal.demo_indicators, *goal.together)))


def goal_view(reader: Reader, goal: Goal, indicator: str) -> GoalView:
    """Make the page of a goal. indicator: one of the goal's; "" means that of `shown_first`."""
    chosen = indicator or shown_first(reader.edition, goal)
    measured = reader.edition.catalogue.indicator(chosen)
    areas = verdicts.by_area(reader, goal, chosen)
    answered = verdicts.by_area(reader, goal, "") if chosen in goal.together else areas
    listed = reader.edition.catalogue.list_edition(goal.frozen_list or "")
    places = tuple(_place(reader, listed, member) for member in listed.members) if listed else ()
    return GoalView(
        goal=goal,
        name=goal.name.in_(reader.language),
        question=goal.question.in_(reader.language),
        note=_note(reader, goal),
        deadline=wording.date(goal.deadline, reader.language) if goal.deadline else "",
        targets=tuple(target.name.in_(reader.language) for target in goal.targets),
        decision=_decision(goal, reader.language),
        category=goal.category.name.in_(reader.language) if goal.category else "",
        baseline=_baseline(goal, measured, reader.language),
        beginning=_beginning(reader, goal),
        figured=bool(measured and (reader.edition.observations["indicator"] == measured.id).any()),
        indicator=measured,
        area_set=_map_set(reader.edition, goal, measured),
        still=illustrations.of_goal(reader, goal) if goal.area_set != CITY_SET and not _everywhere(reader, goal) else Markup(),
        generalised=goal.area_set in reader.edition.layers and reader.edition.layers[goal.area_set].generalised,
        trend=illustrations.trend(Question(reader, measured, CITY_SET), CITY_ID) if measured and goal.area_set == CITY_SET else Markup(),
        moments=_moments(reader, goal, measured),
        course=course.course(reader, goal, measured) if not _by_names(goal) else None,
        unit=wording.value_and_unit(0.0, measured, reader.language)[1] if measured else "",
        marks=_marks(reader, goal, listed),
        real=verdicts.measured(reader, goal),
        lines=verdicts.whole(reader, goal, chosen) if measured else (verdicts.unmeasured(reader.language),),
        areas=areas,
        counted=verdicts.counted(answered, reader.language),
        tested=verdicts.tested(reader, goal, chosen),
        movement=movement.movement(reader, goal),
        now=verdicts.measured_since(reader, goal),
        listed=listed,
        places=tuple(sorted(places, key=lambda place: by_name(place.name))),
        parts=any(member.extent == "part" for member in listed.members) if listed else False,
        redrawn=_redrawn(reader, goal, measured),
        demo=bool(measured and measured.demo),
        eras=eras(reader, goal.by_lists.family, goal, until=goal.deadline) if goal.by_lists and _by_names(goal) else (),
        rule=together.rule(goal, reader.language),
    )


def _note(reader: Reader, goal: Goal) -> str:
    """What is to be said of a goal as the edition has it: what is missing stands only while it is."""
    deadline = goal.deadline or dt.date.max
    early = any(
        period.first <= deadline
        for name in goal.measures
        for period in map(Period.parse, rows.periods_in_set(reader.edition, name, goal.area_set))
    )
    open_ = all(line.shape in movement.OPEN for line in verdicts.measured(reader, goal))
    missing = goal.missing if open_ and not early else None
    return " ".join(text.in_(reader.language) for text in (goal.note, missing, goal.demo_note) if text)


def _beginning(reader: Reader, goal: Goal) -> str:
    """What is to be said of the starting point: that there is no value, while there is none."""
    if goal.baseline is None:
        return ""
    judged = (each for each in reader.edition.judgements if each.goal == goal.id and not each.demo)
    missing = goal.baseline.missing if goal.baseline.value is None and all(each.baseline is None for each in judged) else None
    return " ".join(text.in_(reader.language) for text in (goal.baseline.note, missing) if text)


def _everywhere(reader: Reader, goal: Goal) -> bool:
    """Whether a goal that lists decide is about every part of the city, so that a map of its areas would be one colour."""
    layer = reader.edition.layers.get(goal.area_set)
    covering = layer is not None and layer.edition.partition
    return goal.by_lists is not None and covering and not reader.edition.catalogue.areas_of(goal)


def _by_names(goal: Goal) -> bool:
    """Whether the goal asks who is on a list, which a line of numbers would not show."""
    return goal.by_lists is not None and any(target.unit == "no_newcomers" for target in goal.targets)


def _decision(goal: Goal, language: str) -> str:
    """Who decided the goal, and when where the sources tell it."""
    if goal.decision is None:
        return ""
    when = f", {wording.date(goal.decision.date, language)}" if goal.decision.date else ""
    return goal.decision.text.in_(language) + when


def _baseline(goal: Goal, indicator: Indicator | None, language: str) -> tuple[str, ...]:
    """What is known of the starting point: its value, when, by which definition, in which outline of the areas."""
    start = goal.baseline
    if start is None:
        return ()
    parts = []
    if start.value is not None and indicator is not None and not indicator.demo:
        parts.append(Measure.of(goal, indicator, language).value(start.value))
    if start.period:
        parts.append(wording.period(start.period, language))
    if start.definition:
        parts.append(f"definition {start.definition}")
    if start.vintage:
        parts.append(f"{Text(da='grænser fra', en='boundaries of').in_(language)} {wording.date(start.vintage, language)}")
    return tuple(parts)


def _redrawn(reader: Reader, goal: Goal, indicator: Indicator | None) -> tuple[RedrawLine, ...]:
    if indicator is None or goal.area_set not in reader.edition.layers:
        return ()
    return redraws.lines(reader, goal.area_set, marks.marked_by(reader.edition, goal), indicator=indicator.id)


def find(edition: Edition, number: str, indicator: str = "") -> Goal:
    """The goal that an address names; goals of 2011-2014 go by their number. Raises NotFoundError, also when the indicator is not its."""
    goal = edition.catalogue.goal(f"M{number}" if number.isdigit() else number)
    if goal is None or (indicator and indicator not in goal.indicators):
        raise NotFoundError(Problem(f"{number}/{indicator}", "no such goal, or no such indicator of it"))
    return goal


def by_policy(summaries: Sequence[Summary]) -> tuple[tuple[str, tuple[Summary, ...]], ...]:
    """Goals under the policy they belong to, the newest policy first."""
    groups = [(policy, tuple(summary for summary in summaries if summary.goal.policy == policy)) for policy in POLICIES]
    return tuple(group for group in groups if group[1])


def _map_set(edition: Edition, goal: Goal, indicator: Indicator | None) -> str:
    """The goal's own area set, or another one of the indicator's; never the whole city, of which a map says nothing."""
    if indicator is None or goal.area_set == CITY_SET:
        return ""
    wanted = (goal.area_set, *(name for name in indicator.area_sets if name != CITY_SET))
    return next((name for name in wanted if name in edition.layers and rows.periods_in_set(edition, indicator.id, name)), "")


def _moments(reader: Reader, goal: Goal, indicator: Indicator | None) -> tuple[Moment, ...]:
    """The city's figures in time order, for a goal about the whole city."""
    if indicator is None or goal.area_set != CITY_SET:
        return ()
    observed = [row for row in rows.of_area(reader.edition, indicator.id, CITY_SET, CITY_ID) if not math.isnan(row["value"])]
    before = [None, *(row["definition"] for row in observed)]
    texts = {definition.version: definition.text.in_(reader.language) for definition in indicator.definitions}
    return tuple(
        Moment(
            period=wording.period(row["period"], reader.language),
            code=row["period"],
            value=wording.value(row["value"], indicator, reader.language),
            doubt=wording.interval(row, indicator, reader.language),
            version="" if row["definition"] == last else texts.get(row["definition"], ""),
            source=row["source"],
            locator=row["locator"],
        )
        for last, row in zip(before, observed, strict=False)
    )


def _marks(reader: Reader, goal: Goal, listed: ListEdition | None) -> Marks | None:
    return marks.of_list(listed, goal.area_set, reader.language) if listed and goal.area_set in reader.edition.layers else None


def _place(reader: Reader, listed: ListEdition, member: Member) -> ListedArea:
    area = reader.edition.area(member.area_set, member.area_id) if member.area_id else None
    note = member.note.in_(reader.language) if member.note else ""
    sure, extent = redraws.certainty(reader, listed, member), EXTENT[member.extent].in_(reader.language)
    drawn = (area.area_id, area.name) if area else ("", "")
    return ListedArea(member.name, member.area_set, drawn[0], drawn[1], extent, sure, note)
