"""Two people and killed processes at one draft: nothing is lost, and nothing is published twice."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from geo import pipeline
from geo.drafts import desk, kept, publishing, working
from geo.drafts.brought import taking
from geo.drafts.draft import Draft
from geo.editions import edition
from geo.errors import DraftError
from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience
from tests.records.drafted import ANNA, BO, NEW, NOON, begun, drafts, inputs, worked
from tests.towns import toytown


@pytest.fixture
def town(tmp_path: Path) -> Workspace:
    place = toytown.write(tmp_path)
    pipeline.build(place)
    return place


def value(place: Workspace, area: str, period: str) -> float | None:
    table = edition.read(place.editions, edition.current(place.editions), Audience.PUBLIC).observations
    rows = table[(table["area_id"] == area) & (table["period"] == period) & (table["indicator"] == "tryg")]
    return None if rows.empty else float(rows["value"].iloc[0])


KILLED = """
import sys
from pathlib import Path
from geo.drafts import working
from geo.files import workspace
working.run(workspace.at(Path(sys.argv[1])), sys.argv[2], store=lambda _edition: None)
"""


@pytest.mark.slow
def test_a_worker_that_is_killed_at_any_moment_is_followed_by_one_that_ends_it(town: Workspace) -> None:
    """Killed at moments spread over a publication: the files are the old ones or the new ones, and the next worker publishes."""
    own = begun(town, ("tal.csv", NEW))
    worked(town, own, "rehearse")
    desk.sign(drafts(town), own, "ja", by=ANNA, at=NOON)
    old = inputs(town)
    desk.ask(drafts(town), own, "publish", by=ANNA, at=NOON, reason="ja")
    for wait in (1.2, 1.4, 1.6, 1.8, 2.0):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(town.folder), own])
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        there = inputs(town)
        assert {name: content for name, content in there.items() if name in old} == old
        assert len(there) - len(old) in (0, 2)
    working.run(town, own, store=lambda _edition: None)
    assert kept.read(kept.folder_of(drafts(town), own)).published == 1
    assert len(kept.publications(publishing.publications(town))) == 1
    assert value(town, "0104", "2013") == 90


def test_a_worker_that_was_killed_after_the_publication_publishes_once(town: Workspace) -> None:
    """Its last act was to write the number; the copy is half gone already."""
    own = begun(town, ("tal.csv", NEW))
    worked(town, own, "rehearse")
    desk.sign(drafts(town), own, "ja", by=ANNA, at=NOON)
    done = worked(town, own, "publish", reason="ja")
    folder = kept.folder_of(drafts(town), own)
    kept.change(folder, lambda draft: replace(draft, task=replace(done.task, state="running")))
    again = working.run(town, own, store=lambda _edition: None)
    assert (again.task.state, again.published) == ("done", 1)
    assert len(kept.publications(publishing.publications(town))) == 1


def test_a_file_that_is_brought_while_the_draft_is_read_stays(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    own = begun(town, ("tal.csv", NEW))
    applied = taking.apply

    def slow(*args: Any, **names: Any) -> Draft:
        made = applied(*args, **names)
        desk.bring(drafts(town), own, "mere.csv", io.BytesIO(NEW.replace("2013", "2014").encode()), by=BO, at=NOON)
        return made

    monkeypatch.setattr(taking, "apply", slow)
    read = worked(town, own, "read")
    assert [(file.name, file.taken) for file in read.files] == [("tal.csv", True), ("mere.csv", False)]
    assert read.read != read.contents
    monkeypatch.undo()
    assert all(file.taken for file in worked(town, own, "rehearse").files)


def test_nothing_is_brought_while_a_rehearsal_waits(town: Workspace) -> None:
    own = begun(town, ("tal.csv", NEW))
    desk.ask(drafts(town), own, "rehearse", by=ANNA, at=NOON)
    with pytest.raises(DraftError, match="going on"):
        desk.bring(drafts(town), own, "mere.csv", io.BytesIO(b"x"), by=BO, at=NOON)
    assert [path.name for path in kept.files_of(kept.folder_of(drafts(town), own)).iterdir()] == ["1"]
