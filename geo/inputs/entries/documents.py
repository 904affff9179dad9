"""The text of a TOML file with one entry added, changed or removed; comments, order and form of the rest are kept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, InlineTable, Item, Table, Whitespace

from geo.errors import CatalogueError, Problem

_LINE: Final = 320
"""Letters that a table on one line has at most; longer ones get a heading of their own, a field a line."""
_BOM: Final = "\ufeff"


def rewritten(text: str, key: str, place: int | None, entry: Mapping[str, Any] | None, *, file: str) -> str:
    """Return the text with an entry of the list `[[key]]` changed.

    place: the number of the entry from 0, None to add one. entry: what shall stand there, None to remove it. The text that comes back
    is read again: it says what the old one said but for this entry. Raises CatalogueError for a file that cannot be changed so.
    """
    bare = text.removeprefix(_BOM)
    wanted = tomllib.loads(bare)
    rows = list(wanted.get(key, []))
    if place is None:
        rows.append(entry)
    elif entry is None:
        del rows[place]
    else:
        rows[place] = entry
    for write in (_in_place, _anew):
        try:
            after = write(bare, key, place, entry)
        except (TOMLKitError, TypeError, ValueError, KeyError, AttributeError, IndexError):
            continue
        if "\r\n" in bare:
            after = after.replace("\r\n", "\n").replace("\n", "\r\n")
        if _says(after, {**wanted, key: rows}):
            return (_BOM if text.startswith(_BOM) else "") + after
    raise CatalogueError(Problem(file, "the file cannot be written this way", expected=f"[[{key}]] in its usual form"))


def _says(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        read = tomllib.loads(text)
    except ValueError:
        return False
    return {name: value for name, value in read.items() if value != []} == {name: value for name, value in wanted.items() if value != []}


def _in_place(text: str, key: str, place: int | None, entry: Mapping[str, Any] | None) -> str:
    """Change only the fields that differ; comments inside the entry stay."""
    ending = text.endswith("\n") and not text.endswith("\n\n")
    document = tomlkit.parse(text + "\n" if ending and place is None and _is_last(text, key) else text)
    rows = _list(document, key)
    if place is None:
        rows.append(_table(entry or {}))
    elif entry is None:
        del rows[place]
    else:
        before = rows[place].unwrap()
        _update(rows[place], before, entry)
    after = tomlkit.dumps(document)
    return after.rstrip("\n") + "\n" if ending else after


def _is_last(text: str, key: str) -> bool:
    """Whether the last heading of a file is of the list, so that a new entry follows the last line."""
    headings = re.findall(r"^[ \t]*\[+[ \t]*([^\]\s]+)", text, re.MULTILINE)
    return bool(headings) and headings[-1].partition(".")[0] == key


def _anew(text: str, key: str, place: int | None, entry: Mapping[str, Any] | None) -> str:
    """Write the entry anew in its place: comments inside it are lost, those around it stay."""
    if place is None or entry is None:
        raise ValueError
    document = tomlkit.parse(text)
    rows = _list(document, key)
    for name in list(rows[place]):
        rows[place].remove(name)
    for name, value in entry.items():
        rows[place].add(name, _item(value))
    return tomlkit.dumps(document)


def _list(document: Container, key: str) -> Any:
    """The list of tables under a key; made at the end of the file where there is none, or an empty one on a line."""
    there = document.get(key)
    if isinstance(there, AoT) or (isinstance(there, Array) and len(there)):
        return there
    if there is not None:
        document.remove(key)
    document.append(key, tomlkit.aot())
    return document[key]


def _update(there: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    for name in [name for name in before if name not in after]:
        there.remove(name)
    for name, value in after.items():
        if name not in before:
            there.add(name, _item(value))
        elif not _same(before[name], value):
            _replace(there, name, before[name], value)


def _replace(there: Any, name: str, before: Any, after: Any) -> None:
    inner = there[name]
    if isinstance(before, dict) and isinstance(after, dict):
        _update(inner, before, after)
    elif isinstance(before, list) and isinstance(after, list) and _tables(before) and _tables(after):
        _update_rows(inner, before, after)
    else:
        there[name] = _item(after)


def _update_rows(rows: Any, before: Sequence[Any], after: Sequence[Any]) -> None:
    """Change the entries of a list inside an entry: those that stay the same keep their place and comments."""
    spare = max(len(before) - len(after), 0)
    gone = [number for number, row in enumerate(before) if row not in after][:spare]
    for number in reversed(gone):
        del rows[number]
    left = [row for number, row in enumerate(before) if number not in gone]
    for number in range(len(left) - 1, len(after) - 1, -1):
        del rows[number]
    for number, row in enumerate(after):
        if number >= len(left):
            rows.append(_table(row) if isinstance(rows, AoT) else _inline(row))
        elif not _same(left[number], row):
            _update(rows[number], left[number], row)


def _tables(rows: Sequence[Any]) -> bool:
    return bool(rows) and all(isinstance(row, dict) for row in rows)


def _same(before: Any, after: Any) -> bool:
    return type(before) is type(after) and bool(before == after)


# --- what is new ------------------------------------------------------------------------------------------------------


def _table(entry: Mapping[str, Any]) -> Table:
    """A new entry as the files have them: first what fits on a line, then what has a heading of its own, an empty line after it."""
    made = tomlkit.table()
    for name, value in sorted(entry.items(), key=lambda item: _headed(item[1])):
        made.add(name, _item(value))
    made.add(Whitespace("\n"))
    return made


def _headed(value: Any) -> bool:
    """Whether a value has a heading of its own: a table that is too long for a line, or a list of such."""
    if isinstance(value, dict):
        return len(_inline(value).as_string()) > _LINE
    return isinstance(value, list) and _tables(value) and any(_headed(row) for row in value)


def _item(value: Any) -> Item:
    if isinstance(value, dict):
        if not _headed(value):
            return _inline(value)
        made = tomlkit.table()
        for name, part in sorted(value.items(), key=lambda item: _headed(item[1])):
            made.add(name, _item(part))
        return made
    if isinstance(value, list):
        return _items(value)
    return tomlkit.item(value.replace("\r\n", "\n") if isinstance(value, str) else value)


def _items(values: Sequence[Any]) -> Item:
    if _tables(values) and any(_headed(row) for row in values):
        made = tomlkit.aot()
        for row in values:
            made.append(_item(row) if _headed(row) else _table(row))
        return made
    array = tomlkit.array()
    array.extend(_inline(part) if isinstance(part, dict) else part for part in values)
    return array.multiline(_tables(values) and len(values) > 1)


def _inline(value: Mapping[str, Any]) -> InlineTable:
    """A table on one line, with a space inside its braces as people write it."""
    parts = ", ".join(f"{tomlkit.key(name).as_string()} = {_item_on_a_line(part).as_string()}" for name, part in value.items())
    return cast("InlineTable", tomlkit.value(f"{{ {parts} }}" if parts else "{}"))


def _item_on_a_line(value: Any) -> Item:
    if isinstance(value, dict):
        return _inline(value)
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(_inline(part) if isinstance(part, dict) else part for part in value)
        return array
    return cast("Item", tomlkit.item(value))
