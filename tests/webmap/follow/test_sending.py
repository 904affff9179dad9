"""Letters sent to a real server of mail: asked for, confirmed, told of what changed, stopped; and what is kept of it."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime

import pytest

from geo.editions import condition, edition
from tests.readers.following import FollowedTown, links, path, publish, text
from tests.readers.mailserver import Mailbox
from tests.readers.signed import token
from webmap.follow import database, followers

DAY = 86_400.0

# --- from the page to the last letter ---------------------------------------------------------------------------------


def test_somebody_asks_confirms_is_told_and_stops(place: FollowedTown, box: Mailbox) -> None:
    assert place.ask("Anna@Example.dk", "/foelg?indikator=tryg") == 303
    assert (place.send().letters, len(box.letters())) == ({"sent": 1}, 1)
    (asking,) = box.letters()
    assert asking["To"] == "Anna@example.dk"
    assert asking["X-Envelope"] == "kort@example.dk Anna@example.dk"
    assert asking["Subject"] == "Bekræft, at du vil følge Tryg"
    (address,) = links(asking)

    client = place.client()
    page = client.get(path(address))
    assert "Ja, følg med" in page.text
    assert not [each for each in followers.every(place.settings.followers) if each.confirmed]  # opening a link confirms nothing
    assert client.post(path(address), data={"csrf": token(page)}).status_code == 200
    assert place.send().letters == {}

    publish(place, 1)
    assert place.send().letters == {"sent": 1}
    news = box.letters()[1]
    assert news["Subject"] == "Områdekort: Tryg: 2 tal er nye, 1 er rettet."
    said = text(news)
    assert "2 tal er nye, 1 er rettet." in said
    assert "- Tryg: 2 tal er nye, 1 er rettet; nye tal for 1. halvår 2012" in said
    assert place.send().letters == {}

    *_, stop = links(news)
    assert news["List-Unsubscribe"] == f"<{stop}>"
    assert place.client().post(path(stop), data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert followers.every(place.settings.followers) == []
    publish(place, 2)
    assert place.send().letters == {}
    assert len(box.letters()) == 2


def test_a_letter_says_counts_and_names_and_leads_only_to_our_pages(place: FollowedTown, box: Mailbox, first: str) -> None:
    place.enrol("anna@example.dk", edition=first, language="en")
    second = publish(place, 1)
    place.send()
    (news,) = box.letters()
    assert news["Subject"] == "Områdekort: 2 figures are new, 1 is revised."
    assert news["Content-Language"] == "en"
    page, stop = links(news)
    assert page == f"https://kort.example.dk/omr/en/aendret?fra={first}&til={second}"
    assert stop.startswith("https://kort.example.dk/omr/en/foelg/stop/")
    assert place.client().get(path(page)).status_code == 200
    for value in ("55", "81", "62", "48"):  # the figures of the second edition that are new or revised, and what one was
        assert value not in text(news).replace(page, "").replace(stop, "")


def test_what_is_invented_is_called_so(place: FollowedTown, box: Mailbox) -> None:
    """The figure of 0101 in `uden`, a demo indicator, is another one in the third edition."""
    second = publish(place, 1)
    place.enrol("anna@example.dk", edition=second, followed=("uden", "", ""))
    place.enrol("bo@example.dk", edition=second)
    publish(place, 2)
    place.send()
    letters = {each["To"]: each for each in box.letters()}
    of_indicator, of_city = letters["anna@example.dk"], letters["bo@example.dk"]
    assert of_indicator["Subject"] == "Områdekort: Uden (Demodata): 1 tal er rettet."
    assert "- Uden (Demodata): 1 tal er rettet" in text(of_indicator)
    assert "- Uden (Demodata): 1 tal er rettet" in text(of_city)
    assert "- Tryg: 1 tal er væk, 1 er skjult nu" in text(of_city)


def test_a_letter_is_plain_text_that_every_server_passes_on(place: FollowedTown, box: Mailbox, first: str) -> None:
    place.enrol("anna@example.dk", edition=first)
    publish(place, 1)
    publish(place, 2)
    place.send()
    raw = box.paths()[0].read_bytes()
    head, _, body = raw.partition(b"\r\n\r\n")
    assert raw.isascii()
    assert not raw.replace(b"\r\n", b"").count(b"\n")
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert max(map(len, head.split(b"\r\n"))) <= 998
    (news,) = box.letters()
    assert (news.get_content_type(), news.get_content_charset(), news["Content-Transfer-Encoding"]) == (
        "text/plain", "utf-8", "quoted-printable",
    )  # fmt: skip
    assert news["Auto-Submitted"] == "auto-generated"
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert b"\r\nList-Unsubscribe: <https://kort.example.dk/omr/foelg/stop/" in head
    assert news["From"] == "Områdekort <kort@example.dk>"
    assert news["Date"].datetime == datetime(1970, 1, 12, 13, 46, 40, tzinfo=UTC)  # 1,000,000 seconds
    assert max(len(line) for line in text(news).splitlines() if "http" not in line) <= 72
    assert not [word for word in ("<", "img", "utm_", "pixel") if word in text(news).replace("<b>god</b>", "")]


def test_of_two_editions_one_letter_tells_and_of_nothing_none(place: FollowedTown, box: Mailbox, first: str) -> None:
    """0101 changes in the second and in the third; 0103 in neither."""
    place.enrol("anna@example.dk", edition=first, followed=("", "square", "0101"))
    place.enrol("bo@example.dk", edition=first, followed=("", "square", "0103"))
    publish(place, 1)
    third = publish(place, 2)
    place.send()
    assert [each["To"] for each in box.letters()] == ["anna@example.dk"]
    assert {each.edition for each in followers.every(place.settings.followers)} == {third}


def test_a_roll_back_before_letters_have_left_tells_of_nothing(place: FollowedTown, box: Mailbox, first: str) -> None:
    place.enrol("anna@example.dk", edition=first)
    (box.folder / "closed").touch()
    publish(place, 1)
    assert place.send().waiting == 1
    edition.point(place.settings.editions, first)
    (box.folder / "closed").unlink()
    place.clock.now += 3600
    assert place.send().letters == {}
    assert box.letters() == []


def test_an_edition_that_was_withdrawn_is_not_compared_with(place: FollowedTown, box: Mailbox, first: str) -> None:
    second = publish(place, 1)
    place.enrol("anna@example.dk", edition=second)
    third = publish(place, 2)
    condition.withdraw(place.settings.editions, second, condition.Withdrawal(by="Anna", at="2026-11-28T00:00:00+00:00", reason="forkert"))
    assert place.send().letters == {"sent": 1}
    assert f"fra={first}&til={third}" in links(box.letters()[0])[0]


def test_who_follows_already_is_told_so_with_a_link_to_stop(place: FollowedTown, box: Mailbox, first: str) -> None:
    place.enrol("anna@example.dk", edition=first)
    assert place.ask("ANNA@example.dk") == 303
    place.send()
    (known,) = box.letters()
    assert known["Subject"] == "Du følger allerede hele byen"
    (stop,) = links(known)
    assert place.client().post(path(stop)).status_code == 200
    assert followers.every(place.settings.followers) == []


def test_nobody_is_told_before_they_confirm_and_is_forgotten_after_seven_days(place: FollowedTown, box: Mailbox) -> None:
    place.ask("anna@example.dk")
    place.send()
    publish(place, 1)
    assert place.send().letters == {}
    (address,) = links(box.letters()[0])
    place.clock.now += 7 * DAY + 1
    client = place.client()
    assert client.get(path(address)).status_code == 404
    assert client.post(path(address), data={"csrf": token(client.get("/foelg"))}).status_code == 404
    assert len(followers.every(place.settings.followers)) == 1
    place.send()
    assert followers.every(place.settings.followers) == []


def test_every_link_to_stop_that_was_ever_sent_works(place: FollowedTown, box: Mailbox, first: str) -> None:
    place.enrol("anna@example.dk", edition=first)
    publish(place, 1)
    place.send()
    publish(place, 2)
    place.send()
    older = links(box.letters()[0])[-1]
    assert older != links(box.letters()[1])[-1]
    place.client().post(path(older))
    assert followers.every(place.settings.followers) == []


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_what_is_kept_is_for_its_owner_alone_and_holds_no_secret(place: FollowedTown, box: Mailbox) -> None:
    place.ask("anna@example.dk")
    place.send()
    folder = place.settings.followers
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir() if each.is_file()} == {0o600}
    secret = links(box.letters()[0])[0].rpartition("/")[2]
    kept = b"".join(each.read_bytes() for each in folder.iterdir() if each.is_file())
    assert secret.encode() not in kept
    assert followers.digest(secret).encode() in kept


def test_of_who_stopped_no_byte_stays(place: FollowedTown, first: str) -> None:
    place.enrol("anna@example.dk", "bo@example.dk", edition=first)
    assert followers.remove(place.settings.followers, " ANNA@example.dk") == 1
    kept = b"".join(each.read_bytes() for each in place.settings.followers.iterdir() if each.is_file())
    assert b"anna" not in kept.lower()
    assert b"bo@example.dk" in kept


def test_a_damaged_database_is_told_in_words(place: FollowedTown, first: str) -> None:
    place.enrol("anna@example.dk", edition=first)
    (place.settings.followers / database.FILE).write_bytes(b"no database" * 1000)
    with pytest.raises(database.FollowersError):
        place.send()
    assert place.client().get("/foelg/stop/" + "a" * 43).status_code == 503
    assert place.client().get("/").status_code == 200


def test_the_database_is_read_while_letters_are_sent(place: FollowedTown, first: str) -> None:
    place.enrol("anna@example.dk", edition=first)
    with database.kept_open(place.settings.followers):
        connection = sqlite3.connect(place.settings.followers / database.FILE)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.close()
