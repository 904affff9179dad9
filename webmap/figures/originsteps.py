"""What is known of a figure at each step of the way back to its source, in lines of words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from geo.editions.trace import CountOrigin, Trace, TracedFigure
from geo.model.indicators import Indicator, RegisterMeasure
from geo.model.results import CAUTIOUS, InputFile
from geo.model.vocabulary import Audience, Text
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


_WHO: Mapping[Audience, Text] = {
    Audience.PUBLIC: Text(da="offentligheden", en="the public"),
    Audience.STAFF: Text(da="medarbejdere", en="staff"),
    Audience.SSP: Text(da="SSP", en="SSP"),
}


def of_figure(traced: Trace, reader: Reader, indicator: Indicator) -> Iterator[OriginLine]:
    """The figure itself: of what, of whom, where, when, and how sure it is."""
    figure = traced.figure
    kind = reader.edition.catalogue.area_set(figure.area_set)
    yield OriginLine(
        Text(da="Indikator", en="Indicator").in_(reader.language),
        f"{indicator.name.in_(reader.language)}, {indicator.unit.in_(reader.language)}",
    )
    yield OriginLine(Text(da="Hvem det handler om", en="Of whom").in_(reader.language), indicator.population.in_(reader.language))
    singular = kind.singular.in_(reader.language) if kind else figure.area_set
    yield OriginLine(Text(da="Område", en="Area").in_(reader.language), f"{figure.area_name} ({singular} {figure.area_id})")
    yield OriginLine(Text(da="Periode", en="Period").in_(reader.language), wording.when(figure.period, indicator, reader.language))
    status = {"status": figure.status, "reason": figure.reason or ""}
    if figure.value is not None:
        yield OriginLine(Text(da="Værdi", en="Value").in_(reader.language), _with_unit(figure.value, indicator, reader.language))
        words = INTERVAL[figure.interval].in_(reader.language) if figure.interval in INTERVAL else figure.interval
        ends = wording.interval(numbers(figure), indicator, reader.language)
        yield OriginLine(
            Text(da="Usikkerhed", en="Uncertainty").in_(reader.language),
            f"{ends} ({words})" if any(sign.isdigit() for sign in ends) else words,
        )
    for amount, name in (
        (figure.numerator, Text(da="Tæller", en="Numerator").in_(reader.language)),
        (figure.denominator, Text(da="Nævner", en="Denominator").in_(reader.language)),
        (figure.n, Text(da="Svar", en="Answers").in_(reader.language)),
    ):
        if amount is not None:
            yield OriginLine(name, wording.number(amount, decimals=0 if amount.is_integer() else 2, language=reader.language))
    yield OriginLine("Status", wording.status(status, reader.language))


def numbers(figure: TracedFigure) -> dict[str, float | str]:
    """The numbers of a figure as a row of observations has them, NaN for those that it lacks."""
    numbers = {name: getattr(figure, name) for name in ("value", "low", "high", "numerator", "denominator", "n")}
    absent = float("nan")
    return {**{name: absent if number is None else number for name, number in numbers.items()}, "interval": figure.interval}


def _with_unit(amount: float, indicator: Indicator, language: str) -> str:
    value, unit = wording.value_and_unit(amount, indicator, language)
    return f"{value} {unit}".strip()


def of_source(traced: Trace, language: str) -> Iterator[OriginLine]:
    """The publication that the figure stands in."""
    source = traced.origin.source
    if source is not None:
        yield OriginLine(Text(da="Titel", en="Title").in_(language), source.title, web=web(source.url))
        yield OriginLine(Text(da="Udgiver", en="Publisher").in_(language), source.producer)
        yield OriginLine(Text(da="Kvalitet", en="Quality").in_(language), QUALITY[source.quality].in_(language))
        yield OriginLine(Text(da="Hentet", en="Retrieved").in_(language), wording.date(source.retrieved, language))
        if source.licence:
            yield OriginLine(Text(da="Licens", en="Licence").in_(language), source.licence)
        if source.design_effect and traced.figure.interval in CAUTIOUS:
            yield OriginLine(Text(da="Designeffekt", en="Design effect").in_(language), source.design_effect.note.in_(language))
    if traced.origin.locator:
        yield OriginLine(Text(da="Sted i kilden", en="Place in the source").in_(language), traced.origin.locator)


def of_file(traced: Trace, language: str) -> Iterator[OriginLine]:
    """The file and the row that it was read from, or what was counted."""
    origin = traced.origin
    if traced.parts:
        return  # the files are those of the parts
    if origin.file is None:
        yield OriginLine(
            Text(da="Fil", en="File").in_(language),
            Text(da="ingen fil har en række for området", en="no file has a row for the area").in_(language),
        )
        return
    yield OriginLine(Text(da="Fil", en="File").in_(language), origin.file.path, code=True)
    if origin.row is not None:
        sheet = Text(da="filen har kun ét", en="the file has only one").in_(language)
        yield OriginLine(Text(da="Ark", en="Sheet").in_(language), origin.sheet or sheet)
        yield OriginLine(
            Text(da="Række", en="Row").in_(language),
            Text(da=f"{origin.row} (overskriften er række 1)", en=f"{origin.row} (the header is row 1)").in_(language),
        )
    if origin.measure is not None:
        yield OriginLine(Text(da="Talt op", en="Counted").in_(language), _counted(origin.measure, language))
    if origin.file.retrieved:
        yield OriginLine(
            Text(da="Hentet til import", en="Retrieved for import").in_(language), wording.date(origin.file.retrieved, language)
        )
    if origin.file.changed:
        yield OriginLine(Text(da="Ændret ved importen", en="Changed on import").in_(language), origin.file.changed)
    yield from _hash(origin.file)
    moved = Text(da="ingen; tallet er opgjort i området selv", en="none; the figure was made for the area itself").in_(language)
    yield OriginLine(Text(da="Vægte", en="Weights").in_(language), origin.weights or moved)


def of_parts(traced: Trace, indicator: Indicator, language: str) -> Iterator[OriginLine]:
    """The areas that an apportioned figure was made from, each with its weight, its figure and where that stands."""
    asked = indicator.apportioned
    if not traced.parts or asked is None:
        return
    yield OriginLine(Text(da="Fordelt efter", en="Divided by").in_(language), DIVIDED[asked.by].in_(language))
    for part in traced.parts:
        share = wording.number(100 * part.share, decimals=2, language=language) + wording.percent_sign(language)
        status = wording.status({"status": part.figure.status, "reason": part.figure.reason or ""}, language)
        figure = status if part.figure.value is None else _with_unit(part.figure.value, indicator, language)
        amount = Text(da=f"{share} af {figure}", en=f"{share} of {figure}").in_(language)
        yield OriginLine(part.figure.area_name, ", ".join((amount, *_place(part.origin, language))))


def _place(origin: CountOrigin, language: str) -> tuple[str, ...]:
    """Source, file and row of a part, as far as they are known."""
    row = Text(da=f", række {origin.row}", en=f", row {origin.row}").in_(language) if origin.row is not None else ""
    return (*((origin.source.short,) if origin.source else ()), *((origin.file.path + row,) if origin.file else ()))


def _counted(measure: RegisterMeasure, language: str) -> str:
    """What makes the denominator and the numerator, in the register's own words."""
    everybody = Text(da="alle", en="everybody").in_(language)
    among = _conditions(measure.where) or everybody
    part = _conditions(measure.having)
    return Text(
        da=f"rækker med {among}" + (f"; tælleren er dem med {part}" if part else ""),
        en=f"rows with {among}" + (f"; the numerator is those with {part}" if part else ""),
    ).in_(language)


def _conditions(asked: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(f"{column} = {'/'.join(words)}" for column, words in asked.items())


def of_definition(traced: Trace, language: str) -> Iterator[OriginLine]:
    """By which definition it was made."""
    definition = traced.definition
    yield OriginLine("Version", traced.version or wording.NONE, code=True)
    if definition is not None:
        yield OriginLine(Text(da="Ordlyd", en="Wording").in_(language), definition.text.in_(language))
        yield OriginLine(Text(da="Gælder", en="Valid").in_(language), _span(definition.valid_from, definition.valid_to, language))
        if definition.cite:
            yield OriginLine(Text(da="Står i", en="Stated in").in_(language), f"{definition.cite.source} {definition.cite.locator}".strip())
    if traced.definition_file:
        yield OriginLine(Text(da="Fil", en="File").in_(language), traced.definition_file.path, code=True)
        yield from _hash(traced.definition_file)


def _span(first: dt.date | None, last: dt.date | None, language: str) -> str:
    ends = ((Text(da="fra", en="from"), first), (Text(da="til", en="until"), last))
    words = " ".join(f"{word.in_(language)} {wording.date(day, language)}" for word, day in ends if day)
    return words or Text(da="altid", en="always").in_(language)


def of_outlines(traced: Trace, language: str) -> Iterator[OriginLine]:
    """In which boundaries of the area."""
    outlines = traced.outlines
    yield OriginLine(Text(da="Lag", en="Layer").in_(language), f"{outlines.title}, {outlines.producer}, {outlines.licence}")
    yield OriginLine(Text(da="Årgang", en="Vintage").in_(language), _span(outlines.edition.valid_from, outlines.edition.valid_to, language))
    if outlines.generalised:
        yield OriginLine(
            Text(da="Nøjagtighed", en="Accuracy").in_(language),
            Text(da="forenklede grænser", en="generalised boundaries").in_(language),
        )
    if outlines.file:
        yield OriginLine(Text(da="Fil", en="File").in_(language), outlines.file.path, code=True)
        yield from _hash(outlines.file)


def of_rule(traced: Trace, language: str) -> Iterator[OriginLine]:
    """What the rule of disclosure hides from those who read this part of the edition."""
    protection = traced.protection
    yield OriginLine(Text(da="Regel", en="Rule").in_(language), protection.name.in_(language) if protection.name else protection.rule)
    if protection.threshold is not None:
        who = _WHO[traced.built.audience].in_(language)
        zero = (Text(da="også nul skjules", en="zero is hidden too").in_(language),) if protection.hide_zero else ()
        words = "; ".join((*limits(protection.threshold, language), *zero)) or Text(da="skjuler intet", en="hides nothing").in_(language)
        yield OriginLine(Text(da=f"Grænser for {who}", en=f"Limits for {who}").in_(language), words)
    if protection.note:
        yield OriginLine(Text(da="Begrundelse", en="Grounds").in_(language), protection.note.in_(language))
    if protection.cite:
        yield OriginLine(Text(da="Hviler på", en="Rests on").in_(language), f"{protection.cite.source} {protection.cite.locator}".strip())
    if protection.file:
        yield OriginLine(Text(da="Fil", en="File").in_(language), protection.file.path, code=True)
        yield from _hash(protection.file)


def of_edition(traced: Trace, language: str) -> Iterator[OriginLine]:
    """Which edition it stands in, and what made that."""
    built = traced.built
    yield OriginLine(Text(da="Udgave", en="Edition").in_(language), built.edition, code=True)
    yield OriginLine(
        Text(da="Tal hentet senest", en="Figures retrieved by").in_(language), wording.date(dt.date.fromisoformat(built.as_of), language)
    )
    yield OriginLine(Text(da="Bygget af", en="Built by").in_(language), f"{built.program or wording.NONE} (format {built.format})")
    yield OriginLine(Text(da="Tabel", en="Table").in_(language), built.table, code=True)
    if built.sha256:
        yield OriginLine("SHA-256", built.sha256, code=True)


def _hash(file: InputFile) -> Iterator[OriginLine]:
    if file.sha256:
        yield OriginLine("SHA-256", file.sha256, code=True)
