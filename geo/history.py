"""What is out already: the figures of the editions that a workspace holds. They cannot be taken back, so a new one is closed around them.

Editions are read as they lie on disk, of whatever format: what was told then is told. Invented people have no past; indicators
marked demo are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from geo import cells, edition, manifests
from geo.errors import DamagedError, EditionError, Problem
from geo.model import AreaSet, RegisterMeasure
from geo.protection import overlay
from geo.protection.overlay import Area, Fact, Trait
from geo.words import Audience

Facts = dict[Fact, dict[int, str]]

_EXPECTED: Final = "an edition as it was written, from a backup; or none, if nobody read it"
_COLUMNS: Final = ("indicator", "area_set", "area_id", "period", "numerator", "denominator")


@dataclass(frozen=True)
class Vintage:
    """An area set as an earlier edition drew it, which is not as it is drawn now. shapes: metres (EPSG:25832), in the order of the ids."""

    name: str
    area_ids: tuple[str, ...]
    shapes: NDArray[np.object_]
    partition: bool


@dataclass(frozen=True)
class History:
    """What is out. vintages: by the register whose figures they carried. facts: by audience, with those of all further out.

    damaged: by id, what is wrong with editions that are not as they were written. What they let out is not known, so nothing may be
    let out beside them; a build that makes the same edition anew mends it.
    """

    vintages: Mapping[str, tuple[Vintage, ...]]
    facts: Mapping[Audience, Facts]
    damaged: Mapping[str, Problem] = field(default_factory=dict)

    def check(self, made: str) -> None:
        """Raise DamagedError when an edition is damaged that is not the one that is being made."""
        if problems := [problem for name, problem in self.damaged.items() if name != made]:
            raise DamagedError(problems)


def read(editions: Path, area_sets: Mapping[str, AreaSet]) -> History:
    """Gather the facts of all editions that are whole, oldest figures first. Raises EditionError when one of them cannot be read.

    area_sets: as they are drawn now, those that carry figures.
    """
    vintages: dict[str, dict[str, Vintage]] = {}
    facts: dict[Audience, Facts] = {audience: {} for audience in Audience}
    damaged: dict[str, Problem] = {}
    for folder in edition.folders(editions):
        if problem := manifests.damage(folder):
            damaged[folder.name] = replace(problem, expected=_EXPECTED)
            continue
        try:
            told = _Told.read(folder)
        except (OSError, ValueError, KeyError, msgspec.MsgspecError, pa.ArrowException) as error:
            raise EditionError(Problem(folder.name, f"an earlier edition cannot be read ({error!r})", expected=_EXPECTED)) from None
        if not told.measures:
            continue
        names = _names(folder, told, area_sets, vintages)
        outside: Facts = {}
        for audience in Audience:
            outside |= dict(told.facts(folder / audience.value / "observations.parquet", names))
            for fact, counts in outside.items():
                facts[audience].setdefault(fact, {}).update(counts)
    return History({register: tuple(found.values()) for register, found in vintages.items()}, facts, damaged)


@dataclass(frozen=True)
class _Told:
    """What an edition says of itself: the measures of its indicators, and the areas of its sets."""

    edition: str
    measures: Mapping[str, RegisterMeasure]
    sets: Mapping[str, tuple[str, ...]]
    used: Mapping[str, frozenset[str]]  # by register, the area sets of its indicators

    @classmethod
    def read(cls, folder: Path) -> _Told:
        written: Any = msgspec.json.decode((folder / "catalogue.json").read_bytes())
        layers: Any = msgspec.json.decode((folder / "layers.json").read_bytes())
        counted = [one for one in written["indicators"] if one.get("register") and not one.get("demo")]
        measures = {one["id"]: msgspec.convert(one["register"], RegisterMeasure) for one in counted}
        used: dict[str, set[str]] = {}
        for one in counted:
            used.setdefault(one["register"]["register"], set()).update(one["area_sets"])
        sets = {one["id"]: tuple(area["area_id"] for area in one["areas"]) for one in layers if one.get("role", "areas") == "areas"}
        return cls(folder.name, measures, sets, {register: frozenset(names) for register, names in used.items()})

    def facts(self, path: Path, names: Mapping[str, str]) -> Iterator[tuple[Fact, dict[int, str]]]:
        """Both counts of every figure that is shown."""
        if not path.is_file():
            return
        table = pq.read_table(path, columns=list(_COLUMNS)).to_pandas()
        shown = table[table["numerator"].notna() & table["denominator"].notna() & table["indicator"].isin(self.measures)]
        traits = {name: overlay.traits(measure) for name, measure in self.measures.items()}
        for indicator, area_set, area_id, period, *counts in shown.itertuples(index=False, name=None):
            for trait, count in zip(traits[indicator], counts, strict=True):
                yield self._key(indicator, trait, period, Area(names[area_set], area_id)), {round(count): self.edition}

    def _key(self, indicator: str, trait: Trait, period: str, area: Area) -> Fact:
        return self.measures[indicator].register, trait, period, area


def _names(folder: Path, told: _Told, now: Mapping[str, AreaSet], vintages: dict[str, dict[str, Vintage]]) -> dict[str, str]:
    """What each area set of an edition is called: by its name where it is drawn as now, else as a vintage, which is added."""
    cover = cells.load(folder / "cover.npz")
    names: dict[str, str] = {}
    for (area_set, ids), layer in zip(told.sets.items(), cover.layers, strict=True):
        shapes = np.asarray(layer.shapes, dtype=object)
        if area_set in now and _same(ids, shapes, now[area_set]):
            names[area_set] = area_set
            continue
        of_it = [one for found in vintages.values() for one in found.values() if one.name.startswith(f"{area_set}@")]
        known = next((one for one in of_it if one.area_ids == ids and _alike(one.shapes, shapes)), None)
        found = known or Vintage(overlay.vintage(area_set, told.edition), ids, shapes, layer.partition)
        names[area_set] = found.name
        for register, used in told.used.items():
            if area_set in used:
                vintages.setdefault(register, {})[found.name] = found
    return names


def _same(ids: Sequence[str], shapes: NDArray[np.object_], now: AreaSet) -> bool:
    return list(ids) == now.areas["area_id"].tolist() and _alike(shapes, now.areas.geometry.to_numpy())


def _alike(one: NDArray[np.object_], other: NDArray[np.object_]) -> bool:
    return len(one) == len(other) and bool(shapely.equals_exact(one, other, tolerance=0).all())


def areas(sets: Mapping[str, Iterable[str]], vintages: Iterable[Vintage]) -> tuple[Area, ...]:
    """Set and id of every area in the order in which they are counted: the sets as drawn now, then the vintages."""
    every = [*sets.items(), *((one.name, one.area_ids) for one in vintages)]
    return tuple(Area(name, area_id) for name, ids in every for area_id in ids)
