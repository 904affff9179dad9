"""Who is on the editions of a list: what came and went between two of them, by names, and what cannot be told.

An area is known by its code, and by its name where the two lists give no codes of one area set. Only the names decide: the number that
a source prints beside a list is never counted with. What is not known is not there and not absent: of a list whose names are not all
known, a name may be missing for want of a source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from geo.model.areas import name_key
from geo.model.catalogue import ListEdition, Member
from geo.model.vocabulary import Period, Reason

NEEDS: Final = ("markant", "intensiveret", "almindelig", "ingen")
"""The efforts of the safety index, the most first."""

Key = tuple[str, str]
"""An area set and a code, or "" and a folded name."""


@dataclass(frozen=True)
class ListState:
    """Who was on a list when it was published; of the safety index, the lists of one publication taken together.

    complete: whether all names are known; of the safety index, whether each is a whole district too: parts of an area may be several.
    criteria: the version that all its lists say, "" where they do not say one.
    """

    period: Period
    lists: tuple[ListEdition, ...]
    members: Mapping[Key, Member]
    complete: bool
    criteria: str

    @property
    def number(self) -> int | None:
        """How many areas are on it; None where not all names are known."""
        return len(self.members) if self.complete else None


@dataclass(frozen=True)
class Moved:
    """What differs between two editions of a list, each part sorted by name.

    came: on the later one only; None where the names of the earlier one are not all known, or those of the later one are not and none of
    them is new. went: the other way round. stayed: on both. reason: why no change of an area can be read from it, None where both follow
    the same criteria and all names are known.
    """

    came: tuple[Member, ...] | None
    went: tuple[Member, ...] | None
    stayed: tuple[Member, ...]
    reason: Reason | None


def key(member: Member) -> Key:
    """By what an area is known on one list."""
    return (member.area_set, member.area_id) if member.area_id else ("", name_key(member.name))


def find(state: ListState, member: Member) -> Member | None:
    """Return the same area on another list, the one of the same code first; None without one."""
    if key(member) in state.members:
        return state.members[key(member)]
    return next((other for other in state.members.values() if member.is_same(other)), None)


def named(listed: ListEdition) -> bool:
    """Whether all names of a list are known, and of the safety index each is one whole district."""
    return listed.complete and (listed.need is None or all(member.extent == "whole" for member in listed.members))


def state(lists: Sequence[ListEdition], needs: Sequence[str] = ()) -> ListState:
    """Take lists of one publication together. needs: those that must each have a list, or names are missing."""
    members = {key(member): member for listed in lists for member in listed.members}
    there, criteria = {listed.need for listed in lists}, {listed.criteria for listed in lists}
    return ListState(
        period=Period.parse(lists[0].published),
        lists=tuple(lists),
        members=members,
        complete=all(named(listed) for listed in lists) and set(needs) <= there,
        criteria=next(iter(criteria)) if len(criteria) == 1 else "",
    )


def states(lists: Iterable[ListEdition], family: str, needs: Sequence[str] = ()) -> tuple[ListState, ...]:
    """Return the editions of a family in the order of their publication. needs: of the safety index, those that are asked about."""
    together: dict[tuple[str, str], list[ListEdition]] = {}
    for listed in lists:
        if listed.family == family and (not needs or listed.need in needs):
            together.setdefault((Period.parse(listed.published).code, "" if listed.need else listed.id), []).append(listed)
    made = [(name, state(sorted(parts, key=lambda part: part.id), needs)) for name, parts in together.items()]
    return tuple(made_of for _, made_of in sorted(made, key=lambda pair: (pair[1].period, pair[0])))


def broken(before: ListState, now: ListState) -> Reason | None:
    """Return why two editions cannot be held against each other: other criteria, or criteria that are not said; None when they can."""
    if not before.criteria or not now.criteria:
        return Reason.CRITERIA_UNKNOWN
    return None if before.criteria == now.criteria else Reason.DEFINITION_BREAK


def moved(before: ListState, now: ListState) -> Moved:
    """Return what came and went from one edition to another."""
    unknown = None if before.complete and now.complete else Reason.NAMES_UNKNOWN
    return Moved(
        came=_without(now, before),
        went=_without(before, now),
        stayed=_sorted(member for member in now.members.values() if find(before, member)),
        reason=broken(before, now) or unknown,
    )


def _without(of: ListState, other: ListState) -> tuple[Member, ...] | None:
    """Who is on one edition and not on the other; None where that cannot be told, or nobody is known and somebody may be unknown."""
    only = _sorted(member for member in of.members.values() if find(other, member) is None)
    return only if other.complete and (only or of.complete) else None


def _sorted(members: Iterable[Member]) -> tuple[Member, ...]:
    return tuple(sorted(members, key=lambda member: (member.name.casefold(), member.name)))
