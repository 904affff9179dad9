"""Find an area by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from geo.model.results import AreaInfo
from geo.spatial.gazetteer import LONGEST, alike, plain
from webmap.edition import rows
from webmap.edition.reader import Reader
from webmap.language.wording import by_name


@dataclass(frozen=True)
class FoundAreas:
    """Areas of one set that a search found, sorted by name."""

    id: str
    name: str
    note: str
    areas: tuple[AreaInfo, ...]


def find(reader: Reader, text: str, *, mistyped: bool = True) -> tuple[FoundAreas, ...]:
    """Areas whose name holds `text` (any case; Danish letters may be written out or left out), by set; all areas for an empty text.

    mistyped: whether areas with a like name are given where none holds it, as for a typing error or two.
    """
    kinds = {kind.id: kind for kind in reader.edition.catalogue.area_sets}
    layers = {name: reader.edition.layers[name].areas for name in rows.drawable(reader.edition)}
    hits_of = {name: [area for area in areas if _named(area, text)] for name, areas in layers.items()}
    if mistyped and not any(hits_of.values()):
        hits_of = _alike(layers, text)
    groups = []
    for name, hits in hits_of.items():
        kind = kinds.get(name)
        note = kind.note.in_(reader.language) if kind and kind.note else ""
        groups.append(
            FoundAreas(name, kind.name.in_(reader.language) if kind else name, note, tuple(sorted(hits, key=lambda a: by_name(a.name))))
        )
    return tuple(group for group in groups if group.areas)


def _named(area: AreaInfo, text: str) -> bool:
    wanted = plain(text)
    return text in {"", area.area_id} or (bool(wanted) and wanted in _plain_name(area.name))


def _alike(layers: Mapping[str, Sequence[AreaInfo]], text: str) -> dict[str, list[AreaInfo]]:
    every = [(name, area) for name, areas in layers.items() for area in areas]
    at = alike([_plain_name(area.name) for _, area in every], plain(text[:LONGEST]))
    hits: dict[str, list[AreaInfo]] = {name: [] for name in layers}
    for place in at:
        name, area = every[place]
        hits[name].append(area)
    return hits


_plain_name = lru_cache(maxsize=4096)(plain)
"""Names of areas are few and asked for again with every letter that somebody types."""
