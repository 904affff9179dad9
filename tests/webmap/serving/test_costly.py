"""Answers that cost much: compared before they are made, made once for an edition, few at a time, and never another reader's."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from geo.editions import edition as store
from tests.readers.signed import access_of, sign_in, ssp, staff
from tests.towns.storedtown import headers_of
from webmap.access import Role, log
from webmap.figures.api import tables
from webmap.serving import costly
from webmap.serving.costly import Workshop

PATH = "/api/v1/observations"


@dataclass
class Made:
    """How often a table was made. go_on: cleared, the next one waits; begun: released for each that was begun."""

    times: int = 0
    go_on: threading.Event = field(default_factory=threading.Event)
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    counted, table = Made(), tables._table
    counted.go_on.set()

    def count(*given: Any) -> Any:
        counted.times += 1
        counted.begun.release()
        assert counted.go_on.wait(300)
        return table(*given)

    monkeypatch.setattr(tables, "_table", count)
    yield counted
    counted.go_on.set()


def test_what_the_client_has_is_said_before_anything_is_made(app: Flask, made: Made) -> None:
    first = app.test_client().get(PATH)
    assert (first.status_code, made.times) == (200, 1)
    app.extensions["omraadekort.costly"] = Workshop()  # another process, that has made nothing
    again = app.test_client().get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, made.times) == (304, b"", 1)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("other", ["/api/v1/observations.csv", f"{PATH}?lang=en", f"{PATH}?period=2010", "/api/v1/modelled"])
def test_each_address_has_its_own_name(app: Flask, made: Made, other: str) -> None:
    client = app.test_client()
    first, second = client.get(PATH), client.get(other)
    assert first.headers["ETag"] != second.headers["ETag"]
    assert client.get(other, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert made.times == 2


def test_another_program_or_edition_gives_another_name(app: Flask, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    first = client.get(PATH)
    monkeypatch.setattr(costly.pagestore, "fingerprint", lambda _settings: "another program")
    assert client.get(PATH, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert made.times == 2


def test_an_answer_is_made_once_whatever_the_order_of_its_address(app: Flask, made: Made) -> None:
    client = app.test_client()
    answers = [client.get(f"{PATH}?{query}") for query in ("lang=en&period=2010", "period=2010&lang=en", "lang=en&period=2010")]
    assert made.times == 1
    assert len({answer.data for answer in answers}) == 1
    assert client.head(f"{PATH}?lang=en&period=2010").headers["Content-Length"] == answers[0].headers["Content-Length"]
    assert made.times == 1


@pytest.mark.parametrize("accepted", ["", "gzip", "br", "gzip, deflate, br, zstd", "identity", "br;q=0, gzip;q=0.1"])
def test_the_second_answer_is_the_first_in_every_encoding(app: Flask, made: Made, accepted: str) -> None:
    client, asked = app.test_client(), {"Accept-Encoding": accepted}
    first, second = client.get(PATH, headers=asked), client.get(PATH, headers=asked)
    assert (first.status_code, first.data, headers_of(first)) == (second.status_code, second.data, headers_of(second))
    assert made.times == 1


def test_a_refused_address_is_refused_each_time(app: Flask) -> None:
    client = app.test_client()
    for query, status in (
        ("?x=1", 400),
        ("?lang=de", 400),
        ("?audience=staff", 401),
        ("?edition=0000000000000000", 410),
        ("?audience=x", 400),
    ):
        assert [client.get(PATH + query).status_code for _ in range(2)] == [status] * 2
    assert app.extensions["omraadekort.costly"]._making == set()


def test_an_edition_that_was_withdrawn_is_gone_at_once(app: Flask) -> None:
    folder = app.extensions["omraadekort"].editions
    edition = store.current(folder)
    client = app.test_client()
    first = client.get(f"{PATH}?edition={edition}")
    assert first.status_code == 200
    shutil.rmtree(folder / edition)
    assert client.get(f"{PATH}?edition={edition}").status_code == 410
    assert client.get(f"{PATH}?edition={edition}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 410


# --- who may see what -------------------------------------------------------------------------------------------------


def test_what_staff_was_given_is_given_to_nobody_else_and_each_look_is_logged(app: Flask, made: Made) -> None:
    path = f"{PATH}?audience=staff"
    public = app.test_client().get(PATH).data
    own = [staff(app).get(path), staff(app, "bo").get(path)]
    assert made.times == 2
    assert own[0].data == own[1].data != public
    assert {answer.headers["Cache-Control"] for answer in own} == {"private, no-store"}
    assert not any("ETag" in answer.headers for answer in own)
    assert app.test_client().get(path).status_code == 401
    assert ssp(app).get(path).status_code == 403
    looks = [line.entry for line in log.lines(access_of(app).folder) if line.entry.event == "look"]
    assert [entry.user for entry in looks] == ["test:anna", "test:bo"]
    assert looks[0].figures == looks[1].figures is not None


def test_the_public_part_is_the_same_for_all_and_named_so(app: Flask) -> None:
    tags = {client.get(PATH).headers["ETag"] for client in (app.test_client(), staff(app), sign_in(app, Role.ADMIN))}
    assert len(tags) == 1
    assert staff(app).get(PATH, headers={"If-None-Match": tags.pop()}).status_code == 304
    assert "ETag" not in staff(app).get("/kort/sammenlign.csv?a=tryg&b=tryg").headers


def test_who_lost_a_role_is_refused_what_was_made_for_them(app: Flask) -> None:
    client = staff(app)
    assert client.get(f"{PATH}?audience=staff").status_code == 200
    access_of(app).store.keep("UPDATE sessions SET roles = ''")
    assert client.get(f"{PATH}?audience=staff").status_code in {401, 403}


# --- few at a time ----------------------------------------------------------------------------------------------------


def test_while_one_is_made_the_same_waits_others_are_told_when_and_pages_are_answered(app: Flask, made: Made) -> None:
    app.extensions["omraadekort.costly"] = workshop = Workshop(patience=300)
    made.go_on.clear()
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(app.test_client().get, PATH)
        made.begun.acquire(timeout=300)
        waits = pool.submit(app.test_client().get, PATH)
        while not workshop._waiting:
            pass
        late = app.test_client().get(PATH)
        english = pool.submit(app.test_client().get, f"{PATH}?lang=en")  # another address has a place of its own
        made.begun.acquire(timeout=300)
        assert app.test_client().get("/om").status_code == 200
        assert app.test_client().get("/api/v1/goals").status_code == 200
        made.go_on.set()
        assert first.result().data == waits.result().data
        assert english.result().status_code == 200
    assert (late.status_code, late.headers["Retry-After"]) == (503, "5")
    assert "Spørg igen om 5 sekunder" in late.get_json()["error"]["message"]
    assert late.headers["Cache-Control"] == "no-store"
    assert made.times == 2


def test_a_download_that_finds_no_place_says_so_in_the_readers_language(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costly, "AT_ONCE", 0)
    monkeypatch.setattr(costly, "MAY_WAIT", 0)
    for path, words in (("/kort/sammenlign.csv?a=tryg&b=tryg", "Vi har for travlt"), ("/en/kort/sammenlign.csv?a=tryg&b=tryg", "too busy")):
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert words in answer.get_data(as_text=True)


def test_who_waits_too_long_is_told_to_come_again(app: Flask, made: Made) -> None:
    app.extensions["omraadekort.costly"] = Workshop(patience=0.01)
    made.go_on.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(app.test_client().get, PATH)
        made.begun.acquire(timeout=300)
        assert app.test_client().get(PATH).status_code == 503
        made.go_on.set()
        assert first.result().status_code == 200
    assert app.test_client().get(PATH).status_code == 200


def test_a_place_is_given_back_when_making_fails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any) -> Any:
        raise RuntimeError("no")

    monkeypatch.setattr(tables, "_table", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert [app.test_client().get(PATH).status_code for _ in range(4)] == [500] * 4


def test_no_more_is_kept_than_may_be() -> None:
    workshop = Workshop(most=10_000)
    for number in range(100):
        workshop.keep((number,), "", costly.MadeAnswer(b"x" * 1000, (), None))
    workshop.keep(("large",), "", costly.MadeAnswer(b"x" * 6000, (), None))
    assert workshop._kept.currsize <= 10_000
    assert workshop.find(("large",), ("",)) is None
    assert workshop.find((99,), ("br", "")) is not None
