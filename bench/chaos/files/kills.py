"""Kills: a command is ended with `kill -9` at any moment; the next commands find everything as before it, or as after it, and work."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bench.chaos.files import power
from bench.chaos.files.killing import LONGEST, Say, Target, command, killed_often
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


def run(trials: int) -> Outcome:
    """Kill each command so many times in all, half of the times at a random moment and half before a random change of the folder."""
    failures: list[str] = []
    number = 0
    for target in TARGETS:
        own = max(1, round(trials * target.weight / sum(each.weight for each in TARGETS)))
        number += own
        failures += [f"{target.name}: {line}" for line in killed_often(target, own)]
    return Outcome("kills", number, tuple(failures))


# --- files of a workspace ------------------------------------------------------------------------------------------------

ADDRESSES: Final = "vejnavn,husnr,postnr,etrs89koordinat_øst,etrs89koordinat_nord\n" + "".join(
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
    addresses.take(workspace.at(folder), _given("addresses.csv", ADDRESSES), retrieved=dt.date(2021, 1, 1))


def _filled(folder: Path) -> None:
    """The toy town as if it had been filled from a default, in which everything that people write has changed since."""
    fill(power.toytown_at(folder).folder, folder / "default")


def fill(folder: Path, default: Path) -> None:
    """Make a default that a workspace seems to have been filled from, and in which everything that people write has changed since."""
    for top in ("boundaries", "data"):
        shutil.copytree(folder / top, default / top)
    workspace.refresh(workspace.at(folder), default=default)
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


def _whole(folder: Path, _said: list[str]) -> str:
    """The edition that is current is whole, before and after the next build."""
    wrong = condition.shown(folder / "editions").problem
    return str(wrong) if wrong else _builds(folder)


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
    Target("build", _built, lambda _folder, _say: None, _whole, 3, ("build",)),
    Target(
        "pages",
        lambda folder: storedtown.publish(folder) and (folder / workspace.MARK).touch(),
        lambda _folder, _say: None,
        _pages,
        2,
        ("pages",),
    ),
)
