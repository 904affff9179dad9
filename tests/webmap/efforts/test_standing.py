"""How a year's status report stands: a draft with remarks, approved with its edition, rebuilt from papers; and what was frozen for whom."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import docx
import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from typer.testing import CliRunner
from werkzeug.test import TestResponse

from geo.editions import condition
from geo.editions import edition as store
from geo.editions.pinned import pins
from geo.editions.pinned.pins import EditionPin
from geo.errors import EditionError
from geo.model.programmes import RecurringReport
from omraadekort.cli import app as program
from tests.readers.parsed import parse
from tests.readers.parsed import words as text_of
from tests.readers.signed import sign_in, staff, token
from tests.towns import webtown
from webmap.access import Role
from webmap.app import create_app
from webmap.reviews.store import database
from webmap.serving import pagestore
from webmap.settings import Settings

BUDGET = RecurringReport(
    id="budget", name=webtown.text("Før budgettet"), sender="BIF", recipient="BR", rhythm=webtown.text("hvert år"),
    content=webtown.text("Redegørelse"), every="year", due=("08-31",), freezes=True, cite=webtown.CITE,
)  # fmt: skip
PLAIN = replace(BUDGET, id="statusrapport", freezes=False)
WORKSPACE = "format = 1\n"
REMARKS = "/statusrapport/2010/bemaerkninger"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    settings = Settings(workspace=tmp_path)
    webtown.publish(settings.editions)
    database.upgrade(settings.reviews_address)
    return create_app(settings)


def folder(app: Flask) -> Path:
    return Path(app.extensions["omraadekort"].editions)


def writer(app: Flask) -> FlaskClient:
    return sign_in(app, Role.DEPARTMENT, name="sofie", department="Socialforvaltningen")


def secretary(app: Flask) -> FlaskClient:
    return sign_in(app, Role.SECRETARIAT, name="karen")


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf": token(client.get(REMARKS)), **fields})


def approve(app: Flask) -> str:
    karen, now = secretary(app), store.current(folder(app))
    assert post(karen, f"{REMARKS}/godkend", edition=now).status_code == 303
    return now


def later(app: Flask) -> str:
    """Make another edition current."""
    before = store.current(folder(app))
    webtown.publish(folder(app), known=replace(webtown.catalogue(), status_forms=()))
    now = store.current(folder(app))
    assert now != before
    return now


def words(client: FlaskClient, path: str) -> str:
    return text_of(parse(client.get(path).get_data(as_text=True)))


# --- states -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "draft"), [("", "UDKAST"), ("/en", "DRAFT")])
def test_a_draft_says_so_in_every_format(app: Flask, prefix: str, draft: str) -> None:
    client = app.test_client()
    assert f"{draft}: " in words(client, f"{prefix}/statusrapport/2010")
    with pikepdf.open(io.BytesIO(client.get(f"{prefix}/statusrapport/2010.pdf").data)) as pdf:
        assert draft in str(pdf.docinfo["/Title"])
    word = docx.Document(io.BytesIO(client.get(f"{prefix}/statusrapport/2010.docx").data))
    assert sum(draft in paragraph.text for paragraph in word.paragraphs) >= 2
    assert "udkast" in client.get(f"{prefix}/statusrapport/2010.pdf").headers["Content-Disposition"]


def test_what_is_rebuilt_from_papers_is_no_draft_and_no_approval(app: Flask) -> None:
    client = app.test_client()
    said = words(client, "/statusrapport/2009")
    assert "Genskabt af papirerne" in said
    assert "UDKAST" not in said
    karen = secretary(app)
    answer = karen.post(
        "/statusrapport/2009/bemaerkninger/godkend", data={"csrf": token(karen.get(REMARKS)), "edition": store.current(folder(app))}
    )
    assert answer.status_code == 422
    assert pins.pins(folder(app)) == {}


def test_an_approved_report_answers_from_its_edition_whatever_comes_later(app: Flask) -> None:
    own = approve(app)
    client = app.test_client()
    assert f"bygger på udgave {own}." in words(client, "/statusrapport/2010")
    before = client.get("/statusrapport/2010.docx").data
    newer = later(app)
    said = words(client, "/statusrapport/2010")
    assert f"bygger på udgave {own}." in said
    assert "Fire nye" in said
    assert "UDKAST" not in said
    assert client.get("/statusrapport/2010.docx").data == before
    assert client.get("/statusrapport/2010", query_string={"udgave": newer}).status_code == 404  # that edition has no form of the year
    assert f"bygger på udgave {own}." in words(client, f"/statusrapport/2010?udgave={own}")


def test_what_was_not_seen_is_not_approved_and_twice_is_once(app: Flask) -> None:
    karen, seen = secretary(app), store.current(folder(app))
    for edition in ("", "x", "0" * 16):
        assert post(karen, f"{REMARKS}/godkend", edition=edition).status_code == 422
    assert post(writer(app), f"{REMARKS}/godkend", edition=seen).status_code == 403
    approve(app)
    assert post_after(karen, f"{REMARKS}/godkend", edition=seen).status_code == 422
    assert len(pins.pins(folder(app))) == 1


def post_after(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form when the page has none any more."""
    return client.post(path, data={"csrf": token(client.get("/formaal")) if "csrf" not in fields else "", **fields})


# --- remarks ------------------------------------------------------------------------------------------------------------


def test_departments_remark_on_sections_of_a_draft_and_the_public_reads_none_of_it(app: Flask) -> None:
    sofie = writer(app)
    assert post(sofie, REMARKS, section="maal", text="Tallet er <b>gammelt</b>\n").status_code == 303
    page = secretary(app).get(REMARKS).get_data(as_text=True)
    assert "Tallet er &lt;b&gt;gammelt&lt;/b&gt;" in page
    assert "Sofie, Socialforvaltningen" in page
    assert "gammelt" not in app.test_client().get("/statusrapport/2010").get_data(as_text=True)
    assert app.test_client().get(REMARKS).status_code == 302
    assert staff(app).get(REMARKS).status_code == 403
    assert sofie.get("/statusrapport/1999/bemaerkninger").status_code == 404


@pytest.mark.parametrize(("section", "text"), [("nix", "x"), ("", "x"), ("maal", "  "), ("maal", "x" * 20_001)])
def test_a_remark_that_cannot_be_kept_is_told(app: Flask, section: str, text: str) -> None:
    answer = post(writer(app), REMARKS, section=section, text=text)
    assert answer.status_code == 422
    if section == "maal" and text.strip():
        assert text in answer.get_data(as_text=True)


def test_a_remark_that_comes_after_the_approval_is_given_back(app: Flask) -> None:
    sofie = writer(app)
    key = token(sofie.get(REMARKS))
    approve(app)
    answer = sofie.post(REMARKS, data={"csrf": key, "section": "maal", "text": "For sent sagt"})
    assert answer.status_code == 422
    assert "For sent sagt" in answer.get_data(as_text=True)


# --- frozen for an event ------------------------------------------------------------------------------------------------


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(program, ["freeze", *arguments, "--workspace", str(folder(app).parent)])
    return done.exit_code, done.output


@pytest.fixture
def town(tmp_path: Path) -> Flask:
    """The web town with an event that freezes on 31 August, in a workspace that commands know."""
    settings = Settings(workspace=tmp_path)
    for name in ("data", "boundaries"):
        (tmp_path / name).mkdir()
    (tmp_path / "workspace.toml").write_text(WORKSPACE, encoding="utf-8")
    webtown.publish(settings.editions, known=replace(webtown.catalogue(), calendar=(BUDGET, PLAIN)))
    return create_app(settings)


def test_a_day_freezes_edition_and_report_once_and_a_later_edition_changes_nothing(town: Flask) -> None:
    event = BUDGET.id
    assert "Nothing to freeze" in run(town, "--on", "2010-08-30")[1]
    own = store.current(folder(town))
    code, said = run(town, "--on", "2010-08-31")
    assert code == 0
    assert f"{event} 2010: edition {own} is frozen, the report of edition {own}" in said
    before = (folder(town) / pins.FILE).read_bytes()
    webtown.publish(folder(town), known=replace(webtown.catalogue(), calendar=(BUDGET, PLAIN), contradictions=()))
    assert store.current(folder(town)) != own
    for arguments in (("--on", "2010-12-01"), (event, "2010"), (event, "2010", "--on", "2010-09-01")):
        assert f"edition {own} was frozen before" in run(town, *arguments)[1]
    assert (folder(town) / pins.FILE).read_bytes() == before
    client = town.test_client()
    for path in ("/aarshjul/2010", "/en/aarshjul/2010", "/statusrapport/2010"):
        page = client.get(path).get_data(as_text=True)
        assert re.search(rf'href="(/en)?/\?udgave={own}"', page), path
        assert f"/statusrapport/2010?udgave={own}" in page
    assert "fryses udgaven" in words(client, "/aarshjul/2011")


def test_a_year_far_ahead_is_taken_for_mistyped_and_freezes_nothing(town: Flask) -> None:
    code, said = run(town, BUDGET.id, "2062", "--on", "2026-08-31")
    assert (code != 0, pins.pins(folder(town))) == (True, {}), said
    assert run(town, BUDGET.id, "2027", "--on", "2026-08-31")[0] == 0


@pytest.mark.parametrize(
    "wrong", [{"at": "2010-13-28"}, {"at": ""}, {"year": 2011}, {"event": "y"}, {"edition": "../../etc"}, {"report": "../x"}]
)
def test_a_list_of_pins_that_says_what_cannot_be_is_told_as_damaged(town: Flask, wrong: dict[str, object]) -> None:
    own = store.current(folder(town))
    pin = {"event": "x", "year": 2010, "edition": own, "report": own, "at": "2010-08-31", "by": "shell:x"}
    file = folder(town) / pins.FILE
    file.write_text(json.dumps({"x/2010": pin}), encoding="utf-8")
    assert town.test_client().get("/statusrapport/2010").status_code == 200
    file.write_text(json.dumps({"x/2010": {**pin, **wrong}}), encoding="utf-8")
    for path in ("/statusrapport/2010", "/statusrapport/2010.docx", "/aarshjul"):
        assert town.test_client().get(path).status_code == 503, path
    code, said = run(town, BUDGET.id, "2010")
    assert (code != 0, "cannot be read" in said) == (True, True), said


def test_an_event_without_the_rule_freezes_nothing(town: Flask) -> None:
    for arguments in (("statusrapport", "2010"), ("nix",), (BUDGET.id, "99999")):
        assert run(town, *arguments)[0] != 0
    assert pins.pins(folder(town)) == {}


def test_only_a_whole_edition_is_frozen_and_pages_are_stored_anew(app: Flask) -> None:
    settings = app.extensions["omraadekort"]
    own = store.current(folder(app))
    pin = EditionPin(event="x", year=2010, edition="0" * 16, report="", at="2010-08-31", by="shell:x")
    with pytest.raises(EditionError, match="no such edition"):
        pins.add(folder(app), pin)
    before = pagestore.folder(settings, own)
    pins.add(folder(app), replace(pin, edition=own))
    assert pagestore.folder(settings, own) != before
    later(app)
    condition.withdraw(folder(app), own, condition.Withdrawal(by="x", at="2010-09-01", reason="Forkert"))
    with pytest.raises(EditionError, match="withdrawn"):
        pins.add(folder(app), replace(pin, year=2011, edition=own))
