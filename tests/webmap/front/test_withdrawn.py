"""A withdrawn edition is shown to nobody, links to it say when and why, and everything else goes on."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from flask import Flask
from typer.testing import CliRunner

from geo.editions import condition, edition
from geo.editions.edition import Edition
from geo.errors import EditionError
from omraadekort import cli
from tests.readers.signed import sign_in, token
from tests.towns import newstown
from webmap.app import create_app
from webmap.roles import Role
from webmap.serving import pagestore
from webmap.settings import Settings

Three = tuple[Edition, Edition, Edition]
WHY = "Forkerte tal for <b>Valby</b>"
WITHDRAWAL = condition.Withdrawal(by="olga", at="2026-11-28T10:00:00+00:00", reason=WHY)


@pytest.fixture
def three(tmp_path: Path) -> Three:
    return newstown.publish_all(tmp_path / "editions")


@pytest.fixture
def app(tmp_path: Path, three: Three) -> Flask:
    assert edition.current(tmp_path / "editions") == three[2].id
    return create_app(Settings(workspace=tmp_path))


def test_links_say_when_and_why_and_nothing_of_it_is_shown(app: Flask, three: Three, tmp_path: Path) -> None:
    first, second, third = three
    client = app.test_client()
    assert client.get(f"/kort/tryg?udgave={second.id}").status_code == 200
    condition.withdraw(tmp_path / "editions", second.id, WITHDRAWAL)
    for path, day in ((f"/kort/tryg?udgave={second.id}", "28. november 2026"), (f"/en/kort/tryg?udgave={second.id}", "28 November 2026")):
        answer = client.get(path)
        assert answer.status_code == 410
        assert day in answer.text
        assert "Forkerte tal for &lt;b&gt;Valby&lt;/b&gt;" in answer.text
    assert client.get(f"/api/v1/observations?edition={second.id}").status_code == 410
    assert client.get(f"/api/v1/editions/{third.id}/changes?since={second.id}").status_code in {404, 410}
    assert second.id not in client.get("/api/v1/editions").text
    assert second.id not in client.get("/aendret").text
    assert first.id in client.get("/aendret").text
    assert client.get(f"/kort/tryg?udgave={first.id}").status_code == 200
    assert client.get("/").status_code == 200


def test_only_another_than_the_current_is_withdrawn_and_only_once(three: Three, tmp_path: Path) -> None:
    editions = tmp_path / "editions"
    condition.withdraw(editions, three[0].id, WITHDRAWAL)
    for wanted, why in ((three[0].id, "already"), (three[2].id, "current edition"), ("0123456789abcdef", "no such"), ("../x", "no such")):
        with pytest.raises(EditionError, match=why):
            condition.withdraw(editions, wanted, WITHDRAWAL)
    with pytest.raises(EditionError, match="withdrawn 2026-11-28"):
        condition.prove(editions, three[0].id)


def test_its_files_stay_so_that_disclosure_control_counts_it_as_read(three: Three, tmp_path: Path) -> None:
    condition.withdraw(tmp_path / "editions", three[1].id, WITHDRAWAL)
    assert three[1].id in {path.name for path in edition.folders(tmp_path / "editions")}


def test_pages_that_were_stored_before_are_not_shown_after(three: Three, tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path)
    before = pagestore.folder(settings, three[2].id)
    condition.withdraw(tmp_path / "editions", three[1].id, WITHDRAWAL)
    assert pagestore.folder(settings, three[2].id) != before


def test_a_list_that_cannot_be_read_lets_nobody_read_an_older_edition(app: Flask, three: Three, tmp_path: Path) -> None:
    (tmp_path / "editions" / condition.WITHDRAWN).write_text("{", encoding="utf-8")
    assert app.test_client().get(f"/kort/tryg?udgave={three[0].id}").status_code == 503


def test_whoever_may_publish_withdraws_with_a_reason(app: Flask, three: Three, tmp_path: Path) -> None:
    olga = sign_in(app, Role.ADMIN, name="olga")
    form = {"csrf": token(olga.get("/udgivelse")), "udgave": three[0].id}
    assert olga.post("/udgivelse/tilbage", data={**form, "grund": " "}).status_code == 400
    assert olga.post("/udgivelse/tilbage", data={**form, "udgave": three[2].id, "grund": WHY}).status_code == 409
    assert olga.post("/udgivelse/tilbage", data={**form, "grund": WHY}).status_code == 302
    assert condition.withdrawals(tmp_path / "editions")[three[0].id].reason == WHY
    page = olga.get("/udgivelse").text
    assert "trukket tilbage" in page
    assert "&lt;b&gt;Valby" in page
    anna = sign_in(app, Role.STAFF, name="anna")
    other = {**form, "csrf": token(anna.get("/om")), "udgave": three[1].id, "grund": WHY}
    assert anna.post("/udgivelse/tilbage", data=other).status_code == 403


def test_the_command_withdraws_and_refuses_in_words(three: Three, tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text("format = 1\n", encoding="utf-8")
    run = CliRunner().invoke(cli.app, ["-w", str(tmp_path), "withdraw", three[0].id, "--reason", "Forkerte tal"])
    assert run.exit_code == 0, run.output
    assert "withdrawn" in CliRunner().invoke(cli.app, ["-w", str(tmp_path), "editions"]).output
    again = CliRunner().invoke(cli.app, ["-w", str(tmp_path), "withdraw", three[0].id, "--reason", "igen"])
    assert again.exit_code == 4
    assert "already" in again.output


def test_programs_are_told_when_and_why_too(app: Flask, three: Three, tmp_path: Path) -> None:
    first, second, _ = three
    condition.withdraw(tmp_path / "editions", second.id, WITHDRAWAL)
    for path in (
        f"observations?edition={second.id}",
        f"editions/{second.id}/changes?since={first.id}",
        f"editions/{first.id}/changes?since={second.id}",
    ):
        for lang, day in (("da", "28. november 2026"), ("en", "28 November 2026")):
            said = app.test_client().get(f"/api/v1/{path}&lang={lang}").get_json()["error"]
            assert (said["status"], said["code"], said["where"]) == (410, "edition_gone", second.id)
            assert day in said["message"]
            assert WHY in said["message"]


def test_the_page_that_says_so_leads_to_the_current_edition(app: Flask, three: Three, tmp_path: Path) -> None:
    condition.withdraw(tmp_path / "editions", three[1].id, WITHDRAWAL)
    client = app.test_client()
    page = client.get(f"/kort/tryg?udgave={three[1].id}").text
    ways = {path for path in re.findall(r'(?:href|action)="(/[^"]*)"', page) if not path.startswith(("/en/", "/log-ind", "/static"))}
    assert len(ways) > 8
    assert not [way for way in ways if client.get(html.unescape(way)).status_code >= 400]
    assert f'value="{three[1].id}"' not in page
