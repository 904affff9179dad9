"""What whoever runs the service is told of attempts to sign in that fail, and of a proxy that the settings do not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app, request

from geo.model.vocabulary import Text
from webmap.access.current import service
from webmap.access.store import failures
from webmap.access.store.failures import Attempt

FORWARDING: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
"""Headers in which a proxy says who asks."""

_UNREAD: Final = "omraadekort.unread_forwarding"
_NOBODY: Final = Text(da="et navn uden konto", en="a name without an account")
_FROM_ADDRESS: Final = Text(da="adressen {}", en="the address {}")
_FOR_NAME: Final = Text(da="navnet {}", en="the name {}")
_FOR_BOTH: Final = Text(da="navnet {} fra adressen {}", en="the name {} from the address {}")


@dataclass(frozen=True)
class SlowedDown:
    """Who has to wait between attempts: in words, how many failed, and how many minutes ago the last one was."""

    who: str
    count: int
    minutes: int


def tell(attempt: Attempt) -> None:
    """Write in the server's log who has to wait from now on."""
    for who in attempt.slowed:
        current_app.logger.warning("sign-in failed so often that one has to wait between attempts: %s", _named(who).en)


def slowed(language: str) -> tuple[SlowedDown, ...]:
    """Who had to wait within a day, the newest first."""
    now = service().clock()
    rows = failures.listing(service().store, now=now)
    return tuple(SlowedDown(_named(row.who).in_(language), row.count, max(0, int(now - row.last) // 60)) for row in rows)


def watch_forwarding(app: Flask) -> None:
    """Say once when requests come through a proxy whose word is not taken: then all its readers count as one address."""
    app.before_request(_note_forwarding)


def unread_forwarding() -> str:
    """The header in which a proxy said who asks although `proxies` is 0; "" when none did, as far as this process knows."""
    return str(current_app.extensions.get(_UNREAD, ""))


def _note_forwarding() -> None:
    if unread_forwarding():
        return
    header = next((name for name in FORWARDING if name in request.environ), "")
    if header:
        named = header.removeprefix("HTTP_").replace("_", "-").title()
        current_app.extensions[_UNREAD] = named
        current_app.logger.warning(
            "requests come with %s, but the setting proxies is 0: behind a proxy everybody counts as one address; set proxies", named
        )


def _named(who: str) -> Text:
    """What failures are counted for, in words. A name is said only when it has an account: people type passwords in its field."""
    kind, _, named = who.partition(" ")
    if kind == "address":
        return Text(da=_FROM_ADDRESS.da.format(named), en=_FROM_ADDRESS.en.format(named))
    name, _, near = named.partition(" from ")
    if not service().store.ask("SELECT 1 FROM users WHERE name = ?", name):
        return _NOBODY
    words = _FOR_BOTH if near else _FOR_NAME
    return Text(da=words.da.format(name, near), en=words.en.format(name, near))
