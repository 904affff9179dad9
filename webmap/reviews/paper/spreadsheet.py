"""A round as a spreadsheet. Every cell that holds words is a cell of text: no spreadsheet takes it for a formula, a link or a number."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from webmap.figures.formats.xlsx import OPTIONS
from webmap.language import wording
from webmap.language.translation import gettext as _
from webmap.reviews import checks, texts, views, writing
from webmap.reviews.checks import ACTION_STATUS, UNITS
from webmap.reviews.store.records import Round
from webmap.reviews.views import PageView, RoundView

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
        number = book.add_format({"valign": "top"})
        for name, rows in _sheets(round_, language, departments, figures=figures):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(row) for row in rows) - 1, _NARROW if len(rows[0]) > 4 else _WIDE)
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    _write(sheet, (y, x), cell, head if y == 0 else number if not isinstance(cell, str) else text)
    return out.getvalue()


def _write(sheet: Worksheet, place: tuple[int, int], cell: Cell, look: object) -> None:
    if isinstance(cell, str):
        sheet.write_string(*place, cell, look)
    else:
        sheet.write_number(*place, float(cell), look)


def _sheets(round_: Round, language: str, departments: Sequence[str], *, figures: bool) -> Iterator[tuple[str, Rows]]:
    view = views.round_view(round_, figures=figures)
    pages = [views.page_view(page, figures=figures) for page in round_.pages]
    yield _("Overblik"), _overview(view, language, departments)
    yield _("Sider"), [_head("decision", "owner", "due", "note", "followup", language=language), *(_page(page, language) for page in pages)]
    for name, title in (
        ("actions", _("Handlinger")),
        ("money", _("Medfinansiering")),
        ("initiatives", _("Initiativer")),
        ("approvals", _("Godkendte ændringer")),
    ):
        head = [_("Side"), *(texts.LABEL[f"{name}/{field}"].in_(language) for field in writing.IN_ROW[name])]
        yield title, [head, *(row for page in pages for row in _rows(page, name, language))]
    if figures:
        yield _("Tal"), _figures(pages, language)
    addenda = [
        (view.names[a.page_id].in_(language) if a.page_id else "", a.user_name, texts.moment(a.at, language), a.text) for a in view.addenda
    ]
    yield _("Tilføjelser"), [(_("Side"), _("Navn"), _("Tid"), _("Tekst")), *addenda]


def _overview(view: RoundView, language: str, departments: Sequence[str]) -> Rows:
    signed = texts.moment(view.signed_at, language) if view.is_signed else _("kladde, ikke underskrevet")
    return [
        (_("Gennemgang"), wording.period(view.period, language), ""),
        (_("Underskrevet"), signed, ""),
        (_("Udgave"), view.edition, ""),
        (_("Indholdets kontrolsum"), view.digest, ""),
        *(
            (name, signature.user_name, texts.moment(signature.at, language)) if signature else (name, _("mangler"), "")
            for name, signature in view.signed_by(departments)
        ),
    ]


def _head(*fields: str, language: str) -> list[str]:
    return [_("Side"), _("Slags"), _("Status"), *(texts.LABEL[name].in_(language) for name in fields)]


def _page(page: PageView, language: str) -> Sequence[Cell]:
    w = page.writing
    ready = _("klar") if w.ready else _("ikke meldt klar")
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
    head = [
        _("Side"),
        _("Tal"),
        _("Område"),
        _("Periode"),
        _("Værdi"),
        _("Fra"),
        _("Til"),
        _("Enhed"),
        _("Status"),
        _("Før"),
        _("Hvad kan siges"),
        _("Kilde"),
    ]
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
    return [head, *lines]
