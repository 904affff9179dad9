"""Kinds of entries that forms write: the file of each, the list in it, its type, and by what an entry is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from geo.errors import NotFoundError, Problem
from geo.model.catalogue import Contradiction, ListEdition
from geo.model.efforts.actions import ActionPlan
from geo.model.efforts.effort import Effort, Facility
from geo.model.efforts.money import EconomyTable
from geo.model.goals import Goal
from geo.model.indicators import Indicator
from geo.model.programmes import HotspotArea, Plan, RecurringReport
from geo.model.reported.cityindex import CityScore, IndexDimension
from geo.model.reported.discrimination import CaseYear
from geo.model.rules import Rule
from geo.model.sources import Source
from geo.model.vocabulary import Text


@dataclass(frozen=True)
class EntryKind:
    """One kind of entry. key: the list of the file that holds it. alone: the file holds nothing else. ends: the field that ends one.

    optional: whether a workspace may do without the file.
    """

    id: str
    file: str
    key: str
    type: type[msgspec.Struct]
    label: Text
    plural: Text
    alone: bool = True
    ends: str = ""
    optional: bool = False


def _named(da: str, en: str) -> Text:
    return Text(da=da, en=en)


KINDS: Final = (
    EntryKind(
        "indicator", "data/indicators.toml", "indicator", Indicator, _named("Indikator", "Indicator"), _named("Indikatorer", "Indicators")
    ),
    EntryKind("source", "data/sources.toml", "source", Source, _named("Kilde", "Source"), _named("Kilder", "Sources")),
    EntryKind("goal", "data/goals.toml", "goal", Goal, _named("Mål", "Goal"), _named("Mål", "Goals")),
    EntryKind("list", "data/lists.toml", "list", ListEdition, _named("Liste", "List"), _named("Lister", "Lists")),
    EntryKind(
        "plan",
        "data/plans.toml",
        "plans",
        Plan,
        _named("Helhedsplan", "Area plan"),
        _named("Helhedsplaner", "Area plans"),
        alone=False,
        ends="valid_to",
    ),
    EntryKind(
        "hotspot",
        "data/hotspots.toml",
        "areas",
        HotspotArea,
        _named("Hotspot", "Hotspot"),
        _named("Hotspots", "Hotspots"),
        alone=False,
        ends="valid_to",
    ),
    EntryKind(
        "rule",
        "data/disclosure.toml",
        "rule",
        Rule,
        _named("Regel for beskyttelse", "Rule of disclosure"),
        _named("Regler for beskyttelse", "Rules of disclosure"),
    ),
    EntryKind(
        "event",
        "data/calendar.toml",
        "event",
        RecurringReport,
        _named("Rapport i årets gang", "Recurring report"),
        _named("Årets gang", "Recurring reports"),
    ),
    EntryKind(
        "contradiction",
        "data/contradictions.toml",
        "contradiction",
        Contradiction,
        _named("Uoverensstemmelse", "Contradiction"),
        _named("Uoverensstemmelser", "Contradictions"),
    ),
    EntryKind(
        "effort",
        "data/efforts.toml",
        "effort",
        Effort,
        _named("Indsats", "Effort"),
        _named("Indsatser", "Efforts"),
        ends="valid_to",
        optional=True,
    ),
    EntryKind(
        "economy",
        "data/economy.toml",
        "table",
        EconomyTable,
        _named("Økonomioversigt", "Economic overview"),
        _named("Økonomioversigter", "Economic overviews"),
        optional=True,
    ),
    EntryKind(
        "action_plan",
        "data/actionplans.toml",
        "plan",
        ActionPlan,
        _named("Handleplan", "Action plan"),
        _named("Handleplaner", "Action plans"),
        optional=True,
    ),
    EntryKind(
        "facility",
        "data/facilities.toml",
        "facility",
        Facility,
        _named("Kommunalt tilbud", "Municipal offer"),
        _named("Kommunale tilbud", "Municipal offers"),
        ends="valid_to",
        optional=True,
    ),
    EntryKind(
        "dimension",
        "data/dimensions.toml",
        "dimension",
        IndexDimension,
        _named("Dimension i byindekset", "Dimension of the city index"),
        _named("Dimensioner i byindekset", "Dimensions of the city index"),
        optional=True,
    ),
    EntryKind(
        "city_score",
        "data/cityindex.toml",
        "score",
        CityScore,
        _named("By i byindekset", "City in the city index"),
        _named("Byer i byindekset", "Cities in the city index"),
        optional=True,
    ),
    EntryKind(
        "cases",
        "data/discrimination.toml",
        "cases",
        CaseYear,
        _named("Sager om diskrimination", "Cases of discrimination"),
        _named("Sager om diskrimination", "Cases of discrimination"),
        optional=True,
    ),
)


def of(id: str) -> EntryKind:
    """Return a kind by its id. Raises NotFoundError when there is none."""
    kind = next((kind for kind in KINDS if kind.id == id), None)
    if kind is None:
        raise NotFoundError(Problem(id[:80], "no such kind of entry", expected=", ".join(kind.id for kind in KINDS)))
    return kind


def ids(rows: Iterable[object]) -> list[str]:
    """Return by what each entry of a list is known: its id, or the area of a hotspot; `~2` is put after what stands there again."""
    seen: dict[str, int] = {}
    known = []
    for row in rows:
        name = _id(row)
        seen[name] = seen.get(name, 0) + 1
        known.append(name if seen[name] == 1 else f"{name}~{seen[name]}")
    return known


def _id(row: object) -> str:
    if not isinstance(row, Mapping):
        return ""
    area = row.get("area")
    return str(area.get("area_id", "") if isinstance(area, Mapping) else row.get("id", ""))


def title(row: Mapping[str, Any]) -> str:
    """Return what an entry is called, in Danish: its short name, name, title or what it is about; else by what it is known."""
    for field in ("short", "name", "title", "what"):
        words = row.get(field)
        text = words.get("da") if isinstance(words, Mapping) else words
        if isinstance(text, str) and text:
            return text
    return _id(row)
