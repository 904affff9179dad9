"""What is wrong with a page as it stands, field by field, in words. A draft may hold anything; only a page that is ready may not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from geo.model.vocabulary import Text
from webmap.reviews.writing import Action, Writing

ACTION_STATUS: Final[Mapping[str, Text]] = {
    "planned": Text(da="Planlagt", en="Planned"),
    "underway": Text(da="I gang", en="Under way"),
    "done": Text(da="Udført", en="Done"),
    "dropped": Text(da="Opgivet", en="Dropped"),
}
"""How far an action or an initiative is."""

UNITS: Final[Mapping[str, Text]] = {"kr": Text(da="kroner", en="kroner"), "hours": Text(da="timer", en="hours")}
"""What co-financing is counted in."""

FINISHED: Final = frozenset({"done", "dropped"})

_AMOUNT: Final = re.compile(r"(?:\d{1,3}(?:[. \u00a0]\d{3})+|\d{1,12})(?:,\d{1,2})?", re.ASCII)
_WRITTEN_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAY: Final = Text(da="Datoen kan ikke læses. Skriv den som 2026-12-31.", en="The date cannot be read. Write it as 2026-12-31.")
_NUMBER: Final = Text(
    da="Beløbet kan ikke læses. Skriv det som 1.234.567 eller 1234,50.", en="The amount cannot be read. Write it as 1.234.567 or 1234,50."
)
_CHOICE: Final = Text(da="Vælg en af mulighederne.", en="Choose one of the options.")


@dataclass(frozen=True)
class Fault:
    """One thing to mend: the path of the field and the words."""

    path: str
    text: Text


def day(text: str) -> dt.date | None:
    """A day written as YYYY-MM-DD, or None."""
    try:
        return dt.date.fromisoformat(text.strip()) if _WRITTEN_DAY.fullmatch(text.strip()) else None
    except ValueError:
        return None


def amount(text: str) -> Decimal | None:
    """An amount as Danes write it (`1.234.567,50`), or None when it cannot be read."""
    if not _AMOUNT.fullmatch(text.strip()):
        return None
    return Decimal(re.sub(r"[. \u00a0]", "", text.strip()).replace(",", "."))


def is_overdue(action: Action, today: dt.date) -> bool:
    """Whether an action should have been done before today and is not."""
    due = day(action.due)
    return due is not None and due < today and action.status not in FINISHED


def faults(writing: Writing) -> tuple[Fault, ...]:
    """Everything on a page that must be mended before it can be ready, in the order of the page."""
    return tuple(_faults(writing))


def _faults(writing: Writing) -> Iterator[Fault]:
    if writing.due and day(writing.due) is None:
        yield Fault("due", _DAY)
    if writing.decision.strip() and not writing.owner.strip():
        yield Fault("owner", Text(da="Skriv, hvem der har ansvaret for beslutningen.", en="Say who is responsible for the decision."))
    for row in writing.actions:
        place = f"actions/{row.id}"
        if not row.text.strip():
            yield Fault(f"{place}/text", Text(da="Skriv, hvad der skal gøres.", en="Say what is to be done."))
        if row.due and day(row.due) is None:
            yield Fault(f"{place}/due", _DAY)
        if row.status not in {"", *ACTION_STATUS}:
            yield Fault(f"{place}/status", _CHOICE)
    yield from _money_faults(writing)
    yield from _programme_faults(writing)


def _money_faults(writing: Writing) -> Iterator[Fault]:
    for row in writing.money:
        place = f"money/{row.id}"
        if not row.what.strip():
            yield Fault(f"{place}/what", Text(da="Skriv, hvad beløbet er til.", en="Say what the amount is for."))
        if row.unit not in UNITS:
            yield Fault(f"{place}/unit", _CHOICE)
        for name in ("promised", "delivered"):
            if getattr(row, name) and amount(getattr(row, name)) is None:
                yield Fault(f"{place}/{name}", _NUMBER)
        if not row.source.strip():
            yield Fault(f"{place}/source", Text(da="Skriv, hvor tallet kommer fra.", en="Say where the figure comes from."))


def _programme_faults(writing: Writing) -> Iterator[Fault]:
    for initiative in writing.initiatives:
        place = f"initiatives/{initiative.id}"
        if not initiative.name.strip():
            yield Fault(f"{place}/name", Text(da="Skriv, hvad initiativet hedder.", en="Say what the initiative is called."))
        if not initiative.theme:
            yield Fault(f"{place}/theme", _CHOICE)
        if initiative.status not in {"", *ACTION_STATUS}:
            yield Fault(f"{place}/status", _CHOICE)
    for approval in writing.approvals:
        place = f"approvals/{approval.id}"
        if day(approval.on) is None:
            yield Fault(f"{place}/on", _DAY)
        if not approval.text.strip():
            yield Fault(f"{place}/text", Text(da="Skriv, hvad følgegruppen godkendte.", en="Say what the steering group approved."))
