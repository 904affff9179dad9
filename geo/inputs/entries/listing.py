"""Everything that pages of the forms show, read from a workspace's files: forms, the entries filled in, and what may be chosen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from geo.errors import GeoError
from geo.files import tomlfile
from geo.files.workspace import Workspace
from geo.inputs import boundaries
from geo.inputs.entries import fields, kinds, typed
from geo.model.forms.described import EntryForm, FieldChoice, FormsFile, WrittenEntry
from geo.model.vocabulary import Text

_REFERRED = {
    "sources": "source", "indicators": "indicator", "rules": "rule", "lists": "list", "goals": "goal", "efforts": "effort",
    "dimensions": "dimension",
}  # fmt: skip
"""What fields refer to, and the kind of entry that is meant."""


def read(workspace: Workspace) -> FormsFile:
    """Return all forms and entries of a workspace. A file that cannot be read has no entries, and `faulty` says why."""
    entries: dict[str, tuple[WrittenEntry, ...]] = {}
    faulty: dict[str, str] = {}
    for form in fields.forms():
        kind = kinds.of(form.kind)
        if kind.optional and not (workspace.folder / kind.file).exists():
            entries[kind.id] = ()
            continue
        try:
            rows = tomlfile.parse(workspace.folder / kind.file, file=kind.file).get(kind.key, [])
            entries[kind.id] = tuple(_entries(form, [row for row in rows if isinstance(row, dict)]))
        except GeoError as error:
            faulty[kind.id] = str(error)
    choices = {refers: tuple(_choice(entry) for entry in entries.get(kind, ())) for refers, kind in _REFERRED.items()}
    choices |= {"area_sets": tuple(_area_sets(workspace)), "areas": tuple(_areas(workspace)), "charts": tuple(_charts(workspace))}
    return FormsFile(forms=fields.forms(), entries=entries, choices=choices, faulty=faulty)


def _entries(form: EntryForm, rows: list[dict[str, Any]]) -> Iterator[WrittenEntry]:
    for name, row in zip(kinds.ids(rows), rows, strict=True):
        yield WrittenEntry(id=name, title=kinds.title(row), sha256=typed.sha256(row), values=typed.filled(row, form.fields))


def _choice(entry: WrittenEntry) -> FieldChoice:
    words = [entry.values.get(f"name.{language}", (entry.title,))[0] for language in ("da", "en")]
    return FieldChoice(value=entry.id, label=Text(da=words[0], en=words[1]))


def _area_sets(workspace: Workspace) -> Iterator[FieldChoice]:
    yield from (FieldChoice(value=row["id"], label=_words(row)) for row in _rows(workspace, "boundaries/sets.toml", "area_set"))


def _charts(workspace: Workspace) -> Iterator[FieldChoice]:
    yield from (FieldChoice(value=row["id"], label=_words(row)) for row in _rows(workspace, "data/plans.toml", "charts"))


def _rows(workspace: Workspace, file: str, key: str) -> list[dict[str, Any]]:
    try:
        rows = tomlfile.parse(workspace.folder / file, file=file).get(key, [])
    except GeoError:
        return []
    return [row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]


def _words(row: Mapping[str, Any]) -> Text:
    words = row.get("name")
    there = isinstance(words, Mapping) and all(isinstance(words.get(language), str) for language in ("da", "en"))
    return Text(da=words["da"], en=words["en"]) if words and there else Text(da=row["id"], en=row["id"])


def _areas(workspace: Workspace) -> Iterator[FieldChoice]:
    """Every area by its code, of all editions of its set; the name is that of the newest."""
    for row in _rows(workspace, "boundaries/sets.toml", "area_set"):
        names: dict[str, str] = {}
        for path in boundaries.editions(workspace.boundaries, row["id"]):
            try:
                features = json.loads(path.read_bytes())["features"]
                names |= {str(each["properties"]["area_id"]): str(each["properties"]["name"]) for each in features}
            except (OSError, ValueError, KeyError, TypeError):
                continue
        if row.get("role", "areas") == "areas":
            yield from (FieldChoice(value=code, label=Text(da=name, en=name), of=row["id"]) for code, name in sorted(names.items()))
