"""What has changed: the page, and the feeds of the city, an indicator and an area."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from geo.model.vocabulary import Audience
from webmap import urls
from webmap.access import gate, log_figures
from webmap.changes import atom
from webmap.changes import view as changes_view
from webmap.changes.comparing import pair
from webmap.changes.subject import ChangeSubject
from webmap.edition import chosen, kept
from webmap.edition.reader import Reader

blueprint = Blueprint("changes", __name__)


@blueprint.get("/aendret")
def page() -> str:
    """Compare two editions: those that `fra` and `til` name, else the one the address pins or the one before, with the one shown."""
    asked, reader = request.args, chosen.reader()
    new = asked.get("til") or chosen.current_id()
    old = asked.get("fra") or (reader.edition.id if reader.edition.id != new else _before(new))
    if not old:
        return render_template("changes.html", view=changes_view.alone(reader), subject=ChangeSubject())
    compared = pair(old, new)
    subject = ChangeSubject(asked.get("indikator", ""), asked.get("inddeling", ""), asked.get("omraade", ""))
    made = changes_view.view(compared, Reader(compared.new, urls.language()), subject)
    log_figures(area="/".join(filter(None, (subject.area_set, subject.area_id))), indicator=subject.indicator, figures=made.figures)
    return render_template("changes.html", view=made, subject=subject)


@blueprint.get("/aendret.atom")
def city_feed() -> Response:
    """What changed in the newest editions."""
    return _feed(ChangeSubject())


@blueprint.get("/kort/<indicator>.atom")
def indicator_feed(indicator: str) -> Response:
    """What changed of one indicator."""
    return _feed(ChangeSubject(indicator))


@blueprint.get("/omraade/<area_set>/<area_id>.atom")
def area_feed(area_set: str, area_id: str) -> Response:
    """What changed of one area."""
    return _feed(ChangeSubject("", area_set, area_id))


def _feed(subject: ChangeSubject) -> Response:
    """A feed of the edition that is shown, as the public reads it, whoever asks and whatever they have pinned."""
    reader = Reader(chosen.edition(chosen.current_id(), Audience.PUBLIC), urls.language())
    answer = Response(atom.feed(reader, subject), content_type=atom.CONTENT_TYPE)
    answer.headers["Cache-Control"] = gate.SHARED
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _before(id: str) -> str:
    earlier = kept.before(id)
    return earlier.id if earlier else ""
