"""Where drafts and publications are kept: a folder each, with one JSON file that is written whole under a lock.

The web reads and writes here without knowing the workspace: everything is below the folder that it is given.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

import msgspec
from msgspec.structs import replace

from geo.drafts.draft import Draft, Publication, TaskState
from geo.editions.comparison import Changes
from geo.errors import DraftError, NotFoundError, Problem
from geo.files import durable, locks
from geo.model.forms.described import FormsFile
from geo.model.vocabulary import Audience

FOLDER: Final = "drafts"
"""The folder of a workspace that holds its drafts. Registers may lie in it: it is for its owner alone."""
PUBLICATIONS: Final = "publications"
"""The folder of a workspace that remembers what was published, and the files that were replaced."""
_DRAFT: Final = "draft.json"
_FORMS: Final = "forms.json"
_CHANGES: Final = "changes.json"
_ID: Final = re.compile(r"[a-z0-9]{12}")
_BLOCK: Final = 1 << 20
_T = TypeVar("_T")


def folder_of(drafts: Path, id: str) -> Path:
    """Return the folder of a draft. Raises NotFoundError when there is none of that id."""
    folder = drafts / id
    if not _ID.fullmatch(id) or not (folder / _DRAFT).is_file():
        raise NotFoundError(Problem(id[:80], "no such draft"))
    return folder


def files_of(folder: Path) -> Path:
    """Return the folder of the files that were brought to a draft; each lies under its id."""
    return folder / "files"


def named_of(folder: Path) -> Path:
    """Return the folder in which the files of a draft have their own names."""
    return folder / "named"


def copy_of(folder: Path) -> Path:
    """Return the folder of a draft's copy of the workspace."""
    return folder / "copy"


def create(drafts: Path, draft_of: Callable[[str], Draft]) -> Draft:
    """Make the folder of a new draft; draft_of: gives the draft for its id. Raises DraftError where it cannot be written."""
    try:
        drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
        own = secrets.token_hex(6)
        folder = drafts / own
        folder.mkdir(mode=0o700)
        files_of(folder).mkdir(mode=0o700)
        made = draft_of(own)
        durable.write(folder / _DRAFT, msgspec.json.encode(made), mode=0o600)
        durable.sync(drafts)
    except OSError as error:
        raise _unwritable(error) from None
    return made


def read(folder: Path) -> Draft:
    """Read a draft. Raises NotFoundError when it is gone, DraftError when its file is damaged."""
    try:
        return msgspec.json.decode((folder / _DRAFT).read_bytes(), type=Draft)
    except FileNotFoundError:
        raise NotFoundError(Problem(folder.name, "no such draft")) from None
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        raise DraftError(Problem(folder.name, "the draft cannot be read", expected="a whole draft.json")) from None


def change(folder: Path, changed: Callable[[Draft], Draft]) -> Draft:
    """Change a draft, alone: changed gets it as it stands and returns it as it shall be, or raises, and nothing is written.

    Raises as `read` does, and DraftError where it cannot be written.
    """
    try:
        with locks.held(folder / ".lock"):
            before = read(folder)
            after = changed(before)
            if after == before:
                return before
            after = msgspec.structs.replace(after, version=before.version + 1)
            durable.write(folder / _DRAFT, msgspec.json.encode(after), mode=0o600)
            return after
    except OSError as error:
        raise _unwritable(error) from None


def listing(drafts: Path) -> tuple[Draft, ...]:
    """Return all drafts that can be read, newest first."""
    every = []
    for path in drafts.glob(f"*/{_DRAFT}"):
        try:
            every.append(read(path.parent))
        except (NotFoundError, DraftError):
            continue
    return tuple(sorted(every, key=lambda draft: (draft.at, draft.id), reverse=True))


def receive(folder: Path, id: str, stream: BinaryIO, *, most: int) -> tuple[int, str]:
    """Write a stream of bytes as the file `id` of a draft; return its size in bytes and its SHA-256.

    most: bytes that it may have. Raises DraftError when it has more, or the disk does not take it; nothing is left then.
    """
    target = files_of(folder) / id
    scratch, size, digest = target.with_name(f".{id}"), 0, hashlib.sha256()
    try:
        with scratch.open("xb") as written:
            scratch.chmod(0o600)
            while block := stream.read(_BLOCK):
                size += len(block)
                if size > most:
                    raise DraftError(
                        Problem("", "the file is larger than files may be", found=f"over {most:,} bytes", expected="a smaller file")
                    )
                digest.update(block)
                written.write(block)
        durable.sync(scratch)
        durable.rename(scratch, target)
    except OSError as error:
        raise _unwritable(error) from None
    finally:
        scratch.unlink(missing_ok=True)
    return size, digest.hexdigest()


def stopped(draft: Draft, state: TaskState, *, at: str = "") -> Draft:
    """Return a draft whose work was ended from outside, in a state."""
    if draft.task is None or not draft.working:
        return draft
    return replace(draft, task=replace(draft.task, state=state, ended=at or draft.task.at, cancelling=False))


def write_forms(folder: Path, forms: FormsFile) -> None:
    """Keep the forms of the catalogue as the draft's copy has them."""
    durable.write(folder / _FORMS, msgspec.json.encode(forms), mode=0o600)


def forms(folder: Path) -> FormsFile | None:
    """Return the forms of the catalogue as the copy has them; None until the draft was read for the first time."""
    return _optional(folder / _FORMS, FormsFile)


def write_changes(folder: Path, changes: Mapping[Audience, Changes]) -> None:
    """Keep what the rehearsal found, by audience."""
    durable.write(folder / _CHANGES, msgspec.json.encode({audience.value: of for audience, of in changes.items()}), mode=0o600)


def changes(folder: Path) -> dict[Audience, Changes] | None:
    """Return what the last rehearsal found, by audience; None when there was none."""
    return _optional(folder / _CHANGES, dict[Audience, Changes])


def publications(place: Path) -> tuple[Publication, ...]:
    """Return what was published from drafts, newest first. place: the folder of publications."""
    every = (_optional(path, Publication) for path in place.glob("*/publication.json"))
    return tuple(sorted((each for each in every if each is not None), key=lambda each: -each.number))


def remove(folder: Path) -> None:
    """Take away a draft's files and its copy, which may hold people; what was proposed and signed is kept."""
    for inner in (files_of(folder), named_of(folder), copy_of(folder)):
        shutil.rmtree(inner, ignore_errors=True)


def _optional(path: Path, type: type[_T]) -> _T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=type)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        raise DraftError(Problem(path.name, "the file cannot be read", expected="a whole file; read the draft again")) from None


def _unwritable(error: OSError) -> DraftError:
    return DraftError(Problem(FOLDER, f"the disk does not take it ({error.strerror})", expected="a disk with room, and the right to write"))
