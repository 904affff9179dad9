"""`omraadekort build` as scripts and people meet it: at once when nothing changed, explained when asked, stopped without a trace."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from geo import pipeline
from omraadekort import cli
from omraadekort.exitcodes import ExitCode

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def _wide_and_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMRAADEKORT_WORKSPACE", raising=False)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("NO_COLOR", "1")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace as `init` makes it, without the demo."""
    assert run("init", "--workspace", tmp_path / "var").exit_code == ExitCode.OK
    return tmp_path / "var"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an edition of the embedded default, without the demo."""
    folder = tmp_path_factory.mktemp("built") / "var"
    assert run("init", "-w", folder).exit_code == ExitCode.OK
    assert run("build", "-w", folder).exit_code == ExitCode.OK
    return folder


def test_build_does_nothing_until_a_file_changes(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    real = pipeline.build
    monkeypatch.setattr(pipeline, "build", lambda *given, **named: calls.append("built") or real(*given, **named))
    for words in (["build"], ["build", "--if-changed"]):
        assert "Nothing changed" in run(*words, "-w", built).stdout
    assert calls == []
    calendar = built / "data" / "calendar.toml"
    calendar.write_text(calendar.read_text(encoding="utf-8") + "# a thought\n", encoding="utf-8")
    assert run("build", "-w", built).exit_code == ExitCode.OK
    assert calls == ["built"]
    assert "Nothing changed" in run("build", "-w", built).stdout
    assert run("build", "--anew", "-w", built).exit_code == ExitCode.OK
    assert calls == ["built", "built"]


def test_build_mends_an_edition_that_was_damaged(built: Path) -> None:
    current = (built / "editions" / "current").read_text(encoding="utf-8").strip()
    table = built / "editions" / current / "public" / "observations.parquet"
    whole = table.read_bytes()
    table.write_bytes(whole[:-1] + b"!")
    assert "is current" in run("build", "-w", built).stdout
    assert table.read_bytes() == whole
    assert not list((built / "editions").glob(".new-*"))


def test_a_build_with_nothing_to_do_answers_at_once(built: Path) -> None:
    code = "import sys\nfrom omraadekort.cli import app\ntry: app()\nfinally: print('pandas' in sys.modules or 'geopandas' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code, "build", "-w", str(built)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[0].startswith("Nothing changed")
    assert answer.stdout.splitlines()[-1] == "False"


def test_build_explains_what_it_did_and_what_it_kept(built: Path) -> None:
    assert run("build", "-w", built).exit_code == ExitCode.OK
    calendar = built / "data" / "calendar.toml"
    calendar.write_text(calendar.read_text(encoding="utf-8") + "# another thought\n", encoding="utf-8")
    answer = run("build", "--explain", "-w", built)
    assert "data/calendar.toml is changed" in answer.stdout
    rows = {line.split(" | ")[0]: line.split(" | ") for line in answer.stdout.splitlines() if " | " in line}
    assert list(rows) == ["step", *pipeline.STEPS, "all"]
    assert rows["overlaps"][1:3] == ["kept", "outlines and residents as before"]
    assert all(float(rows[step][3]) >= 0 and float(rows[step][4]) > 50 for step in pipeline.STEPS)
    assert re.search(r"^overlaps: [\d.]+ s, kept$", answer.stderr, re.MULTILINE)
    again = run("build", "--explain", "-w", built)
    assert "all | kept | inputs, program and edition" in again.stdout


@pytest.mark.parametrize("step", ["registers", "overlaps", "edition"])
def test_ctrl_c_leaves_nothing(step: str, workspace: Path) -> None:
    assert run("demo", "-w", workspace).exit_code == ExitCode.OK
    command = [sys.executable, "-m", "omraadekort", "build", "-w", str(workspace)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any(line.strip().endswith(f"/8 {step}") for line in process.stderr)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(timeout=60) in {ExitCode.STOPPED, ExitCode.OK}, said  # OK where the last step was over first
    assert "Traceback" not in said
    assert not [path for path in workspace.rglob(".*") if path.name != ".default.json"]
