"""The access log: what it holds, that its chain holds, and which tampering shows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from typer.testing import CliRunner

from geo.errors import GeoError
from omraadekort import cli
from tests.readers.signed import access_of, sign_in, ssp, staff
from tests.towns.webtown import INSIDE, publish
from webmap.access import Role, log
from webmap.app import create_app
from webmap.settings import Settings

ROOT = Path(__file__).parent.parent.parent.parent


def written(folder: Path, count: int = 5) -> list[log.Head]:
    """A log of so many looks; returns the head after each."""
    return [
        log.append(folder, at=f"2026-11-21T12:00:0{number}Z", event="look", user="local:anna", figures=number, purpose="kontrol")
        for number in range(count)
    ]


def change(folder: Path, edit: Callable[[list[str]], list[str]]) -> None:
    """Edit the lines of the log as somebody with the right to write could."""
    path = folder / log.NAME
    path.write_text("".join(edit(path.read_text().splitlines(keepends=True))))


def rewrite(lines: list[str], number: int, **parts: object) -> list[str]:
    """Change an entry and leave its hash."""
    line = json.loads(lines[number])
    line["entry"] |= parts
    return [*lines[:number], json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n", *lines[number + 1 :]]


def forge(lines: list[str], number: int, folder: Path) -> list[str]:
    """Change an entry and write the whole chain anew from there: what somebody who knows this program can do."""
    path = folder / log.NAME
    path.write_text("".join(lines[:number]))
    last = json.loads(lines[number - 1])
    (folder / log.HEAD).write_text(f"{last['entry']['n']}:{last['hash']}\n")
    for line in lines[number:]:
        entry = json.loads(line)["entry"]
        kept = {name: value for name, value in entry.items() if name not in {"n", "before", "at", "event", "user"}}
        log.append(folder, at=entry["at"], event=entry["event"], user="local:bent", **kept)
    return path.read_text().splitlines(keepends=True)


# --- the chain --------------------------------------------------------------------------------------------------------


def test_an_untouched_log_is_in_order(tmp_path: Path) -> None:
    assert log.verify(tmp_path / "none").n == 0
    heads = written(tmp_path)
    assert log.verify(tmp_path) == heads[-1]
    assert log.verify(tmp_path, heads=tuple(heads)) == heads[-1]
    assert [line.entry.figures for line in log.lines(tmp_path)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("edit", "row"),
    [
        (lambda lines: rewrite(lines, 2, user="local:bent"), 3),
        (lambda lines: rewrite(lines, 0, at="2026-11-22T12:00:00Z"), 1),
        (lambda lines: rewrite(lines, 4, figures=1000), 5),
        (lambda lines: rewrite(lines, 2, ny="felt"), 3),
        (lambda lines: rewrite(lines, 3, n=7), 4),
        (lambda lines: lines[1:], 1),
        (lambda lines: lines[:2] + lines[3:], 3),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2),
        (lambda lines: [*lines[:2], lines[1], *lines[2:]], 3),
        (lambda lines: lines[:3], 4),
        (lambda lines: lines[:-1], 5),
        (lambda _lines: [], 1),
        (lambda lines: [*lines[:2], "\n", *lines[2:]], 3),
        (lambda lines: [*lines[:2], "{}\n", *lines[2:]], 3),
        (lambda lines: [*lines[:-1], lines[-1].rstrip("\n")], 5),
        (lambda lines: [lines[0].replace('{"entry"', '{ "entry"'), *lines[1:]], 1),
        (lambda lines: [lines[0], lines[1].replace("kontrol", "\x00"), *lines[2:]], 2),
    ],
)
def test_what_was_changed_taken_out_put_in_moved_or_cut_off_shows(tmp_path: Path, edit: Callable[[list[str]], list[str]], row: int) -> None:
    written(tmp_path)
    change(tmp_path, edit)
    with pytest.raises(GeoError) as error:
        log.verify(tmp_path)
    assert error.value.problems[0].row == row


def test_a_chain_written_anew_shows_only_against_a_head_that_was_kept_elsewhere(tmp_path: Path) -> None:
    heads = written(tmp_path)
    change(tmp_path, lambda lines: forge(lines, 2, tmp_path))
    assert log.verify(tmp_path).n == 5  # the limit of a chain that whoever holds the file can compute
    assert log.verify(tmp_path, heads=(heads[1],)).n == 5  # before the forgery
    with pytest.raises(GeoError, match="another line"):
        log.verify(tmp_path, heads=(heads[3],))


def test_a_tail_cut_off_with_its_head_shows_only_against_a_head_that_was_kept_elsewhere(tmp_path: Path) -> None:
    heads = written(tmp_path)
    change(tmp_path, lambda lines: lines[:2])
    (tmp_path / log.HEAD).write_text(f"{heads[1]}\n")
    assert log.verify(tmp_path) == heads[1]
    with pytest.raises(GeoError, match="cut off"):
        log.verify(tmp_path, heads=(heads[4],))


@pytest.mark.parametrize("kept", [0, 2, 4])
def test_a_log_whose_end_was_cut_off_is_not_written_on(tmp_path: Path, kept: int) -> None:
    written(tmp_path)
    change(tmp_path, lambda lines: lines[:kept])
    for _ in range(3):
        with pytest.raises(GeoError, match="cut off"):
            log.append(tmp_path, at="2026-11-21T13:00:00Z", event="look", user="local:anna")
    with pytest.raises(GeoError, match="cut off"):
        log.verify(tmp_path)


@pytest.mark.parametrize("text", ["", "1", "1:", "x:" + "0" * 64, "1:" + "0" * 63, "-1:" + "0" * 64, "²:" + "0" * 64])
def test_a_head_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(GeoError):
        log.head(text)


# --- crashes and many writers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("torn", ['{"entry":{"n":6,"at":"20', "x", "{" * 9000])
def test_a_line_that_a_crash_left_half_written_is_taken_away(tmp_path: Path, torn: str) -> None:
    written(tmp_path)
    with (tmp_path / log.NAME).open("a") as file:
        file.write(torn)
    log.append(tmp_path, at="2026-11-21T13:00:00Z", event="look", user="local:anna")
    assert log.verify(tmp_path).n == 6


def test_a_head_that_is_behind_is_no_tampering(tmp_path: Path) -> None:
    heads = written(tmp_path)
    (tmp_path / log.HEAD).write_text(f"{heads[3]}\n")
    assert log.verify(tmp_path) == heads[4]


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, line: real(file, line[: len(line) // 2]))
    with pytest.raises(OSError, match="full"):
        log.append(tmp_path, at="2026-11-21T13:00:00Z", event="look", user="local:anna")
    monkeypatch.undo()
    assert log.verify(tmp_path).n == 5
    log.append(tmp_path, at="2026-11-21T13:00:00Z", event="look", user="local:anna")
    assert log.verify(tmp_path).n == 6


WRITER = """
import sys
from pathlib import Path
from webmap.access import log
for number in range(int(sys.argv[2])):
    print(log.append(Path(sys.argv[1]), at="2026-11-21T13:00:00Z", event="look", user="local:" + sys.argv[3]).n, flush=True)
"""


def start(folder: Path, count: int, who: str) -> subprocess.Popen[str]:
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WRITER, str(folder), str(count), who]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings)


def test_workers_that_write_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    writers = [start(tmp_path, 100, who) for who in ("a", "b", "c")]
    numbers = [int(number) for writer in writers for number in writer.communicate()[0].split()]
    assert sorted(numbers) == list(range(1, 301))
    assert log.verify(tmp_path).n == 300


def test_a_writer_that_is_killed_loses_nothing_that_it_had_said(tmp_path: Path) -> None:
    said = 0
    for kill in range(4):
        writer = start(tmp_path, 100_000, "a")
        assert writer.stdout
        for _ in range(20 + 7 * kill):
            said = max(said, int(writer.stdout.readline()))
        writer.kill()
        said = max([said, *(int(number) for number in writer.communicate()[0].split())])
    assert log.verify(tmp_path).n >= said
    log.append(tmp_path, at="2026-11-21T13:00:00Z", event="look", user="local:anna")
    assert log.verify(tmp_path).n > said


# --- what the pages write -----------------------------------------------------------------------------------------------


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    publish(tmp_path / "editions")
    return create_app(Settings(workspace=tmp_path))


def entries(app: Flask) -> list[log.Entry]:
    return [line.entry for line in log.lines(access_of(app).folder)]


def test_a_look_says_who_what_for_where_and_how_many_and_never_the_figures(app: Flask, tmp_path: Path) -> None:
    staff(app).get("/kort/tryg?inddeling=square&periode=2010&omraade=0103")
    ssp(app).get("/omraade/square/0103")
    first, second = entries(app)
    assert (first.event, first.user, first.roles, first.audience, first.purpose) == ("look", "test:anna", ("staff",), "staff", "kontrol")
    assert (first.area, first.indicator, first.figures) == ("square", "tryg", 6)
    assert first.page == "maps.page /kort/tryg"
    assert first.edition
    assert (second.user, second.audience, second.purpose, second.area) == ("test:sven", "ssp", "indsats", "square/0103")
    text = re.sub(r'"at":"[^"]*"', "", (tmp_path / "access" / log.NAME).read_text())  # a clock may show any two digits
    assert not [value for value in INSIDE.values() if re.search(rf"(?<![0-9a-f-]){value:.0f}(?![0-9a-f])", text)]


def test_what_is_public_is_not_logged_whoever_looks(app: Flask) -> None:
    app.test_client().get("/kort/tryg")
    sign_in(app, Role.STAFF, Role.ADMIN).get("/kort/tryg")  # as the public
    staff(app).get("/static/omraadekort.css")
    staff(app).get("/tilgaengelighed")
    assert entries(app) == []


def test_a_person_who_is_refused_is_logged_too(app: Flask) -> None:
    assert staff(app).get("/udgivelse").status_code == 403
    assert [(one.event, one.page) for one in entries(app)] == [("refused", "publish /udgivelse")]


def test_what_does_not_exist_is_told_no_and_is_no_look(app: Flask) -> None:
    client = staff(app)
    for path in ("/kort/nix", "/omraade/square/nix", "/nowhere"):
        assert client.get(path).status_code == 404
    assert {line.event for line in entries(app)} == {"refused"}


@pytest.mark.parametrize("path", ["/", "/kort/tryg", "/api/v1/observations?audience=staff", "/api/v1/observations.csv?audience=staff"])
def test_no_look_without_its_line(app: Flask, tmp_path: Path, path: str) -> None:
    client = staff(app)
    (tmp_path / "access" / log.NAME).mkdir()  # so that it cannot be written
    answer = client.get(path)
    assert answer.status_code == 503
    assert not [part for part in INSIDE.values() if f"{part:.0f}\u00a0%" in answer.get_data(as_text=True) or f"{part}" in answer.text]


def test_hostile_words_stay_one_line(app: Flask) -> None:
    client = sign_in(app, Role.STAFF)
    form = client.get("/formaal").get_data(as_text=True)
    words = 'a"}\n{"entry":1}\u2028\x00\u202e' + "x" * 500
    fields = {"csrf": form.split('name="csrf" value="')[1][:64], "rolle": "staff", "formaal": "andet", "andet": words}
    assert client.post("/formaal", data=fields).status_code == 302
    client.get("/data")
    assert log.verify(access_of(app).folder).n == 2
    (_, look) = entries(app)
    assert len(look.purpose) <= 200
    assert look.purpose.isprintable()


# --- the commands -------------------------------------------------------------------------------------------------------


def run(folder: Path, *command: str) -> tuple[int, str]:
    (folder / "workspace.toml").touch()
    answer = CliRunner().invoke(cli.app, ["--workspace", str(folder), *command])
    return answer.exit_code, answer.output


def test_log_verify_and_show(app: Flask, tmp_path: Path) -> None:
    staff(app).get("/kort/tryg")
    ssp(app).get("/omraade/square/0103")
    code, said = run(tmp_path, "log", "verify")
    assert (code, said[:8]) == (0, "2 lines,")
    head = said.split("Head: ")[1].strip()
    assert run(tmp_path, "log", "verify", "--head", head)[0] == 0
    shown = run(tmp_path, "log", "show")[1].splitlines()
    assert len(shown) == 2
    assert len(run(tmp_path, "log", "show", "--user", "test:sven")[1].splitlines()) == 1
    assert run(tmp_path, "log", "show", "--since", "2999-01-01")[1] == ""
    change(tmp_path / "access", lambda lines: lines[1:])
    code, said = run(tmp_path, "log", "verify")
    assert code == 1
    assert "row 1" in said
    assert run(tmp_path, "log", "verify", "--head", "nix")[0] == 1


def test_what_is_written_before_the_command_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMRAADEKORT_WORKSPACE", str(tmp_path / "elsewhere"))
    assert run(tmp_path, "log", "verify")[0] == 0
    assert CliRunner().invoke(cli.app, ["log", "verify"]).exit_code == 3


def test_a_log_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    assert run(tmp_path, "log", "verify")[0] == 0
    assert run(tmp_path, "log", "show") == (0, "")
    assert CliRunner().invoke(cli.app, ["--workspace", str(tmp_path / "nix"), "log", "verify"]).exit_code == 3
