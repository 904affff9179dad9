"""An edition is named by its content, swapped in whole, and read for one audience only."""

import json
from pathlib import Path

import pytest

from geo.editions import edition
from geo.editions.contents import Contents
from geo.errors import EditionError
from geo.model.vocabulary import Audience
from tests.readers import resigned
from tests.records.editions import contents


def test_the_same_contents_have_the_same_id_and_bytes(tmp_path: Path) -> None:
    one, other = edition.publish(tmp_path / "a", contents()), edition.publish(tmp_path / "b", contents())
    assert one == other
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert all((tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes() for path in files)


def test_another_value_makes_another_edition_and_the_old_one_stays(tmp_path: Path) -> None:
    old, new = edition.publish(tmp_path, contents(50.0)), edition.publish(tmp_path, contents(51.0))
    assert old.id != new.id
    assert edition.current(tmp_path) == new.id
    assert edition.read(tmp_path, old.id, Audience.STAFF).observations["value"].tolist() == [50.0]


def test_a_reader_gets_the_part_of_its_audience(tmp_path: Path) -> None:
    id = edition.publish(tmp_path, contents()).id  # noqa: A001
    assert edition.read(tmp_path, id, Audience.PUBLIC).observations["status"].tolist() == ["suppressed"]
    assert edition.read(tmp_path, id, Audience.STAFF).observations["status"].tolist() == ["final"]
    assert b"50" not in (tmp_path / id / "public" / "hidden.json").read_bytes()


def test_the_public_part_is_read_without_opening_the_others(tmp_path: Path) -> None:
    id = edition.publish(tmp_path, contents()).id  # noqa: A001
    for path in (tmp_path / id / "staff").iterdir():
        path.unlink()
    assert edition.read(tmp_path, id, Audience.PUBLIC).id == id


def test_what_was_written_is_what_is_read(tmp_path: Path) -> None:
    id = edition.publish(tmp_path, contents()).id  # noqa: A001
    read = edition.read(tmp_path, id, Audience.STAFF)
    assert read.layers["s"].areas[0].name == "A"
    assert read.catalogue == contents().catalogue
    assert read.geometry("s").startswith(b"{")


def test_a_failed_write_leaves_the_current_edition(tmp_path: Path) -> None:
    good = edition.publish(tmp_path, contents())
    broken = Contents(**{**vars(contents()), "overlaps": object()})
    with pytest.raises(TypeError):
        edition.publish(tmp_path, broken)
    assert edition.current(tmp_path) == good.id
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([good.id, "current"])


@pytest.mark.parametrize("id", ["", "../x", "nope", "a/b"])
def test_an_edition_that_is_not_there_is_an_error_in_words(tmp_path: Path, id: str) -> None:
    with pytest.raises(EditionError, match="no such edition"):
        edition.read(tmp_path, id, Audience.PUBLIC)


def test_no_edition_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="omraadekort build"):
        edition.current(tmp_path)


def test_a_file_that_is_not_what_it_was_is_an_error_in_words(tmp_path: Path) -> None:
    id = edition.publish(tmp_path, contents()).id  # noqa: A001
    folder = resigned.rewrite(tmp_path / id, "layers.json", lambda _: json.dumps({"no": "layers"}).encode())
    with pytest.raises(EditionError, match="cannot be read"):
        edition.read(tmp_path, folder.name, Audience.PUBLIC)


def test_a_written_edition_is_not_read_before_it_is_pointed_at(tmp_path: Path) -> None:
    first = edition.publish(tmp_path, contents(50.0))
    second = edition.write(tmp_path, contents(51.0))
    assert edition.current(tmp_path) == first.id
    edition.point(tmp_path, second.id)
    assert edition.current(tmp_path) == second.id
