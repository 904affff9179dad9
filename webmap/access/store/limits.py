"""How often somebody may try: attempts counted in the database, so that all workers count together."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final

from webmap.access.store.database import AccessDatabase


@dataclass(frozen=True)
class Limit:
    """At most `count` attempts in `seconds`."""

    count: int
    seconds: int


PROVIDER: Final = Limit(30, 300)
"""Ways to the provider begun from one address."""


def wait(store: AccessDatabase, who: str, limit: Limit, *, now: float) -> int:
    """Count an attempt; returns 0 if it is within the limit, else the seconds to wait.

    The window is fixed: at worst twice the count passes within `seconds`, around the turn of a window.
    """
    until = (now // limit.seconds + 1) * limit.seconds
    store.keep("DELETE FROM attempts WHERE until <= ?", now)
    sql = "INSERT INTO attempts VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1 RETURNING count"
    count = store.give(sql, f"{limit.count}/{limit.seconds} {who}", until)[0]["count"]
    return 0 if count <= limit.count else max(1, int(until - now) + 1)


def neighbourhood(address: str) -> str:
    """The address that is counted: an IPv6 network of 64 bits belongs to one household or one attacker."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)
