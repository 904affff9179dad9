"""What people write on a page of a review, as values. One way in: flat fields, text only; nothing is cut and nothing is run.

A field has a path: `note`, or `actions/<row id>/text` for the rows of a list. Forms, drafts, merging and history all speak of
paths, so that two people who wrote in different fields never meet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from geo.errors import InputError, Problem
from geo.model.efforts.effort import StatusFields
from geo.model.vocabulary import Value

LONG: Final = 20_000
"""Letters that one field may hold; a spreadsheet's cell holds 32,767."""
ROWS: Final = 100
"""Rows that one list may hold."""


class Action(Value, frozen=True, kw_only=True):
    """Something to do, by whom, before when. status: a word of ACTION_STATUS or ""."""

    id: str
    text: str = ""
    owner: str = ""
    due: str = ""
    status: str = ""


class Money(Value, frozen=True, kw_only=True):
    """Co-financing as the team typed it in. unit: `kr` or `hours`; the amounts are text until `checks` reads them."""

    id: str
    what: str = ""
    unit: str = ""
    promised: str = ""
    delivered: str = ""
    source: str = ""


class Initiative(Value, frozen=True, kw_only=True):
    """An initiative of the hotspot programme. theme: the theme's number as text."""

    id: str
    theme: str = ""
    name: str = ""
    status: str = ""
    staff: str = ""
    note: str = ""


class Approval(Value, frozen=True, kw_only=True):
    """A change of the programme that the political steering group (følgegruppen) approved. on: the day, as YYYY-MM-DD."""

    id: str
    on: str = ""
    text: str = ""


class Writing(StatusFields, frozen=True, kw_only=True):
    """All that people wrote on one page. followup: what became of the last decision; ready: "yes" when the team is done here.

    The fields of a status form are `status` and those of StatusFields; it has no others.
    """

    note: str = ""
    followup: str = ""
    decision: str = ""
    owner: str = ""
    due: str = ""
    ready: str = ""
    actions: tuple[Action, ...] = ()
    money: tuple[Money, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    approvals: tuple[Approval, ...] = ()
    status: str = ""


ROW_TYPES: Final[Mapping[str, type[Action | Money | Initiative | Approval]]] = {
    "actions": Action,
    "money": Money,
    "initiatives": Initiative,
    "approvals": Approval,
}
"""The lists of a page and what their rows are."""

SINGLE: Final = tuple(field.name for field in msgspec.structs.fields(Writing) if field.name not in ROW_TYPES)
"""Fields that a page has once."""

FORM: Final = (*(field.name for field in msgspec.structs.fields(StatusFields)), "status")
"""The nine fields of a status form, in the order of the papers."""

IN_ROW: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(field.name for field in msgspec.structs.fields(kind) if field.name != "id") for name, kind in ROW_TYPES.items()
}
"""Fields of a row of each list."""

_ROW_ID: Final = re.compile(r"[a-z0-9]{1,32}")
_OVERRIDES: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029]")


def plain(text: str) -> str:
    """Text as it is kept: lines end in LF; what cannot be seen and changes what is seen is written out, so that nobody is misled.

    Control characters become their pictures (NUL is shown as ␀), characters that turn the direction of text become `[U+202E]`, halves of
    a surrogate pair become �. Everything else, emoji and all scripts included, stays as it was typed.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = _CONTROLS.sub(lambda match: _picture(match[0]), lines)
    return _OVERRIDES.sub(lambda match: f"[U+{ord(match[0]):04X}]", shown)


def _picture(letter: str) -> str:
    if letter in "\u2028\u2029":
        return "\n"
    if ord(letter) < 0x20:
        return chr(0x2400 + ord(letter))
    return "␡" if letter == "\x7f" else "�"


def read(fields: Mapping[str, object], *, form: bool = False) -> Writing:
    """Make a page's writing of flat fields (path -> text); rows stand in the order of their first field, empty rows are left out.

    form: whether it is a status form, which has its nine fields and no other; a page of a review has all but them.

    Raises InputError with every field that the page does not have, is not text, or is too long, and every list with too many rows.
    """
    own = {path: text for path, text in fields.items() if _is_path(path) and (path in FORM) is form}
    known = {path: plain(text) for path, text in own.items() if isinstance(text, str)}
    problems = [Problem("", "no such field", column=path[:80]) for path in fields if path not in known]
    problems += _too_long(known)
    made = restore(known)
    problems += [
        Problem("", "too many rows", column=name, found=str(len(rows)), expected=str(ROWS))
        for name in ROW_TYPES
        if len(rows := getattr(made, name)) > ROWS
    ]
    if problems:
        raise InputError(problems)
    return made


def check_length(fields: Mapping[str, str]) -> None:
    """Raise InputError with every field that is too long."""
    if problems := _too_long(fields):
        raise InputError(problems)


def _too_long(fields: Mapping[str, str]) -> list[Problem]:
    return [
        Problem("", "too long", column=path, found=str(len(text)), expected=str(LONG)) for path, text in fields.items() if len(text) > LONG
    ]


def typed(fields: Mapping[str, str]) -> Writing:
    """Make a writing of whatever was typed, however long, to show it once more; what no page has is left out."""
    return restore({path: plain(text) for path, text in fields.items() if _is_path(path)})


def flat(writing: Writing) -> dict[str, str]:
    """All fields by their path; rows in their order, every field of a row, empty ones too."""
    fields = {name: str(getattr(writing, name)) for name in SINGLE}
    for name in ROW_TYPES:
        for row in getattr(writing, name):
            fields |= {f"{name}/{row.id}/{field}": getattr(row, field) for field in IN_ROW[name]}
    return fields


def restore(fields: Mapping[str, str]) -> Writing:
    """Make a writing of known flat fields: the inverse of `flat`, but for rows that are all empty."""
    single = {name: fields[name] for name in SINGLE if name in fields}
    return Writing(**single, **{name: _rows(name, fields) for name in ROW_TYPES})  # type: ignore[arg-type]


def decode(text: str) -> Writing:
    """Read a writing as it is kept."""
    return msgspec.json.decode(text, type=Writing)


def encode(writing: Writing) -> str:
    """Write a writing as it is kept: JSON with sorted names, so that the same words have the same bytes."""
    return msgspec.json.encode(writing, order="sorted").decode()


def letters(text: str) -> str:
    """A name to sort or compare by: NFKC, without case."""
    return unicodedata.normalize("NFKC", text).casefold()


def _rows(name: str, fields: Mapping[str, str]) -> tuple[object, ...]:
    numbers = dict.fromkeys(path.split("/")[1] for path in fields if path.startswith(f"{name}/"))
    rows = (_row(name, row_id, fields) for row_id in numbers)
    return tuple(row for row in rows if any(getattr(row, field).strip() for field in IN_ROW[name]))


def _row(name: str, id: str, fields: Mapping[str, str]) -> object:
    return ROW_TYPES[name](id=id, **{field: fields.get(f"{name}/{id}/{field}", "") for field in IN_ROW[name]})


def _is_path(path: object) -> bool:
    if not isinstance(path, str) or path in SINGLE:
        return isinstance(path, str)
    parts = path.split("/")
    return len(parts) == 3 and parts[2] in IN_ROW.get(parts[0], ()) and bool(_ROW_ID.fullmatch(parts[1]))


def rows_of(fields: Iterable[str]) -> set[str]:
    """The rows, as `<list>/<row id>`, that flat fields speak of."""
    return {path.rsplit("/", 1)[0] for path in fields if "/" in path}
