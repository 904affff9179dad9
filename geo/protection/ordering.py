"""An order of cells and variables that comes from what they are, not from how they were handed over: the same figures, the same answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.protection.jointmodel import Joint, Whole

ROUNDS: Final = 12
"""How far around a cell is looked to tell it from its likes; the overlay of a city is settled in three or four."""

Marks = NDArray[np.uint64]


def order(joint: Joint) -> tuple[Whole, Whole]:
    """Permutations of cells and of variables by colour refinement (Weisfeiler-Leman) over who lies in whom.

    Ties are kept in the order given: they are twins, which the refinement cannot tell apart, and either choice is the same up to names.
    """
    shown = np.zeros((len(joint.cost), 2), dtype=np.int64) if joint.shown is None else joint.shown
    cells = _mixed(joint.cost.view(np.uint64), joint.primary, joint.fixed, *shown.T)
    variables = _mixed(joint.population, joint.truth)
    down = sparse.csr_array(joint.cells, dtype=np.uint64)
    up = sparse.csr_array(down.T)
    for _ in range(ROUNDS):
        cells, variables = _mixed(cells, down @ _mixed(variables)), _mixed(variables, up @ _mixed(cells))
    return np.argsort(cells, kind="stable"), np.argsort(variables, kind="stable")


def arranged(joint: Joint, cells: Whole, variables: Whole) -> Joint:
    """The same model with its cells and variables in another order."""
    return replace(
        joint,
        cells=sparse.csr_array(joint.cells[cells][:, variables]),
        population=joint.population[variables],
        truth=joint.truth[variables],
        primary=joint.primary[cells],
        fixed=joint.fixed[cells],
        cost=joint.cost[cells],
        shown=None if joint.shown is None else joint.shown[cells],
    )


def _mixed(*parts: NDArray[np.generic]) -> Marks:
    """One mark of several, alike only where all are alike (splitmix64; sums of marks wrap around)."""
    mark = np.zeros(len(parts[0]), dtype=np.uint64)
    for part in parts:
        mark = mark * np.uint64(0x9E3779B97F4A7C15) + part.astype(np.uint64) + np.uint64(1)
        mark = (mark ^ (mark >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mark = (mark ^ (mark >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mark = mark ^ (mark >> np.uint64(31))
    return mark
