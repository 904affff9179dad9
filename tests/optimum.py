"""The least that can be hidden, as one integer program: for small cities only, to know how far the search is from it."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.protection.attackers import undeniable
from geo.protection.jointmodel import Joint, targets, told


def least_cost(joint: Joint, *, seconds: float = 60) -> tuple[float, float]:
    """(lower bound, best found) of the cost of complementary suppression; equal where the optimum was proved within the time.

    Unknowns: which cells to hide (0 or 1), and two tables a target that lie its width apart and may differ from what is published in
    hidden cells only. The tables are in broken numbers: with two nested families of areas their corners are whole, and where they are
    not the program is easier than the truth, so the bound holds.
    """
    rule, aims = told(joint), targets(joint)
    aims = aims.needing(undeniable(joint, aims, rule))
    cells, variables, people, counts = *joint.cells.shape, joint.people, joint.counts
    free = ~joint.primary & ~joint.fixed
    hide = sparse.diags_array(np.where(free, 1.0, 0.0))
    low = np.where(joint.primary & ~joint.fixed, rule.low, counts)
    high = np.where(joint.primary & ~joint.fixed, rule.high, counts)
    above = hide @ sparse.diags_array((people - counts).astype(float))
    below = hide @ sparse.diags_array(counts.astype(float))
    blocks, limits = [], []
    rows = aims.rows(joint).astype(float)
    tables = 2 * len(aims)
    for number in range(tables):
        place = sparse.csr_array(([1.0], ([0], [number])), (1, tables))
        blocks.append(sparse.hstack([-above, sparse.kron(place, joint.cells)]))
        limits.append((np.full(cells, -np.inf), high.astype(float)))
        blocks.append(sparse.hstack([below, sparse.kron(place, joint.cells)]))
        limits.append((low.astype(float), np.full(cells, np.inf)))
    for number in range(len(aims)):
        pair = sparse.csr_array(([1.0, -1.0], ([0, 0], [2 * number, 2 * number + 1])), (1, tables))
        blocks.append(sparse.hstack([sparse.csr_array((1, cells)), sparse.kron(pair, rows[[number]])]))
        limits.append((np.array([float(aims.width[number])]), np.array([np.inf])))
    if not blocks:
        return 0.0, 0.0
    lows, highs = (np.concatenate(part) for part in zip(*limits, strict=True))
    found = milp(
        np.concatenate([np.where(free, joint.cost, 0.0), np.zeros(tables * variables)]),
        constraints=LinearConstraint(sparse.vstack(blocks, format="csc"), lows, highs),
        bounds=Bounds(0, np.concatenate([np.where(free, 1, 0), np.tile(joint.population, tables)])),
        integrality=np.concatenate([np.ones(cells), np.zeros(tables * variables)]),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    return float(np.ceil(found.mip_dual_bound - 1e-6)), float(np.inf if found.x is None else round(found.fun, 6))
