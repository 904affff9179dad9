"""Answers that cost much: compared with what the client has before they are made, made once, and few at a time.

What takes a place is kept, as it left, under all that it depends on: the edition, the part of it and the reader's roles,
the program, the address, the encoding. While one is being made, who asks for the same waits for it; who asks for another one waits for a
place. Few may wait, so that other pages always find a thread: the others are told to come again (503, Retry-After).
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cachetools import LRUCache
from flask import Flask, Response, current_app, g, request

from geo.model.vocabulary import Audience
from webmap import urls
from webmap.access import current, gate
from webmap.access.gate import ShownFigures
from webmap.edition import chosen
from webmap.serving import pagestore
from webmap.serving.busy import BusyError

PARTS: Final[Mapping[str, str]] = {
    "api.index": "audience", "api.resource": "audience", "editions.changes": "audience", "maps.download": "del", "maps.download_pair": "",
    "pictures.map_picture": "", "pictures.curve": "", "pictures.spread": "", "goals.way": "",
}  # fmt: skip
"""The pages whose answers cost much, and the parameter with which their addresses name a part of an edition ("" for none)."""
DEAR: Final = frozenset({"observations", "modelled", ""})
"""Resources of the API that take a place and are kept, and what is no resource: downloads, comparisons. The others are compared alone."""
MOST: Final = 64_000_000
"""Bytes of answers that one process keeps; those asked for longest ago are forgotten."""
AT_ONCE: Final = 2
"""Answers that one process makes at a time."""
MAY_WAIT: Final = 1
"""Requests of one process that may wait, for the same answer or for a place."""
PATIENCE: Final = 3.0
"""Seconds that a request waits."""
RETRY_AFTER: Final = 5

_ENCODINGS: Final = ("zstd", "br", "gzip")
_HEADERS: Final = ("Content-Type", "Content-Disposition", "Content-Encoding", "Cache-Control", "ETag")
_CONDITIONS: Final = ("HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
_NAME: Final = "omraadekort.costly"

Key = tuple[object, ...]


@dataclass(frozen=True)
class MadeAnswer:
    """An answer as it left: its body in one encoding, the headers that are its own, and what the access log keeps of it."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    shown: ShownFigures | None


class Workshop:
    """The costly answers of one process: those that were made, and those that are being made."""

    def __init__(self, most: int = MOST, patience: float = PATIENCE) -> None:
        self._changed = threading.Condition()
        self._kept: LRUCache[tuple[Key, str], MadeAnswer] = LRUCache(most, getsizeof=lambda made: len(made.body) + 500)
        self._making: set[Key] = set()
        self._waiting = 0
        self._patience = patience

    def find(self, key: Key, encodings: tuple[str, ...]) -> MadeAnswer | None:
        """The answer in the first of these encodings in which it is kept."""
        with self._changed:
            return self._find(key, encodings)

    def begin(self, key: Key, encodings: tuple[str, ...]) -> MadeAnswer | None:
        """Take the place to make an answer, and return None; or the answer, when somebody else made it. Raises BusyError."""
        with self._changed:
            end = time.monotonic() + self._patience
            while (made := self._find(key, encodings)) is None and (key in self._making or len(self._making) >= AT_ONCE):
                self._wait(end)
            if made is None:
                self._making.add(key)
            return made

    def keep(self, key: Key, encoding: str, made: MadeAnswer) -> None:
        """Keep an answer; one that is larger than half of all that may be kept is not."""
        with self._changed:
            if self._kept.getsizeof(made) <= self._kept.maxsize / 2:
                self._kept[key, encoding] = made

    def end(self, key: Key) -> None:
        """Give the place back."""
        with self._changed:
            self._making.discard(key)
            self._changed.notify_all()

    def _find(self, key: Key, encodings: tuple[str, ...]) -> MadeAnswer | None:
        return next((made for name in encodings if (made := self._kept.get((key, name)))), None)

    def _wait(self, end: float) -> None:
        if self._waiting >= MAY_WAIT or time.monotonic() >= end:
            raise BusyError(RETRY_AFTER)
        self._waiting += 1
        try:
            self._changed.wait(max(0.0, end - time.monotonic()))
        finally:
            self._waiting -= 1


def install(app: Flask, workshop: Workshop | None = None) -> None:
    """Let an application make its costly answers once. To be called after the gate was put up, which must stand before it."""
    app.extensions[_NAME] = workshop or Workshop()
    app.before_request(_answer)
    app.teardown_request(_give_back)


def complete(answer: Response) -> Response:
    """Name the answer for comparing, and keep it. To be put up before compression, so that it comes after it."""
    key = g.get("costly")
    if key is None or answer.status_code != 200:
        return answer
    if answer.cache_control.public:
        answer.set_etag(_tag(key), weak=True)
    if g.costly_place is None:
        return answer
    headers = tuple((name, answer.headers[name]) for name in _HEADERS if name in answer.headers)
    answer.direct_passthrough = False
    _workshop().keep(key, answer.headers.get("Content-Encoding", ""), MadeAnswer(answer.get_data(), headers, g.get("shown_figures")))
    return answer


def _answer() -> Response | None:
    """Say that the client has it, or hand out what was made, or let the view make it. What the reader may not see is refused anew."""
    key = _key()
    if key is None:
        return None
    if _part() is Audience.PUBLIC and request.if_none_match.contains_weak(_tag(key)):
        return Response(status=304, headers={"ETag": f'W/"{_tag(key)}"', "Cache-Control": gate.SHARED})
    encodings = (*(name for name in _ENCODINGS if request.accept_encodings[name] > 0), "")
    made = _workshop().begin(key, encodings) if _is_dear() else None
    if made is None:
        g.costly, g.costly_place = key, key if _is_dear() else None
        return None
    g.shown_figures = made.shown or ShownFigures()
    return Response(made.body, headers=list(made.headers))


def _is_dear() -> bool:
    resource = str((request.view_args or {}).get("resource", ""))
    return current.page() != "api.index" and resource.partition(".")[0] in DEAR


def _key() -> Key | None:
    """What a costly answer depends on; None for any other, and for one that is refused before it is made.

    The edition is asked for as the view will, so that one that is gone, or a part that is not the reader's, is refused first.
    """
    if request.endpoint is None or request.method not in ("GET", "HEAD") or current.page() not in PARTS:
        return None
    if any(name in request.environ for name in _CONDITIONS):
        return None
    part = _part()
    if part is None:
        return None
    wanted = request.args.get("edition") if current.page().startswith("api.") else (request.view_args or {}).get("edition_id")
    edition = chosen.edition(wanted, part if PARTS[current.page()] else None)
    if current.page() == "editions.changes":
        for compared in filter(None, ((request.view_args or {}).get("id"), request.args.get("since"))):
            chosen.other(compared, part)
    program = pagestore.fingerprint(urls.settings())
    place = (request.script_root, request.path, pagestore.in_order(request.query_string.decode("latin-1")))
    return (program, edition.id, gate.read_part(), current.roles(), *place)


def _part() -> Audience | None:
    """The part of an edition that the address names, the public one without a word; None for a word that is no part."""
    named = PARTS[current.page()]
    if not named:
        return current.audience()
    try:
        return Audience(request.args.get(named) or Audience.PUBLIC)
    except ValueError:
        return None


def _tag(key: Key) -> str:
    """Hash of what a public answer depends on. Of roles nothing: the public part of an edition is the same for all."""
    program, edition, _part, _roles, *place = key
    return hashlib.sha256(repr((program, edition, place)).encode()).hexdigest()[:24]


def _give_back(_error: BaseException | None) -> None:
    key = g.pop("costly_place", None)
    if key is not None:
        _workshop().end(key)


def _workshop() -> Workshop:
    workshop: Workshop = current_app.extensions[_NAME]
    return workshop
