"""A program that is killed, or does not work alone: the current edition is whole with its proofs, and nothing is in the way of the next."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from geo.editions import condition, edition, proofs
from geo.editions.proofs import Kept
from geo.errors import EditionError, WorkspaceError
from geo.files import locks, transaction
from geo.model.vocabulary import Audience
from tests.readers.killed import killed
from tests.records.editions import contents

KEPT = {audience: Kept((), {("tryg", "bydel", "few"): 1}) for audience in Audience}


def publish(folder: Path, value: float) -> str:
    """As a build does it."""
    made = edition.write(folder / "editions", contents(value), before=lambda name: proofs.write(folder / "internal", name, KEPT))
    edition.point(folder / "editions", made.id)
    return made.id


@pytest.mark.slow
@pytest.mark.parametrize("value", [50.0, 51.0], ids=["the edition that is current", "another"])
def test_killed_at_any_step_the_current_edition_is_whole_with_its_proofs(tmp_path: Path, value: float) -> None:
    publish(tmp_path, 50.0)
    step = 1
    while killed(tmp_path, step, lambda: publish(tmp_path, value)):
        current = edition.current(tmp_path / "editions")
        for audience in (Audience.PUBLIC, Audience.STAFF):
            edition.read(tmp_path / "editions", current, audience)
        for folder in edition.folders(tmp_path / "editions"):
            assert [proofs.read(tmp_path / "internal", folder.name, audience) for audience in Audience] == list(KEPT.values())
        assert condition.listing(tmp_path / "editions")
        step += 1
    assert step > 10
    for name in ("editions", "internal"):
        locks.sweep(tmp_path / name)
    assert edition.current(tmp_path / "editions") == publish(tmp_path, value)
    assert not list((tmp_path / "internal").glob(".*"))


def test_what_was_not_finished_is_no_edition(tmp_path: Path) -> None:
    made = edition.publish(tmp_path, contents())
    left = tmp_path / f"{locks.SCRATCH}x"
    left.mkdir()
    (left / "manifest.json").write_text('{"id": "ha')
    assert [one.id for one in condition.listing(tmp_path)] == [made.id]
    locks.sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {made.id, "current"}


def test_the_same_edition_written_twice_at_once_is_one(tmp_path: Path) -> None:
    made = edition.write(tmp_path, contents(), before=lambda _id: edition.write(tmp_path, contents()))
    assert [path.name for path in tmp_path.iterdir()] == [made.id]


def test_two_threads_that_point_at_once_both_point(tmp_path: Path) -> None:
    failed: list[Exception] = []
    seen = set[str]()

    def point(name: str) -> None:
        try:
            for _ in range(200):
                edition.point(tmp_path, name)
                seen.add(edition.current(tmp_path))
        except OSError as error:
            failed.append(error)

    threads = [threading.Thread(target=point, args=(name,)) for name in ("a" * 16, "b" * 16)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failed
    assert seen == {"a" * 16, "b" * 16}
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


def test_who_comes_second_waits_and_says_so(tmp_path: Path) -> None:
    waits, came = threading.Event(), threading.Event()

    def second() -> None:
        with locks.held(tmp_path, waiting=waits.set):
            came.set()

    thread = threading.Thread(target=second)
    with locks.held(tmp_path):
        thread.start()
        assert waits.wait(10)
        assert not came.is_set()
    thread.join(10)
    assert came.is_set()


def test_a_turn_ends_with_the_process_that_has_it(tmp_path: Path) -> None:
    assert killed(tmp_path, 2, lambda: hold(tmp_path))
    with locks.held(tmp_path, waiting=lambda: pytest.fail("nobody is there any more")):
        pass


def hold(folder: Path) -> None:
    with locks.held(folder):
        (folder / "x").mkdir()


def test_files_put_into_a_workspace_at_once_are_all_of_one_import(tmp_path: Path) -> None:
    def check(staged: Path) -> None:
        for folder in (staged, tmp_path):
            if (folder / "layer").exists():
                assert (folder / "layer").read_bytes() == (folder / "sidecar").read_bytes()

    def put(content: bytes) -> None:
        for _ in range(30):
            transaction.place(tmp_path, {"layer": content, "sidecar": content}, check=check)

    failed: list[threading.ExceptHookArgs] = []
    before, threading.excepthook = threading.excepthook, failed.append
    try:
        threads = [threading.Thread(target=put, args=(name * 9,)) for name in (b"a", b"b", b"c")]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    finally:
        threading.excepthook = before
    assert not failed


def test_a_workspace_that_is_gone_gets_no_files(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError):
        transaction.place(tmp_path / "gone", {"x": b""})
    assert not (tmp_path / "gone").exists()


# --- proofs that are damaged --------------------------------------------------------------------------------------------


def damaged(whole: bytes) -> list[bytes]:
    flipped = [bytearray(whole) for _ in range(0, len(whole), 7)]
    for number, one in enumerate(flipped):
        one[number * 7] ^= 0xFF
    return [b"", b"PK\x05\x06" + bytes(18), whole[:40], whole[: len(whole) // 2], *map(bytes, flipped)]


def test_damaged_proofs_are_an_error_in_words_and_no_hindrance_for_a_build(tmp_path: Path) -> None:
    proofs.write(tmp_path, "good", KEPT)
    proofs.write(tmp_path, "bad", KEPT)
    path = tmp_path / "bad" / "public.npz"
    refused = 0
    for content in damaged(path.read_bytes()):
        path.write_bytes(content)
        try:
            proofs.read(tmp_path, "bad", Audience.PUBLIC)
        except EditionError:
            refused += 1
        proofs.all_proofs(tmp_path)
    assert refused > 20
