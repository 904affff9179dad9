"""Whether a build would change anything: every change of a byte is seen, whatever the times of the file say."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from geo.building import fingerprint
from geo.files.workspace import Workspace

PROGRAM = "a hash of the program"
EDITION = "0123456789abcdef"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace with a few files and one edition, remembered."""
    made = Workspace(tmp_path)
    for name in ("data/goals.toml", "boundaries/bydel/2007-01-01.geojson", "registers/people.parquet", f"editions/{EDITION}/manifest.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"before")
    (tmp_path / "editions" / "current").write_text(f"{EDITION}\n", encoding="utf-8")
    (tmp_path / "internal" / EDITION).mkdir(parents=True)
    (tmp_path / "internal" / EDITION / "public.npz").write_bytes(b"proofs")
    fingerprint.remember(made, EDITION, program=PROGRAM, inputs=fingerprint.inputs(made))
    return made


def why(place: Workspace, program: str = PROGRAM) -> str:
    last = fingerprint.read(place)
    return fingerprint.difference(place, last, program=program, inputs=fingerprint.inputs(place, last))


def test_nothing_changed(place: Workspace) -> None:
    assert why(place) == ""


def test_a_file_that_is_written_again_with_the_same_bytes_is_no_change(place: Workspace) -> None:
    (place.data / "goals.toml").write_bytes(b"before")
    assert why(place) == ""


def test_other_bytes_of_the_same_size_and_time_are_a_change(place: Workspace) -> None:
    path = place.data / "goals.toml"
    times = path.stat()
    path.write_bytes(b"after!")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert why(place) == "data/goals.toml is changed"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("registers/people.parquet", "registers/people.parquet is gone"),
        (f"editions/{EDITION}/manifest.json", "other editions lie there"),
        (f"internal/{EDITION}/public.npz", f"internal/{EDITION}/public.npz is damaged or gone"),
        ("editions/current", "the edition that it made is not the current one"),
        (f"internal/{fingerprint.NAME}", "nothing is kept of a build before"),
    ],
)
def test_what_is_taken_away_is_seen(place: Workspace, name: str, said: str) -> None:
    (place.folder / name).unlink()
    assert why(place) == said


def test_what_is_added_is_seen(place: Workspace) -> None:
    (place.editions / "other").mkdir()
    (place.editions / "other" / "manifest.json").write_bytes(b"{}")
    assert why(place) == "other editions lie there"
    (place.data / "new.csv").write_bytes(b"")
    assert why(place) == "data/new.csv is new"


def test_a_spoiled_edition_is_seen(place: Workspace) -> None:
    (place.editions / EDITION / "manifest.json").write_bytes(b"befure")
    assert why(place) == f"editions/{EDITION}/manifest.json is damaged or gone"


def test_another_program_is_seen(place: Workspace) -> None:
    assert "program" in why(place, "another hash")


def test_the_program_is_its_python_files(tmp_path: Path) -> None:
    (tmp_path / "cells.py").write_text("SIZE = 1\n", encoding="utf-8")
    before = fingerprint.program(tmp_path)
    assert fingerprint.program(tmp_path) == before
    (tmp_path / "cells.py").write_text("SIZE = 2\n", encoding="utf-8")
    assert fingerprint.program(tmp_path) != before


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"format": 0}', b'{"format": 1, "inputs": {"a": {}}}', b'{"format": 1, "inputs": 3}']
)
def test_what_is_kept_and_damaged_is_as_if_nothing_were_kept(place: Workspace, content: bytes) -> None:
    (place.internal / fingerprint.NAME).write_bytes(content)
    assert fingerprint.read(place) is None


def test_a_large_file_is_trusted_by_size_and_times_once_they_are_settled(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "LARGE", 6)
    name = "registers/people.parquet"
    last = fingerprint.read(place)
    assert last is not None
    settled = replace(last.inputs[name], hashed=last.inputs[name].status + 3_000_000_000, sha256="kept")
    early = replace(settled, hashed=last.inputs[name].status + 1)
    for before, sha256 in ((settled, "kept"), (early, last.inputs[name].sha256), (replace(settled, number=0), last.inputs[name].sha256)):
        assert fingerprint.inputs(place, replace(last, inputs={name: before}))[name].sha256 == sha256


def test_a_register_behind_a_link_is_hashed(place: Workspace, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("disk")
    (elsewhere / "part.parquet").write_bytes(b"part")
    (place.registers / "linked").symlink_to(elsewhere)
    (elsewhere / "round").symlink_to(elsewhere)
    assert "registers/linked/part.parquet" in fingerprint.inputs(place)


def test_the_owner_alone_can_read_what_is_kept(place: Workspace) -> None:
    assert stat.S_IMODE((place.internal / fingerprint.NAME).stat().st_mode) == 0o600
    assert not list(place.internal.glob(".last-build-*"))


def test_nothing_heavy_is_imported() -> None:
    code = "import sys; from geo.building import fingerprint; print(sorted({'pandas', 'numpy', 'geopandas', 'pyarrow'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
