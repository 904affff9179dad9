"""Local accounts: people of one machine that has no provider to ask. Passwords are kept as argon2id hashes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geo.errors import InputError, NotFoundError, Problem
from webmap.access import people
from webmap.access.people import User
from webmap.access.store import failures
from webmap.access.store.database import AccessDatabase
from webmap.access.store.turns import PasswordTurns
from webmap.roles import Role

PREFIX: Final = "local:"
SHORTEST, LONGEST = 12, 200
"""Characters of a password. Length is asked for and nothing else (NIST SP 800-63B); the upper end keeps hashing cheap."""

_NAME: Final = re.compile(r"[a-z0-9æøå][a-z0-9æøå._-]{0,63}")
_hasher: Final = PasswordHasher()  # argon2id with the parameters of RFC 9106 for small memory: 64 MiB, 3 passes
TURNS: Final = PasswordTurns()
"""Without one nobody's password is compared, so that a flood of attempts can take neither all memory nor all threads."""
CROWDED: Final = 2
"""Seconds after which somebody may try again who got no turn to have a password compared."""


@dataclass(frozen=True)
class Account:
    """One local account as `omraadekort users list` shows it. made: seconds since 1970."""

    name: str
    shown: str
    roles: frozenset[Role]
    made: float
    department: str = ""


def add(store: AccessDatabase, account: Account, password: str) -> None:
    """Make an account. Raises InputError for a name or password that will not do, or a name that is taken."""
    name = _name(account.name)
    _check(password, name)
    row = (name, account.shown.strip()[:100] or name, _hasher.hash(password), people.written(account.roles), account.made)
    if not store.keep("INSERT OR IGNORE INTO users VALUES (?, ?, ?, ?, ?)", *row):
        raise InputError(Problem(name, "there is an account of that name", expected="another name, or: users password, users roles"))
    assign(store, PREFIX + name, account.department)


def listing(store: AccessDatabase) -> list[Account]:
    """All accounts by name."""
    rows = store.ask("SELECT users.*, department FROM users LEFT JOIN departments ON user = ? || name ORDER BY name", PREFIX)
    return [Account(row["name"], row["shown"], people.roles(row["roles"].split()), row["made"], row["department"] or "") for row in rows]


def remove(store: AccessDatabase, name: str) -> None:
    """Remove an account and end its sessions. Raises NotFoundError."""
    _touch(store, name, store.keep("DELETE FROM users WHERE name = ?", name))
    store.keep("DELETE FROM sessions WHERE user = ?", PREFIX + name)
    failures.forget(store, name)
    assign(store, PREFIX + name, "")


def assign(store: AccessDatabase, user: str, department: str) -> None:
    """Let a person, by their id, sign for a department; for none with ""."""
    if department:
        store.keep(
            "INSERT INTO departments VALUES (?, ?) ON CONFLICT (user) DO UPDATE SET department = excluded.department", user, department
        )
    elif store.exists():
        store.keep("DELETE FROM departments WHERE user = ?", user)


def change_department(store: AccessDatabase, name: str, department: str) -> None:
    """Let an account sign for that department from the next click on; for none with "". Raises NotFoundError."""
    _touch(store, name, len(store.ask("SELECT 1 FROM users WHERE name = ?", name)))
    assign(store, PREFIX + name, department)


def change_password(store: AccessDatabase, name: str, password: str) -> None:
    """Give an account another password and end its sessions. Raises InputError, NotFoundError."""
    _check(password, name)
    _touch(store, name, store.keep("UPDATE users SET password = ? WHERE name = ?", _hasher.hash(password), name))
    store.keep("DELETE FROM sessions WHERE user = ?", PREFIX + name)
    failures.forget(store, name)


def change_roles(store: AccessDatabase, name: str, roles: Iterable[str]) -> None:
    """Give an account these roles and no others; who is signed in has them with the next click. Raises InputError, NotFoundError."""
    _touch(store, name, store.keep("UPDATE users SET roles = ? WHERE name = ?", people.written(people.roles(roles)), name))


def verify(store: AccessDatabase, name: str, password: str) -> User | None:
    """The person of that name if the password is theirs; to be asked in a turn of `TURNS`.

    An unknown name costs the same time as a wrong password.
    """
    nobody = _nobody()  # made now, so that the first unknown name does not take longer than the first known one
    rows = store.ask("SELECT * FROM users WHERE name = ?", name.strip().lower())
    kept = rows[0]["password"] if rows else nobody
    if not _matches(kept, password[: LONGEST + 1]) or not rows:
        return None
    if _hasher.check_needs_rehash(kept):
        store.keep("UPDATE users SET password = ? WHERE name = ?", _hasher.hash(password), rows[0]["name"])
    own = store.ask("SELECT department FROM departments WHERE user = ?", PREFIX + rows[0]["name"])
    return User(PREFIX + rows[0]["name"], rows[0]["shown"], people.roles(rows[0]["roles"].split()), own[0]["department"] if own else "")


def _matches(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash that no password of allowed length has, made with today's parameters."""
    return _hasher.hash("-" * (LONGEST + 2))


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InputError(Problem("name", "a name that will not do", found=repr(name), expected="small letters, digits, . _ - (at most 64)"))
    return name


def _check(password: str, name: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(Problem("password", f"the password has {len(password)} characters", expected=f"{SHORTEST} to {LONGEST}"))
    if password.lower() == name:
        raise InputError(Problem("password", "the password is the name"))


def _touch(store: AccessDatabase, name: str, rows: int) -> None:
    if not rows:
        raise NotFoundError(
            Problem(name, "no such account", expected=", ".join(account.name for account in listing(store)) or "none is there")
        )
