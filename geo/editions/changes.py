"""What changed from one edition to another, for one audience: figures, areas, verdicts, the catalogue, classes, boundaries, leftovers.

Both are parts that the audience may read, so nothing that is hidden from it can come out. Pages, the API, feeds and the rehearsal of
an import all say what this says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, Final, TypeVar

import msgspec

from geo.editions import figurechanges
from geo.editions.comparison import (
    AreaChange,
    BreaksChange,
    ChangedField,
    Changes,
    Conclusion,
    EntryChange,
    EntryKind,
    InputChange,
    LayerChange,
    LeftoverChange,
    Part,
    VerdictChange,
)
from geo.editions.edition import Edition
from geo.model.catalogue import Catalogue
from geo.model.results import AreaLayer, InputFile, Judgement, Leftover

_T = TypeVar("_T")
_PARTS: Final[dict[Part, Callable[[Catalogue], Iterable[Any]]]] = {
    "source": attrgetter("sources"),
    "area_set": attrgetter("area_sets"),
    "indicator": attrgetter("indicators"),
    "rule": attrgetter("rules"),
    "goal": attrgetter("goals"),
    "list": attrgetter("lists"),
    "plan": attrgetter("plans.plans"),
    "hotspot": attrgetter("hotspots.areas"),
    "report": attrgetter("calendar"),
    "contradiction": attrgetter("contradictions"),
    "effort": attrgetter("efforts"),
    "economy": attrgetter("economy"),
    "action_plan": attrgetter("action_plans"),
    "facility": attrgetter("facilities"),
    "dimension": attrgetter("dimensions"),
    "city_score": attrgetter("city_scores"),
    "cases": attrgetter("shown_cases"),
    "review": attrgetter("reviews"),
    "status_form": attrgetter("status_forms"),
}
_MEMBERS: Final[dict[Part, tuple[str, Callable[[Any], str]]]] = {
    "list": ("members", attrgetter("name")),
    "plan": ("areas", lambda place: f"{place.area_set}/{place.area_id}"),
    "effort": ("areas", lambda place: f"{place.area_set}/{place.area_id}"),
}
"""Of a part whose entries have members: the field that holds them, and what a member is called."""


class _Feature(msgspec.Struct):
    """One area of a published layer; its outline stays the bytes that were published."""

    properties: dict[str, str]
    geometry: msgspec.Raw


class _Layer(msgspec.Struct):
    features: list[_Feature]


def compare(old: Edition, new: Edition) -> Changes:
    """Compare two editions, each read for the same audience. Raises ValueError when they are not, DamagedError for a damaged outline."""
    if old.audience != new.audience:
        raise ValueError(f"editions of two audiences: {old.audience.value} and {new.audience.value}")
    return Changes(
        before=old.id,
        now=new.id,
        audience=new.audience,
        figures=figurechanges.figures(old.observations, new.observations),
        areas=areas(old, new),
        verdicts=tuple(_verdicts(old.judgements, new.judgements)),
        entries=tuple(_entries(old.catalogue, new.catalogue)),
        breaks=tuple(_breaks(old, new)),
        layers=tuple(_layers(old, new)),
        leftovers=tuple(LeftoverChange(before=was, now=now) for was, now in _pairs(old.manifest.leftovers, new.manifest.leftovers, _left)),
        inputs=tuple(InputChange(before=was, now=now) for was, now in _pairs(old.manifest.inputs, new.manifest.inputs, _file)),
    )


def areas(old: Edition, new: Edition) -> tuple[AreaChange, ...]:
    """Return the areas that have figures of an indicator of which they had none in any period, or the other way round."""
    had, has = figurechanges.measured(old.observations), figurechanges.measured(new.observations)
    gained: dict[tuple[str, str], list[str]] = defaultdict(list)
    lost: dict[tuple[str, str], list[str]] = defaultdict(list)
    for to, more, fewer in ((gained, has, had), (lost, had, has)):
        for area_set, area_id, indicator in sorted(more - fewer):
            to[area_set, area_id].append(indicator)
    return tuple(
        AreaChange(area_set=place[0], area_id=place[1], gained=tuple(gained.get(place, ())), lost=tuple(lost.get(place, ())))
        for place in sorted(gained.keys() | lost.keys())
    )


def _left(leftover: Leftover) -> Hashable:
    return leftover.join, leftover.area_set, leftover.side, leftover.indicator, leftover.period


def _file(file: InputFile) -> Hashable:
    return file.path, file.kind


def _pairs(old: Iterable[_T], new: Iterable[_T], key: Callable[[_T], Any]) -> Iterator[tuple[_T | None, _T | None]]:
    """Values of two tables that differ, by their key, with None where a table lacks it. Sorted by the key."""
    before, now = ({key(value): value for value in values} for values in (old, new))
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            yield before.get(name), now.get(name)


def _kind(before: object | None, now: object | None) -> EntryKind:
    return "new" if before is None else "gone" if now is None else "changed"


def _verdicts(old: Iterable[Judgement], new: Iterable[Judgement]) -> Iterator[VerdictChange]:
    for before, now in _pairs(old, new, attrgetter("goal", "target", "indicator", "area_set", "area_id")):
        if before is not None and now is not None and (before.verdict, before.reason) == (now.verdict, now.reason):
            continue
        about: Judgement = now or before  # type: ignore[assignment]  # one of the two is there
        yield VerdictChange(
            **{name: getattr(about, name) for name in ("goal", "target", "indicator", "area_set", "area_id", "demo")},
            before=_conclusion(before),
            now=_conclusion(now),
        )


def _conclusion(judgement: Judgement | None) -> Conclusion | None:
    if judgement is None:
        return None
    return Conclusion(**{name: getattr(judgement, name) for name in Conclusion.__struct_fields__})


def _entries(old: Catalogue, new: Catalogue) -> Iterator[EntryChange]:
    for part, of in _PARTS.items():
        for before, now in _pairs(of(old), of(new), _id):
            yield _entry(part, _id(now or before), before, now)
    yield from _programme("plan_programme", old.plans, new.plans, beside="plans")
    yield from _programme("hotspot_programme", old.hotspots, new.hotspots, beside="areas")


def _id(entry: Any) -> str:
    """A hotspot has no id but that of its area."""
    return str(entry.id if hasattr(entry, "id") else entry.area.area_id)


def _programme(part: Part, old: msgspec.Struct, new: msgspec.Struct, *, beside: str) -> Iterator[EntryChange]:
    changed = tuple(change for change in _fields(old, new) if change.name != beside)
    if changed:
        yield EntryChange(part=part, id="", kind="changed", fields=changed)


def _entry(part: Part, id: str, before: msgspec.Struct | None, now: msgspec.Struct | None) -> EntryChange:
    field, called = _MEMBERS.get(part, ("", str))
    had, has = ([called(member) for member in getattr(entry, field, ())] for entry in (before, now))
    return EntryChange(
        part=part,
        id=id,
        kind=_kind(before, now),
        fields=_fields(before, now) if before is not None and now is not None else (),
        came=tuple(name for name in has if name not in had),
        went=tuple(name for name in had if name not in has),
    )


def _fields(before: msgspec.Struct, now: msgspec.Struct) -> tuple[ChangedField, ...]:
    return tuple(
        ChangedField(name=name, before=msgspec.to_builtins(getattr(before, name)), now=msgspec.to_builtins(getattr(now, name)))
        for name in now.__struct_fields__
        if getattr(before, name) != getattr(now, name)
    )


def _breaks(old: Edition, new: Edition) -> Iterator[BreaksChange]:
    before, now = ({name: tuple(made.edges) for name, made in edition.breaks.items()} for edition in (old, new))
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            yield BreaksChange(indicator=name, before=before.get(name), now=now.get(name))


def _layers(old: Edition, new: Edition) -> Iterator[LayerChange]:
    for name in sorted(old.layers.keys() | new.layers.keys()):
        before, now = old.layers.get(name), new.layers.get(name)
        if before is None or now is None:
            came, went = (tuple(sorted(area.area_id for area in layer.areas)) if layer else () for layer in (now, before))
            yield LayerChange(area_set=name, kind=_kind(before, now), came=came, went=went)
        elif (change := _layer(before, now, _redrawn(old, new, name))) is not None:
            yield change


def _layer(before: AreaLayer, now: AreaLayer, redrawn: tuple[str, ...]) -> LayerChange | None:
    had, has = ({area.area_id: area.name for area in layer.areas} for layer in (before, now))
    change = LayerChange(
        area_set=now.id,
        kind="changed",
        came=tuple(sorted(has.keys() - had.keys())),
        went=tuple(sorted(had.keys() - has.keys())),
        redrawn=redrawn,
        renamed=tuple(sorted(code for code in had.keys() & has.keys() if had[code] != has[code])),
        fields=tuple(name for name in now.__struct_fields__ if name != "areas" and getattr(before, name) != getattr(now, name)),
    )
    return change if any((change.came, change.went, change.redrawn, change.renamed, change.fields)) else None


def _redrawn(old: Edition, new: Edition, area_set: str) -> tuple[str, ...]:
    """Codes of the areas of both whose outlines differ. Files of the same hash are not opened."""
    name = f"areas/{area_set}.geojson"
    if old.manifest.files.get(name) == new.manifest.files.get(name):
        return ()
    before, now = _outlines(old, area_set), _outlines(new, area_set)
    return tuple(sorted(code for code in before.keys() & now.keys() if before[code] != now[code]))


def _outlines(edition: Edition, area_set: str) -> Mapping[str, bytes]:
    layer = msgspec.json.decode(edition.geometry(area_set), type=_Layer)
    return {feature.properties["area_id"]: bytes(feature.geometry) for feature in layer.features}
