"""What the addresses of comparisons of two editions can be: what has changed."""

from __future__ import annotations

from collections.abc import Iterator

from geo.model.vocabulary import Audience
from omraadekort.exposure.choices import Ask, Choices


def page(city: Choices) -> Iterator[Ask]:
    """The page as it is first shown, from the pinned edition, and with both chosen: whole, of each indicator, of each area."""
    yield Ask({})
    if city.older:
        yield Ask({"udgave": city.older})
        yield Ask({"fra": city.edition.id, "til": city.older}, kind="back")
    chosen = {"fra": city.older or city.edition.id, "til": city.edition.id}
    yield Ask(chosen)
    for indicator in sorted({indicator for indicator, _ in city.periods}):
        yield Ask({**chosen, "indikator": indicator}, indicator, kind="indicator")
    for area_set, areas in city.areas.items():
        yield from (Ask({**chosen, "inddeling": area_set, "omraade": area}, "", area_set, area, kind="area") for area in areas)


def records(city: Choices) -> Iterator[Ask]:
    """What differs for programs in both formats, whole, of each indicator, of some areas, and of the parts that are refused."""
    own = {} if city.audience is Audience.PUBLIC else {"audience": city.audience.value}
    pair = {"id": city.edition.id, "since": city.older or city.edition.id}
    for kind in ("json", "csv"):
        for language in ("da", "en"):
            yield Ask({**pair, **own, "kind": kind, "lang": language}, kind=kind)
        for indicator in sorted({indicator for indicator, _ in city.periods}):
            yield Ask({**pair, **own, "kind": kind, "indicator": indicator}, indicator, kind=kind)
        for area_set, areas in city.areas.items():
            place = {"area_set": area_set, "area_id": areas[0]}
            yield Ask({**pair, **own, "kind": kind, **place}, "", area_set, areas[0], kind=kind)
        for part in Audience:
            if part not in (city.audience, Audience.PUBLIC):
                yield Ask({**pair, "kind": kind, "audience": part.value}, kind="refused")
