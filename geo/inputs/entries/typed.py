"""From an entry as TOML holds it to the texts in its form, and back. What nobody changed in a form stays as it was written."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from geo.inputs.entries.refusals import words_of
from geo.model import periods
from geo.model.forms.described import FormField, Typed
from geo.model.forms.proposed import FieldProblem

YES: Final = "yes"
REMOVED: Final = "remove"
"""The box of an entry in a list that says that it shall go: `definitions[2].remove`."""

_MISSING: Final = object()
_NUMBER: Final = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
_GROUPED: Final = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_SPACES: Final = re.compile(r"(?<=[0-9])[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}](?=[0-9]{3})")
_LARGEST: Final = 18
"""Digits of a number that somebody types; more do not fit in a file."""


def sha256(entry: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an entry's content, whatever its file looks like."""
    return hashlib.sha256(msgspec.json.encode(entry, order="sorted")).hexdigest()


def plain(texts: Sequence[str]) -> tuple[str, ...]:
    """Return texts as they are compared: ends of lines as one sign, no space around them, empty ones left out."""
    cleaned = (text.replace("\r\n", "\n").replace("\r", "\n").strip() for text in texts)
    return tuple(text for text in cleaned if text)


def cleaned(values: Mapping[str, Sequence[str]]) -> Typed:
    """Return the values of a form without what is empty."""
    return {name: texts for name, given in values.items() if (texts := plain(given))}


# --- to a form --------------------------------------------------------------------------------------------------------


def filled(entry: object, fields: Sequence[FormField], prefix: str = "") -> Typed:
    """Return the form of an entry filled in. entry: a table of a parsed TOML file; what does not fit the form is left out."""
    values: Typed = {}
    if isinstance(entry, Mapping):
        for of in fields:
            values |= _filled(entry.get(of.name, _MISSING), of, prefix + of.name)
    return values


def _filled(value: object, of: FormField, path: str) -> Typed:  # noqa: PLR0911 - one for each kind of field
    if of.kind == "yes":
        return {path: (YES,)} if (of.default == YES if value is _MISSING else value is True) else {}
    if value is _MISSING:
        return {}
    if of.kind == "texts":
        return cleaned({f"{path}.{language}": (text,) for language, text in _table(value).items() if isinstance(text, str)})
    if of.kind == "group":
        return filled(value, of.fields, f"{path}.")
    if of.kind in ("entries", "pairs"):
        rows: Sequence[object] = value if isinstance(value, list) else ()
        if of.kind == "pairs":
            rows = [{"key": key, "value": inner} for key, inner in _table(value).items()]
        return {name: texts for number, row in enumerate(rows, 1) for name, texts in filled(row, of.fields, f"{path}[{number}].").items()}
    if of.kind == "several":
        return cleaned({path: [_text(part) for part in value] if isinstance(value, list) else [_text(value)]})
    return cleaned({path: (_text(value),)})


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)


# --- from a form ------------------------------------------------------------------------------------------------------


@dataclass
class FormEntry:
    """An entry made of a form.

    places: for paths of the entry, those of the form where they differ, because entries of a list were taken out.
    """

    entry: dict[str, Any] = field(default_factory=dict)
    problems: list[FieldProblem] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def in_form(self, path: str) -> str:
        """Return the path in the form of a path in the entry."""
        fitting = [made for made in self.places if path == made or path.startswith(f"{made}.")]
        longest = max(fitting, key=len, default="")
        return self.places[longest] + path.removeprefix(longest) if longest else path


def built(values: Typed, fields: Sequence[FormField], opened: Mapping[str, Any] | None) -> FormEntry:
    """Make an entry of the values of a form. opened: the entry as it stands in its file, None for a new one.

    A field that says what it said keeps the value of the file, with its type; fields that no form has are kept.
    """
    made = FormEntry()
    made.entry = _inside(values, fields, opened if opened is not None else _MISSING, ("", ""), made)
    return made


_Paths = tuple[str, str]
"""The beginning of paths in the form, and of those in the entry that is made."""


def _inside(values: Typed, fields: Sequence[FormField], opened: object, paths: _Paths, made: FormEntry) -> dict[str, Any]:
    entry = dict(_table(opened))
    for of in fields:
        before = entry.get(of.name, _MISSING)
        after = _value(values, of, before, (paths[0] + of.name, paths[1] + of.name), made)
        if after is _MISSING:
            entry.pop(of.name, None)
        else:
            entry[of.name] = after
    return entry


def _value(values: Typed, of: FormField, before: object, paths: _Paths, made: FormEntry) -> object:
    path = paths[0]
    mine = {name: texts for name, texts in values.items() if name == path or name.startswith((f"{path}.", f"{path}["))}
    if mine == _filled(before, of, path) and (before is not _MISSING or not of.required or of.kind != "group"):
        return before
    if of.kind in _LEAVES:
        return _leaf(mine.get(path, ()), of, path, made)
    if of.kind == "texts":
        table = {language: mine[f"{path}.{language}"][0] for language in ("da", "en") if f"{path}.{language}" in mine}
        return table or _MISSING
    if of.kind == "group":
        group = _inside(mine, of.fields, before, (f"{path}.", f"{paths[1]}."), made)
        return group if mine or of.required else _MISSING
    if of.kind == "pairs":
        return _pairs(mine, of, before, paths, made)
    rows = _rows(mine, of, before if isinstance(before, list) else [], paths, made)
    return rows if rows or of.required else _MISSING


def _rows(mine: Typed, of: FormField, before: Sequence[object], paths: _Paths, made: FormEntry) -> list[dict[str, Any]]:
    """The entries of a list in a form, without those that are empty or shall go; where they land is noted in `places`."""
    path, rows = paths[0], list[dict[str, Any]]()
    for number in numbers(mine, path):
        here = f"{path}[{number}]"
        if f"{here}.{REMOVED}" in mine:
            continue
        landed = f"{paths[1]}[{len(rows) + 1}]"
        made.places[landed] = here
        old = before[number - 1] if number <= len(before) else _MISSING
        rows.append(_inside(mine, of.fields, old, (f"{here}.", f"{landed}."), made))
    if len(rows) > of.most:
        made.problems.append(
            FieldProblem(field=path, what=words_of("too many entries"), given=str(len(rows)), expected=words_of(str(of.most)))
        )
    return rows


def _pairs(mine: Typed, of: FormField, before: object, paths: _Paths, made: FormEntry) -> object:
    old = [{"key": key, "value": inner} for key, inner in _table(before).items()]
    table: dict[str, Any] = {}
    for row in _rows(mine, of, old, paths, made):
        key = row.get("key", "")
        if not key or "value" not in row or key in table:
            what = "a name that stands twice" if key in table else "half of a pair"
            made.problems.append(FieldProblem(field=paths[0], what=words_of(what), given=str(key or row.get("value", ""))))
        else:
            table[key] = row["value"]
    return table or _MISSING


def numbers(values: Typed, path: str) -> list[int]:
    """Return the numbers of the entries that the list at a path has in a form, in order."""
    form = re.compile(rf"{re.escape(path)}\[([1-9][0-9]{{0,5}})\]\..+")
    return sorted({int(match[1]) for name in values if (match := form.fullmatch(name))})


def _leaf(texts: Sequence[str], of: FormField, path: str, made: FormEntry) -> object:
    if of.kind == "yes":
        return YES in texts
    if of.kind == "several":
        parts = [part for text in texts for part in plain(text.split("\n"))]
        read = [_read(part, of, path, made) for part in parts]
        return read if read or of.required else _MISSING
    return _read(texts[0], of, path, made) if texts else _MISSING


def _read(text: str, of: FormField, path: str, made: FormEntry) -> object:
    if of.kind == "number" or (of.kind == "several" and of.whole):
        return _number(text, path, made, whole=of.whole)
    if of.kind == "day":
        return _day(text, path, made)
    if of.loose and _NUMBER.fullmatch(_SPACES.sub("", text)):
        return _number(text, path, made, whole=False)
    return text


def _number(text: str, path: str, made: FormEntry, *, whole: bool) -> object:
    """A number as people write it: a comma or a point before decimals, spaces between thousands; what has two readings is asked about."""
    written = _SPACES.sub("", text).replace("\N{MINUS SIGN}", "-")
    what = ""
    if not _NUMBER.fullmatch(written) or len(written) > _LARGEST:
        what = "not a whole number" if whole else "not a number"
    elif _GROUPED.fullmatch(written):
        what = "a number with two readings"
    elif whole and not written.lstrip("-").isdigit():
        what = "not a whole number"
    if what:
        expected = words_of(f"{written.replace('.', '').replace(',', '')}") if what == "a number with two readings" else None
        made.problems.append(FieldProblem(field=path, what=words_of(what), given=text[:80], expected=expected))
        return text
    written = written.replace(",", ".")
    return float(written) if "." in written else int(written)


def _day(text: str, path: str, made: FormEntry) -> object:
    span = periods.read(text)
    if span is None or span.first != span.last:
        made.problems.append(FieldProblem(field=path, what=words_of("not a day"), given=text[:80], expected=words_of("a day")))
        return text
    return span.first


_LEAVES: Final = frozenset({"words", "number", "day", "period", "choice", "yes", "reference", "several"})
