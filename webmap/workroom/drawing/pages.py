"""The page on which an area is drawn; what is drawn becomes a file of the draft, to be rehearsed and published with it."""

from __future__ import annotations

import io

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from geo.drafts import desk
from geo.errors import DraftError, Problem
from webmap import urls
from webmap.access import needs
from webmap.charts.ground import minimap
from webmap.edition import chosen
from webmap.workroom.drawing import outline
from webmap.workroom.request import actor, blueprint, choices, drafts, now, read, read_again, refused, stop_reading

_FIRST = "hotspot"
"""The kind of area that is drawn most often."""


@blueprint.get("/arbejdsrum/<id>/tegn", endpoint="draw")
@needs("workroom")
def draw(id: str) -> str:
    """The map, and the form for the area's name, code, day and corners."""
    return _page(id)


@blueprint.post("/arbejdsrum/<id>/tegn", endpoint="drawn")
@needs("workroom")
def drawn(id: str) -> Response | tuple[str, int]:
    """Bring the area to the draft, added to those of its kind; what is wrong is said, and nothing that was typed is lost."""
    typed = request.form
    try:
        area = outline.drawn(typed.get("kode", ""), typed.get("navn", ""), typed.get("omrids", ""))
        if typed.get("slags") not in _kinds():
            raise DraftError(Problem("", "no such area set", column="slags"))
        stop_reading(id)
        draft = desk.bring(drafts(), id, f"{area.area_id}.geojson", io.BytesIO(area.layer()), by=actor(), at=now())
        answers = {
            "area_set": typed["slags"],
            "id": "area_id",
            "name": "name",
            "valid_from": typed.get("dag", ""),
            "producer": typed.get("hvem", ""),
            "add": "yes",
        }
        desk.choose(drafts(), id, draft.files[-1].id, kind="areas", answers=answers)
        read_again(id)
    except DraftError as error:
        return _page(id, error), 422
    return redirect(urls.link("workroom.draft", id=id, _anchor="filer"))


def _page(id: str, error: DraftError | None = None) -> str:
    draft, edition, kinds = read(id), chosen.edition(), _kinds()
    area_set = request.values.get("slags", _FIRST)
    shown = area_set if area_set in kinds else next(iter(kinds))
    words = {
        "draft": draft,
        "kinds": kinds,
        "shown": shown,
        "typed": request.form,
        "today": now().date().isoformat(),
        "refused": refused(error),
    }
    return render_template("workroom/drawing.html", map=minimap.ground(edition, shown), **words, **choices())


def _kinds() -> dict[str, str]:
    """Kinds of areas that the edition draws, by their id; the one that is drawn most often first."""
    edition = chosen.edition()
    known = {kind.id: kind.name.in_(urls.language()) for kind in edition.catalogue.area_sets if not kind.groups}
    layers = {layer.id: known[layer.id] for layer in edition.layers.values() if layer.role == "areas" and layer.id in known}
    return dict(sorted(layers.items(), key=lambda each: (each[0] != _FIRST, each[1])))
