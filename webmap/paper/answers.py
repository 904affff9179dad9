"""A document as the answer to a request: a tagged PDF or a Word file, named and dated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from flask import Response, abort

from webmap.paper import docx, pdf
from webmap.paper.sheet import PaperDocument

KINDS: Final[dict[str, tuple[Callable[[PaperDocument, dt.datetime], bytes], str]]] = {
    "pdf": (pdf.printed, "application/pdf"),
    "docx": (docx.written, docx.MEDIA_TYPE),
}
"""Endings of files, with what makes them and their media type."""


def answer(document: PaperDocument, kind: str, name: str, day: dt.date) -> Response:
    """Return a document as a file to save. Aborts with 404 for a kind that there is not.

    name: of the file, without ending. day: that it is dated to.
    """
    if kind not in KINDS:
        abort(404)
    made, media_type = KINDS[kind]
    response = Response(made(document, dt.datetime.combine(day, dt.time(), dt.UTC)), mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return response
