"""Where things come from, as types: a publication, and a place in it."""

from __future__ import annotations

import datetime as dt

from geo.words import Quality, Text, Value


class Source(Value, frozen=True, kw_only=True):
    """A publication or file that figures come from. `short` is what a citation in the text calls it."""

    id: str
    title: str
    short: str
    producer: str
    url: str = ""
    licence: str = ""
    retrieved: dt.date
    quality: Quality
    note: str = ""


class Cite(Value, frozen=True, kw_only=True):
    """A place in a source: `locator` is a line, page, table or figure number."""

    source: str
    locator: str = ""


class Reported(Value, frozen=True, kw_only=True):
    """What the city's own papers say of how far something has come, as near to their words as a sentence allows, and where they say it."""

    text: Text
    cite: Cite
