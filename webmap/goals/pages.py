"""The pages of goals. A goal of 2011-2014 goes by its number, and that on the labour market has an address of its own."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from geo.model.goals import Goal
from geo.model.vocabulary import Text
from webmap import urls
from webmap.access import log_figures
from webmap.charts.picture import PictureWords
from webmap.edition import chosen, rows, sources
from webmap.edition.reader import Reader
from webmap.edition.rows import Question
from webmap.goals import answers
from webmap.goals import view as goals_view
from webmap.maps import links
from webmap.maps.pictures import pages as pictures

blueprint = Blueprint("goals", __name__)

_WAY: Final = Text(
    da="Fuld streg: det målte, med usikkerheden som bånd. Stiplet: det, målet kræver. En lodret streg er et brud: definitionen er ændret.",
    en="Solid line: what was measured, with its uncertainty as a band. Dashed: what the goal asks for. An upright line is a break: the "
    "definition has changed.",
)


@blueprint.get("/arbejdsmarked", endpoint="labour", defaults={"number": "2006-B2", "indicator": ""})
@blueprint.get("/arbejdsmarked/<indicator>", endpoint="labour", defaults={"number": "2006-B2"})
@blueprint.get("/maal/<number>", defaults={"indicator": ""})
@blueprint.get("/maal/<number>/<indicator>")
def goal(number: str, indicator: str) -> str | Response:
    """One goal: its wording, its verdict in every reading, its map and its areas."""
    reader, asked = chosen.reader(), request.args
    asked_goal = goals_view.find(reader.edition, number, indicator)
    if f"{request.script_root}{request.path}" != goal_path(asked_goal, indicator):
        query = request.query_string.decode("ascii", "ignore")
        return redirect(goal_path(asked_goal, indicator) + (f"?{query}" if query else ""))
    view = goals_view.goal_view(reader, asked_goal, indicator)
    drawn = None
    if view.indicator is not None and view.area_set:
        log_figures(area=view.area_set, indicator=view.indicator.id, figures=rows.count(reader.edition, view.indicator.id, view.area_set))
        drawn = links.view(
            reader,
            view.indicator.id,
            view.area_set,
            asked.get("periode", ""),
            selected=asked.get("omraade", ""),
            page=goal_path(asked_goal, indicator),
            marked=view.marks if view.area_set == asked_goal.area_set else None,
        )
    current = chosen.current_id()
    moved = (
        answers.answers(reader.edition, Reader(chosen.other(current), reader.language), goal=asked_goal.id)
        if current not in {"", reader.edition.id}
        else ()
    )
    doing = [effort for effort in reader.edition.catalogue.efforts if asked_goal.id in effort.goals]
    return render_template("goal.html", view=view, m=drawn, tabs=_tabs(asked_goal, view), moved=moved, doing=doing)


@blueprint.get("/udgave/<edition_id>/vej/<number>/<indicator>.<kind>")
def way(edition_id: str, number: str, indicator: str, kind: str) -> Response:
    """The measured and the required way of one goal, as a picture."""
    reader = chosen.reader(edition_id)
    asked_goal = goals_view.find(reader.edition, number, indicator)
    view = goals_view.goal_view(reader, asked_goal, indicator)
    if kind not in pictures.KINDS or view.course is None or view.indicator is None:
        abort(404)
    log_figures(area=asked_goal.area_set, indicator=view.indicator.id, figures=len(view.course.rows))
    demo = view.indicator.demo
    words = PictureWords(
        title=f"{asked_goal.name.in_(reader.language)}: {view.indicator.name.in_(reader.language)}",
        answer=" ".join(view.course.sentences),
        caption=f"{view.indicator.unit.in_(reader.language)} · {view.indicator.population.in_(reader.language)}",
        demo=pictures.demo_words(reader, demo),
        legend=(),
        notes=(_WAY.in_(reader.language),),
        foot=pictures.foot(reader, sources.sources(Question(reader, view.indicator, asked_goal.area_set))),
    )
    return pictures.answer(view.course.drawing, words, kind, f"{asked_goal.id}_{view.indicator.id}")


def goal_url(goal: Goal, indicator: str = "", **kept: str | None) -> str:
    """Address of a goal's page. kept: what it keeps otherwise than all addresses do, such as another edition."""
    view, parts = _place(goal, indicator)
    return urls.link(view, **parts, **kept)


def goal_path(goal: Goal, indicator: str) -> str:
    """Path of a goal's page; goals of 2011-2014 go by their number, and the labour-market goal has a name of its own."""
    view, parts = _place(goal, indicator)
    return urls.link(view, **parts, udgave=None, demo=None)


def _place(goal: Goal, indicator: str) -> tuple[str, dict[str, str | None]]:
    if goal.id == "2006-B2":
        return "goals.labour", {"indicator": indicator or None}
    number = goal.id[1:] if goal.id[:1] == "M" and goal.id[1:].isdigit() else goal.id
    return "goals.goal", {"number": number, "indicator": indicator or None}


def _tabs(goal: Goal, view: goals_view.GoalView) -> list[dict[str, Any]]:
    edition = chosen.edition()
    known = [edition.catalogue.indicator(name) for name in goal.indicators]
    first = goals_view.shown_first(edition, goal)
    return [
        {
            "indicator": indicator.id,
            "name": indicator.name.in_(urls.language()),
            "url": goal_url(goal, "" if indicator.id == first else indicator.id),
            "here": view.indicator is not None and view.indicator.id == indicator.id,
            "demo": indicator.demo,
        }
        for indicator in known
        if indicator is not None
    ]
