"""Where the place of a page lies. The map comes from the round's own edition."""

from __future__ import annotations

from markupsafe import Markup

from geo.errors import EditionError
from webmap.charts import illustrations
from webmap.edition import chosen
from webmap.edition.chosen import EditionGoneError
from webmap.reviews.facts import Facts


def of_page(edition_id: str, facts: Facts) -> Markup:
    """Draw the areas of a page on a small map; "" where the edition is not kept any more, or does not draw them."""
    try:
        edition = chosen.beside(edition_id)
    except (EditionError, EditionGoneError):  # a signed round is read when its edition is long gone
        return Markup()
    area_set = next((name for name, _, _ in facts.areas), "")
    return illustrations.of_areas(edition, area_set, {area for name, area, _ in facts.areas if name == area_set})
