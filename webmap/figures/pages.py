"""The page of one figure's origin: `/kilde/<edition>/<indicator>/<area set>/<area>/<period>`; `static/origin.js` shows it in a panel."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from geo.editions.trace import trace
from geo.model.vocabulary import Audience
from webmap.access import log_figures
from webmap.edition import chosen
from webmap.figures import datapage, origins

blueprint = Blueprint("figures", __name__)


@blueprint.get("/kilde/<edition_id>/<indicator>/<area_set>/<area_id>/<period>")
def origin(edition_id: str, indicator: str, area_set: str, area_id: str, period: str) -> str:
    """Where one figure came from."""
    reader = chosen.reader(edition_id)
    traced = trace(reader.edition, indicator, area_set, area_id, period)
    log_figures(area=f"{area_set}/{area_id}", indicator=indicator, figures=int(traced.figure.value is not None))
    key: dict[str, Any] = {
        "edition": reader.edition.id,
        "lang": reader.language,
        "indicator": indicator,
        "area_set": area_set,
        "area_id": area_id,
        "period": period,
    }
    key |= {} if reader.edition.audience is Audience.PUBLIC else {"audience": reader.edition.audience.value}
    as_json = url_for("api.resource", resource="trace", **key)
    return render_template("origin.html", view=origins.view(reader, traced), json=as_json)


@blueprint.get("/data")
def sources() -> str:
    """Sources, files, leftovers, what is hidden, contradictions."""
    return render_template("data.html", view=datapage.view(chosen.reader()))
