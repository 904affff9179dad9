"""Figures that are shown today and that a file of a draft gives otherwise, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from geo.model.forms.described import FormsFile
from geo.model.vocabulary import Period
from webmap.language import wording

_LINE: Final = re.compile(r"(?P<indicator>\S+), (?P<set>\S+) (?P<area>\S+), (?P<period>\S+): (?P<before>.+) -> (?P<now>.+)")
"""A line of `FilePreview.replaced`."""
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.([0-9]+))?")


@dataclass(frozen=True)
class ReplacedFigure:
    """A figure that would be another one. before, now: numbers with the language's separators, or the word of a status."""

    indicator: str
    area: str
    period: str
    before: str
    now: str


def figures(lines: Sequence[str], forms: FormsFile | None, language: str) -> Iterator[ReplacedFigure]:
    """Put the lines of a preview into words. forms: of the draft's catalogue, for the names; None before it was read."""
    choices = forms.choices if forms else {}
    names = {each.value: each.label.in_(language) for each in choices.get("indicators", ())}
    areas = {(each.of, each.value): each.label.in_(language) for each in choices.get("areas", ())}
    for line in lines:
        if match := _LINE.fullmatch(line):
            area = areas.get((match["set"], match["area"]), f"{match['set']} {match['area']}")
            when = wording.period(Period.parse(match["period"]).code, language)
            sides = (_said(match[side], language) for side in ("before", "now"))
            yield ReplacedFigure(names.get(match["indicator"], match["indicator"]), area, when, *sides)


def _said(text: str, language: str) -> str:
    number = _NUMBER.fullmatch(text)
    return wording.number(float(text), decimals=len(number[1] or ""), language=language) if number else text
