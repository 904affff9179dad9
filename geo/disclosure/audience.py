"""The figures of one register protected for one audience: one block for every period, and one for periods that share means.

A block that was closed before keeps its proof. Others start from what an earlier edition hides, or from another period, and first try
the worlds that proved the same elsewhere. Words such as block, target and world are explained in `geo.disclosure.solver.tables`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from geo.disclosure import keptback, protect, tied
from geo.disclosure.block import Block, Ground, Stand, block
from geo.disclosure.counts import Counted, Counts
from geo.disclosure.proof import Past, Proof, hidden_as_in, hints_of
from geo.disclosure.solver import choose
from geo.disclosure.solver.proving import certificate
from geo.disclosure.solver.tables import NO_MASK, Bools, Ints, Worlds
from geo.disclosure.solver.workers import Each, Task, Tell, closed
from geo.disclosure.targets import Limits
from geo.errors import Problem
from geo.figures.means import TiedPeriods
from geo.model.catalogue import Catalogue
from geo.model.vocabulary import Audience

PLACE: Final = "disclosure"
OF_GROUP: Final = 0.1
"""The cost of hiding a figure of a group, as a part of what hiding a member costs: where there is a choice, the group is hidden."""


@dataclass(frozen=True)
class RoundResult:
    """What came of a register for one audience.

    proofs: one for each group of periods. every: those of the single periods too. owed: by period and mean, the figures that must be
    kept back from audiences further out, shape (indicators, areas), where there are any.
    """

    proofs: list[Proof]
    every: tuple[Proof, ...]
    owed: tuple[Mapping[str, Bools], ...]


@dataclass(frozen=True)
class ClosingRound:
    """One register to be closed for one audience: its counts, what is asked of them, and what is known from before.

    counted: the register. groups: its periods, those that share means together. of: by period and window, its distinct counts.
    grounds: by period, what its block begins with.
    known: the catalogue. past: what earlier editions published, and earlier proofs. each: closes several blocks. tell: called when a
    block is finished.
    """

    counted: Counted
    groups: Sequence[TiedPeriods]
    of: Mapping[str, Counts]
    grounds: Mapping[str, Ground]
    audience: Audience
    known: Catalogue
    past: Past
    each: Each
    tell: Tell

    def close(
        self, primary: Mapping[str, Bools], shown: Mapping[str, Bools], back: Mapping[str, Bools], outer: Sequence[Proof]
    ) -> RoundResult:
        """Close every period, and periods that share means as one block.

        primary: by period, what a rule hides, shape (indicators, areas). shown: the figures that audiences further out read, and back:
        those that are kept back for audiences further in, of the same shape. outer: all proofs of the audience further out.
        """
        price, of_period = self._prices(), {proof.labels.period: proof for proof in outer}
        stands = self._stands(primary, shown, back)
        periods = self.counted.cube.periods
        blocks = {period: block(self.counted, self.grounds[period], stands[period], price) for period in periods}
        ties = {
            group: tied.tied([blocks[code] for code in group.periods], group, stands, self._asked(group), price)
            for group in self.groups
            if group.windows
        }
        met = {group: proof for group, made in ties.items() if (proof := self._kept(made.block)) is not None}
        single = [code for group in self.groups if group not in met for code in group.periods]
        proofs = dict(zip(single, self._singles([blocks[code] for code in single], of_period), strict=True))
        joined = self._tied(
            {group: [(blocks[code], proofs[code]) for code in group.periods] for group in ties if group not in met},
            (stands, price),
            ties,
            of_period,
        )
        closed_now = [(blocks[code], proof) for code, proof in proofs.items() if not self._is_kept(proof)] + list(joined.values())
        met |= {group: proof for group, (_, proof) in joined.items()}
        every = [met[group] if group in ties else proofs[group.periods[0]] for group in self.groups]
        owed = tuple(keptback.owed(asked, stands, proof) for asked, proof in closed_now)
        return RoundResult(every, (*proofs.values(), *(met[group] for group in ties)), tuple(filter(None, owed)))

    def _is_kept(self, proof: Proof) -> bool:
        """Whether a proof was made before: what it needs was kept back then."""
        before = self.past.proofs.get(proof.digest)
        return before is not None and before.worlds is proof.worlds

    def _stands(self, primary: Mapping[str, Bools], shown: Mapping[str, Bools], back: Mapping[str, Bools]) -> dict[str, Stand]:
        """For every period and mean, what is known of its figures before they are closed."""
        limits = self._limits(self.audience)
        none = np.zeros((len(self.counted.indicators), len(self.counted.areas)), dtype=bool)
        return {
            code: Stand(limits, primary.get(code, none), self._out(code), shown.get(code, none), back.get(code, none)) for code in self.of
        }

    def _asked(self, group: TiedPeriods) -> tuple[Counted, Counts]:
        return self.counted, self.of[group.periods[0]]

    def _tied(
        self,
        singles: Mapping[TiedPeriods, Sequence[tuple[Block, Proof]]],
        stood: tuple[Mapping[str, Stand], Mapping[str, Mapping[str, float]]],
        ties: Mapping[TiedPeriods, tied.Tied],
        outer: Mapping[str, Proof],
    ) -> dict[TiedPeriods, tuple[Block, Proof]]:
        """Close together the periods of each group, whose blocks have been closed one by one before. Returns what was asked, and proven."""
        tasks, asked = [], []
        for group, pairs in singles.items():
            blocks, proofs = [block for block, _ in pairs], [proof for _, proof in pairs]
            made = tied.tied(tied.solved(blocks, proofs), group, stood[0], self._asked(group), stood[1])
            hidden, worlds, open_ = tied.lifted(made, proofs)
            hints = (worlds, hints_of(made.block, outer.get(made.block.labels.period)))
            tasks.append((made.block.problem, hidden, hints, tied.offers(made, open_)))
            asked.append(made.block)
        answers = self._answers(tasks, [ties[group].block for group in singles])
        return {group: (block, _proof(ties[group].block, answer)) for group, block, answer in zip(singles, asked, answers, strict=True)}

    def _answers(self, tasks: Sequence[Task], blocks: Sequence[Block]) -> Iterator[choose.Suppression]:
        """Close blocks, and report each one as it is done."""

        def tell(done: int, every: int) -> None:
            period = blocks[done - 1].labels.period if every == len(blocks) else ""
            self.tell(f"{self.audience.value} {self.counted.register} {period}".rstrip(), done, every)

        return closed(tasks, self.each, tell)

    def _singles(self, blocks: Sequence[Block], of_period: Mapping[str, Proof]) -> list[Proof]:
        """Close single periods.

        A period that an earlier edition shows starts from what that edition hides; the others start from what the first period hides.
        """
        limits = self._limits(self.audience)
        proofs = [self._kept(block) for block in blocks]
        starts = [
            self._start(block, of_period.get(block.labels.period), limits) if proof is None else None
            for block, proof in zip(blocks, proofs, strict=True)
        ]
        fresh = [number for number, proof in enumerate(proofs) if proof is None and starts[number] is None]
        outside = [hints_of(block, of_period.get(block.labels.period)) for block in blocks]
        if fresh and not any(proofs):
            proofs[fresh[0]] = self._solved([blocks[fresh[0]]], [None], [(outside[fresh[0]],)])[0]
        seed = next((proof for proof in proofs if proof is not None), None)
        left = [number for number, proof in enumerate(proofs) if proof is None]
        begun = [hidden_as_in(seed, blocks[number]) if starts[number] is None else starts[number] for number in left]
        hints = [(hints_of(blocks[number], seed), outside[number]) for number in left]
        solved = self._solved([blocks[number] for number in left], begun, hints)
        for number, proof in zip(left, solved, strict=True):
            proofs[number] = proof
        return [proof for proof in proofs if proof is not None]

    def refusals(self, proof: Proof) -> Iterator[Problem]:
        """Return why a period cannot be published: earlier editions show what must be hidden, and nobody accepted them."""
        rules = {indicator.rule for indicator in self.counted.indicators}
        accepted = {acceptance.edition for rule in self.known.rules if rule.id in rules for acceptance in rule.accepted}
        facts = self._not_accepted(proof, accepted)
        wrong = [by for target in self._opened_by(proof, facts).tolist() if (by := self._editions_near(proof, target, facts))]
        if wrong:
            yield Problem(
                PLACE,
                f"what must be hidden from {self.audience.value} of {proof.name} is told already",
                found=f"{len(wrong)} counts or overlaps, by {', '.join(sorted(set().union(*wrong)))}",
                expected="[[rule.accepted]] with the edition and a reason in data/disclosure.toml; "
                "or the edition removed, if nobody read it",
            )

    def _solved(self, blocks: Sequence[Block], starts: Sequence[Bools | None], hints: Sequence[tuple[Worlds, ...]]) -> list[Proof]:
        begun = [
            np.zeros(len(block.labels.region), dtype=bool) if start is None else start for block, start in zip(blocks, starts, strict=True)
        ]
        tasks: list[Task] = [(block.problem, start, hint, None) for block, start, hint in zip(blocks, begun, hints, strict=True)]
        return [_proof(block, answer) for block, answer in zip(blocks, self._answers(tasks, blocks), strict=True)]

    def _kept(self, block: Block) -> Proof | None:
        """The proof that an earlier build made of the same problem, when it still holds; None otherwise."""
        before = self.past.proofs.get(block.digest)
        if before is None:
            return None
        problem = replace(block.problem, targets=before.problem.targets)
        good = certificate.proven(problem, problem.figures.published(before.hidden), before.worlds)
        good[before.open] = True
        return Proof(block.labels, problem, before.hidden, before.worlds, before.open, block.digest) if good.all() else None

    def _start(self, block: Block, outer: Proof | None, limits: Mapping[str, Limits]) -> Bools | None:
        """Which figures to hide from the start: those that the newest edition hides, or that the audience further out does not see.

        None where neither says anything of the period.
        """
        hidden = self.past.hidden.get(self.audience, frozenset())
        start = np.array([cell in hidden for cell in block.labels.cells], dtype=bool)
        if start.any():
            return start
        return outer.hidden if outer is not None and limits == self._limits(_further_out(self.audience)) else None

    def _limits(self, audience: Audience) -> dict[str, Limits]:
        limits = {}
        for indicator in self.counted.indicators:
            rule = protect.threshold(indicator, self.known.rules, audience)
            if rule.min_count:
                limits[indicator.id] = Limits(rule.min_count, indicator.hide_zero, rule.min_denominator, rule.min_residents)
        return limits

    def _prices(self) -> dict[str, Mapping[str, float]]:
        """What hiding costs, by indicator and area set; groups are cheaper than their members unless the rule says otherwise."""
        of = {kind.id: kind.groups.area_set for kind in self.known.area_sets if kind.groups}
        costs = {
            rule.id: {name: OF_GROUP * rule.costs.get(members, 1.0) for name, members in of.items()} | rule.costs
            for rule in self.known.rules
        }
        return {indicator.id: costs.get(indicator.rule, {}) for indicator in self.counted.indicators}

    def _out(self, period: str) -> Bools:
        out = np.zeros((len(self.counted.areas), len(self.of[period].masks)), dtype=bool)
        for region, mask, _ in self._facts(period):
            out[region, mask] = True
        return out

    def _facts(self, period: str) -> Iterator[tuple[int, int, frozenset[str]]]:
        """Area, mask and editions of every count of a period, or of a mean, that an earlier edition published."""
        region = {area: number for number, area in enumerate(self.counted.areas)}
        released = self.past.released.get(self.audience, {}).get((self.counted.register, period), {})
        names = self.counted.released or {}
        for (measure, area), editions in released.items():
            if area not in region:
                continue
            now = names.get(measure, ())
            masks = {mask for name in now for mask in self.of[period].masks_of[name]} if now else set(range(len(self.of[period].masks)))
            yield from ((region[area], mask, editions) for mask in masks - {NO_MASK})

    def _not_accepted(self, proof: Proof, accepted: set[str]) -> list[tuple[int, int, frozenset[str]]]:
        """The facts of a block that no accepted edition published: region, mask and editions."""
        areas = len(self.counted.areas)
        facts = [(place * areas + area, mask, by) for place, code in enumerate(proof.labels.every) for area, mask, by in self._facts(code)]
        return [fact for fact in facts if not fact[2] & accepted]

    def _opened_by(self, proof: Proof, facts: Sequence[tuple[int, int, frozenset[str]]]) -> Ints:
        """The open targets that could be proven if these facts had not been published."""
        if not facts or not len(proof.open):
            return proof.open[:0]
        problem = proof.problem
        left = problem.figures.fixed.copy()
        for region, mask, _ in facts:
            left[region, mask] = False
        without = replace(problem, figures=replace(problem.figures, fixed=left), targets=problem.targets.chosen(proof.open))
        return np.delete(proof.open, choose.close(without).open)

    def _editions_near(self, proof: Proof, target: int, facts: Sequence[tuple[int, int, frozenset[str]]]) -> frozenset[str]:
        """Which editions published counts of the regions that a target lies in, or of regions that share people with one of those."""
        tables = proof.problem.tables
        atoms = proof.problem.targets.atoms[[target]].indices
        inside = np.unique(tables.regions_of[atoms].indices)
        near = set(np.unique(tables.regions_of[np.unique(tables.member[inside].indices)].indices).tolist())
        return frozenset[str]().union(*(by for region, _, by in facts if region in near))


def _further_out(audience: Audience) -> Audience:
    every = list(Audience)
    return every[max(0, every.index(audience) - 1)]


def _proof(block: Block, answer: choose.Suppression) -> Proof:
    problem = replace(block.problem, targets=answer.targets)
    return Proof(block.labels, problem, answer.hidden, answer.worlds, answer.open, block.digest)
