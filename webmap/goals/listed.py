"""Editions of lists in words: who is on them, what came and went, where the criteria break, and the answer that follows from the names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from geo.conclusions import membership
from geo.conclusions.membership import ListState
from geo.model.catalogue import ListEdition, Member
from geo.model.goals import Goal
from geo.model.results import Judgement
from geo.model.vocabulary import Period, Reason, Text
from webmap.edition.reader import Reader
from webmap.language import wording
from webmap.language.terms import NEED, why
from webmap.language.wording import by_name

_WHY: Final[Mapping[Reason, Text]] = {
    Reason.NO_BASELINE: Text(da="vi har ikke den liste, målet begynder med", en="we do not have the list that the goal begins with"),
    Reason.NO_LATEST: Text(da="vi har ingen senere liste fra før fristen", en="we have no later list of before the deadline"),
    Reason.DEFINITION_BREAK: Text(da="kriterierne er ændret undervejs", en="the criteria changed in between"),
}


@dataclass(frozen=True)
class ListRow:
    """One edition of a list in a table. number: how many are on it, by names or else by the source, which `typed` then says.

    came, went: names against the edition before, of the same criteria; "" where there is none, or where it cannot be told.
    """

    listed: ListEdition
    when: str
    number: str
    typed: bool
    came: str
    went: str


@dataclass(frozen=True)
class Era:
    """Editions in a row that follow the same criteria. first: from when, last: until when. answer: what the names say within them.

    criteria: what it takes to be on the list; judged: whether the goal is judged by these editions.
    """

    first: str
    last: str
    criteria: str
    answer: str
    newcomers: str
    rows: tuple[ListRow, ...]
    judged: bool = False


def eras(reader: Reader, family: str, goal: Goal | None = None, *, until: dt.date | None = None) -> tuple[Era, ...]:
    """Return the editions of a family in the order of time, parted where the criteria change.

    goal: one that begins with one of them. until: a day after which no part begins, for example the goal's deadline.
    """
    states = membership.states(reader.edition.catalogue.lists, family)
    grouped = groupby(enumerate(states), key=lambda pair: pair[1].criteria or f"?{pair[0]}")
    parts = [[state for _, state in group] for _, group in grouped]
    return tuple(_era(reader, part, goal) for part in parts if until is None or part[0].period.first <= until)


def _era(reader: Reader, states: Sequence[ListState], goal: Goal | None) -> Era:
    first, last = states[0], states[-1]
    begun = Period.parse(goal.baseline.period).code if goal and goal.baseline and goal.baseline.period else ""
    judged = next((number for number, state in enumerate(states) if state.period.code == begun), None)
    asked = states[judged or 0 :]
    rows = [_row(reader, before, state) for before, state in zip([None, *states], states, strict=False)]
    return Era(
        first=wording.period(first.lists[0].published, reader.language),
        last=wording.period(last.lists[0].published, reader.language),
        criteria=_criteria(reader, first, goal),
        answer=_answer(asked, reader.language),
        newcomers=names(_new(asked), reader.language),
        rows=tuple(rows),
        judged=judged is not None,
    )


def _criteria(reader: Reader, state: ListState, goal: Goal | None) -> str:
    """The words of the definition of the goal's indicator that goes by the criteria's name; else the list's own."""
    indicator = reader.edition.catalogue.indicator(goal.indicator or "") if goal else None
    known = {definition.version: definition.text for definition in (indicator.definitions if indicator else ())}
    return known.get(state.criteria, state.lists[0].definition).in_(reader.language)


def _row(reader: Reader, before: ListState | None, state: ListState) -> ListRow:
    listed = state.lists[0]
    moved = membership.moved(before, state) if before is not None else None
    return ListRow(
        listed=listed,
        when=wording.period(listed.published, reader.language),
        number=_number(state, reader.language),
        typed=state.number is None,
        came=_part(moved.came, state, reader.language) if moved else "",
        went=_part(moved.went, before, reader.language) if moved else "",
    )


def _number(state: ListState, language: str) -> str:
    """How many are on a list: by its names; where not all are known, as the source counts them."""
    number = state.lists[0].count if state.number is None else state.number
    return wording.NONE if number is None else wording.number(number, decimals=0, language=language)


def _part(members: Sequence[Member] | None, of: ListState | None, language: str) -> str:
    """Names, and that there may be more where not all of the edition's are known."""
    if members is None:
        return Text(da="kan ikke siges", en="cannot be told").in_(language)
    more = Text(da=" (måske flere)", en=" (perhaps more)").in_(language) if of and not of.complete else ""
    return names(members, language) + more if members else Text(da="ingen", en="none").in_(language)


def _new(states: Sequence[ListState]) -> tuple[Member, ...]:
    """Members of any later edition that were not on the first; none where the first's names are not all known."""
    new = {name: member for state in states[1:] for name, member in state.members.items() if not membership.find(states[0], member)}
    return tuple(new.values()) if states[0].complete else ()


def _answer(states: Sequence[ListState], language: str) -> str:
    """What the names of editions with the same criteria say of newcomers since the first of them."""
    if len(states) == 1:
        return Text(da="Kun én udgave, så der er intet at holde den op imod.", en="One edition only, so there is nothing to compare.").in_(
            language
        )
    if not states[0].criteria:
        return Text(
            da="Kriterierne kendes ikke, så udgaverne kan ikke sammenlignes.",
            en="The criteria are not known, so the editions cannot be held against each other.",
        ).in_(language)
    since, until = (wording.period(states[place].lists[0].published, language) for place in (0, -1))
    if not states[0].complete:
        text = Text(da="Kan ikke afgøres: navnene fra {} kendes ikke.", en="Cannot be decided: the names of {} are not known.")
        return text.in_(language).format(since)
    if new := _new(states):
        text = Text(da="Nye siden {}: {}.", en="New since {}: {}.")
        return text.in_(language).format(since, names(new, language))
    if not all(state.complete for state in states):
        text = Text(da="Kan ikke afgøres: ikke alle navne siden {} kendes.", en="Cannot be decided: not all names since {} are known.")
        return text.in_(language).format(since)
    return Text(da="Ingen nye fra {} til {}.", en="No new ones from {} to {}.").in_(language).format(since, until)


def names(members: Iterable[Member | str], language: str) -> str:
    """Names in the order of the alphabet, as a sentence lists them: `A, B og C`."""
    texts = sorted({member if isinstance(member, str) else member.name for member in members}, key=by_name)
    both = Text(da=" og ", en=" and ").in_(language)
    return both.join(filter(None, [", ".join(texts[:-1]), texts[-1] if texts else ""]))


# --- why a goal is judged as it is -------------------------------------------------------------------------------------


def reason(reader: Reader, goal: Goal, judgement: Judgement) -> str:
    """Why a goal that is answered from lists has its verdict, as the end of a sentence: the names, the break, or what is missing."""
    language = reader.language
    by_names = any(target.id == judgement.target and target.unit == "no_newcomers" for target in goal.targets)
    if by_names and judgement.newcomers:
        return Text(da="nye på listen: {}", en="new on the list: {}").in_(language).format(names(judgement.newcomers, language))
    none = _none_until(judgement, language) if by_names else ""
    if judgement.reason is None:
        return none
    if judgement.reason == Reason.DEFINITION_BREAK and none and judgement.latest_period:
        text = Text(da="{}; fra {} gælder andre kriterier", en="{}; from {} on other criteria apply")
        return text.in_(language).format(none, wording.period(judgement.latest_period, language))
    missing = names(_missing(reader, goal), language)
    if missing and judgement.reason in {Reason.NAMES_UNKNOWN, Reason.NO_LATEST, Reason.NO_BASELINE}:
        text = Text(da="{}; ikke alle navne kendes på {}", en="{}; not all names are known of {}")
        unknown = Text(da="ikke alle navne kendes på {}", en="not all names are known of {}").in_(language).format(missing)
        return unknown if judgement.reason == Reason.NAMES_UNKNOWN else text.in_(language).format(_why(judgement.reason, language), missing)
    return _why(judgement.reason, language)


def _why(reason: Reason, language: str) -> str:
    return _WHY.get(reason, Text(da=why(reason, language), en=why(reason, language))).in_(language)


def _none_until(judgement: Judgement, language: str) -> str:
    if judgement.compared_until is None:
        return ""
    text = Text(da="ingen nye på listen til og med {}", en="none new on the list until {}")
    return text.in_(language).format(wording.period(judgement.compared_until, language))


def _missing(reader: Reader, goal: Goal) -> list[str]:
    """The lists whose names are not all known, among those that the goal is judged by."""
    of, language = goal.by_lists, reader.language
    if of is None:
        return []
    begun = Period.parse(goal.baseline.period) if goal.baseline and goal.baseline.period else None
    due = [
        state
        for state in membership.states(reader.edition.catalogue.lists, of.family, of.needs)
        if (begun is None or state.period >= begun) and (goal.deadline is None or state.period.first <= goal.deadline)
    ]
    unknown = [f"“{listed.name.in_(language)}”" for state in due for listed in state.lists if not membership.named(listed)]
    absent = Text(da="listen over {} i {}", en="the list of {} in {}").in_(language)
    return unknown + [
        absent.format(NEED[need].in_(language), wording.period(state.lists[0].published, language))
        for state in due
        for need in of.needs
        if need not in {listed.need for listed in state.lists}
    ]
