"""What a request may bring with it, page by page: how many bytes, how long they may take, and whether a stranger may send them at all.

Under `serve` a body is read before a thread is taken for its request (`rsgi`), or is not read. Other servers are told the size alone.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

import msgspec
from flask import Flask, Request, abort, current_app, request
from werkzeug.exceptions import HTTPException

from webmap.access import current
from webmap.serving.busy import BusyError
from webmap.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_T = TypeVar("_T")
REFUSED: Final = "omraadekort.refused"
"""Where the environment of a request says with which status it is refused before its body was read."""
RETRY_AFTER: Final = 5
"""Seconds after which a body may be sent again that found no room."""


@dataclass(frozen=True)
class BodyLimit:
    """What a body may be. stranger: whether it is read of somebody who has not signed in. signs_in: whether its answer waits for a turn.

    to_disk: it is written to a file as it comes, and seconds is how long each part of it may take; else how long all of it may.
    """

    bytes: int
    seconds: float = 10.0
    to_disk: bool = False
    stranger: bool = False
    signs_in: bool = False


_FORM: Final = BodyLimit(8_000)
LIMITS: Final[Mapping[str, BodyLimit]] = {
    "access.login": BodyLimit(8_000, stranger=True, signs_in=True),
    "access.logout": BodyLimit(8_000, stranger=True),
    "access.purpose": BodyLimit(8_000, stranger=True),
    "follow.page": BodyLimit(8_000, stranger=True),
    "follow.confirm": BodyLimit(8_000, stranger=True),
    "follow.stop": BodyLimit(8_000, stranger=True),
    "review": BodyLimit(1_000_000, seconds=60.0),
    "status": BodyLimit(1_000_000, seconds=60.0),
    "publish": _FORM,
    "workroom": BodyLimit(2_000_000, seconds=60.0),
    "workroom.files": BodyLimit(0, seconds=60.0, to_disk=True),
}
"""By the name of the page in the table of access; any other page that takes a body takes a small form of somebody signed in."""
MEGABYTE: Final = 1_000_000
_AROUND: Final = 100_000
"""Bytes of a form around the file in it."""
NOTHING: Final = BodyLimit(0)
"""Of addresses that take no body: it stays unread, and the answer says why."""


def limit(app: Flask, environ: WSGIEnvironment) -> BodyLimit:
    """What the address of a request takes."""
    try:
        endpoint, _ = app.url_map.bind_to_environ(environ).match()
    except (HTTPException, ValueError):
        return NOTHING
    return _of(app, endpoint)


def _of(app: Flask, endpoint: str) -> BodyLimit:
    known = LIMITS.get(current.page_of(app, endpoint), _FORM)
    if not known.to_disk:
        return known
    settings: Settings = app.extensions["omraadekort"]
    return replace(known, bytes=settings.upload_mb * MEGABYTE + _AROUND)


def scratch(settings: Settings) -> Path:
    """The folder in which bodies and files lie while they come: on the disk of the workspace, for its owner alone."""
    folder = settings.workspace / "drafts" / ".coming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


class FileRequest(Request):
    """A request whose files are written to the disk of the workspace while its form is read, and never held in memory."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if not _of(current_app, self.endpoint or "").to_disk:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        return tempfile.TemporaryFile(dir=scratch(current_app.extensions["omraadekort"]))


def install(app: Flask) -> None:
    """Let an application refuse what is too large, or what was refused before it came here. To be called before the gate is put up."""
    app.request_class = FileRequest
    app.before_request(_refuse)


def _refuse() -> None:
    status = request.environ.get(REFUSED, 0)
    if status == 503:
        raise BusyError(RETRY_AFTER)
    if status:
        abort(status)
    if request.endpoint is not None:
        request.max_content_length = request.max_form_memory_size = _of(current_app, request.endpoint).bytes


class BodyQueue:
    """The bodies that are being waited for: so many in all, and so many of one neighbourhood of addresses."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._of: Counter[str] = Counter()

    @contextmanager
    def place(self, neighbourhood: str) -> Iterator[None]:
        """A place while a body is read. Raises BusyError when there is none."""
        if self._of.total() >= self._most or self._of[neighbourhood] >= self._most_of_one:
            raise BusyError(RETRY_AFTER)
        self._of[neighbourhood] += 1
        try:
            yield
        finally:
            self._of[neighbourhood] -= 1
            if not self._of[neighbourhood]:
                del self._of[neighbourhood]


def decoded(body: bytes | str, kind: type[_T]) -> _T:
    """JSON that somebody sent, as a value. Raises msgspec.DecodeError for what is none, is of another kind, or is nested without end."""
    try:
        return msgspec.json.decode(body, type=kind)
    except RecursionError:
        raise msgspec.DecodeError("nested too deeply") from None


def any_json() -> Any:
    """The JSON of a request, of whatever shape; None when there is none that can be read."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None
