"""The town's application with a server of mail that is never spoken to, and what people send to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.readers.signed import Clock, token
from tests.towns import newstown
from webmap.app import create_app
from webmap.follow import followers, outbox
from webmap.settings import Settings

MAIL = {"smtp_url": "smtp://127.0.0.1:1", "mail_from": "kort@example.dk", "public_url": "https://kort.example.dk"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    newstown.publish_all(tmp_path / "editions")
    return Settings(workspace=tmp_path, **MAIL)


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Flask:
    return create_app(settings, clock=clock)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def ask(client: FlaskClient, address: str, path: str = "/foelg", **more: str) -> tuple[int, str, str]:
    """Send the form; status, where it leads, and words."""
    answer = client.post(path, data={"csrf": token(client.get(path)), "adresse": address, **more})
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def secret(settings: Settings, does: followers.Does, address: str = "anna@example.dk") -> str:
    """A link's secret of somebody who has asked, or follows."""
    (letter,) = (each for each in outbox.waiting(settings.followers, now=2e9) if each.follower.address == address)
    made: dict[followers.Does, str] = {"confirm": followers.new_token(), "stop": followers.new_token()}
    assert outbox.begin(settings.followers, letter, "x", made)
    outbox.end(settings.followers, letter, "sent")
    return made[does]
