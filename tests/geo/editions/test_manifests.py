"""An edition is what its id says: a file changed by hand is not read, and the whole edition takes the place of a damaged one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from geo.editions import edition, manifests
from geo.errors import DamagedError, EditionError
from geo.model.vocabulary import Audience
from tests.readers.killed import killed
from tests.records.editions import contents

READ = ("catalogue.json", "layers.json", "overlaps.json", "staff/observations.parquet", "staff/judgements.json", "staff/breaks.json",
        "staff/hidden.json", "staff/redraws.json", "manifest.json")  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / edition.publish(tmp_path, contents()).id


def test_a_whole_edition_has_nothing_to_say_against_it(folder: Path) -> None:
    assert manifests.damage(folder) is None
    assert list(manifests.differences(folder)) == []
    assert manifests.identify((folder / "manifest.json").read_bytes()) == folder.name


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("how", ["one byte more", "another byte", "gone", "as old as before"])
def test_a_file_changed_by_hand_is_not_read(folder: Path, name: str, how: str) -> None:
    edition.read(folder.parent, folder.name, Audience.STAFF)  # so that it has been hashed before
    path, about = folder / name, (folder / name).stat()
    whole = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(whole + b" " if how == "one byte more" else bytes([whole[0] ^ 1]) + whole[1:])
        if how == "as old as before":
            os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    if (name, how) == ("manifest.json", "one byte more"):
        assert edition.read(folder.parent, folder.name, Audience.STAFF).id == folder.name  # it says the same
        return
    with pytest.raises(EditionError):
        edition.read(folder.parent, folder.name, Audience.STAFF)
    assert manifests.damage(folder)


def test_a_manifest_made_to_fit_a_changed_file_has_another_id(folder: Path) -> None:
    said = (folder / "manifest.json").read_bytes()
    before = manifests.files(folder)["staff/breaks.json"]
    (folder / "staff" / "breaks.json").write_bytes(b"{ }")
    after = "0" * 64
    (folder / "manifest.json").write_bytes(said.replace(before.encode(), after.encode()))
    with pytest.raises(DamagedError, match=r"manifest\.json is not as it was written"):
        edition.read(folder.parent, folder.name, Audience.STAFF)


def test_an_edition_under_the_name_of_another_is_not_read(folder: Path) -> None:
    folder.rename(folder.parent / "feedfeedfeedfeed")
    with pytest.raises(DamagedError):
        edition.read(folder.parent, "feedfeedfeedfeed", Audience.PUBLIC)


def test_a_file_that_no_manifest_lists_is_not_read_as_one_of_the_edition(folder: Path) -> None:
    (folder / "truth.json").write_text("3")
    with pytest.raises(DamagedError):
        manifests.content(folder, "truth.json")
    assert manifests.damage(folder) is None
    assert [name for name, _ in manifests.differences(folder)] == ["truth.json"]


def test_shapes_changed_by_hand_are_not_read(folder: Path) -> None:
    read = edition.read(folder.parent, folder.name, Audience.PUBLIC)
    assert read.geometry("s")
    (folder / "areas" / "s.geojson").write_bytes(b"{}")
    with pytest.raises(DamagedError, match=r"areas/s\.geojson"):
        read.geometry("s")


def test_a_file_is_hashed_once_while_it_stays_as_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edition.read(folder.parent, folder.name, Audience.STAFF)
    monkeypatch.setattr(manifests.hashlib, "sha256", lambda _: pytest.fail("hashed again"))
    edition.read(folder.parent, folder.name, Audience.STAFF)


def test_writing_an_edition_mends_a_damaged_one_and_keeps_what_lay_there(folder: Path) -> None:
    path = folder / "public" / "breaks.json"
    whole = path.read_bytes()
    path.write_bytes(b'{"tryg": 3}')
    assert edition.write(folder.parent, contents()).id == folder.name
    assert path.read_bytes() == whole
    assert manifests.damage(folder) is None
    kept = [found for found in folder.parent.iterdir() if found.name.startswith(edition.DAMAGED)]
    assert [(one / folder.name / "public" / "breaks.json").read_bytes() for one in kept] == [b'{"tryg": 3}']
    assert kept[0].stat().st_mode & 0o077 == 0
    assert edition.folders(folder.parent) == (folder,)


def test_an_edition_that_is_whole_is_left_as_it_is(folder: Path) -> None:
    before = folder.stat().st_ino
    edition.write(folder.parent, contents())
    assert folder.stat().st_ino == before


@pytest.mark.slow
def test_killed_while_it_mends_there_is_no_half_edition_and_the_next_writing_mends_it(tmp_path: Path) -> None:
    made, step = edition.write(tmp_path / "e", contents()).id, 0
    while True:
        step += 1
        (tmp_path / "e" / made / "layers.json").write_bytes(b"[]")
        ended = not killed(tmp_path, step, lambda: edition.write(tmp_path / "e", contents()))
        if edition.folders(tmp_path / "e") and not manifests.damage(tmp_path / "e" / made):
            edition.read(tmp_path / "e", made, Audience.STAFF)
        for audience in (Audience.PUBLIC, Audience.STAFF):  # damaged, mended or not there: never anything between
            if manifests.damage(tmp_path / "e" / made):
                with pytest.raises(EditionError):
                    edition.read(tmp_path / "e", made, audience)
        assert edition.write(tmp_path / "e", contents()).id == made
        assert manifests.damage(tmp_path / "e" / made) is None
        if ended:
            break
    assert step > 10
    shutil.rmtree(tmp_path / "e")
