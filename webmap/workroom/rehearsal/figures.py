"""The figures of a rehearsal that differ, a row each: from what to what, by how much, what a reader is told, and why."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from geo.editions.comparison import FigureChange, FigureKind, Told
from geo.model.indicators import Indicator
from geo.model.rounding import half_up
from geo.model.vocabulary import Period, Status, Text
from webmap.changes.comparing import EditionPair
from webmap.edition.reader import Reader
from webmap.language import wording
from webmap.language.quantities import Measure

ORDER: Final[tuple[FigureKind, ...]] = ("revised", "lost", "hidden", "shown", "new", "other_reason", "other_origin")
"""In which order ways to differ are told: first what takes something away or changes it."""
KINDS: Final[Mapping[FigureKind, Text]] = {
    "new": Text(da="nyt", en="new"),
    "revised": Text(da="rettet", en="revised"),
    "lost": Text(da="forsvinder", en="disappears"),
    "hidden": Text(da="skjules", en="is hidden"),
    "shown": Text(da="vises igen", en="is shown again"),
    "other_reason": Text(da="mangler af en anden grund", en="is missing for another reason"),
    "other_origin": Text(da="anden kilde eller note", en="another source or note"),
}
"""How a figure differs, in the words of a table."""
_NOTHING: Final = Text(da="intet tal", en="no figure")

Names = Mapping[tuple[str, str], str]
"""Names of areas by set and code."""


@dataclass(frozen=True)
class FigureRow:
    """A figure that differs. by: by how much, "" where that cannot be said. doubt: what a reader is told with it afterwards."""

    area: str
    indicator: str
    period: str
    kind: FigureKind
    before: str
    now: str
    by: str
    doubt: str
    why: str
    demo: bool


@dataclass(frozen=True)
class NewFigures:
    """New figures of one indicator in one kind of area and one period."""

    indicator: str
    area_set: str
    period: str
    number: int
    demo: bool


def names_of(compared: EditionPair) -> dict[tuple[str, str], str]:
    """Names of all areas by set and code, those of the newer edition where it has them."""
    both = (compared.old, compared.new)
    return {(layer.id, area.area_id): area.name for edition in both for layer in edition.layers.values() for area in layer.areas}


def indicators_of(compared: EditionPair) -> dict[str, Indicator]:
    """All indicators by id, those of the newer edition where it has them."""
    return {each.id: each for edition in (compared.old, compared.new) for each in edition.catalogue.indicators}


def ordered(figures: Iterable[FigureChange], names: Names) -> list[FigureChange]:
    """Figures as a table tells them: by how they differ, then by indicator, period and the name of the area."""
    return sorted(
        figures,
        key=lambda each: (
            ORDER.index(each.kind),
            each.indicator,
            Period.parse(each.period),
            wording.by_name(names.get((each.area_set, each.area_id), each.area_id)),
        ),
    )


def row(figure: FigureChange, known: Mapping[str, Indicator], names: Names, language: str) -> FigureRow:
    """Put a figure that differs into words."""
    indicator = known[figure.indicator]
    return FigureRow(
        area=names.get((figure.area_set, figure.area_id), figure.area_id),
        indicator=indicator.name.in_(language),
        period=wording.when(figure.period, indicator, language),
        kind=figure.kind,
        before=said(figure.before, indicator, language),
        now=said(figure.now, indicator, language),
        by=_by(figure, indicator, language),
        doubt=_doubt(figure.now, indicator, language),
        why=KINDS[figure.kind].in_(language),
        demo=Status.DEMO in (figure.before.status, figure.now.status),
    )


def said(side: Told, indicator: Indicator, language: str) -> str:
    """What a reader reads of a figure: its value, else in a word why there is none."""
    if side.value is not None:
        return wording.value(side.value, indicator, language)
    return wording.STATUS[Status(side.status)].in_(language) if side.status else _NOTHING.in_(language)


def _by(figure: FigureChange, indicator: Indicator, language: str) -> str:
    if not figure.by:
        return ""
    places = max(indicator.decimals, 1 if indicator.kind == "share" else 0)
    if not half_up(abs(figure.by), places):
        return Text(da="mindre end afrundingen", en="less than the rounding").in_(language)
    return Measure(indicator, areas=False, language=language).apart((figure.by, None, None))


def _doubt(side: Told, indicator: Indicator, language: str) -> str:
    """What stands beside a value, or the reason why there is none."""
    if side.value is None:
        return wording.status({"status": side.status, "reason": side.reason}, language) if side.status else ""
    parts = {name: math.nan if (number := getattr(side, name)) is None else number for name in ("value", "low", "high")}
    return wording.interval({**parts, "interval": side.interval or "none"}, indicator, language)


def new_figures(figures: Iterable[FigureChange], known: Mapping[str, Indicator], reader: Reader) -> tuple[NewFigures, ...]:
    """New figures gathered by indicator, kind of area and period, in that order."""
    kinds = {each.id: each.name.in_(reader.language) for each in reader.edition.catalogue.area_sets}
    numbers = Counter((each.indicator, each.area_set, each.period) for each in figures if each.kind == "new")
    return tuple(
        NewFigures(
            known[name].name.in_(reader.language),
            kinds.get(area_set, area_set),
            wording.when(period, known[name], reader.language),
            numbers[name, area_set, period],
            known[name].demo,
        )
        for name, area_set, period in sorted(numbers, key=lambda key: (known[key[0]].order, key[0], key[1], Period.parse(key[2])))
    )
