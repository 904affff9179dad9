"""A format that nobody has: columns apart by tabs. Tests put it on the list, and see where it turns up."""

from __future__ import annotations

from typing import Any, Final

from webmap.figures.formats.table import FigureTable, Format, typed


def _write(table: FigureTable) -> bytes:
    rows = [table.columns, *([_cell(record[name]) for name in table.columns] for record in table.records)]
    return "\n".join("\t".join(row) for row in rows).encode()


def _read(body: bytes) -> list[dict[str, Any]]:
    heads, *rows = (line.split("\t") for line in body.decode().split("\n"))
    return [typed(dict(zip(heads, row, strict=True))) for row in rows]


def _cell(content: Any) -> str:
    return "" if content is None else str(content).replace("\t", " ").replace("\n", " ")


TABBED: Final = Format("tsv", "TSV", "text/tab-separated-values", _write, _read)
UNREADABLE: Final = Format("tsv", "TSV", "text/tab-separated-values", _write, lambda _body: [])
"""The same by an author who has forgotten to say how it is read."""
