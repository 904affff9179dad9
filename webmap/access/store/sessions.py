"""Sessions on the server side. The browser holds a random id in a `__Host-` cookie, the database only its SHA-256.

`flask.session` is the content of the session (what the way through a provider needs to remember); who is signed in stands
beside it, in columns of their own, and is read anew at every request.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from geo.model.vocabulary import Audience
from webmap.access import people
from webmap.access.people import Presence, User
from webmap.access.store import accounts
from webmap.access.store.database import AccessDatabase, AccountsError

_log = logging.getLogger(__name__)

COOKIE: Final = "__Host-omraadekort"
_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 random bytes
_SEEN_EVERY: Final = 60.0
"""Seconds between two notes of when a session was last seen: reading a page does not write each time."""
_UNSIGNED: Final = 600.0
"""Seconds that a session lives in which nobody signed in: the time for a way to the provider and back."""
_LONGEST: Final = 86400.0
"""Seconds after which a session is over whatever the settings say (`session_hours` is at most 24): then its row goes."""


@dataclass(frozen=True)
class SessionLimits:
    """Seconds after which a session ends: unused, and in any case."""

    idle: float
    absolute: float


class Session(CallbackDict[str, Any], SessionMixin):
    """One session. id: what the browser holds, "" before anything was given to it. checked: when the roles were last asked for."""

    def __init__(self, id: str = "", content: dict[str, Any] | None = None, presence: Presence | None = None, checked: float = 0.0) -> None:
        super().__init__(content or {}, on_update=_changed)
        self.id, self.presence, self.checked = id, presence, checked
        self.kept, self.fresh, self.ended, self.modified = content is not None, False, False, False

    def identity(self) -> str:
        """The id, made now if there is none."""
        if not self.id:
            self.id, self.fresh = secrets.token_urlsafe(32), True
        return self.id


def _changed(session: Any) -> None:
    session.modified = True


def digest(id: str) -> str:
    """What is kept of an id."""
    return hashlib.sha256(id.encode()).hexdigest()


def find(store: AccessDatabase, id: str, limits: SessionLimits, *, now: float) -> Session:
    """The session of an id, or an empty one under that id: of a session that ended nothing is left, whoever was signed in."""
    rows = store.ask(
        "SELECT sessions.*, users.roles AS own, users.shown AS name, department FROM sessions"
        " LEFT JOIN users ON sessions.user = ? || users.name"
        " LEFT JOIN departments ON departments.user = sessions.user WHERE digest = ?",
        accounts.PREFIX,
        digest(id),
    )
    if not rows:
        return Session(id)
    row = rows[0]
    if _over(row, limits, now) or (row["user"].startswith(accounts.PREFIX) and row["own"] is None):
        end(store, id)
        return Session(id)
    if abs(now - row["seen"]) > _SEEN_EVERY:
        store.keep("UPDATE sessions SET seen = ? WHERE digest = ?", now, row["digest"])
    return Session(id, json.loads(row["content"]), _presence(row), row["checked"])


def sign_in(store: AccessDatabase, session: Session, user: User, *, now: float, content: dict[str, Any] | None = None) -> None:
    """Sign a person in: under a new id, with nothing kept of what the session held before."""
    if session.id:
        end(store, session.id)
    store.keep("DELETE FROM sessions WHERE (user = '' AND made < ?) OR made < ?", now - _UNSIGNED, now - _LONGEST)
    session.clear()
    session.id, session.fresh, session.kept, session.ended = secrets.token_urlsafe(32), True, True, False
    session.presence, session.checked = Presence(user), now
    session.update(content or {})
    session.modified = False
    named = (user.id, user.name, people.written(user.roles), Audience.PUBLIC.value)
    row = (digest(session.id), *named, "", json.dumps(dict(session)), now, now, now)
    store.keep("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *row)
    _keep_department(store, user)


def _keep_department(store: AccessDatabase, user: User) -> None:
    """Keep the department that a provider says; that of a local account stands there already."""
    if not user.id.startswith(accounts.PREFIX):
        accounts.assign(store, user.id, user.department)


def choose(store: AccessDatabase, session: Session, audience: Audience, purpose: str) -> None:
    """Look with another part from now on, for a stated purpose."""
    if session.presence is not None:
        store.keep("UPDATE sessions SET hat = ?, purpose = ? WHERE digest = ?", audience.value, purpose, digest(session.id))
        session.presence = Presence(session.presence.user, audience, purpose)


def recheck(store: AccessDatabase, session: Session, user: User, *, now: float) -> None:
    """Keep the roles that the provider says a person has now; an audience whose role is gone is public again."""
    audience = session.presence.audience if session.presence and session.presence.audience in people.audiences(user) else Audience.PUBLIC
    sql = "UPDATE sessions SET roles = ?, shown = ?, hat = ?, checked = ? WHERE digest = ?"
    store.keep(sql, people.written(user.roles), user.name, audience.value, now, digest(session.id))
    _keep_department(store, user)
    session.presence, session.checked = Presence(user, audience, session.presence.purpose if session.presence else ""), now


def sign_out(store: AccessDatabase, session: Session) -> None:
    """End a session and forget its id."""
    end(store, session.id)
    session.clear()
    session.presence, session.ended, session.kept, session.modified = None, True, False, False


def end(store: AccessDatabase, id: str) -> None:
    """End the session of an id."""
    store.keep("DELETE FROM sessions WHERE digest = ?", digest(id))


@dataclass(frozen=True)
class ListedSession:
    """A signed-in session as `omraadekort users sessions` shows it. mark: the first figures of its digest, enough to revoke it."""

    mark: str
    user: str
    audience: str
    made: float
    seen: float


def listing(store: AccessDatabase, limits: SessionLimits, *, now: float) -> list[ListedSession]:
    """Sessions in which somebody is signed in, oldest first."""
    rows = [row for row in store.ask("SELECT * FROM sessions WHERE user != '' ORDER BY made") if not _over(row, limits, now)]
    return [ListedSession(row["digest"][:12], row["user"], row["hat"], row["made"], row["seen"]) for row in rows]


def revoke(store: AccessDatabase, which: str) -> int:
    """End the sessions of a person (`local:anna`, `oidc:…`) or the one with that mark; returns how many."""
    if not store.exists() or not which:
        return 0
    return store.keep("DELETE FROM sessions WHERE user = ? OR (length(?) = 12 AND substr(digest, 1, 12) = ?)", which, which, which)


def _over(row: sqlite3.Row, limits: SessionLimits, now: float) -> bool:
    """Whether a session has ended.

    One that was seen in a time to come, because the clock was set back since, ends as an unused one: nobody can tell how old it is.
    """
    if not row["user"]:
        return bool(abs(now - row["made"]) > _UNSIGNED)
    return bool(now - row["made"] > limits.absolute or abs(now - row["seen"]) > limits.idle)


def _presence(row: sqlite3.Row) -> Presence | None:
    if not row["user"]:
        return None
    roles = people.roles((row["own"] if row["own"] is not None else row["roles"]).split())
    user = User(row["user"], row["name"] or row["shown"], roles, row["department"] or "")
    audience = Audience(row["hat"])
    return Presence(user, audience if audience in people.audiences(user) else Audience.PUBLIC, row["purpose"])


class Interface(SessionInterface):
    """How Flask finds and keeps a session. A request without our cookie does not touch the database."""

    def __init__(self, store: AccessDatabase, limits: SessionLimits, clock: Any) -> None:
        self.store, self.limits, self.clock = store, limits, clock

    def open_session(self, app: Flask, request: Request) -> Session:  # noqa: ARG002 - Flask's own parameters
        """Read the session of the cookie. While the database of accounts is damaged nobody is signed in, and public pages are shown."""
        given = request.cookies.get(COOKIE, "")
        try:
            return find(self.store, given, self.limits, now=self.clock()) if _ID.fullmatch(given) else Session()
        except AccountsError as error:
            _log.error("nobody is signed in: %s", error)
            return Session()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        """Keep what changed, and give or take the cookie."""
        if not isinstance(session, Session):
            return
        if session.ended:
            response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
            return
        if session.modified:
            self._keep(session)
        if session.fresh:
            response.set_cookie(COOKIE, session.id, path="/", secure=True, httponly=True, samesite="Lax")

    def _keep(self, session: Session) -> None:
        """Keep the content. A session that was ended by another request in the meantime is not made again."""
        content, now = json.dumps(dict(session)), self.clock()
        if session.kept:
            self.store.keep("UPDATE sessions SET content = ? WHERE digest = ?", content, digest(session.identity()))
            return
        sql = "INSERT OR IGNORE INTO sessions (digest, content, made, seen, checked) VALUES (?, ?, ?, ?, ?)"
        self.store.keep(sql, digest(session.identity()), content, now, now, now)
