"""A head of the access log that is empty or torn: it is told, and the way out is a command."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from typer.testing import CliRunner

from geo.errors import GeoError
from omraadekort import cli
from tests.readers.signed import access_of, staff
from webmap.access import log, rotation


def written(folder: Path) -> list[log.Head]:
    """A log of five looks; the head after each."""
    return [log.append(folder, at=f"2026-11-21T12:00:0{number}Z", event="look", user="local:anna") for number in range(5)]


def cut(folder: Path, first: int, last: int) -> None:
    """Leave only these lines of the log."""
    path = folder / log.NAME
    path.write_text("".join(path.read_text().splitlines(keepends=True)[first:last]))


def run(folder: Path, *command: str) -> tuple[int, str]:
    (folder / "workspace.toml").touch()
    answer = CliRunner().invoke(cli.app, ["--workspace", str(folder), *command])
    return answer.exit_code, answer.output


TORN = [b"", b"\n", b"\0" * 67, b"3:", b"3:00ff", b"\xff\xfe3:" + b"0" * 64]


@pytest.mark.parametrize("torn", TORN)
def test_a_torn_head_is_told_to_people_and_the_way_out_is_a_command(app: Flask, tmp_path: Path, torn: bytes) -> None:
    staff(app).get("/kort/tryg")
    (tmp_path / "access" / log.HEAD).write_bytes(torn)
    answer = staff(app).get("/kort/tryg")
    assert answer.status_code == 503
    assert "omraadekort log verify" in answer.get_data(as_text=True)
    assert app.test_client().get("/kort/tryg").status_code == 200
    code, said = run(tmp_path, "log", "verify")
    assert (code, "omraadekort log mend" in said) == (1, True)
    assert run(tmp_path, "log", "mend")[0] == 0
    assert staff(app).get("/kort/tryg").status_code == 200
    assert [line.entry.event for line in log.lines(access_of(app).folder)] == ["look", "head made anew", "look"]
    assert run(tmp_path, "log", "verify")[0] == 0


def test_a_torn_head_is_not_made_anew_over_a_broken_chain_or_a_log_that_was_cut(tmp_path: Path) -> None:
    heads = written(tmp_path)
    cut(tmp_path, 0, 3)
    (tmp_path / log.HEAD).write_bytes(b"")
    with pytest.raises(GeoError, match="cut off"):
        rotation.mend(tmp_path, at="2026-11-27T08:00:00Z", heads=(heads[4],))
    cut(tmp_path, 1, 3)
    with pytest.raises(GeoError, match="does not follow"):
        rotation.mend(tmp_path, at="2026-11-27T08:00:00Z")
    assert (tmp_path / log.HEAD).read_bytes() == b""


def test_a_head_that_can_be_read_stays_as_it_is(tmp_path: Path) -> None:
    last = written(tmp_path)[-1]
    assert rotation.mend(tmp_path, at="2026-11-27T08:00:00Z") == last
    assert len(list(log.lines(tmp_path))) == 5


@pytest.mark.parametrize("kept", [1, 3, 5])
def test_lines_without_a_head_are_told_and_not_written_on_until_it_is_made_anew(tmp_path: Path, kept: int) -> None:
    folder = tmp_path / "access"
    heads = written(folder)
    cut(folder, 0, kept)
    (folder / log.HEAD).unlink()
    code, said = run(tmp_path, "log", "verify")
    assert (code, "omraadekort log mend" in said, "in order" in said) == (1, True, False)
    with pytest.raises(GeoError, match="is gone"):
        log.append(folder, at="2026-11-27T08:00:00Z", event="look", user="local:anna")
    if kept < 5:
        assert run(tmp_path, "log", "mend", "--head", str(heads[4]))[0] == 1  # who kept a head elsewhere learns of the cut
    assert run(tmp_path, "log", "mend")[0] == 0
    assert [line.entry.event for line in log.lines(folder)] == ["look"] * kept + ["head made anew"]
    assert run(tmp_path, "log", "verify")[0] == 0


def test_a_new_log_has_its_head_before_its_first_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise OSError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(log, "remember", crash)
        for _ in range(3):
            with pytest.raises(OSError, match="power"):
                log.append(tmp_path, at="2026-11-27T08:00:00Z", event="look", user="local:anna")
    assert log.verify(tmp_path).n == 3
    assert log.append(tmp_path, at="2026-11-27T08:00:00Z", event="look", user="local:anna").n == 4


def test_a_log_that_lies_in_files_put_away_alone_is_not_begun_anew(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / log.NAME).rename(tmp_path / "log-0000000005.jsonl")
    (tmp_path / log.HEAD).unlink()
    with pytest.raises(GeoError, match="is gone"):
        log.append(tmp_path, at="2026-11-27T08:00:00Z", event="look", user="local:anna")


def test_a_log_that_does_not_verify_is_not_put_away(tmp_path: Path) -> None:
    folder = tmp_path / "access"
    written(folder)
    lines = (folder / log.NAME).read_text().splitlines(keepends=True)
    (folder / log.NAME).write_text("".join(lines[:2] + lines[3:]))
    code, said = run(tmp_path, "log", "rotate")
    assert (code, "does not follow" in said) == (1, True)
    assert log.put_away(folder) == []
    (folder / log.NAME).write_text("".join(lines))
    (folder / log.HEAD).unlink()
    code, said = run(tmp_path, "log", "rotate")
    assert (code, "omraadekort log mend" in said) == (1, True)


def test_in_a_workspace_where_nobody_has_signed_in_there_is_nothing_to_put_away(tmp_path: Path) -> None:
    code, said = run(tmp_path, "log", "rotate")
    assert (code, "there is no line to put away" in said) == (1, True)
    assert not (tmp_path / "access").exists()
