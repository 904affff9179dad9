"""The folder that belongs to the user: their boundaries, figures, registers, editions and reviews."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from geo.errors import Problem, WorkspaceError
from geo.files import durable, transaction

MARK: Final = "workspace.toml"
"""The file that makes a folder a workspace."""

PLACES: Final = "steder"
"""The folder of `data/` that holds lists of places and addresses; what lies beside it are observations."""

_MARK_TEXT: Final = """\
# A workspace of Områdekort. boundaries/ and data/ are yours to change; `omraadekort check` says whether they hold together,
# and `omraadekort build` makes an edition of them. Nothing in editions/ is changed by hand. Settings of the pages stand here
# in [web], limits of files that come in in [files]; docs/settings.md lists both.
format = 1
"""
_TAKEN: Final = ".default.json"
"""In a workspace: path and SHA-256 of every file that came from the embedded default, as it was then."""

_OURS: Final = ("boundaries", "data")
INPUTS: Final = (*_OURS, "registers")
"""The folders whose files an edition is made from."""
_NOT_COPIED: Final = shutil.ignore_patterns("*.py", "__pycache__", "outlines", ".*")


@dataclass(frozen=True)
class Workspace:
    """The paths of one workspace."""

    folder: Path

    @property
    def boundaries(self) -> Path:
        """Area sets: `<set>/<valid-from>.geojson` with sidecars, and `sets.toml`."""
        return self.folder / "boundaries"

    @property
    def data(self) -> Path:
        """The catalogue's TOML files, and observations in `<source>/<retrieved>/`."""
        return self.folder / "data"

    @property
    def registers(self) -> Path:
        """Files of one row a person or event; read by `geo` only."""
        return self.folder / "registers"

    @property
    def editions(self) -> Path:
        """The editions: the only folder that the web reads figures from."""
        return self.folder / "editions"

    @property
    def internal(self) -> Path:
        """The proofs that the disclosure control keeps of each edition. It stays on the machine that holds the registers."""
        return self.folder / "internal"

    @property
    def reviews(self) -> Path:
        """What people write in the review room."""
        return self.folder / "reviews"


def at(folder: Path) -> Workspace:
    """Return the workspace in `folder`, after finishing what a killed process left in it. Raises WorkspaceError when there is none."""
    if not (folder / MARK).is_file():
        raise WorkspaceError(Problem(str(folder), f"no workspace here: there is no {MARK}", expected="a folder made by `omraadekort init`"))
    transaction.finish(folder)
    return Workspace(folder)


def create(folder: Path, *, default: Path) -> Workspace:
    """Make a workspace in `folder` as a copy of `default/boundaries` and `default/data`.

    It is filled beside its place and renamed, so that a stop in the middle, or a power cut, leaves none. Raises WorkspaceError when
    the folder holds something already or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(Problem(str(folder), "the folder is there already and not empty", expected="a name that is free"))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise WorkspaceError(Problem(str(folder), f"the folder cannot be made ({error.strerror})")) from None
    try:
        for name in _OURS:
            shutil.copytree(default / name, scratch / name, ignore=_NOT_COPIED)
        for name in ("registers", "editions", "reviews"):
            (scratch / name).mkdir()
        (scratch / MARK).write_text(_MARK_TEXT, encoding="utf-8")
        (scratch / _TAKEN).write_bytes(_remembering(_fingerprints(scratch)))
        scratch.chmod(0o755)
        durable.sync_tree(scratch)
        durable.rename(scratch, folder)
    except OSError as error:
        raise WorkspaceError(Problem(str(folder), f"the folder cannot be filled ({error})")) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return Workspace(folder)


@dataclass(frozen=True)
class Refreshed:
    """What `refresh` did: files that are now as in the default, and files that changed on both sides and were left to the user."""

    taken: tuple[str, ...]
    left: tuple[str, ...]


def refresh(workspace: Workspace, *, default: Path) -> Refreshed:
    """Take over what is new in the built-in default since the workspace was made. A file that the user changed or removed stays that way.

    All files or none are taken over. Of a file that nobody knows the earlier state of, because the list of them is torn or missing,
    nothing is remembered: it is left each time, until it is as in the default, or removed and taken over. Raises WorkspaceError when the
    workspace cannot be written.
    """
    before = _remembered(workspace.folder)
    wanted = _fingerprints(default)
    taken: dict[str, bytes | None] = {}
    left: list[str] = []
    for name in sorted(before.keys() | wanted.keys()):
        here = workspace.folder / name
        own = transaction.sha256_of(here) if here.is_file() else None
        if wanted.get(name) in {own, before.get(name)}:
            continue
        if own != before.get(name):
            left.append(name)
        else:
            taken[name] = (default / name).read_bytes() if name in wanted else None
    known = {name: digest for name, digest in wanted.items() if name in before or name not in left}
    if known != before:
        transaction.place(workspace.folder, {**taken, _TAKEN: _remembering(known)})
    return Refreshed(tuple(taken), tuple(left))


def _fingerprints(folder: Path) -> dict[str, str]:
    """SHA-256 of the files below `folder` that belong into a workspace, by their path."""
    fingerprints = {}
    for name in _OURS:
        for path in sorted((folder / name).rglob("*")):
            parts = path.relative_to(folder).parts
            if path.is_file() and not any(_NOT_COPIED("", [part]) for part in parts):
                fingerprints["/".join(parts)] = transaction.sha256_of(path)
    return fingerprints


def _remembering(fingerprints: dict[str, str]) -> bytes:
    return (json.dumps(fingerprints, indent=0, sort_keys=True) + "\n").encode()


def _remembered(folder: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode((folder / _TAKEN).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):  # torn: nothing is known, so every difference is the user's
        return {}
