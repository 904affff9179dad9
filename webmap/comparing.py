"""Pages that put maps beside each other: two of them with what they say together, and all periods of one as small pictures."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from geo.edition import Edition
from geo.errors import NotFoundError, Problem
from webmap import looks, mapview, minimap, pairs, shown, tables
from webmap.access import looked
from webmap.kortord import words
from webmap.mapstate import Question, State, state
from webmap.pairs import Asked

blueprint = Blueprint("compare", __name__)


@dataclass(frozen=True)
class Picture:
    """One period as a small map."""

    state: State
    map: Markup


@blueprint.get("/kort/sammenlign")
def page() -> str:
    """Two periods or two indicators side by side, with what changed for sure."""
    edition = shown.edition()
    made = pairs.pair(edition, parse(request.args), shown.language())
    write_look(made)
    return render_template("sammenlign.html", p=made, words=words(made.language), **_addresses(made, "compare.page"))


@blueprint.get("/kort/sammenlign.csv")
def download() -> Response:
    """The chosen areas of both maps (all, when none is chosen), all periods, as CSV."""
    edition = shown.edition()
    made = pairs.pair(edition, parse(request.args), shown.language())
    write_look(made)
    wanted = {line.area_id for line in made.chosen or made.lines}
    kept = []
    for indicator in dict.fromkeys(side.indicator.id for side in made.sides):
        rows = looks.rows_of(edition, indicator, made.area_set)
        kept += list(tables.records(edition, rows[rows["area_id"].isin(wanted)], made.language, root=request.script_root))
    name = f"{'demodata_' if made.demo else ''}valgte_omraader_{edition.id}.csv"
    return Response(
        tables.csv_text(kept), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@blueprint.get("/kort/<indicator>/perioder")
def periods(indicator: str) -> str:
    """All periods of one indicator as small maps with the same classes."""
    edition, language = shown.edition(), shown.language()
    return render_template("perioder.html", **small_multiples(edition, indicator, request.args.get("inddeling", ""), language))


def small_multiples(edition: Edition, indicator: str, area_set: str, language: str) -> dict[str, object]:
    """What the page of all periods needs. Raises NotFoundError when there is no such indicator or area set."""
    made = mapview.view(edition, indicator, area_set, "", language)
    if made.state is None:
        raise NotFoundError(Problem(indicator, "no figures in any period"))
    question = Question(edition, made.indicator, made.layer.id, language)
    looked(area=made.layer.id, indicator=indicator, figures=looks.count(edition, indicator, made.layer.id))
    states = [state(question, option.id) for option in made.periods]
    pictures = [
        Picture(
            now,
            minimap.mini_map(
                edition, made.layer.id, looks={row.area_id: row.look for row in now.rows}, label=f"{now.period_name}. {now.sentence}"
            ),
        )
        for now in states
    ]
    return {"view": made, "pictures": pictures, "table": list(zip(*(now.rows for now in states), strict=True))}


def parse(asked: MultiDict[str, str]) -> Asked:
    """Read what an address asks for."""
    return Asked(
        area_set=asked.get("inddeling", ""),
        indicators=(asked.get("a", ""), asked.get("b", "")),
        periods=(asked.get("pa", ""), asked.get("pb", "")),
        chosen=tuple(dict.fromkeys(asked.getlist("omraade"))),
    )


def write_look(made: pairs.Pair) -> None:
    """Tell the access log which figures were looked at."""
    names = list(dict.fromkeys(side.indicator.id for side in made.sides))
    figures = sum(looks.count(made.edition, name, made.area_set) for name in names)
    looked(area=made.area_set, indicator=" ".join(names), figures=figures)


def _addresses(made: pairs.Pair, page: str) -> dict[str, str]:
    first, second = made.sides
    now = {
        "inddeling": made.area_set, "a": first.indicator.id, "pa": first.state.period,
        "b": second.indicator.id, "pb": second.state.period,
    }  # fmt: skip
    return {
        "csv": shown.link("compare.download", **now, omraade=[line.area_id for line in made.chosen]),
        "swapped": shown.link(page, **{**now, "a": now["b"], "b": now["a"], "pa": now["pb"], "pb": now["pa"]}),
        "whole": shown.link(page, **now),
        "form": shown.link(page),
    }
