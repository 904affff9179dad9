"""Every command that writes in a workspace, as a program of its own; a workspace for them; and what lies in it afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.chaos.files import flips, kills, power
from bench.chaos.files.killing import ROOT
from geo.editions import condition, edition
from geo.errors import GeoError
from geo.files.workspace import Workspace
from tests.readers.signed import PASSWORD
from tests.towns import reviewtown, toytown
from webmap.access.log import append, lines, verify
from webmap.access.store import accounts
from webmap.access.store.accounts import Account
from webmap.access.store.database import AccessDatabase
from webmap.reviews.store import database, saving
from webmap.roles import Role
from webmap.serving import pagestore
from webmap.settings import Settings

LONGEST: Final = 240.0
"""Seconds that a command may take on a machine that does much else."""
CODES: Final = frozenset({0, 1, 3, 4})
"""Exit codes of a command that did something, or refused in words."""
OTHER: Final = "en helt anden kode"
_REFRESH: Final = (
    "import pathlib, sys; from omraadekort import cli, embedded; given = pathlib.Path(sys.argv.pop(1)); "
    "embedded.folder = lambda: given; cli.app()"
)
"""`omraadekort refresh` with another default beside it than the embedded city, which would take a minute each time."""


@dataclass(frozen=True)
class Command:
    """A command. words: {given} stands for the folder of the user's own files. typed: what is typed when it asks."""

    name: str
    words: tuple[str, ...]
    typed: str = ""


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    said: str

    @property
    def wrong(self) -> str:
        """What no command may do, "" when it did none of it."""
        if "Traceback" in self.said:
            return f"a traceback: {self.said.strip().splitlines()[-1]}"
        return "" if self.code in CODES else f"exit code {self.code}: {self.said[-200:]}"


def _typed(password: str) -> str:
    return f"{password}\n{password}\n"


_WHEN: Final = ("--retrieved", "2021-01-01")
COMMANDS: Final = (
    Command("import observations", ("import", "observations", "{given}/new1.csv", "{given}/new2.csv", *_WHEN)),
    Command("import boundaries", ("import", "boundaries", "{given}/squares.geojson", *_WHEN)),
    Command("import addresses", ("import", "addresses", "{given}/addresses.csv", *_WHEN)),
    Command("refresh", ("refresh",)),
    Command("build", ("build",)),
    Command("publish", ("publish", "{older}")),
    Command("pages", ("pages",)),
    Command("reviews upgrade", ("reviews", "upgrade")),
    Command("users add", ("users", "add", "bent", "--role", "staff"), _typed(PASSWORD)),
    Command("users password", ("users", "password", "anna"), _typed(OTHER)),
    Command("users roles", ("users", "roles", "anna", "--role", "ssp")),
    Command("log rotate", ("log", "rotate")),
)


def prepare(folder: Path) -> Workspace:
    """A workspace in which each of the commands has something to do: two editions, accounts, a log, an open round, a newer default."""
    place = power.toytown_at(folder / "ws")
    _given(folder / "given")
    kills.fill(place.folder, folder / "default")
    for _ in range(2):
        if (ended := run(folder, Command("build", ("build",)))).code:
            raise RuntimeError(f"the toy town does not build: {ended.said}")
        (place.data / "goals.toml").open("a").write("\n# something to build\n")
        figures = place.folder / toytown.FIGURES
        figures.write_text(toytown.csv([*toytown.ROWS, "tryg,square,0104,2013,61,,,100,,,final,survey,,"]), encoding="utf-8")
        toytown.write_sidecar(figures)
    store = AccessDatabase(place.folder / "access")
    accounts.add(store, Account("anna", "Anna Holm", frozenset({Role.STAFF}), time.time()), PASSWORD)
    for number in range(5):
        append(place.folder / "access", at="2026-11-27T08:00:00Z", event="look", user="local:anna", figures=number)
    address = Settings(workspace=place.folder).reviews_address
    database.upgrade(address)
    reviewtown.open_round(address)
    reviewtown.save(address, reviewtown.page_id(address), 1, note="skrevet før")
    database.engine(address).dispose()
    return place


def _given(folder: Path) -> None:
    folder.mkdir()
    for number in (1, 2):
        rows = [f"tryg,square,010{number},2012,7{number},,,100,,,final,survey,,"]
        (folder / f"new{number}.csv").write_text(toytown.csv(rows), encoding="utf-8")
    layer = toytown.squares().rename(columns={"area_id": "kode", "name": "navn"})
    (folder / "squares.geojson").write_text(toytown.geojson(layer), encoding="utf-8")
    (folder / "addresses.csv").write_text(kills.ADDRESSES, encoding="utf-8")


def start(folder: Path, command: Command, *, workspace: Path | None = None, **environment: str) -> subprocess.Popen[str]:
    """Start a command on the workspace that `prepare` made in a folder, or on another one. environment: set for it beside ours."""
    place = workspace or folder / "ws"
    older = min((path.name for path in edition.folders(place / "editions")), default="") if "{older}" in command.words else ""
    words = [word.format(given=folder / "given", older=older) for word in command.words]
    program = ["-c", _REFRESH, str(folder / "default")] if command.name == "refresh" else ["-m", "omraadekort"]
    called = [sys.executable, *program, "--workspace", str(place), *words]
    kept = {name: text for name, text in os.environ.items() if not name.startswith("OMRAADEKORT_")} | {"PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    started = subprocess.Popen(  # noqa: S603  our own words
        called, cwd=ROOT, env=kept | environment, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    assert started.stdin  # noqa: S101  for the type
    started.stdin.write(command.typed)
    started.stdin.flush()
    return started


def ended(started: subprocess.Popen[str]) -> Ended:
    """Wait for a command."""
    try:
        said, _ = started.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        started.kill()
        said, _ = started.communicate()
        return Ended(124, f"it hangs: {said}")
    return Ended(started.returncode, said)


def run(folder: Path, command: Command, *, workspace: Path | None = None, **environment: str) -> Ended:
    """Run a command to its end."""
    return ended(start(folder, command, workspace=workspace, **environment))


def state(place: Path) -> dict[str, Any]:
    """What lies in a workspace, by part, and independent of when it was written. What cannot be read is said.

    It is read in a process of its own, which holds none of its files open afterwards.
    """
    lying: dict[str, Any] = flips.apart(lambda: _state(place))
    return lying


def _state(place: Path) -> dict[str, Any]:
    return {
        "inputs": power.files(place),
        "edition": _said(lambda: edition.current(place / "editions")),
        "damaged": [str(lying.problem) for lying in condition.listing(place / "editions") if lying.problem],
        "accounts": _said(lambda: _accounts(AccessDatabase(place / "access"))),
        "log": _said(lambda: (verify(place / "access").n, sorted(line.entry.event for line in lines(place / "access")))),
        "reviews": _said(lambda: _reviews(Settings(workspace=place).reviews_address)),
        "left": sorted(path.name for path in place.glob(".*") if path.is_dir()),
    }


def _said(read: Any) -> Any:
    try:
        return read()
    except GeoError as error:
        return str(error)


def _accounts(store: AccessDatabase) -> list[Any]:
    listed = [(account.name, sorted(account.roles)) for account in accounts.listing(store)]
    return [*listed, *(accounts.verify(store, "anna", word) is not None for word in (PASSWORD, OTHER))]


def _reviews(address: str) -> list[str]:
    try:
        with database.reading(address) as session:
            return [row.after for row in saving.history(session, reviewtown.page_id(address))]
    finally:
        database.engine(address).dispose()


def pages(place: Path) -> str:
    """What is wrong with the stored pages of the current edition; none stored is right too."""
    settings = Settings(workspace=place)
    try:
        pagestore.read(pagestore.folder(settings, edition.current(settings.editions)))
    except pagestore.StoreError as error:
        return "" if "no stored pages" in str(error) else str(error)
    return ""
