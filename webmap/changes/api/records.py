"""What differs between two editions as records for programs: JSON by subject, and CSV with a row a difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from geo.editions.comparison import Changes, Conclusion, EntryChange, FigureChange, LayerChange, Told, VerdictChange
from geo.model.vocabulary import Status
from webmap.changes import counts
from webmap.changes.comparing import EditionPair
from webmap.changes.repeated import UNREPEATED
from webmap.edition.kept import KeptEdition
from webmap.edition.reader import Reader
from webmap.language import wording

TOLD: Final[tuple[str, ...]] = Told.__struct_fields__
BEFORE: Final = "before_"
"""How the columns of the older edition begin."""
_KEY: Final = ("indicator", "indicator_name", "area_set", "area_id", "area_name", "period")
COLUMNS: Final[tuple[str, ...]] = (
    "part", "change", *_KEY, "by", *(f"{BEFORE}{name}" for name in TOLD), *TOLD, "demo",
    "goal", "target", f"{BEFORE}verdict", "verdict", "id", "fields", "came", "went",
)  # fmt: skip
"""Columns of the CSV. part: figure, verdict, area_set, breaks, or a part of the catalogue; columns that it does not have are empty."""
EDITION_COLUMNS: Final = ("id", "as_of", "written", "current")


def editions(listed: Sequence[KeptEdition], current: str) -> list[dict[str, Any]]:
    """The editions that are kept, newest first."""
    return [
        {"id": each.id, "as_of": each.as_of, "written": each.written.replace(microsecond=0), "current": each.id == current}
        for each in listed[::-1]
    ]


def content(made: Changes, compared: EditionPair, reader: Reader) -> dict[str, Any]:
    """What differs, as JSON tells it. reader: of the newer edition."""
    names = _Names(compared, reader)
    return {
        "edition": compared.new.id,
        "as_of": compared.new.manifest.as_of,
        "since": compared.old.id,
        "since_as_of": compared.old.manifest.as_of,
        "current": compared.shown.id,
        "summary": counts.sentences(made, reader.language),
        "counts": made.counts,
        "figures": [_figure(figure, names) for figure in made.figures],
        "areas": made.areas,
        "verdicts": [_verdict(verdict, names) for verdict in made.verdicts],
        "entries": made.entries,
        "area_sets": made.layers,
        "breaks": [each.indicator for each in made.breaks],
    }


def rows(made: Changes, compared: EditionPair, reader: Reader) -> Iterator[dict[str, Any]]:
    """The same, a row a difference with all of COLUMNS."""
    names = _Names(compared, reader)
    for figure in made.figures:
        record = _figure(figure, names)
        sides = {f"{BEFORE}{name}": record["before"][name] for name in TOLD} | record["now"]
        yield _row("figure", {name: record[name] for name in ("change", *_KEY, "by", "demo")} | sides)
    for verdict in made.verdicts:
        yield _row("verdict", _flat_verdict(verdict, names))
    for entry in made.entries:
        yield _row(entry.part, _flat_entry(entry))
    for layer in made.layers:
        yield _row("area_set", _flat_layer(layer))
    for each in made.breaks:
        yield _row("breaks", {"change": "changed", "indicator": each.indicator, "indicator_name": names.indicators.get(each.indicator, "")})


class _Names:
    """What indicators and areas are called in the newest of the two editions that has them."""

    def __init__(self, compared: EditionPair, reader: Reader) -> None:
        both = (compared.old, compared.new)
        self.language = reader.language
        self.indicators = {each.id: each.name.in_(reader.language) for edition in both for each in edition.catalogue.indicators}
        self.areas = {(layer.id, area.area_id): area.name for edition in both for layer in edition.layers.values() for area in layer.areas}

    def demo(self, *, made_up: bool) -> str:
        """The word that made-up figures carry."""
        return wording.DEMO.in_(self.language) if made_up else ""


def _figure(figure: FigureChange, names: _Names) -> dict[str, Any]:
    return {
        "indicator": figure.indicator,
        "indicator_name": names.indicators.get(figure.indicator, ""),
        "area_set": figure.area_set,
        "area_id": figure.area_id,
        "area_name": names.areas.get((figure.area_set, figure.area_id), ""),
        "period": figure.period,
        "change": figure.kind,
        "by": figure.by,
        "demo": names.demo(made_up=Status.DEMO in (figure.before.status, figure.now.status)),
        "before": msgspec.structs.asdict(figure.before),
        "now": msgspec.structs.asdict(figure.now),
    }


def _verdict(change: VerdictChange, names: _Names) -> dict[str, Any]:
    return {
        "goal": change.goal,
        "target": change.target,
        "indicator": change.indicator,
        "area_set": change.area_set,
        "area_id": change.area_id,
        "area_name": names.areas.get((change.area_set, change.area_id), ""),
        "demo": names.demo(made_up=change.demo),
        "before": _concluded(change.before),
        "now": _concluded(change.now),
    }


def _concluded(side: Conclusion | None) -> dict[str, Any] | None:
    """Verdict and reason; null where the edition does not judge; of what is not repeated that it is so."""
    if side is None:
        return None
    return {"verdict": side.verdict, "reason": side.reason, "period": side.latest_period, "repeated": side != UNREPEATED}


def _flat_verdict(change: VerdictChange, names: _Names) -> dict[str, Any]:
    record = _verdict(change, names)
    before, now = (record[side] or {} for side in ("before", "now"))
    kind = "new" if not before else "gone" if not now else "changed"
    kept = {name: record[name] for name in ("goal", "target", "indicator", "area_set", "area_id", "area_name", "demo")}
    return kept | {
        "change": kind,
        "indicator_name": names.indicators.get(change.indicator, ""),
        f"{BEFORE}verdict": before.get("verdict"),
        "verdict": now.get("verdict"),
        f"{BEFORE}reason": before.get("reason"),
        "reason": now.get("reason"),
        "period": now.get("period"),
    }


def _flat_entry(entry: EntryChange) -> dict[str, Any]:
    fields = " ".join(field.name for field in entry.fields)
    return {"change": entry.kind, "id": entry.id, "fields": fields, "came": "; ".join(entry.came), "went": "; ".join(entry.went)}


def _flat_layer(layer: LayerChange) -> dict[str, Any]:
    differing = [*layer.fields, *(f"{name}: {' '.join(codes)}" for name in ("redrawn", "renamed") if (codes := getattr(layer, name)))]
    return {
        "change": layer.kind,
        "area_set": layer.area_set,
        "fields": "; ".join(differing),
        "came": "; ".join(layer.came),
        "went": "; ".join(layer.went),
    }


def _row(part: str, given: Mapping[str, Any]) -> dict[str, Any]:
    return {**dict.fromkeys(COLUMNS), "part": part, **given}
