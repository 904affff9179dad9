"""Floods of attempts to sign in, and names and passwords that nobody has."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.readers.signed import PASSWORD, Clock, access_of, sign_in, token
from tests.towns import webtown
from webmap.access import Role
from webmap.access.store import accounts, failures, limits, turns
from webmap.access.store.accounts import Account
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
def test_a_flood_from_one_address_is_slowed_before_the_hash_and_shuts_nobody_out(app: Flask, clock: Clock, quick: list[str]) -> None:
    codes = [attempt(app.test_client(), f"forsøg {number}").status_code for number in range(30)]
    assert codes == [401] * 10 + [429] * 20
    assert len(quick) == 10
    refused = attempt(app.test_client(), PASSWORD)
    assert refused.status_code == 429  # the right one waits too, where it has never been right before
    assert 1 <= int(refused.headers["Retry-After"]) <= 3
    assert "Prøv igen om 3 sekunder" in refused.get_data(as_text=True)
    assert attempt(app.test_client(), PASSWORD, address="10.0.0.2").status_code == 302  # others come in
    clock.now += 3
    assert attempt(app.test_client(), PASSWORD).status_code == 302


@pytest.mark.usefixtures("anna")
def test_waits_grow_to_about_a_minute_and_no_further(app: Flask, clock: Clock, quick: list[str]) -> None:
    for _ in range(10):
        attempt(app.test_client(), "forkert")
    waits = []
    for _ in range(9):
        refused = attempt(app.test_client(), "forkert")
        assert refused.status_code == 429
        waits.append(int(refused.headers["Retry-After"]))
        clock.now += waits[-1]
        assert attempt(app.test_client(), "forkert").status_code == 401
    assert waits == [3, 5, 9, 17, 33, 65, 65, 65, 65]
    assert len(quick) == 19
    clock.now += failures.FORGOTTEN + 1
    assert [attempt(app.test_client(), "forkert").status_code for _ in range(11)] == [401] * 10 + [429]


@pytest.mark.usefixtures("anna", "quick")
def test_an_office_of_people_who_sign_in_rightly_is_never_slowed(app: Flask) -> None:
    for number in range(40):
        accounts.add(access_of(app).store, Account(f"kollega{number}", "", frozenset({Role.STAFF}), 0), PASSWORD)
    assert {attempt(app.test_client(), PASSWORD, name=f"kollega{number}").status_code for number in range(40)} == {302}
    assert failures.listing(access_of(app).store, now=access_of(app).clock()) == ()


@pytest.mark.usefixtures("anna", "quick")
def test_who_has_signed_in_from_here_is_let_through_whoever_else_fails(app: Flask) -> None:
    assert attempt(app.test_client(), PASSWORD).status_code == 302
    for number in range(40):  # a colleague in the same office, and strangers everywhere who try her name
        attempt(app.test_client(), "forkert", name="bent")
        attempt(app.test_client(), "forkert", address=f"10.9.0.{number}")
    assert attempt(app.test_client(), "forkert", name="bent").status_code == 429
    assert attempt(app.test_client(), "forkert", address="10.9.1.1").status_code == 429
    assert attempt(app.test_client(), PASSWORD).status_code == 302
    assert attempt(app.test_client(), PASSWORD, address="10.9.1.2").status_code == 429  # from elsewhere she has to wait


@pytest.mark.usefixtures("anna", "quick")
def test_from_where_a_person_is_known_a_password_cannot_be_guessed_at_will(app: Flask) -> None:
    assert attempt(app.test_client(), PASSWORD).status_code == 302
    assert [attempt(app.test_client(), "forkert").status_code for _ in range(12)] == [401] * 10 + [429] * 2


@pytest.mark.usefixtures("anna", "quick")
def test_another_password_means_known_from_nowhere(app: Flask) -> None:
    assert attempt(app.test_client(), PASSWORD).status_code == 302
    accounts.change_password(access_of(app).store, "anna", PASSWORD + "!")
    for number in range(40):
        attempt(app.test_client(), "forkert", address=f"10.9.0.{number}")
    assert attempt(app.test_client(), PASSWORD).status_code == 429


def test_the_database_keeps_no_address_of_those_who_sign_in_rightly(app: Flask) -> None:
    store = access_of(app).store
    begun = failures.begin(store, "anna", "10.0.0.1", now=5.0)
    failures.succeed(store, begun, "anna", "10.0.0.1", now=5.0)
    kept = [str(tuple(row)) for table in ("known", "failures") for row in store.ask(f"SELECT * FROM {table}")]  # noqa: S608 - the two above
    assert len(kept) == 1
    assert "10.0.0.1" not in kept[0]


def test_a_clock_that_was_set_back_does_not_shut_anybody_out(app: Flask) -> None:
    store = access_of(app).store
    for _ in range(12):
        failures.begin(store, "anna", "10.0.0.1", now=100_000.0)
    assert failures.begin(store, "anna", "10.0.0.1", now=100_000.0).wait
    assert not failures.begin(store, "anna", "10.0.0.1", now=90_000.0).wait


@pytest.mark.usefixtures("anna", "quick")
def test_whoever_runs_the_service_is_told(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(30):
        attempt(app.test_client(), "forkert", address=f"10.1.0.{number}")
        attempt(app.test_client(), "forkert", address=f"10.2.0.{number}", name="min hemmelige adgangskode")
    told = [record.getMessage() for record in caplog.records if "sign-in failed" in record.getMessage()]
    assert len(told) == 2
    assert "the name anna" in told[0]
    page = sign_in(app, Role.ADMIN).get("/udgivelse").get_data(as_text=True)
    assert "navnet anna" in page
    assert "et navn uden konto" in page
    assert "hemmelige" not in page + " ".join(told)
    assert "Login, der mislykkes" not in sign_in(app, Role.STAFF).get("/", follow_redirects=True).get_data(as_text=True)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_proxy_that_the_settings_do_not_know_is_said_once(app: Flask, header: str, caplog: pytest.LogCaptureFixture) -> None:
    admin = sign_in(app, Role.ADMIN)
    assert "proxies" not in admin.get("/udgivelse").get_data(as_text=True)
    for _ in range(3):
        app.test_client().get("/om", headers={header: "192.0.2.7"})
    assert [record.getMessage() for record in caplog.records if "proxies" in record.getMessage()] != []
    assert len([record for record in caplog.records if "proxies" in record.getMessage()]) == 1
    assert "indstillingen proxies er 0" in admin.get("/udgivelse").get_data(as_text=True)


def test_a_proxy_that_the_settings_know_is_none_to_warn_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    webtown.publish(tmp_path / "editions")
    app = create_app(Settings(workspace=tmp_path, proxies=1))
    app.test_client().get("/om", headers={"X-Forwarded-For": "192.0.2.7"})
    assert not [record for record in caplog.records if "proxies" in record.getMessage()]


@pytest.mark.usefixtures("anna")
def test_passwords_that_wait_to_be_compared_take_few_threads(app: Flask, quick: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as held:
        held.setattr(accounts.TURNS, "_waiting", {lane: deque([object()] * turns.MAY_WAIT) for lane in (True, False)})
        refused = attempt(app.test_client(), PASSWORD)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
    assert quick == []
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
    "name", ["a" * 2000, "\0", "' OR '1'='1", "anna'; DROP TABLE users; --", "\u202eanna", "{{7*7}}", "<script>", "🙂" * 50]
)
def test_odd_names_are_names_of_nobody(app: Flask, name: str) -> None:
    answer = attempt(app.test_client(), "x" * 1000, name=name)
    assert answer.status_code == 401
    assert "<script>" not in answer.get_data(as_text=True).replace("&lt;script&gt;", "")
    assert len(accounts.listing(access_of(app).store)) == 1


@pytest.mark.parametrize("size", [8_001, 2_000_000])
def test_a_request_that_is_too_large_is_refused_in_words(app: Flask, size: int) -> None:
    client = app.test_client()
    answer = client.post("/en/log-ind", data={"navn": "x" * size})
    assert answer.status_code == 413
    assert "larger than the page takes" in answer.get_data(as_text=True)
