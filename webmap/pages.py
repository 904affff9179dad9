"""The pages but the maps: a view parses, asks, renders. Every page has a Danish and an English address (see `shown`)."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, g, render_template, request

from geo.model.vocabulary import Text
from webmap import urls
from webmap.access import Field, looked, may
from webmap.areas import programmes
from webmap.edition import chosen
from webmap.goals import verdicts
from webmap.goals import view as goals_view
from webmap.goals.pages import goal_url
from webmap.language import wording
from webmap.language.terms import MEANS, VERDICT, ErrorWords, error_words
from webmap.language.translation import gettext as _

blueprint = Blueprint("pages", __name__)

_KEPT: Final = frozenset({"pages.start", "goals.goal", "goals.labour", "areas.area", "areas.plans", "areas.hotspots", "maps.page"})
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
        others=goals_view.by_policy([one for one in summaries if one.goal.id not in _FIRST]),
    )


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
        "find_text": request.args.get("q", "") if request.endpoint and request.endpoint.endswith(("areas.areas", "areas.where")) else "",
        "goal_url": goal_url,
        "home": urls.home(urls.language()),
        "cite_url": lambda source: urls.link("figures.sources", _anchor=f"kilde-{source}"),
        "cite_name": {source.id: source.short for source in edition.catalogue.sources}.get if edition else lambda name, _default: name,
    }


def _sheet_url() -> str:
    """Address of the page on one sheet, "" for pages that have none."""
    given, name = request.view_args or {}, (request.endpoint or "").removeprefix("en_")
    if name == "areas.area":
        return urls.link("onepage.area", **given)
    if name not in {"goals.goal", "goals.labour"}:
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


def _nav() -> list[dict[str, Any]]:
    endpoint = (request.endpoint or "").removeprefix("en_")
    rooms = (
        (_("Gennemgang"), "reviews.rounds", "review", tuple(f"reviews.{name}" for name in ("rounds", "round", "page", "merge", "history"))),
        ("SSP", "ssp.start", "ssp", ("ssp.start", "ssp.safety_map", "ssp.district")),
        (_("Udgivelse"), "publishing.index", "publish", ("publishing.index",)),
    )
    entries = (
        (_("Mål"), "pages.start", ("pages.start", "goals.goal", "goals.labour")),
        (_("Kort"), "maps.index", ("maps.index", "maps.page")),
        (_("Områder"), "areas.areas", ("areas.areas", "areas.area")),
        (_("Helhedsplaner"), "areas.plans", ("areas.plans",)),
        (_("Hotspots"), "areas.hotspots", ("areas.hotspots",)),
        (_("Data"), "figures.sources", ("figures.sources",)),
        *((name, to, here) for name, to, page, here in rooms if may(Field.OPEN, page)),
    )
    return [{"name": name, "url": urls.link(to), "here": endpoint in here} for name, to, here in entries]
