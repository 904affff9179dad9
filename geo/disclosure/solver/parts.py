"""A problem of very many atoms divided into parts that are closed by themselves: the atoms of a region with about a hundred atoms.

People of a part are exchanged only with each other, and what larger regions publish of them stays as it is. Both restrictions only
remove possible worlds, so what is proven in a part is proven of the whole. Targets that lie in no part, and those that a part cannot
prove, are left to the whole problem.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import sparse

from geo.disclosure.solver.tables import Bools, Figures, Ints, Ranges, SuppressionProblem, Tables, Worlds

MANY: Final = 2500
"""The number of atoms from which a problem is divided: the search goes through an array of atoms and patterns for every target."""

MOST: Final = 400
"""The largest number of atoms of a part."""


@dataclass(frozen=True)
class Part:
    """A part as a problem of its own. atoms, figures, targets: the numbers that those of the part have in the whole problem."""

    problem: SuppressionProblem
    atoms: Ints
    figures: Ints
    targets: Ints

    def lifted(self, worlds: Worlds) -> Worlds:
        """Return worlds of the part's targets with the numbers of the whole. Targets that were added while closing it are left out."""
        mine = worlds.of(worlds.target < len(self.targets))
        return Worlds(self.targets[mine.target], mine.side, self.atoms[mine.atom], mine.kind, mine.people)


def large(problem: SuppressionProblem) -> bool:
    """Return whether a problem is divided into parts."""
    return len(problem.tables.people) >= MANY


def cut(problem: SuppressionProblem, hidden: Bools, asked: Ints) -> list[Part]:
    """Return the parts of a problem in which some of the asked targets lie; none where the problem is small.

    hidden: shape (figures,), what is hidden so far, and stays hidden. asked: numbers of targets.
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
    within &= np.diff(atoms.indptr) < size[np.maximum(first, 0)]  # a target of all atoms of a part has no partner for an exchange in it
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
