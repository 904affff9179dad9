"""What the addresses of comparisons of two editions can be: what has changed."""

from __future__ import annotations

from collections.abc import Iterator

from omraadekort.exposure.choices import Ask, Choices


def page(city: Choices) -> Iterator[Ask]:
    """The page as it is first shown, from the pinned edition, and with both chosen: whole, of each indicator, of each area."""
    yield Ask({})
    if city.older:
        yield Ask({"udgave": city.older})
    chosen = {"fra": city.older or city.edition.id, "til": city.edition.id}
    yield Ask(chosen)
    for indicator in sorted({indicator for indicator, _ in city.periods}):
        yield Ask({**chosen, "indikator": indicator}, indicator, kind="indicator")
    for area_set, areas in city.areas.items():
        yield from (Ask({**chosen, "inddeling": area_set, "omraade": area}, "", area_set, area, kind="area") for area in areas)
