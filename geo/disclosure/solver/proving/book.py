"""The worlds that have been found so far, each checked against the present state of the search before it is kept."""

from __future__ import annotations

import numpy as np

from geo.disclosure.solver.proving import certificate, exchanges
from geo.disclosure.solver.proving.exchanges import Exchanges
from geo.disclosure.solver.search import Search
from geo.disclosure.solver.tables import Bools, Ints, SuppressionProblem, Worlds


class Book:
    """The worlds that have been found so far, by target."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._worlds: dict[int, Worlds] = {}
        self.proven = np.zeros(len(search.problem.targets), dtype=bool)

    def take(self, made: Exchanges) -> None:
        """Keep what exchanges prove, where it passes the check."""
        self.keep(exchanges.worlds(self._search, made))

    def keep(self, worlds: Worlds) -> Ints:
        """Keep the worlds that pass the check; returns the targets that they prove."""
        candidates = np.unique(worlds.target)
        good = candidates[stands(self._search, worlds, candidates)]
        order = np.argsort(worlds.target, kind="stable")
        worlds = worlds.of(order)
        first, last = np.searchsorted(worlds.target, good), np.searchsorted(worlds.target, good, side="right")
        for number, start, end in zip(good.tolist(), first.tolist(), last.tolist(), strict=True):
            part = np.arange(start, end)
            self._worlds[number] = worlds.of(part)
        self.proven[good] = True
        return good

    def keep_one(self, target: int, worlds: Worlds) -> bool:
        """Keep the worlds of one target if they pass the check; returns whether they did."""
        if not stand_alone(self._search, target, worlds):
            return False
        self._worlds[target] = worlds
        self.proven[target] = True
        return True

    def of(self, target: int) -> Worlds:
        """Return the worlds of one target."""
        return self._worlds[target]

    def mark(self) -> tuple[dict[int, Worlds], Bools]:
        """Return what is kept now, so that `back` can restore it."""
        return dict(self._worlds), self.proven.copy()

    def back(self, mark: tuple[dict[int, Worlds], Bools]) -> None:
        """Restore what was kept at a mark, and forget everything else."""
        self._worlds, self.proven = mark

    def worlds(self) -> Worlds:
        """Return all worlds, sorted by target."""
        return Worlds.joined([self._worlds[number] for number in sorted(self._worlds)])


def stands(search: Search, worlds: Worlds, candidates: Ints) -> Bools:
    """Return which of some targets the worlds prove in the present state of the search, shape (candidates,).

    candidates: numbers of targets, shape (candidates,).
    """
    problem = search.problem
    place = np.searchsorted(candidates, worlds.target)
    mine = SuppressionProblem(problem.tables, problem.figures, problem.forms, problem.targets.chosen(candidates), problem.ranges)
    return certificate.proven(mine, search.published, Worlds(place, worlds.side, worlds.atom, worlds.kind, worlds.people))


def stand_alone(search: Search, target: int, worlds: Worlds) -> bool:
    """Return whether worlds prove one target in the present state of the search: the check of `certificate`, fast for few entries."""
    problem = search.problem
    inside = np.isin(worlds.atom, exchanges.atoms_of(search, target))
    form, distance = problem.forms[problem.targets.form[target]], 0
    for side, sign in ((0, 1), (1, -1)):
        mine = worlds.side == side
        if mine.any():
            atoms, place = np.unique(worlds.atom[mine], return_inverse=True)
            change = np.zeros((len(atoms), len(form)), dtype=np.int64)
            np.add.at(change, (place.ravel(), worlds.kind[mine]), worlds.people[mine])
            if not _possible(search, atoms, change, ruled=bool(problem.targets.ruled[target])):
                return False
            distance += sign * int(form[worlds.kind[mine]] @ (worlds.people[mine] * inside[mine]))
    return distance >= int(problem.targets.width[target])


def _possible(search: Search, atoms: Ints, change: Ints, *, ruled: bool) -> bool:
    """Whether a reader must consider a world possible. change: shape (these atoms, kinds)."""
    problem = search.problem
    tables = problem.tables
    if (tables.people[atoms] + change < 0).any():
        return False
    if any(change[:, tables.group == group].sum(axis=1).any() for group in np.unique(tables.group).tolist()):
        return False
    regions = search.regions_at(atoms)
    by_region = search.inside[np.ix_(regions, atoms)].astype(np.int64) @ change
    if (by_region @ tables.masks.T)[search.published_now[regions]].any():
        return False
    if ruled:
        ranges, mine = problem.ranges, search.ranges_at(regions)
        moved = (by_region[np.searchsorted(regions, ranges.region[mine])] * problem.forms[ranges.form[mine]]).sum(axis=1)
        return bool(((moved >= ranges.low[mine]) & (moved <= ranges.high[mine])).all())
    return True


def changed(search: Search, worlds: Worlds) -> tuple[Ints, Bools]:
    """Return the counts that the worlds of a target change: the regions, and which masks of each, shape (regions, masks)."""
    tables = search.problem.tables
    atoms, place = np.unique(worlds.atom, return_inverse=True)
    regions = search.regions_at(atoms)
    inside = search.inside[np.ix_(regions, atoms)].astype(np.int64)
    moved = np.zeros((len(regions), len(tables.masks)), dtype=bool)
    for side in (0, 1):
        mine = worlds.side == side
        change = np.zeros((len(atoms), tables.people.shape[1]), dtype=np.int64)
        np.add.at(change, (place.ravel()[mine], worlds.kind[mine]), worlds.people[mine])
        moved |= inside @ (change @ tables.masks.T) != 0
    return regions, moved
