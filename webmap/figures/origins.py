"""Where a figure came from, in words: the page `/kilde/...`, the panel beside a map and the command line say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geo.editions.trace import Trace, TracedFigure
from geo.model.indicators import Indicator
from geo.model.vocabulary import Status, Text
from webmap.edition import classes
from webmap.edition.reader import Reader
from webmap.figures import originsteps
from webmap.figures.originsteps import OriginLine
from webmap.language import wording


@dataclass(frozen=True)
class OriginStep:
    """One step on the way back. `id` is the same in both languages."""

    id: str
    title: str
    lines: tuple[OriginLine, ...]


@dataclass(frozen=True)
class OriginView:
    """One figure and the way back to its source. `gap` is the look of a figure that cannot be shown, "" where there is one."""

    figure: TracedFigure
    indicator: Indicator
    title: str
    value: str
    unit: str
    doubt: str
    sentence: str
    status: str
    demo: bool
    gap: str
    parts: tuple[OriginStep, ...]


def view(reader: Reader, traced: Trace) -> OriginView:
    """Put a trace into words. Raises nothing: what a trace does not know is said to be unknown, or left out."""
    figure = traced.figure
    indicator = next(indicator for indicator in reader.edition.catalogue.indicators if indicator.id == figure.indicator)
    row = originsteps.numbers(figure)
    made_up = indicator.demo or figure.status == Status.DEMO
    return OriginView(
        figure=figure,
        indicator=indicator,
        title=f"{figure.area_name}: {indicator.name.in_(reader.language)}, {wording.when(figure.period, indicator, reader.language)}",
        value=wording.value(figure.value, indicator, reader.language) if figure.value is not None else "",
        unit=wording.value_and_unit(0.0, indicator, reader.language)[1],
        doubt=wording.interval(row, indicator, reader.language) if figure.value is not None else "",
        sentence=_sentence(traced, indicator, reader.language),
        status=wording.status({"status": figure.status, "reason": figure.reason or ""}, reader.language),
        demo=made_up,
        gap="" if figure.value is not None else classes.GAPS.get(figure.status, classes.NOT_MEASURED),
        parts=tuple(_parts(traced, reader, indicator)),
    )


def _parts(traced: Trace, reader: Reader, indicator: Indicator) -> Iterator[OriginStep]:
    """The way back, nearest first; a step of which nothing is known is left out."""
    steps = (
        ("tal", Text(da="Tallet", en="The figure"), originsteps.of_figure(traced, reader, indicator)),
        ("kilde", Text(da="Kilden", en="The source"), originsteps.of_source(traced, reader.language)),
        ("dele", Text(da="Delene", en="The parts"), originsteps.of_parts(traced, indicator, reader.language)),
        ("fil", Text(da="Filen", en="The file"), originsteps.of_file(traced, reader.language)),
        ("definition", Text(da="Definitionen", en="The definition"), originsteps.of_definition(traced, reader.language)),
        ("omraade", Text(da="Områdets grænser", en="The area's boundaries"), originsteps.of_outlines(traced, reader.language)),
        ("regel", Text(da="Beskyttelse af enkeltpersoner", en="Disclosure control"), originsteps.of_rule(traced, reader.language)),
        ("udgave", Text(da="Udgaven", en="The edition"), originsteps.of_edition(traced, reader.language)),
    )
    for name, title, of_step in steps:
        lines = tuple(of_step)
        if lines:
            yield OriginStep(name, title.in_(reader.language), lines)


def _sentence(traced: Trace, indicator: Indicator, language: str) -> str:
    """What the reader must know before the details: why there is no figure, or at which point the way back ends."""
    figure = traced.figure
    if figure.status == Status.SUPPRESSED:
        return Text(
            da="Tallet findes, men vises ikke, så ingen personer kan genkendes. Reglen står nedenfor; om selve tallet siges der intet.",
            en="The figure exists but is not shown, so that nobody can be recognised. The rule is below; nothing is told of the figure.",
        ).in_(language)
    if figure.value is None:
        why = f": {wording.REASON[figure.reason].in_(language)}" if figure.reason else ""
        return Text(da=f"Der er intet tal{why}. Ukendt er ikke nul.", en=f"There is no figure{why}. Unknown is not zero.").in_(language)
    if traced.parts:
        return wording.apportioned(originsteps.numbers(figure), indicator, language)
    if traced.origin.measure is not None:
        return Text(
            da="Tallet er talt op i et register. Sporet ender ved det optalte tal: ingen persons række vises.",
            en="The figure was counted in a register. The trace ends at the count: no person's row is shown.",
        ).in_(language)
    if traced.origin.row is not None:
        place = Text(da=f"række {traced.origin.row}", en=f"row {traced.origin.row}").in_(language)
        return Text(da=f"Tallet er læst i en fil, {place}.", en=f"The figure was read from a file, {place}.").in_(language)
    return ""
