"""How much of everything differs, in words: 3 figures are new, 2 are revised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from geo.editions.comparison import FIGURE_KINDS, Changes, FigureChange, FigureKind, Part
from geo.model.vocabulary import Text
from webmap.language import wording

_Words = tuple[Text, Text]
"""Of one thing, and of any other number of them."""

_FIGURES: Final[Mapping[FigureKind, _Words]] = {
    "new": (Text(da="er nyt", en="is new"), Text(da="er nye", en="are new")),
    "revised": (Text(da="er rettet", en="is revised"), Text(da="er rettet", en="are revised")),
    "lost": (Text(da="er væk", en="is gone"), Text(da="er væk", en="are gone")),
    "hidden": (Text(da="er skjult nu", en="is hidden now"), Text(da="er skjult nu", en="are hidden now")),
    "shown": (Text(da="er ikke skjult mere", en="is no longer hidden"), Text(da="er ikke skjult mere", en="are no longer hidden")),
    "other_reason": (
        Text(da="mangler af en anden grund end før", en="is missing for another reason than before"),
        Text(da="mangler af en anden grund end før", en="are missing for another reason than before"),
    ),
    "other_origin": (
        Text(da="har fået en anden kilde eller note", en="has another source or note"),
        Text(da="har fået en anden kilde eller note", en="have another source or note"),
    ),
}
_VERDICTS: Final[_Words] = (Text(da="svar er ændret", en="answer has changed"), Text(da="svar er ændret", en="answers have changed"))
_PARTS: Final[Mapping[Part, _Words]] = {
    "list": (Text(da="liste", en="list"), Text(da="lister", en="lists")),
    "plan": (Text(da="helhedsplan", en="area plan"), Text(da="helhedsplaner", en="area plans")),
    "hotspot": (Text(da="hotspot", en="hotspot"), Text(da="hotspots", en="hotspots")),
    "goal": (Text(da="mål", en="goal"), Text(da="mål", en="goals")),
    "source": (Text(da="kilde", en="source"), Text(da="kilder", en="sources")),
}
_LAYERS: Final[_Words] = (Text(da="inddeling", en="kind of area"), Text(da="inddelinger", en="kinds of area"))
_ANY: Final = Text(da="Kommet til, ændret eller taget ud: {}", en="New, changed or taken out: {}")


def of_figures(figures: Iterable[FigureChange], language: str) -> str:
    """How many figures differ in each way: `3 tal er nye, 2 er rettet`; "" where none does."""
    counts = Counter(figure.kind for figure in figures)
    said = [f"{_number(counts[kind], language)}{{}} {_of(_FIGURES[kind], counts[kind], language)}" for kind in FIGURE_KINDS if counts[kind]]
    number = next((counts[kind] for kind in FIGURE_KINDS if counts[kind]), 0)
    noun = _of((Text(da=" tal", en=" figure"), Text(da=" tal", en=" figures")), number, language)
    return ", ".join(words.format(noun if place == 0 else "") for place, words in enumerate(said))


def sentences(changes: Changes, language: str) -> tuple[str, ...]:
    """How much of everything differs: a sentence each of figures, of answers, and of entries and kinds of area. Empty for nothing."""
    entries = [_counted(len(changes.entries_of(part)), words, language) for part, words in _PARTS.items()]
    listed = ", ".join(words for words in (*entries, _counted(len(changes.layers), _LAYERS, language)) if words)
    said = (
        of_figures(changes.figures, language),
        _counted(len(changes.verdicts), _VERDICTS, language),
        _ANY.in_(language).format(listed) if listed else "",
    )
    return tuple(f"{words}." for words in said if words)


def _counted(number: int, words: _Words, language: str) -> str:
    return f"{_number(number, language)} {_of(words, number, language)}" if number else ""


def _of(words: _Words, number: int, language: str) -> str:
    return words[0 if number == 1 else 1].in_(language)


def _number(number: int, language: str) -> str:
    return wording.number(number, decimals=0, language=language)
