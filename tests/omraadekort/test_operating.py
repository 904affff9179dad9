"""What an operator meets on a bad day: told in words, with a way out, and nothing is lost on the way."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from typer.testing import CliRunner, Result

from geo.errors import InputError
from omraadekort import cli
from omraadekort.exitcodes import ExitCode
from tests.readers.signed import access_of, cookie, staff
from tests.towns import webtown
from webmap.access import log, rotation
from webmap.access.store.database import NAME as ACCESS
from webmap.app import create_app
from webmap.reviews.store import database
from webmap.settings import Settings

ROOT = Path(__file__).parents[2]
AT = "2026-11-27T08:00:00Z"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("OMRAADEKORT_WORKSPACE", raising=False)
    assert run("init", "--workspace", tmp_path / "var").exit_code == ExitCode.OK
    return tmp_path / "var"


def looks(folder: Path, count: int) -> list[log.Head]:
    return [log.append(folder, at=AT, event="look", user="local:anna", figures=number) for number in range(count)]


# --- the reviews' database -----------------------------------------------------------------------------------------------

ODD = (
    "a?b",
    "a%41",
    "a#b",
    "a b",
    "æøå",
    "a;b&c=d",
    "a'b\"c",
    "a\\b",
    "a:b@c",
    "?mode=memory",
    "%3Furi=true",
    "a\tb",
    "[x]",
    "{y}",
    "$HOME",
    "~",
)


@pytest.mark.parametrize("name", ODD)
def test_the_reviews_lie_in_the_workspace_whatever_its_name(tmp_path: Path, name: str) -> None:
    settings = Settings(workspace=tmp_path / name)
    (tmp_path / name).mkdir()
    assert database.upgrade(settings.reviews_address) == database.newest()
    assert {path.name for path in (tmp_path / name / "reviews").iterdir()} >= {"reviews.sqlite"}
    assert [path.name for path in tmp_path.iterdir()] == [name]
    file = str((tmp_path / name / "reviews" / "reviews.sqlite").resolve())
    assert database.engine(settings.reviews_address).url == sa.URL.create("sqlite+pysqlite", database=file)
    with database.reading(settings.reviews_address) as session:
        places = {row.name: row.file for row in session.execute(sa.text("PRAGMA database_list"))}
    assert places["main"] == file


def test_a_full_disk_in_reviews_upgrade_is_told_in_words(workspace: Path) -> None:
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000)); from omraadekort.cli import app; app()"
    done = subprocess.run(
        [sys.executable, "-c", limited, "reviews", "upgrade", "-w", workspace], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == ExitCode.PROBLEMS
    assert "a disk with room" in done.stderr


def test_a_damaged_database_of_reviews_is_told_in_words(workspace: Path) -> None:
    file = workspace / "reviews" / "reviews.sqlite"
    file.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    for command in ("upgrade", "verify"):
        answer = run("reviews", command, "-w", workspace)
        assert (answer.exit_code, "damaged" in answer.stderr) == (ExitCode.PROBLEMS, True), answer.exception
    file.unlink()
    assert run("reviews", "upgrade", "-w", workspace).exit_code == ExitCode.OK
    with database.engine(Settings(workspace=workspace).reviews_address).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'r9999'"))
    assert "newer program" in run("reviews", "upgrade", "-w", workspace).stderr


def test_a_database_of_reviews_whose_own_words_are_damaged_is_told_in_words(workspace: Path) -> None:
    assert run("reviews", "upgrade", "-w", workspace).exit_code == ExitCode.OK
    database.engine(Settings(workspace=workspace).reviews_address).dispose()
    file = workspace / "reviews" / "reviews.sqlite"
    hurt = file.read_bytes().replace(b"BEFORE UPDATE", b"BEF\xcfRE UPDATE")  # SQLite repeats the word, which is no text
    assert hurt != file.read_bytes()
    file.write_bytes(hurt)
    for command in ("upgrade", "verify"):
        said = subprocess.run(
            [sys.executable, "-m", "omraadekort", "reviews", command, "-w", workspace],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (said.returncode, "is damaged" in said.stderr, "Traceback" in said.stderr) == (ExitCode.PROBLEMS, True, False), said.stderr


# --- the database of accounts --------------------------------------------------------------------------------------------


def damage(folder: Path) -> None:
    for path in folder.glob(f"{ACCESS}*"):
        path.unlink()
    (folder / ACCESS).write_bytes(b"this was a database once " * 400)


@pytest.mark.parametrize(
    "words", [("users", "list"), ("users", "sessions"), ("users", "revoke", "local:anna"), ("users", "remove", "anna")]
)
def test_a_damaged_database_of_accounts_is_told_in_words(workspace: Path, words: tuple[str, ...]) -> None:
    (workspace / "access").mkdir()
    damage(workspace / "access")
    answer = run(*words, "-w", workspace)
    assert answer.exit_code == ExitCode.PROBLEMS, answer.exception
    assert "the database of accounts" in answer.stderr
    assert "the file from a backup" in answer.stderr


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    webtown.publish(tmp_path / "editions")
    return create_app(Settings(workspace=tmp_path))


def test_with_damaged_accounts_the_public_pages_work_and_the_others_say_so(app: Flask, tmp_path: Path) -> None:
    known = cookie(staff(app))
    damage(tmp_path / "access")
    fresh = create_app(Settings(workspace=tmp_path))
    assert fresh.test_client().get("/").status_code == 200
    signed = fresh.test_client()
    signed.set_cookie("__Host-omraadekort", known, secure=True)
    assert signed.get("/").status_code == 200  # nobody is signed in, and public pages are public
    for client in (signed, fresh.test_client()):
        answer = client.get("/log-ind")
        assert answer.status_code == 503
        assert "beskadiget" in answer.get_data(as_text=True)


# --- the access log ------------------------------------------------------------------------------------------------------


def test_a_rotated_log_is_one_log_in_two_files(tmp_path: Path) -> None:
    heads = looks(tmp_path, 5)
    old, head = rotation.rotate(tmp_path, at=AT)
    more = looks(tmp_path, 3)
    assert (old.name, head.n, more[-1].n) == ("log-0000000005.jsonl", 6, 9)
    assert log.verify(tmp_path, heads=(*heads, head, *more)) == more[-1]
    assert [line.entry.n for line in log.lines(tmp_path)] == [*range(1, 10)]
    assert (tmp_path / log.NAME).stat().st_mode & 0o777 == 0o600
    again, _ = rotation.rotate(tmp_path, at=AT)
    assert log.verify(tmp_path).n == 10
    old.rename(tmp_path / "elsewhere")  # the oldest first
    assert log.verify(tmp_path, heads=(heads[4],)).n == 10
    with pytest.raises(InputError, match="put away and is no longer beside the log"):
        log.verify(tmp_path, heads=(heads[2],))
    (tmp_path / "elsewhere").rename(old)
    again.unlink()  # from the middle
    with pytest.raises(InputError, match="does not follow"):
        log.verify(tmp_path)


def test_damage_in_a_file_that_was_put_away_names_it(tmp_path: Path) -> None:
    looks(tmp_path, 4)
    old, _ = rotation.rotate(tmp_path, at=AT)
    old.write_text(old.read_text().replace('"figures":2', '"figures":3'))
    with pytest.raises(InputError) as error:
        log.verify(tmp_path)
    assert (error.value.problems[0].file, error.value.problems[0].row) == (old.name, 3)


def test_no_look_is_lost_while_the_log_is_rotated(tmp_path: Path) -> None:
    written: list[int] = []

    def look() -> None:
        written.extend(log.append(tmp_path, at=AT, event="look", user="local:anna").n for _ in range(20))

    looks(tmp_path, 1)
    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        rotation.rotate(tmp_path, at=AT)
    for thread in threads:
        thread.join()
    assert log.verify(tmp_path).n == 1 + 4 * 20 + 5
    assert len({*written}) == 80


def test_a_rotation_that_was_stopped_leaves_one_log(tmp_path: Path) -> None:
    looks(tmp_path, 3)
    os.link(tmp_path / log.NAME, tmp_path / "log-0000000003.jsonl")  # the new file did not take the place
    assert log.verify(tmp_path).n == 3
    looks(tmp_path, 1)
    old, _ = rotation.rotate(tmp_path, at=AT)
    assert [path.name for path in log.put_away(tmp_path)] == [old.name] == ["log-0000000004.jsonl"]
    assert log.verify(tmp_path).n == 5


def test_rotation_by_command_and_of_nothing(workspace: Path) -> None:
    assert run("log", "rotate", "-w", workspace).exit_code == ExitCode.PROBLEMS
    looks(workspace / "access", 2)
    answer = run("log", "rotate", "-w", workspace)
    assert (answer.exit_code, "log-0000000002.jsonl" in answer.output) == (ExitCode.OK, True)
    assert "3 lines, all in order" in run("log", "verify", "-w", workspace).output


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[" * 100_000 + b"\n", b"{}\n", "folder"])
def test_a_log_that_is_none_is_told_in_words(workspace: Path, content: bytes | str) -> None:
    path = workspace / "access" / log.NAME
    path.parent.mkdir()
    path.mkdir() if isinstance(content, str) else path.write_bytes(content)
    for command in ("verify", "show"):
        answer = run("log", command, "-w", workspace)
        assert answer.exit_code == ExitCode.PROBLEMS, answer.exception
        assert "log.jsonl" in answer.stderr


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/findes/ikke", 404), ("POST", "/gennemgang", 400), ("GET", "/api/v1/observations?audience=ssp", 403), ("DELETE", "/", 405)],
)
def test_whoever_has_signed_in_leaves_a_line_when_told_no(app: Flask, method: str, path: str, status: int) -> None:
    assert staff(app).open(path, method=method).status_code == status
    assert app.test_client().open(path, method=method).status_code != 200  # who has not signed in leaves none
    assert [
        (line.event, line.page.endswith(path.partition("?")[0])) for line in [line.entry for line in log.lines(access_of(app).folder)]
    ] == [("refused", True)]


# --- refresh -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("torn", [b"", b'{"data/goals.toml": "ab', b"[]", b'{"data/goals.toml": 5}', b"\xff"])
def test_a_torn_bookkeeping_file_never_freezes_a_file_for_good(workspace: Path, torn: bytes) -> None:
    goals, plans = workspace / "data" / "goals.toml", workspace / "data" / "plans.toml"
    goals.write_bytes(goals.read_bytes() + b"\n# of an older program\n")
    (workspace / ".default.json").write_bytes(torn)
    for _ in range(2):  # nobody knows whose change it is: it is left, and said each time, not taken for settled
        said = run("refresh", "-w", workspace).output
        assert said.count("yours stays: data/goals.toml") == 1
        assert "plans.toml" not in said
    goals.unlink()
    assert "now as embedded: data/goals.toml" in run("refresh", "-w", workspace).output
    assert run("refresh", "-w", workspace).output == ""
    plans.write_bytes(plans.read_bytes() + b"\n# mine\n")
    assert run("refresh", "-w", workspace).output == ""  # what is known to be the user's stays, unsaid


# --- what is kept by browsers --------------------------------------------------------------------------------------------


def test_a_file_of_figures_is_asked_for_again_and_a_map_s_parts_are_kept_under_the_program_s_mark(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/kort/tryg").get_data(as_text=True)
    download = re.search(r'href="(/udgave/\w+/hent/[^"]+\.csv)"', page)
    parts = re.findall(r'"(/udgave/\w+/(?:kort|tal)/[^"]+\.js(?:on)?\?v=\w{12})"', page)
    assert download
    assert len(set(parts)) == 4  # ground, orientation, outlines, figures
    answer = client.get(download[1])
    assert "immutable" not in answer.headers["Cache-Control"]
    assert client.get(download[1], headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    for address in (part for part in parts if "/kort/" in part):
        assert "immutable" in client.get(address).headers["Cache-Control"]
        assert "immutable" not in client.get(address.partition("?")[0]).headers["Cache-Control"]
        assert "immutable" not in client.get(address[:-1] + "!").headers["Cache-Control"]
