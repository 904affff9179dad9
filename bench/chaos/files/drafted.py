"""Drafts: a worker is killed while it reads, rehearses, publishes or rolls back; the next one ends it, and nothing is half done."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from bench.chaos.files import power
from bench.chaos.files.killing import LONGEST, Say, Target, command, killed_often
from bench.chaos.outcome import Outcome
from geo import check
from geo.drafts import desk, kept, publishing, working
from geo.drafts.draft import Actor, TaskKind
from geo.editions import condition
from geo.errors import GeoError
from geo.files import workspace
from geo.files.workspace import INPUTS
from tests.towns import toytown

ID: Final = "0123456789ab"
_ANNA: Final = Actor(id="1", name="Anna")
_NOON: Final = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)


def run(trials: int) -> Outcome:
    """Kill the worker so many times in all, half of the times at a random moment and half before a random change of the folder."""
    failures: list[str] = []
    number = 0
    for target in TARGETS:
        own = max(1, round(trials * target.weight / sum(each.weight for each in TARGETS)))
        number += own
        failures += [f"{target.name}: {line}" for line in killed_often(target, own)]
    return Outcome("drafted", number, tuple(failures))


def _prepared(kind: TaskKind) -> Callable[[Path], None]:
    """A town with a draft of one new figure and a changed entry, which waits for work of that kind."""

    def prepare(folder: Path) -> None:
        power.toytown_at(folder)
        if command(folder, "build").wait(LONGEST * 4):
            raise RuntimeError("the toy town does not build")
        drafts = folder / kept.FOLDER
        made = desk.begin(drafts, "Ny måling", by=_ANNA, at=_NOON)
        (drafts / made.id).rename(drafts / ID)
        kept.change(drafts / ID, lambda draft: replace(draft, id=ID))
        text = toytown.csv(["tryg,square,0104,2013,90,,,100,,,final,survey,,"])
        desk.bring(drafts, ID, "tal.csv", io.BytesIO(text.encode()), by=_ANNA, at=_NOON)
        for before in _BEFORE[kind]:
            if before == "sign":
                desk.sign(drafts, ID, "ja", by=_ANNA, at=_NOON)
            else:
                _asked(drafts, before)
                working.run(workspace.at(folder), ID, store=_nothing)
        _asked(drafts, kind)

    return prepare


_BEFORE: Final[dict[str, tuple[str, ...]]] = {
    "read": (),
    "rehearse": ("read",),
    "publish": ("rehearse", "sign"),
    "roll_back": ("rehearse", "sign", "publish"),
}


def _asked(drafts: Path, kind: str) -> None:
    if kind == "roll_back":
        desk.ask_roll_back(drafts, ID, "fortrudt", by=_ANNA, at=_NOON)
    else:
        desk.ask(drafts, ID, kind, by=_ANNA, at=_NOON, reason="ja")


def _nothing(_edition: str) -> None:
    """Store no pages: that is an attack of its own."""


def _work(folder: Path, _say: Say) -> None:
    working.run(workspace.at(folder), ID, store=_nothing)


def _inputs(folder: Path) -> dict[str, bytes]:
    paths = [path for name in INPUTS for path in sorted((folder / name).rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _judge(kind: TaskKind) -> Callable[[Path, list[str]], str]:
    """The files are those from before the publication or after it, the edition is whole, and the next worker ends the work."""

    def judge(folder: Path, _said: list[str]) -> str:
        try:
            place = workspace.at(folder)
            new = any("/tal/" in name for name in _inputs(folder))
            if kind in ("read", "rehearse") and new:
                return "a draft that was not published is in the workspace"
            if problems := check.inspect(place).problems:
                return f"check: {problems[0]}"
            done = working.run(place, ID, store=_nothing)
            published = kept.publications(publishing.publications(place))
        except GeoError as error:
            return str(error)
        if done.task is None or done.task.state != "done":
            return f"the next worker did not end it: {done.task}"
        numbers = {"read": 0, "rehearse": 0, "publish": 1, "roll_back": 2}[kind]
        wrong = {
            f"{len(published)} publications where there should be {numbers}": len(published) != numbers,
            "the files are not those of the edition": any("/tal/" in name for name in _inputs(folder)) != (kind == "publish"),
            str(condition.shown(place.editions).problem): condition.shown(place.editions).problem is not None,
        }
        return "; ".join(words for words, is_so in wrong.items() if is_so)

    return judge


TARGETS: Final = (
    Target("read", _prepared("read"), _work, _judge("read"), 30),
    Target("rehearse", _prepared("rehearse"), _work, _judge("rehearse"), 10, ("drafts", "work", ID)),
    Target("publish", _prepared("publish"), _work, _judge("publish"), 40),
    Target("roll back", _prepared("roll_back"), _work, _judge("roll_back"), 20),
)
