"""The API of editions: which there are, and what differs between two of them. docs/api.md is the contract."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request

from geo.errors import GeoError
from geo.model.vocabulary import Audience
from webmap import urls
from webmap.access import gate, log_figures
from webmap.changes.api import records
from webmap.changes.comparing import EditionPair, differences, pair
from webmap.changes.subject import ChangeSubject
from webmap.edition import chosen, kept
from webmap.edition.reader import Reader
from webmap.figures.api import pages as api
from webmap.figures.api.parameters import ApiError, known_only, needed, one_of
from webmap.figures.api.resources import as_json
from webmap.figures.formats import csv_text, listed

blueprint = Blueprint("editions", __name__, url_prefix="/api/v1")
blueprint.register_error_handler(ApiError, api.refused)
blueprint.register_error_handler(GeoError, api.refused_by_geo)

FORMATS: Final = ("json", "csv")
FILTERS: Final = ("indicator", "area_set", "area_id")


@blueprint.get("/editions")
@blueprint.get("/editions.<kind>")
def editions(kind: str = "json") -> Response:
    """The editions that are kept here, newest first."""
    _format(kind, "editions")
    known_only(("lang", "audience", urls.DEMO))
    _audience()
    current = chosen.edition().id
    made = records.editions(kept.kept(), current)
    if kind == "csv":
        content = csv_text.text(({**each, "current": "1" if each["current"] else ""} for each in made), records.EDITION_COLUMNS).encode()
    else:
        content = as_json({"current": current, "editions": made})
    answer = _answer(content, kind, Audience.PUBLIC)
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@blueprint.get("/editions/<id>/changes")
@blueprint.get("/editions/<id>/changes.<kind>")
def changes(id: str, kind: str = "json") -> Response:
    """What differs in an edition since another one."""
    _format(kind, "changes")
    known_only(("since", *FILTERS, "lang", "audience", urls.DEMO))
    one_of(urls.DEMO, urls.DEMO_WORDS)
    part, language = _audience(), one_of("lang", ("da", "en")) or "da"
    since = needed("since")["since"]
    chosen.edition(part=part)
    compared = pair(since, id, part)
    reader = Reader(compared.new, language)
    subject = _subject(compared, reader)
    made = differences(compared).about(subject)
    log_figures(area=subject.area_set, indicator=subject.indicator, figures=sum(figure.now.value is not None for figure in made.figures))
    if kind == "csv":
        return _answer(csv_text.text(records.rows(made, compared, reader), records.COLUMNS), kind, part)
    return _answer(as_json(records.content(made, compared, reader)), kind, part)


def _subject(compared: EditionPair, reader: Reader) -> ChangeSubject:
    """What is asked about. Raises ApiError for what neither edition has, and half of an area; NotFoundError for an area."""
    both = (compared.new, compared.old)
    indicator = one_of("indicator", tuple(dict.fromkeys(each.id for edition in both for each in edition.catalogue.indicators)))
    area_set = one_of("area_set", tuple(dict.fromkeys(name for edition in both for name in edition.layers)))
    asked = ChangeSubject(indicator, area_set, request.args.get("area_id", ""))
    if asked.area_set or asked.area_id:
        needed("area_set", "area_id")
    asked.name(both, reader)
    return asked


def _format(kind: str, name: str) -> None:
    if kind not in FORMATS:
        raise ApiError(404, "unknown_format", f"The resource {name} has no such format.", where=request.path, expected=FORMATS)


def _audience() -> Audience:
    return Audience(one_of("audience", tuple(Audience)) or Audience.PUBLIC)


def _answer(content: str | bytes, kind: str, part: Audience) -> Response:
    answer = Response(content, content_type=listed.named(kind).content_type)
    if part is Audience.PUBLIC:
        answer.headers["Cache-Control"] = gate.SHARED  # `serving.costly` names what changed for comparing
    return answer
