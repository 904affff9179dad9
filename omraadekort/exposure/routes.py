"""Every route that shows figures: what its parameters can be. A route that is neither here nor among the silent ones is a finding.

The lists are held against the application's own map of addresses, so that a page that somebody adds cannot be forgotten; a parameter
that a view looks for and that no ask gives is a finding too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final

from geo.model.vocabulary import Audience
from omraadekort.exposure import comparisons, doings, listings, pictures
from omraadekort.exposure.choices import Ask, Choices
from webmap.figures import barometer, records
from webmap.figures.formats import listed
from webmap.maps import sorting
from webmap.maps.state import CLASSES
from webmap.ssp import safety

Asks = Callable[[Choices], Iterator[Ask]]


def _once(_city: Choices) -> Iterator[Ask]:
    yield Ask({})


def _value_files(city: Choices) -> Iterator[Ask]:
    """The same of what can be told, and of classes."""
    for ask in pictures.part_files(city):
        yield from (ask, replace(ask, parameters={**ask.parameters, "farver": CLASSES}, kind=f"{ask.kind} farver".strip()))


def _downloads(city: Choices) -> Iterator[Ask]:
    """The same files in every format, and of a format that holds one map each period."""
    for each in listed.FORMATS:
        for ask in pictures.part_files(city):
            parameters, kind = {**ask.parameters, "kind": each.ending}, f"{each.ending} {ask.kind}"
            if each.one_map and ask.kind != "refused":
                for period in reversed(city.with_means[ask.indicator, ask.area_set]):
                    yield Ask({**parameters, "periode": period}, ask.indicator, ask.area_set, "", period, kind)
            else:
                yield Ask(parameters, *ask.about, kind)


def _maps(city: Choices) -> Iterator[Ask]:
    """Every map in every period, by name and in every other order; in its newest period with doubt and each area picked too."""
    orders = [sorting.Sort(column, down).code for column in sorting.COLUMNS for down in (False, True)]
    for (indicator, area_set), codes in city.with_means.items():
        for period in reversed(codes):
            plain = {"indicator": indicator, "inddeling": area_set, "periode": period}
            yield Ask(plain, indicator, area_set, "", period)
            yield from (Ask({**plain, "sorter": code}, indicator, area_set, "", period, code) for code in orders if code)
            yield Ask({**plain, "tvivl": "1"}, indicator, area_set, "", period, "tvivl")
            yield Ask({**plain, "farver": CLASSES}, indicator, area_set, "", period, "farver")
            yield from (Ask({**plain, "omraade": area}, indicator, area_set, area, period, "omraade") for area in city.areas[area_set])


def _map_form(city: Choices) -> Iterator[Ask]:
    yield Ask({})
    for (indicator, area_set), codes in city.periods.items():
        asked = {"indikator": indicator, "inddeling": area_set, "periode": codes[-1], "sorter": "-vaerdi", "tvivl": "1", "farver": CLASSES}
        yield Ask({**asked, "omraade": city.areas[area_set][-1]}, indicator, area_set, "", codes[-1])


def _pairs(city: Choices) -> Iterator[Ask]:
    """Two periods of every map, neighbours and the ends, with areas chosen together and without; and each map beside the next."""
    maps = list(city.periods)
    for indicator, area_set in maps:
        codes = city.periods[indicator, area_set]
        chosen = pictures.chosen(city, indicator, area_set)
        for before, after in reversed([*pairwise(codes), (codes[0], codes[-1])]):
            asked = {"inddeling": area_set, "a": indicator, "b": indicator, "pa": before, "pb": after}
            yield Ask(asked, indicator, area_set, "", after)
            yield Ask({**asked, "omraade": chosen}, indicator, area_set, "", before, "chosen")
        others = [other for other, same_set in maps if same_set == area_set and other != indicator]
        for other in others:
            asked = {"inddeling": area_set, "a": indicator, "b": other, "pa": codes[-1], "pb": city.periods[other, area_set][-1]}
            yield Ask({**asked, "omraade": chosen}, indicator, area_set, kind="two")


def _pair_files(city: Choices) -> Iterator[Ask]:
    for each in listed.holding(records.COLUMNS, one_map=False):
        yield from (Ask({**ask.parameters, "kind": each.ending}, *ask.about, f"{each.ending} {ask.kind}") for ask in _pairs(city))


def _periods(city: Choices) -> Iterator[Ask]:
    for indicator, area_set in city.periods:
        yield Ask({"indicator": indicator, "inddeling": area_set}, indicator, area_set)
        yield Ask({"indicator": indicator, "inddeling": area_set, "farver": CLASSES}, indicator, area_set, kind="farver")


def _origins(city: Choices) -> Iterator[Ask]:
    drawn = city.areas
    for cell in city.cells:
        if cell[1] in drawn:
            indicator, area_set, area_id, period = cell
            place = {"indicator": indicator, "area_set": area_set, "area_id": area_id, "period": period}
            yield Ask({"edition_id": city.edition.id, **place}, *cell)


def _of_area(city: Choices) -> Iterator[Ask]:
    for area_set, areas in city.areas.items():
        yield from (Ask({"area_set": area_set, "area_id": area}, "", area_set, area) for area in areas)


def _of_goal(city: Choices) -> Iterator[Ask]:
    """Every goal, and with each of its indicators."""
    for goal in city.edition.catalogue.goals:
        yield Ask({"number": goal.id}, goal.indicator or "", goal.area_set)
        yield from (Ask({"number": goal.id, "indicator": name}, name, goal.area_set) for name in goal.indicators)


def _goal_maps(city: Choices) -> Iterator[Ask]:
    """The same with each period, order, and area picked of the goal's map."""
    yield from _of_goal(city)
    for ask in _of_goal(city):
        codes = city.periods.get((ask.indicator, ask.area_set), ())
        for period in reversed(codes):
            plain = {**ask.parameters, "periode": period}
            yield Ask(plain, ask.indicator, ask.area_set, "", period)
            for more in (
                {"sorter": "vaerdi"},
                {"sorter": "-antal"},
                {"tvivl": "1"},
                {"farver": CLASSES},
                {"omraade": city.areas[ask.area_set][0]},
            ):
                yield Ask({**plain, **more}, ask.indicator, ask.area_set, "", period, next(iter(more)))


def _labour(city: Choices) -> Iterator[Ask]:
    for ask in _goal_maps(city):
        if ask.parameters["number"] == "2006-B2":
            yield Ask({name: value for name, value in ask.parameters.items() if name != "number"}, *ask.about)


def _found(city: Choices) -> Iterator[Ask]:
    """The look-up of places: by an area's name and by a point."""
    yield Ask({})
    for layer in city.edition.layers.values():
        for area in layer.areas[:2] if layer.role == "areas" else ():
            yield Ask({"q": area.name}, "", layer.id, area.area_id)
            yield Ask({"q": f"{area.point[1]}, {area.point[0]}"}, "", layer.id, area.area_id)


def _safety_maps(city: Choices) -> Iterator[Ask]:
    for two in safety.twosomes(city.edition) if city.audience is Audience.SSP else ():
        for period in reversed(two.periods):
            asked = {"oplevet": two.felt.id, "periode": period}
            yield Ask(asked, two.felt.id, two.area_set, "", period)
            yield Ask({**asked, "omraade": pictures.chosen(city, two.felt.id, two.area_set)}, two.felt.id, two.area_set, "", period)


def _districts(city: Choices) -> Iterator[Ask]:
    for two in safety.twosomes(city.edition)[:1] if city.audience is Audience.SSP else ():
        yield from (Ask({"area_id": area}, "", two.area_set, area) for area in city.areas[two.area_set])


def _round(city: Choices) -> Iterator[Ask]:
    for more in ({}, {"sat": "ikke"}) if city.half_year else ():
        yield Ask({"period": city.half_year, **more})


def _subjects(city: Choices) -> Iterator[Ask]:
    for subject_set, subject in city.subjects:
        yield Ask({"period": city.half_year, "subject_set": subject_set, "subject_id": subject}, "", subject_set, subject)


def _round_files(city: Choices) -> Iterator[Ask]:
    yield from (Ask({"period": city.half_year, "kind": kind}) for kind in ("pdf", "xlsx") if city.half_year)


# --- the API ----------------------------------------------------------------------------------------------------------


def _api(city: Choices) -> Iterator[Ask]:
    """Every resource that the API's own list names, in every format, whole and by each of its parameters."""
    own = {} if city.audience is Audience.PUBLIC else {"audience": city.audience.value}
    for name, (formats, parameters) in city.resources.items():
        for ending in formats:
            for ask in _filters(city, name, parameters):
                yield Ask({"resource": f"{name}.{ending}", **own, **ask.parameters}, *ask.about, f"{name}.{ending} {ask.kind}")
            if name == "observations":
                foreign = [part.value for part in Audience if part is not city.audience]
                yield from (Ask({"resource": f"{name}.{ending}", "audience": part}, kind="refused") for part in foreign)


def _filters(city: Choices, resource: str, parameters: object) -> Iterator[Ask]:
    known = {*parameters} if isinstance(parameters, list | tuple) else set()
    if resource == "trace":
        for ask in _origins(city):
            yield Ask({name: value for name, value in ask.parameters.items() if name != "edition_id"}, *ask.about)
        return
    yield Ask({"lang": "da", "edition": city.edition.id}, kind="whole")
    yield Ask({"lang": "en"}, kind="whole")
    for indicator in sorted({indicator for indicator, _ in city.periods}) if "indicator" in known else ():
        yield Ask({"indicator": indicator}, indicator)
    for area_set in city.areas if "area_set" in known else ():
        yield Ask({"area_set": area_set}, "", area_set)
    for policy in barometer.POLICIES if "policy" in known else ():
        yield Ask({"policy": policy})
    yield from listings.of_resource(city) if "list" in known else ()
    if {"indicator", "area_set", "period"} <= known:
        for (indicator, area_set), codes in city.with_means.items():
            for period in reversed(codes):
                yield Ask({"indicator": indicator, "area_set": area_set, "period": period}, indicator, area_set, "", period)


SHOWN: Final[Mapping[str, Asks]] = {
    "front.start": _once,
    "goals.goal": _goal_maps,
    "goals.labour": _labour,
    "barometer.page": _once,
    "areas.plans": _once,
    "areas.plan": lambda city: (Ask({"plan": plan.id}) for plan in city.edition.catalogue.plans.plans),
    "areas.hotspots": _once,
    "areas.hotspot_report": lambda _city: (Ask({"kind": kind}, kind=kind) for kind in ("pdf", "docx")),
    **listings.SHOWN,
    **doings.SHOWN,
    "areas.areas": _found,
    "areas.area": _of_area,
    "figures.sources": _once,
    "front.about": _once,
    "front.glossary_page": _once,
    "front.accessibility": _once,
    "areas.where": _found,
    "areas.suggest": _found,
    "changes.page": comparisons.page,
    "editions.changes": comparisons.records,
    "front.goal_sheet": _of_goal,
    "front.area_sheet": _of_area,
    "maps.index": _map_form,
    "maps.page": _maps,
    "maps.ground": lambda city: iter([Ask({"edition_id": city.edition.id})]),
    "maps.orientation": lambda city: iter([Ask({"edition_id": city.edition.id})]),
    "maps.layer": lambda city: (Ask({"edition_id": city.edition.id, "area_set": name}, "", name) for name in city.areas),
    "maps.values": _value_files,
    "maps.download": _downloads,
    "maps.side_by_side": _pairs,
    "maps.download_pair": _pair_files,
    "maps.periods": _periods,
    "pictures.map_picture": pictures.maps,
    "pictures.curve": pictures.curves,
    "pictures.spread": pictures.spreads,
    "goals.way": pictures.ways,
    "figures.origin": _origins,
    "ssp.start": _once,
    "ssp.safety_map": _safety_maps,
    "ssp.district": _districts,
    "reviews.rounds": _once,
    "reviews.round": _round,
    "reviews.page": _subjects,
    "reviews.history": _subjects,
    "reviews.export": _round_files,
    "api.index": lambda city: iter([Ask({}), Ask({"edition": city.edition.id, "audience": city.audience.value})]),
    "api.resource": _api,
}
"""Routes that show figures, or could: what their parameters can be in a city. An address may be refused; that is an answer too."""
