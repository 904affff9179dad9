"""Contradictions between entries of the catalogue: definitions, bridges, goals and plans that cannot all be true."""

from __future__ import annotations

import itertools
import math
import typing
from collections import Counter
from collections.abc import Iterator, Sequence

from geo.errors import Problem
from geo.model import periods
from geo.model.catalogue import Catalogue, ListEdition, Need
from geo.model.goals import Baseline, Goal, Target, joined_wrongly
from geo.model.indicators import Bridge, Definition, Indicator
from geo.model.programmes import HotspotArea, HotspotProgramme, Plan, PlanProgramme
from geo.model.ratios import PERCENT
from geo.model.sources import Source
from geo.model.vocabulary import Period

_WITH_NUMBER = frozenset({"level", "percent", "percentage_points", "areas"})


def in_indicator(indicator: Indicator, *, row: int, file: str) -> Iterator[Problem]:
    """Return problems of one indicator: overlapping definitions, bridges that lead nowhere, an impossible design effect.

    row, file: the entry's number, from 1, and its file, for the messages; the same holds for the other functions here.
    """
    yield from _definitions(indicator, row=row, file=file)
    yield from _bridges(indicator, row=row, file=file)
    yield from _made_of_counts(indicator, row=row, file=file)
    effect = indicator.design_effect
    if effect is not None and not (effect.value > 0 and math.isfinite(effect.value)):
        yield Problem(file, "a design effect that cannot be", row, "design_effect.value", f"{effect.value:g}", "a number above 0")
    if indicator.register is not None and indicator.basis == "survey":
        yield Problem(file, "a survey that is counted in a register", row, "basis", repr(indicator.id), "register, or no basis")
    if effect is not None and indicator.basis != "survey":
        yield Problem(file, "a design effect of no survey", row, "design_effect", repr(indicator.id), "an indicator of basis survey")


def in_source(source: Source, *, row: int, file: str) -> Iterator[Problem]:
    """Return a problem for a chosen design effect that is below 1: it would make a survey surer than a simple random sample."""
    effect = source.design_effect
    if effect is not None and not (effect.value >= 1 and math.isfinite(effect.value)):
        described = f"{source.id!r}: {effect.value:g}"
        yield Problem(file, "a design effect that is not cautious", row, "design_effect.value", described, "1 or more, for example 1.5")


def in_means(indicator: Indicator, *, row: int, file: str) -> Iterator[Problem]:
    """Return problems of means over half-years: of numbers other than 2 and 4, or of figures that are not counted here."""
    name = repr(indicator.id)
    if not indicator.means:
        return
    if not set(indicator.means) <= {2, 4} or len(set(indicator.means)) < len(indicator.means):
        described = ", ".join(map(str, indicator.means))
        yield Problem(file, "a mean that cannot be", row, "means", f"{name}: {described}", "2 half-years, 4 half-years, or both")
    if indicator.register is None:
        yield Problem(file, "a mean of half-years that are not counted in a register", row, "means", name, "an indicator with [register]")
    if indicator.noise is not None:
        what = "a mean of figures with noise: it would take the noise away"
        yield Problem(file, what, row, "means", name, "means or noise, not both")


def in_same_people(indicator: Indicator, catalogue: Catalogue, *, row: int, file: str) -> Iterator[Problem]:
    """Return problems of figures that are said to describe the same people as others, where that cannot be or protects nobody."""
    name, other = repr(indicator.id), catalogue.indicator(indicator.same_as)
    if indicator.id in indicator.differs_from or indicator.same_as == indicator.id:
        yield Problem(file, "an indicator held against itself", row, "same_as" if indicator.same_as else "differs_from", name, "another")
    elif indicator.same_as and indicator.same_as in indicator.differs_from:
        yield Problem(file, "the same people and others at once", row, "differs_from", repr(indicator.same_as), "same_as or differs_from")
    if other is None or other.id == indicator.id:
        return
    if indicator.register is not None:
        what = "figures counted in a register, said to be those of another: who is counted is known there"
        yield Problem(file, what, row, "same_as", name, "same_as in the indicator that tables tell")
    if other.same_as:
        yield Problem(
            file, "the same people as one that is itself the same as a third", row, "same_as", repr(other.id), repr(other.same_as)
        )
    if other.rule != indicator.rule:
        yield Problem(file, "the same people under two rules", row, "rule", repr(indicator.rule), repr(other.rule))
    if other.noise is not None:
        yield Problem(file, "figures without noise of the people whom a figure with noise counts", row, "same_as", name, "no noise there")


def in_goal(goal: Goal, catalogue: Catalogue, *, row: int, file: str) -> Iterator[Problem]:
    """Return problems of one goal: targets without a number or on the wrong side, baselines without a period, unclear categories."""
    start = goal.baseline or Baseline()
    if goal.direction == "neither":
        yield Problem(file, "a goal without a direction", row, "direction", repr(goal.id), "up or down")
    for number, target in enumerate(goal.targets, 1):
        for what, described, expected in _target(target, goal, start):
            yield Problem(file, what, row, f"targets[{number}].value", described, expected)
    for place, text in (("baseline.period", start.period), ("demo_baseline", goal.demo_baseline)):
        if text is not None:
            yield from _dated(text, goal, row=row, file=file, place=place)
    indicator = catalogue.indicator(goal.indicator or "")
    if indicator is not None:
        yield from _defined(start, indicator, row=row, file=file)
    yield from _restated(goal, indicator, row=row, file=file)
    for place, what, described, expected in joined_wrongly(goal, invented={each.id for each in catalogue.indicators if each.demo}):
        yield Problem(file, what, row, place, described, expected)
    if goal.part_of == goal.id:
        yield Problem(file, "a goal that is a part of itself", row, "part_of", repr(goal.id), "the id of its main goal")
    yield from _by_lists(goal, start, catalogue, row=row, file=file)
    if goal.category is not None and (goal.category.below is None) == (goal.category.above is None):
        described = "both" if goal.category.below is not None else "neither"
        yield Problem(file, "a category without one clear limit", row, "category", described, "below or above")


def _by_lists(goal: Goal, start: Baseline, catalogue: Catalogue, *, row: int, file: str) -> Iterator[Problem]:
    """A goal that is answered from lists: of which lists, from which on, and what is asked of them."""
    named, of = repr(goal.id), goal.by_lists
    by_name = any(target.unit == "no_newcomers" for target in goal.targets)
    if by_name and (of is None or goal.demo_indicators):
        yield Problem(
            file, "new names on no list", row, "by_lists" if of is None else "demo_indicators", named, "by_lists, and no demo data"
        )
    if of is None:
        return
    families, needs = {listed.family for listed in catalogue.lists}, typing.get_args(Need)
    if of.family not in families:
        yield Problem(file, "a list that is not there", row, "by_lists.family", repr(of.family), ", ".join(sorted(families)))
    if not set(of.needs) <= set(needs):
        yield Problem(file, "an effort that is not there", row, "by_lists.needs", ", ".join(of.needs), ", ".join(needs))
    if goal.indicator is None:
        yield Problem(file, "a goal from lists without an indicator to show it under", row, "indicator", named, "an id of an indicator")
    if start.period is None:
        yield Problem(file, "a goal from lists that begins with none", row, "baseline.period", named, "when the first list was published")


def in_plans(plans: PlanProgramme, *, file: str) -> Iterator[Problem]:
    """Return problems of the plans' charts: figures in no chart, without a number, negative or in another unit; empty charts."""
    figures = [*plans.figures, *(figure for plan in plans.plans for figure in plan.figures)]
    known = {chart.id for chart in plans.charts}
    for drawn in figures:
        if drawn.chart and drawn.chart not in known:
            yield Problem(file, "a figure in no chart", None, "figures.chart", repr(drawn.chart), "the id of a chart")
        if drawn.chart and (isinstance(drawn.value, str) or not drawn.value >= 0):
            yield Problem(
                file, "a figure that cannot be drawn", None, "figures.value", f"{drawn.name.da}: {drawn.value}", "a number, 0 or more"
            )
    for chart in plans.charts:
        units = {drawn.unit.da if drawn.unit else "" for drawn in figures if drawn.chart == chart.id}
        if len(units) != 1:
            yield Problem(file, "a chart that is not of one unit", None, f"charts.{chart.id}", ", ".join(sorted(units)), "one unit")


def _made_of_counts(indicator: Indicator, *, row: int, file: str) -> Iterator[Problem]:
    """A share is in percent and a rate per a number of persons; an index is made of no counts, so a register cannot count it."""
    if indicator.kind == "rate" and indicator.per < 1:
        yield Problem(file, "a rate per nothing", row, "per", f"{indicator.id!r}: {indicator.per}", "1 or more, for example 1000")
    if indicator.kind == "share" and indicator.per != PERCENT:
        expected = "no `per`, or kind rate: a share is in percent"
        yield Problem(file, "a share that is not in percent", row, "per", f"{indicator.id!r}: {indicator.per}", expected)
    if indicator.kind == "index" and indicator.register is not None:
        yield Problem(file, "an index that is counted in a register", row, "kind", repr(indicator.id), "share, rate or count")


def _definitions(indicator: Indicator, *, row: int, file: str) -> Iterator[Problem]:
    if not indicator.definitions:
        yield Problem(file, "an indicator without a definition", row, "definitions", repr(indicator.id), "at least one")
    for version, times in Counter(definition.version for definition in indicator.definitions).items():
        if times > 1:
            yield Problem(file, "a definition version that stands twice", row, "definitions", repr(version), "versions of their own")
    for first in indicator.definitions:
        if first.valid_from and first.valid_to and first.valid_to < first.valid_from:
            described = f"{indicator.id!r}: {first.version}, {first.valid_from} to {first.valid_to}"
            yield Problem(file, "a definition that ends before it begins", row, "definitions", described, "valid_to after valid_from")
    for first, other in itertools.combinations(indicator.definitions, 2):
        if _overlap(first, other):
            described = f"{indicator.id!r}: {first.version} and {other.version}"
            yield Problem(
                file, "two definitions that are valid on the same day", row, "definitions", described, "valid_to before valid_from"
            )


def _overlap(first: Definition, other: Definition) -> bool:
    starts_before = first.valid_from is None or other.valid_to is None or first.valid_from <= other.valid_to
    ends_after = first.valid_to is None or other.valid_from is None or first.valid_to >= other.valid_from
    return starts_before and ends_after


def _bridges(indicator: Indicator, *, row: int, file: str) -> Iterator[Problem]:
    versions = {definition.version for definition in indicator.definitions}
    for number, bridge in enumerate(indicator.bridges, 1):
        place = f"bridges[{number}]"
        described = f"{bridge.before!r} to {bridge.after!r}"
        if not {bridge.before, bridge.after} <= versions or bridge.before == bridge.after:
            yield Problem(file, "a bridge that does not join two definitions", row, place, described, ", ".join(sorted(versions)))
        if not bridge.cite.source:
            yield Problem(file, "a bridge without a source", row, f"{place}.cite.source", "''", "an id in data/sources.toml")
        if not (bridge.factor > 0 and math.isfinite(bridge.factor) and math.isfinite(bridge.offset)):
            yield Problem(file, "a bridge that turns the figures around", row, f"{place}.factor", f"{bridge.factor:g}", "a number above 0")
        if bridge.doubt is not None and not bridge.doubt >= 0:
            yield Problem(file, "a doubt below zero", row, f"{place}.doubt", f"{bridge.doubt:g}", "0 or more")
    yield from _twice(indicator.bridges, row=row, file=file)


def _twice(bridges: tuple[Bridge, ...], *, row: int, file: str) -> Iterator[Problem]:
    """Two bridges that lead on from one definition: the same figure would be carried over to two values."""
    for before, times in Counter(bridge.before for bridge in bridges).items():
        if times > 1:
            yield Problem(file, "two bridges from the same definition", row, "bridges", repr(before), "one")


def _target(target: Target, goal: Goal, start: Baseline) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a target, as (what, found, expected)."""
    if target.unit in _WITH_NUMBER and target.value is None:
        yield "a target without its number", target.unit, "a number"
        return
    aim, base = _aim_and_base(target, start)
    if aim is None or base is None or aim == base or goal.direction == "neither":
        return
    if (aim > base) != (goal.direction == "up"):
        side = "above" if goal.direction == "up" else "below"
        yield "a target on the wrong side of its baseline", f"{aim:g} with direction {goal.direction}", f"a number {side} {base:g}"


def _aim_and_base(target: Target, start: Baseline) -> tuple[float | None, float | None]:
    """The number a target asks for, and the one it must not be on the wrong side of; a change is compared with zero."""
    if target.unit in {"percent", "percentage_points"}:
        return target.value, 0.0
    return (target.value, start.value) if target.unit in {"level", "areas"} else (None, None)


def in_dates(entry: ListEdition | PlanProgramme | HotspotProgramme, *, row: int | None, file: str) -> Iterator[Problem]:
    """Return a problem for each period of a list, a plan or a hotspot that cannot be read."""
    if isinstance(entry, ListEdition):
        dates = [("published", entry.published)]
    elif isinstance(entry, PlanProgramme):
        dates = [(f"plans[{n}].{name}", text) for n, plan in enumerate(entry.plans, 1) for name, text in _times(plan)]
        dates += [(f"evaluations[{n}].period", evaluation.period) for n, evaluation in enumerate(entry.evaluations, 1)]
    else:
        dates = [(f"areas[{n}].{name}", text) for n, area in enumerate(entry.areas, 1) for name, text in _times(area)]
    for place, text in dates:
        yield from _unreadable(text, row=row, file=file, place=place)
    if not isinstance(entry, ListEdition):
        yield from _backwards(entry, row=row, file=file)


def _backwards(programme: PlanProgramme | HotspotProgramme, *, row: int | None, file: str) -> Iterator[Problem]:
    """A plan or a hotspot that ends before it begins; what cannot be read is told elsewhere."""
    key = "plans" if isinstance(programme, PlanProgramme) else "areas"
    entries: Sequence[Plan | HotspotArea] = programme.plans if isinstance(programme, PlanProgramme) else programme.areas
    for number, entry in enumerate(entries, 1):
        first, last = periods.read(entry.valid_from or ""), periods.read(entry.valid_to or "")
        if first and last and last.last < first.first:
            described = f"{entry.valid_from} to {entry.valid_to}"
            yield Problem(file, "an end before its beginning", row, f"{key}[{number}].valid_to", described, "valid_to after valid_from")


def _times(entry: Plan | HotspotArea) -> Iterator[tuple[str, str]]:
    yield from ((name, text) for name, text in (("valid_from", entry.valid_from), ("valid_to", entry.valid_to)) if text)


def _unreadable(text: str, *, row: int | None, file: str, place: str) -> Iterator[Problem]:
    if periods.read(text) is None:
        yield Problem(file, "a period that cannot be read", row, place, repr(text), periods.EXPECTED)


def _dated(text: str, goal: Goal, *, row: int, file: str, place: str) -> Iterator[Problem]:
    yield from (unread := list(_unreadable(text, row=row, file=file, place=place)))
    if unread:
        return
    period = Period.parse(text)
    if goal.deadline is not None and period.first > goal.deadline:
        yield Problem(file, "a baseline after the deadline", row, place, text, f"a period that begins by {goal.deadline}")


def _defined(start: Baseline, indicator: Indicator, *, row: int, file: str) -> Iterator[Problem]:
    """A stated value must say which definition it follows; otherwise a verdict could reach across a break unnoticed."""
    versions = [definition.version for definition in indicator.definitions]
    if start.definition is not None and start.definition not in versions:
        yield Problem(file, "a baseline of an unknown definition", row, "baseline.definition", repr(start.definition), ", ".join(versions))
    if start.value is not None and start.period is None and start.definition is None and len(versions) > 1:
        what = "a baseline that does not tell its definition"
        yield Problem(file, what, row, "baseline.definition", "nothing", ", ".join(versions))


def _restated(goal: Goal, indicator: Indicator | None, *, row: int, file: str) -> Iterator[Problem]:
    """A target that was restated names the measuring method that it was set by before."""
    versions = [definition.version for definition in indicator.definitions] if indicator else []
    for number, target in enumerate(goal.targets, 1):
        if target.restated is not None and target.restated.definition not in versions:
            place, described = f"targets[{number}].restated.definition", repr(target.restated.definition)
            yield Problem(file, "a restated target of an unknown definition", row, place, described, ", ".join(versions) or "an indicator")
