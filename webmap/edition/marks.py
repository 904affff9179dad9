"""Areas that the policy points at: which ones, and the words that stand beside their names and in the legend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geo.editions.edition import Edition
from geo.model.catalogue import ListEdition
from geo.model.goals import Goal
from geo.model.vocabulary import Text
from webmap.edition.reader import Reader


def marked_by(edition: Edition, goal: Goal) -> tuple[str, ...]:
    """Ids of the areas that a goal is about: those that it names, or all of its set."""
    return edition.catalogue.areas_of(goal) or tuple(area.area_id for area in edition.layers[goal.area_set].areas)


@dataclass(frozen=True)
class Marks:
    """Areas that the policy points at. `tags` gives each area id the words beside its name; `label` is the legend's line."""

    label: str
    tags: Mapping[str, str]


def of_map(reader: Reader, indicator: str, area_set: str) -> Marks:
    """Areas that a goal measured by the indicator points at through a frozen list, with what the list says of each."""
    lists = {listed.id: listed for listed in reader.edition.catalogue.lists}
    for goal in reader.edition.catalogue.goals:
        if goal.frozen_list and goal.area_set == area_set and indicator in goal.indicators:
            return of_list(lists[goal.frozen_list], area_set, reader.language)
    return Marks("", {})


def of_list(listed: ListEdition, area_set: str, language: str) -> Marks:
    """Marks from one edition of a list: the whole area, or only parts of it, was named; nothing here says which parts."""
    year = listed.published[:4]
    whole = Text(da=f"udpeget {year}", en=f"marked {year}").in_(language)
    part = Text(da=f"dele udpeget {year}", en=f"parts marked {year}").in_(language)
    tags = {
        member.area_id: part if member.extent == "part" else whole
        for member in listed.members
        if member.area_id and member.area_set == area_set
    }
    if part not in tags.values():
        label = whole
    elif whole in tags.values():
        label = Text(da=f"området eller dele af det udpeget {year}", en=f"the area or parts of it marked {year}").in_(language)
    else:
        label = Text(da=f"dele af området udpeget {year}", en=f"parts of the area marked {year}").in_(language)
    return Marks(label if tags else "", tags)
