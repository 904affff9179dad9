"""What has changed: the page."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from webmap import urls
from webmap.access import log_figures
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


def _before(id: str) -> str:
    earlier = kept.before(id)
    return earlier.id if earlier else ""
