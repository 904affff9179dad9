"""Taking entries into the catalogue's files: comments and order of what stands there are kept, and nothing is replaced in silence."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import tomlkit
from tomlkit.items import AoT, InlineTable, Table

from geo.errors import CatalogueError, InputError, Problem
from geo.files import limits, tomlfile, transaction
from geo.files.tables import reading
from geo.files.workspace import Workspace
from geo.inputs import catalogue
from geo.inputs.entries import rows
from geo.inputs.entries.rows import KINDS, EntryRow
from geo.inputs.tables import areanames
from geo.model.catalogue import ListEdition
from geo.model.programmes import HotspotArea, Plan

_FILES: Final[Mapping[str, tuple[str, str, type[Any]]]] = {
    "plans": ("data/plans.toml", "plans", Plan),
    "lists": ("data/lists.toml", "list", ListEdition),
    "hotspots": ("data/hotspots.toml", "areas", HotspotArea),
}
"""For each kind its file, the list in it, and the type of an entry."""


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
    with other content is replaced; else it is refused. The whole catalogue is checked before the file is placed. Raises InputError with
    the rows of the user's file, and CatalogueError with what would be wrong with the catalogue.
    """
    if kind not in KINDS:
        raise InputError(Problem(path.name, "no such kind of entry", found=repr(kind), expected=", ".join(KINDS)))
    file, key, of_type = _FILES[kind]
    known = catalogue.read(workspace.data, workspace.boundaries)
    areas = areanames.read(workspace.boundaries, known.area_sets)
    table = reading.read(path, file=path.name, sheet=sheet)
    made = rows.entries(kind, table, fixed or {}, known, areas)
    _check(made, of_type, path.name)
    before = limits.content(workspace.folder / file, file=file, setting="catalogue_mb").decode("utf-8-sig")
    there = {_key(entry): entry for entry in tomllib.loads(before).get(key, [])}
    changed = [row for row in made if _key(row.entry) in there and there[_key(row.entry)] != row.entry]
    if changed and not replacing:
        raise InputError([_other(row, there[_key(row.entry)], path.name) for row in changed])
    new = [row for row in made if _key(row.entry) not in there]
    replaced = [line for row in changed for line in _differences(_key(row.entry), there[_key(row.entry)], row.entry)]
    same = [_key(row.entry) for row in made if _key(row.entry) in there and row not in changed]
    if new or changed:
        text = _written(before, key, [row.entry for row in new], {_key(row.entry): row.entry for row in changed}, file=file)
        transaction.place(
            workspace.folder, {file: text.encode()}, check=lambda staged: catalogue.read(staged / "data", workspace.boundaries)
        )
    return ImportedEntries(file, tuple(_key(row.entry) for row in new), tuple(same), tuple(replaced), table.notes)


def _key(entry: Mapping[str, Any]) -> str:
    """By what an entry is known: its id, or the area of a hotspot."""
    return str(entry["id"]) if "id" in entry else f"{entry['area'].get('area_set', '')} {entry['area'].get('area_id', '')}"


def _check(made: list[EntryRow], of_type: type[Any], file: str) -> None:
    """Raise InputError for entries that are none of the type, and for two of one id, in the rows of the user's file."""
    _, problems = tomlfile.entries({"entry": [row.entry for row in made]}, "entry", of_type, file=file)
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


def _written(before: str, key: str, new: list[dict[str, Any]], changed: Mapping[str, dict[str, Any]], *, file: str) -> str:
    """The file with its new and changed entries; the rest is as it was, byte for byte. Raises CatalogueError if it would not be."""
    document = tomlkit.parse(before)
    wanted = tomllib.loads(before)
    listed = document.get(key)
    if listed is None:
        listed = document[key] = tomlkit.aot()
        wanted[key] = []
    for place, entry in enumerate(listed):
        if _key(entry.unwrap()) in changed:
            _replace(listed, place, changed[_key(entry.unwrap())])
            wanted[key][place] = changed[_key(entry.unwrap())]
    for entry in new:
        listed.append(_table(entry))
        wanted[key].append(entry)
    text = tomlkit.dumps(document)
    if tomllib.loads(text) != wanted:
        what = "a file whose form does not let an entry be added without changing others"
        raise CatalogueError(Problem(file, what, expected=f"the entries of [[{key}]] together, below the others"))
    return text


def _replace(listed: AoT, place: int, entry: Mapping[str, Any]) -> None:
    """Change one table of a list in its place: fields that are as they were keep their form and their comments."""
    there = listed[place]
    for part in [name for name in there if name not in entry]:
        there.remove(part)
    for part, value in entry.items():
        if part not in there or there[part].unwrap() != value:
            there[part] = _item(value)


def _table(entry: Mapping[str, Any]) -> Table:
    made = tomlkit.table()
    for part, value in entry.items():
        made.add(part, _item(value))
    made.add(tomlkit.nl())
    return made


def _item(value: Any) -> Any:
    """A value as the catalogue's files write it: tables in a line, a list of several one an entry."""
    if isinstance(value, dict):
        return _inline(value)
    if isinstance(value, list):
        made = tomlkit.array()
        made.extend([_item(part) for part in value])
        return made.multiline(len(value) > 1)
    return value


def _inline(value: Mapping[str, Any]) -> InlineTable:
    made = tomlkit.inline_table()
    for part, inner in value.items():
        made.append(part, _item(inner))
    return made
