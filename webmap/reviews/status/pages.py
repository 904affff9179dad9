"""The pages of status forms: those of a half-year, one form with its states, its history, and two texts put together."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from flask import Response, abort, jsonify, redirect, render_template, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import InputError, NotFoundError
from geo.model.efforts.committees import DEPARTMENTS
from geo.model.efforts.effort import Effort
from webmap import urls
from webmap.access import Field, may, needs
from webmap.edition import chosen
from webmap.reviews import texts, views, writing
from webmap.reviews.request import author, blueprint, choices, database_address, department, now, posted_merge, put_in_place, refused
from webmap.reviews.status import view
from webmap.reviews.store import database, forms, rounds, saving, signing
from webmap.reviews.store.records import Round
from webmap.reviews.store.saving import Choice, FrozenError, Saved
from webmap.serving import bodies

_FORM = "/statusskema/<period>/<effort>"
_Change = Callable[[Session], None]


@blueprint.get("/statusskemaer", endpoint="forms")
@needs("status")
def listing() -> str:
    """The forms of a half-year: a department's own, the secretariat's all."""
    return _listing(request.args.get("halvaar", "").strip())


@blueprint.get(_FORM, endpoint="form")
@needs("status")
def form(period: str, effort: str) -> str:
    """One form: what is written, how it stands, and what can be done with it."""
    return _page(period, effort)


@blueprint.post(f"{_FORM}/begynd", endpoint="form_begin")
@needs("status")
def begin(period: str, effort: str) -> AnyResponse | tuple[str, int]:
    """Begin the form of a half-year with what the catalogue says of the effort."""
    edition = chosen.edition()
    known = edition.catalogue.effort(effort) or abort(404)
    own = _writes_for(known)
    try:
        with database.writing(database_address()) as session:
            forms.begin(session, period, known, edition_id=edition.id, department=own, who=author())
    except InputError as error:
        return _listing(period, error), 422
    except IntegrityError:  # another was faster, and it is there now
        pass
    return redirect(urls.link("reviews.form", period=period, effort=effort, _anchor="skema"), 303)


@blueprint.post(_FORM, endpoint="form_save")
@needs("status")
def save(period: str, effort: str) -> AnyResponse | tuple[str, int]:
    """Save a form without script; what is refused is shown with all that was typed."""
    return _posted(period, effort)[0]


@blueprint.post(f"{_FORM}/gem", endpoint="form_draft")
@needs("status")
def draft(period: str, effort: str) -> tuple[Response, int]:
    """Save a draft: JSON in, JSON out, with the statuses of a review's page."""
    asked = bodies.any_json()
    if not isinstance(asked, dict) or not isinstance(asked.get("fields"), dict):
        abort(400)
    language = urls.language()
    try:
        done, _ = _save(period, effort, asked["fields"], str(asked.get("base", "")))
    except InputError as error:
        said = {path: text.in_(language) for path, text in texts.refused(error)}
        return jsonify({"message": " ".join(dict.fromkeys(said.values())), "fields": said}), 423 if isinstance(error, FrozenError) else 422
    if done.conflicts:
        names = [texts.label(conflict.path).in_(language) for conflict in done.conflicts]
        return jsonify({"merge": urls.link("reviews.form_merge", period=period, effort=effort, aside=done.kept), "fields": names}), 409
    fields = {name: getattr(done.content, name) for name in writing.FORM}
    return jsonify({"version": done.version, "saved": texts.clock(done.at, language), "fields": fields, "faults": {}}), 200


@blueprint.post(f"{_FORM}/send", endpoint="form_send")
@needs("status")
def send(period: str, effort: str) -> AnyResponse | tuple[str, int]:
    """Save a form as it was sent, and send it to the secretariat for one's own department."""
    answer, seen = _posted(period, effort)
    if not seen:
        return answer
    own = department()
    return _change(period, effort, lambda session: forms.send(session, period, effort, seen=seen, department=own, who=author()))


@blueprint.post(f"{_FORM}/retur", endpoint="form_return")
@needs("status", Field.SIGN)
def give_back(period: str, effort: str) -> AnyResponse | tuple[str, int]:
    """Send a form back to its department, with a reason."""
    reason = request.form.get("reason", "")
    return _change(period, effort, lambda session: forms.give_back(session, period, effort, reason=reason, who=author()))


@blueprint.post(f"{_FORM}/godkend", endpoint="form_approve")
@needs("status", Field.SIGN)
def approve(period: str, effort: str) -> AnyResponse | tuple[str, int]:
    """Approve a form and freeze it; the public reads it with the next edition."""
    seen = request.form.get("seen", "")
    answer = _change(period, effort, lambda session: forms.approve(session, period, effort, seen=seen, who=author()))
    if isinstance(answer, AnyResponse) and (word := put_in_place()):
        return redirect(urls.link("reviews.form", period=period, effort=effort, sat=word), 303)
    return answer


@blueprint.get(f"{_FORM}/historik", endpoint="form_history")
@needs("status")
def history(period: str, effort: str) -> str:
    """Who wrote, sent and approved what when."""
    with database.reading(database_address()) as session:
        page = forms.page_of(_readable(session, period, effort))
        happened = views.events(saving.history(session, page.id))
        shown = dataclasses.replace(views.page_view(page, figures=True), period=period)
    page_url = urls.link("reviews.form", period=period, effort=effort)
    return render_template("reviews/history.html", v=shown, events=happened, page_url=page_url, **choices())


@blueprint.get(f"{_FORM}/flet/<int:aside>", endpoint="form_merge")
@needs("status")
def merge(period: str, effort: str, aside: int) -> str:
    """Show base, theirs and mine of each field that two people changed."""
    return _merge(period, effort, aside)


@blueprint.post(f"{_FORM}/flet/<int:aside>", endpoint="form_settle")
@needs("status")
def settle(period: str, effort: str, aside: int) -> AnyResponse | tuple[str, int]:
    """Put together what was chosen; if the form has moved on in between, show it again with what was chosen."""
    version, chosen_fields = posted_merge()
    try:
        with database.writing(database_address()) as session:
            page = forms.page_of(_own(session, period, effort))
            done = saving.settle(session, page.id, Choice(aside, chosen_fields, version), who=author())
    except FrozenError as error:
        return _page(period, effort, error=error, typed=chosen_fields), 423
    except InputError as error:
        return _merge(period, effort, aside, chosen_fields, error), 422
    if done.conflicts:
        return _merge(period, effort, aside, chosen_fields), 409
    return redirect(urls.link("reviews.form", period=period, effort=effort, efter="gem", _anchor="skema"), 303)


# --- what the views share -------------------------------------------------------------------------------------------------


def _writes_for(effort: Effort) -> str:
    """The reader's department, when it is the effort's own; else the request ends with 403."""
    own = department()
    if not own or effort.committee is None or DEPARTMENTS[effort.committee] != own:
        abort(403)
    return own


def _readable(session: Session, period: str, effort: str) -> Round:
    """A form that the reader may read: the secretariat all, a department its own."""
    kept = forms.find(session, period, effort)
    if not may(Field.SIGN) and forms.department_of(kept) != department():
        abort(403)
    return kept


def _own(session: Session, period: str, effort: str) -> Round:
    """A form that the reader may write in: only its own department."""
    kept = forms.find(session, period, effort)
    if forms.department_of(kept) != department():
        abort(403)
    return kept


def _posted(period: str, effort: str) -> tuple[AnyResponse | tuple[str, int], str]:
    """Save what a form brings: the answer, and the digest of the form when it says just what was brought, else ""."""
    asked = {name: text for name, text in request.form.items() if name not in ("csrf", "base")}
    base = request.form.get("base", "")
    try:
        done, seal = _save(period, effort, asked, base)
    except InputError as error:
        return (_page(period, effort, error=error, typed=asked, base=base), 423 if isinstance(error, FrozenError) else 422), ""
    if done.conflicts:
        return redirect(urls.link("reviews.form_merge", period=period, effort=effort, aside=done.kept), 303), ""
    brought = writing.typed(asked)
    alone = all(getattr(done.content, name) == getattr(brought, name) for name in writing.FORM if name in asked)
    answer = redirect(urls.link("reviews.form", period=period, effort=effort, efter="gem", _anchor="skema"), 303)
    return answer, seal if alone else "changed"


def _save(period: str, effort: str, fields: Mapping[str, object], base: str) -> tuple[Saved, str]:
    """Save the fields of a form; what became of it, and the form's digest afterwards."""
    if not (base.isascii() and base.isdigit() and len(base) < 10):
        abort(400)
    mine = writing.read(fields, form=True)
    with database.writing(database_address()) as session:
        form = _own(session, period, effort)
        done = saving.save(session, forms.page_of(form).id, mine, base=int(base), who=author())
        return done, signing.digest(form)


def _change(period: str, effort: str, changed: _Change) -> AnyResponse | tuple[str, int]:
    """Send, return or approve; what is refused is said on the page."""
    try:
        with database.writing(database_address()) as session:
            _readable(session, period, effort)
            changed(session)
    except InputError as error:
        return _page(period, effort, error=error), 423 if isinstance(error, FrozenError) else 422
    return redirect(urls.link("reviews.form", period=period, effort=effort, _anchor="staar"), 303)


def _listing(asked: str, error: InputError | None = None) -> str:
    today = now().date()
    try:
        period = asked or rounds.half_year(today)
        rounds.check_half_year(period, today=today)
    except InputError as wrong:
        error, period = error or wrong, rounds.half_year(today)
    own = None if may(Field.SIGN) else department()
    with database.reading(database_address()) as session:
        lines = view.lines(session, chosen.reader(), period, department=own)
    return render_template(
        "reviews/forms.html", lines=lines, period=period, asked=asked or period, own=department(), refused=refused(error),
        secretariat=may(Field.SIGN), halves=view.halves(today), **choices(),
    )  # fmt: skip


def _page(period: str, effort: str, *, error: InputError | None = None, typed: Mapping[str, str] | None = None, base: str = "") -> str:
    known = chosen.edition().catalogue.effort(effort)
    with database.reading(database_address()) as session:
        try:
            kept = _readable(session, period, effort)
        except NotFoundError:
            if known is None:
                raise
            return _unbegun(period, known)
        page, standing, seal = views.page_view(forms.page_of(kept), figures=True), forms.standing(session, kept), signing.digest(kept)
        owner = forms.department_of(kept)
    lost, stood = "", page.writing
    if typed is not None:
        words = writing.typed(typed)
        if isinstance(error, FrozenError):
            lost = texts.left_over(words, beside=stood, language=urls.language())
        else:
            page = dataclasses.replace(page, writing=words, version=int(base))
    return render_template(
        "reviews/form.html", v=dataclasses.replace(page, period=period), effort=effort, standing=standing, seal=seal, owner=owner,
        writes=owner == department() and page.is_open, secretariat=may(Field.SIGN), lost=lost, refused=refused(error),
        saved=request.args.get("efter") == "gem", unplaced=request.args.get("sat") == "ikke", names=writing.FORM,
        typed=request.form.get("reason", ""), known=known is not None, **choices(),
    )  # fmt: skip


def _unbegun(period: str, effort: Effort) -> str:
    """The page of a form that nobody has begun; 404 for a half-year that cannot be."""
    try:
        rounds.check_half_year(period, today=now().date())
    except InputError:
        abort(404)
    owner = DEPARTMENTS[effort.committee] if effort.committee else ""
    if not may(Field.SIGN) and (not owner or owner != department()):
        abort(403)
    return render_template("reviews/unbegun.html", effort=effort, period=period, owner=owner, writes=owner == department(), **choices())


def _merge(period: str, effort: str, aside: int, chosen_fields: Mapping[str, str] | None = None, error: InputError | None = None) -> str:
    with database.reading(database_address()) as session:
        page = forms.page_of(_readable(session, period, effort))
        set_aside, conflicts = saving.open_conflicts(session, page, aside)
        shown = dataclasses.replace(views.page_view(page, figures=True), period=period)
    place = {"period": period, "effort": effort}
    return render_template(
        "reviews/merge.html", v=shown, aside=set_aside, conflicts=conflicts, label=texts.label, chosen=chosen_fields or {},
        page_url=urls.link("reviews.form", **place), settle_url=urls.link("reviews.form_settle", aside=aside, **place),
        refused=refused(error), **choices(),
    )  # fmt: skip
