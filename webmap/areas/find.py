"""From a name, an address or a point to every area it lies in, now and in earlier editions of the boundaries: `/find`.

Everything is answered from the edition's own lists (geo.spatial.gazetteer, geo.spatial.lookup); nobody else is asked, and nothing typed is
kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from markupsafe import Markup

from geo.editions import manifests
from geo.editions.edition import Edition
from geo.model.vocabulary import Text
from geo.spatial import gazetteer, lookup
from geo.spatial.gazetteer import NamedPoint, NameMatch
from geo.spatial.lookup import Lookup, Place
from webmap import urls
from webmap.areas import search
from webmap.charts.ground import minimap
from webmap.edition import named as known_names
from webmap.edition.reader import Reader
from webmap.language import wording
from webmap.language.terms import PLACE_KIND
from webmap.language.wording import by_name

_TWO_NUMBERS: Final = re.compile(
    r"\s*([0-9]{1,9}(?:[.,][0-9]{1,20})?)\s*°?\s*[NnØøEe]?\s*[,; ]\s*([0-9]{1,9}(?:[.,][0-9]{1,20})?)\s*°?\s*[NnØøEe]?\s*"
)
_LATITUDE, _LONGITUDE = (54.0, 58.0), (7.5, 16.0)
_EAST, _NORTH = (400_000.0, 900_000.0), (6_000_000.0, 6_500_000.0)
_DRAWN: Final = ("bydel", "tryghedsdistrikt", "kommune")
"""The set that the small map shows, the first that the edition has."""

_OFFERED: Final = 8
_INDEX = "lookup.npz"
"""The file of an edition with its areas of all vintages."""


@dataclass(frozen=True)
class AreaLine:
    """One area that a point lies in: its name, in which years the boundary holds, and its page when the edition still draws it so."""

    name: str
    when: str
    url: str


@dataclass(frozen=True)
class SetLine:
    """What a point lies in of one kind of area: now, in earlier editions, and what it may lie in because the point is rough."""

    name: str
    note: str
    generalised: bool
    now: tuple[AreaLine, ...]
    earlier: tuple[AreaLine, ...]
    perhaps: tuple[AreaLine, ...]


@dataclass(frozen=True)
class Answer:
    """Where one point lies. rough: in words how far the point may be wrong, "" when the list's source vouches for it."""

    name: str
    kind: str
    rough: str
    point: str
    sets: tuple[SetLine, ...]
    nowhere: tuple[str, ...]
    drawing: Markup


@dataclass(frozen=True)
class Suggestion:
    """One thing that a question may have meant."""

    words: str
    kind: str
    url: str


@dataclass(frozen=True)
class FindView:
    """What the page says to a question. houses: the house numbers of a street that was asked for without one."""

    text: str
    answer: Answer | None
    offers: tuple[Suggestion, ...]
    areas: tuple[search.FoundAreas, ...]
    street: str
    houses: tuple[Suggestion, ...]
    missing: str
    outside: bool
    addresses: int
    places: int


def whereabouts(reader: Reader, text: str) -> FindView:
    """Answer a question from the edition's lists of places and areas."""
    known, point = known_names.known(reader.edition), coordinates(text)
    matches = gazetteer.find(known, text, limit=_OFFERED) if known and not point else ()
    exact = [match for match in matches if match.exact]
    best = exact[0] if len(exact) == 1 else matches[0] if len(matches) == 1 else None
    asked = text and not point and not (best and best.points[0].number)
    groups = search.find(reader, text, mistyped=not exact) if asked else ()
    street = best if best and best.exact and len(best.points) > 1 else None
    spot = NamedPoint("", "", "", "point", *point) if point else None
    if best and len(best.points) == 1 and (best.exact or not groups):
        spot = best.points[0]
    return FindView(
        text=text,
        answer=_answer(reader, spot) if spot else None,
        offers=() if best and best.exact else tuple(_offer(match, reader.language) for match in matches if match is not best or not spot),
        areas=groups,
        street=street.words if street else "",
        houses=tuple(_offer(NameMatch((house,), exact=True), reader.language, number=True) for house in street.points) if street else (),
        missing=best.missing if best else "",
        outside=bool(not point and not matches and not groups and _TWO_NUMBERS.fullmatch(text)),
        addresses=sum(len(spots) for spots in known.points if spots[0].number) if known else 0,
        places=sum(1 for spots in known.points if not spots[0].number) if known else 0,
    )


def coordinates(text: str) -> tuple[float, float] | None:
    """The point that somebody typed, in metres (EPSG:25832): degrees or metres, in either order; None when it is no point in Denmark."""
    typed = _TWO_NUMBERS.fullmatch(text)
    if not typed:
        return None
    first_number, other = (float(part.replace(",", ".")) for part in typed.groups())
    for first, second in ((first_number, other), (other, first_number)):
        if _LATITUDE[0] <= first <= _LATITUDE[1] and _LONGITUDE[0] <= second <= _LONGITUDE[1]:
            return lookup.metres(second, first)
        if _EAST[0] <= first <= _EAST[1] and _NORTH[0] <= second <= _NORTH[1]:
            return first, second
    return None


def index(edition: Edition) -> Lookup | None:
    """The edition's index of all areas of all vintages, None when it was built before there was one."""
    return _index(edition.folder) if _INDEX in edition.manifest.files else None


@lru_cache(maxsize=2)
def _index(folder: Path) -> Lookup:
    return lookup.read(manifests.content(folder, _INDEX))


# --- where a point lies -------------------------------------------------------------------------------------------------


def _answer(reader: Reader, spot: NamedPoint) -> Answer:
    known = index(reader.edition)
    inside = lookup.areas_at(known, spot.x, spot.y) if known else ()
    near = lookup.areas_near(known, spot.x, spot.y, within=spot.within) if known and spot.within else ()
    east, north = lookup.degrees(spot.x, spot.y)
    degrees = f"{wording.number(north, decimals=5, language=reader.language)}; {wording.number(east, decimals=5, language=reader.language)}"
    sets = [_set(reader, name, inside, [place for place in near if place not in inside]) for name in _sets(reader.edition)]
    drawn = next((name for name in _DRAWN if name in reader.edition.layers), "")
    return Answer(
        name=spot.words or degrees,
        kind=PLACE_KIND[spot.kind].in_(reader.language),
        rough=_rough(spot.within, reader.language),
        point=degrees,
        sets=tuple(line for line in sets if line.now or line.earlier or line.perhaps),
        nowhere=tuple(line.name for line in sets if not (line.now or line.earlier or line.perhaps)),
        drawing=minimap.located(reader.edition, drawn, (east, north)) if drawn else Markup(),
    )


def _sets(edition: Edition) -> list[str]:
    kinds = sorted(edition.catalogue.area_sets, key=lambda kind: kind.order)
    return [kind.id for kind in kinds if kind.id in edition.layers and edition.layers[kind.id].role == "areas"]


def _set(reader: Reader, area_set: str, inside: Sequence[Place], near: Sequence[Place]) -> SetLine:
    kind, layer = reader.edition.catalogue.area_set(area_set), reader.edition.layers[area_set]
    today = reader.edition.manifest.as_of
    mine = [place for place in inside if place.area_set == area_set]
    newest = max((place.valid_from for place in (*mine, *near) if place.area_set == area_set and _holds(place, today)), default=None)
    now = [place for place in mine if place.valid_from == newest]
    return SetLine(
        name=kind.name.in_(reader.language) if kind else area_set,
        note=kind.note.in_(reader.language) if kind and kind.note and area_set.startswith("udsat") else "",
        generalised=layer.generalised,
        now=_lines(reader, now),
        earlier=_lines(reader, [place for place in mine if place not in now]),
        perhaps=_lines(reader, [place for place in near if place.area_set == area_set and place.valid_from == newest]),
    )


def _holds(place: Place, day: dt.date) -> bool:
    return place.valid_from <= day and (place.valid_to is None or day <= place.valid_to)


def _lines(reader: Reader, places: Iterable[Place]) -> tuple[AreaLine, ...]:
    return tuple(
        AreaLine(place.name, _when(place, reader.language), _url(reader.edition, place))
        for place in sorted(places, key=lambda place: by_name(place.name))
    )


def _url(edition: Edition, place: Place) -> str:
    """Page of the area, "" for a vintage that the edition does not draw: its page would show another boundary."""
    layer = edition.layers[place.area_set]
    same = layer.edition.valid_from == place.valid_from and any(area.area_id == place.area_id for area in layer.areas)
    return urls.link("areas.area", area_set=place.area_set, area_id=place.area_id) if same else ""


def _when(place: Place, language: str) -> str:
    first = wording.date(place.valid_from, language)
    if place.valid_to is None:
        return Text(da=f"grænse fra {first}", en=f"boundary from {first}").in_(language)
    last = wording.date(place.valid_to, language)
    return Text(da=f"grænse fra {first} til {last}", en=f"boundary from {first} to {last}").in_(language)


def _rough(within: float, language: str) -> str:
    if not within:
        return ""
    metres = wording.number(within, decimals=0, language=language)
    return Text(
        da=f"Punktet er omtrentligt: stedet ligger inden for {metres} meter af det.",
        en=f"The point is rough: the place lies within {metres} metres of it.",
    ).in_(language)


# --- what may have been meant -------------------------------------------------------------------------------------------


def suggestions(reader: Reader, text: str) -> list[Suggestion]:
    """Areas and places, areas first where the name is theirs."""
    if len(text) < 2 or coordinates(text):
        return []
    kinds = {kind.id: kind.singular.in_(reader.language) for kind in reader.edition.catalogue.area_sets}
    known = known_names.known(reader.edition)
    matches = gazetteer.find(known, text, limit=_OFFERED) if known else ()
    areas = [
        Suggestion(area.name, kinds.get(group.id, group.id), urls.link("areas.area", area_set=group.id, area_id=area.area_id))
        for group in search.find(reader, text, mistyped=not any(match.exact for match in matches))
        for area in group.areas
    ]
    places = [_offer(match, reader.language) for match in matches]
    share = max(_OFFERED // 2, _OFFERED - len(places))
    return [*areas[:share], *places][:_OFFERED]


def _offer(match: NameMatch, language: str, *, number: bool = False) -> Suggestion:
    words, first = match.words, match.points[0]
    kind = PLACE_KIND["street" if len(match.points) > 1 else first.kind].in_(language)
    return Suggestion(first.number if number else words, kind, urls.link("areas.where", q=words))
