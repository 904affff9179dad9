"""Reminders of the calendar, sent to a real server of mail: who, when, once each, also when the sender is killed on the way."""

from __future__ import annotations

import datetime as dt
import os
import signal
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from geo.model.programmes import RecurringReport
from omraadekort.cli import app as program
from tests.readers.following import FollowedTown, links, text, town
from tests.readers.mailserver import Mailbox
from tests.towns import webtown
from webmap.app import create_app
from webmap.follow import reminding
from webmap.follow.reminding import Reminding, RemindReport
from webmap.settings import texts

DAY = dt.date(2026, 8, 17)
BUDGET = RecurringReport(
    id="budget", name=webtown.text("Hvert udvalgs redegørelse"), sender="BIF", recipient="Borgerrepræsentationen",
    rhythm=webtown.text("hvert år"), content=webtown.text("Fremdrift."), every="year", due=("08-31",), freezes=True, cite=webtown.CITE,
)  # fmt: skip
BOTH = msgspec.structs.replace(BUDGET, id="samlet", sender="BIU/BIF", name=webtown.text("Samlet statusrapport"), freezes=False)
EACH = msgspec.structs.replace(BUDGET, id="hver", sender="Hvert fagudvalg", freezes=False)
LATER = msgspec.structs.replace(BUDGET, id="senere", due=("09-01",), freezes=False)
CALENDAR = (BUDGET, BOTH, LATER)


@pytest.fixture
def place(tmp_path: Path, box: Mailbox) -> FollowedTown:
    return remindable(tmp_path / "var", box, CALENDAR)


def remindable(folder: Path, box: Mailbox, calendar: tuple[RecurringReport, ...], reminders: str = "BIF=bif@example.dk") -> FollowedTown:
    webtown.publish(folder / "editions", known=msgspec.structs.replace(webtown.catalogue(), calendar=calendar))
    made = town(folder, box)
    made.settings = replace(made.settings, reminders=texts.reminders(reminders))
    return made


def remind(place: FollowedTown, day: dt.date = DAY) -> RemindReport:
    own = replace(place.settings, allowed_hosts=("kort.example.dk",))
    return Reminding(create_app(own), own, place.clock, place.connect).run(day)


def test_whoever_is_due_is_reminded_once_and_leads_to_the_calendar(place: FollowedTown, box: Mailbox) -> None:
    assert remind(place, DAY - dt.timedelta(days=1)).letters == {}  # fifteen days ahead
    assert remind(place).letters == {"sent": 2}
    first, second = sorted(box.letters(), key=lambda letter: str(letter["Subject"]))
    assert first["Subject"] == "Påmindelse: Hvert udvalgs redegørelse, senest 31. august 2026"
    assert first["X-Envelope"] == "kort@example.dk bif@example.dk"
    assert "fra BIF til Borgerrepræsentationen" in " ".join(text(first).split())
    assert "fryses udgaven og statusrapporten" in text(first)
    assert "fryses" not in text(second)
    assert links(first) == ["https://kort.example.dk/omr/aarshjul/2026"]
    for day in (DAY, DAY + dt.timedelta(days=13), DAY + dt.timedelta(days=20)):
        assert remind(place, day).letters in ({}, {"sent": 1})  # 1 September comes within reach
    assert len(box.letters()) == 3
    assert remind(place, dt.date(2027, 8, 20)).letters == {"sent": 3}  # another year is another day


def test_names_are_whole_senders_or_their_words_and_the_star_is_all(tmp_path: Path, box: Mailbox) -> None:
    place = remindable(
        tmp_path / "var", box, (BOTH, EACH), "BIU=biu@example.dk; Hvert fagudvalg=alle@example.dk; B=nej@example.dk; *=sek@example.dk"
    )
    report = remind(place)
    assert report.nobody == ()
    got = sorted((str(each["To"]), str(each["Subject"]).split(",")[0]) for each in box.letters())
    assert [name for name, _ in got] == ["alle@example.dk", "biu@example.dk", "sek@example.dk", "sek@example.dk"]


def test_a_sender_without_an_address_is_named(tmp_path: Path, box: Mailbox) -> None:
    report = remind(remindable(tmp_path / "var", box, (EACH,), "BIF=bif@example.dk"))
    assert (report.letters, report.nobody) == ({}, ("Hvert fagudvalg",))


def test_what_the_server_puts_off_waits_and_what_it_refuses_is_not_sent_again(tmp_path: Path, box: Mailbox) -> None:
    place = remindable(tmp_path / "var", box, (BUDGET,), "BIF=later@example.dk; *=gone@example.dk")
    assert remind(place).letters == {"later": 1, "refused": 1}
    assert remind(place).letters == {}
    place.clock.now += 901
    assert remind(place).letters == {"later": 1}


def test_a_server_that_takes_nothing_lets_all_wait(place: FollowedTown, box: Mailbox) -> None:
    (box.folder / "closed").touch()
    report = remind(place)
    assert report.letters == {}
    assert report.problem is not None
    (box.folder / "closed").unlink()
    assert remind(place).letters == {"sent": 2}


def test_one_killed_with_a_letter_on_its_way_sends_each_once(tmp_path: Path, box: Mailbox) -> None:
    place = remindable(tmp_path / "var", box, (BUDGET,), "BIF=slow@example.dk; *=anna@example.dk")
    child = os.fork()
    if not child:
        remind(place)  # waits for an answer that does not come
        os._exit(0)
    box.wait_for(1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert remind(place).letters == {"unknown": 1, "sent": 1}
    assert remind(place).letters == {}
    assert sorted(str(each["To"]) for each in box.letters()) == ["anna@example.dk", "slow@example.dk"]


def test_the_command_says_what_is_missing_and_what_was_sent(tmp_path: Path, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    place = remindable(tmp_path / "var", box, (BUDGET, EACH))
    folder = place.settings.workspace
    for name in ("data", "boundaries"):
        (folder / name).mkdir()
    (folder / "workspace.toml").write_text("format = 1\n", encoding="utf-8")
    command = ["follow", "remind", "--on", "2026-08-20", "--workspace", str(folder)]
    assert "smtp_url" in CliRunner().invoke(program, command).output
    given = {"SMTP_URL": box.url, "MAIL_FROM": "kort@example.dk", "PUBLIC_URL": "https://kort.example.dk"}
    for name, value in given.items():
        monkeypatch.setenv(f"OMRAADEKORT_{name}", value)
    assert "reminders" in CliRunner().invoke(program, command).output
    monkeypatch.setenv("OMRAADEKORT_REMINDERS", "BIF=bif@example.dk")
    done = CliRunner().invoke(program, command)
    assert (done.exit_code, "1 sent" in done.output, "'Hvert fagudvalg'" in done.output) == (0, True, True)
    assert "none is due" in CliRunner().invoke(program, command).output


@pytest.mark.parametrize("written", ["BIF", "BIF=", "=a@example.dk", "BIF=a@b", "BIF=a@example.dk; x", "BIF=a@example.dk,b@example.dk"])
def test_an_address_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="semicolons"):
        texts.reminders(written)


def test_nothing_is_due_in_a_year_without_its_day() -> None:
    once = msgspec.structs.replace(BUDGET, due=("2010-05-07",))
    assert reminding.due((once,), DAY, 14) == ()
    assert reminding.due((msgspec.structs.replace(BUDGET, due=("01-05",)),), dt.date(2026, 12, 28), 14)[0][1] == dt.date(2027, 1, 5)
