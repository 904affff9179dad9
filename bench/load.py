"""What many readers at once get, measured: `make load`. Ends with 1 when a limit is missed, and says which."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import psutil
import typer

from bench import crowd, wire
from bench.report import machine, table
from geo.model.vocabulary import Audience
from omraadekort import storing
from webmap.access.people import User
from webmap.access.store import sessions
from webmap.access.store.database import AccessDatabase
from webmap.roles import Role
from webmap.settings import Settings

STORED_RATE, STORED_P99 = 5000.0, 50.0
SIGNED_RATE, SIGNED_P99 = 200.0, 200.0
WARMING: Final = 3.0
"""Seconds that an address is asked for before it is measured."""
GROWTH: Final = 0.02
WIRE, READY, SWITCH = 250.0, 1500.0, 100.0
_BROWSER: Final = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@dataclass(frozen=True)
class Asked:
    """One line of the table. rate, p99: limits, 0 for none. known: the browser has the page already, and asks whether it changed."""

    name: str
    path: str
    headers: dict[str, str]
    rate: float = 0.0
    p99: float = 0.0
    known: bool = False


def main(
    seconds: Annotated[float, typer.Option(min=1, help="How long each address is asked for.")] = 10.0,
    minutes: Annotated[float, typer.Option(min=0, help="How long the mixture runs whose errors and memory are watched; 0 for not.")] = 2.0,
    browser: Annotated[bool, typer.Option(help="Open the heaviest map in chromium too.")] = True,
    most: Annotated[int, typer.Option(min=20, help="How many pages to store at most; fewer for a short trial.")] = storing.MOST,
) -> None:
    """Make a town of 400 areas, store its pages, serve it with two workers, and measure."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed (Debian: apt-get install wrk)")
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(workspace=Path(folder))
        edition = crowd.publish(settings.editions)
        start = time.monotonic()
        made = storing.make(settings, most=most)
        print(
            machine(),
            f"Load of the machine before: {os.getloadavg()[0]:.1f}.",
            f"{crowd.AREAS} areas, {crowd.INDICATORS} indicators, {len(crowd.PERIODS)} periods.\n",
        )
        print(f"Stored {made.pages} pages and files, {made.bytes / 1e6:.0f} MB, in {time.monotonic() - start:.0f} s.\n")
        with _served(settings) as (address, server):
            _rates(address, _asked(edition.id, settings), seconds, missed)
            if minutes:
                _endurance(address, server, edition.id, minutes, missed)
            if browser:
                _views(address, missed)
    print("\nAll limits kept." if not missed else "\nMissed: " + "; ".join(missed) + ".")
    raise SystemExit(1 if missed else 0)


def _asked(edition: str, settings: Settings) -> list[Asked]:
    cookie = {"Cookie": f"{sessions.COOKIE}={_session(settings, Audience.PUBLIC)}"}
    staff = {"Cookie": f"{sessions.COOKIE}={_session(settings, Audience.STAFF)}"}
    stored = [
        ("front page", "/", {}),
        ("map of 400 areas", "/kort/tryg0", {}),
        ("the same, not compressed", "/kort/tryg0", {"Accept-Encoding": "identity"}),
        ("values, all periods", f"/udgave/{edition}/tal/tryg0/{crowd.SET}.json", {}),
        ("geometry", f"/udgave/{edition}/kort/{crowd.SET}.js", {}),
        ("one area", f"/omraade/{crowd.SET}/0001", {}),
    ]
    found = [Asked(f"stored: {name}", path, _BROWSER | headers, STORED_RATE, STORED_P99) for name, path, headers in stored]
    found.append(Asked("stored: map, not changed (304)", "/kort/tryg0", dict(_BROWSER), STORED_RATE, STORED_P99, known=True))
    found.append(Asked("rendered: map with an area picked", f"/kort/tryg0?omraade=0001&inddeling={crowd.SET}", dict(_BROWSER)))
    found += [
        Asked(f"signed in: {name}", path, _BROWSER | who, SIGNED_RATE, SIGNED_P99)
        for name, path, who in (
            ("front page", "/", cookie),
            ("one area", f"/omraade/{crowd.SET}/0001", cookie),
            ("map of the whole city", "/kort/tryg0?inddeling=kommune", cookie),
            ("map of 400 areas", "/kort/tryg0", cookie),
            ("one area, staff's part, logged", f"/omraade/{crowd.SET}/0001", staff),
        )
    ]
    return found


def _session(settings: Settings, audience: Audience) -> str:
    """The cookie of somebody from the housing-plan team who has just signed in."""
    store, session, now = AccessDatabase(settings.access), sessions.Session(), time.time()
    sessions.sign_in(store, session, User("bench:anna", "Anna", frozenset({Role.STAFF})), now=now)
    sessions.choose(store, session, audience, "maaling")
    return session.id


@contextmanager
def _served(settings: Settings) -> Iterator[tuple[str, psutil.Process]]:
    """The town behind `omraadekort serve`."""
    (settings.workspace / "workspace.toml").write_text("format = 1\n", encoding="utf-8")
    (settings.workspace / "reviews").mkdir(exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "omraadekort", "serve", "--workspace", str(settings.workspace), "--port", str(port)]
    told = {name: text for name, text in os.environ.items() if not name.startswith("OMRAADEKORT_")}
    root = Path(__file__).parent.parent
    path = os.pathsep.join(filter(None, (str(root), told.get("PYTHONPATH", ""))))
    server = subprocess.Popen(  # noqa: S603 - our own server with our own words
        command, cwd=root, env=told | {"PYTHONPATH": path}, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/healthz", server)
        yield address, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers from its store."""
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
                if b"stored" in answer.read():
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not start with its stored pages")


def _rates(address: str, asked: list[Asked], seconds: float, missed: list[str]) -> None:
    rows = []
    for one in asked:
        known = {"If-None-Match": _etag(address + one.path)} if one.known else {}
        headers = one.headers | known
        wire.rate(address + one.path, seconds=WARMING, headers=headers)  # each worker reads its part of the edition once
        found = wire.rate(address + one.path, seconds=seconds, headers=headers)
        if one.rate and (found.per_second < one.rate or found.p99 > one.p99):
            missed.append(f"{one.name}: {found.per_second:,.0f}/s, p99 {found.p99:.0f} ms")
        if found.errors:
            missed.append(f"{one.name}: {found.errors} errors")
        limit = f">= {one.rate:,.0f}/s, <= {one.p99:.0f} ms" if one.rate else "–"
        rows.append(
            {"what": one.name, "a second": f"{found.per_second:,.0f}", "half, ms": f"{found.half:.1f}", "p99, ms": f"{found.p99:.1f}"}
            | {"errors": str(found.errors), "asked for": limit}
        )
    print(table(rows), "\n")


def _etag(address: str) -> str:
    request = urllib.request.Request(address, headers=_BROWSER)  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return str(answer.headers["ETag"])


def _endurance(address: str, server: psutil.Process, edition: str, minutes: float, missed: list[str]) -> None:
    """Pages, values and a rendered page in turn, in slices; memory is that of all processes once the first slices have warmed them."""
    paths = ("/", "/kort/tryg0", f"/udgave/{edition}/tal/tryg1/{crowd.SET}.json", "/kort/tryg2?omraade=0002", f"/omraade/{crowd.SET}/0007")
    slices = max(3 * len(paths), round(minutes * 60 / 10))
    errors, memory = 0, list[float]()
    for number in range(slices):
        errors += wire.rate(address + paths[number % len(paths)], seconds=max(1, minutes * 60 / slices), headers=_BROWSER).errors
        memory.append(_memory(server))
    warm = memory[len(paths) : 2 * len(paths)]
    late = memory[-len(paths) :]
    growth = sum(late) / sum(warm) - 1
    print(f"For {minutes:g} minutes: {errors} errors; memory {sum(warm) / len(warm):.0f} MB, at the end {growth:+.1%}.\n")
    if errors:
        missed.append(f"{errors} errors in {minutes:g} minutes")
    if growth > GROWTH:
        missed.append(f"memory grew by {growth:.1%} in {minutes:g} minutes")


def _memory(server: psutil.Process) -> float:
    """Megabytes that the server's processes have for themselves."""
    return sum(one.memory_full_info().uss for one in (server, *server.children(recursive=True))) / 1e6


def _views(address: str, missed: list[str]) -> None:
    seen = wire.view(f"{address}/kort/tryg0", other="tryg3")
    limits = (
        ("first view of the map of 400 areas, kB", seen.kilobytes, WIRE),
        ("until it can be used, ms", seen.ready, READY),
        ("another period, ms", seen.period, SWITCH),
        ("another indicator, ms", seen.indicator, SWITCH),
    )
    print(table([{"in chromium": name, "measured": f"{value:.0f}", "at most": f"{limit:.0f}"} for name, value, limit in limits]))
    missed += [f"{name}: {value:.0f}" for name, value, limit in limits if value > limit]


if __name__ == "__main__":
    typer.run(main)
