"""Signing in through a real provider process: who comes in, who does not, and when they go out again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from tests.readers import provider
from tests.readers.signed import Clock, access_of, cookie, token
from tests.towns import webtown
from webmap.access import Role, log, oidc
from webmap.access.store import sessions
from webmap.app import create_app
from webmap.settings import Settings

MAP = (("kk-plan", Role.STAFF), ("kk-ssp", Role.SSP), ("kk-web", Role.ADMIN))
NOBODY = "Log ind"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider.running() as address:
        yield address


@pytest.fixture
def clock() -> Clock:
    return Clock()


def chosen(folder: Path, issuer: str, *, idle: int = 30) -> Settings:
    """Settings with the provider."""
    webtown.publish(folder / "editions")
    return Settings(
        workspace=folder,
        session_idle_minutes=idle,
        oidc_issuer=issuer,
        oidc_client_id=provider.CLIENT,
        oidc_client_secret=provider.SECRET,
        oidc_role_map=MAP,
    )


@pytest.fixture
def app(tmp_path: Path, issuer: str, clock: Clock) -> Iterator[Flask]:
    yield create_app(chosen(tmp_path, issuer), clock=clock)
    provider.lie(issuer, "")


def ask(client: FlaskClient, back: str = "/ssp") -> str:
    """Begin; returns the provider's address that the browser is sent to."""
    answer = client.get("/log-ind/udbyder?" + urlencode({"next": back}))
    assert answer.status_code == 302
    return answer.headers["Location"]


def path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def come_in(client: FlaskClient, subject: str) -> None:
    """Sign in and say what for, as SSP."""
    client.get(path(provider.agree(ask(client), subject)))
    form = client.get("/formaal")
    client.post("/formaal", data={"csrf": token(form), "rolle": "ssp", "formaal": "ssp-indsats"})
    assert client.get("/ssp").status_code == 200


def outside(client: FlaskClient) -> bool:
    return "hvem" not in client.get("/om").get_data(as_text=True)


# --- the way in -------------------------------------------------------------------------------------------------------


def test_a_person_comes_in_with_the_roles_that_the_settings_map(app: Flask, issuer: str) -> None:
    provider.know(issuer, "sven", "kk-ssp", "kk-kantine", name="Sven Bo")
    client = app.test_client()
    answer = client.get(path(provider.agree(ask(client), "sven")))
    assert answer.headers["Location"] == "/formaal?next=/ssp"
    assert "code=" not in answer.headers["Location"]
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Sven Bo" in page
    assert "SSP" in page
    assert "Helhedsplanteamet" not in page


def test_the_question_holds_a_challenge_a_state_and_a_nonce_that_are_new_each_time(app: Flask) -> None:
    client = app.test_client()
    first, second = (parse_qs(urlsplit(ask(client)).query) for _ in range(2))
    assert first["code_challenge_method"] == ["S256"]
    assert first["response_type"] == ["code"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 20
        assert first[name] != second[name]


@pytest.mark.parametrize("groups", [(), ("kk-kantine",), ("KK-SSP",), ("ssp",), ("admin",), ("kk-ssp=admin",)])
def test_groups_that_are_not_mapped_give_no_role(app: Flask, issuer: str, groups: tuple[str, ...]) -> None:
    provider.know(issuer, "gerd", *groups)
    client = app.test_client()
    answer = client.get(path(provider.agree(ask(client), "gerd")))
    assert answer.headers["Location"] == "/ssp"
    assert client.get("/ssp").status_code == 403
    assert client.get("/udgivelse").status_code == 403


# --- what does not come in --------------------------------------------------------------------------------------------


def test_an_answer_is_taken_once(app: Flask, issuer: str) -> None:
    provider.know(issuer, "sven", "kk-ssp")
    client = app.test_client()
    answer = path(provider.agree(ask(client), "sven"))
    assert "formaal" in client.get(answer).headers["Location"]
    again = app.test_client()
    for other in (client, again):
        assert other.get(answer).headers["Location"] == "/log-ind?fejl=udbyder"
    assert outside(again)


def test_an_answer_to_another_browser_is_not_taken(app: Flask, issuer: str) -> None:
    provider.know(issuer, "sven", "kk-ssp")
    victim, thief = app.test_client(), app.test_client()
    ask(victim)
    stolen = path(provider.agree(ask(thief), "sven"))
    assert victim.get(stolen).headers["Location"] == "/log-ind?fejl=udbyder"  # signing the victim in as the thief
    assert outside(victim)
    own = parse_qs(urlsplit(ask(victim)).query)["state"][0]
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    assert "fejl" in victim.get("/log-ind/retur?" + urlencode({"code": code, "state": own})).headers["Location"]  # no verifier for it
    assert outside(victim)


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x", "?code=x&state=y", "?error=access_denied", "?code=&state=", "?code=%00&state=%00"]
)
def test_an_answer_that_is_none_is_not_taken(app: Flask, query: str) -> None:
    client = app.test_client()
    ask(client)
    assert client.get("/log-ind/retur" + query).headers["Location"] == "/log-ind?fejl=udbyder"
    assert "Udbyderen kunne ikke logge dig ind" in client.get("/log-ind?fejl=udbyder").get_data(as_text=True)
    assert outside(client)


@pytest.mark.parametrize("about", [*(lie for lie in provider.LIES if lie != "down"), *provider.SECRETLY])
def test_a_false_answer_of_the_provider_lets_nobody_in(app: Flask, issuer: str, about: str) -> None:
    provider.know(issuer, "sven", "kk-ssp")
    client = app.test_client()
    answer = path(provider.agree(ask(client), "sven"))
    provider.lie(issuer, about)
    assert client.get(answer).headers["Location"] == "/log-ind?fejl=udbyder"
    assert outside(client)
    assert not sessions.listing(access_of(app).store, sessions.SessionLimits(1e9, 1e9), now=0)


def test_a_provider_that_is_down_is_said_to_be(app: Flask, issuer: str) -> None:
    provider.lie(issuer, "down")
    client = app.test_client()
    answer = client.get("/en/log-ind/udbyder")
    assert answer.headers["Location"] == "/en/log-ind?fejl=udbyder"
    assert "could not sign you in" in client.get(answer.headers["Location"]).get_data(as_text=True)


@pytest.mark.parametrize("about", provider.ABOUT_ITSELF)
def test_what_the_provider_says_of_itself_is_believed_only_when_it_is_its_own(
    app: Flask, issuer: str, about: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.know(issuer, "sven", "kk-ssp")
    provider.lie(issuer, about)
    client = app.test_client()
    assert client.get("/log-ind/udbyder").headers["Location"] == "/log-ind?fejl=udbyder"
    assert outside(client)
    assert any("sign-in through the provider failed" in record.getMessage() for record in caplog.records)
    provider.lie(issuer, "")  # nothing of the lie is kept
    come_in(client, "sven")


def test_metadata_are_asked_for_again_and_those_that_changed_meanwhile_are_held_to_the_issuer(
    app: Flask, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.know(issuer, "sven", "kk-ssp")
    first, second = app.test_client(), app.test_client()
    come_in(first, "sven")
    provider.lie(issuer, "other-issuer")  # the metadata of another, and ID tokens of that other under this provider's key
    assert second.get(path(provider.agree(ask(second), "sven"))).headers["Location"] == "/log-ind?fejl=udbyder"
    monkeypatch.setattr(oidc, "METADATA_FOR", 0.0)
    assert second.get("/log-ind/udbyder").headers["Location"] == "/log-ind?fejl=udbyder"
    assert outside(second)


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example", "/log-ud"])
def test_the_way_back_is_a_page_of_ours(app: Flask, issuer: str, back: str) -> None:
    provider.know(issuer, "gerd")
    client = app.test_client()
    assert client.get(path(provider.agree(ask(client, back), "gerd"))).headers["Location"] == "/"


# --- while signed in --------------------------------------------------------------------------------------------------


def test_a_role_that_the_provider_takes_away_is_gone_within_the_interval(app: Flask, issuer: str, clock: Clock) -> None:
    provider.know(issuer, "sven", "kk-ssp", "kk-plan")
    client = app.test_client()
    come_in(client, "sven")
    provider.know(issuer, "sven", "kk-plan")
    clock.now += 299
    assert client.get("/ssp").status_code == 200
    clock.now += 2
    assert client.get("/ssp").status_code == 403
    assert "Offentligheden" in client.get("/om").get_data(as_text=True)  # the audience is public again


def test_a_person_whom_the_provider_throws_out_is_signed_out(app: Flask, issuer: str, clock: Clock) -> None:
    provider.know(issuer, "sven", "kk-ssp")
    client = app.test_client()
    come_in(client, "sven")
    requests.post(f"{issuer}/users/sven/revoke-tokens", timeout=5).raise_for_status()
    clock.now += 301
    assert client.get("/ssp").status_code == 302
    assert outside(client)
    assert not sessions.listing(access_of(app).store, sessions.SessionLimits(1e9, 1e9), now=clock.now)


def test_a_clock_that_was_set_back_does_not_keep_the_provider_from_being_asked(app: Flask, issuer: str, clock: Clock) -> None:
    provider.know(issuer, "sven", "kk-ssp", "kk-plan")
    client = app.test_client()
    come_in(client, "sven")
    provider.know(issuer, "sven", "kk-plan")
    clock.now -= 60
    assert client.get("/ssp").status_code == 403


def test_a_token_that_has_ended_is_renewed(tmp_path: Path, issuer: str) -> None:
    clock = Clock()
    clock.now = time.time()
    app = create_app(chosen(tmp_path, issuer, idle=1440), clock=clock)
    provider.know(issuer, "sven", "kk-ssp")
    client = app.test_client()
    come_in(client, "sven")

    def held() -> str:
        return str(access_of(app).store.ask("SELECT content FROM sessions WHERE user = 'oidc:sven'")[0]["content"])

    first = held()
    clock.now += 3601
    assert client.get("/ssp").status_code == 200
    assert json.loads(held())["token"]["access_token"] != json.loads(first)["token"]["access_token"]


def test_userinfo_of_somebody_else_signs_out(app: Flask, issuer: str, clock: Clock) -> None:
    provider.know(issuer, "sven", "kk-ssp")
    client = app.test_client()
    come_in(client, "sven")
    provider.lie(issuer, "other-userinfo")
    clock.now += 301
    assert client.get("/ssp").status_code == 302


def test_a_fault_of_the_provider_is_borne_for_one_interval_and_no_longer(app: Flask, issuer: str, clock: Clock) -> None:
    provider.know(issuer, "sven", "kk-ssp")
    client = app.test_client()
    come_in(client, "sven")
    provider.lie(issuer, "down")
    clock.now += 301
    assert client.get("/ssp").status_code == 200
    clock.now += 300
    assert client.get("/ssp").status_code == 302


def test_signing_out_ends_the_session_here_for_every_copy_of_the_cookie(app: Flask, issuer: str) -> None:
    provider.know(issuer, "sven", "kk-ssp")
    client, copy = app.test_client(), app.test_client()
    come_in(client, "sven")
    copy.set_cookie(sessions.COOKIE, cookie(client), secure=True)
    assert copy.get("/ssp").status_code == 200
    client.post("/log-ud", data={"csrf": token(client.get("/om"))})
    assert copy.get("/ssp").status_code == 302
    events = [line.entry.event for line in log.lines(access_of(app).folder)]
    assert events == ["login", "hat", "look", "look", "logout"]


def test_without_a_provider_there_is_no_way_to_one(tmp_path: Path) -> None:
    webtown.publish(tmp_path / "editions")
    client = create_app(Settings(workspace=tmp_path)).test_client()
    assert client.get("/log-ind/udbyder").status_code == 404
    assert client.get("/log-ind/retur?code=x&state=y").status_code == 404
    assert "arbejdskonto" not in client.get("/log-ind").get_data(as_text=True)
