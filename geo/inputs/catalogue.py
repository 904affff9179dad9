"""Reading the catalogue that people wrote, checked as a whole: sources, area sets, indicators, rules, goals, lists, programmes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from geo.errors import CatalogueError, InputError, Problem
from geo.files import provenance, tomlfile
from geo.inputs import apportioned, areagroups, consistency, efforts, noise
from geo.inputs.reported import cityindex, discrimination
from geo.inputs.tables import needs
from geo.model import rules
from geo.model.areas import AreaSetKind, Frozen, Groups
from geo.model.catalogue import Catalogue, Contradiction, ListEdition, Member
from geo.model.efforts.actions import ActionPlan
from geo.model.efforts.effort import Effort, Facility
from geo.model.efforts.money import EconomyTable
from geo.model.efforts.signed import ApprovedForm, SignedReview
from geo.model.goals import Goal
from geo.model.indicators import Indicator
from geo.model.programmes import AreaRef, HotspotProgramme, PlanProgramme, RecurringReport
from geo.model.reported.cityindex import CityScore, IndexDimension
from geo.model.reported.discrimination import CaseYear
from geo.model.results import InputFile
from geo.model.rules import Rule
from geo.model.sources import Cite, Source


class _File(NamedTuple):
    """A file of the catalogue: the field of Catalogue it fills, and the list it holds (`key` "" when the file is one entry).

    optional: whether a workspace may do without it. counted: it holds small counts, and no manifest names its hash: with that, a reader
    could try out which counts they are.
    """

    field: str
    file: str
    key: str
    kind: type[Any]
    optional: bool = False
    counted: bool = False


_FILES: Final = (
    _File("sources", "data/sources.toml", "source", Source),
    _File("area_sets", "boundaries/sets.toml", "area_set", AreaSetKind),
    _File("indicators", "data/indicators.toml", "indicator", Indicator),
    _File("rules", "data/disclosure.toml", "rule", Rule),
    _File("goals", "data/goals.toml", "goal", Goal),
    _File("lists", "data/lists.toml", "list", ListEdition),
    _File("plans", "data/plans.toml", "", PlanProgramme),
    _File("hotspots", "data/hotspots.toml", "", HotspotProgramme),
    _File("calendar", "data/calendar.toml", "event", RecurringReport),
    _File("contradictions", "data/contradictions.toml", "contradiction", Contradiction),
    _File("efforts", "data/efforts.toml", "effort", Effort, optional=True),
    _File("economy", "data/economy.toml", "table", EconomyTable, optional=True),
    _File("action_plans", "data/actionplans.toml", "plan", ActionPlan, optional=True),
    _File("facilities", "data/facilities.toml", "facility", Facility, optional=True),
    _File("dimensions", "data/dimensions.toml", "dimension", IndexDimension, optional=True),
    _File("city_scores", "data/cityindex.toml", "score", CityScore, optional=True),
    _File("cases", "data/discrimination.toml", "cases", CaseYear, optional=True, counted=True),
    _File("reviews", "data/reviews.toml", "review", SignedReview, optional=True),
    _File("status_forms", "data/statusforms.toml", "form", ApprovedForm, optional=True),
)
_PLANS: Final = "data/plans.toml"
_LISTS: Final = "data/lists.toml"
_INDICATORS: Final = "data/indicators.toml"
_GOALS: Final = "data/goals.toml"
_DISCLOSURE: Final = "data/disclosure.toml"


def read(data: Path, boundaries: Path) -> Catalogue:
    """Read the catalogue from the two folders. Raises CatalogueError with every faulty entry of every file at once.

    Rows in the messages are entry numbers, counted from 1 in each file. References between files are checked only when all files
    could be read: otherwise one spelling mistake would be followed by a message for everything that refers to it.
    """
    entries: dict[str, Any] = {}
    problems: list[Problem] = []
    for field, file, key, kind, optional, _ in _FILES:
        if optional and not _path(file, data, boundaries).exists():
            continue
        try:
            parsed = tomlfile.parse(_path(file, data, boundaries), file=file)
        except InputError as error:
            problems += error.problems
            continue
        if key:
            entries[field], faults = tomlfile.entries(parsed, key, kind, file=file)
        else:
            entries[field], faults = tomlfile.whole(parsed, kind, file=file)
        problems += faults
    if problems:
        raise CatalogueError(problems)
    catalogue = Catalogue(**entries)
    problems = list(_contradictions(catalogue))
    if problems:
        raise CatalogueError(problems)
    return catalogue


def kinds(boundaries: Path) -> tuple[AreaSetKind, ...]:
    """Read the kinds of area sets alone (`sets.toml`). Raises CatalogueError with every faulty entry."""
    file = "boundaries/sets.toml"
    read_kinds, problems = tomlfile.entries(tomlfile.parse(boundaries / "sets.toml", file=file), "area_set", AreaSetKind, file=file)
    if problems:
        raise CatalogueError(problems)
    return read_kinds


def inputs(data: Path, boundaries: Path, catalogue: Catalogue) -> tuple[InputFile, ...]:
    """Return the catalogue's files as an edition's manifest lists them, without those that hold counts; `rows` is the number of entries."""
    return tuple(
        InputFile(
            path=file,
            kind="catalogue",
            sha256=provenance.sha256(_path(file, data, boundaries)),
            rows=len(getattr(catalogue, field)) if key else 1,
        )
        for field, file, key, _, optional, counted in _FILES
        if not counted and not (optional and not _path(file, data, boundaries).exists())
    )


def _path(file: str, data: Path, boundaries: Path) -> Path:
    folder, name = file.split("/")
    return (data if folder == "data" else boundaries) / name


def _contradictions(catalogue: Catalogue) -> Iterator[Problem]:
    """What no single entry can show: ids that stand twice, references to nothing, and contradictions between entries."""
    for field, file, key, *_ in _FILES:
        entries = getattr(catalogue, field) if key else (getattr(catalogue, field),)
        if key:
            yield from _twice(entries, file)
        for number, entry in enumerate(entries, 1):
            yield from _unknown(entry, catalogue, file=file, row=number if key else None)
    yield from _twice(catalogue.plans.plans, _PLANS)
    yield from _twice(catalogue.plans.charts, _PLANS)
    yield from consistency.in_plans(catalogue.plans, file=_PLANS)
    yield from consistency.in_dates(catalogue.plans, row=None, file=_PLANS)
    yield from consistency.in_dates(catalogue.hotspots, row=None, file="data/hotspots.toml")
    yield from _in_lists(catalogue.lists)
    yield from efforts.problems(catalogue)
    yield from cityindex.problems(catalogue)
    yield from discrimination.problems(catalogue)
    for number, rule in enumerate(catalogue.rules, 1):
        for place, what, described, expected in rules.clashes(rule):
            yield Problem(_DISCLOSURE, what, number, place, f"{rule.id!r}: {described}", expected)
    for number, source in enumerate(catalogue.sources, 1):
        yield from consistency.in_source(source, row=number, file="data/sources.toml")
    for number, kind in enumerate(catalogue.area_sets, 1):
        yield from areagroups.problems(kind, catalogue.area_sets, row=number)
        if kind.frozen and kind.frozen.area_set == kind.id:
            yield Problem("boundaries/sets.toml", "a set that is frozen of itself", number, "frozen.area_set", repr(kind.id), "another set")
    for number, indicator in enumerate(catalogue.indicators, 1):
        yield from consistency.in_indicator(indicator, row=number, file=_INDICATORS)
        yield from consistency.in_means(indicator, row=number, file=_INDICATORS)
        yield from consistency.in_same_people(indicator, catalogue, row=number, file=_INDICATORS)
        yield from apportioned.in_apportioned(indicator, row=number, file=_INDICATORS)
        yield from noise.in_noise(indicator, catalogue, row=number, file=_INDICATORS)
    for noisy, other in noise.undone(catalogue):
        what, expected = "figures without the same noise, of a column that a figure with noise asks for", "the same noise, or none on both"
        yield Problem(_INDICATORS, what, None, "noise", f"{other.id!r} beside {noisy.id!r}", expected)
    for number, goal in enumerate(catalogue.goals, 1):
        yield from consistency.in_goal(goal, catalogue, row=number, file=_GOALS)


def _in_lists(lists: Sequence[ListEdition]) -> Iterator[Problem]:
    """What is wrong with lists; those of one edition are held together when all days can be read."""
    unread: list[Problem] = []
    for number, listed in enumerate(lists, 1):
        unread += consistency.in_dates(listed, row=number, file=_LISTS)
        yield from needs.in_list(listed, row=number, file=_LISTS)
    yield from unread or needs.in_editions(lists, file=_LISTS)


def _twice(entries: Sequence[Any], file: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, entry in enumerate(entries, 1):
        if not entry.id.strip():
            yield Problem(file, "an empty code", row=number, column="id", found=repr(entry.id), expected="an id of its own")
        elif entry.id in seen:
            yield Problem(file, "an id that stands twice", row=number, column="id", found=repr(entry.id), expected="an id of its own")
        seen.add(entry.id)


def _unknown(entry: object, catalogue: Catalogue, *, file: str, row: int | None) -> Iterator[Problem]:
    """References in an entry that lead nowhere, wherever in it they stand."""
    for place, field, name in _references(entry):
        if not any(target.id == name for target in getattr(catalogue, field)):
            home = next(file for owner, file, *_ in _FILES if owner == field)
            yield Problem(file, "a name that leads nowhere", row=row, column=place, found=repr(name), expected=f"an id in {home}")


def _references(entry: object, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Every reference in an entry as (its field path, the field of Catalogue it leads to, the id)."""
    yield from ((f"{place}{field}", what, name) for field, what, name in _own_references(entry))
    if not isinstance(entry, msgspec.Struct):
        return
    for field in entry.__struct_fields__:
        part = getattr(entry, field)
        if isinstance(part, msgspec.Struct):
            yield from _references(part, f"{place}{field}.")
        elif isinstance(part, tuple):
            for number, item in enumerate(part, 1):
                yield from _references(item, f"{place}{field}[{number}].")


def _own_references(entry: object) -> Iterable[tuple[str, str, str]]:
    match entry:
        case Cite():
            return [("source", "sources", entry.source)]
        case Member() | AreaRef() | Frozen() | Groups():
            return [("area_set", "area_sets", entry.area_set)]
        case Indicator():
            sampled = entry.assumed_sample.n if entry.assumed_sample else {}
            sets = [("area_sets", "area_sets", name) for name in entry.area_sets] + [("assumed_sample.n", "area_sets", s) for s in sampled]
            others = [("same_as", "indicators", entry.same_as)] if entry.same_as else []
            others += [("differs_from", "indicators", name) for name in entry.differs_from]
            if entry.apportioned:
                sets += [("apportioned.from", "area_sets", entry.apportioned.source)]
                sets += [("apportioned.to", "area_sets", name) for name in entry.apportioned.to]
            return [("rule", "rules", entry.rule), *sets, *others]
        case Rule():
            return [("costs", "area_sets", name) for name in entry.costs]
        case Goal():
            references = [("area_set", "area_sets", entry.area_set)]
            references += [("indicator", "indicators", entry.indicator)] if entry.indicator else []
            references += [("together", "indicators", name) for name in entry.together]
            references += [("frozen_list", "lists", entry.frozen_list)] if entry.frozen_list else []
            references += [("part_of", "goals", entry.part_of)] if entry.part_of else []
            return references + [("demo_indicators", "indicators", name) for name in entry.demo_indicators]
        case _:
            return efforts.references(entry) or cityindex.references(entry)
