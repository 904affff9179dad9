"""What people do with drafts: begin one, bring files, answer, propose, ask for work, sign, throw away.

Nothing here opens a stranger's file or builds anything: that is work in the background (`geo.drafts.working`). Every function takes the
folder of all drafts and the draft's id, returns the draft as it is afterwards, and raises NotFoundError when there is no such draft and
DraftError when it cannot be done with the draft as it stands; nothing has changed then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec.structs import replace

from geo.drafts import kept
from geo.drafts.draft import Actor, BroughtFile, Draft, DraftSignature, FileFault, FileKind, ProposedEntry, Task, TaskKind
from geo.errors import DraftError, NotFoundError, Problem
from geo.files import signs
from geo.model.forms.proposed import EntryProposal

MOST_FILES: Final = 50
MOST_BYTES: Final = 4_000_000_000
"""Bytes that one file may have when it is brought; what may be read of it is limited by the workspace's own limits."""
LONGEST: Final = 2_000
"""Letters of a reason."""
_TITLE: Final = 200
_NAME: Final = 80
_ENDING: Final = 20


def begin(drafts: Path, title: str, *, by: Actor, at: dt.datetime) -> Draft:
    """Begin a draft. title: what it is about, in a person's words. at: a moment with a time zone. Raises DraftError."""
    words = " ".join(signs.seen(title).split())[:_TITLE]
    if not words:
        raise DraftError(Problem("", "a draft without a title", column="title", expected="what it is about, for example: 1. halvår 2027"))
    return kept.create(drafts, lambda own: Draft(id=own, title=words, by=by, at=moment(at)))


def bring(  # noqa: PLR0913  a file, and who brings it when
    drafts: Path, id: str, name: str, stream: BinaryIO, *, by: Actor, at: dt.datetime, most: int = MOST_BYTES
) -> Draft:
    """Bring a file. name: as its owner calls it; only its last part is kept. stream: its bytes. most: that it may have.

    Raises DraftError also when it is too large, the same as one that is there, or the disk does not take it; nothing of it is left then.
    """
    own = _own_name(name)
    folder = kept.folder_of(drafts, id)
    file_id = _number(folder)
    size, sha256 = kept.receive(folder, file_id, stream, most=most)
    made = BroughtFile(id=file_id, name=own, bytes=size, sha256=sha256, by=by, at=moment(at))
    same = None

    def added(draft: Draft) -> Draft:
        nonlocal same
        if draft.working and draft.task is not None and draft.task.kind != "read":
            raise DraftError(Problem(own, "work on the draft is going on", expected="it to end, or to be stopped"))
        same = next((file for file in _open(draft).files if file.sha256 == sha256 and file.name == made.name), None)
        return draft if same else replace(draft, files=(*draft.files, made))

    try:
        draft = kept.change(folder, added)
    except (DraftError, NotFoundError):
        (kept.files_of(folder) / file_id).unlink(missing_ok=True)
        raise
    if same:
        (kept.files_of(folder) / file_id).unlink(missing_ok=True)
        raise DraftError(Problem(own, "the same file is in the draft already", found=same.at, expected="another file, or none"))
    return draft


def _own_name(name: str) -> str:
    """The last part of a name, without signs that do not print, as long as every disk takes; its ending stays."""
    printed = "".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable()).strip().strip(".")
    path = Path(printed or "file")
    return f"{path.stem[:_NAME]}{path.suffix[:_ENDING]}"


def _number(folder: Path) -> str:
    """The id of the next file: a number that no other gets."""
    number = 0

    def counted(draft: Draft) -> Draft:
        nonlocal number
        number = _open(draft).next
        if len(draft.files) >= MOST_FILES:
            raise DraftError(Problem("", "more files than a draft may have", found=str(len(draft.files)), expected=f"at most {MOST_FILES}"))
        return replace(draft, next=number + 1)

    kept.change(folder, counted)
    return str(number)


def choose(drafts: Path, id: str, file_id: str, *, kind: FileKind | None, answers: Mapping[str, str]) -> Draft:
    """Say of a file what it holds, and answer the questions about it. kind: None to find out. answers: all of them; "" is no answer."""

    def chosen(draft: Draft) -> Draft:
        said = {name: text.strip()[:LONGEST] for name, text in answers.items() if text.strip()}
        return _with_file(draft, file_id, lambda file: replace(file, kind=kind, answers=said))

    return _change(drafts, id, chosen)


def propose(  # noqa: PLR0913  a proposal, and who makes it when
    drafts: Path, id: str, proposal: EntryProposal, *, by: Actor, at: dt.datetime, entry_id: str = ""
) -> Draft:
    """Propose a change of the catalogue. entry_id: of the proposal that it takes the place of, "" for a new one.

    Raises NotFoundError when that is not there.
    """

    def proposed(draft: Draft) -> Draft:
        if entry_id and all(entry.id != entry_id for entry in draft.entries):
            raise NotFoundError(Problem(entry_id[:80], "no such proposal in the draft"))
        made = ProposedEntry(id=entry_id or str(draft.next), proposal=proposal, by=by, at=moment(at))
        if entry_id:
            return replace(draft, entries=tuple(made if entry.id == entry_id else entry for entry in draft.entries))
        return replace(draft, entries=(*draft.entries, made), next=draft.next + 1)

    return _change(drafts, id, proposed)


def take_out(drafts: Path, id: str, item_id: str) -> Draft:
    """Take a file or a proposal out of a draft. Raises NotFoundError when it is not there."""

    def without(draft: Draft) -> Draft:
        if item_id not in {*(file.id for file in draft.files), *(entry.id for entry in draft.entries)}:
            raise NotFoundError(Problem(item_id[:80], "no such file or proposal in the draft"))
        files = tuple(file for file in draft.files if file.id != item_id)
        return replace(draft, files=files, entries=tuple(entry for entry in draft.entries if entry.id != item_id))

    draft = _change(drafts, id, without)
    (kept.files_of(kept.folder_of(drafts, id)) / item_id).unlink(missing_ok=True)
    return draft


def ask(  # noqa: PLR0913  what for, and who asks when and why
    drafts: Path, id: str, kind: TaskKind, *, by: Actor, at: dt.datetime, reason: str = "", two_people: bool = False
) -> Draft:
    """Ask for work on a draft. reason: why it is published. two_people: that somebody else than who publishes must have signed.

    The draft waits for a worker then. Raises DraftError while other work goes on, and for publishing before a rehearsal of
    what is in the draft has been signed.
    """
    words = _reason(reason) if kind == "publish" else reason

    def waiting(draft: Draft) -> Draft:
        if draft.working:
            raise DraftError(Problem("", "work on the draft is going on", expected="it to end, or to be stopped"))
        if kind == "publish":
            _check_may_publish(draft, by, two_people=two_people)
        task = Task(kind=kind, state="waiting", by=by, at=moment(at), reason=words)
        return replace(_open(draft), task=task)

    return kept.change(kept.folder_of(drafts, id), waiting)


def _check_may_publish(draft: Draft, by: Actor, *, two_people: bool) -> None:
    if not draft.ready:
        why = "a draft whose rehearsal is not of what is in it" if draft.rehearsed else "a draft that was not rehearsed"
        raise DraftError(Problem("", why, expected="a rehearsal without faults, of the workspace as it is"))
    if two_people and not draft.signed_by_another(by):
        unsure = any(signature.by.id != by.id for signature in draft.valid_signatures)
        whose = "the signature of somebody who comes in the same way" if unsure else "the signature of somebody else than who publishes"
        raise DraftError(Problem("", "two pairs of eyes are asked for", expected=whose))
    if not two_people and not draft.valid_signatures:
        raise DraftError(Problem("", "a draft that nobody has signed", expected="a signature under the rehearsal"))


def ask_roll_back(drafts: Path, id: str, reason: str, *, by: Actor, at: dt.datetime) -> Draft:
    """Ask for the publication of a draft to be taken back. reason: why, in a sentence. Raises DraftError without one."""
    words = _reason(reason)

    def waiting(draft: Draft) -> Draft:
        if draft.published is None or draft.rolled_back is not None:
            raise DraftError(Problem(draft.title, "there is no publication to take back", expected="a published draft"))
        if draft.working:
            raise DraftError(Problem("", "work on the draft is going on", expected="it to end"))
        return replace(draft, task=Task(kind="roll_back", state="waiting", by=by, at=moment(at), reason=words))

    return kept.change(kept.folder_of(drafts, id), waiting)


def cancel(drafts: Path, id: str) -> Draft:
    """Ask for the work on a draft to stop; it stops at once where it waits, and within a second where it runs.

    Raises DraftError when none goes on, and for a publication: it is not stopped half-way.
    """

    def cancelled(draft: Draft) -> Draft:
        if draft.task is None or not draft.working:
            raise DraftError(Problem("", "no work on the draft is going on"))
        if draft.task.kind in ("publish", "roll_back"):
            raise DraftError(Problem("", "a publication is not stopped half-way", expected="it to end, and to be rolled back then"))
        if draft.task.state == "waiting":
            return replace(draft, task=replace(draft.task, state="cancelled"))
        return replace(draft, task=replace(draft.task, cancelling=True))

    return kept.change(kept.folder_of(drafts, id), cancelled)


def sign(  # noqa: PLR0913  what for, and who signs when and why
    drafts: Path, id: str, reason: str, *, by: Actor, at: dt.datetime, contents: str | None = None
) -> Draft:
    """Sign for what the rehearsal says. reason: why it shall be published. Another change of the draft makes the signature void.

    contents: of the draft when it was read, None when whoever signs reads it now. Raises DraftError when there is no rehearsal of what is
    in the draft, when it holds something else by now, and without a reason.
    """
    words = _reason(reason)

    def signed(draft: Draft) -> Draft:
        if contents is not None and contents != draft.contents:
            what = "a draft whose rehearsal is not of what is in it"
            raise DraftError(Problem("", what, expected="the rehearsal read as it is now"))
        if not draft.ready:
            raise DraftError(Problem("", "there is no rehearsal to sign", expected="a rehearsal without faults of what is in the draft"))
        others = tuple(signature for signature in draft.valid_signatures if signature.by.id != by.id)
        return replace(draft, signatures=(*others, DraftSignature(by=by, at=moment(at), reason=words, contents=draft.contents)))

    return _change(drafts, id, signed)


def discard(drafts: Path, id: str, *, at: dt.datetime) -> Draft:
    """Throw a draft away: its files and its copy go, what was said of it stays."""
    draft = _change(drafts, id, lambda draft: replace(draft, discarded=moment(at)))
    kept.remove(kept.folder_of(drafts, id))
    return draft


def _reason(reason: str) -> str:
    words = signs.seen(reason).strip()[:LONGEST]
    if not words:
        raise DraftError(Problem("", "a reason is missing", column="reason", expected="why it shall be published, in a sentence"))
    return words


def _open(draft: Draft) -> Draft:
    if not draft.open:
        what = "the draft is published" if draft.published is not None else "the draft was thrown away"
        raise DraftError(Problem(draft.title, what, expected="a new draft"))
    return draft


def _change(drafts: Path, id: str, changed: Callable[[Draft], Draft]) -> Draft:
    """Change a draft that is open and on which nobody works."""

    def allowed(draft: Draft) -> Draft:
        if _open(draft).working:
            raise DraftError(Problem("", "work on the draft is going on", expected="it to end, or to be stopped"))
        return changed(draft)

    return kept.change(kept.folder_of(drafts, id), allowed)


def _with_file(draft: Draft, file_id: str, changed: Callable[[BroughtFile], BroughtFile]) -> Draft:
    if all(file.id != file_id for file in draft.files):
        raise NotFoundError(Problem(file_id[:80], "no such file in the draft"))
    return replace(draft, files=tuple(changed(file) if file.id == file_id else file for file in draft.files))


def ended(task: Task, state: str, at: dt.datetime, faults: Sequence[FileFault] = ()) -> Task:
    """Return work as it is when it has ended in a state."""
    return replace(task, state=state, ended=moment(at), faults=tuple(faults), cancelling=False)


def moment(at: dt.datetime) -> str:
    """Return a moment as it is kept: ISO 8601 in UTC, to the second."""
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")
