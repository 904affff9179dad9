"""Where things come from, as types: a publication, and a place in it."""

from __future__ import annotations

import datetime as dt

from geo.model.vocabulary import Quality, Text, Value


class CautiousDesign(Value, frozen=True, kw_only=True):
    """A design effect (see geo.model.indicators.DesignEffect) that we chose for the kind of survey a source is, because it tells none.

    note: why this value, in the interface's words. An indicator's own design effect, which its source tells, goes before it.
    """

    value: float
    note: Text


class Source(Value, frozen=True, kw_only=True):
    """A publication or file that figures come from. `short` is what a citation in the text calls it.

    design_effect: of its survey, where it holds figures of one; figures of registers are not touched by it.
    """

    id: str
    title: str
    short: str
    producer: str
    url: str = ""
    licence: str = ""
    retrieved: dt.date
    quality: Quality
    design_effect: CautiousDesign | None = None
    note: str = ""


class Cite(Value, frozen=True, kw_only=True):
    """A place in a source: `locator` is a line, page, table or figure number."""

    source: str
    locator: str = ""


class Reported(Value, frozen=True, kw_only=True):
    """What the city's own papers say of how far something has come, as near to their words as a sentence allows, and where they say it."""

    text: Text
    cite: Cite
