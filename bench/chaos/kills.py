"""Kills: a command is ended with `kill -9` at any moment; the next commands find everything as before it, or as after it, and work."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.chaos import power
from bench.chaos.outcome import Outcome
from geo import check
from geo.editions import condition, edition, proofs
from geo.errors import GeoError
from geo.files import workspace
from geo.inputs import addresses, intake
from geo.model.vocabulary import Audience
from tests.towns import reviewtown, storedtown, toytown
from webmap.reviews.store import database, rounds, saving
from webmap.serving import pagestore
from webmap.settings import Settings

ROOT: Final = Path(__file__).parent.parent.parent
LONGEST: Final = 60.0
"""Seconds after which a command that was not killed is ended all the same."""
_CHANGES: Final = frozenset({"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.link", "os.symlink"})

Say = Callable[[str], None]
"""What a command calls with a word that it acknowledges."""


@dataclass(frozen=True)
class Target:
    """A command that is killed. prepare: makes the folder as it was before; work: the command; judge: "" when all is well.

    weight: how many of a hundred trials it gets. program: whether `work` runs as a program of its own, for what is made by several
    processes.
    """

    name: str
    prepare: Callable[[Path], object]
    work: Callable[[Path, Say], object]
    judge: Callable[[Path, list[str]], str]
    weight: int
    program: tuple[str, ...] = ()


def run(trials: int) -> Outcome:
    """Kill each command so many times in all, half of the times at a random moment and half before a random change of the folder."""
    failures: list[str] = []
    number = 0
    for target in TARGETS:
        own = max(1, round(trials * target.weight / sum(each.weight for each in TARGETS)))
        number += own
        failures += [f"{target.name}: {line}" for line in killed_often(target, own)]
    return Outcome("kills", number, tuple(failures))


def killed_often(target: Target, trials: int, *, seed: int = 3) -> list[str]:
    """Kill one command again and again; returns what was wrong afterwards."""
    dice, failures = random.Random(seed), []  # noqa: S311  when to kill, the same each time
    with tempfile.TemporaryDirectory() as place:
        template, folder = Path(place, "template"), Path(place, "ws")
        template.mkdir()
        target.prepare(template)
        shutil.copytree(template, folder, symlinks=True)
        took, steps = _measured(target, folder)
        for trial in range(trials):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(template, folder, symlinks=True)
            at_step = dice.randint(1, steps) if trial % 2 and steps else 0
            said = _killed(target, folder, after=dice.uniform(0, took * 1.02), at_step=at_step)
            if wrong := target.judge(folder, said):
                failures.append(f"trial {trial}{f', before step {at_step}' if at_step else ''}: {wrong}")
    return failures


def _measured(target: Target, folder: Path) -> tuple[float, int]:
    """How many seconds the command takes when nobody kills it, and how many changes it makes (0 for a program of its own)."""
    started = time.monotonic()
    said = _killed(target, folder, after=LONGEST, at_step=0, counting=True)
    steps = next((int(word.removeprefix("steps ")) for word in said if word.startswith("steps ")), 0)
    return time.monotonic() - started, steps


def _killed(target: Target, folder: Path, *, after: float, at_step: int, counting: bool = False) -> list[str]:
    """Run the command in a process, and kill it after so many seconds or before a change; returns what it acknowledged."""
    if target.program:
        return _killed_program(target, folder, after)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _work(target, folder, writing, at_step, counting=counting)
    os.close(writing)
    until = time.monotonic() + (LONGEST if at_step else after)
    while not os.waitpid(child, os.WNOHANG)[0]:
        if time.monotonic() >= until:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            break
        time.sleep(min(0.001, after / 100))
    with os.fdopen(reading, "rb") as stream:
        return stream.read().decode().splitlines()


def _work(target: Target, folder: Path, writing: int, at_step: int, *, counting: bool) -> None:
    """What the child does; it never returns."""
    changes = [0]

    def watch(event: str, words: tuple[Any, ...]) -> None:
        if event in _CHANGES and any(str(word).startswith(str(folder)) for word in words):
            changes[0] += 1
            if changes[0] == at_step:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.addaudithook(watch)
        target.work(folder, lambda word: os.write(writing, f"{word}\n".encode()))
        if counting:
            os.write(writing, f"steps {changes[0]}\n".encode())
    finally:
        os._exit(0)


def _killed_program(target: Target, folder: Path, after: float) -> list[str]:
    process = command(folder, *target.program)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
    process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # its workers, which it could not end
    return []


def command(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start `omraadekort` on a workspace, in a group of processes of its own."""
    called = [sys.executable, "-m", "omraadekort", "--workspace", str(folder), *words]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(called, cwd=ROOT, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)  # noqa: S603  ours


# --- files of a workspace ------------------------------------------------------------------------------------------------

_LIST = "vejnavn,husnr,postnr,etrs89koordinat_øst,etrs89koordinat_nord\n" + "".join(
    f"Testvej,{n},1000,{toytown.X + n},{toytown.Y + n}\n" for n in range(1, 200)
)


def _given(name: str, text: str) -> Path:
    """A file of the user's, outside the workspace."""
    path = Path(tempfile.gettempdir(), f"omraadekort-chaos-{os.getuid()}", name)
    path.parent.mkdir(exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path


def _observations(folder: Path, _say: Say) -> None:
    files = [_given(f"new{n}.csv", toytown.csv([f"tryg,square,010{n},2012,7{n},,,100,,,final,survey,,"])) for n in (1, 2, 3)]
    intake.observations(workspace.at(folder), files, retrieved=dt.date(2021, 1, 1))


def _boundaries(folder: Path, _say: Say) -> None:
    layer = toytown.squares().rename(columns={"area_id": "kode", "name": "navn"})
    given = _given("squares.geojson", toytown.geojson(layer))
    intake.boundaries(workspace.at(folder), [given], retrieved=dt.date(2021, 1, 1))


def _addresses(folder: Path, _say: Say) -> None:
    addresses.take(workspace.at(folder), _given("addresses.csv", _LIST), retrieved=dt.date(2021, 1, 1))


def _filled(folder: Path) -> None:
    """The toy town as if it had been filled from a default, in which everything that people write has changed since."""
    place = power.toytown_at(folder)
    default = folder / "default"
    for top in ("boundaries", "data"):
        shutil.copytree(folder / top, default / top)
    workspace.refresh(place, default=default)
    for path in default.rglob("*.toml"):
        path.write_text(path.read_text(encoding="utf-8") + "\n# newer\n", encoding="utf-8")


def _refresh(folder: Path, _say: Say) -> None:
    workspace.refresh(workspace.at(folder), default=folder / "default")


def _placed(prepare: Callable[[Path], object], work: Callable[[Path, Say], object]) -> Callable[[Path, list[str]], str]:
    """A judge for whom the inputs are as before or as after, `check` has nothing to say, and every twentieth time `build` works."""
    sides: list[dict[str, bytes]] = []
    count = [0]

    def judge(folder: Path, _said: list[str]) -> str:
        if not sides:
            with tempfile.TemporaryDirectory() as other:
                for do in (prepare, lambda place: work(place, print)):
                    do(Path(other))
                    sides.append(power.files(Path(other)))
        count[0] += 1
        try:
            place = workspace.at(folder)
            problems = check.inspect(place).problems
        except GeoError as error:
            return str(error)
        if power.files(folder) not in sides:
            return "neither as before nor as after"
        if problems:
            return f"check: {problems[0]}"
        return _builds(folder) if count[0] % 20 == 0 else ""

    return judge


def _builds(folder: Path) -> str:
    if command(folder, "build").wait(LONGEST * 4):
        return "build fails afterwards"
    shown = condition.shown(folder / "editions")
    return str(shown.problem or "")


# --- editions, pages, the review room ------------------------------------------------------------------------------------


def _two_editions(folder: Path) -> None:
    power.publish(folder, 51.0)
    power.publish(folder, 50.0)


def _published(folder: Path, _said: list[str]) -> str:
    """An edition is current, whole and proven, and publishing works."""
    try:
        shown = condition.shown(folder / "editions")
        edition.read(folder / "editions", shown.id, Audience.STAFF)
        kept = proofs.read(folder / "internal", shown.id, Audience.PUBLIC)
        power.publish(folder, 52.0)
    except GeoError as error:
        return str(error)
    return str(shown.problem or "") or ("" if kept else "its proofs are gone")


def _built(folder: Path) -> None:
    power.toytown_at(folder)
    if command(folder, "build").wait(LONGEST * 4):
        raise RuntimeError("the toy town does not build")
    (folder / "data" / "goals.toml").open("a").write("\n# something to build\n")


def _pages(folder: Path, _said: list[str]) -> str:
    settings = Settings(workspace=folder)
    try:
        pagestore.read(pagestore.folder(settings, edition.current(settings.editions)))
    except pagestore.StoreError as error:
        if "no stored pages" not in str(error):
            return str(error)
    return "" if command(folder, "pages").wait(LONGEST * 4) == 0 else "pages cannot be stored afterwards"


def _address(folder: Path) -> str:
    return Settings(workspace=folder).reviews_address


def _upgraded(folder: Path, _said: list[str]) -> str:
    try:
        revision = database.upgrade(_address(folder))
        with database.reading(_address(folder)) as session:
            rounds.listing(session)
    except GeoError as error:
        return str(error)
    finally:
        _closed(folder)
    return "" if revision == database.newest() else f"revision {revision}"


def _room(folder: Path) -> None:
    database.upgrade(_address(folder))
    reviewtown.open_round(_address(folder))
    _closed(folder)


def _save(folder: Path, say: Say) -> None:
    page = reviewtown.page_id(_address(folder))
    for number in range(1, 8):
        reviewtown.save(_address(folder), page, number, note=f"gemt {number}")
        say(f"gemt {number}")


def _saved(folder: Path, said: list[str]) -> str:
    """Every save that was acknowledged stands in the history, in order."""
    try:
        with database.reading(_address(folder)) as session:
            history = saving.history(session, reviewtown.page_id(_address(folder)))
            lost = [word for word in said if word.startswith("gemt") and not any(word in row.after for row in history)]
    except GeoError as error:
        return str(error)
    finally:
        _closed(folder)
    return f"lost: {', '.join(lost)}" if lost else ""


def _closed(folder: Path) -> None:
    """Let go of the database: no connection of ours goes with a fork, and the next folder of this name holds another."""
    database.engine(_address(folder)).dispose()


def _nothing(_folder: Path) -> None:
    """An empty folder."""


TARGETS: Final = (
    Target("import observations", power.toytown_at, _observations, _placed(power.toytown_at, _observations), 20),
    Target("import boundaries", power.toytown_at, _boundaries, _placed(power.toytown_at, _boundaries), 20),
    Target("import addresses", power.toytown_at, _addresses, _placed(power.toytown_at, _addresses), 10),
    Target("refresh", _filled, _refresh, _placed(_filled, _refresh), 20),
    Target("publishing", _two_editions, lambda folder, _say: power.publish(folder, 51.0), _published, 10),
    Target("saving", _room, _save, _saved, 9),
    Target("reviews upgrade", _nothing, lambda folder, _say: database.upgrade(_address(folder)), _upgraded, 6),
    Target("build", _built, lambda _folder, _say: None, lambda folder, _said: _builds(folder), 3, ("build",)),
    Target(
        "pages",
        lambda folder: storedtown.publish(folder) and (folder / workspace.MARK).touch(),
        lambda _folder, _say: None,
        _pages,
        2,
        ("pages",),
    ),
)
