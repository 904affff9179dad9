"""One verdict of several: a goal that is about several things is met when every one of them is.

One part that surely went the wrong way decides no, whatever the others did. Otherwise a break in one part is a break of the whole, and
a part that cannot be decided or is not measured leaves the goal open: a missing part is never left out. Yes takes all of them.

Yes needs no correction for the number of parts: if one part did not move, all of them say yes only when that one does by chance, which
is as seldom as for a goal with one measure (Berger, R. L. (1982), Technometrics 24: 295-300). No does: of three parts in which nothing
changed, one has an interval on the wrong side of zero by chance in 1 - 0.975 ** 3 = 7.3 percent, not in 2.5. So the five percent are
divided among the parts that are tested (Bonferroni): a part decides no only where its p-value is below 0.05 / parts. A false no is then
no likelier than for one measure, whatever the other parts did. The list of areas is controlled otherwise (`geo.figures.multiple`): there
the share of false ones is what matters, here it is one answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from geo.figures import multiple
from geo.figures.differences import ALPHA, IntervalEstimate
from geo.model.goals import Goal, Target
from geo.model.results import Judgement, PartVerdict
from geo.model.vocabulary import Reason, Verdict

_GOOD = frozenset({Verdict.REACHED, Verdict.ON_TRACK})
_BAD = frozenset({Verdict.NOT_REACHED, Verdict.OFF_TRACK})


def judge(goal: Goal, measured: Sequence[Sequence[Judgement]]) -> Iterator[Judgement]:
    """Judge every target of a goal with parts, for all its areas together and for each area in which any part is judged.

    measured: the judgements of each part, in the order of `goal.together`. What is yielded names no indicator, and has the parts.
    """
    own = {(each.area_set, each.area_id): None for part in measured for each in part if each.area_id}
    for target in goal.targets:
        for area_set, area_id in ((goal.area_set, ""), *sorted(own)):
            parts = [_of(part, target, area_set, area_id) for part in measured]
            blank = Judgement(goal=goal.id, target=target.id, area_set=area_set, area_id=area_id)
            yield _joined(blank, target, [each or _missing(name, blank) for name, each in zip(goal.together, parts, strict=True)])


def _of(part: Iterable[Judgement], target: Target, area_set: str, area_id: str) -> Judgement | None:
    """The judgement of a part in an area; that of all areas together may be of another set, where the source has one figure for them."""
    return next(
        (each for each in part if (each.target, each.area_id) == (target.id, area_id) and (not area_id or each.area_set == area_set)), None
    )


def _missing(name: str, blank: Judgement) -> Judgement:
    """A part that has no figure in an area where another has one."""
    return Judgement(
        goal=blank.goal, target=blank.target, indicator=name, area_set=blank.area_set, area_id=blank.area_id, reason=Reason.NO_INDICATOR
    )


def _joined(blank: Judgement, target: Target, judged: Sequence[Judgement]) -> Judgement:
    chances = [multiple.chance(_weighed(each, target)) for each in judged]
    tested = sum(not math.isnan(chance) for chance in chances)
    surely = [math.isnan(chance) or chance < ALPHA / tested for chance in chances]
    parts = tuple(
        PartVerdict(indicator=each.indicator, verdict=each.verdict, reason=each.reason, decides=sure or each.verdict not in _BAD)
        for each, sure in zip(judged, surely, strict=True)
    )
    verdict, reason = _verdict(parts)
    return Judgement(
        goal=blank.goal, target=blank.target, area_set=blank.area_set, area_id=blank.area_id, verdict=verdict, reason=reason, parts=parts
    )


def _verdict(parts: Sequence[PartVerdict]) -> tuple[Verdict | None, Reason | None]:
    """All yes is yes, one sure no is no, then one break is a break; all else is open. Nothing measured at all is not measured."""
    verdicts = {part.verdict for part in parts}
    no = {part.verdict for part in parts if part.verdict in _BAD and part.decides}
    if no:
        return Verdict.NOT_REACHED if Verdict.NOT_REACHED in no else Verdict.OFF_TRACK, None
    if Verdict.BREAK in verdicts:
        return Verdict.BREAK, Reason.DEFINITION_BREAK
    if verdicts == {None}:
        return None, Reason.NO_INDICATOR
    if not verdicts <= _GOOD:
        return Verdict.UNDECIDED, Reason.HIDDEN if any(part.reason is Reason.HIDDEN for part in parts) else Reason.PART_OPEN
    return Verdict.REACHED if verdicts == {Verdict.REACHED} else Verdict.ON_TRACK, None


def _weighed(judgement: Judgement, target: Target) -> IntervalEstimate:
    """What a part's verdict was weighed on, as a difference from zero: the ratio of two rates less one, the change, or the gap.

    NaN where it was not weighed, and for full counts, in which there is no chance.
    """
    if target.unit != "direction":
        ends = judgement.gap, judgement.gap_low, judgement.gap_high
    elif judgement.ratio is not None and judgement.ratio_low is not None:
        high = math.inf if judgement.ratio_high is None else judgement.ratio_high
        ends = judgement.ratio - 1, judgement.ratio_low - 1, high - 1
    else:
        ends = judgement.change, judgement.change_low, judgement.change_high
    value, low, high = (math.nan if end is None else end for end in ends)
    return IntervalEstimate(value, low, high)
