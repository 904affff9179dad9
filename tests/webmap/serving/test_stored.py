"""Stored pages: what the store says is what Flask would have said, byte for byte; what it cannot know for certain goes to Flask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from omraadekort import crawl, storing
from tests.towns import storedtown
from tests.towns.storedtown import Town, addresses, headers_of, plain, stored_app
from webmap.app import create_app
from webmap.serving import pagestore
from webmap.settings import Settings

ACCEPTED = ("", "identity", "gzip", "br", "gzip, deflate, br, zstd", "br;q=0.5, gzip;q=0.8")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return storedtown.store(tmp_path_factory.mktemp("stored"))


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """A town whose files a test may change; nothing is stored yet."""
    return storedtown.publish(tmp_path)


@pytest.fixture
def both(town: Town) -> tuple[FlaskClient, list[str], FlaskClient]:
    """A client of the stored pages, what they left to Flask, and a client of Flask alone."""
    app, passed = stored_app(town.settings)
    return app.test_client(), passed, create_app(town.settings).test_client()


# --- the contract -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accepted", ACCEPTED)
def test_a_stored_answer_is_the_rendered_one(town: Town, both: tuple[FlaskClient, list[str], FlaskClient], accepted: str) -> None:
    stored, passed, rendered = both
    asked = {"Accept-Encoding": accepted}
    same = {"Accept-Encoding": accepted.removesuffix(", zstd")}  # zstd is quick to make, so only what is rendered comes as that
    for address in addresses(town):
        ours, theirs = stored.get(address, headers=asked), rendered.get(address, headers=same)
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
    led_to = {found for address in addresses(town) for found in crawl.leads(rendered.get(address))}
    for found in led_to:
        path, _, query = found.partition("?")
        assert (path, pagestore.in_order(query)) in known or rendered.get(found).status_code in (301, 302, 308), found
    assert town.made.failed == ()


def test_all_periods_of_an_indicator_are_stored_and_pairs_of_maps_are_not(town: Town) -> None:
    stored = {path for path, _ in pagestore.read(town.made.folder).answers}
    assert {"/kort/tryg/perioder", "/en/kort/tryg/perioder"} <= stored
    assert not [path for path in stored if "sammenlign" in path]


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
