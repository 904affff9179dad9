"""Tables of figures as other programs write them, about the toy town."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'office:version="1.2"><office:body><office:spreadsheet>'
)


def workbook(
    path: Path,
    rows: Sequence[Sequence[object]],
    *,
    percent: Sequence[tuple[int, int]] = (),
    merged: Mapping[str, str] | None = None,
    more: Mapping[str, Sequence[Sequence[object]]] | None = None,
) -> Path:
    """An XLSX of one sheet and perhaps more. percent: cells (row and column from 0) formatted so. merged: texts by range (A1:C1)."""
    book = xlsxwriter.Workbook(path)
    share, day = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "dd-mm-yyyy"})
    for name, lines in {"Tal": rows, **(more or {})}.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(lines):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(number, place, dt.datetime.combine(cell, dt.time()), day)
                elif isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(number, place, cell, None, "")
                elif cell is not None:
                    sheet.write(number, place, cell, share if (number, place) in percent and name == "Tal" else None)
        for where, text in (merged or {}).items() if name == "Tal" else ():
            sheet.merge_range(where, text)
    book.close()
    return path


def ods(path: Path, rows: Sequence[Sequence[object]], *, percent: Sequence[tuple[int, int]] = ()) -> Path:
    """An ODS of one sheet. percent: cells (row and column from 0) formatted so."""
    lines = "".join(
        "<table:table-row>" + "".join(_cell(cell, (number, place) in percent) for place, cell in enumerate(row)) + "</table:table-row>"
        for number, row in enumerate(rows)
    )
    content = f'{ODS_HEAD}<table:table table:name="Tal">{lines}</table:table></office:spreadsheet></office:body></office:document-content>'
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", content)
        parts.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def _cell(cell: object, percent: bool) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, (int, float)):
        kind = "percentage" if percent else "float"
        return f'<table:table-cell office:value-type="{kind}" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip file in memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
