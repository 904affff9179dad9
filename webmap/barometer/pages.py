"""The page of the integration barometer. Its files are those of the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from geo.model.vocabulary import Audience
from webmap.access import log_figures
from webmap.barometer import view
from webmap.edition import chosen
from webmap.edition.reader import Reader
from webmap.figures import barometer
from webmap.figures.formats import listed

blueprint = Blueprint("barometer", __name__)


@blueprint.get("/barometer")
def page() -> str:
    """Every goal of the integration policies: start, way, latest figure, target and answer."""
    reader = chosen.reader()
    shown = view.view(reader)
    log_figures(figures=sum(bool(row.latest.value) for part in shown.parts for row in part.rows))
    return render_template("barometer.html", view=shown, downloads=_downloads(reader))


def _downloads(reader: Reader) -> list[dict[str, str]]:
    """The barometer in every format that can hold it, in this language and edition, as the reader sees it."""
    asked: dict[str, Any] = {"lang": reader.language, "edition": reader.edition.id}
    asked |= {} if reader.edition.audience is Audience.PUBLIC else {"audience": reader.edition.audience.value}
    return [
        {
            "label": each.label,
            "name": f"integrationsbarometer.{each.ending}",
            "address": url_for("api.resource", resource=f"barometer.{each.ending}", **asked),
        }
        for each in listed.holding(barometer.COLUMNS, one_map=False)
    ]
