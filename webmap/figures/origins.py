"""Where a figure came from, in words: the page `/kilde/...`, the panel beside a map and the command line say the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from geo.editions.trace import CountOrigin, Trace, TracedFigure
from geo.model.indicators import Indicator, RegisterMeasure
from geo.model.results import CAUTIOUS, InputFile
from geo.model.vocabulary import Audience, Status, Text
from webmap.edition import classes
from webmap.edition.reader import Reader
from webmap.language import wording
from webmap.language.terms import DIVIDED, INTERVAL, QUALITY, limits
from webmap.language.wording import web


@dataclass(frozen=True)
class OriginLine:
    """One thing that is said: its name, its words, and whether they are a code or a path. web: an address that a browser can open."""

    name: str
    text: str
    code: bool = False
    web: str = ""


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


_WHO: Mapping[Audience, Text] = {
    Audience.PUBLIC: Text(da="offentligheden", en="the public"),
    Audience.STAFF: Text(da="medarbejdere", en="staff"),
    Audience.SSP: Text(da="SSP", en="SSP"),
}


def view(reader: Reader, traced: Trace) -> OriginView:
    """Put a trace into words. Raises nothing: what a trace does not know is said to be unknown, or left out."""
    figure = traced.figure
    indicator = next(indicator for indicator in reader.edition.catalogue.indicators if indicator.id == figure.indicator)
    row = _row(figure)
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
        ("tal", Text(da="Tallet", en="The figure"), _figure(traced, reader, indicator)),
        ("kilde", Text(da="Kilden", en="The source"), _source(traced, reader.language)),
        ("dele", Text(da="Delene", en="The parts"), _made_of(traced, indicator, reader.language)),
        ("fil", Text(da="Filen", en="The file"), _file(traced, reader.language)),
        ("definition", Text(da="Definitionen", en="The definition"), _definition(traced, reader.language)),
        ("omraade", Text(da="Områdets grænser", en="The area's boundaries"), _outlines(traced, reader.language)),
        ("regel", Text(da="Diskretionering", en="Disclosure control"), _rule(traced, reader.language)),
        ("udgave", Text(da="Udgaven", en="The edition"), _built(traced, reader.language)),
    )
    for name, title, of_step in steps:
        lines = tuple(of_step)
        if lines:
            yield OriginStep(name, title.in_(reader.language), lines)


def _row(figure: TracedFigure) -> dict[str, float | str]:
    numbers = {name: getattr(figure, name) for name in ("value", "low", "high", "numerator", "denominator", "n")}
    absent = float("nan")
    return {**{name: absent if number is None else number for name, number in numbers.items()}, "interval": figure.interval}


def _sentence(traced: Trace, indicator: Indicator, language: str) -> str:
    """What the reader must know before the details: why there is no figure, or at which point the way back ends."""
    danish, figure = language == "da", traced.figure
    if figure.status == Status.SUPPRESSED:
        return (
            "Tallet findes, men vises ikke, så ingen personer kan genkendes. Reglen står nedenfor; om selve tallet siges der intet."
            if danish
            else "The figure exists but is not shown, so that nobody can be recognised. The rule is below; nothing is told of the figure."
        )
    if figure.value is None:
        why = f": {wording.REASON[figure.reason].in_(language)}" if figure.reason else ""
        return f"Der er intet tal{why}. Ukendt er ikke nul." if danish else f"There is no figure{why}. Unknown is not zero."
    if traced.parts:
        return wording.apportioned(_row(figure), indicator, language)
    if traced.origin.measure is not None:
        return (
            "Tallet er talt op i et register. Sporet ender ved det optalte tal: ingen persons række vises."
            if danish
            else "The figure was counted in a register. The trace ends at the count: no person's row is shown."
        )
    if traced.origin.row is not None:
        place = f"række {traced.origin.row}" if danish else f"row {traced.origin.row}"
        return f"Tallet er læst i en fil, {place}." if danish else f"The figure was read from a file, {place}."
    return ""


def _figure(traced: Trace, reader: Reader, indicator: Indicator) -> Iterator[OriginLine]:
    danish, figure = reader.language == "da", traced.figure
    kind = reader.edition.catalogue.area_set(figure.area_set)
    yield OriginLine(
        "Indikator" if danish else "Indicator", f"{indicator.name.in_(reader.language)}, {indicator.unit.in_(reader.language)}"
    )
    yield OriginLine("Hvem det handler om" if danish else "Of whom", indicator.population.in_(reader.language))
    singular = kind.singular.in_(reader.language) if kind else figure.area_set
    yield OriginLine("Område" if danish else "Area", f"{figure.area_name} ({singular} {figure.area_id})")
    yield OriginLine("Periode" if danish else "Period", wording.when(figure.period, indicator, reader.language))
    status = {"status": figure.status, "reason": figure.reason or ""}
    if figure.value is not None:
        yield OriginLine("Værdi" if danish else "Value", _with_unit(figure.value, indicator, reader.language))
        words = INTERVAL[figure.interval].in_(reader.language) if figure.interval in INTERVAL else figure.interval
        ends = wording.interval(_row(figure), indicator, reader.language)
        yield OriginLine("Usikkerhed" if danish else "Uncertainty", f"{ends} ({words})" if any(sign.isdigit() for sign in ends) else words)
    for amount, name in (
        (figure.numerator, "Tæller" if danish else "Numerator"),
        (figure.denominator, "Nævner" if danish else "Denominator"),
        (figure.n, "Svar" if danish else "Answers"),
    ):
        if amount is not None:
            yield OriginLine(name, wording.number(amount, decimals=0 if amount.is_integer() else 2, language=reader.language))
    yield OriginLine("Status", wording.status(status, reader.language))


def _with_unit(amount: float, indicator: Indicator, language: str) -> str:
    value, unit = wording.value_and_unit(amount, indicator, language)
    return f"{value} {unit}".strip()


def _source(traced: Trace, language: str) -> Iterator[OriginLine]:
    danish, source = language == "da", traced.origin.source
    if source is not None:
        yield OriginLine("Titel" if danish else "Title", source.title, web=web(source.url))
        yield OriginLine("Udgiver" if danish else "Publisher", source.producer)
        yield OriginLine("Kvalitet" if danish else "Quality", QUALITY[source.quality].in_(language))
        yield OriginLine("Hentet" if danish else "Retrieved", wording.date(source.retrieved, language))
        if source.licence:
            yield OriginLine("Licens" if danish else "Licence", source.licence)
        if source.design_effect and traced.figure.interval in CAUTIOUS:
            yield OriginLine("Designeffekt" if danish else "Design effect", source.design_effect.note.in_(language))
    if traced.origin.locator:
        yield OriginLine("Sted i kilden" if danish else "Place in the source", traced.origin.locator)


def _file(traced: Trace, language: str) -> Iterator[OriginLine]:
    danish, origin = language == "da", traced.origin
    if traced.parts:
        return  # the files are those of the parts
    if origin.file is None:
        yield OriginLine("Fil" if danish else "File", "ingen fil har en række for området" if danish else "no file has a row for the area")
        return
    yield OriginLine("Fil" if danish else "File", origin.file.path, code=True)
    if origin.row is not None:
        sheet = "filen har kun ét" if danish else "the file has only one"
        yield OriginLine("Ark" if danish else "Sheet", origin.sheet or sheet)
        yield OriginLine("Række" if danish else "Row", f"{origin.row} ({'overskriften er række 1' if danish else 'the header is row 1'})")
    if origin.measure is not None:
        yield OriginLine("Talt op" if danish else "Counted", _counted(origin.measure, danish=danish))
    if origin.file.retrieved:
        yield OriginLine("Hentet til import" if danish else "Retrieved for import", wording.date(origin.file.retrieved, language))
    if origin.file.changed:
        yield OriginLine("Ændret ved importen" if danish else "Changed on import", origin.file.changed)
    yield from _hash(origin.file)
    moved = "ingen; tallet er opgjort i området selv" if danish else "none; the figure was made for the area itself"
    yield OriginLine("Vægte" if danish else "Weights", origin.weights or moved)


def _made_of(traced: Trace, indicator: Indicator, language: str) -> Iterator[OriginLine]:
    """The areas that an apportioned figure was made from, each with its weight, its figure and where that stands."""
    danish, asked = language == "da", indicator.apportioned
    if not traced.parts or asked is None:
        return
    yield OriginLine("Fordelt efter" if danish else "Divided by", DIVIDED[asked.by].in_(language))
    for part in traced.parts:
        share = wording.number(100 * part.share, decimals=2, language=language) + wording.percent_sign(language)
        status = wording.status({"status": part.figure.status, "reason": part.figure.reason or ""}, language)
        figure = status if part.figure.value is None else _with_unit(part.figure.value, indicator, language)
        place = _place(part.origin, danish=danish)
        yield OriginLine(part.figure.area_name, ", ".join((f"{share} {'af' if danish else 'of'} {figure}", *place)))


def _place(origin: CountOrigin, *, danish: bool) -> tuple[str, ...]:
    """Source, file and row of a part, as far as they are known."""
    row = f", {'række' if danish else 'row'} {origin.row}" if origin.row is not None else ""
    return (*((origin.source.short,) if origin.source else ()), *((origin.file.path + row,) if origin.file else ()))


def _counted(measure: RegisterMeasure, *, danish: bool) -> str:
    """What makes the denominator and the numerator, in the register's own words."""
    everybody = "alle" if danish else "everybody"
    among = _conditions(measure.where) or everybody
    part = _conditions(measure.having)
    if danish:
        return f"rækker med {among}" + (f"; tælleren er dem med {part}" if part else "")
    return f"rows with {among}" + (f"; the numerator is those with {part}" if part else "")


def _conditions(asked: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(f"{column} = {'/'.join(words)}" for column, words in asked.items())


def _definition(traced: Trace, language: str) -> Iterator[OriginLine]:
    danish, definition = language == "da", traced.definition
    yield OriginLine("Version", traced.version or wording.NONE, code=True)
    if definition is not None:
        yield OriginLine("Ordlyd" if danish else "Wording", definition.text.in_(language))
        yield OriginLine("Gælder" if danish else "Valid", _span(definition.valid_from, definition.valid_to, language))
        if definition.cite:
            yield OriginLine("Står i" if danish else "Stated in", f"{definition.cite.source} {definition.cite.locator}".strip())
    if traced.definition_file:
        yield OriginLine("Fil" if danish else "File", traced.definition_file.path, code=True)
        yield from _hash(traced.definition_file)


def _span(first: dt.date | None, last: dt.date | None, language: str) -> str:
    danish = language == "da"
    start = f"fra {wording.date(first, language)}" if danish and first else f"from {wording.date(first, language)}" if first else ""
    end = f"til {wording.date(last, language)}" if danish and last else f"until {wording.date(last, language)}" if last else ""
    return f"{start} {end}".strip() or ("altid" if danish else "always")


def _outlines(traced: Trace, language: str) -> Iterator[OriginLine]:
    danish, outlines = language == "da", traced.outlines
    yield OriginLine("Lag" if danish else "Layer", f"{outlines.title}, {outlines.producer}, {outlines.licence}")
    yield OriginLine("Årgang" if danish else "Vintage", _span(outlines.edition.valid_from, outlines.edition.valid_to, language))
    if outlines.generalised:
        yield OriginLine("Nøjagtighed" if danish else "Accuracy", "generaliserede grænser" if danish else "generalised boundaries")
    if outlines.file:
        yield OriginLine("Fil" if danish else "File", outlines.file.path, code=True)
        yield from _hash(outlines.file)


def _rule(traced: Trace, language: str) -> Iterator[OriginLine]:
    danish, protection = language == "da", traced.protection
    yield OriginLine("Regel" if danish else "Rule", protection.name.in_(language) if protection.name else protection.rule)
    if protection.threshold is not None:
        who = _WHO[traced.built.audience].in_(language)
        zero = (("også nul skjules" if danish else "zero is hidden too"),) if protection.hide_zero else ()
        words = "; ".join((*limits(protection.threshold, language), *zero)) or ("skjuler intet" if danish else "hides nothing")
        yield OriginLine(f"Grænser for {who}" if danish else f"Limits for {who}", words)
    if protection.note:
        yield OriginLine("Begrundelse" if danish else "Grounds", protection.note.in_(language))
    if protection.cite:
        yield OriginLine("Hviler på" if danish else "Rests on", f"{protection.cite.source} {protection.cite.locator}".strip())
    if protection.file:
        yield OriginLine("Fil" if danish else "File", protection.file.path, code=True)
        yield from _hash(protection.file)


def _built(traced: Trace, language: str) -> Iterator[OriginLine]:
    danish, built = language == "da", traced.built
    yield OriginLine("Udgave" if danish else "Edition", built.edition, code=True)
    yield OriginLine("Tal hentet senest" if danish else "Figures retrieved by", wording.date(dt.date.fromisoformat(built.as_of), language))
    yield OriginLine("Bygget af" if danish else "Built by", f"{built.program or wording.NONE} (format {built.format})")
    yield OriginLine("Tabel" if danish else "Table", built.table, code=True)
    if built.sha256:
        yield OriginLine("SHA-256", built.sha256, code=True)


def _hash(file: InputFile) -> Iterator[OriginLine]:
    if file.sha256:
        yield OriginLine("SHA-256", file.sha256, code=True)
