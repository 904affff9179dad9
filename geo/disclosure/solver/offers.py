"""Figures that are published only where nothing else has to be hidden for them, such as means over half-years.

These figures connect blocks that were closed by themselves. The worlds that prove those blocks prove the whole while none of the
figures is shown. Then each figure is tried: it is shown if every target can still be proven without hiding another figure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from geo.disclosure.solver import again, choose
from geo.disclosure.solver.choose import Suppression
from geo.disclosure.solver.proving import nets, single
from geo.disclosure.solver.proving.book import Book
from geo.disclosure.solver.proving.exchanges import worlds as of_exchanges
from geo.disclosure.solver.search import Search, begin
from geo.disclosure.solver.tables import Bools, Ints, SuppressionProblem, Targets, Worlds


@dataclass(frozen=True)
class Offers:
    """Which figures may be shown of a problem whose optional figures are hidden from the start.

    own: how many targets, counted from the first, belong to single blocks; the others belong to several blocks together. parts: shape
    (others, own), 1 where a target of several blocks is made of a target of a single one: both worlds of all its parts are worlds of
    the whole. figures: those that may be shown, in the order in which they are tried. needs: for each of them, the figures of which
    at least one must be hidden; otherwise the figure can be worked out and need not be published. open: targets among the own that
    cannot be proven.
    """

    own: int
    parts: sparse.csr_array
    figures: Ints
    needs: tuple[Ints, ...]
    open: Ints


def close(problem: SuppressionProblem, hidden: Bools, hints: tuple[Worlds, ...], offers: Offers) -> Suppression:
    """Close a problem, starting from what its single blocks hide, and show the optional figures that can be shown.

    hidden: shape (figures,). hints: worlds of own targets, by their numbers in the problem.
    """
    targets = problem.targets
    asked = np.setdiff1d(np.arange(offers.own), offers.open)
    place = np.full(len(targets), -1, dtype=np.int64)
    place[asked] = np.arange(len(asked))
    kept = tuple(_numbered(worlds, place) for worlds in hints)
    own = choose.close(replace(problem, targets=targets.chosen(asked)), also=hidden & ~problem.figures.hidden, hints=kept)
    parts = offers.parts[:, asked].tocsr()
    several = targets.chosen(np.arange(offers.own, len(targets)))
    every = _joined([own.targets, several, targets.chosen(offers.open)])
    search = begin(replace(problem, targets=every), own.hidden)
    book = Book(search)
    book.keep(own.worlds)
    first = len(own.targets)
    for number in range(len(several)):
        _together(search, book, first + number, parts.indices[parts.indptr[number] : parts.indptr[number + 1]])
    lost = first + np.arange(len(several))[~book.proven[first : first + len(several)]]
    unsafe = {*own.open.tolist(), *lost.tolist(), *range(first + len(several), len(every))}
    users = again.Users(search, book)
    for figure, needs in zip(offers.figures.tolist(), offers.needs, strict=True):
        if search.hidden[figure] and search.hidden[needs].any():
            again.offer_one(search, book, users, figure, unsafe)
    return Suppression(search.hidden, search.problem.targets, book.worlds(), np.array(sorted(unsafe), dtype=np.int64))


def _numbered(worlds: Worlds, place: Ints) -> Worlds:
    """The worlds of some targets under other numbers; targets without a new number are left out."""
    number = place[worlds.target]
    return replace(worlds, target=number).of(number >= 0)


def _joined(parts: list[Targets]) -> Targets:
    atoms = sparse.csr_array(sparse.vstack([part.atoms for part in parts]))
    columns = (np.concatenate([getattr(part, name) for part in parts]) for name in ("form", "width", "ruled"))
    return Targets(atoms, *columns)


def _together(search: Search, book: Book, target: int, parts: Ints) -> None:
    """Prove a target of several blocks by the worlds of its parts, or by an exchange, as wide as possible; no figure is hidden for it."""
    targets = search.problem.targets
    known = [book.of(int(part)) for part in parts if book.proven[part]]
    if known:
        joined = Worlds.joined(known)
        joined = replace(joined, target=np.full(len(joined.target), target, dtype=np.int64))
        targets.width[target] = min(int(targets.width[target]), sum(int(targets.width[part]) for part in parts if book.proven[part]))
        if targets.width[target] > 0 and book.keep_one(target, joined):
            return
    for width in range(int(targets.width[target]), 0, -1):
        targets.width[target] = width
        exchange = single.free(search, target)
        if exchange is not None and book.keep_one(target, of_exchanges(search, exchange)):
            return
        worlds = nets.prove(search, search.published_now, target)
        if worlds is not None and book.keep_one(target, worlds):
            return
