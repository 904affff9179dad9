"""Texts of settings, each read strictly or refused with what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from webmap import mail, roles
from webmap.roles import Role

LONGEST: Final = 200
"""Letters of a line that stands on every page."""


def tile_url(text: str) -> str:
    """An address of background tiles. Raises ValueError."""
    if text and not (text.startswith("https://") and all(part in text for part in ("{x}", "{y}", "{z}"))):
        raise ValueError("https://…/{z}/{x}/{y}.png")
    return text


def hosts(text: str) -> tuple[str, ...]:
    """Names that a server answers to, with spaces between. Raises ValueError."""
    hosts = tuple(text.lower().split())
    if not hosts or not all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", name) for name in hosts):
        raise ValueError("names or addresses with spaces between, without a port: kort.example.dk 10.0.0.5")
    return hosts


def number(low: int, high: int) -> Callable[[str], int]:
    """What reads a whole number between two ends, which raises ValueError for anything else."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def queue(text: str) -> str:
    """An address of a PostgreSQL database, or nothing. Raises ValueError."""
    if text and not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("postgresql://name@host/base")
    return text


def yes(text: str) -> bool:
    """Yes or no. Raises ValueError."""
    if text.lower() not in ("yes", "no", "true", "false"):
        raise ValueError("yes or no")
    return text.lower() in ("yes", "true")


def issuer(text: str) -> str:
    """An address of an OpenID Connect provider. Raises ValueError."""
    parts = urlsplit(text)
    at_home = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if text and not ((parts.scheme == "https" and parts.netloc) or at_home):
        raise ValueError("https://…; http only for this same machine")
    return text


def role_map(text: str) -> tuple[tuple[str, Role], ...]:
    """Which group gives which role. Raises ValueError."""
    pairs = [pair.strip().rpartition("=") for pair in text.split(",") if pair.strip()]
    if not all(name.strip() and role.strip() in roles.GIVEN for name, _, role in pairs):
        raise ValueError(f"<group>=<role>, with commas between; roles are {', '.join(roles.GIVEN)}")
    return tuple((name.strip(), Role(role.strip())) for name, _, role in pairs)


def department_map(text: str) -> tuple[tuple[str, str], ...]:
    """Which group signs for which department. Raises ValueError."""
    pairs = [pair.strip().partition("=") for pair in text.split(";") if pair.strip()]
    if not all(name.strip() and department.strip() for name, _, department in pairs):
        raise ValueError("<group>=<department>, with semicolons between")
    return tuple((name.strip(), department.strip()) for name, _, department in pairs)


def reminders(text: str) -> tuple[tuple[str, str], ...]:
    """Which address is reminded of what a sender of the calendar reports. Raises ValueError."""
    pairs = [pair.strip().partition("=") for pair in text.split(";") if pair.strip()]
    try:
        known = tuple((name.strip(), mail.address(address)) for name, _, address in pairs)
    except ValueError:
        raise ValueError("<sender>=name@example.dk, with semicolons between") from None
    if not all(name for name, _ in known):
        raise ValueError("<sender>=name@example.dk, with semicolons between")
    return known


def database(text: str) -> str:
    """An address of a database that reviews are kept in, or nothing. Raises ValueError."""
    if text and not text.startswith(("postgresql://", "postgresql+psycopg://", "sqlite:///")):
        raise ValueError("postgresql://name@host/base")
    return text


def smtp(text: str) -> str:
    """An address of a server that takes letters, or nothing. Raises ValueError, which does not repeat it."""
    if text:
        mail.server(text)
    return text


def sender(text: str) -> str:
    """An address that letters come from, or nothing. Raises ValueError."""
    if text:
        mail.sender(text)
    return text


def public(text: str) -> str:
    """An address under which everybody reaches the pages, without a slash at its end. Raises ValueError."""
    if text and not re.fullmatch(r"(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?(/[A-Za-z0-9._-]+)*/?", text):
        raise ValueError("https://kort.example.dk; http only for this same machine")
    return text.rstrip("/")


def departments(text: str) -> tuple[str, ...]:
    """Names with a semicolon between. Raises ValueError."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(";") if name.strip()))
    if not names:
        raise ValueError("names with a semicolon between")
    return names


def line(text: str) -> str:
    """One line of text that pages show as it is. Raises ValueError for what is longer than a line, or has another in it."""
    if len(text) > LONGEST or not (text.isprintable() or not text):
        raise ValueError(f"one line of at most {LONGEST} letters")
    return " ".join(text.split())


def page(text: str) -> str:
    """An https address of a page elsewhere, or nothing. Raises ValueError."""
    parts = urlsplit(text)
    if text and not (
        parts.scheme == "https" and parts.hostname and text.isascii() and text.isprintable() and not re.search(r"[\s<>\"']", text)
    ):
        raise ValueError("https://…")
    return text
