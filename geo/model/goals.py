"""The goals of the policy, as types: the value a goal starts from, the value it aims at, the deadline, and the papers it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Literal

from geo.model.sources import Cite, Reported
from geo.model.vocabulary import Direction, Text, Value


class Decision(Value, frozen=True, kw_only=True):
    """The decision a goal rests on: who took it. `date` is absent when the sources do not state it."""

    text: Text
    cite: Cite
    date: dt.date | None = None


class Baseline(Value, frozen=True, kw_only=True):
    """Where a goal starts. `period` is absent when the source does not date the value.

    definition: the version of the indicator's definition that the value follows; needed where the indicator has several and the
    period does not decide it. vintage: the day from which the outlines were valid that the value was counted in. missing: what is said
    for as long as there is no value to start from.
    """

    value: float | None = None
    period: str | None = None
    definition: str | None = None
    vintage: dt.date | None = None
    note: Text | None = None
    missing: Text | None = None
    cite: Cite | None = None


class Category(Value, frozen=True, kw_only=True):
    """The areas that a goal counts: those whose value of the goal's indicator lies below a limit, or above it. One limit is given."""

    name: Text
    below: float | None = None
    above: float | None = None
    cite: Cite | None = None


class Restated(Value, frozen=True, kw_only=True):
    """The value that a target had before it was restated, and the version of the indicator's definition that it was set by."""

    value: float
    definition: str
    cite: Cite


class Rhythm(Value, frozen=True, kw_only=True):
    """How often the papers say that a goal is measured."""

    every: Literal["half_year", "year"]
    cite: Cite


class ByLists(Value, frozen=True, kw_only=True):
    """The editions of a family of lists that a goal is answered from, by the names on them: areas on a list, not a typed count.

    needs: of the safety index, the efforts whose districts count (words of `geo.model.catalogue.Need`); none is every list.
    """

    family: str
    needs: tuple[str, ...] = ()


class Target(Value, frozen=True, kw_only=True):
    """One reading of where a goal wants to be.

    unit: `level` (a value of the indicator), `percent` (relative change from the baseline), `percentage_points` (absolute
    change), `areas` (a number of areas), `no_newcomers` (no area on a list that was not on the first), `direction` (only that it must
    move the right way), `parity` (a gap of zero).
    restated: what it was before it was restated by another measuring method; None when it never was.
    """

    id: str
    name: Text
    unit: Literal["level", "percent", "percentage_points", "areas", "no_newcomers", "direction", "parity"]
    value: float | None = None
    restated: Restated | None = None
    cite: Cite | None = None


class Goal(Value, frozen=True, kw_only=True):
    """A goal of the policy. `wording` is the official sentence, quoted; `question` is our own plain version of it.

    `decision` is the decision that the goal rests on and `cite` the place where its wording is printed. `reported` is what the city's
    own papers say about the result, which may be that they have no figures. A goal with a `category` is about the number of its areas
    in that category; its baseline and targets are then numbers of areas. A goal with `by_lists` is answered by the names on lists: its
    baseline is the list published in the baseline's period, its figures are numbers of areas on lists whose names are all known.

    `theme` is the heading under which the policy puts the goal. `note` is true whatever the figures are; `missing` is said for as long as
    the goal is open and none of its real measures has a figure from before its deadline, `demo_note` where demo data are shown.

    `indicator` is the id of the real measure. A goal about several things names the ids of their measures in `together` instead: each
    gets a verdict of its own, and the goal is met only when all of them are (geo.conclusions.together). `demo_indicators` are
    made-up ones that show how the goal would be judged. A goal without a real measure is shown as "ikke målt", and `deliverer` says who
    would have to measure it. `part_of` is the id of the main goal that a goal supplements; `rhythm` is absent where the papers do not
    say how often the goal is measured.
    """

    id: str
    policy: str
    name: Text
    question: Text
    wording: str
    direction: Direction
    deadline: dt.date | None
    targets: tuple[Target, ...]
    cite: Cite
    page: str = ""
    decision: Decision | None = None
    reported: Reported | None = None
    category: Category | None = None
    by_lists: ByLists | None = None
    indicator: str | None = None
    together: tuple[str, ...] = ()
    demo_indicators: tuple[str, ...] = ()
    area_set: str = "kommune"
    area_ids: tuple[str, ...] = ()
    frozen_list: str | None = None
    baseline: Baseline | None = None
    demo_baseline: str | None = None
    deliverer: Text | None = None
    note: Text | None = None
    missing: Text | None = None
    demo_note: Text | None = None
    part_of: str | None = None
    rhythm: Rhythm | None = None
    theme: Text | None = None
    order: int = 100

    @property
    def indicators(self) -> tuple[str, ...]:
        """Ids of what the goal is judged by: the real measures first, then the made-up ones."""
        return self.measures + self.demo_indicators

    @property
    def measures(self) -> tuple[str, ...]:
        """Ids of the real measures: one, or those of the goal's parts."""
        return (self.indicator,) if self.indicator else self.together

    @property
    def counts_areas(self) -> bool:
        """Whether the goal's figures are numbers of areas, whatever its indicator is measured in."""
        return self.category is not None or self.by_lists is not None


def joined_wrongly(goal: Goal, *, invented: Collection[str]) -> Iterator[tuple[str, str, str, str]]:
    """Return what is wrong with the parts of a goal, as tuples (field, what is wrong, what was found, what was expected).

    They are real measures, two or more, each once, with nothing beside them that can be true of one measure only. invented: the ids of
    the made-up indicators.
    """
    if not goal.together:
        return
    start, named = goal.baseline or Baseline(), ", ".join(goal.together)
    if len(set(goal.together)) < max(2, len(goal.together)):
        yield "together", "parts of a goal that are not several", named, "two indicators or more, each once"
    for name in goal.together:
        if name in invented:
            yield "together", "an invented part of a goal", repr(name), "indicators that are not demo"
    single = {"indicator": goal.indicator, "category": goal.category, "by_lists": goal.by_lists}
    for place, given in (single | {"baseline.value": start.value, "baseline.definition": start.definition}).items():
        if given is not None:
            yield place, "a goal of several parts that has what one measure has", named, "together alone"
