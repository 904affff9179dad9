"""Find an area by name."""

from __future__ import annotations

from dataclasses import dataclass

from geo.edition import Edition
from geo.results import AreaInfo
from webmap import maps
from webmap.mapstate import by_name


@dataclass(frozen=True)
class Group:
    """Areas of one set that a search found, sorted by name."""

    id: str
    name: str
    note: str
    areas: tuple[AreaInfo, ...]


def find(edition: Edition, text: str, language: str) -> tuple[Group, ...]:
    """Areas whose name holds `text` (any case; oe, ae and aa stand for ø, æ and å), by set; all areas for an empty text."""
    kinds = {kind.id: kind for kind in edition.catalogue.area_sets}
    groups = []
    for name in maps.drawable(edition):
        hits = [area for area in edition.layers[name].areas if _plain(text) in _plain(area.name) or text == area.area_id]
        kind = kinds.get(name)
        note = kind.note.in_(language) if kind and kind.note else ""
        groups.append(Group(name, kind.name.in_(language) if kind else name, note, tuple(sorted(hits, key=lambda a: by_name(a.name)))))
    return tuple(group for group in groups if group.areas)


def _plain(text: str) -> str:
    plain = text.casefold().strip()
    for letter, written in (("ø", "oe"), ("æ", "ae"), ("å", "aa"), ("ö", "oe"), ("ä", "ae")):
        plain = plain.replace(letter, written)
    return plain
