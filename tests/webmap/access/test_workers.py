"""The door in a real server of two worker processes: sessions, limits, revocation and the log are one for all of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path

import pytest
import requests

from geo.model.vocabulary import Audience
from tests.readers.served import served, town
from tests.readers.signed import PASSWORD
from webmap.access import Role, User, log
from webmap.access.store import accounts, failures, sessions
from webmap.access.store.accounts import Account
from webmap.access.store.database import AccessDatabase

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town(tmp_path_factory.mktemp("workers")).folder


@pytest.fixture(scope="module")
def address(workspace: Path) -> Iterator[str]:
    with served(workspace) as server:
        yield server.address


def somebody(workspace: Path, name: str) -> dict[str, str]:
    """The cookie header of somebody of the housing-plan team who is signed in."""
    store, session = AccessDatabase(workspace / "access"), sessions.Session()
    sessions.sign_in(store, session, User(f"test:{name}", name, frozenset({Role.STAFF})), now=time.time())
    sessions.choose(store, session, Audience.STAFF, "kontrol")
    return {"Cookie": f"{sessions.COOKIE}={session.id}"}


def test_every_look_is_in_the_log_once_whichever_worker_answered(address: str, workspace: Path) -> None:
    cookies = [somebody(workspace, name) for name in ("anna", "bo", "cai", "dan")]

    def look(number: int) -> int:
        return requests.get(f"{address}/omraade/square/0103", headers=cookies[number % 4], timeout=60).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(look, range(80))) == {200}
    found = [line.entry for line in log.lines(workspace / "access") if line.entry.event == "look"]
    assert log.verify(workspace / "access").n >= 80
    assert {name: sum(one.user == f"test:{name}" for one in found) for name in ("anna", "bo", "cai", "dan")} == dict.fromkeys(
        ("anna", "bo", "cai", "dan"), 20
    )


def test_a_session_that_is_revoked_by_command_is_over_on_all_workers(address: str, workspace: Path) -> None:
    cookie = somebody(workspace, "eva")

    def inside(_number: int) -> bool:
        return "Helhedsplanteamet" in requests.get(f"{address}/tilgaengelighed", headers=cookie, timeout=60).text

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(inside, range(16)))
        command = [sys.executable, "-m", "omraadekort", "users", "revoke", "test:eva", "--workspace", str(workspace)]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
        assert not any(pool.map(inside, range(16)))


def test_the_workers_count_attempts_together(address: str, workspace: Path) -> None:
    accounts.add(AccessDatabase(workspace / "access"), Account("fie", "Fie", frozenset({Role.STAFF}), time.time()), PASSWORD)

    def attempt(number: int) -> int:
        form = requests.get(f"{address}/log-ind", timeout=60)
        cookie = {"Cookie": form.headers["Set-Cookie"].split(";")[0]}
        field = re.search(r'name="csrf" value="([0-9a-f]+)"', form.text)
        assert field
        fields = {"csrf": field[1], "navn": "fie", "adgangskode": f"forkert {number}"}
        return requests.post(f"{address}/log-ind", data=fields, headers=cookie, timeout=60).status_code

    began = time.time()
    with ThreadPoolExecutor(4) as pool:  # no more than one worker has places for, so that none is turned away for want of one
        codes = list(pool.map(attempt, range(24)))
    passed = time.time() - began
    waits = accumulate(min(failures.LONGEST, 2**number) for number in range(1, 15))
    most = failures.FREE_OF_ADDRESS + sum(wait <= passed for wait in waits)
    assert set(codes) == {401, 429}
    assert failures.FREE_OF_ADDRESS <= codes.count(401) <= most  # each alone would have let as many through once more
