"""Signed reviews on public pages: nothing before it is released, then what was signed and no person's name, and with the next edition."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo.editions import edition as editions
from geo.files import tomlfile
from geo.model.efforts.signed import SignedReview
from tests.readers.parsed import parse
from tests.readers.parsed import words as text_of
from tests.readers.reviewforms import sign_all
from tests.readers.signed import sign_in, staff, token
from tests.towns import webtown
from tests.towns.reviewtown import PLAN, ROUND, address, page_id, room, save
from tests.towns.reviewtown import sign_all as sign_below
from webmap.access import Role
from webmap.app import create_app
from webmap.reviews.store import database, releasing, rounds
from webmap.settings import Settings

WORDS = {"note": "Beboerne er flyttet.", "decision": "Fortsæt <b>planen</b>", "owner": "Socialforvaltningen", "due": "2026-12-31"}
STEP = {"actions__a__text": "Nyt møde\nmed alle", "actions__a__status": "planned", "actions__a__due": "2026-12-01"}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    (tmp_path / "data").mkdir()
    made = room(tmp_path)
    save(address(made), page_id(address(made), "plan-a"), 1, who="dorte", **WORDS, **STEP)
    return made


def asked(client: FlaskClient, page: str, **more: str) -> TestResponse:
    return client.post(f"{ROUND}/frigiv", data={"csrf": token(client.get(ROUND)), "page": page, **more})


def written(app: Flask) -> tuple[SignedReview, ...]:
    file = app.extensions["omraadekort"].workspace / "data" / "reviews.toml"
    if not file.exists():
        return ()
    entries, problems = tomlfile.entries(tomllib.loads(file.read_text(encoding="utf-8")), "review", SignedReview, file="data/reviews.toml")
    assert problems == []
    return entries


def test_only_what_is_signed_and_released_is_written_and_it_names_no_signer(app: Flask) -> None:
    own = str(page_id(address(app), "plan-a"))
    assert asked(staff(app), own).status_code == 422  # the round is open
    sign_all(app)
    assert written(app) == ()
    assert asked(staff(app), own).status_code == 303
    (review,) = written(app)
    assert (review.decision, review.assessment, review.due) == (WORDS["decision"], WORDS["note"], "2026-12-31")
    assert review.departments == ("Beskæftigelse", "Social", "Teknik")
    assert review.steps[0].text == "Nyt møde\nmed alle"
    assert review.digest == hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(review, digest=""))).hexdigest()
    with database.reading(address(app)) as session:  # the round's own is also of what the public may not read
        assert review.digest != rounds.find(session, review.period).digest
    said = msgspec.json.encode(review).decode()
    assert not [name for name in ("Anna", "Bo", "Carl", "Dorte", "test:") if name in said]


def test_twice_changes_nothing_and_taken_back_it_is_gone(app: Flask) -> None:
    sign_all(app)
    anna, own = staff(app), str(page_id(address(app), "plan-a"))
    assert "Ansvarlig" in text_of(parse(anna.get(ROUND).get_data(as_text=True)))
    asked(anna, own)
    before = (app.extensions["omraadekort"].workspace / "data" / "reviews.toml").read_bytes()
    asked(anna, own)
    assert (app.extensions["omraadekort"].workspace / "data" / "reviews.toml").read_bytes() == before
    asked(anna, own, back="yes")
    assert written(app) == ()
    assert "Trukket tilbage fra de offentlige sider" in anna.get(f"{PLAN}/historik").get_data(as_text=True)


@pytest.mark.parametrize("page", ["", "nix", "99999", "-1", "\u0661"])
def test_a_page_that_is_none_is_told_and_releases_nothing(app: Flask, page: str) -> None:
    sign_all(app)
    assert asked(staff(app), page).status_code == 404
    assert written(app) == ()


def test_a_page_without_a_decision_and_who_may_only_read_release_nothing(app: Flask) -> None:
    sign_all(app)
    answer = asked(staff(app), str(page_id(address(app), "nord")))
    assert answer.status_code == 422
    assert "ikke noget at frigive" in answer.get_data(as_text=True)
    olga = sign_in(app, Role.ADMIN, name="olga")
    own = str(page_id(address(app), "plan-a"))
    assert olga.post(f"{ROUND}/frigiv", data={"csrf": token(olga.get(ROUND)), "page": own}).status_code == 403
    assert written(app) == ()


def test_without_a_catalogue_it_is_kept_and_said(tmp_path: Path) -> None:
    app = room(tmp_path)
    save(address(app), page_id(address(app), "plan-a"), 1, **WORDS)
    sign_below(address(app))
    answer = asked(staff(app), str(page_id(address(app), "plan-a")))
    assert answer.status_code == 303
    assert "omraadekort reviews release" in staff(app).get(answer.location).get_data(as_text=True)
    with database.reading(address(app)) as session:
        assert [each.subject_id for each in releasing.released(session)] == ["plan-a"]


# --- what the public reads ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("released") / "var"
    webtown.publish(folder / "editions")
    editions.current(folder / "editions")
    return create_app(Settings(workspace=folder)).test_client()


@pytest.mark.parametrize(("path", "half"), [("", "1. halvår 2010"), ("/en", "first half of 2010")])
def test_a_released_review_stands_on_the_page_of_its_plan_and_has_its_own(public: FlaskClient, path: str, half: str) -> None:
    page = public.get(f"{path}/helhedsplaner/p").get_data(as_text=True)
    assert f'href="{path}/gennemgange/2010H1/helhedsplan/p"' in page
    for text in (page, public.get(f"{path}/gennemgange/2010H1/helhedsplan/p").get_data(as_text=True)):
        said = text_of(parse(text))
        assert half in said.lower()
        assert "Socialforvaltningen" in said
        assert "<script>alert" not in text
    assert public.get(f"{path}/gennemgange/2010H2/helhedsplan/p").status_code == 404


def test_a_plan_without_one_says_so(built: object) -> None:
    bare = create_app(Settings(workspace=built.folder)).test_client()
    assert "Ingen underskrevet gennemgang er frigivet endnu" in bare.get("/helhedsplaner/forandring-bispeparken").get_data(as_text=True)
