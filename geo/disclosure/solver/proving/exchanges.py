"""Proofs by exchange: somebody in the target makes a step, somebody outside makes the opposite one, and no published count changes.

They are the cheapest proofs, and nine in ten of all. Two atoms can exchange a pattern when they lie in the same regions that show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.disclosure.solver.search import Search
from geo.disclosure.solver.tables import Bools, Ints, Targets, Worlds

_PARTNERS: Final = 4
_PATTERNS: Final = 120
"""How many patterns are tried for all targets of a form at once. The targets left are tried one by one with every pattern."""


@dataclass(frozen=True)
class Exchanges:
    """Exchanges that prove a target each: `up` steps of a pattern in atom `inside` against `outside` for one world, `down` for the other.

    target, pattern, inside, outside, up, down, kind: shape (exchanges,). outside: one past the last atom where no partner is needed.
    kind: the kind of the people who make the steps inside, -1 for anybody who can.
    """

    target: Ints
    pattern: Ints
    inside: Ints
    outside: Ints
    up: Ints
    down: Ints
    kind: Ints

    @classmethod
    def joined(cls, parts: list[Exchanges]) -> Exchanges:
        """Return the exchanges of all parts."""
        names = ("target", "pattern", "inside", "outside", "up", "down", "kind")
        return cls(*(np.concatenate([np.empty(0, dtype=np.int64), *(getattr(part, name) for part in parts)]) for name in names))


def prove(search: Search, which: Ints) -> Exchanges:
    """Prove as many targets as possible, each with one exchange. which: numbers of targets, shape (some targets,)."""
    targets, made = search.problem.targets, search.patterns
    keys = search.keys
    rank = np.argsort([len(np.unique(row)) for row in keys], kind="stable")
    parts = []
    for form in np.unique(targets.form[which]).tolist():
        mine = _Entries.of(targets, which[targets.form[which] == form])
        for pattern in rank[made.on_form[rank, form] == 1][:_PATTERNS].tolist():
            if not len(mine.target):
                break
            proven = _with_pattern(search, keys[pattern], pattern, mine)
            parts.append(proven)
            mine = mine.without(proven.target)
    return Exchanges.joined(parts)


def worlds(search: Search, made: Exchanges) -> Worlds:
    """Return the two worlds of every exchange, person by person."""
    opposite = search.patterns.opposite[made.pattern]
    parts = []
    for side, steps, there, back in ((0, made.up, made.pattern, opposite), (1, made.down, opposite, made.pattern)):
        parts.append(persons(search, made.target, side, made.inside, there, steps, made.kind))
        parts.append(persons(search, made.target, side, made.outside, back, steps))
    return Worlds.joined(parts)


@dataclass(frozen=True)
class _Entries:
    """The atoms of some targets of one form. target, atom: shape (entries,), sorted; width, ruled: those of the entry's target."""

    target: Ints
    atom: Ints
    width: Ints
    ruled: Bools
    member: Ints

    @classmethod
    def of(cls, targets: Targets, which: Ints) -> _Entries:
        chosen = targets.atoms[which]
        rows = np.repeat(which, np.diff(chosen.indptr))
        size = np.int64(targets.atoms.shape[1] + 1)
        member = np.sort(rows * size + chosen.indices)
        return cls(rows, chosen.indices.astype(np.int64), targets.width[rows], targets.ruled[rows], member)

    def without(self, done: Ints) -> _Entries:
        left = ~np.isin(self.target, done)
        return _Entries(self.target[left], self.atom[left], self.width[left], self.ruled[left], self.member)

    def holds(self, target: Ints, atom: Ints, size: int) -> Bools:
        """Whether an atom belongs to a target."""
        key = target * np.int64(size) + atom
        place = np.minimum(np.searchsorted(self.member, key), max(len(self.member) - 1, 0))
        return np.asarray(self.member[place] == key)


def _with_pattern(search: Search, key: Ints, pattern: int, mine: _Entries) -> Exchanges:
    """What one exchange of a pattern proves; for each target the first that does."""
    opposite, size = int(search.patterns.opposite[pattern]), len(key)
    there = np.where(mine.ruled, search.ruled_steps[pattern, mine.atom], search.steps[pattern, mine.atom])
    back = np.where(mine.ruled, search.ruled_steps[opposite, mine.atom], search.steps[opposite, mine.atom])
    open_ = np.flatnonzero(there + back >= mine.width)
    partners = _partners(search, key, pattern, opposite)[mine.atom[open_]]
    target, width, ruled = mine.target[open_], mine.width[open_], mine.ruled[open_]
    best = np.full(len(open_), -1, dtype=np.int64)
    up, down = np.zeros(len(open_), dtype=np.int64), np.zeros(len(open_), dtype=np.int64)
    for place in range(_PARTNERS):
        other = partners[:, place]
        safe = np.maximum(other, 0)
        gives = np.where(ruled, search.ruled_steps[opposite, safe], search.steps[opposite, safe])
        takes = np.where(ruled, search.ruled_steps[pattern, safe], search.steps[pattern, safe])
        rise = np.minimum(np.minimum(there[open_], gives), width)
        fall = np.minimum(np.minimum(back[open_], takes), width - rise)
        good = (best < 0) & (other >= 0) & (rise + fall >= width)
        good &= ~mine.holds(target, safe, size)
        best[good], up[good], down[good] = other[good], rise[good], fall[good]
    proven = np.flatnonzero(best >= 0)
    _, first = np.unique(target[proven], return_index=True)
    proven = proven[first]
    chosen = open_[proven]
    proofs = len(chosen)
    which, who = np.full(proofs, pattern), np.full(proofs, -1)
    return Exchanges(mine.target[chosen], which, mine.atom[chosen], best[proven], up[proven], down[proven], who)


def _partners(search: Search, key: Ints, pattern: int, opposite: int) -> Ints:
    """The best partners of each atom for an exchange of a pattern, shape (atoms + 1, partners), -1 where there are no more."""
    score = np.minimum(search.ruled_steps[pattern], 4) + np.minimum(search.ruled_steps[opposite], 4)
    order = np.lexsort((-np.minimum(search.steps[pattern], 4) - np.minimum(search.steps[opposite], 4), -score, key))
    sorted_keys = key[order]
    first = np.searchsorted(sorted_keys, key)
    places = first[:, None] + np.arange(_PARTNERS)
    inside = places < len(order)
    safe = np.minimum(places, len(order) - 1)
    same = inside & (sorted_keys[safe] == key[:, None])
    return np.where(same, order[safe], -1)


def persons(  # noqa: PLR0913, PLR0917  for whom, where, what, who
    search: Search, target: Ints, side: int, atom: Ints, pattern: Ints, steps: Ints, only: Ints | None = None
) -> Worlds:
    """Return who makes the steps, as entries of worlds: for each step, one person less of a kind and one more of another.

    target, side, atom, pattern, steps: shape (rows,), how many steps of a pattern are made in an atom for one world of a target.
    only: shape (rows,), the kind of those who make them, -1 for any.
    """
    made, people = search.patterns, search.problem.tables.people
    parts = []
    real = (atom < len(people)) & (steps > 0)
    target, atom, pattern, steps = target[real], atom[real], pattern[real], steps[real]
    left = people[atom].copy()
    if only is not None:
        bound = only[real]
        left[(bound >= 0)[:, None] & (np.arange(left.shape[1]) != bound[:, None])] = 0
    single = made.pair[pattern, 0] < 0
    for round_ in range(int(steps.max(initial=0))):
        now = steps > round_
        for rows, kind_of in ((now & single, pattern), (now & ~single, made.pair[pattern, 0]), (now & ~single, made.pair[pattern, 1])):
            chosen = np.flatnonzero(rows)
            if not len(chosen):
                continue
            which = kind_of[chosen]
            kind = np.where(made.allowed[which], left[chosen], -1).argmax(axis=1)
            left[chosen, kind] -= 1
            for kinds, sign in ((kind, -1), (made.becomes[which, kind], 1)):
                size = len(chosen)
                parts.append(
                    Worlds(target[chosen], np.full(size, side), atom[chosen], kinds.astype(np.int64), np.full(size, sign, dtype=np.int64))
                )
    return Worlds.joined(parts)


def atoms_of(search: Search, target: int) -> Ints:
    """Return the numbers of the atoms of a target."""
    atoms = search.problem.targets.atoms
    return np.asarray(atoms.indices[atoms.indptr[target] : atoms.indptr[target + 1]], dtype=np.int64)
