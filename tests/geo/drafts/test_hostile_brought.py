"""Files that mean harm, brought to a draft: each is refused in words, in seconds, and neither the copy nor the workspace takes anything."""

from __future__ import annotations

import datetime as dt
import io
import stat
import time
from contextlib import nullcontext
from pathlib import Path

import pytest

from geo.drafts import desk, kept, working
from geo.drafts.draft import Actor
from geo.errors import DraftError
from geo.files.workspace import Workspace
from tests.records.hostile import FILES
from tests.records.hostileuploads import UPLOADS
from tests.towns import toytown

ANNA = Actor(id="1", name="Anna")
NOON = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
MOST = 20_000_000
EVERY = {name: (sent.ending, sent.make) for name, sent in FILES.items()} | UPLOADS


@pytest.fixture
def town(tmp_path: Path) -> Workspace:
    return toytown.write(tmp_path / "workspace")


@pytest.mark.parametrize("name", EVERY)
def test_it_is_refused_in_words_and_nothing_is_taken(town: Workspace, name: str) -> None:
    ending, make = EVERY[name]
    path = town.folder.parent / f"fil{ending}"
    make(path)
    if path.is_dir() or stat.S_ISFIFO(path.stat().st_mode):
        pytest.skip("a browser sends neither folders nor pipes")
    before, drafts = toytown.tree(town.folder), town.folder / kept.FOLDER
    draft = desk.begin(drafts, name, by=ANNA, at=NOON)
    begun = time.process_time()
    large = path.stat().st_size > MOST or not path.is_file()  # a device has no size and no end
    with path.open("rb") as stream, pytest.raises(DraftError, match="larger than files may be") if large else nullcontext():
        desk.bring(drafts, draft.id, path.name, stream, by=ANNA, at=NOON, most=MOST)
    if large:
        return
    desk.ask(drafts, draft.id, "read", by=ANNA, at=NOON)
    done = working.run(town, draft.id, store=lambda _edition: None)
    assert time.process_time() - begun < 12
    assert done.task is not None
    assert done.task.state == "done", done.task.faults
    [file] = done.files
    assert not file.taken
    assert file.preview is not None
    assert file.preview.faults or file.preview.questions
    said = " ".join(fault.what + fault.found + fault.expected for fault in file.preview.faults)
    assert "Traceback" not in said
    after = {name: content for name, content in toytown.tree(town.folder).items() if not str(name).startswith(kept.FOLDER)}
    assert after == before


def test_a_stream_that_breaks_off_leaves_nothing(town: Workspace) -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise OSError(5, "connection lost")

    drafts = town.folder / kept.FOLDER
    draft = desk.begin(drafts, "afbrudt", by=ANNA, at=NOON)
    with pytest.raises(DraftError, match="does not take it"):
        desk.bring(drafts, draft.id, "fil.csv", Broken(), by=ANNA, at=NOON)
    folder = kept.folder_of(drafts, draft.id)
    assert list(kept.files_of(folder).iterdir()) == []
    assert kept.read(folder).files == ()


PEOPLE = {
    "uden navne.csv": "hemmelig-1;2014H1;724500.5;6175500.25;Hans Hemmelig\nhemmelig-2;2014H1;724600.5;6175600.25;Grete Hemmelig\n",
    "cpr i en celle.csv": "navn;nummer;felt\nHans Hemmelig;010170-1234;0101\nGrete Hemmelig;020270-4321;0102\n",
    "cpr foerst.csv": "0101701234;Hans Hemmelig;2014H1\n0202704321;Grete Hemmelig;2014H1\n",
}


@pytest.mark.parametrize("kind", [None, "figures", "plans", "addresses", "register"])
@pytest.mark.parametrize("name", PEOPLE)
def test_nothing_of_a_row_of_people_is_shown_whatever_somebody_says_it_is(town: Workspace, name: str, kind: str | None) -> None:
    drafts = town.folder / kept.FOLDER
    draft = desk.begin(drafts, "personer", by=ANNA, at=NOON)
    desk.bring(drafts, draft.id, name, io.BytesIO(PEOPLE[name].encode()), by=ANNA, at=NOON)
    desk.choose(drafts, draft.id, "1", kind=kind, answers={})
    desk.ask(drafts, draft.id, "read", by=ANNA, at=NOON)
    done = working.run(town, draft.id, store=lambda _edition: None)
    assert not done.files[0].taken
    written = (kept.folder_of(drafts, draft.id) / "draft.json").read_text(encoding="utf-8").casefold()
    for secret in ("hans", "grete", "010170", "020270", "724500.5"):
        assert secret not in written
