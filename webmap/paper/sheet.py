"""A document to print: headings, paragraphs, pairs and tables, all text in one language. Knows no file format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec


class Passage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """One thing on the paper. level: of a heading; rows of `pairs` are name and text, of `table` the first is its head.

    Rows of `bars` are a name, the words of one amount, its part of the longest bar (0-1, "" where the amount is missing) and its look;
    the name stands at its first row alone.
    """

    kind: Literal["heading", "text", "quiet", "list", "pairs", "table", "bars"]
    text: str = ""
    level: int = 1
    rows: Sequence[Sequence[str]] = ()


class PaperDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document in one language ("da" or "en"). foot: what stands under every page."""

    title: str
    language: str
    foot: str
    blocks: Sequence[Passage]
