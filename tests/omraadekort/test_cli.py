"""The command line as scripts and people meet it: exit codes, lists of problems, never a traceback."""

from __future__ import annotations

import re
import signal
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from geo import pipeline
from omraadekort import cli, embedded
from omraadekort.exitcodes import ExitCode
from tests.readers.served import served

ROOT = Path(__file__).parent.parent.parent
COMMANDS = ("init", "refresh", "demo", "check", "build", "editions", "trace", "audit", "serve", "import")


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
    made = run("init", "--workspace", tmp_path / "var")
    assert made.exit_code == ExitCode.OK, made.output
    return tmp_path / "var"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an edition of the embedded default, without the demo."""
    folder = tmp_path_factory.mktemp("built") / "var"
    assert run("init", "-w", folder).exit_code == ExitCode.OK
    answer = run("build", "-w", folder)
    assert answer.exit_code == ExitCode.OK, answer.output
    return folder


# --- help that teaches ------------------------------------------------------------------------------------------------


def test_help_names_every_command_and_every_exit_code() -> None:
    shown = run("--help").output
    for command in COMMANDS:
        assert re.search(rf"^\W*{command}\b", shown, re.MULTILINE), command
    for code in ExitCode:
        assert re.search(rf"\b{int(code)} \w", shown), code


@pytest.mark.parametrize("command", ["init", "serve", "import boundaries", "import observations"])
def test_help_gives_an_example(command: str) -> None:
    assert f"omraadekort {command}" in run(*command.split(), "--help").output


def test_the_documented_exit_codes_are_the_ones_of_the_program() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {int(code) for code in re.findall(r"^\| `(\d+)` \|", readme, re.MULTILINE)} == set(map(int, ExitCode))


# --- wrong usage, no workspace ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [["bygg"], ["build", "--fast"], ["serve", "--port", "0"], ["import", "boundaries"], ["import", "boundaries", "no-such-file.geojson"]],
)
def test_wrong_usage_is_2(words: list[str]) -> None:
    assert run(*words).exit_code == ExitCode.USAGE


@pytest.mark.parametrize(
    "words", [["refresh"], ["demo"], ["check"], ["build"], ["serve"], ["editions"], ["import", "boundaries", __file__]]
)
def test_without_a_workspace_every_command_says_so_and_answers_3(words: list[str], tmp_path: Path) -> None:
    answer = run(*words, "--workspace", tmp_path / "nothing")
    assert answer.exit_code == ExitCode.NO_WORKSPACE
    assert "omraadekort init" in answer.stderr
    assert not list(tmp_path.iterdir())


def test_init_does_not_touch_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert run("init", "--workspace", tmp_path).exit_code == ExitCode.NO_WORKSPACE
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_init_copies_the_default_and_not_the_program(workspace: Path) -> None:
    names = {path.name for path in workspace.iterdir()}
    assert names == {"boundaries", "data", "registers", "editions", "reviews", "workspace.toml", ".default.json"}
    assert (workspace / "boundaries" / "sets.toml").is_file()
    assert not list(workspace.rglob("*.py"))
    assert not (workspace / "boundaries" / "outlines").exists()


def test_refresh_takes_what_is_new_and_leaves_what_the_user_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    default = tmp_path / "program"
    texts = {"data/kept.toml": "a", "data/mine.toml": "a", "data/gone.toml": "a", "data/both.toml": "a", "boundaries/sets.toml": "a"}
    for name, text in texts.items():
        (default / name).parent.mkdir(parents=True, exist_ok=True)
        (default / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(embedded, "folder", lambda: default)
    var = tmp_path / "var"
    run("init", "-w", var)
    assert run("refresh", "-w", var).stdout == ""
    (var / "data" / "mine.toml").write_text("mine", encoding="utf-8")
    (var / "data" / "both.toml").write_text("mine", encoding="utf-8")
    (default / "data" / "gone.toml").unlink()
    (default / "data" / "new.toml").write_text("b", encoding="utf-8")
    (default / "data" / "both.toml").write_text("b", encoding="utf-8")
    (default / "boundaries" / "sets.toml").write_text("b", encoding="utf-8")
    answer = run("refresh", "-w", var)
    assert answer.exit_code == ExitCode.OK
    assert {path.name: path.read_text(encoding="utf-8") for path in (var / "data").iterdir()} == {
        "kept.toml": "a", "mine.toml": "mine", "both.toml": "mine", "new.toml": "b",
    }  # fmt: skip
    assert (var / "boundaries" / "sets.toml").read_text(encoding="utf-8") == "b"
    assert re.findall(r"yours stays: (\S+)", answer.stdout) == ["data/both.toml"]
    assert run("refresh", "-w", var).stdout == ""


@pytest.mark.parametrize("where", ["before", "after", "environment"])
def test_the_workspace_can_be_named_in_three_places(where: str, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace.parent.parent)
    if where == "environment":
        monkeypatch.setenv("OMRAADEKORT_WORKSPACE", str(workspace))
        answer = run("editions")
    else:
        answer = run("--workspace", workspace, "editions") if where == "before" else run("editions", "--workspace", workspace)
    assert answer.exit_code == ExitCode.OK, answer.output
    assert "No editions yet" in answer.stdout


# --- check ------------------------------------------------------------------------------------------------------------


def test_check_of_the_default_finds_nothing(workspace: Path) -> None:
    answer = run("check", "--workspace", workspace)
    assert answer.exit_code == ExitCode.OK, answer.output
    assert "No problems." in answer.stdout


def test_check_lists_all_problems_of_all_files_at_once(workspace: Path) -> None:
    goals = workspace / "data" / "goals.toml"
    goals.write_text(goals.read_text(encoding="utf-8").replace('direction = "', 'direction = "side', 1), encoding="utf-8")
    rules = workspace / "data" / "disclosure.toml"
    rules.write_text("[[rule]\n", encoding="utf-8")
    layer = next((workspace / "boundaries" / "hotspot").glob("*.geojson"))
    layer.write_text(layer.read_text(encoding="utf-8") + " ", encoding="utf-8")
    answer = run("check", "--workspace", workspace)
    assert answer.exit_code == ExitCode.PROBLEMS
    for name in ("data/goals.toml", "data/disclosure.toml", f"boundaries/hotspot/{layer.name}"):
        assert name in answer.stderr, name
    assert "Traceback" not in answer.output


def test_a_faulty_figure_is_named_by_file_row_and_column(workspace: Path) -> None:
    table = sorted((workspace / "data").rglob("*.csv"))[0]
    lines = table.read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    cells[4] = "143%"
    lines[1] = ",".join(cells)
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    answer = run("check", "--workspace", workspace)
    assert answer.exit_code == ExitCode.PROBLEMS
    assert table.name in answer.stderr


# --- build ------------------------------------------------------------------------------------------------------------


def test_build_publishes_an_edition_and_editions_marks_it(built: Path) -> None:
    current = (built / "editions" / "current").read_text(encoding="utf-8").strip()
    answer = run("editions", "-w", built)
    assert answer.exit_code == ExitCode.OK
    assert re.search(rf"current\s+{current}", answer.stdout)


def test_a_scheduler_that_is_not_there_is_said_and_nothing_is_published(built: Path) -> None:
    before = sorted(path.name for path in (built / "editions").iterdir())
    assert run("demo", "-w", built).exit_code == ExitCode.OK
    answer = run("build", "--scheduler", "tcp://127.0.0.1:1", "-w", built)
    assert answer.exit_code == ExitCode.PROBLEMS
    assert "tcp://127.0.0.1:1" in answer.stderr
    assert "Traceback" not in answer.output
    assert sorted(path.name for path in (built / "editions").iterdir()) == before


def test_a_faulty_file_publishes_nothing_and_leaves_the_edition_before(built: Path) -> None:
    before = (built / "editions" / "current").read_bytes()
    listed = sorted(path.name for path in (built / "editions").iterdir())
    goals = built / "data" / "goals.toml"
    kept = goals.read_text(encoding="utf-8")
    goals.write_text("[[goal]]\nid = 5\n", encoding="utf-8")
    answer = run("build", "-w", built)
    goals.write_text(kept, encoding="utf-8")
    assert answer.exit_code == ExitCode.PROBLEMS
    assert "data/goals.toml, row 1, column id" in answer.stderr
    assert (built / "editions" / "current").read_bytes() == before
    assert sorted(path.name for path in (built / "editions").iterdir()) == listed


def test_ctrl_c_is_130(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "build", stopped)
    answer = run("build", "-w", workspace)
    assert answer.exit_code == ExitCode.STOPPED
    assert not list((workspace / "editions").iterdir())


# --- import -----------------------------------------------------------------------------------------------------------


def test_an_import_of_something_else_answers_1_and_leaves_the_workspace(workspace: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    for kind, name in (("boundaries", "layer.geojson"), ("observations", "figures.csv")):
        stranger = tmp_path / name
        stranger.write_text("\x1b[31mnot what its name says\n", encoding="utf-8")
        answer = run("import", kind, stranger, "-w", workspace)
        assert answer.exit_code == ExitCode.PROBLEMS, answer.output
        assert name in answer.stderr
        assert "\x1b" not in answer.stderr
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before


# --- serve ------------------------------------------------------------------------------------------------------------


def test_serve_without_an_edition_is_4(workspace: Path) -> None:
    answer = run("serve", "-w", workspace)
    assert answer.exit_code == ExitCode.CANNOT_SERVE


def test_serve_on_a_taken_port_is_4_and_says_so(built: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = run("serve", "-w", built, "--port", str(taken.getsockname()[1]))
    assert answer.exit_code == ExitCode.CANNOT_SERVE
    assert "--port" in answer.stderr


def test_serve_refuses_a_setting_that_does_not_exist(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMRAADEKORT_TILE_ULR", "https://example.dk/{z}/{x}/{y}.png")
    answer = run("serve", "-w", built)
    assert answer.exit_code == ExitCode.PROBLEMS
    assert "OMRAADEKORT_TILE_ULR" in answer.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serve_answers_and_stops_cleanly(built: Path, stop: signal.Signals) -> None:
    with served(built) as server:
        assert server.get("/healthz") == 200
        after = server.stop(stop)
        assert server.process.returncode == ExitCode.OK, after
        assert server.address in "".join(server.said)
        assert "Traceback" not in "".join(server.said) + after
