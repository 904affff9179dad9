"""Forms that only our own pages can send: a token derived from the session's id, and where the browser says the request came from."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final
from urllib.parse import urlsplit

from flask import g, request
from markupsafe import Markup

from webmap.access.current import service, sitting

FIELD: Final = "csrf"
HEADER: Final = "X-CSRF-Token"
"""Where a script puts the token that a form has in its field."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


def csrf_token() -> str:
    """The token of this session's forms. An answer that holds it is kept by no cache."""
    g.private = True
    return _token(sitting().identity())


def csrf_field() -> Markup:
    """The hidden field that every POST form begins with."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token())


def ours() -> bool:
    """Whether a request that changes something came from a page of ours: right token, and no word of another origin."""
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    known = sitting().id
    if not known or not hmac.compare_digest(given.encode(), _token(known).encode()):
        return False
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"} and _same_origin()


def _same_origin() -> bool:
    origin = request.headers.get("Origin")
    return origin is None or (urlsplit(origin).netloc == request.host and urlsplit(origin).scheme == request.scheme)


def _token(id: str) -> str:
    return hmac.new(service().store.key(), b"csrf " + id.encode(), hashlib.sha256).hexdigest()
