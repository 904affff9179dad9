"""Taking entries into the catalogue's files: comments and order of what stands there are kept, and nothing is replaced in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from geo.errors import InputError, Problem
from geo.files import limits, tomlfile, transaction
from geo.files.tables import reading
from geo.files.workspace import Workspace
from geo.inputs import catalogue
from geo.inputs.entries import checking, documents, kinds, rows
from geo.inputs.entries.kinds import EntryKind
from geo.inputs.entries.rows import KINDS, EntryRow
from geo.inputs.tables import areanames

_FORMS: Final[Mapping[str, str]] = {"plans": "plan", "lists": "list", "hotspots": "hotspot"}
"""For each kind of table the kind of entry that its rows are."""


@dataclass(frozen=True)
class ImportedEntries:
    """What an import did to a file of the catalogue. replaced: from and to, a line a field."""

    path: str
    added: tuple[str, ...]
    same: tuple[str, ...]
    replaced: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.path}: {len(self.added)} added, {len(self.same)} as before", *(f"  {note}" for note in self.notes)]
        return "\n".join([*lines, *(f"  added {name}" for name in self.added), *(f"  replaced {line}" for line in self.replaced)])


def take(  # noqa: PLR0913  the table, and what a person says of it
    workspace: Workspace, kind: str, path: Path, *, fixed: Mapping[str, str] | None = None, sheet: str = "", replacing: bool = False
) -> ImportedEntries:
    """Take a table of plans, lists or hotspots into the catalogue. kind: one of `rows.KINDS`.

    fixed: fields that are the same for every row and stand in no column. sheet: of a workbook. replacing: that an entry which is there
    with other content is replaced; else it is refused. One process at a time writes in a workspace, and what it compares with is what
    stands there then; the whole catalogue is checked before the file is placed. Raises InputError with the rows of the user's file,
    and CatalogueError with what would be wrong with the catalogue.
    """
    if kind not in KINDS:
        raise InputError(Problem(path.name, "no such kind of entry", found=repr(kind), expected=", ".join(KINDS)))
    of = kinds.of(_FORMS[kind])
    table = reading.read(path, file=path.name, sheet=sheet)
    with transaction.staging(workspace.folder) as stage:
        known = catalogue.read(workspace.data, workspace.boundaries)
        made = rows.entries(kind, table, fixed or {}, known, areanames.read(workspace.boundaries, known.area_sets))
        _check(made, of, path.name)
        before = limits.content(workspace.folder / of.file, file=of.file, setting="catalogue_mb").decode("utf-8")
        standing = tomlfile.parse(workspace.folder / of.file, file=of.file).get(of.key, [])
        there = {_key(entry): (place, entry) for place, entry in enumerate(standing)}
        new = [row for row in made if _key(row.entry) not in there]
        changed = [row for row in made if _key(row.entry) in there and there[_key(row.entry)][1] != row.entry]
        if changed and not replacing:
            raise InputError([_other(row, there[_key(row.entry)][1], path.name) for row in changed])
        text = before
        for row in (*changed, *new):
            place, _ = there.get(_key(row.entry), (None, None))
            text = documents.rewritten(text, of.key, place, row.entry, file=of.file)
        if text != before:
            checking.lay_out(workspace, stage, of.file, text)
            catalogue.read(stage / "data", stage / "boundaries")
            transaction.decide(workspace.folder, stage)
    same = [_key(row.entry) for row in made if row not in new and row not in changed]
    replaced = [line for row in changed for line in _differences(_key(row.entry), there[_key(row.entry)][1], row.entry)]
    return ImportedEntries(of.file, tuple(_key(row.entry) for row in new), tuple(same), tuple(replaced), table.notes)


def fixed_fields(said: Sequence[str]) -> dict[str, str]:
    """Return fields and their texts, said as `field=text`. Raises InputError for one without a text, or said twice."""
    pairs: dict[str, str] = {}
    for each in said:
        name, mark, text = (part.strip() for part in each.partition("="))
        if not (name and mark and text) or name in pairs:
            what = "a field that is said twice" if name in pairs else "no field with a text"
            raise InputError(Problem("--fixed", what, found=repr(each[:80]), expected="FIELD=TEXT, each field once"))
        pairs[name] = text
    return pairs


def _key(entry: Mapping[str, Any]) -> str:
    """By what an entry is known: its id, or the area of a hotspot."""
    return str(entry["id"]) if "id" in entry else f"{entry['area'].get('area_set', '')} {entry['area'].get('area_id', '')}"


def _check(made: list[EntryRow], of: EntryKind, file: str) -> None:
    """Raise InputError for entries that are none of the type, and for two of one id, in the rows of the user's file."""
    _, problems = tomlfile.entries({"entry": [row.entry for row in made]}, "entry", of.type, file=file)
    problems = [replace(problem, row=made[problem.row - 1].row if problem.row else None) for problem in problems]
    first: dict[str, int] = {}
    for row in made:
        if first.setdefault(_key(row.entry), row.row) != row.row:
            expected = f"an id of its own; row {first[_key(row.entry)]} has it too"
            problems.append(Problem(file, "an id that stands twice", row.row, "id", repr(_key(row.entry)), expected))
    if problems:
        raise InputError(problems)


def _other(row: EntryRow, there: Mapping[str, Any], file: str) -> Problem:
    described = "; ".join(_differences(_key(row.entry), there, row.entry))
    expected = "--replace, which puts these rows in its place; or another id"
    return Problem(file, "an entry that is there with other content", row.row, "id", described, expected)


def _differences(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What a replaced entry said and says, field by field."""
    for part in dict.fromkeys((*before, *after)):
        if before.get(part) != after.get(part):
            yield f"{name}, {part}: {_shown(before.get(part))} -> {_shown(after.get(part))}"


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)
