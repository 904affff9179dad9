"""The main menu: the pages that everybody opens, and the rooms of whoever has signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import request

from geo.model.vocabulary import Text
from webmap import urls
from webmap.access import Field, may

LISTS: Final = tuple(f"lists.{name}" for name in ("housing_lists", "housing_list", "index", "index_edition"))
"""The pages of lists, which belong to areas."""
MEASURED: Final = ("measured.city_index", "measured.discrimination_page")
"""Pages of what is measured for the city as a whole, which belong to the barometer."""


@dataclass(frozen=True)
class MenuEntry:
    """One entry: the view that it leads to, and the views in which it is the current one. room: who may open it, "" for everybody."""

    name: Text
    to: str
    here: tuple[str, ...]
    room: str = ""


def _of(part: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{part}.{name}" for name in names)


_MENU: Final = (
    MenuEntry(Text(da="Mål", en="Goals"), "front.start", ("front.start", "goals.goal", "goals.labour")),
    MenuEntry(Text(da="Barometer", en="Barometer"), "barometer.page", ("barometer.page", *MEASURED)),
    MenuEntry(Text(da="Kort", en="Maps"), "maps.index", _of("maps", "index", "page")),
    MenuEntry(Text(da="Områder", en="Areas"), "areas.areas", (*_of("areas", "areas", "area"), *LISTS)),
    MenuEntry(
        Text(da="Indsatser", en="Efforts"),
        "efforts.listing",
        _of("efforts", "listing", "effort", "projects", "plans", "economy", "calendar", "status"),
    ),
    MenuEntry(Text(da="Helhedsplaner", en="Area plans"), "areas.plans", _of("areas", "plans", "plan", "review")),
    MenuEntry(Text(da="Hotspots", en="Hotspots"), "areas.hotspots", ("areas.hotspots",)),
    MenuEntry(Text(da="Data", en="Data"), "figures.sources", ("figures.sources",)),
    MenuEntry(
        Text(da="Gennemgang", en="Review"), "reviews.rounds", _of("reviews", "rounds", "round", "page", "merge", "history"), "review"
    ),
    MenuEntry(
        Text(da="Skemaer", en="Forms"), "reviews.forms", _of("reviews", "forms", "form", "form_history", "form_merge", "report"), "status"
    ),
    MenuEntry(Text(da="SSP", en="SSP"), "ssp.start", _of("ssp", "start", "safety_map", "district"), "ssp"),
    MenuEntry(
        Text(da="Arbejdsrum", en="Workroom"),
        "workroom.drafts",
        _of("workroom", "drafts", "draft", "rehearsal", "catalogue", "entry", "history"),
        "workroom",
    ),
    MenuEntry(Text(da="Udgivelse", en="Publishing"), "front.editions_to_publish", ("front.editions_to_publish",), "publish"),
)


def entries() -> list[dict[str, Any]]:
    """Return the entries of the menu that the reader may open: name, address, and whether the page is one of its."""
    endpoint, language = (request.endpoint or "").removeprefix("en_"), urls.language()
    return [
        {"name": entry.name.in_(language), "url": urls.link(entry.to), "here": endpoint in entry.here}
        for entry in _MENU
        if not entry.room or may(Field.OPEN, entry.room)
    ]
