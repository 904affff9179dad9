"""The API: areas, indicators, observations, goals and sources of one edition, as JSON, and as CSV and GeoJSON where that makes sense.

The ending of the address chooses the format; JSON is what an address without ending gives. docs/api.md is the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
import pandas as pd
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from geo.editions.edition import Edition
from geo.editions.trace import trace
from geo.errors import DamagedError, EditionError, GeoError, NotFoundError
from geo.model.goals import Goal
from geo.model.indicators import Indicator
from geo.model.results import AreaLayer, Judgement
from geo.model.sources import Source
from geo.model.vocabulary import Audience
from webmap import modelled, tables
from webmap.access import looked
from webmap.edition import chosen
from webmap.edition import rows as edition_rows
from webmap.language import wording

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {
    "": (),
    "areas": ("area_set",),
    "indicators": (),
    "observations": ("indicator", "area_set", "period"),
    "modelled": ("indicator", "area_set", "period"),
    "goals": (),
    "sources": (),
    "breaks": ("indicator",),
    "trace": ("indicator", "area_set", "area_id", "period"),
}
"""Every resource and the parameters it takes, beside `edition` and `lang`, which all take."""

_SHARED: Final = ("edition", "lang", "audience")
_DAMAGED: Final = "The edition is not as it was written: one of its files was changed or is missing. It is not shown."
_KINDS: Final = {"json": "application/json", "csv": "text/csv", "geojson": "application/geo+json"}
_AREA_COLUMNS: Final = ("area_set", "area_id", "name", "km2", "longitude", "latitude", "note", "valid_from", "valid_to", "generalised")
_INDICATOR_COLUMNS: Final = (
    "id", "name", "kind", "unit", "per", "population", "direction", "theme", "area_sets", "definition", "basis", "decimals", "demo",
)  # fmt: skip


_FAILURES: Final[tuple[tuple[type[GeoError], int, str], ...]] = (
    (chosen.EditionGoneError, 410, "edition_gone"),
    (NotFoundError, 404, "not_found"),
    (DamagedError, 503, "edition_damaged"),
    (EditionError, 503, "no_edition"),
)


class ApiError(Exception):
    """A request that cannot be answered, in the one shape of docs/api.md."""

    def __init__(self, status: int, code: str, message: str, *, where: str = "", expected: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.where, self.expected = status, code, message, where, list(expected)


@blueprint.errorhandler(ApiError)
def refused(error: ApiError) -> Response:
    """Answer a refused request."""
    parts = {"status": error.status, "code": error.code, "message": error.message, "where": error.where, "expected": error.expected}
    answer = Response(_json({"error": parts}), status=error.status, content_type="application/json; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.errorhandler(GeoError)
def refused_by_geo(failure: GeoError) -> Response:
    """Answer with what the model says is wrong."""
    status, code = next(((number, name) for kind, number, name in _FAILURES if isinstance(failure, kind)), (500, "internal"))
    first = failure.problems[0]
    if status >= 500:  # what is broken here, and where, is for who operates the server
        current_app.logger.error("%s", failure)
        unread = _DAMAGED if isinstance(failure, DamagedError) else "The edition cannot be read."
        words = unread if chosen.current_id() else "No edition has been built."
        return refused(ApiError(status, code, words, where=request.path))
    return refused(ApiError(status, code, first.what, where=first.file, expected=[first.expected] if first.expected else []))


def error(failure: HTTPException) -> Response:
    """Answer any other HTTP error under `/api/` in the same shape."""
    known = ["/api/v1/" + name for name in PARAMETERS] if failure.code == 404 else []
    return refused(ApiError(failure.code or 500, failure.name.lower().replace(" ", "_"), failure.name, where=request.path, expected=known))


@blueprint.get("/")
def index() -> Response:
    """List the resources, their parameters and formats."""
    edition = _edition("")
    found = [
        {
            "resource": name,
            "url": f"{request.script_root}/api/v1/{name}",
            "parameters": [*PARAMETERS[name], *_SHARED],
            "formats": list(_writers(name)),
        }
        for name in PARAMETERS
        if name
    ]
    return _answer(edition, _json({"api": "v1", "edition": edition.id, "as_of": edition.manifest.as_of, "resources": found}), "json")


@blueprint.get("/<resource>")
def resource(resource: str) -> Response:
    """Answer for one resource; `areas.geojson` is the resource `areas` in the format `geojson`."""
    name, _, ending = resource.partition(".")
    if not name or name not in PARAMETERS:
        raise ApiError(404, "unknown_resource", "There is no such resource.", where=request.path, expected=[n for n in PARAMETERS if n])
    writers = _writers(name)
    kind = ending or "json"
    if kind not in writers:
        raise ApiError(404, "unknown_format", f"The resource {name} has no such format.", where=request.path, expected=list(writers))
    edition = _edition(name)
    return _answer(edition, writers[kind](edition, _language()), kind)


# --- the resources ----------------------------------------------------------------------------------------------------

Writer = Callable[[Edition, str], str | bytes]


def _writers(name: str) -> Mapping[str, Writer]:
    """Formats of a resource and what writes them."""
    every: Mapping[str, Mapping[str, Writer]] = {
        "areas": {"json": _areas_json, "csv": _areas_csv, "geojson": _areas_geojson},
        "indicators": {
            "json": lambda edition, _: _json({"edition": edition.id, "indicators": edition.catalogue.indicators}),
            "csv": _indicators_csv,
        },
        "breaks": {"json": _breaks_json},
        "trace": {"json": _trace_json},
        "observations": {"json": _observations_json, "csv": lambda edition, lang: tables.csv_text(_observations(edition, lang))},
        "modelled": {
            "json": lambda edition, lang: _json({"edition": edition.id, "modelled": modelled.records(edition, _asked(edition), lang)}),
            "csv": lambda edition, lang: tables.csv_text(modelled.records(edition, _asked(edition), lang), modelled.COLUMNS),
        },
        "goals": {
            "json": lambda edition, _: _json({"edition": edition.id, "goals": [_goal(g, edition) for g in edition.catalogue.goals]}),
            "csv": _goals_csv,
        },
        "sources": {
            "json": lambda edition, _: _json({"edition": edition.id, "sources": edition.catalogue.sources}),
            "csv": lambda edition, _: tables.csv_text((_flat(source) for source in edition.catalogue.sources), Source.__struct_fields__),
        },
    }
    return every[name]


def _areas_json(edition: Edition, language: str) -> bytes:
    kinds = {kind.id: kind for kind in edition.catalogue.area_sets}
    sets = [
        {
            "area_set": layer.id,
            "name": kinds[layer.id].name.in_(language) if layer.id in kinds else layer.title,
            "areas": [_area(layer, number) for number in range(len(layer.areas))],
            "source": {
                "title": layer.title,
                "producer": layer.producer,
                "licence": layer.licence,
                "url": layer.url,
                "retrieved": layer.retrieved,
            },
        }
        for layer in _layers(edition)
    ]
    return _json({"edition": edition.id, "area_sets": sets})


def _areas_csv(edition: Edition, _language: str) -> str:
    return tables.csv_text((_area(layer, number) for layer in _layers(edition) for number in range(len(layer.areas))), _AREA_COLUMNS)


def _areas_geojson(edition: Edition, _language: str) -> bytes:
    features: list[Any] = []
    for layer in _layers(edition):
        known = {area.area_id: _area(layer, number) for number, area in enumerate(layer.areas)}
        for feature in msgspec.json.decode(edition.geometry(layer.id))["features"]:
            features.append({**feature, "properties": known[str(feature["properties"]["area_id"])]})
    return _json({"type": "FeatureCollection", "edition": edition.id, "features": features})


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
    wanted = _known("area_set", edition_rows.drawable(edition))
    return [edition.layers[name] for name in edition_rows.drawable(edition) if wanted in ("", name)]


def _observations_json(edition: Edition, language: str) -> bytes:
    return _json({"edition": edition.id, "columns": tables.COLUMNS, "observations": list(_observations(edition, language))})


def _observations(edition: Edition, language: str) -> list[dict[str, Any]]:
    return list(tables.records(edition, _asked(edition), language, root=request.script_root))


def _asked(edition: Edition) -> pd.DataFrame:
    """The observations that the parameters ask for."""
    table = edition.observations
    wanted = {
        "indicator": _known("indicator", tuple(indicator.id for indicator in edition.catalogue.indicators)),
        "area_set": _known("area_set", edition_rows.drawable(edition)),
        "period": _known("period", tuple(sorted(table["period"].unique()))),
    }
    for column, value in wanted.items():
        if value:
            table = table[table[column] == value]
    looked(area=wanted["area_set"], indicator=wanted["indicator"], figures=int(table["value"].notna().sum()))
    return table


def _breaks_json(edition: Edition, _language: str) -> bytes:
    """The frozen class breaks, those that colour the maps."""
    wanted = _known("indicator", tuple(indicator.id for indicator in edition.catalogue.indicators))
    return _json({"edition": edition.id, "breaks": [one for name, one in edition.breaks.items() if wanted in ("", name)]})


def _trace_json(edition: Edition, language: str) -> bytes:
    """Where one figure came from. All four parameters are needed: a trace is of one figure."""
    given = {name: request.args.get(name, "") for name in PARAMETERS["trace"]}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise ApiError(400, "missing_parameter", f"The parameter {missing[0]!r} is needed.", where=missing[0], expected=missing)
    found = trace(edition, **given)
    looked(area=f"{given['area_set']}/{given['area_id']}", indicator=given["indicator"], figures=int(found.figure.value is not None))
    return _json({"page": request.script_root + tables.trace_path(edition.id, given, language), "trace": found})


def _goal(goal: Goal, edition: Edition) -> dict[str, Any]:
    parts: dict[str, Any] = msgspec.to_builtins(goal)
    return parts | {"judgements": [judgement for judgement in edition.judgements if judgement.goal == goal.id]}


def _goals_csv(edition: Edition, language: str) -> str:
    """A row a judgement: one reading of one goal, for the whole (area_id "") or for one area; the course is in the JSON."""
    names = {goal.id: {"policy": goal.policy, "name": goal.name.in_(language)} for goal in edition.catalogue.goals}
    rows = (
        names[one.goal] | _flat(one) | {"demo": _demo(one.demo, language), "bridges": "; ".join(one.bridges)} for one in edition.judgements
    )
    return tables.csv_text(rows, ("policy", "name", *(field for field in Judgement.__struct_fields__ if field != "course")))


def _indicators_csv(edition: Edition, language: str) -> str:
    rows = (
        _flat(one)
        | {"name": one.name.in_(language), "unit": one.unit.in_(language), "population": one.population.in_(language)}
        | {"area_sets": " ".join(one.area_sets), "definition": one.definitions[-1].version, "demo": _demo(one.demo, language)}
        for one in edition.catalogue.indicators
    )
    return tables.csv_text(rows, _INDICATOR_COLUMNS)


def _demo(made_up: bool, language: str) -> str:
    return wording.DEMO.in_(language) if made_up else ""


def _flat(value: Judgement | Indicator | Source) -> dict[str, Any]:
    fields = {name: getattr(value, name) for name in value.__struct_fields__}
    return fields | ({"design_effect": value.design_effect and value.design_effect.value} if isinstance(value, Source) else {})


# --- what every answer shares -----------------------------------------------------------------------------------------


def _edition(name: str) -> Edition:
    """Edition of the request, after its parameters were found to be known."""
    known = (*PARAMETERS[name], *_SHARED)
    for given in request.args:
        if given not in known:
            raise ApiError(400, "unknown_parameter", f"The parameter {given!r} is not known.", where=given, expected=known)
        if len(request.args.getlist(given)) > 1:
            raise ApiError(400, "repeated_parameter", f"The parameter {given!r} is given more than once.", where=given)
    part = Audience(_known("audience", tuple(Audience)) or Audience.PUBLIC)
    return chosen.edition(request.args.get("edition"), part)


def _language() -> str:
    return _known("lang", ("da", "en")) or "da"


def _known(parameter: str, values: Sequence[str]) -> str:
    """Value of a parameter, "" when it is not given. Raises ApiError for one that is not among `values`."""
    given = request.args.get(parameter, "")
    if given and given not in values:
        raise ApiError(400, "unknown_value", f"{given!r} is not a known {parameter}.", where=parameter, expected=values)
    return given


_json = msgspec.json.encode


def _answer(edition: Edition, content: str | bytes, kind: str) -> Response:
    answer = Response(content, content_type=f"{_KINDS[kind]}; charset=utf-8")
    if edition.audience is not Audience.PUBLIC:
        return answer  # kept by no cache, and compared with nothing that a cache of another reader holds
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.set_etag(f"{edition.id}-v1", weak=True)
    answer.make_conditional(request)
    return answer
