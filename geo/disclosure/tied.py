"""Several periods as one block: a mean over half-years connects them, because it and all half-years but one give the last one.

Atoms and areas are taken once for each half-year. A window over half-years has areas of its own, which contain the atoms of all of
them. A mean is hidden from the start, and shown where nothing else must be hidden for it. What the rule would hide of a mean is a
target too, and so are few people on average in an overlap or between two areas; their width is the sum over their half-years. A
reader who knows the rule knows which half-years it hides, and why. Of the hidden means that reader does not know which ones the rule
hides, because most are hidden to protect half-years.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import sparse

from geo.disclosure import primary
from geo.disclosure.block import Block, Labels, Stand, priced
from geo.disclosure.counts import Counted, Counts
from geo.disclosure.proof import Past, Proof
from geo.disclosure.solver.offers import Offers
from geo.disclosure.solver.tables import NO_MASK, Bools, Figures, Ints, Ranges, SuppressionProblem, Tables, Targets, Worlds
from geo.disclosure.targets import Limits
from geo.figures import means
from geo.figures.means import TiedPeriods, Window
from geo.model.indicators import Indicator


@dataclass(frozen=True)
class Tied:
    """A block of several periods. parts: shape (targets of windows, targets of single periods), which targets each one is made of.

    targets_from, figures_from: the number of each half-year's first target, and of its first figure. needs: by the figure of a mean,
    the figures of its half-years.
    """

    block: Block
    parts: sparse.csr_array
    targets_from: Ints
    figures_from: Ints
    needs: Mapping[int, Ints]

    @property
    def own(self) -> int:
        """How many targets belong to single periods."""
        return int(self.targets_from[-1])


def groups(counted: Counted, past: Past) -> tuple[TiedPeriods, ...]:
    """Return the periods of a register in groups: those whose mean is published now, or was by an earlier edition, are together."""
    periods = counted.cube.periods
    published = {period for of_one in past.released.values() for register, period in of_one if register == counted.register}
    before = [window for window in means.windows(periods, (2, 4)) if window.code in published]
    return means.groups(periods, dict.fromkeys([*primary.windows(counted), *before]))


def tied(
    singles: Sequence[Block],
    group: TiedPeriods,
    stands: Mapping[str, Stand],
    asked: tuple[Counted, Counts],
    price: Mapping[str, Mapping[str, float]],
) -> Tied:
    """Join blocks of single periods. stands: by the code of a window, what is known of its figures (see `block.Stand`)."""
    counted, of = asked
    people = _tables(singles, group)
    means_of = [_Means(counted, of, window, stands[window.code], people, number, group) for number, window in enumerate(group.windows)]
    of_means = [mean.figures(price) for mean in means_of]
    figures = _figures([*(block.problem.figures for block in singles), *(part for _, part in of_means)], len(counted.areas))
    labels = Labels(
        counted.register,
        f"{group.periods[0]}-{group.periods[-1]}",
        singles[0].labels.indicators,
        counted.areas,
        np.concatenate([*(block.labels.indicator for block in singles), *(indicator for indicator, _ in of_means)]),
        figures.region,
        (*group.periods, *(window.code for window in group.windows)),
    )
    own = _lifted([block.problem.targets for block in singles])
    starts = np.cumsum([0, *(len(block.problem.targets) for block in singles)])
    several, parts = _several(own, starts, means_of)
    targets = Targets(
        sparse.csr_array(sparse.vstack([own.atoms, several.atoms])),
        *(np.concatenate([getattr(own, name), getattr(several, name)]) for name in ("form", "width", "ruled")),
    )
    ranges = _ranges([block.problem.ranges for block in singles], len(counted.areas))
    block = Block(labels, SuppressionProblem(people, figures, of.forms, targets, ranges))
    counts_of = np.cumsum([0, *(len(block.labels.region) for block in singles)])
    return Tied(block, parts, starts, counts_of, _needs(labels, group))


def offers(made: Tied, open_: Ints) -> Offers:
    """Return which figures of a joined block may be shown: means that no rule hides, over fewer half-years first.

    open_: the numbers of targets of single periods without a proof. Among means over as many half-years the most expensive come
    first.
    """
    labels, problem = made.block.labels, made.block.problem
    chosen = [figure for figure in made.needs if problem.figures.hidden[figure] and not _ruled(problem, figure)]
    chosen.sort(key=lambda figure: (labels.halves(figure), -int(problem.figures.price[figure]), figure))
    return Offers(made.own, made.parts, np.array(chosen, dtype=np.int64), tuple(made.needs[figure] for figure in chosen), open_)


def solved(blocks: Sequence[Block], proofs: Sequence[Proof]) -> tuple[Block, ...]:
    """Return the blocks with the targets that were proven, in place of those that were asked for."""
    return tuple(replace(block, problem=proof.problem) for block, proof in zip(blocks, proofs, strict=True))


def lifted(made: Tied, proofs: Sequence[Proof]) -> tuple[Bools, Worlds, Ints]:
    """Return what single periods hide, the worlds that prove their targets, and the open targets, numbered as in the joined block."""
    hidden = made.block.problem.figures.hidden.copy()
    parts = []
    for number, proof in enumerate(proofs):
        hidden[made.figures_from[number] : made.figures_from[number + 1]] = proof.hidden
        start, atoms = made.targets_from[number], number * len(proof.problem.tables.people)
        parts.append(replace(proof.worlds, target=proof.worlds.target + start, atom=proof.worlds.atom + atoms))
    return hidden, Worlds.joined(parts), np.concatenate([proof.open + made.targets_from[n] for n, proof in enumerate(proofs)])


def needless(proof: Proof) -> frozenset[tuple[str, str, str, str]]:
    """Return the means that are hidden though all of their half-years are shown: anybody can work them out."""
    labels = proof.labels
    group = TiedPeriods(tuple(filter(means.half, labels.periods)), tuple(_window(code) for code in labels.periods if not means.half(code)))
    needs = _needs(labels, group)
    return frozenset(labels.cell(figure) for figure, halves in needs.items() if proof.hidden[figure] and not proof.hidden[halves].any())


def _window(code: str) -> Window:
    return Window(code, means.parts_of(code))


# --- tables and figures -------------------------------------------------------------------------------------------------------


def _tables(singles: Sequence[Block], group: TiedPeriods) -> Tables:
    first = singles[0].problem.tables
    empty = sparse.csr_array(first.member.shape, dtype=np.int64)
    over = [sparse.hstack([first.member if code in window.parts else empty for code in group.periods]) for window in group.windows]
    member = sparse.csr_array(sparse.vstack([sparse.block_diag([block.problem.tables.member for block in singles]), *over]))
    member.sort_indices()
    return Tables(np.concatenate([block.problem.tables.people for block in singles]), member, first.masks, first.group)


def _figures(parts: Sequence[Figures], areas: int) -> Figures:
    region = np.concatenate([part.region + number * areas for number, part in enumerate(parts)])
    columns = (np.concatenate([getattr(part, name) for part in parts]) for name in ("tells", "price", "hidden", "fixed"))
    return Figures(region, *columns)


def _lifted(parts: Sequence[Targets]) -> Targets:
    atoms = sparse.csr_array(sparse.block_diag([part.atoms for part in parts]))
    return Targets(atoms, *(np.concatenate([getattr(part, name) for part in parts]) for name in ("form", "width", "ruled")))


def _ranges(parts: Sequence[Ranges], areas: int) -> Ranges:
    region = np.concatenate([part.region + number * areas for number, part in enumerate(parts)])
    return Ranges(region, *(np.concatenate([getattr(part, name) for part in parts]) for name in ("form", "low", "high")))


def _needs(labels: Labels, group: TiedPeriods) -> dict[int, Ints]:
    """By the figure of a mean, the figures of its half-years."""
    place = {cell: figure for figure, cell in enumerate(labels.cells)}
    parts = {window.code: window.parts for window in group.windows}
    return {
        figure: np.array([place[*cell[:3], code] for code in parts[cell[3]] if (*cell[:3], code) in place], dtype=np.int64)
        for cell, figure in place.items()
        if cell[3] in parts
    }


def _ruled(problem: SuppressionProblem, figure: int) -> bool:
    """Whether a rule hides the mean or it is kept back, and not only the start of the search hides it: its price says so."""
    return bool(problem.figures.price[figure] == _BY_RULE)


_BY_RULE = 0
"""The price of a mean that a rule hides or that is kept back: it is never shown."""


@dataclass(frozen=True)
class _Means:
    """The means of one window in a block. number: that of the window in the group."""

    counted: Counted
    of: Counts
    window: Window
    stand: Stand
    people: Tables
    number: int
    group: TiedPeriods

    @property
    def rows(self) -> Ints:
        """The regions of the window, shape (areas,)."""
        areas = len(self.counted.areas)
        return (len(self.group.periods) + self.number) * areas + np.arange(areas)

    @property
    def telling(self) -> list[tuple[int, Indicator]]:
        """The indicators that publish this mean, with their numbers."""
        every = self.counted.cube.periods
        return [
            (place, indicator)
            for place, indicator in enumerate(self.counted.indicators)
            if indicator.means and self.window in means.of_indicator(indicator, every)
        ]

    def figures(self, price: Mapping[str, Mapping[str, float]]) -> tuple[Ints, Figures]:
        """Indicator and figures of the means, with areas as regions; hidden from the start unless an audience further out reads them."""
        sets = np.array([area.area_set for area in self.counted.areas])
        residents = np.asarray(self.people.member[self.rows] @ self.people.people.sum(axis=1))
        rows = [
            (place, area)
            for place, measured in self.telling
            for area in np.flatnonzero(np.isin(sets, measured.area_sets) & (residents > 0)).tolist()
        ]
        indicator, region = np.array(rows, dtype=np.int64).reshape(-1, 2).T
        names = [listed.id for listed in self.counted.indicators]
        tells = np.array([self.of.masks_of[name] for name in names], dtype=np.int64)[indicator]
        cost = np.array([price[names[place]].get(str(sets[area]), 1.0) for place, area in rows], dtype=float)
        open_ = self.stand.shown[indicator, region]
        under = (self.stand.hidden | self.stand.back)[indicator, region] & ~open_
        whole = np.where(under, _BY_RULE, priced(cost, residents[region]))
        fixed = self.stand.out.copy()
        for side in tells[open_].T:
            seen = side != NO_MASK
            fixed[region[open_][seen], side[seen]] = True
        return indicator, Figures(region, tells, whole, ~open_, fixed)

    def limits(self) -> list[tuple[Indicator, Limits, Bools]]:
        """Of each indicator that publishes the mean under a rule: its limits for sums over the half-years, and what the rule hides."""
        times = len(self.window.parts)
        every = [
            (indicator, self.stand.limits[indicator.id], self.stand.hidden[place])
            for place, indicator in self.telling
            if indicator.id in self.stand.limits
        ]
        return [(indicator, replace(rule, least=times * rule.least, group=times * rule.group), under) for indicator, rule, under in every]

    def sums(self, atoms: sparse.csr_array, side: Ints) -> Ints:
        """The people of some kinds in sets of atoms. side: shape (kinds,), 1 where a kind counts."""
        return np.asarray(atoms @ (self.people.people @ side))

    def wanted(self, atoms: sparse.csr_array, form: Ints) -> Bools:
        """Which targets of single periods, taken over the window, are few on average, or an area whose mean the rule hides."""
        wanted = np.zeros(len(form), dtype=bool)
        keys = _keys(atoms)
        limits = self.limits()
        areas = _keys(self.people.member[self.rows])
        for indicator, rule, under in limits:
            for mine in self.of.counted[indicator.id]:
                rows = np.flatnonzero(form == mine)
                few = rule.few(self.sums(atoms[rows], self.of.forms[mine])) & DIFFERENCES if mine != NO_MASK else np.zeros(0, dtype=bool)
                wanted[rows] |= np.isin(keys[rows], areas[under]) | (few & (mine != self.of.counted[indicator.id][2]))
        return wanted


DIFFERENCES: Final = True
"""Whether few people on average between two areas, or in an overlap, are protected like a mean that is few.

Half-years count much the same people: whoever learns that there are three on average knows about how many there are in each.
"""


def _keys(atoms: sparse.csr_array) -> Ints:
    return np.asarray(atoms @ np.random.default_rng(13).integers(1, 1 << 40, atoms.shape[1]))


# --- targets of windows -------------------------------------------------------------------------------------------------------


def _several(own: Targets, starts: Ints, windows: Sequence[_Means]) -> tuple[Targets, sparse.csr_array]:
    """Targets over windows, each made of targets of its half-years with the same atoms and form; and which ones each is made of."""
    parts = [_of_window(own, starts, window) for window in windows]
    atoms = sparse.csr_array(sparse.vstack([targets.atoms for targets, _ in parts]))
    columns = (np.concatenate([getattr(targets, name) for targets, _ in parts]) for name in ("form", "width", "ruled"))
    return Targets(atoms, *columns), sparse.csr_array(sparse.vstack([made_of for _, made_of in parts]))


def _of_window(own: Targets, starts: Ints, window: _Means) -> tuple[Targets, sparse.csr_array]:
    periods = [number for number, code in enumerate(window.group.periods) if code in window.window.parts]
    size = own.atoms.shape[1] // len(window.group.periods)
    mine = np.concatenate([np.arange(starts[number], starts[number + 1]) for number in periods])
    period = np.repeat(periods, [starts[number + 1] - starts[number] for number in periods])
    atoms = own.atoms[mine].tocoo()
    base = sparse.csr_array((atoms.data, (atoms.row, atoms.col - period[atoms.row] * size)), shape=(len(mine), size))
    keys = np.stack([_keys(base), own.form[mine], own.ruled[mine]])
    _, first, number = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    empty = sparse.csr_array((len(first), size), dtype=np.int64)
    whole = sparse.csr_array(sparse.hstack([base[first] if code in periods else empty for code in range(len(window.group.periods))]))
    chosen = np.flatnonzero(window.wanted(whole, own.form[mine[first]]))
    made_of = sparse.csr_array((np.ones(len(mine), dtype=np.int64), (number.ravel(), mine)), shape=(len(first), len(own)))[chosen]
    width = np.asarray(made_of @ own.width)
    which = mine[first[chosen]]
    return Targets(whole[chosen], own.form[which], width, own.ruled[which]), made_of
