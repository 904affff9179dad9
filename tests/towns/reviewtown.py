"""A review round for tests: three subjects in hand-made facts, a database of each kind, and a PostgreSQL server of the tests' own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from geo.model.vocabulary import Text
from webmap.app import create_app
from webmap.reviews import writing
from webmap.reviews.facts import Change, Facts, MoneyLine, NewestFigure
from webmap.reviews.store import database, rounds, saving, signing
from webmap.reviews.store.rounds import Author, LastRound
from webmap.reviews.store.saving import Saved
from webmap.settings import Settings

DEPARTMENTS = ("Teknik", "Social", "Beskæftigelse")
NOBODY = LastRound(None, {}, {})
ROUND = "/gennemgang/2026H1"
PAGE, PLAN = f"{ROUND}/udsat_boligomraade/nord", f"{ROUND}/helhedsplan/plan-a"
PROGRAMME = f"{ROUND}/hotspotprogram/hotspotprogram"


def text(da: str) -> Text:
    return Text(da=da, en=f"{da} (en)")


def figure(**changes: object) -> NewestFigure:
    plain = {
        "indicator": "tryg", "area_set": "udsat_boligomraade", "area_id": "nord", "area": "Nord", "name": text("Trygge"),
        "period": "2026", "period_name": text("2026"), "value": 80.0, "low": 75.0, "high": 84.0, "interval": "wilson", "status": "final",
        "definition": "1", "demo": False, "said": text("80 %"), "doubt": text("75–84 %"), "unit": text(""), "status_said": text("endelig"),
        "source": "kilden",
    }  # fmt: skip
    return NewestFigure(**(plain | changes))  # type: ignore[arg-type]


def subject(set_id: str, own_id: str, name: str, **changes: object) -> Facts:
    return Facts(subject_set=set_id, subject_id=own_id, name=text(name), kind=text("område"), **changes)  # type: ignore[arg-type]


MONEY = MoneyLine(name=text("Bevilling 2009"), said=text("4,5 mio. kr."), note=text("Trykt sådan"), source="l. 251")
THEMES = ((1, text("Kriminalitet"), 6), (2, text("Kriminalitetstruede børn og unge"), 11))
AGREED = (
    subject("udsat_boligomraade", "nord", "Nord", figures=(figure(),), changes=(Change(kind="figure", text=text("Trygge: +5")),)),
    subject("helhedsplan", "plan-a", "Plan A"),
    subject("hotspotprogram", "hotspotprogram", "Hotspotprogrammet", themes=THEMES, money=(MONEY,)),
)


def author(name: str = "anna", minute: int = 0) -> Author:
    return Author(f"test:{name}", name.capitalize(), f"2026-11-21T12:{minute:02}:00Z")


def open_round(url: str, period: str = "2026H1", left: LastRound = NOBODY, agreed: tuple[Facts, ...] = AGREED) -> None:
    with database.writing(url) as session:
        rounds.start(session, period, edition_id="abc123", left=left, agreed=agreed, who=author())


def room(folder: Path, url: str = "") -> Flask:
    """The application with an open round, in the database of that address or, without one, in a file of the folder."""
    settings = Settings(workspace=folder, reviews_url=url, reviews_departments=DEPARTMENTS)
    database.upgrade(settings.reviews_address)
    open_round(settings.reviews_address)
    return create_app(settings)


def address(app: Flask) -> str:
    """Address of the database behind an application's review room."""
    return str(app.extensions["omraadekort"].reviews_address)


def page_id(url: str, subject_id: str = "nord", period: str = "2026H1") -> int:
    sets = {one.subject_id: one.subject_set for one in AGREED}
    with database.reading(url) as session:
        return rounds.page(session, period, sets[subject_id], subject_id).id


def save(url: str, page: int, base: int, who: str = "anna", **fields: str) -> Saved:
    """Save fields on top of what version `base` holds; names in rows are written with two underscores for the slash."""
    with database.writing(url) as session:
        return saving.save(session, page, writing.read({k.replace("__", "/"): v for k, v in fields.items()}), base=base, who=author(who))


def run(url: str, statement: str) -> None:
    with database.engine(url).execution_options(writes=True).begin() as connection:
        connection.execute(sa.text(statement))


def count(url: str, table: str) -> int:
    with database.engine(url).connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(sa.table(table))).scalar_one())


def seal(url: str, period: str = "2026H1") -> str:
    with database.reading(url) as session:
        return signing.digest(rounds.find(session, period))


def seal_in(session: Session, period: str) -> str:
    return signing.digest(rounds.find(session, period))


def sign(url: str, department: str, who: str, seen: str = "", period: str = "2026H1") -> bool:
    with database.writing(url) as session:
        seal = seen or seal_in(session, period)
        signed = signing.sign(session, period, department, seen=seal, departments=DEPARTMENTS, who=author(who), unready=True)
        return signed.is_signed


def sign_all(url: str, period: str = "2026H1") -> None:
    assert [sign(url, name, who, period=period) for name, who in zip(DEPARTMENTS, ("anna", "bo", "carl"), strict=True)] == [
        False,
        False,
        True,
    ]


# --- a server of PostgreSQL ---------------------------------------------------------------------------------------------


def programs() -> Path | None:
    """Folder of the PostgreSQL server's programs, or None."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").is_file()), None)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Run a server in a temporary folder on a free port, as somebody who is not root; gives the address of its database."""
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    who = {"user": "postgres"} if os.getuid() == 0 else {}
    if who:
        shutil.chown(home, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    place = home / "base"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": home, **who}
    subprocess.run([folder / "initdb", "-D", place, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], check=True, **quiet)
    command = [folder / "postgres", "-D", place, "-k", home, "-h", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, **quiet)  # type: ignore[call-overload]
    try:
        _wait(server, f"host=127.0.0.1 port={port} user=tests dbname=postgres")
        yield f"postgresql://tests@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # "fast": it does not wait for connections that are kept in pools
        server.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            assert time.monotonic() < until, "PostgreSQL did not start"
            assert server.poll() is None, "PostgreSQL stopped"
            time.sleep(0.1)
        else:
            return
