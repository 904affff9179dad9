"""One figure shown in exchange for others that are cheaper to hide: each is tried, dearest first, and kept where it costs less.

Figures are chosen target by target, so an early one may be dear in the light of later ones. To try a figure is to show it, to prove
anew what it held, with anything hidden but that, and to show again what is not needed then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from geo.disclosure.solver import again
from geo.disclosure.solver.proving.book import Book
from geo.disclosure.solver.search import Search
from geo.disclosure.solver.settle import settle
from geo.disclosure.solver.tables import FIXED

MOST: Final = 120
"""Figures, or pairs of them, that are tried in a block."""

LARGE: Final = 1000
"""Targets from which a block is too large for this: showing all again after each that is kept takes too long there."""

_FALLEN: Final = 40
"""Proofs that one figure may hold, at most, to be tried."""

_DEARER: Final = 3
"""Times its own price that may be hidden for a figure on the way, in the hope that some of it is shown again."""


def swap(search: Search, book: Book, unsafe: set[int]) -> None:
    """Try to do without the dearest figures that are hidden besides the rule. unsafe: targets that are not looked at."""
    figures = search.problem.figures
    if len(search.problem.targets) > LARGE:
        return
    search.problem = replace(search.problem, figures=replace(figures, price=figures.price.copy()))
    users = again.Users(search, book)
    tried: set[tuple[int, ...]] = set()
    for _ in range(MOST):
        chosen = next((exchange for exchange in _candidates(search) if exchange not in tried), None)
        if chosen is None:
            break
        tried.add(chosen)
        if _try(search, book, users, chosen, unsafe):
            again.show_again(search, book, unsafe, set(), thoroughly=True)
            tried.clear()
    search.problem = replace(search.problem, figures=figures)


def _candidates(search: Search) -> Iterator[tuple[int, ...]]:
    """Figures that are hidden besides the rule, dearest first, one by one; then two of one area, or two that tell the same of two areas."""
    figures = search.problem.figures
    hidden = np.flatnonzero(search.hidden & ~figures.hidden)
    every = hidden[np.lexsort((hidden, -figures.price[hidden]))]
    yield from ((figure,) for figure in every.tolist())
    for place, figure in enumerate(every.tolist()):
        rest = every[place + 1 :]
        near = (figures.region[rest] == figures.region[figure]) | (figures.tells[rest] == figures.tells[figure]).all(axis=1)
        yield from ((figure, other) for other in rest[near].tolist())


def _try(search: Search, book: Book, users: again.Users, chosen: tuple[int, ...], unsafe: set[int]) -> bool:
    """Show figures and hide others for what they held; as before where that is not cheaper."""
    price = search.problem.figures.price
    own, before, mark = price[list(chosen)].copy(), search.hidden.copy(), book.mark()
    price[list(chosen)] = FIXED
    cheaper = _without(search, book, users, chosen, unsafe, int(own.sum()))
    if not cheaper:
        book.back(mark)
        for other in np.flatnonzero(search.hidden != before).tolist():
            if other not in chosen:
                (search.hide if before[other] else search.show)(other)
    for figure, paid in zip(chosen, own.tolist(), strict=True):
        if not search.hidden[figure]:
            search.hide(figure)
        price[figure] = paid
        if cheaper:
            search.show(figure)
    return cheaper


def _without(search: Search, book: Book, users: again.Users, chosen: tuple[int, ...], unsafe: set[int], own: int) -> bool:  # noqa: PLR0913, PLR0917
    """Show figures, prove anew what they held and show again what else was hidden for that; whether it costs less than they do."""
    price, before = search.problem.figures.price, search.hidden.copy()
    fallen = sorted(set().union(*(again.fallen(search, book, users, figure, unsafe) for figure in chosen)))
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
