"""A draft as its page shows it: files with what they were taken for, questions and faults, proposals, and what can be done next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from geo.drafts.draft import BroughtFile, Draft, FileQuestion, ProposedEntry, Task
from geo.model.forms.described import FormsFile
from geo.model.vocabulary import Text
from webmap.charts.ground import minimap
from webmap.workroom import refusals, replaced, texts
from webmap.workroom.refusals import FaultWords
from webmap.workroom.replaced import ReplacedFigure

ItemState = Literal["unread", "taken", "open", "faulty"]
"""Not read yet; in the copy; something is asked; something is wrong."""
_SHOWN: Final = 30
"""Faults of a file that its page lists."""
_SOURCE: Final = "fixed.source"
_OUTCOMES: Final = {
    "fits": Text(da="passer", en="fits"),
    "written": Text(da="passer", en="fits"),
    "unchanged": Text(da="siger det, der står i forvejen", en="says what stands there already"),
    "refused": Text(da="skal rettes", en="must be mended"),
    "differs": Text(da="en anden har rettet det samme", en="somebody else changed the same"),
    "": Text(da="ikke læst endnu", en="not read yet"),
}


@dataclass(frozen=True)
class QuestionView:
    """A question about a file. choices: value and words; "" when it is answered in words of one's own.

    field: the name in the form; asks_for_source: whether a source that is not there yet may be the answer.
    """

    field: str
    asks: str
    about: str
    given: str
    choices: tuple[tuple[str, str], ...]
    required: bool
    open: bool
    asks_for_source: bool


@dataclass(frozen=True)
class FileView:
    """A file of a draft. columns: names and what each was taken for. count: of its rows, None when they were not counted."""

    id: str
    name: str
    bytes: int
    by: str
    at: str
    kind: str
    kind_said: str
    chosen: str
    state: ItemState
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    count: int | None
    notes: tuple[str, ...]
    result: tuple[str, ...]
    replaced: tuple[ReplacedFigure, ...]
    questions: tuple[QuestionView, ...]
    faults: tuple[FaultWords, ...]
    more_faults: int
    outlines: Markup

    @property
    def open_questions(self) -> int:
        """How many questions must be answered and are not."""
        return sum(question.open for question in self.questions)


@dataclass(frozen=True)
class EntryView:
    """A proposal of a draft. what: the kind of entry and its title; state_said: what came of it."""

    id: str
    kind: str
    entry_id: str
    kind_said: str
    title: str
    removed: bool
    by: str
    at: str
    state: ItemState
    state_said: str


@dataclass(frozen=True)
class TaskView:
    """Work in the background. share: how far it is, 0 to 100, None when that is not known. faults: why it failed."""

    said: str
    step: str
    done: int
    total: int
    share: int | None
    working: bool
    stopping: bool
    can_stop: bool
    faults: tuple[FaultWords, ...]


@dataclass(frozen=True)
class DraftView:
    """A draft. can_rehearse, can_sign, can_publish: what may be done with it as it stands, whoever asks."""

    draft: Draft
    standing: str
    files: tuple[FileView, ...]
    entries: tuple[EntryView, ...]
    task: TaskView | None
    open_items: int
    can_rehearse: bool
    can_sign: bool
    unread: bool


def draft_view(draft: Draft, forms: FormsFile | None, language: str) -> DraftView:
    """Read a draft for its templates. forms: of the catalogue, None before it was read for the first time."""
    files = tuple(file_view(file, forms, language) for file in draft.files)
    entries = tuple(entry_view(entry, forms, language) for entry in draft.entries)
    states = [*(file.state for file in files), *(entry.state for entry in entries)]
    idle = draft.open and not draft.working
    return DraftView(
        draft=draft,
        standing=texts.standing(draft, language),
        files=files,
        entries=entries,
        task=task_view(draft.task, language) if draft.task else None,
        open_items=sum(state in ("open", "faulty") for state in states),
        can_rehearse=idle and bool(draft.files or draft.entries) and not draft.faulty,
        can_sign=idle and draft.ready,
        unread=idle and draft.read != draft.contents,
    )


def task_view(work: Task, language: str) -> TaskView:
    """Read work for its template."""
    return TaskView(
        said=texts.task(work).in_(language),
        step=texts.step(work.what).in_(language) if work.what else "",
        done=work.done,
        total=work.total,
        share=100 * work.done // work.total if work.total else None,
        working=work.state in ("waiting", "running"),
        stopping=work.cancelling,
        can_stop=work.kind in ("read", "rehearse") and not work.cancelling,
        faults=tuple(refusals.fault(fault, language) for fault in work.faults) if work.state == "failed" else (),
    )


def file_view(file: BroughtFile, forms: FormsFile | None, language: str) -> FileView:
    """Read a file for its template. forms: of the catalogue, None before it was read for the first time."""
    seen = file.preview
    kind = (seen.kind if seen else None) or file.kind or ""
    labels = {column.taken_for: texts.TAKEN_FOR.get(column.taken_for) for column in seen.columns} if seen else {}
    return FileView(
        id=file.id,
        name=file.name,
        bytes=file.bytes,
        by=file.by.name,
        at=file.at,
        kind=kind,
        kind_said=texts.KINDS[kind].in_(language) if kind else "",
        chosen=file.kind or "",
        state=_state(file),
        columns=tuple(
            (column.name, known.in_(language) if (known := labels[column.taken_for]) else column.taken_for)
            for column in (seen.columns if seen else ())
        ),
        rows=seen.rows if seen else (),
        count=seen.count if seen else None,
        notes=seen.notes if seen else (),
        result=seen.result if seen else (),
        replaced=tuple(replaced.figures(seen.replaced, forms, language)) if seen else (),
        questions=tuple(_question(question, language) for question in (seen.questions if seen else ())),
        faults=tuple(refusals.fault(fault, language) for fault in (seen.faults[:_SHOWN] if seen else ())),
        more_faults=max(0, len(seen.faults) - _SHOWN) if seen else 0,
        outlines=minimap.outlines(seen.outlines) if seen and seen.outlines else Markup(),
    )


def _state(file: BroughtFile) -> ItemState:
    if file.preview is None:
        return "unread"
    if file.taken:
        return "taken"
    return "faulty" if file.preview.faults else "open"


def _question(question: FileQuestion, language: str) -> QuestionView:
    return QuestionView(
        field=f"svar.{question.name}",
        asks=question.asks.in_(language),
        about=question.about,
        given=question.given,
        choices=tuple((choice.value, choice.label.in_(language)) for choice in question.choices),
        required=question.required,
        open=question.required and not question.given,
        asks_for_source=question.name == _SOURCE,
    )


def entry_view(entry: ProposedEntry, forms: FormsFile | None, language: str) -> EntryView:
    """Read a proposal for its template."""
    form = forms.form(entry.proposal.kind) if forms else None
    outcome = entry.outcome.state if entry.outcome else ""
    known = forms.entry(entry.proposal.kind, entry.proposal.id) if forms and entry.proposal.id else None
    return EntryView(
        id=entry.id,
        kind=entry.proposal.kind,
        entry_id=entry.proposal.id,
        kind_said=form.label.in_(language) if form else entry.proposal.kind,
        title=known.title if known else entry.title,
        removed=entry.proposal.removed,
        by=entry.by.name,
        at=entry.at,
        state="unread" if not outcome else "faulty" if outcome in ("refused", "differs") else "taken",
        state_said=_OUTCOMES[outcome].in_(language),
    )
