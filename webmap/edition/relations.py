"""What else is known of an area: lists and when, plans, hotspots, and what it overlaps with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from geo.editions.edition import Edition
from geo.model.catalogue import ListEdition
from geo.model.programmes import AreaRef
from geo.model.results import Overlap
from geo.model.vocabulary import Period, Status, Text
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_SET
from webmap.language import wording
from webmap.language.terms import EXTENT
from webmap.language.wording import by_name, percent, years


@dataclass(frozen=True)
class ListLine:
    """A list edition that names the area. page: the view that shows it, "" where none does; parts: of its address."""

    listed: ListEdition
    when: str
    extent: str
    note: str
    page: str
    parts: Mapping[str, str]


@dataclass(frozen=True)
class OverlapLine:
    """Another area that lies over this one, in percent of each; of residents "" where nothing is known or may be said."""

    area_set: str
    set_name: str
    area_id: str
    name: str
    of_area: str
    of_other: str
    of_residents: str
    of_other_residents: str
    demo: bool


@dataclass(frozen=True)
class TextLine:
    """A plan or a hotspot that names the area. id: the plan's, "" of a hotspot."""

    name: str
    when: str
    note: str
    id: str = ""


@dataclass(frozen=True)
class AreaLink:
    """An area that something names, with what its page is called. drawn: False where the edition has no such area and so no page of it."""

    area_set: str
    area_id: str
    name: str
    drawn: bool


_NOT_DRAWN: Final = Text(da="{code} (ikke på kortet)", en="{code} (not on the map)")


def linked(reader: Reader, refs: Iterable[AreaRef]) -> tuple[AreaLink, ...]:
    """The areas that are named, by name; one that the edition does not have is called by its code, and that it is not drawn."""
    return tuple(sorted((_link(reader, ref) for ref in refs), key=lambda link: (not link.drawn, by_name(link.name))))


def _link(reader: Reader, ref: AreaRef) -> AreaLink:
    area = reader.edition.area(ref.area_set, ref.area_id)
    name = area.name if area else _NOT_DRAWN.in_(reader.language).format(code=ref.area_id)
    return AreaLink(ref.area_set, ref.area_id, name, area is not None)


def lists(reader: Reader, area_set: str, area_id: str) -> tuple[ListLine, ...]:
    """Editions of lists that name the area, oldest first."""
    housing = housing_lists(reader.edition)
    naming = [
        ListLine(
            listed,
            wording.period(listed.published, reader.language),
            EXTENT[member.extent].in_(reader.language),
            member.note.in_(reader.language) if member.note else "",
            *_page(listed, housing),
        )
        for listed in sorted(reader.edition.catalogue.lists, key=lambda listed: Period.parse(listed.published))
        for member in listed.members
        if (member.area_set, member.area_id) == (area_set, area_id)
    ]
    return tuple(naming)


def housing_lists(edition: Edition) -> tuple[ListEdition, ...]:
    """Lists of housing areas, oldest first: those that are neither of the safety index nor of hotspots."""
    elsewhere = {
        listed.family
        for listed in edition.catalogue.lists
        if listed.need is not None or any(member.area_set == "hotspot" for member in listed.members)
    }
    kept = [listed for listed in edition.catalogue.lists if listed.family not in elsewhere]
    return tuple(sorted(kept, key=lambda listed: (Period.parse(listed.published), listed.id)))


def _page(listed: ListEdition, housing: Sequence[ListEdition]) -> tuple[str, Mapping[str, str]]:
    if listed.need is not None:
        return "lists.index_edition", {"code": Period.parse(listed.published).code}
    return ("lists.housing_list", {"listed": listed.id}) if listed in housing else ("", {})


def plans(reader: Reader, area_set: str, area_id: str) -> tuple[TextLine, ...]:
    """Plans that name the area."""
    return tuple(
        TextLine(
            plan.name,
            years(plan.valid_from, plan.valid_to, reader.language),
            plan.note.in_(reader.language) if plan.note else "",
            plan.id,
        )
        for plan in reader.edition.catalogue.plans.plans
        if any((ref.area_set, ref.area_id) == (area_set, area_id) for ref in plan.areas)
    )


def hotspots(reader: Reader, area_set: str, area_id: str) -> tuple[TextLine, ...]:
    """Hotspots that are the area or overlap with it."""
    near = {(area_set, area_id)} | {(o.other_set, o.other_id) for o in pairs(reader.edition, area_set, area_id) if o.other_set == "hotspot"}
    return tuple(
        TextLine(
            name(reader.edition, hotspot.area.area_set, hotspot.area.area_id),
            years(hotspot.valid_from, hotspot.valid_to, reader.language),
            hotspot.note.in_(reader.language) if hotspot.note else "",
        )
        for hotspot in reader.edition.catalogue.hotspots.areas
        if (hotspot.area.area_set, hotspot.area.area_id) in near
    )


def overlaps(reader: Reader, area_set: str, area_id: str) -> tuple[OverlapLine, ...]:
    """Areas of other sets that lie over this one, set by set, sorted by name; the city itself is left out."""
    kinds = {kind.id: (kind.order, kind.name.in_(reader.language)) for kind in reader.edition.catalogue.area_sets}
    lines = [
        OverlapLine(
            o.other_set,
            kinds.get(o.other_set, (0, o.other_set))[1],
            o.other_id,
            name(reader.edition, o.other_set, o.other_id),
            percent(o.percent_of_area, reader.language),
            percent(o.percent_of_other, reader.language),
            _known(o.percent_of_residents, reader.language),
            _known(o.percent_of_other_residents, reader.language),
            o.residents_status == Status.DEMO.value,
        )
        for o in pairs(reader.edition, area_set, area_id)
        if o.other_set != CITY_SET
    ]
    return tuple(sorted(lines, key=lambda line: (kinds.get(line.area_set, (0, ""))[0], by_name(line.name))))


def pairs(edition: Edition, area_set: str, area_id: str) -> list[Overlap]:
    """Overlaps of one area with areas of other sets."""
    return [o for o in edition.overlaps if o.area_set == area_set and o.area_id == area_id]


def _known(value: float | None, language: str) -> str:
    return "" if value is None else percent(value, language)


def name(edition: Edition, area_set: str, area_id: str) -> str:
    """Name of an area, its id when the edition has no such area."""
    area = edition.area(area_set, area_id)
    return area.name if area else area_id
