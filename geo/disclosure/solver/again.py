"""Showing hidden figures again where they need not be hidden: one at a time, if every proof still holds or a new one is found."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from geo.disclosure.solver.proving import exchanges, nets, single
from geo.disclosure.solver.proving.book import Book, changed, stand_alone
from geo.disclosure.solver.search import Search
from geo.disclosure.solver.tables import Ints, Worlds


def show_again(search: Search, book: Book, unsafe: set[int], settled: set[int], *, thoroughly: bool) -> None:
    """Show every figure again that can be shown, the most expensive first; the search and the book are changed.

    What was hidden before the search stays hidden, unless it obviously need not be. unsafe: targets that are not considered. settled:
    figures that are known to have to stay hidden. thoroughly: whether linear programs are tried too.
    """
    figures = search.problem.figures
    hidden = np.flatnonzero(search.hidden & ~figures.hidden)
    users = Users(search, book)
    for figure in hidden[np.lexsort((hidden, -figures.price[hidden]))].tolist():
        if figure not in settled:
            show_one(search, book, users, figure, unsafe, thoroughly=thoroughly)


def show_one(search: Search, book: Book, users: Users, figure: int, unsafe: set[int], *, thoroughly: bool) -> bool:  # noqa: PLR0913
    """Show a figure if all targets that it concerns can still be proven; otherwise it stays hidden. Returns whether it is shown.

    unsafe: targets that are not considered. thoroughly: whether linear programs are tried too.
    """
    affected = _affected(search, users, figure, unsafe)
    if _still(search, book, affected, users, thoroughly=thoroughly):
        return True
    search.hide(figure)
    return False


def offer_one(search: Search, book: Book, users: Users, figure: int, unsafe: set[int]) -> bool:
    """Do as `show_one`, but stop at the first target that cannot be proven; the last targets are tried first.

    It is for figures that can seldom be shown.
    """
    affected = _affected(search, users, figure, unsafe)
    if _in_turn(search, book, affected[::-1], users):
        return True
    search.hide(figure)
    return False


def fallen(search: Search, book: Book, users: Users, figure: int, unsafe: set[int]) -> list[int]:
    """Show a figure; returns the targets whose proof is lost by that."""
    return [target for target in _affected(search, users, figure, unsafe) if not stand_alone(search, target, book.of(target))]


def _affected(search: Search, users: Users, figure: int, unsafe: set[int]) -> list[int]:
    """Show a figure; returns the targets with a world that changes a count that the figure publishes."""
    region = int(search.problem.figures.region[figure])
    before = search.published_now[region].copy()
    search.show(figure)
    return sorted(users.of(region, np.flatnonzero(search.published_now[region] & ~before)) - unsafe)


def _in_turn(search: Search, book: Book, targets: list[int], users: Users) -> bool:
    kept: dict[int, Worlds] = {}
    for target in targets:
        if stand_alone(search, target, book.of(target)):
            continue
        worlds = _by_exchange(search, target) or nets.prove(search, search.published_now, target)
        if worlds is None or not stand_alone(search, target, worlds):
            return False
        kept[target] = worlds
    for target, worlds in kept.items():
        book.keep_one(target, worlds)
        users.add_one(worlds)
    return True


def _still(search: Search, book: Book, targets: list[int], users: Users, *, thoroughly: bool) -> bool:
    """Whether these targets can be proven in the present state of the search. The new proofs are kept only if all can."""
    kept: dict[int, Worlds] = {}
    hard: list[int] = []
    for target in targets:
        if not stand_alone(search, target, book.of(target)):
            worlds = _by_exchange(search, target)
            if worlds is not None:
                kept[target] = worlds
                continue
            hard.append(target)
            if len(hard) > (_HARD if thoroughly else 0):
                return False
    for target in hard:
        worlds = nets.prove(search, search.published_now, target)
        if worlds is None or not stand_alone(search, target, worlds):
            return False
        kept[target] = worlds
    for target, worlds in kept.items():
        book.keep_one(target, worlds)
        users.add_one(worlds)
    return True


_HARD = 12
"""How many proofs by linear programs are tried, at most, to show one figure again."""


def _by_exchange(search: Search, target: int) -> Worlds | None:
    """Worlds from an exchange that is possible in the present state of the search."""
    exchange = single.free(search, target)
    worlds = exchanges.worlds(search, exchange) if exchange is not None else None
    return worlds if worlds is not None and stand_alone(search, target, worlds) else None


class Users:
    """Which targets have a world that changes a count of a region, by region and mask."""

    def __init__(self, search: Search, book: Book) -> None:
        self._search = search
        self._users: dict[tuple[int, int], set[int]] = {}
        self.add(book.worlds())

    def add(self, worlds: Worlds) -> None:
        """Note what worlds change."""
        tables = self._search.problem.tables
        targets = len(self._search.problem.targets)
        row = 2 * worlds.target + worlds.side
        for number, mask in enumerate(tables.masks):
            seen = mask[worlds.kind] != 0
            change = sparse.coo_array(
                (worlds.people[seen], (row[seen], worlds.atom[seen])), shape=(2 * targets, len(tables.people))
            ).tocsr()
            change.eliminate_zeros()
            moved = sparse.coo_array(change @ tables.regions_of)
            moved.eliminate_zeros()
            for target, region in zip((moved.row // 2).tolist(), moved.col.tolist(), strict=True):
                self._users.setdefault((region, number), set()).add(target)

    def add_one(self, worlds: Worlds) -> None:
        """Note what the worlds of one target change."""
        regions, moved = changed(self._search, worlds)
        for row, mask in zip(*np.nonzero(moved), strict=True):
            self._users.setdefault((int(regions[row]), int(mask)), set()).add(int(worlds.target[0]))

    def of(self, region: int, masks: Ints) -> set[int]:
        """Return the targets with a world that changes one of these counts. masks: numbers of the region's counts."""
        return set().union(*(self._users.get((region, int(mask)), set()) for mask in masks))
