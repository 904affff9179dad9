"""An edition that was withdrawn becomes the current one by no way: not by a build, a draft, a roll-back, or a press in the same moment."""

from __future__ import annotations

import datetime as dt
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geo import pipeline
from geo.drafts import desk, publishing, working
from geo.drafts.draft import PublishingDecision
from geo.editions import condition, edition
from geo.errors import EditionError
from geo.files.workspace import Workspace
from tests.records.drafted import ANNA, NEW, NOON, begun, drafts, inputs, worked
from tests.towns import toytown, webtown

ROOT = Path(__file__).parents[3]
MOVED = re.compile(r"\b(?:edition|editions)\.(?:point|publish)\(")
WITHDRAWAL = condition.Withdrawal(by="olga", at="2026-11-28T10:00:00+00:00", reason="Forkerte tal")


@pytest.fixture
def town(tmp_path: Path) -> Workspace:
    place = toytown.write(tmp_path)
    pipeline.build(place)
    return place


def publish(editions: Path, year: int) -> str:
    return webtown.publish(editions, as_of=dt.date(year, 1, 1)).id


def change(place: Workspace) -> None:
    """Change an input file in a way that makes another edition, or back."""
    goals = place.folder / "data" / "goals.toml"
    text = goals.read_text(encoding="utf-8")
    goals.write_text(text.replace("# again\n", "") if "# again\n" in text else f"{text}# again\n", encoding="utf-8")


def test_files_that_give_a_withdrawn_edition_again_are_not_shown(town: Workspace) -> None:
    first = edition.current(town.editions)
    change(town)
    second = pipeline.build(town).id
    condition.withdraw(town.editions, first, WITHDRAWAL)
    change(town)
    with pytest.raises(EditionError, match="withdrawn 2026-11-28: Forkerte tal"):
        pipeline.build(town)
    assert edition.current(town.editions) == second
    with pytest.raises(EditionError, match="withdrawn"):
        condition.make_current(town.editions, first)


def test_what_is_withdrawn_while_its_pages_are_stored_is_not_published(town: Workspace) -> None:
    own, before, shown = begun(town, ("tal.csv", NEW)), inputs(town), edition.current(town.editions)
    worked(town, own, "rehearse")
    desk.sign(drafts(town), own, "ja", by=ANNA, at=NOON)
    desk.ask(drafts(town), own, "publish", by=ANNA, at=NOON, reason="ja")
    done = working.run(town, own, store=lambda made: condition.withdraw(town.editions, made, WITHDRAWAL))
    assert done.published is None
    assert "withdrawn" in done.task.faults[0].what
    assert (inputs(town), edition.current(town.editions)) == (before, shown)


def test_a_publication_is_not_rolled_back_to_what_is_withdrawn_meanwhile(town: Workspace) -> None:
    own, shown = begun(town, ("tal.csv", NEW)), edition.current(town.editions)
    worked(town, own, "rehearse")
    desk.sign(drafts(town), own, "ja", by=ANNA, at=NOON)
    worked(town, own, "publish", reason="ja")
    placed, now = inputs(town), edition.current(town.editions)
    decision = PublishingDecision(by=ANNA, at=NOON.isoformat(), reason="Forkert")
    with pytest.raises(EditionError, match="withdrawn"):
        publishing.roll_back(town, 1, decision, store=lambda _made: condition.withdraw(town.editions, shown, WITHDRAWAL))
    assert (inputs(town), edition.current(town.editions)) == (placed, now)


def has_its_way(editions: Path, other: str, what: str, together: threading.Barrier) -> str:
    together.wait()
    try:
        condition.withdraw(editions, other, WITHDRAWAL) if what == "withdraw" else condition.make_current(editions, other)
    except EditionError:
        return ""
    return what


def test_who_withdraws_and_who_publishes_at_once_never_both_have_their_way(tmp_path: Path) -> None:
    current, other = publish(tmp_path, 2019), publish(tmp_path, 2020)
    with ThreadPoolExecutor(2) as people:
        for _ in range(40):
            edition.point(tmp_path, current)
            (tmp_path / condition.WITHDRAWN).unlink(missing_ok=True)
            together = threading.Barrier(2)
            acting = [people.submit(has_its_way, tmp_path, other, what, together) for what in ("withdraw", "publish")]
            had = {each.result() for each in acting}
            assert had in ({"withdraw", ""}, {"publish", ""})
            assert (edition.current(tmp_path) == other) == ("publish" in had)


@pytest.mark.parametrize("reason", ["", "  ", "\u200b", "\n\t", "\x00"])
def test_nobody_withdraws_without_a_reason_that_is_seen(tmp_path: Path, reason: str) -> None:
    publish(tmp_path, 2019)
    other = publish(tmp_path, 2020)
    edition.point(tmp_path, publish(tmp_path, 2019))
    with pytest.raises(EditionError, match="a reason is missing"):
        condition.withdraw(tmp_path, other, condition.Withdrawal(by="olga", at=WITHDRAWAL.at, reason=reason))
    condition.withdraw(tmp_path, other, condition.Withdrawal(by="olga", at=WITHDRAWAL.at, reason="Tal\r\nfor\x00 Valby "))
    assert condition.withdrawals(tmp_path)[other].reason == "Tal for Valby"


def test_the_pointer_is_moved_where_withdrawn_editions_are_refused() -> None:
    """Stored pages are made of a folder whose pointer is their own."""
    program = [path for room in ("geo", "webmap", "omraadekort") for path in (ROOT / room).rglob("*.py")]
    moving = {path.relative_to(ROOT).as_posix() for path in program if MOVED.search(path.read_text(encoding="utf-8"))}
    assert moving == {"geo/editions/condition.py", "omraadekort/storing.py"}
