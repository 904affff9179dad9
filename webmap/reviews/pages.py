"""The pages of the review room: a view parses, asks, renders. Every page has a Danish and an English address, as all others."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, render_template, request
from sqlalchemy.exc import DatabaseError, IntegrityError
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import GeoError, InputError, Problem
from webmap import urls
from webmap.access import Field, log_figures, may, needs
from webmap.edition import chosen
from webmap.figures.formats.xlsx import MEDIA_TYPE
from webmap.language import wording
from webmap.reviews import checks, facts, funding, texts, views, writing
from webmap.reviews.paper import pdf, spreadsheet
from webmap.reviews.request import author, database_address, now, reads_figures, staff_edition
from webmap.reviews.store import database, rounds, saving, signing
from webmap.reviews.store.database import ReviewsError
from webmap.reviews.store.saving import Choice, FrozenError, Saved
from webmap.reviews.views import PageView

blueprint = Blueprint("reviews", __name__)
_PAGE = "/gennemgang/<period>/<subject_set>/<subject_id>"
_FILES = {"pdf": (pdf.make, "application/pdf"), "xlsx": (spreadsheet.make, MEDIA_TYPE)}


@blueprint.get("/gennemgang", endpoint="rounds")
@needs("review")
def all_rounds() -> str:
    """Every round, and the way to open the next."""
    return _rounds()


@blueprint.post("/gennemgang", endpoint="start")
@needs("review")
def start() -> AnyResponse | tuple[str, int]:
    """Open a round on the current edition."""
    period, at = request.form.get("period", "").strip(), now()
    try:
        with database.reading(database_address()) as session:
            rounds.check(session, period)
            left = rounds.past(session)
        edition = staff_edition()
        agreed = rounds.pages(edition, left, today=at.date())
        with database.writing(database_address()) as session:
            rounds.start(session, period, edition_id=edition.id, left=left, agreed=agreed, who=author())
    except IntegrityError:
        return _rounds(InputError(Problem("", "a round of that half-year or a later one is there", column="period", found=period))), 409
    except InputError as error:
        return _rounds(error), 422
    return redirect(urls.link("reviews.round", period=period), 303)


@blueprint.get("/gennemgang/<period>", endpoint="round")
@needs("review")
def one_round(period: str) -> str:
    """One round: its agenda, its signatures, its addenda."""
    return _round(period)


@blueprint.get(_PAGE, endpoint="page")
@needs("review")
def page(period: str, subject_set: str, subject_id: str) -> str:
    """One area, plan or programme: what is known of it, and what the team writes."""
    with database.reading(database_address()) as session:
        kept = rounds.page(session, period, subject_set, subject_id)
        figures = reads_figures()
        view, agenda = views.page_view(kept, figures=figures), views.round_view(kept.round, figures=figures)
    log_figures(area=f"{subject_set}/{subject_id}", figures=sum(figure.value is not None for figure in view.facts.figures))
    after = request.args.get("efter", "")
    return render_template(
        "reviews/page.html", v=view, round=agenda, blank=_blank(request.args.get("ny", "")), saved=after == "gem",
        faults=_said(view) if after == "gem" or view.writing.ready else {}, funding=funding.funding(view.writing, urls.language()),
        **_choices(),
    )  # fmt: skip


@blueprint.post(_PAGE, endpoint="save")
@needs("review")
def save(period: str, subject_set: str, subject_id: str) -> AnyResponse:
    """Save a page without script: what is wrong is shown on the page that follows."""
    asked = dict(request.form.items())
    taken = (asked.pop(name, "") for name in ("csrf", "base", "add", "remove"))
    _, base, add, remove = taken
    kept = {path: text for path, text in asked.items() if not (remove and path.startswith(f"{remove}/"))}
    place = {"period": period, "subject_set": subject_set, "subject_id": subject_id}
    done = _save(place, kept, base)
    if done.conflicts:
        return redirect(urls.link("reviews.merge", **place, aside=done.kept), 303)
    if add in writing.ROW_TYPES:
        return redirect(urls.link("reviews.page", **place, ny=add, _anchor=f"ny-{add}"), 303)
    anchor = "fejlliste" if checks.faults(done.content) else "skema"
    return redirect(urls.link("reviews.page", **place, efter="gem", _anchor=anchor), 303)


@blueprint.post(f"{_PAGE}/gem", endpoint="draft")
@needs("review")
def draft(period: str, subject_set: str, subject_id: str) -> tuple[Response, int]:
    """Save a draft: JSON in, JSON out. 409 when another changed the same field, 422 for what no page can hold, 423 when signed."""
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict) or not isinstance(asked.get("fields"), dict):
        abort(400)
    place, language = {"period": period, "subject_set": subject_set, "subject_id": subject_id}, urls.language()
    try:
        done = _save(place, asked["fields"], str(asked.get("base", "")))
    except (FrozenError, InputError) as error:
        said = {path: text.in_(language) for path, text in texts.refused(error)}
        return jsonify({"message": " ".join(dict.fromkeys(said.values())), "fields": said}), 423 if isinstance(error, FrozenError) else 422
    if done.conflicts:
        names = [texts.label(conflict.path, done.content).in_(language) for conflict in done.conflicts]
        return jsonify({"merge": urls.link("reviews.merge", **place, aside=done.kept), "fields": names}), 409
    faults = {fault.path: fault.text.in_(language) for fault in checks.faults(done.content)}
    answer = {"version": done.version, "saved": texts.clock(done.at, language), "fields": writing.flat(done.content), "faults": faults}
    return jsonify(answer), 200


@blueprint.get(f"{_PAGE}/flet/<int:aside>", endpoint="merge")
@needs("review")
def merge(period: str, subject_set: str, subject_id: str, aside: int) -> str:
    """Show base, theirs and mine of each field that two people changed."""
    return _merge({"period": period, "subject_set": subject_set, "subject_id": subject_id}, aside)


@blueprint.post(f"{_PAGE}/flet/<int:aside>", endpoint="settle")
@needs("review")
def settle(period: str, subject_set: str, subject_id: str, aside: int) -> AnyResponse | tuple[str, int]:
    """Put together what was chosen; if the page has moved on in between, show it again with what was chosen."""
    seen, chosen = request.form.get("version", ""), _chosen(request.form)
    place = {"period": period, "subject_set": subject_set, "subject_id": subject_id}
    with database.writing(database_address()) as session:
        page_id = rounds.page_id(session, **place)
        version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
        done = saving.settle(session, page_id, Choice(aside, chosen, version), who=author())
    if done.conflicts:
        return _merge(place, aside, chosen), 409
    return redirect(urls.link("reviews.page", **place, efter="gem", _anchor="skema"), 303)


@blueprint.get(f"{_PAGE}/historik", endpoint="history")
@needs("review")
def history(period: str, subject_set: str, subject_id: str) -> str:
    """Who wrote what when, with what stood there before."""
    with database.reading(database_address()) as session:
        kept = rounds.page(session, period, subject_set, subject_id)
        view, happened = views.page_view(kept, figures=reads_figures()), views.events(saving.history(session, kept.id))
    return render_template("reviews/history.html", v=view, events=happened, **_choices())


@blueprint.post("/gennemgang/<period>/underskriv", endpoint="sign")
@needs("review", Field.SIGN)
def sign(period: str) -> AnyResponse | tuple[str, int]:
    """Sign for a department."""
    asked, departments = request.form, urls.settings().reviews_departments
    try:
        with database.writing(database_address()) as session:
            signing.sign(session, period, asked.get("department", ""), seen=asked.get("seen", ""), departments=departments, who=author())
    except InputError as error:
        return _round(period, error, about="sign"), 422
    return redirect(urls.link("reviews.round", period=period, _anchor="underskrifter"), 303)


@blueprint.post("/gennemgang/<period>/tilfoejelse", endpoint="add")
@needs("review")
def add(period: str) -> AnyResponse | tuple[str, int]:
    """Write an addendum to a signed round or one of its pages."""
    about = request.form.get("page", "")
    try:
        with database.writing(database_address()) as session:
            page_id = int(about) if about.isdecimal() and len(about) < 10 else None
            signing.add(session, period, request.form.get("text", ""), page_id=page_id, who=author())
    except InputError as error:
        return _round(period, error, about="add"), 422
    return redirect(urls.link("reviews.round", period=period, _anchor="tilfoejelser"), 303)


@blueprint.get("/gennemgang/<period>/gennemgang.<kind>", endpoint="export")
@needs("review", Field.EXPORT)
def export(period: str, kind: str) -> Response:
    """Give a whole round as a tagged PDF or as a spreadsheet."""
    if kind not in _FILES:
        abort(404)
    make, mimetype = _FILES[kind]
    with database.reading(database_address()) as session:
        exported = rounds.find(session, period)
        content = make(exported, urls.language(), urls.settings().reviews_departments, figures=reads_figures())
    log_figures(area=f"{period}/*")
    answer = Response(content, mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=f"gennemgang-{exported.period}.{kind}")
    return answer


@blueprint.errorhandler(DatabaseError)
@blueprint.errorhandler(ReviewsError)
def closed(error: Exception) -> tuple[str, int]:
    """Answer that the database is away, not up to date, or taken for longer than a writer waits: nothing was saved, and it says so."""
    current_app.logger.error("the reviews: %s", error)
    return render_template("reviews/closed.html"), 503


@blueprint.app_template_filter("halvaar")
def half_year(period: str) -> str:
    """A half-year's name; a period that cannot be read stays as it is."""
    return wording.period(period, urls.language())


# --- what the views share -------------------------------------------------------------------------------------------------


def _save(place: Mapping[str, str], fields: Mapping[str, object], base: str) -> Saved:
    mine = writing.read(fields)
    if not (base.isascii() and base.isdigit() and len(base) < 10):
        abort(400)
    with database.writing(database_address()) as session:
        return saving.save(session, rounds.page_id(session, **place), mine, base=int(base), who=author())


def _merge(place: Mapping[str, str], aside: int, chosen: Mapping[str, str] | None = None) -> str:
    with database.reading(database_address()) as session:
        kept = rounds.page(session, place["period"], place["subject_set"], place["subject_id"])
        set_aside, conflicts = saving.open_conflicts(session, kept, aside)
        view = views.page_view(kept, figures=reads_figures())
    return render_template(
        "reviews/merge.html",
        v=view,
        aside=set_aside,
        conflicts=conflicts,
        label=texts.label,
        chosen=chosen or {},
        place=place,
        **_choices(),
    )


def _rounds(error: GeoError | None = None) -> str:
    with database.reading(database_address()) as session:
        views_of_rounds = [views.round_view(listed, figures=reads_figures()) for listed in rounds.listing(session)]
    return render_template(
        "reviews/rounds.html", rounds=views_of_rounds, proposed=request.form.get("period") or rounds.half_year(now().date()),
        edition_id=chosen.current_id(), refused=_refused(error), **_choices(),
    )  # fmt: skip


def _round(period: str, error: GeoError | None = None, *, about: str = "") -> str:
    with database.reading(database_address()) as session:
        view = views.round_view(rounds.find(session, period), figures=reads_figures())
    given = {signature.department for signature in view.signatures}
    missing = [department for department in urls.settings().reviews_departments if department not in given]
    log_figures(area=f"{period}/*")
    return render_template(
        "reviews/round.html", round=view, missing=missing, refused=_refused(error), about=about,
        typed=request.form.get("text", ""), **_choices(),
    )  # fmt: skip


def _refused(error: GeoError | None) -> list[str]:
    return [text.in_(urls.language()) for _, text in texts.refused(error)] if error else []


def _said(view: PageView) -> dict[str, str]:
    return {fault.path: fault.text.in_(urls.language()) for fault in view.faults}


def _choices() -> dict[str, Any]:
    """What every template of the room may use."""
    language = urls.language()
    return {
        "statuses": checks.ACTION_STATUS, "units": checks.UNITS, "finished": checks.FINISHED, "label_of": texts.LABEL,
        "moment": lambda at: texts.moment(at, language), "clock": lambda at: texts.clock(at, language), "day": checks.day,
        "dated": lambda text: wording.date(day, language) if (day := checks.day(text)) else text,
        "may_write": may(Field.WRITE, "review"), "reads_figures": reads_figures(),
        "PROGRAMME": facts.PROGRAMME, "fresh": lambda: secrets.token_hex(8),
    }  # fmt: skip


def _blank(name: str) -> str:
    """The list that gets an empty row, for those who ask without script."""
    return name if name in writing.ROW_TYPES else ""


def _chosen(form: Mapping[str, str]) -> dict[str, str]:
    """What somebody chose for each field in conflict: theirs, mine, both, or words of their own."""
    choices = {}
    for name, choice in form.items():
        if name.startswith("valg/"):
            path = name.removeprefix("valg/")
            choices[path] = writing.plain(form.get(f"{choice}/{path}", ""))[: writing.LONG]
    return choices
