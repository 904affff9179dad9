"""A round as a tagged PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from webmap.paper import pdf
from webmap.reviews.paper import document
from webmap.reviews.store.records import Round


def make(round_: Round, language: str, departments: Sequence[str], *, figures: bool) -> bytes:
    """Make the PDF of a round in a language. The same round gives the same bytes. Raises PdfError when it cannot be written.

    figures: whether the reader may read the staff's figures.
    """
    made = document.document(round_, language, departments, figures=figures)
    return pdf.printed(made, dt.datetime.fromisoformat(round_.signed_at or round_.opened_at))
