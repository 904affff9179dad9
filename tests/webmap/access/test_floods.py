"""Floods of attempts to sign in, and names and passwords that nobody has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.readers.signed import PASSWORD, Clock, access_of, token
from webmap.access.store import accounts, limits
from webmap.app import create_app
from webmap.settings import Settings


def attempt(client: FlaskClient, password: str, *, address: str = "10.0.0.1", name: str = "anna") -> TestResponse:
    origin = {"REMOTE_ADDR": address}
    fields = {"csrf": token(client.get("/log-ind", environ_base=origin)), "navn": name, "adgangskode": password}
    return client.post("/log-ind", data=fields, environ_base=origin)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Passwords that were really compared, without the slow hash."""
    tried: list[str] = []

    def compare(_kept: str, password: str) -> bool:
        tried.append(password)
        return password == PASSWORD

    monkeypatch.setattr(accounts, "_matches", compare)
    return tried


@pytest.mark.usefixtures("anna")
def test_a_flood_from_one_address_is_stopped_before_the_hash_and_passes(app: Flask, clock: Clock, quick: list[str]) -> None:
    codes = [attempt(app.test_client(), f"forsøg {number}").status_code for number in range(30)]
    assert codes == [401] * 10 + [429] * 20
    assert len(quick) == 10
    refused = attempt(app.test_client(), PASSWORD)
    assert refused.status_code == 429  # the right one neither
    assert 1 <= int(refused.headers["Retry-After"]) <= 301
    assert attempt(app.test_client(), PASSWORD, address="10.0.0.2").status_code == 302  # others come in
    clock.now += 301
    assert attempt(app.test_client(), PASSWORD).status_code == 302


@pytest.mark.usefixtures("anna")
def test_an_unknown_name_costs_a_comparison_as_a_known_one_does(app: Flask, quick: list[str]) -> None:
    for number, name in enumerate(("anna", "bent")):
        assert attempt(app.test_client(), "forkert", name=name).status_code == 401
        assert len(quick) == number + 1


@pytest.mark.usefixtures("anna")
def test_over_plain_http_from_elsewhere_the_form_says_why_it_will_not_work(tmp_path: Path) -> None:
    client = create_app(Settings(workspace=tmp_path, allowed_hosts=("kort.example.dk", "localhost"))).test_client()
    said = {
        url: "ikke krypteret" in client.get("/log-ind", base_url=url).get_data(as_text=True)
        for url in (
            "http://kort.example.dk",
            "http://kort.example.dk:8000",
            "https://kort.example.dk",
            "http://localhost",
            "http://localhost:8000",
        )
    }
    assert list(said.values()) == [True, True, False, False, False]


@pytest.mark.usefixtures("anna")
def test_one_name_tried_from_many_addresses_is_stopped_too(app: Flask, quick: list[str]) -> None:
    codes = [attempt(app.test_client(), "forkert", address=f"10.1.0.{number}").status_code for number in range(40)]
    assert codes == [401] * 30 + [429] * 10
    assert len(quick) == 30


@pytest.mark.usefixtures("anna")
def test_another_address_in_one_ipv6_network_is_the_same_neighbour(app: Flask, quick: list[str]) -> None:
    codes = [attempt(app.test_client(), "forkert", address=f"2001:db8::{number:x}", name=f"n{number}").status_code for number in range(12)]
    assert codes == [401] * 10 + [429] * 2
    assert len(quick) == 10
    assert limits.neighbourhood("::ffff:10.0.0.1") != limits.neighbourhood("2001:db8::1")
    assert limits.neighbourhood("nix") == "unknown"


@pytest.mark.usefixtures("anna", "quick")
@pytest.mark.parametrize(
    "name", ["a" * 100_000, "\0", "' OR '1'='1", "anna'; DROP TABLE users; --", "\u202eanna", "{{7*7}}", "<script>", "🙂" * 50]
)
def test_odd_names_are_names_of_nobody(app: Flask, name: str) -> None:
    answer = attempt(app.test_client(), "x" * 100_000, name=name)
    assert answer.status_code == 401
    assert "<script>" not in answer.get_data(as_text=True).replace("&lt;script&gt;", "")
    assert len(accounts.listing(access_of(app).store)) == 1


def test_a_request_that_is_too_large_is_refused(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/log-ind", data={"navn": "x" * 2_000_000}).status_code == 413
