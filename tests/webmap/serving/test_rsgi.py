"""The application as `serve` runs it: the same answers, and no client that sends slowly keeps others waiting."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.readers.rsgi import AskedScope, ask, asked
from tests.readers.signed import PASSWORD, Clock, access_of, cookie, opened, sign_in, token
from tests.towns import storedtown
from webmap.access import Role
from webmap.access.store import sessions
from webmap.serving import bodies, rsgi, stored
from webmap.serving.bodies import BodyLimit
from webmap.serving.rsgi import RsgiApplication
from webmap.settings import Settings


@pytest.fixture
def application(app: Flask) -> RsgiApplication:
    stored.serve_stored(app, app.extensions["omraadekort"])
    return RsgiApplication(app, "a word")


@pytest.fixture
def held(application: RsgiApplication) -> Iterator[RsgiApplication]:
    """An application all of whose threads are held."""
    go_on = threading.Event()
    for _ in range(rsgi.THREADS):
        application._threads.submit(go_on.wait)
    yield application
    go_on.set()


@pytest.mark.parametrize("path", ["/om", "/en/om?udgave=x", "/nowhere", "/kort", "/api/v1/goals", "/omraader?q=%C3%B8", "/%F0%28"])
def test_the_answer_is_the_one_that_any_other_server_gives(app: Flask, application: RsgiApplication, path: str) -> None:
    ours = asked(application, path.replace("/%F0%28", "/\ufffd("), headers={"host": "localhost"})
    theirs = app.test_client().get(path)
    assert ours.status == theirs.status_code
    assert ours.content == theirs.data or ours.status == 404
    assert {name: text for name, text in ours.headers.items() if name != "date"} == {
        name.lower(): text for name, text in theirs.headers.items() if name != "Date"
    } or ours.status == 404


def test_a_stored_page_is_handed_out_while_all_threads_are_held(tmp_path: Path) -> None:
    town = storedtown.store(tmp_path)
    application = RsgiApplication(storedtown.stored_app(town.settings)[0])
    while not application._stored.ready():  # the store is read beside the loop
        pass
    go_on = threading.Event()
    for _ in range(rsgi.THREADS):
        application._threads.submit(go_on.wait)
    page = asked(application, "/om", headers={"accept-encoding": "br"})
    assert (page.status, page.headers["content-encoding"]) == (200, "br")
    go_on.set()


def test_whether_it_lives_waits_for_nothing(held: RsgiApplication) -> None:
    for headers, worker in (({}, None), ({"omraadekort-inquiry": "a word"}, str(os.getpid())), ({"omraadekort-inquiry": "another"}, None)):
        answer = asked(held, "/livez", headers=headers)
        assert (answer.status, answer.content) == (200, b'{"status":"alive"}\n')
        assert answer.headers.get("omraadekort-worker") == worker
    assert asked(held, "/livez", method="HEAD").content == b""


def test_whether_it_is_well_does_not_wait_for_others(held: RsgiApplication) -> None:
    assert asked(held, "/healthz").status == 200


def test_lives_is_said_by_other_servers_too(app: Flask, tmp_path: Path) -> None:
    assert app.test_client().get("/livez").get_json() == {"status": "alive"}
    assert Settings(workspace=tmp_path / "nothing")


@pytest.mark.usefixtures("anna")
def test_signing_in_by_a_form(app: Flask, application: RsgiApplication) -> None:
    client = app.test_client()
    form = urlencode({"csrf": token(client.get("/log-ind")), "navn": "anna", "adgangskode": PASSWORD}).encode()
    answer = asked(application, "/log-ind", method="POST", body=form, headers={"cookie": f"{sessions.COOKIE}={cookie(client)}"})
    assert answer.status == 302
    assert sessions.COOKIE in answer.headers["set-cookie"]


def test_a_body_that_does_not_come_is_waited_for_so_long_and_without_a_thread(
    held: RsgiApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "LIMITS", {"access.login": BodyLimit(8_000, seconds=0.05, stranger=True)})
    seen: list[object] = []

    async def render(environ: dict[str, object]) -> rsgi.WholeAnswer:
        seen.append(environ[bodies.REFUSED])
        return rsgi.WholeAnswer(408)

    monkeypatch.setattr(held, "_rendered", render)
    assert asked(held, "/log-ind", method="POST", body=None).status == 408
    assert seen == [408]


@pytest.mark.parametrize(
    ("headers", "status", "words"),
    [
        ({"content-length": "8001"}, 413, "larger than the page takes"),
        ({"transfer-encoding": "chunked"}, 411, "how long it is"),
        ({"content-length": "-1"}, 411, "how long it is"),
    ],
)
def test_what_is_too_large_or_of_no_length_is_refused_unread(
    application: RsgiApplication, headers: dict[str, str], status: int, words: str
) -> None:
    answer = asked(application, "/en/log-ind", method="POST", headers=headers)
    assert (answer.status, answer.read) == (status, False)
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [("/udgivelse", 401), ("/gennemgang", 401), ("/om", 401), ("/nowhere", 404), ("/kort/tryg", 401), ("/static/omraadekort.css", 405)],
)
def test_the_body_of_a_stranger_is_read_for_signing_in_alone(application: RsgiApplication, path: str, status: int) -> None:
    answer = asked(application, path, method="POST", body=None)
    assert not answer.read
    assert answer.status in {status, 405}


def test_the_body_of_somebody_signed_in_is_read(app: Flask, application: RsgiApplication) -> None:
    admin = sign_in(app, Role.ADMIN)
    form = urlencode({"csrf": token(admin.get("/log-ud")), "udgave": "0" * 16}).encode()
    answer = asked(application, "/udgivelse", method="POST", body=form, headers={"cookie": f"{sessions.COOKIE}={cookie(admin)}"})
    assert (answer.status, answer.read) == (404, True)  # there is no such edition


def test_of_a_database_that_cannot_be_read_flask_speaks(app: Flask, application: RsgiApplication) -> None:
    held = cookie(sign_in(app, Role.ADMIN))
    path = access_of(app).store.path
    for beside in path.parent.glob(f"{path.name}-*"):
        beside.unlink()
    path.write_bytes(b"not a database" * 1000)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = asked(application, "/udgivelse", method="POST", body=None, headers={"cookie": f"{sessions.COOKIE}={held}"})
    assert (answer.status, answer.read) == (401, False)  # nobody is signed in


def test_a_client_that_leaves_in_the_middle_changes_nothing(application: RsgiApplication) -> None:
    class Gone:
        status = 0

        async def __call__(self) -> bytes:
            raise RuntimeError("the stream ended")

        def response_bytes(self, status: int, _headers: object, _body: bytes) -> None:
            self.status = status

    async def leave() -> int:
        protocol = Gone()
        scope = AskedScope("/log-ind", "POST", {"host": "localhost", "content-length": "50"})
        await application.__rsgi__(scope, protocol)  # type: ignore[arg-type]  # stand in for granian's
        return protocol.status

    assert asyncio.run(leave()) == 400


def test_one_address_may_wait_with_so_many_bodies_and_others_still_come_in(application: RsgiApplication) -> None:
    async def crowd() -> tuple[set[int], int, int]:
        slow = [asyncio.ensure_future(ask(application, "/en/log-ind", body=None, method="POST")) for _ in range(rsgi.BODIES_OF_ONE)]
        while application._bodies._of.total() < rsgi.BODIES_OF_ONE:
            await asyncio.sleep(0)
        refused = await ask(application, "/en/log-ind", body=b"a=b", method="POST")
        assert "too busy" in refused.content.decode()
        assert refused.headers["retry-after"] == "5"
        other = await ask(application, "/en/log-ind", body=b"a=b", method="POST", client="10.0.0.2:50000")
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        return {refused.status}, other.status, application._bodies._of.total()

    assert asyncio.run(crowd()) == ({503}, 400, 0)


def test_more_requests_than_can_be_made_are_told_to_come_again(held: RsgiApplication) -> None:
    async def crowd() -> tuple[int, str]:
        waiting = [asyncio.ensure_future(ask(held, "/en/om?x=1")) for _ in range(rsgi.WAITING)]
        while held._with_flask < rsgi.WAITING:
            await asyncio.sleep(0)
        late = await ask(held, "/en/om?x=1")
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return late.status, late.headers["retry-after"]

    assert asyncio.run(crowd()) == (503, "5")


def test_behind_our_proxy_addresses_are_those_of_the_readers(tmp_path: Path, clock: Clock) -> None:
    assert opened(tmp_path, clock)
    app = storedtown.create_app(Settings(workspace=tmp_path, proxies=1, allowed_hosts=("kort.example",)))
    stored.serve_stored(app, app.extensions["omraadekort"])
    application = RsgiApplication(app)
    told = {"x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https", "x-forwarded-host": "kort.example"}
    page = asked(application, "/om", headers=told)
    assert page.status == 200
    assert "strict-transport-security" in page.headers
    assert asked(application, "/om").status == 400


def test_every_page_that_takes_a_form_has_its_limit(app: Flask) -> None:
    taking = {
        rule.endpoint.removeprefix("en_") for rule in app.url_map.iter_rules() if rule.methods and rule.methods & {"POST", "PUT", "PATCH"}
    }
    pages = {getattr(app.view_functions[endpoint], "page", endpoint) for endpoint in taking}
    assert pages == set(bodies.LIMITS)
    following = {"follow.page", "follow.confirm", "follow.stop"}
    assert {page for page, limit in bodies.LIMITS.items() if limit.stranger} == {
        "access.login",
        "access.logout",
        "access.purpose",
        *following,
    }
    assert all(limit.bytes <= 8_000 for limit in bodies.LIMITS.values() if limit.stranger)
