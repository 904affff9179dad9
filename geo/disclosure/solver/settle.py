"""Proving one target and hiding what must be hidden for it: by exchanges, by the cheapest worlds of neighbours, or by any worlds."""

from __future__ import annotations

from typing import Final

import numpy as np

from geo.disclosure.solver.proving import exchanges, nets, priced, single
from geo.disclosure.solver.proving.book import Book, changed
from geo.disclosure.solver.proving.single import Offer
from geo.disclosure.solver.search import Search
from geo.disclosure.solver.tables import FIXED, NO_MASK, Ints, Worlds

_DEAR: Final = 8
"""How many times the price of the cheapest figure an exchange may cost before linear programs, which are slow, are tried."""


def shown_by(search: Search, book: Book, target: int, worlds: Worlds) -> bool:
    """Hide the figures that contradict some worlds, if they may be hidden and the worlds then prove a target; returns whether they do."""
    shows = showing(search, worlds)
    if (search.problem.figures.price[shows] >= FIXED).any():
        return False
    for figure in shows.tolist():
        search.hide(figure)
    if book.keep_one(target, worlds):
        return True
    for figure in shows.tolist():
        search.show(figure)
    return False


def showing(search: Search, worlds: Worlds) -> Ints:
    """Return the figures that are shown and that publish a count which some worlds change."""
    figures = search.problem.figures
    shows = [np.empty(0, dtype=np.int64)]
    for region, moved in zip(*changed(search, worlds), strict=True):
        mine = search.figures_at(int(region))
        tells = figures.tells[mine]
        shows.append(mine[(moved[np.maximum(tells, 0)] & (tells != NO_MASK)).any(axis=1) & ~search.hidden[mine]])
    return np.concatenate(shows)


def settle(search: Search, book: Book, target: int) -> bool:
    """Prove one target and hide what must be hidden for it; returns whether it could be proven."""
    if _by_exchanges(search, book, target):
        return True
    worlds = nets.by_block(search, search.problem.figures.fixed, target)
    return worlds is not None and shown_by(search, book, target, worlds)


def _by_exchanges(search: Search, book: Book, target: int) -> bool:
    """Prove one target with nothing more hidden, or by hiding the figures that show the cheapest exchanges."""
    offer = single.cheapest(search, target)
    if offer is not None and offer.price == 0 and book.keep_one(target, exchanges.worlds(search, offer.exchanges)):
        return True
    if _by_nets(search, book, target) or _by_price(search, book, target, offer):
        return True
    for _ in range(4):
        if offer is None:
            return False
        for figure in single.showing(search, offer.exchanges).tolist():
            search.hide(figure)
        if book.keep_one(target, exchanges.worlds(search, offer.exchanges)) or _by_nets(search, book, target):
            return True
        offer = single.cheapest(search, target, limit=FIXED) if offer.price else None
    return False


def _by_price(search: Search, book: Book, target: int, offer: Offer | None) -> bool:
    """Prove one target by the cheapest worlds of neighbouring atoms, where they cost less than the exchanges on offer."""
    least = int(search.problem.figures.price.min(initial=FIXED))
    worlds = priced.by_block(search, target) if offer is None or offer.price > _DEAR * least else None
    if worlds is None:
        return False
    price = int(search.problem.figures.price[showing(search, worlds)].sum())
    return (offer is None or price < offer.price) and shown_by(search, book, target, worlds)


def _by_nets(search: Search, book: Book, target: int) -> bool:
    worlds = nets.prove(search, search.published_now, target)
    return worlds is not None and book.keep_one(target, worlds)
