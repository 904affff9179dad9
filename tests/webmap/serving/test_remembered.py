"""Pages that are remembered for people who have signed in: memory changes no byte, no look goes unwritten, nobody gets another's page."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo.editions.edition import current
from geo.model.vocabulary import Audience
from tests.readers.signed import Clock, access_of, holds, opened, sign_in, ssp, staff, token
from tests.towns import webtown
from webmap.access import Role
from webmap.access import log as access_log
from webmap.access.store import sessions
from webmap.app import create_app
from webmap.front import pages as front
from webmap.serving import remembered
from webmap.serving.remembered import Memory, RememberedPage
from webmap.settings import Settings

PAGES = (
    "/", "/en/", "/kort/tryg", "/en/kort/tryg", "/kort/tryg?periode=2010", "/kort/tryg?periode=2010&tvivl=1", "/kort/tryg/perioder",
    "/omraade/square/0103", "/maal/5", "/omraader", "/data", "/kort/sammenlign?a=tryg", "/find?q=0103", "/om",
    "/formaal", "/log-ud", "/ssp", "/gennemgang", "/udgivelse", "/findes-ikke", "/omraade/square/9999",
)  # fmt: skip


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return opened(tmp_path, Clock())


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Paths that were rendered and remembered, in order."""
    kept: list[str] = []
    keep = Memory.keep

    def note(self: Memory, key: object, page: RememberedPage) -> None:
        assert isinstance(key, tuple)
        kept.append(key[4])
        keep(self, key, page)

    monkeypatch.setattr(Memory, "keep", note)
    return kept


def log(app: Flask) -> list[tuple[object, ...]]:
    """The access log without its times and hashes."""
    entries = [line.entry for line in access_log.lines(access_of(app).folder)]
    return [
        (one.event, one.user, one.audience, one.purpose, one.page, one.edition, one.area, one.indicator, one.figures) for one in entries
    ]


@dataclass(frozen=True)
class Seen:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


def seen(client: FlaskClient, path: str) -> Seen:
    answer = client.get(path)
    headers = sorted((name, value) for name, value in answer.headers if name != "Date")  # a second may pass between two answers
    return Seen(answer.status_code, headers, answer.data)


# --- memory changes nothing -------------------------------------------------------------------------------------------


def test_whoever_asks_for_what_in_whatever_order_gets_what_would_be_rendered(tmp_path: Path) -> None:
    """Two applications on one workspace, the same cookies: one remembers, the other cannot."""
    app = opened(tmp_path, Clock())
    plain = create_app(Settings(workspace=tmp_path), clock=Clock())
    plain.extensions["omraadekort.remembered"] = Memory(0)
    people = {
        "nobody": app.test_client(), "anna": staff(app), "bo": staff(app, "bo"), "sven": ssp(app),
        "olga": sign_in(app, Role.ADMIN, name="olga"), "per": sign_in(app, Role.STAFF, name="per"),
        "both": sign_in(app, Role.STAFF, Role.SSP, audience=Audience.SSP, name="ida"),
        "all": sign_in(app, Role.STAFF, Role.ADMIN, audience=Audience.STAFF, name="eva"),
    }  # fmt: skip
    asked = [(who, path) for who in people for path in PAGES] * 2
    random.Random(1).shuffle(asked)  # noqa: S311 - an order, no secret
    for who, path in asked:
        other = plain.test_client()
        if cookie := people[who].get_cookie(sessions.COOKIE):
            other.set_cookie(sessions.COOKIE, cookie.value, secure=True)
        before = len(log(app))
        remembering = seen(people[who], path)
        between = log(app)[before:]
        assert remembering == seen(other, path), (who, path)
        assert between == log(app)[before + len(between) :], (who, path)


def test_the_second_look_of_anybody_with_the_same_hat_comes_from_memory(app: Flask, rendered: list[str]) -> None:
    for client in (staff(app), staff(app), staff(app, "bo")):
        assert client.get("/omraade/square/0103").status_code == 200
    assert rendered == ["/omraade/square/0103"]


def test_each_person_stands_on_the_page_themselves_with_a_token_of_their_own(app: Flask) -> None:
    anna, bo = staff(app), staff(app, "bo")
    first, second = (client.get("/omraade/square/0103") for client in (anna, bo))
    assert "Anna" in first.text
    assert "Anna" not in second.text
    assert token(first) != token(second)
    assert first.text.count(token(first)) == 1
    assert bo.post("/log-ud", data={"csrf": token(second)}).status_code == 302


@pytest.mark.parametrize("path", ["/gennemgang", "/udgivelse", "/formaal", "/log-ud", "/ssp"])
def test_what_somebody_can_write_on_or_what_reads_no_edition_is_not_remembered(app: Flask, rendered: list[str], path: str) -> None:
    client = sign_in(app, Role.STAFF, Role.SSP, Role.ADMIN, audience=Audience.STAFF)
    client.get(path)
    client.head("/omraade/square/0103")
    assert rendered == []


def test_a_name_that_looks_like_the_place_of_the_bar_is_a_name(app: Flask) -> None:
    client = sign_in(app, Role.STAFF, audience=Audience.STAFF, name=remembered.BAR.decode())
    first, second = client.get("/omraade/square/0103"), client.get("/omraade/square/0103")
    assert first.data == second.data
    assert remembered.BAR not in first.data
    assert first.text.count('class="who"') == 1


# --- what ends, ends for memory too -----------------------------------------------------------------------------------


def test_every_look_is_written_with_its_own_person_and_purpose(app: Flask) -> None:
    for purpose in ("kontrol", "gennemgang"):
        sign_in(app, Role.STAFF, audience=Audience.STAFF, purpose=purpose).get("/omraade/square/0103")
    first, second = (line for line in log(app) if line[0] == "look")
    assert (first[3], second[3]) == ("kontrol", "gennemgang")
    assert first[4:] == second[4:]
    assert first[6] == "square/0103"


def test_no_figure_is_given_from_memory_when_the_log_cannot_be_written(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = staff(app)
    figure = f"{webtown.INSIDE[Audience.STAFF]:.0f}"
    assert holds(client.get("/omraade/square/0103"), figure)

    def full(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(access_log, "append", full)
    answer = client.get("/omraade/square/0103")
    assert answer.status_code == 503
    assert not holds(answer, figure)  # a token or a hash may hold its digits
    assert 'class="who"' in answer.text


def test_a_new_edition_is_shown_at_once(app: Flask, tmp_path: Path) -> None:
    client = staff(app)
    old = current(tmp_path / "editions")
    assert old in client.get("/omraade/square/0103").text
    new = webtown.publish(tmp_path / "editions", as_of=webtown.maptown.DAY + dt.timedelta(days=1)).id
    page = client.get("/omraade/square/0103").text
    assert new in page
    assert "ældre udgave" in client.get(f"/omraade/square/0103?udgave={old}").text


def test_an_edition_that_was_taken_away_is_gone_from_memory(app: Flask, tmp_path: Path) -> None:
    client = staff(app)
    old = current(tmp_path / "editions")
    webtown.publish(tmp_path / "editions", as_of=webtown.maptown.DAY + dt.timedelta(days=1))
    assert client.get(f"/omraade/square/0103?udgave={old}").status_code == 200
    compared = client.get(f"/aendret?udgave={old}")
    assert compared.status_code == 200
    shutil.rmtree(tmp_path / "editions" / old)
    assert client.get(f"/omraade/square/0103?udgave={old}").status_code == 410
    assert client.get(f"/aendret?udgave={old}").status_code == 410


def test_a_page_of_another_edition_than_the_current_one_is_written_in_the_log_as_of_that_edition(app: Flask, tmp_path: Path) -> None:
    old = current(tmp_path / "editions")
    webtown.publish(tmp_path / "editions", as_of=webtown.maptown.DAY + dt.timedelta(days=1))
    client, path = staff(app), f"/kilde/{old}/tryg/square/0103/2010"
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 200]
    assert [line[5] for line in log(app) if line[0] == "look"] == [old, old, old]
    shutil.rmtree(tmp_path / "editions" / old)
    assert client.get(path).status_code == 410


@pytest.mark.parametrize("pinned", [False, True])
def test_a_page_that_was_rendered_while_an_edition_was_published_is_not_taken_for_the_new_ones(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pinned: bool
) -> None:
    client, old = staff(app), current(tmp_path / "editions")
    path = f"/omraade/square/0103?udgave={old}" if pinned else "/omraade/square/0103"
    profile = front.profile.profile
    new = []

    def published_meanwhile(*asked: object) -> object:
        made = profile(*asked)  # type: ignore[arg-type]
        new.append(webtown.publish(tmp_path / "editions", as_of=webtown.maptown.DAY + dt.timedelta(days=1)).id)
        return made

    with monkeypatch.context() as patch:
        patch.setattr(front.profile, "profile", published_meanwhile)
        assert client.get(path).status_code == 200
    again = client.get(path).text
    assert again == client.get(path).text
    assert (new[0] in again) is (not pinned)
    assert ("ældre udgave" in again) is pinned


def test_a_revoked_session_finds_the_public_page(app: Flask) -> None:
    client = staff(app)
    closed = client.get("/omraade/square/0103")
    sessions.revoke(access_of(app).store, "test:anna")
    answer = client.get("/omraade/square/0103")
    assert 'class="who"' in closed.text
    assert 'class="who"' not in answer.text
    assert answer.data == app.test_client().get("/omraade/square/0103").data


# --- what there is room for -------------------------------------------------------------------------------------------


def _page(size: int) -> RememberedPage:
    return RememberedPage(b"a" * (size // 2), b"b" * (size - size // 2), "a1", Audience.STAFF, None)


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    memory = Memory(100)
    for key in "abc":
        memory.keep(key, _page(40))
        memory.find("a")
    assert [key for key in "abc" if memory.find(key)] == ["a", "c"]


def test_a_page_that_is_too_large_is_not_remembered_and_drives_nothing_out() -> None:
    memory = Memory(100)
    memory.keep("small", _page(40))
    memory.keep("large", _page(101))
    assert memory.find("small")
    assert memory.find("large") is None
