"""The municipal offers that lie in an area: day care, social offers, leisure, each at its point."""

from __future__ import annotations

from dataclasses import dataclass

from geo.model import periods
from geo.model.efforts.effort import Facility
from geo.model.sources import Cite
from geo.model.vocabulary import Text
from geo.spatial import lookup
from webmap.areas import find
from webmap.edition.reader import Reader
from webmap.language.wording import by_name, years

_KINDS = {
    "day_care": Text(da="Daginstitutioner", en="Day care"),
    "social": Text(da="Sociale tilbud", en="Social offers"),
    "leisure": Text(da="Fritidstilbud", en="Leisure"),
    "other": Text(da="Andre tilbud", en="Other offers"),
}


@dataclass(frozen=True)
class FacilityLine:
    """One offer. point: latitude and longitude, as the page for finding places takes it. when: since or until when."""

    name: str
    address: str
    point: str
    when: str
    cite: Cite | None


@dataclass(frozen=True)
class FacilityGroup:
    """The offers of one kind, by name."""

    name: str
    lines: tuple[FacilityLine, ...]


def in_area(reader: Reader, area_set: str, area_id: str) -> tuple[FacilityGroup, ...]:
    """Return the offers that are open and lie in an area or on its border, by kind; nothing when the edition has no index of areas."""
    known = find.index(reader.edition)
    if known is None:
        return ()
    groups: dict[str, list[Facility]] = {}
    for facility in reader.edition.catalogue.facilities:
        if _is_open(facility, reader):
            x, y = lookup.metres(facility.point.lon, facility.point.lat)
            if any((place.area_set, place.area_id) == (area_set, area_id) for place in lookup.areas_at(known, x, y)):
                groups.setdefault(facility.kind, []).append(facility)
    return tuple(
        FacilityGroup(said.in_(reader.language), tuple(_line(each, reader) for each in sorted(groups[kind], key=lambda e: by_name(e.name))))
        for kind, said in _KINDS.items()
        if kind in groups
    )


def _is_open(facility: Facility, reader: Reader) -> bool:
    """Whether it is open on the day of the edition; without days it is."""
    first, last, day = periods.read(facility.valid_from or ""), periods.read(facility.valid_to or ""), reader.edition.manifest.as_of
    return (first is None or first.first <= day) and (last is None or day <= last.last)


def _line(facility: Facility, reader: Reader) -> FacilityLine:
    point = f"{facility.point.lat}, {facility.point.lon}"
    return FacilityLine(
        facility.name, facility.address, point, years(facility.valid_from, facility.valid_to, reader.language), facility.cite
    )
