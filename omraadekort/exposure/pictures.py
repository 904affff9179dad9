"""Files that name the part of an edition that they are made of: which addresses they have. Among them the pictures to take away."""

from __future__ import annotations

from collections.abc import Iterator

from geo.model.vocabulary import Audience
from omraadekort.exposure.choices import Ask, Choices
from webmap.maps.state import CLASSES


def of_map(city: Choices, **more: str) -> Iterator[Ask]:
    """One address a map of the edition."""
    for indicator, area_set in city.periods:
        parameters = {"edition_id": city.edition.id, "indicator": indicator, "area_set": area_set}
        yield Ask({**parameters, **more}, indicator, area_set, kind=more.get("del", ""))


def part_files(city: Choices) -> Iterator[Ask]:
    """A file of every map as the audience is given it, and of the other parts, which must be refused."""
    parts: list[dict[str, str]] = [{"del": part.value} for part in (city.audience, Audience.PUBLIC)] + [{}]
    for named in parts if city.audience is not Audience.PUBLIC else parts[1:]:
        yield from of_map(city, **named)
    foreign = [part for part in Audience if part not in (city.audience, Audience.PUBLIC)]
    for ask in list(of_map(city))[:1]:
        yield from (Ask({**ask.parameters, "del": part.value}, kind="refused") for part in foreign)


def chosen(city: Choices, indicator: str, area_set: str) -> list[str]:
    """Areas to choose together: those with hidden figures and the first two."""
    hidden = {cell[2] for cell in city.hidden if cell[:2] == (indicator, area_set)}
    areas = city.areas[area_set]
    return [area for number, area in enumerate(areas) if number < 2 or area in hidden]


def maps(city: Choices) -> Iterator[Ask]:
    """Every map as a picture, in every period and in both views; a PNG is drawn from the SVG of the same address, and is not asked for."""
    for ask in of_map(city):
        for period in reversed(city.with_means[ask.indicator, ask.area_set]):
            plain = {**ask.parameters, "kind": "svg", "periode": period}
            yield Ask(plain, ask.indicator, ask.area_set, "", period)
            yield Ask({**plain, "farver": CLASSES}, ask.indicator, ask.area_set, "", period, "farver")


def curves(city: Choices) -> Iterator[Ask]:
    """Every area's curve."""
    for ask in of_map(city):
        for area in city.areas[ask.area_set]:
            yield Ask({**ask.parameters, "area_id": area, "kind": "svg"}, ask.indicator, ask.area_set, area)


def spreads(city: Choices) -> Iterator[Ask]:
    """Every spread, with areas chosen; one area has none."""
    for ask in (ask for ask in of_map(city) if len(city.areas[ask.area_set]) > 1):
        for period in reversed(city.periods[ask.indicator, ask.area_set]):
            named = {"kind": "svg", "periode": period, "omraade": chosen(city, ask.indicator, ask.area_set)}
            yield Ask({**ask.parameters, **named}, ask.indicator, ask.area_set, "", period)


def ways(city: Choices) -> Iterator[Ask]:
    """The way of every goal by each of its indicators."""
    for goal in city.edition.catalogue.goals:
        for name in goal.indicators:
            yield Ask({"edition_id": city.edition.id, "number": goal.id, "indicator": name, "kind": "svg"}, name, goal.area_set)
