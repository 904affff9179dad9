"""Which figures to hide besides those that a rule hides, so that every target is proven; and which of them to show again.

Hiding only adds possible worlds, so a proof that was found holds whatever else is hidden. Targets of many people are proven first:
what is hidden for them often serves the smaller ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from geo.disclosure.solver import again, parts, swaps
from geo.disclosure.solver.proving import exchanges, nets
from geo.disclosure.solver.proving.book import Book
from geo.disclosure.solver.search import Search, begin
from geo.disclosure.solver.settle import settle, shown_by
from geo.disclosure.solver.tables import Bools, Ints, SuppressionProblem, Targets, Worlds

Tick = Callable[[int, int], None]
"""A function that is called as (targets settled, targets in all)."""

Apart = Callable[[Sequence[SuppressionProblem]], Iterator["Suppression"]]
"""A function that closes several problems, anywhere, and returns the results in their order."""


@dataclass(frozen=True)
class Suppression:
    """Which figures to hide, and the proof that it is enough.

    hidden: shape (figures,), those that the rule hides among them. targets: those of the problem. Where a reader who knows the rule
    can find out more than the width allows whatever is hidden, the target has the width that can be kept from that reader, and stands
    once more at the end, with its own width, for readers who do not know the rule. worlds: two for each target that is not open.
    open: targets that cannot be proven whatever is hidden.
    """

    hidden: Bools
    targets: Targets
    worlds: Worlds
    open: Ints


def close(
    problem: SuppressionProblem,
    *,
    also: Bools | None = None,
    hints: Sequence[Worlds] = (),
    tick: Tick = lambda _done, _all: None,
    apart: Apart | None = None,
) -> Suppression:
    """Choose which figures of a problem to hide, and prove that it is enough.

    also: shape (figures,), figures that are hidden from the start and shown again where they need not be. hints: worlds that proved
    the same targets elsewhere, such as in the period before; each is used where it passes the check. apart: closes the parts of a
    problem of very many atoms (`parts`); None: here, one after another.
    """
    search = begin(_writable(problem), problem.figures.hidden | (also if also is not None else False))
    book = Book(search)
    every = np.arange(len(problem.targets))
    for worlds in hints:
        book.keep(worlds.of(~book.proven[worlds.target]))
    if len(every) and hints and book.proven.all():
        return Suppression(search.hidden, problem.targets, book.worlds(), every[:0])
    book.take(exchanges.prove(search, every[~book.proven]))
    in_parts, met = _in_parts(search, book, every[~book.proven], apart or _here)
    left = every[~book.proven]
    size = np.asarray(problem.targets.atoms @ problem.tables.people.sum(axis=1)).ravel()
    hinted = [_by_target(worlds) for worlds in (*hints, met)]
    unsafe, weaker = [], []
    for number in left[np.lexsort((left, -size[left]))].tolist():
        tick(int(book.proven.sum()), len(every))
        if settle(search, book, number) or _by_hint(search, book, number, hinted):
            continue
        if _weaker(search, book, number, hinted):
            weaker.append(number)
        elif not _plainly(search, book, number, hinted):
            unsafe.append(number)
    twins = _twins(search, book, problem, weaker)
    unsafe += [twin for twin in twins if not (settle(search, book, twin) or _by_hint(search, book, twin, hinted))]
    fresh = also is None or not also.any()
    again.show_again(search, book, set(unsafe), in_parts, thoroughly=fresh)
    if fresh:
        swaps.swap(search, book, set(unsafe))
    return Suppression(search.hidden, search.problem.targets, book.worlds(), np.array(sorted(unsafe), dtype=np.int64))


def provable(problem: SuppressionProblem) -> Bools:
    """Return which targets could be proven if every figure were hidden, shape (targets,): for the others hiding is in vain."""
    search = begin(_writable(problem), np.ones_like(problem.figures.hidden))
    book = Book(search)
    book.take(exchanges.prove(search, np.arange(len(problem.targets))))
    for number in np.flatnonzero(~book.proven).tolist():
        worlds = nets.prove(search, search.published_now, number)
        if worlds is not None:
            book.keep_one(number, worlds)
    return book.proven


def _here(problems: Sequence[SuppressionProblem]) -> Iterator[Suppression]:
    return map(close, problems)


def _in_parts(search: Search, book: Book, left: Ints, apart: Apart) -> tuple[set[int], Worlds]:
    """Hide and keep what the parts of a large problem hide and prove. Returns those figures, and all worlds of the parts."""
    cut = parts.cut(search.problem, search.hidden, left)
    chosen: set[int] = set()
    worlds = []
    for part, closed in zip(cut, apart([part.problem for part in cut]) if cut else (), strict=True):
        chosen.update(part.figures[closed.hidden & ~part.problem.figures.hidden].tolist())
        worlds.append(part.lifted(closed.worlds))
    for figure in sorted(chosen):
        search.hide(figure)
    met = Worlds.joined(worlds)
    book.keep(met)
    return chosen, met


def _writable(problem: SuppressionProblem) -> SuppressionProblem:
    targets = problem.targets
    return replace(problem, targets=replace(targets, width=targets.width.copy(), ruled=targets.ruled.copy()))


def _weaker(search: Search, book: Book, target: int, hinted: Sequence[Mapping[int, Worlds]]) -> bool:
    """Prove a target for readers who know the rule with a smaller width, the largest possible; if none is, the width is put back."""
    targets = search.problem.targets
    asked = int(targets.width[target])
    for width in range(asked - 1, 0, -1) if targets.ruled[target] else ():
        targets.width[target] = width
        if settle(search, book, target) or _by_hint(search, book, target, hinted):
            return True
    targets.width[target] = asked
    return False


def _plainly(search: Search, book: Book, target: int, hinted: Sequence[Mapping[int, Worlds]]) -> bool:
    """Prove a target for readers who do not know the rule."""
    ruled = bool(search.problem.targets.ruled[target])
    search.problem.targets.ruled[target] = False
    return ruled and (settle(search, book, target) or _by_hint(search, book, target, hinted))


def _twins(search: Search, book: Book, problem: SuppressionProblem, weaker: Sequence[int]) -> list[int]:
    """Add once more, for readers who do not know the rule, the targets whose width was made smaller; returns their numbers."""
    if not weaker:
        return []
    targets, before = search.problem.targets, problem.targets.chosen(np.array(weaker, dtype=np.int64))
    joined = Targets(
        sparse.csr_array(sparse.vstack([targets.atoms, before.atoms])),
        np.concatenate([targets.form, before.form]),
        np.concatenate([targets.width, before.width]),
        np.concatenate([targets.ruled, np.zeros(len(before), dtype=bool)]),
    )
    search.problem = replace(search.problem, targets=joined)
    book.proven = np.append(book.proven, np.zeros(len(before), dtype=bool))
    return list(range(len(targets), len(joined)))


def _by_target(worlds: Worlds) -> dict[int, Worlds]:
    order = np.argsort(worlds.target, kind="stable")
    numbers, first = np.unique(worlds.target[order], return_index=True)
    return {
        number: worlds.of(rows) for number, rows in zip(numbers.tolist(), np.split(order, first[1:]), strict=False)
    }  # none: one empty part


def _by_hint(search: Search, book: Book, target: int, hinted: Sequence[Mapping[int, Worlds]]) -> bool:
    """Prove a target by worlds that proved it elsewhere, and hide the figures that show these worlds to be impossible."""
    return any(shown_by(search, book, target, worlds[target]) for worlds in hinted if target in worlds)
