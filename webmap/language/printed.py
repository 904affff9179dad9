"""Figures that a paper prints, in words: value and unit, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from geo.model.programmes import ProgrammeFigure
from geo.model.sources import Cite
from webmap.language import wording


@dataclass(frozen=True)
class ProgrammeFigureLine:
    """A figure of a programme or an effort: value and unit in words, and where it stands."""

    name: str
    value: str
    note: str
    cite: Cite | None


def figure(printed: ProgrammeFigure, language: str) -> ProgrammeFigureLine:
    """A programme's figure in words; a value that the source gives as text stays as it is."""
    if isinstance(printed.value, str):
        value = printed.value
    else:
        places = 0 if float(printed.value).is_integer() else len(f"{printed.value:.6f}".rstrip("0").split(".")[1])
        value = wording.number(printed.value, decimals=places, language=language)
    unit = f" {printed.unit.in_(language)}" if printed.unit else ""
    return ProgrammeFigureLine(printed.name.in_(language), value + unit, printed.note.in_(language) if printed.note else "", printed.cite)
