"""The gate: over all figures of a register that an audience can add up, hide what tells what a rule hides, and prove that nothing does.

The public comes first. Whoever is further in reads that too, so for them it is out already; then what they may read besides is closed in
the same way. What earlier editions told is out for everybody. Each period of a register is a block of its own, closed on any core.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from geo.disclosure import primary as primary_rules
from geo.disclosure import tied
from geo.disclosure.audience import PLACE, ClosingRound
from geo.disclosure.counts import Counted, counts
from geo.disclosure.proof import Closed, Past, Proof, Released, check
from geo.disclosure.protect import Cell, Withheld
from geo.disclosure.solver.tables import Bools
from geo.disclosure.workers import Each, Task, Tell, here, pool, solve
from geo.errors import GeoError, Problem
from geo.model.catalogue import Catalogue
from geo.model.vocabulary import Audience

_SHOWN: Final = 5
"""Blocks of which a refusal tells: the rest are counted."""

__all__ = ["Closed", "Each", "Past", "Proof", "Released", "Task", "Tell", "check", "close", "here", "pool", "solve"]


def close(  # noqa: PLR0913  what is asked, and of whom
    table: pd.DataFrame,
    *,
    known: Catalogue,
    registers: Sequence[Counted],
    past: Past | None = None,
    each: Each = here,
    tell: Tell = lambda _what, _done, _all: None,
) -> Mapping[Audience, Closed]:
    """Work out for every audience what to hide of the figures counted in registers, besides what the rules hide.

    table: OBSERVATION_COLUMNS, joined: the figures as they would be published. Those with noise are in no block: the catalogue sees that no
    exact one asks for the same columns (clashes.undone), and only the rule hides any of them, by the numbers that would be shown. Raises
    GeoError when what must be hidden is out already and nobody accepted it by name, with the periods and how many figures, never a count
    of people.
    """
    before = past or Past()
    people = primary_rules.residents(table, registers)
    withheld: dict[Audience, set[Cell]] = {audience: set() for audience in Audience}
    needless: dict[Audience, set[Cell]] = {audience: set() for audience in Audience}
    proofs: dict[Audience, list[Proof]] = {audience: [] for audience in Audience}
    refused: list[Problem] = []
    met = dict(before.proofs)  # those of before and, as they are found, those of this round: staff and SSP often have the same blocks
    every = [exact for counted in registers if (exact := primary_rules.exact(primary_rules.with_tables(counted, table, known))).indicators]
    for counted in every:
        of = counts(counted)
        shown: dict[str, Bools] | None = None
        outer: Sequence[Proof] = ()
        for audience in Audience:
            round_ = ClosingRound(counted, of, audience, known, replace(before, proofs=met), each, tell)
            primary = primary_rules.primary(table, people, known, audience, counted)
            closed, outer = round_.close(primary, shown, outer)
            refused += [problem for proof in closed for problem in round_.refusals(proof)]
            met.update((proof.digest, proof) for proof in closed)
            shown = _shown(counted, closed, shown)
            withheld[audience].update(cell for proof in closed for cell in proof.withheld)
            needless[audience].update(cell for proof in closed for cell in tied.needless(proof))
            proofs[audience] += closed
    if refused:
        more = [Problem(PLACE, f"and {len(refused) - _SHOWN} more periods in which it is so")]
        raise GeoError([*refused[:_SHOWN], *more[: len(refused) > _SHOWN]])
    covered = frozenset((indicator.id, period) for counted in every for indicator in counted.indicators for period in counted.cube.periods)
    covered |= {
        (indicator.id, window.code) for counted in every for indicator in counted.indicators for window in primary_rules.windows(counted)
    }
    return {
        audience: Closed(Withheld(frozenset(withheld[audience]), covered, people, frozenset(needless[audience])), tuple(proofs[audience]))
        for audience in Audience
    }


def _shown(counted: Counted, closed: Sequence[Proof], before: Mapping[str, Bools] | None) -> dict[str, Bools]:
    """Shape (indicators, areas) by period and window: which figures this audience reads, those of audiences further out among them."""
    shown = {}
    for proof in closed:
        areas = len(counted.areas)
        for place, code in enumerate(proof.labels.every):
            seen = np.zeros((len(counted.indicators), areas), dtype=bool)
            mine = ~proof.hidden & (proof.labels.region // areas == place)
            seen[proof.labels.indicator[mine], proof.labels.region[mine] % areas] = True
            shown[code] = seen | (before[code] if before else False)
    return shown
