"""The pages of the review room: a view parses, asks, renders. Every page has a Danish and an English address, as all others."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, render_template, request
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.wrappers import Response as AnyResponse

from geo.editions import edition as editions
from geo.editions.edition import Edition
from geo.errors import GeoError, InputError, Problem
from geo.model.vocabulary import Audience
from webmap import urls
from webmap.access import Field, looked, may, needs, user
from webmap.edition import chosen
from webmap.figures.workbook import MEDIA_TYPE
from webmap.language import wording
from webmap.reviews import checks, database, facts, funding, pagewords, pdf, rounds, saving, signing, spreadsheet, words, writing
from webmap.reviews.database import ReviewsError
from webmap.reviews.pagewords import PageView
from webmap.reviews.rounds import Author
from webmap.reviews.saving import Choice, FrozenError, Saved

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
    period, at = request.form.get("period", "").strip(), _now()
    try:
        with database.reading(_url()) as session:
            rounds.check(session, period)
            left = rounds.past(session)
        edition = _staff_edition()
        agreed = rounds.pages(edition, left, today=at.date())
        with database.writing(_url()) as session:
            rounds.start(session, period, edition_id=edition.id, left=left, agreed=agreed, who=_author())
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
    with database.reading(_url()) as session:
        found = rounds.page(session, period, subject_set, subject_id)
        figures = _reads_figures()
        view, agenda = pagewords.page_view(found, figures=figures), pagewords.round_view(found.round, figures=figures)
    looked(area=f"{subject_set}/{subject_id}", figures=sum(figure.value is not None for figure in view.facts.figures))
    after = request.args.get("efter", "")
    return render_template(
        "gennemgang/side.html", v=view, round=agenda, blank=_blank(request.args.get("ny", "")), saved=after == "gem",
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
        said = {path: text.in_(language) for path, text in words.refused(error)}
        return jsonify({"message": " ".join(dict.fromkeys(said.values())), "fields": said}), 423 if isinstance(error, FrozenError) else 422
    if done.conflicts:
        names = [words.label(one.path, done.content).in_(language) for one in done.conflicts]
        return jsonify({"merge": urls.link("reviews.merge", **place, aside=done.kept), "fields": names}), 409
    found = {fault.path: fault.text.in_(language) for fault in checks.faults(done.content)}
    answer = {"version": done.version, "saved": words.clock(done.at, language), "fields": writing.flat(done.content), "faults": found}
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
    with database.writing(_url()) as session:
        page_id = rounds.page_id(session, **place)
        version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
        done = saving.settle(session, page_id, Choice(aside, chosen, version), who=_author())
    if done.conflicts:
        return _merge(place, aside, chosen), 409
    return redirect(urls.link("reviews.page", **place, efter="gem", _anchor="skema"), 303)


@blueprint.get(f"{_PAGE}/historik", endpoint="history")
@needs("review")
def history(period: str, subject_set: str, subject_id: str) -> str:
    """Who wrote what when, with what stood there before."""
    with database.reading(_url()) as session:
        found = rounds.page(session, period, subject_set, subject_id)
        view, happened = pagewords.page_view(found, figures=_reads_figures()), pagewords.events(saving.history(session, found.id))
    return render_template("gennemgang/historik.html", v=view, events=happened, **_choices())


@blueprint.post("/gennemgang/<period>/underskriv", endpoint="sign")
@needs("review", Field.SIGN)
def sign(period: str) -> AnyResponse | tuple[str, int]:
    """Sign for a department."""
    asked, departments = request.form, urls.settings().reviews_departments
    try:
        with database.writing(_url()) as session:
            signing.sign(session, period, asked.get("department", ""), seen=asked.get("seen", ""), departments=departments, who=_author())
    except InputError as error:
        return _round(period, error, about="sign"), 422
    return redirect(urls.link("reviews.round", period=period, _anchor="underskrifter"), 303)


@blueprint.post("/gennemgang/<period>/tilfoejelse", endpoint="add")
@needs("review")
def add(period: str) -> AnyResponse | tuple[str, int]:
    """Write an addendum to a signed round or one of its pages."""
    about = request.form.get("page", "")
    try:
        with database.writing(_url()) as session:
            page_id = int(about) if about.isdecimal() and len(about) < 10 else None
            signing.add(session, period, request.form.get("text", ""), page_id=page_id, who=_author())
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
    with database.reading(_url()) as session:
        found = rounds.find(session, period)
        content = make(found, urls.language(), urls.settings().reviews_departments, figures=_reads_figures())
    looked(area=f"{period}/*")
    answer = Response(content, mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=f"gennemgang-{found.period}.{kind}")
    return answer


@blueprint.errorhandler(OperationalError)
@blueprint.errorhandler(ReviewsError)
def closed(error: Exception) -> tuple[str, int]:
    """Answer that the database is away, not up to date, or taken for longer than a writer waits: nothing was saved, and it says so."""
    current_app.logger.error("the reviews: %s", error)
    return render_template("gennemgang/lukket.html"), 503


@blueprint.app_template_filter("halvaar")
def half_year(period: str) -> str:
    """A half-year's name; a period that cannot be read stays as it is."""
    return wording.period(period, urls.language())


# --- what the views share -------------------------------------------------------------------------------------------------


def _save(place: Mapping[str, str], fields: Mapping[str, object], base: str) -> Saved:
    mine = writing.read(fields)
    if not (base.isascii() and base.isdigit() and len(base) < 10):
        abort(400)
    with database.writing(_url()) as session:
        return saving.save(session, rounds.page_id(session, **place), mine, base=int(base), who=_author())


def _merge(place: Mapping[str, str], aside: int, chosen: Mapping[str, str] | None = None) -> str:
    with database.reading(_url()) as session:
        found = rounds.page(session, place["period"], place["subject_set"], place["subject_id"])
        kept, conflicts = saving.open_conflicts(session, found, aside)
        view = pagewords.page_view(found, figures=_reads_figures())
    return render_template(
        "gennemgang/flet.html", v=view, aside=kept, conflicts=conflicts, label=words.label, chosen=chosen or {}, place=place, **_choices()
    )


def _rounds(error: GeoError | None = None) -> str:
    with database.reading(_url()) as session:
        found = [pagewords.round_view(one, figures=_reads_figures()) for one in rounds.listing(session)]
    return render_template(
        "gennemgang/runder.html", rounds=found, proposed=request.form.get("period") or rounds.half_year(_now().date()),
        edition_id=chosen.current_id(), refused=_refused(error), **_choices(),
    )  # fmt: skip


def _round(period: str, error: GeoError | None = None, *, about: str = "") -> str:
    with database.reading(_url()) as session:
        view = pagewords.round_view(rounds.find(session, period), figures=_reads_figures())
    given = {one.department for one in view.signatures}
    missing = [one for one in urls.settings().reviews_departments if one not in given]
    looked(area=f"{period}/*")
    return render_template(
        "gennemgang/runde.html", round=view, missing=missing, refused=_refused(error), about=about,
        typed=request.form.get("text", ""), **_choices(),
    )  # fmt: skip


def _refused(error: GeoError | None) -> list[str]:
    return [text.in_(urls.language()) for _, text in words.refused(error)] if error else []


def _said(view: PageView) -> dict[str, str]:
    return {fault.path: fault.text.in_(urls.language()) for fault in view.faults}


def _choices() -> dict[str, Any]:
    """What every template of the room may use."""
    language = urls.language()
    return {
        "statuses": checks.ACTION_STATUS, "units": checks.UNITS, "finished": checks.FINISHED, "label_of": words.LABEL,
        "moment": lambda at: words.moment(at, language), "clock": lambda at: words.clock(at, language), "day": checks.day,
        "dated": lambda text: wording.date(found, language) if (found := checks.day(text)) else text,
        "may_write": may(Field.WRITE, "review"), "reads_figures": _reads_figures(),
        "PROGRAMME": facts.PROGRAMME, "fresh": lambda: secrets.token_hex(8),
    }  # fmt: skip


def _reads_figures() -> bool:
    """Whether the reader may read what the staff's part of an edition says: `admin` reads what people wrote, and no figure."""
    return may(Field.STAFF, "review")


def _blank(name: str) -> str:
    """The list that gets an empty row, for those who ask without script."""
    return name if name in writing.ROW_TYPES else ""


def _chosen(form: Mapping[str, str]) -> dict[str, str]:
    """What somebody chose for each field in conflict: theirs, mine, both, or words of their own."""
    found = {}
    for name, choice in form.items():
        if name.startswith("valg/"):
            path = name.removeprefix("valg/")
            found[path] = writing.plain(form.get(f"{choice}/{path}", ""))[: writing.LONG]
    return found


def _staff_edition() -> Edition:
    return chosen.edition(editions.current(urls.settings().editions), Audience.STAFF)


def _url() -> str:
    return urls.settings().reviews_address


def _author() -> Author:
    found = user()
    if found is None:
        abort(401)
    return Author(found.id, found.name, rounds.stamp(_now()))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
