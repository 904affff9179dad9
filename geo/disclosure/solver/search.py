"""The state of a search: which figures are hidden, and what it would cost to let people of a region change by a pattern unseen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.disclosure.solver.patterns import Patterns, Small, patterns, product
from geo.disclosure.solver.tables import FIXED, Bools, Ints, SuppressionProblem


@dataclass
class Search:
    """The only value that changes while figures are chosen.

    tells: shape (figures,), a number for what each figure publishes. touched: shape (numbers, patterns), whether that changes by a
    step. hidden: shape (figures,). barrier: shape (regions, patterns), the price of hiding every figure of a region that a step of
    the pattern changes; 0 where none is shown. around: shape (patterns, atoms + 1), the barriers of all regions of an atom added up;
    the last atom stands for nobody: an exchange with it needs no partner. keys: shape (patterns, atoms + 1), equal where two atoms
    can exchange a pattern at no price. steps, ruled_steps: shape (patterns, atoms + 1), how many steps an atom can make, and how many
    without leaving the ranges that a reader who knows the rule knows. moving: shape (patterns, atoms), which atoms can take part in
    an exchange at all: one that is alone in a region that shows the pattern cannot. It is worked out when the search begins; hiding
    more figures can only let more atoms take part.
    """

    problem: SuppressionProblem
    patterns: Patterns
    tells: Ints
    touched: Bools
    hidden: Bools
    barrier: Ints
    around: Ints
    steps: Small
    ruled_steps: Small

    @property
    def published(self) -> Bools:
        """The counts that a reader knows in the present state: shape (regions, masks)."""
        return self.problem.figures.published(self.hidden)

    def hide(self, figure: int) -> None:
        """Hide a figure that is shown."""
        self._change(figure, hidden=True)

    def show(self, figure: int) -> None:
        """Show a figure that is hidden."""
        self._change(figure, hidden=False)

    def _change(self, figure: int, *, hidden: bool) -> None:
        figures, member = self.problem.figures, self.problem.tables.member
        region = figures.region[figure]
        change = np.where(self.touched[self.tells[figure]], figures.price[figure], 0) * (-1 if hidden else 1)
        self.hidden[figure] = hidden
        mine = self.figures_at(int(region))
        seen = figures.tells[mine[~self.hidden[mine]]].ravel()
        self.published_now[region] = figures.fixed[region]
        self.published_now[region, seen[seen >= 0]] = True
        barred = (self.barrier[region] > 0).astype(np.int64)
        self.barrier[region] += change
        turned = ((self.barrier[region] > 0) - barred) * self._number[region]
        atoms = member.indices[member.indptr[region] : member.indptr[region + 1]]
        self.around[:, atoms] += change[:, None]
        if turned.any():
            self.keys[:, atoms] += turned[:, None]

    def figures_at(self, region: int) -> Ints:
        """Return all figures of a region."""
        return np.asarray(self._by_region[self._first[region] : self._first[region + 1]])

    def figures_of(self, region: int, pattern: int) -> Ints:
        """Return the shown figures of a region that a step of the pattern changes."""
        mine = self.figures_at(region)
        return np.asarray(mine[self.touched[self.tells[mine], pattern] & ~self.hidden[mine]])

    def raising(self, form: int) -> tuple[Ints, Ints]:
        """Return the patterns of which a step adds one person to a form, and their opposites."""
        if form not in self._raising:
            which = np.flatnonzero(self.patterns.on_form[:, form] == 1)
            self._raising[form] = which, self.patterns.opposite[which]
        return self._raising[form]

    def regions_at(self, atoms: Ints) -> Ints:
        """Return the regions that some atoms lie in, sorted. atoms: numbers of atoms."""
        of_atom = self.problem.tables.regions_of
        parts = [of_atom.indices[of_atom.indptr[atom] : of_atom.indptr[atom + 1]] for atom in atoms.tolist()]
        return np.unique(np.concatenate(parts)).astype(np.int64) if parts else np.empty(0, dtype=np.int64)

    def ranges_at(self, regions: Ints) -> Ints:
        """Return the numbers of the ranges of some regions, sorted. regions: numbers of regions."""
        parts = [self._ranges[self._first_range[region] : self._first_range[region + 1]] for region in regions.tolist()]
        return np.sort(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)

    def __post_init__(self) -> None:
        """Index the figures by region, and work out which atoms can take part in exchanges."""
        tables = self.problem.tables
        self._number, self.keys = _keys(self)
        self._raising: dict[int, tuple[Ints, Ints]] = {}
        every = np.arange(tables.member.shape[0] + 1)
        self._ranges = np.argsort(self.problem.ranges.region, kind="stable")
        self._first_range = np.searchsorted(self.problem.ranges.region[self._ranges], every)
        self.inside = np.zeros(tables.member.shape, dtype=bool)
        self.inside[tables.member.nonzero()] = True
        self.published_now = self.published  # kept up to date figure by figure
        self.lived = tables.people.sum(axis=1) > 0
        self.moving = _moving(self)
        region = self.problem.figures.region
        self._by_region = np.argsort(region, kind="stable")
        self._first = np.searchsorted(region[self._by_region], every)


def begin(problem: SuppressionProblem, hidden: Bools) -> Search:
    """Return a search in which some figures are hidden. hidden: shape (figures,)."""
    made = patterns(problem.tables, problem.forms)
    figures = problem.figures
    form, touched = _touched(figures.tells, made)
    seen = np.flatnonzero(~hidden)
    price = np.zeros((problem.tables.member.shape[0], len(touched)), dtype=np.int64)
    np.add.at(price, (figures.region[seen], form[seen]), figures.price[seen])
    barrier = product(price, touched) + FIXED * (product(figures.fixed, np.abs(made.change.T)) > 0)
    around = np.zeros((len(made), len(problem.tables.people) + 1), dtype=np.int64)
    around[:, :-1] = (problem.tables.regions_of @ barrier).T
    steps = _with_nobody(made.capacity(problem.tables.people))
    ruled = np.minimum(steps, _with_nobody(_in_range(problem, made)))
    return Search(problem, made, form, touched, hidden.copy(), barrier, around, steps, ruled)


def _touched(tells: Ints, made: Patterns) -> tuple[Ints, Bools]:
    """What each figure publishes as a number, and whether that changes by a step: shape (numbers, patterns)."""
    padded = np.concatenate([made.change.T != 0, np.zeros((1, len(made)), dtype=bool)])  # NO_MASK is the last row
    distinct, number = np.unique(tells, axis=0, return_inverse=True)
    touched = np.array([padded[first] | padded[other] for first, other in distinct], dtype=bool).reshape(len(distinct), len(made))
    return number.ravel(), touched


def _with_nobody(steps: Small) -> Small:
    return np.concatenate([steps, np.full((len(steps), 1), _ROOM, dtype=np.int16)], axis=1)


def _in_range(problem: SuppressionProblem, made: Patterns) -> Small:
    """How many steps of each pattern all ranges of an atom's regions allow: shape (patterns, atoms)."""
    ranges, (regions, atoms) = problem.ranges, problem.tables.member.shape
    up = np.full((len(problem.forms), regions), _ROOM, dtype=np.int64)
    down = up.copy()
    np.minimum.at(up, (ranges.form, ranges.region), ranges.high)
    np.minimum.at(down, (ranges.form, ranges.region), -ranges.low)
    of_atom = problem.tables.regions_of
    filled = np.diff(of_atom.indptr) > 0
    least = np.full((len(made), atoms), _ROOM, dtype=np.int16)
    for pattern, effect in enumerate(made.on_form if filled.any() else ()):
        rises, falls = np.flatnonzero(effect == 1), np.flatnonzero(effect == -1)
        room = np.concatenate([up[rises], down[falls], np.full((1, regions), _ROOM)]).min(axis=0)
        least[pattern, filled] = np.minimum.reduceat(room[of_atom.indices], of_atom.indptr[:-1][filled])
    return least


_ROOM = 1000
"""A number of steps that is never a limit."""


def _keys(search: Search) -> tuple[Ints, Ints]:
    """A number for each region, random but the same each time; and their sums over those of an atom's regions that show a pattern.

    Sums and products may overflow, which does no harm. Shapes (regions,) and (patterns, atoms + 1).
    """
    regions, atoms = search.problem.tables.member.shape
    number = np.random.default_rng(20).integers(np.iinfo(np.int64).min, np.iinfo(np.int64).max, regions)
    keys = np.zeros((len(search.patterns), atoms + 1), dtype=np.int64)
    keys[:, :-1] = (search.problem.tables.regions_of @ np.where(search.barrier > 0, number[:, None], 0)).T
    return number, keys


def _moving(search: Search) -> Bools:
    """Which atoms can take part in an exchange, shape (patterns, atoms): atoms alone in a region that shows a pattern are removed."""
    member, regions_of = (matrix.astype(np.int32) for matrix in (search.problem.tables.member, search.problem.tables.regions_of))
    opposite = search.patterns.opposite
    moving = (search.steps[:, :-1] + search.steps[opposite, :-1] > 0).T.astype(np.int32)
    barred = search.barrier > 0
    for _ in range(_ROUNDS):
        alone = barred & (np.asarray(member @ moving) == 1)
        stuck = (np.asarray(regions_of @ alone.astype(np.int32)) > 0) & (moving > 0)
        if not stuck.any():
            break
        moving[stuck] = 0
    return np.ascontiguousarray(moving.T > 0)


_ROUNDS = 6
"""How many times atoms that cannot take part are removed; each removal can leave another atom alone."""
