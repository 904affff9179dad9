"""JSON: the edition, the names of the columns, and a list of records under the table's name."""

from __future__ import annotations

from typing import Final

import msgspec

from webmap.figures.formats.table import FigureTable, Format, Record


def _write(table: FigureTable) -> bytes:
    return msgspec.json.encode({"edition": table.reader.edition.id, "columns": table.columns, table.name: table.records})


def _read(body: bytes) -> list[Record]:
    content = msgspec.json.decode(body)
    lists = [part for part in content.values() if isinstance(part, list)] if isinstance(content, dict) else []
    return [record for part in lists for record in part if isinstance(record, dict)]


JSON: Final = Format("json", "JSON", "application/json", _write, _read)
