"""The figures of a map, or of two beside each other, as an XLSX workbook: a sheet to work with, and one that says what they are.

Every text is written as a text cell, so that no spreadsheet takes it for a formula or an address; the same edition gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from geo.model.indicators import Indicator
from geo.model.results import AreaLayer
from geo.model.vocabulary import Reason, Status, Text
from webmap.edition.reader import Reader
from webmap.edition.sources import SourceLine
from webmap.language import wording
from webmap.language.terms import INTERVAL

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""How every workbook is written: text stays text."""

HEADINGS: Final[Mapping[str, Text]] = {
    "area_name": Text(da="Område", en="Area"),
    "area_id": Text(da="Kode", en="Code"),
    "period": Text(da="Periode", en="Period"),
    "indicator_name": Text(da="Indikator", en="Indicator"),
    "value": Text(da="Værdi", en="Value"),
    "unit": Text(da="Enhed", en="Unit"),
    "low": Text(da="Nedre grænse", en="Lower bound"),
    "high": Text(da="Øvre grænse", en="Upper bound"),
    "interval": Text(da="Usikkerhed", en="Uncertainty"),
    "numerator": Text(da="Tæller", en="Numerator"),
    "denominator": Text(da="Nævner", en="Denominator"),
    "n": Text(da="Antal svar", en="Answers"),
    "status": Text(da="Status", en="Status"),
    "demo": wording.DEMO,
    "source_title": Text(da="Kilde", en="Source"),
    "edition": Text(da="Udgave", en="Edition"),
    "trace": Text(da="Hvor tallet kommer fra", en="Where the figure came from"),
}
"""Columns of the sheet of figures: names of `tables.COLUMNS` with their headings."""

_WIDTHS: Final[Mapping[str, int]] = {
    "area_name": 28,
    "period": 16,
    "indicator_name": 32,
    "unit": 18,
    "interval": 24,
    "status": 34,
    "source_title": 48,
    "trace": 40,
}
_TEXTS: Final[Mapping[str, Text]] = {
    "figures": Text(da="Tal", en="Figures"),
    "about": Text(da="Om tallene", en="About the figures"),
    "demo_about": Text(
        da="Tallene er opdigtede og viser kun, hvordan opgørelsen virker.", en="The figures are invented and only show how it works."
    ),
    "indicator": Text(da="Indikator", en="Indicator"),
    "population": Text(da="Hvem tallet handler om", en="Who the figure is about"),
    "unit": Text(da="Enhed", en="Unit"),
    "definition": Text(da="Hvad tallet betyder", en="What the figure means"),
    "area_set": Text(da="Inddeling", en="Areas"),
    "boundaries": Text(da="Grænser", en="Boundaries"),
    "source": Text(da="Kilde", en="Source"),
    "edition": Text(da="Udgave", en="Edition"),
    "as_of": Text(da="Tal hentet senest", en="Figures last retrieved"),
    "link": Text(da="Varigt link", en="Permanent link"),
    "blank": Text(
        da="Et tomt felt er et tal, der mangler, aldrig nul; kolonnen Status siger hvorfor.",
        en="An empty cell is a figure that is absent, never zero; the column Status says why.",
    ),
}


@dataclass(frozen=True)
class CoverSheet:
    """Whose figures a workbook holds, and for whom. area_set: its name; link: the permanent address of the page they stand on."""

    reader: Reader
    indicators: Sequence[Indicator]
    area_set: str
    boundaries: str
    sources: Sequence[SourceLine]
    demo: bool
    link: str

    @property
    def title(self) -> str:
        """Indicators and area set."""
        return ", ".join([*(indicator.name.in_(self.reader.language) for indicator in self.indicators), self.area_set])


@dataclass(frozen=True)
class _Formats:
    """Looks of cells. numbers: by indicator id, each with its decimals."""

    text: Format
    head: Format
    wrapped: Format
    demo: Format
    numbers: Mapping[str, Format]
    count: Format


def boundaries(layer: AreaLayer) -> str:
    """Where the outlines of an area set come from."""
    return " · ".join(part for part in (layer.title, layer.producer, layer.licence) if part)


def xlsx(cover: CoverSheet, table: Iterable[Mapping[str, Any]]) -> bytes:
    """Write figures as a workbook. table: records of `tables.COLUMNS`, of the cover's indicators."""
    language = cover.reader.language
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        day = cover.reader.edition.manifest.as_of
        book.set_properties(
            {"title": cover.title, "author": "Områdekort", "created": dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)}
        )
        formats = _Formats(
            text=book.add_format({"num_format": "@", "quote_prefix": True}),
            head=book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            wrapped=book.add_format({"num_format": "@", "quote_prefix": True, "text_wrap": True, "valign": "top"}),
            demo=book.add_format({"bold": True, "bg_color": "#fff3d6", "font_color": "#6f4400"}),
            numbers={
                indicator.id: book.add_format({"num_format": "0" + "." * bool(indicator.decimals) + "0" * indicator.decimals})
                for indicator in cover.indicators
            },
            count=book.add_format({"num_format": "#,##0"}),
        )
        name = wording.DEMO if cover.demo else _TEXTS["figures"]
        _figures(book.add_worksheet(name.in_(language)), table, formats, language)
        _about(book.add_worksheet(_TEXTS["about"].in_(language)), _lines(cover), formats, demo=cover.demo, language=language)
    return out.getvalue()


def _figures(sheet: Worksheet, table: Iterable[Mapping[str, Any]], formats: _Formats, language: str) -> None:
    for column, (name, heading) in enumerate(HEADINGS.items()):
        sheet.write_string(0, column, heading.in_(language), formats.head)
        sheet.set_column(column, column, _WIDTHS.get(name, 12))
    last = 0
    for last, record in enumerate(table, 1):
        for column, name in enumerate(HEADINGS):
            _write(sheet, (last, column), _said(record, name, language), formats, number=formats.numbers[record["indicator"]])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(HEADINGS) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _write(sheet: Worksheet, place: tuple[int, int], content: Any, formats: _Formats, *, number: Format) -> None:
    if isinstance(content, int | float):
        whole = float(content).is_integer() and list(HEADINGS)[place[1]] in {"numerator", "denominator", "n"}
        sheet.write_number(*place, content, formats.count if whole else number)
    elif content:
        sheet.write_string(*place, str(content), formats.text)


def _said(record: Mapping[str, Any], name: str, language: str) -> Any:
    """A cell: periods, intervals and statuses in the reader's words, all else as it is."""
    if name == "period":
        words = wording.period(record["period"], language)
        return wording.mean(record["period"], language) if record["mean_of"] else words
    if name == "interval":
        return INTERVAL[record["interval"]].in_(language) if record["value"] is not None else ""
    if name == "status":
        words = wording.STATUS[Status(record["status"])].in_(language)
        return f"{words}: {wording.REASON[Reason(record['reason'])].in_(language)}" if record["reason"] else words
    return record[name]


def _lines(cover: CoverSheet) -> Sequence[tuple[str, str]]:
    """What the second sheet says, a heading and a text a line."""
    language = cover.reader.language
    parts = [
        *(line for indicator in cover.indicators for line in _measured(indicator, language)),
        ("area_set", cover.area_set),
        ("boundaries", cover.boundaries),
        *(
            ("source", " · ".join(part for part in (source.title, source.producer, source.licence, source.retrieved, source.url) if part))
            for source in cover.sources
        ),
        ("edition", cover.reader.edition.id),
        ("as_of", wording.date(cover.reader.edition.manifest.as_of, language)),
        ("link", cover.link),
    ]
    return [(_TEXTS[name].in_(language), text) for name, text in parts]


def _measured(indicator: Indicator, language: str) -> Iterable[tuple[str, str]]:
    yield "indicator", indicator.name.in_(language)
    yield "population", indicator.population.in_(language)
    yield "unit", indicator.unit.in_(language)
    yield from (("definition", definition.text.in_(language)) for definition in indicator.definitions)


def _about(sheet: Worksheet, lines: Sequence[tuple[str, str]], formats: _Formats, *, demo: bool, language: str) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    row = 0
    if demo:
        sheet.write_string(0, 0, wording.DEMO.in_(language), formats.demo)
        sheet.write_string(0, 1, _TEXTS["demo_about"].in_(language), formats.demo)
        row = 1
    for heading, text in lines:
        sheet.write_string(row, 0, heading, formats.head)
        sheet.write_string(row, 1, text, formats.wrapped)
        row += 1
    sheet.write_string(row, 1, _TEXTS["blank"].in_(language), formats.wrapped)
