"""What somebody asks about: the whole city, one indicator, or one area; and the differences that are about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import msgspec

from geo.editions.comparison import Changes, EntryChange, LayerChange, Part
from geo.editions.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.model.catalogue import Catalogue
from geo.model.vocabulary import Text
from webmap.edition.reader import Reader

Place = tuple[str, str]
"""Area set and area id."""


@dataclass(frozen=True)
class ChangeSubject:
    """One indicator, one area (both parts of its name), or both; nothing of either is the whole city."""

    indicator: str = ""
    area_set: str = ""
    area_id: str = ""

    @property
    def city(self) -> bool:
        """Whether everything is asked about."""
        return self == ChangeSubject()

    @property
    def asked(self) -> dict[str, str]:
        """What the address of a page about it asks for, by the names of its parameters."""
        parts = {"indikator": self.indicator, "inddeling": self.area_set, "omraade": self.area_id}
        return {name: part for name, part in parts.items() if part}

    def name(self, editions: Iterable[Edition], reader: Reader) -> str:
        """What it is called in the first edition that has it, "" for the whole city. Raises NotFoundError when none has it."""
        names, several = [], tuple(editions)
        if self.indicator:
            known = (edition.catalogue.indicator(self.indicator) for edition in several)
            names.append(next((each.name.in_(reader.language) for each in known if each), None))
        if self.area_set or self.area_id:
            areas = (edition.area(self.area_set, self.area_id) for edition in several)
            names.append(next((each.name for each in areas if each), None))
        if None in names:
            asked = "/".join(part for part in (self.indicator, self.area_set, self.area_id) if part)
            raise NotFoundError(Problem(asked[:80], "no such indicator or area in these editions"))
        return ", ".join(name for name in names if name)


@dataclass(frozen=True)
class Comparison:
    """What differs between two editions. places: the areas that plans, hotspots and lists are about that differ, by part and id.

    names: what indicators and goals of both are called, by part and id. said: what happened to entries of the catalogue, in words.
    """

    changes: Changes
    places: Mapping[tuple[Part, str], AbstractSet[Place]]
    names: Mapping[tuple[Part, str], Text]
    said: Mapping[tuple[Part, str], Text]

    def about(self, subject: ChangeSubject) -> Changes:
        """What differs and is about a subject."""
        if subject.city:
            return self.changes
        indicator, area = subject.indicator, (subject.area_set, subject.area_id) if subject.area_id else None
        made = self.changes

        def fits(each: Any) -> bool:
            return indicator in ("", each.indicator) and (area is None or area == (each.area_set, each.area_id))

        return msgspec.structs.replace(
            made,
            figures=tuple(figure for figure in made.figures if fits(figure)),
            areas=tuple(each for each in made.areas if area == (each.area_set, each.area_id)),
            verdicts=tuple(verdict for verdict in made.verdicts if fits(verdict)),
            entries=tuple(entry for entry in made.entries if self._is_about(entry, indicator, area)),
            breaks=tuple(each for each in made.breaks if indicator == each.indicator),
            layers=tuple(layer for each in made.layers if area and each.area_set == area[0] and (layer := _of_area(each, area[1]))),
        )

    def _is_about(self, entry: EntryChange, indicator: str, area: Place | None) -> bool:
        if entry.part == "indicator":
            return entry.id == indicator
        return not indicator and area in self.places.get((entry.part, entry.id), ())


def places(entries: Iterable[EntryChange], old: Catalogue, new: Catalogue) -> dict[tuple[Part, str], AbstractSet[Place]]:
    """The areas that entries are about: those of a plan and of a hotspot, and of a list the members that only one of two editions has."""
    made: dict[tuple[Part, str], AbstractSet[Place]] = {}
    for entry in entries:
        about = {place for catalogue in (old, new) for place in _places(entry, catalogue)}
        if about:
            made[entry.part, entry.id] = frozenset(about)
    return made


def _places(entry: EntryChange, catalogue: Catalogue) -> Iterable[Place]:
    if entry.part == "plan":
        return ((area.area_set, area.area_id) for plan in catalogue.plans.plans if plan.id == entry.id for area in plan.areas)
    if entry.part == "hotspot":
        return ((each.area.area_set, each.area.area_id) for each in catalogue.hotspots.areas if each.area.area_id == entry.id)
    if entry.part == "list":
        members = (member for each in catalogue.lists if each.id == entry.id for member in each.members)
        return ((each.area_set, each.area_id) for each in members if each.area_id and each.name in {*entry.came, *entry.went})
    return ()


def _of_area(layer: LayerChange, area_id: str) -> LayerChange | None:
    """What happened to one area of a set."""
    parts = {name: tuple(code for code in getattr(layer, name) if code == area_id) for name in ("came", "went", "redrawn", "renamed")}
    return msgspec.structs.replace(layer, fields=(), **parts) if any(parts.values()) else None
