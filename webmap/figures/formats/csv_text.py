"""CSV (RFC 4180, UTF-8 without BOM, decimal point), in which no spreadsheet takes a text for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from webmap.figures.formats.table import FigureTable, Format, Record, typed

_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|")
_CONTROL: Final = ("\t", "\r", "\n", "\0")


def text(records: Iterable[Record], columns: Sequence[str]) -> str:
    """Records as CSV; an absent value is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(record[name]) for name in columns] for record in records)
    return out.getvalue()


def _write(table: FigureTable) -> bytes:
    return text(table.records, table.columns).encode()


def _read(body: bytes) -> list[Record]:
    """Every row by its column names; a text that got an apostrophe keeps it."""
    return [typed(row) for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), restkey="more", restval="")]


def _cell(content: Any) -> str:
    """A cell's text. Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers are left alone."""
    if content is None:
        return ""
    if isinstance(content, float):
        return f"{content:.15g}"
    text = str(content).replace("\0", "")
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_CONTROL) else text


CSV: Final = Format("csv", "CSV", "text/csv", _write, _read)
