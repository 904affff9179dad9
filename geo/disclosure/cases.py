"""Yearly counts of cases, divided by ground and by kind of place: what is hidden so that no small count can be worked out.

Two tables of one year have the same total and nothing else in common, and no sum over years is published, so each table is a problem
of its own: counts that add up to a total which everybody reads.

*The rule.* A count below the limit k is hidden, 0 as well. With it go counts that are not small, in the order in which the kinds are
listed (which no count decides), one at least, and more until the hidden ones together exceed k for each that is not small by k - 1 or
more; where that never happens, the whole table is hidden. A total below k is hidden with everything under it.

*Why it holds.* A reader knows the sum S of the hidden ones and this rule. Let c of them not be small, and E = S - c k: what the small
ones have, and what the others have beyond k. With c = 1, E >= k - 1: any one small count may be 0 ... k - 1, all other small ones 0, and
the one that is not small S minus it, at least k. With c >= 2 the rule did not stop before, so what the small ones have and all but the
last have beyond k is at most k - 2: any one small count may be 0 ... k - 2, the others 0, all but the last exactly k, and the last the
rest. Where the whole table is hidden, every order of the same counts is as possible. So a small count beside a shown one keeps k - 1
possible values or more. The test tries every table of a small size and inverts the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from geo.model.reported.discrimination import GROUNDS, PLACES, CaseYear, ShownCases
from geo.model.rules import Rule

_LEAST: Final = 3
"""The limit where no rule has a higher one: Statistics Denmark's smallest cell (dst-diskretion-2015, P178)."""
_Kind = TypeVar("_Kind", bound=str)


def limit(rules: Iterable[Rule]) -> int:
    """Return the strictest limit that any rule sets for any audience, and 3 at least: the year's cases are the same for everybody."""
    return max([_LEAST, *(each.min_count for rule in rules for each in rule.thresholds.values())])


def shown(cases: CaseYear, *, limit: int, earlier: Sequence[ShownCases] = ()) -> ShownCases:
    """Return a year's cases as everybody may see them.

    limit: the smallest count that is shown. earlier: the same entry in editions that are out. Where one of them shows other figures of
    the year, the division is left out: what differs between two divided tables could be put together.
    """
    total = cases.total if cases.total >= limit else None
    made = ShownCases(
        id=cases.id,
        measure=cases.measure,
        year=cases.year,
        total=total,
        grounds=_divided(cases.grounds, list(GROUNDS), cases.total, limit),
        places=_divided(cases.places, list(PLACES), cases.total, limit),
        cite=cases.cite,
        note=cases.note,
    )
    if all(_figures(each) == _figures(made) for each in earlier):
        return made
    return ShownCases(
        id=cases.id, measure=cases.measure, year=cases.year, total=total, withheld=True, cite=cases.cite, note=cases.note
    )  # fmt: skip


def _figures(cases: ShownCases) -> tuple[object, ...]:
    return cases.total, cases.grounds, cases.places, cases.withheld


def _divided(counts: Mapping[_Kind, int], kinds: Sequence[_Kind], total: int, limit: int) -> dict[_Kind, int | None]:
    """A table after disclosure control: every kind, None where its count is hidden; empty where the cases are not divided."""
    if not counts:
        return {}
    every = [counts.get(kind, 0) for kind in kinds]
    gone = hidden(every, limit) if total >= limit else frozenset(range(len(kinds)))
    return {kind: None if place in gone else every[place] for place, kind in enumerate(kinds)}


def hidden(counts: Sequence[int], limit: int) -> frozenset[int]:
    """Return the places of the counts to hide in a table whose total is shown, by the rule above."""
    small = {place for place, count in enumerate(counts) if count < limit}
    if not small:
        return frozenset()
    gone = set(small)
    excess = sum(counts[place] for place in small)
    for place, count in enumerate(counts):
        if place not in small:
            gone.add(place)
            excess += count - limit
            if excess >= limit - 1:
                break
    return frozenset(gone)
