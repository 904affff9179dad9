"""What is kept of a block that was closed, the check that it still proves the figures of an edition, and what it gives other blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from geo.disclosure import protect
from geo.disclosure.block import Block, Floats, Labels
from geo.disclosure.counts import Area, Measured
from geo.disclosure.protect import Cell, Withheld
from geo.disclosure.solver.proving import certificate
from geo.disclosure.solver.tables import NO_MASK, Bools, Ints, SuppressionProblem, Worlds
from geo.errors import Problem
from geo.model.vocabulary import Audience, Reason, Status


@dataclass(frozen=True)
class Proof:
    """What is kept of a block: people, figures, what is hidden, and the worlds that show why that is enough. It stays internal.

    hidden: shape (figures,). open: the numbers of targets that could not be proven. digest: the fingerprint of the block.
    """

    labels: Labels
    problem: SuppressionProblem
    hidden: Bools
    worlds: Worlds
    open: Ints
    digest: str

    @property
    def name(self) -> str:
        """Register and period, for a message."""
        return f"{self.labels.register} {self.labels.period}"

    @property
    def withheld(self) -> Iterator[Cell]:
        """The figures that are hidden."""
        return (self.labels.cell(figure) for figure in np.flatnonzero(self.hidden).tolist())


@dataclass(frozen=True)
class Closed:
    """The figures that one audience does not see, with the proofs."""

    withheld: Withheld
    proofs: tuple[Proof, ...]


@dataclass(frozen=True)
class Past:
    """What was published before.

    released: by audience, what earlier editions published for it and for all further out. hidden: by audience, the figures that the
    newest edition hides; a new one starts from them, so that it hides the same where it can. proofs: earlier proofs, by digest.
    """

    released: Mapping[Audience, Released] = field(default_factory=dict)
    hidden: Mapping[Audience, frozenset[Cell]] = field(default_factory=dict)
    proofs: Mapping[str, Proof] = field(default_factory=dict)


def check(proof: Proof, table: pd.DataFrame) -> tuple[Problem, ...]:
    """Return what a proof no longer proves for the figures as they lie in an edition; empty means that they are safe.

    table: OBSERVATION_COLUMNS of one audience. It takes matrix products and no solver.
    """
    stands = table[table["period"].isin(proof.labels.every)]
    absent = (stands["status"] == Status.SUPPRESSED.value) | (stands["reason"] == Reason.HALF_YEARS.value)
    readable = ~absent | stands[list(_NUMBERS)].notna().any(axis=1)  # also when its status says that it is hidden
    rows = stands[stands["indicator"].isin(proof.labels.indicators) & readable]
    seen = dict(
        zip(zip(*(rows[name] for name in protect.KEY), strict=True), zip(rows["numerator"], rows["denominator"], strict=True), strict=True)
    )
    read = [seen.get(cell) for cell in proof.labels.cells]
    hidden = np.array([numbers is None for numbers in read], dtype=bool)
    wrong = ~hidden & _not_as_counted(proof, np.array([numbers or (np.nan, np.nan) for numbers in read], dtype=float).reshape(-1, 2))
    figures = proof.problem.figures
    problems = [
        Problem(proof.name, "a figure that is not as it was counted", found="/".join(proof.labels.cell(figure)[:3]))
        for figure in np.flatnonzero(wrong).tolist()
    ]
    good = certificate.proven(proof.problem, figures.published(hidden), proof.worlds)
    good[proof.open] = True
    opened = np.flatnonzero(~hidden & proof.hidden).tolist()
    if not good.all():
        named = "; ".join("/".join(proof.labels.cell(figure)[:3]) for figure in opened[:3]) or f"{int((~good).sum())} counts"
        problems.append(Problem(proof.name, "what is shown tells what must be hidden", found=named, more=max(0, len(opened) - 3)))
    return tuple(problems)


def _not_as_counted(proof: Proof, numbers: Floats) -> Bools:
    """Which figures are not as the register counts them, shape (figures,). numbers: numerator and denominator, NaN where there is none."""
    tables, figures = proof.problem.tables, proof.problem.figures
    halves = np.array([proof.labels.halves_of(code) for code in proof.labels.every])[figures.region // len(proof.labels.areas)]
    wrong = np.zeros(len(figures.region), dtype=bool)
    for number, mask in zip(numbers.T, figures.tells.T, strict=True):
        given = (mask != NO_MASK) & ~np.isnan(number)
        wrong[given] |= (number * halves)[given] != tables.counts[figures.region[given], mask[given]]
    return wrong


Released = Mapping[tuple[str, str], Mapping[tuple[Measured, Area], frozenset[str]]]
"""What was published, by register and period: for a measure and an area both counts are known, with the editions that showed them."""

_NUMBERS: Final = ("value", "numerator", "denominator", "n", "low", "high")


# --- what a proof gives another block to begin with ----------------------------------------------------------------------------


def hints_of(block: Block, outer: Proof | None) -> Worlds:
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
    every = _keys(outer.problem, atoms, kinds)
    numbers = np.full(len(every), -1, dtype=np.int64)
    first = {key: number for number, key in reversed([*enumerate(every)])}  # of a target that is there twice, the first
    numbers[list(first.values())] = [place.get(key, -1) for key in first]
    worlds = outer.worlds
    numbers[worlds.target[(worlds.atom >= atoms) | (worlds.kind >= kinds)]] = -1
    number = numbers[worlds.target]
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
