"""The wheel: it holds every file of its packages, and installed away from the clone it makes, builds and serves a city."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.records import copies

ROOT = Path(__file__).parents[2]
PACKAGES = ("geo", "webmap", "omraadekort")
EMBEDDED = ("boundaries", "data")
PATIENCE = 60
"""Seconds that a server may take to answer on a busy machine."""


def run(*command: str | Path, where: Path) -> str:
    """Run a command without what the tests' own environment adds to Python's path; what it wrote, or the test fails with it."""
    left_out = {"PYTHONPATH", "OMRAADEKORT_WORKSPACE"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    answer = subprocess.run(command, cwd=where, env=kept, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-2000:]
    return answer.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the tracked files, by way of a source distribution, as `python -m build` makes both."""
    folder = tmp_path_factory.mktemp("wheel")
    source = copies.of_tracked(ROOT, folder / "source")
    command = (sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"))
    answer = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-2000:]
    (made,) = (folder / "dist").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `omraadekort` of an environment that has the wheel, and the locked packages of the environment of the tests."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "env", where=folder)
    python = folder / "env" / "bin" / "python"
    installer = (sys.executable, "-m", "pip", "--python", str(python), "--quiet", "--disable-pip-version-check")
    run(*installer, "install", "--no-index", "--no-deps", wheel, where=folder)
    own = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", where=folder).strip())
    locked = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (own / "locked.pth").write_text("\n".join(locked) + "\n", encoding="utf-8")
    return python.with_name("omraadekort")


def test_the_wheel_holds_every_file_of_its_packages_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    tracked = {path.as_posix() for path in copies.tracked(ROOT)}
    ours = {name for name in tracked if name.split("/")[0] in PACKAGES}
    embedded = {f"omraadekort/embedded/{name}" for name in tracked if name.split("/")[0] in EMBEDDED}
    assert held == ours | embedded | {"wsgi.py"}


def test_the_wheel_may_not_be_uploaded(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (archive.read(name).decode() for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    assert "Classifier: Private :: Do Not Upload" in metadata


def test_away_from_the_clone_it_makes_builds_and_serves_a_city(program: Path, tmp_path: Path) -> None:
    where = run(program.with_name("python"), "-c", "import geo, webmap; print(geo.__file__, webmap.__file__)", where=tmp_path)
    assert str(ROOT) not in where
    workspace = tmp_path / "city"
    for step in ("init", "demo", "build"):
        run(program, "--workspace", workspace, step, where=tmp_path)
    assert run(program, "--workspace", workspace, "refresh", where=tmp_path) == ""
    with served(program, workspace) as base:
        page = answered(f"{base}/")
        style = re.search(r'href="(/[^"]+\.css[^"]*)"', page)
        assert style is not None
        assert "{" in answered(base + style[1])
        assert "<html" in answered(f"{base}/en/")


def answered(address: str) -> str:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310  our own server
        return str(answer.read().decode())


@contextmanager
def served(program: Path, workspace: Path) -> Iterator[str]:
    """`omraadekort serve` on a free port, until the block ends: the address that it answers at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = (program, "--workspace", workspace, "serve", "--port", str(port))
    server = subprocess.Popen(command, cwd=workspace.parent, env=kept, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/healthz", server)
        yield base
    finally:
        server.terminate()
        server.wait(PATIENCE)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        try:
            answered(address)
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not answer")
