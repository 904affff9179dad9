"""Power cuts: each state that a disk can be in while a command writes is as before or as after; what was said to be done is there."""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.chaos.files.replay import recording, states
from bench.chaos.files.replay.states import DiskState
from bench.chaos.outcome import Outcome
from geo.editions import edition, manifests, proofs
from geo.editions.proofs import Kept
from geo.errors import GeoError, WorkspaceError
from geo.files import workspace
from geo.files.workspace import Workspace
from geo.inputs import intake
from geo.model.vocabulary import Audience
from tests.records.editions import contents
from tests.towns import reviewtown, toytown
from webmap.access import log
from webmap.reviews.store import database, saving
from webmap.serving import pagestore
from webmap.serving.pagestore import Variant, Variants
from webmap.settings import Settings

_OLD, _NEW = 50.0, 51.0
"""Values of the one figure of two editions."""
KEPT: Final = {audience: Kept((), {("tryg", "bydel", "few"): 1}) for audience in Audience}


@dataclass(frozen=True)
class Scenario:
    """Something that is written. prepare: makes the folder as it was before; work: what is recorded; judge: "" where a state will do."""

    name: str
    prepare: Callable[[Path], object]
    work: Callable[[Path], object]
    judge: Callable[[Path, DiskState], str]


def run(trials: int) -> Outcome:
    """Record each scenario and read its states, until so many states have been read."""
    if not recording.possible():
        return Outcome("power", 0, ("nothing can be recorded here: gcc is missing, or this is not Linux",))
    read, failures, rounds = 0, list[str](), 0
    while read < trials and (rounds == 0 or read):
        for scenario in SCENARIOS:
            number, wrong = tried(scenario)
            read += number
            failures += [f"{scenario.name}: {line}" for line in wrong]
        rounds += 1
    return Outcome("power", read, tuple(failures))


def tried(scenario: Scenario, *, before: str = "") -> tuple[int, tuple[str, ...]]:
    """Record one scenario and read its states; returns how many there are and what is wrong. before: code that runs before its work."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "disk")
        folder.mkdir()
        scenario.prepare(folder)
        code = f"import sys, pathlib\nfrom bench.chaos.files import power\n{before}\npower.work(sys.argv[1], pathlib.Path(sys.argv[2]))"
        recorded = recording.record(folder, code, scenario.name, str(folder))
    return states.failures(recorded, scenario.judge)


def work(name: str, folder: Path) -> None:
    """Do the work of a scenario: what the recorded process runs."""
    next(scenario for scenario in SCENARIOS if scenario.name == name).work(folder)
    recording.acknowledge(folder, 9)


# --- files placed in a workspace ----------------------------------------------------------------------------------------

_AFTER: Final = toytown.csv(["tryg,square,0101,2012,71,,,100,,,final,survey,,", "tryg,square,0102,2012,51,,,100,,,final,survey,,"])


def files(folder: Path) -> dict[str, bytes]:
    """The inputs of a workspace, and what is kept of them."""
    every = [path for top in ("boundaries", "data") for path in (folder / top).rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in (*every, folder / ".default.json") if path.is_file()}


def _import(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        given = Path(place, "new.csv")
        given.write_text(_AFTER, encoding="utf-8")
        intake.observations(workspace.at(folder), [given], retrieved=dt.date(2021, 1, 1))


def _default(folder: Path, number: int) -> Path:
    """A default to refresh from: files that are new, changed and gone from one number to the next."""
    for name in (f"boundaries/{number}.toml", "boundaries/sets.toml", "data/a/b.csv", f"data/{number}/c.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{number} of {name}")
    return folder


def _made(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as default:
        workspace.create(folder / "ws", default=_default(Path(default), 1))


def _refresh(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as default:
        workspace.refresh(workspace.at(folder / "ws"), default=_default(Path(default), 2))


def _all_or_none(prepare: Callable[[Path], object], do: Callable[[Path], object], inner: str = "") -> Callable[[Path, DiskState], str]:
    """A judge for whom the inputs must be as before or as after."""
    sides: list[dict[str, bytes]] = []

    def judge(folder: Path, state: DiskState) -> str:
        if not sides:
            with tempfile.TemporaryDirectory() as place:
                prepare(Path(place))
                sides.append(files(Path(place, inner)))
                do(Path(place))
                sides.append(files(Path(place, inner)))
        try:
            now = files(workspace.at(folder / inner).folder)
        except WorkspaceError as error:
            now = {} if not (folder / inner / workspace.MARK).exists() else {"": str(error).encode()}
        return _compared(now, sides, state)

    return judge


def _compared(now: dict[str, bytes], sides: list[dict[str, bytes]], state: DiskState) -> str:
    if state.acknowledged and now != sides[1]:
        return "what was said to be done is lost"
    return "" if now in sides else f"neither as before nor as after: {sorted(name for name in now if now[name] != sides[0].get(name))}"


# --- editions, pages, the log -------------------------------------------------------------------------------------------


def publish(folder: Path, value: float) -> str:
    """Publish an edition as a build does."""
    made = edition.write(folder / "editions", contents(value), before=lambda name: proofs.write(folder / "internal", name, KEPT))
    edition.point(folder / "editions", made.id)
    return made.id


def _hurt(folder: Path) -> None:
    made = publish(folder, _OLD)
    (folder / "editions" / made / "layers.json").write_bytes(b"[]")


def _whole(folder: Path, state: DiskState) -> str:
    """The current edition is whole, with its proofs; the new one, once it was said to be there."""
    try:
        current = edition.current(folder / "editions")
        wrong = manifests.damage(folder / "editions" / current)
        kept = all(proofs.read(folder / "internal", current, audience) == KEPT[audience] for audience in Audience)
    except GeoError as error:
        return str(error) if state.acknowledged or state.moment else ""
    if state.acknowledged and edition.read(folder / "editions", current, Audience.STAFF).observations["value"].iloc[0] != _NEW:
        return "the new edition is not the current one"
    return str(wrong or "") or ("" if kept else "its proofs are gone")


def _mended(folder: Path, state: DiskState) -> str:
    """The edition that was damaged is damaged still, gone for the moment, or whole; whole at last."""
    named = folder / "editions" / edition.current(folder / "editions")
    wrong = manifests.damage(named)
    return str(wrong) if wrong and state.acknowledged else ""


_ANSWERS: Final = tuple(Variants((f"/{n}", ""), "200 OK", (Variant("", (("ETag", f'"{n}"'),), b"page" * 5000),)) for n in range(3))


def _stored(folder: Path, state: DiskState) -> str:
    """The pages are stored whole or not at all."""
    try:
        return "" if len(pagestore.read(folder / "pages" / "a-b").answers) == len(_ANSWERS) else "pages are gone"
    except pagestore.StoreError as error:
        return "" if "no stored pages" in str(error) and not state.acknowledged else str(error)


def _look(folder: Path) -> None:
    for number in range(1, 5):
        log.append(folder / "access", at="2026-11-27T08:00:00Z", event="look", user="local:anna", figures=number)
        recording.acknowledge(folder, number)


def _logged(folder: Path, state: DiskState) -> str:
    """Every line that was answered for is there, and the log goes on."""
    try:
        log.append(folder / "access", at="2026-11-27T08:00:00Z", event="look", user="local:bent")
        held = log.verify(folder / "access").n - 1
    except GeoError as error:
        return str(error)
    return "" if held >= min(4, state.acknowledged) else f"{held} lines of {state.acknowledged}"


def _keep(folder: Path) -> None:
    """Rows in a database as the program keeps its accounts: SQLite's own way to the disk, with our settings."""
    from webmap.access.store.database import AccessDatabase  # noqa: PLC0415  only the recorded process opens it

    store = AccessDatabase(folder / "access")
    for number in range(1, 5):
        store.keep("INSERT INTO attempts VALUES (?, ?, 1)", str(number), number)
        recording.acknowledge(folder, number)


def _rows(folder: Path, state: DiskState) -> str:
    path = folder / "access" / "access.sqlite"
    try:
        held = sqlite3.connect(path).execute("SELECT count(*) FROM attempts").fetchone()[0] if path.exists() else 0
    except sqlite3.Error as error:
        held = 0 if not state.acknowledged else f"no rows ({error})"
    return "" if isinstance(held, int) and held >= min(4, state.acknowledged) else f"{held} of {state.acknowledged}"


def _room(folder: Path) -> None:
    database.upgrade(_address(folder))
    reviewtown.open_round(_address(folder))
    database.engine(_address(folder)).dispose()


def _save(folder: Path) -> None:
    page = reviewtown.page_id(_address(folder))
    for number in range(1, 5):
        reviewtown.save(_address(folder), page, number, note=f"gemt {number}")
        recording.acknowledge(folder, number)


def _saved(folder: Path, state: DiskState) -> str:
    """Every save that was acknowledged stands in the history."""
    try:
        with database.reading(_address(folder)) as session:
            past = [row.after for row in saving.history(session, reviewtown.page_id(_address(folder)))]
    except GeoError as error:
        return str(error)
    finally:
        database.engine(_address(folder)).dispose()
    lost = [number for number in range(1, min(4, state.acknowledged) + 1) if not any(f"gemt {number}" in after for after in past)]
    return f"lost: {lost}" if lost else ""


def _address(folder: Path) -> str:
    return Settings(workspace=folder).reviews_address


def _scenarios() -> Iterator[Scenario]:
    yield Scenario("import", toytown_at, _import, _all_or_none(toytown_at, _import))
    yield Scenario("init", lambda _folder: None, _made, _all_or_none(lambda _folder: None, _made, "ws"))
    yield Scenario("refresh", _made, _refresh, _all_or_none(_made, _refresh, "ws"))
    yield Scenario("publish", lambda folder: publish(folder, _OLD), lambda folder: publish(folder, _NEW), _whole)
    yield Scenario("mend", _hurt, lambda folder: publish(folder, _OLD), _mended)
    yield Scenario("pages", lambda _folder: None, lambda folder: pagestore.write(folder / "pages" / "a-b", "a", iter(_ANSWERS)), _stored)
    yield Scenario("log", lambda _folder: None, _look, _logged)
    yield Scenario("accounts", lambda _folder: None, _keep, _rows)
    yield Scenario("saving", _room, _save, _saved)


def toytown_at(folder: Path) -> Workspace:
    """The toy town in a folder that is there and empty."""
    made = toytown.write(folder / "town")
    for path in made.folder.iterdir():
        path.rename(folder / path.name)
    made.folder.rmdir()
    return Workspace(folder)


SCENARIOS: Final = tuple(_scenarios())
