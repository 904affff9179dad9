"""The work on a draft, one piece at a time, by whichever process has the draft's lock; it may be killed and done again."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from geo.drafts import copying, desk, kept, publishing, rehearsal
from geo.drafts.brought import taking
from geo.drafts.draft import Draft, FileFault, PublishingDecision, RehearsedDraft, Task, fault_of
from geo.drafts.publishing import Store
from geo.errors import DraftError, GeoError, Problem
from geo.files import locks
from geo.files.workspace import Workspace

_EVERY: Final = 0.4
"""Seconds between two writings of how far the work is."""
_LOCK: Final = ".working"


def run(place: Workspace, id: str, *, store: Store) -> Draft:
    """Do the work that a draft waits for; return the draft as it is afterwards.

    store: stores the pages of an edition that will be shown. Nothing is done when no work waits, or another process does it. Work that
    was running when its process ended is done again. Raises NotFoundError when there is no such draft.
    """
    folder = kept.folder_of(place.folder / kept.FOLDER, id)
    with locks.held(folder / _LOCK, wait=False) as mine:
        draft = kept.read(folder)
        if not mine or draft.task is None or not draft.working:
            return draft
        if draft.task.cancelling:
            return _end(folder, "cancelled")
        kept.change(folder, lambda each: replace(each, task=replace(_task(each), state="running")))
        try:
            _work(place, folder, draft.task, store)
        except GeoError as error:
            return _end(folder, "failed", tuple(map(fault_of, error.problems)))
        except OSError as error:
            what = f"the disk does not take it ({error.strerror})"
            return _end(folder, "failed", (FileFault(file="", what=what, expected="a disk with room, and the right to write"),))
        except BaseException as error:
            if isinstance(error, Exception):
                _end(folder, "failed", (FileFault(file="", what="the program failed; whoever runs it finds why in its log"),))
            raise
        return _end(folder, "done")


def _task(draft: Draft) -> Task:
    if draft.task is None:
        raise DraftError(Problem(draft.title, "no work on the draft is going on"))
    return draft.task


def _end(folder: Path, state: str, faults: tuple[FileFault, ...] = ()) -> Draft:
    return kept.change(folder, lambda each: replace(each, task=desk.ended(_task(each), state, _now(), faults)))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class _Told:
    """Writes how far the work is into the draft, not more often than somebody reads it."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._last = folder, 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        """Take note of a step; it is a Progress."""
        if time.monotonic() - self._last >= _EVERY:
            kept.change(self._folder, lambda each: replace(each, task=replace(_task(each), what=what, done=done, total=total)))
            self._last = time.monotonic()


def _work(place: Workspace, folder: Path, task: Task, store: Store) -> None:
    draft, progress = kept.read(folder), _Told(folder)
    decision = PublishingDecision(by=task.by, at=task.at, reason=task.reason)
    if task.kind == "publish":
        if draft.published is None:  # else a process was killed just after it
            made = publishing.publish(place, draft, decision, store=store)
            kept.change(folder, lambda each: replace(each, published=made.number))
        publishing.mark_behind(place, but=draft.id)
        kept.remove(folder)
        return
    if task.kind == "roll_back":
        if draft.rolled_back is None:
            back = publishing.roll_back(place, draft.published or 0, decision, store=store)
            kept.change(folder, lambda each: replace(each, rolled_back=back.number))
        publishing.mark_behind(place, but=draft.id)
        return
    if task.kind == "read" or draft.read != draft.contents or _moved(place, draft) or not kept.copy_of(folder).is_dir():
        was = copying.mark(place)
        applied = taking.apply(place, folder, draft, progress=progress)
        draft = kept.change(folder, lambda each: _as_read(each, applied, was))
    if task.kind == "rehearse":
        _rehearse(place, folder, draft, progress)


def _as_read(draft: Draft, applied: Draft, workspace: str) -> Draft:
    """The draft as it stands with what came of reading it; what was brought or proposed meanwhile stays, and is read next."""
    previews = {file.id: file.preview for file in applied.files}
    outcomes = {(entry.id, entry.at): entry.outcome for entry in applied.entries}
    return replace(
        draft,
        files=tuple(replace(file, preview=previews.get(file.id, file.preview)) for file in draft.files),
        entries=tuple(replace(entry, outcome=outcomes.get((entry.id, entry.at), entry.outcome)) for entry in draft.entries),
        read=applied.read,
        workspace=workspace,
        behind=False,
        rehearsed=None,
    )


def _moved(place: Workspace, draft: Draft) -> bool:
    return draft.workspace != copying.mark(place)


def _rehearse(place: Workspace, folder: Path, draft: Draft, progress: _Told) -> None:
    if draft.faulty:
        open_ones = [file.name for file in draft.files if not file.taken]
        what = "files or proposals with something wrong or open cannot be rehearsed"
        raise DraftError(Problem(draft.title, what, found=", ".join(open_ones), expected="the questions answered, or them taken out"))
    copy = Workspace(kept.copy_of(folder))
    made = rehearsal.compared(place, copy, progress=progress)
    kept.write_changes(folder, made.changes)
    rehearsed = RehearsedDraft(
        before=made.before,
        now=made.now,
        contents=draft.contents,
        workspace=draft.workspace,
        at=desk.moment(_now()),
        seconds=round(made.seconds, 1),
    )
    kept.change(folder, lambda each: replace(each, rehearsed=rehearsed))
