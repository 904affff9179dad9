"""The pages of lists: exposed housing areas and the safety index, all editions and one of each."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from webmap.access import log_figures
from webmap.edition import chosen, rows
from webmap.lists import housing, safetyindex

blueprint = Blueprint("lists", __name__)


@blueprint.get("/boligomraader")
def housing_lists() -> str:
    """All editions of the lists of housing areas."""
    return render_template("lists/housing.html", families=housing.families(chosen.reader()))


@blueprint.get("/boligomraader/<listed>")
def housing_list(listed: str) -> str:
    """One edition: its names, its map, and what came and went against another."""
    return render_template("lists/list.html", view=housing.page(chosen.reader(), listed, request.args.get("mod", "")))


@blueprint.get("/tryghedsindeks")
def index() -> str:
    """All editions of the safety index."""
    return render_template("lists/index.html", view=safetyindex.index(chosen.reader()), districts=safetyindex.DISTRICTS)


@blueprint.get("/tryghedsindeks/<code>")
def index_edition(code: str) -> str:
    """One edition of the safety index: its districts by effort, and who moved against another."""
    reader = chosen.reader()
    made = safetyindex.page(reader, code, request.args.get("mod", ""))
    area_sets = {district.area_set for need in made.line.needs for district in need.districts}
    log_figures(indicator=safetyindex.FAMILY, figures=sum(rows.count(reader.edition, safetyindex.FAMILY, name) for name in area_sets))
    return render_template("lists/edition.html", view=made, districts=safetyindex.DISTRICTS)
