"""Two editions compared, and remembered: an edition never changes, so what differs between two of them does not either."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import msgspec
from cachetools import LRUCache

from geo.editions import changes
from geo.editions.comparison import Changes, Part, Told
from geo.editions.edition import Edition
from geo.model.vocabulary import Audience, Text
from webmap import urls
from webmap.changes import entries
from webmap.changes.repeated import without_hidden
from webmap.changes.subject import Comparison, places
from webmap.edition import chosen
from webmap.serving.busy import BusyError

MOST: Final = 40_000
"""Figures that differ, with all that is told of them, that one process remembers: some sixty megabytes."""
MOST_OUTLINED: Final = 300_000
"""Figures that differ, by their keys alone, that it remembers for feeds: as many megabytes."""
PATIENCE: Final = 3.0
"""Seconds that a request waits while another one's editions are compared."""
_RETRY_AFTER: Final = 5
_EACH: Final = 50
"""What a comparison weighs beside its figures."""
_NOTHING: Final = Told()

Key = tuple[str, ...]


@dataclass(frozen=True)
class EditionPair:
    """Two editions to compare, and the one that is shown, which says what of them may be repeated; all as one audience reads them."""

    old: Edition
    new: Edition
    shown: Edition

    @property
    def same(self) -> bool:
        """Whether an edition is compared with itself."""
        return self.old.id == self.new.id

    def pin(self, edition: Edition) -> str | None:
        """What a link to a page of an edition pins: nothing where it is the one that is shown."""
        return None if edition.id == self.shown.id else edition.id


class ComparisonMemory:
    """What was compared, up to so many figures; asked for longest ago goes first. One comparison is made at a time in a process."""

    _making = threading.Lock()

    def __init__(self, most: int) -> None:
        self._lock = threading.Lock()
        self._kept: LRUCache[Key, Comparison] = LRUCache(most, getsizeof=lambda made: len(made.changes.figures) + _EACH)

    def of(self, key: Key, compare: Callable[[], Comparison]) -> Comparison:
        """What is remembered under a key, else what `compare` makes. Raises BusyError when other comparisons take long."""
        if (made := self._find(key)) is not None:
            return made
        if not self._making.acquire(timeout=PATIENCE):
            raise BusyError(_RETRY_AFTER)
        try:
            made = self._find(key) or compare()  # another thread may have been faster
        finally:
            self._making.release()
        with self._lock:
            if self._kept.getsizeof(made) <= self._kept.maxsize:
                self._kept[key] = made
        return made

    def _find(self, key: Key) -> Comparison | None:
        with self._lock:
            return self._kept.get(key)


_full: Final = ComparisonMemory(MOST)
_outlined: Final = ComparisonMemory(MOST_OUTLINED)


def pair(old: str, new: str, part: Audience | None = None) -> EditionPair:
    """The editions of these ids, as the reader of this request may read them. part: as of `chosen.edition`. Raises as that does."""
    return EditionPair(*(chosen.other(each, part) for each in (old, new, chosen.current_id())))


def differences(compared: EditionPair) -> Comparison:
    """What differs, without what is hidden now (`repeated`). Raises BusyError while other comparisons take long."""
    old, new = compared.old, compared.new
    made = _full.of((str(old.folder), str(new.folder), new.audience.value, str(urls.demo_shown())), lambda: _compare(old, new))
    return replace(made, changes=without_hidden(made.changes, old, new, compared.shown))


def outline(old: str, new: str, part: Audience) -> Comparison:
    """Which figures, verdicts and entries differ between the editions of two ids, without a value of any.

    Raises as `chosen.edition` does, and BusyError while other comparisons take long.
    """

    def compare() -> Comparison:
        made = _compare(chosen.beside(old, part), chosen.beside(new, part))
        return replace(made, changes=_bare(made.changes))

    return _outlined.of((str(urls.settings().editions), old, new, part.value, str(urls.demo_shown())), compare)


def _compare(old: Edition, new: Edition) -> Comparison:
    made = changes.compare(old, new)
    names: dict[tuple[Part, str], Text] = {}
    for catalogue in (old.catalogue, new.catalogue):
        names |= {("indicator", indicator.id): indicator.name for indicator in catalogue.indicators}
        names |= {("goal", goal.id): goal.question for goal in catalogue.goals}
    return Comparison(made, places(made.entries, old.catalogue, new.catalogue), names, entries.said(made, old, new))


def _bare(made: Changes) -> Changes:
    """The same differences without what is told of them in either edition."""
    return msgspec.structs.replace(
        made,
        figures=tuple(msgspec.structs.replace(figure, before=_NOTHING, now=_NOTHING, by=None) for figure in made.figures),
        verdicts=tuple(msgspec.structs.replace(verdict, before=None, now=None) for verdict in made.verdicts),
        entries=tuple(msgspec.structs.replace(entry, fields=()) for entry in made.entries),
        breaks=tuple(msgspec.structs.replace(each, before=None, now=None) for each in made.breaks),
        leftovers=(),
        inputs=(),
    )
