"""Adding a file to a register that is there, for example its new half-year: the register becomes a folder of files with one sidecar."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import msgspec

from geo.errors import InputError, Problem
from geo.files import provenance, transaction
from geo.files.workspace import Workspace
from geo.incoming import registerfiles, taking
from geo.incoming.taking import ImportedRegister
from geo.model.areas import Register, Sidecar
from geo.registers import files, register


def names(workspace: Workspace) -> tuple[str, ...]:
    """Return the names of the registers of a workspace that a file can be added to: those whose sidecar says how they are written."""
    every = sorted(path.stem for path in workspace.registers.glob("*.toml")) if workspace.registers.is_dir() else []
    return tuple(name for name in every if files.find(workspace.registers, name) is not None)


def add(workspace: Workspace, name: str, path: Path, *, retrieved: dt.date | None = None) -> ImportedRegister:
    """Add a file to the register `name`, which is read as the register's own sidecar says: whole or not at all.

    retrieved: the day it was fetched, by default the day it was last written. What is there keeps its bytes; a register of one file becomes
    a folder that holds it. Raises InputError when there is no such register, when it has a file of that name with other bytes, and for all
    that stops a build: other columns, a person twice in a period, too many rows that no figure counts.
    """
    there, said, described = _there(workspace, name)
    [part] = registerfiles.parts([path])
    day = retrieved or dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC).date()
    provenance.check_day(day, file=path.name)
    with transaction.staging(workspace.folder) as stage:
        folder = Workspace(stage).registers / name
        folder.mkdir(parents=True)
        moved = _linked(there, described, folder)
        target = folder / path.name
        if target.exists():
            if transaction.sha256_of(target) == transaction.sha256_of(path):
                return ImportedRegister(f"registers/{name}/{path.name}", part.rows, (), there=True)
            what, mend = (
                "the register has a file of that name, with other bytes, and nothing is written over it",
                "the file under another name",
            )
            raise InputError(Problem(path.name, what, found=f"registers/{name}/{path.name}", expected=mend))
        taking.copy(path, target)
        changed = "; ".join(words for words in (said.changed, f"{path.name} føjet til {day}") if words)
        sidecar = msgspec.structs.replace(
            said, retrieved=max(said.retrieved, day), changed=changed, sha256=register.checksum(folder, described)
        )
        provenance.write(folder, sidecar)
        provenance.beside(folder).chmod(taking.MODE)
        rows, notes = taking.counted(workspace, folder, described, path.name)
        transaction.decide(workspace.folder, stage, removed=[old.relative_to(workspace.folder).as_posix() for old in moved])
    return ImportedRegister(f"registers/{name}/{path.name}", rows, ("added; the rows are those of the whole register", *notes))


def _there(workspace: Workspace, name: str) -> tuple[Path, Sidecar, Register]:
    there = files.find(workspace.registers, name)
    if there is None:
        raise InputError(
            Problem(f"registers/{name}", "no such register", expected=", ".join(names(workspace)) or "a register imported first")
        )
    said = provenance.read(there)
    if said.register is None:
        what = "a register whose sidecar does not say how it is written"
        raise InputError(Problem(f"registers/{name}", what, expected=f"a table [register] in {provenance.beside(there).name}"))
    return there, said, said.register


def _linked(there: Path, described: Register, folder: Path) -> list[Path]:
    """Give the files of a register a second name below a staging folder; return those that lay elsewhere and shall go."""
    listed = files.addresses_path(there, described)
    every = [*files.files(there, described), *([listed] if listed and listed.is_file() else [])]
    for path in every:
        target = folder / (path.relative_to(there) if there.is_dir() else path.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, target)
        except OSError:  # a disk without links
            shutil.copy2(path, target)
    return [] if there.is_dir() else every
