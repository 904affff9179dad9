"""Those who follow: who asked, confirmed and stopped. Of the secret in a letter's links only its SHA-256 is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from webmap.follow import database

UNCONFIRMED_FOR: Final = 7 * 86_400.0
"""Seconds after which an address is forgotten that nobody has confirmed."""
MOST_REFUSED: Final = 3
"""Letters in a row that an address may refuse for good before it is forgotten."""
Does = Literal["confirm", "stop"]
"""What a link in a letter does."""
Followed = tuple[str, str, str]
"""Indicator, area set and area id; nothing of them is the whole city."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 random bytes


@dataclass(frozen=True)
class Follower:
    """Somebody who follows something. edition: the last one they were told of, "" before they confirmed. made: seconds since 1970."""

    id: int
    address: str
    followed: Followed
    language: str
    made: float
    confirmed: bool
    edition: str


def new_token() -> str:
    """A secret for a link: 32 random bytes as text."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def ask(folder: Path, address: str, followed: Followed, language: str, *, now: float) -> None:
    """Keep that somebody asks to follow, and let a letter wait: to confirm, or, to who follows already, to say so.

    address: as `mail.address` gives it. A letter that waits already is not doubled. Raises FollowersError.
    """
    with database.changing(folder) as connection:
        _forget_unconfirmed(connection, now)
        row = connection.execute(
            "INSERT INTO followers (address, same, indicator, area_set, area_id, language, made) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET language = iif(confirmed IS NULL, excluded.language, language),"
            " made = iif(confirmed IS NULL, excluded.made, made) RETURNING id, confirmed",
            (address, address.lower(), *followed, language, now),
        ).fetchone()
        kind = "confirm" if row["confirmed"] is None else "known"
        connection.execute(
            "INSERT OR IGNORE INTO letters (follower, kind, edition, due) VALUES (?, ?, '', ?)",
            (row["id"], kind, now),
        )


def find(folder: Path, token: str, does: Does, *, now: float) -> Follower | None:
    """Whose link it is, None for a link that is none, or of somebody who did not confirm in time or has stopped."""
    with database.reading(folder) as connection:
        return _find(connection, token, does, now) if connection else None


def confirm(folder: Path, token: str, edition: str, *, now: float) -> Follower | None:
    """Let somebody follow from an edition on; who follows already goes on as before. None as of `find`."""
    with database.reading(folder) as connection:
        follower = _find(connection, token, "confirm", now) if connection else None
        if connection and follower and not follower.confirmed:
            connection.execute("UPDATE followers SET confirmed = ?, edition = ? WHERE id = ?", (now, edition, follower.id))
        return follower


def stop(folder: Path, token: str, *, all_of_address: bool, now: float) -> bool:
    """Forget who follows, with their address and the letters that wait; all that the address follows, if asked. False as of `find`."""
    with database.reading(folder) as connection:
        follower = _find(connection, token, "stop", now) if connection else None
        if connection is None or follower is None:
            return False
        if all_of_address:
            connection.execute("DELETE FROM followers WHERE same = ?", (follower.address.lower(),))
        connection.execute("DELETE FROM followers WHERE id = ?", (follower.id,))
        return True


def number_of(folder: Path, address: str) -> int:
    """How many subjects an address follows."""
    with database.reading(folder) as connection:
        asked = "SELECT count(*) FROM followers WHERE same = ? AND confirmed IS NOT NULL"
        return int(connection.execute(asked, (address.lower(),)).fetchone()[0]) if connection else 0


def remove(folder: Path, address: str) -> int:
    """Forget an address; returns how many subjects it followed or had asked for."""
    with database.reading(folder) as connection:
        return connection.execute("DELETE FROM followers WHERE same = ?", (address.strip().lower(),)).rowcount if connection else 0


def forget_unconfirmed(folder: Path, *, now: float) -> int:
    """Forget the addresses that nobody confirmed in time; returns how many."""
    with database.reading(folder) as connection:
        return _forget_unconfirmed(connection, now) if connection else 0


def behind(folder: Path, edition: str) -> list[Follower]:
    """Those who have confirmed and were not told of an edition, nor have a letter about it waiting."""
    asked = "confirmed IS NOT NULL AND edition != ? AND id NOT IN (SELECT follower FROM letters WHERE kind = 'news')"
    with database.reading(folder) as connection:
        return _listed(connection.execute(f"SELECT * FROM followers WHERE {asked} ORDER BY id", (edition,))) if connection else []  # noqa: S608 - our own words


def pass_over(folder: Path, followers: Iterable[Follower], edition: str) -> None:
    """Note that these need no letter about an edition: nothing of theirs changed in it."""
    with database.changing(folder) as connection:
        connection.executemany("UPDATE followers SET edition = ? WHERE id = ?", [(edition, each.id) for each in followers])


def every(folder: Path) -> list[Follower]:
    """All of them, in the order in which they asked."""
    with database.reading(folder) as connection:
        return _listed(connection.execute("SELECT * FROM followers ORDER BY id")) if connection else []


def counted(folder: Path) -> Counter[tuple[Followed, bool]]:
    """How many follow each subject, and how many have asked for it and not confirmed."""
    return Counter((each.followed, each.confirmed) for each in every(folder))


def _find(connection: sqlite3.Connection, token: str, does: Does, now: float) -> Follower | None:
    if not _TOKEN.fullmatch(token):
        return None
    asked = "SELECT followers.* FROM tokens JOIN followers ON followers.id = tokens.follower WHERE digest = ? AND does = ?"
    listed = _listed(connection.execute(asked, (digest(token), does)))
    return next((each for each in listed if each.confirmed or now - each.made <= UNCONFIRMED_FOR), None)


def _forget_unconfirmed(connection: sqlite3.Connection, now: float) -> int:
    return connection.execute("DELETE FROM followers WHERE confirmed IS NULL AND made < ?", (now - UNCONFIRMED_FOR,)).rowcount


def _listed(rows: Iterable[sqlite3.Row]) -> list[Follower]:
    return [follower_of(row) for row in rows]


def follower_of(row: sqlite3.Row) -> Follower:
    """The follower that a row of the table tells of."""
    followed = (row["indicator"], row["area_set"], row["area_id"])
    known = row["confirmed"] is not None
    return Follower(row["id"], row["address"], followed, row["language"], row["made"], known, row["edition"])
