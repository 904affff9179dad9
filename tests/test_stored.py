"""Stored pages: what the store says is what Flask would have said, byte for byte; what it cannot know for certain goes to Flask."""

from __future__ import annotations

import datetime as dt
import gzip
import http.client
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import brotli
import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import TestResponse

from geo import edition as store
from geo.edition import Edition
from tests import webtown
from tests.browser import serving as listening
from webmap import crawl, pagestore, serving, storing
from webmap.app import create_app
from webmap.pagestore import Answer, StoreError, Variant
from webmap.settings import Settings

ACCEPTED = ("", "identity", "gzip", "br", "gzip, deflate, br, zstd", "br;q=0.5, gzip;q=0.8")


@dataclass(frozen=True)
class Town:
    settings: Settings
    edition: Edition
    made: storing.Made


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    settings = Settings(workspace=tmp_path_factory.mktemp("stored"))
    edition = webtown.publish(settings.editions)
    return Town(settings, edition, storing.make(settings))


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """A town whose files a test may change; nothing is stored yet."""
    settings = Settings(workspace=tmp_path)
    webtown.publish(settings.editions)
    return settings


def stored_app(settings: Settings) -> tuple[Flask, list[str]]:
    """The application behind its store, and the paths that were left to Flask."""
    app, passed = create_app(settings), list[str]()
    inside = app.wsgi_app if isinstance(app.wsgi_app, ProxyFix) else None
    render = inside.app if inside else app.wsgi_app

    def counted(environ: dict[str, object], start_response: Callable[..., object]) -> object:
        passed.append(str(environ["PATH_INFO"]))
        return render(environ, start_response)  # type: ignore[arg-type]

    if inside:
        inside.app = counted  # type: ignore[assignment]
    else:
        app.wsgi_app = counted  # type: ignore[method-assign, assignment]
    serving.serve_stored(app, settings)
    return app, passed


@pytest.fixture
def both(town: Town) -> tuple[FlaskClient, list[str], FlaskClient]:
    """A client of the stored pages, what they left to Flask, and a client of Flask alone."""
    app, passed = stored_app(town.settings)
    return app.test_client(), passed, create_app(town.settings).test_client()


def addresses(town: Town) -> list[str]:
    found = pagestore.read(town.made.folder)
    return [f"{path}?{query}" if query else path for path, query in found.answers]


def headers_of(answer: TestResponse, *, but: frozenset[str] = frozenset()) -> set[tuple[str, str]]:
    return {(name, value) for name, value in answer.headers if name.lower() not in but | {"date"}}


def plain(answer: TestResponse) -> bytes:
    open_up = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
    return open_up[answer.headers.get("Content-Encoding", "")](answer.data)


# --- the contract -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accepted", ACCEPTED)
def test_a_stored_answer_is_the_rendered_one(town: Town, both: tuple[FlaskClient, list[str], FlaskClient], accepted: str) -> None:
    stored, passed, rendered = both
    asked = {"Accept-Encoding": accepted}
    for address in addresses(town):
        ours, theirs = stored.get(address, headers=asked), rendered.get(address, headers=asked)
        if address.startswith("/static/"):  # Flask streams them, and cannot stream gzip
            assert ours.data == theirs.data or plain(ours) == plain(theirs), address
            continue
        assert (ours.status, plain(ours)) == (theirs.status, plain(theirs)), address
        encoded = frozenset({"content-length"}) if "Content-Encoding" in ours.headers else frozenset()
        assert headers_of(ours, but=encoded) == headers_of(theirs, but=encoded), address
        assert int(ours.headers["Content-Length"]) == len(ours.data)
        assert len(ours.data) <= len(theirs.data)
    assert passed == []


def test_head_is_get_without_a_body(town: Town, both: tuple[FlaskClient, list[str], FlaskClient]) -> None:
    stored, passed, rendered = both
    for address in addresses(town):
        head, got = stored.head(address), stored.get(address)
        assert (head.status, head.data, headers_of(head)) == (got.status, b"", headers_of(got))
        assert headers_of(head) == headers_of(rendered.head(address)), address
    assert passed == []


@pytest.mark.parametrize("accepted", ["", "br", "gzip"])
def test_what_the_browser_has_is_not_sent_again(town: Town, both: tuple[FlaskClient, list[str], FlaskClient], accepted: str) -> None:
    stored, passed, rendered = both
    tagged = 0
    for address in (address for address in addresses(town) if not address.startswith("/static/")):
        first = stored.get(address, headers={"Accept-Encoding": accepted})
        if "ETag" not in first.headers:
            continue
        tagged += 1
        for tag in (first.headers["ETag"], f"W/{first.headers['ETag'].removeprefix('W/')}", f'"x", {first.headers["ETag"]}'):
            asked = {"Accept-Encoding": accepted, "If-None-Match": tag}
            ours, theirs = stored.get(address, headers=asked), rendered.get(address, headers=asked)
            assert (ours.status_code, ours.data) == (theirs.status_code, theirs.data), (address, tag)
            assert headers_of(ours) == headers_of(theirs), (address, tag)
            assert ours.status_code == 304
        changed = stored.get(address, headers={"Accept-Encoding": accepted, "If-None-Match": '"other"'})
        assert (changed.status_code, changed.data) == (200, first.data)
    assert passed == []
    assert tagged > 40


def test_every_page_that_a_page_leads_to_is_stored_or_has_no_end(town: Town, both: tuple[FlaskClient, list[str], FlaskClient]) -> None:
    _, _, rendered = both
    known = set(pagestore.read(town.made.folder).answers)
    for address in addresses(town):
        for found in crawl.leads(rendered.get(address)):
            path, _, query = found.partition("?")
            answer = rendered.get(found)
            assert (path, crawl.in_order(query)) in known or answer.status_code in (301, 302, 308), found
    assert town.made.failed == ()


def test_the_same_state_is_one_page_whatever_the_order_of_its_address(both: tuple[FlaskClient, list[str], FlaskClient], town: Town) -> None:
    stored, passed, rendered = both
    state = ["inddeling=square", "periode=2010", f"udgave={town.edition.id}"]
    pages = {client.get("/kort/tryg?" + "&".join(order)).data for order in (state, state[::-1]) for client in (stored, rendered)}
    assert len(pages) == 1
    assert passed == []


# --- what goes to Flask -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404), ("/kort", 308), ("/kort/tryg/", 404), ("/?udgave=0123456789abcdef", 410), ("/?periode=2010", 200),
        ("/omraader?q=intet", 200), ("//", 308), ("/om/../om", 404), ("/OM", 404), ("/om?", 200), ("/om?&", 200), ("/healthz", 200),
        ("/om%3Fudgave", 404), ("/api/v1/areas", 200), ("/kort/tryg?periode=2010&periode=2011", 200),
    ],
)  # fmt: skip
def test_an_address_that_is_not_stored_gets_flasks_answer(both: tuple[FlaskClient, list[str], FlaskClient], path: str, status: int) -> None:
    stored, _, rendered = both
    ours, theirs = stored.get(path), rendered.get(path)
    assert ours.status_code == theirs.status_code == status
    if path != "/healthz":
        assert (ours.data, headers_of(ours)) == (theirs.data, headers_of(theirs))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_flasks(both: tuple[FlaskClient, list[str], FlaskClient], method: str) -> None:
    stored, passed, rendered = both
    ours, theirs = stored.open("/om", method=method), rendered.open("/om", method=method)
    assert (ours.status_code, ours.data) == (theirs.status_code, theirs.data)
    assert passed == ["/om"]


@pytest.mark.parametrize(
    "asked",
    [
        {"Range": "bytes=0-9"}, {"Range": "bytes=9999999-"}, {"If-Match": '"x"'}, {"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"},
        {"If-Modified-Since": "Sat, 01 Jan 2050 00:00:00 GMT"}, {"Range": "bytes=0-9", "If-Range": '"x"'},
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/om", "/static/leaflet/1.9.4.2/leaflet.css"])
def test_conditions_that_are_rare_are_flasks(both: tuple[FlaskClient, list[str], FlaskClient], path: str, asked: dict[str, str]) -> None:
    stored, passed, rendered = both
    ours, theirs = stored.get(path, headers=asked), rendered.get(path, headers=asked)
    assert (ours.status_code, ours.data, headers_of(ours)) == (theirs.status_code, theirs.data, headers_of(theirs))
    assert passed == [path]


def test_who_has_a_cookie_of_ours_is_answered_by_flask_and_nobody_else(town: Town) -> None:
    app, passed = stored_app(town.settings)
    client = app.test_client(use_cookies=False)
    for cookie in (
        "__Host-omraadekort=1",
        "a=b; __Host-omraadekort=1",
        '__Host-omraadekort="1',
        "__Host-omraadekort=",
        "a=__Host-omraadekort",
    ):
        client.get("/om", headers={"Cookie": cookie})
    assert passed == ["/om"] * 5
    for cookie in ("analytics=1", "omraadekort=1", "", "; ;", "=\x00"):
        assert client.get("/om", headers={"Cookie": cookie}).status_code == 200
    assert passed == ["/om"] * 5


def test_another_name_than_ours_is_refused_as_flask_does(both: tuple[FlaskClient, list[str], FlaskClient]) -> None:
    stored, passed, rendered = both
    for host in ("evil.example", "localhost.evil.example", "", "localhost:80:80", "127.0.0.1@evil.example", "[::2]"):
        ours, theirs = stored.get("/om", headers={"Host": host}), rendered.get("/om", headers={"Host": host})
        assert (ours.status_code, ours.data) == (theirs.status_code, theirs.data), host
    assert passed == ["/om"] * 6
    assert (
        stored.get("/om", headers={"Host": "LocalHost:8000"}).status_code
        == rendered.get("/om", headers={"Host": "LocalHost:8000"}).status_code
    )


def test_behind_our_proxy_the_store_sees_the_name_and_the_scheme_that_were_asked_for(own: Settings) -> None:
    settings = replace(own, proxies=1, allowed_hosts=("kort.example",))
    storing.make(settings)
    stored, passed = stored_app(settings)
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "kort.example", "X-Forwarded-For": "192.0.2.1"}
    ours, theirs = (app.test_client().get("/om", headers=told) for app in (stored, create_app(settings)))
    assert (ours.status_code, ours.data, headers_of(ours)) == (200, theirs.data, headers_of(theirs))
    assert "Strict-Transport-Security" in ours.headers
    assert passed == []
    assert stored.test_client().get("/om").status_code == 400


def test_a_page_beneath_another_path_is_rendered_with_its_own_addresses(town: Town) -> None:
    app, passed = stored_app(town.settings)
    answer = app.test_client().get("/om", base_url="http://localhost/kort-server")
    assert 'href="/kort-server/data"' in answer.text
    assert passed == ["/om"]


@pytest.mark.parametrize("accepted", ["gzip;q=0, br;q=0", "gzip;q=x", ";;;", "*;q=0", "BR;Q=0", "zstd", "br" * 5000, "gzip;q=-1", "\xff"])
def test_an_odd_wish_for_an_encoding_gives_the_page_as_it_is(both: tuple[FlaskClient, list[str], FlaskClient], accepted: str) -> None:
    stored, passed, rendered = both
    answer = stored.get("/om", headers={"Accept-Encoding": accepted})
    assert plain(answer) == rendered.get("/om").data
    assert "Content-Encoding" not in answer.headers or accepted in ("gzip;q=x", "gzip;q=-1")
    assert passed == []


# --- when there is no store -------------------------------------------------------------------------------------------


def test_without_a_store_pages_are_rendered_and_it_is_said_once(own: Settings, caplog: pytest.LogCaptureFixture) -> None:
    app, passed = stored_app(own)
    client = app.test_client()
    assert [client.get("/om").status_code for _ in range(3)] == [200] * 3
    assert passed == ["/om"] * 3
    assert [record.message for record in caplog.records if "rendered for each request" in record.message] != []
    assert client.get("/healthz").get_json()["pages"] == "rendered"


def test_without_an_edition_the_answer_is_flasks(tmp_path: Path) -> None:
    app, _ = stored_app(Settings(workspace=tmp_path))
    assert app.test_client().get("/om").status_code == 503


@pytest.mark.parametrize("file", ["bodies", "index"])
@pytest.mark.parametrize("harm", ["cut", "changed", "gone", "empty"])
def test_a_damaged_store_is_not_used(own: Settings, file: str, harm: str, caplog: pytest.LogCaptureFixture) -> None:
    path = storing.make(own).folder / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    harmed = {"cut": path.read_bytes()[:-1], "changed": bytes(content), "empty": b""}
    path.unlink()
    if harm in harmed:
        path.write_bytes(harmed[harm])
    with pytest.raises(StoreError):
        pagestore.read(path.parent)
    app, passed = stored_app(own)
    assert app.test_client().get("/om").status_code == 200
    assert passed == ["/om"]
    assert "rendered for each request" in caplog.text


def test_a_store_that_is_made_later_is_taken_into_use(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_LOOK_AGAIN", 0.0)
    app, passed = stored_app(own)
    client = app.test_client()
    client.get("/om")
    storing.make(own)
    client.get("/om")
    assert passed == ["/om"]
    assert client.get("/healthz").get_json()["pages"] == "stored"


# --- what a store is made for -----------------------------------------------------------------------------------------


def test_another_template_setting_or_edition_is_another_store(own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = pagestore.folder(own, "a")
    code = tmp_path / "webmap"
    (code / "templates").mkdir(parents=True)
    (code / "templates" / "start.html").write_text("1")
    monkeypatch.setattr(pagestore.webmap, "__path__", [str(code)])
    pagestore.fingerprint.cache_clear()
    first = pagestore.folder(own, "a")
    (code / "templates" / "start.html").write_text("2")
    pagestore.fingerprint.cache_clear()
    second = pagestore.folder(own, "a")
    tiles = pagestore.folder(replace(own, tile_url="https://t/{z}/{x}/{y}.png", tile_attribution="T"), "a")
    assert len({before, first, second, tiles, pagestore.folder(own, "b")}) == 5
    pagestore.fingerprint.cache_clear()


def test_a_store_can_be_made_before_its_edition_is_current_and_changes_over_with_it(own: Settings) -> None:
    first = store.current(own.editions)
    storing.make(own)
    second = webtown.publish(own.editions, as_of=dt.date(2021, 1, 1)).id
    store.point(own.editions, first)
    app, passed = stored_app(own)
    client = app.test_client()
    assert first in client.get("/").text
    storing.make(own, second)
    assert first in client.get("/").text
    store.point(own.editions, second)
    assert second in client.get("/").text
    assert passed == []
    old = client.get(f"/om?udgave={first}")
    assert (old.status_code, "ældre udgave" in old.text) == (200, True)
    assert passed == ["/om"]


def test_while_the_edition_changes_every_answer_is_of_one_edition(own: Settings) -> None:
    ids = [store.current(own.editions), webtown.publish(own.editions, as_of=dt.date(2021, 1, 1)).id]
    for edition in ids:
        storing.make(own, edition)
    app, _ = stored_app(own)
    seen: list[set[str]] = []
    stop = threading.Event()

    def read() -> None:
        client = app.test_client()
        while not stop.is_set():
            answer = client.get("/kort/tryg")
            assert answer.status_code == 200
            seen.append({edition for edition in ids if edition in answer.text})

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(40):
        store.point(own.editions, ids[turn % 2])
        wanted = len(seen) + 5
        while len(seen) < wanted and any(thread.is_alive() for thread in threads):
            stop.wait(0.001)
    stop.set()
    for thread in threads:
        thread.join()
    assert {frozenset(one) for one in seen} == {frozenset({ids[0]}), frozenset({ids[1]})}


def test_only_the_newest_stores_are_kept(tmp_path: Path) -> None:
    one = Answer(("/", ""), "200 OK", (Variant("", (("A", "b"),), b"x"),))
    for number in range(5):
        pagestore.write(tmp_path / f"e{number}-f", f"e{number}", iter([one]))
    pagestore.tidy(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e2-f", "e3-f", "e4-f"]


def test_a_store_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    def broken() -> Iterator[Answer]:
        yield Answer(("/", ""), "200 OK", (Variant("", (), b"x"),))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        pagestore.write(tmp_path / "e-f", "e", broken())
    assert list(tmp_path.iterdir()) == []


# --- finding the addresses --------------------------------------------------------------------------------------------


def test_nothing_without_an_end_is_stored(town: Town) -> None:
    assert not [address for address in addresses(town) if any(f"{name}=" in address for name in crawl.ENDLESS) or "/hent/" in address]
    assert {"/", "/en/", "/kort/tryg", "/en/kort/tryg", "/om", "/data", "/omraade/square/0102"} <= set(addresses(town))


def test_an_answer_for_one_reader_alone_is_never_stored(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(own)
    marks = {"/om": ("Cache-Control", "private"), "/data": ("Cache-Control", "no-store"), "/hotspots": ("Set-Cookie", "a=b")}

    @app.after_request
    def mark(answer: TestResponse) -> TestResponse:
        if request.path in marks:
            answer.headers[marks[request.path][0]] = marks[request.path][1]
        return answer

    monkeypatch.setattr(storing, "create_app", lambda _settings: app)
    stored = {path for path, _ in pagestore.read(storing.make(own).folder).answers}
    assert "/tilgaengelighed" in stored
    assert stored & set(marks) == set()


def test_the_crawl_stops_at_its_limit(own: Settings) -> None:
    assert storing.make(own, most=7).pages == 7


# --- over the wire ----------------------------------------------------------------------------------------------------


def test_paths_with_tricks_over_the_wire_say_what_flask_says(town: Town) -> None:
    app, _ = stored_app(town.settings)
    tricks = ("//om", "/om//", "/%6fm", "/om%2f", "/./om", "/om%00", "/%2e%2e/om", "/om;x=1", "/om%3f", "/om?%00", "/%c3%b8m", "/%f8m")
    with listening(app) as stored, listening(create_app(town.settings)) as rendered:
        for trick in tricks:
            answers = [raw(address, trick) for address in (stored, rendered)]
            assert answers[0] == answers[1], trick
        assert raw(stored, "/%6fm")[0] == 200


def raw(address: str, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
