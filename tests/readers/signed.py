"""People who have signed in, for tests: a session in the database and its cookie in the client, without a password's slow hash."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext
from werkzeug.test import TestResponse

from geo.model.vocabulary import Audience
from tests.towns import webtown
from webmap.access import Role, User
from webmap.access.current import AccessService
from webmap.access.store import accounts, sessions
from webmap.access.store.accounts import Account
from webmap.app import create_app
from webmap.settings import Settings


def holds(answer: TestResponse, figure: str) -> bool:
    text = answer.get_data(as_text=True)
    written = (f"{figure}\u00a0%", f"{figure} %", f"{figure}%")
    return any(one in text for one in (written if answer.mimetype == "text/html" else (*written, f"{figure}.0", f",{figure},")))


PASSWORD = "en lang adgangskode"  # noqa: S105 - of accounts that only tests have  # pragma: allowlist secret


class Clock:
    """A clock that a test moves. now: seconds since 1970."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def opened(folder: Path, clock: Clock) -> Flask:
    """The web town's application, in a workspace of its own."""
    webtown.publish(folder / "editions")
    return create_app(Settings(workspace=folder), clock=clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> Flask:
    """The web town's application with nobody in it yet; a module that needs another one has a fixture of this name."""
    return opened(tmp_path, clock)


@pytest.fixture
def anna(app: Flask) -> Account:
    """A local account of the housing-plan team at that application."""
    return enrol(app, "anna")


def enrol(app: Flask, name: str, *roles: Role) -> Account:
    """Make somebody a local account, of the housing-plan team unless other roles are named."""
    account = Account(name, f"{name.capitalize()} Holm", frozenset(roles or {Role.STAFF}), 0.0)
    accounts.add(access_of(app).store, account, PASSWORD)
    return account


def access_of(app: Flask) -> AccessService:
    """What the application's access control works with: its database and clock."""
    found: AccessService = app.extensions["omraadekort.access"]
    return found


def sign_in(
    app: Flask, *roles: Role, audience: Audience = Audience.PUBLIC, purpose: str = "kontrol", name: str = "anna", department: str = ""
) -> FlaskClient:
    """A client in which somebody with these roles has signed in and looks with that part."""
    session = sessions.Session()
    store, now = access_of(app).store, access_of(app).clock()
    sessions.sign_in(store, session, User(f"test:{name}", name.capitalize(), frozenset(roles), department), now=now)
    sessions.choose(store, session, audience, purpose if audience is not Audience.PUBLIC else "")
    client = app.test_client()
    client.set_cookie(sessions.COOKIE, session.id, secure=True, httponly=True, samesite="Lax")
    return client


def staff(app: Flask, name: str = "anna", department: str = "") -> FlaskClient:
    """A client of somebody of the housing-plan team who has said what for; with a department they may sign for it."""
    return sign_in(app, Role.STAFF, audience=Audience.STAFF, name=name, department=department)


def ssp(app: Flask, name: str = "sven") -> FlaskClient:
    """A client of somebody of SSP who has said what for."""
    return sign_in(app, Role.SSP, audience=Audience.SSP, purpose="indsats", name=name)


def token(answer: TestResponse) -> str:
    """The CSRF token in a page's forms."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', answer.get_data(as_text=True))
    assert found, "no form with a token on this page"
    return found[1]


def cookie(client: FlaskClient) -> str:
    """The session id that a client holds, "" when it holds none."""
    found = client.get_cookie(sessions.COOKIE)
    return found.value if found else ""


def carry(context: BrowserContext, address: str, client: FlaskClient) -> None:
    """Let a browser look as the person that a client is."""
    session = {"name": sessions.COOKIE, "value": cookie(client), "url": address.replace("http:", "https:")}
    context.add_cookies([{**session, "secure": True, "httpOnly": True, "sameSite": "Lax"}])  # type: ignore[list-item]
