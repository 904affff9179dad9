"""In what condition the editions of a workspace are: which are whole, which were withdrawn, and which one the pages show.

A damaged edition is never shown. Where the current one is damaged, the newest whole one is shown in its place until a build has written
the current one anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from geo.editions import edition, manifests
from geo.errors import DamagedError, EditionError, Problem
from geo.files import durable, locks, signs
from geo.model.results import Manifest
from geo.model.vocabulary import Audience

POINTER: Final = "editions/current"
"""How the pointer to the current edition is called where it names none."""
WITHDRAWN: Final = "withdrawn.json"
"""The list of withdrawn editions, beside them."""
CHOOSING: Final = ".choosing"
"""The folder, beside editions, whose lock is held while one is made current or withdrawn; not that of a build, which takes minutes."""
_ASTRAY: Final = Problem(POINTER, "it names no edition that is here", expected="run: omraadekort build, or omraadekort publish EDITION")


@dataclass(frozen=True)
class EditionCondition:
    """An edition as it lies. manifest: what it says of itself, None when it cannot be shown. problem: why it cannot, else None."""

    id: str
    manifest: Manifest | None
    problem: Problem | None


@dataclass(frozen=True)
class ShownEdition:
    """The edition that the pages show. named: what was made current, or POINTER. problem: what is wrong with it, None when it is shown.

    withdrawn: the ids of editions that were withdrawn; what was stored before another one was may speak of it.
    """

    id: str
    named: str
    problem: Problem | None = None
    withdrawn: frozenset[str] = frozenset()


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """Who withdrew an edition, on which day, and why. It is shown to nobody any more; disclosure control counts it as read."""

    by: str
    at: str
    reason: str


_WITHDRAWALS: Final = msgspec.json.Decoder(dict[str, Withdrawal])


def check(folder: Path) -> Manifest:
    """Check an edition against its manifest, the manifest against its id, and its format against ours; return the manifest.

    Parts of audiences that are not on this machine are not asked for: a public server may do without them. Files that this process has
    hashed, and that are unchanged since, are not read again. Raises DamagedError, and EditionError for another format.
    """
    elsewhere = {audience.value for audience in Audience if not (folder / audience.value).exists()}
    if wrong := manifests.damage(folder, without=elsewhere):
        raise DamagedError(wrong)
    manifest = edition.manifest(folder)
    if wrong := edition.foreign(manifest):
        raise EditionError(wrong)
    return manifest


def examine(folder: Path) -> EditionCondition:
    """Return what `check` says of an edition, and that it was withdrawn when it was."""
    withdrawn = withdrawals(folder.parent).get(folder.name)
    if withdrawn is not None:
        return EditionCondition(folder.name, None, _withdrawn(folder.name, withdrawn))
    try:
        return EditionCondition(folder.name, check(folder), None)
    except EditionError as error:
        return EditionCondition(folder.name, None, error.problems[0])


def listing(editions: Path) -> tuple[EditionCondition, ...]:
    """Return all editions: those that can be shown by the day of their newest input, newest first, then the others."""
    return tuple(sorted((examine(folder) for folder in edition.folders(editions)), key=_newest_first))


def shown(editions: Path) -> ShownEdition:
    """Return the edition that the pages show: the current one, or the newest whole one when that is damaged or the pointer to it is.

    Raises EditionError when none has been built, and DamagedError when none is whole.
    """
    named = _named(editions)
    condition = examine(editions / named) if named else EditionCondition(POINTER, None, _ASTRAY)
    if condition.problem is None:
        return ShownEdition(named, named, withdrawn=frozenset(withdrawals(editions)))
    whole = next((other.id for other in listing(editions) if other.problem is None), "")
    if not whole:
        raise DamagedError(condition.problem)
    return ShownEdition(whole, condition.id, condition.problem, frozenset(withdrawals(editions)))


def _named(editions: Path) -> str:
    """The edition that the pointer names, "" when it names none that is here. Raises EditionError when there is no pointer."""
    try:
        named = edition.current(editions)
    except EditionError:
        if not (editions / "current").is_file():
            raise
        named = ""
    return named if manifests.is_id(named) and (editions / named).is_dir() else ""


def prove(editions: Path, id: str) -> Manifest:
    """Read every part of an edition as the pages would, before it is made current; return its manifest.

    Raises EditionError when it does not exist, is of another format or cannot be read, and DamagedError when a file is not as written.
    """
    refuse_withdrawn(editions, id)
    parts = [edition.read(editions, id, audience) for audience in Audience]
    if problem := manifests.damage(editions / id):
        raise DamagedError(problem)
    for name in parts[0].layers:
        parts[0].geometries(name)
    return parts[0].manifest


def make_current(editions: Path, id: str) -> None:
    """Make an edition the one that everybody sees, in one step. Raises EditionError when it was withdrawn, also in this very moment."""
    with locks.held(editions / CHOOSING):
        refuse_withdrawn(editions, id)
        edition.point(editions, id)


def refuse_withdrawn(editions: Path, id: str) -> None:
    """Raise EditionError when an edition was withdrawn. Whoever holds the lock on the folder of editions may rely on it meanwhile."""
    if withdrawn := withdrawals(editions).get(id):
        raise EditionError(_withdrawn(id, withdrawn))


def withdrawals(editions: Path) -> Mapping[str, Withdrawal]:
    """Return the editions that were withdrawn, by their id. Raises DamagedError when the list cannot be read: then nobody knows."""
    return manifests.listed(editions / WITHDRAWN, _WITHDRAWALS, "withdrawn editions")


def withdraw(editions: Path, id: str, withdrawal: Withdrawal) -> None:
    """Withdraw an edition that is not the current one: from now on it is shown to nobody. Its files stay, and so do its proofs.

    Raises EditionError when there is no such edition, when it is the current one, when it was withdrawn already, and without a reason.
    """
    words = " ".join(signs.seen(withdrawal.reason).split())
    if not words:
        raise EditionError(Problem(id[:80], "a reason is missing", expected="why it is withdrawn, in a sentence"))
    with locks.held(editions), locks.held(editions / CHOOSING):  # so not while a draft is placed
        known = withdrawals(editions)
        if not manifests.is_id(id) or not (editions / id / manifests.NAME).is_file():
            raise EditionError(Problem(id[:80], "no such edition"))
        if id == edition.current(editions):
            raise EditionError(Problem(id, "the current edition is not withdrawn", expected="another edition made current first"))
        if id in known:
            raise EditionError(Problem(id, "the edition was withdrawn already", found=known[id].at))
        durable.write(editions / WITHDRAWN, msgspec.json.format(msgspec.json.encode({**known, id: replace(withdrawal, reason=words)})))


def _withdrawn(id: str, withdrawal: Withdrawal) -> Problem:
    return Problem(id, f"withdrawn {withdrawal.at[:10]}: {withdrawal.reason}", expected="another edition")


def _newest_first(condition: EditionCondition) -> tuple[bool, int, str]:
    day = condition.manifest.as_of.toordinal() if condition.manifest else 0
    return condition.problem is not None, -day, condition.id
