"""Status forms: a department writes and sends, the secretariat approves or sends back; what is approved is frozen."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo.files import tomlfile
from geo.model.efforts.signed import ApprovedForm
from tests.readers.parsed import parse
from tests.readers.parsed import words as text_of
from tests.readers.signed import sign_in, staff, token
from tests.towns import webtown
from webmap.access import Role
from webmap.app import create_app
from webmap.reviews.store import database, forms, releasing, signing
from webmap.settings import Settings

ROOT = Path(__file__).parents[4]
SOCIAL = "Socialforvaltningen"
FORM = "/statusskema/2026H1/hjaelp"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    settings = Settings(workspace=tmp_path)
    webtown.publish(settings.editions)
    (tmp_path / "data").mkdir()
    database.upgrade(settings.reviews_address)
    return create_app(settings)


def writer(app: Flask, name: str = "sofie", department: str = SOCIAL) -> FlaskClient:
    return sign_in(app, Role.DEPARTMENT, name=name, department=department)


def secretary(app: Flask, name: str = "karen") -> FlaskClient:
    return sign_in(app, Role.SECRETARIAT, name=name)


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf": token(client.get("/statusskema/2026H1/hjaelp")), **fields})


def begun(app: Flask, form: str = FORM) -> FlaskClient:
    sofie = writer(app)
    assert sofie.post(f"{form}/begynd", data={"csrf": token(sofie.get(form))}).status_code == 303
    return sofie


def version(client: FlaskClient) -> str:
    seen = re.search(r'name="base" value="(\d+)"', client.get(FORM).get_data(as_text=True))
    assert seen
    return seen[1]


def sent(app: Flask, **fields: str) -> FlaskClient:
    sofie = begun(app)
    words = {"title": "Hjælp", "status": "Det går godt.", **fields}
    assert post(sofie, f"{FORM}/send", base=version(sofie), **words).status_code == 303
    return sofie


def seal(client: FlaskClient) -> str:
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(FORM).get_data(as_text=True))
    assert seen
    return seen[1]


def approved(app: Flask) -> tuple[ApprovedForm, ...]:
    file = app.extensions["omraadekort"].workspace / "data" / "statusforms.toml"
    if not file.exists():
        return ()
    entries, problems = tomlfile.entries(tomllib.loads(file.read_text(encoding="utf-8")), "form", ApprovedForm, file=file.name)
    assert problems == []
    return entries


# --- who comes in -------------------------------------------------------------------------------------------------------


def test_each_department_writes_of_its_own_efforts_only(app: Flask) -> None:
    sofie, other, nobody = begun(app), writer(app, "tom", "Teknik- og Miljøforvaltningen"), writer(app, "nora", "")
    for client in (other, nobody):
        assert client.get(FORM).status_code == 403
        key = token(client.get("/statusskemaer"))
        for path in (FORM, f"{FORM}/send", f"{FORM}/begynd", f"{FORM}/flet/1"):
            assert client.post(path, data={"csrf": key, "base": "1", "status": "x"}).status_code in {403, 404}
        answer = client.post(f"{FORM}/gem", json={"base": "1", "fields": {"status": "x"}}, headers={"X-CSRF-Token": key})
        assert answer.status_code == 403
    assert "hjaelp" not in other.get("/statusskemaer?halvaar=2026H1").get_data(as_text=True)
    assert "hører ikke til nogen forvaltning" in nobody.get("/statusskemaer").get_data(as_text=True)
    assert 'name="base"' in sofie.get(FORM).get_data(as_text=True)


def test_an_account_without_a_department_is_shown_no_forms_and_none_of_an_effort_without_committee(app: Flask) -> None:
    begun(app)
    nora = writer(app, "nora", "")
    assert "/statusskema/" not in nora.get("/statusskemaer?halvaar=2026H1").get_data(as_text=True)
    assert nora.get("/statusskema/2026H1/tom").status_code == 403
    assert secretary(app).get("/statusskema/2026H1/tom").status_code == 200


def test_two_texts_of_a_form_that_are_too_long_together_are_refused_and_never_cut(app: Flask) -> None:
    sofie = begun(app)
    post(sofie, FORM, base="1", status="Sofies")
    tom = writer(app, "tom")
    address = post(tom, FORM, base="1", status="Toms").headers["Location"]
    both = "å" * 20_000 + "\n\nSLUT"
    chosen = {"csrf": token(tom.get(address)), "version": "2", "valg/status": "own", "own/status": both}
    answer = tom.post(address, data=chosen)
    said = answer.get_data(as_text=True)
    assert (answer.status_code, "Teksten er for lang" in said, both in said) == (422, True, True)
    assert "Sofies" in sofie.get(FORM).get_data(as_text=True)
    assert tom.get(f"{FORM}/flet/{'9' * 30}").status_code == 404


def test_an_approval_whose_process_was_killed_before_the_file_is_written_by_the_next(app: Flask) -> None:
    sent(app)
    karen = secretary(app)
    assert post(karen, f"{FORM}/godkend", seen=seal(karen)).status_code == 303
    settings = app.extensions["omraadekort"]
    file = settings.workspace / "data" / "statusforms.toml"
    content = file.read_bytes()
    file.unlink()
    ran = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env={**os.environ, "OMRAADEKORT_WORKSPACE": str(settings.workspace)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, file.exists()) == (0, True), ran.stderr
    assert file.read_bytes() == content
    file.unlink()
    file.mkdir()
    assert "statusforms.toml" in releasing.place_again(settings.reviews_address, settings.workspace)
    assert releasing.place_again(Settings(workspace=settings.workspace / "new").reviews_address, settings.workspace / "new") == ""


def test_the_secretariat_reads_all_and_writes_in_none_and_nobody_else_comes_in(app: Flask) -> None:
    begun(app)
    karen = secretary(app)
    assert 'name="base"' not in karen.get(FORM).get_data(as_text=True)
    key = token(karen.get("/statusskemaer"))
    assert karen.post(FORM, data={"csrf": key, "base": "1", "status": "x"}).status_code == 403
    for path in (FORM, "/statusskemaer", f"{FORM}/historik"):
        assert app.test_client().get(path).status_code == 302
        assert staff(app).get(path).status_code == 403
        assert sign_in(app, Role.ADMIN, Role.DATA, name="olga").get(path).status_code == 403
    sofie = writer(app)
    assert post(sofie, f"{FORM}/godkend", seen=seal_of(app)).status_code == 403


def seal_of(app: Flask) -> str:
    with database.reading(app.extensions["omraadekort"].reviews_address) as session:
        return signing.digest(forms.find(session, "2026H1", "hjaelp"))


# --- the way of a form --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_from_a_draft_over_sent_back_to_approved_and_public(app: Flask, prefix: str) -> None:
    sofie, karen = sent(app), secretary(app)
    assert "1 skema er sendt" in karen.get("/statusskemaer?halvaar=2026H1").get_data(as_text=True)
    assert post(karen, f"{FORM}/retur", reason="  ").status_code == 422
    assert post(karen, f"{FORM}/retur", reason="Hvor mange?").status_code == 303
    assert "Hvor mange?" in sofie.get(f"{prefix}{FORM}").get_data(as_text=True)
    assert post(sofie, f"{FORM}/send", base=version(sofie), title="Hjælp", status="Det går godt: 12 har fået job.").status_code == 303
    assert approved(app) == ()
    assert post(karen, f"{FORM}/godkend", seen=seal(karen)).status_code == 303
    (form,) = approved(app)
    assert (form.effort, form.department, form.status) == ("hjaelp", SOCIAL, "Det går godt: 12 har fået job.")
    assert "Sofie" not in repr(form)
    said = text_of(parse(karen.get(f"{prefix}{FORM}/historik").get_data(as_text=True)))
    assert ("Godkendt af sekretariatet" if not prefix else "Approved by the secretariat") in said


def test_the_same_text_can_be_sent_again_after_it_came_back(app: Flask) -> None:
    sofie, karen = sent(app), secretary(app)
    post(karen, f"{FORM}/retur", reason="Er det rigtigt?")
    assert post(sofie, f"{FORM}/send", base=version(sofie), title="Hjælp", status="Det går godt.").status_code == 303
    assert post(karen, f"{FORM}/godkend", seen=seal(karen)).status_code == 303


def test_a_change_after_sending_is_a_draft_again_and_is_not_approved_unseen(app: Flask) -> None:
    sofie, karen = sent(app), secretary(app)
    before = seal(karen)
    post(sofie, FORM, base=version(sofie), title="Hjælp", status="Nej, alligevel ikke.")
    answer = post(karen, f"{FORM}/godkend", seen=before)
    assert answer.status_code == 422
    assert "er ikke sendt, eller det er rettet siden" in answer.get_data(as_text=True)
    assert approved(app) == ()


def test_nobody_approves_what_they_sent(app: Flask) -> None:
    sent(app)
    both = sign_in(app, Role.DEPARTMENT, Role.SECRETARIAT, name="sofie", department=SOCIAL)
    answer = post(both, f"{FORM}/godkend", seen=seal(both))
    assert answer.status_code == 422
    assert "en anden skal godkende det" in answer.get_data(as_text=True)


def test_a_form_without_a_status_is_not_sent_and_what_was_typed_is_saved(app: Flask) -> None:
    sofie = begun(app)
    answer = post(sofie, f"{FORM}/send", base=version(sofie), title="Ny titel", status=" ")
    assert answer.status_code == 422
    assert "status i forhold til målet" in answer.get_data(as_text=True)
    assert "Ny titel" in sofie.get(FORM).get_data(as_text=True)


# --- nothing is lost ----------------------------------------------------------------------------------------------------


def test_a_frozen_form_takes_nothing_and_gives_back_all_that_was_typed(app: Flask) -> None:
    sofie, karen = sent(app), secretary(app)
    base = version(sofie)
    post(karen, f"{FORM}/godkend", seen=seal(karen))
    late = {"title": "Hjælp", "status": "Skrevet for sent <b>"}
    for path in (FORM, f"{FORM}/send"):
        answer = post_late(sofie, path, base=base, **late)
        assert answer.status_code == 423
        assert "Skrevet for sent &lt;b&gt;" in answer.get_data(as_text=True)
    key = token(sofie.get("/statusskemaer"))
    answer = sofie.post(f"{FORM}/gem", json={"base": base, "fields": late}, headers={"X-CSRF-Token": key})
    assert answer.status_code == 423
    assert "næste halvårs skema" in answer.get_json()["message"]
    assert post_late(karen, f"{FORM}/godkend", seen="0" * 64).status_code == 423


def post_late(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf": token(client.get("/statusskemaer")), **fields})


def test_two_at_once_lose_nothing(app: Flask) -> None:
    sofie, sigurd = begun(app), writer(app, "sigurd")
    base = version(sofie)
    key = token(sofie.get(FORM))
    first = sofie.post(f"{FORM}/gem", json={"base": base, "fields": {"status": "Sofies", "aim": "A"}}, headers={"X-CSRF-Token": key})
    assert first.get_json()["fields"]["status"] == "Sofies"
    key = token(sigurd.get(FORM))
    other = sigurd.post(f"{FORM}/gem", json={"base": base, "fields": {"status": "Sigurds", "aim": ""}}, headers={"X-CSRF-Token": key})
    assert other.status_code == 409
    merge = other.get_json()["merge"]
    page = sigurd.get(merge).get_data(as_text=True)
    assert "Sofies" in page
    assert "Sigurds" in page
    shown = re.search(r'name="version" value="(\d+)"', page)
    assert shown
    chosen = {"csrf": key, "version": shown[1]}
    for path in re.findall(r'name="theirs/([a-z_]+)"', page):
        chosen |= {f"valg/{path}": "own", f"own/{path}": "Begges"}
    assert sigurd.post(merge, data=chosen).status_code == 303
    assert "Begges" in sofie.get(FORM).get_data(as_text=True)


def test_a_field_that_no_form_has_is_refused(app: Flask) -> None:
    sofie = begun(app)
    for name in ("decision", "actions/a/text", "nix"):
        answer = post(sofie, FORM, base=version(sofie), **{name: "x"})
        assert answer.status_code == 422
    assert post(sofie, FORM, base="x", status="y").status_code == 400
    assert post(sofie, FORM, base="99", status="y").status_code == 404


# --- half-years ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["2062H1", "26H1", "2026H3", "x", "2026H1/hjaelp", "\u0662026H1"])
def test_a_mistyped_half_year_is_told_and_shuts_nothing_out(app: Flask, typed: str) -> None:
    sofie = writer(app)
    answer = sofie.get("/statusskemaer", query_string={"halvaar": typed})
    assert answer.status_code == 200
    assert "Halvåret kan ikke vises" in answer.get_data(as_text=True)
    assert sofie.post(f"/statusskema/{typed}/hjaelp/begynd", data={"csrf": token(answer)}).status_code in {404, 422}
    begun(app, "/statusskema/2025H1/hjaelp")


def test_a_later_half_year_shuts_out_no_earlier_one(app: Flask) -> None:
    begun(app, "/statusskema/2027H1/hjaelp")
    begun(app, FORM)
    begun(app, "/statusskema/2009H2/hjaelp")
    sofie = writer(app)
    assert sofie.post("/statusskema/2026H1/nix/begynd", data={"csrf": token(sofie.get(FORM))}).status_code == 404


def test_forms_are_no_rounds_of_reviews(app: Flask) -> None:
    karen = secretary(app)
    sent(app)
    post(karen, f"{FORM}/godkend", seen=seal(karen))
    anna = staff(app)
    assert "Der er ingen runde endnu" in anna.get("/gennemgang").get_data(as_text=True)
    assert anna.get("/gennemgang/2026H1").status_code == 404


# --- what the public reads ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "Godkendt af sekretariatet 3. juli 2010"), ("/en", "Approved by the secretariat on 3 July 2010")]
)
def test_an_approved_form_stands_on_the_page_of_the_effort_and_in_the_report(tmp_path: Path, prefix: str, words: str) -> None:
    webtown.publish(tmp_path / "editions")
    client = create_app(Settings(workspace=tmp_path)).test_client()
    page = text_of(parse(client.get(f"{prefix}/indsatser/tom").get_data(as_text=True)))
    assert "Fire nye <i>forløb</i>" in page
    assert words in page
    report = text_of(parse(client.get(f"{prefix}/statusrapport/2010").get_data(as_text=True)))
    assert "Fire nye <i>forløb</i>" in report
    assert words in report
    assert "Fire nye" not in client.get(f"{prefix}/statusrapport/2009").get_data(as_text=True)
