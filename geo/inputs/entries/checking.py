"""The catalogue as a proposal would leave it, read as a build reads it; faults are said by the field of the form, or by who refers."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.errors import CatalogueError, GeoError, Problem
from geo.files import tomlfile
from geo.files.workspace import PLACES, Workspace
from geo.inputs import catalogue
from geo.inputs.entries import kinds, refusals
from geo.inputs.entries.kinds import KINDS, EntryKind
from geo.model.forms.proposed import FieldProblem
from geo.model.vocabulary import Text

_LOST: Final = "a name that leads nowhere"
_IN_LIST: Final = re.compile(r"(?P<key>\w+)\[(?P<number>[0-9]+)\]\.?(?P<rest>.*)")
_COLUMNS: Final[Mapping[str, str]] = {"indicator": "indicator", "source": "source"}
"""Kinds of entries that rows of tables name, and the column in which they do."""


@dataclass(frozen=True)
class ChangedFile:
    """A file of the catalogue as it would be. place: the number of the entry in it, from 0.

    in_form: gives a path of the entry as the form has it.
    """

    kind: EntryKind
    text: str
    place: int
    in_form: Callable[[str], str]


def of_id(workspace: Workspace, kind: EntryKind, before: str, after: str) -> Iterator[FieldProblem]:
    """Return what is wrong with the code that an entry gets, "" when it goes: it is another's, or tables name the old one."""
    field = "" if not after else "id" if kind.id != "hotspot" else "area.area_id"
    if after != before and field == "id" and "~" in after:
        yield FieldProblem(field=field, what=refusals.words_of("an entry that is there"), given=after.partition("~")[0])
    if before and after != before and kind.id in _COLUMNS:
        for file, count in _figures(workspace.data, _COLUMNS[kind.id], before).items():
            where = Text(da=f"{file}: {count} rækker", en=f"{file}: {count} rows")
            yield FieldProblem(field=field, what=refusals.words_of("figures refer to it"), given=before, where=where)


def _figures(folder: Path, column: str, id: str) -> Counter[str]:
    """How many rows of each table of figures name an entry, by the table's path."""
    counts: Counter[str] = Counter()
    for path in sorted(folder.glob("*/*/*.csv")):
        if path.relative_to(folder).parts[0] != PLACES:
            with path.open(encoding="utf-8-sig", newline="", errors="replace") as stream:
                rows = sum(row.get(column) == id for row in csv.DictReader(stream))
            counts.update({path.relative_to(folder.parent).as_posix(): rows} if rows else {})
    return counts


def staged(workspace: Workspace, changed: ChangedFile, stage: Path) -> list[FieldProblem]:
    """Lay out the catalogue with a changed file in `stage`, read it, and return what is wrong because of the change.

    What was wrong elsewhere before is left to whoever wrote it: a form must be able to mend a catalogue that has other faults.
    """
    lay_out(workspace, stage, changed.kind.file, changed.text)
    after = _problems(stage)
    if not after:
        return []
    before = {(problem.file, problem.what, problem.column, problem.found) for problem in _problems(workspace.folder)}
    said = [(problem, _said(problem, changed, stage)) for problem in after]
    ours = (
        words
        for problem, words in said
        if (problem.file, problem.what, problem.column, problem.found) not in before and (not before or words.where is None)
    )
    return list(dict.fromkeys(ours))


def lay_out(workspace: Workspace, stage: Path, file: str, text: str) -> None:
    """Put the catalogue into a staging folder: the changed file, and links to the others, which are not placed."""
    for name in ("data", "boundaries"):
        (stage / name).mkdir(exist_ok=True)
        for path in (workspace.folder / name).glob("*.toml"):
            if f"{name}/{path.name}" != file:
                (stage / name / path.name).symlink_to(path.resolve())
    (stage / file).write_bytes(text.encode())


def _problems(folder: Path) -> Sequence[Problem]:
    try:
        catalogue.read(folder / "data", folder / "boundaries")
    except CatalogueError as error:
        return error.problems
    return ()


def _said(problem: Problem, changed: ChangedFile, stage: Path) -> FieldProblem:
    """A problem by the field of the form; one of another entry says which."""
    listed = _IN_LIST.fullmatch(problem.column) if problem.row is None else None
    number = int(listed["number"]) if listed and listed["key"] == changed.kind.key else problem.row
    rest = listed["rest"] if listed and listed["key"] == changed.kind.key else problem.column
    if problem.file == changed.kind.file and number == changed.place + 1:
        return refusals.said(problem, field=changed.in_form(rest))
    if problem.file == changed.kind.file and number is None and not listed:
        top = problem.column.partition(".")[0]
        known = {name for kind in KINDS if kind == changed.kind for name in kind.type.__struct_fields__}
        return refusals.said(problem, field=top if top in known else "")
    where = _where(problem, stage)
    if problem.what == _LOST:
        return FieldProblem(field="", what=refusals.words_of("another refers to it"), given=problem.found.strip("'"), where=where)
    return refusals.said(problem, field="", where=where)


def _where(problem: Problem, stage: Path) -> Text:
    """The entry that a problem stands in, by its kind and its name; the file where it is none that has a form."""
    listed = _IN_LIST.fullmatch(problem.column) if problem.row is None else None
    number = int(listed["number"]) if listed else problem.row
    for kind in KINDS:
        if kind.file == problem.file and number and (kind.alone or (listed and listed["key"] == kind.key)):
            try:
                rows = tomlfile.parse(stage / kind.file, file=kind.file).get(kind.key, [])
                return refusals.place(kind, kinds.title(rows[number - 1]))
            except (GeoError, IndexError, AttributeError):
                break
    return Text(da=problem.file, en=problem.file)
