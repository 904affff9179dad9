"""A problem of very many atoms in parts that are closed by themselves, on any core: the atoms of a region that holds a hundred or so.

People of a part only exchange with each other, and what larger regions tell of them stays as it is. Both only take worlds away, so what
is proven in a part is proven of the whole. Targets that lie in no part, and those that a part cannot prove, are left to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import sparse

from geo.disclosure.solver.tables import Bools, Figures, Ints, Ranges, SuppressionProblem, Tables, Worlds

MANY: Final = 2500
"""Atoms of a problem from which it is taken in parts: a search goes through numbers by atom and pattern for every target."""

MOST: Final = 400
"""Atoms of a part."""


@dataclass(frozen=True)
class Part:
    """A part as a problem of its own. atoms, figures, targets: which those of the part are in the whole."""

    problem: SuppressionProblem
    atoms: Ints
    figures: Ints
    targets: Ints

    def lifted(self, worlds: Worlds) -> Worlds:
        """Worlds of targets of the part, in numbers of the whole; those of targets that were added when it was closed are left out."""
        mine = worlds.of(worlds.target < len(self.targets))
        return Worlds(self.targets[mine.target], mine.side, self.atoms[mine.atom], mine.kind, mine.people)


def large(problem: SuppressionProblem) -> bool:
    """Whether a problem is taken in parts."""
    return len(problem.tables.people) >= MANY


def cut(problem: SuppressionProblem, hidden: Bools, asked: Ints) -> list[Part]:
    """The parts of a problem in which some of these targets lie; none where it is small.

    hidden: shape (figures,), what is hidden so far, which stays so. asked: numbers of targets.
    """
    if not large(problem):
        return []
    place = _places(problem.tables)
    size = np.bincount(place[place >= 0])
    atoms = problem.targets.atoms[asked]
    rows = np.repeat(np.arange(len(asked)), np.diff(atoms.indptr))
    first = np.full(len(asked), -1, dtype=np.int64)
    first[rows] = place[atoms.indices]
    within = first >= 0
    within[rows[place[atoms.indices] != first[rows]]] = False
    within &= np.diff(atoms.indptr) < size[np.maximum(first, 0)]  # of all of a part nobody can be exchanged within it
    published = problem.figures.published(hidden)
    return [
        _part(problem, hidden, published, np.flatnonzero(place == number), asked[within & (first == number)])
        for number in np.unique(first[within]).tolist()
    ]


def _places(tables: Tables) -> Ints:
    """Shape (atoms,): the part that each atom is in, -1 for none. Larger regions first, as long as they have nobody in common."""
    member = tables.member
    size = np.diff(member.indptr)
    place = np.full(len(tables.people), -1, dtype=np.int64)
    parts = 0
    for region in np.lexsort((np.arange(len(size)), -size)).tolist():
        mine = member.indices[member.indptr[region] : member.indptr[region + 1]]
        if 1 < len(mine) <= MOST and (place[mine] < 0).all():
            place[mine] = parts
            parts += 1
    return place


def _part(problem: SuppressionProblem, hidden: Bools, published: Bools, atoms: Ints, targets: Ints) -> Part:
    tables, figures, ranges = problem.tables, problem.figures, problem.ranges
    member = sparse.csr_array(tables.member[:, atoms])
    inside = np.diff(member.indptr)
    regions = np.flatnonzero(inside)
    whole = inside == np.diff(tables.member.indptr)
    number = np.full(len(inside), -1, dtype=np.int64)
    number[regions] = np.arange(len(regions))
    mine = np.flatnonzero((number[figures.region] >= 0) & whole[figures.region])
    fixed = np.where(whole[regions][:, None], figures.fixed[regions], published[regions])
    bound, chosen = number[ranges.region] >= 0, problem.targets.chosen(targets)
    of_part = SuppressionProblem(
        Tables(tables.people[atoms], sparse.csr_array(member[regions]), tables.masks, tables.group),
        Figures(number[figures.region[mine]], figures.tells[mine], figures.price[mine], hidden[mine], fixed),
        problem.forms,
        replace(chosen, atoms=sparse.csr_array(chosen.atoms[:, atoms])),
        Ranges(number[ranges.region[bound]], ranges.form[bound], ranges.low[bound], ranges.high[bound]),
    )
    return Part(of_part, atoms, mine, targets)
