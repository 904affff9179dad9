"""The report of a year while it is a draft: remarks of departments on its sections, and the secretariat's approval."""

from __future__ import annotations

from flask import abort, redirect, render_template, request
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as AnyResponse

from geo.editions.pinned import pins
from geo.editions.pinned.pins import EditionPin
from geo.errors import EditionError, GeoError, InputError, Problem
from webmap import urls
from webmap.access import Field, may, needs
from webmap.edition import chosen
from webmap.efforts import report, standing
from webmap.language import wording
from webmap.reviews import texts
from webmap.reviews.request import author, blueprint, choices, database_address, department, now, refused
from webmap.reviews.store import comments, database, rounds

_REPORT = "/statusrapport/<int:year>/bemaerkninger"


@blueprint.get(_REPORT, endpoint="report")
@needs("status")
def page(year: int) -> str:
    """The remarks on a year's report, and how it stands."""
    return _page(year)


@blueprint.post(_REPORT, endpoint="report_remark")
@needs("status")
def remark(year: int) -> AnyResponse | tuple[str, int]:
    """Add a remark on a section, while the report is a draft."""
    section, whose = request.form.get("section", ""), department()
    try:
        _check_draft(year)
        with database.writing(database_address()) as session:
            text, edition_id = request.form.get("text", ""), chosen.current_id()
            comments.remark(session, year, section, text, edition_id=edition_id, whose=whose, who=author())
    except InputError as error:
        return _page(year, error), 422
    except IntegrityError:  # two first remarks in one moment
        return _page(year, InputError(Problem("", "the report has changed since it was seen"))), 409
    return redirect(urls.link("reviews.report", year=year, _anchor=section), 303)


@blueprint.post(f"{_REPORT}/godkend", endpoint="report_approve")
@needs("status", Field.SIGN)
def approve(year: int) -> AnyResponse | tuple[str, int]:
    """Approve the report as the current edition has it: from now on the page of the year answers from that edition."""
    seen, who = request.form.get("edition", ""), author()
    try:
        _check_draft(year)
        if seen != chosen.current_id():
            raise InputError(Problem(seen[:80], "the report has changed since it was seen", column="edition"))
        day = texts.day_of(rounds.stamp(now())).isoformat()
        pins.add(urls.settings().editions, EditionPin(event=standing.EVENT, year=year, edition=seen, report=seen, at=day, by=who.id))
    except (InputError, EditionError) as error:
        return _page(year, error), 422
    return redirect(urls.link("reviews.report", year=year, _anchor="staar"), 303)


def _check_draft(year: int) -> None:
    """Raise InputError when the report of a year takes no remarks: it is approved, or rebuilt from papers. 404 when there is none."""
    reader = chosen.reader(chosen.current_id())
    if pins.of(urls.settings().editions, standing.EVENT, year):
        raise InputError(Problem(str(year), "the report is approved"))
    if year not in report.years(reader):
        abort(404)
    if standing.is_rebuilt(reader, year):
        raise InputError(Problem(str(year), "the report is rebuilt from papers"))


def _page(year: int, error: GeoError | None = None) -> str:
    pin = pins.of(urls.settings().editions, standing.EVENT, year)
    reader = chosen.reader(pin.report if pin else chosen.current_id())
    if year not in report.years(reader):
        abort(404)
    stands = standing.standing(reader, year, pin)
    with database.reading(database_address()) as session:
        remarks = comments.remarks(session, year)
    return render_template(
        "reviews/report.html", year=year, stands=stands, remarks=remarks, sections=comments.SECTIONS, refused=refused(error),
        secretariat=may(Field.SIGN), typed=request.form.get("text", ""), about=request.form.get("section", ""),
        shown=reader.edition.id, as_of=wording.date(reader.edition.manifest.as_of, reader.language), **choices(),
    )  # fmt: skip
