"""What stands in place of a number or behind it: dots, dashes, `<5`, footnotes. It means what the profile says, or is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from geo.errors import Problem
from geo.files.schema import STATUSES
from geo.inputs.tables.tableprofiles import OPEN, ZERO, TableProfile

EXPECTED: Final = (
    "an empty field with the status missing, not_measured or hidden_by_source, or what the mark means among marks of a profile in "
    "data/tables.toml; a dash is zero in some tables and missing in others, so nobody guesses"
)
_USUAL: Final = re.compile(
    r"\.{1,3}|\u2026|[-\u2010-\u2015\u2212]{1,3}|\*{1,3}|:|[xX]|n\.?/?a\.?n?|null|none|#n/a|[<\u2264]\s*[0-9]+|[0-9]+\s*[-\u2010-\u2015]\s*[0-9]+",
    re.IGNORECASE,
)
"""What people write where there is no number. A range such as 1-4 is one too: somebody hid a small number."""
_MOST: Final = 10

PROPOSED: Final = {
    "..": "missing",
    "...": "missing",
    "\u2026": "missing",
    ".": "not_measured",
    "na": "missing",
    "n/a": "missing",
    "": "missing",
}
"""What a mark means nearly everywhere; what is not here is asked about."""


class Typed(NamedTuple):
    """A text of a column of numbers: the number without its footnote, "" where there is none; what its mark says; or what is wrong."""

    text: str
    status: str = ""
    note: str = ""
    problem: str = ""


def is_mark(text: str) -> bool:
    """Return whether a text is one that people write in place of a number."""
    return bool(_USUAL.fullmatch(text))


def read(text: str, profile: TableProfile) -> Typed:
    """Read a text of a column of numbers by the marks and footnotes of a profile."""
    if text in profile.marks:
        meaning = profile.marks[text]
        if meaning == OPEN:
            return Typed("", problem="a mark that nobody has said the meaning of")
        return Typed("0") if meaning == ZERO else Typed("", status=meaning)
    if is_mark(text):
        return Typed("", problem="a mark in place of a number")
    status, note = "", ""
    for sign, meaning in sorted(profile.footnotes.items(), key=lambda pair: -len(pair[0])):
        if sign and text.endswith(sign) and text != sign:
            text = text.removesuffix(sign).rstrip()
            status, note = (meaning, "") if meaning in STATUSES else ("", meaning)
            break
    return Typed(text, status, note)


def meant(mark: str) -> str:
    """Return what a mark is proposed to mean, OPEN where only its owner knows.

    >>> meant(".."), meant("<5"), meant("-")
    ('missing', 'hidden_by_source', '?')
    """
    if re.fullmatch(r"[<\u2264]\s*[0-9]+|[0-9]+\s*[-\u2010-\u2015]\s*[0-9]+", mark):
        return "hidden_by_source"
    return PROPOSED.get(mark.casefold(), OPEN)


def multiplied(text: str, times: float) -> str:
    """Return a number in text times a factor, without binary error: 0.29 times 100 is 29. Other texts come back as they are."""
    try:
        product = Decimal(text) * Decimal(str(times))
    except InvalidOperation:
        return text
    return format(product.normalize(), "f") if product.is_finite() else text


def gathered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems of single cells as one for each kind and column: the first row, up to ten different texts, and how many more."""
    kinds: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.what, problem.column, problem.expected), []).append(problem)
    return tuple(
        replace(same[0], found=", ".join(list(dict.fromkeys(problem.found for problem in same))[:_MOST]), more=len(same) - 1)
        for same in kinds.values()
    )
