"""What somebody proposes in a form, written into the TOML file that it belongs to: checked as a whole first, and nothing lost."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from geo.errors import CatalogueError
from geo.files import limits, tomlfile, transaction
from geo.files.workspace import Workspace
from geo.inputs.entries import checking, documents, fields, history, kinds, merging, refusals, typed
from geo.inputs.entries.kinds import EntryKind
from geo.model.forms.described import FormField, Typed
from geo.model.forms.proposed import EntryProposal, FieldProblem, ProposalOutcome, ProposedChange, RecordedProposal


@dataclass(frozen=True)
class _Standing:
    """The file of a kind as it stands. place: the number of the entry from 0, None when it is not there."""

    kind: EntryKind
    text: str
    rows: list[dict[str, Any]]
    place: int | None

    @property
    def entry(self) -> dict[str, Any] | None:
        """The entry as it stands, None for a new one."""
        return None if self.place is None else self.rows[self.place]

    @property
    def form(self) -> tuple[FormField, ...]:
        """The fields of the kind's form."""
        return next(form.fields for form in fields.forms() if form.kind == self.kind.id)


@dataclass(frozen=True)
class _Prepared:
    """What would be written. text: of the file afterwards, None when nothing is to be written."""

    outcome: ProposalOutcome
    text: str | None = None


def preview(workspace: Workspace, proposal: EntryProposal) -> ProposalOutcome:
    """Return what would come of a proposal; nothing is written. Raises InputError when the file cannot be read."""
    with tempfile.TemporaryDirectory() as folder:
        return _prepare(workspace, proposal, Path(folder)).outcome


def write(  # noqa: PLR0913  who wrote what, when and why
    workspace: Workspace, proposal: EntryProposal, *, who: str, at: dt.datetime, history_path: Path, reason: str = ""
) -> ProposalOutcome:
    """Write a proposal into its file, and a line into the history; or nothing, and the outcome says why.

    at: a moment with a time zone. One process at a time writes in a workspace, and what it compares with is what stands there then.
    Raises InputError when the file cannot be read, WorkspaceError when the workspace cannot be written.
    """
    with transaction.staging(workspace.folder) as stage:
        prepared = _prepare(workspace, proposal, stage)
        outcome = prepared.outcome
        if (line := history.last(history_path, proposal.kind, proposal.id)) is not None:
            outcome = msgspec.structs.replace(outcome, by=line.who, at=line.at)
        if prepared.text is None:
            return outcome
        history.append(history_path, _line(proposal, outcome, who, at, reason))
        transaction.decide(workspace.folder, stage)
    return msgspec.structs.replace(outcome, state="written", by=who, at=_moment(at))


def _line(proposal: EntryProposal, outcome: ProposalOutcome, who: str, at: dt.datetime, reason: str) -> RecordedProposal:
    action = "removed" if proposal.removed else "changed" if proposal.id else "added"
    return RecordedProposal(
        who=who,
        at=_moment(at),
        kind=proposal.kind,
        id=outcome.id,
        action=action,  # type: ignore[arg-type]  # one of the three words
        file=outcome.file,
        before={change.field: change.before for change in outcome.changes if change.before},
        after={change.field: change.after for change in outcome.changes if change.after},
        sha256="" if proposal.removed else outcome.sha256,
        reason=reason,
    )


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")


def _prepare(workspace: Workspace, proposal: EntryProposal, stage: Path) -> _Prepared:
    """Find out what a proposal would do, with the changed catalogue laid out and checked in `stage`."""
    standing = _standing(workspace, proposal)
    if proposal.id and standing.place is None:
        unfit = [FieldProblem(field="", what=refusals.words_of("an entry that is gone"), given=proposal.id)]
    else:
        unfit = list(fields.misfits(proposal.values, standing.form))
    if unfit:
        return _refused(proposal, standing, unfit, typed.cleaned(proposal.values))
    now = typed.filled(standing.entry, standing.form) if standing.entry is not None else {}
    if proposal.removed:
        return _removed(workspace, proposal, standing, now, stage)
    base, values = _yours(proposal, standing, now)
    merge = merging.merged(base, now, values)
    made = typed.built(merge.values, standing.form, standing.entry)
    outcome = _outcome(proposal, standing, merge.values, now, merged=merge.taken, conflicts=merge.conflicts)
    if merge.conflicts:
        return _Prepared(msgspec.structs.replace(outcome, state="differs"))
    if made.problems:
        return _refused(proposal, standing, made.problems, merge.values)
    if made.entry == standing.entry:
        return _Prepared(msgspec.structs.replace(outcome, state="unchanged"))
    return _changed(workspace, _Step(proposal, standing, stage), made, outcome)


def _yours(proposal: EntryProposal, standing: _Standing, now: Typed) -> tuple[Typed, Typed]:
    """The form as it was opened, and as it comes now."""
    unmoved = standing.entry is None or proposal.sha256 in ("", typed.sha256(standing.entry))
    base = now if unmoved else typed.cleaned(proposal.opened)
    given = typed.cleaned(proposal.values)
    if proposal.partial:
        given = {name: texts for name, texts in {**base, **dict.fromkeys(proposal.values, ()), **given}.items() if texts}
    return base, given


@dataclass(frozen=True)
class _Step:
    """A proposal on the way: what stands in the file, and where the changed catalogue is laid out."""

    proposal: EntryProposal
    standing: _Standing
    stage: Path


def _changed(workspace: Workspace, step: _Step, made: typed.FormEntry, outcome: ProposalOutcome) -> _Prepared:
    proposal, standing = step.proposal, step.standing
    place = len(standing.rows) if standing.place is None else standing.place
    rows = [*standing.rows[:place], made.entry, *standing.rows[place + 1 :]]
    name = kinds.ids(rows)[place]
    problems = list(checking.of_id(workspace, standing.kind, proposal.id, name))
    problems += _faults(made, standing.kind)
    if problems:
        return _refused(proposal, standing, problems, outcome.values)
    return _checked(workspace, step, made, msgspec.structs.replace(outcome, id=name))


def _checked(workspace: Workspace, step: _Step, made: typed.FormEntry | None, outcome: ProposalOutcome) -> _Prepared:
    """Lay out the changed catalogue and read it as a build does. made: None for an entry that goes."""
    proposal, standing = step.proposal, step.standing
    entry = made.entry if made else None
    try:
        text = documents.rewritten(standing.text, standing.kind.key, standing.place, entry, file=standing.kind.file)
    except CatalogueError as error:
        return _refused(proposal, standing, [refusals.said(problem, field="") for problem in error.problems], outcome.values)
    place = len(standing.rows) if standing.place is None else standing.place
    changed = checking.ChangedFile(standing.kind, text, place, made.in_form if made else str)
    problems = checking.staged(workspace, changed, step.stage)
    if problems:
        return _refused(proposal, standing, problems, outcome.values)
    after = typed.filled(entry, standing.form) if entry is not None else {}
    digest = typed.sha256(entry) if entry is not None else ""
    changes = differences(outcome.opened, after)
    opened = after if entry is not None else outcome.opened
    return _Prepared(msgspec.structs.replace(outcome, state="fits", changes=changes, sha256=digest, opened=opened), text)


def _removed(workspace: Workspace, proposal: EntryProposal, standing: _Standing, now: Typed, stage: Path) -> _Prepared:
    """An entry goes only as it was when somebody decided that; what others wrote in it since is shown first."""
    entry = standing.entry or {}
    outcome = _outcome(proposal, standing, now, now)
    if proposal.sha256 not in ("", typed.sha256(entry)):
        merge = merging.merged(typed.cleaned(proposal.opened), now, {})
        return _Prepared(msgspec.structs.replace(outcome, state="differs", conflicts=merge.conflicts, merged=merge.taken))
    problems = list(checking.of_id(workspace, standing.kind, proposal.id, ""))
    if problems:
        return _refused(proposal, standing, problems, now)
    return _checked(workspace, _Step(proposal, standing, stage), None, outcome)


def _faults(made: typed.FormEntry, kind: EntryKind) -> list[FieldProblem]:
    """What is wrong with an entry by itself, by the conversion that checks the files."""
    _, problems = tomlfile.entries({kind.key: [made.entry]}, kind.key, kind.type, file=kind.file)
    return [refusals.said(problem, field=made.in_form(problem.column)) for problem in problems]


def differences(before: Typed, after: Typed) -> tuple[ProposedChange, ...]:
    """Return the fields of two filled forms that differ."""
    names = dict.fromkeys((*before, *after))
    return tuple(
        ProposedChange(field=name, before=before.get(name, ()), after=after.get(name, ()))
        for name in names
        if before.get(name, ()) != after.get(name, ())
    )


def _standing(workspace: Workspace, proposal: EntryProposal) -> _Standing:
    kind = kinds.of(proposal.kind)
    path = workspace.folder / kind.file
    if kind.optional and not path.exists():
        return _Standing(kind, "", [], None)
    listed = tomlfile.parse(path, file=kind.file).get(kind.key, [])
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    ids = kinds.ids(rows)
    place = ids.index(proposal.id) if proposal.id and proposal.id in ids else None
    return _Standing(kind, limits.content(path, file=kind.file, setting="catalogue_mb").decode("utf-8"), rows, place)


def _outcome(proposal: EntryProposal, standing: _Standing, values: Typed, now: Typed, **more: Any) -> ProposalOutcome:
    digest = typed.sha256(standing.entry) if standing.entry is not None else ""
    return ProposalOutcome(
        state="refused", kind=proposal.kind, id=proposal.id, file=standing.kind.file, values=values, sha256=digest, opened=now, **more
    )


def _refused(proposal: EntryProposal, standing: _Standing, problems: list[FieldProblem], values: Mapping[str, Any]) -> _Prepared:
    now = typed.filled(standing.entry, standing.form) if standing.entry is not None else {}
    return _Prepared(_outcome(proposal, standing, dict(values), now, problems=tuple(problems)))
