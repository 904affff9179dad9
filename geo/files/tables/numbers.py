"""Numbers as people type them, with a decimal comma or a decimal point: decided for a file as a whole, and asked about where it is open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from geo.errors import InputError, Problem

_SPACES: Final = "\u0020\u00a0\u2009\u202f'\u2019"
"""Signs that stand between thousands and mean nothing else: spaces of all widths, and the Swiss apostrophe."""
_FORMS: Final = {
    ",": re.compile(rf"-?(?:[0-9]+|[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+|[1-9][0-9]{{0,2}}(?:[{_SPACES}][0-9]{{3}})+)(?:,[0-9]+)?"),
    ".": re.compile(rf"-?(?:[0-9]+|[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+|[1-9][0-9]{{0,2}}(?:[{_SPACES}][0-9]{{3}})+)(?:\.[0-9]+)?"),
}
_OPEN: Final = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
"""A comma or a point before exactly three digits: 3.596 is a number of persons, or a little more than three and a half."""
_SIGNS: Final = str.maketrans({"\u2212": "-", "\u2013": "-"})


class TypedNumber(NamedTuple):
    """A cell of a column of numbers that holds text: its row, the name of its column, and the text."""

    row: int
    column: str
    text: str


def decided(typed: Iterable[TypedNumber], *, file: str, said: str = "", open_as: str = "") -> str:
    """Return what stands before decimals in a file: "," or ".", or "" when nothing in it depends on that.

    typed: all texts of all columns of numbers. said: what a person has said it is; then nothing is asked. open_as: what it is where all
    numbers can be read in both ways. Raises InputError when some
    numbers can only have the one and others only the other, and when all that there is are numbers such as 3.596, which can be both.
    """
    if said:
        return said
    first: dict[str, TypedNumber] = {}
    unclear: list[TypedNumber] = []
    for number in typed:
        mark = _mark(number.text)
        if mark == "?":
            unclear.append(number)
        elif mark:
            first.setdefault(mark, number)
    if len(first) > 1:
        comma, point = first[","], first["."]
        described = (
            f"{comma.text!r} with a decimal comma, and {point.text!r} with a decimal point in row {point.row}, column {point.column}"
        )
        what = "decimal commas and decimal points in one file"
        expected = "one of the two in the whole file, or the option --decimal"
        raise InputError(Problem(file, what, row=comma.row, column=comma.column, found=described, expected=expected))
    if first or not unclear:
        return next(iter(first), "")
    if open_as:
        return open_as
    asked = unclear[0]
    digits = re.sub("[.,]", "", asked.text)
    values = ", ".join(repr(text) for text in dict.fromkeys(number.text for number in unclear[:10]))
    sign = "." if "." in asked.text else ","
    expected = f"the option --decimal {',' if sign == '.' else '.'} for {digits}, or --decimal {sign} for {digits[:-3]} and a fraction"
    what = "a number that can be read in two ways: thousands, or three decimals"
    raise InputError(Problem(file, what, asked.row, asked.column, values, expected, more=len(unclear) - 1))


def _mark(text: str) -> str:
    """What a text shows to stand before decimals: "," or ".", "?" when it can be both, "" when it shows nothing."""
    plain = text.translate(_SIGNS)
    if _OPEN.fullmatch(plain):
        return "?"
    fitting = [mark for mark, form in _FORMS.items() if form.fullmatch(plain)]
    return fitting[0] if len(fitting) == 1 else ""


def plain(text: str, decimal: str) -> str | None:
    """Return a number as programs write it (1234.5), or None when the text is no number with that decimal sign ("," or ".").

    >>> plain("1.234,5", ","), plain("1 234", "."), plain("1.23.4", ",")
    ('1234.5', '1234', None)
    """
    typed = text.translate(_SIGNS)
    if not _FORMS[decimal or "."].fullmatch(typed):
        return None
    kept = re.sub(rf"[{_SPACES}{'.' if decimal == ',' else ','}]", "", typed)
    return kept.replace(",", ".")
