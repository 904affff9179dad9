"""The gate: over all figures of a register that one audience can combine, hide what discloses a hidden figure, and prove it.

The public is closed first. Audiences further in also read what is public, so for them it counts as published, and what they read
besides is closed in the same way. What earlier editions published is published for everybody. Each period of a register is a block of
its own, which any processor can close.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from geo.disclosure import keptback, tied
from geo.disclosure import primary as primary_rules
from geo.disclosure.audience import PLACE, ClosingRound
from geo.disclosure.block import ground
from geo.disclosure.counts import Counted, by_period
from geo.disclosure.proof import Closed, Past, Proof, Released, check
from geo.disclosure.protect import Withheld
from geo.disclosure.solver.tables import Bools
from geo.disclosure.solver.workers import Each, Task, Tell, here, pool, solve
from geo.errors import GeoError, Problem
from geo.model.catalogue import Catalogue
from geo.model.vocabulary import Audience

_SHOWN: Final = 5
"""How many blocks a refusal lists one by one; the rest are only counted."""

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
    """Work out, for every audience, which figures of registers to hide besides those that the rules hide.

    table: OBSERVATION_COLUMNS, joined: the figures as they would be published. registers: the registers' counts. past: what earlier
    editions published, and their proofs. each: closes several blocks; tell: called as (what, blocks done, blocks in all). Figures
    with noise are in no block: the catalogue sees to it that no exact figure uses the same columns (geo.inputs.noise.undone), and
    only the rule hides any of them, by the numbers that would be shown. Raises GeoError when something that must be hidden is already
    published and nobody accepted it by name; the message has the periods and how many figures, never a count of people.
    """
    before = past or Past()
    people = primary_rules.residents(table, registers)
    proofs: dict[Audience, list[Proof]] = {audience: [] for audience in Audience}
    refused: list[Problem] = []
    met = dict(before.proofs)  # proofs of earlier builds, then those of this one too: staff and SSP often have the same blocks
    every = [exact for counted in registers if (exact := primary_rules.exact(primary_rules.with_tables(counted, table, known))).indicators]
    for counted in every:
        rounds = _rounds(counted, known, replace(before, proofs=met), each, tell)
        primary = {audience: primary_rules.primary(table, people, known, audience, counted) for audience in Audience}
        for audience, closed in _for_everybody(rounds, primary, met).items():
            refused += [problem for proof in closed for problem in rounds[audience].refusals(proof)]
            proofs[audience] += closed
    if refused:
        more = [Problem(PLACE, f"and {len(refused) - _SHOWN} more periods in which it is so")]
        raise GeoError([*refused[:_SHOWN], *more[: len(refused) > _SHOWN]])
    covered = frozenset().union(*map(_covered, every))
    return {audience: Closed(_withheld(made, covered, people), tuple(made)) for audience, made in proofs.items()}


def _rounds(counted: Counted, known: Catalogue, past: Past, each: Each, tell: Tell) -> dict[Audience, ClosingRound]:
    """A round for each audience over what is the same for all of them."""
    groups = tied.groups(counted, past)
    of = by_period(counted, groups)
    grounds = {period: ground(counted, of[period], period) for period in counted.cube.periods}
    return {audience: ClosingRound(counted, groups, of, grounds, audience, known, past, each, tell) for audience in Audience}


def _covered(counted: Counted) -> frozenset[tuple[str, str]]:
    """Indicator and period of every figure that the blocks of a register hold, means included."""
    periods = [*counted.cube.periods, *(window.code for window in primary_rules.windows(counted))]
    return frozenset((indicator.id, period) for indicator in counted.indicators for period in periods)


def _withheld(closed: Sequence[Proof], covered: frozenset[tuple[str, str]], people: pd.Series) -> Withheld:
    hidden = frozenset(cell for proof in closed for cell in proof.withheld)
    return Withheld(hidden, covered, people, frozenset(cell for proof in closed for cell in tied.needless(proof)))


def _for_everybody(
    rounds: Mapping[Audience, ClosingRound], primary: Mapping[Audience, Mapping[str, Bools]], met: dict[str, Proof]
) -> dict[Audience, list[Proof]]:
    """Close a register for every audience, the public first.

    Where one further in could work out too much from what is read further out, those figures are kept back there, and all is closed
    once more. met: all proofs so far by digest; new ones are added.
    """
    back: dict[Audience, dict[str, Bools]] = {audience: {} for audience in rounds}
    while True:
        made: dict[Audience, list[Proof]] = {}
        shown: dict[str, Bools] = {}
        outer: Sequence[Proof] = ()
        for audience, round_ in rounds.items():
            result = round_.close(primary[audience], shown, back[audience], outer)
            met.update((proof.digest, proof) for proof in result.proofs)
            if result.owed:
                for further_out in made:
                    back[further_out] = keptback.joined([back[further_out], *result.owed])
                break
            made[audience], outer = result.proofs, result.every
            shown = _shown(round_.counted, result.proofs, shown)
        else:
            return made


def _shown(counted: Counted, closed: Sequence[Proof], before: Mapping[str, Bools]) -> dict[str, Bools]:
    """Which figures this audience reads, those that audiences further out read included: shape (indicators, areas) by period and window."""
    shown = {}
    for proof in closed:
        areas = len(counted.areas)
        for place, code in enumerate(proof.labels.every):
            seen = np.zeros((len(counted.indicators), areas), dtype=bool)
            mine = ~proof.hidden & (proof.labels.region // areas == place)
            seen[proof.labels.indicator[mine], proof.labels.region[mine] % areas] = True
            shown[code] = seen | before.get(code, False)
    return shown
