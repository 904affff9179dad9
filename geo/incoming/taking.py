"""Taking a register into the workspace: described, counted by reason for what no figure counts, and placed whole or not at all."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import tomli_w

from geo.errors import GeoError, InputError, Problem
from geo.files import provenance, transaction
from geo.files.workspace import Workspace
from geo.incoming import describing, leftrows, registerfiles, unplaced
from geo.incoming.describing import OPEN, Described, RegisterAnswers
from geo.incoming.registerfiles import RegisterPart
from geo.inputs import boundaries, catalogue
from geo.inputs.areagroups import slug
from geo.model.areas import Register, Sidecar
from geo.model.catalogue import Catalogue
from geo.registers import files, register

_RARE: Final[Mapping[str, Literal["", "declare", "leave"]]] = {"": "", "declare": "declare", "leave": "leave"}
MODE: Final = 0o600


@dataclass(frozen=True)
class RegisterOrigin:
    """Where a register comes from, as its sidecar says; "" for what is not said. name: that of the register in the workspace."""

    name: str = ""
    title: str = ""
    producer: str = ""
    licence: str = ""
    url: str = ""
    retrieved: dt.date | None = None


@dataclass(frozen=True)
class ProposedRegister:
    """A register that was looked at: its name, its files, and its description with what is open."""

    name: str
    parts: tuple[RegisterPart, ...]
    described: Described
    sidecar: Mapping[str, Any]
    open: Mapping[str, str]

    def lines(self) -> Iterable[str]:
        """Give the reasons and the proposed sidecar: names of columns, types, counts, and words that many people share."""
        yield from (f"# {reason}" for reason in self.described.reasons)
        yield tomli_w.dumps(dict(self.sidecar)).rstrip()
        yield from (f"# {OPEN} {part}: {how}" for part, how in self.open.items())


@dataclass(frozen=True)
class ImportedRegister:
    """A register that lies in the workspace now. notes: rows by reason, and which indicators ask it; there: it was there already."""

    path: str
    rows: int
    notes: tuple[str, ...]
    there: bool = False

    def __str__(self) -> str:
        head = f"{self.path} ({self.rows:,} rows)" if not self.there else f"{self.path}: the same is there already; nothing is written"
        return "\n".join([head, *(f"  {note}" for note in self.notes)])


def look(
    workspace: Workspace,
    paths: Sequence[Path],
    answers: RegisterAnswers,
    origin: RegisterOrigin | None = None,
    *,
    addresses: Path | None = None,
) -> ProposedRegister:
    """Look at a register and propose its sidecar. Nothing is written. Raises InputError or CrsError when its files cannot be read.

    paths: one file, several files or one folder that are one register. addresses: its list of addresses. A sidecar beside the only
    path is taken as what a person says; answers go before it.
    """
    known = origin or RegisterOrigin()
    first = paths[0]
    name = slug(known.name or (first.stem if first.is_file() else first.name)) if len(paths) == 1 or known.name else ""
    said = provenance.read(first, file=first.name) if len(paths) == 1 and provenance.beside(first).is_file() else None
    listed = f"{name}_adresser{addresses.suffix.lower()}" if addresses else ""
    parts = registerfiles.parts(paths)
    if said is not None and said.register is not None:
        described = _as_said(said.register, answers, listed)
    else:
        described = describing.describe(parts, answers, addresses=listed, asked=_asked(_catalogue(workspace), name))
    written = dt.datetime.fromtimestamp(max(part.path.stat().st_mtime for part in parts), tz=dt.UTC).date()
    fetched = known.retrieved or (said.retrieved if said else written)
    provenance.check_day(fetched, file=first.name)
    sidecar = {
        "title": known.title or (said.title if said else name) or OPEN,
        "producer": known.producer or (said.producer if said else OPEN),
        "licence": known.licence or (said.licence if said else "Ikke oplyst"),
        "url": known.url or (said.url if said else ""),
        "retrieved": fetched,
        "sha256": said.sha256 if said else "",
        "changed": "Importeret uændret",
        "register": dict(described.fields),
    }
    asked = dict(described.open)
    asked |= {} if name else {"name": "several files, or a name without letters a to z: --name"}
    asked |= {"producer": "who made it: --producer"} if sidecar["producer"] == OPEN else {}
    return ProposedRegister(name, parts, described, sidecar, asked)


def _as_said(said: Register, answers: RegisterAnswers, listed: str) -> Described:
    """The description of a sidecar that a person wrote; answers go before it."""
    fields = {name: getattr(said, name) for name in said.__struct_fields__}
    fields |= {
        name: given for name in ("person", "period", "x", "y", "crs", "address", "every") if (given := getattr(answers, name)) is not None
    }
    fields |= {"addresses": listed} if listed else {}
    open_parts = {name: "an answer in the sidecar" for name, text in fields.items() if text == OPEN}
    open_parts |= {f"codes.{name}": "its words in the sidecar" for name, words in said.codes.items() if OPEN in words}
    return Described(fields, ("read as the sidecar beside it says",), open_parts)


def take(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    answers: RegisterAnswers | None = None,
    origin: RegisterOrigin | None = None,
    addresses: Path | None = None,
) -> ImportedRegister:
    """Take a register into `registers/`, with a sidecar that says how it is written: whole or not at all.

    paths, addresses: as `look` takes them. It is copied and streamed, never read whole. Raises InputError while something is open, when
    other bytes lie under its name, and for all that stops a build: a person twice, or too many rows that no figure counts.
    """
    proposed = look(workspace, paths, answers or RegisterAnswers(), origin, addresses=addresses)
    return take_proposed(workspace, paths, proposed, addresses=addresses)


def take_proposed(
    workspace: Workspace, paths: Sequence[Path], proposed: ProposedRegister, *, addresses: Path | None = None
) -> ImportedRegister:
    """Take a register that `look` has described; the arguments are those that `look` was given.

    Raises InputError as `take` does; nothing is in the workspace then.
    """
    if proposed.open:
        what = "a register of which something is not known"
        raise InputError([Problem(paths[0].name, what, None, part, OPEN, how) for part, how in proposed.open.items()])
    described = proposed.described.register
    with transaction.staging(workspace.folder) as stage:
        folder = Workspace(stage).registers
        folder.mkdir()
        own = _copied(proposed, folder, single=len(paths) == 1 and paths[0].is_file())
        if addresses is not None:
            copy(addresses, (own if own.is_dir() else folder) / described.addresses)
        sidecar = sidecar_of(proposed, described, register.checksum(own, described))
        if proposed.sidecar["sha256"] not in ("", sidecar.sha256):
            raise InputError(Problem(paths[0].name, "the register is not the one its sidecar describes", column="sha256"))
        provenance.write(own, sidecar)
        provenance.beside(own).chmod(MODE)
        shown = f"registers/{own.name}"
        if _is_there(workspace, proposed.name, described, sidecar.sha256):
            return ImportedRegister(shown, sum(part.rows for part in proposed.parts), (), there=True)
        rows, notes = counted(workspace, own, described, paths[0].name)
        transaction.decide(workspace.folder, stage)
    return ImportedRegister(shown, rows, notes)


def rare(said: str) -> Literal["", "declare", "leave"]:
    """Return what a person says of rare words. Raises InputError for another word."""
    if said not in _RARE:
        raise InputError(Problem("--rare-words", "no such answer", found=repr(said), expected="declare or leave"))
    return _RARE[said]


def sidecar_of(proposed: ProposedRegister, described: Register, sha256: str) -> Sidecar:
    """Return the sidecar of a proposal in which nothing is open. sha256: the register's checksum."""
    said = {name: value for name, value in proposed.sidecar.items() if name not in ("register", "sha256")}
    return Sidecar(**said, register=described, sha256=sha256)


def _copied(proposed: ProposedRegister, folder: Path, *, single: bool) -> Path:
    """Copy the files of a register below a folder: as one file, or as a folder of its name."""
    if single:
        part = proposed.parts[0]
        target = folder / f"{proposed.name}{part.path.suffix.lower()}"
        copy(part.path, target)
        return target
    names = [part.below for part in proposed.parts]
    if len(set(names)) < len(names):
        raise InputError(Problem(proposed.name, "two files of a register that have one name", expected="a name of its own for each"))
    for part in proposed.parts:
        target = folder / proposed.name / part.below
        target.parent.mkdir(parents=True, exist_ok=True)
        copy(part.path, target)
    return folder / proposed.name


def copy(source: Path, target: Path) -> None:
    """Copy a file of a register, readable by its owner alone."""
    shutil.copyfile(source, target)
    target.chmod(MODE)  # rows of people are for the owner of the workspace alone


def _is_there(workspace: Workspace, name: str, described: Register, sha256: str) -> bool:
    """Whether the same register lies in the workspace. Raises InputError when another does under its name."""
    there = files.find(workspace.registers, name)
    if there is None:
        return False
    try:
        said = provenance.read(there)
        same = said.sha256 == sha256 == register.checksum(there, described)
    except GeoError:
        said, same = None, False  # a register without a sidecar is another one
    if same and said and said.register:
        differs = [name for name in described.__struct_fields__ if getattr(said.register, name) != getattr(described, name)]
        if not differs:
            return True
        what, mend = "the same rows are there, described otherwise", f"{provenance.beside(there).name} in registers/ changed by hand"
        raise InputError(Problem(there.name, what, column=", ".join(differs), expected=mend))
    what = "another register of that name is there, with other bytes, and nothing is written over it"
    raise InputError(Problem(there.name, what, expected="--name with another name; or the one that is there moved out of registers/"))


def counted(workspace: Workspace, path: Path, described: Register, file: str) -> tuple[int, tuple[str, ...]]:
    """Count all rows of a register, and say why no figure counts some of them, and which indicators ask it.

    path: of the register, staged. file: how messages name it. Raises InputError for what stops a build.
    """
    known = _catalogue(workspace)
    sets = boundaries.read(workspace.boundaries, [kind for kind in known.area_sets if kind.role == "areas"])
    covering = {name: area_set for name, area_set in sets.items() if area_set.edition.partition}
    asked = _asked(known, path.stem)
    try:
        rows, leftovers = unplaced.leftovers(path, described, covering, unplaced.extent(sets))
        if not rows:
            raise InputError(Problem(file, "a register without rows", expected="the people it is about"))
        # a word that nobody asks for stops no build, so it is told and not refused
        stopping = [left for left in leftovers if left.names[0] != "unknown_code" or left.names[1] in asked]
        leftrows.check(file, stopping, rows, described, covering=set(covering))
    except InputError as error:
        raise type(error)([replace(problem, file=file) if problem.file != file else problem for problem in error.problems]) from None
    return rows, (*leftrows.lines(leftovers, rows), _asking(known, path.stem))


def _catalogue(workspace: Workspace) -> Catalogue:
    return catalogue.read(workspace.data, workspace.boundaries)


def _asked(known: Catalogue, name: str) -> dict[str, list[str]]:
    """The words that the catalogue's indicators ask for in a register, by column."""
    words: dict[str, list[str]] = {}
    for indicator in known.indicators:
        if indicator.register and indicator.register.register == name:
            for side in (indicator.register.where, indicator.register.having):
                for column, of_column in side.items():
                    words.setdefault(column, []).extend(of_column)
    return words


def _asking(known: Catalogue, name: str) -> str:
    asking = [indicator.id for indicator in known.indicators if indicator.register and indicator.register.register == name]
    return f"asked by {', '.join(asking)}" if asking else f'no indicator asks it yet: register = "{name}" in data/indicators.toml'
