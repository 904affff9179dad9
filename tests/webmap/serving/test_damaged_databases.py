"""Databases that are damaged: it is told, nobody is signed in or the room is closed, and the public pages are shown."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from omraadekort import cli
from omraadekort.commands import reviewing
from tests.readers.signed import access_of, enrol, staff, token
from tests.towns import reviewtown, webtown
from webmap.access.store import database as access
from webmap.access.store import sessions
from webmap.access.store.database import AccessDatabase
from webmap.app import create_app
from webmap.reviews.store import database
from webmap.settings import Settings


def hurt(path: Path, was: bytes, now: bytes) -> None:
    """Change some letters in the file of a database, after everything has been written into it."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = path.read_bytes()
    assert was in content
    path.write_bytes(content.replace(was, now))


def run(folder: Path, *command: str) -> tuple[int, str]:
    (folder / "workspace.toml").touch()
    answer = CliRunner().invoke(cli.app, ["--workspace", str(folder), *command])
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    return answer.exit_code, answer.output


@pytest.mark.parametrize(("was", "now"), [(b"Anna Holm", b"Anna Hulm"), (b"SQLite format", b"SQLite fermat")], ids=["a row", "the file"])
def test_while_accounts_are_damaged_nobody_is_signed_in_and_public_pages_are_shown(tmp_path: Path, was: bytes, now: bytes) -> None:
    webtown.publish(tmp_path / "editions")
    app = create_app(Settings(workspace=tmp_path))
    enrol(app, "anna")
    signed_in = staff(app).get_cookie(sessions.COOKIE)
    assert signed_in is not None
    form = token(app.test_client().get("/log-ind"))
    access_of(app).store._mine.connection.close()
    hurt(tmp_path / "access" / "access.sqlite", was, now)

    client = create_app(Settings(workspace=tmp_path)).test_client()
    client.set_cookie(sessions.COOKIE, signed_in.value, secure=True, httponly=True, samesite="Lax")
    page = client.get("/kort/tryg")
    assert page.status_code == 200
    assert "Log ind" in page.get_data(as_text=True)
    health = client.get("/healthz")
    assert (health.status_code, health.get_json()["accounts"]) == (200, "cannot be read")
    answer = client.post("/log-ind", data={"csrf": form, "navn": "anna", "kode": "x" * 12})
    assert answer.status_code in {400, 503}
    code, said = run(tmp_path, "users", "list")
    assert code == 1
    assert "from a backup" in said


def test_while_reviews_are_damaged_the_room_is_closed(tmp_path: Path) -> None:
    app = reviewtown.room(tmp_path)
    url = reviewtown.address(app)
    reviewtown.save(url, reviewtown.page_id(url), 1, note="Gården er blevet tryg")
    database.engine(url).dispose()
    hurt(tmp_path / "reviews" / "reviews.sqlite", "Gården er blevet tryg".encode(), "Gården er bleven tryg".encode())
    database._ready.clear()
    closed = staff(create_app(Settings(workspace=tmp_path, reviews_departments=reviewtown.DEPARTMENTS))).get(reviewtown.PAGE)
    assert closed.status_code == 503
    code, said = run(tmp_path, "reviews", "verify")
    assert (code, "the table" in said) == (1, True)
    assert run(tmp_path, "reviews", "upgrade")[0] == 1


def test_serve_goes_on_without_the_room(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = Settings(workspace=tmp_path).reviews_address
    reviewing.open_room(url)
    database.engine(url).dispose()
    (tmp_path / "reviews" / "reviews.sqlite").write_bytes(b"no database at all" * 100)
    reviewing.open_room(url)
    said = capsys.readouterr().err
    assert "The review room stays closed" in said
    assert "Traceback" not in said


def test_a_table_that_a_newer_version_brings_is_made_in_a_sealed_database_and_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    AccessDatabase(tmp_path).keep("INSERT INTO attempts VALUES ('x', 1, 1)")
    monkeypatch.setitem(access._TABLES, "newer", "name TEXT PRIMARY KEY")
    AccessDatabase(tmp_path).keep("INSERT INTO newer VALUES ('y')")
    again = AccessDatabase(tmp_path)
    again.check()
    assert [tuple(row) for row in again.ask("SELECT who FROM attempts UNION SELECT name FROM newer ORDER BY 1")] == [("x",), ("y",)]
