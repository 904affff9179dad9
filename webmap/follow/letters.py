"""Letters as they leave: plain text in the language that was asked for, links to our own pages alone, nothing that tells who reads."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from geo.model.vocabulary import Text
from webmap.changes.news import NewsItem

_WIDE: Final = 72
_QUOTED_WIDE: Final = 76
"""Letters of a line of quoted-printable (RFC 2045, 6.7)."""
_LONGEST_HEADER: Final = 900
"""Letters of a line of the head: an address is not folded, for a fold in it becomes part of it in some readers. RFC 5322 allows 998."""
_LONGEST_SUBJECT: Final = 150
_HELLO: Final = Text(da="Hej", en="Hello")
_CITY: Final = Text(da="hele byen", en="the whole city")

_CONFIRM_SUBJECT: Final = Text(da="Bekræft, at du vil følge {}", en="Confirm that you want to follow {}")
_CONFIRM: Final = Text(
    da="Nogen, formentlig dig, har bedt om at få et brev, når noget er ændret om {} på Områdekort.",
    en="Somebody, probably you, has asked for a letter when something changes about {} on Områdekort.",
)
_CONFIRM_HOW: Final = Text(da="Er det dig, så åbn siden, og tryk på knappen:", en="If it was you, open the page and press the button:")
_CONFIRM_NOT: Final = Text(
    da="Er det ikke dig, så gør ingenting. Du får ikke flere breve, og adressen slettes efter syv dage.",
    en="If it was not, do nothing. You get no more letters, and the address is deleted after seven days.",
)
_KNOWN_SUBJECT: Final = Text(da="Du følger allerede {}", en="You already follow {}")
_KNOWN: Final = Text(
    da="Nogen, formentlig dig, har bedt om at følge {} på Områdekort. Det gør du allerede, så intet er ændret.",
    en="Somebody, probably you, has asked to follow {} on Områdekort. You already do, so nothing has changed.",
)
_KNOWN_STOP: Final = Text(da="Vil du ikke have flere breve, så stop her:", en="If you want no more letters, stop here:")
_NEWS: Final = Text(
    da="Noget er ændret om {} på Områdekort, i udgaven med tal hentet senest {}.",
    en="Something has changed about {} on Områdekort, in the edition with figures last retrieved on {}.",
)
_NEWS_PAGE: Final = Text(da="Se det med tal:", en="See it with figures:")
_NEWS_STOP: Final = Text(
    da="Du får brevet, fordi du følger {}. Stop her, og din adresse slettes:",
    en="You get this letter because you follow {}. Stop here, and your address is deleted:",
)


@dataclass(frozen=True)
class Letter:
    """What a letter says. parts: paragraphs, which are wrapped, and addresses, which are not. stop: address that stops, "" for none."""

    language: str
    subject: str
    parts: tuple[str, ...]
    stop: str = ""


@dataclass(frozen=True)
class Envelope:
    """Between whom a letter goes. id: of the letter, which no other has. at: a moment with a time zone."""

    sender: Address
    recipient: str
    id: str
    at: datetime


def subject_name(called: str, language: str) -> str:
    """What somebody follows, in words. called: name of an indicator or an area, "" for all."""
    return _line(called) or _CITY.in_(language)


def confirming(called: str, language: str, address: str) -> Letter:
    """Ask to confirm. address: of the page with the button."""
    name = subject_name(called, language)
    how = (_CONFIRM_HOW.in_(language), address, _CONFIRM_NOT.in_(language))
    return Letter(language, _CONFIRM_SUBJECT.in_(language).format(name), (_CONFIRM.in_(language).format(name), *how))


def already(called: str, language: str, stop: str) -> Letter:
    """Say that one follows already. stop: address of the page that stops."""
    name = subject_name(called, language)
    said = (_KNOWN.in_(language).format(name), _KNOWN_STOP.in_(language), stop)
    return Letter(language, _KNOWN_SUBJECT.in_(language).format(name), said, stop)


def telling(item: NewsItem, called: str, language: str, *, page: str, stop: str) -> Letter:
    """Say what changed, in the words of the feed: counts and names, no values. page: address of what changed, with its figures."""
    name = subject_name(called, language)
    lines = "\n".join(_wrapped(_line(line), first="- ", rest="  ") for line in item.lines)
    return Letter(
        language,
        subject=f"Områdekort: {_line(called)}: {item.sentences[0]}" if called else f"Områdekort: {item.sentences[0]}",
        parts=(
            _NEWS.in_(language).format(name, item.day), " ".join(item.sentences), lines, _NEWS_PAGE.in_(language), page,
            _NEWS_STOP.in_(language).format(name), stop,
        ),
        stop=stop,
    )  # fmt: skip


def written(letter: Letter, envelope: Envelope) -> bytes:
    """Write a letter out: RFC 5322 with UTF-8 as quoted-printable, lines ended by CRLF, no line longer than 900 letters.

    Raises ValueError for a head that holds a line break.
    """
    made = EmailMessage(policy=SMTP.clone(max_line_length=_QUOTED_WIDE))
    made["From"] = envelope.sender
    made["To"] = Address(addr_spec=envelope.recipient)
    made["Subject"] = _line(letter.subject)[:_LONGEST_SUBJECT]
    made["Date"] = format_datetime(envelope.at)
    made["Message-ID"] = f"<{envelope.id}>"
    made["Auto-Submitted"] = "auto-generated"
    if letter.stop:
        made["List-Unsubscribe"] = f"<{letter.stop}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(_text((_HELLO.in_(letter.language), *letter.parts)), cte="quoted-printable")
    made["Content-Language"] = letter.language  # the content takes the place of what was said of an earlier one
    return made.as_bytes(policy=SMTP.clone(max_line_length=_LONGEST_HEADER))


def _text(parts: Iterable[str]) -> str:
    return "\n\n".join(part if "\n" in part or part.startswith("http") else _wrapped(part) for part in parts if part) + "\n"


def _wrapped(text: str, *, first: str = "", rest: str = "") -> str:
    return textwrap.fill(text, _WIDE, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)


def _line(text: str) -> str:
    """A text in one line, without letters that do not print or turn the direction of others."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
