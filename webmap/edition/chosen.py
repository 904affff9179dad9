"""What a request is shown: the edition asked for, the reader's language, the settings, and addresses that keep them.

Every page lives twice: as endpoint `<blueprint>.<view>` under `/` and as `en_<blueprint>.<view>` under `/en/`. Views and
templates name pages by `<blueprint>.<view>` and ask `link`.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Flask, abort, current_app, g, request

from geo.editions import condition, manifests
from geo.editions import edition as editions
from geo.editions.condition import ShownEdition
from geo.editions.edition import Edition
from geo.errors import DamagedError, EditionError, NotFoundError, Problem
from geo.model.vocabulary import Audience
from webmap import access
from webmap.edition.demo import invented
from webmap.edition.demo.invented import Invented
from webmap.edition.reader import Reader
from webmap.urls import demo_shown, language, pinned, settings

_NAME: Final = "omraadekort.shown"
_SECONDS: Final = 1.0
"""Seconds for which what was found out about the editions is taken to be true."""
_log = logging.getLogger(__name__)


class EditionGoneError(NotFoundError):
    """An edition that a link pins is not on this server."""


class WithdrawnError(EditionGoneError):
    """An edition that a link pins was withdrawn. at: the day, ISO 8601; reason: why, as whoever did it wrote it."""

    def __init__(self, problem: Problem, at: str, reason: str) -> None:
        super().__init__(problem)
        self.at, self.reason = at, reason


def shown() -> ShownEdition:
    """The edition that is shown: the current one, or the newest whole one while that is damaged, which the server's log is told once.

    Raises EditionError when there is none, DamagedError when none is whole.
    """
    return service(current_app).ask()


def current_id() -> str:
    """Id of the edition that is shown, "" when there is none."""
    try:
        return shown().id
    except EditionError:
        return ""


def named() -> str:
    """Id of the edition that was made current, whether or not it can be shown; "" when none has been built."""
    try:
        return editions.current(settings().editions)
    except EditionError:
        return ""


def problem() -> Problem | None:
    """What is wrong with the current edition, when another is shown in its place."""
    try:
        return shown().problem
    except EditionError:
        return None


class ShownService:
    """Which edition one application shows. What was found out is true for a moment: editions are published and damaged meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._pointer, self._lock = folder, folder / "current", threading.Lock()
        self._last: tuple[tuple[int, int], float, ShownEdition] | None = None
        self._said: Problem | None = None

    def ask(self) -> ShownEdition:
        """The edition that is shown now. Raises as `shown` does."""
        return self._fresh() or self._look()

    def known(self) -> ShownEdition | None:
        """What was found out last about the edition that is current, None when nothing was; the answer is brought up to date beside."""
        last = self._last
        if fresh := self._fresh():
            return fresh
        if not self._lock.locked():
            threading.Thread(target=self._look_beside, daemon=True).start()
        return last[2] if last is not None and last[0] == self._seen() else None

    def _look_beside(self) -> None:
        with suppress(EditionError):  # whoever asks next is told
            self._look()

    def forget(self) -> None:
        """Look anew at the next question: somebody found a file of the edition damaged."""
        self._last = None

    def _fresh(self) -> ShownEdition | None:
        last = self._last
        return last[2] if last is not None and last[0] == self._seen() and time.monotonic() < last[1] else None

    def _look(self) -> ShownEdition:
        with self._lock:
            if fresh := self._fresh():  # another thread was faster
                return fresh
            seen, now = self._seen(), condition.shown(self._folder)
            if now.problem is not None and now.problem != self._said:
                _log.error("%s. Edition %s, the newest whole one, is shown instead.", now.problem, now.id)
            self._said, self._last = now.problem, (seen, time.monotonic() + _SECONDS, now)
            return now

    def _seen(self) -> tuple[int, int]:
        try:
            about = self._pointer.stat()
        except OSError:
            return (0, 0)
        return about.st_ino, about.st_mtime_ns


def service(app: Flask) -> ShownService:
    """What knows which edition an application shows."""
    made: ShownService = app.extensions[_NAME]
    return made


def install(app: Flask, folder: Path) -> None:
    """Let an application show the editions of a folder. Raises DamagedError when there are editions, and none of them is whole."""
    app.extensions[_NAME] = ShownService(folder)
    try:
        service(app).ask()
    except DamagedError:
        raise
    except EditionError:
        return  # nothing has been built yet: the pages say so


def edition(wanted: str | None = None, part: Audience | None = None) -> Edition:
    """Edition of that id, or the one the address pins with `udgave`, or the current one, as this request may read it.

    It is without demo data unless the request shows them (`urls.demo_shown`).

    part: the part that the address names, where it names one; else that of the audience they chose. Another part than theirs is refused.
    Raises EditionGoneError for an id that is not here, WithdrawnError for one that was withdrawn, EditionError when there is no edition
    or it cannot be read.
    """
    asked, folder = wanted or pinned(), settings().editions
    if asked and not (manifests.is_id(asked) and (folder / asked / "manifest.json").is_file()):
        raise EditionGoneError(Problem(asked[:80], "no such edition"))
    if withdrawn := condition.withdrawals(folder).get(asked):
        raise WithdrawnError(Problem(asked, f"withdrawn {withdrawn.at[:10]}", found=withdrawn.reason), withdrawn.at[:10], withdrawn.reason)
    chosen = part or access.audience()
    access.reading(chosen)
    if asked:
        condition.check(folder / asked)
    wanted = asked or shown().id
    whole = _read(folder, wanted, chosen)
    g.invented = _invented(folder, wanted, chosen)
    read = whole if demo_shown() else _real(folder, wanted, chosen)
    g.edition = read  # the frame of the page names the edition that its figures come from
    return read


def reader(wanted: str | None = None, part: Audience | None = None) -> Reader:
    """Who the page of this request is made for: the edition as `edition` gives it, and raises, and the language of the address."""
    return Reader(edition(wanted, part), language())


def readable(id: str) -> None:
    """Raise EditionError when the public part of an edition is not there or cannot be read."""
    _read(settings().editions, id, Audience.PUBLIC)


def left_out() -> Invented | None:
    """What of the edition that this request has read is invented; None when nothing is, or none has been read."""
    known: Invented | None = g.get("invented")
    return known if known is not None and known.any else None


def other(id: str, part: Audience | None = None) -> Edition:
    """Another edition to compare with, as the reader of this request may read it; the frame of the page stays with the one shown."""
    g.compared = True
    return beside(id, part)


def beside(id: str, part: Audience | None = None) -> Edition:
    """The same for what is said beside a page of the editions that are kept: who remembers such a page remembers which they were."""
    kept = g.get("edition"), g.get("invented")
    try:
        return edition(id, part)
    finally:
        g.edition, g.invented = kept


def part(name: str = "del") -> Audience:
    """The part of an edition that the address of a file names; without a word the public one, whoever asks.

    So what an address gives does not depend on who asks, only whether it is given. Raises BadRequest for an unknown word.
    """
    try:
        return Audience(request.args.get(name, Audience.PUBLIC.value))
    except ValueError:
        abort(400)


@lru_cache(maxsize=12)
def _read(folder: Path, id: str, part: Audience) -> Edition:
    return editions.read(folder, id, part)


@lru_cache(maxsize=12)
def _invented(folder: Path, id: str, part: Audience) -> Invented:
    return invented.inside(_read(folder, id, part))


@lru_cache(maxsize=12)
def _real(folder: Path, id: str, part: Audience) -> Edition:
    return invented.without(_read(folder, id, part), _invented(folder, id, part))
