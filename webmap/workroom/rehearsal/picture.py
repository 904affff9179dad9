"""The map of a rehearsal: one indicator in one period, as it is, as it would be, or what differs, drawn on the server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from markupsafe import Markup

from geo.editions.comparison import FigureChange, FigureKind
from geo.editions.edition import Edition
from geo.model.indicators import Indicator
from geo.model.vocabulary import Period, Text
from webmap.changes.comparing import EditionPair
from webmap.charts.ground import minimap
from webmap.edition import classes
from webmap.edition.reader import Reader
from webmap.edition.rows import by_area, drawable
from webmap.language import wording
from webmap.workroom.rehearsal import figures

Shown = Literal["efter", "foer", "aendrer"]
"""As it would be, as it is, or only what differs."""
SHOWN: Final[Mapping[Shown, Text]] = {
    "foer": Text(da="Før", en="Before"),
    "efter": Text(da="Efter", en="After"),
    "aendrer": Text(da="Kun det, der ændrer sig", en="Only what changes"),
}
LOOKS: Final[Mapping[FigureKind, tuple[str, str]]] = {
    "new": ("c-ny", "+"),
    "revised": ("c-rettet", "±"),
    "lost": ("c-vaek", "–"),
    "hidden": ("c-skjult", "×"),
    "shown": ("c-vist", "○"),
    "other_reason": ("c-andet", "·"),
    "other_origin": ("c-andet", "·"),
}
"""By how a figure differs, its CSS class and the sign that stands on the area."""
_MOST: Final = 60
"""Maps that can be chosen."""


@dataclass(frozen=True)
class MapChoice:
    """A map that can be drawn: an indicator in a kind of area and a period, and how many of its figures differ."""

    value: str
    name: str
    number: int


@dataclass(frozen=True)
class LegendLine:
    """A line of the legend: the CSS class, the sign that stands on the area, the words and how many areas."""

    look: str
    sign: str
    words: str
    number: int


@dataclass(frozen=True)
class RehearsalMap:
    """The map that was chosen. drawing: SVG; title: what it is of."""

    drawing: Markup
    title: str
    shown: Shown
    chosen: str
    choices: tuple[MapChoice, ...]
    legend: tuple[LegendLine, ...]


def drawn(changed: Iterable[FigureChange], compared: EditionPair, reader: Reader, *, asked: str, shown: str) -> RehearsalMap | None:
    """Draw the map that is asked for, else the one in which most differs; None where no area of a map differs."""
    of_map: dict[tuple[str, str, str], list[FigureChange]] = {}
    sets = {*drawable(compared.old), *drawable(compared.new)}
    for figure in changed:
        if figure.area_set in sets:
            of_map.setdefault((figure.indicator, figure.area_set, figure.period), []).append(figure)
    if not of_map:
        return None
    known, names = figures.indicators_of(compared), figures.names_of(compared)
    keys = sorted(of_map, key=lambda key: (-_weight(of_map[key]), known[key[0]].order, *key))[:_MOST]
    chosen = next((key for key in keys if "/".join(key) == asked), keys[0])
    wanted: Shown = shown if shown in get_args(Shown) else "aendrer"  # type: ignore[assignment]  # one of its words
    kinds = {each.id: each.name.in_(reader.language) for each in reader.edition.catalogue.area_sets}
    listed = sorted(keys, key=lambda key: (known[key[0]].order, key[0], key[1], Period.parse(key[2])))
    return RehearsalMap(
        drawing=_drawing(chosen, of_map[chosen], compared, wanted, names, known[chosen[0]], reader),
        title=_title(chosen, known, kinds, reader),
        shown=wanted,
        chosen="/".join(chosen),
        choices=tuple(MapChoice("/".join(key), _title(key, known, kinds, reader), len(of_map[key])) for key in listed),
        legend=_legend(of_map[chosen], reader) if wanted == "aendrer" else (),
    )


def _weight(changed: Iterable[FigureChange]) -> int:
    """How much a map has to tell: what is taken away or corrected is told before what is new."""
    return sum(1 if figure.kind in ("new", "other_origin", "other_reason") else 1000 for figure in changed)


def _title(key: tuple[str, str, str], known: Mapping[str, Indicator], kinds: Mapping[str, str], reader: Reader) -> str:
    indicator = known[key[0]]
    return f"{indicator.name.in_(reader.language)}, {wording.when(key[2], indicator, reader.language)} ({kinds.get(key[1], key[1])})"


def _drawing(  # noqa: PLR0913, PLR0917 - a map, and what is told of it
    key: tuple[str, str, str],
    changed: list[FigureChange],
    compared: EditionPair,
    shown: Shown,
    names: figures.Names,
    indicator: Indicator,
    reader: Reader,
) -> Markup:
    name, area_set, period = key
    edition = compared.old if shown == "foer" or area_set not in compared.new.layers else compared.new
    if area_set not in edition.layers:
        edition = compared.new
    by_id = {figure.area_id: figure for figure in changed}
    there = {area.area_id for area in edition.layers[area_set].areas}
    if shown == "aendrer":
        looks = {area: LOOKS[figure.kind][0] for area, figure in by_id.items() if area in there}
    else:
        looks = _looks(edition, name, area_set, period)
    spoken = {area: _spoken(area, area_set, by_id.get(area), names, indicator, reader) for area in there}
    return minimap.pointed(
        edition,
        area_set,
        looks=looks,
        names=spoken,
        label=Text(da="Kort over det, der ændrer sig", en="Map of what changes").in_(reader.language),
        signs={area: LOOKS[figure.kind][1] for area, figure in by_id.items() if area in there},
    )


def _looks(edition: Edition, indicator: str, area_set: str, period: str) -> dict[str, str]:
    if not by_area(edition, indicator, area_set, period):
        return {}
    return classes.looks(edition, indicator, area_set, period)


def _spoken(area: str, area_set: str, figure: FigureChange | None, names: figures.Names, indicator: Indicator, reader: Reader) -> str:  # noqa: PLR0913, PLR0917
    called = names.get((area_set, area), area)
    if figure is None:
        return called
    before, now = (figures.said(side, indicator, reader.language) for side in (figure.before, figure.now))
    return f"{called}: {before} → {now}, {figures.KINDS[figure.kind].in_(reader.language)}"


def _legend(changed: Iterable[FigureChange], reader: Reader) -> tuple[LegendLine, ...]:
    numbers = Counter(figure.kind for figure in changed)
    return tuple(
        LegendLine(*LOOKS[kind], figures.KINDS[kind].in_(reader.language), numbers[kind]) for kind in figures.ORDER if numbers[kind]
    )
