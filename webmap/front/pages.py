"""The pages but the maps: a view parses, asks, renders. Every page has a Danish and an English address (see `shown`)."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any, Final

from flask import Blueprint, abort, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response

from geo.editions import condition
from geo.editions import edition as editions
from geo.errors import EditionError
from webmap import urls
from webmap.access import attempts, gate, log_figures, needs, presence
from webmap.areas import profile, programmes
from webmap.changes import lately
from webmap.changes.subject import ChangeSubject
from webmap.edition import chosen
from webmap.edition.reader import Reader
from webmap.front import demoswitch, glossary, menu, sender
from webmap.front.sheets import MOST, MOST_FIGURES, address, newest_figure, sources_of, used_sources
from webmap.goals import movement, verdicts
from webmap.goals import view as goals_view
from webmap.goals.pages import goal_url
from webmap.language import wording
from webmap.language.refusals import UNPUBLISHABLE, ErrorWords, error_words
from webmap.language.terms import MEANS, VERDICT

blueprint = Blueprint("front", __name__)

_KEPT: Final = frozenset(
    {
        "front.start",
        "goals.goal",
        "goals.labour",
        "barometer.page",
        "areas.area",
        "areas.plans",
        "areas.hotspots",
        "maps.page",
        *menu.LISTS,
        *menu.MEASURED,
    }
)
"""Pages whose figures somebody may want to keep a link to."""

_LONGEST: Final = 500
"""Letters of a reason."""
_FIRST: Final = ("M5", "2006-B2", "M4", "2006-B1")
"""The goals about small areas, which the start page asks first; the others follow as a list."""


@blueprint.get("/")
def start() -> str:
    """The questions, each with its answer; those of sub-goals stand in the barometer."""
    reader = chosen.reader()
    log_figures(figures=sum(judgement.latest is not None for judgement in reader.edition.judgements))
    main = sorted((goal for goal in reader.edition.catalogue.goals if not goal.part_of), key=lambda goal: goal.order)
    summaries = [verdicts.summary(reader, goal) for goal in main]
    return render_template(
        "start.html",
        asked=sorted((summary for summary in summaries if summary.goal.id in _FIRST), key=lambda summary: _FIRST.index(summary.goal.id)),
        moved={goal.id: made for goal in main if (made := movement.movement(reader, goal))},
        programmes=programmes.cards(reader),
        others=goals_view.by_policy([summary for summary in summaries if summary.goal.id not in _FIRST]),
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


@blueprint.get("/ordliste")
def glossary_page() -> str:
    """The words of the pages in everyday words."""
    return render_template("glossary.html", terms=glossary.terms(urls.language()))


@blueprint.get("/tilgaengelighed")
def accessibility() -> str:
    """What works and what does not for people with disabilities."""
    return render_template("accessibility.html")


@blueprint.get("/was")
def statement() -> Response:
    """The accessibility statement, by the name that public sites give it: that of the settings, else our own page."""
    return redirect(urls.settings().accessibility_url or urls.link("front.accessibility"))


# --- the frame of every page ------------------------------------------------------------------------------------------


def frame() -> dict[str, Any]:
    """What `base.html` needs, on error pages too: it never fails for want of an edition."""
    edition, current = g.get("edition"), chosen.current_id()
    return {
        "language": urls.language(),
        "link": urls.link,
        "nav": menu.entries(),
        "edition": edition,
        "as_of": wording.date(edition.manifest.as_of, urls.language()) if edition else "",
        "damaged": chosen.shown().named if presence() and chosen.problem() else "",
        "pinned": urls.pinned(),
        "kept": urls.kept(),
        "demo": demoswitch.switch(),
        "older": bool(edition and current and edition.id != current),
        "permanent": urls.here(udgave=edition.id) if edition else "",
        "newest": urls.here(udgave=""),
        "lately": _lately(),
        "follow": _follow(),
        "changed": urls.link("changes.page"),
        "keep_link": (request.endpoint or "").removeprefix("en_") in _KEPT,
        "sheet_url": _sheet_url(),
        "other_language": urls.other_language(),
        "find_text": request.args.get("q", "") if request.endpoint and request.endpoint.endswith(("areas.areas", "areas.where")) else "",
        "goal_url": goal_url,
        "home": urls.home(urls.language()),
        "sender": _imprint(),
        "interval_meaning": glossary.INTERVAL.in_(urls.language()),
        "cite_url": lambda source: urls.link("figures.sources", _anchor=f"kilde-{source}"),
        "cite_name": {source.id: source.short for source in edition.catalogue.sources}.get if edition else lambda name, _default: name,
    }


def _imprint() -> sender.Imprint:
    given = urls.settings()
    return sender.imprint(given.sender_name, given.contact, given.accessibility_url, language=urls.language())


def _lately() -> lately.LatelyChanged | None:
    """When something changed of what the page is about; None for pages that are about nothing of the kind."""
    subject = _subject()
    return lately.lately(Reader(g.edition, urls.language()), subject) if subject and g.get("edition") else None


def _follow() -> str:
    """Address of the page on which to follow by e-mail what the page is about, "" where nobody can."""
    subject = _subject()
    return urls.link("follow.page", udgave=None, **subject.asked) if subject and urls.settings().smtp_url else ""


def _subject() -> ChangeSubject | None:
    return lately.subject_of((request.endpoint or "").removeprefix("en_"), {**request.args, **(request.view_args or {})})


def _sheet_url() -> str:
    """Address of the page on one sheet, "" for pages that have none."""
    given, name = request.view_args or {}, (request.endpoint or "").removeprefix("en_")
    if name == "areas.area":
        return urls.link("front.area_sheet", **given)
    if name not in {"goals.goal", "goals.labour"}:
        return ""
    number, indicator = given["number"], given.get("indicator") or None
    return urls.link("front.goal_sheet", number=number, **({"indicator": indicator} if indicator else {}))


@blueprint.app_template_filter("opening")
def opening(words: str) -> str:
    """Template filter: words with a large first letter."""
    return wording.opening(words)


def error_page(code: int, words: ErrorWords | None = None) -> str:
    """Render an error page with a way back. words: what it says; without them the words of its status."""
    off = words is None and code == 404 and demoswitch.about_invented() and not urls.demo_shown()
    words, language = demoswitch.SWITCHED_OFF if off else words or error_words(code), urls.language()
    said = {"title": words.title.in_(language), "text": words.text.in_(language), "areas": words.areas, "off": off}
    return render_template("error.html", code=code, words=said)


@blueprint.get("/udgivelse")
@needs("publish")
def editions_to_publish() -> str:
    """List the editions, the one that everybody sees first named, and those that cannot be shown with what is wrong."""
    folder, language = urls.settings().editions, urls.language()
    withdrawn = {name: each.reason for name, each in condition.withdrawals(folder).items()}
    listed = [
        {
            "id": lying.id,
            "as_of": wording.date(lying.manifest.as_of, language) if lying.manifest else "",
            "files": len(lying.manifest.inputs) if lying.manifest else "",
            "whole": lying.problem is None,
            "withdrawn": withdrawn.get(lying.id),
        }
        for lying in condition.listing(folder)
    ]
    notices = {"slowed": attempts.slowed(language), "forwarding": attempts.unread_forwarding(), "named": chosen.named()}
    return render_template("publishing.html", editions=listed, current=chosen.current_id(), writable=os.access(folder, os.W_OK), **notices)


@blueprint.post("/udgivelse")
@needs("publish")
def publish() -> Response:
    """Make an edition the current one, for all readers and in one step, after every part of it has been read."""
    folder, wanted = urls.settings().editions, request.form.get("udgave", "")
    if wanted not in {path.name for path in editions.folders(folder)}:
        abort(404)
    if not os.access(folder, os.W_OK):
        abort(403)
    try:
        condition.prove(folder, wanted)
        gate.note(f"publish {wanted}")
        condition.make_current(folder, wanted)
    except EditionError as error:
        raise UnpublishableError(error.problems) from None
    return redirect(urls.link("front.editions_to_publish", udgave=None))


@blueprint.post("/udgivelse/tilbage")
@needs("publish")
def withdraw() -> Response:
    """Withdraw an edition that is not the current one; links to it say when and why from now on."""
    folder, wanted = urls.settings().editions, request.form.get("udgave", "")
    reason = " ".join(request.form.get("grund", "").split())[:_LONGEST]
    if wanted not in {path.name for path in editions.folders(folder)}:
        abort(404)
    if not reason or not os.access(folder, os.W_OK):
        abort(400 if not reason else 403)
    gate.note(f"withdraw {wanted}")
    visitor, now = presence(), dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    try:
        condition.withdraw(folder, wanted, condition.Withdrawal(by=visitor.user.name if visitor else "", at=now, reason=reason))
    except EditionError as error:
        raise UnpublishableError(error.problems) from None
    return redirect(urls.link("front.editions_to_publish", udgave=None))


class UnpublishableError(EditionError):
    """An edition that somebody wants to publish cannot be shown: damaged, of another format, or not readable."""


@blueprint.app_errorhandler(UnpublishableError)
def _unpublishable(error: UnpublishableError) -> tuple[str, int]:
    current_app.logger.error("not published: %s", error)
    return error_page(409, UNPUBLISHABLE), 409


@blueprint.get("/maal/<number>/udskrift", defaults={"indicator": ""})
@blueprint.get("/maal/<number>/<indicator>/udskrift")
def goal_sheet(number: str, indicator: str) -> str:
    """One goal on one sheet."""
    reader = chosen.reader()
    goal = goals_view.find(reader.edition, number, indicator)
    made = goals_view.goal_view(reader, goal, indicator)
    log_figures(area=goal.area_set, indicator=made.indicator.id if made.indicator else "", figures=len(made.areas))
    return render_template(
        "onepage/goal.html",
        view=made,
        areas=made.areas[:MOST],
        more=max(0, len(made.areas) - MOST),
        newest={lines[0].area_id: newest_figure(reader, made.indicator, (goal.area_set, lines[0].area_id)) for lines in made.areas},
        sources=sources_of(reader, used_sources(reader.edition, made.indicator, goal.area_set)),
        address=address("/udskrift"),
    )


@blueprint.get("/omraade/<area_set>/<area_id>/udskrift")
def area_sheet(area_set: str, area_id: str) -> str:
    """One area on one sheet."""
    reader = chosen.reader()
    made = profile.profile(reader, area_set, area_id)
    cards = [*made.real, *made.demo]
    log_figures(area=f"{area_set}/{area_id}", figures=len(cards))
    return render_template(
        "onepage/area.html",
        view=made,
        cards=cards[:MOST_FIGURES],
        more=max(0, len(cards) - MOST_FIGURES),
        sources=sources_of(reader, dict.fromkeys(card.source for card in cards[:MOST_FIGURES] if card.source)),
        address=address("/udskrift"),
    )
