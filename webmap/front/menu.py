"""The main menu: the pages that everybody opens, and the rooms of whoever has signed in."""

from __future__ import annotations

from typing import Any, Final

from flask import request

from geo.model.vocabulary import Text
from webmap import urls
from webmap.access import Field, may

LISTS: Final = tuple(f"lists.{name}" for name in ("housing_lists", "housing_list", "index", "index_edition"))
"""The pages of lists, which belong to areas."""
MEASURED: Final = ("measured.city_index", "measured.discrimination_page")
"""Pages of what is measured for the city as a whole, which belong to the barometer."""


def entries() -> list[dict[str, Any]]:
    """Return the entries of the menu that the reader may open: name, address, and whether the page is one of its."""
    endpoint, language = (request.endpoint or "").removeprefix("en_"), urls.language()
    rooms = (
        (
            Text(da="Gennemgang", en="Review").in_(language),
            "reviews.rounds",
            "review",
            tuple(f"reviews.{name}" for name in ("rounds", "round", "page", "merge", "history")),
        ),
        (
            Text(da="Skemaer", en="Forms").in_(language),
            "reviews.forms",
            "status",
            tuple(f"reviews.{name}" for name in ("forms", "form", "form_history", "form_merge", "report")),
        ),
        ("SSP", "ssp.start", "ssp", ("ssp.start", "ssp.safety_map", "ssp.district")),
        (
            Text(da="Arbejdsrum", en="Workroom").in_(language),
            "workroom.drafts",
            "workroom",
            tuple(f"workroom.{name}" for name in ("drafts", "draft", "rehearsal", "catalogue", "entry", "history")),
        ),
        (Text(da="Udgivelse", en="Publishing").in_(language), "front.editions_to_publish", "publish", ("front.editions_to_publish",)),
    )
    listed = (
        (Text(da="Mål", en="Goals").in_(language), "front.start", ("front.start", "goals.goal", "goals.labour")),
        (Text(da="Barometer", en="Barometer").in_(language), "barometer.page", ("barometer.page", *MEASURED)),
        (Text(da="Kort", en="Maps").in_(language), "maps.index", ("maps.index", "maps.page")),
        (Text(da="Områder", en="Areas").in_(language), "areas.areas", ("areas.areas", "areas.area", *LISTS)),
        (
            Text(da="Indsatser", en="Efforts").in_(language),
            "efforts.listing",
            tuple(f"efforts.{name}" for name in ("listing", "effort", "projects", "plans", "economy", "calendar", "status")),
        ),
        (Text(da="Helhedsplaner", en="Area plans").in_(language), "areas.plans", ("areas.plans", "areas.plan", "areas.review")),
        (Text(da="Hotspots", en="Hotspots").in_(language), "areas.hotspots", ("areas.hotspots",)),
        (Text(da="Data", en="Data").in_(language), "figures.sources", ("figures.sources",)),
        *((name, to, here) for name, to, page, here in rooms if may(Field.OPEN, page)),
    )
    return [{"name": name, "url": urls.link(to), "here": endpoint in here} for name, to, here in listed]
