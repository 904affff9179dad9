"""What the solver reckons with: people by atom and kind, the figures that tell sums of them, and what nobody may find out.

An *atom* is a set of people who lie in the same regions; a *kind* is a set of people whom no figure tells apart. A *mask* says which kinds
a count counts. A *world* is a table of people by atom and kind; the change from the truth to a world that a reader must think possible
keeps the people of every atom and group, leaves nobody negative, and changes no count that is told.
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
"""In place of a mask: a count that everybody knows."""

FIXED: Final = 10**12
"""The price of a figure that is out already and cannot be hidden any more."""


@dataclass(frozen=True)
class Tables:
    """The truth. people: shape (atoms, kinds). member: shape (regions, atoms), 1 where an atom lies in a region.

    masks: shape (masks, kinds), 0 or 1: the counts that are not known to everybody. group: shape (kinds,); a reader knows how many people
    of each group an atom holds, so nobody changes group.
    """

    people: Ints
    member: sparse.csr_array
    masks: Ints
    group: Ints

    @cached_property
    def regions_of(self) -> sparse.csr_array:
        """Shape (atoms, regions): the regions of each atom."""
        return sparse.csr_array(self.member.T)

    @cached_property
    def counts(self) -> Ints:
        """Shape (regions, masks): every count of every region."""
        return np.asarray(self.member @ (self.people @ self.masks.T))


@dataclass(frozen=True)
class Figures:
    """What may be told. Each figure tells one or two counts of a region.

    region: shape (figures,). tells: shape (figures, 2), numbers of masks or NO_MASK. price: shape (figures,), whole numbers, what hiding
    costs. hidden: shape (figures,), hidden by a rule from the start. fixed: shape (regions, masks), told whatever is hidden.
    """

    region: Ints
    tells: Ints
    price: Ints
    hidden: Bools
    fixed: Bools

    def published(self, hidden: Bools) -> Bools:
        """Shape (regions, masks): which counts are told when these figures are hidden."""
        published = self.fixed.copy()
        for side in self.tells.T:
            seen = ~hidden & (side != NO_MASK)
            published[self.region[seen], side[seen]] = True
        return published


@dataclass(frozen=True)
class Targets:
    """What nobody may bound more tightly than by its width: counts of a set of atoms.

    atoms: shape (targets, atoms), 1 where an atom belongs. form: shape (targets,), the row of `Forms` that is counted. width: shape
    (targets,), how far apart the counts of two possible worlds must be. ruled: whether the reader who knows the rule is held off too;
    where the rule alone tells more than the width leaves open, only the reader who does not know it can be.
    """

    atoms: sparse.csr_array
    form: Ints
    width: Ints
    ruled: Bools

    def __len__(self) -> int:
        """How many there are."""
        return len(self.form)

    def chosen(self, which: Ints | Bools) -> Targets:
        """Some of the targets."""
        return Targets(sparse.csr_array(self.atoms[which]), self.form[which], self.width[which], self.ruled[which])


@dataclass(frozen=True)
class Ranges:
    """What somebody who knows the rule knows of figures that it hides: how far a count of a region may change, in steps of one person.

    region, form, low, high: shape (ranges,); low is 0 or less, high 0 or more.
    """

    region: Ints
    form: Ints
    low: Ints
    high: Ints


@dataclass(frozen=True)
class SuppressionProblem:
    """One block to close. forms: shape (forms, kinds), 0 or 1: what targets and ranges count."""

    tables: Tables
    figures: Figures
    forms: Ints
    targets: Targets
    ranges: Ranges


@dataclass(frozen=True)
class Worlds:
    """Changes of the truth, two for each target, as a list of entries: so many people more (or less) of a kind in an atom.

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
        """No entries."""
        return cls(*(np.empty(0, dtype=np.int64) for _ in range(5)))

    @classmethod
    def joined(cls, parts: list[Worlds]) -> Worlds:
        """The entries of all."""
        if not parts:
            return cls.none()
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("target", "side", "atom", "kind", "people")))

    def of(self, which: Bools | Ints) -> Worlds:
        """Some of the entries."""
        return Worlds(self.target[which], self.side[which], self.atom[which], self.kind[which], self.people[which])
