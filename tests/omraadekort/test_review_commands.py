"""`omraadekort reviews`: the database made and brought up to date, signed rounds computed anew."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from omraadekort import cli
from omraadekort.exitcodes import ExitCode
from tests.towns.reviewtown import open_round, sign_all
from webmap.reviews.store import database
from webmap.settings import Settings


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("OMRAADEKORT_WORKSPACE", raising=False)
    assert run("init", "--workspace", tmp_path / "var").exit_code == ExitCode.OK
    return tmp_path / "var"


def test_upgrade_makes_the_database_and_says_its_revision(workspace: Path) -> None:
    for _ in range(2):
        answer = run("reviews", "upgrade", "-w", workspace)
        assert (answer.exit_code, database.newest() in answer.output) == (ExitCode.OK, True)
    assert (workspace / "reviews" / "reviews.sqlite").is_file()


def test_verify_finds_a_signed_round_that_is_no_longer_what_was_signed(workspace: Path) -> None:
    assert run("reviews", "verify", "-w", workspace).exit_code == ExitCode.PROBLEMS  # there is no database yet
    url = Settings(workspace=workspace).reviews_address
    database.upgrade(url)
    open_round(url)
    sign_all(url)
    good = run("reviews", "verify", "-w", workspace)
    assert (good.exit_code, good.output) == (ExitCode.OK, "Signed rounds and forms: 1, all as they were signed.\n")
    with database.engine(url).execution_options(writes=True).begin() as connection:  # as somebody who owns the file can
        connection.execute(sa.text("DROP TRIGGER review_page_signed"))
        connection.execute(sa.text('UPDATE review_page SET content = \'{"note":"noget andet"}\' WHERE id = 1'))
    bad = run("reviews", "verify", "-w", workspace)
    assert bad.exit_code == ExitCode.PROBLEMS
    assert "2026H1" in bad.output


def test_there_is_no_upgrade_without_a_workspace(tmp_path: Path) -> None:
    assert run("reviews", "upgrade", "-w", tmp_path / "nowhere").exit_code == ExitCode.NO_WORKSPACE
