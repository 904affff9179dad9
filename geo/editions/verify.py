"""Whether a trace is still true: the files that it names are hashed again, and the row that it names is read again."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geo.editions import edition as editions
from geo.editions.edition import Edition
from geo.editions.trace import Trace, TracedFigure
from geo.errors import InputError
from geo.files import csvfile, provenance, schema
from geo.model import periods
from geo.model.results import InputFile
from geo.registers import register

Finding = Literal["holds", "differs", "absent"]


@dataclass(frozen=True)
class Check:
    """One thing that was checked again. `actual` and `expected` are hashes or words; both are "" where there is nothing to say."""

    what: str
    finding: Finding
    actual: str = ""
    expected: str = ""


def verify(traced: Trace, edition: Edition, folder: Path) -> tuple[Check, ...]:
    """Check everything that a trace rests on again.

    folder: the workspace. The manifest is hashed and compared with the edition's id, the edition's files and the input files with the
    manifest, and the row of a CSV with the figure. The numbers of a hidden figure are neither compared nor shown.
    """
    return (
        _manifest(edition),
        *(_hashed(edition.folder / name, name, edition.manifest.files.get(name, "")) for name in _read_from(traced)),
        *(_taken_in(folder / file.path, file) for file in _inputs(traced, edition)),
        *_row(traced, folder),
    )


def _manifest(edition: Edition) -> Check:
    name = editions.identify(edition.manifest)
    return Check("manifest.json", "holds" if name == edition.id else "differs", name, edition.id)


def _read_from(traced: Trace) -> tuple[str, ...]:
    """The edition's own files that the figure, its definition and its outlines are read from."""
    return (traced.built.table, "catalogue.json", f"areas/{traced.figure.area_set}.geojson")


def _inputs(traced: Trace, edition: Edition) -> tuple[InputFile, ...]:
    parts = (part.origin.file for part in traced.parts)
    named = (*parts, traced.origin.file, traced.definition_file, traced.outlines.file, traced.protection.file)
    wanted = {file.path for file in named if file}
    return tuple(file for file in edition.manifest.inputs if file.path in wanted)


def _hashed(path: Path, name: str, expected: str) -> Check:
    if not path.is_file():
        return Check(name, "absent", expected=expected)
    actual = provenance.sha256(path)
    return Check(name, "holds" if actual == expected else "differs", actual, expected)


def _taken_in(path: Path, file: InputFile) -> Check:
    """A file that was read by the build; a register may be a folder, or have its addresses in a file beside it."""
    if file.kind != "register" or not path.exists():
        return _hashed(path, file.path, file.sha256)
    try:
        said = provenance.read(path, file=file.path)
        actual = register.checksum(path, said.register) if said.register else provenance.sha256(path)
    except InputError as error:
        return Check(file.path, "differs", str(error), file.sha256)
    return Check(file.path, "holds" if actual == file.sha256 else "differs", actual, file.sha256)


def _row(traced: Trace, folder: Path) -> Iterator[Check]:
    """The row of a CSV, when the trace names one and the file is there."""
    file, row = traced.origin.file, traced.origin.row
    if file is None or row is None or not (folder / file.path).is_file():
        return
    name = f"{file.path}, row {row}"
    try:
        table = csvfile.read(folder / file.path, file=file.path)
    except InputError as error:
        yield Check(name, "differs", actual=str(error))
        return
    if row not in table.index:
        yield Check(name, "differs", actual="no such row")
        return
    said = {str(column): str(field) for column, field in table.loc[row].items()}
    yield Check(name, "holds" if _same(said, traced.figure) else "differs")


def _same(said: dict[str, str], figure: TracedFigure) -> bool:
    """Whether a row as it was typed is the figure: the same key, and the same value where the figure shows one."""
    period = periods.read(said["period"])
    key = (said["indicator"], said["area_set"], said["area_id"], period.code if period else "")
    if key != (figure.indicator, figure.area_set, figure.area_id, figure.period):
        return False
    if figure.value is None:
        return True
    return schema.is_number(said["value"]) and math.isclose(float(said["value"]), figure.value, rel_tol=1e-12)
