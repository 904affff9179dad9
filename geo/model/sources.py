"""Sources as types: a publication or a file, and a place in it that can be cited."""

from __future__ import annotations

import datetime as dt

from geo.model.vocabulary import Quality, Text, Value


class CautiousDesign(Value, frozen=True, kw_only=True):
    """A design effect (see geo.model.indicators.DesignEffect) that we choose for a kind of survey whose source states none.

    note: why this value was chosen, as readers see it. Where an indicator has a design effect of its own from its source, that is
    used.
    """

    value: float
    note: Text


class Source(Value, frozen=True, kw_only=True):
    """A publication or file that figures come from. `short` is what a citation in the text calls it.

    design_effect: the one chosen for the source's survey, if it is a survey; figures of registers are not affected by it.
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
    """What the city's own papers say about how far a goal has come, as close to their words as a sentence allows, with the place."""

    text: Text
    cite: Cite
