"""Turns at comparing a password: strangers do not keep out who has signed in from here before, and an office waits its turn."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.readers.rsgi import ask
from tests.readers.signed import PASSWORD, access_of, cookie, enrol, token
from webmap.access.store import accounts, failures, sessions, turns
from webmap.serving import stored
from webmap.serving.rsgi import RsgiApplication

EVA, OFFICE = "10.0.0.1", 16


@dataclass
class HeldHash:
    """Stands in for the slow hash: wrong passwords are held until a test lets them go on. most: compared at a time, at the most."""

    go_on: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    now: int = 0
    most: int = 0
    seconds: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def compare(self, _kept: str, password: str) -> bool:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.begun.set()
        self.go_on.wait(60.0 if password != PASSWORD else self.seconds)
        with self._lock:
            self.now -= 1
        return password == PASSWORD


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldHash]:
    """The hash held, with turns that are waited for as long as a slow machine may need."""
    double = HeldHash()
    monkeypatch.setattr(accounts, "_matches", double.compare)
    monkeypatch.setattr(accounts, "TURNS", turns.PasswordTurns(patience=60.0), raising=False)
    yield double
    double.go_on.set()


def post(app: Flask, name: str, password: str, address: str) -> int:
    """Sign in as `serve` lets people: in threads of their own. Returns the status."""
    client, origin = app.test_client(), {"REMOTE_ADDR": address, turns.OWN_THREADS: True}
    fields = {"csrf": token(client.get("/log-ind", environ_base=origin)), "navn": name, "adgangskode": password}
    return client.post("/log-ind", data=fields, environ_base=origin).status_code


def remember(app: Flask, name: str, address: str) -> None:
    """Let somebody have signed in from an address before."""
    store, now = access_of(app).store, access_of(app).clock()
    failures.succeed(store, failures.begin(store, name, address, now=now), name, address, now=now)


def test_who_is_known_here_comes_in_while_strangers_hold_all_their_turns(app: Flask, held: HeldHash) -> None:
    enrol(app, "eva")
    remember(app, "eva", EVA)
    with ThreadPoolExecutor(40) as people:
        strangers = [people.submit(post, app, f"nix{number}", "forkert", f"10.9.0.{number}") for number in range(20)]
        assert held.begun.wait(60.0)
        wait(strangers, timeout=60.0, return_when=FIRST_COMPLETED)  # one is told to come again: so many as may are there
        known = [people.submit(post, app, "eva", PASSWORD, EVA) for _ in range(8)]
        came_in, comparing = [attempt.result(timeout=60.0) for attempt in known], held.now
        held.go_on.set()
        codes = [attempt.result(timeout=60.0) for attempt in strangers]
    assert came_in == [302] * 8
    assert comparing == turns.OF_STRANGERS
    assert held.most <= turns.AT_ONCE
    assert codes.count(429) == 20 - turns.OF_STRANGERS - turns.MAY_WAIT  # the lane of strangers stays bounded
    assert codes.count(401) == turns.OF_STRANGERS + turns.MAY_WAIT


@pytest.mark.parametrize("known", [True, False])
def test_an_office_that_signs_in_rightly_at_once_gets_in(app: Flask, held: HeldHash, known: bool) -> None:
    held.seconds = 0.02
    names = [enrol(app, f"kollega{number}").name for number in range(OFFICE)]
    for name in names if known else ():
        remember(app, name, EVA)
    with ThreadPoolExecutor(OFFICE) as people:
        assert {*people.map(lambda name: post(app, name, PASSWORD, EVA), names)} == {302}
    assert held.most <= (turns.AT_ONCE if known else turns.OF_STRANGERS)


def test_a_turn_that_does_not_come_in_time_is_none(app: Flask) -> None:
    assert app
    short = turns.PasswordTurns(patience=0.01)
    with short.comparing(known=False) as first, short.comparing(known=False) as second, short.comparing(known=True) as third:
        assert (first, second, third) == (True, False, True)
        with short.comparing(known=True) as fourth:
            assert not fourth
    with short.comparing(known=False) as again:
        assert again


@pytest.mark.usefixtures("anna")
def test_other_servers_let_few_wait_for_they_have_no_threads_for_them(app: Flask, held: HeldHash) -> None:
    with ThreadPoolExecutor(8) as people:
        allowed = turns.OF_STRANGERS + turns.MAY_WAIT_ELSEWHERE
        waiting: list[Any] = [people.submit(_elsewhere, app, f"nix{number}") for number in range(allowed + 1)]
        wait(waiting, timeout=60.0, return_when=FIRST_COMPLETED)
        held.go_on.set()
        assert sorted(attempt.result(timeout=60.0) for attempt in waiting) == [401] * allowed + [429]


def _elsewhere(app: Flask, name: str) -> int:
    client = app.test_client()
    fields = {"csrf": token(client.get("/log-ind")), "navn": name, "adgangskode": "forkert"}
    return client.post("/log-ind", data=fields).status_code


@pytest.mark.usefixtures("anna")
def test_pages_do_not_wait_behind_those_who_sign_in(app: Flask, held: HeldHash) -> None:
    stored.serve_stored(app, app.extensions["omraadekort"])
    application = RsgiApplication(app)
    clients = [app.test_client() for _ in range(turns.MAY_WAIT + turns.OF_STRANGERS)]
    tokens = [token(client.get("/log-ind")) for client in clients]

    async def crowd() -> tuple[int, set[int]]:
        waiting = [
            asyncio.ensure_future(
                ask(
                    application,
                    "/log-ind",
                    urlencode({"csrf": csrf, "navn": f"nix{number}", "adgangskode": "forkert"}).encode(),
                    method="POST",
                    headers={"cookie": f"{sessions.COOKIE}={cookie(client)}"},
                    client=f"10.9.0.{number}:5000",
                )
            )
            for number, (client, csrf) in enumerate(zip(clients, tokens, strict=True))
        ]
        while len(accounts.TURNS._waiting[False]) < turns.MAY_WAIT:
            await asyncio.sleep(0.01)
        page = await asyncio.wait_for(ask(application, "/en/om?x=1"), 60.0)
        held.go_on.set()
        return page.status, {answer.status for answer in await asyncio.gather(*waiting)}

    assert asyncio.run(crowd()) == (200, {401})
