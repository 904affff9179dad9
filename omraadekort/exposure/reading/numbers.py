"""Numbers as they are written for people, read back: each as the least and the most that its last digit leaves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

Ends = tuple[float, float]
"""The least and the most that a number can be."""

_WRITTEN: Final[Mapping[str, re.Pattern[str]]] = {
    "da": re.compile(r"(?<![\w.,])([-\u2212])?(\d{1,3}(?:\.\d{3})+|0|[1-9]\d*)(,\d+)?(?![\w])"),
    "en": re.compile(r"(?<![\w.,])([-\u2212])?(\d{1,3}(?:,\d{3})+|0|[1-9]\d*)(\.\d+)?(?![\w])"),
}
_DIGIT: Final = re.compile(r"\d")
_ROOM: Final = 1e-9


def written(text: str, language: str) -> Iterator[Ends]:
    """Every number in a text of a language, left to right; a minus before the first counts, one between two is a dash.

    A code that begins with a zero is no number.
    """
    if not _DIGIT.search(text):
        return
    for match in _WRITTEN[language].finditer(text):
        whole, part = re.sub(r"[.,]", "", match[2]), (match[3] or "")[1:]
        size = float(f"{whole}.{part or '0'}")
        value = -size if match[1] else size
        half = 0.5 * 10.0 ** -len(part) + _ROOM
        yield value - half, value + half


def fitting(ends: Ends, numbers: Mapping[str, float], names: Iterable[str]) -> str:
    """The first of the names whose number lies between two ends; "" when none does. NaN lies nowhere."""
    return next((name for name in names if ends[0] <= numbers.get(name, float("nan")) <= ends[1]), "")
