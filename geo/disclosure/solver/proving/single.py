"""One target at a time: the cheapest exchanges that prove it, and which figures must be hidden for them. A price of 0 hides none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.disclosure.solver.patterns import Small
from geo.disclosure.solver.proving.exchanges import Exchanges, atoms_of
from geo.disclosure.solver.search import Search
from geo.disclosure.solver.tables import FIXED, Bools, Ints

_ATOMS: Final = 3
"""How many atoms of a target are tried, those whose people can make most steps first."""

_SEVERAL: Final = 16
"""How many groups of people of one atom and kind may share the steps of a target."""


@dataclass(frozen=True)
class Offer:
    """Exchanges that would prove a target, and the price of hiding the figures that show them."""

    exchanges: Exchanges
    price: int


def cheapest(search: Search, target: int, *, limit: int = FIXED) -> Offer | None:
    """Return the cheapest exchange, or exchanges of several atoms together, that prove a target; None where none is below the limit."""
    unseen = free(search, target)
    if unseen is not None:
        return Offer(unseen, 0)
    return _alone(search, target, limit) or _several(search, target, limit)


def free(search: Search, target: int) -> Exchanges | None:
    """Return an exchange that proves a target with nothing more hidden; None where there is none."""
    steps, width, patterns, inside, able = _asked(search, target)
    opposite = search.patterns.opposite
    for place in _tried(able):
        atom, chosen = int(inside[place]), patterns[able[:, place] >= width]
        alike = search.keys[chosen] == search.keys[chosen, atom][:, None]
        alike[:, inside] = False
        row, other = alike.nonzero()
        pattern, back = chosen[row], opposite[chosen[row]]
        up = np.minimum(np.minimum(steps[pattern, atom], steps[back, other]), width)
        down = np.minimum(np.minimum(steps[back, atom], steps[pattern, other]), width)
        enough = np.flatnonzero(up + down >= width)[:1]
        for number in enough.tolist():
            rise = int(up[number])
            return _exchanges([(target, int(pattern[number]), atom, int(other[number]), rise, width - rise, -1)])
    return None


def showing(search: Search, exchanges: Exchanges) -> Ints:
    """Return the figures that show some of the exchanges, sorted."""
    figures: list[Ints] = [np.empty(0, dtype=np.int64)]
    member = search.problem.tables.regions_of
    for pattern, inside, outside in zip(exchanges.pattern, exchanges.inside, exchanges.outside, strict=True):
        mine = member.indices[member.indptr[inside] : member.indptr[inside + 1]]
        nobody = outside == member.shape[0]
        other = mine[:0] if nobody else member.indices[member.indptr[outside] : member.indptr[outside + 1]]
        for region in np.setxor1d(mine, other).tolist():
            if search.barrier[region, pattern]:
                figures.append(search.figures_of(region, int(pattern)))
    return np.unique(np.concatenate(figures))


def _asked(search: Search, target: int) -> tuple[Small, int, Ints, Ints, Small]:
    """What an exchange must do for a target: how the steps count, how many are needed, patterns, atoms, and each one's capacity."""
    targets = search.problem.targets
    steps = search.ruled_steps if targets.ruled[target] else search.steps
    width, inside = int(targets.width[target]), atoms_of(search, target)
    patterns, opposite = search.raising(int(targets.form[target]))
    able = np.minimum(steps[np.ix_(patterns, inside)] + steps[np.ix_(opposite, inside)], width)
    return steps, width, patterns, inside, able


def _tried(able: Small) -> list[int]:
    return [int(place) for place in np.argsort(-able.max(axis=0, initial=0), kind="stable")[:_ATOMS]]


def _alone(search: Search, target: int, limit: int) -> Offer | None:
    steps, width, patterns, inside, able = _asked(search, target)
    opposite = search.patterns.opposite[patterns]
    best: tuple[int, int, int, int] | None = None
    price = limit
    for place in _tried(able):
        atom = int(inside[place])
        chosen = np.flatnonzero(able[:, place] >= width)
        if not len(chosen):
            continue
        prices = _prices(search, patterns[chosen], atom)
        reach = _reach(steps, patterns[chosen], opposite[chosen], atom, width)
        prices[reach < width] = limit
        prices[:, inside] = limit
        least = int(prices.argmin())
        row, other = divmod(least, prices.shape[1])
        if prices[row, other] < price:
            price, best = int(prices[row, other]), (int(patterns[chosen[row]]), int(opposite[chosen[row]]), atom, other)
    if best is None:
        return None
    pattern, back, atom, other = best
    up = min(int(steps[pattern, atom]), int(steps[back, other]), width)
    return Offer(_exchanges([(target, pattern, atom, other, up, width - up, -1)]), price)


def _prices(search: Search, patterns: Ints, atom: int) -> Ints:
    """The price of an exchange of a pattern between an atom and each other one, or nobody: shape (patterns, atoms + 1)."""
    member, regions_of = search.problem.tables.member, search.problem.tables.regions_of
    prices = search.around[patterns] + search.around[patterns, atom][:, None]
    for region in regions_of.indices[regions_of.indptr[atom] : regions_of.indptr[atom + 1]].tolist():
        barrier = search.barrier[region, patterns]
        if barrier.any():
            prices[:, member.indices[member.indptr[region] : member.indptr[region + 1]]] -= 2 * barrier[:, None]
    return np.asarray(prices)


def _reach(steps: Small, patterns: Ints, opposite: Ints, atom: int, width: int) -> Small:
    """How many steps up and down together an exchange with each other atom allows: shape (patterns, atoms + 1)."""
    there, back = steps[patterns], steps[opposite]
    up = np.minimum(np.minimum(there[:, [atom]], back), width)
    down = np.minimum(np.minimum(back[:, [atom]], there), width)
    return np.asarray(up + down)


def _several(search: Search, target: int, limit: int) -> Offer | None:
    """Exchanges of different people, each with its own partner, that add up to the width in one direction."""
    best: Offer | None = None
    for sign in (1, -1):
        offer = _one_way(search, target, sign, limit if best is None else min(limit, best.price))
        if offer is not None and (best is None or offer.price < best.price):
            best = offer
    return best


def _one_way(search: Search, target: int, sign: int, limit: int) -> Offer | None:
    """People of each atom and kind one after the other, the largest groups first, each with the cheapest partner that is left."""
    targets, made = search.problem.targets, search.patterns
    steps = search.ruled_steps if targets.ruled[target] else search.steps
    left = int(targets.width[target])
    inside = atoms_of(search, target)
    taken: Bools = np.zeros(steps.shape[1], dtype=bool)
    taken[inside] = True
    rows: list[tuple[int, ...]] = []
    price = 0
    for atom, kind, people in _movers(search, inside):
        if not left:
            break
        patterns = np.flatnonzero((made.on_form[:, targets.form[target]] == sign) & made.allowed[:, kind] & (steps[:, atom] > 0))
        if not len(patterns):
            continue
        prices = _prices(search, patterns, atom)
        able = np.minimum(steps[patterns, atom], people)[:, None]
        reach = np.minimum(np.minimum(able, steps[made.opposite[patterns]]), left)
        scored = np.where((reach > 0) & ~taken, prices * 8 // np.maximum(reach, 1), limit * 8)
        row, other = divmod(int(scored.argmin()), scored.shape[1])
        if scored[row, other] >= limit * 8:
            continue
        moved, pattern = int(reach[row, other]), int(patterns[row])
        mirrored = pattern if sign > 0 else int(made.opposite[pattern])
        rows.append((target, mirrored, atom, other, moved if sign > 0 else 0, moved if sign < 0 else 0, kind))
        price += int(prices[row, other])
        left -= moved
        taken[other] = other < len(taken) - 1
        if price >= limit:
            return None
    return Offer(_exchanges(rows), price) if not left else None


def _movers(search: Search, inside: Ints) -> list[tuple[int, int, int]]:
    """Atom, kind and number of the people of a target, the most numerous first."""
    people = search.problem.tables.people[inside]
    order = np.argsort(-people, axis=None, kind="stable")[:_SEVERAL]
    atom, kind = np.unravel_index(order, people.shape)
    return [(int(inside[a]), int(k), int(people[a, k])) for a, k in zip(atom, kind, strict=True) if people[a, k]]


def _exchanges(rows: list[tuple[int, ...]]) -> Exchanges:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 7).T
    return Exchanges(*columns)
