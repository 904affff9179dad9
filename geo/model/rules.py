"""What people write about disclosure control: limits for each audience, their source, what hiding costs, and accepted exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from geo.model.sources import Cite
from geo.model.vocabulary import Audience, Text, Value


class Threshold(Value, frozen=True, kw_only=True):
    """What a rule hides from one audience; 0 means no limit.

    min_count: counts of 1 to min_count - 1 are hidden, and so are remainders (denominator - count) of that size. min_denominator:
    shares of fewer persons are hidden. min_answers: shares of fewer answers are hidden. min_residents: every figure of an area in
    which a register counts fewer people is hidden; it corresponds to a limit on the number of households.
    """

    min_count: int = 0
    min_denominator: int = 0
    min_answers: int = 0
    min_residents: int = 0


LIMITS: Final = ("min_count", "min_denominator", "min_answers", "min_residents")


class Accepted(Value, frozen=True, kw_only=True):
    """An earlier edition that shows what the rule would hide today, and the reason why a new edition may be published all the same."""

    edition: str
    reason: str


class Rule(Value, frozen=True, kw_only=True):
    """A disclosure rule: thresholds for each audience, and what they rest on.

    costs: what it costs to hide a figure, by area set (default 1; for a set of groups, a tenth of what its members cost). Where there
    is a choice, the cheaper figures are hidden. known: columns of a register, such as the age, in which an outsider may know
    everybody's value; the protection never relies on them.
    """

    id: str
    name: Text
    thresholds: dict[Audience, Threshold]
    costs: dict[str, float] = {}
    known: tuple[str, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    cite: Cite | None = None
    note: Text | None = None


def clashes(rule: Rule) -> Iterator[tuple[str, str, str, str]]:
    """Return how a rule contradicts itself, as tuples (field, what is wrong, what was found, what was expected)."""
    known = [audience for audience in Audience if audience in rule.thresholds]
    for audience in known:
        yield from _alone(rule.thresholds[audience], f"thresholds.{audience.value}")
    for outer, inner in pairwise(known):
        yield from _together(rule, outer, inner)
    for area_set, cost in rule.costs.items():
        if not cost > 0:
            yield f"costs.{area_set}", "hiding that costs nothing", f"{cost:g}", "a number above 0"
    for number, accepted in enumerate(rule.accepted, 1):
        if not accepted.reason.strip():
            yield f"accepted[{number}].reason", "accepted without a reason", accepted.edition, "why it may be published all the same"


def _alone(limits: Threshold, place: str) -> Iterator[tuple[str, str, str, str]]:
    for name in LIMITS:
        if getattr(limits, name) < 0:
            yield f"{place}.{name}", "a limit below zero", str(getattr(limits, name)), "0 or more"
    if limits.min_count == 1:
        yield f"{place}.min_count", "a limit that hides nothing", "1", "0 for no limit, or 2 and more"
    if limits.min_count and limits.min_denominator < 2 * limits.min_count:
        # In a smaller group every count but 0 and the whole group is hidden, and those two say the same thing of each member.
        described, expected = f"min_count {limits.min_count}, min_denominator {limits.min_denominator}", f"at least {2 * limits.min_count}"
        yield f"{place}.min_denominator", "thresholds that contradict each other", described, expected
    if not limits.min_count and (limits.min_denominator or limits.min_residents):
        expected = "a min_count: a small group is hidden for the few in it"
        yield f"{place}.min_count", "thresholds that contradict each other", "groups hidden, single persons shown", expected


def _together(rule: Rule, outer: Audience, inner: Audience) -> Iterator[tuple[str, str, str, str]]:
    """Whoever is further inside also reads what is published outside, so a limit further inside can never be the stricter one."""
    for name in LIMITS:
        wide, narrow = getattr(rule.thresholds[outer], name), getattr(rule.thresholds[inner], name)
        if narrow > wide:
            place = f"thresholds.{inner.value}.{name}"
            yield place, f"stricter than for {outer.value}, which {inner.value} may read too", str(narrow), f"at most {wide}"
