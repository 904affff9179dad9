"""Files that mean harm at every door: refused in words, in seconds, and the workspace stays as it was."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from geo import check
from geo.errors import InputError, WorkspaceError
from geo.files import apart, limits, provenance, tomlfile
from geo.files.layers import reading
from geo.files.limits import FileLimits
from geo.inputs import catalogue
from omraadekort import cli
from tests.records import hostile
from tests.records.hostile import FILES, HOLE
from tests.towns import toytown


@pytest.fixture
def town(tmp_path: Path) -> toytown.Workspace:
    return toytown.write(tmp_path / "workspace")


@pytest.mark.parametrize("name", FILES)
def test_it_is_refused_in_words_and_in_seconds(town: toytown.Workspace, name: str) -> None:
    sent, path = FILES[name], town.folder.parent / f"fil{FILES[name].ending}"
    sent.make(path)
    before, begun = toytown.tree(town.folder), time.process_time()
    done = CliRunner().invoke(cli.app, ["import", sent.door, str(path), "--workspace", str(town.folder)])
    assert done.exit_code == 1, done.output + repr(done.exception)
    assert "Traceback" not in done.output
    assert path.name in done.stderr
    assert done.stderr.isprintable() or not [sign for sign in done.stderr if ord(sign) < 32 and sign not in "\n\t"]
    assert time.process_time() - begun < 10
    assert toytown.tree(town.folder) == before


# --- the child process ---------------------------------------------------------------------------------------------------


@pytest.fixture
def bounded() -> Iterator[None]:
    """The limits of the process are as they were when the test ends."""
    yield
    limits.choose(FileLimits())


def test_a_layer_is_the_same_read_apart(town: toytown.Workspace) -> None:
    path = town.boundaries / "square" / "2010-01-01.geojson"
    here, there = reading.read(path, file=path.name), apart.read(path, file=path.name)
    assert here.equals(there)
    assert here.crs == there.crs


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize(
    ("bounds", "said"), [(FileLimits(layer_memory_mb=1), "MB of memory"), (FileLimits(layer_mb=1), "the file is too large")]
)
def test_a_layer_that_takes_too_much_is_refused_with_the_setting(town: toytown.Workspace, bounds: FileLimits, said: str) -> None:
    path = town.folder.parent / "layer.geojson"
    hostile.piles(path, 6_000)
    limits.choose(bounds)
    with pytest.raises(InputError, match=said) as refused:
        apart.read(path, file=path.name)
    assert "workspace.toml" in str(refused.value)


@pytest.mark.usefixtures("bounded")
def test_a_reader_that_never_ends_is_stopped(town: toytown.Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    path = town.boundaries / "square" / "2010-01-01.geojson"
    limits.choose(FileLimits(layer_seconds=1))
    for endless in ("while True: pass", "import time; time.sleep(60)"):
        program = f"{apart._FIND}; from geo.files.limits import FileLimits; apart.shut_in(FileLimits(layer_seconds=1))\n{endless}"
        monkeypatch.setattr(apart, "_START", program)
        with pytest.raises(InputError, match="takes too much to read"):
            apart.read(path, file=path.name)


def test_a_reader_that_dies_is_told_in_words(town: toytown.Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    path = town.boundaries / "square" / "2010-01-01.geojson"
    monkeypatch.setattr(apart, "_START", "import os; os.abort()")
    with pytest.raises(InputError, match="it stops the program that reads it"):
        apart.read(path, file=path.name)


@pytest.mark.parametrize(
    "attempt", ["open(sys.argv[1], 'wb', buffering=0).write(b'x')", "socket.create_connection(('127.0.0.1', int(sys.argv[1])), 3)"]
)
def test_the_reader_writes_no_file_and_asks_no_network(tmp_path: Path, attempt: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = str(server.getsockname()[1]) if "socket" in attempt else str(tmp_path / "made")
        script = (
            f"{apart._ALONE}; {apart._FIND}; import socket; from geo.files.limits import FileLimits; apart.shut_in(FileLimits())\n{attempt}"
        )
        command = [sys.executable, "-c", script, str(Path(__file__).parents[2]), target]
        said = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    if "socket" in attempt and subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this kernel lets nobody leave the network")
    assert "OSError" in said.stderr, said


# --- other doors ---------------------------------------------------------------------------------------------------------


def test_a_sidecar_whose_link_would_run_is_refused(town: toytown.Workspace) -> None:
    path = town.folder / toytown.FIGURES
    for address in ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//example.dk", "https://a.dk/\u202ex", "ftp://a.dk"):
        said = toytown.Sidecar(
            title="t", producer="p", licence="l", retrieved=dt.date(2020, 1, 1), sha256=provenance.sha256(path), changed="", url=address
        )
        provenance.write(path, said)
        with pytest.raises(InputError) as refused:
            provenance.read(path)
        assert "url" in {problem.column for problem in refused.value.problems}


def test_a_catalogue_with_signs_that_cannot_be_seen_is_refused(town: toytown.Workspace) -> None:
    path = town.data / "sources.toml"
    text = path.read_text("utf-8")
    for sign in ("\\u001b[2J", "\\u202e", "\\u200f", "\\u0000"):
        path.write_text(text.replace('title = "', f'title = "{sign}', 1), "utf-8")
        with pytest.raises(InputError, match="no controls or turns of direction"):
            catalogue.read(town.data, town.boundaries)
    path.write_text(text, "utf-8")
    assert catalogue.read(town.data, town.boundaries)


def test_a_catalogue_of_holes_or_a_pipe_is_refused(town: toytown.Workspace) -> None:
    path = town.data / "goals.toml"
    path.write_bytes(b"")
    os.truncate(path, HOLE)
    with pytest.raises(InputError, match="too large"):
        tomlfile.parse(path, file="goals.toml")
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(InputError, match="a pipe or a device"):
        tomlfile.parse(path, file="goals.toml")


def test_check_opens_registers(town: toytown.Workspace) -> None:
    toytown.write_register(town.registers / "people.parquet")
    assert [line for line in check.inspect(town).good if line.startswith("register people: about")]
    path = town.registers / "people.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    assert any("people.parquet" in str(problem) for problem in check.inspect(town).problems)


@pytest.mark.parametrize("kind", ["hole", "pipe", "twice"])
def test_check_refuses_a_register_of_holes_a_pipe_and_a_column_twice(town: toytown.Workspace, kind: str) -> None:
    toytown.write_register(town.registers / "people.parquet")
    path = town.registers / "people.parquet"
    table = pq.read_table(path)
    if kind == "twice":
        pq.write_table(pa.Table.from_arrays([*table.columns, table["x"]], names=[*table.column_names, "x"]), path)
        sidecar = provenance.beside(path).read_text("utf-8")
        provenance.beside(path).write_text(
            re.sub(r'sha256 = "\w+"', f'sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"', sidecar)
        )
    else:
        path.unlink()
        if kind == "pipe":
            folder = town.registers / "people"
            folder.mkdir()
            os.mkfifo(folder / "people.parquet")
            provenance.beside(path).rename(town.registers / "people.toml")
        else:
            path.write_bytes(b"PAR1")
            os.truncate(path, HOLE)
    begun = time.process_time()
    problems = [str(problem) for problem in check.inspect(town).problems]
    assert time.process_time() - begun < 10
    assert any(word in said for said in problems for word in ("of holes", "a pipe or a device", "a column that stands twice")), problems


# --- the settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["layer_mb = 0", "layer_mb = true", 'layer_mb = "8"', "layer_md = 8", "layer_mb = 1.5"])
def test_a_limit_that_cannot_be_is_refused(town: toytown.Workspace, written: str) -> None:
    (town.folder / "workspace.toml").write_text(f"format = 1\n[files]\n{written}\n", "utf-8")
    with pytest.raises(WorkspaceError, match=r"files\."):
        limits.read(town.folder / "workspace.toml")


@pytest.mark.usefixtures("bounded")
def test_a_command_takes_the_limits_of_its_workspace(town: toytown.Workspace) -> None:
    (town.folder / "workspace.toml").write_text("format = 1\n[files]\ntable_mb = 7\n", "utf-8")
    CliRunner().invoke(cli.app, ["editions", "--workspace", str(town.folder)])
    assert limits.chosen() == FileLimits(table_mb=7)


def test_the_settings_page_lists_the_limits() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8").split("# Limits of files", 1)[1]
    assert dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", page, re.MULTILINE)) == {
        name: str(default) for name, default in dataclasses.asdict(FileLimits()).items()
    }
