"""The pages of rounds: all of them, one with its agenda and signatures, its addenda, and its files to take away."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import GeoError, InputError, Problem
from webmap import urls
from webmap.access import Field, log_figures, needs
from webmap.edition import chosen
from webmap.figures.formats.xlsx import MEDIA_TYPE
from webmap.reviews import views
from webmap.reviews.paper import pdf, spreadsheet
from webmap.reviews.request import (
    author,
    blueprint,
    choices,
    database_address,
    department,
    now,
    put_in_place,
    reads_figures,
    refused,
    staff_edition,
)
from webmap.reviews.store import correcting, database, releasing, rounds, signing

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
            rounds.check(session, period, today=at.date())
            left = rounds.past(session)
        edition = staff_edition()
        agreed = rounds.pages(edition, left, today=at.date())
        with database.writing(database_address()) as session:
            rounds.start(session, period, edition_id=edition.id, left=left, agreed=agreed, who=author())
    except IntegrityError:
        return _rounds(rounds.taken(period)), 409
    except InputError as error:
        return _rounds(error), 422
    return redirect(urls.link("reviews.round", period=period), 303)


@blueprint.get("/gennemgang/<period>", endpoint="round")
@needs("review")
def one_round(period: str) -> str:
    """One round: its agenda, its signatures, its addenda."""
    return _round(period)


@blueprint.post("/gennemgang/<period>/underskriv", endpoint="sign")
@needs("review", Field.SIGN)
def sign(period: str) -> AnyResponse | tuple[str, int]:
    """Sign for the signer's own department; while pages are not called ready, only after a second question."""
    asked, departments = request.form, urls.settings().reviews_departments
    try:
        own = _own_department(asked.get("department", ""))
        with database.writing(database_address()) as session:
            signing.sign(
                session,
                period,
                own,
                seen=asked.get("seen", ""),
                departments=departments,
                who=author(),
                unready=asked.get("unready") == "yes",
            )
    except InputError as error:
        return _round(period, error, about="sign"), 422
    return redirect(urls.link("reviews.round", period=period, _anchor="underskrifter"), 303)


@blueprint.post("/gennemgang/<period>/halvaar", endpoint="rename")
@needs("review")
def rename(period: str) -> AnyResponse | tuple[str, int]:
    """Put right the half-year of an open round."""
    wanted = request.form.get("period", "").strip()
    try:
        with database.writing(database_address()) as session:
            correcting.rename(session, period, wanted, who=author())
    except IntegrityError:
        return _round(period, rounds.taken(wanted), about="correct"), 409
    except InputError as error:
        return _round(period, error, about="correct"), 422
    return redirect(urls.link("reviews.round", period=wanted, _anchor="ret"), 303)


@blueprint.post("/gennemgang/<period>/udgave", endpoint="move")
@needs("review")
def move(period: str) -> AnyResponse | tuple[str, int]:
    """Let an open round rest on the current edition."""
    try:
        edition = staff_edition()
        with database.reading(database_address()) as session:
            rounds.find(session, period)
            left = rounds.past(session)
        agreed = rounds.pages(edition, left, today=now().date())
        with database.writing(database_address()) as session:
            correcting.move(session, period, edition_id=edition.id, left=left, agreed=agreed, who=author())
    except InputError as error:
        return _round(period, error, about="correct"), 422
    return redirect(urls.link("reviews.round", period=period, _anchor="dagsorden"), 303)


@blueprint.post("/gennemgang/<period>/aflys", endpoint="cancel")
@needs("review")
def cancel(period: str) -> AnyResponse | tuple[str, int]:
    """Cancel an open round, after a second question."""
    try:
        if request.form.get("sure") != "yes":
            raise InputError(Problem(period, "cancelling was not confirmed", column="sure"))
        with database.writing(database_address()) as session:
            freed = correcting.cancel(session, period, who=author()).period
    except InputError as error:
        return _round(period, error, about="correct"), 422
    return redirect(urls.link("reviews.round", period=freed), 303)


@blueprint.post("/gennemgang/<period>/tilfoejelse", endpoint="add")
@needs("review")
def add(period: str) -> AnyResponse | tuple[str, int]:
    """Write an addendum to a signed round or one of its pages."""
    about = request.form.get("page", "")
    try:
        with database.writing(database_address()) as session:
            page_id = int(about) if about.isascii() and about.isdigit() and len(about) < 10 else None
            signing.add(session, period, request.form.get("text", ""), page_id=page_id, who=author())
    except InputError as error:
        return _round(period, error, about="add"), 422
    return redirect(urls.link("reviews.round", period=period, _anchor="tilfoejelser"), 303)


@blueprint.post("/gennemgang/<period>/frigiv", endpoint="release")
@needs("review", Field.SIGN)
def release(period: str) -> AnyResponse | tuple[str, int]:
    """Release a page of a signed round to the public, or take it back."""
    about = request.form.get("page", "")
    try:
        with database.writing(database_address()) as session:
            page_id = int(about) if about.isascii() and about.isdigit() and len(about) < 10 else 0
            releasing.release(session, period, page_id, who=author(), back=request.form.get("back") == "yes")
    except InputError as error:
        return _round(period, error, about="release"), 422
    return redirect(urls.link("reviews.round", period=period, sat=put_in_place(), _anchor="frigivet"), 303)


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


# --- what the views share -------------------------------------------------------------------------------------------------


def _rounds(error: GeoError | None = None) -> str:
    with database.reading(database_address()) as session:
        views_of_rounds = [views.round_view(listed, figures=reads_figures()) for listed in rounds.listing(session)]
        proposed = request.form.get("period") or rounds.proposed(session, now().date())
    return render_template(
        "reviews/rounds.html", rounds=views_of_rounds, proposed=proposed,
        edition_id=chosen.current_id(), refused=refused(error), **choices(),
    )  # fmt: skip


def _round(period: str, error: GeoError | None = None, *, about: str = "") -> str:
    with database.reading(database_address()) as session:
        kept = rounds.find(session, period)
        view = views.round_view(kept, figures=reads_figures())
        offered = [(page.id, releasing.public(page), releasing.is_released(session, page)) for page in releasing.offered(kept)]
    given = {signature.department for signature in view.signatures}
    missing = [department for department in urls.settings().reviews_departments if department not in given]
    log_figures(area=f"{period}/*")
    return render_template(
        "reviews/round.html", round=view, missing=missing, refused=refused(error), about=about, edition_id=chosen.current_id(),
        typed=request.form.get("text", ""), wanted=request.form.get("period", view.period), own=department(), offered=offered,
        unplaced=request.args.get("sat") == "ikke", **choices(),
    )  # fmt: skip


def _own_department(asked: str) -> str:
    """The department that the signer belongs to. Raises InputError for none, and for a form that was made for another."""
    own = department()
    if not own:
        raise InputError(Problem("", "the account has no department", column="department"))
    if asked != own:
        raise InputError(Problem("", "the department is not the account's", column="department"))
    return own
