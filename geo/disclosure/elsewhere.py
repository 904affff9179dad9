"""What was found in another block, to begin with: worlds that proved the same targets, and what is hidden of the same figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geo.disclosure.block import Block
from geo.disclosure.proof import Proof
from geo.disclosure.solver.tables import Bools, SuppressionProblem, Worlds


def hints(block: Block, outer: Proof | None) -> Worlds:
    """Worlds that prove the same targets elsewhere: for the audience further out, or in another period.

    Of two periods the later one has the atoms and kinds of the earlier one first, and may have more.
    """
    if outer is None:
        return Worlds.none()
    mine, others = block.problem.tables.people.shape, outer.problem.tables.people.shape
    if (block.labels.periods or outer.labels.periods) and mine != others:
        return Worlds.none()
    atoms, kinds = min(mine[0], others[0]), min(mine[1], others[1])
    place = {key: number for number, key in enumerate(_keys(block.problem, atoms, kinds))}
    known: set[tuple[int, bytes, int]] = set()
    every = _keys(outer.problem, atoms, kinds)
    numbers = [-1 if key in known or known.add(key) else place.get(key, -1) for key in every]  # type: ignore[func-returns-value]
    worlds = outer.worlds
    beyond = np.zeros(len(numbers), dtype=bool)
    beyond[worlds.target[(worlds.atom >= atoms) | (worlds.kind >= kinds)]] = True
    number = np.where(beyond, -1, np.array(numbers, dtype=np.int64))[worlds.target]
    return replace(worlds, target=number).of(number >= 0)


def _keys(problem: SuppressionProblem, atoms: int, kinds: int) -> list[tuple[int, bytes, int]]:
    """What identifies the same target in two problems that have the first atoms and kinds in common: its atoms and its form."""
    of_target = problem.targets.atoms
    weights = np.zeros(of_target.shape[1], dtype=np.int64)
    weights[:atoms] = np.random.default_rng(5).integers(1, 1 << 40, atoms)
    key = np.asarray(of_target @ weights)
    forms = [form.tobytes() for form in np.ascontiguousarray(problem.forms[:, :kinds])]
    return [
        (number, forms[form], size)
        for number, form, size in zip(key.tolist(), problem.targets.form.tolist(), np.diff(of_target.indptr).tolist(), strict=True)
    ]


def hidden_as_in(seed: Proof | None, block: Block) -> Bools:
    """What another period hides of the same indicators and areas."""
    if seed is None:
        return np.zeros(len(block.labels.region), dtype=bool)
    hidden = {seed.labels.cell(figure)[:3] for figure in np.flatnonzero(seed.hidden & ~seed.problem.figures.hidden).tolist()}
    return np.array([cell[:3] in hidden for cell in block.labels.cells], dtype=bool)
