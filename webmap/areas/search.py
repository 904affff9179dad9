"""Find an area by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from geo.model.results import AreaInfo
from geo.spatial.gazetteer import plain
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


def find(reader: Reader, text: str) -> tuple[FoundAreas, ...]:
    """Areas whose name holds `text` (any case; Danish letters may be written out or left out), by set; all areas for an empty text."""
    kinds = {kind.id: kind for kind in reader.edition.catalogue.area_sets}
    groups = []
    for name in rows.drawable(reader.edition):
        hits = [area for area in reader.edition.layers[name].areas if _named(area, text)]
        kind = kinds.get(name)
        note = kind.note.in_(reader.language) if kind and kind.note else ""
        groups.append(
            FoundAreas(name, kind.name.in_(reader.language) if kind else name, note, tuple(sorted(hits, key=lambda a: by_name(a.name))))
        )
    return tuple(group for group in groups if group.areas)


def _named(area: AreaInfo, text: str) -> bool:
    wanted = plain(text)
    return text in {"", area.area_id} or (bool(wanted) and wanted in _plain_name(area.name))


_plain_name = lru_cache(maxsize=4096)(plain)
"""Names of areas are few and asked for again with every letter that somebody types."""
