"""What was decided about an area, as marks on the time axis of its charts: the lists it came on, plans that began, hotspots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from geo.model.vocabulary import Period, Text
from webmap.charts.axis import Event
from webmap.edition import relations
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_SET

_LIST: Final = ("L", Text(da="på en liste", en="on a list"))
_PLAN: Final = ("P", Text(da="helhedsplan begynder", en="an action plan begins"))
_HOTSPOT: Final = ("H", Text(da="hotspot i området begynder", en="a hotspot in the area begins"))
_ENDED: Final = ("S", Text(da="hotspot i området slutter", en="a hotspot in the area ends"))


@lru_cache(maxsize=1024)
def of_area(reader: Reader, area_set: str, area_id: str) -> tuple[Event, ...]:
    """What was decided about one area, oldest first; nothing is of the whole city."""
    if area_set == CITY_SET:
        return ()
    events = (*_lists(reader, area_set, area_id), *_plans(reader, area_set, area_id), *_hotspots(reader, area_set, area_id))
    return tuple(sorted(events, key=lambda event: (event.when, event.letter)))


def _event(kind: tuple[str, Text], when: dt.date, reader: Reader) -> Event:
    letter, words = kind
    return Event(when, letter, words.in_(reader.language), str(when.year))


def _lists(reader: Reader, area_set: str, area_id: str) -> Iterator[Event]:
    for listed in reader.edition.catalogue.lists:
        if any((member.area_set, member.area_id) == (area_set, area_id) for member in listed.members):
            yield _event(_LIST, Period.parse(listed.published).first, reader)


def _plans(reader: Reader, area_set: str, area_id: str) -> Iterator[Event]:
    for plan in reader.edition.catalogue.plans.plans:
        began = plan.started or (Period.parse(plan.valid_from).first if plan.valid_from else None)
        if began and any((ref.area_set, ref.area_id) == (area_set, area_id) for ref in plan.areas):
            yield _event(_PLAN, began, reader)


def _hotspots(reader: Reader, area_set: str, area_id: str) -> Iterator[Event]:
    """Hotspots that are the area or overlap with it."""
    pairs = relations.pairs(reader.edition, area_set, area_id)
    near = {(area_set, area_id)} | {(pair.other_set, pair.other_id) for pair in pairs if pair.other_set == "hotspot"}
    for hotspot in reader.edition.catalogue.hotspots.areas:
        if (hotspot.area.area_set, hotspot.area.area_id) in near:
            yield _event(_HOTSPOT, Period.parse(hotspot.valid_from).first, reader)
            if hotspot.valid_to:
                yield _event(_ENDED, Period.parse(hotspot.valid_to).last, reader)
