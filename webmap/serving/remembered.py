"""Pages of people who have signed in, remembered: at one address, in one edition, with one audience and the same roles, they are the same.

All but the bar that names the person, which is put in when a page leaves. A page that somebody can write on is not remembered, nor
one that reads no edition; what the access log keeps of a page is remembered with it, and written every time it is shown.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from cachetools import LRUCache
from flask import Flask, Response, current_app, g, request

from geo.editions.pinned import pins
from geo.model.vocabulary import Audience
from webmap import urls
from webmap.access import current, gate, pages, table
from webmap.access.gate import ShownFigures
from webmap.access.table import Field
from webmap.edition import chosen, kept

BAR: Final = b"<!--hvem-->"
"""Where `base.html` wants the bar. No text of a page can hold it: Jinja escapes what it puts in."""
MOST: Final = 64_000_000
"""Bytes of pages that one process remembers, before compression; those asked for longest ago are forgotten."""

_NAME: Final = "omraadekort.remembered"


@dataclass(frozen=True)
class RememberedPage:
    """A rendered page: its bytes before and after the bar, the edition and the part of it that it read, and what it showed."""

    before: bytes
    after: bytes
    edition: str
    part: Audience
    shown: ShownFigures | None


class Memory:
    """The pages that this process remembers."""

    def __init__(self, most: int) -> None:
        self._lock = threading.Lock()
        self._pages: LRUCache[object, RememberedPage] = LRUCache(most, getsizeof=lambda page: len(page.before) + len(page.after))

    def find(self, key: object) -> RememberedPage | None:
        """The page remembered under a key."""
        with self._lock:
            return self._pages.get(key)

    def keep(self, key: object, page: RememberedPage) -> None:
        """Remember a page; one that is larger than all that may be remembered is not."""
        with self._lock:
            if self._pages.getsizeof(page) <= self._pages.maxsize:
                self._pages[key] = page


def install(app: Flask, *, most: int = MOST) -> None:
    """Let an application remember pages. To be called after the gate was put up, which must stand before it."""
    app.extensions[_NAME] = Memory(most)
    app.before_request(_answer)


def _answer() -> Response | None:
    """Answer from memory, as the view would: the edition and the part that it reads are asked for, and refused, anew.

    A page that names its edition in its path is of another edition than the request unless that is the current one: it is rendered.
    """
    g.asked = key = _key()
    page = _memory().find(key) if key else None
    if page is None:
        return None
    if chosen.edition().id != page.edition or gate.read_part() is not page.part:
        return None
    g.remembered, g.shown_figures = True, page.shown or ShownFigures()
    return Response(page.before + BAR + page.after, mimetype="text/html")


def complete(answer: Response) -> None:
    """Put the bar in, and remember the page without it."""
    if current.presence() is None or answer.mimetype != "text/html" or answer.direct_passthrough:
        return
    before, mark, after = answer.get_data().partition(BAR)
    if not mark:
        return
    key = _key() if answer.status_code == 200 and _lasting() else None
    if key and key == g.get("asked"):  # else an edition was published meanwhile
        _memory().keep(key, RememberedPage(before, after, g.edition.id, gate.read_part(), g.get("shown_figures")))
    answer.set_data(before + pages.bar().encode() + after)


def _lasting() -> bool:
    """Whether a page depends on nothing but its key: an edition, and no other one that could be taken away beside it."""
    return "edition" in g and not any(g.get(name) for name in ("remembered", "private", "compared"))


def _key() -> object:
    """What a page depends on when somebody has signed in; None for what is not remembered."""
    visitor = current.presence()
    if visitor is None or request.method != "GET" or request.endpoint is None or table.TABLE.get(current.page(), {}).get(Field.WRITE):
        return None
    lying = tuple(each.id for each in kept.kept())  # pages say what changed since the others
    address = (request.script_root, request.path, request.query_string)
    frozen = pins.mark(urls.settings().editions)
    return (chosen.current_id(), visitor.audience, current.roles(), *address, chosen.problem(), lying, frozen)


def _memory() -> Memory:
    memory: Memory = current_app.extensions[_NAME]
    return memory
