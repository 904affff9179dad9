"""The cells of a workbook's sheets as text, as somebody reads them who knows nothing of how it was written."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree import ElementTree

_COLUMN: Final = re.compile(r"[A-Z]+")


def cells(body: bytes) -> Iterator[list[list[str]]]:
    """The cells of every sheet of a workbook as text, row by row, each as long as its last cell; "" where a cell is empty."""
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        files = book.namelist()
        shared = [_plain(item) for item in _xml(book, "xl/sharedStrings.xml", "si")] if "xl/sharedStrings.xml" in files else []
        for name in sorted(file for file in files if file.startswith("xl/worksheets/sheet")):
            yield [_cells(row, shared) for row in _xml(book, name, "row")]


def _xml(book: zipfile.ZipFile, name: str, tag: str) -> Iterator[ElementTree.Element]:
    top = ElementTree.fromstring(book.read(name))  # noqa: S314 - a file that this program has just written
    return (element for element in top.iter() if element.tag.rpartition("}")[2] == tag)


def _cells(row: ElementTree.Element, shared: Sequence[str]) -> list[str]:
    cells: list[str] = []
    for cell in row:
        letters = _COLUMN.match(cell.get("r", ""))
        place = _place(letters[0]) if letters else len(cells)
        text = _plain(cell)
        cells += [""] * (place - len(cells))
        cells.append(shared[int(text)] if cell.get("t") == "s" and text else text)
    return cells


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _plain(element: ElementTree.Element) -> str:
    parts = (part for part in element.iter() if part.tag.rpartition("}")[2] in ("t", "v"))
    return "".join(part.text or "" for part in parts)
