"""Parts of parts: a count whose whole is itself counted as a part, such as children in day care, of children of a minority, of children.

Each count is closed by itself (`overlay`), with its own whole taken as known. A chain asks the other question: what do the figures of
the part tell of the whole, when only the whole's own people are known? Its variables are thrice the atoms: those in the part, those in
the whole but not in the part, and the others; together they are the people of the atom, which everybody knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from geo.protection import overlay
from geo.protection.jointmodel import Joint
from geo.protection.overlay import Area, Counted, Family, Model, Rows, Stand

KNOWN: Final = "the people of an atom"
"""What tells the cells that are known to everybody."""

_DEAR: Final = 1e6
"""What it would cost to make people unknown: never worth it."""


@dataclass(frozen=True)
class Chain:
    """A part, its whole, and the line of the whole's own people."""

    part: Family
    whole: Family
    base: int


def chains(counted: Counted, families: Sequence[Family]) -> tuple[Chain, ...]:
    """Every family that is told as a share of another one."""
    truths = {overlay.digest(counted.cube, family.truth): family for family in families}
    found = []
    for part in families:
        for line in part.bases:
            whole = truths.get(overlay.digest(counted.cube, line))
            if whole is not None and whole is not part:
                found += [Chain(part, whole, base) for base in whole.bases]
    return tuple(found)


def model(counted: Counted, chain: Chain, period: str, stand: Stand) -> Model:
    """The joint model of a chain in one period, for one audience.

    A hidden figure of the part has two cells, the part and what is left of the whole, as the rule may have hidden it for either; a hidden
    figure of the whole likewise.
    """
    whole = overlay.rows(counted, chain.whole, chain.base, period, stand)
    part = overlay.rows(counted, chain.part, next(iter(_bases(counted, chain))), period, stand)
    numbers = sorted({*whole.numbers, *part.numbers})
    areas, counts = overlay.overlaid(counted, numbers, [chain.base, chain.whole.truth, chain.part.truth], period)
    place = {number: row for row, number in enumerate(numbers)}
    people, in_whole, in_part = counts.T
    nobody = sparse.csr_array(areas.shape, dtype=np.int64)
    every = sparse.eye_array(len(people), format="csr", dtype=np.int64)
    blocks = [
        (whole, (areas, areas, nobody)),
        (_primary(whole), (nobody, nobody, areas)),
        (part, (areas, nobody, nobody)),
        (_primary(part), (nobody, areas, nobody)),
    ]
    summed = [sparse.hstack([one[[place[number] for number in rows.numbers]] for one in kinds]) for rows, kinds in blocks]
    cells = sparse.csr_array(sparse.vstack([*summed, sparse.hstack([every, every, every])], format="csr"))
    rows = _joined([rows for rows, _ in blocks], len(people))
    joint = Joint(
        cells=cells,
        population=np.concatenate([people, people, people]),
        truth=np.concatenate([in_part, in_whole - in_part, people - in_whole]),
        least=stand.strictness.least,
        primary=rows.primary,
        fixed=np.array([bool(out) for out in rows.out], dtype=bool),
        cost=rows.cost,
        zero_hidden=stand.strictness.zero_hidden,
    )
    names = (*(counted.areas[number] for number in rows.numbers), *(Area("", str(atom)) for atom in range(len(people))))
    indicators = tuple(name for family in (chain.part, chain.whole) for of_base in family.bases.values() for name in of_base)
    return Model(counted.register, period, indicators, names, rows.tellers, rows.out, joint)


def _bases(counted: Counted, chain: Chain) -> list[int]:
    """The lines of the part's bases that are the whole."""
    whole = overlay.digest(counted.cube, chain.whole.truth)
    return [line for line in chain.part.bases if overlay.digest(counted.cube, line) == whole]


def _primary(rows: Rows) -> Rows:
    """The other side of figures that a rule hides: nobody's figure tells it."""
    chosen = np.flatnonzero(rows.primary).tolist()
    return Rows(
        [rows.numbers[row] for row in chosen], ((),) * len(chosen), np.ones(len(chosen), dtype=bool), ("",) * len(chosen), rows.cost[chosen]
    )


def _joined(parts: Sequence[Rows], atoms: int) -> Rows:
    """All rows one after the other, then those of the atoms, which have no area's number."""
    return Rows(
        [number for rows in parts for number in rows.numbers],
        (*(tellers for rows in parts for tellers in rows.tellers), *((),) * atoms),
        np.concatenate([*(rows.primary for rows in parts), np.zeros(atoms, dtype=bool)]),
        (*(out for rows in parts for out in rows.out), *(KNOWN,) * atoms),
        np.concatenate([*(rows.cost for rows in parts), np.full(atoms, _DEAR)]),
    )
