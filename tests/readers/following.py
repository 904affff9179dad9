"""A town whose news are followed by e-mail: editions, an application, a sender, and what people press on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.readers.mailserver import Mailbox, mailbox
from tests.readers.signed import Clock, token
from tests.towns import newstown
from webmap import mail
from webmap.app import create_app
from webmap.follow import followers, outbox
from webmap.follow.sending import Sender, SendReport
from webmap.follow.smtp import MailConnection
from webmap.settings import Settings

PUBLIC = "https://kort.example.dk/omr"


@dataclass
class FollowedTown:
    """A workspace with a server of mail."""

    settings: Settings
    clock: Clock
    connect: Callable[[], MailConnection]

    def client(self) -> FlaskClient:
        """Somebody with a browser of their own."""
        return create_app(self.settings, clock=self.clock).test_client()

    def sender(self) -> Sender:
        """Who sends what waits."""
        own = replace(self.settings, allowed_hosts=("kort.example.dk",))
        return Sender(create_app(own), own, self.clock, self.connect)

    def send(self) -> SendReport:
        """Send what waits."""
        return self.sender().run()

    def ask(self, address: str, path: str = "/foelg") -> int:
        """Ask to follow on a page; the status of the answer."""
        client = self.client()
        return client.post(path, data={"csrf": token(client.get(path)), "adresse": address}).status_code

    def enrol(self, *addresses: str, edition: str, followed: followers.Followed = ("", "", ""), language: str = "da") -> None:
        """Let people follow since an edition, without letters."""
        folder = self.settings.followers
        for address in addresses:
            followers.ask(folder, address, followed, language, now=self.clock())
            (letter,) = (each for each in outbox.waiting(folder, now=self.clock()) if each.follower.address == address)
            secret = followers.new_token()
            assert outbox.begin(folder, letter, "x", {"confirm": secret})
            outbox.end(folder, letter, "sent")
            assert followers.confirm(folder, secret, edition, now=self.clock())


def town(workspace: Path, mailbox: Mailbox) -> FollowedTown:
    """Give a workspace a server of mail."""
    settings = Settings(workspace=workspace, smtp_url=mailbox.url, mail_from="Områdekort <kort@example.dk>", public_url=PUBLIC)
    return FollowedTown(settings, Clock(), lambda: MailConnection(mail.server(mailbox.url), own="kort.example.dk", patience=5))


def text(letter: EmailMessage) -> str:
    """The words of a letter as a reader sees them."""
    return str(letter.get_content()).replace("\r\n", "\n")


def links(letter: EmailMessage) -> list[str]:
    """Every address in a letter."""
    return re.findall(r"https?://\S+", text(letter))


def path(address: str) -> str:
    """The path of an address of ours, as a client of the application asks for it."""
    assert address.startswith(f"{PUBLIC}/"), address
    return address.removeprefix(PUBLIC)


def publish(place: FollowedTown, number: int) -> str:
    """Publish an edition of the town, by its number from 0; its id."""
    return newstown.publish(place.settings.editions, number).id


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mailbox]:
    with mailbox(tmp_path / "mail") as made:
        yield made


@pytest.fixture
def first(tmp_path: Path) -> str:
    """The id of the town's first edition, which is current."""
    return newstown.publish(tmp_path / "var" / "editions", 0).id


@pytest.fixture
def place(tmp_path: Path, box: Mailbox, first: str) -> FollowedTown:
    assert first
    return town(tmp_path / "var", box)
