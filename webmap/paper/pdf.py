"""A document as a tagged PDF (PDF/UA-1), made by typst. What people wrote passes as JSON and is never markup."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import typst

from geo.errors import GeoError, Problem
from geo.model.vocabulary import Text
from webmap.paper.sheet import PaperDocument, Passage

_SOURCE: Final = Path(__file__).parent / "report.typ"
_MISSING: Final = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
_SURE: Final = re.compile("[\n\x20-\x7e\u00a0-\u017f\u2013\u2014\u2018-\u201e\u2022\u2026\u2212]")
"""Letters that the fonts of typst have: they are never written out."""
_ROUNDS: Final = 8
_LONG_WORD: Final = re.compile(r"\S{32}(?=\S)")
_BREAK: Final = "\u200b"
"""A place where a line may break, for words that are longer than a column."""


class PdfError(GeoError):
    """The PDF could not be made."""


def printed(document: PaperDocument, when: dt.datetime) -> bytes:
    """Make the PDF of a document, dated to a moment. The same document gives the same bytes. Raises PdfError when typst refuses it.

    Letters that no font of the PDF has are written out as `[U+1F600]`, and the document says so: PDF/UA refuses a letter nobody can see.
    """
    made = document
    for _attempt in range(_ROUNDS):
        answer = _compile(made, when)
        if isinstance(answer, bytes):
            return answer
        made = _written_out(made, answer)
    raise PdfError(Problem(document.title, "the PDF could not be made", found="letters that no font has"))


def _compile(made: PaperDocument, when: dt.datetime) -> bytes | set[str]:
    """The PDF, or the letters that no font has. Raises PdfError for anything else."""
    text = msgspec.json.encode(_changed(made, lambda words: _LONG_WORD.sub(lambda word: word[0] + _BREAK, words))).decode()
    compiler = typst.Compiler(_SOURCE.read_bytes(), ignore_system_fonts=True, sys_inputs={"doc": text})
    try:
        answer = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=when)
    except typst.TypstError as error:
        letters = {letter for part in _MISSING.findall(error.diagnostic) for letter in _plain(part) if not _SURE.match(letter)}
        if not letters:
            raise PdfError(Problem(made.title, "the PDF could not be made", found=error.message[:200])) from None
        return letters
    if not isinstance(answer, bytes):
        raise PdfError(Problem(made.title, "the PDF could not be made", found=type(answer).__name__))
    return answer


def _written_out(made: PaperDocument, missing: set[str]) -> PaperDocument:
    """The document with some letters as their codes, and a last block that says what such a code is."""
    codes = str.maketrans({letter: f"[U+{ord(letter):04X}]" for letter in missing})
    note = Passage(
        kind="quiet",
        text=Text(
            da="Tegn, som dokumentets skrifttype ikke har, står med deres kode, for eksempel [U+1F600].",
            en="Characters that the document's typeface lacks stand as their code, for example [U+1F600].",
        ).in_(made.language),
    )
    shown = _changed(made, lambda words: words.translate(codes))
    return msgspec.structs.replace(shown, blocks=[*(block for block in shown.blocks if block != note), note])


def _changed(made: PaperDocument, change: Callable[[str], str]) -> PaperDocument:
    """The document with every text changed."""
    blocks = [
        msgspec.structs.replace(block, text=change(block.text), rows=[[change(cell) for cell in row] for row in block.rows])
        for block in made.blocks
    ]
    return msgspec.structs.replace(made, title=change(made.title), foot=change(made.foot), blocks=blocks)


def _plain(escaped: str) -> str:
    """Letters as typst's messages quote them."""
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), escaped)
