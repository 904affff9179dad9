"""Efforts as pages show them: a list that can be narrowed, and one effort with the nine fields of its form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from geo.errors import NotFoundError, Problem
from geo.model import periods
from geo.model.efforts.committees import COMMITTEES
from geo.model.efforts.effort import Effort, EffortStatus
from geo.model.efforts.signed import ApprovedForm
from geo.model.goals import Goal
from geo.model.programmes import AreaRef
from geo.model.sources import Cite
from geo.model.vocabulary import Text
from webmap.edition import approved, relations
from webmap.edition.reader import Reader
from webmap.edition.relations import AreaLink
from webmap.efforts import money
from webmap.efforts.money import MoneyTable
from webmap.efforts.words import DECISIONS, FIELDS, KINDS
from webmap.language import printed, wording
from webmap.language.printed import ProgrammeFigureLine
from webmap.language.wording import by_name, years

_DIGITS = 9
"""Digits from which on a part of a number is none that anybody counts to."""


@dataclass(frozen=True)
class EffortFilter:
    """What a list of efforts is narrowed to; "" for everything. area: `set/id`. state: of a project."""

    text: str = ""
    kind: str = ""
    committee: str = ""
    goal: str = ""
    area: str = ""
    state: str = ""


@dataclass(frozen=True)
class EffortLine:
    """An effort in a list. money: the sum of what it says and what overviews print, "" when nothing is known."""

    effort: Effort
    name: str
    kind: str
    committee: str
    when: str
    areas: tuple[AreaLink, ...]
    goals: tuple[Goal, ...]
    money: MoneyTable | None
    state: str


@dataclass(frozen=True)
class EffortStatusLine:
    """A status of an effort."""

    when: str
    text: str
    by: str
    cite: Cite | None


@dataclass(frozen=True)
class EffortView:
    """One effort. fields: their names and texts, "" where nothing is said; statuses: the newest first.

    form: the newest approved form, whose fields stand in the place of the catalogue's; None where there is none.
    """

    line: EffortLine
    fields: tuple[tuple[str, str], ...]
    statuses: tuple[EffortStatusLine, ...]
    figures: tuple[ProgrammeFigureLine, ...]
    note: str
    outcome: str
    elsewhere: tuple[Effort, ...]
    form: ApprovedForm | None


@dataclass(frozen=True)
class EffortsView:
    """A list of efforts. choices: what it can be narrowed by, of what is there; total: efforts that the list is taken from."""

    asked: EffortFilter
    lines: tuple[EffortLine, ...]
    total: int
    committees: tuple[tuple[str, str], ...]
    goals: tuple[tuple[str, str], ...]
    areas: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]

    @property
    def narrowed(self) -> bool:
        """Whether something was asked for."""
        return any(getattr(self.asked, each.name) for each in fields(self.asked))


def listed(reader: Reader, asked: EffortFilter, *, only: str = "") -> EffortsView:
    """Return the efforts that were asked for, by number and then by name. only: the kind that the page is about, "" for all."""
    every = [effort for effort in reader.edition.catalogue.efforts if only in ("", effort.kind)]
    lines = [_line(effort, reader) for effort in sorted(every, key=lambda effort: _order(effort, reader.language))]
    goals = {goal.id: goal.name.in_(reader.language) for line in lines for goal in line.goals}
    areas = {f"{area.area_set}/{area.area_id}": area.name for line in lines for area in line.areas}
    return EffortsView(
        asked,
        tuple(line for line in lines if _fits(line, asked, approved.statuses(reader.edition.catalogue, line.effort))),
        len(lines),
        _sorted((letters, said.in_(reader.language)) for letters, said in COMMITTEES.items() if any(e.committee == letters for e in every)),
        tuple(goals.items()),
        _sorted(areas.items()),
        tuple((kind, said.in_(reader.language)) for kind, said in KINDS.items() if any(effort.kind == kind for effort in every)),
    )


def shown(reader: Reader, id: str) -> EffortView:
    """Return one effort. Raises NotFoundError when the edition has none of that id."""
    effort = reader.edition.catalogue.effort(id)
    if effort is None:
        raise NotFoundError(Problem(id[:80], "no such effort", expected="an id of the list of efforts"))
    language = reader.language
    catalogue = reader.edition.catalogue
    form = approved.form_of(catalogue, effort)
    statuses = [
        EffortStatusLine(wording.period(each.period, language), each.text, each.by, each.cite)
        for each in approved.statuses(catalogue, effort)
    ]
    return EffortView(
        _line(effort, reader),
        tuple((said.in_(language), getattr(form or effort, name)) for name, said in FIELDS.items()),
        tuple(reversed(statuses)),
        tuple(printed.figure(each, language) for each in effort.figures),
        effort.note.in_(language) if effort.note else "",
        _outcome(effort, language),
        tuple(other for other in reader.edition.catalogue.efforts if other.id != effort.id and {*other.areas} & {*effort.areas}),
        form,
    )


def in_area(reader: Reader, area_set: str, area_id: str) -> tuple[EffortLine, ...]:
    """Return the efforts that lie in an area, by number and then by name."""
    ref = AreaRef(area_set=area_set, area_id=area_id)
    there = [effort for effort in reader.edition.catalogue.efforts if ref in effort.areas]
    return tuple(_line(effort, reader) for effort in sorted(there, key=lambda effort: _order(effort, reader.language)))


def _line(effort: Effort, reader: Reader) -> EffortLine:
    language, catalogue = reader.language, reader.edition.catalogue
    return EffortLine(
        effort,
        effort.name.in_(language),
        KINDS[effort.kind].in_(language),
        COMMITTEES[effort.committee].in_(language) if effort.committee else "",
        years(effort.valid_from, effort.valid_to, language),
        relations.linked(reader, effort.areas),
        tuple(goal for goal in catalogue.goals if goal.id in effort.goals),
        money.of_effort(effort, catalogue.economy, language),
        _state(effort, reader),
    )


def _state(effort: Effort, reader: Reader) -> str:
    """How a project stands: decided, in its period, or at its end without a decision. "" for what is no project."""
    if effort.kind != "project":
        return ""
    if effort.outcome:
        return DECISIONS[effort.outcome.decision].in_(reader.language)
    last = periods.read(effort.valid_to or "")
    if last is not None and last.last < reader.edition.manifest.as_of:
        return Text(da="Perioden er slut; beslutningen mangler", en="The period is over; the decision is missing").in_(reader.language)
    return Text(da="I gang", en="Going on").in_(reader.language)


def _outcome(effort: Effort, language: str) -> str:
    if effort.outcome is None:
        return ""
    decided = wording.date(effort.outcome.decided, language)
    return f"{DECISIONS[effort.outcome.decision].in_(language)}, {decided}: {effort.outcome.reason}"


def _fits(line: EffortLine, asked: EffortFilter, statuses: Iterable[EffortStatus]) -> bool:
    effort, words = line.effort, asked.text.casefold().split()
    texts = " ".join(
        [line.name, effort.no, effort.owner, effort.applicant, line.committee, *(getattr(effort, name) for name in FIELDS)]
        + [status.text for status in statuses]
        + [area.name for area in line.areas]
    ).casefold()
    return (
        all(word in texts for word in words)
        and asked.kind in ("", effort.kind)
        and asked.committee in ("", effort.committee)
        and (not asked.goal or asked.goal in effort.goals)
        and (not asked.area or any(f"{ref.area_set}/{ref.area_id}" == asked.area for ref in effort.areas))
        and asked.state in ("", "decided" if effort.outcome else "open")
    )


def _order(effort: Effort, language: str) -> tuple[bool, tuple[int, ...], str]:
    numbers = tuple(int(part) for part in effort.no.split(".") if part.isdecimal() and len(part) < _DIGITS)
    return not numbers, numbers, by_name(effort.name.in_(language))


def _sorted(choices: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    pairs: Sequence[tuple[str, str]] = sorted(choices, key=lambda choice: by_name(choice[1]))
    return tuple(pairs)
