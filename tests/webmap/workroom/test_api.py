"""The workroom by JSON: the same way as in the browser, the same people, the same refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo.editions import edition
from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience
from tests.readers.signed import sign_in, staff
from tests.towns.drafttown import NEW, app_of, data_person, draft_of, work, write
from webmap.access import Role

API = "/api/v1/drafts"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return write(tmp_path)


@pytest.fixture
def app(place: Workspace) -> Flask:
    return app_of(place)


@pytest.fixture
def dana(app: Flask) -> FlaskClient:
    return data_person(app)


def post(client: FlaskClient, path: str, said: Any = None, *, method: str = "POST", **more: Any) -> TestResponse:
    token = client.get(API).headers.get("X-CSRF-Token", "")
    return client.open(f"{API}{path}", method=method, headers={"X-CSRF-Token": token}, **({"json": said} if said is not None else more))


def test_the_whole_way(dana: FlaskClient, place: Workspace) -> None:
    begun = post(dana, "", {"title": "Ny måling"})
    assert begun.status_code == 201
    own = begun.get_json()["id"]
    work(place, own)
    before = edition.current(place.editions)
    assert post(dana, f"/{own}/files?name=tal.csv", data=NEW.encode(), content_type="application/octet-stream").status_code == 201
    assert post(dana, f"/{own}/work", {"kind": "rehearse"}).status_code == 202
    told = dana.get(f"{API}/{own}").get_json()
    assert told["work"] == {
        "working": True, "said": "Venter på at komme til", "step": "", "share": None, "ended": "Venter på at komme til.",
    }  # fmt: skip
    assert work(place, own).ready
    changes = dana.get(f"{API}/{own}/changes").get_json()
    assert [(figure["area_id"], figure["kind"], figure["now"]["value"]) for figure in changes["figures"]] == [("0104", "new", 90)]
    assert post(dana, f"/{own}/signature", {"reason": "Set", "contents": "0" * 64}).status_code == 409
    assert post(dana, f"/{own}/signature", {"reason": "Set", "contents": draft_of(place, own).contents}).status_code == 201
    assert post(dana, f"/{own}/work", {"kind": "publish", "reason": "Målingen"}).status_code == 202
    assert work(place, own).published == 1
    assert edition.current(place.editions) != before
    [made] = dana.get(f"{API}/publications").get_json()
    assert (made["number"], made["reason"]) == (1, "Målingen")
    assert post(dana, f"/{own}/roll-back", {"reason": "Forkert"}).status_code == 202
    work(place, own)
    assert edition.current(place.editions) == before
    assert [draft["standing"] for draft in dana.get(f"{API}?lang=en").get_json()] == ["Published as no. 1 and rolled back as no. 2."]


def test_a_proposal_is_made_seen_and_taken_out(dana: FlaskClient, place: Workspace) -> None:
    own = post(dana, "", {"title": "Navne"}).get_json()["id"]
    work(place, own)
    forms = dana.get(f"{API}/{own}/forms").get_json()
    assert {"indicator", "source", "goal", "list", "plan", "hotspot", "rule"} <= {form["kind"] for form in forms["forms"]}
    said = {"proposal": {"kind": "indicator", "id": "tryg", "values": {"name.da": ["Trygge nu"]}, "partial": True}}
    assert post(dana, f"/{own}/entries", said).status_code == 202
    [entry] = work(place, own).entries
    assert entry.outcome is not None
    assert entry.outcome.state == "written"
    told = dana.get(f"{API}/{own}").get_json()
    assert list(told["marks"]) == [entry.id]
    assert post(dana, f"/{own}/items/{entry.id}", method="DELETE").status_code == 202
    assert work(place, own).entries == ()
    assert dana.get(f"{API}/catalogue-history").get_json() == []


@pytest.mark.parametrize(
    ("path", "said", "status", "words"),
    [
        ("/{}/work", {"kind": "dance"}, 400, "not a known kind of work"),
        ("/{}/work", {}, 400, "missing required field"),
        ("/{}/work", {"kind": "publish", "reason": "x"}, 409, "Kladden er ikke prøvet."),
        ("/{}/work", {"kind": "publish"}, 409, "Skriv hvorfor."),
        ("/{}/signature", {"reason": "x"}, 400, "missing required field"),
        ("/{}/roll-back", {"reason": "x"}, 409, "Der er ingen udgivelse at rulle tilbage"),
        ("/{}/files/9", {"answers": {}}, 404, "no such file"),
        ("/{}/files/9", {"kind": "poems"}, 400, "Invalid enum value"),
        ("/000000000000/work", {"kind": "read"}, 404, "no such draft"),
        ("", {"title": " "}, 409, "Kladden mangler et navn."),
    ],
)
def test_what_is_refused_is_said_in_the_one_shape(place: Workspace, path: str, said: dict[str, Any], status: int, words: str) -> None:
    dana = data_person(app_of(place))
    own = post(dana, "", {"title": "x"}).get_json()["id"]
    work(place, own)
    answer = post(dana, path.format(own), said)
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert words in answer.get_json()["error"]["message"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_nobody_else_comes_in_and_no_page_of_another_site_writes(app: Flask, dana: FlaskClient, place: Workspace) -> None:
    own = post(dana, "", {"title": "x"}).get_json()["id"]
    work(place, own)
    paths = ("", f"/{own}", f"/{own}/changes", f"/{own}/forms", "/publications", "/catalogue-history")
    for path in paths:
        assert app.test_client().get(API + path).status_code == 401
        for other in (staff(app), sign_in(app, Role.ADMIN)):
            assert other.get(API + path).status_code == 403
    assert dana.post(API, json={"title": "x"}).status_code == 400
    token = dana.get(API).headers["X-CSRF-Token"]
    assert dana.post(API, json={"title": "x"}, headers={"X-CSRF-Token": token, "Origin": "https://evil.example"}).status_code == 400
    assert dana.post(API, json={"title": "x"}, headers={"X-CSRF-Token": token, "Sec-Fetch-Site": "cross-site"}).status_code == 400


def test_figures_of_an_audience_are_given_to_who_may_read_them(app: Flask, dana: FlaskClient, place: Workspace) -> None:
    own = post(dana, "", {"title": "x"}).get_json()["id"]
    work(place, own)
    post(dana, f"/{own}/files?name=tal.csv", data=NEW.encode())
    post(dana, f"/{own}/work", {"kind": "rehearse"})
    work(place, own)
    assert draft_of(place, own).ready
    assert dana.get(f"{API}/{own}/changes?audience=staff").status_code == 200
    assert dana.get(f"{API}/{own}/changes?audience=ssp").status_code == 403
    both = sign_in(app, Role.DATA, Role.SSP, audience=Audience.SSP, purpose="indsats", name="bo")
    assert both.get(f"{API}/{own}/changes?audience=ssp").status_code == 200


DEEP = '{"a":' * 20_000 + "1" + "}" * 20_000


def test_json_that_is_nested_without_end_is_a_bad_body(dana: FlaskClient) -> None:
    own = post(dana, "", {"title": "Ny"}).get_json()["id"]
    for path in ("", *(f"/{own}/{part}" for part in ("files/1", "entries", "work", "signature", "roll-back"))):
        for body in (DEEP, "[" * 100_000, '{"title":' + DEEP, '{"title":' + "[" * 50_000):
            answer = post(dana, path, data=body, content_type="application/json")
            assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "bad_body")


def test_words_that_nobody_sees_are_neither_a_title_nor_a_reason(dana: FlaskClient, place: Workspace) -> None:
    own = post(dana, "", {"title": "Ny\x00 \u202emåling"}).get_json()["id"]
    assert draft_of(place, own).title == "Ny måling"
    work(place, own)
    post(dana, f"/{own}/files?name=tal.csv", data=NEW.encode(), content_type="application/octet-stream")
    post(dana, f"/{own}/work", {"kind": "rehearse"})
    contents = work(place, own).contents
    for words in ("\x00", "\u200b", " \u202e \u2069", "\x7f"):
        assert post(dana, "", {"title": words}).status_code == 409
        refused = post(dana, f"/{own}/signature", {"reason": words, "contents": contents})
        assert (refused.status_code, refused.get_json()["error"]["where"]) == (409, "reason")
