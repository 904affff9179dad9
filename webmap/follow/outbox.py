"""Letters that wait to be sent. A letter is sent at most once: that it was begun is on disk before the server is given it.

A sender that is killed between the two leaves a letter that was begun. Nobody knows then whether it arrived; it is not sent again
(docs/decisions/follow.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from webmap.follow import database, followers
from webmap.follow.followers import MOST_REFUSED, Does, Follower

LetterKind = Literal["confirm", "known", "news"]
"""Asks to confirm; says that one follows already; says what changed."""
Counted = Literal["sent", "refused", "unknown", "given up"]
"""What became of letters: taken by the server; refused for good; begun by a sender that was killed; put off too often."""
FIRST_WAIT: Final = 900.0
"""Seconds after which a letter is tried again that the server did not take now; twice as many after each further time."""
LONGEST_WAIT: Final = 86_400.0
TRIES: Final = 9
"""Times that a letter is tried: over some three days."""


@dataclass(frozen=True)
class WaitingLetter:
    """A letter and whom it goes to. edition: that it tells of, "" for others. tries: how often the server has put it off."""

    id: int
    kind: LetterKind
    edition: str
    tries: int
    message: str
    follower: Follower


def add_news(folder: Path, to: Iterable[Follower], edition: str, *, now: float) -> None:
    """Let a letter about an edition wait for each of them."""
    with database.changing(folder) as connection:
        rows = [(each.id, edition, now) for each in to]
        connection.executemany("INSERT OR IGNORE INTO letters (follower, kind, edition, due) VALUES (?, 'news', ?, ?)", rows)


def drop_news_before(folder: Path, edition: str) -> int:
    """Take letters away that wait and tell of another edition than the one that is shown: a newer one tells more."""
    with database.reading(folder) as connection:
        asked = "DELETE FROM letters WHERE kind = 'news' AND edition != ? AND message = ''"
        return connection.execute(asked, (edition,)).rowcount if connection else 0


def waiting(folder: Path, *, now: float) -> list[WaitingLetter]:
    """The letters whose time has come, those that people wait for first, and the others in the order in which they came."""
    return _letters(folder, "message = '' AND due <= ?", now, order="kind = 'news', letters.id")


def begun(folder: Path) -> list[WaitingLetter]:
    """The letters that a sender had begun. To be asked only by whoever holds the lock of sending: then no sender is at them."""
    return _letters(folder, "message != ''")


def any_due(folder: Path, *, now: float) -> bool:
    """Whether a sender has something to do with letters."""
    with database.reading(folder) as connection:
        return bool(connection and connection.execute("SELECT 1 FROM letters WHERE due <= ? OR message != '' LIMIT 1", (now,)).fetchone())


def begin(folder: Path, letter: WaitingLetter, message: str, tokens: Mapping[Does, str]) -> bool:
    """Note that a letter is given to the server from now on. message: its id. tokens: the secrets of its links, which hold from now on.

    False when it waits no longer: who follows has stopped meanwhile.
    """
    with database.changing(folder) as connection:
        begins = connection.execute("UPDATE letters SET message = ? WHERE id = ? AND message = ''", (message, letter.id)).rowcount == 1
        if begins:
            rows = [(followers.digest(token), does, letter.follower.id) for does, token in tokens.items()]
            connection.executemany("INSERT INTO tokens (digest, does, follower) VALUES (?, ?, ?)", rows)
        return begins


def end(folder: Path, letter: WaitingLetter, how: Counted) -> None:
    """Note what became of a letter. Whoever was sent one about an edition, or may have been, is not told of it again.

    An address that refuses the letter to confirm, or several in a row, is forgotten.
    """
    refused, arrived = how in ("refused", "given up"), how == "sent"
    with database.changing(folder) as connection:
        connection.execute("DELETE FROM letters WHERE id = ?", (letter.id,))
        connection.execute("INSERT INTO counts VALUES (?, 1) ON CONFLICT DO UPDATE SET number = number + 1", (how,))
        if letter.edition:
            connection.execute("UPDATE followers SET edition = ? WHERE id = ?", (letter.edition, letter.follower.id))
        if refused or arrived:
            connection.execute("UPDATE followers SET refused = iif(?, refused + 1, 0) WHERE id = ?", (refused, letter.follower.id))
        gone = "id = ? AND (refused >= ? OR (confirmed IS NULL AND refused > 0))"
        connection.execute(f"DELETE FROM followers WHERE {gone}", (letter.follower.id, MOST_REFUSED))  # noqa: S608 - our own words


def put_off(folder: Path, letter: WaitingLetter, tokens: Iterable[str], *, now: float, counts: bool) -> None:
    """Let a letter wait that the server is known not to have taken: its links hold no longer.

    counts: whether it was this letter that was not taken, and not all of them.
    """
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0**letter.tries) if counts else FIRST_WAIT / 3
    with database.changing(folder) as connection:
        connection.executemany("DELETE FROM tokens WHERE digest = ?", [(followers.digest(token),) for token in tokens])
        asked = "UPDATE letters SET message = '', due = ?, tries = tries + ? WHERE id = ?"
        connection.execute(asked, (now + wait, int(counts), letter.id))


def put_all_off(folder: Path, *, now: float) -> None:
    """Let all letters wait that are due: the server takes none now."""
    with database.changing(folder) as connection:
        connection.execute("UPDATE letters SET due = ? WHERE message = '' AND due <= ?", (now + FIRST_WAIT / 3, now))


def counts(folder: Path) -> dict[str, int]:
    """What became of all letters so far, and how many wait (`waiting`)."""
    with database.reading(folder) as connection:
        if connection is None:
            return {"waiting": 0}
        counted = {row["what"]: row["number"] for row in connection.execute("SELECT * FROM counts")}
        return {"waiting": connection.execute("SELECT count(*) FROM letters").fetchone()[0], **counted}


def _letters(folder: Path, where: str, *values: float, order: str = "letters.id") -> list[WaitingLetter]:
    columns = "followers.*, letters.id AS letter, letters.kind, letters.edition AS about, letters.tries, letters.message"
    asked = f"SELECT {columns} FROM letters JOIN followers ON followers.id = letters.follower WHERE {where} ORDER BY {order}"  # noqa: S608 - our own words
    with database.reading(folder) as connection:
        rows = connection.execute(asked, values).fetchall() if connection else []
    return [
        WaitingLetter(row["letter"], row["kind"], row["about"], row["tries"], row["message"], followers.follower_of(row)) for row in rows
    ]
