"""The pages of areas: all of them, one of them, where an address lies, and the two programmes."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, jsonify, redirect, render_template, request
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response
from werkzeug.wrappers import Response as AnyResponse

from geo.spatial import gazetteer
from webmap import urls
from webmap.access import log_figures
from webmap.areas import facilities, hotspotreport, profile, programmes, search
from webmap.areas import plans as plan_views
from webmap.areas.find import suggestions, whereabouts
from webmap.edition import chosen, rows
from webmap.efforts import view as efforts
from webmap.language import wording
from webmap.paper import answers as papers

blueprint = Blueprint("areas", __name__)


@blueprint.get("/helhedsplaner")
def plans() -> str:
    """The plan programme."""
    reader = chosen.reader()
    return render_template("plans.html", view=programmes.plans(reader))


@blueprint.get("/helhedsplaner/<plan>")
def plan(plan: str) -> str:
    """One plan: what was agreed, delivered and evaluated."""
    return render_template("plan.html", view=plan_views.shown(chosen.reader(), plan))


@blueprint.get("/gennemgange/<period>/<area_set>/<id>")
def review(period: str, area_set: str, id: str) -> str:
    """One signed review that was released, of a plan, an area or a programme."""
    return render_template("review.html", review=plan_views.review(chosen.reader(), period, area_set, id))


@blueprint.app_template_filter("dag")
def day(written: dt.date | str) -> str:
    """A day in words; a text that is no day stays as it was typed."""
    try:
        return wording.date(dt.date.fromisoformat(str(written)), urls.language())
    except ValueError:
        return str(written)


@blueprint.get("/hotspots")
def hotspots() -> str:
    """The hotspot programme."""
    reader = chosen.reader()
    view = programmes.hotspots(reader)
    entered = {theme.no: hotspotreport.initiatives(reader, theme) for theme in view.programme.themes}
    return render_template("hotspots.html", view=view, initiatives=entered)


@blueprint.get("/hotspots/rapport.<kind>")
def hotspot_report(kind: str) -> FlaskResponse:
    """The half-yearly report to the political steering group, as a file."""
    reader = chosen.reader()
    return papers.answer(hotspotreport.document(reader), kind, f"hotspots-{reader.edition.id}", reader.edition.manifest.as_of)


@blueprint.get("/omraader")
def areas() -> str | Response:
    """Find an area by name."""
    reader, text = chosen.reader(), request.args.get("q", "").strip()[:100]
    groups = search.find(reader, text)
    hits = [(group.id, area) for group in groups for area in group.areas]
    if text and len(hits) == 1:
        return redirect(urls.link("areas.area", area_set=hits[0][0], area_id=hits[0][1].area_id))
    names = sorted({area.name for layer in reader.edition.layers.values() if layer.role == "areas" for area in layer.areas})
    return render_template("areas.html", groups=groups, text=text, hits=len(hits), names=names)


@blueprint.get("/omraade/<area_set>/<area_id>")
def area(area_set: str, area_id: str) -> str:
    """Everything about one area."""
    reader = chosen.reader()
    log_figures(area=f"{area_set}/{area_id}", figures=rows.count_in_area(reader.edition, area_set, area_id))
    return render_template(
        "area.html",
        view=profile.profile(reader, area_set, area_id),
        efforts=efforts.in_area(reader, area_set, area_id),
        facilities=facilities.in_area(reader, area_set, area_id),
    )


@blueprint.get("/find")
def where() -> str | AnyResponse:
    """Answer a question, or offer what it may have meant; a name that is one area's alone goes to its page."""
    reader, text = chosen.reader(), request.args.get("q", "").strip()[: gazetteer.LONGEST]
    view = whereabouts(reader, text)
    hits = [(group.id, area) for group in view.areas for area in group.areas]
    if len(hits) == 1 and not view.answer and not view.offers and search.find(reader, text, mistyped=False):
        return redirect(urls.link("areas.area", area_set=hits[0][0], area_id=hits[0][1].area_id))
    return render_template("find.html", view=view)


@blueprint.get("/find/forslag")
def suggest() -> FlaskResponse:
    """What a question that is still being written may become, as JSON."""
    reader, text = chosen.reader(), request.args.get("q", "").strip()[: gazetteer.LONGEST]
    answer = jsonify(
        [{"ord": suggestion.words, "slags": suggestion.kind, "url": suggestion.url} for suggestion in suggestions(reader, text)]
    )
    answer.headers["Cache-Control"] = "no-store"  # what somebody types is nobody else's
    return answer
