"""The pages of the catalogue in a draft: all entries by kind, and the form of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from geo.drafts import desk, kept
from geo.drafts.draft import Draft, ProposedEntry
from geo.errors import DraftError, NotFoundError, Problem
from geo.files import locks
from geo.model.forms.described import EntryForm, FormsFile, Typed
from geo.model.forms.proposed import EntryProposal, ProposalOutcome
from geo.model.vocabulary import Text
from webmap import urls
from webmap.access import needs
from webmap.workroom import views
from webmap.workroom.catalogue import formfields, posted
from webmap.workroom.request import actor, blueprint, choices, drafts, folder, now, read, read_again, refused, stop_reading

NEW: Final = "_ny"
"""What stands in the address in place of an entry's id for one that is not there yet."""
_STANDS: Final = frozenset({"written", "fits", "unchanged"})
"""Outcomes of a proposal that stands in the copy of the catalogue."""
_FORM: Final = "/arbejdsrum/<id>/katalog/<kind>/<entry>"
_LOCK: Final = ".proposing"


@dataclass(frozen=True)
class OpenedForm:
    """A form as it is opened. entry: the proposal that the page is about, None for none.

    goes_on: what is saved takes the place of that proposal, because it does not stand in the copy of the catalogue. set_: its mark.
    """

    values: Typed
    sha256: str
    opened: Typed
    title: str
    entry: ProposedEntry | None = None
    goes_on: bool = False
    set_: str = ""

    @property
    def outcome(self) -> ProposalOutcome | None:
        """What came of the proposal when it was tried."""
        return self.entry.outcome if self.entry else None

    @property
    def stands(self) -> bool:
        """Whether the copy of the catalogue has what is proposed."""
        return self.outcome is not None and self.outcome.state in _STANDS


@blueprint.get("/arbejdsrum/<id>/katalog", endpoint="catalogue")
@needs("workroom")
def catalogue(id: str) -> str:
    """Every entry of the catalogue by kind, and the way to write a new one."""
    draft, forms = read(id), kept.forms(folder(id))
    view = views.draft_view(draft, forms, urls.language())
    proposed = {(entry.proposal.kind, entry.proposal.id) for entry in draft.entries if entry.proposal.id}
    return render_template("workroom/catalogue.html", view=view, draft=draft, forms=forms, proposed=proposed, new=NEW, **choices())


@blueprint.get(_FORM, endpoint="entry")
@needs("workroom")
def entry(id: str, kind: str, entry: str) -> str | Response:
    """The form of one entry; a new one that stands in the copy has its own address."""
    proposed = _proposal(read(id), kind, entry)
    if entry == NEW and proposed and proposed.outcome and proposed.outcome.state in _STANDS:
        return redirect(urls.link("workroom.entry", id=id, kind=kind, entry=proposed.outcome.id, forslag=proposed.id), 303)
    return _page(id, kind, entry)


@blueprint.post(_FORM, endpoint="propose")
@needs("workroom")
def propose(id: str, kind: str, entry: str) -> Response | tuple[str, int]:
    """Propose what a form says, and let it be tried; what is refused is shown again with all that was typed."""
    forms = _forms(id)
    form = forms.form(kind) or abort(404)
    made: EntryProposal | None = None
    try:
        made = posted.proposal(request.form, form.fields, kind=kind, id="" if entry == NEW else entry)
        stop_reading(id)
        proposed = save(id, made, entry_id=request.form.get("forslag", ""), seen=request.form.get("set", ""))
        read_again(id)
    except DraftError as error:
        return _page(id, kind, entry, typed=made, error=error), 409
    return redirect(urls.link("workroom.entry", id=id, kind=kind, entry=entry, forslag=proposed), 303)


def save(id: str, made: EntryProposal, *, entry_id: str, seen: str) -> str:
    """Keep a proposal in a draft; return its id. entry_id: of the one that it takes the place of; seen: the mark of that one.

    One that somebody else has saved since is not written over: this one then comes after it, and what both changed is shown.
    """
    with locks.held(folder(id) / _LOCK):
        before = {each.id: posted.stamp(each) for each in read(id).entries}
        own = entry_id if before.get(entry_id) == seen else ""
        draft = desk.propose(drafts(), id, made, by=actor(), at=now(), entry_id=own)
    return own or next(each.id for each in draft.entries if each.id not in before)


def _forms(id: str) -> FormsFile:
    forms = kept.forms(folder(id))
    if forms is None:
        raise DraftError(Problem("", "the catalogue is not read into the draft yet", expected="the draft read"))
    return forms


def _page(id: str, kind: str, entry_id: str, *, typed: EntryProposal | None = None, error: DraftError | None = None) -> str:
    draft, forms, language = read(id), _forms(id), urls.language()
    form = forms.form(kind) or abort(404)
    opened = _opened(draft, forms, form, "" if entry_id == NEW else entry_id)
    if typed is not None:
        goes_on = opened.entry is not None and opened.entry.id == request.form.get("forslag")
        seen = request.form.get("set", "")
        opened = OpenedForm(typed.values, typed.sha256, typed.opened, opened.title, opened.entry, goes_on=goes_on, set_=seen)
    outcome = opened.outcome
    names = dict(formfields.labels(form.fields, language))
    tried = outcome if typed is None else None
    problems, conflicts = (tried.problems, tried.conflicts) if tried else ((), ())
    fields = formfields.drawn(form, opened.values, forms, language, tried)
    listed = [(problem.field, formfields.called(problem.field, names), formfields.problem_words(problem, language)) for problem in problems]
    return render_template(
        "workroom/entry.html", draft=draft, view=views.draft_view(draft, forms, language), form=form, fields=fields, opened=opened,
        entry_id=entry_id, is_new=entry_id == NEW, encoded=posted.encoded(opened.opened), problems=listed, conflicts=conflicts,
        theirs=posted.encoded({conflict.field: conflict.theirs for conflict in conflicts if conflict.theirs}),
        called=lambda path: formfields.called(path, names), lists=_proposals(forms), outcome=outcome,
        standing=opened.stands and typed is None, removed=opened.stands and opened.entry is not None and opened.entry.proposal.removed,
        title=_title(form, opened, entry_id),
        refused=[text.in_(language) for text in refused(error)], **choices(),
    )  # fmt: skip


def _title(form: EntryForm, opened: OpenedForm, entry_id: str) -> Text:
    called = opened.title or ("" if entry_id == NEW else entry_id)
    if called:
        return Text(da=called, en=called)
    return Text(da=f"Ny: {form.label.da.lower()}", en=f"New: {form.label.en.lower()}")


def _opened(draft: Draft, forms: FormsFile, form: EntryForm, entry_id: str) -> OpenedForm:
    """The form as it is to be shown: a proposal that does not stand yet goes on, else what stands in the draft's catalogue."""
    entry = _proposal(draft, form.kind, entry_id)
    written = forms.entry(form.kind, entry_id)
    title = written.title if written else entry.title if entry else ""
    tried = entry.outcome if entry else None
    if entry is not None and (tried is None or tried.state not in _STANDS):
        return OpenedForm(
            values=tried.values if tried else entry.proposal.values,
            sha256=tried.sha256 if tried else entry.proposal.sha256,
            opened=tried.opened if tried else entry.proposal.opened,
            title=title,
            entry=entry,
            goes_on=True,
            set_=posted.stamp(entry),
        )
    if written is None and entry_id and entry is None:
        raise NotFoundError(Problem(entry_id[:80], "no such entry"))
    values = written.values if written else {}
    return OpenedForm(values, written.sha256 if written else "", values, title, entry)


def _proposal(draft: Draft, kind: str, entry_id: str) -> ProposedEntry | None:
    """The proposal that the address names, else the newest of the entry; of new entries only the one that is named."""
    named = request.values.get("forslag", "")
    of_kind = [each for each in draft.entries if each.proposal.kind == kind]
    for each in reversed(of_kind):
        if each.id == named or (not named and entry_id and entry_id in (each.proposal.id, each.outcome.id if each.outcome else "")):
            return each
    return None


def _proposals(forms: FormsFile) -> dict[str, list[tuple[str, str]]]:
    """The lists of proposals of fields that are written in, by their name."""
    language = urls.language()
    return {name: [(choice.value, choice.label.in_(language)) for choice in known] for name, known in forms.choices.items()}
