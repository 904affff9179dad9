"""Where a person goes after signing in: back to a page of ours, never to an address that somebody else wrote."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException

_LONGEST = 2000


def safe(wanted: str, otherwise: str) -> str:
    """The path if it is one of our pages, else the other. A path begins with one slash and has no backslash or control character."""
    if not wanted.startswith("/") or wanted.startswith("//") or len(wanted) > _LONGEST:
        return otherwise
    if "\\" in wanted or not wanted.isprintable() or not wanted.isascii():
        return otherwise
    try:
        parts = urlsplit(wanted)
        if parts.scheme or parts.netloc or "//" in parts.path:
            return otherwise
        endpoint, _ = current_app.url_map.bind("").match(parts.path, method="GET")
    except (ValueError, HTTPException):
        return otherwise
    return otherwise if endpoint.removeprefix("en_").startswith("access.") else wanted
