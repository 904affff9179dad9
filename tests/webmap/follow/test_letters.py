"""Letters as bytes: what a name in the catalogue can hold becomes words of one line, and nothing of it a head."""

from __future__ import annotations

import datetime as dt
import email
from email.policy import default

import pytest

from tests.readers.payloads import PAYLOADS
from webmap import mail
from webmap.changes.news import NewsItem
from webmap.follow import letters
from webmap.follow.letters import Envelope

STOP = "https://kort.example.dk/foelg/stop/" + "a" * 43
ENVELOPE = Envelope(
    mail.sender("Områdekort <kort@example.dk>"), "anna@example.dk", "1@kort.example.dk", dt.datetime(2026, 11, 28, tzinfo=dt.UTC)
)
HEADS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post", "Content-Type",
    "Content-Transfer-Encoding", "MIME-Version", "Content-Language",
]  # fmt: skip


def news(name: str) -> NewsItem:
    return NewsItem("b", "a", dt.date(2026, 1, 1), "1. januar 2026", (f"{name}.",), (f"{name}: 1 tal er nyt",), "/aendret")


@pytest.mark.parametrize(
    "payload", [*PAYLOADS, "x\r\nBcc: bo@example.dk", "x\nBcc: bo@example.dk\n\nhej", "=?utf-8?q?x?=", "\u2028x", "\x85x"]
)
def test_a_name_is_words_of_one_line_whatever_it_holds(payload: str) -> None:
    name = payload.encode("utf-8", "replace").decode()  # no half of a pair comes out of a file
    for letter in (letters.telling(news(name), name, "da", page="https://x.dk", stop=STOP), letters.already(name, "da", STOP)):
        raw = letters.written(letter, ENVELOPE)
        made = email.message_from_bytes(raw, policy=default)
        assert sorted(made.keys()) == sorted(HEADS)
        assert (made["To"], made["List-Unsubscribe"]) == ("anna@example.dk", f"<{STOP}>")
        assert not made.defects
        assert raw.isascii()
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        assert len(made["Subject"].splitlines()) == 1


def test_the_whole_city_has_a_name() -> None:
    assert letters.confirming("", "en", "https://x.dk").subject == "Confirm that you want to follow the whole city"
    assert letters.confirming("Valby", "da", "https://x.dk").subject == "Bekræft, at du vil følge Valby"


def test_a_letter_to_confirm_has_no_link_to_stop() -> None:
    made = email.message_from_bytes(letters.written(letters.confirming("", "da", "https://x.dk"), ENVELOPE), policy=default)
    assert "List-Unsubscribe" not in made
    assert "https://x.dk" in made.get_content()
