"""The pages of the review room: a view parses, asks, renders. Every page has a Danish and an English address, as all others."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from flask import Response, abort, current_app, jsonify, redirect, render_template, request
from sqlalchemy.exc import DatabaseError
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import InputError
from webmap import urls
from webmap.access import log_figures, needs
from webmap.reviews import checks, funding, texts, views, writing
from webmap.reviews.report import pages as _report_pages  # noqa: F401  its views join the room's addresses
from webmap.reviews.request import author, blueprint, choices, database_address, posted_merge, reads_figures, refused
from webmap.reviews.round import pages as _round_pages  # noqa: F401  its views join the room's addresses
from webmap.reviews.round import pictures
from webmap.reviews.status import pages as _form_pages  # noqa: F401  its views join the room's addresses
from webmap.reviews.store import database, rounds, saving
from webmap.reviews.store.database import ReviewsError
from webmap.reviews.store.saving import Choice, FrozenError, Saved
from webmap.reviews.views import PageView
from webmap.serving import bodies

__all__ = ["blueprint"]

_PAGE = "/gennemgang/<period>/<subject_set>/<subject_id>"


@blueprint.get(_PAGE, endpoint="page")
@needs("review")
def page(period: str, subject_set: str, subject_id: str) -> str:
    """One area, plan or programme: what is known of it, and what the team writes."""
    return _page({"period": period, "subject_set": subject_set, "subject_id": subject_id})


@blueprint.post(_PAGE, endpoint="save")
@needs("review")
def save(period: str, subject_set: str, subject_id: str) -> AnyResponse | tuple[str, int]:
    """Save a page without script: what is wrong is shown on the page that follows; what is refused is shown with all that was typed."""
    asked = dict(request.form.items())
    taken = (asked.pop(name, "") for name in ("csrf", "base", "add", "remove"))
    _, base, add, remove = taken
    kept = {path: text for path, text in asked.items() if not (remove and path.startswith(f"{remove}/"))}
    place = {"period": period, "subject_set": subject_set, "subject_id": subject_id}
    try:
        done = _save(place, kept, base)
    except InputError as error:
        return _refused_page(place, Unsaved(error, kept, base))
    if done.conflicts:
        return redirect(urls.link("reviews.merge", **place, aside=done.kept), 303)
    if add in writing.ROW_TYPES:
        return redirect(urls.link("reviews.page", **place, ny=add, _anchor=f"ny-{add}"), 303)
    anchor = "fejlliste" if checks.faults(done.content) else "skema"
    return redirect(urls.link("reviews.page", **place, efter="gem", _anchor=anchor), 303)


@blueprint.post(f"{_PAGE}/gem", endpoint="draft")
@needs("review")
def draft(period: str, subject_set: str, subject_id: str) -> tuple[Response, int]:
    """Save a draft: JSON in, JSON out. 409 when another changed the same field, 422 for what no page can hold, 423 when signed."""
    asked = bodies.any_json()
    if not isinstance(asked, dict) or not isinstance(asked.get("fields"), dict):
        abort(400)
    place, language = {"period": period, "subject_set": subject_set, "subject_id": subject_id}, urls.language()
    try:
        done = _save(place, asked["fields"], str(asked.get("base", "")))
    except (FrozenError, InputError) as error:
        said = {path: text.in_(language) for path, text in texts.refused(error)}
        return jsonify({"message": " ".join(dict.fromkeys(said.values())), "fields": said}), 423 if isinstance(error, FrozenError) else 422
    if done.conflicts:
        names = [texts.label(conflict.path, done.content).in_(language) for conflict in done.conflicts]
        return jsonify({"merge": urls.link("reviews.merge", **place, aside=done.kept), "fields": names}), 409
    faults = {fault.path: fault.text.in_(language) for fault in checks.faults(done.content)}
    fields = {path: text for path, text in writing.flat(done.content).items() if path not in writing.FORM}
    answer = {"version": done.version, "saved": texts.clock(done.at, language), "fields": fields, "faults": faults}
    return jsonify(answer), 200


@blueprint.get(f"{_PAGE}/flet/<int:aside>", endpoint="merge")
@needs("review")
def merge(period: str, subject_set: str, subject_id: str, aside: int) -> str:
    """Show base, theirs and mine of each field that two people changed."""
    return _merge({"period": period, "subject_set": subject_set, "subject_id": subject_id}, aside)


@blueprint.post(f"{_PAGE}/flet/<int:aside>", endpoint="settle")
@needs("review")
def settle(period: str, subject_set: str, subject_id: str, aside: int) -> AnyResponse | tuple[str, int]:
    """Put together what was chosen; if the page has moved on in between, show it again with what was chosen."""
    version, chosen = posted_merge()
    place = {"period": period, "subject_set": subject_set, "subject_id": subject_id}
    try:
        with database.writing(database_address()) as session:
            done = saving.settle(session, rounds.page_id(session, **place), Choice(aside, chosen, version), who=author())
    except FrozenError as error:
        return _refused_page(place, Unsaved(error, chosen, str(version)))
    except InputError as error:
        return _merge(place, aside, chosen, error), 422
    if done.conflicts:
        return _merge(place, aside, chosen), 409
    return redirect(urls.link("reviews.page", **place, efter="gem", _anchor="skema"), 303)


@blueprint.get(f"{_PAGE}/historik", endpoint="history")
@needs("review")
def history(period: str, subject_set: str, subject_id: str) -> str:
    """Who wrote what when, with what stood there before."""
    with database.reading(database_address()) as session:
        kept = rounds.page(session, period, subject_set, subject_id)
        view, happened = views.page_view(kept, figures=reads_figures()), views.events(saving.history(session, kept.id))
    page_url = urls.link("reviews.page", period=period, subject_set=subject_set, subject_id=subject_id)
    return render_template("reviews/history.html", v=view, events=happened, page_url=page_url, **choices())


@blueprint.errorhandler(DatabaseError)
@blueprint.errorhandler(ReviewsError)
def closed(error: Exception) -> tuple[str, int]:
    """Answer that the database is away, damaged, not up to date, or taken longer than a writer waits: nothing was saved, it says."""
    current_app.logger.error("the reviews: %s", error)
    return render_template("reviews/closed.html"), 503


@blueprint.app_template_filter("halvaar")
def half_year(period: str) -> str:
    """A half-year's name; a period that cannot be read stays as it is."""
    return texts.half_year(period, urls.language())


# --- what the views share -------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Unsaved:
    """What somebody sent and why it was not saved. fields: by path, as typed; base: the version of the page that they began with."""

    error: InputError
    fields: Mapping[str, str]
    base: str

    @property
    def is_late(self) -> bool:
        """Whether the round takes no more: what was typed can only stand beside it."""
        return isinstance(self.error, FrozenError)


def _refused_page(place: Mapping[str, str], unsaved: Unsaved) -> tuple[str, int]:
    """The page once more, with everything that was typed: nothing is lost because it came too late or was too long."""
    return _page(place, unsaved), 423 if unsaved.is_late else 422


def _page(place: Mapping[str, str], unsaved: Unsaved | None = None) -> str:
    with database.reading(database_address()) as session:
        kept = rounds.page(session, **place)
        figures = reads_figures()
        view, agenda = views.page_view(kept, figures=figures), views.round_view(kept.round, figures=figures)
    before, following = agenda.beside(place["subject_set"], place["subject_id"])
    shown = sum(figure.value is not None for figure in view.facts.figures)
    log_figures(area=f"{place['subject_set']}/{place['subject_id']}", figures=shown)
    after, typed = request.args.get("efter", ""), writing.typed(unsaved.fields) if unsaved else view.writing
    lost = texts.left_over(typed, beside=view.writing, language=urls.language()) if unsaved and unsaved.is_late else ""
    said = dict(texts.refused(unsaved.error)) if unsaved else {}
    if unsaved and not unsaved.is_late:
        view = dataclasses.replace(view, writing=typed, version=int(unsaved.base))
    return render_template(
        "reviews/page.html", v=view, round=agenda, blank=_blank(request.args.get("ny", "")), saved=after == "gem", lost=lost,
        refused={path: text.in_(urls.language()) for path, text in said.items()},
        faults=_said(view) if after == "gem" or view.writing.ready or unsaved else {},
        funding=funding.funding(view.writing, urls.language()), before=before, following=following,
        drawing=pictures.of_page(agenda.edition, view.facts), **choices(),
    )  # fmt: skip


def _save(place: Mapping[str, str], fields: Mapping[str, object], base: str) -> Saved:
    if not (base.isascii() and base.isdigit() and len(base) < 10):
        abort(400)
    mine = writing.read(fields)
    with database.writing(database_address()) as session:
        return saving.save(session, rounds.page_id(session, **place), mine, base=int(base), who=author())


def _merge(place: Mapping[str, str], aside: int, chosen: Mapping[str, str] | None = None, error: InputError | None = None) -> str:
    with database.reading(database_address()) as session:
        kept = rounds.page(session, place["period"], place["subject_set"], place["subject_id"])
        set_aside, conflicts = saving.open_conflicts(session, kept, aside)
        view = views.page_view(kept, figures=reads_figures())
    return render_template(
        "reviews/merge.html",
        v=view,
        aside=set_aside,
        conflicts=conflicts,
        label=texts.label,
        chosen=chosen or {},
        page_url=urls.link("reviews.page", **place),
        settle_url=urls.link("reviews.settle", aside=aside, **place),
        refused=refused(error),
        **choices(),
    )


def _said(view: PageView) -> dict[str, str]:
    return {fault.path: fault.text.in_(urls.language()) for fault in view.faults}


def _blank(name: str) -> str:
    """The list that gets an empty row, for those who ask without script."""
    return name if name in writing.ROW_TYPES else ""
