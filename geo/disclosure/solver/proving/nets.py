"""Proofs by linear programs over neighbouring atoms, for targets that no exchange proves: sheets of one pattern, blocks of all kinds.

To restrict who changes only removes possible worlds, so what is proven in a neighbourhood is proven. Changing few people is asked
for; the worlds are then sparse, and nearly always in whole people. Where they are not, other small costs are tried, and then nothing
is proven.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from geo.disclosure.solver.proving.exchanges import atoms_of, persons
from geo.disclosure.solver.proving.linear import Floats, Net, both_ways, by_column, by_rows
from geo.disclosure.solver.search import Search
from geo.disclosure.solver.tables import Bools, Ints, Worlds

_SHEET: Final = 120
"""The number of atoms of a sheet."""
_BLOCK: Final = 36
"""The number of atoms of a block, where there are so few kinds of people that the program stays below _CELLS."""
_FEWEST: Final = 14
_CELLS: Final = 1150
"""Kinds times atoms of a block. Twice as many take four times as long, and prove little more."""
_SHEETS: Final = 4
"""How many patterns are tried, those that the fewest regions of the target show first."""
_MOST: Final = 6.0
"""By how many people an atom and kind may change, at most."""


def prove(search: Search, published: Bools, target: int) -> Worlds | None:
    """Return two worlds that prove a target in the present state of the search, found by linear programs; None without any.

    published: shape (regions, masks), the counts that the reader knows.
    """
    return by_sheets(search, target) or by_block(search, published, target)


# --- sheets: how many people of each atom make a step of one pattern ------------------------------------------------------


def by_sheets(search: Search, target: int) -> Worlds | None:
    """Return worlds in which people of a neighbourhood make steps of one pattern, or the opposite steps; None without any."""
    targets, steps = search.problem.targets, search.steps
    width, inside = int(targets.width[target]), atoms_of(search, target)
    patterns, opposite = search.raising(int(targets.form[target]))
    mine = np.ix_(patterns, inside)
    able = ((steps[mine] + steps[np.ix_(opposite, inside)]) * search.moving[mine]).sum(axis=1)
    patterns, able = patterns[able >= width], able[able >= width]
    barred = (search.around[np.ix_(patterns, inside)] > 0).sum(axis=1)
    for pattern in patterns[np.lexsort((-np.minimum(able, 9), barred))][:_SHEETS].tolist():
        proof = _sheet(search, target, pattern, inside, width)
        if proof is not None:
            return proof
    return None


def _sheet(search: Search, target: int, pattern: int, inside: Ints, width: int) -> Worlds | None:
    opposite = int(search.patterns.opposite[pattern])
    atoms = neighbours(search, inside, _SHEET, search.moving[pattern])
    aim = np.isin(atoms, inside).astype(float)
    touched = search.regions_at(atoms)
    member = search.inside[np.ix_(touched, atoms)]
    barred = search.barrier[touched, pattern] > 0
    rows, low, high = [member[barred].astype(float)], [np.zeros(int(barred.sum()))], [np.zeros(int(barred.sum()))]
    if search.problem.targets.ruled[target]:
        ranges, on_form, mine = search.problem.ranges, search.patterns.on_form[pattern], search.ranges_at(touched)
        mine = mine[on_form[ranges.form[mine]] != 0]
        rows.append(member[np.searchsorted(touched, ranges.region[mine])] * on_form[ranges.form[mine]][:, None].astype(float))
        low.append(ranges.low[mine].astype(float))
        high.append(ranges.high[mine].astype(float))
    net = Net(
        *by_rows(np.concatenate(rows)),
        np.concatenate(low),
        np.concatenate(high),
        search.steps[opposite, atoms].astype(float),
        search.steps[pattern, atoms].astype(float),
    )
    both = both_ways(net, aim, width)
    if both is None:
        return None
    return Worlds.joined([_stepped(search, target, side, atoms, pattern, change) for side, change in enumerate(both)])


def _stepped(search: Search, target: int, side: int, atoms: Ints, pattern: int, change: Ints) -> Worlds:  # noqa: PLR0913, PLR0917  where, what, who
    """The steps of a sheet, person by person."""
    opposite = int(search.patterns.opposite[pattern])
    parts = []
    for sign, which in ((1, pattern), (-1, opposite)):
        moved = np.flatnonzero(sign * change > 0)
        size = len(moved)
        parts.append(persons(search, np.full(size, target), side, atoms[moved], np.full(size, which), sign * change[moved]))
    return Worlds.joined(parts)


# --- blocks: everybody of a few atoms ---------------------------------------------------------------------------------------


def by_block(search: Search, published: Bools, target: int) -> Worlds | None:
    """Return worlds in which the people of a few atoms change kind in any way; None without any.

    published: shape (regions, masks), the counts that the reader knows.
    """
    atoms = block_atoms(search, target)
    both = both_ways(block(search, published, target, atoms), block_aim(search, target, atoms), int(search.problem.targets.width[target]))
    return None if both is None else block_worlds(search, target, atoms, both)


def block_atoms(search: Search, target: int) -> Ints:
    """Return the numbers of the atoms of a target and of some around it."""
    kinds = search.problem.tables.people.shape[1]
    return neighbours(search, atoms_of(search, target), min(max(_CELLS // kinds, _FEWEST), _BLOCK), search.lived)


def block_aim(search: Search, target: int, atoms: Ints) -> Floats:
    """Return what each change of a block adds to the count of a target, shape (changes,). atoms: those of the block."""
    form = search.problem.forms[search.problem.targets.form[target]]
    aim = np.zeros(len(atoms) * (len(form) + len(_forms_of(search))))
    aim[: len(atoms) * len(form)] = np.outer(np.isin(atoms, atoms_of(search, target)), form).ravel()
    return aim


def block_worlds(search: Search, target: int, atoms: Ints, both: tuple[Ints, Ints]) -> Worlds:
    """Return the changes of a block as worlds of a target.

    atoms: those of the block. both: the change up and the change down, shape (changes,) each.
    """
    kinds = search.problem.tables.people.shape[1]
    parts = []
    for side, change in enumerate(both):
        place = np.flatnonzero(change[: len(atoms) * kinds])
        size = np.ones(len(place), dtype=np.int64)
        parts.append(Worlds(target * size, side * size, atoms[place // kinds], place % kinds, change[place]))
    return Worlds.joined(parts)


def block(search: Search, published: Bools, target: int, atoms: Ints) -> Net:
    """Return the possible changes of a block: by atom and kind, then what they add to each count by atom. Every row sums few of them.

    published: shape (regions, masks), the counts that may not change. atoms: the numbers of the block's atoms.
    """
    problem, counted = search.problem, _forms_of(search)
    people = problem.tables.people[atoms]
    size, kinds, lines = len(atoms), people.shape[1], len(counted)
    lines_row, lines_kind = np.nonzero(counted)
    groups = problem.tables.group
    base = size * kinds
    atom = np.arange(size)
    number_of_groups = int(groups.max(initial=0)) + 1
    # the first rows: nobody changes group; the next: by how much a count of an atom changes
    row = [np.repeat(atom * number_of_groups, kinds) + np.tile(groups, size)]
    column = [np.arange(base)]
    value = [np.ones(base)]
    first = size * number_of_groups
    row.append((first + atom[:, None] * lines + lines_row[None, :]).ravel())
    column.append((atom[:, None] * kinds + lines_kind[None, :]).ravel())
    value.append(np.ones(size * len(lines_row)))
    row.append(first + np.arange(size * lines))
    column.append(base + np.arange(size * lines))
    value.append(-np.ones(size * lines))
    first += size * lines
    touched = search.regions_at(atoms)
    member = search.inside[np.ix_(touched, atoms)]
    region, line = np.nonzero(published[touched])
    counts = first + np.arange(len(region)), touched[region], line
    low, high = [np.zeros(first + len(region))], [np.zeros(first + len(region))]
    ranges = problem.ranges
    mine = search.ranges_at(touched) if problem.targets.ruled[target] else np.empty(0, dtype=np.int64)
    low.append(ranges.low[mine].astype(float))
    high.append(ranges.high[mine].astype(float))
    region = np.concatenate([region, np.searchsorted(touched, ranges.region[mine])])
    line = np.concatenate([line, len(problem.tables.masks) + ranges.form[mine]])
    there, who = np.nonzero(member[region])
    row.append(first + there)
    column.append(base + who * lines + line[there])
    value.append(np.ones(len(there)))
    free = np.full(size * lines, 99.0)
    losses = np.concatenate([people.ravel().astype(float), free])
    gains = np.concatenate([np.full(base, _MOST), free])
    matrix = by_column(np.concatenate(row), np.concatenate(column), np.concatenate(value), len(losses))
    return Net(*matrix, np.concatenate(low), np.concatenate(high), losses, gains, *counts)


def _forms_of(search: Search) -> Ints:
    """Masks, then forms: everything that rows of a block count."""
    return np.concatenate([search.problem.tables.masks, search.problem.forms])


# --- neighbourhoods ----------------------------------------------------------------------------------------------


def neighbours(search: Search, inside: Ints, most: int, able: Bools) -> Ints:
    """Return the atoms of a target and those nearest to it, sorted: first those that share its smaller regions.

    inside: the atoms of the target. most: how many in all. able: shape (atoms,), those that may be among them.
    """
    member, regions_of = search.problem.tables.member, search.problem.tables.regions_of
    size = np.diff(member.indptr)
    chosen = dict.fromkeys(inside[able[inside]][: most // 2].tolist())
    met: set[int] = set()
    frontier = list(chosen)
    while frontier and len(chosen) < most:
        regions = {int(r) for atom in frontier for r in regions_of.indices[regions_of.indptr[atom] : regions_of.indptr[atom + 1]]} - met
        frontier = []
        for region in sorted(regions, key=lambda number: (size[number], number)):
            met.add(region)
            here = member.indices[member.indptr[region] : member.indptr[region + 1]]
            for atom in here[able[here]].tolist():
                if len(chosen) >= most:
                    break
                if atom not in chosen:
                    chosen[atom] = None
                    frontier.append(atom)
    return np.array(sorted(chosen), dtype=np.int64)
