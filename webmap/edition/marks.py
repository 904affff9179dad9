"""Areas that the policy points at: which ones, and the words that stand beside their names and in the legend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geo.editions.edition import Edition
from geo.model.catalogue import ListEdition
from geo.model.goals import Goal
from webmap.edition.reader import Reader


def marked_by(edition: Edition, goal: Goal) -> tuple[str, ...]:
    """Ids of the areas that a goal is about: those its frozen list names, those it names itself, or all of its set."""
    listed = list_of(edition, goal.frozen_list or "")
    if listed is not None:
        return tuple(member.area_id for member in listed.members if member.area_id and member.area_set == goal.area_set)
    return goal.area_ids or tuple(area.area_id for area in edition.layers[goal.area_set].areas)


def list_of(edition: Edition, id: str) -> ListEdition | None:
    """The edition of a list with that id, or None."""
    return next((listed for listed in edition.catalogue.lists if listed.id == id), None)


@dataclass(frozen=True)
class Marks:
    """Areas that the policy points at. `tags` gives each area id the words beside its name; `label` is the legend's line."""

    label: str
    tags: Mapping[str, str]


def of_map(reader: Reader, indicator: str, area_set: str) -> Marks:
    """Areas that a goal measured by the indicator points at through a frozen list, with what the list says of each."""
    lists = {listed.id: listed for listed in reader.edition.catalogue.lists}
    for goal in reader.edition.catalogue.goals:
        if goal.frozen_list and goal.area_set == area_set and measures(goal, indicator):
            return of_list(lists[goal.frozen_list], area_set, reader.language)
    return Marks("", {})


def of_list(listed: ListEdition, area_set: str, language: str) -> Marks:
    """Marks from one edition of a list: the whole area, or only parts of it, was named; nothing here says which parts."""
    year = listed.published[:4]
    danish = language == "da"
    whole, part = (f"udpeget {year}", f"dele udpeget {year}") if danish else (f"marked {year}", f"parts marked {year}")
    tags = {
        member.area_id: part if member.extent == "part" else whole
        for member in listed.members
        if member.area_id and member.area_set == area_set
    }
    some = part in tags.values()
    if danish:
        label = f"{'området eller dele af det' if whole in tags.values() else 'dele af området'} udpeget {year}" if some else whole
    else:
        label = f"{'the area or parts of it' if whole in tags.values() else 'parts of the area'} marked {year}" if some else whole
    return Marks(label if tags else "", tags)


def measures(goal: Goal, indicator: str) -> bool:
    """Tell whether the goal is judged, or shown with demo figures, by the indicator."""
    return indicator == goal.indicator or indicator in goal.demo_indicators
