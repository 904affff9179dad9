"""A document as a Word file (DOCX), made by python-docx: headings, lists and tables that Word knows as such."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Final

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from geo.model.vocabulary import Text
from webmap.paper.sheet import PaperDocument, Passage

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LOCALE: Final = Text(da="da-DK", en="en-GB")
_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the package: the same document gives the same bytes."""


def written(document: PaperDocument, when: dt.datetime) -> bytes:
    """Make the Word file of a document, dated to a moment. The same document gives the same bytes."""
    made = docx.Document()
    about = made.core_properties
    about.title, about.comments, about.author, about.language = document.title, document.foot, "", _LOCALE.in_(document.language)
    about.created = about.modified = when.replace(tzinfo=None)
    made.styles["Normal"].font.size = Pt(10.5)
    for element in made.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), _LOCALE.in_(document.language))
    made.add_heading(document.title, level=0)
    end = made.add_paragraph()  # what is put before it takes as long in a document of a thousand paragraphs as in one of ten
    for block in document.blocks:
        _add(made, block, end)
    end._p.getparent().remove(end._p)
    made.sections[0].footer.paragraphs[0].text = document.foot
    out = io.BytesIO()
    made.save(out)
    return _dated(out.getvalue())


def _add(made: Document, block: Passage, end: Paragraph) -> None:
    match block.kind:
        case "heading":
            end.insert_paragraph_before(block.text, f"Heading {block.level}")
        case "list":
            for row in block.rows:
                end.insert_paragraph_before(row[0], "List Bullet")
        case "pairs":
            for row in block.rows:
                words = end.insert_paragraph_before()
                words.add_run(f"{row[0]}: ").bold = True
                words.add_run(row[-1])
        case "bars":
            for row in block.rows:
                end.insert_paragraph_before(": ".join(part for part in row[:2] if part))
        case "table":
            _table(made, block, end)
        case _:
            end.insert_paragraph_before(block.text)


def _table(made: Document, block: Passage, end: Paragraph) -> None:
    """A table whose first row is repeated on every page, as readers of the screen expect."""
    table = made.add_table(rows=0, cols=len(block.rows[0]), style="Light Grid")
    end._p.addprevious(table._tbl)
    for row in block.rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    head = table.rows[0]._tr.get_or_add_trPr()  # python-docx has no other way to a row that is repeated
    head.append(head.makeelement(qn("w:tblHeader"), {}))


def _dated(package: bytes) -> bytes:
    """The package with one day on all of its files."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _DAY), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
