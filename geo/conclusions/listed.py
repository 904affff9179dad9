"""The verdict on a goal that is answered from lists, name by name: that no area is on a list that was not on the first, or how many are.

A newcomer is a name on an edition with the criteria of the first and not on the first. None is told across a change of criteria: the
series is broken there. Nothing is told of a list whose names are not all known, but that a name which is known is new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

import msgspec
import pandas as pd

from geo.conclusions import membership, verdict
from geo.conclusions.membership import ListState
from geo.conclusions.verdict import Reading
from geo.model.catalogue import ListEdition
from geo.model.goals import Goal
from geo.model.indicators import Indicator
from geo.model.results import OBSERVATION_COLUMNS, Judgement, Step
from geo.model.vocabulary import Period, Reason, Status, Verdict


def judge(goal: Goal, indicator: Indicator, lists: Sequence[ListEdition]) -> Iterator[Judgement]:
    """Judge every target of a goal with `by_lists`. indicator: the one that the answer is shown under; its figures are not used.

    Raises ValueError for a goal without `by_lists`.
    """
    if goal.by_lists is None:
        raise ValueError(f"{goal.id}: a goal that is not answered from lists")
    editions = membership.states(lists, goal.by_lists.family, goal.by_lists.needs)
    start = Period.parse(goal.baseline.period) if goal.baseline and goal.baseline.period else None
    first = _first(goal, [edition for edition in editions if start and edition.period.code == start.code])
    due = [edition for edition in editions if goal.deadline is None or edition.period.first <= goal.deadline]
    later = tuple(edition for edition in due if first is not None and edition.period > first.period)
    for target in goal.targets:
        blank = Judgement(goal=goal.id, target=target.id, indicator=indicator.id, area_set=goal.area_set)
        if first is None or not later:
            missing = Reason.NO_BASELINE if first is None else Reason.NO_LATEST
            yield msgspec.structs.replace(blank, verdict=Verdict.UNDECIDED, reason=missing)
        elif target.unit == "no_newcomers":
            yield _by_names(blank, goal, first, later)
        else:
            lost = _lost(membership.states(lists, goal.by_lists.family), first, later[-1]) if goal.by_lists.needs else 0
            yield _by_number(blank, Reading(goal, target, indicator), first, later, lost)


def _first(goal: Goal, dated: Sequence[ListState]) -> ListState | None:
    """The edition that a goal begins with, of those of that day: the one that it names where there are several."""
    named = [edition for edition in dated if goal.frozen_list in {listed.id for listed in edition.lists}]
    several = named or dated
    return several[0] if len(several) == 1 else None


def _by_names(blank: Judgement, goal: Goal, first: ListState, later: Sequence[ListState]) -> Judgement:
    same = tuple(takewhile(lambda edition: membership.broken(first, edition) is None, later))
    until = same[-1] if same else first
    came = {
        name: member.name
        for edition in same
        for name, member in edition.members.items()
        if first.complete and membership.find(first, member) is None
    }
    shown = until if came else later[-1]
    over = goal.deadline is not None and later[-1].period.last >= goal.deadline
    ruling, reason = _ruling(first, later, same, new=bool(came), over=over)
    return msgspec.structs.replace(
        blank,
        verdict=ruling,
        reason=reason,
        baseline=_number(first),
        baseline_period=first.period.code,
        latest=_number(shown),
        latest_period=shown.period.code,
        low=_number(shown),
        high=_number(shown),
        interval="count" if shown.complete else "none",
        newcomers=tuple(sorted(set(came.values()), key=str.casefold)),
        compared_until=until.period.code if same else None,
        course=tuple(
            Step(period=edition.period.code, value=number, low=number, high=number, definition=edition.criteria)
            for edition in (first, *later)
            if (number := _number(edition)) is not None
        ),
    )


def _ruling(
    first: ListState, later: Sequence[ListState], same: Sequence[ListState], *, new: bool, over: bool
) -> tuple[Verdict, Reason | None]:
    """The verdict on names. same: the later editions with the criteria of the first. over: whether the newest reaches the deadline."""
    if not first.complete:
        return Verdict.UNDECIDED, Reason.NAMES_UNKNOWN
    if new:
        return (Verdict.NOT_REACHED if over else Verdict.OFF_TRACK), None
    if len(same) < len(later):
        reason = membership.broken(first, later[len(same)])
        return (Verdict.BREAK if reason == Reason.DEFINITION_BREAK else Verdict.UNDECIDED), reason
    if not all(edition.complete for edition in later):
        return Verdict.UNDECIDED, Reason.NAMES_UNKNOWN
    return (Verdict.REACHED if over else Verdict.ON_TRACK), None


def _lost(whole: Sequence[ListState], first: ListState, last: ListState) -> int:
    """How many districts of the first edition stand on no list of the last one, though it has a list for every effort.

    They were drawn or named otherwise, or left out: nobody knows which effort they need now.
    """
    before, now = (next(edition for edition in whole if edition.period == of.period) for of in (first, last))
    if {listed.need for listed in now.lists} != set(membership.NEEDS):
        return 0
    return sum(membership.find(now, member) is None for member in before.members.values())


def _by_number(blank: Judgement, reading: Reading, first: ListState, later: Sequence[ListState], lost: int) -> Judgement:
    """Judge how many areas are on the lists, as any other number: exact, since every name is known.

    lost: districts of which nobody knows the effort now; each may be on the last edition's lists too.
    """
    last, rows = later[-1], _rows((first, *later), reading.indicator)
    if lost and not rows.empty:
        rows.loc[rows.index[-1], ["high", "interval"]] = [rows["value"].iloc[-1] + lost, "areas"]
    reason = None if first.complete and last.complete else Reason.NAMES_UNKNOWN
    reason = reason or (None if first.criteria and last.criteria else Reason.CRITERIA_UNKNOWN)
    if reason is None:
        return verdict.weigh(blank, reading, rows)
    return msgspec.structs.replace(
        blank,
        verdict=Verdict.UNDECIDED,
        reason=reason,
        baseline=_number(first),
        baseline_period=first.period.code,
        latest=_number(last),
        latest_period=last.period.code,
    )


def _rows(editions: Sequence[ListState], indicator: Indicator) -> pd.DataFrame:
    """Numbers of areas as observations, a row an edition of which all names are known."""
    known = [(edition, number) for edition in editions if (number := _number(edition)) is not None and edition.criteria]
    plain = dict.fromkeys(OBSERVATION_COLUMNS, "") | dict.fromkeys(("numerator", "denominator", "n"), float("nan"))
    rows = [
        plain
        | dict.fromkeys(("value", "low", "high"), number)
        | {"indicator": indicator.id, "period": edition.period.code, "definition": edition.criteria}
        | {"interval": "count", "status": Status.FINAL.value}
        for edition, number in known
    ]
    return pd.DataFrame(rows, columns=list(OBSERVATION_COLUMNS))


def _number(edition: ListState) -> float | None:
    return None if edition.number is None else float(edition.number)
