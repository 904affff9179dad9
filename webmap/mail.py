"""Addresses of mail: of a person, of whoever sends, and of the server that takes letters. Each is read strictly, or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

Encryption = Literal["tls", "starttls", "none"]
"""From the first byte; from a command on, or nothing is sent; none, to this same machine only."""

LONGEST: Final = 254
"""Letters of an address (RFC 5321, 4.5.3.1.3)."""
_LONGEST_NAME: Final = 64
"""Letters before the @."""
_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS: Final = {"tls": 465, "starttls": 587, "none": 25}
_SERVER: Final = "smtp://name:***@host:587 (STARTTLS) or smtps://…; in name and password @ is written %40, : %3A, / %2F, % %25, and so on"
_SENDER: Final = "kort@example.dk, or a name before it: Områdekort <kort@example.dk>"


@dataclass(frozen=True)
class MailServer:
    """A server that takes letters. name: "" for one that asks for none. The password is not said when the value is shown."""

    host: str
    port: int
    encryption: Encryption
    name: str = ""
    password: str = field(default="", repr=False)


def server(url: str) -> MailServer:
    """Read the address of a server. On another machine it must encrypt. Raises ValueError, which does not repeat the address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # a port that is none
        raise ValueError(_SERVER) from None
    plain = url.isascii() and url.isprintable() and not (parts.path.strip("/") or parts.query or parts.fragment)
    if parts.scheme not in ("smtp", "smtps") or not (host and plain) or port == 0 or bool(parts.username) != bool(parts.password):
        raise ValueError(_SERVER)
    encryption: Encryption = "tls" if parts.scheme == "smtps" else "none" if host in _HERE else "starttls"
    return MailServer(host, port or _PORTS[encryption], encryption, unquote(parts.username or ""), unquote(parts.password or ""))


def address(text: str) -> str:
    """Read the address of a person as it is written on an envelope: its domain in small ASCII letters.

    Raises ValueError for what is none, or one that only quotes can hold, a domain without a dot, or letters before the @ beyond ASCII.
    """
    name, at, domain = text.strip().rpartition("@")
    try:
        host = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("name@example.dk") from None
    labels = host.split(".")
    good = (
        at and _NAME.fullmatch(name) and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    )
    if not good or len(name) > _LONGEST_NAME or len(name) + 1 + len(host) > LONGEST:
        raise ValueError("name@example.dk")
    return f"{name}@{host}"


def sender(text: str) -> Address:
    """Read who letters come from: an address, with a name before it or none. Raises ValueError."""
    name, plain = parseaddr(text)
    try:
        user, _, domain = address(plain).rpartition("@")
    except ValueError:
        raise ValueError(_SENDER) from None
    if not text.isprintable():
        raise ValueError(_SENDER)
    return Address(name, user, domain)
