"""`omraadekort users`: accounts made, listed, changed and removed, sessions ended; every wrong wish refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from omraadekort import cli
from tests.readers.signed import PASSWORD, access_of, ssp, staff, token
from tests.towns.webtown import publish
from webmap.app import create_app
from webmap.settings import Settings

OTHER = "en helt anden kode"


def users(folder: Path, *command: str, typed: str = "") -> Result:
    (folder / "workspace.toml").touch()
    answer: Result = CliRunner().invoke(cli.app, ["users", *command, "--workspace", str(folder)], input=typed)
    return answer


def add(folder: Path, name: str, *roles: str, typed: str = f"{PASSWORD}\n{PASSWORD}\n") -> Result:
    return users(folder, "add", name, *(part for role in roles for part in ("--role", role)), typed=typed)


def test_a_name_that_colleagues_see_is_one_line(tmp_path: Path) -> None:
    typed = {"typed": f"{PASSWORD}\n{PASSWORD}\n"}
    assert users(tmp_path, "add", "anna", "--role", "staff", "--shown", "An\na \u202eHolm\x00", **typed).exit_code == 0
    assert [line.split("\t")[3] for line in users(tmp_path, "list").output.splitlines()] == ["An a Holm"]


def test_an_account_is_made_signs_in_and_is_removed(tmp_path: Path) -> None:
    made = add(tmp_path, "anna", "staff", "ssp")
    assert made.exit_code == 0
    assert PASSWORD not in made.output
    listed = users(tmp_path, "list").output
    assert listed.startswith("anna\tssp staff\t")
    publish(tmp_path / "editions")
    client = create_app(Settings(workspace=tmp_path)).test_client()
    form = {"csrf": token(client.get("/log-ind")), "navn": "anna"}
    assert client.post("/log-ind", data={**form, "adgangskode": PASSWORD}).status_code == 302
    assert "local:anna" in users(tmp_path, "sessions").output
    assert users(tmp_path, "password", "anna", typed=f"{OTHER}\n{OTHER}\n").exit_code == 0
    assert users(tmp_path, "sessions").output == ""
    assert users(tmp_path, "roles", "anna", "--role", "admin").exit_code == 0
    assert users(tmp_path, "list").output.startswith("anna\tadmin\t")
    assert users(tmp_path, "remove", "anna").exit_code == 0
    assert "No accounts yet" in users(tmp_path, "list").output


def test_a_session_is_revoked_by_its_mark_or_its_person(tmp_path: Path) -> None:
    publish(tmp_path / "editions")
    app = create_app(Settings(workspace=tmp_path))
    first, second = ssp(app), staff(app, "bo")
    assert access_of(app).store.exists()
    marks = {line.split("\t")[1]: line.split("\t")[0] for line in users(tmp_path, "sessions").output.splitlines()}
    assert users(tmp_path, "revoke", marks["test:sven"]).exit_code == 0
    assert first.get("/ssp").status_code == 302
    assert "Bo" in second.get("/om").get_data(as_text=True)
    assert users(tmp_path, "revoke", "test:bo").exit_code == 0
    assert users(tmp_path, "revoke", "test:bo").exit_code == 1


@pytest.mark.parametrize(
    ("name", "roles", "typed", "code"),
    [
        ("Anna", ("staff",), f"{PASSWORD}\n{PASSWORD}\n", 1),
        ("../x", ("staff",), f"{PASSWORD}\n{PASSWORD}\n", 1),
        ("anna", ("root",), f"{PASSWORD}\n{PASSWORD}\n", 1),
        ("anna", ("public",), f"{PASSWORD}\n{PASSWORD}\n", 1),
        ("anna", (), f"{PASSWORD}\n{PASSWORD}\n", 2),
        ("anna", ("staff",), "kort\nkort\n", 1),
        ("anna", ("staff",), f"{PASSWORD}\n{OTHER}\n", 1),
        ("anna", ("staff",), "", 1),
    ],
)
def test_an_account_that_will_not_do_is_not_made(tmp_path: Path, name: str, roles: tuple[str, ...], typed: str, code: int) -> None:
    assert add(tmp_path, name, *roles, typed=typed).exit_code == code
    assert "No accounts yet" in users(tmp_path, "list").output


@pytest.mark.parametrize("command", [("remove", "nix"), ("roles", "nix", "--role", "staff"), ("password", "nix"), ("revoke", "nix")])
def test_nobody_of_that_name(tmp_path: Path, command: tuple[str, ...]) -> None:
    answer = users(tmp_path, *command, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert answer.exit_code == 1
    assert "nix" in answer.output


def test_a_name_is_given_once(tmp_path: Path) -> None:
    assert [add(tmp_path, "anna", "staff").exit_code for _ in range(2)] == [0, 1]


def test_without_a_workspace_there_are_no_accounts(tmp_path: Path) -> None:
    assert CliRunner().invoke(cli.app, ["users", "list", "--workspace", str(tmp_path)]).exit_code == 3
