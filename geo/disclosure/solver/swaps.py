"""Showing one hidden figure in exchange for others that are cheaper to hide: each is tried, and kept where the total price falls.

Figures are chosen target by target, so an early choice may be expensive once the later ones are known. To try a figure is to show it,
to prove anew the targets that need it hidden, with any figures hidden but that one, and to show again what is not needed then.
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
"""How many figures, or pairs of them, are tried in a block."""

LARGE: Final = 1000
"""The number of targets above which this is not tried: showing all figures again after each success takes too long there."""

_FALLEN: Final = 40
"""The largest number of lost proofs with which a figure is still tried."""

_DEARER: Final = 3
"""How many times its own price may be hidden for a figure on the way, in the hope that some of it is shown again."""


def swap(search: Search, book: Book, unsafe: set[int]) -> None:
    """Try to show the most expensive figures that are hidden besides the rule. unsafe: targets that are not considered."""
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
            users = again.Users(search, book)  # worlds that were found just now are in the book alone
            tried.clear()
    search.problem = replace(search.problem, figures=figures)


def _candidates(search: Search) -> Iterator[tuple[int, ...]]:
    """Figures that are hidden besides the rule, the most expensive first, one by one; then pairs of one area, or of one count."""
    figures = search.problem.figures
    hidden = np.flatnonzero(search.hidden & ~figures.hidden)
    every = hidden[np.lexsort((hidden, -figures.price[hidden]))]
    yield from ((figure,) for figure in every.tolist())
    for place, figure in enumerate(every.tolist()):
        rest = every[place + 1 :]
        near = (figures.region[rest] == figures.region[figure]) | (figures.tells[rest] == figures.tells[figure]).all(axis=1)
        yield from ((figure, other) for other in rest[near].tolist())


def _try(search: Search, book: Book, users: again.Users, chosen: tuple[int, ...], unsafe: set[int]) -> bool:
    """Show figures and hide others instead; everything is restored where that is not cheaper. Returns whether it was."""
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
    """Show figures, prove anew what is lost, and show again what else was hidden for that; returns whether it costs less."""
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
