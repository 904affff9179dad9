"""XLSX: figures as a workbook with a sheet to work with, and one that says what they are.

Every text is written as a text cell, so that no spreadsheet takes it for a formula or an address; the same edition gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format as Cell
from xlsxwriter.worksheet import Worksheet

from geo.model.indicators import Indicator
from geo.model.vocabulary import Reason, Status, Text
from webmap.figures import records
from webmap.figures.formats import sheets
from webmap.figures.formats.table import FigureTable, Format, Record, typed
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
    "area_set": Text(da="Inddeling", en="Areas"),
}
"""Columns of the sheet of figures: names of `records.COLUMNS` with their headings. A table may bring headings of its own."""

_NAMES: Final = {text.in_(language): name for name, text in HEADINGS.items() for language in ("da", "en")}
_COUNTS: Final = frozenset({"numerator", "denominator", "n"})

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
    "blank_reason": Text(
        da="Et tomt felt er et tal, der mangler, aldrig nul; kolonnen Begrundelse siger hvorfor.",
        en="An empty cell is a figure that is absent, never zero; the column Reason says why.",
    ),
}


@dataclass(frozen=True)
class _CellStyles:
    """Styles of cells. numbers: by indicator id, each with its decimals."""

    text: Cell
    head: Cell
    wrapped: Cell
    demo: Cell
    numbers: Mapping[str, Cell]
    count: Cell
    plain: Cell


def _write(table: FigureTable) -> bytes:
    """A table as a workbook."""
    language = table.reader.language
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        day = table.reader.edition.manifest.as_of
        book.set_properties(
            {"title": table.title, "author": "Områdekort", "created": dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)}
        )
        styles = _CellStyles(
            text=book.add_format({"num_format": "@", "quote_prefix": True}),
            head=book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            wrapped=book.add_format({"num_format": "@", "quote_prefix": True, "text_wrap": True, "valign": "top"}),
            demo=book.add_format({"bold": True, "bg_color": "#fff3d6", "font_color": "#6f4400"}),
            numbers={
                indicator.id: book.add_format({"num_format": "0" + "." * bool(indicator.decimals) + "0" * indicator.decimals})
                for indicator in table.indicators
            },
            count=book.add_format({"num_format": "#,##0"}),
            plain=book.add_format(),
        )
        name = wording.DEMO if table.demo else _TEXTS["figures"]
        _figures(book.add_worksheet(name.in_(language)), table, styles)
        about = [*_lines(table), ("", _TEXTS["blank_reason" if table.headings else "blank"].in_(language))]
        _about(book.add_worksheet(_TEXTS["about"].in_(language)), about, styles, demo=table.demo, language=language)
    return out.getvalue()


def _columns(table: FigureTable) -> Sequence[str]:
    """The columns of the sheet; that of area sets only where there are several."""
    if table.headings:
        return list(table.headings)
    return [name for name in HEADINGS if name != "area_set" or not table.area_set]


def _figures(sheet: Worksheet, table: FigureTable, styles: _CellStyles) -> None:
    columns = _columns(table)
    for column, name in enumerate(columns):
        sheet.write_string(0, column, (table.headings or HEADINGS)[name].in_(table.reader.language), styles.head)
        sheet.set_column(column, column, _WIDTHS.get(name, 12))
    for row, record in enumerate(table.records, 1):
        for column, name in enumerate(columns):
            content = _said(record, name, table)
            if isinstance(content, int | float):
                sheet.write_number(row, column, content, _style(styles, record["indicator"], name, content))
            elif content:
                sheet.write_string(row, column, str(content), styles.text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(table.records), len(columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _style(styles: _CellStyles, indicator: str, name: str, number: float) -> Cell:
    """Whole counts without decimals, all other numbers with those of the indicator, as they are where there is none."""
    return styles.count if name in _COUNTS and float(number).is_integer() else styles.numbers.get(indicator, styles.plain)


def _said(record: Record, name: str, table: FigureTable) -> Any:
    """A cell: periods, intervals, statuses and area sets in the reader's words, all else as it is."""
    language = table.reader.language
    if table.headings:
        return wording.period(record[name], language) if name.endswith("_period") and record[name] else record[name]
    if name == "period":
        words = wording.period(record["period"], language)
        return wording.mean(record["period"], language) if record["mean_of"] else words
    if name == "interval":
        return INTERVAL[record["interval"]].in_(language) if record["value"] is not None else ""
    if name == "status":
        words = wording.STATUS[Status(record["status"])].in_(language)
        return f"{words}: {wording.REASON[Reason(record['reason'])].in_(language)}" if record["reason"] else words
    if name == "area_set":
        kind = table.reader.edition.catalogue.area_set(record["area_set"])
        return kind.name.in_(language) if kind else record["area_set"]
    return record[name]


def _lines(table: FigureTable) -> Sequence[tuple[str, str]]:
    """What the second sheet says, a heading and a text a line."""
    language = table.reader.language
    parts = [
        *(line for indicator in table.indicators for line in _measured(indicator, language)),
        ("area_set", table.set_name),
        ("boundaries", table.boundaries),
        *(
            ("source", " · ".join(part for part in (line.title, line.producer, line.licence, line.retrieved, line.url) if part))
            for line in table.sources
        ),
        ("edition", table.reader.edition.id),
        ("as_of", wording.date(table.reader.edition.manifest.as_of, language)),
        ("link", table.link),
    ]
    return [(_TEXTS[name].in_(language), text) for name, text in parts if text]


def _measured(indicator: Indicator, language: str) -> Iterable[tuple[str, str]]:
    yield "indicator", indicator.name.in_(language)
    yield "population", indicator.population.in_(language)
    yield "unit", indicator.unit.in_(language)
    yield from (("definition", definition.text.in_(language)) for definition in indicator.definitions)


def _about(sheet: Worksheet, lines: Sequence[tuple[str, str]], styles: _CellStyles, *, demo: bool, language: str) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    row = 0
    if demo:
        sheet.write_string(0, 0, wording.DEMO.in_(language), styles.demo)
        sheet.write_string(0, 1, _TEXTS["demo_about"].in_(language), styles.demo)
        row = 1
    for heading, text in lines:
        sheet.write_string(row, 0, heading, styles.head)
        sheet.write_string(row, 1, text, styles.wrapped)
        row += 1


def _read(body: bytes) -> Iterator[Record]:
    """The rows of the sheet of figures by column names, with the codes that the address in the last column says.

    Statuses, intervals and what else is in words stays so.
    """
    for rows in sheets.cells(body):
        names = [_NAMES.get(text, text) for text in rows[0]] if rows else []
        for row in rows[1:] if {"area_id", "trace"} <= {*names} else ():
            cells = dict(zip_longest(names, row, fillvalue=""))
            yield typed(cells) | records.key_of(cells["trace"])


_NEEDED: Final = frozenset({"indicator", "indicator_name", "unit", "source_title", "edition", "trace"})
XLSX: Final = Format("xlsx", "XLSX", MEDIA_TYPE, _write, _read, needs=_NEEDED)
