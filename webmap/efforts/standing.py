"""How the status report of a year stands: a draft, approved with its edition, or rebuilt from papers; and what was frozen for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from geo.editions.pinned.pins import EditionPin
from geo.model import periods
from geo.model.vocabulary import Text
from webmap.edition.reader import Reader
from webmap.language import wording

EVENT: Final = "statusrapport"
"""For which event the secretariat approves the report of a year."""
DRAFT: Final = Text(da="UDKAST", en="DRAFT")
_REBUILT: Final = Text(
    da="Genskabt af papirerne fra det år. Det er ikke en godkendelse, og den er ikke skrevet her.",
    en="Rebuilt from the papers of that year. It is no approval, and was not written here.",
)
_DRAFT: Final = Text(
    da="UDKAST. Rapporten er ikke godkendt af sekretariatet og kan ændre sig med næste udgave.",
    en="DRAFT. The secretariat has not approved the report, and it may change with the next edition.",
)


@dataclass(frozen=True)
class ReportStanding:
    """How a report stands. words: in a sentence, in the reader's language. edition: the one that was approved, "" without an approval."""

    state: Literal["draft", "approved", "rebuilt"]
    words: str
    edition: str = ""


@dataclass(frozen=True)
class FrozenEvent:
    """What was frozen for an event. report: the edition of the report, "" for none."""

    name: str
    day: str
    edition: str
    report: str


def standing(reader: Reader, year: int, pin: EditionPin | None) -> ReportStanding:
    """Return how the report of a year stands in the edition that is read. pin: of the approval, None without one."""
    language = reader.language
    if pin is not None and pin.report == reader.edition.id:
        day = _day(pin.at, language)
        said = Text(da=f"Godkendt {day}, bygger på udgave {pin.report}.", en=f"Approved on {day}, rests on edition {pin.report}.")
        return ReportStanding("approved", said.in_(language), pin.report)
    if pin is not None:
        said = Text(
            da=f"UDKAST. Den godkendte rapport bygger på en anden udgave, {pin.report}.",
            en=f"DRAFT. The approved report rests on another edition, {pin.report}.",
        )
        return ReportStanding("draft", said.in_(language), pin.report)
    if is_rebuilt(reader, year):
        return ReportStanding("rebuilt", _REBUILT.in_(language))
    return ReportStanding("draft", _DRAFT.in_(language))


def is_rebuilt(reader: Reader, year: int) -> bool:
    """Whether a report consists of what papers say: every status of the year has its place in one, and no form was approved."""
    catalogue = reader.edition.catalogue
    statuses = [each for effort in catalogue.efforts for each in effort.statuses if _year(each.period) == year]
    return bool(statuses) and all(each.cite for each in statuses) and not any(_year(form.period) == year for form in catalogue.status_forms)


def frozen(reader: Reader, year: int, pins: Mapping[str, EditionPin]) -> tuple[FrozenEvent, ...]:
    """Return what was frozen for events of a year, but for the approval of the report, by the day."""
    names = {event.id: event.name.in_(reader.language) for event in reader.edition.catalogue.calendar}
    there = sorted((pin for pin in pins.values() if pin.year == year and pin.event != EVENT), key=lambda pin: (pin.at, pin.event))
    return tuple(FrozenEvent(names.get(pin.event, pin.event), _day(pin.at, reader.language), pin.edition, pin.report) for pin in there)


def _day(at: str, language: str) -> str:
    return wording.date(dt.date.fromisoformat(at), language)


def _year(period: str) -> int:
    span = periods.read(period)
    return span.last.year if span else 0
