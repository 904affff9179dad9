"""What the solver works with: people by atom and kind, the figures that publish sums of them, and what nobody may find out.

An *atom* is a set of people who lie in the same regions; a *kind* is a set of people whom no figure distinguishes. A *mask* says
which kinds a count counts, and a *form* does the same for what may not be found out. A *target* is a count that readers may not bound
too tightly. A *world* is a table of people by atom and kind that a reader must consider possible: compared with the truth it keeps
the number of people of every atom and group, has no negative number, and changes no count that is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NO_MASK: Final = -1
"""Stands in place of a mask for a count that everybody knows."""

FIXED: Final = 10**12
"""The price of a figure that is already published and cannot be hidden any more."""


@dataclass(frozen=True)
class Tables:
    """The true numbers. people: shape (atoms, kinds). member: shape (regions, atoms), 1 where an atom lies in a region.

    masks: shape (masks, kinds), 0 or 1: the counts that are not known to everybody. group: shape (kinds,). A reader knows how many
    people of each group an atom has, so nobody changes group.
    """

    people: Ints
    member: sparse.csr_array
    masks: Ints
    group: Ints

    @cached_property
    def regions_of(self) -> sparse.csr_array:
        """The regions of each atom, shape (atoms, regions)."""
        return sparse.csr_array(self.member.T)

    @cached_property
    def counts(self) -> Ints:
        """Every count of every region, shape (regions, masks)."""
        return np.asarray(self.member @ (self.people @ self.masks.T))


@dataclass(frozen=True)
class Figures:
    """The figures that may be published. Each shows one or two counts of a region.

    region: shape (figures,). tells: shape (figures, 2), numbers of the masks that it shows, or NO_MASK. price: shape (figures,),
    whole numbers, what hiding it costs. hidden: shape (figures,), hidden by a rule from the start. fixed: shape (regions, masks),
    counts that are known whatever is hidden.
    """

    region: Ints
    tells: Ints
    price: Ints
    hidden: Bools
    fixed: Bools

    def published(self, hidden: Bools) -> Bools:
        """Return which counts a reader knows when some figures are hidden, shape (regions, masks). hidden: shape (figures,)."""
        published = self.fixed.copy()
        for side in self.tells.T:
            seen = ~hidden & (side != NO_MASK)
            published[self.region[seen], side[seen]] = True
        return published


@dataclass(frozen=True)
class Targets:
    """What nobody may bound more tightly than by its width: counts of sets of atoms.

    atoms: shape (targets, atoms), 1 where an atom belongs. form: shape (targets,), the row of the problem's `forms` that is counted.
    width: shape (targets,), by how much the counts in two possible worlds must differ. ruled: shape (targets,), whether that must
    hold for a reader who knows the rule too; where the rule alone narrows the count further than the width, it can hold only for
    readers who do not know it.
    """

    atoms: sparse.csr_array
    form: Ints
    width: Ints
    ruled: Bools

    def __len__(self) -> int:
        """How many there are."""
        return len(self.form)

    def chosen(self, which: Ints | Bools) -> Targets:
        """Return some of the targets. which: their numbers, or true and false for each."""
        return Targets(sparse.csr_array(self.atoms[which]), self.form[which], self.width[which], self.ruled[which])


@dataclass(frozen=True)
class Ranges:
    """What a reader who knows the rule knows of hidden figures: by how many people a count of a region may differ from the truth.

    region, form, low, high: shape (ranges,); low is 0 or less, high 0 or more.
    """

    region: Ints
    form: Ints
    low: Ints
    high: Ints


@dataclass(frozen=True)
class SuppressionProblem:
    """One block to be closed. forms: shape (forms, kinds), 0 or 1: what targets and ranges count."""

    tables: Tables
    figures: Figures
    forms: Ints
    targets: Targets
    ranges: Ranges


@dataclass(frozen=True)
class Worlds:
    """Two worlds for each target, as differences from the truth: so many people more (or fewer) of a kind in an atom.

    target, side, atom, kind, people: shape (entries,). side 0 is the world in which the target counts more, side 1 the other; a side
    without entries is the truth itself.
    """

    target: Ints
    side: Ints
    atom: Ints
    kind: Ints
    people: Ints

    @classmethod
    def none(cls) -> Worlds:
        """Return worlds without entries."""
        return cls(*(np.empty(0, dtype=np.int64) for _ in range(5)))

    @classmethod
    def joined(cls, parts: list[Worlds]) -> Worlds:
        """Return the entries of all parts."""
        if not parts:
            return cls.none()
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("target", "side", "atom", "kind", "people")))

    def of(self, which: Bools | Ints) -> Worlds:
        """Return some of the entries. which: their numbers, or true and false for each."""
        return Worlds(self.target[which], self.side[which], self.atom[which], self.kind[which], self.people[which])
