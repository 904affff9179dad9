"""The workroom for programs: the same drafts by JSON, with the session and the token of a signed-in person. docs/workroom.md lists it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from flask import Blueprint, Response, request

from geo.drafts import desk, kept
from geo.drafts.draft import Draft, FileKind
from geo.errors import DraftError, GeoError, NotFoundError, Problem
from geo.model.forms.proposed import EntryProposal
from geo.model.vocabulary import Text
from webmap import urls
from webmap.access import Field, csrf_token, log_figures, needs
from webmap.figures.api import pages as api
from webmap.figures.api.parameters import ApiError, one_of
from webmap.serving import bodies
from webmap.workroom import history, refusals, texts, views
from webmap.workroom.catalogue import posted
from webmap.workroom.catalogue.pages import save
from webmap.workroom.rehearsal.pages import audience_asked, of_audience
from webmap.workroom.request import actor, ask, ask_roll_back, drafts, folder, now, publications, read, read_again, stop_reading, take_hold

blueprint = Blueprint("drafts", __name__, url_prefix="/api/v1/drafts")
TOKEN: Final = "X-CSRF-Token"  # noqa: S105 - the name of a header
_T = TypeVar("_T")


class BegunDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What begins a draft."""

    title: str


class FileAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a file: what it holds, None to find out, and all answers to the questions about it."""

    kind: FileKind | None = None
    answers: dict[str, str] = {}


class AskedWork(msgspec.Struct, frozen=True, kw_only=True):
    """The work that is asked for."""

    kind: str
    reason: str = ""


class GivenReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why something is done."""

    reason: str


class GivenSignature(msgspec.Struct, frozen=True, kw_only=True):
    """A signature. contents: the mark of what was read, as the draft gives it."""

    reason: str
    contents: str


class SentProposal(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal. entry: the id of the one that it takes the place of, and seen: the mark of that one; "" for a new one."""

    proposal: EntryProposal
    entry: str = ""
    seen: str = ""


@blueprint.get("", endpoint="listing")
@needs("workroom")
def listing() -> Response:
    """All drafts, newest first, without what is in them."""
    return _json([_short(draft) for draft in kept.listing(drafts())])


@blueprint.post("", endpoint="begin")
@needs("workroom")
def begin() -> Response:
    """Begin a draft, and let the catalogue be read into it."""
    draft = desk.begin(drafts(), _sent(BegunDraft).title, by=actor(), at=now())
    return _json(_whole(read_again(draft.id)), 201)


@blueprint.get("/<id>", endpoint="draft")
@needs("workroom")
def draft(id: str) -> Response:
    """One draft with all that is in it, and how far the work on it is."""
    log_figures(area=f"draft/{id}")
    return _json(_whole(read(id)))


@blueprint.post("/<id>/files", endpoint="bring")
@needs("workroom.files")
def bring(id: str) -> Response:
    """Bring a file; it is the body, and `name` its name. It is read when somebody asks for it."""
    folder(id)
    name, most = request.args.get("name", ""), urls.settings().upload_mb * bodies.MEGABYTE
    if not name:
        raise ApiError(400, "missing_parameter", "The parameter 'name' is needed.", where="name")
    take_hold(id)
    return _json(_whole(desk.bring(drafts(), id, name, request.stream, by=actor(), at=now(), most=most)), 201)  # type: ignore[arg-type]  # werkzeug says IO[bytes]


@blueprint.post("/<id>/files/<file>", endpoint="choose")
@needs("workroom")
def choose(id: str, file: str) -> Response:
    """Say what a file holds, answer the questions about it, and let it be read again."""
    said = _sent(FileAnswers)
    return _changed(id, lambda: desk.choose(drafts(), id, file, kind=said.kind, answers=said.answers))


@blueprint.post("/<id>/entries", endpoint="propose")
@needs("workroom")
def propose(id: str) -> Response:
    """Propose a change of the catalogue, and let it be tried."""
    said = _sent(SentProposal)
    return _changed(id, lambda: save(id, said.proposal, entry_id=said.entry, seen=said.seen))


@blueprint.delete("/<id>/items/<item>", endpoint="take_out")
@needs("workroom")
def take_out(id: str, item: str) -> Response:
    """Take a file or a proposal out of a draft."""
    return _changed(id, lambda: desk.take_out(drafts(), id, item))


@blueprint.post("/<id>/work", endpoint="work")
@needs("workroom")
def work(id: str) -> Response:
    """Ask for a draft to be read, rehearsed or published."""
    said = _sent(AskedWork)
    if said.kind not in ("read", "rehearse", "publish"):
        raise ApiError(
            400, "unknown_value", f"{said.kind!r} is not a known kind of work.", where="kind", expected=("read", "rehearse", "publish")
        )
    stop_reading(id)
    return _json(_whole(ask(id, said.kind, reason=said.reason)), 202)  # type: ignore[arg-type]  # one of three words


@blueprint.post("/<id>/cancel", endpoint="cancel")
@needs("workroom")
def cancel(id: str) -> Response:
    """Ask for the work on a draft to stop."""
    return _json(_whole(desk.cancel(drafts(), id)), 202)


@blueprint.post("/<id>/signature", endpoint="sign")
@needs("workroom", Field.SIGN)
def sign(id: str) -> Response:
    """Sign for what the rehearsal says."""
    said = _sent(GivenSignature)
    return _json(_whole(desk.sign(drafts(), id, said.reason, by=actor(), at=now(), contents=said.contents)), 201)


@blueprint.post("/<id>/discard", endpoint="discard")
@needs("workroom")
def discard(id: str) -> Response:
    """Throw a draft away."""
    stop_reading(id)
    return _json(_whole(desk.discard(drafts(), id, at=now())))


@blueprint.post("/<id>/roll-back", endpoint="roll_back")
@needs("workroom", Field.PUBLISH)
def roll_back(id: str) -> Response:
    """Take the publication of a draft back."""
    return _json(_whole(ask_roll_back(id, _sent(GivenReason).reason)), 202)


@blueprint.get("/<id>/changes", endpoint="changes")
@needs("workroom", Field.EXPORT)
def changes(id: str) -> Response:
    """What the last rehearsal found, for one audience."""
    read(id)
    audience = audience_asked("audience")
    made = of_audience(id, audience)
    log_figures(area=f"draft/{id}/{audience.value}", figures=sum(figure.now.value is not None for figure in made.figures))
    return _json(made)


@blueprint.get("/<id>/forms", endpoint="forms")
@needs("workroom")
def forms(id: str) -> Response:
    """The forms of the catalogue and its entries, as they stand in a draft."""
    made = kept.forms(folder(id))
    if made is None:
        raise NotFoundError(Problem(id, "the catalogue is not read into the draft yet"))
    return _json(made)


@blueprint.get("/publications", endpoint="publications")
@needs("workroom")
def published() -> Response:
    """What was published from drafts and taken back, newest first."""
    return _json(kept.publications(publications()))


@blueprint.get("/catalogue-history", endpoint="history")
@needs("workroom")
def catalogue_history() -> Response:
    """Who changed what in the catalogue, newest first; of one `kind` and `id` where they are given."""
    asked = request.args
    return _json(history.lines(urls.settings().workspace, kind=asked.get("kind", ""), entry=asked.get("id", "")))


@blueprint.errorhandler(ApiError)
def refused(error: ApiError) -> Response:
    """Answer a refused request."""
    return api.refused(error)


@blueprint.errorhandler(DraftError)
def refused_by_draft(error: DraftError) -> Response:
    """Answer what cannot be done with a draft as it stands, in the language that the request asks for."""
    said = " ".join(refusals.sentence(problem).in_(_language()) for problem in error.problems)
    first = error.problems[0]
    return api.refused(ApiError(409, "draft", said, where=first.column or first.file, expected=[first.expected] if first.expected else []))


@blueprint.errorhandler(GeoError)
def refused_by_geo(error: GeoError) -> Response:
    """Answer with what the model says is wrong."""
    return api.refused_by_geo(error)


# --- what the views share -------------------------------------------------------------------------------------------------


def _sent(kind: type[_T]) -> _T:
    """The body of a request as a value. Raises ApiError for one that is not as it should be."""
    try:
        return bodies.decoded(request.get_data(), kind)
    except msgspec.DecodeError as error:
        raise ApiError(400, "bad_body", f"The body cannot be read: {error}.", where="body", expected=list(kind.__annotations__)) from None


def _changed(id: str, change: Callable[[], object]) -> Response:
    stop_reading(id)
    change()
    return _json(_whole(read_again(id)), 202)


def _language() -> str:
    return one_of("lang", Text.__struct_fields__)


def _short(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.id,
        "title": draft.title,
        "by": draft.by.name,
        "at": draft.at,
        "open": draft.open,
        "standing": texts.standing(draft, _language()),
        "published": draft.published,
        "rolled_back": draft.rolled_back,
        "files": len(draft.files),
        "entries": len(draft.entries),
    }


def _whole(draft: Draft) -> dict[str, Any]:
    """A draft with what follows from it. work: what goes on, in words; marks: of its proposals, for saving them again."""
    work = views.task_view(draft.task, _language()) if draft.task else None
    said = {"working": work.working, "said": work.said, "step": work.step, "share": work.share} if work else None
    return {
        **_short(draft),
        "ready": draft.ready,
        "faulty": draft.faulty,
        "contents": draft.contents,
        "marks": {entry.id: posted.stamp(entry) for entry in draft.entries},
        "work": said and {**said, "ended": texts.standing(draft, _language())},
        "draft": draft,
    }


def _json(made: object, status: int = 200) -> Response:
    answer = Response(msgspec.json.encode(made), status=status, content_type="application/json; charset=utf-8")
    answer.headers[TOKEN] = csrf_token()
    return answer
