"""Taking tables of figures into the workspace: read, checked, asked about, compared with what is there, and written in our own form."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec
import pandas as pd

from geo.errors import GeoError, InputError, Problem
from geo.files import provenance, transaction
from geo.files.schema import HEADER
from geo.files.tables import reading
from geo.files.tables.grid import SourceTable
from geo.files.tables.layout import folded
from geo.files.workspace import PLACES, Workspace
from geo.inputs import catalogue, observations
from geo.inputs.areagroups import slug
from geo.inputs.tables import areanames, doubts, shaping, tableprofiles
from geo.inputs.tables.areanames import AreaNames
from geo.inputs.tables.changes import FigureChanges, changes
from geo.inputs.tables.shaping import NumberSigns
from geo.inputs.tables.tableprofiles import TableProfile
from geo.model.areas import Sidecar
from geo.model.catalogue import Catalogue

_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class TableChoices:
    """What a person says of a table that cannot be seen in it.

    profile: the id of the profile to read it by, "" for the one that fits. decimal: "," or ".", "" to find out. sheet: of a workbook.
    confirm: that what is asked about is right. Raises InputError when made with another decimal sign.
    """

    profile: str = ""
    decimal: str = ""
    sheet: str = ""
    confirm: bool = False

    def __post_init__(self) -> None:
        """Refuse a decimal sign that is none."""
        if self.decimal not in ("", ",", "."):
            raise InputError(Problem("--decimal", "no decimal sign", found=repr(self.decimal), expected="a comma or a point"))


@dataclass(frozen=True)
class ImportedFigures:
    """One table that was taken: `path` below the workspace's folder, from the user's file `source`. notes: what was taken for what."""

    source: str
    path: str
    rows: int
    notes: tuple[str, ...]
    changes: FigureChanges
    about: str

    def __str__(self) -> str:
        notes = [f"  {note}" for note in (*self.notes, self.about)]
        return "\n".join([f"{self.source} -> {self.path} ({self.rows} rows)", *notes, *self.changes.lines()])


@dataclass(frozen=True)
class _Known:
    """What the workspace has before the import."""

    catalogue: Catalogue
    areas: AreaNames
    profiles: tuple[TableProfile, ...]
    figures: pd.DataFrame


@dataclass(frozen=True)
class _Figures:
    """A table that was read: its checked figures on an index from 0, its bytes in our own form, and what was done to it.

    in_own_words: turns a problem of a row of the table into one of the row and column of the user's file.
    """

    table: pd.DataFrame
    in_own_words: Callable[[Problem], Problem]
    content: bytes
    changed: str
    notes: tuple[str, ...]


def take(
    workspace: Workspace, files: Sequence[Path], *, retrieved: dt.date | None = None, choices: TableChoices | None = None
) -> list[ImportedFigures]:
    """Take tables of figures into `data/<name>/<retrieved>/`, each as a CSV in our own form with a sidecar: all or none.

    A CSV in our own form keeps its bytes; other tables are read by a profile of `data/tables.toml` or by the names of our form.
    Provenance comes from the sidecar beside the file when there is one, else from what the catalogue says of the rows' sources.
    `retrieved` is the day the files were fetched, by default the sidecar's or the day they were last written. Raises InputError with
    the problems of all files at once, and for what is asked about and not confirmed; the workspace is then as it was.
    """
    chosen = choices or TableChoices()
    known = _known(workspace)
    written: dict[str, bytes] = {}
    taken: list[ImportedFigures] = []
    problems: list[Problem] = []
    for path in files:
        try:
            figures = _read(path, known, chosen)
            sidecar = _sidecar(path, figures, known.catalogue, retrieved)
            provenance.check_day(sidecar.retrieved, file=path.name)
            problems += [] if chosen.confirm else _asked(path, figures, known, sidecar.retrieved)
            place = _place(path, sidecar.retrieved)
        except GeoError as error:
            problems += error.problems
            continue
        problems += [Problem(path.name, _SAME_PLACE, found=place, expected="files of different names")] if place in written else []
        there = is_there(workspace.folder / place, figures.content)
        written |= {} if there else {place: figures.content, place.removesuffix("csv") + "toml": provenance.encode(sidecar)}
        rows = figures.table.assign(retrieved=sidecar.retrieved.isoformat())
        notes = (*figures.notes, *([THERE] if there else []))
        taken.append(ImportedFigures(path.name, place, len(rows), notes, changes(rows, known.figures), _about(rows)))
    if problems:
        raise InputError(problems)
    if written:
        transaction.place(workspace.folder, written, check=lambda staged: _check(workspace, Workspace(staged), written, known))
    return taken


def is_there(path: Path, content: bytes) -> bool:
    """Return whether a file of the workspace has these bytes already, with a sidecar that fits; then nothing is written."""
    if not path.is_file() or path.read_bytes() != content:
        return False
    try:
        provenance.check(path)
    except InputError:
        return False
    return True


THERE: Final = "the same is there already; nothing is written"


def _about(table: pd.DataFrame) -> str:
    """What the figures are of, for a person who looks whether it was understood: indicators, area sets and periods."""
    parts = []
    for words, name in (("of", "indicator"), ("in", "area_set"), ("periods", "period")):
        texts = sorted(set(table[name]))
        parts.append(f"{words} {', '.join(texts[:_SHOWN])}" + (f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""))
    return "; ".join(parts)


_SHOWN: Final = 6
_SAME_PLACE: Final = "two files of this import would be the same file of the workspace"


def _known(workspace: Workspace) -> _Known:
    every = catalogue.read(workspace.data, workspace.boundaries)
    areas = areanames.read(workspace.boundaries, every.area_sets)
    figures = observations.read(workspace.data, every, areas.codes, dated=True).table
    return _Known(every, areas, tableprofiles.read(workspace.data), figures)


def _check(workspace: Workspace, staged: Workspace, written: Mapping[str, bytes], known: _Known) -> None:
    """Read the workspace as it would be. Raises InputError when a file that is there already has other bytes, and as `read` does."""
    problems = [
        Problem(
            Path(name).name,
            "another file of that name and day is there, with other bytes, and nothing is written over it",
            found=name,
            expected="the option --retrieved with the day this file was fetched, or the file under another name",
        )
        for name, content in written.items()
        if name.endswith(".csv") and (workspace.folder / name).is_file() and (workspace.folder / name).read_bytes() != content
    ]
    if problems:
        raise InputError(problems)
    observations.read(staged.data, known.catalogue, known.areas.codes)


def _place(path: Path, day: dt.date) -> str:
    name = slug(path.stem)
    if not name:
        raise InputError(Problem(path.name, "a name without letters a to z or digits", found=repr(path.stem), expected="another name"))
    if name == PLACES:
        what, expected = "a name that is kept for lists of places and addresses", "another name"
        raise InputError(Problem(path.name, what, found=repr(path.stem), expected=expected))
    return f"data/{name}/{day}/{name}.csv"


def _read(path: Path, known: _Known, chosen: TableChoices) -> _Figures:
    """Read one table: as it is when it is in our own form without a fault, else by a profile."""
    if path.is_file() and path.stat().st_size > _LARGE:
        _glance(path, known, chosen)
    if not chosen.profile and not chosen.decimal:
        try:
            return _as_it_is(path, known)
        except InputError:
            pass  # what is wrong with it is told below, where more can be read
    return _by_profile(path, _table(path, known, chosen), known, chosen)


def _glance(path: Path, known: _Known, chosen: TableChoices) -> None:
    """Raise InputError for a long table of which at least half of the first rows have the same fault; the others are then not looked at."""
    table = _table(path, known, chosen)
    try:
        _by_profile(path, msgspec.structs.replace(table, rows=table.rows[:_FIRST]), known, chosen)
    except InputError as error:
        if len(table.rows) > _FIRST and any(problem.more >= _FIRST // 2 for problem in error.problems):
            only = f"; at least: only the first {_FIRST:,} of {len(table.rows):,} rows were looked at"
            raise InputError([replace(problem, expected=problem.expected + only) for problem in error.problems]) from None


_LARGE: Final = 4_000_000  # bytes from which the first rows are looked at before all: what is wrong throughout is refused in seconds
_FIRST: Final = 5_000


def _table(path: Path, known: _Known, chosen: TableChoices) -> SourceTable:
    headers = tableprofiles.known_headers(known.profiles)
    sheet = chosen.sheet or next((profile.sheet for profile in known.profiles if profile.id == chosen.profile), "")
    return reading.read(path, file=path.name, sheet=sheet, known=headers)


def _by_profile(path: Path, table: SourceTable, known: _Known, chosen: TableChoices) -> _Figures:
    profile = tableprofiles.fitting(table.columns, known.profiles, file=path.name, chosen=chosen.profile)
    if profile is None:
        named = [each.id for each in known.profiles if tableprofiles.has(table.columns, each)]
        by_name = f"the option --profile with one that fits ({', '.join(named)}), or " if named else ""
        own = f"our own form ({','.join(HEADER)})"
        expected = f"{by_name}{own}, or a profile: see `omraadekort import table {shlex.quote(path.name)}`"
        raise InputError(
            Problem(path.name, "a table that no profile knows", table.header or None, found=", ".join(table.columns), expected=expected)
        )
    if not profile.id and (strange := [name for name in table.columns if folded(name) not in HEADER]):
        expected = ",".join(HEADER)
        raise InputError(
            Problem(path.name, "an unknown column", table.header, strange[0], ", ".join(table.columns), expected, len(strange) - 1)
        )
    signs = NumberSigns(chosen.decimal, open_as="." if not profile.id and table.form.endswith("commas") else "")
    shares = frozenset(indicator.id for indicator in known.catalogue.indicators if indicator.kind == "share")
    rows = shaping.shaped(table, profile, known.areas, signs, shares=shares)
    checked, problems = None, list(rows.problems)
    try:
        checked = observations.checked(rows.text, known.catalogue, known.areas.codes, file=path.name)
    except InputError as error:
        problems += [rows.in_own_words(problem) for problem in error.problems]
    if problems or checked is None:
        raise InputError(problems)
    by = f" med profilen {profile.id}" if profile.id else ""
    changed = f"Skrevet om{by} fra {path.name} (sha256 {provenance.sha256(path)}), {table.form}"
    return _Figures(checked, rows.in_own_words, _written(rows.text), changed, rows.notes)


def _as_it_is(path: Path, known: _Known) -> _Figures:
    """A CSV in our own form. A byte order mark is left out, and the sidecar says so."""
    table = observations.read_file(path, known.catalogue, known.areas.codes, file=path.name)
    numbers = [int(number) for number in table.index]

    def in_own_words(problem: Problem) -> Problem:
        return problem if problem.row is None else replace(problem, row=numbers[problem.row])

    content = path.read_bytes()
    changed = "Importeret uden filens byte order mark" if content.startswith(_BOM) else "Importeret uændret"
    return _Figures(table.reset_index(drop=True), in_own_words, content.removeprefix(_BOM), changed, ())


def _written(text: pd.DataFrame) -> bytes:
    """Rows of figures as a CSV in our own form."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(text[list(HEADER)].itertuples(index=False))
    return out.getvalue().encode()


def _asked(path: Path, figures: _Figures, known: _Known, day: dt.date) -> list[Problem]:
    """What a person should confirm, in the rows and columns of the user's file."""
    problems = doubts.asked(figures.table, known.figures, known.catalogue.indicators, retrieved=day, file=path.name)
    return [figures.in_own_words(problem) for problem in problems]


def _sidecar(path: Path, figures: _Figures, known: Catalogue, retrieved: dt.date | None) -> Sidecar:
    used = [source for source in known.sources if source.id in set(figures.table["source"])]
    said = provenance.check(path, file=path.name) if provenance.beside(path).is_file() else None
    written_on = dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC).date()
    return Sidecar(
        title=said.title if said else "; ".join(source.title for source in used),
        producer=said.producer if said else "; ".join(dict.fromkeys(source.producer for source in used)),
        licence=said.licence if said else "; ".join(dict.fromkeys(source.licence for source in used if source.licence)) or "Ikke oplyst",
        url=said.url if said else used[0].url if len(used) == 1 else "",
        retrieved=retrieved or (said.retrieved if said else written_on),
        sha256=hashlib.sha256(figures.content).hexdigest(),
        changed=f"{said.changed}; {figures.changed[:1].lower()}{figures.changed[1:]}" if said and said.changed else figures.changed,
    )
