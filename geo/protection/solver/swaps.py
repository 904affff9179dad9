"""One figure shown in exchange for others that are cheaper to hide: each is tried, dearest first, and kept where it costs less.

Figures are chosen target by target, so an early one may be dear in the light of later ones. To try a figure is to show it, to prove
anew what it held, with anything hidden but that, and to show again what is not needed then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from geo.protection.solver import again
from geo.protection.solver.book import Book
from geo.protection.solver.search import Search
from geo.protection.solver.settle import settle
from geo.protection.solver.tables import FIXED

MOST: Final = 60
"""Figures that are tried in a block."""

_FALLEN: Final = 40
"""Proofs that one figure may hold, at most, to be tried."""

_DEARER: Final = 3
"""Times its own price that may be hidden for a figure on the way, in the hope that some of it is shown again."""


def swap(search: Search, book: Book, unsafe: set[int]) -> None:
    """Try to do without the dearest figures that are hidden besides the rule. unsafe: targets that are not looked at."""
    figures = search.problem.figures
    search.problem = replace(search.problem, figures=replace(figures, price=figures.price.copy()))
    users = again.Users(search, book)
    tried: set[int] = set()
    while len(tried) < MOST:
        hidden = np.flatnonzero(search.hidden & ~figures.hidden)
        left = [figure for figure in hidden[np.lexsort((hidden, -figures.price[hidden]))].tolist() if figure not in tried]
        if not left:
            break
        tried.add(left[0])
        if _try(search, book, users, left[0], unsafe):
            again.show_again(search, book, unsafe, thoroughly=True)
    search.problem = replace(search.problem, figures=figures)


def _try(search: Search, book: Book, users: again.Users, figure: int, unsafe: set[int]) -> bool:
    """Show a figure and hide others for what it held; as before where that is not cheaper."""
    price = search.problem.figures.price
    own, before, mark = int(price[figure]), search.hidden.copy(), book.mark()
    price[figure] = FIXED
    cheaper = _without(search, book, users, figure, unsafe, own)
    if not cheaper:
        book.back(mark)
        for other in np.flatnonzero(search.hidden != before).tolist():
            if other != figure:
                (search.hide if before[other] else search.show)(other)
    search.hide(figure)
    price[figure] = own
    if cheaper:
        search.show(figure)
    return cheaper


def _without(search: Search, book: Book, users: again.Users, figure: int, unsafe: set[int], own: int) -> bool:  # noqa: PLR0913, PLR0917
    """Show a figure, prove anew what it held and show again what else was hidden for that; whether it costs less than the figure."""
    price, before = search.problem.figures.price, search.hidden.copy()
    fallen = again.fallen(search, book, users, figure, unsafe)
    if len(fallen) > _FALLEN:
        return False
    for target in fallen:
        if not settle(search, book, target) or int(price[search.hidden & ~before].sum()) > _DEARER * own:
            return False
        users.add_one(book.of(target))
    added = np.flatnonzero(search.hidden & ~before)
    for other in added[np.argsort(-price[added], kind="stable")].tolist():
        again.show_one(search, book, users, other, unsafe, thoroughly=True)
    return int(price[search.hidden & ~before].sum()) < own
