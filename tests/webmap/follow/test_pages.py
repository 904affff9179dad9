"""The pages of following by e-mail: in both languages, the same answer whatever is known, few requests, links that only letters have."""

from __future__ import annotations

import re
import statistics
import time

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.readers.followforms import ask, secret
from tests.readers.parsed import links, parse, words
from tests.readers.payloads import PAYLOADS
from tests.readers.signed import Clock, staff, token
from webmap.app import create_app
from webmap.follow import database, followers, outbox, pages
from webmap.settings import Settings

NOBODY = "a" * 43


# --- the form ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/foelg", "når noget er ændret om hele byen"), ("/foelg?indikator=tryg", "når noget er ændret om Tryg"),
        ("/en/foelg", "when something changes about the whole city"), ("/en/foelg?inddeling=square&omraade=0102", "about Sydøst"),
    ],
)  # fmt: skip
def test_the_page_says_what_is_followed_and_what_is_kept(client: FlaskClient, path: str, said: str) -> None:
    answer = client.get(path)
    text = words(parse(answer.text))
    assert answer.status_code == 200
    assert said in text
    assert re.search("inden syv dage, slettes det; stopper du, slettes|within seven days it is deleted; if you stop", text)
    assert "kort@example.dk" in text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_who_asks_is_sent_to_the_same_page_and_a_letter_waits(client: FlaskClient, settings: Settings) -> None:
    assert ask(client, "Anna@Example.dk", "/en/foelg?inddeling=square&omraade=0104")[:2] == (303, "/en/foelg/tak")
    assert "Look in your inbox" in client.get("/en/foelg/tak").text
    (letter,) = outbox.waiting(settings.followers, now=2e9)
    assert (letter.kind, letter.follower.address, letter.follower.language) == ("confirm", "Anna@example.dk", "en")
    assert letter.follower.followed == ("", "square", "0104")


def test_what_is_not_there_cannot_be_followed(client: FlaskClient) -> None:
    right = token(client.get("/foelg"))
    for query in ("indikator=nix", "inddeling=square&omraade=9999", "omraade=0104"):
        assert client.get(f"/foelg?{query}").status_code == 404
        assert client.post(f"/foelg?{query}", data={"csrf": right, "adresse": "anna@example.dk"}).status_code == 404


@pytest.mark.parametrize("given", ["", "anna", "anna@example.dk\nBcc: bo@example.dk", *PAYLOADS[:20], "a" * 5000])
def test_what_is_no_address_is_said_and_kept_in_the_form(client: FlaskClient, settings: Settings, given: str) -> None:
    status, _, text = ask(client, given)
    assert (status, database.exists(settings.followers)) == (422, False)
    page = parse(text)
    assert "Det er ikke en e-mailadresse." in words(page)
    (field,) = [each for each in page.iter("input") if each.attrib.get("id") == "adresse"]
    assert field.attrib["aria-invalid"] == "true"
    assert not [each for each in page.iter("script") if "src" not in each.attrib]


@pytest.mark.parametrize(("fields", "headers"), [({}, {}), ({"csrf": "0" * 64}, {}), ({"csrf": None}, {"Origin": "https://evil.example"})])
def test_a_form_of_somebody_elses_page_keeps_nothing(
    client: FlaskClient, settings: Settings, fields: dict[str, str | None], headers: dict[str, str]
) -> None:
    right = token(client.get("/foelg"))
    sent = {"adresse": "anna@example.dk"} | {name: right if value is None else value for name, value in fields.items()}
    assert client.post("/foelg", data=sent, headers=headers).status_code == 400
    assert not database.exists(settings.followers)


def test_without_a_server_of_mail_the_page_says_so_and_leads_to_the_feed(settings: Settings) -> None:
    client = create_app(Settings(workspace=settings.workspace)).test_client()
    page = parse(client.get("/foelg?indikator=tryg").text)
    assert "Her kan man ikke følge med på e-mail." in words(page)
    assert "/kort/tryg.atom" in links(page)
    assert not [each for each in page.iter("form") if each.attrib.get("method") == "post"]
    anna = staff(client.application)
    assert anna.post("/foelg", data={"csrf": token(anna.get("/om")), "adresse": "a@b.dk"}).status_code == 404
    for path in ("/", "/kort/tryg", "/omraade/square/0104", "/aendret"):
        assert not [each for each in links(parse(client.get(path).text)) if each.startswith("/foelg")]


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/", "/foelg"), ("/kort/tryg", "/foelg?indikator=tryg"), ("/aendret", "/foelg"),
        ("/omraade/square/0104", "/foelg?inddeling=square&omraade=0104"),
        ("/en/aendret?inddeling=square&omraade=0104", "/en/foelg?inddeling=square&omraade=0104"),
    ],
)  # fmt: skip
def test_pages_lead_to_the_form_beside_their_feed(client: FlaskClient, path: str, link: str) -> None:
    assert link in links(parse(client.get(path).text))
    assert client.get(link).status_code == 200


# --- what a stranger can find out, and do -----------------------------------------------------------------------------


def test_the_answer_is_the_same_whether_or_not_an_address_is_known(app: Flask, settings: Settings, client: FlaskClient) -> None:
    ask(client, "anna@example.dk")
    client.post(f"/foelg/bekraeft/{secret(settings, 'confirm')}", data={"csrf": token(client.get("/foelg"))})
    ask(client, "bo@example.dk")
    assert {each.confirmed for each in followers.every(settings.followers)} == {True, False}
    answers = set()
    for address in ("anna@example.dk", "bo@example.dk", "nobody@example.dk"):
        other = app.test_client()
        answer = other.post("/foelg", data={"csrf": token(other.get("/foelg")), "adresse": address})
        answers.add((answer.status, answer.text, frozenset(answer.headers.keys()), answer.headers["Location"]))
    assert len(answers) == 1


@pytest.mark.slow
def test_it_takes_the_same_time_whether_or_not_an_address_is_known(
    client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "OF_PLACE", pages.Limit(10_000, 3600))
    monkeypatch.setattr(pages, "OF_ALL", pages.Limit(10_000, 3600))
    monkeypatch.setattr(pages, "OF_ADDRESS", pages.Limit(10_000, 3600))
    ask(client, "anna@example.dk")
    client.post(f"/foelg/bekraeft/{secret(settings, 'confirm')}", data={"csrf": token(client.get("/foelg"))})
    right = token(client.get("/foelg"))
    spent: dict[str, list[float]] = {"known": [], "new": []}
    asked = [(kind, address) for number in range(60) for kind, address in (("known", "anna@example.dk"), ("new", f"a{number}@example.dk"))]
    mixed = np.random.default_rng(1).permutation(len(asked))  # in turns, a busy machine would pause at the same kind each time
    for kind, address in (asked[place] for place in mixed):
        began = time.perf_counter()
        client.post("/foelg", data={"csrf": right, "adresse": address})
        spent[kind].append(time.perf_counter() - began)
    known, new = (statistics.median(spent[kind]) for kind in ("known", "new"))
    assert 0.5 < known / new < 2


def test_one_place_may_ask_so_often_and_another_still_may(app: Flask, settings: Settings, clock: Clock) -> None:
    def post(near: str, number: int) -> int:
        client = app.test_client()
        right = token(client.get("/foelg"))
        sent = {"csrf": right, "adresse": f"a{number}@example.dk"}
        return client.post("/foelg", data=sent, environ_base={"REMOTE_ADDR": near}).status_code

    assert [post("10.0.0.1", number) for number in range(21)] == [303] * 20 + [429]
    assert post("10.0.0.2", 21) == 303
    assert len(followers.every(settings.followers)) == 21
    clock.now += 3601
    assert post("10.0.0.1", 22) == 303


def test_all_together_may_ask_so_often(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(pages, "OF_ALL", pages.Limit(2, 3600))
    assert [ask(client, f"a{number}@example.dk")[0] for number in range(3)] == [303, 303, 429]
    status, _, text = ask(client, "a4@example.dk")
    assert "Det blev for mange på én gang." in text
    assert (status, len(followers.every(settings.followers))) == (429, 2)


def test_nobody_can_have_letters_poured_over_an_address(client: FlaskClient, settings: Settings, clock: Clock) -> None:
    """Three a day, for whatever subject; the answer is the same."""
    sent = 0
    for indicator in ("tryg", "uden", "tryg", "uden", "tryg"):
        assert ask(client, "anna@example.dk", f"/foelg?indikator={indicator}")[0] == 303
        for letter in outbox.waiting(settings.followers, now=2e9):
            sent += 1
            outbox.end(settings.followers, letter, "sent")
    assert sent == 3
    clock.now += 86_401
    ask(client, "anna@example.dk")
    assert len(outbox.waiting(settings.followers, now=2e9)) == 1


def test_a_letter_that_waits_is_not_doubled(client: FlaskClient, settings: Settings) -> None:
    ask(client, "anna@example.dk")
    ask(client, "Anna@example.dk", "/en/foelg")
    (letter,) = outbox.waiting(settings.followers, now=2e9)
    assert letter.follower.language == "en"


def test_what_counts_requests_holds_no_address(client: FlaskClient, settings: Settings) -> None:
    ask(client, "anna@example.dk")
    assert b"anna@" not in b"".join(each.read_bytes() for each in settings.access.iterdir())
