"""`omraadekort follow`: send, count, forget; and the postman beside the server that sends by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from omraadekort import cli
from omraadekort.exitcodes import ExitCode
from omraadekort.processes.postman import PATIENCE, EditionWatch
from tests.readers.following import FollowedTown, links, town
from tests.readers.mailserver import Mailbox, mailbox
from tests.readers.served import served
from tests.towns import newstown
from webmap.follow import followers

ROOT = Path(__file__).parents[2]
NAMES = {"OMRAADEKORT_MAIL_FROM": "kort@example.dk", "OMRAADEKORT_PUBLIC_URL": "https://kort.example.dk/omr"}


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mailbox]:
    with mailbox(tmp_path / "mail") as made:
        yield made


@pytest.fixture
def place(tmp_path: Path, box: Mailbox) -> FollowedTown:
    """The town with its first edition, and somebody who follows since then."""
    folder = tmp_path / "var"
    first = newstown.publish(folder / "editions", 0).id
    (folder / "workspace.toml").write_text("format = 1\n", encoding="utf-8")
    (folder / "reviews").mkdir()
    made = town(folder, box)
    made.clock.now = time.time()
    made.enrol("anna@example.dk", edition=first)
    return made


def run(place: FollowedTown, *arguments: str, url: str | None = None) -> tuple[int, str]:
    """Run a command; its exit code and what it says. url: of the server, "" for none."""
    environment = NAMES | {"OMRAADEKORT_SMTP_URL": place.settings.smtp_url if url is None else url}
    done = CliRunner().invoke(cli.app, ["follow", *arguments, "--workspace", str(place.settings.workspace)], env=environment)
    return done.exit_code, done.output


def test_letters_are_sent_by_a_command_that_says_how_many(place: FollowedTown, box: Mailbox) -> None:
    newstown.publish(place.settings.editions, 1)
    assert run(place, "send") == (0, "Letters: 1 sent; 0 wait.\n")
    assert run(place, "send") == (0, "Letters: 0 sent; 0 wait.\n")
    assert links(box.letters()[0])[0].startswith("https://kort.example.dk/omr/aendret?fra=")


def test_without_a_server_or_with_one_that_is_away_that_is_told(place: FollowedTown, box: Mailbox) -> None:
    newstown.publish(place.settings.editions, 1)
    code, said = run(place, "send", url="")
    assert (code, "smtp_url" in said) == (ExitCode.PROBLEMS, True)
    box.process.send_signal(signal.SIGKILL)
    box.process.wait()
    code, said = run(place, "send")
    assert (code, "cannot be reached" in said, "1 wait." in said) == (ExitCode.PROBLEMS, True, True)


def test_addresses_are_listed_only_when_asked_for(place: FollowedTown) -> None:
    followers.ask(place.settings.followers, "bo@example.dk", ("", "square", "0102"), "da", now=time.time())
    code, said = run(place, "list")
    assert code == 0
    assert "the city\t1\tfollow\n" in said
    assert "square/0102\t1\tasked, not confirmed\n" in said
    assert "letters waiting\t1\n" in said
    assert "@" not in said
    assert "anna@example.dk\tthe city\tfollows\n" in run(place, "list", "--addresses")[1]


def test_an_address_is_forgotten_by_a_command(place: FollowedTown) -> None:
    assert run(place, "remove", "ANNA@example.dk") == (0, "Forgotten: 1.\n")
    assert run(place, "remove", "anna@example.dk") == (0, "Forgotten: 0.\n")
    assert "anna" not in run(place, "list", "--addresses")[1]


def test_a_workspace_that_nobody_follows_stays_without_a_database(place: FollowedTown, tmp_path: Path) -> None:
    other = tmp_path / "other"
    newstown.publish(other / "editions", 0)
    (other / "workspace.toml").write_text("format = 1\n", encoding="utf-8")
    alone = town(other, Mailbox(1, tmp_path, place.connect))
    for command in ("send", "list"):
        assert run(alone, command)[0] == 0
    assert not (other / "followers").exists()


# --- the postman ------------------------------------------------------------------------------------------------------


def test_an_edition_is_told_of_when_its_pages_are_stored_or_were_waited_for() -> None:
    watch = EditionWatch()
    assert not watch.ready("a", stored=False, now=0.0)
    assert not watch.ready("a", stored=False, now=PATIENCE)
    assert watch.ready("a", stored=False, now=PATIENCE + 1)
    watch.told_of = "a"
    assert not watch.ready("a", stored=True, now=PATIENCE + 2)
    assert watch.ready("b", stored=True, now=PATIENCE + 3)
    assert not watch.ready("c", stored=False, now=PATIENCE + 4)  # the wait begins anew


@pytest.mark.slow
def test_a_server_sends_what_somebody_asks_for_and_what_a_new_edition_brings(place: FollowedTown, box: Mailbox) -> None:
    with served(place.settings.workspace, **NAMES, OMRAADEKORT_SMTP_URL=box.url) as server:
        children = psutil.Process(server.process.pid).children()
        assert sum("omraadekort.processes.postman" in " ".join(child.cmdline()) for child in children) == 1
        followers.ask(place.settings.followers, "bo@example.dk", ("tryg", "", ""), "en", now=time.time())
        assert [each["To"] for each in box.wait_for(1)] == ["bo@example.dk"]
        newstown.publish(place.settings.editions, 1)
        assert [each["To"] for each in box.wait_for(2)][1:] == ["anna@example.dk"]
        assert server.get("/om") == 200
        server.stop()
        assert server.process.returncode == 0


def test_there_is_no_postman_without_a_server_of_mail(place: FollowedTown) -> None:
    with served(place.settings.workspace) as server:
        children = psutil.Process(server.process.pid).children()
        assert not [child for child in children if "postman" in " ".join(child.cmdline())]


def test_the_postman_ends_when_its_input_does(place: FollowedTown, box: Mailbox) -> None:
    environment = os.environ | NAMES | {"OMRAADEKORT_WORKSPACE": str(place.settings.workspace), "OMRAADEKORT_SMTP_URL": box.url}
    command = [sys.executable, "-m", "omraadekort.processes.postman"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE) as postman:
        postman.communicate(timeout=120)
        assert postman.returncode == 0
