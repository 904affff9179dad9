"""Answer from stored pages in front of Flask: bytes that were rendered, compressed and checked before anybody asked.

Only what is certain to be the same for everybody is answered here: GET and HEAD of an address that is stored, from a reader who is
not signed in. Everything else goes to Flask, which renders it; so does everything when there is no store, or a damaged one.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flask import Flask
from werkzeug.datastructures import Accept
from werkzeug.http import is_entity_header, parse_accept_header, parse_etags, unquote_etag
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from geo.editions.pinned import pins
from geo.errors import EditionError
from webmap.access.store import sessions
from webmap.edition import chosen
from webmap.edition.chosen import ShownService
from webmap.serving import pagestore
from webmap.serving.pagestore import PageStore, StoredAnswer
from webmap.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFERRED: Final = ("br", "gzip")
"""Encodings that are stored beside identity, the better one first."""

_PERSONAL: Final = sessions.COOKIE
"""Who sends this cookie may have signed in, and may be shown another page: Flask answers."""

ONLY_HTTPS: Final = ("Strict-Transport-Security", "max-age=31536000")
"""Header of every answer that was asked for over HTTPS, the one header that depends on how a page was asked for."""

NAME: Final = "omraadekort.pages"
"""Where an application keeps its stored pages among its extensions."""

_LOOK_AGAIN: Final = 1.0
"""Seconds after which a store that was not there is looked for again."""
_LEFT_TO_FLASK: Final = ("HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
"""Conditions that Flask knows how to keep; browsers do not send them for pages."""

_log = logging.getLogger(__name__)


def serve_stored(app: Flask, settings: Settings) -> StoredPages:
    """Put the stored pages in front of an application, behind what it does about proxies."""
    outer, shown = app.wsgi_app, chosen.service(app)
    if isinstance(outer, ProxyFix):  # it knows who asks, for which name and how: the store must see what it found out
        stored = StoredPages(outer.app, Current(settings, shown), settings.allowed_hosts)
        outer.app = stored
    else:
        stored = StoredPages(outer, Current(settings, shown), settings.allowed_hosts)
        app.wsgi_app = stored  # type: ignore[method-assign]
    app.extensions[NAME] = stored
    return stored


class StoredPages:
    """A WSGI application that answers from the store of the current edition, else passes the request on."""

    def __init__(self, rendered: WSGIApplication, current: Current, hosts: tuple[str, ...]) -> None:
        self.rendered, self._current, self._hosts = rendered, current, hosts

    def load_beside(self) -> None:
        """Read a new store in a thread of its own from now on; until it is there, pages are rendered."""
        self._current.beside = True

    def ready(self) -> bool:
        """Whether the current edition's pages are stored."""
        return self._current.store() is not None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        kept = self.answer(environ, start_response)
        return self.rendered(environ, start_response) if kept is None else kept

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes] | None:
        """The stored answer to a request, or None, and then nothing was started."""
        answer = self._find(environ)
        if answer is None:
            return None
        encoding = _encoding(environ.get("HTTP_ACCEPT_ENCODING", ""), tuple(answer.parts))
        headers = answer.headers(encoding)
        if environ["wsgi.url_scheme"] == "https":
            headers.append(ONLY_HTTPS)
        if _is_known(environ.get("HTTP_IF_NONE_MATCH", ""), headers, answer):
            start_response("304 NOT MODIFIED", [header for header in headers if not is_entity_header(header[0])])
            return [b""]
        start_response(answer.status, headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body(encoding)]

    def _find(self, environ: WSGIEnvironment) -> StoredAnswer | None:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("SCRIPT_NAME") or _personal(environ.get("HTTP_COOKIE", "")):
            return None
        if any(name in environ for name in _LEFT_TO_FLASK) or ("HTTP_IF_MODIFIED_SINCE" in environ and "HTTP_IF_NONE_MATCH" not in environ):
            return None
        if not _trusted(environ.get("HTTP_HOST", ""), self._hosts):
            return None
        store = self._current.store()
        return store.find((environ["PATH_INFO"], pagestore.in_order(environ.get("QUERY_STRING", "")))) if store else None


class Current:
    """The store of the edition that is shown. Another edition means its store at once, or none: never the pages of another edition."""

    def __init__(self, settings: Settings, shown: ShownService) -> None:
        self._settings, self._shown = settings, shown
        self._lock = threading.Lock()
        self._edition: tuple[str, frozenset[str], str] = ("", frozenset(), "")
        self._store: PageStore | None = None
        self._again = 0.0
        self.beside = False

    def store(self) -> PageStore | None:
        """The store, or None while there is none that can be used."""
        try:
            shown = self._shown.known() if self.beside else self._shown.ask()
            frozen = pins.mark(self._settings.editions)
        except EditionError:
            return None
        if shown is None:
            return None
        wanted = (shown.id, shown.withdrawn, frozen)
        if wanted == self._edition and (self._store is not None or time.monotonic() < self._again):
            return self._store
        if not self.beside:
            return self._load(wanted)
        if not self._lock.locked():
            threading.Thread(target=self._load, args=(wanted,), daemon=True).start()
        return None

    def _load(self, wanted: tuple[str, frozenset[str], str]) -> PageStore | None:
        """Look for the store; while one thread does so, the others let Flask render."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            fresh = self._read(wanted[0], said=wanted == self._edition)
            self._store, self._edition, self._again = fresh, wanted, time.monotonic() + _LOOK_AGAIN
        finally:
            self._lock.release()
        return self._store

    def _read(self, edition: str, *, said: bool) -> PageStore | None:
        try:
            return pagestore.read(pagestore.folder(self._settings, edition))
        except pagestore.StoreError as error:
            if not said:
                _log.warning("pages are rendered for each request: %s", error)
            return None


def _personal(cookies: str) -> bool:
    return _PERSONAL in cookies


@lru_cache(maxsize=512)
def _trusted(host: str, hosts: tuple[str, ...]) -> bool:
    return host_is_trusted(host, hosts)


@lru_cache(maxsize=512)
def _encoding(accepted: str, stored: tuple[str, ...]) -> str:
    """The stored encoding that the client likes best, identity ("") when it names none of them. Raises nothing, whatever it says."""
    asked = parse_accept_header(accepted, Accept)
    named = {name.lower() for name, _ in asked}
    ranked = [(asked.quality(name), -rank, name) for rank, name in enumerate(PREFERRED) if name in stored]
    best = max(ranked, default=(0, 0, ""))
    plain = asked.quality("identity") if "identity" in named else 0
    return best[2] if best[0] > 0 and best[0] >= plain else ""


def _is_known(condition: str, headers: list[tuple[str, str]], answer: StoredAnswer) -> bool:
    """Whether the client has this answer already, in the encoding it would get or as it is before compression."""
    if not condition or not answer.status.startswith("200"):
        return False
    tags = parse_etags(condition)
    own = [unquote_etag(value)[0] for name, value in (*headers, *answer.headers("")) if name == "ETag"]
    return any(tags.contains_weak(tag) for tag in own)
