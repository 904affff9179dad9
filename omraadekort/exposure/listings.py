"""What the addresses of lists can be: every edition of a list by itself and against others, and their resource of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from omraadekort.exposure.choices import Ask, Choices
from webmap.edition import relations
from webmap.lists import safetyindex


def _lists(city: Choices) -> Iterator[Ask]:
    """Every edition of a list of housing areas, by itself and against the others of its family."""
    known = relations.housing_lists(city.edition)
    for of_housing in known:
        yield Ask({"listed": of_housing.id})
        others = [each.id for each in known if each.family == of_housing.family and each is not of_housing]
        yield from (Ask({"listed": of_housing.id, "mod": other}, kind="mod") for other in others or [""])


def _index_editions(city: Choices) -> Iterator[Ask]:
    """Every edition of the safety index, by itself and against the others."""
    codes = list(safetyindex.states(city.edition))
    for code in codes:
        yield Ask({"code": code}, safetyindex.FAMILY, "", "", code)
        others = [other for other in codes if other != code] or [""]
        yield from (Ask({"code": code, "mod": other}, safetyindex.FAMILY, "", "", code, "mod") for other in others)


def _city_years(city: Choices) -> Iterator[Ask]:
    """The city index by itself, and every year of it against every other; of a city without it, no years."""
    yield Ask({})
    yield Ask({"aar": "", "mod": ""}, kind="mod")
    years = sorted({str(score.year) for score in city.edition.catalogue.city_scores})
    yield from (Ask({"aar": year, "mod": other}, kind="mod") for year in years for other in years if other != year)


def of_resource(city: Choices) -> Iterator[Ask]:
    """Every list of the API, and every publication of a family; of a city without lists, one that is not there."""
    if not city.edition.catalogue.lists:
        yield Ask({"list": "x"}, kind="list")
        yield Ask({"family": "x", "published": "2010"}, kind="family")
    for edition in city.edition.catalogue.lists:
        yield Ask({"list": edition.id}, kind="list")
        yield Ask({"family": edition.family, "published": edition.published}, kind="family")


SHOWN: Final[Mapping[str, Callable[[Choices], Iterator[Ask]]]] = {
    "lists.housing_lists": lambda _city: iter([Ask({})]),
    "lists.housing_list": _lists,
    "lists.index": lambda _city: iter([Ask({})]),
    "lists.index_edition": _index_editions,
    "measured.city_index": _city_years,
    "measured.discrimination_page": lambda _city: iter([Ask({})]),
}
"""Routes of lists, with what their parameters can be."""
