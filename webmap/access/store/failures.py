"""Attempts to sign in that failed, counted in the database for all workers together: who fails often waits longer, and nobody is shut out.

An attempt is counted before the password is compared, so that many at once count too, and taken back when it succeeds. Where somebody
has signed in from an address before, only what failed for this name from this address counts: neither a colleague nor a stranger who
fails holds them up.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from webmap.access.store.database import AccessDatabase

FREE_OF_ADDRESS, FREE_OF_NAME, FREE_OF_BOTH = 10, 30, 10
"""Failures from one address, for one name, and for one name from where it is known, after which one has to wait between two attempts."""
LONGEST: Final = 64
"""Seconds that one has to wait at most: 2, 4, 8 and so on up to this."""
FORGOTTEN: Final = 900.0
"""Seconds without an attempt after which failures count no longer."""
SHOWN: Final = 86400.0
"""Seconds that failures are kept for the administrator to see."""
KNOWN: Final = 90 * 86400.0
"""Seconds that it is remembered that somebody signed in from an address; where from is kept as a keyed hash."""

_COUNT: Final = """
INSERT INTO failures VALUES (:who, 1, :now) ON CONFLICT DO UPDATE
SET count = CASE WHEN last < :now - :forgotten THEN 1 ELSE count + 1 END, last = :now
WHERE count < :free OR last + MIN(:longest, 1 << MIN(count - :free + 1, 10)) <= :now OR last > :now + :longest
RETURNING count
"""
"""Counts an attempt if it may be made now. A time far ahead is one of a clock that was set back since."""


@dataclass(frozen=True)
class Attempt:
    """One attempt: who it is counted for, with how many failures are free, and the seconds to wait before it may be made (0: it may)."""

    counted: tuple[tuple[str, int], ...]
    wait: int = 0
    slowed: tuple[str, ...] = ()
    """For whom this one used up what is free: from now on they wait."""


@dataclass(frozen=True)
class FailedSignIns:
    """Failures that the administrator is told of. who: `address …`, `name …`, or both. last: seconds since 1970."""

    who: str
    count: int
    last: float


def begin(store: AccessDatabase, name: str, near: str, *, now: float) -> Attempt:
    """Count an attempt to sign in with a name from an address, unless it has to wait."""
    store.keep("DELETE FROM failures WHERE last < ?", now - SHOWN)
    person = name.strip().lower()
    if is_known(store, person, near, now=now):
        counted: tuple[tuple[str, int], ...] = ((f"name {person} from {near}", FREE_OF_BOTH),)
    else:
        counted = ((f"address {near}", FREE_OF_ADDRESS), (f"name {person}", FREE_OF_NAME))
    done: list[tuple[str, int]] = []
    slowed = []
    for who, free in counted:  # an attempt that its address may not make now is not counted for the name
        rows = store.give(_COUNT, who=who, free=free, now=now, longest=LONGEST, forgotten=FORGOTTEN)
        if not rows:
            _take_back(store, done)
            return Attempt((), wait=_seconds(store, who, free, now))
        done.append((who, free))
        slowed += [who] if rows[0]["count"] == free else []
    return Attempt(counted, slowed=tuple(slowed))


def succeed(store: AccessDatabase, attempt: Attempt, name: str, near: str, *, now: float) -> None:
    """Take an attempt back that was none to fear, and remember that this person signs in from here."""
    _take_back(store, attempt.counted)
    store.keep("DELETE FROM known WHERE seen < ?", now - KNOWN)
    store.keep("INSERT OR REPLACE INTO known VALUES (?, ?, ?)", name.strip().lower(), _place(store, near), now)


def listing(store: AccessDatabase, *, now: float) -> tuple[FailedSignIns, ...]:
    """Who has failed so often within a day that they had to wait, the newest first."""
    free = "CASE WHEN who LIKE 'address %' THEN ? WHEN who LIKE 'name % from %' THEN ? ELSE ? END"
    rows = store.ask(
        f"SELECT * FROM failures WHERE count >= {free} AND last > ? ORDER BY last DESC",  # noqa: S608 - our own words
        FREE_OF_ADDRESS,
        FREE_OF_BOTH,
        FREE_OF_NAME,
        now - SHOWN,
    )
    return tuple(FailedSignIns(row["who"], row["count"], row["last"]) for row in rows)


def forget(store: AccessDatabase, name: str) -> None:
    """Forget from where a person signed in: their account is gone, or has another password."""
    store.keep("DELETE FROM known WHERE name = ?", name)


def is_known(store: AccessDatabase, name: str, near: str, *, now: float) -> bool:
    """Whether somebody of this name has signed in from this address before."""
    person = name.strip().lower()
    return bool(store.ask("SELECT 1 FROM known WHERE name = ? AND near = ? AND seen > ?", person, _place(store, near), now - KNOWN))


def _place(store: AccessDatabase, near: str) -> str:
    return hmac.new(store.key(), b"near " + near.encode(), hashlib.sha256).hexdigest()[:32]


def _take_back(store: AccessDatabase, counted: tuple[tuple[str, int], ...] | list[tuple[str, int]]) -> None:
    for who, _ in counted:
        store.keep("UPDATE failures SET count = count - 1 WHERE who = ?", who)
        store.keep("DELETE FROM failures WHERE who = ? AND count <= 0", who)


def _seconds(store: AccessDatabase, who: str, free: int, now: float) -> int:
    rows = store.ask("SELECT count, last FROM failures WHERE who = ?", who)
    if not rows:
        return 1
    spaced = min(LONGEST, 2 ** min(rows[0]["count"] - free + 1, 10))
    return max(1, int(rows[0]["last"] + spaced - now) + 1)
