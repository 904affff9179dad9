"""Areas as a table writes them: by our code, or by a name that one area alone has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process, utils

from geo.files import schema
from geo.files.layers import geojson
from geo.inputs import boundaries
from geo.model.areas import AreaSetKind, name_key

_LIKE: Final = 60
_MOST: Final = 3


class AreaNames(NamedTuple):
    """The codes of each area set in all its editions, and, by area set and folded name, the codes of the areas that have it."""

    codes: Mapping[str, frozenset[str]]
    names: Mapping[str, Mapping[str, frozenset[str]]]


class FoundArea(NamedTuple):
    """The code that a text stands for, "" when none does; and then what was probably meant."""

    code: str
    meant: str = ""


def read(folder: Path, kinds: Iterable[AreaSetKind]) -> AreaNames:
    """Read codes and names of all areas. folder: the workspace's folder `boundaries`. Raises InputError as its layers do."""
    every = tuple(kinds)
    names: dict[str, dict[str, set[str]]] = {}
    for kind in every:
        pairs = [(group.name, group.id) for group in kind.groups.group] if kind.groups else _pairs(folder, kind.id)
        for name, code in pairs:
            names.setdefault(kind.id, {}).setdefault(name_key(name), set()).add(code)
    frozen = {area_set: {name: frozenset(codes) for name, codes in of_set.items()} for area_set, of_set in names.items()}
    return AreaNames(boundaries.codes(folder, every), frozen)


def _pairs(folder: Path, area_set: str) -> list[tuple[str, str]]:
    layers = [geojson.read_own(path, file=path.name) for path in boundaries.editions(folder, area_set)]
    return [(str(name), str(code)) for layer in layers for name, code in zip(layer["name"], layer["area_id"], strict=True)]


def find(text: str, area_set: str, areas: AreaNames, *, by: str) -> FoundArea:
    """Find the area that a text stands for in one set. by: "code", "name" or "either", the code first.

    A name that several areas have stands for none of them. A set whose areas are not known here has no codes to look in: the text is
    taken as its code.
    """
    codes, names = areas.codes.get(area_set), areas.names.get(area_set, {})
    if codes is None or (by != "name" and text in codes):
        return FoundArea(text)
    named = names.get(name_key(text), frozenset())
    if by != "code" and len(named) == 1:
        return FoundArea(min(named))
    if named:
        return FoundArea("", f"one of {', '.join(sorted(named))}, by its code" if len(named) > 1 else f'"{min(named)}"')
    near = schema.nearest(name_key(text), names) if by != "code" else None
    return FoundArea("", f'"{near}"' if near else f'"{code}"' if (code := schema.nearest(text, codes)) else "")


def alike(text: str, among: Mapping[str, str]) -> str:
    """Return what is most like a text, as a question; "" where nothing is. among: names, each with what it is the name of."""
    near = process.extract(text, list(among), scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=_LIKE, limit=_MOST)
    proposed = list(dict.fromkeys(f"{name} ({among[name]})" for name, _, _ in near))
    return f"; did you mean {' or '.join(proposed)}?" if proposed else ""
