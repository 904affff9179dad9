"""A rehearsed draft made what everybody sees, and taken back. Pages are stored before the pointer moves, so no reader meets a slow minute.

The order lets a killed process be followed by another that does the same again: the edition and its proofs come first and nobody reads
them, then the record with the files that will be replaced, then all files at once, and last the pointer.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from geo.building import cache, fingerprint
from geo.drafts import copying, kept
from geo.drafts.draft import Draft, Publication, PublishingDecision
from geo.editions import condition
from geo.errors import DraftError, Problem
from geo.files import durable, locks, transaction
from geo.files.workspace import Workspace
from geo.inputs.entries import history
from geo.model.forms.proposed import RecordedProposal

Store = Callable[[str], object]
"""A function that stores the pages of an edition, by its id, before it is shown."""
_BEFORE: Final = "before"
_PLACED: Final = "placed.json"
_RECORD: Final = "publication.json"
_CHANGED: Final = Problem("", "the workspace has changed since the rehearsal", expected="another rehearsal")


def publications(place: Workspace) -> Path:
    """Return the folder of a workspace that remembers what was published."""
    return place.folder / kept.PUBLICATIONS


def publish(place: Workspace, draft: Draft, decision: PublishingDecision, *, store: Store) -> Publication:
    """Publish what a draft's rehearsal built; return the record. Raises DraftError when the workspace is no longer as it was then."""
    rehearsed = draft.rehearsed
    if rehearsed is None:
        raise DraftError(Problem(draft.title, "a draft that was not rehearsed"))
    copy = Workspace(kept.copy_of(kept.folder_of(place.folder / kept.FOLDER, draft.id)))
    begun = next((each for each in kept.publications(publications(place)) if each.draft == draft.id and not each.rolled_back), None)
    if begun is None and copying.mark(place) != rehearsed.workspace:
        raise DraftError(_CHANGED)
    bring_edition(copy, place, rehearsed.now)
    condition.prove(place.editions, rehearsed.now)
    store(rehearsed.now)
    with locks.held(place.editions):
        condition.refuse_withdrawn(place.editions, rehearsed.now)  # while pages were stored
        if begun is not None and _strange(place, copy, begun):
            raise DraftError(_CHANGED)
        if begun is None:
            if copying.mark(place) != rehearsed.workspace or condition.shown(place.editions).id != rehearsed.before:
                raise DraftError(_CHANGED)
            changed = copying.differing(place, copy)
            begun = _record(place, draft, decision, changed)
        _place(place, copying.differing(place, copy))
        condition.make_current(place.editions, rehearsed.now)
        fingerprint.remember(place, rehearsed.now, program=fingerprint.program(), inputs=fingerprint.inputs(place))
    return begun


def _strange(place: Workspace, copy: Workspace, begun: Publication) -> bool:
    """Whether somebody has changed the workspace after a publication that was killed half-way: its files are then neither old nor new."""
    if condition.shown(place.editions).id not in (begun.before, begun.now):
        return True
    before = publications(place) / f"{begun.number:06}" / _BEFORE
    return any(name not in begun.files or _sha256(place.folder / name) != _sha256(before / name) for name in copying.differing(place, copy))


def bring_edition(copy: Workspace, place: Workspace, id: str) -> None:
    """Give the workspace the edition that was built in its copy, with its proofs and what later builds use again. Nobody reads it yet."""
    with locks.held(place.editions):
        for source, target in ((copy.internal / id, place.internal / id), (copy.editions / id, place.editions / id)):
            if target.is_dir() or not source.is_dir():
                continue
            durable.make_folder(target.parent)
            scratch = Path(tempfile.mkdtemp(prefix=locks.SCRATCH, dir=target.parent))
            _link_into(source, scratch)
            scratch.chmod(source.stat().st_mode & 0o777)
            durable.sync_tree(scratch)
            durable.rename(scratch, target)
        kept_results = copy.internal / cache.FOLDER
        if kept_results.is_dir():
            _link_into(kept_results, place.internal / cache.FOLDER)


def _link_into(source: Path, target: Path) -> None:
    """Link the files of a folder into another one; what is there already stays."""
    for path in source.rglob("*"):
        own = target / path.relative_to(source)
        if path.is_file() and not own.exists():
            own.parent.mkdir(parents=True, exist_ok=True)
            copying.link(path, own)


def _record(place: Workspace, draft: Draft, decision: PublishingDecision, changed: Mapping[str, Path | None]) -> Publication:
    """Write what is published and keep the files that it replaces; whoever is killed after this is followed by one that goes on."""
    rehearsed = draft.rehearsed
    made = Publication(
        number=_next(place),
        draft=draft.id,
        title=draft.title,
        before=rehearsed.before if rehearsed else "",
        now=rehearsed.now if rehearsed else "",
        by=decision.by,
        at=decision.at,
        reason=decision.reason,
        files=tuple(changed),
        signatures=draft.valid_signatures,
    )
    _keep(place, made, changed)
    return made


def _next(place: Workspace) -> int:
    return max((each.number for each in kept.publications(publications(place))), default=0) + 1


def _keep(place: Workspace, made: Publication, changed: Mapping[str, Path | None]) -> None:
    """Write the folder of a publication whole, with links to the files of the workspace that it replaces."""
    folder = publications(place)
    folder.mkdir(mode=0o700, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=locks.SCRATCH, dir=folder))
    try:
        for name in changed:
            if (place.folder / name).is_file():
                (scratch / _BEFORE / name).parent.mkdir(parents=True, exist_ok=True)
                _kept_file(place.folder / name, scratch / _BEFORE / name)
        hashes = {name: transaction.sha256_of(path) if path else None for name, path in changed.items()}
        (scratch / _PLACED).write_bytes(msgspec.json.encode(hashes))
        (scratch / _RECORD).write_bytes(msgspec.json.encode(made))
        durable.sync_tree(scratch)
        durable.rename(scratch, folder / f"{made.number:06}")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _kept_file(source: Path, target: Path) -> None:
    """Keep a file as it is: linked where it is only ever replaced, copied where lines are added to it."""
    if source.name == history.FILE:
        shutil.copyfile(source, target)
    else:
        copying.link(source, target)


def _place(place: Workspace, changed: Mapping[str, Path | None]) -> None:
    """Place files in the workspace, all of them or none."""
    with transaction.staging(place.folder) as stage:
        for name, path in changed.items():
            if path is not None:
                (stage / name).parent.mkdir(parents=True, exist_ok=True)
                _kept_file(path, stage / name)
        transaction.decide(place.folder, stage, removed=[name for name, path in changed.items() if path is None])


def roll_back(place: Workspace, number: int, decision: PublishingDecision, *, store: Store) -> Publication:
    """Take the newest publication back: its files are as they were before, and the edition before it is shown again.

    Return the record of it, which is a publication of its own. Raises DraftError when it is not the newest, was taken back already, or
    when somebody has written in its files since.
    """
    every = kept.publications(publications(place))
    taken = next((each for each in every if each.number == number), None)
    if taken is None:
        raise DraftError(Problem(str(number), "no such publication"))
    begun = every[0] if every[0].rolled_back == number else None  # by a process that was killed
    if taken.rolled_back is not None or (begun is None and every[0].number != number):
        what = "only the newest publication can be rolled back, once"
        raise DraftError(Problem(taken.title, what, found=f"the newest is number {every[0].number}: {every[0].title}"))
    before = publications(place) / f"{number:06}" / _BEFORE
    hashes: dict[str, str | None] = msgspec.json.decode((before.parent / _PLACED).read_bytes())
    hashes.pop(history.FILE, None)  # lines are only ever added to it
    condition.prove(place.editions, taken.before)
    store(taken.before)
    with locks.held(place.editions):
        condition.refuse_withdrawn(place.editions, taken.before)
        if written := [name for name, sha256 in hashes.items() if _sha256(place.folder / name) not in (sha256, _sha256(before / name))]:
            what = "files of this publication were written in since, and would be lost"
            raise DraftError(Problem(written[0], what, expected="the change brought in a new draft", more=len(written) - 1))
        if condition.shown(place.editions).id not in ((taken.now, taken.before) if begun else (taken.now,)):
            raise DraftError(Problem(taken.title, "another edition is shown since", expected=f"edition {taken.now} to be current"))
        back = {name: path if (path := before / name).is_file() else None for name in hashes}
        made = begun or _recorded_back(place, taken, decision, back)
        _place(place, back)
        _undo_history(place, before / history.FILE, made)
        condition.make_current(place.editions, taken.before)
        fingerprint.remember(place, taken.before, program=fingerprint.program(), inputs=fingerprint.inputs(place))
    return made


def _recorded_back(place: Workspace, taken: Publication, decision: PublishingDecision, back: Mapping[str, Path | None]) -> Publication:
    """Write that a publication is taken back, with the files that go."""
    made = Publication(
        number=_next(place),
        draft="",
        title=taken.title,
        before=taken.now,
        now=taken.before,
        by=decision.by,
        at=decision.at,
        reason=decision.reason,
        files=tuple(back),
        rolled_back=taken.number,
    )
    _keep(place, made, back)
    return made


def _sha256(path: Path) -> str | None:
    return transaction.sha256_of(path) if path.is_file() else None


def _undo_history(place: Workspace, before: Path, made: Publication) -> None:
    """Add to the history that what the publication wrote there was taken back, the last first."""
    since = history.read(history.of(place))[len(history.read(before)) :]
    for line in reversed([line for line in since if line.reason == made.title]):
        opposite = {"added": "removed", "removed": "added", "changed": "changed"}
        undone = RecordedProposal(
            who=made.by.name,
            at=made.at,
            kind=line.kind,
            id=line.id,
            action=opposite[line.action],  # type: ignore[arg-type]  # one of the three words
            file=line.file,
            before=line.after,
            after=line.before,
            reason=made.reason,
        )
        if undone not in since:  # a process that was killed may have written it
            history.append(history.of(place), undone)


def mark_behind(place: Workspace, *, but: str) -> None:
    """Mark all open drafts but one as read against files that are no longer those of the workspace."""
    drafts = place.folder / kept.FOLDER
    for draft in kept.listing(drafts):
        if draft.open and draft.id != but and draft.read:
            kept.change(kept.folder_of(drafts, draft.id), lambda each: replace(each, behind=True))
