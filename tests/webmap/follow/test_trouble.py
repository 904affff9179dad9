"""A server of mail that refuses, puts off, breaks and is away; senders that are killed, and two at once: at most once."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.readers.following import FollowedTown, publish
from tests.readers.mailserver import Mailbox
from webmap.follow import database, followers, outbox

ROOT = Path(__file__).parents[3]
DAY = 86_400.0

# --- what the server says ---------------------------------------------------------------------------------------------


def test_what_the_server_puts_off_is_tried_again_later_and_then_given_up(place: FollowedTown, box: Mailbox, first: str) -> None:
    place.enrol("later@example.dk", edition=first)
    publish(place, 1)
    waits = []
    for _ in range(outbox.TRIES):
        report = place.send()
        waits.append(report.waiting)
        assert place.send().letters == {}  # not due yet
        place.clock.now += outbox.LONGEST_WAIT
    assert waits == [1] * 8 + [0]
    assert outbox.counts(place.settings.followers)["given up"] == 1
    assert len(followers.every(place.settings.followers)) == 1
    assert box.letters() == []


def test_the_first_wait_is_a_quarter_and_the_next_is_twice_as_long(place: FollowedTown, first: str) -> None:
    place.enrol("later@example.dk", edition=first)
    publish(place, 1)
    for seconds in (900, 1800, 3600):
        assert place.send().letters == {"later": 1}
        place.clock.now += seconds - 1
        assert place.send().letters == {}
        place.clock.now += 1


@pytest.mark.parametrize("name", ["gone", "bad"])
def test_what_is_refused_for_good_is_dropped_and_counted_and_three_times_forgotten(place: FollowedTown, first: str, name: str) -> None:
    place.enrol(f"{name}@example.dk", "anna@example.dk", edition=first)
    for time_, number in enumerate((1, 2, 1)):
        publish(place, number)
        assert place.send().letters == {"refused": 1, "sent": 1}
        assert outbox.counts(place.settings.followers)["refused"] == time_ + 1
        assert len(followers.every(place.settings.followers)) == (2 if time_ < 2 else 1)


def test_an_address_that_refuses_the_first_letter_is_forgotten_at_once(place: FollowedTown) -> None:
    place.ask("gone@example.dk")
    assert place.send().letters == {"refused": 1}
    assert followers.every(place.settings.followers) == []


def test_what_the_server_says_of_people_is_in_no_log(place: FollowedTown, first: str, caplog: pytest.LogCaptureFixture) -> None:
    place.enrol("gone@example.dk", "later@example.dk", "break@example.dk", edition=first)
    publish(place, 1)
    with caplog.at_level(logging.DEBUG):
        place.send()
    assert len([each for each in caplog.records if each.name == "webmap.follow.sending"]) == 3
    assert "code 550" in caplog.text
    assert "example.dk is nobody" not in caplog.text
    assert not [name for name in ("gone@", "later@", "break@") if name in caplog.text]


def test_a_server_that_is_away_or_takes_nothing_keeps_all_letters_waiting(place: FollowedTown, box: Mailbox, first: str) -> None:
    place.enrol("anna@example.dk", "bo@example.dk", edition=first)
    publish(place, 1)
    (box.folder / "closed").touch()
    report = place.send()
    assert (report.letters, report.waiting) == ({}, 2)
    assert report.problem is not None
    box.process.send_signal(signal.SIGSTOP)  # away, and says nothing
    place.clock.now += 3600
    began = time.monotonic()
    assert place.send().problem is not None
    assert time.monotonic() - began < 20
    box.process.send_signal(signal.SIGKILL)
    box.process.wait()
    place.clock.now += 3600
    report = place.send()
    assert report.problem is not None
    assert "cannot be reached" in str(report.problem)
    assert outbox.counts(place.settings.followers)["waiting"] == 2


def test_a_server_that_closes_between_letters_is_called_again(place: FollowedTown, box: Mailbox, first: str) -> None:
    (box.folder / "few").touch()
    place.enrol(*(f"a{number}@example.dk" for number in range(5)), edition=first)
    publish(place, 1)
    assert place.send().letters == {"sent": 5}
    assert len(box.letters()) == 5


def test_one_address_that_closes_the_connection_holds_nobody_up(place: FollowedTown, box: Mailbox, first: str) -> None:
    place.enrol("close@example.dk", "anna@example.dk", edition=first)
    publish(place, 1)
    assert place.send().letters == {"later": 1, "sent": 1}
    assert [each["To"] for each in box.letters()] == ["anna@example.dk"]


# --- at most once -----------------------------------------------------------------------------------------------------


def test_a_connection_that_breaks_after_the_letter_leaves_one_that_is_not_sent_again(place: FollowedTown, box: Mailbox, first: str) -> None:
    place.enrol("break@example.dk", edition=first)
    second = publish(place, 1)
    assert place.send().letters == {"unknown": 1}
    place.clock.now += 30 * DAY
    assert place.send().letters == {}
    assert len(box.letters()) == 1
    assert followers.every(place.settings.followers)[0].edition == second


SENDS = """
import sys
from pathlib import Path
from tests.readers import following
from tests.readers.mailserver import Mailbox
port, workspace = int(sys.argv[1]), Path(sys.argv[2])
print(following.town(workspace, Mailbox(port, workspace, None)).send())
"""


def sending(place: FollowedTown, box: Mailbox) -> subprocess.Popen[bytes]:
    ways = os.pathsep.join([str(ROOT), *sys.path])
    command = [sys.executable, "-c", SENDS, str(box.port), str(place.settings.workspace)]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": ways}, stdout=subprocess.PIPE)


def test_a_sender_killed_with_a_letter_on_its_way_sends_it_to_nobody_again(
    place: FollowedTown, box: Mailbox, first: str, caplog: pytest.LogCaptureFixture
) -> None:
    place.enrol("anna@example.dk", "slow@example.dk", "bo@example.dk", edition=first)
    publish(place, 1)
    child = sending(place, box)
    box.wait_for(2)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert len(outbox.begun(place.settings.followers)) == 1
    assert place.send().letters == {"unknown": 1, "sent": 1}
    assert sorted(each["To"] for each in box.letters()) == ["anna@example.dk", "bo@example.dk", "slow@example.dk"]
    assert caplog.text.count("may have arrived, and is not sent again") == 1
    assert place.send().letters == {}
    assert caplog.text.count("may have arrived, and is not sent again") == 1


@pytest.mark.slow
def test_two_senders_at_once_send_a_thousand_letters_once_each(place: FollowedTown, box: Mailbox, first: str) -> None:
    names = [f"a{number}@example.dk" for number in range(1000)]
    folder = place.settings.followers
    place.enrol("a0@example.dk", edition=first)
    with database.changing(folder) as connection:
        rows = [(name, name, "", "", "", "da", 1.0, 1.0, first) for name in names[1:]]
        asked = "INSERT INTO followers (address, same, indicator, area_set, area_id, language, made, confirmed, edition) VALUES"
        connection.executemany(f"{asked} ({', '.join('?' * 9)})", rows)
    publish(place, 1)
    began = time.monotonic()
    children = [sending(place, box) for _ in range(2)]
    assert [child.wait(250) for child in children] == [0, 0]
    assert time.monotonic() - began < 200
    assert sorted(each["To"] for each in box.letters()) == sorted(names)
    assert len({each["Message-ID"] for each in box.letters()}) == 1000
    assert outbox.counts(folder) == {"waiting": 0, "sent": 1001}  # and the one that `enrol` counts


def test_who_stops_while_letters_are_sent_gets_none(place: FollowedTown, box: Mailbox, first: str) -> None:
    place.enrol("slow@example.dk", "anna@example.dk", edition=first)
    publish(place, 1)
    sender = threading.Thread(target=place.send)
    sender.start()
    box.wait_for(1)
    followers.remove(place.settings.followers, "anna@example.dk")
    sender.join()  # the slow one is waited for, five seconds
    assert [each["To"] for each in box.letters()] == ["slow@example.dk"]


def test_a_sender_that_is_asked_to_stop_ends_the_letter_that_it_is_at(place: FollowedTown, first: str) -> None:
    place.enrol("anna@example.dk", "bo@example.dk", edition=first)
    publish(place, 1)
    sender = place.sender()
    asked = iter([False, True])
    report = type(sender)(sender.app, sender.settings, sender.clock, sender.connect, lambda: next(asked)).run()
    assert (report.letters, report.waiting) == ({"sent": 1}, 1)
