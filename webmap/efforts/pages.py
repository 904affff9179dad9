"""The pages of efforts: the list, one effort, the bank of projects, the economy, the plans of action, and the status report of a year."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, abort, render_template, request

from geo.editions.pinned import pins
from webmap import urls
from webmap.access import Field, may
from webmap.edition import chosen
from webmap.edition.reader import Reader
from webmap.efforts import actions, duedates, money, report, standing, view
from webmap.efforts.standing import ReportStanding
from webmap.efforts.view import EffortFilter
from webmap.efforts.words import STATUS, UNSTATED
from webmap.paper import answers as papers

blueprint = Blueprint("efforts", __name__)

_LONGEST: Final = 100
"""Letters of what somebody looks for."""


@blueprint.get("/indsatser")
def listing() -> str:
    """Every effort, narrowed by words, kind, committee, goal and area."""
    return render_template("efforts/list.html", view=view.listed(chosen.reader(), _asked()), years=report.years(chosen.reader()))


@blueprint.get("/projektbank")
def projects() -> str:
    """The bank of projects: efforts that are projects, and what is decided at their end."""
    return render_template("efforts/projects.html", view=view.listed(chosen.reader(), _asked(), only="project"))


@blueprint.get("/indsatser/<effort>")
def effort(effort: str) -> str:
    """One effort with the nine fields of its form."""
    said, shown = {"status": STATUS, "unstated": UNSTATED}, view.shown(chosen.reader(), effort)
    approved = report.form_words(shown.form, urls.language()) if shown.form else ""
    return render_template("efforts/effort.html", view=shown, said=said, approved=approved)


@blueprint.get("/oekonomi")
def economy() -> str:
    """Printed overviews of money, every sum computed beside the printed one."""
    return render_template("efforts/economy.html", overviews=money.overviews(chosen.reader()))


@blueprint.get("/handleplaner")
def plans() -> str:
    """The plans of action of the seven committees."""
    return render_template("efforts/plans.html", committees=actions.committees(chosen.reader()))


@blueprint.get("/aarshjul", defaults={"year": 0})
@blueprint.get("/aarshjul/<int:year>")
def calendar(year: int) -> str:
    """What is due to whom in a year; without one, in the year of the edition."""
    reader = chosen.reader()
    asked = year or reader.edition.manifest.as_of.year
    if not duedates.FIRST <= asked <= duedates.LAST:
        abort(404)
    return render_template("efforts/calendar.html", view=duedates.of_year(reader, asked, pins.pins(urls.settings().editions)))


@blueprint.get("/aarshjul.ics")
def calendar_feed() -> Response:
    """The calendar for programs that show calendars."""
    return Response(duedates.feed(chosen.reader()), content_type="text/calendar; charset=utf-8")


@blueprint.get("/statusrapport/<int:year>")
def status(year: int) -> str:
    """The status report of a year on the screen."""
    reader, stands = _report(year)
    frozen = standing.frozen(reader, year, pins.pins(urls.settings().editions))
    may_comment = may(Field.OPEN, "status") and not stands.edition and stands.state == "draft"
    return render_template(
        "efforts/report.html", document=report.document(reader, year, stands), year=year, years=report.years(reader), stands=stands,
        frozen=frozen, may_comment=may_comment,
    )  # fmt: skip


@blueprint.get("/statusrapport/<int:year>.<kind>")
def status_file(year: int, kind: str) -> Response:
    """The status report of a year as a file."""
    reader, stands = _report(year)
    name = f"statusrapport-{year}-{reader.edition.id}{'-udkast' if stands.state == 'draft' else ''}"
    return papers.answer(report.document(reader, year, stands), kind, name, reader.edition.manifest.as_of)


def _report(year: int) -> tuple[Reader, ReportStanding]:
    """Who reads the report, and how it stands: an approved one is read from its own edition, unless the address names another."""
    pin = pins.of(urls.settings().editions, standing.EVENT, year)
    reader = chosen.reader(pin.report if pin and not urls.pinned() else None)
    return reader, standing.standing(reader, year, pin)


def _asked() -> EffortFilter:
    """What the address narrows the list to."""
    given = {name: request.args.get(name, "").strip()[:_LONGEST] for name in ("q", "slags", "udvalg", "maal", "omraade", "tilstand")}
    return EffortFilter(given["q"], given["slags"], given["udvalg"], given["maal"], given["omraade"], given["tilstand"])
