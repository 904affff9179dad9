"""The pages of following by e-mail: in both languages, the same answer whatever is known, few requests, links that only letters have."""

from __future__ import annotations

import re
import statistics
import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.readers.parsed import links, parse, words
from tests.readers.payloads import PAYLOADS
from tests.readers.rsgi import asked
from tests.readers.signed import Clock, cookie, staff, token
from tests.towns import newstown
from webmap.access import table
from webmap.app import create_app
from webmap.follow import database, followers, outbox, pages
from webmap.serving import stored
from webmap.serving.rsgi import RsgiApplication
from webmap.settings import Settings

MAIL = {"smtp_url": "smtp://127.0.0.1:1", "mail_from": "kort@example.dk", "public_url": "https://kort.example.dk"}
NOBODY = "a" * 43


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    newstown.publish_all(tmp_path / "editions")
    return Settings(workspace=tmp_path, **MAIL)  # type: ignore[arg-type]


@pytest.fixture
def clock() -> Clock:
    return Clock()


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
    for number in range(60):
        for kind, address in (("known", "anna@example.dk"), ("new", f"a{number}@example.dk")):
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
