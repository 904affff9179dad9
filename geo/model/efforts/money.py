"""Printed tables of money: what is printed, and nothing computed."""

from __future__ import annotations

from geo.model.sources import Cite
from geo.model.vocabulary import Text, Value


class EconomyRow(Value, frozen=True, kw_only=True):
    """A row of a printed table of money. amounts: as printed, by year; total: as printed at the end of the row.

    within: the number of the row that this one is a part of, "" for the sum of all. effort: the id of what the money is for.
    """

    no: str
    name: Text
    within: str = ""
    effort: str = ""
    amounts: dict[str, float] = {}
    total: float | None = None
    note: Text | None = None


class EconomyTable(Value, frozen=True, kw_only=True):
    """A printed table of what efforts cost, in million kroner. grand: the number of the row that is the sum of all."""

    id: str
    name: Text
    years: tuple[str, ...]
    rows: tuple[EconomyRow, ...]
    grand: str
    cite: Cite
    note: Text | None = None
