"""Reading an observations CSV as it was typed: UTF-8 text with the declared header, where every field stays text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from geo.errors import InputError, Problem
from geo.files import limits
from geo.files.schema import HEADER, NUMBERS

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def read(path: Path, *, file: str) -> pd.DataFrame:
    """Read a CSV as text, every field as it was typed. A UTF-8 byte order mark is accepted.

    file: the name of the file in messages. Returns a table with the columns of the declared header; its index holds row numbers, the
    header being row 1. Raises InputError when the file is empty, is not text, is not UTF-8 or does not have the declared header.
    """
    content = limits.content(path, file=file, setting="table_mb")
    if not content.removeprefix(b"\xef\xbb\xbf").strip():
        raise InputError(Problem(file, "the file is empty", row=1, column=HEADER[0], expected=f"the header {','.join(HEADER)}"))
    if content.startswith(_UTF16):
        raise InputError(Problem(file, "not UTF-8", row=1, column=HEADER[0], found="UTF-16", expected="UTF-8"))
    if b"\0" in content:
        described = f"it begins with {content[:8]!r}"
        raise InputError(Problem(file, "the file is not text", row=1, column=HEADER[0], found=described, expected="CSV in UTF-8"))
    rows = _rows(_decode(content, file=file), file=file)
    _check_header(rows[0][1], file=file)
    body = [(number, row) for number, row in rows[1:] if any(row)]
    _check_widths(body, file=file)
    if not body:
        raise InputError(Problem(file, "a file without observations", row=2, column=HEADER[0], expected="at least one row"))
    return pd.DataFrame([row for _, row in body], columns=list(HEADER), index=[number for number, _ in body], dtype=str)


def _decode(content: bytes, *, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # `object` is what was decoded: without the byte order mark, if there was one.
        before = error.object[: error.start]
        line = before[before.rfind(b"\n") + 1 :]
        place = min(line.count(b","), len(HEADER) - 1)
        byte = error.object[error.start : error.start + 1]
        described = f"byte 0x{byte.hex().upper()}, in Latin-1 the letter {byte.decode('latin-1')!r}"
        problem = Problem(file, "not UTF-8", before.count(b"\n") + 1, HEADER[place], described, "UTF-8; save the file as UTF-8")
        raise InputError(problem) from None


def _rows(text: str, *, file: str) -> list[tuple[int, list[str]]]:
    """The records of a CSV with the line each ends on: a quoted field may run over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise InputError(Problem(file, "not CSV", row=reader.line_num, column=HEADER[0], found=str(error))) from None


def _check_header(header: Sequence[str], *, file: str) -> None:
    if tuple(header) == HEADER:
        return
    if len(header) == 1 and ";" in header[0]:
        raise InputError(Problem(file, "semicolons between the fields", row=1, column=HEADER[0], found=header[0], expected="commas"))
    twice = [name for name, times in Counter(header).items() if times > 1]
    missing = [name for name in HEADER if name not in header]
    unknown = [name for name in header if name not in HEADER]
    expected = ",".join(HEADER)
    if missing:
        problem = Problem(
            file, "a missing column", row=1, column=missing[0], found=",".join(header), expected=expected, more=len(missing) - 1
        )
    elif twice:
        problem = Problem(file, "a column that stands twice", row=1, column=twice[0], found=",".join(header), expected=expected)
    elif unknown:
        problem = Problem(file, "an unknown column", row=1, column=unknown[0], found=",".join(header), expected=expected)
    else:
        first = next(have for have, want in zip(header, HEADER, strict=False) if have != want)
        problem = Problem(file, "columns in another order", row=1, column=first, found=",".join(header), expected=expected)
    raise InputError(problem)


def _check_widths(body: Sequence[tuple[int, Sequence[str]]], *, file: str) -> None:
    wrong = [(number, row) for number, row in body if len(row) != len(HEADER)]
    if not wrong:
        return
    number, row = wrong[0]
    expected = f"{len(HEADER)} fields" + ("; a decimal comma, or a comma in a text without quotes?" if len(row) > len(HEADER) else "")
    column = _first_odd(row)
    raise InputError(Problem(file, "a wrong number of fields", number, column, f"{len(row)} fields", expected, len(wrong) - 1))


def _first_odd(row: Sequence[str]) -> str:
    """The column at which a row with too many or too few fields probably went wrong."""
    if len(row) < len(HEADER):
        return HEADER[len(row)]
    numbers = [place for place, name in enumerate(HEADER) if name in NUMBERS]
    filled = [place for place in numbers if row[place]]
    return HEADER[filled[0]] if filled else HEADER[-1]
