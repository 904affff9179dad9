"""The pages but the maps: a view parses, asks, renders. Every page has a Danish and an English address (see `shown`)."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from geo.model.goals import Goal
from geo.model.vocabulary import Text
from webmap import goalpage, newer, profile, programmes, search, urls, verdicts
from webmap.access import Field, looked, may
from webmap.edition import chosen, rows
from webmap.language import wording
from webmap.language.terms import MEANS, VERDICT, ErrorWords, error_words
from webmap.language.translation import gettext as _
from webmap.maps import links

blueprint = Blueprint("pages", __name__)

_KEPT: Final = frozenset({"pages.start", "pages.goal", "pages.labour", "pages.area", "pages.plans", "pages.hotspots", "maps.page"})
"""Pages whose figures somebody may want to keep a link to."""

_FIRST: Final = ("M5", "2006-B2", "M4", "2006-B1")
"""The goals about small areas, which the start page asks first; the others follow as a list."""


@blueprint.get("/")
def start() -> str:
    """The questions, each with its answer."""
    edition, language = chosen.edition(), urls.language()
    looked(figures=sum(one.latest is not None for one in edition.judgements))
    summaries = [verdicts.summary(edition, goal, language) for goal in sorted(edition.catalogue.goals, key=lambda goal: goal.order)]
    return render_template(
        "start.html",
        asked=sorted((one for one in summaries if one.goal.id in _FIRST), key=lambda one: _FIRST.index(one.goal.id)),
        programmes=programmes.cards(edition, language),
        others=goalpage.by_policy([one for one in summaries if one.goal.id not in _FIRST]),
    )


@blueprint.get("/arbejdsmarked", endpoint="labour", defaults={"number": "2006-B2", "indicator": ""})
@blueprint.get("/arbejdsmarked/<indicator>", endpoint="labour", defaults={"number": "2006-B2"})
@blueprint.get("/maal/<number>", defaults={"indicator": ""})
@blueprint.get("/maal/<number>/<indicator>")
def goal(number: str, indicator: str) -> str | Response:
    """One goal: its wording, its verdict in every reading, its map and its areas."""
    edition, language, asked = chosen.edition(), urls.language(), request.args
    found = goalpage.find(edition, number, indicator)
    if f"{request.script_root}{request.path}" != goal_path(found, indicator):
        query = request.query_string.decode("ascii", "ignore")
        return redirect(goal_path(found, indicator) + (f"?{query}" if query else ""))
    view = goalpage.goal_view(edition, found, indicator, language)
    drawn = None
    if view.indicator is not None and view.area_set:
        looked(area=view.area_set, indicator=view.indicator.id, figures=rows.count(edition, view.indicator.id, view.area_set))
        drawn = links.view(
            edition,
            view.indicator.id,
            view.area_set,
            asked.get("periode", ""),
            language,
            selected=asked.get("omraade", ""),
            page=goal_path(found, indicator),
            marked=view.marks if view.area_set == found.area_set else None,
        )
    current = chosen.current_id()
    moved = newer.answers(edition, chosen.other(current), language, goal=found.id) if current not in {"", edition.id} else ()
    return render_template("goal.html", view=view, m=drawn, tabs=_tabs(found, view), moved=moved)


@blueprint.get("/helhedsplaner")
def plans() -> str:
    """The plan programme."""
    edition = chosen.edition()
    return render_template("plans.html", view=programmes.plans(edition, urls.language()))


@blueprint.get("/hotspots")
def hotspots() -> str:
    """The hotspot programme."""
    edition = chosen.edition()
    return render_template("hotspots.html", view=programmes.hotspots(edition, urls.language()))


@blueprint.get("/omraader")
def areas() -> str | Response:
    """Find an area by name."""
    edition, text = chosen.edition(), request.args.get("q", "").strip()[:100]
    found = search.find(edition, text, urls.language())
    hits = [(group.id, area) for group in found for area in group.areas]
    if text and len(hits) == 1:
        return redirect(urls.link("pages.area", area_set=hits[0][0], area_id=hits[0][1].area_id))
    names = sorted({area.name for layer in edition.layers.values() if layer.role == "areas" for area in layer.areas})
    return render_template("areas.html", groups=found, text=text, hits=len(hits), names=names)


@blueprint.get("/omraade/<area_set>/<area_id>")
def area(area_set: str, area_id: str) -> str:
    """Everything about one area."""
    edition = chosen.edition()
    looked(area=f"{area_set}/{area_id}", figures=rows.count_in_area(edition, area_set, area_id))
    return render_template("area.html", view=profile.profile(edition, area_set, area_id, urls.language()))


@blueprint.get("/om")
def about() -> str:
    """Method, words, definitions."""
    language = urls.language()
    meanings = [
        {"shape": said.shape, "verdict": said.words.in_(language), "text": MEANS[verdict].in_(language)}
        for verdict, said in VERDICT.items()
    ]
    return render_template("about.html", catalogue=chosen.edition().catalogue, verdicts=meanings)


@blueprint.get("/tilgaengelighed")
def accessibility() -> str:
    """What works and what does not for people with disabilities."""
    return render_template("accessibility.html")


# --- the frame of every page ------------------------------------------------------------------------------------------


def frame() -> dict[str, Any]:
    """What `base.html` needs, on error pages too: it never fails for want of an edition."""
    edition, current = g.get("edition"), chosen.current_id()
    return {
        "language": urls.language(),
        "link": urls.link,
        "nav": _nav(),
        "edition": edition,
        "as_of": wording.date(edition.manifest.as_of, urls.language()) if edition else "",
        "pinned": urls.pinned(),
        "older": bool(edition and current and edition.id != current),
        "permanent": urls.here(udgave=edition.id) if edition else "",
        "newest": urls.here(udgave=""),
        "changed": urls.link("newer.page"),
        "keep_link": (request.endpoint or "").removeprefix("en_") in _KEPT,
        "sheet_url": _sheet_url(),
        "other_language": urls.other_language(),
        "find_text": request.args.get("q", "") if request.endpoint and request.endpoint.endswith(("pages.areas", "where.page")) else "",
        "goal_url": goal_url,
        "home": urls.home(urls.language()),
        "cite_url": lambda source: urls.link("figures.sources", _anchor=f"kilde-{source}"),
        "cite_name": {source.id: source.short for source in edition.catalogue.sources}.get if edition else lambda name, _default: name,
    }


def _sheet_url() -> str:
    """Address of the page on one sheet, "" for pages that have none."""
    given, name = request.view_args or {}, (request.endpoint or "").removeprefix("en_")
    if name == "pages.area":
        return urls.link("onepage.area", **given)
    if name not in {"pages.goal", "pages.labour"}:
        return ""
    number, indicator = given["number"], given.get("indicator") or None
    return urls.link("onepage.goal", number=number, **({"indicator": indicator} if indicator else {}))


@blueprint.app_template_filter("opening")
def opening(words: str) -> str:
    """Template filter: words with a large first letter."""
    return wording.opening(words)


def say_text(text: Text | None) -> str:
    """Template filter: words of a text in the language of the page."""
    return text.in_(urls.language()) if text is not None else ""


def error_page(code: int, words: ErrorWords | None = None) -> str:
    """Render an error page with a way back. words: what it says; without them the words of its status."""
    words, language = words or error_words(code), urls.language()
    said = {"title": words.title.in_(language), "text": words.text.in_(language), "areas": words.areas}
    return render_template("error.html", code=code, words=said)


def goal_url(goal: Goal) -> str:
    """Address of a goal's page, keeping the edition that the reader has pinned."""
    pinned = urls.pinned()
    return goal_path(goal, "") + (f"?udgave={pinned}" if pinned.isalnum() else "")


def goal_path(goal: Goal, indicator: str) -> str:
    """Path of a goal's page; goals of 2011-2014 go by their number, and the labour-market goal has a name of its own."""
    prefix = "en_" if urls.language() == "en" else ""
    chosen = indicator or None
    if goal.id == "2006-B2":
        return url_for(f"{prefix}pages.labour", indicator=chosen)
    number = goal.id[1:] if goal.id[:1] == "M" and goal.id[1:].isdigit() else goal.id
    return url_for(f"{prefix}pages.goal", number=number, indicator=chosen)


def _tabs(goal: Goal, view: goalpage.GoalView) -> list[dict[str, Any]]:
    known = [chosen.edition().catalogue.indicator(name) for name in goalpage.indicators(goal)]
    return [
        {
            "name": indicator.name.in_(urls.language()),
            "url": goal_path(goal, "" if position == 0 else indicator.id) + (f"?udgave={urls.pinned()}" if urls.pinned() else ""),
            "here": view.indicator is not None and view.indicator.id == indicator.id,
            "demo": indicator.demo,
        }
        for position, indicator in enumerate(known)
        if indicator is not None
    ]


def _nav() -> list[dict[str, Any]]:
    endpoint = (request.endpoint or "").removeprefix("en_")
    rooms = (
        (_("Gennemgang"), "reviews.rounds", "review", tuple(f"reviews.{name}" for name in ("rounds", "round", "page", "merge", "history"))),
        ("SSP", "ssp.start", "ssp", ("ssp.start", "ssp.safety_map", "ssp.district")),
        (_("Udgivelse"), "publishing.index", "publish", ("publishing.index",)),
    )
    entries = (
        (_("Mål"), "pages.start", ("pages.start", "pages.goal", "pages.labour")),
        (_("Kort"), "maps.index", ("maps.index", "maps.page")),
        (_("Områder"), "pages.areas", ("pages.areas", "pages.area")),
        (_("Helhedsplaner"), "pages.plans", ("pages.plans",)),
        (_("Hotspots"), "pages.hotspots", ("pages.hotspots",)),
        (_("Data"), "figures.sources", ("figures.sources",)),
        *((name, to, here) for name, to, page, here in rooms if may(Field.OPEN, page)),
    )
    return [{"name": name, "url": urls.link(to), "here": endpoint in here} for name, to, here in entries]
