"""Files placed in a workspace: all or none, whoever is killed on the way, and a reader sees all or none of them too."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from geo import check
from geo.errors import WorkspaceError
from geo.files import locks, transaction, workspace
from geo.files.workspace import Workspace
from tests.readers.killed import killed
from tests.towns import toytown

BEFORE = {"data/a.csv": b"old a", "data/gone.csv": b"gone", "boundaries/s/1.geojson": b"old 1", ".default.json": b"{}"}
PLACED = {
    "data/a.csv": b"new a",
    "data/new/b.csv": b"new b",
    "boundaries/s/1.geojson": b"new 1",
    "data/gone.csv": None,
    ".default.json": b"[]",
}
AFTER = {name: content for name, content in PLACED.items() if content is not None}


def files(folder: Path) -> dict[str, bytes]:
    """What a reader sees; folders that are staged are not part of it."""
    every = (path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder): path for path in every}
    return {
        name.as_posix(): path.read_bytes()
        for name, path in named.items()
        if not name.parts[0].startswith((locks.SCRATCH, transaction.DECIDED))
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return filled(tmp_path / "ws")


def filled(folder: Path) -> Path:
    for name, content in BEFORE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_the_check_sees_the_files_as_they_would_be_and_the_workspace_as_it_is(folder: Path) -> None:
    def look(staged: Path) -> None:
        seen = {path.relative_to(staged).as_posix(): path.read_bytes() for path in staged.rglob("*") if path.is_file()}
        assert seen == AFTER
        assert files(folder) == BEFORE

    transaction.place(folder, PLACED, check=look)
    assert files(folder) == AFTER
    assert {path.name for path in folder.iterdir()} == {"data", "boundaries", ".default.json"}


def test_what_the_check_refuses_leaves_nothing(folder: Path) -> None:
    def refuse(_staged: Path) -> None:
        raise ValueError("no")

    before = toytown.tree(folder)
    with pytest.raises(ValueError, match="no"):
        transaction.place(folder, PLACED, check=refuse)
    assert toytown.tree(folder) == before


def test_a_folder_behind_a_link_is_seen_and_written(folder: Path, tmp_path: Path) -> None:
    (folder / "data").rename(tmp_path / "elsewhere")
    (folder / "data").symlink_to(tmp_path / "elsewhere")
    transaction.place(folder, PLACED, check=lambda staged: (staged / "data" / "a.csv").read_bytes())
    assert (tmp_path / "elsewhere" / "new" / "b.csv").read_bytes() == b"new b"
    assert (folder / "data").is_symlink()


def test_killed_at_any_step_the_next_command_finds_all_or_none(tmp_path: Path) -> None:
    seen: list[bool] = []
    while True:
        folder = filled(tmp_path / "ws")
        if not killed(tmp_path, len(seen) + 1, lambda folder=folder: transaction.place(folder, PLACED, check=lambda _staged: None)):
            break
        left = transaction.finish(folder)
        assert files(folder) in (BEFORE, AFTER)
        seen.append(files(folder) == AFTER)
        assert not left.placed or (seen[-1] and set(left.placed) == set(PLACED))
        assert not [path for path in folder.iterdir() if path.name.startswith((locks.SCRATCH, transaction.DECIDED))]
        shutil.rmtree(folder)
    assert files(folder) == AFTER
    assert seen == sorted(seen)
    assert set(seen) == {False, True}


def test_finishing_can_itself_be_killed(folder: Path) -> None:
    assert any(_stops_decided(folder, step) for step in range(1, 200))
    step = 1
    while killed(folder, step, lambda: transaction.finish(folder)):
        step += 1
        assert step < 100
    assert files(folder) == AFTER


def _stops_decided(folder: Path, step: int) -> bool:
    killed(folder, step, lambda: transaction.place(folder, PLACED))
    return (folder / transaction.DECIDED).is_dir()


def test_opening_a_workspace_finishes_what_was_decided(tmp_path: Path) -> None:
    folder = toytown.write(tmp_path / "town").folder
    for step in range(1, 200):
        killed(folder, step, lambda: transaction.place(folder, {"data/note.txt": b"x", "boundaries/note.txt": b"y"}))
        if (folder / transaction.DECIDED).is_dir():
            break
    place = workspace.at(folder)
    assert (place.data / "note.txt").read_bytes() == b"x"
    assert (place.boundaries / "note.txt").read_bytes() == b"y"
    assert not (folder / transaction.DECIDED).exists()


@pytest.mark.parametrize("harm", ["a list that is cut", "a file that is changed", "no list"])
def test_decided_files_that_are_damaged_are_told_and_nothing_is_read(folder: Path, harm: str) -> None:
    (folder / workspace.MARK).write_text("")
    assert any(_stops_decided(folder, step) for step in range(1, 200))
    stage = folder / transaction.DECIDED
    listed = stage / ".list.json"
    if harm == "a list that is cut":
        listed.write_bytes(listed.read_bytes()[:20])
    elif harm == "no list":
        listed.unlink()
    else:
        (stage / "data" / "new" / "b.csv").write_bytes(b"")
    with pytest.raises(WorkspaceError, match="moved out of the workspace"):
        workspace.at(folder)


def test_what_a_killed_import_of_an_earlier_version_left_is_mentioned_and_kept(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "town")
    left = town.folder / ".import-abc"
    left.mkdir()
    (left / "0.old").write_text("the only copy")
    (left / "1.new").write_text("new")
    told = [str(remark) for remark in check.inspect(town).remarks if remark.file == ".import-abc"]
    assert len(told) == 1
    assert "1 files that it had replaced" in told[0]
    workspace.at(town.folder)
    assert (left / "0.old").exists()


def test_a_reader_waits_until_all_files_are_in_place(tmp_path: Path) -> None:
    town: Workspace = toytown.write(tmp_path / "town")
    inside, leave, reported = threading.Event(), threading.Event(), threading.Event()

    def slow(_staged: Path) -> None:
        inside.set()
        assert leave.wait(20)

    def read() -> None:
        check.inspect(town)
        reported.set()

    placing = threading.Thread(target=lambda: transaction.place(town.folder, {"data/note.txt": b"x"}, check=slow))
    reading = threading.Thread(target=read)
    placing.start()
    assert inside.wait(20)
    reading.start()
    assert not reported.wait(0.2)
    leave.set()
    placing.join(20)
    reading.join(20)
    assert reported.is_set()
    assert (town.data / "note.txt").exists()
