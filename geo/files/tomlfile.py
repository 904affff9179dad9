"""TOML files that people wrote, turned into the types of the model. Everything that is wrong with a file is reported at once."""

from __future__ import annotations

import re
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from geo.errors import InputError, Problem
from geo.files import limits, signs

_T = TypeVar("_T")
_SHOWN: Final = 200
"""Letters of a faulty value that a message shows at most."""
_LINE: Final = re.compile(r"^(?P<what>.*?) \(at (?:line (?P<line>\d+)|end of document)")
_NO_WORD: Final = "Invalid enum value"
_ONE_OF: Final = "|one of|"
_NEEDED: Final = "|needed|"
_MOST: Final = 1e15
_NUMBER: Final = "a number from -1000000000000000 to 1000000000000000"
_FIELD: Final = re.compile(r"\.(da|en)$")
"""The language of a text in two: `name.da` is the field `name`."""
_EXPECTED: Final = re.compile(r"^Expected (?P<expected>.+?)(?:, got (?P<found>.+?))?(?: - at `.*)?$")
_Place = tuple[int | None, str]
"""The number of the entry (the first is 1; None for a file that is one entry) and the field inside it."""


def parse(path: Path, *, file: str) -> dict[str, Any]:
    """Parse a TOML file. A UTF-8 byte order mark is accepted: editors on Windows write one.

    Raises InputError with the line when the file is missing, not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(limits.content(path, file=file, setting="catalogue_mb").decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(Problem(file, "not UTF-8", row=line, found=f"byte 0x{error.object[error.start]:02X}", expected="UTF-8")) from None
    except RecursionError:
        raise InputError(Problem(file, "not TOML", found="lists in lists, too deep", expected="a TOML file")) from None
    except tomllib.TOMLDecodeError as error:  # a ValueError too, but with a better message
        match = _LINE.match(str(error))
        row = int(match["line"]) if match and match["line"] else None
        raise InputError(Problem(file, "not TOML", row=row, found=match["what"] if match else str(error))) from None
    except ValueError:
        raise InputError(Problem(file, "not TOML", found="a number with too many digits", expected="numbers that fit in 64 bits")) from None


def entries(written: Mapping[str, Any], key: str, kind: type[_T], *, file: str) -> tuple[tuple[_T, ...], list[Problem]]:
    """Convert the list `[[key]]` of a parsed file, each entry to `kind`.

    written: the parsed file. Returns the entries that are in order, and the problems of the others (row = number of the entry, from
    1).
    """
    problems = [Problem(file, "an unknown table", column=other, expected=f"[[{key}]]") for other in written if other != key]
    rows = written.get(key, [])
    if not isinstance(rows, list):
        return (), [*problems, Problem(file, "not a list of tables", column=key, expected=f"[[{key}]]")]
    good: list[_T] = []
    for number, row in enumerate(rows, 1):
        faulty = [_problem(file, (number, place), text, value) for place, text, value in faults(row, kind)]
        problems += faulty
        if not faulty:
            good.append(msgspec.convert(row, kind))
    return tuple(good), problems


def whole(written: Mapping[str, Any], kind: type[_T], *, file: str) -> tuple[_T | None, list[Problem]]:
    """Convert a parsed file that is a single entry of `kind`. Returns the entry, or None and the problems when it has faults."""
    problems = [_problem(file, (None, place), text, value) for place, text, value in faults(written, kind)]
    return (None, problems) if problems else (msgspec.convert(written, kind), [])


def faults(value: object, kind: Any, place: str = "") -> Iterator[tuple[str, str, object]]:
    """Find every fault of a value against a type: (field path, msgspec's message, the value found).

    msgspec stops at the first fault, so structs and tuples are walked here and only their leaves are left to it.
    """
    struct = _struct_in(kind)
    item = _item_of(kind)
    if struct is not None and isinstance(value, Mapping):
        yield from _struct_faults(value, struct, place)
    elif item is not None and isinstance(value, Sequence) and not isinstance(value, str):
        for number, part in enumerate(value, 1):
            yield from faults(part, item, f"{place}[{number}]")
    elif _too_large(value):
        yield place, "Expected a number that fits in 64 bits", value
    elif not signs.are_plain(value):
        yield place, f"Expected {signs.SEEN}", value
    elif _too_far(value):
        yield place, f"Expected {_NUMBER}", value
    elif isinstance(value, str) and (unfit := _unfit(value, place)):
        yield place, unfit, value
    else:
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            yield place, str(error) + (f"{_ONE_OF}{words}" if (words := _words_of(kind)) and _NO_WORD in str(error) else ""), value


def _too_large(value: object) -> bool:
    """Whether a whole number in a leaf does not fit in 64 bits: no file that we write could hold it."""
    if isinstance(value, Mapping):
        return any(_too_large(part) for part in value.values())
    if isinstance(value, (list, tuple)):
        return any(_too_large(part) for part in value)
    return isinstance(value, int) and not -(2**63) <= value < 2**63


def _too_far(value: object) -> bool:
    """Whether a number in a leaf is none that anybody counts or measures: not finite, or so large that nobody can write it out."""
    if isinstance(value, Mapping):
        return any(_too_far(part) for part in value.values())
    if isinstance(value, (list, tuple)):
        return any(_too_far(part) for part in value)
    return isinstance(value, float) and not abs(value) <= _MOST


def _unfit(text: str, place: str) -> str:
    """What is wrong with a text as a code, a name or an address of the web, by the field it stands in; "" when nothing is."""
    field = _FIELD.sub("", place).rpartition(".")[2]
    if field == "id" and not signs.is_code(text):
        return f"{signs.NO_CODE}{_NEEDED}{signs.CODE}"
    if field == "name" and not signs.is_name(text):
        return f"{signs.NO_NAME}{_NEEDED}{signs.NAME}"
    if field == "url" and not signs.is_link(text):
        return signs.NO_LINK
    return "" if signs.is_short(text) else f"{signs.TOO_LONG}{_NEEDED}{signs.LENGTH}"


def _struct_faults(value: Mapping[str, object], struct: type[msgspec.Struct], place: str) -> Iterator[tuple[str, str, object]]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    for name, part in value.items():
        where = f"{place}.{name}" if place else name
        if name in fields:
            yield from faults(part, fields[name].type, where)
        else:
            yield where, f"unknown field|{', '.join(fields)}", None
    for name, field in fields.items():
        if field.required and name not in value:
            yield (f"{place}.{name}" if place else name), "missing field|", None


def _struct_in(kind: Any) -> type[msgspec.Struct] | None:
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union else (kind,)
    return next((option for option in options if isinstance(option, type) and issubclass(option, msgspec.Struct)), None)


def _item_of(kind: Any) -> Any | None:
    """The item type of `tuple[X, ...]` when X is a struct: those are walked item by item."""
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple and len(arguments) == 2 and arguments[1] is Ellipsis and _struct_in(arguments[0]):
        return arguments[0]
    return None


def _words_of(kind: Any) -> str:
    """The closed list of words that a field may hold, "" for a field of another kind."""
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union else (kind,)
    for option in options:
        if typing.get_origin(option) is typing.Literal:
            return ", ".join(map(str, typing.get_args(option)))
        if isinstance(option, type) and issubclass(option, StrEnum):
            return ", ".join(option)
    return ""


def _short(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # a whole number of some thousand digits
        return "a number with too many digits"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _problem(file: str, place: _Place, text: str, value: object) -> Problem:
    row, column = place
    if "|" in text and value is None:
        what, expected = text.split("|", 1)
        return Problem(file, what, row=row, column=column, expected=expected and f"one of {expected}")
    text, _, needed = text.partition(_NEEDED)
    match = _EXPECTED.match(text)
    shown = "" if isinstance(value, (dict, list)) else _short(value)
    if match:
        return Problem(file, "a wrong value", row=row, column=column, found=shown, expected=match["expected"].replace("`", ""))
    said, _, words = text.partition(_ONE_OF)
    expected = needed or (words and f"one of {words}")
    return Problem(file, said.split(" - at ", maxsplit=1)[0], row=row, column=column, found=shown, expected=expected)
