"""Links of letters: confirmed by a button, stopped by one request, kept by nobody, and found by nobody who guesses."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.readers.followforms import ask, secret
from tests.readers.rsgi import asked
from tests.readers.signed import cookie, staff, token
from webmap.access import table
from webmap.follow import followers, outbox
from webmap.serving import stored
from webmap.serving.rsgi import RsgiApplication
from webmap.settings import Settings

NOBODY = "a" * 43


# --- links of letters -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_button_confirms_and_a_link_alone_does_not(client: FlaskClient, settings: Settings, prefix: str) -> None:
    ask(client, "anna@example.dk")
    path = f"{prefix}/foelg/bekraeft/{secret(settings, 'confirm')}"
    for method in ("GET", "HEAD", "GET"):
        assert client.open(path, method=method).status_code == 200
    assert not followers.every(settings.followers)[0].confirmed
    assert client.post(path).status_code == 400  # without our form
    assert not followers.every(settings.followers)[0].confirmed
    answer = client.post(path, data={"csrf": token(client.get(path))})
    assert ("Du følger nu med" if not prefix else "You follow now") in answer.text
    (follower,) = followers.every(settings.followers)
    assert (follower.confirmed, len(follower.edition)) == (True, 16)
    assert ("Du følger nu med" if not prefix else "You follow now") in client.get(path).text


@pytest.mark.parametrize("body", [{"List-Unsubscribe": "One-Click"}, {}, {"csrf": "x"}])
def test_a_mail_program_stops_with_one_request_without_cookie_and_token(app: Flask, settings: Settings, body: dict[str, str]) -> None:
    ask(app.test_client(), "anna@example.dk")
    path = f"/foelg/stop/{secret(settings, 'stop')}"
    answer = app.test_client(use_cookies=False).post(
        path, data=body, headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    )
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    assert followers.every(settings.followers) == []
    again = app.test_client(use_cookies=False).post(path, data=body)
    assert (again.status_code, again.text) == (200, answer.text)


def test_under_serve_a_strangers_request_to_stop_is_read(app: Flask, settings: Settings) -> None:
    ask(app.test_client(), "anna@example.dk")
    path = f"/foelg/stop/{secret(settings, 'stop')}"
    stored.serve_stored(app, settings)
    answer = asked(RsgiApplication(app), path, method="POST", body=b"List-Unsubscribe=One-Click")
    assert answer.status == 200
    assert followers.every(settings.followers) == []


def test_only_the_page_that_stops_is_open_to_forms_without_a_token() -> None:
    assert set(table.BY_ADDRESS) == {"follow.stop"}


def test_a_person_presses_a_button_and_may_stop_all_at_once(client: FlaskClient, settings: Settings) -> None:
    for path in ("/foelg", "/foelg?indikator=tryg"):
        ask(client, "anna@example.dk", path)
        confirming = list(outbox.waiting(settings.followers, now=2e9))
        made: dict[followers.Does, str] = {"confirm": followers.new_token(), "stop": followers.new_token()}
        outbox.begin(settings.followers, confirming[0], "x", made)
        outbox.end(settings.followers, confirming[0], "sent")
        followers.confirm(settings.followers, made["confirm"], "x", now=1.0)
    ask(client, "bo@example.dk")
    path = f"/foelg/stop/{made['stop']}"
    page = client.get(path)
    assert len(followers.every(settings.followers)) == 3  # a look stops nothing
    assert "Stop alt, hvad min adresse følger" in page.text
    assert "Set-Cookie" not in page.headers
    assert client.post(path, data={"alt": "1"}).status_code == 200
    assert [each.address for each in followers.every(settings.followers)] == ["bo@example.dk"]


def test_a_link_that_confirms_stops_nothing_and_the_other_way_round(client: FlaskClient, settings: Settings) -> None:
    ask(client, "anna@example.dk")
    confirming = secret(settings, "confirm")
    client.post(f"/foelg/stop/{confirming}")
    assert len(followers.every(settings.followers)) == 1
    ask(client, "bo@example.dk")
    stopping = secret(settings, "stop", "bo@example.dk")
    assert client.get(f"/foelg/bekraeft/{stopping}").status_code == 404


@pytest.mark.parametrize("does", ["bekraeft", "stop"])
def test_a_page_whose_address_is_a_secret_is_kept_by_nobody(client: FlaskClient, settings: Settings, does: str) -> None:
    ask(client, "anna@example.dk")
    path = f"/foelg/{does}/{secret(settings, 'confirm' if does == 'bekraeft' else 'stop')}"
    answer = client.get(path)
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "ETag" not in answer.headers
    assert "anna@" not in answer.text


HOSTILE = [
    NOBODY, "a" * 42, "a" * 44, "a" * 5000, "%00" * 43, "..%2f..%2fetc", "'%20OR%201=1--", "%F0%9F%98%80", "%C3", "æ" * 43,
    "A" * 42 + "%0A", "*", "%25", "_" * 43, "-" * 43,
]  # fmt: skip


@pytest.mark.parametrize("given", HOSTILE)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_token_that_is_none_finds_nobody(client: FlaskClient, settings: Settings, prefix: str, given: str) -> None:
    ask(client, "anna@example.dk")
    secret(settings, "confirm")
    right = token(client.get("/foelg"))
    for does in ("bekraeft", "stop"):
        assert client.get(f"{prefix}/foelg/{does}/{given}").status_code == 404
    assert client.post(f"{prefix}/foelg/bekraeft/{given}", data={"csrf": right}).status_code == 404
    assert client.post(f"{prefix}/foelg/stop/{given}").status_code in (200, 404)
    assert len(followers.every(settings.followers)) == 1
    assert not followers.every(settings.followers)[0].confirmed


def test_a_hash_is_no_token(client: FlaskClient, settings: Settings) -> None:
    """Whoever reads the database can neither confirm nor stop."""
    ask(client, "anna@example.dk")
    kept = followers.digest(secret(settings, "stop"))
    client.post(f"/foelg/stop/{kept}")
    client.post(f"/foelg/stop/{kept[:43]}")
    assert len(followers.every(settings.followers)) == 1


def test_nothing_is_made_by_questions(client: FlaskClient, settings: Settings) -> None:
    client.get("/foelg")
    client.get(f"/foelg/stop/{NOBODY}")
    client.post(f"/foelg/stop/{NOBODY}")
    assert not settings.followers.exists()


def test_who_has_signed_in_follows_as_anybody_and_the_log_has_no_address(app: Flask, settings: Settings) -> None:
    client = staff(app)
    assert ask(client, "anna@example.dk")[0] == 303
    client.get(f"/foelg/stop/{secret(settings, 'stop')}")
    assert b"anna@example.dk" not in b"".join(each.read_bytes() for each in settings.access.iterdir())
    assert cookie(client)
