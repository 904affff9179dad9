"""The check of proofs by matrix products, without a solver. It shares no code with the modules that search for worlds."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from geo.disclosure.solver.tables import Bools, Ints, SuppressionProblem, Worlds


def proven(problem: SuppressionProblem, published: Bools, worlds: Worlds) -> Bools:
    """Return which targets the worlds prove, shape (targets,). published: shape (regions, masks), the counts that the reader knows.

    A target is proven when both of its worlds keep the number of people of every atom and group, have no negative number, change no
    published count and (for the reader who knows the rule) take no hidden count out of the range that the rule allows, and when the
    target's counts in the two worlds differ by at least its width.
    """
    targets = problem.targets
    sides = 2 * len(targets)
    row = 2 * worlds.target + worlds.side
    good = np.ones(sides, dtype=bool)
    good[_negative(problem, row, worlds)] = False
    good[_moved(problem, row, worlds, sides)] = False
    good[_visible(problem, published, row, worlds, sides)] = False
    ruled = np.repeat(targets.ruled, 2)
    outside = _outside(problem, row, worlds, sides)
    good[outside[ruled[outside]]] = False
    return good[0::2] & good[1::2] & (_distance(problem, row, worlds, sides) >= targets.width)


def _negative(problem: SuppressionProblem, row: Ints, worlds: Worlds) -> Ints:
    """Worlds with a negative number of people."""
    atoms, kinds = problem.tables.people.shape
    key = (row * atoms + worlds.atom) * kinds + worlds.kind
    distinct, inverse = np.unique(key, return_inverse=True)
    change = np.bincount(inverse, weights=worlds.people, minlength=len(distinct))
    here = (distinct // kinds) % atoms
    below = problem.tables.people[here, distinct % kinds] + change < 0
    return np.unique(distinct[below] // (atoms * kinds))


def _moved(problem: SuppressionProblem, row: Ints, worlds: Worlds, sides: int) -> Ints:
    """Worlds that change the number of people of an atom and group."""
    groups = int(problem.tables.group.max(initial=0)) + 1
    atoms = len(problem.tables.people)
    place = worlds.atom * groups + problem.tables.group[worlds.kind]
    sums = sparse.coo_array((worlds.people, (row, place)), shape=(sides, atoms * groups)).tocsr()
    return np.unique(sums.nonzero()[0])


def _by_region(problem: SuppressionProblem, mask: Ints, row: Ints, worlds: Worlds, sides: int) -> sparse.csr_array:
    """What each world adds to one count, shape (sides, regions)."""
    seen = mask[worlds.kind] != 0
    change = sparse.coo_array(
        (worlds.people[seen] * mask[worlds.kind[seen]], (row[seen], worlds.atom[seen])), shape=(sides, len(problem.tables.people))
    ).tocsr()
    change.eliminate_zeros()
    return sparse.csr_array(change @ problem.tables.regions_of)


def _visible(problem: SuppressionProblem, published: Bools, row: Ints, worlds: Worlds, sides: int) -> Ints:
    """Worlds that change a published count, which a reader would see."""
    wrong = [np.empty(0, dtype=np.int64)]
    for number, mask in enumerate(problem.tables.masks):
        change = _by_region(problem, mask, row, worlds, sides).tocoo()
        wrong.append(change.row[(change.data != 0) & published[change.col, number]])
    return np.unique(np.concatenate(wrong))


def _outside(problem: SuppressionProblem, row: Ints, worlds: Worlds, sides: int) -> Ints:
    """Worlds in which a count that a rule hides is one that the rule would not hide."""
    ranges, wrong = problem.ranges, [np.empty(0, dtype=np.int64)]
    for form in np.unique(ranges.form).tolist():
        mine = ranges.form == form
        low = np.full(problem.tables.member.shape[0], np.iinfo(np.int64).min)
        high = np.full(problem.tables.member.shape[0], np.iinfo(np.int64).max)
        np.maximum.at(low, ranges.region[mine], ranges.low[mine])
        np.minimum.at(high, ranges.region[mine], ranges.high[mine])
        change = _by_region(problem, problem.forms[form], row, worlds, sides).tocoo()
        wrong.append(change.row[(change.data < low[change.col]) | (change.data > high[change.col])])
    return np.unique(np.concatenate(wrong))


def _distance(problem: SuppressionProblem, row: Ints, worlds: Worlds, sides: int) -> Ints:
    """By how much the target's counts in its two worlds differ."""
    targets = problem.targets
    atoms = np.int64(len(problem.tables.people))
    rows = np.repeat(np.arange(len(targets)), np.diff(targets.atoms.indptr))
    inside = np.isin(worlds.target * atoms + worlds.atom, rows * atoms + targets.atoms.indices)
    counted = problem.forms[targets.form[worlds.target], worlds.kind] * worlds.people * inside
    change = np.bincount(row, weights=counted, minlength=sides).astype(np.int64)
    return change[0::2] - change[1::2]
