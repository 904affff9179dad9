"""What the barometer's page shows, in words: each policy's goals with start, latest figure, target, answer and doubt."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from markupsafe import Markup

from geo.model.goals import Goal, Target
from geo.model.results import Judgement, Step
from geo.model.sources import Cite
from geo.model.vocabulary import Period, Text, Verdict
from webmap.barometer import restated
from webmap.charts import cellpath
from webmap.charts.svg import Mark
from webmap.edition.compared import together
from webmap.edition.reader import Reader
from webmap.figures import barometer
from webmap.goals import verdicts
from webmap.goals.origins import FigureOrigin
from webmap.goals.verdicts import VerdictLine
from webmap.language import wording
from webmap.language.quantities import Measure
from webmap.language.terms import DIRECTION, RHYTHM, TARGET_UNIT

_LINES: Final = re.compile(r"l\. [\d, og-]+")
_LINE: Final = re.compile(r"\d+(?:-\d+)?")
_DIFFERENT: Final = "different"
_ANSWERS: Final[Mapping[Verdict | str | None, Text]] = {
    Verdict.REACHED: Text(da="er nået", en="reached"),
    Verdict.ON_TRACK: Text(da="er på vej", en="on track"),
    Verdict.OFF_TRACK: Text(da="er ikke på vej", en="not on track"),
    Verdict.NOT_REACHED: Text(da="er ikke nået", en="not reached"),
    _DIFFERENT: Text(da="har et svar, der afhænger af, hvordan målet læses", en="with an answer that depends on how the goal is read"),
    Verdict.UNDECIDED: Text(da="kan ikke afgøres", en="cannot be decided"),
    Verdict.BREAK: Text(da="har et brud i serien", en="with a break in the series"),
    None: Text(da="er ikke målt", en="not measured"),
}
"""What is said of so many goals, by their verdict; None where nobody measures them."""


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
    """One goal. deadline: "" where it is that of most goals of the policy.

    verdicts: one a reading, None where nobody measures it; lines: the same in words, one line where all readings say the same. doubt:
    one sentence about the figure. cites: where all of it stands, a source once with every place in it. older: the latest figure by the
    definition of the start, where a break lies between the start and the latest figure. since: figures that are no answer to the goal.
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
    verdicts: tuple[Verdict | None, ...]
    lines: tuple[VerdictLine, ...]
    doubt: str
    cites: tuple[Cite, ...]
    drawing: Markup


@dataclass(frozen=True)
class ThemePart:
    """The goals under one heading of a policy. name: "" for goals that have none."""

    name: str
    rows: tuple[BarometerRow, ...]


@dataclass(frozen=True)
class PolicyPart:
    """The goals of one policy. rows: all of them; themes: the same under their headings.

    counted: how many have which answer; deadline: that of most of them.
    """

    policy: str
    counted: str
    deadline: str
    rows: tuple[BarometerRow, ...]
    themes: tuple[ThemePart, ...]
    restated: tuple[restated.RestatedNote, ...]


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
        themes=tuple(_themes(rows, reader.language)),
        restated=tuple(note for goal in goals for note in restated.notes(reader, goal)),
    )


def _themes(rows: Sequence[BarometerRow], language: str) -> Iterator[ThemePart]:
    """Rows that stand together and have the same heading; goals without one after a heading have one of their own."""
    for theme, under in groupby(rows, key=lambda row: row.goal.theme):
        name = theme or Text(da="Andre mål", en="Other goals")
        yield ThemePart(name.in_(language) if theme or any(row.goal.theme for row in rows) else "", tuple(under))


def _counted(rows: Sequence[BarometerRow], language: str) -> str:
    """How many goals have which answer: `11 kan ikke afgøres og 8 er ikke målt`; a goal whose readings differ counts as such."""
    counts = Counter(_answer(row) for row in rows)
    said = [f"{counts[answer]} {text.in_(language)}" for answer, text in _ANSWERS.items() if counts[answer]]
    last = Text(da=" og ", en=" and ").in_(language)
    return last.join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


def _answer(row: BarometerRow) -> Verdict | str | None:
    return row.verdicts[0] if len({*row.verdicts}) == 1 else _DIFFERENT


def _row(reader: Reader, goal: Goal, usual: dt.date | None) -> BarometerRow:
    pairs, language = barometer.judged(reader.edition, goal), reader.language
    indicator = reader.edition.catalogue.indicator(goal.indicator or "")
    measure = Measure.of(goal, indicator, language) if indicator else None
    first, lines = pairs[0][1], verdicts.measured(reader, goal)
    return BarometerRow(
        goal=goal,
        name=goal.name.in_(language),
        measured=indicator.name.in_(language) if indicator else together.names(reader, goal),
        direction=DIRECTION[goal.direction].in_(language),
        rhythm=RHYTHM[goal.rhythm.every if goal.rhythm else ""].in_(language),
        start=_cell(first.baseline, first.baseline_period, lines[0], measure),
        latest=_cell(first.latest, first.latest_period, lines[0], measure),
        older=_older(first, measure),
        since="" if first.latest is not None else verdicts.measured_since(reader, goal),
        aims=tuple(_aim(target, judgement, measure, language, several=len(pairs) > 1) for target, judgement in pairs),
        deadline=wording.date(goal.deadline, language) if goal.deadline and goal.deadline != usual else "",
        verdicts=tuple(judgement.verdict for _, judgement in pairs),
        lines=lines if len({(line.verdict, line.why) for line in lines}) > 1 else lines[:1],
        doubt=lines[0].doubt if first.interval != "none" and first.verdict is not Verdict.BREAK else "",
        cites=_cites(goal),
        drawing=_drawn(goal, pairs, measure) if measure else Markup(),
    )


def _cites(goal: Goal) -> tuple[Cite, ...]:
    """Where the goal, its start, what the papers say and how often it is measured stand."""
    parts = (goal, goal.baseline, goal.reported, goal.rhythm, *goal.targets)
    places: dict[str, dict[str, None]] = {}
    for cite in (part.cite for part in parts if part and part.cite):
        places.setdefault(cite.source, {})[cite.locator] = None
    return tuple(Cite(source=source, locator=_together(tuple(locators))) for source, locators in places.items())


def _together(locators: Sequence[str]) -> str:
    """Places in one source; those that are nothing but lines as one list of them: `l. 11, 13, 16, 309`."""
    lines = sorted({line for each in locators if _LINES.fullmatch(each) for line in _LINE.findall(each)}, key=_first)
    known = {line for each in lines for line in each.split("-")}
    others = [each for each in locators if not _LINES.fullmatch(each) and not known >= {*_LINE.findall(each)[:1]}]
    return "; ".join([*([f"l. {', '.join(lines)}"] if lines else []), *others])


def _first(line: str) -> tuple[int, str]:
    return int(line.partition("-")[0]), line


def _united(number: str, measure: Measure) -> str:
    """A figure with the indicator's unit, where that is no percent sign that it has already."""
    plain = bool(number) and not measure.areas and measure.indicator.kind != "share"
    return f"{number}\u00a0{measure.indicator.unit.in_(measure.language)}" if plain else number


def _cell(amount: float | None, period: str | None, line: VerdictLine, measure: Measure | None) -> Cell:
    if amount is None or measure is None:
        return Cell("", "")
    origin = next((each for each in line.origins if each.period == period), None)
    undated = Text(da="ikke dateret", en="not dated").in_(measure.language)
    return Cell(_united(measure.value(amount), measure), wording.period(period, measure.language) if period else undated, origin)


def _older(judgement: Judgement, measure: Measure | None) -> Cell:
    """The last figure by the definition of the first, where the latest one follows another; of a list that may be known by no figure."""
    steps = judgement.course
    broken = judgement.verdict is Verdict.BREAK or len({step.definition for step in steps}) > 1
    if measure is None or not steps or not broken:
        return Cell("", "")
    last = [step for step in steps if step.definition == steps[0].definition][-1]
    return Cell(_united(measure.value(last.value), measure), wording.period(last.period, measure.language))


def _aim(target: Target, judgement: Judgement, measure: Measure | None, language: str, *, several: bool) -> Aim:
    """A target's number where it is one of the indicator's, else its name."""
    name = target.name.in_(language)
    number = _number(target, judgement)
    value = _united(measure.exact(number), measure) if measure and number is not None and target.unit != "parity" else ""
    before = measure.exact(target.restated.value) if measure and target.restated else ""
    said = name if value and (several or target.unit == "areas") else ""
    return Aim(value or name, said, TARGET_UNIT[target.unit].in_(language), before)


# --- the drawing ------------------------------------------------------------------------------------------------------


def _drawn(goal: Goal, pairs: Sequence[tuple[Target, Judgement]], measure: Measure) -> Markup:
    """The way from the start to the latest figure, and what each reading aims at; the start itself where only a direction is asked."""
    first = pairs[0][1]
    marks = [_mark(step) for step in first.course]
    aims = [number for target, judgement in pairs if (number := _number(target, judgement)) is not None]
    undated = first.baseline if first.baseline_period is None else None
    by_names = pairs[0][0].unit == "no_newcomers"  # who is on a list, which no line of numbers shows
    level = [first.baseline] if not aims and not by_names and first.baseline is not None and len(marks) > 1 else []
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
