"""How a CSV of millions of rows is written, seen in its beginning: encoding, delimiter and decimal sign, for a reader that streams it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.csv

_LOOK: Final = 1 << 20
_DECIMAL_COMMA: Final = re.compile(r"-?[0-9]+,[0-9]+")


class CsvDialect(NamedTuple):
    """Encoding ("utf8" or "cp1252"), delimiter, and what stands before decimals."""

    encoding: str
    delimiter: str
    decimal: str


def see(path: Path) -> CsvDialect:
    """Look at the first megabyte of a CSV. Where the rest of the file is otherwise, whoever reads it has to refuse it.

    The delimiter is that of comma, semicolon and tab which the first line has most of. Decimal commas are looked for where the fields
    are not divided by commas. Raises OSError as reading does.
    """
    with path.open("rb") as stream:
        start = stream.read(_LOOK)
    whole = start.rpartition(b"\n")[0] or start  # the last line may end in the middle of a letter
    try:
        text, encoding = whole.decode("utf-8-sig"), "utf8"
    except UnicodeDecodeError:
        text, encoding = whole.decode("cp1252", errors="replace"), "cp1252"
    header, _, body = text.partition("\n")
    delimiter = max(",;\t", key=header.count)
    fields = (field.strip().strip('"') for line in body.splitlines() for field in line.split(delimiter))
    comma = delimiter != "," and any(_DECIMAL_COMMA.fullmatch(field) for field in fields)
    return CsvDialect(encoding, delimiter, "," if comma else ".")


def is_csv(path: Path) -> bool:
    """Return whether a file is a CSV by its name."""
    return path.suffix.lower() == ".csv"


def stream(path: Path, *, block: int, **convert: Any) -> pa.csv.CSVStreamingReader:
    """Open a CSV to be read as batches of about `block` bytes, in the dialect that its beginning shows.

    convert: options of Arrow's conversion. Raises ArrowException and OSError; Arrow's words may quote what the file holds.
    """
    dialect = see(path)
    return pa.csv.open_csv(
        path,
        read_options=pa.csv.ReadOptions(block_size=block, encoding=dialect.encoding),
        parse_options=pa.csv.ParseOptions(delimiter=dialect.delimiter),
        convert_options=pa.csv.ConvertOptions(decimal_point=dialect.decimal, **convert),
    )


def rows(path: Path) -> int:
    """Return about how many rows a CSV has, from the length of its first lines."""
    with path.open("rb") as stream:
        start = stream.read(_LOOK)
    return round(path.stat().st_size * start.count(b"\n") / max(len(start), 1))
