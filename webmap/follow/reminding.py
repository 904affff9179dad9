"""Reminders of the calendar by e-mail: whoever reports something is told some days ahead, once for each day, event and address.

As with letters to followers, that a reminder was begun is on disk before the server is given it, so that it leaves at most once.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import Flask

from geo.files import locks
from geo.model.programmes import RecurringReport
from geo.model.vocabulary import Text
from webmap import mail, urls
from webmap.edition import chosen
from webmap.efforts import duedates
from webmap.follow import database, letters, outbox, sending
from webmap.follow.letters import Envelope, Letter
from webmap.follow.smtp import MailConnection, MailError
from webmap.language import wording
from webmap.settings import Settings

ALL: Final = "*"
"""The name in the setting `reminders` whose addresses are reminded of every event."""
_LANGUAGE: Final = "da"
"""The language of the senders of reports."""
_SUBJECT: Final = Text(da="Påmindelse: {}, senest {}", en="Reminder: {}, at the latest {}")
_DUE: Final = Text(da="{} skal sendes senest {}, fra {} til {}.", en="{} is due on {} at the latest, from {} to {}.")
_FREEZES: Final = Text(
    da="Den dag fryses udgaven og statusrapporten; hvad der ikke er godkendt og udgivet inden, kommer ikke med.",
    en="That day the edition and the status report are frozen; what is not approved and published before is not in them.",
)
_PAGE: Final = Text(da="Årshjulet:", en="The calendar:")
_WHY: Final = Text(
    da="Du får brevet, fordi adressen står i tjenestens indstilling “reminders”. Er det forkert, så sig det til den, der driver tjenesten.",
    en="You get this letter because the address stands in the service's setting “reminders”. Tell whoever runs it if that is wrong.",
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reminder:
    """One letter that is due: of which event, for which day, to whom."""

    event: RecurringReport
    day: dt.date
    address: str


@dataclass(frozen=True)
class RemindReport:
    """What became of reminders in one run, by a word each. nobody: senders of what is due soon that no address is known of."""

    letters: Counter[str]
    nobody: tuple[str, ...]
    problem: MailError | None = None


@dataclass(frozen=True)
class Reminding:
    """What a run works with. clock: seconds since 1970. connect: gives a connection to the server."""

    app: Flask
    settings: Settings
    clock: Callable[[], float]
    connect: Callable[[], MailConnection]

    def run(self, today: dt.date) -> RemindReport:
        """Send what is due. Waits while another process sends. Raises FollowersError, and EditionError while no edition can be shown."""
        folder, made, problem = self.settings.followers, Counter[str](), None
        with sending.page_of(self.app, self.settings, _LANGUAGE):
            calendar = chosen.reader().edition.catalogue.calendar
        soon = due(calendar, today, self.settings.reminder_days)
        with locks.held(folder / sending.LOCK):
            made["unknown"] += _settle(folder)
            try:
                with self.connect() as connection:
                    for reminder in addressed(soon, self.settings.reminders):
                        self._send(reminder, connection, made)
            except MailError as error:
                problem = error
        return RemindReport(+made, nobody(soon, self.settings.reminders), problem)

    def _send(self, reminder: Reminder, connection: MailConnection, made: Counter[str]) -> None:
        """Send one reminder that was not begun before. Raises MailError when the server takes none; the reminder waits then."""
        folder, now = self.settings.followers, self.clock()
        own = f"{secrets.token_hex(16)}@{urlsplit(self.settings.public_url).hostname}"
        if not _begin(folder, reminder, own, now=now):
            return
        sender = mail.sender(self.settings.mail_from)
        content = letters.written(self._letter(reminder), Envelope(sender, reminder.address, own, dt.datetime.fromtimestamp(now, dt.UTC)))
        try:
            delivery = connection.deliver(sender.addr_spec, reminder.address, content)
        except MailError:
            _put_off(folder, reminder, now=now, counts=False)
            raise
        how = _put_off(folder, reminder, now=now, counts=True) if delivery.how == "later" else _end(folder, reminder, delivery.how)
        if how != "sent":
            _log.warning("reminder <%s>: %s (code %d)", own, how, delivery.code)
        made[how] += 1

    def _letter(self, reminder: Reminder) -> Letter:
        with sending.page_of(self.app, self.settings, _LANGUAGE):
            page = urls.link("efforts.calendar", year=str(reminder.day.year), udgave=None)
        host = urlsplit(self.settings.public_url)
        return written(reminder, f"{host.scheme}://{host.netloc}{page}")


def due(calendar: tuple[RecurringReport, ...], today: dt.date, ahead: int) -> tuple[tuple[RecurringReport, dt.date], ...]:
    """Return the events whose day comes within so many days, today's too, with their day, by day and id. ahead: days."""
    until = today + dt.timedelta(days=ahead)
    pairs = ((day, event) for event in calendar for year in {today.year, until.year} for day in duedates.days(event, year))
    return tuple((event, day) for day, event in sorted(pairs, key=lambda pair: (pair[0], pair[1].id)) if today <= day <= until)


def addressed(soon: tuple[tuple[RecurringReport, dt.date], ...], known: tuple[tuple[str, str], ...]) -> Iterator[Reminder]:
    """Give a letter for each address of each sender, once for each. known: names as the calendar has them, and their addresses."""
    for event, day in soon:
        for address in dict.fromkeys(address for name, address in known if name == ALL or _sends(name, event.sender)):
            yield Reminder(event, day, address)


def nobody(soon: tuple[tuple[RecurringReport, dt.date], ...], known: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Return the senders of what is due soon that have no address of their own, each once."""
    senders = dict.fromkeys(event.sender for event, _ in soon)
    return tuple(sender for sender in senders if not any(_sends(name, sender) for name, _ in known))


def _sends(name: str, sender: str) -> bool:
    """Whether a name is a sender's: all of it, or one of its words (`BIF` of `BIU/BIF`)."""
    return name == sender or name in re.findall(r"\w+", sender)


def written(reminder: Reminder, page: str) -> Letter:
    """Return what a reminder says. page: address of the calendar of the year."""
    event, day = reminder.event, wording.date(reminder.day, _LANGUAGE)
    name = event.name.in_(_LANGUAGE)
    said = _DUE.in_(_LANGUAGE).format(name, day, event.sender, event.recipient)
    freezes = _FREEZES.in_(_LANGUAGE) if event.freezes else ""
    parts = (said, event.content.in_(_LANGUAGE), freezes, _PAGE.in_(_LANGUAGE), page, _WHY.in_(_LANGUAGE))
    return Letter(_LANGUAGE, _SUBJECT.in_(_LANGUAGE).format(name, day), tuple(part for part in parts if part))


# --- what is kept -------------------------------------------------------------------------------------------------------


def _key(reminder: Reminder) -> tuple[str, str, str]:
    return reminder.event.id, reminder.day.isoformat(), reminder.address


def _settle(folder: Path) -> int:
    """Note that reminders may have arrived which a sender had begun that was stopped; return how many."""
    with database.changing(folder) as connection:
        return connection.execute("UPDATE reminders SET state = 'unknown' WHERE state = 'begun'").rowcount


def _begin(folder: Path, reminder: Reminder, message: str, *, now: float) -> bool:
    """Note that a reminder is given to the server from now on; False when it was before, or waits for later."""
    with database.changing(folder) as connection:
        connection.execute("INSERT OR IGNORE INTO reminders (event, day, address) VALUES (?, ?, ?)", _key(reminder))
        begun = connection.execute(
            "UPDATE reminders SET state = 'begun', message = ? "
            "WHERE event = ? AND day = ? AND address = ? AND state = 'waiting' AND due <= ?",
            (message, *_key(reminder), now),
        )
        return begun.rowcount == 1


def _end(folder: Path, reminder: Reminder, how: str) -> str:
    with database.changing(folder) as connection:
        connection.execute("UPDATE reminders SET state = ? WHERE event = ? AND day = ? AND address = ?", (how, *_key(reminder)))
    return how


def _put_off(folder: Path, reminder: Reminder, *, now: float, counts: bool) -> str:
    """Let a reminder wait that the server has not taken. counts: whether it was this one; after nine times it is given up."""
    with database.changing(folder) as connection:
        row = connection.execute("SELECT tries FROM reminders WHERE event = ? AND day = ? AND address = ?", _key(reminder)).fetchone()
        tries = int(row["tries"]) + int(counts)
        state = "given up" if tries >= outbox.TRIES else "waiting"
        wait = min(outbox.LONGEST_WAIT, outbox.FIRST_WAIT * 2.0 ** (tries - 1)) if counts else 0.0
        connection.execute(
            "UPDATE reminders SET state = ?, tries = ?, due = ? WHERE event = ? AND day = ? AND address = ?",
            (state, tries, now + wait, *_key(reminder)),
        )
    return "later" if state == "waiting" else state
