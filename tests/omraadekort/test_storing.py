"""The store itself: missing, damaged, made for another program, changed over while people read; what is never in it."""

from __future__ import annotations

import datetime as dt
import http.client
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import request
from werkzeug.test import TestResponse

from geo.editions import edition as store
from geo.files import durable
from omraadekort import storing
from tests.readers.browser import serving as listening
from tests.towns import storedtown, webtown
from tests.towns.storedtown import Town, addresses, stored_app
from webmap.app import create_app
from webmap.serving import pagestore, stored
from webmap.serving.pagestore import StoreError, Variant, Variants
from webmap.settings import Settings


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return storedtown.store(tmp_path_factory.mktemp("stored"))


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """A town whose files a test may change; nothing is stored yet."""
    return storedtown.publish(tmp_path)


@pytest.fixture
def kept(town: Town, tmp_path: Path) -> Town:
    """A town with its pages stored, whose files a test may change."""
    return storedtown.copied(town, tmp_path / "var")


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
def test_a_damaged_store_is_not_used(kept: Town, file: str, harm: str, caplog: pytest.LogCaptureFixture) -> None:
    path = kept.made.folder / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    harmed = {"cut": path.read_bytes()[:-1], "changed": bytes(content), "empty": b""}
    path.unlink()
    if harm in harmed:
        path.write_bytes(harmed[harm])
    with pytest.raises(StoreError):
        pagestore.read(path.parent)
    app, passed = stored_app(kept.settings)
    assert app.test_client().get("/om").status_code == 200
    assert passed == ["/om"]
    assert "rendered for each request" in caplog.text


def test_a_store_that_is_made_later_is_taken_into_use(kept: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_LOOK_AGAIN", 0.0)
    aside = kept.made.folder.rename(tmp_path / "aside")
    app, passed = stored_app(kept.settings)
    client = app.test_client()
    client.get("/om")
    aside.rename(kept.made.folder)  # as a store appears: whole, in one step
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


def test_a_workspace_that_is_named_otherwise_is_the_same_one(own: Settings) -> None:
    one, other = (pagestore.folder(replace(own, workspace=path), "a") for path in (Path("var"), Path("var").resolve()))
    assert one.resolve() == other


def test_a_store_can_be_made_before_its_edition_is_current_and_changes_over_with_it(kept: Town) -> None:
    own, first = kept.settings, kept.edition.id
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


def test_while_the_edition_changes_every_answer_is_of_one_edition(kept: Town) -> None:
    own = kept.settings
    ids = [kept.edition.id, webtown.publish(own.editions, as_of=dt.date(2021, 1, 1)).id]
    storing.make(own, ids[1])
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
    one = Variants(("/", ""), "200 OK", (Variant("", (("A", "b"),), b"x"),))
    for number in range(5):
        pagestore.write(tmp_path / f"e{number}-f", f"e{number}", iter([one]))
    pagestore.tidy(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e2-f", "e3-f", "e4-f"]


def test_a_store_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    def broken() -> Iterator[Variants]:
        yield Variants(("/", ""), "200 OK", (Variant("", (), b"x"),))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        pagestore.write(tmp_path / "e-f", "e", broken())
    assert list(tmp_path.iterdir()) == []


# --- finding the addresses --------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_in_words_and_leaves_the_store_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = Variants(("/", ""), "200 OK", (Variant("", (), b"x"),))
    pagestore.write(tmp_path / "e-f", "e", iter([one]))

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable.os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        pagestore.write(tmp_path / "e-f", "e", iter([one, one]))
    assert [path.name for path in tmp_path.iterdir()] == ["e-f"]
    assert len(pagestore.read(tmp_path / "e-f").answers) == 1


def test_nothing_without_an_end_is_stored(town: Town) -> None:
    without = re.compile(r"omraade=|sorter=|tvivl=|farver=|[?&]q=|next=|/hent/|/kilde/|/api/|log-ind")
    assert not [address for address in addresses(town) if without.search(address)]
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
