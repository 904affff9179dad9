"""The pages of the workroom: all drafts, one draft, and what is done with it. Every page has a Danish and an English address."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, BinaryIO, cast

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from geo.drafts import desk, kept
from geo.drafts.draft import Draft
from geo.errors import DraftError, GeoError, Problem
from webmap import urls
from webmap.access import Field, log_figures, needs
from webmap.serving.bodies import MEGABYTE
from webmap.workroom import history as histories
from webmap.workroom import texts, views
from webmap.workroom.catalogue import pages as _catalogue_pages  # noqa: F401  its views join the room's addresses
from webmap.workroom.drawing import pages as _drawing_pages  # noqa: F401  its views join the room's addresses
from webmap.workroom.figure import pages as _figure_pages  # noqa: F401  its views join the room's addresses
from webmap.workroom.rehearsal import pages as _rehearsal_pages  # noqa: F401  and so do these
from webmap.workroom.request import (
    actor,
    ask,
    ask_roll_back,
    blueprint,
    choices,
    drafts,
    folder,
    now,
    publications,
    read,
    read_again,
    refused,
    stop_reading,
    take_hold,
)

__all__ = ["blueprint"]

_DRAFT = "/arbejdsrum/<id>"


@blueprint.get("/arbejdsrum", endpoint="drafts")
@needs("workroom")
def all_drafts() -> str:
    """Every draft, those that are open first, and what was published."""
    return _drafts()


@blueprint.post("/arbejdsrum", endpoint="begin")
@needs("workroom")
def begin() -> Response | tuple[str, int]:
    """Begin a draft, and let the catalogue be read into it."""
    try:
        draft = desk.begin(drafts(), request.form.get("title", ""), by=actor(), at=now())
    except DraftError as error:
        return _drafts(error), 422
    read_again(draft.id)
    return _to(draft.id)


@blueprint.get("/arbejdsrum/historik", endpoint="history")
@needs("workroom")
def history() -> str:
    """Who changed what in the catalogue, newest first."""
    kind, entry = request.args.get("slags", ""), request.args.get("kode", "")
    lines = histories.lines(urls.settings().workspace, kind=kind, entry=entry)
    return render_template("workroom/history.html", lines=lines, kind=kind, entry=entry, **choices())


@blueprint.get(_DRAFT, endpoint="draft")
@needs("workroom")
def one_draft(id: str) -> str:
    """One draft: what is in it, the rehearsal, and the way to publish it."""
    return _draft(id)


@blueprint.post(f"{_DRAFT}/filer", endpoint="upload")
@needs("workroom.files")
def upload(id: str) -> Response | tuple[str, int]:
    """Bring files, one or several, and let them be read; what could not be taken is said, and the others are kept."""
    folder(id)
    given = [each for each in request.files.getlist("fil") if each.filename]
    if not given:
        return _draft(id, DraftError(_NO_FILE)), 422
    problems: list[Problem] = []
    try:
        take_hold(id)
        for each in given:
            problems += _brought(id, each.filename or "", each.stream)
        read_again(id)
    except DraftError as error:
        problems += error.problems
    return (_draft(id, DraftError(problems)), 409) if problems else _to(id, "filer")


_NO_FILE = Problem("", "no file was chosen")


def _brought(id: str, name: str, stream: IO[bytes]) -> list[Problem]:
    most = urls.settings().upload_mb * MEGABYTE
    try:
        desk.bring(drafts(), id, name, cast(BinaryIO, stream), by=actor(), at=now(), most=most)
    except DraftError as error:
        return [Problem(name, problem.what, column=name, expected=problem.expected) for problem in error.problems]
    return []


@blueprint.post(f"{_DRAFT}/filer/<file>", endpoint="choose")
@needs("workroom")
def choose(id: str, file: str) -> Response | tuple[str, int]:
    """Say what a file holds, answer the questions about it, and let it be read again."""
    kind = request.form.get("slags", "")
    if kind and kind not in texts.KINDS:
        abort(400)
    answers = {name.removeprefix("svar."): text for name, text in request.form.items() if name.startswith("svar.")}

    def chosen() -> None:
        stop_reading(id)
        before = next((each for each in read(id).files if each.id == file), None)
        asked = {question.name for question in before.preview.questions} if before and before.preview else set()
        kept_answers = {name: text for name, text in (before.answers if before else {}).items() if name not in asked}
        desk.choose(drafts(), id, file, kind=kind or None, answers={**kept_answers, **answers})  # type: ignore[arg-type]  # one of its words
        read_again(id)

    return _done(id, chosen, f"fil-{file}")


@blueprint.post(f"{_DRAFT}/ud", endpoint="take_out")
@needs("workroom")
def take_out(id: str) -> Response | tuple[str, int]:
    """Take a file or a proposal out of a draft."""

    def taken() -> None:
        stop_reading(id)
        desk.take_out(drafts(), id, request.form.get("hvad", ""))
        read_again(id)

    return _done(id, taken, "filer")


@blueprint.post(f"{_DRAFT}/arbejde", endpoint="work")
@needs("workroom")
def work(id: str) -> Response | tuple[str, int]:
    """Ask for a draft to be read or rehearsed."""
    kind = request.form.get("hvad", "")
    if kind not in ("read", "rehearse"):
        abort(400)

    def asked() -> None:
        stop_reading(id)
        ask(id, kind)  # type: ignore[arg-type]  # one of two words

    return _done(id, asked, "arbejde")


@blueprint.post(f"{_DRAFT}/stop", endpoint="stop")
@needs("workroom")
def stop(id: str) -> Response | tuple[str, int]:
    """Ask for the work on a draft to stop."""
    return _done(id, lambda: desk.cancel(drafts(), id), "arbejde")


@blueprint.post(f"{_DRAFT}/underskriv", endpoint="sign")
@needs("workroom", Field.SIGN)
def sign(id: str) -> Response | tuple[str, int]:
    """Sign for what the rehearsal says; the button *Udgiv* signs and publishes where no other person has to."""
    reason, seen = request.form.get("begrundelse", ""), request.form.get("set", "")

    def signed() -> None:
        desk.sign(drafts(), id, reason, by=actor(), at=now(), contents=seen)
        if request.form.get("hvad") == "udgiv":
            ask(id, "publish", reason=reason)

    return _done(id, signed, "udgiv")


@blueprint.post(f"{_DRAFT}/udgiv", endpoint="publish")
@needs("workroom", Field.PUBLISH)
def publish(id: str) -> Response | tuple[str, int]:
    """Publish a draft that was rehearsed and signed."""
    return _done(id, lambda: ask(id, "publish", reason=request.form.get("begrundelse", "")), "udgiv")


@blueprint.post(f"{_DRAFT}/kasser", endpoint="discard")
@needs("workroom")
def discard(id: str) -> Response | tuple[str, int]:
    """Throw a draft away, after a second question."""
    if request.form.get("sikker") != "ja":
        return _draft(id, DraftError(Problem("", "not confirmed"))), 422

    def thrown() -> None:
        stop_reading(id)
        desk.discard(drafts(), id, at=now())

    return _done(id, thrown, "", to_list=True)


@blueprint.post(f"{_DRAFT}/tilbage", endpoint="roll_back")
@needs("workroom", Field.PUBLISH)
def roll_back(id: str) -> Response | tuple[str, int]:
    """Take the publication of a draft back."""
    return _done(id, lambda: ask_roll_back(id, request.form.get("begrundelse", "")), "udgiv")


# --- what the views share -------------------------------------------------------------------------------------------------


def _drafts(error: GeoError | None = None) -> str:
    listed = kept.listing(drafts())
    language = urls.language()
    standing = {draft.id: texts.standing(draft, language) for draft in listed}
    published = kept.publications(publications())
    undone = {each.rolled_back for each in published if each.rolled_back is not None}
    newest = next((each.number for each in published if each.rolled_back is None and each.number not in undone), None)
    return render_template(
        "workroom/drafts.html", open=[draft for draft in listed if draft.open], ended=[draft for draft in listed if not draft.open],
        standing=standing, publications=published, newest=newest, undone=undone, refused=_said(error),
        title=request.form.get("title", ""), **choices(),
    )  # fmt: skip


def _draft(id: str, error: GeoError | None = None) -> str:
    draft, language = read(id), urls.language()
    view = views.draft_view(draft, kept.forms(folder(id)), language)
    log_figures(area=f"draft/{id}")
    signers = [signature.by.id for signature in draft.valid_signatures]
    may_publish = draft.signed_by_another(actor()) if urls.settings().publish_two_people else bool(signers)
    return render_template(
        "workroom/draft.html", view=view, draft=draft, refused=_said(error), kinds=texts.KINDS,
        signed_by_me=actor().id in signers, may_publish=may_publish,
        reason=request.form.get("begrundelse", ""), most=urls.settings().upload_mb * MEGABYTE, **choices(),
    )  # fmt: skip


def _said(error: GeoError | None) -> list[str]:
    return [text.in_(urls.language()) for text in refused(error)]


def _done(id: str, action: Callable[[], Draft | None], anchor: str, *, to_list: bool = False) -> Response | tuple[str, int]:
    """Do something with a draft and show its page again; what is refused is said on it, with what was typed."""
    try:
        action()
    except DraftError as error:
        return _draft(id, error), 409
    return redirect(urls.link("workroom.drafts"), 303) if to_list else _to(id, anchor)


def _to(id: str, anchor: str = "") -> Response:
    return redirect(urls.link("workroom.draft", id=id, **({"_anchor": anchor} if anchor else {})), 303)
