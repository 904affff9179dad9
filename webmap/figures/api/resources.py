"""The resources of the API and what writes each of them, in every format that it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from flask import request

from geo.editions.edition import Edition
from geo.editions.trace import trace
from geo.model.goals import Goal
from geo.model.indicators import Indicator
from geo.model.results import AreaLayer, Judgement
from geo.model.sources import Source
from geo.model.vocabulary import Status
from webmap.access import log_figures
from webmap.edition import rows as edition_rows
from webmap.edition.reader import Reader
from webmap.figures import records
from webmap.figures.api import barometer, done, lists, reported, tables
from webmap.figures.api.parameters import PARAMETERS, needed, one_of
from webmap.figures.api.tables import Writer
from webmap.figures.formats import csv_text, geojson
from webmap.language import wording

_AREA_COLUMNS: Final = ("area_set", "area_id", "name", "km2", "longitude", "latitude", "note", "valid_from", "valid_to", "generalised")
_INDICATOR_COLUMNS: Final = (
    "id", "name", "kind", "unit", "per", "population", "direction", "theme", "area_sets", "definition", "basis", "decimals", "demo",
)  # fmt: skip


def writers_of(name: str) -> Mapping[str, Writer]:
    """Formats of a resource and what writes them: of figures those of `FORMATS`, of all else those that make sense."""
    if name in tables.TABLES:
        return tables.writers(name)
    every: Mapping[str, Mapping[str, Writer]] = {
        **done.resources(),
        **reported.resources(),
        "areas": {"json": _areas_json, "csv": _areas_csv, "geojson": _areas_geojson},
        "indicators": {
            "json": lambda reader: as_json({"edition": reader.edition.id, "indicators": reader.edition.catalogue.indicators}),
            "csv": _indicators_csv,
        },
        "breaks": {"json": _breaks_json},
        "trace": {"json": _trace_json},
        "goals": {
            "json": lambda reader: as_json(
                {"edition": reader.edition.id, "goals": [_goal(g, reader.edition) for g in reader.edition.catalogue.goals]}
            ),
            "csv": _goals_csv,
        },
        "barometer": barometer.writers(),
        "lists": {"json": lists.as_json, "csv": lists.as_csv},
        "sources": {
            "json": lambda reader: as_json({"edition": reader.edition.id, "sources": reader.edition.catalogue.sources}),
            "csv": lambda reader: csv_text.text((_flat(source) for source in reader.edition.catalogue.sources), Source.__struct_fields__),
        },
    }
    return every[name]


def _areas_json(reader: Reader) -> bytes:
    kinds = {kind.id: kind for kind in reader.edition.catalogue.area_sets}
    sets = [
        {
            "area_set": layer.id,
            "name": kinds[layer.id].name.in_(reader.language) if layer.id in kinds else layer.title,
            "areas": [_area(layer, number) for number in range(len(layer.areas))],
            "source": {
                "title": layer.title,
                "producer": layer.producer,
                "licence": layer.licence,
                "url": layer.url,
                "retrieved": layer.retrieved,
            },
        }
        for layer in _layers(reader.edition)
    ]
    return as_json({"edition": reader.edition.id, "area_sets": sets})


def _areas_csv(reader: Reader) -> str:
    return csv_text.text((_area(layer, number) for layer in _layers(reader.edition) for number in range(len(layer.areas))), _AREA_COLUMNS)


def _areas_geojson(reader: Reader) -> bytes:
    features: list[Any] = []
    for layer in _layers(reader.edition):
        known = {area.area_id: _area(layer, number) for number, area in enumerate(layer.areas)}
        features += geojson.features(reader.edition, layer.id, known)
    return geojson.collection(features, before={"edition": reader.edition.id})


def _area(layer: AreaLayer, number: int) -> dict[str, Any]:
    area = layer.areas[number]
    return {
        "area_set": layer.id,
        "area_id": area.area_id,
        "name": area.name,
        "km2": area.km2,
        "longitude": area.point[0],
        "latitude": area.point[1],
        "note": area.note,
        "valid_from": layer.edition.valid_from.isoformat(),
        "valid_to": layer.edition.valid_to.isoformat() if layer.edition.valid_to else None,
        "generalised": layer.generalised,
    }


def _layers(edition: Edition) -> list[AreaLayer]:
    wanted = one_of("area_set", edition_rows.drawable(edition))
    return [edition.layers[name] for name in edition_rows.drawable(edition) if wanted in ("", name)]


def _breaks_json(reader: Reader) -> bytes:
    """The frozen class breaks, those that colour the maps."""
    wanted = one_of("indicator", tuple(indicator.id for indicator in reader.edition.catalogue.indicators))
    return as_json(
        {"edition": reader.edition.id, "breaks": [breaks for name, breaks in reader.edition.breaks.items() if wanted in ("", name)]}
    )


def _trace_json(reader: Reader) -> bytes:
    """Where one figure came from. All four parameters are needed: a trace is of one figure."""
    given = needed(*PARAMETERS["trace"])
    traced = trace(reader.edition, **given)
    log_figures(area=f"{given['area_set']}/{given['area_id']}", indicator=given["indicator"], figures=int(traced.figure.value is not None))
    measured = reader.edition.catalogue.indicator(given["indicator"])
    demo = traced.figure.status == Status.DEMO or bool(measured and measured.demo)
    page = request.script_root + records.trace_path(reader.edition.id, given, reader.language, demo=demo)
    return as_json({"page": page, "trace": traced})


def _goal(goal: Goal, edition: Edition) -> dict[str, Any]:
    parts: dict[str, Any] = msgspec.to_builtins(goal)
    return parts | {"judgements": [judgement for judgement in edition.judgements if judgement.goal == goal.id]}


def _goals_csv(reader: Reader) -> str:
    """A row a judgement: one reading of one goal, for the whole (area_id "") or for one area; the course is in the JSON."""
    joined = ("bridges", "newcomers")
    names = {goal.id: {"policy": goal.policy, "name": goal.name.in_(reader.language)} for goal in reader.edition.catalogue.goals}
    rows = (
        names[judgement.goal]
        | _flat(judgement)
        | {"demo": _demo(judgement.demo, reader.language), **{name: "; ".join(getattr(judgement, name)) for name in joined}}
        | {"parts": "; ".join(f"{part.indicator}={part.verdict or 'not_measured'}" for part in judgement.parts)}
        for judgement in reader.edition.judgements
    )
    return csv_text.text(rows, ("policy", "name", *(field for field in Judgement.__struct_fields__ if field != "course")))


def _indicators_csv(reader: Reader) -> str:
    rows = (
        _flat(indicator)
        | {
            "name": indicator.name.in_(reader.language),
            "unit": indicator.unit.in_(reader.language),
            "population": indicator.population.in_(reader.language),
        }
        | {
            "area_sets": " ".join(indicator.area_sets),
            "definition": indicator.definitions[-1].version,
            "demo": _demo(indicator.demo, reader.language),
        }
        for indicator in reader.edition.catalogue.indicators
    )
    return csv_text.text(rows, _INDICATOR_COLUMNS)


def _demo(made_up: bool, language: str) -> str:
    return wording.DEMO.in_(language) if made_up else ""


def _flat(value: Judgement | Indicator | Source) -> dict[str, Any]:
    fields = {name: getattr(value, name) for name in value.__struct_fields__}
    return fields | ({"design_effect": value.design_effect and value.design_effect.value} if isinstance(value, Source) else {})


as_json = msgspec.json.encode
