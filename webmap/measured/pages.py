"""The pages of what others count or score for the whole city. Their files are those of the API."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from webmap.access import log_figures
from webmap.edition import chosen
from webmap.measured import cityindex, discrimination

blueprint = Blueprint("measured", __name__)


@blueprint.get("/byindeks")
def city_index() -> str:
    """The intercultural city index: its dimensions, the cities' values in one year and what changed from another."""
    made = cityindex.view(chosen.reader(), request.args.get("aar", ""), request.args.get("mod", ""))
    log_figures(figures=made.values)
    return render_template("measured/cityindex.html", view=made, dimensions=cityindex.DIMENSIONS)


@blueprint.get("/diskrimination")
def discrimination_page() -> str:
    """Discrimination by three measures, each with its source and its doubt."""
    made = discrimination.view(chosen.reader())
    log_figures(indicator=discrimination.SURVEY, figures=made.figures)
    return render_template("measured/discrimination.html", view=made)
