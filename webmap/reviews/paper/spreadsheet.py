"""A round as a spreadsheet. Every cell that holds words is a cell of text: no spreadsheet takes it for a formula, a link or a number."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from geo.model.vocabulary import Text
from webmap.figures.formats.xlsx import OPTIONS
from webmap.reviews import checks, texts, views, writing
from webmap.reviews.checks import ACTION_STATUS, UNITS
from webmap.reviews.store.records import Round
from webmap.reviews.views import PageView, RoundView

PAGE: Final = Text(da="Side", en="Page")
FIGURES: Final = (
    PAGE,
    Text(da="Tal", en="Figures"),
    Text(da="Område", en="Area"),
    Text(da="Periode", en="Period"),
    Text(da="Værdi", en="Value"),
    Text(da="Fra", en="From"),
    Text(da="Til", en="To"),
    Text(da="Enhed", en="Unit"),
    Text(da="Status", en="Status"),
    Text(da="Før", en="Before"),
    Text(da="Hvad kan siges", en="What can be said"),
    Text(da="Kilde", en="Source"),
)
"""Columns of the sheet of figures."""

ADDENDA: Final = (PAGE, Text(da="Navn", en="Name"), Text(da="Tid", en="Time"), Text(da="Tekst", en="Text"))
"""Columns of the sheet of addenda."""

_WIDE, _NARROW = 48, 18

Cell = str | float | Decimal | int
Rows = Sequence[Sequence[Cell]]


def make(round_: Round, language: str, departments: Sequence[str], *, figures: bool) -> bytes:
    """Make the workbook of a round: overview, pages, actions, money, initiatives, approvals, figures, signatures, addenda.

    figures: whether the reader may read the staff's figures; without them there is no sheet of figures.

    Amounts and figures are numbers, all else is text with a quote before it, so that it stays text when the file is saved again. The
    workbook is dated to when the round was signed, or opened until it is: the same round gives the same bytes.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"created": dt.datetime.fromisoformat(round_.signed_at or round_.opened_at)})
        head, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True, "valign": "top"})
        text.set_quote_prefix()
        whole, broken = (book.add_format({"valign": "top", "num_format": shape}) for shape in ("#,##0", "#,##0.0##"))
        looks = {"text": text, "whole": whole, "broken": broken}
        for name, rows in _sheets(round_, language, departments, figures=figures):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(row) for row in rows) - 1, _NARROW if len(rows[0]) > 4 else _WIDE)
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    _write(sheet, (y, x), cell, head if y == 0 else looks[_kind(cell)])
    return out.getvalue()


def _kind(cell: Cell) -> str:
    return "text" if isinstance(cell, str) else "broken" if cell % 1 else "whole"


def _write(sheet: Worksheet, place: tuple[int, int], cell: Cell, look: object) -> None:
    if isinstance(cell, str):
        sheet.write_string(*place, cell, look)
    else:
        sheet.write_number(*place, float(cell), look)


def _sheets(round_: Round, language: str, departments: Sequence[str], *, figures: bool) -> Iterator[tuple[str, Rows]]:
    view = views.round_view(round_, figures=figures)
    pages = [views.page_view(page, figures=figures) for page in round_.pages]
    yield Text(da="Overblik", en="Overview").in_(language), _overview(view, language, departments)
    yield (
        Text(da="Sider", en="Pages").in_(language),
        [_head("decision", "owner", "due", "note", "followup", language=language), *(_page(page, language) for page in pages)],
    )
    for name, title in (
        ("actions", Text(da="Handlinger", en="Actions").in_(language)),
        ("money", Text(da="Medfinansiering", en="Co-financing").in_(language)),
        ("initiatives", Text(da="Initiativer", en="Initiatives").in_(language)),
        ("approvals", Text(da="Godkendte ændringer", en="Approved changes").in_(language)),
    ):
        head = [PAGE.in_(language), *(texts.LABEL[f"{name}/{field}"].in_(language) for field in writing.IN_ROW[name])]
        yield title, [head, *(row for page in pages for row in _rows(page, name, language))]
    if figures:
        yield Text(da="Tal", en="Figures").in_(language), _figures(pages, language)
    addenda = [
        (view.names[a.page_id].in_(language) if a.page_id else "", a.user_name, texts.moment(a.at, language), a.text) for a in view.addenda
    ]
    yield (
        Text(da="Tilføjelser", en="Addenda").in_(language),
        [
            [name.in_(language) for name in ADDENDA],
            *addenda,
        ],
    )


def _overview(view: RoundView, language: str, departments: Sequence[str]) -> Rows:
    signed = texts.moment(view.signed_at, language) if view.is_signed else texts.unsigned(language, cancelled=view.is_cancelled)
    return [
        (Text(da="Gennemgang", en="Review").in_(language), texts.half_year(view.period, language), ""),
        (Text(da="Underskrevet", en="Signed").in_(language), signed, ""),
        (Text(da="Udgave", en="Edition").in_(language), view.edition, ""),
        (Text(da="Indholdets kontrolsum", en="Digest of the content").in_(language), view.digest, ""),
        *(
            (name, signature.user_name, texts.moment(signature.at, language))
            if signature
            else (name, Text(da="mangler", en="missing").in_(language), "")
            for name, signature in view.signed_by(departments)
        ),
    ]


def _head(*fields: str, language: str) -> list[str]:
    return [
        PAGE.in_(language),
        Text(da="Slags", en="Kind").in_(language),
        Text(da="Status", en="Status").in_(language),
        *(texts.LABEL[name].in_(language) for name in fields),
    ]


def _page(page: PageView, language: str) -> Sequence[Cell]:
    w = page.writing
    ready = Text(da="klar", en="ready").in_(language) if w.ready else Text(da="ikke klar", en="not ready").in_(language)
    return (page.facts.name.in_(language), page.facts.kind.in_(language), ready, w.decision, w.owner, w.due, w.note, w.followup)


def _rows(page: PageView, name: str, language: str) -> Iterator[Sequence[Cell]]:
    for row in getattr(page.writing, name):
        cells = [_cell(field, getattr(row, field), page, language) for field in writing.IN_ROW[name]]
        yield [page.facts.name.in_(language), *cells]


def _cell(field: str, text: str, page: PageView, language: str) -> Cell:
    if field in {"promised", "delivered"}:
        amount = checks.amount(text)
        return text if amount is None else amount
    known = {"status": ACTION_STATUS, "unit": UNITS, "theme": page.facts.theme_names}.get(field, {})
    return known[text].in_(language) if text in known else text


def _figures(pages: Sequence[PageView], language: str) -> Rows:
    lines = []
    for page in pages:
        for figure in page.facts.figures:
            numbers = [cell if cell is not None else "" for cell in (figure.value, figure.low, figure.high)]
            since = (
                (f"{figure.since.said.in_(language)}, {figure.since.period.in_(language)}", figure.since.text.in_(language))
                if figure.since
                else ("", "")
            )
            said = (figure.name.in_(language), figure.area, figure.period_name.in_(language))
            lines.append(
                [
                    page.facts.name.in_(language),
                    *said,
                    *numbers,
                    figure.unit.in_(language) or "%",
                    figure.status_said.in_(language),
                    *since,
                    figure.source,
                ]
            )
    return [[name.in_(language) for name in FIGURES], *lines]
