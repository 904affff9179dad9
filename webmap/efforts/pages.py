"""The pages of efforts: the list, one effort, the bank of projects, the economy, the plans of action, and the status report of a year."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, abort, render_template, request

from webmap import urls
from webmap.edition import chosen
from webmap.efforts import actions, duedates, money, report, view
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
    return render_template("efforts/calendar.html", view=duedates.of_year(reader, asked))


@blueprint.get("/aarshjul.ics")
def calendar_feed() -> Response:
    """The calendar for programs that show calendars."""
    return Response(duedates.feed(chosen.reader()), content_type="text/calendar; charset=utf-8")


@blueprint.get("/statusrapport/<int:year>")
def status(year: int) -> str:
    """The status report of a year on the screen."""
    reader = chosen.reader()
    return render_template("efforts/report.html", document=report.document(reader, year), year=year, years=report.years(reader))


@blueprint.get("/statusrapport/<int:year>.<kind>")
def status_file(year: int, kind: str) -> Response:
    """The status report of a year as a file."""
    reader = chosen.reader()
    return papers.answer(report.document(reader, year), kind, f"statusrapport-{year}-{reader.edition.id}", reader.edition.manifest.as_of)


def _asked() -> EffortFilter:
    """What the address narrows the list to."""
    given = {name: request.args.get(name, "").strip()[:_LONGEST] for name in ("q", "slags", "udvalg", "maal", "omraade", "tilstand")}
    return EffortFilter(given["q"], given["slags"], given["udvalg"], given["maal"], given["omraade"], given["tilstand"])
