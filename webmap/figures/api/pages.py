"""The API: areas, indicators, observations, goals and sources of one edition, as JSON, and in the other formats where that makes sense.

The ending of the address chooses the format; JSON is what an address without ending gives. docs/api.md is the contract.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from geo.editions.edition import Edition
from geo.errors import DamagedError, EditionError, GeoError, NotFoundError
from geo.model.vocabulary import Audience, Text
from webmap import urls
from webmap.access import gate
from webmap.edition import chosen
from webmap.edition.reader import Reader
from webmap.figures.api.parameters import PARAMETERS, SHARED, ApiError, known_only, one_of
from webmap.figures.api.resources import as_json, writers_of
from webmap.figures.formats import listed
from webmap.language import refusals

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

_DAMAGED: Final = "The edition is not as it was written: one of its files was changed or is missing. It is not shown."
_BUSY: Final = Text(
    da="Serveren er ved at lave så mange store svar, som den kan. Spørg igen om {} sekunder.",
    en="The server is making as many large answers as it can. Ask again in {} seconds.",
)
_FAILURES: Final[tuple[tuple[type[GeoError], int, str], ...]] = (
    (chosen.EditionGoneError, 410, "edition_gone"),
    (NotFoundError, 404, "not_found"),
    (DamagedError, 503, "edition_damaged"),
    (EditionError, 503, "no_edition"),
)


@blueprint.errorhandler(ApiError)
def refused(error: ApiError) -> Response:
    """Answer a refused request."""
    parts = {"status": error.status, "code": error.code, "message": error.message, "where": error.where, "expected": error.expected}
    answer = Response(as_json({"error": parts}), status=error.status, content_type="application/json; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.errorhandler(GeoError)
def refused_by_geo(failure: GeoError) -> Response:
    """Answer with what the model says is wrong."""
    status, code = next(((number, name) for kind, number, name in _FAILURES if isinstance(failure, kind)), (500, "internal"))
    first = failure.problems[0]
    if isinstance(failure, chosen.WithdrawnError):
        words = refusals.withdrawn(failure.at, failure.reason).text.in_(request.args.get("lang", ""))
        return refused(ApiError(status, code, words, where=first.file))
    if status >= 500:  # what is broken here, and where, is for who operates the server
        current_app.logger.error("%s", failure)
        unread = _DAMAGED if isinstance(failure, DamagedError) else "The edition cannot be read."
        words = unread if chosen.named() else "No edition has been built."
        return refused(ApiError(status, code, words, where=request.path))
    return refused(ApiError(status, code, first.what, where=first.file, expected=[first.expected] if first.expected else []))


def error(failure: HTTPException) -> Response:
    """Answer any other HTTP error under `/api/` in the same shape."""
    known = ["/api/v1/" + name for name in PARAMETERS] if failure.code == 404 else []
    return refused(ApiError(failure.code or 500, failure.name.lower().replace(" ", "_"), failure.name, where=request.path, expected=known))


def too_busy(seconds: int) -> Response:
    """Answer while too many dear answers are being made."""
    words = _BUSY.in_(request.args.get("lang", "")).format(seconds)
    return refused(ApiError(503, "busy", words, where=request.path))


@blueprint.get("/")
def index() -> Response:
    """List the resources, their parameters and formats."""
    edition = _edition("")
    resources = [
        {
            "resource": name,
            "url": f"{request.script_root}/api/v1/{name}",
            "parameters": [*PARAMETERS[name], *SHARED],
            "formats": list(writers_of(name)),
        }
        for name in PARAMETERS
        if name
    ]
    said = {"api": "v1", "edition": edition.id, "as_of": edition.manifest.as_of, "editions": f"{request.script_root}/api/v1/editions"}
    return _answer(edition, as_json(said | {"resources": resources}), "json")


@blueprint.get("/<resource>")
def resource(resource: str) -> Response:
    """Answer for one resource; `areas.geojson` is the resource `areas` in the format `geojson`."""
    name, _, ending = resource.partition(".")
    if not name or name not in PARAMETERS:
        raise ApiError(404, "unknown_resource", "There is no such resource.", where=request.path, expected=[n for n in PARAMETERS if n])
    writers = writers_of(name)
    kind = ending or "json"
    if kind not in writers:
        raise ApiError(404, "unknown_format", f"The resource {name} has no such format.", where=request.path, expected=list(writers))
    edition = _edition(name)
    return _answer(edition, writers[kind](Reader(edition, _language())), kind)


# --- the resources ----------------------------------------------------------------------------------------------------

# --- what every answer shares -----------------------------------------------------------------------------------------


def _edition(name: str) -> Edition:
    """Edition of the request, after its parameters were found to be known."""
    known_only((*PARAMETERS[name], *SHARED))
    one_of(urls.DEMO, urls.DEMO_WORDS)
    part = Audience(one_of("audience", tuple(Audience)) or Audience.PUBLIC)
    return chosen.edition(request.args.get("edition"), part)


def _language() -> str:
    return one_of("lang", ("da", "en")) or "da"


def _answer(edition: Edition, content: str | bytes, kind: str) -> Response:
    answer = Response(content, content_type=listed.named(kind).content_type)
    if edition.audience is not Audience.PUBLIC:
        return answer  # kept by no cache, and compared with nothing that a cache of another reader holds
    answer.headers["Cache-Control"] = gate.SHARED  # `serving.costly` names it for comparing
    return answer
