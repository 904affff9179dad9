"""What has been published already: the figures of the editions that a workspace holds. A new edition is protected against them.

Published figures cannot be withdrawn. Editions of every format are read as they lie on disk. Figures are identified by who was
counted and not by names: a register under another name, a code word that became two, or an indicator that was removed are still the
same people. Indicators marked demo are left out, because invented people were never published before.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from geo.disclosure.counts import Area, Measured, measured, vintage
from geo.editions import edition, manifests
from geo.errors import DamagedError, EditionError, Problem
from geo.model.areas import AreaSet
from geo.model.indicators import Noise, RegisterMeasure
from geo.model.vocabulary import Audience, Reason, Status
from geo.spatial import cells

_COLUMNS: Final = ("indicator", "area_set", "area_id", "period", "status", "reason", "numerator", "denominator")

_EXPECTED: Final = "an edition as it was written, from a backup; or none, if nobody read it"

Figure = tuple[str, str, str, str]
"""Indicator, area set, area id, period."""

Telling = dict[tuple[str, str], dict[tuple[Measured, Area], frozenset[str]]]
"""By register and period: for a measure in an area, the editions that published both of its counts."""


@dataclass(frozen=True)
class Vintage:
    """An area set as an earlier edition drew it, when it is now drawn differently. shapes: metres (EPSG:25832), in the order of the ids."""

    name: str
    area_ids: tuple[str, ...]
    shapes: NDArray[np.object_]
    partition: bool


@dataclass(frozen=True)
class ReleasedHistory:
    """What has been published.

    vintages: by the register whose figures they carried. released: by audience, what was published for it and for all further out.
    hidden: by audience, what the current edition hides. measures: by register, everything that earlier editions measured without
    noise. measured_with_noise: by register, everything that they measured, the noise on it (None for none), and the edition. damaged:
    by id, what is wrong with editions that are not as they were written. What such an edition published is unknown, so nothing can be
    published beside it; a build that makes the same edition again repairs it.
    """

    vintages: Mapping[str, tuple[Vintage, ...]] = field(default_factory=dict)
    released: Mapping[Audience, Telling] = field(default_factory=dict)
    hidden: Mapping[Audience, frozenset[Figure]] = field(default_factory=dict)
    measures: Mapping[str, tuple[RegisterMeasure, ...]] = field(default_factory=dict)
    measured_with_noise: Mapping[str, tuple[tuple[RegisterMeasure, Noise | None, str], ...]] = field(default_factory=dict)
    damaged: Mapping[str, Problem] = field(default_factory=dict)

    def check(self, made: str) -> None:
        """Raise DamagedError when an edition is damaged, other than the one that is being made."""
        if problems := [problem for name, problem in self.damaged.items() if name != made]:
            raise DamagedError(problems)

    def of(self, registers: Mapping[str, Iterable[str]]) -> ReleasedHistory:
        """Return the same history for the registers that exist now, each with its columns.

        What was published of a register that is gone concerns the same people, so it is passed on to every register that has the
        columns it was counted by.
        """
        measures = {old: [measure for measure, *_ in listed] for old, listed in self.measured_with_noise.items()} | dict(self.measures)
        renamed = {old: _heirs(of_old, registers) for old, of_old in measures.items() if old not in registers}
        return ReleasedHistory(
            _passed_on(self.vintages, renamed),
            {audience: _renamed_keys(telling, renamed) for audience, telling in self.released.items()},
            self.hidden,
            _passed_on(self.measures, renamed),
            _passed_on(self.measured_with_noise, renamed),
            self.damaged,
        )


def read(editions: Path, area_sets: Mapping[str, AreaSet]) -> ReleasedHistory:
    """Gather what all editions published. Raises EditionError when one of them cannot be read.

    area_sets: those that carry figures, as they are drawn now.
    """
    vintages: dict[str, dict[str, Vintage]] = {}
    released: dict[Audience, Telling] = {audience: {} for audience in Audience}
    measures: dict[str, dict[Measured, RegisterMeasure]] = {}
    every: dict[str, list[tuple[RegisterMeasure, Noise | None, str]]] = {}
    damaged: dict[str, Problem] = {}
    for folder in edition.folders(editions):
        if problem := manifests.damage(folder):
            damaged[folder.name] = replace(problem, expected=_EXPECTED)
            continue
        try:
            record = _Record.read(folder)
            names = _names(folder, record, area_sets, vintages) if record.measures else {}
        except (OSError, ValueError, KeyError, msgspec.MsgspecError, pa.ArrowException) as error:
            raise _unreadable(folder, error) from None
        for measure in record.measures.values():
            measures.setdefault(measure.register, {})[measured(measure)] = measure
        for measure, noise in record.every:
            every.setdefault(measure.register, []).append((measure, noise, folder.name))
        for number, audience in enumerate(Audience):
            for inner in list(Audience)[number:] if record.measures else ():
                record.add(released[inner], folder / audience.value / "observations.parquet", names)
    return ReleasedHistory(
        {register: tuple(of_register.values()) for register, of_register in vintages.items()},
        released,
        _hidden(editions),
        {register: tuple(of_register.values()) for register, of_register in measures.items()},
        {register: tuple(of_register) for register, of_register in every.items()},
        damaged,
    )


def _unreadable(folder: Path, error: Exception) -> EditionError:
    return EditionError(Problem(folder.name, f"an earlier edition cannot be read ({error!r})", expected=_EXPECTED))


def expressed(measure: RegisterMeasure, codes: Mapping[str, Sequence[str]]) -> tuple[RegisterMeasure, ...]:
    """Return measures, in the words that a register uses now, that together count at least the people that an older measure counted.

    codes: the columns of the register and their words. A word that is gone may have become any of the others: whoever knows the count
    of the old word may know each of theirs. Returns () where a column is gone, because then nobody can say what was counted.
    """
    asked = [(side, column) for side in ("where", "having") for column in getattr(measure, side)]
    if any(column not in codes for _, column in asked):
        return ()
    choices = [
        [words] if set(words) <= set(codes[column]) else [(word,) for word in codes[column]]
        for side, column in asked
        for words in (getattr(measure, side)[column],)
    ]
    return tuple(_worded(measure, dict(zip(asked, chosen, strict=True))) for chosen in itertools.product(*choices))


def _worded(measure: RegisterMeasure, words: Mapping[tuple[str, str], tuple[str, ...]]) -> RegisterMeasure:
    sides = {side: {column: words[side, column] for column in getattr(measure, side)} for side in ("where", "having")}
    return RegisterMeasure(register=measure.register, **sides)


def _heirs(measures: Sequence[RegisterMeasure], registers: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    columns = {column for measure in measures for column in (*measure.where, *measure.having)}
    return tuple(name for name, known in registers.items() if columns and columns <= set(known))


def _passed_on(of_register: Mapping[str, tuple[Any, ...]], renamed: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[Any, ...]]:
    passed = {name: list(values) for name, values in of_register.items() if name not in renamed}
    for old, heirs in renamed.items():
        for heir in heirs:
            more = [value for value in of_register.get(old, ()) if value not in passed.get(heir, [])]
            passed.setdefault(heir, []).extend(more)
    return {name: tuple(values) for name, values in passed.items()}


def _renamed_keys(telling: Telling, renamed: Mapping[str, tuple[str, ...]]) -> Telling:
    passed: Telling = {}
    for (register, period), of_period in telling.items():
        for name in renamed.get(register, (register,)):
            mine = passed.setdefault((name, period), {})
            for key, editions in of_period.items():
                mine[key] = mine.get(key, frozenset()) | editions
    return passed


def _hidden(editions: Path) -> dict[Audience, frozenset[Figure]]:
    """What the current edition hides from each audience; nothing where there is none, or where it cannot be read."""
    try:
        folder = editions / edition.current(editions)
        if manifests.damage(folder):
            return {}
        return {audience: _hidden_from(folder / audience.value / "observations.parquet") for audience in Audience}
    except (EditionError, OSError, pa.ArrowException):
        return {}


def _hidden_from(path: Path) -> frozenset[Figure]:
    table = pq.read_table(path, columns=["indicator", "area_set", "area_id", "period", "status"])
    rows = table.filter(pc.equal(table["status"], Status.SUPPRESSED.value))
    return frozenset(zip(*(rows[name].to_pylist() for name in ("indicator", "area_set", "area_id", "period")), strict=True))


@dataclass(frozen=True)
class _Record:
    """What an edition says of itself: the measures of its indicators, and the areas of its sets.

    measures: those of exact figures. every: all of them, with their noise.
    """

    edition: str
    measures: Mapping[str, RegisterMeasure]
    sets: Mapping[str, tuple[str, ...]]
    used: Mapping[str, frozenset[str]]  # by register, the area sets of its indicators
    every: tuple[tuple[RegisterMeasure, Noise | None], ...]

    @classmethod
    def read(cls, folder: Path) -> _Record:
        written: Any = msgspec.json.decode((folder / "catalogue.json").read_bytes())
        layers: Any = msgspec.json.decode((folder / "layers.json").read_bytes())
        every = [indicator for indicator in written["indicators"] if indicator.get("register") and not indicator.get("demo")]
        counted = [indicator for indicator in every if not indicator.get("noise")]
        measures = {indicator["id"]: msgspec.convert(indicator["register"], RegisterMeasure) for indicator in counted}
        used: dict[str, set[str]] = {}
        for indicator in counted:
            used.setdefault(indicator["register"]["register"], set()).update(indicator["area_sets"])
        sets = {layer["id"]: tuple(area["area_id"] for area in layer["areas"]) for layer in layers if layer.get("role", "areas") == "areas"}
        noises = [msgspec.convert(indicator.get("noise"), Noise | None) for indicator in every]
        with_noise = [
            (msgspec.convert(indicator["register"], RegisterMeasure), noise) for indicator, noise in zip(every, noises, strict=True)
        ]
        return cls(folder.name, measures, sets, {register: frozenset(names) for register, names in used.items()}, tuple(with_noise))

    def add(self, released: Telling, path: Path, names: Mapping[str, str]) -> None:
        """Add both counts of every figure that is shown; a shown figure without a value says that nobody is in its group.

        A mean is left out when all of its half-years are shown.
        """
        if not path.is_file():
            return
        keys = {name: measured(measure) for name, measure in self.measures.items()}
        try:
            table = pq.read_table(path, columns=list(_COLUMNS)).to_pandas()
        except pa.ArrowException as error:
            raise _unreadable(path.parent.parent, error) from None
        follows = table["reason"] == Reason.HALF_YEARS.value
        shown = table[(table["status"] != Status.SUPPRESSED.value) & ~follows & table["indicator"].isin(self.measures)]
        for indicator, area_set, area_id, period in shown[["indicator", "area_set", "area_id", "period"]].itertuples(
            index=False, name=None
        ):
            of_period = released.setdefault((self.measures[indicator].register, period), {})
            key = (keys[indicator], Area(names[area_set], area_id))
            of_period[key] = of_period.get(key, frozenset()) | {self.edition}


def _names(folder: Path, record: _Record, now: Mapping[str, AreaSet], vintages: dict[str, dict[str, Vintage]]) -> dict[str, str]:
    """The name of each area set of an edition: its own where it is drawn as now, otherwise that of a vintage, which is added."""
    cover = cells.load(folder / "cover.npz")
    names: dict[str, str] = {}
    for (area_set, ids), layer in zip(record.sets.items(), cover.layers, strict=True):
        shapes = np.asarray(layer.shapes, dtype=object)
        if area_set in now and _same(ids, shapes, now[area_set]):
            names[area_set] = area_set
            continue
        of_it = [drawn for of_set in vintages.values() for drawn in of_set.values() if drawn.name.startswith(f"{area_set}@")]
        known = next((drawn for drawn in of_it if drawn.area_ids == ids and _alike(drawn.shapes, shapes)), None)
        vintage_of_set = known or Vintage(vintage(area_set, record.edition), ids, shapes, layer.partition)
        names[area_set] = vintage_of_set.name
        for register, used in record.used.items():
            if area_set in used:
                vintages.setdefault(register, {})[vintage_of_set.name] = vintage_of_set
    return names


def _same(ids: Sequence[str], shapes: NDArray[np.object_], now: AreaSet) -> bool:
    return list(ids) == now.areas["area_id"].tolist() and _alike(shapes, now.areas.geometry.to_numpy())


def _alike(first: NDArray[np.object_], other: NDArray[np.object_]) -> bool:
    return len(first) == len(other) and bool(shapely.equals_exact(first, other, tolerance=0).all())


def areas(sets: Mapping[str, Iterable[str]], vintages: Iterable[Vintage]) -> tuple[Area, ...]:
    """Return set and id of every area in the order in which they are counted: the sets as drawn now, then the vintages."""
    every = [*sets.items(), *((drawn.name, drawn.area_ids) for drawn in vintages)]
    return tuple(Area(name, area_id) for name, ids in every for area_id in ids)
