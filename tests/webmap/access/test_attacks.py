"""Attempts to read or do what is not one's own: addresses, ids, the API, caches, ETags, redirects, host names, floods."""

from __future__ import annotations

import builtins
import datetime as dt
import io
import os
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo.editions.edition import current, point
from geo.model.vocabulary import Audience
from tests.readers import resigned
from tests.readers.signed import access_of, cookie, holds, sign_in, ssp, staff, token
from tests.towns import webtown
from webmap.access import Role
from webmap.access.pages import safe
from webmap.app import create_app
from webmap.edition import chosen
from webmap.settings import Settings

STAFF_FIGURE, SSP_FIGURE = (f"{webtown.INSIDE[part]:.0f}" for part in (Audience.STAFF, Audience.SSP))


@pytest.fixture
def edition(tmp_path: Path, app: Flask) -> str:
    assert app
    return current(tmp_path / "editions")


def readers(app: Flask) -> dict[str, FlaskClient]:
    """Everybody who may not read staff's figures now, though some could as another audience."""
    return {
        "public": app.test_client(),
        "ssp": ssp(app),
        "admin": sign_in(app, Role.ADMIN, name="olga"),
        "staff without purpose": sign_in(app, Role.STAFF, name="per"),
        "both, as ssp": sign_in(app, Role.STAFF, Role.SSP, audience=Audience.SSP, name="ida"),
    }


# --- whose figures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/kort/tryg?periode=2010", "/omraade/square/0103", "/en/kort/tryg?periode=2010"])
def test_a_page_shows_the_figures_of_the_hat_and_no_others(app: Flask, path: str) -> None:
    assert holds(staff(app).get(path), STAFF_FIGURE)
    assert holds(ssp(app).get(path), SSP_FIGURE)
    assert not holds(staff(app).get(path), SSP_FIGURE)
    for who, client in readers(app).items():
        assert not holds(client.get(path), STAFF_FIGURE), who
    assert not holds(app.test_client().get(path), SSP_FIGURE)


FILES = ("/udgave/{id}/tal/tryg/square.json", "/udgave/{id}/hent/tryg/square.csv", "/udgave/{id}/hent/tryg/square.geojson?periode=2010")


@pytest.mark.parametrize("path", [*FILES, "/en" + FILES[0]])
def test_a_file_is_of_the_part_that_its_address_names_and_only_for_who_looks_with_it(app: Flask, edition: str, path: str) -> None:
    address = path.format(id=edition)
    named = address + ("&" if "?" in address else "?") + "del=staff"
    answer = staff(app).get(named)
    assert holds(answer, STAFF_FIGURE)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers
    for who, client in readers(app).items():
        refused = client.get(named)
        assert refused.status_code in {401, 403}, who
        assert not holds(refused, STAFF_FIGURE)
    plain = [client.get(address).data for client in (staff(app), ssp(app), app.test_client())]
    assert len(set(plain)) == 1  # without a word it is the public one, whoever asks: a shared cache may keep it
    assert not holds(app.test_client().get(address), STAFF_FIGURE)


@pytest.mark.parametrize("resource", ["observations", "observations.csv", "goals", "areas", "indicators", "sources", ""])
def test_the_api_gives_a_part_to_who_looks_with_it(app: Flask, resource: str) -> None:
    own, stranger, other = staff(app), app.test_client(), ssp(app)
    address = f"/api/v1/{resource}"
    assert own.get(address, query_string={"audience": "staff"}).status_code == 200
    assert stranger.get(address, query_string={"audience": "staff"}).status_code == 401
    assert other.get(address, query_string={"audience": "staff"}).status_code == 403
    assert own.get(address, query_string={"audience": "STAFF"}).status_code == 400
    assert own.get(address).data == stranger.get(address).data


@pytest.mark.parametrize("value", ["Staff", "staff,public", "", "staff\0", "../staff", "ssp/../staff", "admin", "x" * 5000])
def test_a_part_that_is_none_is_refused(app: Flask, edition: str, value: str) -> None:
    answer = staff(app).get(f"/udgave/{edition}/tal/tryg/square.json", query_string={"del": value})
    assert answer.status_code == 400


def test_no_file_of_another_part_is_opened(app: Flask, edition: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    spy(monkeypatch, opened)
    chosen._read.cache_clear()
    clients = {"public": app.test_client(), "staff": staff(app), "ssp": ssp(app), "public ": sign_in(app, Role.STAFF, Role.SSP, Role.ADMIN)}
    files = [path.format(id=edition) for path in FILES]
    pages = ["/", "/kort/tryg", "/omraade/square/0103", "/maal/5", "/data", "/om", "/api/v1/observations", "/udgivelse", "/ssp", *files]
    forced = [
        f"{path}{'&' if '?' in path else '?'}{word}" for path in (*files, "/api/v1/observations") for word in ("del=staff", "del=ssp")
    ]
    forced += [f"/api/v1/observations?audience={part}" for part in ("staff", "ssp")]
    for own, client in clients.items():
        opened.clear()
        chosen._read.cache_clear()
        for path in (*pages, *forced):
            client.get(path)
        parts = {name for name in ("public", "staff", "ssp") if any(f"/{edition}/{name}/" in path for path in opened)}
        assert own.strip() in parts
        assert parts <= {"public", own.strip()}, own


def spy(monkeypatch: pytest.MonkeyPatch, opened: list[str]) -> None:
    """Note every file that Python or Arrow opens."""

    def noting(real: Any) -> Any:
        def call(path: Any, *rest: Any, **more: Any) -> Any:
            opened.append(str(path))
            return real(path, *rest, **more)

        return call

    for module, name in ((builtins, "open"), (io, "open"), (os, "open"), (pq, "read_table")):
        monkeypatch.setattr(module, name, noting(getattr(module, name)))


# --- caches -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/kort/tryg", "/omraade/square/0103", "/om", "/data", "/nowhere", "/ssp", "/log-ud", "/tilgaengelighed"]
)
def test_what_somebody_signed_in_is_sent_stays_in_no_cache(app: Flask, path: str) -> None:
    for client in (staff(app), ssp(app), sign_in(app, Role.ADMIN, name="olga")):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "private, no-store", path
        assert "ETag" not in answer.headers
        assert "Cookie" in answer.headers["Vary"]
    assert "Cookie" in app.test_client().get(path).headers["Vary"]


@pytest.mark.parametrize("path", ["/kort/tryg?periode=2010", "/omraade/square/0103", "/api/v1/observations"])
def test_an_etag_of_another_reader_answers_nothing(app: Flask, path: str) -> None:
    public = app.test_client().get(path)
    own = staff(app).get(path, headers={"If-None-Match": public.headers["ETag"]})
    if not path.startswith("/api/"):
        assert own.status_code == 200
        assert holds(own, STAFF_FIGURE)
    named = staff(app).get("/api/v1/observations?audience=staff", headers={"If-None-Match": public.headers["ETag"]})
    assert named.status_code == 200
    assert holds(named, STAFF_FIGURE)
    for guess in ("*", f'W/"{current(access_of(app).folder.parent / "editions")}-v1"'):
        answer = app.test_client().get("/api/v1/observations?audience=staff", headers={"If-None-Match": guess})
        assert answer.status_code == 401


def test_nothing_public_carries_a_cookie(app: Flask, edition: str) -> None:
    for client in (app.test_client(), staff(app)):
        for path in (f"/udgave/{edition}/kort/square.js", FILES[0].format(id=edition), "/api/v1/areas", "/static/omraadekort.css"):
            answer = client.get(path)
            assert "Set-Cookie" not in answer.headers
            assert "public" in answer.headers["Cache-Control"]


# --- ways in ----------------------------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "/\tevil", "/%09/evil.example", "https:evil.example", "javascript:alert(1)", "data:text/html,x", " //evil.example",
    "/ /evil.example", "/kort//evil", "/.//evil.example", "/\n/evil", "", "evil", "?next=/", "#x", "/log-ud", "/en/log-ud", "/log-ind",
    "/formaal", "/nowhere", "/kort/tryg\r\nSet-Cookie: x=1", "/" + "a" * 3000, "/ø", "/kort/\u2028", "http:///evil.example",
    "/@evil.example", "/;@evil.example", "//localhost@evil.example", "/[//evil",
]  # fmt: skip


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_signing_in(app: Flask, wanted: str) -> None:
    with app.test_request_context("/log-ind"):
        assert safe(wanted, "/") == "/"
    client = ssp(app)
    fields = {"csrf": token(client.get("/om")), "rolle": "public", "next": wanted}
    assert client.post("/formaal", data=fields).headers["Location"] == "/"
    assert client.get("/log-ind", query_string={"next": wanted}).headers["Location"] == "/"


@pytest.mark.parametrize("wanted", ["/", "/en/", "/kort/tryg?periode=2010&omraade=0103", "/en/kort/tryg", "/ssp", "/omraade/square/0103"])
def test_a_page_of_ours_is_gone_back_to(app: Flask, wanted: str) -> None:
    with app.test_request_context("/log-ind"):
        assert safe(wanted, "/nix") == wanted


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::1]:8000", "localhost@evil.example", "169.254.1.1"]
)
def test_another_host_name_is_refused(app: Flask, host: str) -> None:
    for path in ("/", "/log-ind", "/api/v1/areas", "/healthz", "/static/omraadekort.css", "/nowhere"):
        answer = app.test_client().get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.get_data(as_text=True)
        assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:5000"])
def test_our_own_names_are_answered_to(app: Flask, host: str) -> None:
    assert app.test_client().get("/om", headers={"Host": host}).status_code == 200


def test_forwarded_headers_are_believed_only_from_a_proxy_of_ours(tmp_path: Path) -> None:
    webtown.publish(tmp_path / "editions")
    told = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.9"}
    plain = create_app(Settings(workspace=tmp_path)).test_client().get("/om", headers=told)
    assert plain.status_code == 200
    assert "Strict-Transport-Security" not in plain.headers
    behind = create_app(Settings(workspace=tmp_path, proxies=1, allowed_hosts=("kort.example.dk",))).test_client()
    assert behind.get("/om", headers=told).status_code == 400
    good = behind.get("/om", headers={**told, "X-Forwarded-Host": "kort.example.dk"})
    assert good.status_code == 200
    assert good.headers["Strict-Transport-Security"].startswith("max-age=")


# --- the right to publish, and the headers of all ---------------------------------------------------------------------


@pytest.mark.parametrize("roles", [(), (Role.STAFF,), (Role.SSP,), (Role.STAFF, Role.SSP)])
def test_only_who_may_publish_does(app: Flask, edition: str, tmp_path: Path, roles: tuple[Role, ...]) -> None:
    newer = webtown.publish(tmp_path / "editions", as_of=dt.date(2021, 1, 1)).id
    client = sign_in(app, *roles) if roles else app.test_client()
    form = {"csrf": token(client.get("/om")) if roles else "", "udgave": edition}
    assert client.post("/udgivelse", data=form).status_code in {401, 403}
    assert current(tmp_path / "editions") == newer
    olga = sign_in(app, Role.ADMIN, name="olga")
    assert newer in olga.get("/udgivelse").get_data(as_text=True)
    form = {"csrf": token(olga.get("/udgivelse"))}
    for wrong in ("", "nix", "../x", newer.upper() + "x"):
        assert olga.post("/udgivelse", data={**form, "udgave": wrong}).status_code == 404
    assert olga.post("/udgivelse", data={**form, "udgave": edition}).status_code == 302
    assert current(tmp_path / "editions") == edition


@pytest.mark.parametrize("harm", ["damaged", "another format"])
def test_what_cannot_be_shown_is_listed_so_and_not_published(app: Flask, edition: str, tmp_path: Path, harm: str) -> None:
    editions = tmp_path / "editions"
    other = webtown.publish(editions, as_of=dt.date(2021, 1, 1)).id
    point(editions, edition)
    if harm == "damaged":
        (editions / other / "ssp" / "hidden.json").write_text("[]")
    else:
        other = resigned.of_format(editions / other, 1).name
    olga = sign_in(app, Role.ADMIN, name="olga")
    page = olga.get("/udgivelse")
    assert page.status_code == 200
    assert page.get_data(as_text=True).count("kan ikke vises") == 1
    assert f'value="{other}"' not in page.get_data(as_text=True)
    answer = olga.post("/udgivelse", data={"csrf": token(page), "udgave": other})
    assert answer.status_code == 409
    assert "Alle ser stadig den samme udgave som før" in answer.get_data(as_text=True)
    assert current(editions) == edition
    assert olga.get("/").status_code == 200


def test_every_answer_to_everybody_has_the_headers(app: Flask) -> None:
    for client in (app.test_client(), staff(app)):
        for path in ("/", "/log-ind", "/log-ud", "/formaal", "/ssp", "/udgivelse", "/nowhere", "/api/v1/areas", "/log-ind/retur"):
            answer = client.get(path)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert "Server-Timing" not in answer.headers
    assert cookie(app.test_client()) == ""
