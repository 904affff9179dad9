"""Which editions are whole, which one is shown, and which may be made current."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from geo.editions import condition, edition
from geo.errors import DamagedError, EditionError
from tests.readers import resigned
from tests.towns import webtown


@pytest.fixture
def editions(tmp_path: Path) -> Path:
    return tmp_path / "editions"


def publish(editions: Path, year: int) -> str:
    return webtown.publish(editions, as_of=dt.date(year, 1, 1)).id


def hurt(folder: Path) -> None:
    path = folder / "layers.json"
    path.write_bytes(path.read_bytes()[:-9])


def test_the_current_edition_is_shown_while_it_is_whole_also_when_a_newer_one_is_there(editions: Path) -> None:
    older = publish(editions, 2019)
    publish(editions, 2020)
    edition.point(editions, older)
    assert condition.shown(editions) == condition.ShownEdition(older, older)


def test_the_newest_whole_one_is_shown_for_a_damaged_one(editions: Path) -> None:
    ids = [publish(editions, year) for year in (2018, 2019, 2020)]
    hurt(editions / ids[2])
    seen = condition.shown(editions)
    assert (seen.id, seen.named) == (ids[1], ids[2])
    assert "layers.json" in str(seen.problem)
    hurt(editions / ids[1])
    assert condition.shown(editions).id == ids[0]
    hurt(editions / ids[0])
    with pytest.raises(DamagedError, match=ids[2]):
        condition.shown(editions)


def test_parts_that_are_not_on_this_machine_are_not_asked_for(editions: Path) -> None:
    made = publish(editions, 2020)
    shutil.rmtree(editions / made / "staff")
    assert condition.shown(editions).id == made
    with pytest.raises(DamagedError):
        condition.prove(editions, made)


def test_damaged_editions_are_listed_as_damaged_and_hide_no_other(editions: Path) -> None:
    ids = [publish(editions, year) for year in (2018, 2019, 2020)]
    hurt(editions / ids[1])
    (editions / ids[0] / "manifest.json").write_bytes(b"{")
    listed = condition.listing(editions)
    assert [(lying.id, lying.problem is None) for lying in listed] == [(ids[2], True), *sorted((name, False) for name in ids[:2])]


@pytest.mark.parametrize("harm", ["cut", "gone", "another format", "no such edition", "cannot be read"])
def test_what_cannot_be_shown_is_not_proven(editions: Path, harm: str) -> None:
    good, made = publish(editions, 2019), publish(editions, 2020)
    if harm == "cut":
        hurt(editions / made)
    elif harm == "gone":
        (editions / made / "ssp" / "observations.parquet").unlink()
    elif harm == "another format":
        made = resigned.of_format(editions / made, edition.FORMAT + 1).name
    elif harm == "cannot be read":
        made = resigned.rewrite(editions / made, "staff/judgements.json", lambda _: b"{").name
    else:
        made = "feedfeedfeedfeed"
    with pytest.raises(EditionError):
        condition.prove(editions, made)
    assert condition.prove(editions, good).id == good
